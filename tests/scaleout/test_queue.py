"""The queue of all workers: what waits, what is lent, and when a job is over."""

from __future__ import annotations

import json

import pytest
from scrapy import Request

pytest.importorskip("redis", reason="the extra redis is not installed")
from vovcrawler.scaleout.queue import JobLost, LeasedQueue, Settled, Unwritable
from vovcrawler.scaleout.shared import Shared


def queue_of(crawler):
    mine = Shared.of(crawler)
    queue = LeasedQueue(mine.client, crawler.spider, mine.job_key("requests"))
    queue.seeding = False
    return queue


def ask(queue, number, level=0, **more):
    return Request(
        f"https://vov.vn/a-post{number}.vov", callback=queue.spider.parse, meta={"depth": level}, **more
    )


def settle(queue, request):
    queue.settle([Settled(page=queue.leases[request].page, due_at="", is_article=True)])


def milliseconds(client):
    seconds, micros = client.time()
    return seconds * 1000 + micros // 1000


def test_a_page_waits_once_and_comes_up_to_the_smaller_level(workers):
    one, other = (queue_of(workers()) for _ in range(2))
    assert [one.push(ask(one, 1, 3)), other.push(ask(other, 1, 2)), one.push(ask(one, 1, 5))] == [1, 0, 0]
    request = one.pop()
    assert (request.url, one.leases[request].level) == ("https://vov.vn/a-post1.vov", 2)
    assert one.pop() is None


def test_pages_leave_by_level_then_priority_then_age(workers):
    queue = queue_of(workers())
    for number, level, priority in [(1, 1, 100), (2, 0, 0), (3, 0, 50), (4, 0, 50)]:
        queue.push(ask(queue, number, level, priority=priority))
    left = [queue.pop() for _ in range(3)]
    assert [request.url[-5] for request in left] == ["3", "4", "2"]
    # What is nearer to a seed is still in flight.
    assert queue.pop() is None
    for request in left:
        settle(queue, request)
    assert queue.pop().url.endswith("post1.vov")


def test_nothing_behind_the_first_requests_leaves_before_all_of_them_are_in(workers):
    one, other = (queue_of(workers()) for _ in range(2))
    other.seeding = True
    other.push(ask(other, 1, 0))
    one.push(ask(one, 2, 1))
    settle(one, one.pop())
    len(other)
    assert one.pop() is None
    other.seeding = False
    len(other)
    assert one.pop() is not None


def test_a_worker_lives_for_its_lease_from_each_word_on(workers):
    queue = queue_of(workers(lease=0.4))
    client = queue.server
    for _ in range(2):
        before = milliseconds(client)
        len(queue)
        after = milliseconds(client)
        assert before + 400 <= client.zscore(queue.workers, queue.shared.worker) <= after + 400


def test_what_a_dead_worker_had_waits_again_after_its_lease(workers, bury):
    dead, alive = queue_of(workers()), queue_of(workers())
    dead.push(ask(dead, 1))
    assert dead.pop()
    assert alive.pop() is None
    assert len(alive) == 1
    bury(dead.shared)
    assert alive.pop().url == "https://vov.vn/a-post1.vov"
    # The dead one was only slow: what it says now changes nothing.
    dead.settle([Settled(page=next(iter(dead.held)), due_at="", is_article=True)])
    assert len(alive) == 1


def test_what_was_handed_out_while_the_answer_was_lost_waits_again(workers):
    queue = queue_of(workers())
    queue.push(ask(queue, 1))
    queue.pop()
    queue.held.clear()
    assert queue.pop().url == "https://vov.vn/a-post1.vov"


def test_a_redis_that_has_forgotten_the_job_is_no_job_that_is_done(workers, server):
    queue = queue_of(workers())
    queue.push(ask(queue, 1))
    queue.push(ask(queue, 2))
    queue.pop()
    server.empty()
    with pytest.raises(JobLost):
        len(queue)


def test_a_job_is_forgotten_when_nobody_has_anything_left(workers):
    one, other = (queue_of(workers()) for _ in range(2))
    one.push(ask(one, 1))
    request = one.pop()
    assert other.leave(finished=True) == 0
    settle(one, request)
    assert one.push(ask(one, 1)) == 0
    assert one.leave(finished=True) == 1
    # Others may still ask; the next job begins from nothing.
    assert other.leave(finished=True) == 1
    assert one.push(ask(one, 1)) == 1
    assert one.leave(finished=False) == 0


def test_what_is_in_redis_is_json(workers):
    queue = queue_of(workers())
    queue.push(ask(queue, 1, headers={"X": "é"}))
    (entry,) = queue.server.hvals(queue.data)
    assert json.loads(json.loads(entry)["request"])["callback"] == "parse"


def test_a_request_that_would_not_come_back_is_refused(workers):
    queue = queue_of(workers())
    with pytest.raises(Unwritable, match="is no method of the spider"):
        queue.push(Request("https://vov.vn/a-post1.vov", callback=lambda response: None))
    assert len(queue) == 0

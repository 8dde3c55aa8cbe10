"""Many workers on one Redis, a real one: shared pages, shared manners, nothing lost and nothing twice.

``python -m tests.crew`` kills more of them.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from itertools import pairwise
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from tests import chain, wireless
from tests.wireless import World
from vovcrawler import context

if crew_is_missing := pytest.importorskip("redis", reason="the extra redis is not installed") is None:
    raise AssertionError
from tests import crew
from vovcrawler.politeness import Unsent
from vovcrawler.scaleout import shared
from vovcrawler.scaleout.manners import SharedManners
from vovcrawler.scaleout.queue import LeasedQueue, Settled, Unwritable
from vovcrawler.spiders.article import ArticleSpider

pytestmark = pytest.mark.skipif(not crew.SERVER, reason="redis-server is not on this machine: nothing shown here")

HOST = "vov.vn"
PASSWORD = "s3cret-of-redis"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with crew.Server(tmp_path_factory.mktemp("redis"), PASSWORD) as running:
        yield running


@pytest.fixture
def url(server):
    with shared.redis.Redis.from_url(server.url) as client:
        client.flushall()
    return server.url


@pytest.fixture
def site():
    World.reset()
    chain.publish_web(World.site, 5, 25)
    World.site.heal()
    return World.site


def crawl(data, url, **settings):
    settings = {"REDIS_URL": url, "REDIS_LEASE": 2, **settings}
    return wireless.crawl(data, "article", settings, url=chain.url(0), hops=9)


def essence(feed):
    return sorted((record["id"], record["revision"], record["content_digest"], record["hops"]) for record in feed)


# ---- one job of all workers


def test_a_worker_alone_does_what_one_machine_does(site, url, tmp_path):
    alone = crawl(tmp_path / "one", "")
    asked = sorted(World.asked())
    World.log.clear()
    worker = crawl(tmp_path / "worker", url)
    assert (worker.code, essence(worker.feed())) == (alone.code, essence(alone.feed())), worker.said
    assert sorted(World.asked()) == asked


def test_workers_share_the_pages_of_a_job(site, url, tmp_path):
    expected = essence(crawl(tmp_path / "one", "").feed())
    World.log.clear()

    async def both():
        settings = {"REDIS_URL": url, "REDIS_LEASE": 5, "CONCURRENT_REQUESTS": 1}
        arguments = {"url": chain.url(0), "hops": "9"}
        runs = (wireless._crawl(tmp_path / n, ArticleSpider, settings, arguments) for n in "ab")
        return await asyncio.gather(*runs)

    one, other = asyncio.run(both())
    assert (one.code, other.code) == (0, 0), (one.said, other.said)
    assert essence(one.feed() + other.feed()) == expected
    assert one.feed()
    assert other.feed()
    assert set(World.counts().values()) == {1}


def test_what_another_worker_has_visited_and_is_not_due_is_passed_by(url, tmp_path):
    World.reset()
    for number in range(4):
        chain.publish(World.site, number, 1, 2, 3)
    crawl(tmp_path / "a", url)
    World.log.clear()
    chain.publish(World.site, 0, 1, 2, 3, 4)
    chain.publish(World.site, 4)
    settings = {"REDIS_URL": url, "REDIS_LEASE": 2}
    wireless.crawl(tmp_path / "b", "article", settings, url=chain.url(0), hops=1)
    assert World.articles() == [chain.url(0), chain.url(4)]


def test_a_job_that_is_over_begins_anew(site, url, tmp_path):
    for _ in range(2):
        World.log.clear()
        ended = crawl(tmp_path / "data", url, REVISIT_AFTER="")
        assert ended.code == 0
        assert World.articles()


# ---- wrong or missing


@pytest.mark.parametrize(
    "wrong",
    [
        "http://127.0.0.1:6379",
        "127.0.0.1:6379",
        "redis://",
        f"redis://:{PASSWORD}@",
        f"redis://:{PASSWORD}@127.0.0.1:port/0",
        f"redis://:{PASSWORD}/x@127.0.0.1:6379/0",
        "redis://127.0.0.1:6379/none",
        "redis://127.0.0.1:99999/0",
    ],
)
def test_a_wrong_address_is_wrong_usage_and_no_password_is_shown(wrong, tmp_path):
    ended = crawl(tmp_path, wrong)
    assert (ended.code, ended.said.count("\n")) == (2, 0)
    assert "such as redis://127.0.0.1:6379/0" in ended.said
    assert PASSWORD not in ended.said


def test_a_wrong_password_is_wrong_usage(server, tmp_path):
    ended = crawl(tmp_path, server.url.replace(PASSWORD, "other"))
    assert (ended.code, ended.said) == (
        2,
        f"Redis at {server.plain_url} refuses name or password of REDIS_URL.",
    )


def test_a_redis_that_does_not_answer_is_a_failure_of_storage(tmp_path, monkeypatch):
    monkeypatch.setattr(shared, "_RETRIES", 0)
    ended = crawl(tmp_path, f"redis://:{PASSWORD}@127.0.0.1:{crew.free_port()}/0")
    assert ended.code == 5
    assert "cannot be used" in ended.said
    assert PASSWORD not in ended.said


@pytest.mark.parametrize("lease", ["0", "-1", "soon"])
def test_a_wrong_lease_is_wrong_usage(url, tmp_path, lease):
    ended = crawl(tmp_path, url, REDIS_LEASE=lease)
    assert (ended.code, ended.said) == (2, f"REDIS_LEASE={lease} is not a number of seconds, such as 30.")


def test_an_update_says_where_it_belongs(url, tmp_path):
    ended = wireless.crawl(tmp_path, "update", {"REDIS_URL": url})
    assert ended.code == 2
    assert "without REDIS_URL" in ended.said


# ---- the queue


@pytest.fixture
def workers(url, tmp_path):
    """Any number of workers of one job, without a crawl around them."""
    crawlers = []

    def make(lease=30.0, **settings):
        values = {
            "REDIS_URL": url,
            "REDIS_LEASE": lease,
            "CLOCK": "vovcrawler.dates.utc_now",
            "DATA_DIR": str(tmp_path / str(len(crawlers))),
            "NEAR_DUPLICATE_SIMILARITY": 0,
            "DOWNLOAD_DELAY": 0,
            "BACKOFF_START": 0.05,
            "BACKOFF_MAX": 0.2,
            "HOLD_MAX": 10,
            "ROBOTSTXT_USER_AGENT": "vovcrawler",
            "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
            **settings,
        }
        crawler = get_crawler(ArticleSpider, values)
        crawler.spider = ArticleSpider()
        crawler.spider.crawler, crawler.spider.arguments = crawler, {}
        crawler.engine = SimpleNamespace(_slot=SimpleNamespace(closing=None), running=True)
        crawlers.append(crawler)
        return crawler

    yield make
    for crawler in crawlers:
        context.close(crawler)


def queue_of(crawler):
    queue = LeasedQueue(
        shared.Shared.of(crawler).client, crawler.spider, shared.Shared.of(crawler).job_key("requests")
    )
    queue.seeding = False
    return queue


def ask(queue, number, level=0, **more):
    return Request(
        f"https://vov.vn/a-post{number}.vov", callback=queue.spider.parse, meta={"depth": level}, **more
    )


def settle(queue, request):
    queue.settle([Settled(page=queue.leases[request].page, due_at="", is_article=True)])


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


def test_what_a_dead_worker_had_waits_again_after_its_lease(workers):
    dead, alive = queue_of(workers(lease=0.3)), queue_of(workers())
    dead.push(ask(dead, 1))
    assert dead.pop()
    assert alive.pop() is None
    assert len(alive) == 1
    time.sleep(0.31)
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


# ---- manners


def manners_of(crawler):
    len(queue_of(crawler))  # a worker that is heard of
    return SharedManners(crawler)


async def leave(manners, seconds=0.0):
    async with manners.turn(HOST) as left_at:
        await asyncio.sleep(seconds)
        return left_at / 1000


def answer(status, **headers):
    return Response("https://vov.vn/a-post1.vov", status=status, headers=headers)


def test_all_workers_together_keep_the_delay(workers):
    crew_of_three = [manners_of(workers(DOWNLOAD_DELAY=0.1)) for _ in range(3)]

    async def together():
        return sorted(await asyncio.gather(*(leave(manners) for manners in crew_of_three for _ in range(4))))

    left = asyncio.run(together())
    assert min(b - a for a, b in pairwise(left)) >= 0.05
    # Between half and one and a half of the delay, by chance: on average the delay.
    assert left[-1] - left[0] >= 0.75 * 0.1 * (len(left) - 1)


def test_two_are_in_flight_at_most_whoever_asks(workers):
    crew_of_three = [manners_of(workers()) for _ in range(3)]

    async def together():
        return sorted(await asyncio.gather(*(leave(manners, 0.2) for manners in crew_of_three for _ in range(2))))

    left = asyncio.run(together())
    assert all(later - earlier >= 0.19 for earlier, later in zip(left, left[2:], strict=False))


def test_a_place_that_a_dead_worker_held_is_free_with_its_lease(workers):
    dead, alive = (manners_of(workers(lease=lease, CONCURRENT_REQUESTS_PER_DOMAIN=1)) for lease in (0.4, 30))

    async def die():
        turn = dead.turn(HOST)
        taken = await turn.__aenter__()
        return taken / 1000, await leave(alive), turn

    taken, left, _ = asyncio.run(die())
    assert left - taken >= 0.3


@pytest.mark.parametrize("status", [429, 503, 403])
def test_a_retry_after_holds_all_workers(workers, status):
    one, other = (manners_of(workers()) for _ in range(2))

    async def held():
        left_at = await leave(one)
        one.heard(HOST, answer(status, **{"Retry-After": "1"}), left_at * 1000)
        return await leave(other) - left_at

    assert asyncio.run(held()) >= 0.99


def test_the_back_off_grows_with_the_refusals_of_all_and_ends_with_a_good_answer(workers):
    one, other = (manners_of(workers(BACKOFF_START=10, BACKOFF_MAX=25)) for _ in range(2))
    said = []
    one.say_held = other.say_held = lambda host, seconds: said.append(seconds)
    for manners in (one, other, one):
        manners.refused(HOST, time.time() * 1000 + 60_000)
    for seconds, most in zip(said, [10, 20, 25], strict=True):
        assert 0.75 * most <= seconds <= most
    one.welcome(HOST)
    other.refused(HOST, time.time() * 1000 + 60_000)
    assert said[-1] <= 10


def test_what_was_under_way_when_another_worker_was_refused_does_not_count_again(workers):
    one, other = (manners_of(workers()) for _ in range(2))

    async def refused_twice():
        left = [await leave(one), await leave(other)]
        await asyncio.sleep(0.01)
        for manners, at in zip((one, other), left, strict=True):
            manners.heard(HOST, answer(429), at * 1000)

    asyncio.run(refused_twice())
    assert one.crawler.stats.get_value("politeness/backoff", 0) == 1
    assert other.crawler.stats.get_value("politeness/backoff", 0) == 0


def test_a_crawl_delay_lies_between_answer_and_question_of_any_worker(workers):
    from scrapy.robotstxt import ProtegoRobotParser

    one, other = (manners_of(workers()) for _ in range(2))
    parser = ProtegoRobotParser(b"User-agent: *\nCrawl-delay: 0.3\n", None)
    one.robots_parsed(parser, Request("https://vov.vn/robots.txt"))

    async def together():
        return sorted(await asyncio.gather(leave(one, 0.1), leave(other, 0.1)))

    first, second = asyncio.run(together())
    assert second - first >= 0.39


def test_a_long_hold_ends_each_worker(workers):
    one, other = (manners_of(workers(HOLD_MAX=5)) for _ in range(2))
    one._hold(HOST, 60)

    async def ask_anyway():
        other.crawler.engine.close_spider_async = lambda reason: asyncio.sleep(0)
        with pytest.raises(Unsent):
            await leave(other)

    asyncio.run(ask_anyway())
    (trouble,) = context.troubles(other.crawler)
    assert trouble.exit_code == 3


# ---- the whole program


@pytest.mark.slow
def test_workers_killed_at_random_lose_nothing_and_redis_may_go_down_meanwhile(tmp_path):
    assert crew.trial(tmp_path, seed=1, kills=4, size=25) == []


@pytest.mark.slow
def test_the_site_sees_the_pace_of_one_machine(replica, url, tmp_path):
    count = 14
    for number in range(count):
        chain.publish(replica.site, number, *range(1, count))
    workers = [crew.Worker(tmp_path / str(number), replica, url) for number in range(3)]
    for worker in workers:
        worker.start("DOWNLOAD_DELAY=0.5")
    assert [worker.wait() for worker in workers] == [0, 0, 0], [worker.log.read_text() for worker in workers]
    times = sorted(line.at for line in replica.log)
    # A third of that, if each worker kept the delay by itself.
    assert (times[-1] - times[0]) / (len(times) - 1) >= 0.8 * 0.5
    assert replica.most_at_once() <= 2
    at_work = [worker for worker in workers if chain.rows(worker.folder, "SELECT 1 FROM articles")]
    assert len(at_work) > 1


@pytest.mark.slow
def test_a_run_that_loses_redis_says_so_and_the_same_command_goes_on(replica, tmp_path):
    chain.publish_web(replica.site, 3, 15)
    with crew.Server(tmp_path / "redis", PASSWORD) as server:
        worker = crew.Worker(tmp_path / "worker", replica, server.url)
        worker.start("DOWNLOAD_DELAY=0.2")
        while len(replica.log) < 4:
            time.sleep(0.01)
        server.stop(signal.SIGTERM)
        assert worker.wait() == 5, worker.log.read_text()
        said = worker.log.read_text()
        assert f"Redis at {server.plain_url} cannot be used" in said
        assert "Traceback" not in said
        server.start()
        worker.start("DOWNLOAD_DELAY=0")
        assert worker.wait() == 0, worker.log.read_text()
        written = [path.read_text() for path in (worker.folder / "reports").iterdir()]
        assert PASSWORD not in said + worker.log.read_text() + "".join(written)
    alone = crew.Worker(tmp_path / "alone", replica, "")
    alone.start("DOWNLOAD_DELAY=0")
    assert alone.wait() == 0, alone.log.read_text()
    articles = "SELECT id, digest FROM articles ORDER BY id"
    assert chain.rows(worker.folder, articles) == chain.rows(alone.folder, articles)

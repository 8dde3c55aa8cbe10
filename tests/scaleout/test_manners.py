"""Manners that all workers keep together: delay, places, holds and back-off of a host.

Times are those at which Redis let a request leave, in its milliseconds.
"""

from __future__ import annotations

import asyncio
import random
import time
from itertools import pairwise

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

pytest.importorskip("redis", reason="the extra redis is not installed")
from vovcrawler import context
from vovcrawler.politeness import Unsent
from vovcrawler.scaleout.manners import SharedManners
from vovcrawler.scaleout.queue import LeasedQueue
from vovcrawler.scaleout.shared import Shared

HOST = "vov.vn"


def manners_of(crawler):
    mine = Shared.of(crawler)
    len(LeasedQueue(mine.client, crawler.spider, mine.job_key("requests")))  # a worker that is heard of
    return SharedManners(crawler)


async def leave(manners, seconds=0.0):
    async with manners.turn(HOST) as left_at:
        await asyncio.sleep(seconds)
        return left_at


def answer(status, **headers):
    return Response("https://vov.vn/a-post1.vov", status=status, headers=headers)


def test_all_workers_together_keep_the_delay(workers, monkeypatch):
    crew_of_three = [manners_of(workers(DOWNLOAD_DELAY=0.05)) for _ in range(3)]
    # By chance between half and one and a half of the delay; here just that.
    monkeypatch.setattr(random, "uniform", lambda least, most: {(0.5, 1.5): 1.0}[least, most])

    async def together():
        return sorted(await asyncio.gather(*(leave(manners) for manners in crew_of_three for _ in range(4))))

    left = asyncio.run(together())
    assert min(later - earlier for earlier, later in pairwise(left)) >= 50


def test_two_are_in_flight_at_most_whoever_asks(workers):
    crew_of_three = [manners_of(workers()) for _ in range(3)]
    flying: list[int] = []

    async def fly(manners, two):
        async with manners.turn(HOST):
            flying.append(flying[-1] + 1 if flying else 1)
            if flying[-1] == 2:
                two.set()
            await two.wait()
            await asyncio.sleep(0.1)
            flying.append(flying[-1] - 1)

    async def together():
        two = asyncio.Event()
        flights = asyncio.gather(*(fly(manners, two) for manners in crew_of_three for _ in range(2)))
        await asyncio.wait_for(flights, 60)

    asyncio.run(together())
    assert max(flying) == 2


def test_a_place_that_a_dead_worker_held_is_free_with_its_lease(workers, bury):
    dead, alive = (manners_of(workers(CONCURRENT_REQUESTS_PER_DOMAIN=1)) for _ in range(2))

    async def die():
        turn = dead.turn(HOST)
        await turn.__aenter__()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(leave(alive), 0.2)
        bury(dead.shared)
        await asyncio.wait_for(leave(alive), 60)
        return turn

    asyncio.run(die())


@pytest.mark.parametrize("status", [429, 503, 403])
def test_a_retry_after_holds_all_workers(workers, status):
    one, other = (manners_of(workers()) for _ in range(2))

    async def held():
        left_at = await leave(one)
        one.heard(HOST, answer(status, **{"Retry-After": "1"}), left_at)
        return await leave(other) - left_at

    assert asyncio.run(held()) >= 1000


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
            manners.heard(HOST, answer(429), at)

    asyncio.run(refused_twice())
    assert one.crawler.stats.get_value("politeness/backoff", 0) == 1
    assert other.crawler.stats.get_value("politeness/backoff", 0) == 0


def test_a_crawl_delay_lies_between_answer_and_question_of_any_worker(workers):
    one, other = (manners_of(workers()) for _ in range(2))
    parser = ProtegoRobotParser(b"User-agent: *\nCrawl-delay: 0.3\n", None)
    one.robots_parsed(parser, Request("https://vov.vn/robots.txt"))

    async def together():
        return sorted(await asyncio.gather(leave(one, 0.1), leave(other, 0.1)))

    first, second = asyncio.run(together())
    assert second - first >= 390


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

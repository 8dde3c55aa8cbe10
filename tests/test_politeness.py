"""Who may be asked, and when: exact hosts, holds of the whole host, growing back-off, crawl delay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.spider import DefaultSpider
from scrapy.utils.test import get_crawler

from vovcrawler import context
from vovcrawler.politeness import Manners, Unsent, may_leave, retry_after

_NOW = datetime(2026, 11, 21, 15, 4, 5, tzinfo=UTC)
_HOST = "vov.vn"


@pytest.fixture
def manners(tmp_path):
    """Manners as a crawl has them, in a crawl whose engine seems to run."""
    crawlers = []

    def make(**settings):
        crawler = get_crawler(
            DefaultSpider,
            {
                "CLOCK": f"{__name__}.now",
                "DATA_DIR": str(tmp_path),
                "NEAR_DUPLICATE_SIMILARITY": 0.6,
                "DOWNLOAD_DELAY": 0,
                "BACKOFF_START": 0.05,
                "BACKOFF_MAX": 0.2,
                "HOLD_MAX": 10,
                "ROBOTSTXT_USER_AGENT": "vovcrawler",
                **settings,
            },
        )
        crawler.engine = SimpleNamespace(_slot=SimpleNamespace(closing=None), running=True)
        crawlers.append(crawler)
        return Manners.from_crawler(crawler)

    yield make
    for crawler in crawlers:
        context.close(crawler)


def now():
    return _NOW


async def _leave(polite, host):
    async with polite.turn(host) as left_at:
        return left_at


def _answer(status, **headers):
    return Response("https://vov.vn/a-post1.vov", status=status, headers=headers)


@pytest.mark.parametrize(
    ("url", "leaves"),
    [
        ("https://vov.vn/a", True),
        ("http://vov.vn/robots.txt", True),
        ("https://VOV.vn:443/a", True),
        ("https://vov.vn:8443/a", False),
        ("https://english.vov.vn/a", False),
        ("https://vov.vn.evil.example/a", False),
        ("https://evil.example/vov.vn", False),
        ("https://vov.vn@evil.example/", False),
        ("https://evilvov.vn/", False),
        ("https://127.0.0.1/", False),
        ("ftp://vov.vn/a", False),
        ("https://vov.vn:99999/", False),
        ("https://[::1", False),
    ],
)
def test_only_the_exact_hosts_may_be_asked(url, leaves):
    assert may_leave(url, {"vov.vn"}) is leaves


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 1 ", 1),
        (format_datetime(_NOW + timedelta(minutes=5), usegmt=True), 300),
        ("Sat, 21 Nov 2026 15:05:05", 60),
        ("Sat, 21 Nov 2026 22:05:05 +0700", 60),
        ("99999999999999999999", 31 * 86400),
        ("0", None),
        ("-5", None),
        ("1.5", 1.5),
        ("1.5.5", None),
        ("²", None),
        ("soon", None),
        ("Sat, 21 Nov 99999999999999999999 15:05:05 GMT", None),
        ("Sat, 21 Nov 2026 15:05:05 +99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1400", 31 * 86400),
        ("", None),
        (format_datetime(_NOW - timedelta(minutes=5), usegmt=True), None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value, seconds):
    wait = retry_after(value, _NOW)
    assert (wait and wait.total_seconds()) == seconds


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        (timedelta(), 60),
        (timedelta(hours=1), 60),
        (timedelta(hours=-1), 60),
        (timedelta(days=-30), None),
        (None, 60),
    ],
    ids=["right", "behind the server's", "before the server's", "no clock is so wrong", "it does not say"],
)
def test_a_date_to_come_back_at_is_one_of_the_clock_of_the_server(manners, sent, seconds):
    polite = manners()
    server = _NOW + (sent or timedelta())
    date = {"Date": format_datetime(server, usegmt=True)} if sent is not None else {}
    retry = format_datetime(server + timedelta(seconds=60), usegmt=True)

    async def crawl():
        polite.heard(_HOST, _answer(503, **{"Retry-After": retry}, **date), 0)

    asyncio.run(crawl())
    held = context.catalogue(polite.crawler).holds(_NOW).get(_HOST)
    assert (held and (held - _NOW).total_seconds()) == seconds


@pytest.mark.parametrize("status", [429, 503, 403])
def test_retry_after_holds_every_request_to_the_host(manners, status):
    async def crawl():
        polite = manners()
        waiting = [asyncio.create_task(_leave(polite, _HOST)) for _ in range(3)]
        await asyncio.wait(waiting)
        began = monotonic()
        polite.heard(_HOST, _answer(status, **{"Retry-After": "1"}), await waiting[-1])
        polite.hosts[_HOST].held_until -= 0.7
        left = await asyncio.gather(*(_leave(polite, _HOST) for _ in range(3)), _leave(polite, "www.vov.vn"))
        return [at - began for at in left], polite

    (*held, other), polite = asyncio.run(crawl())
    assert min(held) >= 0.29
    assert other < min(held)
    assert context.catalogue(polite.crawler).holds(_NOW) == {_HOST: _NOW + timedelta(seconds=1)}


def test_a_host_that_refuses_is_left_alone_longer_each_time_up_to_a_limit(manners):
    async def crawl():
        polite, waits = manners(), []
        for _ in range(5):
            left_at = await _leave(polite, _HOST)
            polite.heard(_HOST, _answer(429), left_at)
            waits.append(polite.hosts[_HOST].held_until - polite.hosts[_HOST].held_since)
        return waits

    waits = asyncio.run(crawl())
    for wait, most in zip(waits, [0.05, 0.1, 0.2, 0.2, 0.2], strict=True):
        assert most * 0.7 < wait <= most * 1.001


def test_what_was_under_way_when_the_host_refused_does_not_count_again(manners):
    async def crawl():
        polite = manners()
        first, second = await _leave(polite, _HOST), await _leave(polite, _HOST)
        polite.heard(_HOST, _answer(429), first)
        polite.heard(_HOST, _answer(429), second)
        return polite.hosts[_HOST].failures

    assert asyncio.run(crawl()) == 1


def test_one_request_finds_out_whether_a_host_still_refuses(manners):
    async def crawl():
        polite = manners()
        polite.refused(_HOST, await _leave(polite, _HOST))

        async def fly():
            async with polite.turn(_HOST) as left_at:
                await asyncio.sleep(0.05)
                return left_at

        return await asyncio.gather(*(fly() for _ in range(3)))

    first, second, third = sorted(asyncio.run(crawl()))
    assert second - first >= 0.05
    assert third - second >= 0.05


def test_a_good_answer_ends_the_growth(manners):
    async def crawl():
        polite = manners()
        polite.refused(_HOST, await _leave(polite, _HOST))
        polite.refused(_HOST, await _leave(polite, _HOST))
        polite.welcome(_HOST)
        polite.refused(_HOST, await _leave(polite, _HOST))
        return polite.hosts[_HOST].held_until - monotonic()

    assert asyncio.run(crawl()) <= 0.05


@pytest.mark.parametrize(("delay", "crawl_delay", "least"), [(0, 0.1, 0.1), (0.2, 0, 0.1), (0.4, 0.1, 0.2)])
def test_the_longer_of_crawl_delay_and_our_own_spaces_requests(manners, delay, crawl_delay, least):
    async def crawl():
        polite = manners(DOWNLOAD_DELAY=delay)
        parser = ProtegoRobotParser(f"User-agent: *\nCrawl-delay: {crawl_delay}\n".encode(), None)
        polite.robots_parsed(parser, Request("https://vov.vn/robots.txt"))
        return await asyncio.gather(*(_leave(polite, _HOST) for _ in range(3)))

    first, second, third = sorted(asyncio.run(crawl()))
    assert second - first >= least
    assert third - second >= least


def test_too_long_a_hold_ends_the_run_and_is_remembered(manners):
    async def crawl():
        polite = manners(HOLD_MAX=60)
        ended = []
        polite.crawler.engine.close_spider_async = lambda reason: _note(ended, reason)
        polite.heard(_HOST, _answer(503, **{"Retry-After": "3600"}), await _leave(polite, _HOST))
        with pytest.raises(Unsent):
            await _leave(polite, _HOST)
        await asyncio.sleep(0)
        return ended, polite

    ended, polite = asyncio.run(crawl())
    (trouble,) = context.troubles(polite.crawler)
    assert ended == ["refused"]
    assert trouble.exit_code == 3
    assert "2026-11-21 16:04:0" in str(trouble)
    assert context.catalogue(polite.crawler).holds(_NOW) == {_HOST: _NOW + timedelta(hours=1)}


async def _note(ended, reason):
    ended.append(reason)


def test_a_hold_of_an_earlier_run_still_holds(manners):
    async def crawl():
        polite = manners()
        context.catalogue(polite.crawler).hold(_HOST, _NOW + timedelta(seconds=5))
        context.catalogue(polite.crawler).hold(_HOST, _NOW + timedelta(seconds=3))
        context.catalogue(polite.crawler).hold("m.vov.vn", _NOW)
        polite.recall()
        return polite

    polite = asyncio.run(crawl())
    assert 4 < polite.hosts[_HOST].held_until - monotonic() <= 5
    assert polite.hosts["m.vov.vn"].held_until == 0


def test_what_waits_gives_up_at_once_when_the_run_ends(manners):
    async def crawl():
        polite = manners()
        polite.hosts[_HOST].held_until = monotonic() + 5
        waiting = asyncio.create_task(_leave(polite, _HOST))
        await asyncio.sleep(0.05)
        polite.crawler.engine._slot.closing = object()
        began = monotonic()
        with pytest.raises(Unsent):
            await waiting
        return monotonic() - began

    assert asyncio.run(crawl()) < 3

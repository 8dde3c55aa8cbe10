"""One job of all workers, in this process: who visits what, how it ends, and what is wrong usage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

pytest.importorskip("redis", reason="the extra redis is not installed")
import redis

from tests import chain, crew, wireless
from tests.scaleout.conftest import PASSWORD
from tests.wireless import Wireless, World
from vovcrawler.scaleout import shared
from vovcrawler.spiders.article import ArticleSpider


@pytest.fixture
def site():
    World.reset()
    chain.publish_web(World.site, 5, 25)
    World.site.heal()
    return World.site


def crawl(data, url, **settings):
    settings = {"REDIS_URL": url, "REDIS_LEASE": 30, **settings}
    return wireless.crawl(data, "article", settings, url=chain.url(0), hops=9)


def essence(feed):
    return sorted((record["id"], record["revision"], record["content_digest"], record["hops"]) for record in feed)


# ---- who visits what


def test_a_worker_alone_does_what_one_machine_does(site, url, tmp_path):
    alone = crawl(tmp_path / "one", "")
    asked = sorted(World.asked())
    World.log.clear()
    worker = crawl(tmp_path / "worker", url)
    assert (worker.code, essence(worker.feed())) == (alone.code, essence(alone.feed())), worker.said
    assert sorted(World.asked()) == asked


class Waiting(Wireless):
    """Behind the first page, answers nobody before two workers have asked."""

    asking: set[Crawler]
    all_ask: asyncio.Event

    async def download_request(self, request: Request) -> Response:
        if request.url not in (chain.url(0), "https://vov.vn/robots.txt"):
            self.asking.add(self.crawler)
            if len(self.asking) == 2:
                self.all_ask.set()
            await asyncio.wait_for(self.all_ask.wait(), 60)
        return await super().download_request(request)


def test_workers_share_the_pages_of_a_job(site, url, tmp_path):
    expected = essence(crawl(tmp_path / "one", "").feed())
    World.log.clear()

    async def both():
        Waiting.asking, Waiting.all_ask = set(), asyncio.Event()
        settings = {"REDIS_URL": url, "REDIS_LEASE": 60, "CONCURRENT_REQUESTS": 1}
        settings["DOWNLOAD_HANDLERS"] = {"https": Waiting}
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


class Forgetful(Wireless):
    """Lets Redis forget everything when the third article is asked for."""

    forget: Callable[[], None]

    async def download_request(self, request: Request) -> Response:
        if len(World.articles()) == 2:
            Forgetful.forget()
        return await super().download_request(request)


def test_a_job_that_redis_forgets_is_not_over(site, url, server, tmp_path):
    expected = essence(crawl(tmp_path / "one", "").feed())
    World.log.clear()
    Forgetful.forget = server.empty
    ended = crawl(tmp_path / "data", url, DOWNLOAD_HANDLERS={"https": Forgetful})
    assert ended.code == 5
    assert "cannot be used (JobLost)" in ended.said
    assert crawl(tmp_path / "data", url).code == 0
    assert essence(ended.feed()) == expected


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
        f"redis://:{PASSWORD}@127.0.0.1:6379/0?nonsense=1",
        "redis://127.0.0.1:6379/0?socket_timeout=soon",
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


def test_a_redis_that_refuses_what_it_is_told_says_why(url, tmp_path, caplog):
    with closing(redis.Redis.from_url(url)) as client:
        client.set("vovcrawler:workers", "of somebody else")
    ended = crawl(tmp_path, url)
    assert ended.code == 5
    assert "(ResponseError: WRONGTYPE Operation against a key holding the wrong kind of value)" in ended.said
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("lease", ["0", "-1", "soon"])
def test_a_wrong_lease_is_wrong_usage(url, tmp_path, lease):
    ended = crawl(tmp_path, url, REDIS_LEASE=lease)
    assert (ended.code, ended.said) == (2, f"REDIS_LEASE={lease} is not a number of seconds, such as 30.")


def test_an_update_says_where_it_belongs(url, tmp_path):
    ended = wireless.crawl(tmp_path, "update", {"REDIS_URL": url})
    assert ended.code == 2
    assert "without REDIS_URL" in ended.said


def test_a_redis_that_is_started_again_between_two_words_is_told_both(workers, monkeypatch):
    ours = shared.Shared.of(workers())
    load = ours.client.script_load

    def load_and_lose(script):
        name = load(script)
        ours.client.script_flush()
        return name

    monkeypatch.setattr(ours.client, "script_load", load_and_lose)
    echo = ours.script("return {KEYS[1], ARGV[1]}")
    for _ in range(2):
        ours.client.script_flush()
        assert echo(keys=["key"], args=["value"]) == [b"key", b"value"]

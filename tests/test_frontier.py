"""The frontier: what leaves when, what is known, what goes on after a stop."""

from __future__ import annotations

import asyncio

import pytest

from tests.chain import number_of, publish, rows, url
from tests.replica import Card
from tests.wireless import World
from vovcrawler.spiders.article import ArticleSpider


@pytest.fixture
def chain(replica):
    """Six articles, each calling the next two related."""
    for number in range(6):
        publish(replica.site, number, *(n for n in (number + 1, number + 2) if n < 6))
    return replica


def asked(replica) -> list[int]:
    """Return the numbers of the articles that were asked for, in order."""
    return [number for entry in replica.log if (number := number_of(entry.url)) is not None]


def test_each_page_is_fetched_once_by_the_shortest_way(chain, scrapy):
    outcome = scrapy("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=2")
    assert outcome.code == 0, outcome.stderr
    assert {number_of(r["url"]): r["hops"] for r in outcome.feed()} == {0: 0, 1: 1, 2: 1, 3: 2, 4: 2}
    assert sorted(asked(chain)) == [0, 1, 2, 3, 4]
    assert [record["seq"] for record in outcome.feed()] == [1, 2, 3, 4, 5]


def test_a_page_that_is_named_late_is_a_seed_all_the_same(wireless, monkeypatch):
    publish(World.site, 0, 1)
    publish(World.site, 1)
    at_once = ArticleSpider.start

    async def slowly(spider):
        async for request in at_once(spider):
            yield request
            await asyncio.sleep(0.2)

    monkeypatch.setattr(ArticleSpider, "start", slowly)
    outcome = wireless("article", {}, url=f"{url(0)},{url(1)}")
    assert {number_of(record["url"]): record["hops"] for record in outcome.feed()} == {0: 0, 1: 0}


def test_a_retried_page_holds_back_the_next_level(chain, scrapy):
    chain.site.fault(url(1), times=1, status=500)
    outcome = scrapy("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=2")
    assert outcome.code == 0, outcome.stderr
    order = asked(chain)
    assert order.count(1) == 2
    assert order.index(3) > max(place for place, number in enumerate(order) if number == 1)


def test_a_redirect_is_a_page_of_its_own_at_the_same_level(chain, scrapy):
    chain.site.redirect("/the-gioi/ten-cu-post900.vov", url(3))
    outcome = scrapy("crawl", "article", "-a", f"url=https://vov.vn/the-gioi/ten-cu-post900.vov,{url(3)}")
    assert outcome.code == 0, outcome.stderr
    assert asked(chain).count(3) == 1
    assert ("moved", url(3)) in rows(outcome.data, "SELECT state, moved_to FROM pages")


def test_a_redirect_after_a_retry_leads_to_no_second_visit(wireless):
    publish(World.site, 1)
    World.site.redirect(url(0), url(1))
    World.site.fault(url(0), nth=[1], status=503)
    assert wireless("article", {"BACKOFF_START": 0.01}, url=f"{url(1)},{url(0)}", hops="0").code == 0
    assert World.counts() == {url(0): 2, url(1): 1}


def test_a_second_visit_asks_for_the_seeds_and_reaches_what_is_new(chain, scrapy):
    command = ("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=2")
    scrapy(*command)
    publish(chain.site, 7)
    publish(chain.site, 4, 7)
    chain.forget()
    outcome = scrapy(*command[:-1], "hops=3")
    assert outcome.code == 0, outcome.stderr
    # 0 is the seed; 5 was too far away; what is known and not due is passed by, so 7 is not seen yet.
    assert asked(chain) == [0, 5]
    assert [entry.status for entry in chain.log if entry.url == url(0)] == [304]


def test_the_way_through_a_page_that_has_moved_stays_open(chain, scrapy):
    old = "https://vov.vn/the-gioi/ten-cu-post900.vov"
    chain.site.redirect(old, url(3))
    publish(chain.site, 8, related=(Card(headline="Tên cũ", href=old, target=old),))
    command = ("crawl", "article", "-a", f"url={url(8)}", "-a", "hops=1")
    assert [number_of(record["url"]) for record in scrapy(*command).feed()] == [8, 3]
    chain.forget()
    outcome = scrapy(*command[:-1], "hops=2")
    assert outcome.code == 0, outcome.stderr
    # 4 and 5 stand behind 3, which is no more asked for than what leads to it.
    assert sorted(asked(chain)) == [4, 5, 8]
    assert {number_of(record["url"]): record["hops"] for record in outcome.feed()[2:]} == {4: 2, 5: 2}


def test_what_changed_is_revised_and_what_did_not_is_not_in_the_feed(chain, scrapy, tmp_path):
    command = ("crawl", "article", "-a", f"url={url(0)},{url(1)},{url(2)}", "-a", "hops=0")
    scrapy(*command)
    chain.site.edit(url(1), headline="Bài số 1 (cập nhật)")
    chain.site.remove(url(2), 410)
    outcome = scrapy(*command, "-O", str(tmp_path / "out.jsonl"))
    assert outcome.code == 0, outcome.stderr
    assert [record["seq"] for record in outcome.feed()] == [1, 2, 3, 4, 5]
    later = {(record["id"][-4:], record["status"], record["revision"]) for record in outcome.feed()[3:]}
    assert later == {("1001", "revised", 2), ("1002", "gone", 1)}
    chain.site.restore(url(2))
    outcome = scrapy(*command)
    assert len(outcome.feed()) == 5
    assert [status for (status,) in rows(outcome.data, "SELECT status FROM observations ORDER BY number")] == [
        410,
        200,
    ]


def test_that_a_page_is_gone_is_noted_in_its_turn(wireless, monkeypatch):
    def crawl():
        return wireless("article", {"CONCURRENT_REQUESTS_PER_DOMAIN": 2}, url=f"{url(0)},{url(1)}", hops="0")

    for number in (0, 1):
        publish(World.site, number)
    crawl()
    World.site.remove(url(0), 410)
    crawl()
    World.site.restore(url(0))
    World.site.remove(url(1), 404)
    at_once = ArticleSpider.parse

    async def slowly(spider, response):
        await asyncio.sleep(0.3)
        for output in at_once(spider, response):
            yield output

    monkeypatch.setattr(ArticleSpider, "parse", slowly)
    assert rows(crawl().data, "SELECT status FROM observations ORDER BY number") == [(410,), (200,), (404,)]

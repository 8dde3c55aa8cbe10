"""The frontier: what leaves when, what is known, what goes on after a stop."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from tests.replica import Card, Story

BORN = datetime.now(UTC) - timedelta(hours=30)


def url(number: int) -> str:
    return f"https://vov.vn/the-gioi/bai-so-{number}-post{1000 + number}.vov"


def publish(site, number: int, *related: int, **more) -> str:
    cards = tuple(Card(headline=f"Bài số {n}", href=url(n), target=url(n)) for n in related)
    body = tuple(f"Đoạn thứ {n} của bài số {number}, đủ dài để là một đoạn văn." for n in range(3))
    given = {"lead": f"Mở đầu bài số {number}.", "body": body, "published_at": BORN, **more}
    return site.story(Story(url=url(number), headline=f"Bài số {number}", related=cards, **given))


@pytest.fixture
def chain(replica):
    """Six articles, each calling the next two related."""
    for number in range(6):
        publish(replica.site, number, *(n for n in (number + 1, number + 2) if n < 6))
    return replica


def asked(replica) -> list[str]:
    return [entry.url.rpartition("post")[2].removesuffix(".vov") for entry in replica.log if "post" in entry.url]


def rows(outcome, query: str):
    with sqlite3.connect(outcome.data / "catalogue.sqlite") as connection:
        return connection.execute(query).fetchall()


def test_each_page_is_fetched_once_by_the_shortest_way(chain, scrapy):
    outcome = scrapy("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=2")
    assert outcome.code == 0, outcome.stderr
    assert {record["id"][-4:]: record["hops"] for record in outcome.feed()} == {
        "1000": 0,
        "1001": 1,
        "1002": 1,
        "1003": 2,
        "1004": 2,
    }
    assert sorted(asked(chain)) == ["1000", "1001", "1002", "1003", "1004"]
    assert [record["seq"] for record in outcome.feed()] == [1, 2, 3, 4, 5]


def test_a_retried_page_holds_back_the_next_level(chain, scrapy):
    chain.site.fault(url(1), times=1, status=500)
    outcome = scrapy("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=2")
    assert outcome.code == 0, outcome.stderr
    order = asked(chain)
    assert order.count("1001") == 2
    assert order.index("1003") > max(place for place, name in enumerate(order) if name == "1001")


def test_a_redirect_is_a_page_of_its_own_at_the_same_level(chain, scrapy):
    chain.site.redirect("/the-gioi/ten-cu-post900.vov", url(3))
    outcome = scrapy("crawl", "article", "-a", f"url=https://vov.vn/the-gioi/ten-cu-post900.vov,{url(3)}")
    assert outcome.code == 0, outcome.stderr
    assert asked(chain).count("1003") == 1
    assert ("moved", url(3)) in rows(outcome, "SELECT state, moved_to FROM pages")


def test_a_second_visit_asks_for_the_seeds_and_reaches_what_is_new(chain, scrapy):
    command = ("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=2")
    scrapy(*command)
    publish(chain.site, 7)
    publish(chain.site, 4, 7)
    before = len(chain.log)
    outcome = scrapy(*command[:-1], "hops=3")
    assert outcome.code == 0, outcome.stderr
    # 1000 is the seed; 1005 was too far away; what is known and not due is passed by, so 1007 is not seen yet.
    later = [entry.url[-12:-4] for entry in chain.log[before:] if "post" in entry.url]
    assert later == ["post1000", "post1005"]
    assert [entry.status for entry in chain.log[before:] if "post1000" in entry.url] == [304]


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
    assert [status for (status,) in rows(outcome, "SELECT status FROM observations ORDER BY number")] == [410, 200]

"""When a page is visited again, and how it is asked whether it has changed."""

from __future__ import annotations

from datetime import timedelta
from time import sleep

import pytest

from tests.chain import BORN, number_of, publish, rows, url
from vovcrawler.dates import VIETNAM
from vovcrawler.errors import UsageTrouble
from vovcrawler.revisit import NEVER, Revisits, retry_at

DEFAULT = "1d:1h,7d:1d,30d:7d"
AT = "2026-11-21T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("born", "due"),
    [
        ("2026-11-20T23:00:00+00:00", "2026-11-21T01:00:00.000000Z"),
        ("2026-11-21T06:59:00+07:00", "2026-11-21T01:00:00.000000Z"),
        ("2026-11-22T00:00:00+00:00", "2026-11-21T01:00:00.000000Z"),  # dated ahead
        ("2026-11-20T00:00:00+00:00", "2026-11-22T00:00:00.000000Z"),
        ("2026-11-14T00:00:01+00:00", "2026-11-22T00:00:00.000000Z"),
        ("2026-11-01T00:00:00+00:00", "2026-11-28T00:00:00.000000Z"),
        ("2009-01-01T00:00:00+07:00", NEVER),
    ],
)
def test_the_younger_an_article_the_sooner_it_is_visited_again(born, due):
    assert Revisits.parse(DEFAULT).due(born, AT) == due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-21T00:30:00.000000Z", "2026-11-21T01:00:00.000000Z"),
        ("2026-12-20T00:00:00.000000Z", "2026-11-21T01:00:00.000000Z"),
        ("2026-12-22T00:00:00.000000Z", NEVER),
    ],
)
def test_a_visit_that_is_heard_of_years_later_brings_no_other(now, due):
    assert Revisits.parse(DEFAULT).due("2026-11-20T23:00:00+00:00", AT, now) == due


@pytest.mark.parametrize("text", ["", [], ["1d:1h", "7d:1d"], "1d:1h", " 2w:90m , 1d:30s "])
def test_steps_are_read_in_any_number_and_unit(text):
    assert Revisits.parse(text).due("2026-11-21T00:00:00+00:00", AT) in (
        NEVER,
        "2026-11-21T01:00:00.000000Z",
        "2026-11-21T00:00:30.000000Z",
    )


def test_a_time_that_no_calendar_knows_is_a_hundred_years():
    assert Revisits.parse("1w:999999w").due("2026-11-21T00:00:00+00:00", AT) == "2126-10-28T00:00:00.000000Z"


@pytest.mark.parametrize("text", ["1d", "1d:", ":1h", "1d=1h", "0d:1h", "1d:0h", "1y:1d", "1d:1h;7d:1d", "x"])
def test_wrong_steps_are_said_in_one_sentence(text):
    with pytest.raises(UsageTrouble, match=r"such as 1d:1h,7d:1d,30d:7d\.$"):
        Revisits.parse(text)


def test_a_page_that_fails_is_left_alone_longer_each_time_but_not_for_ever():
    waits = [retry_at(failures, AT) for failures in (1, 2, 5, 10, 100_000)]
    assert waits[:3] == [f"2026-11-21T0{time}.000000Z" for time in ("0:15:00", "0:30:00", "4:00:00")]
    assert waits[3:] == ["2026-11-26T08:00:00.000000Z", "2026-11-28T00:00:00.000000Z"]


def test_a_page_that_has_failed_for_years_is_tried_ever_more_seldom():
    month, years = "2026-10-21T00:00:00.000000Z", "2024-11-21T00:00:00.000000Z"
    assert retry_at(2, AT, years) == "2026-11-21T00:30:00.000000Z"
    waits = [retry_at(14, AT, since) for since in (None, AT, month, years)]
    assert waits == ["2026-11-28T00:00:00.000000Z"] * 2 + [
        "2026-11-28T18:00:00.000000Z",
        "2027-02-14T08:00:00.000000Z",
    ]


# ---- on the wire


def statuses(replica, number: int) -> list[int]:
    return [entry.status for entry in replica.log if number_of(entry.url) == number]


def crawl(scrapy, *numbers, hops=0, out=None, **settings):
    seeds = ",".join(map(url, numbers))
    options = ("-O", str(out)) if out else ()
    outcome = scrapy("crawl", "article", "-a", f"url={seeds}", "-a", f"hops={hops}", *options, settings=settings)
    assert outcome.code == 0, outcome.stderr
    return outcome


def test_a_named_page_is_visited_conditionally_and_304_counts_as_unchanged(replica, scrapy, tmp_path):
    publish(replica.site, 0, 1)
    publish(replica.site, 1)
    crawl(scrapy, 0, hops=1)
    outcome = crawl(scrapy, 0, out=tmp_path / "out.jsonl")
    assert statuses(replica, 0) == [200, 304]
    text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert ('"status": "unchanged"' in text, '"seq": null' in text, text.count("\n")) == (True, True, 1)
    assert len(outcome.feed()) == 2
    tags = rows(outcome.data, "SELECT etag, last_modified FROM pages WHERE article = 1")
    assert all(tags[0])
    crawl(scrapy, 0)
    assert statuses(replica, 0) == [200, 304, 304]


def test_without_validators_a_page_is_read_again(replica, scrapy):
    publish(replica.site, 0)
    replica.site.validators = False
    crawl(scrapy, 0)
    outcome = crawl(scrapy, 0)
    assert statuses(replica, 0) == [200, 200]
    assert len(outcome.feed()) == 1


def test_behind_a_page_that_has_not_changed_its_links_are_followed_all_the_same(replica, scrapy):
    for number, related in ((0, [1]), (1, [2]), (2, [3]), (3, [])):
        publish(replica.site, number, *related)
    crawl(scrapy, 0, hops=1)
    crawl(scrapy, 0, hops=3)
    # 1 is known and not due; 2 and 3 are reached through it.
    assert [len(statuses(replica, number)) for number in range(4)] == [2, 1, 1, 1]


def test_a_changed_setting_holds_for_known_pages_too(replica, scrapy):
    publish(replica.site, 0, 1)
    publish(replica.site, 1)
    crawl(scrapy, 0, hops=1, REVISIT_AFTER="1d:1h")
    crawl(scrapy, 0, hops=1, REVISIT_AFTER="1d:1h")
    assert statuses(replica, 1) == [200]
    sleep(1)
    crawl(scrapy, 0, hops=1, REVISIT_AFTER="365d:1s")
    assert statuses(replica, 1) == [200, 304]


def test_a_page_that_was_never_read_is_asked_for_whenever_it_is_named(replica, scrapy):
    publish(replica.site, 0, 1)
    publish(replica.site, 1)
    replica.site.fault(url(1), times=1, status=500)
    crawl(scrapy, 0, hops=1, RETRY_ENABLED=False)
    outcome = crawl(scrapy, 0, hops=1)
    assert statuses(replica, 1) == [500, 200]
    assert len(outcome.feed()) == 2


def test_a_304_that_was_not_asked_for_is_no_page(replica, scrapy):
    publish(replica.site, 0)
    publish(replica.site, 1)
    replica.site.fault(url(0), status=304)
    outcome = crawl(scrapy, 0, 1)
    assert ("failed", "HTTP 304") in rows(outcome.data, "SELECT state, reason FROM pages")


def test_wrong_steps_in_the_setting_are_wrong_usage(scrapy):
    outcome = scrapy("crawl", "article", "-a", f"url={url(0)}", settings={"REVISIT_AFTER": "1d"})
    assert outcome.code == 2
    assert "REVISIT_AFTER has '1d'" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_304_says_that_the_page_is_as_it_was_at_the_last_visit(replica, scrapy):
    for number in range(3):
        publish(replica.site, number)
    corrected = (BORN.astimezone(VIETNAM) - timedelta(hours=3)).replace(second=0, microsecond=0)
    publish(replica.site, 0, 1, 2)
    crawl(scrapy, 0)
    # The same text, with another link under it and another time above.
    publish(replica.site, 0, 2, published_at=corrected)
    crawl(scrapy, 0)
    outcome = crawl(scrapy, 0, hops=1)
    assert statuses(replica, 0) == [200, 200, 304]
    assert [len(statuses(replica, number)) for number in (1, 2)] == [0, 1]
    query = "SELECT target FROM links JOIN articles ON articles.number = source WHERE last_seen = linked_at"
    assert rows(outcome.data, query) == [("vov.vn/post1002",)]
    published = "SELECT published_at, seen_at > first_seen FROM articles WHERE number = 1"
    assert rows(outcome.data, published) == [(corrected.isoformat(), 1)]

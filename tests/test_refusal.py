"""Refusals are recognised, counted, left alone and never read; a site that refuses ends the run with 3."""

from __future__ import annotations

import json
import sqlite3
from itertools import pairwise

import pytest

from tests.replica import Story

_FAST = {"BACKOFF_START": "0.02", "BACKOFF_MAX": "0.05"}


def _url(number: int) -> str:
    return f"https://vov.vn/the-gioi/bai-so-{number}-post{1000 + number}.vov"


@pytest.fixture
def site(replica):
    """Eight articles that call nothing related."""
    for number in range(8):
        body = tuple(f"Đoạn thứ {n} của bài số {number}, đủ dài để là một đoạn văn." for n in range(3))
        replica.site.story(Story(url=_url(number), headline=f"Bài số {number}", body=body))
    return replica.site


def _crawl(scrapy, *numbers: int, hops: int = 0, **settings):
    seeds = ",".join(map(_url, numbers or range(8)))
    return scrapy("crawl", "article", "-a", f"url={seeds}", "-a", f"hops={hops}", settings={**_FAST, **settings})


def _report(outcome):
    (path,) = (outcome.data / "reports").glob("*.json")
    return json.loads(path.read_text())


REFUSALS = {
    "forbidden": lambda site, pattern: site.fault(pattern, status=403),
    "too many": lambda site, pattern: site.fault(pattern, status=429),
    "attention": lambda site, pattern: site.challenge(pattern),
    "cookie": lambda site, pattern: site.challenge(pattern, "cookie"),
    "challenge with 503": lambda site, pattern: site.challenge(pattern, status=503),
}


def test_refused_pages_are_counted_by_reason_and_the_others_are_read(site, scrapy, replica):
    for number, refuse in enumerate(REFUSALS.values()):
        refuse(site, _url(number))
    outcome = _crawl(scrapy, REFUSALS_MAX=99)
    assert outcome.code == 0, outcome.stderr
    assert sorted(record["id"] for record in outcome.feed()) == [f"vov.vn/post{n}" for n in (1005, 1006, 1007)]
    report = _report(outcome)
    assert (report["refused"], report["new"], report["failed"]) == (5, 3, 0)
    assert {name: n for name, n in report["stats"].items() if name.startswith("refused/")} == {
        "refused/http-403": 1,
        "refused/http-429": 3,
        "refused/challenge": 3,
    }
    assert [replica.counts()[_url(number)] for number in range(5)] == [1, 3, 1, 1, 1]


@pytest.mark.parametrize("kind", ["forbidden", "too many", "attention"])
def test_a_site_that_refuses_ends_the_run_with_3_and_says_since_when(site, scrapy, replica, kind):
    REFUSALS[kind](site, "https://vov.vn/the-gioi/*")
    outcome = _crawl(scrapy, CONCURRENT_REQUESTS_PER_DOMAIN=2)
    assert outcome.code == 3
    assert "has refused us since 20" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert 5 <= len(replica.asked()) <= 6
    assert outcome.feed() == []


def test_a_crawl_whose_only_page_is_refused_ends_with_3(site, scrapy):
    site.challenge(_url(3), "cookie")
    assert _crawl(scrapy, 3).code == 3


def test_after_a_refusal_the_next_run_goes_on_where_this_one_ended(site, scrapy):
    site.fault("https://vov.vn/the-gioi/*", status=403)
    assert _crawl(scrapy).code == 3
    site.heal()
    outcome = _crawl(scrapy)
    assert outcome.code == 0, outcome.stderr
    assert len(outcome.feed()) >= 3


def test_a_refused_page_is_asked_for_less_and_less_with_each_refusal(site, scrapy, replica):
    site.fault("https://vov.vn/the-gioi/*", status=403)
    _crawl(scrapy, BACKOFF_START=0.2, BACKOFF_MAX=10, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    times = [line.at for line in replica.log if "robots" not in line.url]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 4
    for gap, least in zip(gaps, [0.15, 0.3, 0.6, 1.2], strict=True):
        assert gap >= least


def test_too_many_requests_is_obeyed_and_then_passes(site, scrapy, replica):
    site.fault(_url(2), times=1, status=429, retry_after=1)
    outcome = _crawl(scrapy)
    assert outcome.code == 0, outcome.stderr
    assert len(outcome.feed()) == 8
    (first,) = (line.ended for line in replica.log if line.status == 429)
    later = [line.at for line in replica.log if line.at > first + 0.1]
    assert min(later) - first >= 0.95
    assert _report(outcome)["refused"] == 0


def test_a_long_hold_ends_the_run_and_holds_for_the_next_one(site, scrapy, replica):
    site.fault(_url(0), status=503, retry_after=3600)
    outcome = _crawl(scrapy, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert outcome.code == 3
    assert "vov.vn asks not to be asked again before" in outcome.stderr
    asked = len(replica.asked(robots=True))
    site.heal()
    outcome = _crawl(scrapy)
    assert outcome.code == 3
    assert len(replica.asked(robots=True)) == asked


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": 404, "body": b"User-agent: *\nDisallow: /"}, 0),
        ({"body": b"<html>no robots here</html>"}, 0),
        ({"body": b"User-agent: vovcrawler\nDisallow: /the-gioi/"}, 1),
        ({"status": 500}, 1),
        ({"cut": 5, "length": 100}, 1),
        ({"status": 429}, 3),
        ({"body": b"<title>Attention Required</title><script>window.location.href='/'</script>"}, 3),
    ],
)
def test_a_robots_txt_that_cannot_be_read_allows_nothing(site, scrapy, replica, answer, code):
    site.fault("/robots.txt", **answer)
    outcome = _crawl(scrapy, 1, 2)
    assert outcome.code == code, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert len(replica.asked()) == (2 if code == 0 else 0)


def test_pages_that_robots_txt_kept_us_from_are_there_for_the_next_run(site, scrapy):
    site.fault("/robots.txt", status=500)
    assert _crawl(scrapy, 1, 2).code == 1
    site.heal()
    outcome = _crawl(scrapy, 1, 2)
    assert outcome.code == 0, outcome.stderr
    assert len(outcome.feed()) == 2


def test_crawl_delay_is_kept(site, scrapy, replica):
    site.robots("User-agent: *\nCrawl-delay: 0.3\n")
    assert _crawl(scrapy, 1, 2, 3).code == 0
    times = sorted(line.at for line in replica.log)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.29


def test_no_redirect_leads_away(site, scrapy, replica):
    away = [
        "https://evil.example/a-post1.vov",
        "https://english.vov.vn/a-post1.vov",
        "http://127.0.0.1:9/a",
        "ftp://vov.vn/",
    ]
    for number, target in enumerate(away):
        site.redirect(_url(number), target)
    outcome = _crawl(scrapy)
    assert outcome.code == 0, outcome.stderr
    assert replica.hosts() == {"vov.vn"}


def test_a_budget_is_kept_to_the_request(site, scrapy, replica):
    outcome = _crawl(scrapy, REQUESTS_MAX=4)
    assert outcome.code == 0, outcome.stderr
    assert len(replica.asked(robots=True)) == 4
    assert _crawl(scrapy).code == 0
    assert len(outcome.feed()) == 8
    assert max(replica.counts().values()) == 1


def test_refusals_are_rows_of_their_own_in_the_catalogue(site, scrapy):
    site.fault(_url(3), status=403)
    outcome = _crawl(scrapy)
    with sqlite3.connect(outcome.data / "catalogue.sqlite") as connection:
        rows = connection.execute("SELECT state, reason, article FROM pages WHERE url = ?", (_url(3),)).fetchall()
    assert rows == [("refused", "http-403", None)]

"""Refusals are recognised, counted, left alone and never read; a site that refuses ends the run with 3."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from tests.replica import Story
from tests.wireless import World
from vovcrawler.catalogue import Catalogue


def _url(number: int) -> str:
    return f"https://vov.vn/the-gioi/bai-so-{number}-post{1000 + number}.vov"


def _fill(site):
    """Eight articles that call nothing related."""
    for number in range(8):
        body = tuple(f"Đoạn thứ {n} của bài số {number}, đủ dài để là một đoạn văn." for n in range(3))
        site.story(Story(url=_url(number), headline=f"Bài số {number}", body=body))
    return site


@pytest.fixture
def site(wireless):
    return _fill(World.site)


def _crawl(wireless, *numbers: int, hops: int = 0, **settings):
    return wireless("article", settings, url=",".join(map(_url, numbers or range(8))), hops=hops)


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


def test_refused_pages_are_counted_by_reason_and_the_others_are_read(site, wireless):
    for number, refuse in enumerate(REFUSALS.values()):
        refuse(site, _url(number))
    outcome = _crawl(wireless, REFUSALS_MAX=99)
    assert outcome.code == 0, outcome.said
    assert sorted(record["id"] for record in outcome.feed()) == [f"vov.vn/post{n}" for n in (1005, 1006, 1007)]
    report = _report(outcome)
    assert (report["refused"], report["new"], report["failed"]) == (5, 3, 0)
    assert {name: n for name, n in report["stats"].items() if name.startswith("refused/")} == {
        "refused/http-403": 1,
        "refused/http-429": 3,
        "refused/challenge": 3,
        "refused/pages": 5,
    }
    assert [World.counts()[_url(number)] for number in range(5)] == [1, 3, 1, 1, 1]


@pytest.mark.parametrize("kind", ["forbidden", "too many", "attention"])
def test_a_site_that_refuses_ends_the_run_with_3_and_says_since_when(site, politely, kind):
    REFUSALS[kind](site, "https://vov.vn/the-gioi/*")
    outcome = _crawl(politely)
    assert outcome.code == 3
    assert "has refused us since 20" in outcome.said
    assert 5 <= len(World.asked()) <= 6
    assert outcome.feed() == []
    assert _report(outcome)["refused"] >= 3


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_host_is_left_alone_once_for_each_refusal(site, wireless, kind):
    REFUSALS[kind](site, _url(3))
    outcome = _crawl(wireless, 3, REFUSALS_MAX=99)
    assert outcome.stats["politeness/backoff"] == World.counts()[_url(3)]


def test_a_crawl_whose_only_page_is_refused_ends_with_3(site, wireless):
    site.challenge(_url(3), "cookie")
    assert _crawl(wireless, 3).code == 3


def test_an_article_is_not_gone_because_a_challenge_says_404(site, wireless):
    assert _crawl(wireless, 3).code == 0
    site.challenge(_url(3), status=404)
    refused = _crawl(wireless, 3)
    assert refused.code == 3, refused.said
    assert [record["status"] for record in refused.feed()] == ["new"]


def test_a_refusal_in_the_place_of_a_feed_is_one(wireless):
    page = b"<title>Attention Required</title><script>window.location.href='/'</script>"
    for path, kind in {"/rss/*": "application/rss+xml", "/sitemap*": "application/x-unknown"}.items():
        World.site.fault(f"https://vov.vn{path}", status=200, body=page, content_type=kind)
    ended = wireless("discovery", {"REFUSALS_MAX": 99}, sections="the-gioi")
    assert ended.stats["refused/challenge"] == 4


def test_after_a_refusal_the_next_run_goes_on_where_this_one_ended(site, wireless):
    site.fault("https://vov.vn/the-gioi/*", status=403)
    assert _crawl(wireless).code == 3
    site.heal()
    outcome = _crawl(wireless)
    assert outcome.code == 0, outcome.said
    assert len(outcome.feed()) >= 3


def test_a_refusal_that_lasts_is_told_from_its_first_run_on(site, wireless):
    site.fault("https://vov.vn/the-gioi/*", status=403)
    first = _crawl(wireless)
    World.wait(timedelta(days=2))
    assert _crawl(wireless).said == first.said
    site.heal()
    World.wait(timedelta(days=2))
    assert _crawl(wireless).code == 0
    site.fault("https://vov.vn/the-gioi/*", status=403)
    again = _crawl(wireless)
    assert again.code == 3
    assert again.said != first.said


def test_a_refused_page_is_asked_for_less_and_less_with_each_refusal(site, politely):
    site.fault("https://vov.vn/the-gioi/*", status=403)
    _crawl(politely, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    times = [line.at for line in World.log if "robots" not in line.url]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 4
    for gap, least in zip(gaps, [0.75, 1.5, 3, 6], strict=True):
        assert gap >= least


def test_too_many_requests_is_obeyed_and_then_passes(site, wireless):
    site.fault(_url(2), times=1, status=429, retry_after=1)
    outcome = _crawl(wireless)
    assert outcome.code == 0, outcome.said
    assert len(outcome.feed()) == 8
    (first,) = (line.at for line in World.log if line.status == 429)
    later = [line.at for line in World.log if line.at > first + 0.1]
    assert min(later) - first >= 0.95
    assert _report(outcome)["refused"] == 0


def _full() -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    raise error


@pytest.mark.parametrize(("writes", "status"), [("hold", 429), ("set_note", 403)])
def test_a_disk_that_is_full_when_the_site_refuses_ends_the_run(site, wireless, monkeypatch, writes, status):
    write = getattr(Catalogue, writes)

    def refuse(self, name, *more):
        # What a run writes when it begins is no matter of refusals.
        return _full() if "vov.vn" in name else write(self, name, *more)

    monkeypatch.setattr(Catalogue, writes, refuse)
    site.fault("https://vov.vn/the-gioi/*", status=status, **({"retry_after": 1} if status == 429 else {}))
    outcome = _crawl(wireless)
    assert (outcome.code, outcome.said.startswith("The disk is full: ")) == (5, True)


def test_a_long_hold_ends_the_run_and_holds_for_the_next_one(site, wireless):
    site.fault(_url(0), status=503, retry_after=3600)
    outcome = _crawl(wireless, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert outcome.code == 3
    assert "vov.vn asks not to be asked again before" in outcome.said
    asked = len(World.asked(robots=True))
    site.heal()
    outcome = _crawl(wireless)
    assert outcome.code == 3
    assert len(World.asked(robots=True)) == asked


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": 404, "body": b"User-agent: *\nDisallow: /"}, 0),
        ({"body": b"<html>no robots here</html>"}, 0),
        ({"body": b"User-agent: vovcrawler\nDisallow: /the-gioi/"}, 1),
        ({"status": 500}, 1),
        ({"status": 302, "headers": {"Location": "https://example.com/robots.txt"}}, 1),
        ({"status": 403}, 3),
        ({"status": 429}, 3),
        ({"body": b"<title>Attention Required</title><script>window.location.href='/'</script>"}, 3),
    ],
)
def test_a_robots_txt_that_cannot_be_read_allows_nothing(site, wireless, answer, code):
    site.fault("/robots.txt", **answer)
    outcome = _crawl(wireless, 1, 2)
    assert outcome.code == code, outcome.said
    assert len(World.asked()) == (2 if code == 0 else 0)


def test_pages_that_robots_txt_kept_us_from_are_there_for_the_next_run(site, wireless):
    site.fault("/robots.txt", status=500)
    assert _crawl(wireless, 1, 2).code == 1
    site.heal()
    outcome = _crawl(wireless, 1, 2)
    assert outcome.code == 0, outcome.said
    assert len(outcome.feed()) == 2


def test_crawl_delay_is_kept(site, wireless):
    site.robots("User-agent: *\nCrawl-delay: 0.3\n")
    assert _crawl(wireless, 1, 2, 3).code == 0
    times = sorted(line.at for line in World.log)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.29


def test_no_redirect_leads_away(site, wireless):
    away = [
        "https://evil.example/a-post1.vov",
        "https://english.vov.vn/a-post1.vov",
        "http://127.0.0.1:9/a",
        "ftp://vov.vn/",
    ]
    for number, target in enumerate(away):
        site.redirect(_url(number), target)
    outcome = _crawl(wireless)
    assert outcome.code == 0, outcome.said
    assert {urlsplit(url).hostname for url in World.asked()} == {"vov.vn"}


def test_a_budget_is_kept_to_the_request(site, wireless):
    outcome = _crawl(wireless, REQUESTS_MAX=4)
    assert outcome.code == 0, outcome.said
    assert len(World.asked(robots=True)) == 4
    assert _crawl(wireless).code == 0
    assert len(outcome.feed()) == 8
    assert max(World.counts().values()) == 1


def test_refusals_are_rows_of_their_own_in_the_catalogue(site, wireless):
    site.fault(_url(3), status=403)
    outcome = _crawl(wireless)
    with closing(sqlite3.connect(outcome.data / "catalogue.sqlite")) as connection, connection:
        rows = connection.execute("SELECT state, reason, article FROM pages WHERE url = ?", (_url(3),)).fetchall()
    assert rows == [("refused", "http-403", None)]


# ---- on the wire


def test_the_command_line_says_what_refused_and_since_when(replica, scrapy):
    _fill(replica.site).fault("https://vov.vn/the-gioi/*", status=403)
    seeds = ",".join(map(_url, range(8)))
    outcome = scrapy("crawl", "article", "-a", f"url={seeds}", settings={"BACKOFF_START": 0.01})
    assert outcome.code == 3
    assert outcome.stderr.splitlines()[-1].startswith("scrapy: vov.vn has refused us since 20")
    assert "Traceback" not in outcome.stderr
    assert 5 <= len(replica.asked()) <= 8


def test_no_request_leaves_for_another_host_or_while_the_host_is_held(replica, scrapy):
    site = _fill(replica.site)
    site.redirect(_url(0), "https://evil.example/a-post1.vov")
    site.fault(_url(2), times=1, status=429, retry_after=1)
    site.fault("/robots.txt", body=b"User-agent: *\nAllow: /")
    outcome = scrapy("crawl", "article", "-a", f"url={','.join(map(_url, range(8)))}", "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    assert replica.hosts() == {"vov.vn"}
    assert len(outcome.feed()) == 7
    (held,) = (line.ended for line in replica.log if line.status == 429)
    assert not [line for line in replica.log if held + 0.2 < line.at < held + 0.95]


def test_a_robots_txt_that_breaks_off_is_a_sentence(replica, scrapy):
    _fill(replica.site).fault("/robots.txt", cut=5, length=100)
    outcome = scrapy("crawl", "article", "-a", f"url={_url(0)}")
    assert outcome.code == 1
    assert "robots.txt of vov.vn could not be read" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_with_the_settings_of_the_project_no_more_than_a_page_a_second_leaves(replica, scrapy):
    _fill(replica.site)
    seeds = ",".join(map(_url, range(6)))
    assert scrapy("crawl", "article", "-a", f"url={seeds}", "-a", "hops=0", polite=True).code == 0
    times = sorted(line.at for line in replica.log)
    # Each gap is half a second to one and a half, by chance; the month in virtual time looks at each of them.
    assert (times[-1] - times[0]) / (len(times) - 1) >= 0.6
    assert replica.most_at_once() <= 2

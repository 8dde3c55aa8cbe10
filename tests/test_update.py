"""Scheduled runs: what is new, due or left over, each as seldom as possible, whatever ended the run before."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.replica.lists import rss
from tests.test_discovery import NOW, numbers, publish


@pytest.fixture
def site(replica):
    """Twelve articles of the last hours."""
    for number in range(12):
        publish(replica.site, number, NOW - timedelta(minutes=10 * number), ("the-gioi", "kinh-te")[number % 2])
    return replica.site


@pytest.fixture
def update(scrapy):
    """``scrapy update`` at a time of one's choice."""

    def run(*args, at: datetime | None = None, **settings):
        env = {"VOV_TEST_NOW": (at or datetime.now(UTC)).isoformat()}
        return scrapy("update", *args, settings={"CLOCK": "tests.clock.now", **settings}, env=env)

    return run


def articles(replica) -> list[str]:
    return [url for url in replica.asked() if url.endswith(".vov")]


def test_the_first_run_fetches_everything_that_is_listed(site, update, replica):
    outcome = update()
    assert outcome.code == 0, outcome.stderr
    assert numbers(outcome) == list(range(12))
    assert max(replica.counts().values()) == 1


def test_a_run_that_finds_nothing_new_ends_with_0_at_once(site, update, replica):
    site.add("/rss/the-gioi.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    update()
    replica.forget()
    outcome = update()
    assert outcome.code == 0, outcome.stderr
    assert articles(replica) == []
    assert {line.status for line in replica.log if "/rss/the-gioi" in line.url} == {304}


def test_what_is_new_changed_gone_and_back_is_noticed_when_it_is_due(site, update, replica):
    urls = sorted(site.stories)
    first = update().feed()
    site.edit(urls[0], headline="Một tít mới")
    site.remove(urls[1], status=410)
    publish(site, 50, NOW)
    replica.forget()
    second = update(at=NOW + timedelta(hours=2))
    assert second.code == 0, second.stderr
    assert {record["status"] for record in second.feed()[12:]} == {"new", "revised", "gone"}
    assert len(second.feed()) == 15
    site.restore(urls[1])
    third = update(at=NOW + timedelta(hours=4))
    assert third.code == 0, third.stderr
    assert first == third.feed()[:12]
    assert len(third.feed()) == 15  # back as it was: no new revision
    assert max(replica.counts().values()) == 2


def test_pages_that_a_stopped_run_left_are_fetched(site, update, scrapy, replica):
    seeds = ",".join(f"https://vov.vn{path}" for path in site.stories)
    assert scrapy("crawl", "article", "-a", f"url={seeds}", settings={"REQUESTS_MAX": 4}).code == 0
    for path in ("/rss/*", "/the-gioi", "/kinh-te", "/tin-moi-cap-nhat", "/sitemap*"):
        site.fault(f"https://vov.vn{path}", status=404)
    outcome = update()
    assert numbers(outcome) == list(range(12))
    assert all(count == 1 for url, count in replica.counts().items() if url.endswith(".vov"))


def test_a_budget_ends_the_run_and_the_next_one_goes_on(site, update, replica):
    for _ in range(6):
        before = len(replica.log)
        outcome = update("--budget", "9")
        assert outcome.code == 0, outcome.stderr
        assert len(replica.log) - before <= 9
    assert update().code == 0
    assert numbers(outcome) == list(range(12))
    assert all(count == 1 for url, count in replica.counts().items() if url.endswith(".vov"))


def test_a_dry_run_says_what_it_would_ask_and_asks_nothing(site, update, replica):
    outcome = update("--dry-run")
    assert outcome.code == 0
    assert "list\thttps://vov.vn/rss/the-gioi.rss" in outcome.stdout
    assert replica.log == []
    update()
    replica.forget()
    outcome = update("--dry-run", at=NOW + timedelta(hours=3))
    assert (
        len([line for line in outcome.stdout.splitlines() if line.startswith("due") and line.endswith(".vov")])
        == 12
    )
    assert replica.log == []


@pytest.mark.parametrize("args", [("--budget", "0"), ("--minutes", "soon"), ("now",), ("-a", "hops=1")])
def test_wrong_usage_is_one_sentence(update, args):
    outcome = update(*args)
    assert outcome.code == 2
    assert outcome.stderr.splitlines()[-1].startswith("scrapy: ")
    assert "Traceback" not in outcome.stderr


def test_a_feed_that_fails_is_replaced_by_its_section_and_asked_for_less_often(site, update, replica):
    update()
    site.fault("/rss/the-gioi.rss", body=b"nothing", content_type="text/plain")
    site.fault("/rss/kinh-te.rss", status=404)
    publish(site, 60, NOW, "the-gioi")
    replica.forget()
    outcome = update()
    assert 60 in numbers(outcome)
    assert {"https://vov.vn/the-gioi", "https://vov.vn/kinh-te"} <= set(replica.asked())
    replica.forget()
    update()
    assert "https://vov.vn/rss/kinh-te.rss" not in replica.asked()


def test_pages_on_a_month_and_year_boundary_are_found(update, replica):
    new_year = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # half past midnight in Vietnam
    publish(replica.site, 1, new_year - timedelta(hours=1))
    publish(replica.site, 2, new_year)
    for path in ("/rss/*", "/the-gioi", "/tin-moi-cap-nhat"):
        replica.site.fault(f"https://vov.vn{path}", status=404)
    assert numbers(update(at=new_year)) == [1, 2]


def test_a_second_update_meanwhile_ends_with_75(site, update, scrapy, replica):
    site.fault("https://vov.vn/*", delay=1.0)
    first = scrapy.popen("update")
    try:
        while not replica.log:
            time.sleep(0.05)
        outcome = update()
    finally:
        first.kill()
        first.wait()
    assert outcome.code == 75
    assert "one run at a time" in outcome.stderr


def test_a_killed_update_is_finished_by_the_next_one(site, update, scrapy, replica):
    site.fault("https://vov.vn/*", delay=0.1)
    first = scrapy.popen("update", settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    try:
        while len(articles(replica)) < 4:
            time.sleep(0.05)
    finally:
        first.kill()
        first.wait()
    site.heal()
    outcome = update()
    assert outcome.code == 0, outcome.stderr
    assert numbers(outcome) == list(range(12))

"""Scheduled runs: what is new, due or left over, each as seldom as possible, whatever ended the run before."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from tests import chain
from tests.listed import NOW, fill, numbers, publish
from tests.replica.lists import rss
from tests.wireless import World
from vovcrawler.catalogue import Catalogue


@pytest.fixture
def site(wireless):
    return fill(World.site)


@pytest.fixture
def update(wireless):
    """One scheduled run."""

    def run(**settings):
        return wireless("update", settings)

    return run


def hops_of(outcome) -> dict[str, int]:
    return {record["url"]: record["hops"] for record in outcome.feed()}


def lasted(**span) -> None:
    World.wait(timedelta(**span))


def test_the_first_run_fetches_everything_that_is_listed(site, update):
    outcome = update()
    assert outcome.code == 0, outcome.said
    assert numbers(outcome) == list(range(12))
    assert max(World.counts().values()) == 1


def test_a_run_that_finds_nothing_new_ends_with_0_at_once(site, update):
    site.add("/rss/the-gioi.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    update()
    World.log.clear()
    outcome = update()
    assert outcome.code == 0, outcome.said
    assert World.articles() == []
    assert {line.status for line in World.log if "/rss/the-gioi" in line.url} == {304}


def test_what_is_new_changed_gone_and_back_is_noticed_when_it_is_due(site, update):
    urls = sorted(site.stories)
    first = update().feed()
    site.edit(urls[0], headline="Một tít mới")
    site.remove(urls[1], status=410)
    publish(site, 50, NOW)
    World.log.clear()
    lasted(hours=2)
    second = update()
    assert second.code == 0, second.said
    assert {record["status"] for record in second.feed()[12:]} == {"new", "revised", "gone"}
    assert len(second.feed()) == 15
    site.restore(urls[1])
    lasted(hours=2)
    third = update()
    assert third.code == 0, third.said
    assert first == third.feed()[:12]
    assert len(third.feed()) == 15  # back as it was: no new revision
    assert max(World.counts().values()) == 2


def test_pages_that_a_stopped_run_left_are_fetched(site, update, wireless):
    seeds = ",".join(f"https://vov.vn{path}" for path in site.stories)
    assert wireless("article", {"REQUESTS_MAX": 4}, url=seeds).code == 0
    for path in ("/rss/*", "/the-gioi", "/kinh-te", "/tin-moi-cap-nhat", "/sitemap*"):
        site.fault(f"https://vov.vn{path}", status=404)
    outcome = update()
    assert numbers(outcome) == list(range(12))
    assert all(count == 1 for url, count in World.counts().items() if url.endswith(".vov"))


def test_what_a_stopped_run_left_is_as_far_from_its_seed_as_it_was(site, update, wireless):
    for path in ("/rss/*", "/the-gioi", "/kinh-te", "/tin-moi-cap-nhat", "/sitemap*"):
        site.fault(f"https://vov.vn{path}", status=404)
    for number in (70, 71):
        chain.publish(site, number, number + 1)
    chain.publish(site, 72)
    # For robots.txt and the first one.
    assert wireless("article", {"REQUESTS_MAX": 2}, url=chain.url(70), hops=2).code == 0
    assert hops_of(update()) == {chain.url(70): 0, chain.url(71): 1}
    # What these call related is a matter of the same command.
    whole = wireless("article", url=chain.url(70), hops=2)
    assert hops_of(whole) == {chain.url(70): 0, chain.url(71): 1, chain.url(72): 2}


@pytest.mark.parametrize(("budget", "is_warned_of"), [(3, True), (200, False)])
def test_a_budget_that_lists_use_up_is_warned_of(site, update, caplog, budget, is_warned_of):
    update(REQUESTS_MAX=budget)
    assert ("has no room for articles" in caplog.text) is is_warned_of


def test_a_budget_ends_the_run_and_the_next_one_goes_on(site, update):
    for _ in range(6):
        before = len(World.log)
        outcome = update(REQUESTS_MAX=9)
        assert outcome.code == 0, outcome.said
        assert len(World.log) - before <= 9
    assert update().code == 0
    assert numbers(outcome) == list(range(12))
    assert all(count == 1 for url, count in World.counts().items() if url.endswith(".vov"))


def test_another_scheduler_is_wrong_usage(site, update):
    outcome = update(SCHEDULER="scrapy.core.scheduler.Scheduler")
    assert (outcome.code, World.log) == (2, [])
    assert "SCHEDULER=scrapy.core.scheduler.Scheduler" in outcome.said


def test_what_a_stopped_run_left_is_not_asked_for_before_it_is_due(site, update):
    for section in ("the-gioi", "kinh-te"):
        site.add(f"/rss/{section}.rss", rss(site.published(), section), content_type="text/xml")
    update()
    World.log.clear()
    # It ends behind the feeds that list what is known.
    assert update(REQUESTS_MAX=3).code == 0
    assert update().code == 0
    assert World.articles() == []
    lasted(hours=2)
    assert update().code == 0
    assert len(World.articles()) == 12


def test_what_a_stopped_run_left_and_another_one_visited_is_not_asked_for(site, update, wireless):
    update()
    lasted(hours=2)
    # It ends before what is due.
    assert update(REQUESTS_MAX=3).code == 0
    assert wireless("discovery").code == 0
    World.log.clear()
    assert update().code == 0
    assert World.articles() == []


def test_a_feed_that_fails_is_replaced_by_its_section_and_asked_for_less_often(site, update):
    update()
    site.fault("/rss/the-gioi.rss", body=b"nothing", content_type="text/plain")
    site.fault("/rss/kinh-te.rss", status=404)
    publish(site, 60, NOW, "the-gioi")
    World.log.clear()
    outcome = update()
    assert 60 in numbers(outcome)
    assert {"https://vov.vn/the-gioi", "https://vov.vn/kinh-te"} <= set(World.asked())
    World.log.clear()
    update()
    assert "https://vov.vn/rss/kinh-te.rss" not in World.asked()


@pytest.mark.parametrize("status", [404, 500])
def test_a_list_is_asked_for_again_however_old_it_is(site, update, status):
    update()
    lasted(days=400)
    site.fault("/the-gioi", status=status)
    update(RETRY_TIMES=0)
    site.heal()
    lasted(days=2)
    World.log.clear()
    update()
    assert "https://vov.vn/the-gioi" in World.asked()


def test_a_listed_page_that_fails_is_asked_for_less_and_less_often(site, update):
    url = publish(site, 60, NOW)
    site.fault(url, status=404)
    asked = []
    for hour in range(24):
        World.log.clear()
        assert update().code == 0
        asked += [hour] * World.counts()[url]
        lasted(hours=1)
    assert asked == [0, 1, 2, 3, 5, 9, 17]
    site.heal()
    lasted(hours=10)
    assert 60 in numbers(update())


def test_a_listed_page_that_never_comes_is_given_up_after_a_month(site, update):
    url = publish(site, 60, NOW)
    site.fault(url, status=404)
    for _ in range(8):
        update()
        lasted(days=8)
    World.log.clear()
    update()
    assert url not in World.asked()


def test_a_page_that_never_shows_an_article_is_tried_ever_more_seldom(site, update):
    url = publish(site, 60, NOW)
    site.fault(url, status=200, body="<p>Hệ thống đang bảo trì.")
    asked = []
    for fortnight in range(20):
        World.log.clear()
        update()
        asked += [fortnight] * World.counts()[url]
        lasted(days=14)
    # The wait doubles, and is no week any more when it could be longer.
    assert asked == [*range(12), 13, 17]


@pytest.mark.parametrize("status", [301, 302])
def test_a_listed_page_that_redirects_is_asked_for_as_seldom_as_its_article(site, update, status):
    url = site.redirect(publish(site, 60, NOW), publish(site, 61, NOW), status)
    asked = []
    for run, span in enumerate([{"minutes": 20}, {"minutes": 20}, {"days": 31}, {"days": 31}, {"days": 31}]):
        World.log.clear()
        assert update().code == 0
        asked += [run] * World.counts()[url]
        lasted(**span)
    assert asked == [0, 3]  # it was due once more when it had become old


def test_a_permanent_redirect_to_another_site_has_failed_however_often_the_page_was_asked_for(site, update):
    url = publish(site, 60, NOW)
    site.fault(url, status=503, nth=[1])
    site.fault(url, status=301, headers=[("Location", "https://example.com/")], nth=[2])
    assert url not in {record["url"] for record in update().feed()}
    lasted(hours=2)
    assert url in {record["url"] for record in update().feed()}


def test_a_held_page_that_fails_is_given_up_when_its_article_is_old(site, update):
    url = publish(site, 60, NOW)
    update()
    site.fault(url, status=500)
    for days in (1, 31, 31):
        lasted(days=days)
        World.log.clear()
        update(RETRY_TIMES=0)
    assert url not in World.asked()


def test_a_page_that_once_shows_no_article_is_visited_again(site, update):
    url = publish(site, 60, NOW)
    assert update().code == 0
    site.fault("https://vov.vn/*[!v]", status=404)  # nothing lists it any more
    site.fault(url, status=200, body="<p>Hệ thống đang bảo trì.", headers=[("ETag", '"closed"')])
    lasted(hours=2)
    update()
    World.log.clear()
    lasted(hours=2)
    update()
    # Were it asked for what is new since then, "nothing" would stand for the article.
    assert [line.header("If-None-Match") != '"closed"' for line in World.log if line.url == url] == [True]


def test_the_command_that_goes_on_with_a_stopped_run_is_named(site, update, scrapy):
    update(REQUESTS_MAX=3)
    assert scrapy("catalogue", "stats").stdout.endswith("To go on:\n  scrapy update\n")
    update()
    assert "To go on" not in scrapy("catalogue", "stats").stdout


@pytest.mark.parametrize("writes", ["adopt", "set_note"])
def test_a_disk_that_is_full_when_the_run_begins_ends_it(site, update, monkeypatch, writes):
    write = getattr(Catalogue, writes)

    def full(self, name, *more):
        if writes == "set_note" and name != "full sweep":
            return write(self, name, *more)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Catalogue, writes, full)
        assert update().code == 5
    outcome = update()
    assert (outcome.code, numbers(outcome)) == (0, list(range(12)))


def test_minutes_end_a_run_and_the_next_one_goes_on(site, politely):
    began = World.time()
    assert politely("update", {"CLOSESPIDER_TIMEOUT": 30}).code == 0
    assert (World.time() - began).total_seconds() < 40
    outcome = politely("update")
    assert (outcome.code, numbers(outcome)) == (0, list(range(12)))


def test_a_list_that_has_moved_for_good_is_asked_for_where_it_is(site, update):
    site.redirect("/rss/the-gioi.rss", "/rss/quoc-te.rss")
    site.add("/rss/quoc-te.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    assert numbers(update()) == list(range(12))
    publish(site, 60, NOW, "the-gioi")
    site.add("/rss/quoc-te.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    World.log.clear()
    assert 60 in numbers(update())
    assert "https://vov.vn/rss/the-gioi.rss" not in World.asked()
    assert World.counts()["https://vov.vn/rss/quoc-te.rss"] == 1


def test_a_list_that_has_moved_is_looked_for_where_it_was_after_a_day(site, update):
    site.redirect("/rss/the-gioi.rss", "/rss/quoc-te.rss")
    site.add("/rss/quoc-te.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    update()
    for hours, is_asked_for in ((23, False), (2, True)):
        lasted(hours=hours)
        World.log.clear()
        update()
        assert ("https://vov.vn/rss/the-gioi.rss" in World.asked()) is is_asked_for


def test_a_feed_that_has_something_known_needs_no_list(site, update):
    site.add("/rss/the-gioi.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    update()
    for is_whole in (True, False):
        publish(site, 60 + is_whole, NOW, "the-gioi")
        listed = [story for story in site.published() if is_whole or "bai-so-60-" in story.url]
        site.add("/rss/the-gioi.rss", rss(listed, "the-gioi"), content_type="text/xml")
        World.log.clear()
        assert 60 + is_whole in numbers(update())
        assert ("https://vov.vn/the-gioi" in World.asked()) is not is_whole


def test_a_page_is_asked_for_a_little_before_it_is_due(site, update):
    steps = {"REVISIT_AFTER": "30d:10m"}
    update(**steps)
    for minutes, is_asked_for in ((9, False), (0.8, True)):
        World.log.clear()
        lasted(minutes=minutes)
        update(**steps)
        assert bool(World.articles()) is is_asked_for


def test_a_section_whose_feed_leads_to_that_of_everything_has_a_list(site, update):
    site.redirect("/rss/the-gioi.rss", "/rss/tin-moi-nhat.rss")
    update()
    World.log.clear()
    assert update().code == 0
    assert "https://vov.vn/the-gioi" in World.asked()
    assert World.counts()["https://vov.vn/rss/tin-moi-nhat.rss"] == 1


def test_lists_that_all_stop_listing_fail_a_monitor(site, update):
    for number in range(3):
        publish(site, 30 + number, NOW - timedelta(days=2))
    assert update().code == 0
    site.fault("https://vov.vn/*[!v]", status=200, body="<div id='app'></div>", content_type="text/html")
    lasted(days=1)  # whatever time it is, all of them are of days before this one
    outcome = update()
    assert outcome.code == 4
    assert "no list named any article, 15 were listed in the last week" in outcome.said


def test_pages_on_a_month_and_year_boundary_are_found(update):
    new_year = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # half past midnight in Vietnam
    publish(World.site, 1, new_year - timedelta(hours=1))
    publish(World.site, 2, new_year)
    for path in ("/rss/*", "/the-gioi", "/tin-moi-cap-nhat"):
        World.site.fault(f"https://vov.vn{path}", status=404)
    World.go(to=new_year)
    assert numbers(update()) == [1, 2]


def test_the_spider_runs_under_scrapyd_too(site, wireless):
    ended = wireless("update", _job="6487ec79947edab326d6db28a2d86511e8247444")
    assert ended.code == 0, ended.said
    assert numbers(ended) == list(range(12))

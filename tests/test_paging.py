"""Discovery turns the pages of a list as far as its window and its bounds, and leaves no gap."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.listed import NOW, TODAY, card, discover, list_only, lists, numbers, publish
from tests.wireless import World


def test_a_page_of_a_list_that_did_not_come_leaves_no_gap(wireless):
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        World.site.fault(f"https://vov.vn{place}", status=404)
    for number in range(40, 60):
        publish(World.site, number, TODAY - timedelta(hours=number))
    discover(wireless, "since=20 days", "sections=the-gioi")
    for number in range(40):
        publish(World.site, number, TODAY - timedelta(hours=number))
    World.site.fault("https://vov.vn/the-gioi?page=2", nth=[1], status=404)
    assert len(numbers(discover(wireless, "since=19 days", "sections=the-gioi"))) == 40
    assert len(numbers(discover(wireless, "since=18 days", "sections=the-gioi"))) == 60
    World.log.clear()
    discover(wireless, "since=18 days", "sections=the-gioi")
    assert not [url for url in lists() if "page=" in url]


def test_paging_stops_before_the_window(wireless):
    for number in range(60):
        publish(World.site, number, NOW - timedelta(hours=2 * number if number < 15 else 24 * number))
    discover(wireless, "since=3 days", "sections=the-gioi")
    assert len([url for url in World.asked() if "the-gioi?page=" in url]) == 1


@pytest.mark.parametrize("again", [False, True])
def test_paging_stops_before_the_window_where_lists_give_no_dates(wireless, again):
    site = World.site
    site.list_dates = False
    for number in range(200):
        publish(site, number, TODAY - timedelta(hours=6 * number))
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        site.fault(f"https://vov.vn{place}", status=404)
    if again:  # What is held by now is not asked for again.
        discover(wireless, "since=1 day", "sections=the-gioi")
        World.log.clear()
    outcome = discover(wireless, "since=3 days", "sections=the-gioi")
    assert numbers(outcome) == list(range(13))
    # The second page ends before the window, which is known when the third one comes.
    assert [url for url in lists() if "?page=" in url] == ["/the-gioi?page=1", "/the-gioi?page=2"]
    assert not [url for url in World.asked() if re.search(r"bai-so-(?:[2-9]\d|1\d\d)-", url)]


def test_what_is_pinned_to_the_top_ends_no_list_where_the_rest_cannot_be_read(wireless):
    pinned = [publish(World.site, number, NOW - timedelta(days=90)) for number in (1, 2)]
    failing = [f"https://vov.vn/the-gioi/khong-con-post90{number}.vov" for number in range(3)]
    fresh = publish(World.site, 3, NOW)
    list_only("".join(map(card, pinned + failing)), card(fresh))
    assert numbers(discover(wireless, "since=3 days", "sections=the-gioi")) == [3]


def test_what_is_pinned_without_a_date_ends_no_list_of_articles_after_the_window(wireless):
    pinned = publish(World.site, 1, NOW - timedelta(days=90))
    late = [publish(World.site, number, NOW) for number in (2, 3, 4)]
    wanted = publish(World.site, 5, NOW - timedelta(days=6))
    list_only(card(pinned) + "".join(card(url, NOW) for url in late), card(wanted, NOW - timedelta(days=6)))
    assert numbers(discover(wireless, "since=10 days", "until=5 days", "sections=the-gioi")) == [5]


def test_paging_of_the_latest_news_stops_before_the_window_for_one_section_of_many(wireless):
    World.site.list_dates = False
    for number in range(120):
        place = "the-gioi" if number % 5 == 0 else "kinh-te"
        publish(World.site, number, TODAY - timedelta(hours=3 * number), place)
    for place in ("/rss/*", "/sitemap*"):
        World.site.fault(f"https://vov.vn{place}", status=404)
    discover(wireless, "since=2 days", "sections=the-gioi")
    assert 1 <= len([url for url in lists() if "cap-nhat?page=" in url]) <= 4


def test_paging_stops_before_the_window_where_articles_have_moved(wireless):
    pages = []
    for number in range(30):
        url = publish(World.site, number, TODAY - timedelta(hours=12 * number), "kinh-te")
        listed = url.replace("kinh-te", "the-gioi")
        World.site.redirect(listed, url)
        pages.append(card(listed))
    list_only(*("".join(pages[start : start + 5]) for start in range(0, 30, 5)))
    discover(wireless, "since=2 days", "sections=the-gioi")
    assert [url for url in lists() if "?page=" in url] == ["/the-gioi?page=1", "/the-gioi?page=2"]


def test_lists_without_end_are_cut(wireless):
    page = '<div class="taxonomy-content"><a class="vovvn-title" href="/a/{n}-post{n}.vov">Bài</a></div>'
    for number in range(40):
        where = "/the-gioi" + (f"?page={number}" if number else "")
        pager = f'<ul class="pagination"><a href="?page={number + 1}">Sau</a></ul>'
        World.site.add(where, page.format(n=5000 + number) + pager)
    discover(wireless, "sections=the-gioi", LIST_PAGES_MAX=7)
    assert len([url for url in lists() if url.startswith("/the-gioi")]) == 7


def test_a_list_that_was_cut_is_read_on_by_a_run_that_may(wireless):
    for number in range(50):
        publish(World.site, number, NOW - timedelta(hours=number))
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        World.site.fault(f"https://vov.vn{place}", status=404)

    def pages(**settings) -> int:
        World.log.clear()
        discover(wireless, "sections=the-gioi", **settings)
        return len([url for url in lists() if url.startswith("/the-gioi")])

    assert pages(LIST_PAGES_MAX=2) == 2
    assert pages(LIST_PAGES_MAX=2) == 1
    assert pages() == 5
    assert len(World.articles()) == 30
    assert pages() == 1


def test_a_pager_that_shows_the_same_again_is_left(wireless):
    page = '<div class="taxonomy-content"><a class="vovvn-title" href="/a/b-post5000.vov">Bài</a></div>'
    for number in range(40):
        pager = f'<ul class="pagination"><a href="?page={number + 1}">Sau</a></ul>'
        World.site.add("/the-gioi" + (f"?page={number}" if number else ""), page + pager)
    discover(wireless, "sections=the-gioi")
    assert len([url for url in lists() if url.startswith("/the-gioi")]) == 2


def test_a_page_that_is_none_of_its_list_is_named_and_ends_no_list(wireless):
    urls = [publish(World.site, number, NOW - timedelta(days=number)) for number in range(4)]
    list_only(*map(card, urls))
    World.site.fault("https://vov.vn/the-gioi?page=2", body="<html><h1>Đang bảo trì</h1></html>", times=1)
    first = wireless("update", {})
    assert first.stats["discovery/unread"]["https://vov.vn/the-gioi?page=2"] == "it lists no article"
    assert numbers(first) == [0, 1]
    assert numbers(wireless("update", {})) == [0, 1, 2, 3]


def test_an_empty_page_at_the_end_of_a_list_is_its_end(wireless):
    url = publish(World.site, 1, NOW)
    list_only(card(url) + '<a href="?page=1">Sau</a>', '<a href="/the-gioi">1</a>')
    assert (
        "https://vov.vn/the-gioi?page=1" not in discover(wireless, "sections=the-gioi").stats["discovery/unread"]
    )

"""Pages that moved for good, and are back where they were."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tests.listed import NOW, numbers, publish
from tests.replica.lists import rss
from tests.wireless import World

NEW = "https://vov.vn/the-gioi/ten-moi-post1777.vov"


@pytest.fixture
def old(wireless):
    """An article that was read, then redirected to its new address, and is back since."""
    site, url = World.site, publish(World.site, 0, NOW)
    assert wireless("update").code == 0
    site.rename(url, NEW)
    World.wait(timedelta(hours=2))
    assert numbers(wireless("update")) == [0, 777]
    site._fixed.clear()
    publish(site, 0, NOW)
    site.edit(url, headline="Bài đã về chỗ cũ")
    return url


def again(wireless, **span) -> list[str]:
    """Return the articles that the next run asked for."""
    World.log.clear()
    World.wait(timedelta(**span))
    outcome = wireless("update")
    assert outcome.code == 0, outcome.said
    return World.articles()


def test_an_article_that_is_listed_where_it_was_is_read_when_it_is_gone_where_it_went(old, wireless):
    World.site.remove(NEW)
    assert set(again(wireless, hours=2)) == {NEW}
    assert old in again(wireless, hours=2)
    record = wireless("update").feed()[-1]
    assert (record["url"], record["headline"], record["status"]) == (old, "Bài đã về chỗ cũ", "revised")


def test_an_article_to_which_its_new_address_leads_back_is_read_by_the_next_run(old, wireless):
    World.site.redirect(NEW, old)
    World.site.stories.pop(NEW, None)
    assert {*again(wireless, hours=2), *again(wireless, minutes=15)} == {NEW, old}
    assert again(wireless, minutes=15) == []


def test_an_address_that_still_leads_to_where_nothing_is_is_asked_for_no_more_often_than_that(old, wireless):
    World.site.redirect(old, NEW)
    World.site.remove(NEW)
    asked = Counter(url for _ in range(8) for url in again(wireless, minutes=30))
    assert 1 <= asked[old] <= asked[NEW] <= 5


def test_a_list_is_asked_for_where_it_was_when_it_is_gone_where_it_went(wireless):
    site, new = World.site, "/rss/quoc-te.rss"
    publish(site, 1, NOW)
    site.redirect("/rss/the-gioi.rss", new)
    site.add(new, rss(site.published(), "the-gioi"), content_type="text/xml")
    assert wireless("update").code == 0
    site.remove("https://vov.vn" + new)
    site.add("/rss/the-gioi.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    again(wireless, hours=2)
    again(wireless, hours=2)
    assert "https://vov.vn/rss/the-gioi.rss" in World.asked()


def test_a_site_that_sent_everything_to_one_page_for_an_hour_is_visited_as_before(wireless):
    site = World.site
    urls = [publish(site, number, NOW) for number in range(3)]
    site.add("/rss/the-gioi.rss", rss(site.published(), "the-gioi"), content_type="text/xml")
    assert wireless("update").code == 0
    for place in ("rss/*", "tin-moi-cap-nhat", "the-gioi*", "sitemap*"):
        site.fault(f"https://vov.vn/{place}", status=301, headers=[("Location", "https://vov.vn/")])
    World.wait(timedelta(hours=2))
    wireless("update")
    site.heal()
    assert sorted(again(wireless, hours=2)) == urls
    again(wireless, days=1)
    assert {"https://vov.vn/rss/the-gioi.rss", "https://vov.vn/tin-moi-cap-nhat"} <= set(World.asked())

"""Discovery finds what the site lists, once, within its window and its bounds, whatever list is broken."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from tests import chain
from tests.listed import NOW, TODAY, discover, lists, numbers, publish
from tests.wireless import World


@pytest.fixture
def site(wireless):
    """Thirty articles, one an hour, in two sections."""
    for number in range(30):
        publish(World.site, number, NOW - timedelta(hours=number), ("the-gioi", "kinh-te")[number % 2])
    return World.site


def test_everything_that_is_listed_is_fetched_once(site, wireless):
    outcome = discover(wireless)
    assert outcome.code == 0, outcome.said
    assert numbers(outcome) == list(range(30))
    assert max(World.counts().values()) == 1
    assert {record["hops"] for record in outcome.feed()} == {0}


def test_a_second_run_reads_first_pages_only_and_no_article_again(site, wireless):
    discover(wireless, "sections=the-gioi")
    World.log.clear()
    outcome = discover(wireless, "sections=the-gioi")
    assert outcome.code == 0, outcome.said
    assert not [url for url in World.asked() if "page=" in url or ".vov" in url]


def test_what_a_run_with_another_window_did_not_want_is_fetched(wireless):
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        World.site.fault(f"https://vov.vn{place}", status=404)
    for number in range(60):
        publish(World.site, number, TODAY - timedelta(hours=6 * number))
    until = TODAY - timedelta(days=9)
    outcome = discover(wireless, "since=10 days", f"until={until:%Y-%m-%d}", "sections=the-gioi")
    assert numbers(outcome) == list(range(33, 41))
    World.log.clear()
    # The first page alone is read again; the ledger knows what stands behind it, and what is too old.
    assert numbers(discover(wireless, "since=8 days", "sections=the-gioi")) == list(range(41))
    assert not [url for url in World.asked() if "page=" in url]
    assert len(World.articles()) == 33


def test_what_failed_on_a_page_that_is_not_read_again_is_fetched_when_it_is_due(wireless):
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        World.site.fault(f"https://vov.vn{place}", status=404)
    pages = [publish(World.site, number, TODAY - timedelta(hours=6 * number)) for number in range(30)]
    World.site.fault(pages[25], nth=[1], status=404)
    assert len(numbers(discover(wireless, "since=20 days", "sections=the-gioi"))) == 29
    World.wait(timedelta(hours=1))
    assert len(numbers(discover(wireless, "since=20 days", "sections=the-gioi"))) == 30


def test_only_the_chosen_sections_are_read(site, wireless):
    outcome = discover(wireless, "sections=the-gioi")
    assert numbers(outcome) == list(range(0, 30, 2))
    assert "/kinh-te" not in " ".join(lists())


PLACES = {"feed": ["/rss/*"], "list": ["/the-gioi", "/tin-moi-cap-nhat"], "sitemap": ["/sitemap*"]}


@pytest.mark.parametrize("source", PLACES)
def test_the_window_has_whole_days_in_vietnam(wireless, source):
    site = World.site
    yesterday = TODAY - timedelta(days=1)
    publish(site, 1, yesterday - timedelta(minutes=1))
    publish(site, 2, yesterday)
    publish(site, 3, TODAY - timedelta(minutes=1))
    publish(site, 4, TODAY)
    for kind, places in PLACES.items():
        for place in places if kind != source else ():
            site.fault(f"https://vov.vn{place}", status=404)
    outcome = discover(wireless, f"since={yesterday:%Y-%m-%d}", f"until={yesterday:%d/%m/%Y}", "sections=the-gioi")
    assert outcome.code == 0, outcome.said
    assert numbers(outcome) == [2, 3]


BROKEN = {
    "bad xml": {"body": b"<rss><channel><item><link>https://vov"},
    "a page": {"body": b"<html><body>Xin l\xe1\xbb\x97i</body></html>"},
    "binary": {"body": b"\x00\x01\x02\xff" * 50},
    "gone": {"status": 404},
    "broken server": {"status": 500},
    "empty": {"body": b""},
    "challenge": {"body": b"<title>Attention Required</title><script>location.href='/'</script>"},
}


def test_a_broken_list_costs_itself_only(site, wireless):
    for (_, answer), feed in zip(
        BROKEN.items(),
        ["xa-hoi", "the-gioi", "kinh-te", "phap-luat", "the-thao", "van-hoa", "suc-khoe"],
        strict=True,
    ):
        site.fault(f"/rss/{feed}.rss", **answer)
    site.fault("/tin-moi-cap-nhat", **BROKEN["a page"])
    site.fault("/sitemap.xml", **BROKEN["bad xml"])
    outcome = discover(wireless, RETRY_TIMES=0, BACKOFF_START=0.01)
    assert outcome.code == 0, outcome.said
    assert numbers(outcome) == list(range(30))
    unread = outcome.stats["discovery/unread"]
    assert {"/rss/the-gioi.rss", "/rss/kinh-te.rss", "/sitemap.xml"} <= {url[14:] for url in unread}
    assert unread["https://vov.vn/rss/the-gioi.rss"] == "it is no feed"


def test_sitemaps_are_found_in_indexes_of_indexes_and_gzipped(wireless):
    url = publish(World.site, 7, NOW - timedelta(days=400), "khac")
    index = "<sitemapindex>{}</sitemapindex>".format("<sitemap><loc>https://vov.vn/{}</loc></sitemap>" * 2)
    World.site.add("/sitemap.xml", index.format("sitemap-a.xml", "sitemap.xml"), content_type="text/xml")
    World.site.add("/sitemap-a.xml", index.format("sitemap-b.xml.gz", "sitemap-a.xml"), content_type="text/xml")
    urlset = gzip.compress(f"<urlset><url><loc>{url}</loc></url></urlset>".encode())
    World.site.add("/sitemap-b.xml.gz", urlset, content_type="application/gzip")
    assert numbers(discover(wireless)) == [7]
    assert max(World.counts().values()) == 1


def test_a_sitemap_that_an_index_names_on_a_mirror_is_asked_for_at_vov_vn(wireless):
    url = publish(World.site, 7, NOW - timedelta(days=400))
    index = "<sitemapindex><sitemap><loc>http://m.vov.vn/sitemap-a.xml?page=2&amp;utm_source=x</loc></sitemap></sitemapindex>"
    World.site.add("/sitemap.xml", index, content_type="text/xml")
    urlset = f"<urlset><url><loc>{url}</loc></url></urlset>"
    World.site.add("/sitemap-a.xml?page=2", urlset, content_type="text/xml")
    assert numbers(discover(wireless)) == [7]
    assert "https://vov.vn/sitemap-a.xml?page=2" in World.asked()
    assert all(asked.startswith("https://vov.vn/") for asked in World.asked())


def test_of_an_index_only_what_may_have_something_for_the_window_is_asked_for(wireless):
    since = TODAY - timedelta(days=20)
    changes = {
        "/old.xml": f"<lastmod>{since - timedelta(minutes=1):%Y-%m-%dT%H:%M}+07:00</lastmod>",
        "/same-day.xml": f"<lastmod>{since:%Y-%m-%dT%H:%M}+07:00</lastmod>",
        "/unsaid.xml": "",
        f"/sitemaps/{since.year - 1}/{since.month}/article.xml": "",
        f"/sitemaps/{since.year}/{since.month}/extra.xml": "",
        f"/sitemaps/{TODAY.year + 1}/{TODAY.month}/article.xml": "",
    }
    named = [f"<sitemap><loc>https://vov.vn{path}</loc>{changed}</sitemap>" for path, changed in changes.items()]
    World.site.add("/sitemap.xml", f"<sitemapindex>{''.join(named)}</sitemapindex>", content_type="text/xml")
    discover(wireless, f"since={since:%Y-%m-%d}", f"until={TODAY:%Y-%m-%d}", "sections=the-gioi")
    asked = [path for path in changes if path in lists()]
    assert asked == ["/same-day.xml", "/unsaid.xml", f"/sitemaps/{since.year}/{since.month}/extra.xml"]


def test_what_a_found_article_calls_related_may_be_of_any_day(wireless):
    for number, days, related in ((1, 1, [2]), (2, 50, [3]), (3, 60, [])):
        at = TODAY - timedelta(days=days)
        chain.publish(World.site, number, *related, published_at=at)
    outcome = discover(wireless, "since=3 days", "hops=1", "sections=the-gioi")
    assert {record["id"]: record["hops"] for record in outcome.feed()} == {
        "vov.vn/post1001": 0,
        "vov.vn/post1002": 1,
    }


def test_indexes_without_end_are_cut(wireless):
    index = "<sitemapindex>{}</sitemapindex>"
    for name in ("sitemap", *(f"sitemap-{n}" for n in range(6))):
        nested = "".join(f"<sitemap><loc>https://vov.vn/{name}-{n}.xml</loc></sitemap>" for n in range(6))
        World.site.add(f"/{name}.xml", index.format(nested), content_type="text/xml")
    discover(wireless, "sections=the-gioi", SITEMAPS_MAX=10)
    assert len([url for url in lists() if url.startswith("/sitemap-")]) == 10


def test_a_list_that_lists_nothing_is_named(site, wireless):
    site.fault("/the-gioi", body="<html><body><div id='app'></div></body></html>")
    outcome = discover(wireless, "sections=the-gioi")
    assert outcome.stats["discovery/unread"]["https://vov.vn/the-gioi"] == "it lists no article"


def test_a_section_that_leads_to_the_front_page_is_named(site, wireless):
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        site.fault(f"https://vov.vn{place}", status=404)
    site.redirect("/the-gioi", "/", 302)
    outcome = discover(wireless, "sections=the-gioi")
    assert numbers(outcome) == []
    assert "front page" in outcome.stats["discovery/unread"]["https://vov.vn/the-gioi"]


@pytest.mark.parametrize("spider", ["discovery", "update"])
def test_a_run_in_which_no_list_gives_anything_is_no_success(site, wireless, spider):
    site.fault("https://vov.vn/*", body="<html><body><h1>Trang đang bảo trì</h1></body></html>")
    outcome = wireless(spider, {})
    assert outcome.code == 1
    assert "could be read" in outcome.said


def test_an_article_is_one_however_it_is_written(wireless):
    url = publish(World.site, 1, NOW)
    forms = [
        url.replace("https:", "http:"),
        url.replace("https:", ""),
        url.removeprefix("https://vov.vn"),
        url.replace("vov.vn/", "WWW.VOV.VN/"),
        url.replace("//vov.vn", "//m.vov.vn"),
        url.replace("//vov.vn", "//baoxuan.vov.vn."),
        f"\n  {url}  \n",
        f"{url}?utm_source=x&amp;fbclid=1#top",
    ]
    entries = "".join(f"<item><title>A</title><link>{form}</link><pubDate>soon</pubDate></item>" for form in forms)
    feed = f"<rss version='2.0'><channel><title>A</title>{entries}</channel></rss>"
    World.site.add("/rss/tin-moi-nhat.rss", feed, content_type="text/xml")
    entries = "".join(f"<url><loc>{form}</loc><lastmod>soon</lastmod></url>" for form in forms)
    World.site.add("/sitemap.xml", f"<urlset>{entries}</urlset>", content_type="text/xml")
    assert numbers(discover(wireless)) == [1]
    assert World.articles() == [url]


def test_months_are_asked_for_by_date_also_the_running_one(wireless):
    discover(wireless, f"since={TODAY - timedelta(days=62):%Y-%m-%d}", "sections=the-gioi")
    months = {url for url in lists() if url.startswith("/sitemaps/")}
    assert f"/sitemaps/{TODAY.year}/{TODAY.month}/article.xml" in months
    assert len(months) in {3, 4}


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("since=soon", "since=soon is no day"),
        ("until=31/02/2026", "until=31/02/2026 is no day"),
        ("sections=the-goi", "there is no section 'the-goi'; say 'the-gioi'"),
        ("sections=,", "names no section"),
        ("hops=-1", "hops=-1"),
        ("section=the-gioi", "no argument 'section'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(wireless, argument, said):
    outcome = discover(wireless, argument)
    assert outcome.code == 2
    assert said in outcome.said


def test_a_window_upside_down_is_refused(wireless):
    outcome = discover(wireless, "since=2026-11-02", "until=2026-11-01")
    assert outcome.code == 2
    assert "later than" in outcome.said


def test_sections_can_be_added_and_taken_away(wireless):
    publish(World.site, 1, NOW - timedelta(days=100), "chuyen-de")
    outcome = discover(wireless, "sections=chuyen-de", SECTIONS='{"chuyen-de": "", "the-gioi": null}')
    assert numbers(outcome) == [1]


def test_a_part_of_an_unknown_section_can_be_added(wireless):
    publish(World.site, 1, NOW - timedelta(days=100), "chuyen-de/bien-dao")
    more = {"SECTIONS": '{"chuyen-de/bien-dao": ""}'}
    assert numbers(discover(wireless, "sections=chuyen-de/bien-dao", **more)) == [1]
    assert discover(wireless, "sections=chuyen-de", **more).code == 2


def test_the_ledger_knows_who_listed_what(site, wireless):
    outcome = discover(wireless)
    with closing(sqlite3.connect(outcome.data / "catalogue.sqlite")) as connection, connection:
        kinds = dict(
            connection.execute(
                "SELECT kind, count(*) FROM listings JOIN sources ON number = source GROUP BY kind"
            ).fetchall()
        )
    assert set(kinds) == {"feed", "list", "latest", "sitemap"}
    assert min(kinds.values()) >= 20

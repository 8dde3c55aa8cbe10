"""Feeds and sitemaps give what they list, whatever is broken in them; a bomb gives nothing."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from vovcrawler.dates import VIETNAM
from vovcrawler.pages.syndication import NotAList, read_feed, read_sitemap

_FEED = "https://vov.vn/rss/kinh-te.rss"
_MAP = "https://vov.vn/sitemaps/2026/6/article.xml"
_FIRST = "https://vov.vn/kinh-te/mot-post1.vov"
_ITEM = """<item><title><![CDATA[Tin &quot;một&quot;]]></title><link>/kinh-te/mot-post1.vov?utm_source=rss</link>
<description><![CDATA[<a href="x"><img src="t.jpg"></a> VOV.VN - Sapo &amp; một.]]></description>
<pubDate>{date}</pubDate></item>"""


def _rss(items: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    "date",
    ["Mon, 29 Dec 2025 16:54:00 +0700", "Mon, 29 Dec 2025 16:54:00 GMT+7", "Mon, 29 Dec 2025 09:54:00 GMT"],
)
def test_an_entry_is_read_with_its_date_in_any_zone(date):
    (item,) = read_feed(_rss(_ITEM.format(date=date)), _FEED)
    assert item.url == _FIRST
    assert item.headline == 'Tin "một"'
    assert item.teaser == "Sapo & một."
    assert item.published_at == datetime(2025, 12, 29, 16, 54, tzinfo=VIETNAM)


def test_the_time_of_a_program_that_knows_none_is_no_date():
    (entry,) = read_feed(_rss(_ITEM.format(date="Thu, 01 Jan 1970 07:00:00 +0700")), _FEED)
    (item,) = read_sitemap(_urlset(_URL.replace("2026-06-01T05:", "1970-01-01T07:")), _MAP).items
    assert (entry.published_at, item.modified_at) == (None, None)


def test_an_atom_feed_is_read():
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><updated>2025-12-29T00:00:00Z</updated>
    <link rel="alternate" href="https://vov.vn/kinh-te/mot-post1.vov"/></entry></feed>"""
    (item,) = read_feed(feed, _FEED)
    assert (item.url, item.published_at) == (_FIRST, datetime(2025, 12, 29, tzinfo=UTC))


_GOOD = _ITEM.format(date="")


@pytest.mark.parametrize(
    "feed",
    [
        _rss(_GOOD + _GOOD),
        _rss(_GOOD + "<item><title>A & B</title><link>https://vov.vn/chinh-tri</link></item>"),
        _rss(_GOOD)[:-20],
        b"\xef\xbb\xbf" + _rss(_GOOD),
        b"\n\n  " + _rss(_GOOD),
        gzip.compress(_rss(_GOOD)),
        _rss(_GOOD.replace("<pubDate></pubDate>", "<pubDate>hôm qua, khoảng trưa</pubDate>")),
        _rss("<item><guid isPermaLink='true'>https://m.vov.vn/kinh-te/mot-post1.vov</guid></item>"),
        _rss("<item><link>http://[bad</link></item><item><link>javascript:x</link></item><item/>" + _GOOD),
    ],
    ids=["twice", "no article", "cut off", "mark", "spaces", "gzip", "no date", "guid", "bad links"],
)
def test_what_is_broken_costs_itself_only(feed):
    assert [item.url for item in read_feed(feed, _FEED)] == [_FIRST]


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"<html><body><h1>404</h1></body></html>", b"\x00\xff\xfe", b"\x1f\x8b\x08broken", b"{}"],
    ids=["empty", "spaces", "page", "binary", "broken gzip", "json"],
)
@pytest.mark.parametrize("read", [read_feed, read_sitemap])
def test_what_is_no_list_is_refused(read, body):
    with pytest.raises(NotAList):
        read(body, _FEED)


def test_a_feed_without_entries_is_a_feed():
    assert read_feed(_rss(""), _FEED) == []


def _urlset(entries: str) -> bytes:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


_URL = (
    "<url><loc> https://www.vov.vn/kinh-te/mot-post1.vov </loc><lastmod>2026-06-01T05:00:00+07:00</lastmod></url>"
)


@pytest.mark.parametrize(
    "body",
    [
        _urlset(_URL),
        gzip.compress(_urlset(_URL)),
        b"\xef\xbb\xbf\n" + _urlset(_URL + _URL + "<url><loc>https://vov.vn/chinh-tri</loc></url>"),
        _urlset(_URL + "<url><lastmod>x</lastmod></url><url><loc>//[</loc></url>"),
        _urlset(_URL)[:-15],
    ],
    ids=["plain", "gzip", "with others", "bad entries", "cut off"],
)
def test_a_sitemap_lists_articles_with_their_last_change(body):
    listing = read_sitemap(body, _MAP)
    assert [item.url for item in listing.items] == [_FIRST]
    assert listing.items[0].modified_at == datetime(2026, 6, 1, 5, tzinfo=VIETNAM)


def test_an_index_lists_sitemaps_and_indexes():
    index = b"""<sitemapindex><sitemap><loc>/sitemaps/2026/5/article.xml</loc>
    <lastmod>2026-06-01</lastmod></sitemap>
    <sitemap><loc>https://vov.vn/sitemap-2.xml.gz</loc></sitemap></sitemapindex>"""
    listing = read_sitemap(index, "https://vov.vn/sitemap.xml")
    assert list(listing.sitemaps) == [
        "https://vov.vn/sitemaps/2026/5/article.xml",
        "https://vov.vn/sitemap-2.xml.gz",
    ]
    assert listing.items == []


_BOMB = '<!DOCTYPE x [<!ENTITY a "{}">{}]>'.format(
    "lol " * 100,
    "".join(f'<!ENTITY {to} "{f"&{of};" * 100}">' for of, to in zip("abcdefg", "bcdefgh", strict=True)),
)


@pytest.mark.parametrize("read", [read_feed, read_sitemap])
def test_an_entity_bomb_and_a_foreign_file_do_no_harm(read):
    outside = '<!DOCTYPE x [<!ENTITY h SYSTEM "file:///etc/hostname">]>'
    for doctype in (_BOMB, outside):
        for feed in (_rss("<item><title>&h;</title></item>"), _urlset("<url><loc>&h;</loc></url>")):
            try:
                listed = read(doctype.encode() + feed.rpartition(b"?>")[2], _FEED)
            except NotAList:
                continue
            assert len(repr(listed)) < 1000


@pytest.mark.parametrize("read", [read_feed, read_sitemap])
def test_a_gzip_bomb_does_no_harm(read):
    with pytest.raises(NotAList):
        read(gzip.compress(b" " * 100_000_000, compresslevel=1), _FEED)

"""What the site lists for machines: RSS and Atom feeds, sitemaps, indexes of sitemaps.

Parsers that exist do the reading: feedparser, which takes document types out before it parses, and Scrapy's
sitemap reader, which resolves no entity. A sender that is broken costs its own entries only.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from lxml import etree
from parsel import Selector
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap

from vovcrawler import text, urls
from vovcrawler.pages.listing import Listed, moment_of

_LARGEST = 64 * 1024 * 1024
# The limit that sitemaps.org sets for one file; feeds have some thirty entries.
_MOST = 50_000
_GZIP = b"\x1f\x8b"


class NotAList(ValueError):
    """What came is neither a feed nor a sitemap."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SitemapListing:
    """What a sitemap lists: articles, or further sitemaps with the time of their last change."""

    items: list[Listed] = field(default_factory=list)
    sitemaps: dict[str, datetime | None] = field(default_factory=dict)


def read_feed(body: bytes, url: str) -> list[Listed]:
    """Read an RSS or Atom feed, also one that is not quite XML; raises :class:`NotAList`.

    >>> feed = b"<rss><channel><item><title>A</title><link>/a-post1.vov</link></item></channel></rss>"
    >>> [(item.url, item.headline) for item in read_feed(feed, "https://vov.vn/rss/kinh-te.rss")]
    [('https://vov.vn/a-post1.vov', 'A')]
    """
    import feedparser  # slow to import

    try:
        # As a stream: a string might be taken for an address and fetched.
        feed = feedparser.parse(io.BytesIO(_unpacked(body)), response_headers={"content-location": url})
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError) as problem:
        raise NotAList(f"the feed cannot be read: {problem}") from problem
    if not (feed.get("version") or feed.entries):
        raise NotAList("it is no feed")
    return _once(item for entry in feed.entries[:_MOST] if (item := _entry(entry, url)))


def read_sitemap(body: bytes, url: str) -> SitemapListing:
    """Read a sitemap or an index of sitemaps, gzipped or not; raises :class:`NotAList`.

    >>> index = b"<sitemapindex><sitemap><loc>https://vov.vn/sitemaps/2026/6/article.xml</loc></sitemap></sitemapindex>"
    >>> list(read_sitemap(index, "https://vov.vn/sitemap.xml").sitemaps)
    ['https://vov.vn/sitemaps/2026/6/article.xml']
    """
    try:
        sitemap = Sitemap(_unpacked(body).strip())
        if sitemap.type not in {"urlset", "sitemapindex"}:
            raise NotAList("it is no sitemap")
        entries = _readable(sitemap)
    except (etree.XMLSyntaxError, StopIteration) as problem:
        raise NotAList("the sitemap cannot be read") from problem
    located = [(urls.join(url, entry["loc"]), _time(entry.get("lastmod"))) for entry in entries]
    if sitemap.type == "sitemapindex":
        return SitemapListing(sitemaps={urls.canonical(loc): changed for loc, changed in located if loc})
    articles = ((urls.canonical(loc), changed) for loc, changed in located if loc and urls.is_article(loc))
    return SitemapListing(items=_once(Listed(url=loc, modified_at=changed) for loc, changed in articles))


def _readable(sitemap: Sitemap) -> list[dict[str, Any]]:
    """Return the entries up to where the file breaks off."""
    entries: list[dict[str, Any]] = []
    try:
        entries.extend(islice(sitemap, _MOST))
    except etree.XMLSyntaxError:
        if not entries:
            raise
    return entries


def _entry(entry: Any, url: str) -> Listed | None:
    places = (entry.get(name) for name in ("link", "feedburner_origlink", "id"))
    target = next(
        (to for place in places if place and (to := urls.join(url, place)) and urls.is_article(to)), None
    )
    if target is None:
        return None
    teaser = _words(entry.get("summary"))
    return Listed(
        url=urls.canonical(target),
        headline=_words(entry.get("title")),
        teaser=text.split_outlet(teaser)[1] if teaser else None,
        published_at=_time(entry.get("published") or dict.get(entry, "updated")),
    )


def _words(markup: str | None) -> str | None:
    """Return what a reader sees of *markup*, which feeds escape once or twice."""
    if not markup or not markup.strip():
        return None
    return text.clean(" ".join(Selector(text=markup, type="html").xpath("//text()").getall())) or None


def _time(stamp: str | None) -> datetime | None:
    return moment_of(stamp) if stamp else None


def _once(items: Iterable[Listed]) -> list[Listed]:
    return list({item.url: item for item in reversed(list(items))}.values())[::-1]


def _unpacked(body: bytes) -> bytes:
    """Return *body*, unpacked where it is a gzip file; one that is too large when unpacked is no list."""
    if not body.startswith(_GZIP):
        return body
    try:
        return gunzip(body, max_size=_LARGEST)
    except (OSError, EOFError, ValueError) as problem:
        raise NotAList("its gzip cannot be unpacked") from problem

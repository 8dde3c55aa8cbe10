"""The ledger out of the archive: what captured lists, feeds and sitemaps listed is entered without a request."""

from __future__ import annotations

from asyncio import sleep
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from vovcrawler import context, dates, sections, urls
from vovcrawler.catalogue.coverage import Kind
from vovcrawler.commits import Commits
from vovcrawler.pages import decode
from vovcrawler.pages.listing import Listed, first_page, read_listing
from vovcrawler.pages.syndication import NotAList, read_feed, read_sitemap
from vovcrawler.refusal import refusal
from vovcrawler.replay import respond, source_of
from vovcrawler.sightings import Sighting, enter, ours
from vovcrawler.sources import Capture

_NOTHING = Sighting(source="", kind="list", section=None, items=[])


class ListsThen:
    """Spider middleware of rebuild and ingest: enters what each list among the captures listed at its time."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.source = source_of(crawler)
        self.catalogue = context.catalogue(crawler)
        self.commits = Commits.of(crawler)
        self.known = sections.table(crawler.settings.getdict("SECTIONS"))
        self._unpack = HttpCompressionMiddleware.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Read the lists first: they know of articles before anybody asks for these."""
        for _, captures in groupby(self._in_time(self.crawler.settings.get("INGEST_UNTIL")), attrgetter("url")):
            await self._enter_all(_telling(captures))
        async for request in start:
            yield request

    async def _enter_all(self, captures: Iterable[Capture]) -> None:
        """Enter what one list listed: each article when it came, and when it was there for the last time."""
        before, then = _NOTHING, ""
        for capture in captures:
            at = capture.captured_at or dates.warc_date(context.clock(self.crawler)())
            if now := self._read(capture):
                await self._enter(now, at, known=before)
                await self._enter(before, then, known=now)
                before, then = now, at
            await sleep(0)  # the rest of the program has its turn
        await self._enter(before, then, known=_NOTHING)

    async def _enter(self, sighting: Sighting, at: str, *, known: Sighting) -> None:
        """Enter what *sighting* has and *known* has not: of thousands of articles a few come and go."""
        urls_ = {item.url for item in known.items}
        items = [item for item in sighting.items if item.url not in urls_]
        if items and await self.commits.begin(self):
            with self.commits.guard():
                enter(self.catalogue, replace(sighting, items=items), at)
            self.commits.end(self)
            self.commits.consider()

    def _in_time(self, until: str | None) -> Iterator[Capture]:
        for capture in self.source.lists():
            if until and capture.moment and capture.moment > until:
                self.crawler.stats.inc_value("ingest/later")
            else:
                yield capture

    def _read(self, capture: Capture) -> Sighting | None:
        """Return what *capture* listed; ``None`` when it is no list of the site, or cannot be read."""
        source = first_page(capture.url or "")
        kind, section = self._place(source)
        # A list that refers to one in another file has the same bytes, and so says nothing new.
        answer = self.source.read(capture, quietly=True) if kind else None
        if kind is None or answer is None:
            return None
        request = Request(source)
        try:
            response = self._unpack.process_response(request, respond(request, answer))
            assert isinstance(response, Response)
            items = _items(kind, response)
        except (IgnoreRequest, NotAList):
            return None
        return Sighting(source=source, kind=kind, section=section, items=ours(items))

    def _place(self, source: str) -> tuple[Kind | None, str | None]:
        """The kind of list that stands at *source*, and its section, as discovery knows them."""
        section = sections.listed_by(source, self.known)
        path = section.path if section else None
        if source in (sections.LATEST, sections.LATEST_FEED):
            return "latest", None
        kinds: dict[str, Kind] = {"feed": "feed", "sitemap": "sitemap"}
        return kinds.get(urls.classify(source).kind, "list" if section else None), path


def _telling(captures: Iterable[Capture]) -> Iterator[Capture]:
    """Of captures with the same bytes in a row the first and the last: sitemaps are captured all day long."""
    for _, same in groupby(captures, lambda capture: capture.payload_digest or capture.id):
        yield next(same)
        yield from deque(same, maxlen=1)  # noqa: B031 - what is left of it


def _items(kind: Kind, response: Response) -> list[Listed]:
    if kind == "sitemap":
        return read_sitemap(response.body, response.url).items
    if urls.classify(response.url).kind == "feed":
        return read_feed(response.body, response.url)
    if refusal(response):
        return []
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return read_listing(decode(response.body, content_type), response.url).items

"""Between spider and ledger: what a list lists is remembered in the transaction that settles its page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.http import Response

from vovcrawler import context, dates, urls
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.coverage import Kind
from vovcrawler.commits import Commits
from vovcrawler.flights import Flights
from vovcrawler.pages.listing import Listed

# Under this name and its address stands how many pages of a list were read that was cut.
_CUT = "cut_at:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """What one page of a list listed; a spider yields it, nothing after this module sees it.

    ``read_to`` is given by the page that ends a list: it has now been read back to that day. ``cut_at`` is given
    by the last page that the run may read: so many they were.
    """

    source: str
    kind: Kind
    section: str | None
    items: list[Listed]
    read_to: date | None = None
    cut_at: int = 0


class Sightings:
    """Spider middleware that enters sightings into the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.catalogue = context.catalogue(crawler)
        self.commits = Commits.of(crawler)
        self.flights = Flights.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in result:
            if isinstance(output, Sighting):
                await self._enter(output, response)
            else:
                yield output

    async def _enter(self, sighting: Sighting, response: Response) -> None:
        flight = self.flights.of_request(response.request)
        if not await self.commits.begin(flight or self):
            return
        at = dates.warc_date(context.clock(self.crawler)())
        with self.commits.guard():
            enter(self.catalogue, sighting, at)
        if flight is None:
            self.commits.end(self)
        self.crawler.stats.inc_value(f"discovery/listed/{sighting.kind}", len(sighting.items))


def enter(catalogue: Catalogue, sighting: Sighting, at: str) -> None:
    """Enter into the ledger what was listed at the moment *at*."""
    pages = ((catalogue.know_page(item.url, at), item.published_at) for item in sighting.items)
    catalogue.listed(sighting.source, sighting.kind, sighting.section, pages, at)
    if sighting.read_to:
        catalogue.set_read_to(sighting.source, sighting.read_to)
    if sighting.cut_at > _cut_at(catalogue, sighting.source):
        catalogue.set_note(_CUT + sighting.source, str(sighting.cut_at))


def was_read(crawler: Crawler, source: str, depth: date) -> bool:
    """Whether the list at *source* was read back to *depth*, or as far as this run may read it."""
    catalogue = context.catalogue(crawler)
    read_to = catalogue.read_to(source)
    if read_to and read_to <= depth:
        return True
    return 0 < crawler.settings.getint("LIST_PAGES_MAX") <= _cut_at(catalogue, source)


def has_gap(crawler: Crawler, source: str) -> None:
    """Remember that a page of the list at *source* did not come, nor what stands behind it."""
    catalogue, commits = context.catalogue(crawler), Commits.of(crawler)
    with commits.guard():
        catalogue.forget_read_to(source)
        if _cut_at(catalogue, source):
            catalogue.set_note(_CUT + source, "0")
        commits.wrote()


def _cut_at(catalogue: Catalogue, source: str) -> int:
    return int(catalogue.note(_CUT + source) or 0)


def was_listed(crawler: Crawler, sighting: Sighting, depth: date) -> bool:
    """Whether all of *sighting* was listed before by a list that has been read to *depth*, or as far as it may be.

    Ask before the sighting is entered.
    """
    if not was_read(crawler, sighting.source, depth):
        return False
    urls_ = [item.url for item in sighting.items]
    return context.catalogue(crawler).listed_by(sighting.source, urls_) == set(urls_)


def passed_over(crawler: Crawler, source: str, depth: date) -> list[Listed]:
    """Return what the list at *source* has listed since *depth* and no run has got, or wanted."""
    at = dates.warc_date(context.clock(crawler)())
    rows = context.catalogue(crawler).unheld(source, depth, at)
    return [Listed(url=url, published_at=dates.parse(given) if given else None) for url, given in rows]


def ours(items: list[Listed]) -> list[Listed]:
    """Return the *items* that are articles on the hosts that may be asked."""
    return [item for item in items if urls.is_article(item.url) and urls.is_allowed(item.url)]

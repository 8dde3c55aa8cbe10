"""What happens to a record between the page and the feeds: it is judged and recorded, never reworded."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from vovcrawler import context, dates, feeds
from vovcrawler.commits import Commits
from vovcrawler.flights import Flight, Flights
from vovcrawler.items import Article

# Fields of the run and fields that most articles rightly lack: their absence says nothing about the page.
_OPTIONAL = frozenset(
    {"subheadings", "media", "modified_at", "fallback_fields", "duplicate_of", "near_duplicate_of"}
    | {"captured_at", "capture", "hops", "seq"}
)
_EXPECTED = tuple(name for name in Article.__slots__ if name not in _OPTIONAL)


class Require:
    """Count the fields that a page did not give; drop what has neither headline nor text."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Any) -> Any:
        # What comes again from the catalogue was not read from a page.
        if not isinstance(item, Article) or item.status != "new":
            return item
        for name in missing(item):
            self.stats.inc_value(f"extract/missing/{name}")
            self.stats.inc_value(f"extract/missing/{item.layout}/{name}")
        for name in item.fallback_fields:
            self.stats.inc_value(f"extract/fallback/{item.layout}/{name}")
        self.stats.inc_value(f"extract/layout/{item.layout}")
        if item.is_empty:
            raise DropItem(f"Neither headline nor text: {item.url or item.id}")
        return item


class Record:
    """Judge each article against the catalogue and keep it: what is new, what has changed, what is gone."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.catalogue = context.catalogue(crawler)
        self.commits = Commits.of(crawler)
        self.flights = Flights.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article):
            return item
        flight = self.flights.of_item(item)
        page = flight or item.id
        judged = None
        if await self.commits.begin(page):
            with self.commits.guard():
                judged = self._record(item, flight)
        if flight is None:
            self.commits.end(page)
        if judged is None:
            raise DropItem("Not recorded: the storage failed", log_level="DEBUG")
        self.stats.inc_value(f"revisions/{judged.status}")
        if judged.status != "gone":
            self.stats.inc_value("links/related", len(judged.related))
        return judged

    def _record(self, item: Article, flight: Flight | None) -> Article:
        at = (flight and flight.answered_at) or item.captured_at
        judged = self.catalogue.record(
            item,
            page=flight.row.page.number if flight else None,
            at=at or dates.warc_date(context.clock(self.crawler)()),
            line=feeds.line,
        )
        if flight is not None and judged.status != "gone":
            flight.article = self.catalogue.number_of(item.id)
        return judged


def missing(article: Article) -> list[str]:
    """Return the names of the fields that *article* lacks, in the order of the record.

    >>> missing(Article(id="text/0", content_digest="0", url="https://vov.vn/a-post1.vov"))[:2]
    ['headline', 'lead']
    """
    return [name for name in _EXPECTED if getattr(article, name) in (None, [], "")]

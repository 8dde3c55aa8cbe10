"""What happens to a record between the page and the feeds: it is judged and recorded, never reworded."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from vovcrawler.items import Article

# Fields of the run and fields that most articles rightly lack: their absence says nothing about the page.
_OPTIONAL = frozenset(
    {"subheadings", "media", "modified_at", "fallback_fields", "duplicate_of", "near_duplicate_of"}
    | {"captured_at", "capture", "hops", "seq"}
)


class Require:
    """Count the fields that a page did not give; drop what has neither headline nor text."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article) or item.status == "gone":
            return item
        for name in missing(item):
            self.stats.inc_value(f"extract/missing/{name}")
            self.stats.inc_value(f"extract/missing/{item.layout}/{name}")
        for name in item.fallback_fields:
            self.stats.inc_value(f"extract/fallback/{item.layout}/{name}")
        self.stats.inc_value(f"extract/layout/{item.layout}")
        if not (item.headline or item.body or item.lead or item.images):
            raise DropItem(f"Neither headline nor text: {item.url or item.id}")
        return item


def missing(article: Article) -> list[str]:
    """Return the names of the fields that *article* lacks, in the order of the record.

    >>> missing(Article(id="text/0", content_digest="0", url="https://vov.vn/a-post1.vov"))[:2]
    ['headline', 'lead']
    """
    names = (spec.name for spec in fields(article) if spec.name not in _OPTIONAL)
    return [name for name in names if getattr(article, name) in (None, [], "")]

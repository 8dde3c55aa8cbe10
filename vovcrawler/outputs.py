"""What ``-o`` and ``-O`` write, and replay to standard output: output that cannot be written ends the run."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.exporters import (
    BaseItemExporter,
    CsvItemExporter,
    MarshalItemExporter,
    PickleItemExporter,
    XmlItemExporter,
)
from scrapy.extensions.feedexport import FeedExporter, FeedSlot

from vovcrawler import context
from vovcrawler.errors import StorageTrouble
from vovcrawler.items import Article, to_record
from vovcrawler.runs import ENOUGH
from vovcrawler.streams import nowhere


class Outputs(FeedExporter):
    """Scrapy's exporter of feeds; by itself it notes a full disk in the log and goes on without the record."""

    _has_failed = False

    def item_scraped(self, item: Any, spider: Spider) -> None:
        try:
            super().item_scraped(item, spider)
        except OSError as error:
            self._give_up(error)

    async def close_spider(self, spider: Spider) -> None:
        for slot in self.slots:
            try:
                if slot.file:
                    slot.file.flush()
            except OSError as error:
                self._give_up(error)
        await super().close_spider(spider)
        stats = self.crawler.stats.get_stats()
        if not self._has_failed and any(name.startswith("feedexport/failed_count/") for name in stats):
            sentence = f"The output {self._named()} could not be stored; the log tells why."
            context.remember(self.crawler, StorageTrouble(sentence))

    def _give_up(self, error: OSError) -> None:
        """End the run, once; what is still held for an output that takes no more goes nowhere."""
        for slot in self.slots:
            _drain(slot)
        if isinstance(error, BrokenPipeError) and len(self.slots) == 1:
            # Whoever read has enough, and nobody else wants more.
            context.end(self.crawler, ENOUGH)
        elif not self._has_failed:
            self._has_failed = True
            sentence = f"The output {self._named()} cannot be written: {error.strerror}."
            context.fail(self.crawler, StorageTrouble(sentence))

    def _named(self) -> str:
        names = ("to stdout" if slot.uri == "stdout:" else repr(slot.uri) for slot in self.slots)
        return ", ".join(names)


class _Plain(BaseItemExporter):
    """Gives Scrapy's exporters the parts of a record as plain values: only that of JSON knows our classes."""

    def export_item(self, item: Any) -> None:
        record = to_record(item) if type(item) is Article else item
        super().export_item(record)  # type: ignore[safe-super]  # stands before a whole exporter


class PlainCsv(_Plain, CsvItemExporter):
    """Scrapy's exporter of CSV."""


class PlainMarshal(_Plain, MarshalItemExporter):
    """Scrapy's exporter of marshalled values."""


class PlainPickle(_Plain, PickleItemExporter):
    """Scrapy's exporter of pickled values, which can be read without this program."""


class PlainXml(_Plain, XmlItemExporter):
    """Scrapy's exporter of XML."""


def _drain(slot: FeedSlot) -> None:
    # A file that is packed on its way, or that is sent elsewhere in the end, lies in another.
    file = getattr(slot.file, "file", slot.file)
    if file is None:
        return
    try:
        file.flush()
    except OSError:
        nowhere(file.fileno())

"""What a person sees of a run: a progress line and a closing table on a terminal, one plain line in a pipe."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, Self, TextIO

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from vovcrawler.runs import Tally, counted

logger = logging.getLogger(__name__)


def summary(stats: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the closing table: what a reader of the run wants to know first."""
    tally = Tally.of(stats)
    missing = ", ".join(f"{name} {count}" for name, count in tally.missing_fields.items())
    failed = sorted(counted("failed/", stats).items(), key=lambda told: (-told[1], told[0]))
    reasons = ", ".join(f"{reason} {count}" for reason, count in failed)
    return [
        (
            "articles",
            f"{tally.articles} ({tally.new} new, {tally.revised} revised, {tally.unchanged} unchanged)",
        ),
        ("gone", str(tally.gone)),
        ("related edges", str(stats.get("links/related", 0))),
        ("missing fields", missing or "none"),
        ("refused", str(tally.refused)),
        ("failed", f"{tally.failed} ({reasons})" if reasons else str(tally.failed)),
    ]


class QuietFormatter(LogFormatter):
    """Words nothing that nobody will read: Scrapy drops a line below LOG_LEVEL only when it is made."""

    def __init__(self, level: int) -> None:
        self._is_wordy = level <= logging.DEBUG

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        level = crawler.settings["LOG_LEVEL"]
        return cls(level if isinstance(level, int) else logging.getLevelNamesMapping().get(level.upper(), 0))

    # None is allowed, only Scrapy's types do not say so.
    def crawled(self, request: Request, response: Response, spider: Spider) -> Any:
        return super().crawled(request, response, spider) if self._is_wordy else None

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> Any:
        return super().scraped(item, response, spider) if self._is_wordy else None


class Progress:
    """Says in one line what the run did; on a terminal :class:`TerminalProgress` takes its place."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        progress = TerminalProgress(crawler) if sys.stderr.isatty() else cls(crawler)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        return progress

    def opened(self) -> None:
        """Nothing is shown in a pipe before the end."""

    def closed(self) -> None:
        rows = summary(self.crawler.stats.get_stats())
        logger.info("Done: %s", "; ".join(f"{name}: {value}" for name, value in rows))


class TerminalProgress(Progress):
    """A progress line while the run lasts, and a table when it is over."""

    def opened(self) -> None:
        # Imported late: a run in a pipe does without rich.
        from rich.console import Console
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        self.console = Console(stderr=True)
        line = TextColumn(
            "{task.fields[pages]} pages, {task.fields[records]} records, {task.fields[errors]} errors"
        )
        rate = TextColumn("{task.fields[rate]:.1f} pages/s")
        self.bar = Bar(SpinnerColumn(), line, rate, TimeElapsedColumn(), console=self.console, transient=True)
        self.task = self.bar.add_task("crawl", total=None, **self._numbers(0.0))
        self.bar.start()
        self._log_through(sys.stderr)
        self.since = time.monotonic()
        self.ticking = create_looping_call(self._tick)
        self.ticking.start(0.5)

    def _numbers(self, seconds: float) -> dict[str, Any]:
        tally = Tally.of(self.crawler.stats.get_stats())
        rate = tally.pages / seconds if seconds else 0.0
        return {"pages": tally.pages, "records": tally.articles, "errors": tally.failed, "rate": rate}

    def _tick(self) -> None:
        self.bar.update(self.task, **self._numbers(time.monotonic() - self.since))

    def _log_through(self, stream: TextIO) -> None:
        """Let log lines go through *stream*, which rich keeps above the progress line."""
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
                handler.setStream(stream)

    def closed(self) -> None:
        from rich.table import Table

        if self.ticking.running:
            self.ticking.stop()
        self.bar.stop()
        self._log_through(sys.stderr)
        table = Table(show_header=False, box=None)
        for name, value in summary(self.crawler.stats.get_stats()):
            table.add_row(name, value)
        self.console.print(table)

"""How a run ended: its exit code, and the report that it leaves in ``DATA_DIR/reports``.

The reading of the statistics of a run is here and nowhere else.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from vovcrawler import __version__, context
from vovcrawler.catalogue.store import NAME, storage_trouble
from vovcrawler.errors import Trouble

logger = logging.getLogger(__name__)

DONE, FAILED, REFUSED, MONITOR = 0, 1, 3, 4
# The reason of a run whose spider was never closed: it was stopped while it opened.
_UNSAID = "failed"
# The reason of one whose output nobody wants to read any further.
ENOUGH = "enough"

# The gravest first: a full disk explains a failed crawl, not the other way round.
_GRAVITY = (75, 2, 5, 3, 1, 4)


class Stats(MemoryStatsCollector):
    """Scrapy's statistics, without its look at each use for an argument that is no longer passed."""

    __getattribute__ = object.__getattribute__


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What a run did, in numbers, read from its statistics."""

    pages: int
    new: int
    revised: int
    unchanged: int
    gone: int
    refused: int
    failed: int
    missing_fields: dict[str, int]

    @classmethod
    def of(cls, stats: Mapping[str, Any]) -> Self:
        """Read the numbers of a run from its Scrapy statistics."""
        missing = counted("extract/missing/", stats)
        return cls(
            pages=stats.get("pages/settled", 0),
            new=stats.get("revisions/new", 0),
            revised=stats.get("revisions/revised", 0),
            unchanged=stats.get("revisions/unchanged", 0),
            gone=stats.get("revisions/gone", 0),
            # A page that was refused and waits for another try is not settled.
            refused=max(stats.get("pages/refused", 0), stats.get("refused/pages", 0)),
            failed=stats.get("pages/failed", 0),
            missing_fields={name: n for name, n in sorted(missing.items()) if "/" not in name},
        )

    @property
    def articles(self) -> int:
        """How many records were read, known ones too."""
        return self.new + self.revised + self.unchanged


def counted(prefix: str, stats: Mapping[str, Any]) -> dict[str, int]:
    """Return the statistics whose names begin with *prefix*, by what follows it."""
    return {key.removeprefix(prefix): value for key, value in stats.items() if key.startswith(prefix)}


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """The end of a run: its exit code, why, and one sentence where something went wrong."""

    exit_code: int
    reason: str
    sentence: str | None = None


def judge(spider: Spider, reason: str, stats: Mapping[str, Any], troubles: list[Trouble]) -> End:
    """Return how the run ended that closed with *reason* and met *troubles*."""
    if troubles:
        return _end_of(min(troubles, key=lambda trouble: _GRAVITY.index(trouble.exit_code)))
    if reason in ("shutdown", _UNSAID):
        return End(exit_code=FAILED, reason=reason, sentence=_stopped(spider, stats))
    if reason == "start_error":
        return End(exit_code=FAILED, reason=reason, sentence="The spider could not make its first requests.")
    if reason != ENOUGH and (sentence := _got_nothing(spider, stats, is_over=reason == "finished")):
        refused = Tally.of(stats).refused
        return End(exit_code=REFUSED if refused else FAILED, reason="nothing", sentence=sentence)
    if failed := stats.get("monitors/failed"):
        return End(exit_code=MONITOR, reason="monitor", sentence=f"Monitors failed: {failed}.")
    return End(exit_code=DONE, reason=reason)


def _end_of(trouble: Trouble) -> End:
    return End(exit_code=trouble.exit_code, reason=trouble.reason, sentence=str(trouble))


def _stopped(spider: Spider, stats: Mapping[str, Any]) -> str:
    # Only where the next run can go on: a rebuild begins anew.
    if (waiting := stats.get("frontier/waiting")) and not spider.settings.getbool("REBUILD"):
        return f"Stopped before the end, pages waiting: {waiting}; the same command goes on with them."
    return "Stopped before the end."


def _got_nothing(spider: Spider, stats: Mapping[str, Any], *, is_over: bool) -> str | None:
    """Return a sentence when the run got none of the pages that it was asked for, be it ended by a limit."""
    tally = Tally.of(stats)
    # A run that goes on where another was stopped may find everything done.
    if tally.articles or stats.get("frontier/settled_before"):
        return None
    # A page that was tried again, or moved, is one.
    asked = tally.pages - stats.get("pages/moved", 0)
    # Lists that came and gave nothing: all of them at once are a site under repair, say.
    got = stats.get("pages/got", 0) - stats.get("discovery/empty", 0)
    if not asked and not is_over:
        return "A limit ended the run before any page came; the same command goes on."
    if getattr(spider, "needs_articles", True):
        return f"{_none_of(asked)} gave an article{_why(tally)}." if asked else "There was nothing to read."
    return f"{_none_of(asked)} could be read{_why(tally)}." if asked and got <= 0 else None


def _none_of(asked: int) -> str:
    return "Not the one page asked for" if asked == 1 else f"None of the {asked} pages asked for"


def _why(tally: Tally) -> str:
    counts = {"refused": tally.refused, "failed": tally.failed, "gone": tally.gone}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f" ({told})" if told else ""


class Report:
    """Writes what the run did when it is over, and knows its exit code."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.reason = _UNSAID
        self.end: End | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        report = cls(crawler)
        crawler.signals.connect(report.spider_closed, signals.spider_closed)
        # Not earlier: monitors and stores report on spider_closed.
        crawler.signals.connect(report.finish, signals.engine_stopped)
        return report

    def spider_closed(self, reason: str) -> None:
        self.reason = reason

    def finish(self) -> End:
        """Judge the run, write its report and let go of what its components shared; safe to repeat."""
        if self.end is None:
            assert self.crawler.spider is not None
            stats = self.crawler.stats.get_stats()
            self.end = judge(self.crawler.spider, self.reason, stats, context.troubles(self.crawler))
            try:
                self.end = self._write(self.end, stats)
            finally:
                context.close(self.crawler)
        return self.end

    def _write(self, end: End, stats: Mapping[str, Any]) -> End:
        run, now = context.run(self.crawler), context.clock(self.crawler)()
        report = {
            "run": run.name,
            "spider": run.spider,
            "arguments": run.arguments,
            "version": __version__,
            "started_at": _stamp(run.started_at),
            "finished_at": _stamp(now),
            "exit_code": end.exit_code,
            "reason": end.sentence or end.reason,
            **_numbers(stats),
            "stats": {key: _plain(value) for key, value in sorted(stats.items())},
        }
        if context.replaying(self.crawler) and not self.crawler.settings.getbool("INGEST"):
            return end
        try:
            context.catalogue(self.crawler).finish_run(report)
            _write_whole(context.data_dir(self.crawler) / "reports" / f"{run.name}.json", report)
        except (OSError, sqlite3.Error) as error:
            logger.error("The report could not be written: %s", error)
            # What ended the run before says more.
            trouble = storage_trouble(context.data_dir(self.crawler) / NAME, error)
            return end if end.exit_code == trouble.exit_code else _end_of(trouble)
        return end


def _numbers(stats: Mapping[str, Any]) -> dict[str, Any]:
    tally = Tally.of(stats)
    return {name: getattr(tally, name) for name in Tally.__slots__}


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value if isinstance(value, (int, float, str, bool, list, dict, type(None))) else str(value)


def _write_whole(path: Path, report: Mapping[str, Any]) -> None:
    """Write beside *path*, then rename: a reader never sees half a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    with aside.open("w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)

"""The catalogue made anew from the WARC files, along the path of a replay, beside the one that is there.

The new one takes the old one's place in a single transaction, so readers see the one or the other; the
feeds are then written again from it.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Self

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings

from vovcrawler import context, dates, running
from vovcrawler.catalogue import Catalogue, Comparison
from vovcrawler.catalogue.captures import Claim
from vovcrawler.catalogue.lock import Lock
from vovcrawler.catalogue.runs import REPORTED
from vovcrawler.catalogue.store import NAME, REBUILDING, sentences
from vovcrawler.commits import Commits
from vovcrawler.errors import StorageTrouble, Unavailable
from vovcrawler.feeds import ArchiveFeed
from vovcrawler.items import Article
from vovcrawler.relisting import ListsThen
from vovcrawler.shelf import called_so, warc_files
from vovcrawler.warc.payloads import json_object, verify
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, Record, look_through, read_at
from vovcrawler.windows import OUTSIDE, Window

logger = logging.getLogger(__name__)

# No crawl goes so far; other tools may mean anything by the word.
_MANY = 1_000_000
# What a replay gives whose disk failed.
_DISK_FAILED = -1
# The replay of a rebuild: what it reads becomes a lasting catalogue, and where it redirects to is read anyway.
_SETTINGS = {"INGEST": True, "REBUILD": True, "ARCHIVE_ENABLED": False, "FEEDS": {}}


def rebuild(folder: Path, settings: BaseSettings, *, force: bool, dry_run: bool) -> tuple[int, Comparison | None]:
    """Make catalogue and feeds in *folder* anew; return the exit code, and in what they differ from the old ones.

    Where the old catalogue is of no use, the ledger is read from captured lists, and the runs from their reports.
    Nothing is changed when articles of the old one would be missing, or revisions that no file holds,
    unless *force* says so; nor by a *dry_run*.
    """
    warc = folder / "warc"
    if not warc_files(warc):
        raise StorageTrouble(f"There are no WARC files in {str(warc)!r} to rebuild the catalogue from.")
    aside = folder / REBUILDING
    lock = Lock.take(folder, "catalogue rebuild")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        is_usable = _is_usable(folder)
        code = _replay(folder, aside, settings, [WhyThen] if is_usable else [WhyThen, ListsThen])
        if code == _DISK_FAILED:
            return StorageTrouble.exit_code, None
        if code not in (0, StorageTrouble.exit_code):
            return code, None
        with Catalogue.open(aside) as new:
            comparison = _finish(new, folder / NAME) if is_usable else _begin(new, folder / "reports")
            if (comparison.missing or comparison.missing_captures) and not (force or dry_run):
                raise _missing(comparison)
            if not dry_run:
                new.feed_is_stale()
        if not dry_run:
            _swap(aside, folder, in_place=is_usable)
            write_feeds(folder, settings)
        return code, comparison
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        lock.release()


def write_feeds(folder: Path, settings: BaseSettings) -> None:
    """Write the feeds in *folder* from its catalogue."""
    today = dates.vietnam_day(context.clock_of(settings)())
    with Catalogue.open(folder, run="catalogue rebuild", make=False) as catalogue, sentences(folder):
        ArchiveFeed(catalogue).write_anew(today)


def _replay(folder: Path, aside: Path, settings: BaseSettings, components: list[type]) -> int:
    settings = Settings(settings.copy())
    # Not the folder: a WACZ that was packed into it has the same records in other places.
    paths = [str(path) for path in called_so(folder / "warc")]
    values = {**_SETTINGS, "REPLAY_SOURCE": paths, "DATA_DIR": str(aside)}
    settings.setdict(values, priority="cmdline")
    for component in components:
        settings.set_in_component_priority_dict("SPIDER_MIDDLEWARES", component, 960)
    # What was logged of these pages when they were crawled need not be said again.
    settings.set("LOG_LEVEL", "WARNING", priority="project")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("article")
    code = running.crawl(process, crawler, {"hops": "0"})
    # Damage in the archive leaves a catalogue of the rest; a disk that failed leaves half of one.
    return _DISK_FAILED if code == StorageTrouble.exit_code and Commits.of(crawler).broken else code


def _is_usable(folder: Path) -> bool:
    path = folder / NAME
    if not path.exists():
        return False
    if not os.access(path, os.R_OK | os.W_OK):
        # It may be as good as it was, and knows what no archive tells.
        raise StorageTrouble(f"{str(path)!r} cannot be used: {os.strerror(errno.EACCES)}.")
    try:
        with Catalogue.open(folder) as catalogue:
            catalogue.counts()
    except Unavailable:
        # Locked, say, by a program that makes a copy of it.
        raise
    except StorageTrouble as trouble:
        logger.warning("The old catalogue is of no use, so its jobs are lost: %s", trouble)
        return False
    return True


def _finish(new: Catalogue, old: Path) -> Comparison:
    new.carry_over(old)
    # What is in its place is only read in another way now.
    gone = [claim.what for claim in new.unclaimed(old) if not _is_there(old.parent / "warc", claim)]
    return replace(new.compare(old), missing_captures=gone + new.unarchived(old))


def _is_there(warc: Path, claim: Claim) -> bool:
    try:
        with (warc / claim.warc).open("rb") as file:
            record = read_at(file, claim.offset)
            verify(record)
            record.finish()
            return (record.bare("WARC-Record-ID") or "") == claim.record_id
    except (OSError, BadRecord, ManyInOneMember):
        return False


def _begin(new: Catalogue, reports: Path) -> Comparison:
    new.take_runs(_reports(reports))
    return new.as_all_new()


def _reports(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        try:
            report = json.loads(path.read_bytes())
            is_whole = report.keys() >= set(REPORTED)
        except (OSError, ValueError, AttributeError):
            is_whole = False
        if is_whole:
            yield report
        else:
            logger.warning("No report of a run: %s", path)


def _missing(comparison: Comparison) -> StorageTrouble:
    first, *others = comparison.missing + comparison.missing_captures
    more = f" and {len(others)} more" if others else ""
    return StorageTrouble(
        f"Nothing was changed: {first}{more} would be missing, since no WARC file holds them"
        " or they can no longer be read; --force rebuilds all the same."
    )


def _swap(aside: Path, folder: Path, *, in_place: bool) -> None:
    """Let the new catalogue take the place of the old one; the feeds follow from it, whatever comes between."""
    if in_place:
        # One transaction on the old file: whoever reads it goes on reading.
        with Catalogue.open(folder) as old, Catalogue.open(aside) as new:
            new.connection.backup(old.connection)
        return
    for path in folder.glob(f"{NAME}*"):
        path.replace(path.with_name(f"{path.name}.damaged"))
    (aside / NAME).replace(folder / NAME)


class WhyThen:
    """Spider middleware of rebuild and ingest: why an article was asked for stands in the archive.

    That is how far from a seed it was, and in which window it was wanted.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.catalogue, self.stats = context.catalogue(crawler), crawler.stats
        # What was captured before that stood in the record of the capture has it beside the capture.
        self.reads = crawler.settings.getbool("REBUILD")
        if self.reads:
            self.catalogue.remember_hops(_hops(crawler.settings["REPLAY_SOURCE"]))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in result:
            hops = response.meta.get("hops") or 0
            if isinstance(output, Article) and not hops and _is_outside(output, response.meta.get("window")):
                self.stats.inc_value(f"pages/not_article/{OUTSIDE}")
                response.meta["no_article"] = OUTSIDE
            elif isinstance(output, Article):
                if self.reads and not hops:
                    hops = self.catalogue.hops_of(output.capture.get("record_id", ""))
                yield replace(output, hops=hops)
            else:
                yield output


def _is_outside(article: Article, window: str | None) -> bool:
    if not window or not article.published_at:
        return False
    return dates.vietnam_day(article.published_at) not in Window.parse(window)


def _hops(paths: list[str]) -> Iterator[tuple[str, int]]:
    for path in map(Path, paths):
        # What cannot be read is said by the replay itself.
        with suppress(OSError), path.open("rb") as file:
            yield from _hops_in(file)


def _hops_in(file: BinaryIO) -> Iterator[tuple[str, int]]:
    # Records that share a gzip member are none of ours.
    with suppress(ManyInOneMember):
        for found in look_through(file, _look):
            if not isinstance(found, BadRecord) and found[1]:
                yield found[1]


def _look(record: Record) -> tuple[str, int] | None:
    if record.type != "metadata" or not (response := record.bare("WARC-Concurrent-To")):
        return None
    hops = (json_object(record.rest()) or {}).get("hops")
    return (response, hops) if isinstance(hops, int) and 0 < hops < _MANY else None

"""What the components of one crawl share: its run, its clock, its catalogue, and what went wrong.

Each is made on first use and kept with the crawler, so that no component needs to know which other
one was started before it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from vovcrawler.errors import Trouble

if TYPE_CHECKING:
    from vovcrawler.catalogue import Catalogue

Clock = Callable[[], datetime]
T = TypeVar("T")

# How the temporary folders of replays are called, and after how many seconds one that nobody holds is left behind.
_SCRATCH, _LATE = "vovcrawler-", 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One process of one spider, named by its start time (UTC)."""

    name: str
    started_at: datetime
    spider: str
    arguments: dict[str, Any]


@dataclass(slots=True)
class _Shared:
    clock: Clock
    run: Run
    troubles: list[Trouble] = field(default_factory=list)
    # Why the run is being ended early.
    ending: str | None = None
    catalogue: Catalogue | None = None
    # Holds the catalogue of a replay, which leaves DATA_DIR untouched.
    scratch: tempfile.TemporaryDirectory[str] | None = None


def _share(crawler: Crawler) -> _Shared:
    clock = clock_of(crawler.settings)
    return _Shared(clock, _new_run(crawler, clock()))


def _of(crawler: Crawler) -> _Shared:
    return one_of(_share, crawler)


def _kept(crawler: Crawler) -> dict[Any, Any]:
    """What *crawler* has of ours; it goes with the crawler, whom most of it knows."""
    kept: dict[Any, Any] = vars(crawler).setdefault("_vovcrawler", {})
    return kept


def one_of(kind: Callable[[Crawler], T], crawler: Crawler) -> T:
    """Return the one object of *kind* that *crawler* has; the first call makes it."""
    kept = _kept(crawler)
    if kind not in kept:
        kept[kind] = kind(crawler)
    return kept[kind]  # type: ignore[no-any-return]


def _new_run(crawler: Crawler, now: datetime) -> Run:
    spider = crawler.spider
    started_at = now.astimezone(UTC)
    folder = Path(crawler.settings["DATA_DIR"]) if is_lasting(crawler) else None
    return Run(
        name=crawler.settings.get("RUN_NAME") or run_name(started_at, folder),
        started_at=started_at,
        spider=spider.name if spider else crawler.spidercls.name,
        arguments=dict(getattr(spider, "arguments", {})),
    )


def run_name(started_at: datetime, folder: Path | None) -> str:
    """Return the name of a run that starts at this time (UTC); another one, when the clock went back, where
    a run of that name has left something in *folder*.

    >>> run_name(datetime(2026, 11, 21, 15, 4, 5, 123456, UTC), None)
    '20261121T150405123Z'
    """
    name = f"{started_at:%Y%m%dT%H%M%S%f}"[:18] + "Z"
    if folder is None:
        return name
    warc = folder / "warc" / f"vov-{name}-00000.warc.gz"
    left = (folder / "reports" / f"{name}.json", warc, warc.with_name(f"{warc.name}.open"))
    # What cannot be looked at, such as too long a name, is said by whoever opens it.
    if any(map(os.path.exists, left)):
        return run_name(started_at + timedelta(milliseconds=1), folder)
    return name


def run(crawler: Crawler) -> Run:
    """Return the run that *crawler* is."""
    return _of(crawler).run


def clock_of(settings: BaseSettings) -> Clock:
    """Return the clock that the setting ``CLOCK`` names."""
    clock: Clock = load_object(settings["CLOCK"])
    return clock


def clock(crawler: Crawler) -> Clock:
    """Return the run's only clock: aware, UTC."""
    return _of(crawler).clock


def replaying(crawler: Crawler) -> bool:
    """Whether the run reads a saved source instead of the network."""
    return bool(crawler.settings.get("REPLAY_SOURCE"))


def is_lasting(crawler: Crawler) -> bool:
    """Whether the run writes to ``DATA_DIR``; a replay does not, unless it takes its source in."""
    return not replaying(crawler) or crawler.settings.getbool("INGEST")


def data_dir(crawler: Crawler) -> Path:
    """Return the folder that the run may write to: ``DATA_DIR``, or a temporary one in a replay."""
    if is_lasting(crawler):
        return Path(crawler.settings["DATA_DIR"])
    shared = _of(crawler)
    if shared.scratch is None:
        _sweep(Path(tempfile.gettempdir()))
        shared.scratch = tempfile.TemporaryDirectory(prefix=_SCRATCH, ignore_cleanup_errors=True)
    return Path(shared.scratch.name)


def _sweep(folder: Path) -> None:
    """Remove what killed replays have left in *folder*: what has a lock that nobody holds any more."""
    from vovcrawler.catalogue import lock

    for path in folder.glob(f"{_SCRATCH}*"):
        # Another replay may come before us, or just be about to lock its own.
        with suppress(OSError, Trouble):
            if _is_old(path) and (path / lock.NAME).is_file():
                with lock.Lock.take(path):
                    shutil.rmtree(path)


def _is_old(path: Path) -> bool:
    """Whether *path* is a folder of this user to which nothing was added of late."""
    status = path.lstat()
    is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return is_ours and stat.S_ISDIR(status.st_mode) and time.time() - status.st_mtime > _LATE


def catalogue(crawler: Crawler) -> Catalogue:
    """Return the open catalogue of the run; the first call opens and locks it.

    Raises :class:`~vovcrawler.errors.Locked` or :class:`~vovcrawler.errors.StorageTrouble`.
    """
    from vovcrawler import duplicates
    from vovcrawler.catalogue import Catalogue

    shared = _of(crawler)
    if shared.catalogue is None:
        similarity = duplicates.limit(crawler.settings["NEAR_DUPLICATE_SIMILARITY"])
        shared.catalogue = Catalogue.open(data_dir(crawler), lasting=is_lasting(crawler), run=shared.run.name)
        shared.catalogue.similarity, shared.catalogue.has_readers = similarity, is_lasting(crawler)
    return shared.catalogue


def fail(crawler: Crawler, trouble: Trouble) -> None:
    """Remember *trouble* and end the run; what is in flight is still finished and kept.

    Before the engine runs this raises ``CloseSpider``, which Scrapy honours from components that start.
    """
    shared = _of(crawler)
    shared.troubles.append(trouble)
    if not crawler.engine.running:
        raise CloseSpider(trouble.reason)
    end(crawler, trouble.reason)


def end(crawler: Crawler, reason: str) -> None:
    """End the run early, with nothing wrong; what is in flight is still finished, the rest kept."""
    shared = _of(crawler)
    if shared.ending is None:
        shared.ending = reason
        task = asyncio.get_running_loop().create_task(crawler.engine.close_spider_async(reason=reason))
        _closing.add(task)
        task.add_done_callback(_closing.discard)


# asyncio keeps only weak references to tasks.
_closing: set[asyncio.Task[None]] = set()


def remember(crawler: Crawler, trouble: Trouble) -> None:
    """Remember *trouble* for the exit code without ending the run (a damaged source, say)."""
    _of(crawler).troubles.append(trouble)


def troubles(crawler: Crawler) -> list[Trouble]:
    """Return what went wrong so far, in order."""
    return list(_of(crawler).troubles)


def close(crawler: Crawler) -> None:
    """Close the catalogue and remove the temporary folder of a replay."""
    shared = _kept(crawler).pop(_share, None)
    if shared and shared.catalogue:
        shared.catalogue.close()
    if shared and shared.scratch:
        shared.scratch.cleanup()

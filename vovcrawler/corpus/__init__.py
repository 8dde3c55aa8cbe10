"""Corpora: the records of a replay, of archives that one process would read for days.

First every file is read by itself, on as many workers as there are; then the captures whose bodies lie in other
files; then the records are judged in their order (:mod:`vovcrawler.corpus.judge`). What was read is kept until the
corpus is whole, so that the same command goes on where it was stopped. Needs the extra ``corpus``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler import __version__, duplicates, exports
from vovcrawler.catalogue import Standing
from vovcrawler.catalogue.lock import Lock
from vovcrawler.corpus import engines, places, scattered
from vovcrawler.corpus.blocks import ArchiveReader, ArticleExtractor, OutcomeWriter, RevisitReader
from vovcrawler.corpus.contents import Contents
from vovcrawler.corpus.engines import Engine
from vovcrawler.corpus.judge import Judge
from vovcrawler.errors import Trouble

__all__ = ["Built", "Engine", "build"]

WORK = "work"
# How the folders in it are called; whatever else is there is somebody else's.
_OURS = re.compile(r"[0-9a-f]{16}")
# So many shards at most; a task reads neighbouring files.
_TASKS = 500
_REVISITS = 500  # in a task


@dataclass(slots=True)
class Built:
    """What came of a build: the files that were written, and what was wrong with the source."""

    files: list[Path] = field(default_factory=list)
    captures: int = 0
    records: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def build(sources: Sequence[str], out: Path, format_: str, engine: Engine, settings: BaseSettings) -> Built:
    """Write the records of *sources* to a file in *out*; raises :class:`Trouble`."""
    make = exports.writer(format_)
    listing = places.find(sources)
    out.mkdir(parents=True, exist_ok=True)
    lock = Lock.take(out, "corpus build")
    try:
        folder = _work_folder(out, listing.files)
        contents = Contents()
        contents.damage += listing.damage
        built = Built(troubles=list(listing.errors))
        _read(listing.files, folder, engine, contents)
        card = exports.Card(format_, {"sources": list(sources)})
        rows = _judged(contents, settings, built)
        built.files = exports.to_files(rows, out / f"articles.{format_}", make, card)
        built.damage = [str(damage) for damage in contents.all_damage()]
        contents.close()
        _remove(folder)
    finally:
        lock.release()
    return built


def _work_folder(out: Path, files: list[places.File]) -> Path:
    """Return the folder for what is read of these *files*; what was read of others is removed.

    Its name depends on all that the shards do, so that a worker left over from another build does no harm.
    """
    about = [__version__, duplicates.scheme(), *map(astuple, files)]
    name = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
    for other in (out / WORK).glob("*"):
        if other.name != name and _OURS.fullmatch(other.name):
            shutil.rmtree(other, ignore_errors=True)
    return (out / WORK / name).absolute()


def _remove(folder: Path) -> None:
    """Remove a *folder* of work, and the one around it when nothing else is there."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()


def _read(files: list[places.File], folder: Path, engine: Engine, contents: Contents) -> None:
    """Have every capture read, and take in what came of it."""
    tasks = min(len(files), _TASKS)
    shards = folder / "files"
    pipeline = [ArchiveReader(files), ArticleExtractor(), OutcomeWriter(os.fspath(shards))]
    engines.run(engine, pipeline, tasks, folder / "logs" / "files", "files")
    contents.take_in(shards, tasks)
    contents.index.freeze()
    batches, shards = folder / "batches", folder / "revisits"
    tasks = _batches(contents, batches)
    pipeline = [RevisitReader(os.fspath(batches)), ArticleExtractor(), OutcomeWriter(os.fspath(shards))]
    engines.run(engine, pipeline, tasks, folder / "logs" / "revisits", "revisits")
    contents.take_in(shards, tasks)


def _batches(contents: Contents, folder: Path) -> int:
    """Write down which captures refer to the bodies of which others; return in how many batches."""
    folder.mkdir(parents=True, exist_ok=True)
    batch: list[dict[str, object]] = []
    numbers: set[int] = set()
    count = 0

    def write() -> None:
        path = folder / f"{count:05}.rows"
        aside = path.with_suffix(".part")
        with aside.open("w", encoding="utf-8", errors="surrogatepass") as file:
            for row in (*contents.rows(numbers), *(["read", ref] for ref in batch)):
                file.write(json.dumps(row) + "\n")
        aside.replace(path)

    for capture in contents.unread():
        batch.append(capture.ref)
        numbers |= contents.chain(capture)
        if len(batch) == _REVISITS:
            write()
            batch, numbers, count = [], set(), count + 1
    if batch:
        write()
        count += 1
    return count


def _judged(contents: Contents, settings: BaseSettings, built: Built) -> Iterator[Standing]:
    total = contents.index.count_seeds()
    with scattered.unsaid(), engines.watching("records", total, lambda: built.captures):
        for row in Judge.rows(contents, settings):
            built.captures += 1
            if row:
                built.records += 1
                yield row

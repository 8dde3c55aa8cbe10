"""``scrapy catalogue ingest``: WARC files of workers and of other tools, taken into the archive."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings

from vovcrawler import __version__, context, dates, ingest, quarantine, running
from vovcrawler.archive import max_bytes
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.lock import Lock
from vovcrawler.catalogue.store import sentences
from vovcrawler.cli import say
from vovcrawler.errors import StorageTrouble, UsageTrouble
from vovcrawler.rebuild import WhyThen
from vovcrawler.relisting import ListsThen
from vovcrawler.shelf import OPEN, Shelf, mend
from vovcrawler.sources.captures import Damage
from vovcrawler.warc import writing

SHORT = "Take WARC and WACZ files of workers and of other tools into the archive"

# Where somebody writes, captures count up to the start of ingest; so many seconds later all of them are written.
_SETTLING = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a .warc(.gz) or .wacz file, or a folder of them")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    now: datetime = context.clock_of(settings)().astimezone(UTC)
    if "" in args.paths:
        raise UsageTrouble("'' names no file or folder; PATH is a folder, .warc(.gz) or .wacz.")
    folder, paths = Path(settings["DATA_DIR"]), [Path(path) for path in args.paths]
    _refuse_own(paths, folder)
    name = context.run_name(now, folder)
    until = _settle(paths, now)
    with sentences(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # One lock for all that follows: nobody else may write between copying and reading.
        with Lock.take(folder, name):
            with Catalogue.open(folder) as catalogue:
                taking = _Taking(catalogue, folder / "warc", name, max_bytes(settings), dates.warc_date(now))
                for stream in ingest.streams(paths):
                    taking.take(stream)
            code = _read(taking, settings, until) if taking.unread else 0
    for damage in taking.damage:
        say(f"Left out: {damage}")
    return StorageTrouble.exit_code if taking.damage else code


def _refuse_own(paths: Sequence[Path], folder: Path) -> None:
    """Raise :class:`UsageTrouble` for a path that holds files of the archive in *folder*: they would double."""
    own = (folder / "warc").resolve()
    for path in paths:
        there = path.resolve()
        if there == own or there in own.parents or own in there.parents:
            raise UsageTrouble(f"{str(path)!r} holds the archive in {str(folder)!r} itself; name other files.")


def _settle(paths: Sequence[Path], now: datetime) -> str:
    """Return up to which moment captures are read now, empty for all; wait until they are written.

    What is written while we read belongs behind what another worker has written by then: read at once, it would
    come before. Later captures are read by the next ingest.
    """
    written: list[float] = []
    for path in paths:
        is_folder = False
        with suppress(OSError):  # what cannot be looked at is told where it would be read
            is_folder = path.is_dir()
        for file in path.rglob(f"*{OPEN}") if is_folder else [path]:
            # It may be closed between two looks at it.
            with suppress(OSError):
                if file.name.endswith(OPEN) and file.is_file():
                    written.append(file.stat().st_mtime)
    if written and max(written) > time.time() - _SETTLING:
        time.sleep(_SETTLING)
    return dates.warc_date(now) if written else ""


@dataclass(kw_only=True, slots=True)
class _Stretch:
    """A part of a stream that the archive holds a copy of."""

    start: int
    stop: int
    digest: str
    names: list[str] = field(default_factory=list)
    # The moment of its last capture; later than any where that is not known.
    newest: str = "9999"
    # How many places of it were left out as damaged.
    left_out: int = 0
    is_read: bool = False


class _Taking:
    """Copies what the archive does not hold yet; knows which copies are still to be read."""

    def __init__(self, catalogue: Catalogue, folder: Path, name: str, limit: int, date: str) -> None:
        self.catalogue, self.folder = catalogue, folder
        self.name, self.limit, self.date = name, limit, date
        self.unread: list[tuple[str, list[_Stretch]]] = []
        self.damage: list[Damage] = []
        for mended in mend(folder):
            say(f"Closed {mended.name}, which a stopped run had left open; {mended.cut} bytes were cut off.")
        self._origins = ingest.origins(folder)
        self._has_lost = cache(lambda name: quarantine.has_lost(folder / name))

    def take(self, stream: ingest.Stream | Damage) -> None:
        """Copy what *stream* has that was not copied before."""
        if isinstance(stream, Damage):
            self.damage.append(stream)
            return
        try:
            birth = stream.birth()
            if birth is None and stream.is_open:
                return  # nothing whole is in it yet
            birth = birth or stream.digest()
            known, parts = self._look(stream, birth)
        except OSError as error:
            # A bad sector, or a share that is gone: what the others hold is taken in all the same.
            self.damage.append(Damage(file=stream.name, sentence=f"cannot be read: {error.strerror}."))
            return
        known += [self._copy(stream, part, digest, birth) for part, digest in parts]
        if not parts:
            say(_told(stream.name, known))
        _note(self.catalogue, birth, known)
        if not all(stretch.is_read for stretch in known):
            self.unread.append((birth, known))

    def _look(self, stream: ingest.Stream, birth: str) -> tuple[list[_Stretch], list[tuple[ingest.Stream, str]]]:
        """Read *stream*; return what is known of it, and what is not with its digest: records, and a torn end."""
        known = self._noted(stream, birth)
        known += self._unnoted(stream, birth, known)
        known = known or self._own(stream)
        whole = stream.part(known[-1].stop if known else 0)
        parts = [whole] if stream.is_open else [whole, replace(stream, start=whole.stop)]
        return known, [(part, part.digest()) for part in parts if part.start < part.stop]

    def _copy(self, stream: ingest.Stream, part: ingest.Stream, digest: str, birth: str) -> _Stretch:
        start, stop = part.start - stream.start, part.stop - stream.start
        stretch = _Stretch(start=start, stop=stop, digest=digest)
        copied = ingest.copy(part, self._shelf(stream, birth, stretch))
        self.damage += [replace(one, offset=start + (one.offset or 0)) for one in copied.damage]
        stretch.left_out = len(copied.damage)
        self.catalogue.keep_places(copied.bodies)
        stretch.names, stretch.newest = copied.names, copied.newest
        rest = f" from byte {start} on" if start else ""
        if copied.names:
            say(f"Copied {copied.records} records of {stream.name}{rest} to {', '.join(copied.names)}.")
        return stretch

    def _noted(self, stream: ingest.Stream, birth: str) -> list[_Stretch]:
        """Return what the catalogue knows to be copied of *stream*: other files may begin as it does."""
        size = stream.stop - stream.start
        noted = [one for one in _stretches(self.catalogue, birth) if one.stop <= size and self._has(one.names)]
        # A torn end was one as long as nothing came behind it.
        noted = [one for one in noted if one.names or one.stop == size]
        chain, is_proven = _chain(stream, noted, quickly=True)
        return chain if is_proven else _chain(stream, noted, quickly=False)[0]

    def _has(self, names: Iterable[str]) -> bool:
        """Whether these files are there, and have lost nothing: what they lost is taken in anew."""
        return all((self.folder / name).exists() and not self._has_lost(name) for name in names)

    def _unnoted(self, stream: ingest.Stream, birth: str, known: Sequence[_Stretch]) -> Iterator[_Stretch]:
        """Yield what was copied of *stream* by a run that was ended before it took note of that.

        What was taken note of, and is not known any more, has lost a file, or a part of one.
        """
        position = known[-1].stop if known else 0
        noted = {(one.start, one.stop, one.digest) for one in _stretches(self.catalogue, birth)}
        origins = [one for one in self._origins.get(birth, []) if one.start >= position]
        origins = [one for one in origins if (one.start, one.stop, one.digest) not in noted]
        for (start, stop, digest), copies in groupby(origins, lambda one: (one.start, one.stop, one.digest)):
            if start != position or stop > stream.stop - stream.start:
                continue
            part, paths = stream.part(start, stop), [one.path for one in copies]
            if part.digest() != digest or not self._has(path.name for path in paths):
                continue
            if self._are_whole(paths, part):
                position = stop
                yield _Stretch(start=start, stop=stop, digest=digest, names=[path.name for path in paths])
            elif not self._are_claimed(paths):
                # Torn by whatever ended that run.
                for path in paths:
                    path.unlink()

    def _own(self, stream: ingest.Stream) -> list[_Stretch]:
        """Return *stream* as known where it is a file of the archive itself, out of a pack or a backup."""
        path, size = self.folder / stream.name.rpartition("/")[2].removesuffix(OPEN), stream.stop - stream.start
        if not path.is_file() or path.stat().st_size < size:
            return []
        with path.open("rb", buffering=0) as file:
            digest = ingest.Stream(name=path.name, file=file, start=0, stop=size).digest()
        if digest != stream.digest():
            return []
        # Whoever wrote it has read it, or will.
        return [_Stretch(start=0, stop=size, digest=digest, names=[path.name], is_read=True)]

    def _are_whole(self, paths: Sequence[Path], part: ingest.Stream) -> bool:
        count = 0
        for path in paths:
            with path.open("rb", buffering=0) as file:
                # The first one is ours.
                copy = ingest.Stream(name=path.name, file=file, start=0, stop=file.seek(0, os.SEEK_END))
                count += ingest.whole_records(copy) - 1
                self.catalogue.keep_places(ingest.bodies(file, path.name))
        return count == ingest.whole_records(part)

    def _are_claimed(self, paths: Sequence[Path]) -> bool:
        """Whether the catalogue, which may have been made anew, leads into one of these files."""
        names = {path.name for path in paths}
        return any(claim.warc in names for claim in self.catalogue.claims())

    def _shelf(self, stream: ingest.Stream, birth: str, stretch: _Stretch) -> Shelf:
        def opening(name: str) -> bytes:
            facts = {
                "software": f"vovcrawler/{__version__}",
                "format": "WARC File Format 1.1",
                "isPartOf": self.name,
                "ingested-from": stream.name.rpartition("/")[2],
                ingest.BIRTH: birth,
                ingest.STRETCH: f"{stretch.start}-{stretch.stop}",
                ingest.FIELD: stretch.digest,
            }
            return writing.warcinfo(name, self.date, facts).member

        return Shelf(self.folder, self.name, self.limit, opening)


def _chain(stream: ingest.Stream, noted: Sequence[_Stretch], *, quickly: bool) -> tuple[list[_Stretch], bool]:
    """Return those of *noted* that *stream* has, one behind the other, and whether the last was looked at.

    One that has no rival, and something behind it, is not, *quickly*: all of a file that grows would be read.
    """
    chain: list[_Stretch] = []
    position, is_proven = 0, True
    while same := [one for one in noted if one.start == position]:
        passes = quickly and len(same) == 1 and any(one.start == same[0].stop for one in noted)
        found = same[0] if passes else _longest(stream, same)
        if found is None:
            break
        chain.append(found)
        position, is_proven = found.stop, not passes
    return chain, is_proven


def _longest(stream: ingest.Stream, same: Sequence[_Stretch]) -> _Stretch | None:
    """Return the longest of some stretches that begin at one place, of those that *stream* has there."""
    found, seen, position = None, hashlib.sha256(), stream.start + same[0].start
    for one in sorted(same, key=lambda one: one.stop):
        stop = stream.start + one.stop
        for piece in stream.pieces(position, stop):
            seen.update(piece)
        position = stop
        if seen.hexdigest() == one.digest:
            found = one
    return found


def _told(name: str, known: Sequence[_Stretch]) -> str:
    """Return what is said of a file of which nothing is new; whoever deletes it must know what is lacking."""
    names = ", ".join(dict.fromkeys(name for stretch in known for name in stretch.names))
    if not (left_out := sum(stretch.left_out for stretch in known)):
        return f"{name} is in the archive already, as {names or 'no file'}."
    places = "1 damaged place" if left_out == 1 else f"{left_out} damaged places"
    return f"What is whole of {name} is in the archive already, as {names or 'no file'}; it lacks {places}."


def _key(birth: str) -> str:
    return f"ingested {birth}"


def _stretches(catalogue: Catalogue, birth: str) -> list[_Stretch]:
    return [_Stretch(**values) for values in json.loads(catalogue.note(_key(birth)) or "[]")]


def _note(catalogue: Catalogue, birth: str, stretches: Iterable[_Stretch]) -> None:
    """Note *stretches* beside those of other files that begin alike."""
    noted = {(one.start, one.stop, one.digest): one for one in (*_stretches(catalogue, birth), *stretches)}
    catalogue.set_note(_key(birth), json.dumps([asdict(stretch) for stretch in noted.values()]))
    catalogue.commit()


def _read(taking: _Taking, settings: BaseSettings, until: str) -> int:
    """Send the copies along the path of a crawl, into the catalogue and the feed."""
    unread = [one for _, stretches in taking.unread for one in stretches if not one.is_read]
    paths = [str(taking.folder / name) for stretch in unread for name in stretch.names]
    code, later = 0, 0
    if paths:
        chosen = Settings(settings)
        values = {"INGEST": True, "INGEST_UNTIL": until, "REPLAY_SOURCE": paths, "RUN_NAME": taking.name}
        chosen.setdict(values, priority="cmdline")
        if sys.stderr.isatty() and not chosen["LOG_FILE"]:
            # The progress line tells what the log would.
            chosen.set("LOG_LEVEL", "WARNING", priority="project")
        for component in (WhyThen, ListsThen):
            chosen.set_in_component_priority_dict("SPIDER_MIDDLEWARES", component, 960)
        process = AsyncCrawlerProcess(chosen)
        crawler = process.create_crawler("article")
        code = running.crawl(process, crawler, {"hops": "0"})
        later = crawler.stats.get_value("ingest/later", 0)
    if code == 0:
        with Catalogue.open(Path(settings["DATA_DIR"]), run=taking.name) as catalogue:
            for birth, stretches in taking.unread:
                for stretch in stretches:
                    stretch.is_read |= not later or stretch.newest <= until
                _note(catalogue, birth, stretches)
    return code

"""Sources: saved pages that a replay reads instead of the network.

A source is one or more paths: folders, text dumps, HTML pages, WARC and WACZ files. What is named
wrongly is a :class:`SourceError`; what is damaged inside is noted in :attr:`Source.damage` and passed
over. Nothing here knows Scrapy.
"""

from __future__ import annotations

import logging
import os
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from vovcrawler import __version__, urls
from vovcrawler.items import Article
from vovcrawler.scratch import scratch_file, unpack_to
from vovcrawler.shelf import OPEN, present
from vovcrawler.sources import files, warcs, zips
from vovcrawler.sources.captures import Answer, Capture, Damage, Damaged, Reference, SourceError, printable
from vovcrawler.sources.index import Index, Place
from vovcrawler.warc.http import BadMessage
from vovcrawler.warc.payloads import json_object
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, read_at, unpack

__all__ = ["Answer", "Capture", "Damage", "Source", "SourceError", "check_named", "listed", "open_source"]

logger = logging.getLogger(__name__)

SUFFIXES = files.DUMP_SUFFIXES + files.HTML_SUFFIXES + warcs.WARC_SUFFIXES + zips.WACZ_SUFFIXES
_ENDINGS = ".txt, .html, .warc(.gz) or .wacz"
_KINDS = f"a folder, {_ENDINGS}"
# A revisit may refer to a revisit; a ring of them ends here.
_MAX_REFERENCES = 8
_MAX_OPEN_FILES = 32
_FIELDS = frozenset(Article.__slots__)
# Where what was unpacked is found: no path of any file.
_SPOOL = Path("spool")
_LISTS = frozenset({"feed", "latest", "section", "sitemap"})


def open_source(paths: Sequence[str | Path]) -> Source:
    """Read the table of contents of *paths*; records name saved files as they are given here.

    Raises :class:`SourceError` when none of them can be read; when only some cannot, the others
    are read and the errors stand in :attr:`Source.errors`.
    """
    source = Source()
    for path in paths:
        try:
            source.add(path)
        except SourceError as error:
            source.errors.append(error)
    if source.errors and not source.index and not source.damage:
        raise source.errors[0]
    source.index.freeze()
    return source


def check_named(paths: Sequence[str | Path]) -> None:
    """Raise :class:`SourceError` where none of *paths* stands for any file; no file is opened."""
    errors = []
    for path in paths:
        try:
            next(listed(path, lambda folder, error: None), None)
        except SourceError as error:
            errors.append(error)
        else:
            return
    raise errors[0]


def listed(given: str | Path, on_error: files.OnError) -> Iterator[tuple[Path, str]]:
    """Yield the files that the path *given* stands for, with their names; raises :class:`SourceError`.

    What cannot be looked into is told to *on_error*.
    """
    path, name = Path(given), printable(given)
    if not str(given):
        raise SourceError(f"'' names no file or folder; SOURCE is {_KINDS}.")
    try:
        is_folder = path.is_dir()
    except OSError as error:
        on_error(path, error)
        return
    if is_folder:
        told: list[Path] = []

        def tell(folder: Path, error: OSError) -> None:
            told.append(folder)
            on_error(folder, error)

        is_empty = True
        for file in files.walk(path, SUFFIXES, tell):
            yield file, f"{name.rstrip('/')}/{printable(file.relative_to(path))}"
            is_empty = False
        if is_empty and not told:
            raise SourceError(f"The folder {str(given)!r} holds no pages; they end in {_ENDINGS}.")
    elif not os.path.lexists(path):
        raise SourceError(f"There is no file or folder {str(given)!r}.")
    elif path.name.lower().endswith(SUFFIXES):
        yield path, name
    else:
        raise SourceError(f"The file {str(given)!r} is of no known type; SOURCE is {_KINDS}.")


def _open(path: Path) -> BinaryIO:
    return present(path).open("rb", buffering=0)


class Source:
    """The captures in some saved files, and their bytes; *index* and *open_file* may be others than the usual."""

    def __init__(self, index: Index | None = None, open_file: Callable[[Path], BinaryIO] = _open) -> None:
        self.index = Index() if index is None else index
        self.damage: list[Damage] = []
        self.errors: list[SourceError] = []
        # Finds a record that is in none of the files given here.
        self.elsewhere: Callable[[Reference], tuple[Path, int] | None] = lambda reference: None
        self._open_file = open_file
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()
        self._spools: dict[Path, BinaryIO] = {}
        # Lets go of the files and of the table of contents, at the latest when nobody needs the source any more.
        self.close = weakref.finalize(self, _close, self.index, self._open, self._spools)

    # ---- what it holds

    def seeds(self) -> Iterator[Capture]:
        """Yield the captures of articles in the order in which they are read again."""
        yield from self._while_open(self.index.seeds())

    def lists(self) -> Iterator[Capture]:
        """Yield the captures of section lists, feeds and sitemaps, those of one address by time."""
        captures = self._while_open(self.index.lists())
        return (capture for capture in captures if urls.classify(capture.url or "").kind in _LISTS)

    def _while_open(self, captures: Iterator[Capture]) -> Iterator[Capture]:
        """Yield *captures* until the source is closed: a run that is ended asks for one more all the same."""
        while self.close.alive and (capture := next(captures, None)):
            yield capture

    def get(self, ref: dict[str, Any], url: str | None = None, at: str | None = None) -> Capture | None:
        """Return the capture to which a record refers so; of several that of *url* at the time *at*."""
        return self.index.get(ref, url, at)

    def find(self, url: str) -> Capture | None:
        """Return the capture that answers a link to *url*: the last good one."""
        return self.index.find(url)

    def in_force(self, url: str, at: str | None) -> Capture | None:
        """Return the capture of *url* that was the last one at the moment *at*."""
        return self.index.in_force(url, at)

    def address(self, capture: Capture) -> str:
        """Return the address to ask *capture* under: its own, or that of its file."""
        return capture.url or self.index.place(capture.id).path.absolute().as_uri()

    def reading(self, capture: Capture) -> dict[str, Any] | None:
        """Return what this version of the program has read from *capture*, one of :meth:`seeds`, if it has."""
        version, file, offset = capture.reading or ("", 0, 0)
        if version != __version__:
            return None
        try:
            record = json_object(read_at(self._file(self.index.path(file)), offset).rest())
        except (BadRecord, Damaged):
            # The page itself is there to be read again.
            return None
        # Of records that share an id, it may be another one that was read.
        is_of_it = record and record.keys() == _FIELDS and record["captured_at"] == capture.captured_at
        return record if is_of_it else None

    # ---- its bytes

    def read(self, capture: Capture, *, quietly: bool = False) -> Answer | None:
        """Return the bytes of *capture*, or ``None`` after noting, unless *quietly*, why they cannot be had."""
        place = self.index.place(capture.id)
        try:
            if capture.kind == "dump":
                return files.read_dump(place.path)
            if capture.kind == "http":
                return self._read_record(place, capture.id)
            answer = files.read_html(place.path)
        except Damaged as problem:
            if not quietly:
                self._note(place.name, problem)
            return None
        if files.is_torn(answer.body):
            self._note(place.name, Damaged("breaks off before the page ends; what there is was read."))
        return answer

    def _read_record(self, place: Place, number: int, references: int = 0) -> Answer:
        original = None
        offset = place.offset - place.start
        if place.is_revisit:
            original = self._original(number, references)
            if original is None:
                raise Damaged("refers to a capture that the source does not hold.", offset)
        try:
            return warcs.answer(self._file(place.path), place.offset, place.stop, original)
        except (BadRecord, BadMessage) as problem:
            raise Damaged(str(problem), offset) from problem
        except OSError as error:
            raise Damaged(f"cannot be read: {error.strerror}.", offset) from error

    def _original(self, number: int, references: int) -> Answer | None:
        """Return the answer that a revisit refers to."""
        referred = self.index.original(number) if references < _MAX_REFERENCES else None
        if referred is not None:
            return self._read_record(self.index.place(referred), referred, references + 1)
        if (place := self.elsewhere(self.index.refers_to(number))) is None:
            return None
        try:
            return warcs.answer(self._file(place[0]), place[1], None)
        except (BadRecord, BadMessage) as problem:
            raise Damaged(str(problem), place[1]) from problem

    def _file(self, path: Path) -> BinaryIO:
        if path in self._spools:
            return self._spools[path]
        if path not in self._open:
            try:
                self._open[path] = self._open_file(path)
            except OSError as error:
                raise Damaged(f"cannot be read: {error.strerror}.") from error
            if len(self._open) > _MAX_OPEN_FILES:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(path)
        return self._open[path]

    def open_again(self, path: Path) -> BinaryIO:
        """Open the file at *path*, also where it is one that was unpacked; who reads it seeks before each look."""
        if path in self._spools:
            return os.fdopen(os.dup(self._spools[path].fileno()), "rb", buffering=0)
        return self._open_file(path)

    # ---- how it is filled

    def add(self, given: str | Path) -> None:
        """Add what the path *given* holds; raises :class:`SourceError`."""
        for path, name in listed(given, self._unreadable):
            self.add_file(path, name)

    def add_file(self, path: Path, name: str) -> None:
        """Add what the file at *path* holds, which its user knows as *name*."""
        if (now := present(path)) != path:
            # A crawl has closed it since it was listed.
            path, name = now, name.removesuffix(OPEN)
        ending = path.name.lower()
        if not self.index.is_new(path):
            return
        try:
            if ending.endswith(files.DUMP_SUFFIXES):
                self.index.add_page("dump", path, name, None)
            elif ending.endswith(files.HTML_SUFFIXES):
                self.index.add_page("html", path, name, files.address(files.read_html(path).body))
            else:
                files.check_plain(path)
                add = self._add_wacz if ending.endswith(zips.WACZ_SUFFIXES) else self._add_warc
                add(path, name)
        except Damaged as problem:
            self._note(name, problem)

    def _add_wacz(self, path: Path, name: str) -> None:
        """Add the captures of a WACZ file; of a torn one those that can still be found in it."""
        try:
            parts = zips.parts(path)
        except Damaged as problem:
            self._note(name, problem)
            self._add_warc(path, name, is_torn=True)
            parts = list(zips.remains(path))
        for part in parts:
            inner = f"{name}/{part.name}"
            if part.trouble:
                self._note(inner, Damaged(part.trouble))
            try:
                if part.is_packed:
                    self._add_unpacked(zips.unzip(path, part), inner)
                else:
                    self._add_warc(path, inner, part.start, part.stop, is_torn=part.trouble is not None)
            except Damaged as problem:
                self._note(inner, problem)

    def _add_warc(
        self, path: Path, name: str, start: int = 0, stop: int | None = None, *, is_torn: bool = False
    ) -> None:
        """Add the captures of a WARC file, or of one that lies in a ZIP between *start* and *stop*.

        What does not belong to any record of a file that *is_torn* is no news.
        """
        file = self._file(path)
        stop = file.seek(0, os.SEEK_END) if stop is None else stop
        if stop <= start:
            raise Damaged("is empty.")
        number = self.index.add_file(path, name, start, stop)
        try:
            self._add_entries(file, number, name, start, stop, is_torn)
        except OSError as error:
            # A bad sector: what was read before it counts.
            raise Damaged(f"cannot be read: {error.strerror}.") from error
        except ManyInOneMember:
            # Nothing in it can be read from its place: it is unpacked to the disk first.
            self.index.remove_file(number)
            self._add_unpacked(unpack(file, start, stop), name)

    def _add_entries(self, file: BinaryIO, number: int, name: str, start: int, stop: int, is_torn: bool) -> None:
        # The file that is being written, or that a killed run left, loses this ending when it is closed.
        warc = name.rpartition("/")[2].removesuffix(OPEN)
        for entry in warcs.entries(file, start, stop):
            if isinstance(entry, BadRecord):
                if not is_torn:
                    self._note(name, Damaged(str(entry), entry.offset - start))
            elif isinstance(entry, warcs.Reading):
                self.index.add_reading(number, entry)
            else:
                ref = {"warc": warc, "offset": entry.offset - start, "record_id": entry.record_id}
                self.index.add_entry(number, entry, ref)

    def _add_unpacked(self, pieces: Iterator[bytes], name: str) -> None:
        """Add the captures of a WARC file whose bytes are *pieces*, by way of the disk."""
        # One file for all: a folder may hold more of them than a process may have open.
        if _SPOOL not in self._spools:
            self._spools[_SPOOL] = scratch_file()
        spool = self._spools[_SPOOL]
        start = spool.seek(0, os.SEEK_END)
        try:
            unpack_to(spool, pieces, name)
        except Damaged as problem:
            self._note(name, problem)
        except OSError as error:
            # A bad sector: what was unpacked before it counts.
            self._note(name, Damaged(f"cannot be read: {error.strerror}."))
        self._add_warc(_SPOOL, name, start)

    def _unreadable(self, path: Path, error: OSError) -> None:
        self._note(printable(path), Damaged(f"cannot be read: {error.strerror}."))

    def _note(self, file: str, problem: Damaged) -> None:
        damage = Damage(file=file, sentence=str(problem), offset=problem.offset)
        logger.warning("Damaged: %s", damage)
        self.damage.append(damage)


def _close(index: Index, files: Mapping[Path, BinaryIO], spools: Mapping[Path, BinaryIO]) -> None:
    for file in (*files.values(), *spools.values()):
        file.close()
    index.close()

"""Foreign WARC files, taken into the archive: each record as it is, as one gzip member, under our names.

A file is known by its first record, and what was taken of it by the digest of that stretch; both stand in the
first record of the copies. So a file that is still written is taken in as far as it goes, and the rest later.
What the copies mean for the catalogue is a matter of the replay that follows.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from vovcrawler.catalogue.lock import NAME as LOCK
from vovcrawler.errors import StorageTrouble
from vovcrawler.scratch import scratch_file, unpack_to
from vovcrawler.shelf import OPEN, Shelf, present, warc_files
from vovcrawler.sources import files, warcs, zips
from vovcrawler.sources.captures import Damage, Damaged, SourceError, printable
from vovcrawler.warc.fields import moment_of
from vovcrawler.warc.gzips import pack
from vovcrawler.warc.payloads import verify
from vovcrawler.warc.reading import (
    CAPTURES,
    BadRecord,
    ManyInOneMember,
    Record,
    look_through,
    read_at,
    records,
    unpack,
)

# What the first record of a copy says of its origin.
FIELD, BIRTH, STRETCH = "ingested-digest", "ingested-birth", "ingested-stretch"
_SUFFIXES = warcs.WARC_SUFFIXES + zips.WACZ_SUFFIXES
_CHUNK = 1024 * 1024
_GZIP = 31


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """A WARC file, or the stretch of a ZIP that is one."""

    name: str
    file: BinaryIO
    start: int
    stop: int
    # Whether more may be written to it.
    is_open: bool = False
    # Whether what belongs to no record of it is no news: that it is torn has been said.
    is_torn: bool = False

    def birth(self) -> str | None:
        """Return the SHA-256 of its first record, ``None`` when it has none."""
        first = next(records(self.file, self.start, self.stop), None)
        if not isinstance(first, Record) or first.end is None:
            return None
        return replace(self, stop=first.end).digest()

    def part(self, start: int, stop: int | None = None) -> Stream:
        """Return the stretch between two offsets in it; to its end that is to the end of its last whole record.

        What is behind that may be the beginning of one: of a file that is being written, or copied.
        """
        part = replace(self, start=self.start + start, stop=self.stop if stop is None else self.start + stop)
        return part if stop is not None else replace(part, stop=part._whole_to())

    def _whole_to(self) -> int:
        end = self.start
        try:
            for found in records(self.file, self.start, self.stop):
                end = (found.end if isinstance(found, Record) else None) or end
        except ManyInOneMember:
            return self.stop  # only what is in it could tell
        return end

    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        seen = hashlib.sha256()
        for piece in self.pieces(self.start, self.stop):
            seen.update(piece)
        return seen.hexdigest()

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes between two offsets, where there were some; raises :class:`StorageTrouble`."""
        while start < stop:
            self.file.seek(start)
            if not (piece := self.file.read(min(_CHUNK, stop - start))):
                raise self.changed()
            yield piece
            start += len(piece)

    def changed(self) -> StorageTrouble:
        """Return what is to be said where the file is no longer what it was a moment ago."""
        return StorageTrouble(f"{self.name} changed while it was read; run the same command again.")


@dataclass(slots=True)
class Copied:
    """What came of copying one stream: the files that hold its records, and what is damaged in it."""

    names: list[str] = field(default_factory=list)
    records: int = 0
    damage: list[Damage] = field(default_factory=list)
    # Where the bodies went to which later records may refer: record id, file, offset.
    bodies: list[tuple[str, str, int]] = field(default_factory=list)
    # When the last capture in it was made.
    newest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """What a copy says of where it is from."""

    path: Path
    birth: str
    start: int
    stop: int
    digest: str


def streams(paths: Sequence[Path]) -> Iterator[Stream | Damage]:
    """Yield every WARC file in *paths*: files, folders and WACZ files; each is closed when the next is asked for.

    Raises :class:`SourceError` for a path that is none of these.
    """
    for path in paths:
        unreadable: list[Damage] = []
        try:
            is_folder = path.is_dir()
        except OSError as error:
            _note(unreadable, path, error)
            yield from unreadable
            continue
        if is_folder:
            is_empty = True
            for file in files.walk(path, _SUFFIXES, partial(_note, unreadable)):
                is_empty = False
                yield from _streams(file)
            yield from unreadable
            # A worker that was just made has written nothing yet.
            if is_empty and not unreadable and not (path / LOCK).exists():
                raise SourceError(f"The folder {str(path)!r} holds no .warc(.gz) or .wacz file.")
        elif not os.path.lexists(path):
            raise SourceError(f"There is no file or folder {str(path)!r}.")
        elif path.name.lower().endswith(_SUFFIXES):
            yield from _streams(path)
        else:
            raise SourceError(f"{str(path)!r} cannot be taken in; PATH is a folder, .warc(.gz) or .wacz.")


def _note(damage: list[Damage], path: Path, error: OSError) -> None:
    damage.append(Damage(file=printable(path), sentence=f"cannot be read: {error.strerror}."))


def _streams(path: Path) -> Iterator[Stream | Damage]:
    # A worker may have closed it since it was listed.
    path = present(path)
    name = printable(path)
    try:
        files.check_plain(path)
        with path.open("rb", buffering=0) as file:
            whole = Stream(
                name=name, file=file, start=0, stop=file.seek(0, os.SEEK_END), is_open=name.endswith(OPEN)
            )
            if path.name.lower().endswith(zips.WACZ_SUFFIXES):
                yield from _in_wacz(path, whole)
            else:
                yield from _unpacked(whole)
    except OSError as error:
        yield Damage(file=name, sentence=f"cannot be read: {error.strerror}.")
    except Damaged as problem:
        yield Damage(file=name, sentence=str(problem))


def _in_wacz(path: Path, whole: Stream) -> Iterator[Stream | Damage]:
    """Yield the WARC files in a WACZ file; of a torn one the records that can still be found in it."""
    try:
        parts = zips.parts(path)
    except Damaged as problem:
        yield Damage(file=whole.name, sentence=str(problem))
        if not whole.stop:
            return
        yield replace(whole, is_torn=True)
        parts = list(zips.remains(path))
    for part in parts:
        stream = replace(whole, name=f"{whole.name}/{part.name}", start=part.start, stop=part.stop)
        if part.is_packed:
            yield from _spooled(stream.name, zips.unzip(path, part))
        elif part.trouble:
            yield Damage(file=stream.name, sentence=part.trouble)
            yield replace(stream, is_torn=True)
        else:
            yield from _unpacked(stream)


def _unpacked(stream: Stream) -> Iterator[Stream | Damage]:
    """Yield *stream*, or what is in it when several of its records share a gzip member."""
    if stream.stop <= stream.start and not stream.is_open:
        yield Damage(file=stream.name, sentence="is empty.")
        return
    try:
        next(records(stream.file, stream.start, stream.stop), None)
    except ManyInOneMember:
        yield from _spooled(stream.name, unpack(stream.file, stream.start, stream.stop))
    else:
        yield stream


def _spooled(name: str, pieces: Iterator[bytes]) -> Iterator[Stream | Damage]:
    with scratch_file() as spool:
        try:
            unpack_to(spool, pieces, name)
        except Damaged as problem:
            yield Damage(file=name, sentence=str(problem), offset=problem.offset)
        if stop := spool.seek(0, os.SEEK_END):
            yield from _unpacked(Stream(name=name, file=spool, start=0, stop=stop))


def copy(stream: Stream, shelf: Shelf) -> Copied:
    """Copy every whole record of *stream* to *shelf*."""
    copied = Copied()
    # Where members are shared, what holds the records is not *stream* itself.
    for stream, record in _intact(stream):  # noqa: B020
        if isinstance(record, BadRecord):
            if not stream.is_torn:
                offset = record.offset - stream.start
                copied.damage.append(Damage(file=stream.name, sentence=str(record), offset=offset))
            continue
        assert record.end is not None
        size = record.end - record.offset
        is_member = next(stream.pieces(record.offset, record.offset + 2)) == b"\x1f\x8b"
        pieces = stream.pieces(record.offset, record.end) if is_member else _packed(stream, record)
        spot = shelf.write_pieces(size, pieces)
        copied.records += 1
        if record_id := _body(record):
            copied.bodies.append((record_id, spot.name, spot.offset))
        if record.type in CAPTURES:
            copied.newest = max(copied.newest, moment_of(record.get("WARC-Date") or "") or "")
        if spot.name not in copied.names[-1:]:
            copied.names.append(spot.name)
    shelf.close()
    return copied


def _packed(stream: Stream, whole: Record) -> Iterator[bytes]:
    """Yield a plain record as a gzip member."""
    try:
        record = read_at(stream.file, whole.offset, stream.stop)
        if record.length <= _CHUNK:
            yield pack(record.header + record.rest() + b"\r\n\r\n")
            return
        packer = zlib.compressobj(wbits=_GZIP)
        yield packer.compress(record.header)
        for piece in iter(record.read, b""):
            yield packer.compress(piece)
        yield packer.compress(b"\r\n\r\n") + packer.flush()
    except BadRecord as problem:
        raise stream.changed() from problem


def origins(folder: Path) -> dict[str, list[Origin]]:
    """Return the copies in *folder* by the birth of the file that they are from, in their order there."""
    found: dict[str, list[Origin]] = {}
    for path in warc_files(folder):
        if origin := _origin(path):
            found.setdefault(origin.birth, []).append(origin)
    for copies in found.values():
        copies.sort(key=lambda origin: origin.start)
    return found


def _origin(path: Path) -> Origin | None:
    with path.open("rb", buffering=0) as file:
        try:
            record = read_at(file, 0)
            lines = record.rest().decode("utf-8", "replace").splitlines() if record.type == "warcinfo" else []
        except BadRecord:
            return None
    facts = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    start, _, stop = facts.get(STRETCH, "").partition("-")
    if not (start.isdecimal() and stop.isdecimal() and FIELD in facts and BIRTH in facts):
        return None
    return Origin(path=path, birth=facts[BIRTH], start=int(start), stop=int(stop), digest=facts[FIELD])


def bodies(file: BinaryIO, name: str) -> Iterator[tuple[str, str, int]]:
    """Yield the records of *file* to whose bodies later ones may refer: record id, *name* and offset."""
    for record in records(file):
        if isinstance(record, Record) and (record_id := _body(record)):
            yield record_id, name, record.offset


def _body(record: Record) -> str | None:
    return record.bare("WARC-Record-ID") if record.type == "response" else None


def whole_records(stream: Stream) -> int:
    """Return how many whole records there are in *stream*."""
    return sum(isinstance(record, Record) for _, record in _intact(stream))


def _intact(stream: Stream) -> Iterator[tuple[Stream, Record | BadRecord]]:
    """Yield every record with all that a check of the archive will verify of it, and the stream that holds it.

    From the first gzip member on that several records share, that is one with what *stream* unpacks to.
    """
    try:
        for found in look_through(stream.file, verify, stream.start, stream.stop):
            yield stream, found if isinstance(found, BadRecord) else found[0]
    except ManyInOneMember as many:
        with scratch_file() as spool:
            unpack_to(spool, unpack(stream.file, many.offset, stream.stop), stream.name)
            yield from _intact(replace(stream, file=spool, start=0, stop=spool.seek(0, os.SEEK_END)))

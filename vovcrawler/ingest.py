"""Foreign WARC files, taken into the archive: each record as it is, as one gzip member, under our names.

A file that was taken in before is known by its digest, which its copies give in their first record. What the
copies mean for the catalogue is a matter of the replay that follows.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from vovcrawler.shelf import Shelf
from vovcrawler.sources import files, warcs, zips
from vovcrawler.sources.captures import Damage, Damaged, SourceError, printable
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, Record, read_at, records, unpack
from vovcrawler.warc.writing import pack

FIELD = "ingested-digest"
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

    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        seen = hashlib.sha256()
        for piece in self.pieces(self.start, self.stop):
            seen.update(piece)
        return seen.hexdigest()

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes between two offsets."""
        self.file.seek(start)
        while start < stop and (piece := self.file.read(min(_CHUNK, stop - start))):
            yield piece
            start += len(piece)
            self.file.seek(start)


@dataclass(slots=True)
class Copied:
    """What came of copying one stream: the files that hold its records, and what is damaged in it."""

    names: list[str] = field(default_factory=list)
    records: int = 0
    damage: list[Damage] = field(default_factory=list)


def streams(paths: Sequence[Path]) -> Iterator[Stream | Damage]:
    """Yield every WARC file in *paths*: files, folders and WACZ files; each is closed when the next is asked for.

    Raises :class:`SourceError` for a path that is none of these.
    """
    for path in paths:
        if path.is_dir():
            unreadable: list[Damage] = []
            is_empty = True
            for file in files.walk(path, _SUFFIXES, partial(_note, unreadable)):
                is_empty = False
                yield from _streams(file)
            yield from unreadable
            if is_empty and not unreadable:
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
    name = printable(path)
    try:
        with path.open("rb", buffering=0) as file:
            if not path.name.lower().endswith(zips.WACZ_SUFFIXES):
                yield from _unpacked(Stream(name=name, file=file, start=0, stop=file.seek(0, os.SEEK_END)))
                return
            for part in zips.parts(path):
                inner = f"{name}/{part.name}"
                if part.is_packed:
                    yield from _spooled(inner, zips.unzip(path, part.name))
                else:
                    yield from _unpacked(Stream(name=inner, file=file, start=part.start, stop=part.stop))
    except OSError as error:
        yield Damage(file=name, sentence=f"cannot be read: {error.strerror}.")
    except Damaged as problem:
        yield Damage(file=name, sentence=str(problem))


def _unpacked(stream: Stream) -> Iterator[Stream]:
    """Yield *stream*, or what is in it when several of its records share a gzip member."""
    try:
        next(records(stream.file, stream.start, stream.stop), None)
    except ManyInOneMember:
        yield from _spooled(stream.name, unpack(stream.file, stream.start, stream.stop))
    else:
        yield stream


def _spooled(name: str, pieces: Iterator[bytes]) -> Iterator[Stream]:
    with tempfile.TemporaryFile(prefix="vovcrawler-") as spool:
        for piece in pieces:
            spool.write(piece)
        spool.flush()
        yield from _unpacked(Stream(name=name, file=spool, start=0, stop=spool.tell()))


def copy(stream: Stream, shelf: Shelf) -> Copied:
    """Copy every whole record of *stream* to *shelf*."""
    copied = Copied()
    for record in records(stream.file, stream.start, stream.stop):
        if isinstance(record, BadRecord):
            offset = record.offset - stream.start
            copied.damage.append(Damage(file=stream.name, sentence=str(record), offset=offset))
            continue
        assert record.end is not None
        size = record.end - record.offset
        is_member = next(stream.pieces(record.offset, record.offset + 2)) == b"\x1f\x8b"
        pieces = stream.pieces(record.offset, record.end) if is_member else _packed(stream, record)
        spot = shelf.write_pieces(size, pieces)
        copied.records += 1
        if spot.name not in copied.names[-1:]:
            copied.names.append(spot.name)
    shelf.close()
    return copied


def _packed(stream: Stream, whole: Record) -> Iterator[bytes]:
    """Yield a plain record as a gzip member."""
    record = read_at(stream.file, whole.offset, stream.stop)
    if record.length <= _CHUNK:
        yield pack(record.header + record.rest() + b"\r\n\r\n")
        return
    packer = zlib.compressobj(wbits=_GZIP)
    yield packer.compress(record.header)
    for piece in iter(record.read, b""):
        yield packer.compress(piece)
    yield packer.compress(b"\r\n\r\n") + packer.flush()


def copies(folder: Path, digest: str) -> list[Path]:
    """Return the files in *folder* that say of themselves that they are copies of the stream with *digest*."""
    return [path for path in sorted(folder.glob("*.warc.gz*")) if path.is_file() and _origin(path) == digest]


def _origin(path: Path) -> str | None:
    with path.open("rb", buffering=0) as file:
        try:
            record = read_at(file, 0)
            lines = record.rest().decode("utf-8", "replace").splitlines() if record.type == "warcinfo" else []
        except BadRecord:
            return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{FIELD}:")), None)


def whole_records(file: BinaryIO, start: int = 0, stop: int | None = None) -> int:
    """Return how many whole records there are in *file* between two offsets."""
    return sum(isinstance(record, Record) for record in records(file, start, stop))

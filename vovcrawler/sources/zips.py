"""WACZ files as sources: where in the ZIP its WARC files lie, those of the WACZ files in it, too."""

from __future__ import annotations

import io
import lzma
import mmap
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from vovcrawler.sources.captures import FOREIGN_SUFFIXES, Damaged
from vovcrawler.sources.warcs import WARC_SUFFIXES

WACZ_SUFFIXES = (".wacz",)

_MARK = b"PK\x03\x04"
# What stands before each file of a ZIP: mark, method, and the lengths of its name and of what follows that.
_LOCAL_HEADER = struct.Struct("<4s4xH16xHH")
_RAW = -15
_CHUNK = 256 * 1024
# What damaged data raise, by the way in which they are packed; bzip2 raises an OSError without a number.
_TORN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, NotImplementedError)
_IS_TORN = "is not an intact WACZ file; what there is was read."
_IS_CUT = "does not unpack whole; what there is was read."


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A WARC file in a ZIP: between two offsets, or, where the ZIP has packed it, only as a stream.

    ``within`` is where the ZIP itself lies, ``None`` where nothing but the packed bytes are left of it.
    ``trouble`` says what is wrong with a WACZ file in the ZIP that cannot be taken apart.
    """

    name: str
    start: int
    stop: int
    is_packed: bool
    entry: str = ""
    within: tuple[int, int] | None = None
    trouble: str | None = None


class _Slice(io.RawIOBase):
    """A file from one offset to another, as a file."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self.file, self.start, self.size, self.at = file, start, stop - start, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        if at < 0:
            raise zipfile.BadZipFile  # what it says of itself cannot be
        self.at = at
        return at

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self.size - self.at)
        self.file.seek(self.start + self.at)
        data = self.file.read(left if size < 0 else min(size, left))
        self.at += len(data)
        return data


def parts(path: Path) -> list[Part]:
    """Return the WARC files in the WACZ file at *path*, those of other forms too; raises :class:`Damaged`."""
    try:
        with path.open("rb") as file:
            found = _parts(file, 0, file.seek(0, io.SEEK_END))
    except OSError as error:
        raise Damaged(f"cannot be read: {error.strerror}.") from error
    if not found:
        raise Damaged("holds no WARC files.")
    return found


def _parts(file: BinaryIO, begin: int, end: int, *, is_inner: bool = False) -> list[Part]:
    found = []
    try:
        with zipfile.ZipFile(_Slice(file, begin, end)) as archive:
            for entry in archive.infolist():
                if not entry.filename.lower().endswith(WARC_SUFFIXES + FOREIGN_SUFFIXES + WACZ_SUFFIXES):
                    continue
                part = _part(file, begin, end, entry)
                if entry.filename.lower().endswith(WACZ_SUFFIXES):
                    found += _inner(file, part, is_readable=not (is_inner or part.is_packed))
                else:
                    found.append(part)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError) as error:
        raise Damaged(_IS_TORN) from error
    return found


def _part(file: BinaryIO, begin: int, end: int, entry: zipfile.ZipInfo) -> Part:
    if entry.header_offset < 0:
        raise zipfile.BadZipFile  # a piece before it is missing
    file.seek(begin + entry.header_offset)
    mark, _, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if mark != _MARK:
        raise zipfile.BadZipFile
    start = begin + entry.header_offset + _LOCAL_HEADER.size + name + extra
    return Part(
        name=entry.filename,
        start=start,
        stop=start + entry.compress_size,
        is_packed=entry.compress_type != zipfile.ZIP_STORED,
        entry=entry.filename,
        within=(begin, end),
    )


def _inner(file: BinaryIO, wacz: Part, *, is_readable: bool) -> list[Part]:
    """Return the WARC files in a WACZ file that lies in another one, as they are downloaded of several crawls."""
    if not is_readable:
        trouble = "lies packed in another WACZ file: unpack that one first; what there is was read."
        return [replace(wacz, is_packed=False, trouble=trouble)]
    try:
        inner = _parts(file, wacz.start, wacz.stop, is_inner=True)
    except Damaged as problem:
        return [replace(wacz, trouble=str(problem))]
    return [replace(part, name=f"{wacz.name}/{part.name}") for part in inner]


def remains(path: Path) -> Iterator[Part]:
    """Yield the packed WARC files of a torn WACZ file, by what stands before each of them."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(_MARK)
        while 0 <= at <= len(data) - _LOCAL_HEADER.size:
            _, method, length, extra = _LOCAL_HEADER.unpack_from(data, at)
            start = at + _LOCAL_HEADER.size + length
            name = data[start - length : start].decode("utf-8", "replace")
            if method == zipfile.ZIP_DEFLATED and name.lower().endswith(WARC_SUFFIXES):
                yield Part(name=name, start=start + extra, stop=len(data), is_packed=True)
            at = data.find(_MARK, at + 1)


def unzip(path: Path, part: Part) -> Iterator[bytes]:
    """Yield the bytes of *part*, packed in the ZIP at *path*; raises :class:`Damaged` where they are not intact.

    Whoever reads has got what there is by then; how much that is, is the offset of the damage.
    """
    got = 0
    try:
        for piece in _pieces(path, part):
            got += len(piece)
            yield piece
    except (*_TORN, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Damaged(_IS_CUT, got) from error


def _pieces(path: Path, part: Part) -> Iterator[bytes]:
    with path.open("rb") as file:
        if part.within is not None:
            with zipfile.ZipFile(_Slice(file, *part.within)) as archive, archive.open(part.entry) as packed:
                yield from iter(partial(packed.read, _CHUNK), b"")
            return
        file.seek(part.start)
        unpack = zlib.decompressobj(_RAW)
        while not unpack.eof:
            data = unpack.unconsumed_tail or file.read(_CHUNK)
            if not data:
                raise EOFError
            yield unpack.decompress(data, _CHUNK)

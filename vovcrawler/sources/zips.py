"""WACZ files as sources: where in the ZIP its WARC files lie."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vovcrawler.sources.captures import FOREIGN_SUFFIXES, Damaged
from vovcrawler.sources.warcs import WARC_SUFFIXES

WACZ_SUFFIXES = (".wacz",)

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_CHUNK = 256 * 1024
# What damaged data raise, by the way in which they are packed; bzip2 raises an OSError without a number.
_TORN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, NotImplementedError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A WARC file in a ZIP: between two offsets, or, where the ZIP has packed it, only as a stream."""

    name: str
    start: int
    stop: int
    is_packed: bool


def parts(path: Path) -> list[Part]:
    """Return the WARC files in the WACZ file at *path*, those of other forms too; raises :class:`Damaged`."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            found = []
            for entry in archive.infolist():
                if not entry.filename.lower().endswith(WARC_SUFFIXES + FOREIGN_SUFFIXES):
                    continue
                file.seek(entry.header_offset)
                signature, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
                if signature != b"PK\x03\x04":
                    raise zipfile.BadZipFile
                start = entry.header_offset + _LOCAL_HEADER.size + name + extra
                is_packed = entry.compress_type != zipfile.ZIP_STORED
                stop = start + entry.compress_size
                found.append(Part(name=entry.filename, start=start, stop=stop, is_packed=is_packed))
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError) as error:
        raise Damaged("is not an intact WACZ file; what there is was read.") from error
    except OSError as error:
        raise Damaged(f"cannot be read: {error.strerror}.") from error
    if not found:
        raise Damaged("holds no WARC files.")
    return found


def unzip(path: Path, name: str) -> Iterator[bytes]:
    """Yield the bytes of the file *name* in the ZIP at *path*; raises :class:`Damaged` where they are not intact.

    Whoever reads has got what there is by then.
    """
    with zipfile.ZipFile(path) as archive:
        try:
            with archive.open(name) as file:
                while piece := file.read(_CHUNK):
                    yield piece
        except (*_TORN, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise Damaged("does not unpack whole; what there is was read.") from error

"""Damaged WARC files, repaired: what is damaged is put aside, never deleted, and what is whole stays in its place.

So is a record that belongs or refers to one that is in no file: it is of no use alone.

The file goes into the folder ``quarantine`` as it is. In the repaired one a record that says so covers each
damaged stretch, and is as long: every offset that the catalogue knows stays right.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import uuid
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from vovcrawler.soundness import QUARANTINED, UNKNOWN, look
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, Record, look_through, read_at
from vovcrawler.warc.writing import record

FOLDER = "quarantine"
# So that nothing takes what lies there for a part of the archive.
_SUFFIX = ".damaged"
_NUMBER = re.compile(rf"(?:\.\d+)?{re.escape(_SUFFIX)}$")
_CHUNK = 1024 * 1024
_NOTE = b"What was here is damaged and lies in the folder quarantine."
_COMMENT = 0x10


@dataclass(frozen=True, kw_only=True, slots=True)
class Hole:
    """A damaged stretch of a file, and the record that was there, if that is known."""

    start: int
    stop: int
    record_id: str | None = None


def repair(path: Path, claims: Mapping[int, str], date: str, lone: Collection[int] = ()) -> list[Hole]:
    """Put the damaged file at *path* aside and a repaired one in its place; return what it has lost.

    *claims* says which records the catalogue expects at which offsets, *lone* at which there are whole ones to be
    put aside, too. A stretch that is too short for any record is left out, unless there is such a one in it, as is
    one at the end of the file that nothing is expected in; a file of which nothing is left is gone then. Where
    what is expected behind it is in its place, the short stretch is made empty instead.
    """
    is_packed = ".gz" in path.suffixes
    holes = [
        replace(part, record_id=_identity(path, part, claims))
        for hole in _holes(path, lone)
        for part in _parts(hole, claims, lambda part: bool(_cover(part, date, is_packed)))
    ]
    covers = {hole: _cover(hole, date, is_packed) for hole in holes}
    covers = {hole: cover for hole, cover in covers.items() if cover or hole.start not in lone}
    if lone and not covers:
        return []
    covers = {hole: cover or _filling(path, hole, claims, is_packed) for hole, cover in covers.items()}
    put_aside(path)
    # Not beside it, where it would pass for a part of the archive.
    part = path.parent / FOLDER / f"{path.name}.part"
    with path.open("rb") as file, part.open("wb") as out:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        for hole, cover in covers.items():
            _copy(file, out, hole.start - file.tell())
            if hole.stop < end or hole.record_id:
                out.write(cover)
            file.seek(hole.stop)
        _copy(file, out, end - file.tell())
        out.flush()
        os.fsync(out.fileno())
    if part.stat().st_size:
        part.replace(path)
    else:
        part.unlink()
        path.unlink()
    return list(covers)


def _holes(path: Path, lone: Collection[int]) -> Iterator[Hole]:
    """Yield the stretches between whole records that are not *lone*."""
    whole_to = 0
    with path.open("rb", buffering=0) as file:
        for found in look_through(file, look):
            if not isinstance(found, BadRecord):
                read, _ = found
                assert read.end is not None
                if read.offset in lone:
                    continue
                if read.offset > whole_to:
                    yield Hole(start=whole_to, stop=read.offset, record_id=_belonging(read))
                whole_to = read.end
        if (end := file.seek(0, os.SEEK_END)) > whole_to:
            yield Hole(start=whole_to, stop=end)


def _parts(hole: Hole, claims: Collection[int], is_coverable: Callable[[Hole], bool]) -> Iterator[Hole]:
    """Yield *hole*, in parts where the catalogue expects records inside it: each is to be found at its offset."""
    for offset in sorted(offset for offset in claims if hole.start < offset < hole.stop):
        before, behind = replace(hole, stop=offset, record_id=None), replace(hole, start=offset)
        if is_coverable(before) and is_coverable(behind):
            yield before
            hole = behind
    yield hole


def _belonging(after: Record) -> str | None:
    """Return the response to which the request that stands behind a hole belongs."""
    return after.bare("WARC-Concurrent-To") if after.type == "request" else None


def _identity(path: Path, hole: Hole, claims: Mapping[int, str]) -> str | None:
    """Return the id of what was in *hole*, by its own header, what the catalogue expects, or what follows."""
    with path.open("rb", buffering=0) as file:
        try:
            own = read_at(file, hole.start).bare("WARC-Record-ID")
        except BadRecord:
            own = None
    return own or claims.get(hole.start) or hole.record_id


def put_aside(path: Path) -> None:
    """Copy the file at *path* into the folder ``quarantine`` beside it, under a name that is new there."""
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    aside = folder / f"{path.name}{_SUFFIX}"
    number = 1
    while aside.exists():
        number += 1
        aside = folder / f"{path.name}.{number}{_SUFFIX}"
    part = aside.with_name(aside.name + ".part")
    shutil.copyfile(path, part)
    with part.open("rb+") as copy:
        os.fsync(copy.fileno())
    part.replace(aside)


def has_lost(path: Path) -> bool:
    """Whether anything of the file at *path* was damaged when that was put aside, and not only of no use alone."""
    aside = (
        copy for copy in (path.parent / FOLDER).glob(f"*{_SUFFIX}") if _NUMBER.sub("", copy.name) == path.name
    )
    return any(map(_is_damaged, aside))


def _is_damaged(path: Path) -> bool:
    with path.open("rb", buffering=0) as file:
        try:
            return any(isinstance(found, BadRecord) for found in look_through(file, look))
        except ManyInOneMember:
            return True


def _copy(file: IO[bytes], out: IO[bytes], length: int) -> None:
    while length and (piece := file.read(min(_CHUNK, length))):
        out.write(piece)
        length -= len(piece)


def _cover(hole: Hole, date: str, is_packed: bool) -> bytes:
    """Return a record that is as long as *hole*; nothing where it is too short for one."""
    length = hole.stop - hole.start
    fields = [("WARC-Record-ID", f"<{uuid.uuid4().urn}>"), ("WARC-Date", date)]
    fields.append((QUARANTINED, f"<{hole.record_id}>" if hole.record_id else f"<{UNKNOWN}>"))
    if is_packed:
        return _packed(record("metadata", fields, "text/plain", _NOTE), length)
    bare = len(record("metadata", fields, "text/plain", _NOTE))
    # The length of the block stands in the header, and may take a digit more there.
    for more in range(length - bare, max(length - bare - 20, -1), -1):
        cover = record("metadata", fields, "text/plain", _NOTE + b" " * more)
        if len(cover) == length:
            return cover
    return b""


def _filling(path: Path, hole: Hole, claims: Mapping[int, str], is_packed: bool) -> bytes:
    """Return what readers pass over, as long as *hole*; nothing where it must have come in between."""
    behind = min((offset for offset in claims if offset >= hole.stop), default=None)
    if behind is None:
        return b""
    with path.open("rb", buffering=0) as file:
        try:
            is_in_place = read_at(file, behind).bare("WARC-Record-ID") == claims[behind]
        except BadRecord:
            is_in_place = False
    length = hole.stop - hole.start if is_in_place else 0
    return _packed(b"", length) if is_packed else b"\n" * length


def _packed(data: bytes, length: int) -> bytes:
    """Return *data* as a gzip member of exactly *length* bytes: a comment in its header fills it up."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(data) + packer.flush() + struct.pack("<LL", zlib.crc32(data), len(data))
    head = struct.pack("<3sBLBB", b"\x1f\x8b\x08", _COMMENT, 0, 0, 255)
    comment = length - len(head) - len(body) - 1
    return head + b" " * comment + b"\0" + body if comment >= 0 else b""

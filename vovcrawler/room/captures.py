"""The bytes of a capture, shown as text or packed to take away; nothing outside the archive is ever read."""

from __future__ import annotations

import gzip
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import brotli
import zstandard

from vovcrawler.pages import decode
from vovcrawler.sources.captures import Answer, Reference
from vovcrawler.sources.warcs import answer
from vovcrawler.wacz import pack
from vovcrawler.warc.gzips import MARK
from vovcrawler.warc.http import BadMessage
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, read_at, records

#: Returns the capture to which a revisit refers so, where the catalogue knows it.
Find = Callable[[Reference], Mapping[str, Any] | None]

#: So much of a page's source is shown.
MOST_SHOWN = 400_000
_MOST_UNPACKED = 8 * 1024 * 1024

_NAME = re.compile(r"\w[\w.-]*\.warc(\.gz)?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """What the server sent; *why* says why it cannot be shown."""

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    source: str = ""
    is_cut: bool = False
    why: str | None = None


def is_kept(folder: Path, capture: Mapping[str, Any]) -> bool:
    """Whether the bytes of *capture* are in a WARC file of the archive."""
    return _file(folder, capture) is not None


def read(folder: Path, capture: Mapping[str, Any], find: Find) -> Raw:
    """Return the bytes of *capture*, in the archive in *folder*, as text."""
    if _file(folder, capture) is None:
        return Raw(why=str(capture.get("warc") or capture.get("file") or "?"))
    try:
        found = _answer(folder, _with_original(folder, capture, find))
        text = decode(_unpacked(found), _header(found, "content-type"))
    except (BadRecord, BadMessage, ManyInOneMember, OSError, EOFError, *_BROKEN) as trouble:
        return Raw(why=str(trouble))
    is_cut = len(text) > MOST_SHOWN
    return Raw(status=found.status, headers=found.headers, source=text[:MOST_SHOWN], is_cut=is_cut)


def wacz(folder: Path, capture: Mapping[str, Any], find: Find, now: datetime) -> bytes | None:
    """Return *capture* as a WACZ of one page; ``None`` when its bytes are not in the archive."""
    if not is_kept(folder, capture):
        return None
    with tempfile.TemporaryDirectory(prefix="vovcrawler-") as scratch:
        aside, out = Path(scratch, "warc"), Path(scratch, "page.wacz")
        aside.mkdir()
        try:
            for one in _with_original(folder, capture, find):
                with (aside / one["warc"]).open("ab") as copy:
                    copy.write(_member(folder, one))
        except (BadRecord, ManyInOneMember, OSError):
            return None
        pack(aside, out, now=now)
        return out.read_bytes() if out.exists() else None


def _with_original(folder: Path, capture: Mapping[str, Any], find: Find) -> list[Mapping[str, Any]]:
    """Return *capture*, behind the one that has its body where it is a revisit: what was taken back, say."""
    offset = int(capture["offset"])
    with _opened(folder, capture) as file:
        record = read_at(file, offset)
    if record.type != "revisit":
        return [capture]
    urls = (record.bare("WARC-Refers-To-Target-URI"), record.bare("WARC-Target-URI"))
    reference = Reference(
        record_id=record.bare("WARC-Refers-To"),
        urls=tuple(filter(None, urls)),
        digest=record.get("WARC-Payload-Digest"),
    )
    original = find(reference)
    if original is None or _file(folder, original) is None:
        raise BadRecord("refers to a capture that is not at hand.", offset)
    return [original, capture]


def _answer(folder: Path, captures: Iterable[Mapping[str, Any]]) -> Answer:
    found: Answer | None = None
    for capture in captures:
        with _opened(folder, capture) as file:
            found = answer(file, int(capture["offset"]), None, found)
    assert found
    return found


def _member(folder: Path, capture: Mapping[str, Any]) -> bytes:
    """Return the record of *capture* as it lies in its file; raises :class:`BadRecord`."""
    offset = int(capture["offset"])
    with _opened(folder, capture) as file:
        record = next(records(file, offset), None)
        if record is None or isinstance(record, BadRecord):
            raise record or BadRecord("breaks off before its end.", offset)
        assert record.end is not None
        file.seek(offset)
        return file.read(record.end - offset)


@contextmanager
def _opened(folder: Path, capture: Mapping[str, Any]) -> Iterator[BinaryIO]:
    path = _file(folder, capture)
    if path is None:
        raise FileNotFoundError(capture.get("warc"))
    with path.open("rb", buffering=0) as file:
        yield file


def _file(folder: Path, capture: Mapping[str, Any]) -> Path | None:
    """Return the WARC file of *capture*: one right inside the archive's folder, whatever its name says."""
    name = capture.get("warc")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return None
    root = (folder / "warc").resolve()
    for path in (root / name, root / f"{name}.open"):
        if path.is_file() and path.resolve().parent == root:
            return path
    return None


def _header(found: Answer, name: str) -> str | None:
    return next((value for key, value in found.headers if key.lower() == name), None)


def _unpacked(found: Answer) -> bytes:
    if found.plain is not None:
        return found.plain
    body, names = found.body, found.encoding or _header(found, "content-encoding") or ""
    # What was done last stands last.
    for name in reversed(names.lower().split(",")):
        if unpack := _UNPACK.get(name.strip()):
            body = unpack(body)
    return body[:_MOST_UNPACKED]


def _gunzip(body: bytes) -> bytes:
    inflate = zlib.decompressobj(47)
    plain = inflate.decompress(body, _MOST_UNPACKED)
    if not inflate.unused_data.startswith(MARK):
        return plain
    with gzip.GzipFile(fileobj=BytesIO(body)) as parts:
        return parts.read(_MOST_UNPACKED)


def _inflate(body: bytes) -> bytes:
    try:
        return _gunzip(body)
    except zlib.error:
        # What some servers call deflate has no header.
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, _MOST_UNPACKED)


def _unbrotli(body: bytes) -> bytes:
    return bytes(brotli.Decompressor().process(body, output_buffer_limit=_MOST_UNPACKED))


def _unzstd(body: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(body) as reader:
        return bytes(reader.read(_MOST_UNPACKED))


_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError)
_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}

"""WACZ: the archive, or some days of it, as one file that viewers open, with an index and a list of pages.

Everything is streamed: what is chosen and where it lies stands in a table on disk, records are copied as they
are. Reading WACZ files is a matter of :mod:`vovcrawler.sources`.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from vovcrawler import __version__
from vovcrawler.dates import VIETNAM, warc_date
from vovcrawler.shelf import present, warc_files
from vovcrawler.wacz import cdxj
from vovcrawler.wacz.contents import Contents, Described
from vovcrawler.warc.payloads import json_object
from vovcrawler.warc.reading import BadRecord, read_at

VERSION = "1.1.1"
_CHUNK = 1024 * 1024
# What of a record is in the list of pages.
_TOLD = {"id", "content_digest", "headline", "lead", "body"}
_PAGES = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}


@dataclass(slots=True)
class Packed:
    """What was packed, and what is damaged in the archive: such records are left out."""

    files: int = 0
    captures: int = 0
    pages: int = 0
    damage: list[str] = field(default_factory=list)


def pack(
    folder: Path, out: Path, *, now: datetime, since: date | None = None, until: date | None = None
) -> Packed:
    """Write the WARC files in *folder* into the WACZ file *out*; with days, what was captured on them.

    The days are those of Vietnam, both included. Nothing is written when there is nothing to pack.
    """
    packed = Packed()
    contents = Contents()
    for path in warc_files(folder):
        path, name = present(path), path.name.removesuffix(".open")
        for problem in contents.add(path, name):
            # The end of a file that is being written is not there yet.
            if path.suffix != ".open":
                packed.damage.append(f"{path} at byte {problem.offset}: {problem}")
    after = None if until is None or until == date.max else until + timedelta(days=1)
    packed.captures = contents.choose(_moment(since), _moment(after))
    if packed.captures:
        part = out.with_name(out.name + ".part")
        try:
            with zipfile.ZipFile(part, "w") as archive:
                _write(_Package(archive, now), contents, packed)
            with part.open("rb+") as file:
                os.fsync(file.fileno())  # a name can outlive the loss of power that its bytes do not
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    contents.close()
    return packed


def _moment(day: date | None) -> str | None:
    return warc_date(datetime.combine(day, time(), VIETNAM)) if day else None


class _Package:
    """A ZIP file that knows the size and digest of each file in it."""

    def __init__(self, archive: zipfile.ZipFile, now: datetime) -> None:
        self.archive, self.now = archive, now
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def file(self, path: str, *, is_packed: bool = False) -> Iterator[_Hashing]:
        """Write one file; what *is_packed* is stored as it is, so that viewers can read from its middle."""
        # A ZIP file knows these years only; a machine that has lost its clock begins in 1970.
        year = min(max(self.now.year, 1980), 2107)
        info = zipfile.ZipInfo(path, (year, *self.now.timetuple()[1:6]))
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        with self.archive.open(info, "w", force_zip64=True) as out:
            hashing = _Hashing(out)
            yield hashing
        self.resources.append(
            {
                "name": path.rpartition("/")[2].lower(),
                "path": path,
                "hash": hashing.digest,
                "bytes": hashing.size,
            }
        )

    def finish(self, title: str) -> None:
        """Write the table of what is in the file, and its digest."""
        table = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": title,
            "created": self.now.isoformat(timespec="seconds"),
            "software": f"vovcrawler {__version__}",
            "resources": list(self.resources),
        }
        with self.file("datapackage.json") as out:
            out.write(json.dumps(table, ensure_ascii=False, indent=2).encode())
        with self.file("datapackage-digest.json") as digest:
            digest.write(json.dumps({"path": "datapackage.json", "hash": out.digest}, indent=2).encode())


class _Hashing:
    """A file being written, with its size and SHA-256."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._hash, self.size = out, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


def _write(package: _Package, contents: Contents, packed: Packed) -> None:
    for number, path, name in contents.files():
        with present(path).open("rb") as file, package.file(f"archive/{name}", is_packed=True) as out:
            for span in contents.spans(number):
                file.seek(span.start)
                _copy(file, out, span.stop - span.start)
        packed.files += 1
    heads = [cdxj.head()]
    with package.file(f"indexes/{cdxj.NAME}", is_packed=True) as out:
        for first, block in cdxj.blocks(contents.index()):
            heads.append(first)
            out.write(block)
    with package.file("indexes/index.idx") as out:
        out.write("".join(heads).encode())
    with package.file("pages/pages.jsonl") as out:
        out.write(_line(_PAGES))
        for page in _pages(contents):
            out.write(_line(page))
            packed.pages += 1
    package.finish("VOV.VN")


def _copy(file: IO[bytes], out: _Hashing, length: int) -> None:
    while length:
        piece = file.read(min(_CHUNK, length))
        if not piece:
            raise OSError(f"{file.name} has become shorter")
        out.write(piece)
        length -= len(piece)


def _pages(contents: Contents) -> Iterator[dict[str, str]]:
    """Yield the articles, each state of one once: that its page was looked at again is no news."""
    for capture in contents.articles():
        record = _read(capture)
        state = f"{record['id']} {record['content_digest']}" if record else capture.url
        if contents.is_new(state):
            # As in the index: to the second.
            page = {"id": capture.id, "url": capture.url, "ts": capture.moment[:19] + "Z"}
            if record:
                texts = filter(None, [record["lead"], *record["body"]])
                page |= {"title": record["headline"] or capture.url, "text": "\n".join(texts)}
            yield {"title": capture.url, **page}


def _read(capture: Described) -> dict[str, Any] | None:
    """Return the record that the archive holds beside *capture*."""
    if capture.path is None or capture.start is None:
        return None
    with present(capture.path).open("rb", buffering=0) as file:
        try:
            record = json_object(read_at(file, capture.start).rest())
        except BadRecord:
            return None
    return record if record and record.keys() >= _TOLD else None


def _line(page: dict[str, Any]) -> bytes:
    return json.dumps(page, ensure_ascii=False).encode() + b"\n"

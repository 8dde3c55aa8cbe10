"""The table of contents of a source: which captures it holds, and in which order they are read again.

It lies in a temporary file that SQLite removes by itself, so that memory does not grow with the source.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from vovcrawler import urls
from vovcrawler.scratch import scratch_database
from vovcrawler.sources.captures import Capture, Kind, Reference
from vovcrawler.sources.warcs import Entry, Reading
from vovcrawler.warc.digests import differ

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE files (
    number INTEGER PRIMARY KEY,
    path BLOB NOT NULL,
    name TEXT NOT NULL,         -- what the user knows it as
    start INTEGER NOT NULL,     -- a file inside a ZIP has its bytes from here
    stop INTEGER                -- to here
);
CREATE TABLE readings (
    record_id TEXT PRIMARY KEY,
    moment TEXT NOT NULL,
    file INTEGER NOT NULL REFERENCES files,
    offset INTEGER NOT NULL,
    version TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE seen (path BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE captures (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    url TEXT,
    address TEXT,               -- url in its canonical form
    status INTEGER NOT NULL,
    is_seed INTEGER NOT NULL,
    file INTEGER NOT NULL REFERENCES files,
    offset INTEGER NOT NULL,
    ref TEXT NOT NULL,
    captured_at TEXT,           -- as it is written
    moment TEXT,                -- in the form that sorts
    record_id TEXT UNIQUE,
    payload_digest TEXT,
    revisit TEXT,
    refers_to TEXT,
    refers_to_url TEXT,
    refers_to_moment TEXT,
    hops INTEGER NOT NULL DEFAULT 0,
    within TEXT,
    etag TEXT,
    last_modified TEXT
);
"""
_INDEXES = """
CREATE INDEX by_address ON captures (address, moment);
CREATE INDEX by_ref ON captures (ref);
CREATE INDEX by_payload ON captures (payload_digest) WHERE revisit IS NULL;
"""
_NAMES = (
    *("kind", "url", "status", "captured_at", "moment", "hops", "within"),
    *("payload_digest", "etag", "last_modified"),
)
_COLUMNS = f"number, {', '.join(f'captures.{name}' for name in _NAMES)}, revisit IS NOT NULL, ref"
_LATEST = "moment DESC, file DESC, offset DESC"
_ADD_ENTRY = (
    "INSERT OR IGNORE INTO captures (kind, url, address, status, is_seed, file, offset, ref, captured_at, moment,"
    " payload_digest, revisit, refers_to, refers_to_url, refers_to_moment, hops, within, etag, last_modified,"
    f" record_id) VALUES ('http'{', ?' * 19})"
)
# So many addresses are asked about at one time: the robots.txt of all mirrors.
_MOST_FORCES = 64
# Behind every moment.
_NEVER = "~"
_SAME_ID = "SELECT url, moment, payload_digest FROM captures WHERE record_id = ?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the bytes of a capture are, and whether it only refers to those of another one."""

    path: Path
    name: str
    start: int
    stop: int | None
    offset: int
    is_revisit: bool


# Path, name, start and stop, as in a place.
_File = tuple[Path, str, int, int | None]


class Index:
    """Captures of a source by place, address and time."""

    def __init__(self) -> None:
        self._db = scratch_database(_SCHEMA)
        self._last_file: tuple[int, _File] = 0, (Path(), "", 0, None)
        self._forces: dict[str, tuple[str, str, Capture | None]] = {}
        self.close = weakref.finalize(self, self._db.close)

    # ---- filled

    def is_new(self, path: Path) -> bool:
        """Whether the file at *path* was not asked about before, by whatever name."""
        real = os.fsencode(os.path.realpath(path))
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (real,)).rowcount == 1

    def add_file(self, path: Path, name: str, start: int = 0, stop: int | None = None) -> int:
        """Note that captures lie in the file at *path*, between two offsets, and return its number."""
        query = "INSERT INTO files (path, name, start, stop) VALUES (?, ?, ?, ?)"
        cursor = self._db.execute(query, (os.fsencode(path), name, start, stop))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def add_page(self, kind: Kind, path: Path, name: str, url: str | None) -> None:
        """Note a page that is saved in a file of its own."""
        self._db.execute(
            "INSERT INTO captures (kind, url, address, status, is_seed, file, offset, ref)"
            " VALUES (?, ?, ?, 200, 1, ?, 0, ?)",
            (kind, url, url and urls.canonical(url), self.add_file(path, name), json.dumps({"file": name})),
        )

    def add_entry(self, file: int, entry: Entry, ref: dict[str, Any]) -> None:
        """Note a capture in a WARC file; a record that is there already, in another file, is passed over.

        One that only has the same id, as some tools give to all, is another record, found without it.
        """
        values = [
            entry.url,
            urls.canonical(entry.url),
            entry.status,
            entry.is_seed,
            file,
            entry.offset,
            json.dumps(ref),
            entry.captured_at,
            entry.moment,
            entry.payload_digest,
            entry.revisit,
            entry.refers_to,
            entry.refers_to_url,
            entry.refers_to_moment,
            entry.hops,
            entry.within,
            entry.etag,
            entry.last_modified,
        ]
        if not self._db.execute(_ADD_ENTRY, (*values, entry.record_id)).rowcount:
            known = self._db.execute(_SAME_ID, (entry.record_id,)).fetchone()
            if known != (entry.url, entry.moment, entry.payload_digest):
                self._db.execute(_ADD_ENTRY, (*values, None))

    def add_reading(self, file: int, reading: Reading) -> None:
        """Note when a capture was read, and where what it gave is."""
        values = (reading.record_id, reading.moment, file, reading.offset, reading.version)
        self._db.execute("INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?)", values)

    def remove_file(self, file: int) -> None:
        """Forget a file and what was noted of it."""
        self._db.execute("DELETE FROM captures WHERE file = ?", (file,))
        self._db.execute("DELETE FROM readings WHERE file = ?", (file,))

    def freeze(self) -> None:
        """Make captures quick to find; nothing is added after this."""
        self._forces.clear()
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)

    # ---- read

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM captures").fetchone()[0])

    def seeds(self) -> Iterator[Capture]:
        """Yield the captures that are articles, or may be: files as they were given, then by time.

        Where it is known when a capture was read, that counts: several pages at once are not always
        read in the order in which they came. They alone know what was read from them.
        """
        query = (
            f"SELECT version, readings.file, readings.offset, {_COLUMNS}"
            " FROM captures LEFT JOIN readings"
            " ON readings.record_id = captures.record_id AND readings.moment >= captures.moment WHERE is_seed"
            " ORDER BY coalesce(readings.moment, captures.moment), captures.file, captures.offset"
        )
        for version, file, offset, *row in self._db.execute(query):
            yield _capture(row, None if version is None else (version, file, offset))

    def count_seeds(self) -> int:
        """Return how many captures :meth:`seeds` gives."""
        return int(self._db.execute("SELECT count(*) FROM captures WHERE is_seed").fetchone()[0])

    def others(self, path: str) -> Iterator[Capture]:
        """Yield the captures of this *path*, on whatever host, that are no articles."""
        query = f"SELECT {_COLUMNS} FROM captures WHERE NOT is_seed AND url LIKE '%' || ? ORDER BY number"
        yield from map(_capture, self._db.execute(query, (path,)))

    def lists(self) -> Iterator[Capture]:
        """Yield the good captures that are no articles, those of one address by time."""
        query = f"SELECT {_COLUMNS} FROM captures WHERE NOT is_seed AND status = 200 ORDER BY address, moment"
        yield from map(_capture, self._db.execute(query))

    def get(self, ref: dict[str, Any], url: str | None = None, at: str | None = None) -> Capture | None:
        """Return the capture to which a record refers so.

        Of several, as in files of one name whose records have no ids, that of *url* at the time *at*.
        """
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM captures WHERE ref = ?"
            " ORDER BY address = ? DESC, captured_at = ? DESC LIMIT 1",
            (json.dumps(ref), url and urls.canonical(url), at),
        ).fetchone()
        return _capture(row) if row else None

    def find(self, url: str) -> Capture | None:
        """Return the last good capture of *url*; failing that, the last one.

        One of the address as it stands comes before one of another form of it.
        """
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM captures WHERE address = ?"
            f" ORDER BY url = ? DESC, status = 200 DESC, {_LATEST} LIMIT 1",
            (urls.canonical(url), url),
        ).fetchone()
        return _capture(row) if row else None

    def is_seed(self, address: str) -> bool:
        """Whether any capture of this canonical *address* is read for itself."""
        query = "SELECT 1 FROM captures WHERE address = ? AND is_seed LIMIT 1"
        return self._db.execute(query, (address,)).fetchone() is not None

    def in_force(self, url: str, at: str | None) -> Capture | None:
        """Return the last capture of *url* up to the moment *at*; who asks goes from one moment to the next."""
        since, until, found = self._forces.get(url, ("", "", None))
        if at is not None and since <= at < until:
            return found
        values = {"address": urls.canonical(url), "at": at}
        bound = "" if at is None else "AND moment <= :at"
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM captures WHERE address = :address {bound} ORDER BY {_LATEST} LIMIT 1", values
        ).fetchone()
        found = _capture(row) if row else None
        if at is not None:
            later = "SELECT min(moment) FROM captures WHERE address = :address AND moment > :at"
            (until,) = self._db.execute(later, values).fetchone()
            if len(self._forces) == _MOST_FORCES:
                self._forces.clear()
            self._forces[url] = (found.moment or "" if found else "", until or _NEVER, found)
        return found

    def place(self, number: int) -> Place:
        """Return where the bytes of a capture are."""
        file, offset, is_revisit = self._db.execute(
            "SELECT file, offset, revisit IS NOT NULL FROM captures WHERE number = ?", (number,)
        ).fetchone()
        path, name, start, stop = self._file(file)
        return Place(path=path, name=name, start=start, stop=stop, offset=offset, is_revisit=bool(is_revisit))

    def path(self, file: int) -> Path:
        """Return where the file with this number is."""
        return self._file(file)[0]

    def _file(self, number: int) -> _File:
        # One capture after the other is mostly in the same file.
        if self._last_file[0] != number:
            query = "SELECT path, name, start, stop FROM files WHERE number = ?"
            path, *others = self._db.execute(query, (number,)).fetchone()
            self._last_file = number, (Path(os.fsdecode(path)), *others)
        return self._last_file[1]

    def refers_to(self, number: int) -> Reference:
        """Return what a revisit says of the one it refers to."""
        query = "SELECT refers_to, refers_to_url, url, payload_digest FROM captures WHERE number = ?"
        record_id, *addresses, digest = self._db.execute(query, (number,)).fetchone()
        return Reference(record_id=record_id, urls=tuple(filter(None, addresses)), digest=digest)

    def entry(self, number: int) -> tuple[Entry, dict[str, Any]]:
        """Return what was noted of a capture in a WARC file, and how records refer to it."""
        names = [spec.name for spec in fields(Entry)]
        *values, ref = self._db.execute(
            f"SELECT {', '.join(names)}, ref FROM captures WHERE number = ?", (number,)
        ).fetchone()
        known = dict(zip(names, values, strict=True))
        return Entry(**{**known, "is_seed": bool(known["is_seed"])}), json.loads(ref)

    def original(self, number: int) -> int | None:
        """Return the capture that a revisit refers to, by whatever it says of it, but for one of another body.

        Records may share an id.
        """
        address, moment, digest, revisit, refers_to, url, at = self._db.execute(
            "SELECT address, moment, payload_digest, revisit, refers_to, refers_to_url, refers_to_moment"
            " FROM captures WHERE number = ?",
            (number,),
        ).fetchone()
        tries: list[tuple[str, tuple[Any, ...]]] = [
            ("record_id = ?", (refers_to,)),
            ("address = ? AND moment = ? AND revisit IS NULL", (url and urls.canonical(url), at)),
        ]
        if revisit == "same":
            tries.append(("payload_digest = ? AND revisit IS NULL", (digest,)))
        else:
            tries.append(("address = ? AND moment <= ? AND status = 200 AND revisit IS NULL", (address, moment)))
        for where, values in tries:
            found = self._db.execute(
                f"SELECT number, payload_digest FROM captures WHERE {where} AND number <> ?"
                f" ORDER BY address = ? DESC, {_LATEST}",
                (*values, number, address),
            )
            for candidate, body in found:
                if revisit != "same" or not differ(digest, body):
                    return int(candidate)
        return None


def _capture(row: Sequence[Any], reading: tuple[str, int, int] | None = None) -> Capture:
    number, *values, ref = row
    *named, is_revisit = values
    known = dict(zip(_NAMES, named, strict=True))
    return Capture(id=number, ref=json.loads(ref), is_revisit=bool(is_revisit), reading=reading, **known)

"""The table of contents of a source: which captures it holds, and in which order they are read again.

It lies in a temporary file that SQLite removes by itself, so that memory does not grow with the source.
"""

from __future__ import annotations

import json
import os
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vovcrawler import urls
from vovcrawler.sources.captures import Capture, Kind

_SCHEMA = """
CREATE TABLE files (id INTEGER PRIMARY KEY, path BLOB NOT NULL);
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    url TEXT,
    address TEXT,            -- url in its canonical form
    captured_at TEXT,
    status INTEGER NOT NULL,
    is_seed INTEGER NOT NULL,
    file INTEGER NOT NULL REFERENCES files,
    offset INTEGER NOT NULL,
    ref TEXT NOT NULL
);
"""
_COLUMNS = "id, kind, url, status, captured_at, ref"
# Saved files know no time and come first, as given; captures follow as they were made.
_ORDER = "ORDER BY captured_at, file, offset"


class Index:
    """Captures of a source by place, address and time."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        self.close = weakref.finalize(self, self._db.close)

    def add_file(self, path: Path) -> int:
        """Note that the source has a file at *path* and return its number."""
        cursor = self._db.execute("INSERT INTO files (path) VALUES (?)", (os.fsencode(path),))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def add_page(self, kind: Kind, path: Path, url: str | None, ref: dict[str, Any]) -> None:
        """Note a page that is saved in a file of its own."""
        self._db.execute(
            "INSERT INTO captures (kind, url, address, status, is_seed, file, offset, ref)"
            " VALUES (?, ?, ?, 200, 1, ?, 0, ?)",
            (kind, url, url and urls.canonical(url), self.add_file(path), json.dumps(ref)),
        )

    def freeze(self) -> None:
        """Make addresses quick to find; nothing is added after this."""
        self._db.execute("CREATE INDEX by_address ON captures (address)")

    def seeds(self) -> Iterator[Capture]:
        """Yield the captures that are articles, or may be, in the order in which they are read again."""
        query = f"SELECT {_COLUMNS} FROM captures WHERE is_seed {_ORDER}"
        yield from map(_capture, self._db.execute(query))

    def get(self, number: int) -> Capture:
        """Return the capture with this number."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM captures WHERE id = ?", (number,)).fetchone()
        return _capture(row)

    def find(self, url: str) -> Capture | None:
        """Return the last good capture of *url*; failing that, the last one."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM captures WHERE address = ?"
            " ORDER BY url = ? DESC, status = 200 DESC, captured_at DESC, file DESC, offset DESC LIMIT 1",
            (urls.canonical(url), url),
        ).fetchone()
        return _capture(row) if row else None

    def path(self, capture: Capture) -> Path:
        """Return the file that holds *capture*."""
        query = "SELECT path FROM files JOIN captures ON file = files.id WHERE captures.id = ?"
        return Path(os.fsdecode(self._db.execute(query, (capture.id,)).fetchone()[0]))

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM captures").fetchone()[0])


def _capture(row: tuple[Any, ...]) -> Capture:
    number, kind, url, status, captured_at, ref = row
    return Capture(id=number, kind=kind, url=url, status=status, captured_at=captured_at, ref=json.loads(ref))

"""The versions of the catalogue: what file this is, and the steps from each older version to ours."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path

from vovcrawler.errors import StorageTrouble, Unavailable

# "vovc" in ASCII: marks the file as ours, also for file(1).
APPLICATION_ID = 0x766F7663
VERSION = 4
# What the file takes at the least that readers share.
_SHARED_BYTES = 32 * 1024

# The step from version n to n + 1, by n, as statements. Steps are never changed once released.
STEPS: dict[int, str] = {
    # Bands of another scheme are made anew when the next article is recorded.
    1: """
        CREATE TABLE places (
            record BLOB PRIMARY KEY,
            warc TEXT NOT NULL,
            start INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX listings_first ON listings (first_listed);
        DROP TABLE imprints;
        DROP TABLE bands;
        CREATE TABLE bands (
            band INTEGER NOT NULL,
            article INTEGER NOT NULL,
            hint INTEGER NOT NULL,
            PRIMARY KEY (band, article)
        ) STRICT, WITHOUT ROWID;
        DELETE FROM notes WHERE name = 'copies_scheme';
    """,
    2: """
        CREATE TABLE sieve (
            start INTEGER PRIMARY KEY,
            bits BLOB NOT NULL
        ) STRICT;
    """,
    3: """
        CREATE INDEX pages_bare ON pages (number)
            WHERE article IS NULL AND variant = '' AND state IN ('pending', 'done');
        CREATE INDEX runs_alike ON runs (spider, arguments, started_at);
    """,
}

_MAGIC = b"SQLite format 3\x00"
_HEAD = 100


def check(path: Path) -> None:
    """Raise :class:`StorageTrouble` when *path* is something else than a catalogue that we can use.

    Only its first bytes are read. No file, and one that was just made and has nothing in it, are fine.
    """
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no plain file"
        raise StorageTrouble(f"{str(path)!r} is {what}; the catalogue would be a file there.")
    if not path.exists() or not path.stat().st_size:
        _check_alone(path)
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[: len(_MAGIC)] != _MAGIC or len(head) < _HEAD:
        raise _not_ours(path)
    version, application = (int.from_bytes(head[start : start + 4], "big") for start in (60, 68))
    if not (version or application):
        # Just made: the first transaction may be in the journal beside it. Or another program's.
        _check_tables(path)
    elif application != APPLICATION_ID:
        raise _not_ours(path)
    _refuse_newer(version, path)


def _refuse_newer(version: int, path: Path) -> None:
    if version > VERSION:
        raise Unavailable(
            f"{str(path)!r} was made by a newer vovcrawler (version {version} of the catalogue,"
            f" this one knows {VERSION}); use that one."
        )


def _not_ours(path: Path) -> StorageTrouble:
    return StorageTrouble(f"{str(path)!r} is not a catalogue of vovcrawler; put it aside.")


def _check_alone(path: Path) -> None:
    """A new catalogue would number its feed from 1 again, and know nothing of what was captured."""
    found = chain((path.parent / "feeds").glob("articles-*.jsonl*"), (path.parent / "warc").glob("*.warc*"))
    if (file := next((file for file in found if file.stat().st_size), None)) is not None:
        raise StorageTrouble(
            f"{str(path)!r} is missing although {str(file)!r} is there; run scrapy catalogue rebuild."
        )


def _check_tables(path: Path) -> None:
    with closing(sqlite3.connect(read_uri(path), uri=True, isolation_level=None)) as connection:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise _not_ours(path)


def probe(connection: sqlite3.Connection) -> None:
    """Touch every table; raises :class:`sqlite3.DatabaseError` when one is damaged."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    for (name,) in tables:
        connection.execute(f"SELECT * FROM {name} LIMIT 1").fetchone()


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raise :class:`StorageTrouble` when a reader cannot use the catalogue before it is brought forward."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        raise StorageTrouble(f"There is nothing in the catalogue {str(path)!r} yet; a crawl fills it.")
    if version < VERSION:
        raise StorageTrouble(
            f"{str(path)!r} was made by an older vovcrawler (version {version} of the catalogue, this one knows"
            f" {VERSION}); the next crawl brings it forward, and so does scrapy catalogue rebuild --feeds."
        )


def check_parts(connection: sqlite3.Connection, path: Path) -> None:
    """Raise :class:`StorageTrouble` when a catalogue of our version lacks a table, column or index.

    What others added is fine. That a newer one is, may still stand in the journal only.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    _refuse_newer(version, path)
    if version != VERSION:
        return
    if lacking := _parts_of_schema().difference(_parts(connection)):
        kind, name, column = min(lacking)
        what = f"the column {column!r} of {name!r}" if column else f"the {kind} {name!r}"
        raise StorageTrouble(
            f"The catalogue {str(path)!r} is damaged: it lacks {what};"
            " put it aside and run scrapy catalogue rebuild."
        )


@cache
def _parts_of_schema() -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _execute(connection, schema())
        return _parts(connection)


def _parts(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """Return kind, name and column (empty for the thing itself) of all that there is."""
    rows = connection.execute(
        """
        SELECT type, name, '' FROM sqlite_master WHERE name NOT GLOB 'sqlite*'
        UNION ALL
        SELECT things.type, things.name, columns.name
        FROM sqlite_master AS things JOIN pragma_table_xinfo(things.name) AS columns
        WHERE things.type = 'table'
        """
    )
    return frozenset(rows)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an empty or older catalogue to our version, in one transaction."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version == 0:
            _execute(connection, schema())
        else:
            for number in range(version, VERSION):
                _execute(connection, STEPS[number])
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _execute(connection: sqlite3.Connection, script: str) -> None:
    """Execute *script* inside the transaction that is open: ``executescript`` would end it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def schema() -> str:
    """Return ``schema.sql``."""
    return (files(__package__) / "schema.sql").read_text(encoding="utf-8")


def read_uri(path: Path) -> str:
    """Return the address under which SQLite reads *path*.

    Readers share files beside the catalogue, and the last one takes them away: that needs the right to write.
    Without it they are left, and where they cannot even be made nobody else can write the catalogue either;
    nor can anybody on a full disk.
    """
    uri = path.absolute().as_uri()
    journal = path.with_name(path.name + "-wal")
    if shutil.disk_usage(path.parent).free < _SHARED_BYTES and not (journal.exists() and journal.stat().st_size):
        return f"{uri}?mode=ro&immutable=1"
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return f"{uri}?mode=rw"
    alone = not os.access(path.parent, os.W_OK) and not journal.exists()
    return f"{uri}?mode=ro&immutable=1" if alone else f"{uri}?mode=ro"

"""The versions of the catalogue: what file this is, and the steps from each older version to ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from vovcrawler.errors import StorageTrouble

# "vovc" in ASCII: marks the file as ours, also for file(1).
APPLICATION_ID = 0x766F7663
VERSION = 1

Step = Callable[[sqlite3.Connection], None]
# The step from version n to n + 1, by n. Steps are never changed once released.
STEPS: dict[int, Step] = {}

_MAGIC = b"SQLite format 3\x00"


def check(path: Path) -> None:
    """Raise :class:`StorageTrouble` when *path* is something else than a catalogue we can use.

    The file is only read. No file, and one that was just made and has nothing in it, are fine.
    """
    if not path.exists():
        _check_alone(path)
        return
    if path.stat().st_size == 0:
        _check_alone(path)
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise StorageTrouble(f"{str(path)!r} is not a catalogue of vovcrawler; put it aside.")
    connection = sqlite3.connect(read_uri(path), uri=True, isolation_level=None)
    try:
        _check_content(connection, path)
    finally:
        connection.close()


def _check_alone(path: Path) -> None:
    """A new catalogue would number its feed from 1 again, and so cut the feed that is there."""
    lines = [feed for feed in (path.parent / "feeds").glob("articles-*.jsonl*") if feed.stat().st_size]
    if lines:
        raise StorageTrouble(
            f"{str(path)!r} is missing although {str(lines[0])!r} is there; run scrapy catalogue rebuild."
        )


def _check_content(connection: sqlite3.Connection, path: Path) -> None:
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not (application or version or tables):
        return
    if application != APPLICATION_ID:
        raise StorageTrouble(f"{str(path)!r} is not a catalogue of vovcrawler; put it aside.")
    if version > VERSION:
        raise StorageTrouble(
            f"{str(path)!r} was made by a newer vovcrawler (version {version} of the catalogue,"
            f" this one knows {VERSION}); use that one."
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an empty or older catalogue to our version, in one transaction."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version == 0:
            _create(connection)
        else:
            for number in range(version, VERSION):
                STEPS[number](connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _create(connection: sqlite3.Connection) -> None:
    statement = ""
    for line in schema().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def schema() -> str:
    """Return ``schema.sql``."""
    return (files(__package__) / "schema.sql").read_text(encoding="utf-8")


def read_uri(path: Path) -> str:
    """Return the address under which SQLite reads *path* without writing to it.

    On a read-only medium SQLite cannot make the files that readers share; no writer is there either.
    """
    uri = path.absolute().as_uri()
    wal = path.with_name(path.name + "-wal")
    alone = not os.access(path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size)
    return f"{uri}?mode=ro&immutable=1" if alone else f"{uri}?mode=ro"

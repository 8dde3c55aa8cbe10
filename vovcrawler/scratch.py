"""What is too long for memory: a database or a file without a name, gone when it is closed."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from typing import Any, BinaryIO

from vovcrawler.errors import StorageTrouble

__all__ = ["scratch_database", "scratch_file", "unpack_to"]


class _Scratch(sqlite3.Connection):
    """Closed when nobody holds it any more: nothing in it is to be kept."""

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*statement)
        except sqlite3.OperationalError as error:
            _refuse_full_disk(error)
            raise

    def executescript(self, script: str) -> sqlite3.Cursor:
        try:
            return super().executescript(script)
        except sqlite3.OperationalError as error:
            _refuse_full_disk(error)
            raise

    def __del__(self) -> None:
        self.close()


def _refuse_full_disk(error: sqlite3.OperationalError) -> None:
    if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
        where = tempfile.gettempdir()
        raise StorageTrouble(f"A table of contents cannot be kept in {where!r}: {error}.") from error


def scratch_database(schema: str) -> sqlite3.Connection:
    """Return a new database with the tables of *schema*, inside a transaction that is never committed.

    SQLite keeps it in memory while it is small and in a temporary file once it is not. It may be closed from any
    thread, because the garbage collector, which closes what nobody closed, runs in any of them. Where the disk is
    full, its methods raise :class:`StorageTrouble`.
    """
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False, factory=_Scratch)
    database.executescript(schema)
    database.execute("BEGIN")
    return database


def scratch_file() -> BinaryIO:
    """Return a new file without a name, so that no kill leaves it; raises :class:`StorageTrouble`."""
    try:
        # Nothing is held back, so that closing it on a full disk has nothing to say.
        return tempfile.TemporaryFile(prefix="vovcrawler-", buffering=0)
    except OSError as error:
        raise StorageTrouble(f"No file can be made in {tempfile.gettempdir()!r}: {error.strerror}.") from error


def unpack_to(file: BinaryIO, pieces: Iterable[bytes], name: str) -> None:
    """Write the *pieces* of what is known as *name* to the end of *file*, from which they may be read meanwhile.

    Raises :class:`StorageTrouble` where they cannot be written.
    """
    for piece in pieces:
        try:
            file.seek(0, os.SEEK_END)
            while piece := piece[file.write(piece) :]:
                pass
        except OSError as error:
            where = tempfile.gettempdir()
            raise StorageTrouble(f"{name} cannot be unpacked in {where!r}: {error.strerror}.") from error

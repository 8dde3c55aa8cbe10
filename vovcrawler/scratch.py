"""A table of contents too long for memory: a database without a name, gone when it is closed."""

import sqlite3

__all__ = ["scratch_database"]


class _Scratch(sqlite3.Connection):
    """Closed when nobody holds it any more: nothing in it is to be kept."""

    def __del__(self) -> None:
        self.close()


def scratch_database(schema: str) -> sqlite3.Connection:
    """Return a new database with the tables of *schema*, inside a transaction that is never committed.

    SQLite keeps it in memory while it is small and in a temporary file once it is not. It may be closed from any
    thread, because the garbage collector, which closes what nobody closed, runs in any of them.
    """
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False, factory=_Scratch)
    database.executescript(schema)
    database.execute("BEGIN")
    return database

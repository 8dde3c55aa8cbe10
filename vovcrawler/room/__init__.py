"""The reading room: Datasette over the catalogue, with pages for readers of a newspaper.

Everything is read only. :mod:`pages` says what is on a page, the templates how it looks, :mod:`plugin` how a
request finds its page; SQL is the catalogue's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database, connections
from datasette.plugins import pm

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.migrations import read_uri
from vovcrawler.catalogue.store import NAME
from vovcrawler.room.rendering import Recent

_HERE = Path(__file__).parent
#: Under this name Datasette shows the tables.
DATABASE = Path(NAME).stem


# With rich installed it prints a traceback, all variables with it, for every page that is not there.
pm.get_plugin("datasette.handle_exception").rich = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What the pages of one room read: its archive, and what time it is."""

    folder: Path
    clock: Callable[[], datetime]

    def stamp(self) -> tuple[int, ...]:
        """Return what is another after every commit: sizes and times of the catalogue and its journal."""
        found = []
        for name in (NAME, f"{NAME}-wal"):
            with suppress(FileNotFoundError):
                told = (self.folder / name).stat()
                found += [told.st_mtime_ns, told.st_size]
        return tuple(found)


class ReadingRoom(Datasette):  # type: ignore[misc]
    """Datasette over one archive; our pages are there in no other Datasette of the process."""

    def __init__(self, room: Room, **options: Any) -> None:
        # Datasette asks plugins for their routes while it is being made.
        self.room = room
        self.recent = Recent()
        path = str(room.folder / NAME)
        super().__init__([path], **options)
        # Not in the list above: there it would be a file that is opened as Datasette does.
        self.remove_database(DATABASE)
        self.add_database(CatalogueFile(self, path), name=DATABASE)


class CatalogueFile(Database):  # type: ignore[misc]
    """The file under the room, opened as other readers of the catalogue do it.

    Also in a folder where the room may not write, and in one with a name that means something in an address.
    """

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a connection that reads only."""
        address = read_uri(Path(self.path)).replace("?mode=rw", "?mode=ro")
        connection = sqlite3.connect(address, uri=True, check_same_thread=False, factory=_Connection)
        connection.execute("PRAGMA query_only = 1")
        connection.state = self._state()
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what *fn* gives of a connection to the file as it is now."""
        return await super().execute_fn(lambda connection: fn(self._current(connection)))

    def _current(self, connection: _Connection) -> sqlite3.Connection:
        if not Path(self.path).exists() or connection.state == self._state():
            return connection
        self._all_file_connections.remove(connection)
        connection.close()
        fresh = self.connect()
        self.ds._prepare_connection(fresh, self.name)
        setattr(connections, self.name, fresh)
        return fresh

    def _state(self) -> tuple[object, ...]:
        """Return what is another when the file is: it may be restored, or not be watched for what others write."""
        path = Path(self.path)
        told, address = path.stat(), read_uri(path)
        seen = self.ds.room.stamp() if "immutable" in address else ()
        return (address, told.st_dev, told.st_ino, *seen)


class _Connection(sqlite3.Connection):
    """Knows in which state the file was that it was made for."""

    state: tuple[object, ...] = ()


def open_room(
    folder: Path, *, allow_sql: bool = True, clock: Callable[[], datetime] = dates.utc_now
) -> ReadingRoom:
    """Return the application over the archive in *folder*.

    Raises :class:`~vovcrawler.errors.StorageTrouble` when there is no catalogue that can be read.
    """
    from vovcrawler.room import plugin

    Catalogue.read(folder).close()
    if not pm.has_plugin("vovcrawler"):
        pm.register(plugin, name="vovcrawler")
    return ReadingRoom(
        Room(folder=folder, clock=clock),
        static_mounts=[("room", str(_HERE / "static"))],
        settings=_settings(allow_sql),
        metadata={"title": "Kho báo VOV · VOV archive"},
    )


def _settings(allow_sql: bool) -> dict[str, Any]:
    return {
        "default_allow_sql": allow_sql,
        "allow_download": False,
        # Python runs one at a time: more of them only wait for each other, one alone would wait for a slow query.
        "num_sql_threads": 2,
        "sql_time_limit_ms": 2_000,
        "default_cache_ttl": 0,
        "max_csv_mb": 100,
    }

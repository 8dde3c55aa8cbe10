"""The reading room: Datasette over the catalogue, with pages for readers of a newspaper.

Everything is read only. :mod:`pages` says what is on a page, the templates how it looks, :mod:`plugin` how a
request finds its page; SQL is the catalogue's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue
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
        super().__init__([str(room.folder / NAME)], **options)


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

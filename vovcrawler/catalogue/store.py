"""The file under the catalogue: opened, checked, locked, migrated, and written in group commits.

What stands in its tables is the business of the other modules of this package.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from vovcrawler.catalogue import migrations
from vovcrawler.catalogue.lock import Lock
from vovcrawler.duplicates import Text
from vovcrawler.errors import StorageTrouble, Trouble, Unavailable
from vovcrawler.items import Article

NAME = "catalogue.sqlite"
# The folder beside it in which a rebuild works.
REBUILDING = "rebuilding"
# Seconds to wait for another program that writes to the file; no run of ours is ever one.
BUSY_SECONDS = 10.0
# Pages of a million articles must not fill the memory: 16 MB of them are kept, and where bands are found, too, 12.
_CACHE_KIB, _WRITING_KIB = 16_384, 12_288

# What a run adds to the bands; see bands.py.
_FRESH = """
ATTACH ':memory:' AS fresh;
PRAGMA fresh.page_size = 2048;
CREATE TABLE fresh.places (
    band INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (band, article)
) STRICT, WITHOUT ROWID;
CREATE TABLE fresh.hints (article INTEGER PRIMARY KEY, hint INTEGER NOT NULL) STRICT;
CREATE VIEW fresh.bands AS SELECT band, article, hint FROM places CROSS JOIN hints USING (article);
"""

# By these, readers look for things; what nobody will read does without.
_FOR_READERS = (
    *("articles_gone", "articles_headline", "articles_page", "articles_section", "feed_article", "feed_day"),
    *("frontier_of_page", "links_headline", "links_target", "pages_article", "pages_due", "revisions_changes"),
)

Hook = Callable[[], None]
T = TypeVar("T")


def made_of(kind: Callable[..., T], row: Sequence[Any]) -> T:
    """Return what *kind* makes of a *row* whose columns are its fields, in their order."""
    return kind(**dict(zip(kind.__slots__, row, strict=True)))  # type: ignore[attr-defined]


class Part:
    """What each part of the catalogue stands on: one connection, and one open transaction."""

    connection: sqlite3.Connection
    # Whether there is anything that nobody has made lasting, or given up.
    _has_written = False

    def write(self) -> sqlite3.Connection:
        """Return the connection with a transaction open on it; :meth:`Store.commit` ends it."""
        if not self.connection.in_transaction:
            self._check_kept()
            self.connection.execute("BEGIN IMMEDIATE")
            self._has_written = True
        return self.connection

    def _check_kept(self) -> None:
        """Raise where SQLite has ended a transaction by itself, whoever was told: on a failing disk it may."""
        if self._has_written:
            raise sqlite3.OperationalError("what was written since the last commit is lost")

    def _end(self, how: Literal["COMMIT", "ROLLBACK"]) -> None:
        if self.connection.in_transaction:
            self.connection.execute(how)
        self._has_written = False

    def commit(self) -> None:
        """Make lasting what was written since the last commit."""
        raise NotImplementedError  # of Store

    def _place(self, at: str) -> tuple[int, str, int]:
        raise NotImplementedError  # of Feed

    def to_index(self, article: int) -> None:
        """Let the last revision of *article* enter the search index before the transaction ends."""
        raise NotImplementedError  # of Indexing

    def index(self) -> int:
        """Bring the search index up to what was recorded."""
        raise NotImplementedError  # of Indexing

    def settle_bands(self) -> None:
        """Let bands that were gathered enter their table when it is time."""
        raise NotImplementedError  # of Bands

    def settle_all_bands(self) -> None:
        """Let all bands that were gathered enter their table."""
        raise NotImplementedError  # of Bands

    def mark(self, number: int, article: Article, text: Text | None = None) -> Article:
        """Return *article* marked as the copy that it is."""
        raise NotImplementedError  # of Copies

    def note(self, name: str) -> str | None:
        """Return what was noted under *name*."""
        row = self.connection.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_note(self, name: str, value: str) -> None:
        """Note *value* under *name* for good."""
        self.write().execute(
            "INSERT INTO notes VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
        )

    @contextmanager
    def whole(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what the block writes, inside the open transaction."""
        connection = self.write()
        connection.execute("SAVEPOINT whole")
        try:
            yield connection
        except BaseException:
            # A full disk has already rolled back everything.
            if connection.in_transaction:
                connection.execute("ROLLBACK TO whole")
                connection.execute("RELEASE whole")
            raise
        connection.execute("RELEASE whole")


class Store(Part):
    """An open catalogue file. Writing is for the one process that holds the lock, reading for all."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, lock: Lock | None, *, lasting: bool = True
    ) -> None:
        self.connection = connection
        self.path = path
        self.lasting = lasting
        self._lock = lock
        # Called before a commit, when everything it will refer to has to be on the disk; and after it.
        self.before_commit: list[Hook] = []
        self.after_commit: list[Hook] = []

    @classmethod
    def open(cls, folder: Path, *, lasting: bool = True, run: str = "", make: bool = True) -> Self:
        """Open the catalogue in *folder* for writing; *make* it when there is none.

        A catalogue that is not *lasting* (of a replay) is fast and gone with its folder.
        Raises :class:`Locked` or :class:`StorageTrouble`.
        """
        path = folder / NAME
        if not (make or cls.is_in(folder)):
            raise _none_in(folder)
        with sentences(path):
            folder.mkdir(parents=True, exist_ok=True)
            lock = Lock.take(folder, run)
            try:
                migrations.check(path)
                connection = _connect(f"{path.absolute().as_uri()}?mode=rwc")
                try:
                    migrations.probe(connection)
                    migrations.check_parts(connection, path)
                    _tune(connection, lasting)
                    migrations.migrate(connection)
                    if not lasting:
                        for name in _FOR_READERS:
                            connection.execute(f"DROP INDEX IF EXISTS {name}")
                except BaseException:
                    connection.close()
                    raise
            except BaseException:
                lock.release()
                raise
        return cls(connection, path, lock, lasting=lasting)

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether there is a catalogue in *folder*; raises :class:`StorageTrouble` where there should be."""
        path = folder / NAME
        with sentences(path):
            migrations.check(path)
        return path.exists()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the catalogue in *folder* for reading, whoever writes to it.

        Raises :class:`StorageTrouble`, also when there is none.
        """
        path = folder / NAME
        if not cls.is_in(folder):
            raise _none_in(folder)
        with sentences(path):
            connection = _connect(migrations.read_uri(path))
            try:
                connection.execute("PRAGMA query_only = ON")
                connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                migrations.probe(connection)
                migrations.check_version(connection, path)
                migrations.check_parts(connection, path)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path, None)

    @property
    def folder(self) -> Path:
        """The ``DATA_DIR`` of this catalogue."""
        return self.path.parent

    def commit(self) -> None:
        """Make lasting what was written since the last commit, after what it refers to."""
        if not self.connection.in_transaction:
            self._check_kept()
            return
        if self.lasting:
            self.index()
        self.settle_bands()
        for hook in self.before_commit:
            hook()
        if self.lasting and not self.path.exists():
            # Whoever removed it left us writing to nowhere.
            raise FileNotFoundError(errno.ENOENT, "was removed while it was written", str(self.path))
        self._end("COMMIT")
        for hook in self.after_commit:
            hook()

    def rollback(self) -> None:
        """Forget what was written since the last commit."""
        self._end("ROLLBACK")

    def close(self) -> None:
        """Close the file and give the lock back; what was not committed is forgotten. Safe to repeat."""
        try:
            self.rollback()
            if self._lock and self.lasting:
                self.settle_all_bands()
        except sqlite3.Error:
            # The disk is full or gone, or it is closed already: what was committed is there all the same.
            pass
        finally:
            self.connection.close()
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        try:
            if kind is None:
                with sentences(self.path):
                    self.commit()
            elif kind in _STORAGE:
                raise storage_trouble(self.path, error) from error  # type: ignore[arg-type]
        finally:
            self.close()


# What SQLite says of the file; all else is a mistake of ours, and no storage failure.
_STORAGE = (sqlite3.OperationalError, sqlite3.DatabaseError, sqlite3.InternalError)


def _none_in(folder: Path) -> StorageTrouble:
    return StorageTrouble(f"There is no catalogue in {str(folder)!r}; a crawl makes one.")


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256, check_same_thread=False
    )


def _tune(connection: sqlite3.Connection, lasting: bool) -> None:
    modes: dict[str, Any] = {"cache_size": -_WRITING_KIB, "foreign_keys": "ON"}
    if lasting:
        # FULL: what a commit says is on the disk when the commit returns, whatever happens to the power.
        modes |= {"journal_mode": "WAL", "synchronous": "FULL"}
    else:
        modes |= {"journal_mode": "MEMORY", "synchronous": "OFF", "locking_mode": "EXCLUSIVE"}
    for name, value in modes.items():
        connection.execute(f"PRAGMA {name} = {value}")
    connection.executescript(_FRESH)


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of a storage failure into :class:`StorageTrouble`."""
    try:
        yield
    except (Trouble, BrokenPipeError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise storage_trouble(path, error) from error


def storage_trouble(path: Path, error: sqlite3.Error | OSError) -> StorageTrouble:
    """Return *error* as a sentence about the file at *path*."""
    if isinstance(error, OSError):
        kind = StorageTrouble if error.errno == errno.EIO else Unavailable
        return kind(f"{str(error.filename or path)!r} cannot be used: {error.strerror or error}.")
    name = getattr(error, "sqlite_errorname", "") or ""
    for prefix, said in _SAID.items():
        if name.startswith(prefix):
            kind = StorageTrouble if prefix in _OF_NO_USE or name.endswith("READ") else Unavailable
            return kind(f"{said.format(repr(str(path)))}.")
    if str(error).startswith("Could not decode"):
        return StorageTrouble(f"{_SAID['SQLITE_CORRUPT'].format(repr(str(path)))}.")
    return StorageTrouble(f"The catalogue {str(path)!r} cannot be used: {error}.")


_SAID = {
    "SQLITE_FULL": "The disk is full: {} cannot grow; everything up to here is kept, and the next run goes on",
    "SQLITE_IOERR": "The disk fails under {}; everything up to here is kept",
    "SQLITE_READONLY": "{} cannot be written",
    "SQLITE_CANTOPEN": "{} cannot be opened or its folder not be written",
    "SQLITE_PERM": "{} cannot be opened: no permission",
    "SQLITE_BUSY": "Another program keeps {} locked",
    "SQLITE_LOCKED": "Another program keeps {} locked",
    "SQLITE_CORRUPT": "The catalogue {} is damaged; put it aside and run scrapy catalogue rebuild",
    "SQLITE_NOTADB": "{} is not a catalogue of vovcrawler; put it aside",
}
# These stay, as what cannot be read does; all others may pass, and the file is as it was.
_OF_NO_USE = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})

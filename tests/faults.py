"""The program with one fault in it: ``python -m tests.faults POINT:N -- crawl article -a url=…``.

The N-th time that POINT is reached the process is killed there, or the disk is full there. The points
are the steps between two states of the disk: each statement and commit of the catalogue, each write of a
feed, each call of the system that changes a file (of the archive, too) or its name.
"""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapy import cmdline

from vovcrawler import feeds
from vovcrawler.catalogue import store

_WRITING = (
    "INSERT",
    "UPDATE",
    "DELETE",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT",
    "RELEASE",
    "CREATE",
    "DROP",
    "PRAGMA user_version =",
)


# Calls of the system that change files or their names.
_CALLS = ("write", "fsync", "truncate", "ftruncate", "rename", "replace", "unlink", "mkdir", "rmdir")


class Countdown:
    """Calls *act* when it has been passed for the *number*-th time."""

    def __init__(self, number: int, act: Callable[[], None]) -> None:
        self.left = number
        self.act = act

    def passed(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.act()


def die() -> None:
    """End as by ``kill -9``."""
    os.kill(os.getpid(), signal.SIGKILL)


def _refuse(number: int) -> Callable[[], None]:
    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


_full, _failing = _refuse(errno.ENOSPC), _refuse(errno.EIO)


def _signalled(number: int) -> Callable[[], None]:
    return lambda: signal.raise_signal(number)


def _sqlite(name: str, message: str) -> Callable[[], None]:
    def fail() -> None:
        error = sqlite3.OperationalError(message)
        error.sqlite_errorname = name
        raise error

    return fail


def _on_statement(number: int, act: Callable[[], None], *, kinds: tuple[str, ...], after: bool = False) -> None:
    """Count the statements of the catalogue that begin with one of *kinds*."""
    _count_statements(Countdown(number, act), kinds, after=after)


def _count_statements(count: Countdown, kinds: tuple[str, ...], *, after: bool) -> None:
    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            return self._counted(sql, super().execute, sql, *args)

        def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:
            return self._counted(sql, super().executemany, sql, *args)

        def _counted(self, sql: str, run: Callable[..., sqlite3.Cursor], *args: Any) -> sqlite3.Cursor:
            counts = sql.lstrip().startswith(kinds)
            if counts and not after:
                count.passed()
            cursor = run(*args)
            if counts and after:
                count.passed()
            return cursor

    connect = sqlite3.connect

    def patched(*args: Any, **more: Any) -> sqlite3.Connection:
        return connect(*args, **{**more, "factory": Connection})

    store.sqlite3.connect = patched  # type: ignore[assignment]


def _small_disk(pages: int) -> None:
    """Let the catalogue grow to so many pages of 4 KB and no further: SQLite's own SQLITE_FULL."""
    connect = store._connect

    def patched(uri: str) -> sqlite3.Connection:
        connection = connect(uri)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    store._connect = patched


def _on_step(
    number: int, act: Callable[[], None], *, kinds: tuple[str, ...] = ("COMMIT",), after: bool = False
) -> None:
    """Count the statements of some *kinds* and the calls of the system that change what lies on the disk."""
    count = Countdown(number, act)
    _count_statements(count, kinds, after=after)
    for name in _CALLS:
        _count_calls(os, name, count, after=after)


def _torn_write(number: int) -> None:
    """Bring only the first half of what is written to the disk, and die."""
    plain = os.write

    def tear() -> None:
        plain(*state)
        die()

    state: list[Any] = []
    count = Countdown(number, tear)

    def patched(descriptor: int, data: bytes) -> int:
        state[:] = descriptor, data[: len(data) // 2]
        count.passed()
        return plain(descriptor, data)

    os.write = patched


def _full_from(number: int) -> None:
    """Refuse every write of a file of ours but the catalogue, from the *number*-th on: the disk stays full."""
    plain = os.write
    left = number

    def patched(descriptor: int, data: bytes) -> int:
        nonlocal left
        left -= 1
        if left <= 0:
            _full()
        return plain(descriptor, data)

    os.write = patched


def _around(owner: Any, name: str, number: int, act: Callable[[], None], *, after: bool) -> None:
    """Count the calls of ``owner.name``."""
    _count_calls(owner, name, Countdown(number, act), after=after)


def _count_calls(owner: Any, name: str, count: Countdown, *, after: bool) -> None:
    plain = getattr(owner, name)

    def patched(*args: Any, **more: Any) -> Any:
        if not after:
            count.passed()
        result = plain(*args, **more)
        if after:
            count.passed()
        return result

    setattr(owner, name, patched)


def _torn_feed(number: int) -> None:
    """Bring only the first part of some lines to the disk."""
    sync = feeds.ArchiveFeed._sync
    state: dict[str, Any] = {}

    def tear() -> None:
        file = state["feed"]._file
        file.flush()
        file.truncate(max(0, os.fstat(file.fileno()).st_size - 37))
        die()

    count = Countdown(number, tear)

    def patched(self: feeds.ArchiveFeed) -> None:
        state["feed"] = self
        if self._file is not None:
            count.passed()
        sync(self)

    feeds.ArchiveFeed._sync = patched  # type: ignore[method-assign]


POINTS: dict[str, Callable[[int], None]] = {
    "statement": lambda n: _on_statement(n, die, kinds=_WRITING),
    "step": lambda n: _on_step(n, die),
    "stepped": lambda n: _on_step(n, die, after=True),
    "torn-write": _torn_write,
    # Whatever a command does, it does between statements.
    "interrupt": lambda n: _on_step(n, _signalled(signal.SIGINT), kinds=("",)),
    "terminate": lambda n: _on_step(n, _signalled(signal.SIGTERM), kinds=("",)),
    "hangup": lambda n: _on_step(n, _signalled(signal.SIGHUP), kinds=("",)),
    "full-step": lambda n: _on_step(n, _full),
    "failing-step": lambda n: _on_step(n, _failing),
    "commit": lambda n: _on_statement(n, die, kinds=("COMMIT",)),
    "committed": lambda n: _on_statement(n, die, kinds=("COMMIT",), after=True),
    "feed": lambda n: _around(feeds.ArchiveFeed, "append", n, die, after=False),
    "torn": _torn_feed,
    "fed": lambda n: _around(feeds.ArchiveFeed, "append", n, die, after=True),
    "rename": lambda n: _around(Path, "replace", n, die, after=False),
    "renamed": lambda n: _around(Path, "replace", n, die, after=True),
    "unlink": lambda n: _around(Path, "unlink", n, die, after=False),
    "full-catalogue": _small_disk,
    "full-statement": lambda n: _on_statement(
        n, _sqlite("SQLITE_FULL", "database or disk is full"), kinds=_WRITING
    ),
    "full-archive": _full_from,
    "full-feed": lambda n: _around(feeds.ArchiveFeed, "append", n, _full, after=False),
    "busy": lambda n: _on_statement(n, _sqlite("SQLITE_BUSY", "database is locked"), kinds=("BEGIN",)),
    "broken-disk": lambda n: _on_statement(n, _sqlite("SQLITE_IOERR_WRITE", "disk I/O error"), kinds=("COMMIT",)),
}


def arm(fault: str) -> None:
    """Put *fault* (``POINT:N``) into the program."""
    point, _, number = fault.partition(":")
    POINTS[point](int(number or 1))


def child(
    argv: list[str], environment: dict[str, str], fault: str | None, out: str, err: str, is_whole: bool
) -> None:
    """Be the program in a process that was forked by :func:`tests.forks.start`."""
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor if err == out else os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    os.chdir(Path(__file__).parent.parent)
    if is_whole:
        os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["scrapy", *argv]
    # What runs the tests may ignore them, as nohup does and a shell for what it starts in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if fault:
        arm(fault)
    cmdline.execute(["scrapy", *argv])


def main() -> None:
    fault, dashes, *argv = sys.argv[1:]
    if dashes != "--" or fault.partition(":")[0] not in POINTS:
        sys.exit(f"Usage: python -m tests.faults POINT:N -- crawl …; POINT is one of {', '.join(POINTS)}.")
    arm(fault)
    cmdline.execute(["scrapy", *argv])


if __name__ == "__main__":
    main()

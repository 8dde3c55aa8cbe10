"""One at a time: the lock of a ``DATA_DIR``, which dies with its process."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from vovcrawler.errors import Locked, StorageTrouble

NAME = ".lock"
# On Windows a locked byte cannot be read by others: lock one far behind the text.
_FAR = 1 << 30


@dataclass(slots=True)
class _Held:
    descriptor: int
    times: int


_held: dict[Path, _Held] = {}


class Lock:
    """The right to write to a folder; taken again by the same process it is the same lock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder.resolve() / NAME
        self.open = True

    @classmethod
    def take(cls, folder: Path, run: str = "") -> Self:
        """Lock *folder*; raises :class:`Locked` with a sentence that names the holder, and since when."""
        lock = cls(folder)
        if held := _held.get(lock.path):
            held.times += 1
            return lock
        descriptor = os.open(lock.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError) as error:
            os.close(descriptor)
            raise Locked(_sentence(folder, lock.path)) from error
        except OSError as error:
            # Not every file system can, least of all over a network.
            os.close(descriptor)
            raise StorageTrouble(f"The folder {str(folder)!r} cannot be locked: {error.strerror}.") from error
        _held[lock.path] = _Held(descriptor, 1)
        try:
            _sign(descriptor, run)
        except OSError as error:
            lock.release()
            raise StorageTrouble(f"The folder {str(folder)!r} cannot be written: {error.strerror}.") from error
        return lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Give the lock back; safe to repeat."""
        if not self.open:
            return
        self.open = False
        held = _held[self.path]
        held.times -= 1
        if not held.times:
            del _held[self.path]
            os.close(held.descriptor)


def _sign(descriptor: int, run: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps({"pid": os.getpid(), "run": run, "since": since})
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode())


def _sentence(folder: Path, path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        run = f"run {holder['run']}, " if holder["run"] else ""
        who = f"held by process {holder['pid']} ({run}since {holder['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        # The holder was just about to sign.
        who = "held by another process"
    return f"The folder {str(folder)!r} is {who}; one run at a time writes to it."


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

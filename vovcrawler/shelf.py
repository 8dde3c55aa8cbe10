"""The WARC files of an archive on disk: written record by record, rotated, repaired after a crash.

Each gzip member goes to the disk in one write, into a file that is called ``….open`` until it is closed: a
process that is killed can tear the last member only. What a record says is made in :mod:`vovcrawler.warc`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from vovcrawler.warc.reading import ManyInOneMember, Record, records

OPEN = ".open"
# What a folder holds beside files that end so, such as their checksums, is no part of the archive.
_SUFFIXES = tuple(f".warc{gzip}{end}" for gzip in ("", ".gz") for end in ("", OPEN))


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a record was written: the file's final name, and the offset in it."""

    name: str
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """A file that an unfinished run had left open, and how many bytes of a torn record were cut off it."""

    name: str
    cut: int


class Shelf:
    """Writes the WARC files of one run: ``vov-<run>-00000.warc.gz`` and so on.

    *opening* makes, for the name of each file, the member that it begins with.
    """

    def __init__(self, folder: Path, run: str, max_bytes: int, opening: Callable[[str], bytes]) -> None:
        self.folder = folder
        self._run, self._max_bytes, self._opening = run, max_bytes, opening
        self._number = 0
        self._name = ""
        self._file: int | None = None
        self._size = 0
        self._is_synced = True

    def write(self, *members: bytes) -> list[Spot]:
        """Write *members* into one file, all or none of them; raises :class:`OSError`."""
        spots = []
        with self._whole(sum(map(len, members))):
            for member in members:
                spots.append(Spot(name=self._name, offset=self._size))
                self._write(member)
        return spots

    def write_pieces(self, length: int, pieces: Iterable[bytes]) -> Spot:
        """Write one member of about *length* bytes that is too big to be held at once; raises :class:`OSError`."""
        with self._whole(length):
            spot = Spot(name=self._name, offset=self._size)
            for piece in pieces:
                self._write(piece)
        return spot

    @contextmanager
    def _whole(self, length: int) -> Iterator[None]:
        """See that a file is open with room for *length* bytes; take back what a block wrote that fails."""
        if self._file is not None and self._size + length > self._max_bytes:
            self.close()
        if self._file is None:
            self._open()
        before = self._size
        try:
            yield
        except BaseException:
            self._cut(before)
            raise

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        while True:
            self._name = f"vov-{self._run}-{self._number:05d}.warc.gz"
            self._number += 1
            if not (self.folder / self._name).exists():
                break
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._file = os.open(self.folder / (self._name + OPEN), flags, 0o666)
        self._size = 0
        sync_folder(self.folder)
        try:
            self._write(self._opening(self._name))
        except OSError:
            os.close(self._file)
            self._file = None
            (self.folder / (self._name + OPEN)).unlink()
            raise

    def _write(self, member: bytes) -> None:
        assert self._file is not None
        written = os.write(self._file, member)
        while written < len(member):
            # The disk took a part; to ask for the rest says why.
            written += os.write(self._file, member[written:])
        self._size += len(member)
        self._is_synced = False

    def _cut(self, size: int) -> None:
        """Take back what a failed write left."""
        assert self._file is not None
        os.ftruncate(self._file, size)
        os.lseek(self._file, size, os.SEEK_SET)
        self._size = size

    def sync(self) -> None:
        """Return when everything written so far lies on the disk; raises :class:`OSError`."""
        if self._file is not None and not self._is_synced:
            os.fsync(self._file)
            if not os.fstat(self._file).st_nlink:
                # Whoever removed it left us writing to nowhere.
                path = self.folder / (self._name + OPEN)
                raise FileNotFoundError(errno.ENOENT, "was removed while it was written", str(path))
            self._is_synced = True

    def close(self) -> None:
        """Give the file that is being written its final name; the next write opens another one."""
        if self._file is None:
            return
        self.sync()
        os.close(self._file)
        self._file = None
        _finish(self.folder / (self._name + OPEN))


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files in *folder*, those that are being written too, by name."""
    return [path for path in called_so(folder) if path.is_file()]


def called_so(folder: Path) -> list[Path]:
    """Return what in *folder* is called a WARC file, by name: also links that lead nowhere, but no folders.

    Raises :class:`OSError` where there is a folder that cannot be looked into.
    """
    try:
        paths = list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(path for path in paths if path.name.endswith(_SUFFIXES) and not path.is_dir())


def present(path: Path) -> Path:
    """Return where a file that was listed is now: one that was being written may have been closed since."""
    try:
        is_open = path.name.endswith(OPEN) and path.exists()
    except OSError:
        return path  # whoever opens it is told
    return path if is_open else path.with_name(path.name.removesuffix(OPEN))


def mend(folder: Path) -> Iterator[Mended]:
    """Finish the files that a killed run left open: cut after the last whole record, and renamed."""
    # Years of runs leave many files: only the names of the others are looked at.
    for path in filter(Path.is_file, sorted(folder.glob(f"*.warc.gz{OPEN}"))):
        whole = whole_length(path)
        cut = path.stat().st_size - whole
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
        name = path.name.removesuffix(OPEN)
        if whole:
            name = _finish(path).name
        else:
            path.unlink()
        yield Mended(name=name, cut=cut)


def whole_length(path: Path) -> int:
    """Return where the last whole record of the WARC file at *path* ends.

    Where records share a gzip member no place is known but the end: it is no file of ours.
    """
    end = 0
    with path.open("rb", buffering=0) as file:
        try:
            for record in records(file):
                if isinstance(record, Record):
                    end = record.end or end
        except ManyInOneMember:
            return file.seek(0, os.SEEK_END)
    return end


def _finish(path: Path) -> Path:
    """Give the file its final name and return it; one that bears the name already is never replaced."""
    stem = path.name.removesuffix(f".warc.gz{OPEN}")
    names = chain([f"{stem}.warc.gz"], (f"{stem}-{number}.warc.gz" for number in count(2)))
    final = next(place for place in map(path.with_name, names) if not place.exists())
    path.rename(final)
    sync_folder(path.parent)
    return final


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* as lasting as the files, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Where the files of a corpus are: on this machine, or wherever fsspec reaches (``s3://bucket/warc``).

Local paths mean here what they mean to a replay. What is elsewhere is read whole through a temporary file, in one
pass, since every byte of it counts; single records of it are asked for by their place.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

import fsspec

from vovcrawler.errors import UsageTrouble
from vovcrawler.sources import SUFFIXES, Damage, SourceError, listed
from vovcrawler.sources.captures import printable

_CHUNK = 1024 * 1024
# By what different file systems tell that a file has changed.
_MARKS = ("size", "ETag", "LastModified", "mtime", "created")


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file of the source: its path or address, its name in records, and what changes when it does."""

    url: str
    name: str
    mark: str = ""

    def __deepcopy__(self, memo: object) -> Self:
        """Nothing of it changes; datatrove copies the list of all files for each task."""
        return self


@dataclass(slots=True)
class Listing:
    """The files of a source in order, and what of it cannot be read."""

    files: list[File] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)


def is_remote(given: str) -> bool:
    """Whether *given* is an address that fsspec knows how to read.

    >>> is_remote("s3://bucket/warc"), is_remote("saved/a.warc.gz")
    (True, False)
    """
    return "://" in given


def find(given: Sequence[str]) -> Listing:
    """Return the files that *given* names, each once; raises :class:`SourceError` when there are none."""
    listing = Listing()
    seen: set[str] = set()
    for one in given:
        try:
            for file in _remote(one) if is_remote(one) else _local(one, listing):
                real = file.url if is_remote(file.url) else os.path.realpath(file.url)
                if real not in seen:
                    seen.add(real)
                    listing.files.append(file)
        except SourceError as error:
            listing.errors.append(error)
    if listing.errors and not listing.files:
        raise listing.errors[0]
    return listing


def _local(given: str, listing: Listing) -> Iterator[File]:
    def unreadable(path: Path, error: OSError) -> None:
        sentence = f"cannot be read: {error.strerror}."
        listing.damage.append(Damage(file=printable(path), sentence=sentence))

    for path, name in listed(given, unreadable):
        try:
            status = path.stat()
            mark = f"{status.st_size} {status.st_mtime_ns}"
        except OSError:
            mark = ""
        # Whoever reads it may have another working directory.
        yield File(url=os.fspath(path.absolute()), name=name, mark=mark)


def _remote(given: str) -> Iterator[File]:
    system, root = _system(given)
    try:
        if not system.exists(root):
            raise SourceError(f"There is no file or folder {given!r}.")
        found = system.find(root, detail=True)
    except _troubles() as error:
        raise SourceError(f"{given!r} cannot be read: {error}.") from error
    files = []
    for path, about in found.items():
        inner = path.removeprefix(root).strip("/")
        if path.lower().endswith(SUFFIXES) and not any(part.startswith(".") for part in inner.split("/")):
            mark = " ".join(str(about.get(key, "")) for key in _MARKS)
            files.append(File(url=system.unstrip_protocol(path), name=_name(given, inner), mark=mark))
    if not files:
        raise SourceError(f"{given!r} holds no pages; they end in .txt, .html, .warc(.gz) or .wacz.")
    yield from sorted(files, key=lambda file: file.name.split("/"))


def _troubles() -> tuple[type[Exception], ...]:
    """What file systems raise: that of s3 has an error of its own where it finds no keys, or no server."""
    try:
        from botocore.exceptions import BotoCoreError
    except ImportError:
        return (OSError,)
    return OSError, BotoCoreError


def _name(given: str, inner: str) -> str:
    return f"{given.rstrip('/')}/{inner}" if inner else given


def _system(given: str) -> tuple[Any, str]:
    try:
        system, root = fsspec.core.url_to_fs(given)
    except ImportError as error:
        scheme = given.partition("://")[0]
        raise UsageTrouble(f"{given!r} needs what reads {scheme}://, which is not installed: {error}.") from error
    except ValueError as error:
        raise SourceError(f"{given!r} is no address that can be read: {error}.") from error
    return system, str(root).rstrip("/")


@contextmanager
def local(file: File) -> Iterator[Path]:
    """Let the block have *file* on this machine."""
    if not is_remote(file.url):
        yield Path(file.url)
        return
    with tempfile.TemporaryDirectory(prefix="vovcrawler-") as folder:
        # Its ending says what it is.
        path = Path(folder, file.url.rpartition("/")[2])
        with fsspec.open(file.url, "rb") as there, path.open("wb") as here:
            shutil.copyfileobj(there, here, _CHUNK)
        yield path


def open_file(url: str) -> BinaryIO:
    """Open *url* for reading at any place."""
    if not is_remote(url):
        return Path(url).open("rb", buffering=0)
    system, path = _system(url)
    file: BinaryIO = system.open(path, "rb", cache_type="readahead", block_size=_CHUNK)
    return file

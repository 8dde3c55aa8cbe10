"""A source whose files are in many places, read by a table of contents that was made elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vovcrawler.corpus import places
from vovcrawler.corpus.shards import Noted
from vovcrawler.sources import Source
from vovcrawler.sources.captures import Damaged
from vovcrawler.sources.index import Index

# What no path can hold: behind it stands which part of a file, once it is unpacked, is meant.
_PART = "\0"
# What stands for the strokes of an address, of which pathlib would take some away.
_STROKE = "\1"


def place(url: str, part: str = "") -> str:
    """Return how the path of a file at *url* is written down, or of the *part* of it that lies there packed."""
    path = url.replace("/", _STROKE) if places.is_remote(url) else url
    return f"{path}{_PART}{part}" if part else path


def part_of(name: str, file: str) -> str:
    """Return what the part called *name* of the *file* that is known so is called in it.

    >>> part_of("a.wacz/archive/1.warc.gz", "a.wacz"), part_of("b.warc.gz", "b.warc.gz")
    ('/archive/1.warc.gz', '.')
    """
    return name.removeprefix(file) or "."


@contextmanager
def unsaid() -> Iterator[None]:
    """Let what is damaged be noted, and not be logged besides: whoever started the build says it."""
    logger = logging.getLogger("vovcrawler.sources")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


class Scattered(Source):
    """The captures in *index*, wherever their bytes are."""

    def __init__(self, index: Index) -> None:
        super().__init__(index, self._open_at)
        self._unpacked: dict[str, tuple[Source, dict[str, Path]]] = {}

    def _open_at(self, path: Path) -> BinaryIO:
        written, _, part = str(path).partition(_PART)
        url = written.replace(_STROKE, "/")
        try:
            if not part:
                return places.open_file(url)
            source, parts = self._unpack(url)
            return source.open_again(parts[part])
        except LookupError as error:
            raise Damaged("has changed while it was read.") from error

    def _unpack(self, url: str) -> tuple[Source, dict[str, Path]]:
        """Return the packed parts of the file at *url*, and what holds them as long as this source lives."""
        if url not in self._unpacked:
            noted = Noted()
            source = Source(noted)
            file = places.File(url=url, name=url)
            with places.local(file) as path:
                source.add_file(path, url)
                found = (row for row in noted.rows if row[0] == "file")
                parts = {part_of(row[3], url): Path(row[2]) for row in found}
            self._unpacked[url] = source, parts
        return self._unpacked[url]

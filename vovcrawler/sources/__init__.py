"""Sources: saved pages that a replay reads instead of the network.

A source is one or more paths: folders, text dumps, HTML pages. What is named wrongly is a
:class:`SourceError`; what is damaged inside is noted in :attr:`Source.damage` and passed over.
Nothing here knows Scrapy.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from vovcrawler.sources import files
from vovcrawler.sources.captures import Answer, Capture, Damage, Damaged, SourceError
from vovcrawler.sources.index import Index

__all__ = ["Answer", "Capture", "Damage", "Source", "SourceError", "open_source"]

logger = logging.getLogger(__name__)

_SUFFIXES = files.DUMP_SUFFIXES + files.HTML_SUFFIXES
_KINDS = "a folder, .txt, .html"


def open_source(paths: Sequence[Path]) -> Source:
    """Read the table of contents of *paths*.

    Raises :class:`SourceError` when none of them can be read; when only some cannot, the others
    are read and the errors stand in :attr:`Source.errors`.
    """
    source = Source()
    for path in paths:
        try:
            source.add(path)
        except SourceError as error:
            source.errors.append(error)
    if source.errors and not source.index and not source.damage:
        raise source.errors[0]
    source.index.freeze()
    return source


class Source:
    """The captures in some saved files, and their bytes."""

    def __init__(self) -> None:
        self.index = Index()
        self.damage: list[Damage] = []
        self.errors: list[SourceError] = []

    def seeds(self) -> Iterator[Capture]:
        """Yield the captures of articles in the order in which they are read again."""
        return self.index.seeds()

    def get(self, number: int) -> Capture:
        """Return the capture with this number."""
        return self.index.get(number)

    def find(self, url: str) -> Capture | None:
        """Return the capture that answers a link to *url*."""
        return self.index.find(url)

    def address(self, capture: Capture) -> str:
        """Return the address to ask *capture* under: its own, or that of its file."""
        return capture.url or self.index.path(capture).absolute().as_uri()

    def read(self, capture: Capture) -> Answer | None:
        """Return the bytes of *capture*, or ``None`` after noting why they cannot be had."""
        path = self.index.path(capture)
        try:
            if capture.kind == "dump":
                return files.read_dump(path)
            answer = files.read_html(path)
        except Damaged as problem:
            self.note(capture.ref["file"], problem)
            return None
        if files.is_torn(answer.body):
            self.note(capture.ref["file"], Damaged("breaks off before the page ends; what there is was read."))
        return answer

    def note(self, file: str, problem: Damaged) -> None:
        """Remember that *file* is damaged, and say so."""
        damage = Damage(file=file, sentence=str(problem), offset=problem.offset)
        logger.warning("Damaged: %s", damage)
        self.damage.append(damage)

    def add(self, path: Path) -> None:
        """Add what *path* holds; raises :class:`SourceError`."""
        if path.is_dir():
            before = len(self.index) + len(self.damage)
            for file in files.walk(path, _SUFFIXES, self._unreadable):
                self._add_file(file)
            if before == len(self.index) + len(self.damage):
                raise SourceError(f"The folder {str(path)!r} holds no pages; they end in {', '.join(_SUFFIXES)}.")
        elif not path.exists():
            raise SourceError(f"There is no file or folder {str(path)!r}.")
        elif path.name.lower().endswith(_SUFFIXES):
            self._add_file(path)
        else:
            raise SourceError(f"The file {str(path)!r} is of no known type; SOURCE is {_KINDS}.")

    def _add_file(self, path: Path) -> None:
        name = printable(path)
        if path.name.lower().endswith(files.DUMP_SUFFIXES):
            self.index.add_page("dump", path, None, {"file": name})
            return
        try:
            url = files.address(files.read_html(path).body)
        except Damaged as problem:
            self.note(name, problem)
        else:
            self.index.add_page("html", path, url, {"file": name})

    def _unreadable(self, path: Path, error: OSError) -> None:
        self.note(printable(path), Damaged(f"cannot be read: {error.strerror}."))

    def close(self) -> None:
        """Let go of the table of contents."""
        self.index.close()


def printable(path: PurePath) -> str:
    r"""Return *path* as text that can be written as UTF-8, ``/`` between its parts.

    >>> printable(PurePath(os.fsdecode(b"caf\xe9/a.txt")))
    'caf\\xe9/a.txt'
    """
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")

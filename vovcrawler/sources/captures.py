"""What a source holds: captures, their answers, and what is wrong with some of them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

from vovcrawler.errors import UsageTrouble

Kind = Literal["dump", "html", "http"]
Headers = list[tuple[str, str]]

# Archives of the web that nothing here reads: to pass over them would be to lose pages without a word.
FOREIGN_SUFFIXES = (".arc", ".arc.gz", ".warc.bz2", ".warc.xz", ".warc.zst")


class SourceError(UsageTrouble):
    """A SOURCE that was named wrongly: nothing there, or nothing in it that can be read."""


class Damaged(Exception):
    """A saved page that cannot be read whole; the message is one sentence without the file's name."""

    def __init__(self, sentence: str, offset: int | None = None) -> None:
        super().__init__(sentence)
        self.offset = offset


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """One thing that is wrong in a source: in which file, at which byte, and what."""

    file: str
    sentence: str
    offset: int | None = None

    def __str__(self) -> str:
        where = self.file if self.offset is None else f"{self.file} at byte {self.offset}"
        return f"{where}: {self.sentence}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One response for one address at one time, without its bytes.

    ``ref`` is what the record calls ``capture``; ``url`` is ``None`` for a page saved without its address.
    """

    id: int
    kind: Kind
    url: str | None
    ref: dict[str, Any]
    status: int = 200
    captured_at: str | None = None
    # captured_at in the one form that sorts.
    moment: str | None = None
    # Whether it only refers to the body of another one.
    is_revisit: bool = False
    # How far from a seed it was, where that is known.
    hops: int = 0
    # Within which days of publication it was wanted, where a crawl of ours has said so.
    within: str | None = None
    payload_digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    # What was read from it, as far as :meth:`Index.seeds` knows: by which version, in which file, at which offset.
    reading: tuple[str, int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """What a revisit says of the record that holds its body: its id, or addresses of it and the body's digest."""

    record_id: str | None
    urls: tuple[str, ...]
    digest: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The bytes of a capture: header fields in order, body as it was sent (content-encoded).

    ``encoding`` is how the body is packed, said or not; ``plain`` what it unpacks to, where that is known by now.
    ``trouble`` says why it does not, where the crawl has met that before: the capture itself is whole.
    """

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes
    encoding: str = ""
    plain: bytes | None = None
    trouble: str | None = None


def printable(path: str | PurePath) -> str:
    r"""Return *path* as text that can be written as UTF-8, ``/`` between its parts.

    >>> printable(PurePath(os.fsdecode(b"caf\xe9/a.txt")))
    'caf\\xe9/a.txt'
    """
    return os.fsencode(path if isinstance(path, str) else path.as_posix()).decode("utf-8", "backslashreplace")

"""WARC files for tests, written by hand: other tools, other times, other mistakes than our own writer's."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from vovcrawler.sources import Source, open_source
from vovcrawler.warc import reading

Fields = list[tuple[str, str]]


def sha1(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data).digest()).decode()


@dataclass(frozen=True, kw_only=True)
class Rec:
    """One record; what is not said is filled in as most tools do."""

    type: str = "response"
    url: str | None = "https://vov.vn/the-gioi/tin-post1.vov"
    date: str = "2026-01-01T00:00:00Z"
    id: int = 1
    block: bytes = b""
    content_type: str = "application/http; msgtype=response"
    more: Fields = field(default_factory=list)
    version: str = "WARC/1.0"
    digest: bool = True

    @property
    def urn(self) -> str:
        return UUID(int=self.id).urn

    def __bytes__(self) -> bytes:
        lines = [
            self.version,
            f"WARC-Type: {self.type}",
            f"WARC-Record-ID: <{self.urn}>",
            f"WARC-Date: {self.date}",
            *([f"WARC-Target-URI: {self.url}"] if self.url else []),
            *([f"WARC-Block-Digest: {sha1(self.block)}"] if self.digest else []),
            *(f"{name}: {value}" for name, value in self.more),
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.block)}",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.block + b"\r\n\r\n"


def http(
    body: bytes = b"", status: str = "200 OK", fields: Fields | None = None, version: str = "HTTP/1.1"
) -> bytes:
    """Return an HTTP response as bytes."""
    fields = [("Content-Type", "text/html; charset=utf-8")] if fields is None else fields
    head = [f"{version} {status}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def page(text: str = "Tin") -> bytes:
    """Return a small page with *text* as its headline and its only paragraph."""
    return f"<html><head><title>{text}</title></head><body><h1>{text}</h1><p>{text}.</p></body></html>".encode()


def plain(records: Iterable[Rec]) -> bytes:
    return b"".join(map(bytes, records))


def members(records: Iterable[Rec]) -> bytes:
    """Return the records as other tools pack them: one gzip member each."""
    return b"".join(gzip.compress(bytes(record), mtime=0) for record in records)


def one_member(records: Iterable[Rec]) -> bytes:
    """Return the records as ``gzip FILE`` packs them."""
    return gzip.compress(plain(records), mtime=0)


# ---- what a source makes of them


def numbered(pages: Iterable[bytes]) -> list[Rec]:
    """Return a record for each of *pages*, numbered as they come."""
    return [
        Rec(id=number, url=f"https://vov.vn/a-post{number}.vov", block=http(body))
        for number, body in enumerate(pages)
    ]


def bodies(source: Source) -> list[bytes | None]:
    """Return the body of each seed; None where there is none."""
    answers = [source.read(capture) for capture in source.seeds()]
    return [answer.body if answer else None for answer in answers]


def sentences(source: Source) -> list[str]:
    """Return what is said of the damage in *source*."""
    return [damage.sentence for damage in source.damage]


def opened(folder: Path, *held: Rec, name: str = "a.warc.gz", pack: Callable[..., bytes] = members) -> Source:
    """Write *held* into a WARC file in *folder* and open it."""
    (folder / name).write_bytes(pack(held))
    return open_source([folder / name])


# What another tool captured: two articles, one of them edited, and a picture.
ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"
FOREIGN = [
    Rec(type="warcinfo", id=1, url=None, block=b"software: other\r\n", content_type="application/warc-fields"),
    Rec(id=2, url=ONE, date="2026-01-01T00:00:00Z", block=http(page("Một"))),
    Rec(type="request", id=3, url=ONE, date="2026-01-01T00:00:00Z", block=b"GET / HTTP/1.1\r\n\r\n"),
    Rec(id=4, url=TWO, date="2026-01-02T00:00:00Z", block=http(page("Hai"))),
    Rec(id=5, url=ONE, date="2026-01-03T00:00:00Z", block=http(page("Một khác"))),
    Rec(id=6, url="https://vov.vn/anh.jpg", block=http(b"\xff\xd8" + bytes(2_000_000), fields=[])),
]


def whole(path: Path) -> list[reading.Record]:
    """Return the records of a file that has no damage."""
    with path.open("rb") as file:
        found = list(reading.records(file))
    assert all(isinstance(record, reading.Record) for record in found)
    return found

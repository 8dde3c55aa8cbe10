"""What goes over the wire: one request as asked, one answer with all the ways in which it can go wrong."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus

import brotli
import zstandard

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Asked:
    """One request as it came in, and the status that went out: a line of the request log."""

    at: float  # time.monotonic()
    wall: datetime
    method: str
    url: str
    headers: Headers
    body: bytes = b""
    status: int = 0
    ended: float | None = None  # None while the answer is on its way

    def header(self, name: str) -> str | None:
        """Return the first header of that *name*, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(slots=True)
class Answer:
    """One response, and how it is delivered: the fields after ``encoding`` are the faults of a bad day."""

    body: bytes = b""
    status: int = 200
    headers: Headers = field(default_factory=list)
    content_type: str | None = "text/html; charset=utf-8"
    encoding: str | None = None  # gzip, deflate, raw-deflate, br, zstd
    chunked: bool | str = False  # or what Transfer-Encoding says
    retry_after: int | str | datetime | None = None
    delay: float = 0.0  # seconds before the first byte
    trickle: tuple[int, float] | None = None  # so many bytes, then so many seconds of rest
    cut: int | None = None  # the connection drops after so many bytes of the body
    length: int | None = None  # the Content-Length that is claimed, whatever is true
    is_endless: bool = False  # no length is claimed: the body ends with the connection
    garble: str | None = None  # "truncated": half of the encoded body; "lying": says gzip, is plain

    def head(self, payload: bytes) -> bytes:
        """Return the status line and the headers that announce *payload*."""
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self._all_headers(payload)]
        return "\r\n".join([*lines, "", ""]).encode("utf-8")

    def payload(self) -> bytes:
        """Return the body as it stands on the wire, before chunked framing."""
        if self.garble == "lying":
            return self.body
        encoded = _ENCODE[self.encoding](self.body) if self.encoding else self.body
        return encoded[: len(encoded) // 2] if self.garble == "truncated" else encoded

    def _all_headers(self, payload: bytes) -> Headers:
        headers = list(self.headers)
        if self.content_type is not None:
            headers.append(("Content-Type", self.content_type))
        if encoding := ("gzip" if self.garble == "lying" else self.encoding):
            headers.append(("Content-Encoding", encoding.removeprefix("raw-")))
        if self.retry_after is not None:
            headers.append(("Retry-After", _retry_after(self.retry_after)))
        if self.chunked:
            headers.append(("Transfer-Encoding", self.chunked if isinstance(self.chunked, str) else "chunked"))
        elif self.status not in (204, 304) and not self.is_endless:
            headers.append(("Content-Length", str(len(payload) if self.length is None else self.length)))
        return headers


def _raw_deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


_ENCODE = {
    "gzip": lambda body: gzip.compress(body, compresslevel=1, mtime=0),
    "deflate": zlib.compress,
    "raw-deflate": _raw_deflate,
    "br": lambda body: brotli.compress(body, quality=1),
    "zstd": zstandard.ZstdCompressor(level=1).compress,
}


def _retry_after(value: int | str | datetime) -> str:
    return format_datetime(value, usegmt=True) if isinstance(value, datetime) else str(value)


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Leaked"

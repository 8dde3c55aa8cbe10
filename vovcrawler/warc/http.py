"""HTTP messages as WARC records hold them: taken apart, and chunking undone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vovcrawler.warc.fields import Fields, parse_fields, value_of
from vovcrawler.warc.reading import Record

_STATUS_LINE = re.compile(rb"[A-Z]+(?:/\d(?:\.\d)?)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)
_MAX_HEAD_BYTES = 256 * 1024
_CHUNK_SIZE = re.compile(rb"([0-9a-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n", re.IGNORECASE)

# What packing adds to a text that it cannot make shorter.
_PACKING = 64

_LAST_CHUNK = b"\n0\r\n\r\n"


class BadMessage(ValueError):
    """Bytes that are no HTTP response; the message is a sentence without its subject."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The beginning of a response, up to its body."""

    status: int
    fields: Fields

    def get(self, name: str) -> str | None:
        """Return the first value of the header field *name*."""
        return value_of(self.fields, name)

    def all(self, name: str) -> str:
        """Return the values of the header field *name*, which may be repeated, as one list."""
        name = name.lower()
        return ", ".join(value for key, value in self.fields if len(key) == len(name) and key.lower() == name)


def check_length(head: Head, body: bytes, *, was_packed: bool = False) -> None:
    """Raise :class:`BadMessage` where *body*, which is not packed, is only a part of what was asked for.

    One that is longer than it says was unpacked by whoever kept it. A short one that *was_packed* may have been
    longer then.
    """
    length = head.get("Content-Length") or ""
    most = len(body) + (_PACKING if was_packed else 0)
    if body and _LENGTH.fullmatch(length) and most < int(length):
        raise BadMessage(f"has a body that breaks off: {len(body)} of {int(length)} bytes.")


def check_range(status: int, content_range: str) -> None:
    """Raise :class:`BadMessage` where an answer gives only a part of the page, though all of it was asked for."""
    if status == 206 and not _is_all(content_range):
        raise BadMessage("is only a part of the page.")


def _is_all(content_range: str) -> bool:
    found = _RANGE.fullmatch(content_range.strip().lower())
    return bool(found and int(found[1]) == 0 and int(found[2]) + 1 == int(found[3]))


def split(message: bytes) -> tuple[Head, bytes]:
    r"""Return the head and the body of a response; raises :class:`BadMessage`.

    Some tools keep what came before it, too: 100 Continue, 103 Early Hints.

    >>> head, body = split(b"HTTP/1.0 200 OK\nA: 1\nA: 2\n\nTin")
    >>> head.status, head.fields, body
    (200, [('A', '1'), ('A', '2')], b'Tin')
    """
    body, status = message, b"1"
    while status.startswith(b"1") and (line := _STATUS_LINE.match(body)):
        end = _HEAD_END.search(body)
        head, body = (body[: end.start()], body[end.end() :]) if end else (body, b"")
        status = line[1]
    if body is message:
        raise BadMessage("is not an HTTP response.")
    return Head(status=int(status), fields=parse_fields(head.partition(b"\n")[2])), body


def plain_body(head: Head, body: bytes) -> bytes:
    r"""Return *body* without the marks of chunked transfer; raises :class:`BadMessage` when it breaks off.

    Some tools keep the marks, some of them without the field that announces them.

    >>> plain_body(Head(status=200, fields=[]), b"3\r\nTin\r\n0\r\n\r\n")
    b'Tin'
    """
    if "chunked" in head.all("Transfer-Encoding").lower():
        return unchunk(body)
    if not (body.endswith(_LAST_CHUNK) and _CHUNK_SIZE.match(body)):
        return body
    try:
        return unchunk(body)
    except BadMessage:
        return body


def unchunk(body: bytes) -> bytes:
    r"""Return *body* without the marks of chunked transfer; raises :class:`BadMessage` when it breaks off.

    Some tools remove them and leave the header that announces them.

    >>> unchunk(b"3\r\nTin\r\n0\r\n\r\n"), unchunk(b"Tin")
    (b'Tin', b'Tin')
    """
    pieces: list[bytes] = []
    at = 0
    while size := _CHUNK_SIZE.match(body, at):
        length = int(size[1], 16)
        if not length:
            return b"".join(pieces)
        piece = body[size.end() : size.end() + length]
        pieces.append(piece)
        at = size.end() + length
        if len(piece) < length or body[at : at + 1] not in (b"\r", b"\n"):
            break
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    if not pieces:
        return body
    raise BadMessage("has a chunked body that breaks off.")


def read_head(record: Record) -> Head:
    """Return the head of the response in *record*, of which little more is read; raises :class:`BadMessage`.

    A resource has no head of its own, a revisit need not have one.
    """
    return head_of(record, *read_start(record))


def head_of(record: Record, head: bytes, start: bytes) -> Head:
    """Return *head* taken apart; with *start* it is what :func:`read_start` gave of *record*."""
    if record.type == "resource":
        return Head(status=200, fields=[("Content-Type", record.get("Content-Type") or "")])
    if record.type == "revisit" and not (head + start).strip():
        return Head(status=200, fields=[])
    return split(head + start)[0]


def read_start(record: Record) -> tuple[bytes, bytes]:
    """Return the bytes of the head of the message in *record*, and those of its body that were read with it.

    A resource is all body.
    """
    start = b""
    if record.type == "resource":
        return b"", b""
    while len(start) < _MAX_HEAD_BYTES and not _HEAD_END.search(start) and (more := record.read()):
        start += more
    end = _HEAD_END.search(start)
    return (start[: end.end()], start[end.end() :]) if end else (start, b"")

"""Whether the body in a record is the one whose digest the record gives, and what JSON a body holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import chain
from typing import Any

from vovcrawler.warc.digests import digester
from vovcrawler.warc.http import BadMessage, read_start, unchunk
from vovcrawler.warc.reading import BadRecord, Record

_CHUNKED = re.compile(rb"\ntransfer-encoding[ \t]*:[^\r\n]*chunked", re.IGNORECASE)
# A bigger body is not held in memory to undo its chunking.
_MAX_CHUNKED = 64 * 1024 * 1024


def verify(record: Record) -> None:
    """Read *record* to its end and verify the digest of its payload; raises :class:`BadRecord`.

    That of a revisit is the digest of a body elsewhere.
    """
    if record.type != "revisit":
        kind = (record.get("Content-Type") or "").lower()
        is_message = "/http" in kind or (not kind and record.type in ("response", "request"))
        verify_payload(record, *(read_start(record) if is_message else ()))


def verify_payload(record: Record, head: bytes = b"", start: bytes = b"") -> None:
    """Do so where reading has begun: *head* is that of the message, *start* what was read of the body with it."""
    if _CHUNKED.search(head) and record.length < _MAX_CHUNKED:
        _verify_chunked(record, start + record.rest())
    else:
        _verify(record, chain([start], iter(record.read, b"")))


def _verify_chunked(record: Record, body: bytes) -> None:
    """Some tools give the digest of what was sent, some that of what was meant."""
    try:
        _verify(record, [unchunk(body)])
    except (BadRecord, BadMessage):
        _verify(record, [body])


def _verify(record: Record, pieces: Iterable[bytes]) -> None:
    if digest := digester(record.get("WARC-Payload-Digest")):
        for piece in pieces:
            digest.update(piece)
        if not digest.holds():
            raise BadRecord("does not hold its payload digest.", record.offset)


def json_object(block: bytes) -> dict[str, Any] | None:
    """Return the JSON object in *block*, ``None`` where there is none: other tools have JSON of their own.

    >>> json_object(b'{"hops": 1}'), json_object(b"1"), json_object(b"{"), json_object(b"[" * 9999)
    ({'hops': 1}, None, None, None)
    """
    try:
        told = json.loads(block)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None

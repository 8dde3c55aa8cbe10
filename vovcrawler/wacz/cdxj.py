"""CDXJ: the index by address and time in which viewers of web archives look captures up."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

NAME = "index.cdx.gz"

_LINES = 300
_GZIP = 31
_WWW = re.compile(r"www\d*\.")
_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_NO_DIGIT = re.compile(r"\D")
_PORTS = {"http": 80, "https": 443}


def sort_key(url: str) -> str:
    """Return *url* with its host turned round (SURT), so that what belongs together stands together.

    >>> sort_key("https://www.vov.vn/The-Gioi/?b=2&a=1#top")
    'vn,vov)/the-gioi?a=1&b=2'
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port and parts.port != _PORTS.get(parts.scheme) else ""
    except ValueError:
        return _plain(url)
    path = parts.path or "/"
    # Addresses without a host may have others in them.
    path = _plain(re.sub("/+", "/", path) if parts.netloc else path)
    path = path.rstrip("/") or "/"
    query = "&".join(sorted(_plain(parts.query).split("&"), key=lambda pair: pair.split("=", 1)))
    behind = f"{path}{'?' if query else ''}{query}"
    if not parts.netloc:
        return f"{parts.scheme}:{behind}"
    host = _WWW.sub("", (parts.hostname or "").strip("."), count=1)
    return f"{','.join(reversed(host.split('.')))}{port}){behind}"


def _plain(text: str) -> str:
    """Undo escapes, also those of escapes, and escape once what has to be."""
    raw = text.encode()
    while (less := unquote_to_bytes(raw)) != raw:
        raw = less
    return quote_from_bytes(raw, safe=_KEPT).lower()


def line(key: str, moment: str, fields: Mapping[str, str]) -> str:
    """Return one line of the index; *moment* is a WARC-Date in full.

    >>> line("vn,vov)/", "2026-11-21T15:04:05.123456Z", {"status": "200"})
    'vn,vov)/ 20261121150405 {"status": "200"}\\n'
    """
    return f"{key} {timestamp(moment)} {json.dumps(dict(fields), ensure_ascii=False)}\n"


def timestamp(moment: str) -> str:
    """Return a WARC-Date as the fourteen digits that indexes use."""
    return _NO_DIGIT.sub("", moment)[:14]


def blocks(lines: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Pack sorted *lines* for the file ``NAME``; with each block comes its line in the index of the index."""
    offset = 0
    for some in _some(lines):
        packer = zlib.compressobj(wbits=_GZIP)
        block = packer.compress("".join(some).encode()) + packer.flush()
        digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
        place = {"offset": offset, "length": len(block), "digest": digest, "filename": NAME}
        first = some[0].partition(" {")[0]
        yield f"{first} {json.dumps(place)}\n", block
        offset += len(block)


def head() -> str:
    """Return the first line of the index of the index."""
    return f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': NAME})}\n"


def _some(lines: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(lines)
    while some := list(islice(iterator, _LINES)):
        yield some

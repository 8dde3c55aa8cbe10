"""Content encodings: whether a packed body unpacks whole.

Scrapy gives what it can of a body that breaks off, and so half an article would pass for one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

from vovcrawler.warc.http import BadMessage

_CHUNK = 256 * 1024


def check_whole(body: bytes, encoding: str | None) -> None:
    """Raise :class:`BadMessage` when *body* is not wholly what its Content-Encoding says.

    Several encodings on top of each other are not looked into, nor are those that nobody here unpacks.

    >>> import gzip
    >>> check_whole(gzip.compress(b"Tin"), "gzip")
    >>> check_whole(gzip.compress(b"Tin")[:-1], "gzip")
    Traceback (most recent call last):
        ...
    vovcrawler.warc.http.BadMessage: has a gzip body that breaks off.
    """
    name = (encoding or "").strip().lower()
    ends = _ENDS.get(name)
    if ends is None or not body:
        return
    try:
        whole = ends(body)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise BadMessage(f"has a body that is not the {name} that it says.") from error
    if not whole:
        raise BadMessage(f"has a {name} body that breaks off.")


def _gzip_ends(body: bytes) -> bool:
    return _inflate_ends(body, 31)


def _deflate_ends(body: bytes) -> bool:
    try:
        return _inflate_ends(body, zlib.MAX_WBITS)
    except zlib.error:
        # What some servers call deflate has no header.
        return _inflate_ends(body, -zlib.MAX_WBITS)


def _inflate_ends(body: bytes, wbits: int) -> bool:
    inflate = zlib.decompressobj(wbits)
    while body and not inflate.eof:
        inflate.decompress(body, _CHUNK)
        body = inflate.unconsumed_tail
    return inflate.eof


def _brotli_ends(body: bytes) -> bool:
    unpack = brotli.Decompressor()
    unpack.process(body, output_buffer_limit=_CHUNK)
    while not unpack.is_finished() and not unpack.can_accept_more_data():
        unpack.process(b"", output_buffer_limit=_CHUNK)
    return bool(unpack.is_finished())


def _zstd_ends(body: bytes) -> bool:
    unpack = zstandard.ZstdDecompressor().decompressobj()
    for start in range(0, len(body), _CHUNK):
        unpack.decompress(body[start : start + _CHUNK])
        if unpack.eof:
            break
    return bool(unpack.eof)


_ENDS: dict[str, Callable[[bytes], bool]] = {
    "gzip": _gzip_ends,
    "x-gzip": _gzip_ends,
    "deflate": _deflate_ends,
    "br": _brotli_ends,
    "zstd": _zstd_ends,
}

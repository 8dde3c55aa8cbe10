"""Content encodings: whether a packed body unpacks whole, and to what.

Scrapy gives what it can of a body that breaks off, and so half an article would pass for one.
"""

from __future__ import annotations

from collections.abc import Callable

import brotli
import zstandard

from vovcrawler.warc.http import BadMessage

try:
    # As zlib does it, in half the time.
    from isal import isal_zlib as _zlib
except ImportError:  # no wheel for this machine
    import zlib as _zlib  # type: ignore[no-redef]

_CHUNK = 256 * 1024
_ZSTD_BYTES = 1024
# The types of isal take the class for one of its instances.
_Faulty: type[Exception] = _zlib.error  # type: ignore[assignment]


def unpacked(body: bytes, encoding: str | None) -> bytes | None:
    """Return what *body* unpacks to; raises :class:`BadMessage` when it is not wholly what its encoding says.

    ``None``: it was only looked through, because it is long or of several parts. Several encodings on top of each
    other are not looked into, nor are those that nobody here unpacks.

    >>> import gzip
    >>> unpacked(gzip.compress(b"Tin"), "gzip")
    b'Tin'
    >>> unpacked(gzip.compress(b"Tin")[:-1], "gzip")
    Traceback (most recent call last):
        ...
    vovcrawler.warc.http.BadMessage: has a gzip body that breaks off.
    """
    name = (encoding or "").strip().lower()
    unpack = _UNPACK.get(name)
    if unpack is None or not body:
        return None
    try:
        is_whole, plain = unpack(body)
    except (_Faulty, brotli.error, zstandard.ZstdError) as error:
        raise BadMessage(f"has a body that is not the {name} that it says.") from error
    if not is_whole:
        raise BadMessage(f"has a {name} body that breaks off.")
    return plain


# Whether a body is whole, and what it holds where that is known without keeping more than a piece of it.
_Unpacked = tuple[bool, bytes | None]


def _gzip(body: bytes) -> _Unpacked:
    return _inflate(body, 31)


def _deflate(body: bytes) -> _Unpacked:
    try:
        return _inflate(body, _zlib.MAX_WBITS)
    except _Faulty:
        # What some servers call deflate has no header.
        return _inflate(body, -_zlib.MAX_WBITS)


def _inflate(body: bytes, wbits: int) -> _Unpacked:
    inflate = _zlib.decompressobj(wbits)
    plain = inflate.decompress(body, _CHUNK)
    if inflate.eof:
        return True, None if inflate.unused_data else plain
    while (body := inflate.unconsumed_tail) and not inflate.eof:
        inflate.decompress(body, _CHUNK)
    return inflate.eof, None


def _brotli(body: bytes) -> _Unpacked:
    unpack = brotli.Decompressor()
    plain = unpack.process(body, output_buffer_limit=_CHUNK)
    if unpack.is_finished():
        return True, plain
    # It may ask for more data while it still holds some: only what gives nothing more has come to its end.
    while not unpack.is_finished() and unpack.process(b"", output_buffer_limit=_CHUNK):
        pass
    return bool(unpack.is_finished()), None


def _zstd(body: bytes) -> _Unpacked:
    unpack = zstandard.ZstdDecompressor().decompressobj()
    # A little at a time: four bytes can stand for 128 KB.
    for start in range(0, len(body), _ZSTD_BYTES):
        unpack.decompress(body[start : start + _ZSTD_BYTES])
        if unpack.eof:
            break
    return bool(unpack.eof), None


_UNPACK: dict[str, Callable[[bytes], _Unpacked]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

"""Content encodings: how a body is packed, whether it unpacks whole, and to what.

Scrapy gives what it can of a body that breaks off, and so half an article would pass for one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

import brotli
import zstandard

from vovcrawler.warc.gzips import MARK, Faulty, are_whole, fast
from vovcrawler.warc.http import BadMessage

_CHUNK = 256 * 1024
# A body may be packed once more by every server that it passes.
_MOST_LAYERS = 3
_ZSTD_BYTES = 1024
# Nothing that is packed goes on so long without any of these.
_HEAD = 1024
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def look_into(body: bytes, stated: str | None, length: str | None = None) -> tuple[str, bytes | None]:
    """Return how *body* is packed and what it unpacks to; raises :class:`BadMessage` when it is not wholly that.

    What is *stated* counts, and where that is nothing, the mark of gzip: some servers pack without saying so, or
    pack twice. Some tools unpack, and leave what was stated: a body that is none of it but text is not packed,
    unless it has the *length* that its header gives, which is that of the wire: then it came as it is.
    ``None`` for the second: it was only looked through, because it is long or of several parts, or not at all.
    Of several stated ones those count that are there: some servers and the proxies before them both say so.
    What nobody here unpacks is not looked into.

    >>> import gzip
    >>> look_into(gzip.compress(b"Tin"), "gzip"), look_into(gzip.compress(b"Tin"), "identity")
    (('gzip', b'Tin'), ('gzip', b'Tin'))
    >>> look_into(b"Tin", None), look_into(b"Tin", "gzip")
    (('', None), ('', b'Tin'))
    >>> look_into(gzip.compress(b"Tin")[:-1], None)
    Traceback (most recent call last):
        ...
    vovcrawler.warc.http.BadMessage: has a gzip body that breaks off.
    """
    names = [name for name in map(str.strip, (stated or "").lower().split(",")) if name not in ("", "identity")]
    is_silent = body.startswith(MARK) and _UNPACK.keys().isdisjoint(names)
    encoding = "gzip" if is_silent else ", ".join(names)
    try:
        encoding, plain = _peeled(body, encoding)
        layers = 1
    except BadMessage:
        if (length or "").strip() == str(len(body)) or not _is_text(body[:_HEAD]):
            raise
        return "", body
    while plain is not None and plain.startswith(MARK) and layers < _MOST_LAYERS:
        plain, encoding, layers = _unpacked(plain, "gzip"), f"gzip, {encoding}", layers + 1
    return encoding, plain


def _peeled(body: bytes, encoding: str) -> tuple[str, bytes | None]:
    """Return those of the encodings, the last one done stands last, that *body* has, and what it holds."""
    names, done = encoding.split(", "), list[str]()
    if len(names) == 1 or len(names) > _MOST_LAYERS or not _UNPACK.keys() >= set(names):
        return encoding, _unpacked(body, encoding)
    while names:
        try:
            inner = _unpacked(body, names[-1])
        except BadMessage:
            if not (done and _is_text(body[:_HEAD])):
                raise
            break
        if not inner:
            return encoding, None  # too long to be at hand: the rest has to be believed
        body = inner
        done.insert(0, names.pop())
    return ", ".join(done), body


def _is_text(head: bytes) -> bool:
    """Whether a body that begins so is text; its last letter may be cut."""
    if _CONTROLS.search(head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.lstrip().startswith(b"<")
    return True


def _unpacked(body: bytes, name: str) -> bytes | None:
    unpack = _UNPACK.get(name)
    if unpack is None or not body:
        return None
    try:
        is_whole, plain = unpack(body)
    except (Faulty, brotli.error, zstandard.ZstdError) as error:
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
        return _inflate(body, fast.MAX_WBITS)
    except Faulty:
        # What some servers call deflate has no header.
        return _inflate(body, -fast.MAX_WBITS)


def _inflate(body: bytes, wbits: int) -> _Unpacked:
    inflate = fast.decompressobj(wbits)
    plain = inflate.decompress(body, _CHUNK)
    if inflate.eof and not inflate.unused_data:
        return True, plain
    while (rest := inflate.unconsumed_tail) and not inflate.eof:
        inflate.decompress(rest, _CHUNK)
    return inflate.eof and are_whole(body, len(body) - len(inflate.unused_data)), None


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

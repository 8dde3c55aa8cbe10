"""Gzip, by isal where there is a wheel of it for the machine: what zlib does, in half the time or a third."""

from __future__ import annotations

import zlib

__all__ = ["MARK", "Faulty", "fast", "is_member", "pack", "unpacker"]

try:
    from isal import isal_zlib as fast

    _LEVEL = 2  # as small as zlib makes it
except ImportError:
    import zlib as fast  # type: ignore[no-redef]

    _LEVEL = 1

MARK = b"\x1f\x8b\x08"
# How zlib calls the format.
_GZIP = 31
_KNOWN_FLAGS = 0x1F
# The types of isal take the class for one of its instances.
Faulty: type[Exception] = fast.error  # type: ignore[assignment]


def is_member(head: bytes) -> bool:
    r"""Tell whether *head*, four bytes, begins a gzip member; isal would not mind flags that nobody knows.

    >>> is_member(b"\x1f\x8b\x08\x00"), is_member(b"\x1f\x8b\x08\x80"), is_member(b"\x1f\x8b")
    (True, False, False)
    """
    return head[:3] == MARK and len(head) > 3 and head[3] <= _KNOWN_FLAGS


def unpacker() -> fast.Decompress:
    """Return what unpacks one member, as :func:`zlib.decompressobj` does."""
    return fast.decompressobj(wbits=_GZIP)


def pack(data: bytes, *, is_packed: bool = False) -> bytes:
    """Return *data* as one gzip member; what *is_packed* already is not made smaller a second time."""
    return zlib.compress(data, 0, _GZIP) if is_packed else fast.compress(data, _LEVEL, _GZIP)

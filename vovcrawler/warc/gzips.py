"""Gzip, by isal where there is a wheel of it for the machine: what zlib does, in half the time or a third."""

from __future__ import annotations

import zlib

__all__ = ["MARK", "Faulty", "are_whole", "fast", "is_member", "pack", "unpacker"]

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
# Members may be tiny: no more than so much of what follows them is looked at for each.
_PIECE, _CHUNK = 4096, 256 * 1024
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


def are_whole(data: bytes, start: int) -> bool:
    """Tell whether the members of *data* from *start* on are whole, as far as there are any; raises ``Faulty``.

    >>> one = pack(b"Tin")
    >>> are_whole(one + one, len(one)), are_whole(one + one[:-1], len(one)), are_whole(one + b"?", len(one))
    (True, False, True)
    """
    while is_member(data[start : start + 4]):
        inflate = unpacker()
        while not inflate.eof:
            piece = inflate.unconsumed_tail
            if not piece:
                piece = data[start : start + _PIECE]
                start += len(piece)
            if not piece:
                return False
            inflate.decompress(piece, _CHUNK)
        start -= len(inflate.unused_data)
    return True


def pack(data: bytes, *, is_packed: bool = False) -> bytes:
    """Return *data* as one gzip member; what *is_packed* already is not made smaller a second time."""
    return zlib.compress(data, 0, _GZIP) if is_packed else fast.compress(data, _LEVEL, _GZIP)

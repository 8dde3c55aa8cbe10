"""Labelled digests, such as ``sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ``."""

from __future__ import annotations

import base64
import hashlib
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

_ALGORITHMS = {"sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256", "md5": "md5"}

# Base 32 of SHA-1 has no padding, and Python reads it as a number in a fraction of the time, with other digits.
_BASE32 = re.compile("[A-Za-z2-7]+")
_TO_DIGITS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567", f"{string.digits}abcdefghijklmnop" * 2 + "qrstuv"
)


@dataclass(slots=True)
class Digester:
    """Checks bytes against a digest that was written down."""

    wanted: bytes
    seen: _Hash

    def update(self, data: bytes) -> None:
        self.seen.update(data)

    def holds(self) -> bool:
        return self.seen.digest() == self.wanted

    def is_of(self, data: bytes) -> bool:
        """Whether what was written down is the digest of *data*."""
        return hashlib.new(self.seen.name, data, usedforsecurity=False).digest() == self.wanted


def digester(label: str | None) -> Digester | None:
    """Return what checks the digest *label*, base32 or hexadecimal; ``None`` where it is of no known kind.

    >>> digester("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ").holds()
    True
    >>> digester("crc32:00000000") is None
    True
    """
    name, _, text = (label or "").strip().partition(":")
    algorithm = _ALGORITHMS.get(name.strip().lower())
    if algorithm is None:
        return None
    seen = hashlib.new(algorithm, usedforsecurity=False)
    text = text.strip()
    try:
        if len(text) == 2 * seen.digest_size:
            return Digester(bytes.fromhex(text), seen)
        if 5 * len(text) == 8 * seen.digest_size and _BASE32.fullmatch(text):
            return Digester(int(text.translate(_TO_DIGITS), 32).to_bytes(seen.digest_size), seen)
        return Digester(base64.b32decode(text.upper() + "=" * (-len(text) % 8)), seen)
    except ValueError:
        return None


def canonical(label: str | None) -> str | None:
    """Return the digest *label* in the one form that can be compared, or as it is where it is of no known kind.

    >>> canonical("SHA-1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    'sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709'
    """
    known = digester(label)
    return f"{known.seen.name}:{known.wanted.hex()}" if known else label


def differ(one: str | None, other: str | None) -> bool:
    """Whether two digests are of different bodies: of the same kind, not the same, and neither that of nothing.

    >>> one, other, none = sha1(b"1"), sha1(b"2"), sha1(b"")
    >>> differ(one, other), differ(one, one.lower()), differ(one, none), differ(one, "md5:00"), differ(one, None)
    (True, False, False, False, False)
    """
    known = digester(one), digester(other)
    if known[0] is None or known[1] is None or known[0].seen.name != known[1].seen.name:
        return False
    return known[0].wanted != known[1].wanted and not any(digest.is_of(b"") for digest in known if digest)


def as_written(label: str | None) -> str | None:
    """Return the digest *label* as :func:`sha1` would write it, one of another kind as it can be compared.

    >>> as_written("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    known = digester(label)
    return _sha1(known.wanted) if known and known.seen.name == "sha1" else canonical(label)


def sha1(data: bytes) -> str:
    """Return the SHA-1 digest of *data* as WARC files write it.

    >>> sha1(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return _sha1(hashlib.sha1(data, usedforsecurity=False).digest())


def _sha1(digest: bytes) -> str:
    return "sha1:" + base64.b32encode(digest).decode()

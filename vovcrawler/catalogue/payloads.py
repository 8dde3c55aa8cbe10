"""Payloads: which bodies the archive holds of which address, so that none is stored twice."""

from __future__ import annotations

import hashlib
from uuid import UUID

from vovcrawler.catalogue.store import Part


class Payloads(Part):
    """The part of the catalogue that knows the WARC records of bodies by address and digest."""

    def payload(self, url: str, digest: str) -> tuple[str, str] | None:
        """Return date and id of the record that holds the body with this *digest* of *url*."""
        return self._payload(key(url, digest))

    def last_payload(self, url: str) -> tuple[str, str] | None:
        """Return date and id of the record that holds the last good body of *url*."""
        return self._payload(key(url))

    def _payload(self, wanted: bytes) -> tuple[str, str] | None:
        row = self.connection.execute("SELECT at, record FROM payloads WHERE key = ?", (wanted,)).fetchone()
        return (row[0], UUID(bytes=row[1]).urn) if row else None

    def keep_payload(self, url: str, digest: str, at: str, record_id: str, *, good: bool) -> None:
        """Remember that a record holds a body of *url*; *good* makes it the last good one.

        One whose id is no UUID is never referred to: the body is stored again.
        """
        if (record := uuid_of(record_id)) is None:
            return
        connection = self.write()
        connection.execute("INSERT OR IGNORE INTO payloads VALUES (?, ?, ?)", (key(url, digest), at, record))
        if good:
            connection.execute("INSERT OR REPLACE INTO payloads VALUES (?, ?, ?)", (key(url), at, record))


def uuid_of(record_id: str) -> bytes | None:
    """Return the 16 bytes of a record id that can be told from them again; other tools may write others.

    >>> uuid_of("urn:uuid:00000000-0000-0000-0000-000000000007")[-1], uuid_of("urn:x:7")
    (7, None)
    """
    try:
        uuid = UUID(record_id)
    except ValueError:
        return None
    return uuid.bytes if uuid.urn == record_id else None


def key(url: str, digest: str = "") -> bytes:
    """Return by what the body with this *digest* of *url* is found; without one, the last good one."""
    # Addresses are long and many; 128 bits of a hash never meet by chance.
    return hashlib.sha256(f"{url}\n{digest}".encode()).digest()[:16]

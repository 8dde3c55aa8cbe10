"""Payloads: which bodies the archive holds of which address, so that none is stored twice."""

from __future__ import annotations

import hashlib
from uuid import UUID

from vovcrawler.catalogue.store import Part

_URN = "urn:uuid:"


class Payloads(Part):
    """The part of the catalogue that knows the WARC records of bodies by address and digest."""

    def payload(self, url: str, digest: str) -> tuple[str, str] | None:
        """Return date and id of the record that holds the body with this *digest* of *url*."""
        return self._payload(_key(url, digest))

    def last_payload(self, url: str) -> tuple[str, str] | None:
        """Return date and id of the record that holds the last good body of *url*."""
        return self._payload(_key(url))

    def _payload(self, key: bytes) -> tuple[str, str] | None:
        row = self.connection.execute("SELECT at, record FROM payloads WHERE key = ?", (key,)).fetchone()
        return (row[0], UUID(bytes=row[1]).urn) if row else None

    def keep_payload(self, url: str, digest: str, at: str, record_id: str, *, good: bool) -> None:
        """Remember that a record holds a body of *url*; *good* makes it the last good one."""
        record = UUID(record_id.removeprefix(_URN)).bytes
        connection = self.write()
        connection.execute("INSERT OR IGNORE INTO payloads VALUES (?, ?, ?)", (_key(url, digest), at, record))
        if good:
            connection.execute("INSERT OR REPLACE INTO payloads VALUES (?, ?, ?)", (_key(url), at, record))


def _key(url: str, digest: str = "") -> bytes:
    # Addresses are long and many; 128 bits of a hash never meet by chance.
    return hashlib.sha256(f"{url}\n{digest}".encode()).digest()[:16]

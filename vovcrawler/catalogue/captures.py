"""Captures: where in the archive the catalogue says that bytes are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from vovcrawler.catalogue.payloads import key, uuid_of
from vovcrawler.catalogue.store import Part
from vovcrawler.warc.digests import as_written

# Every place in the archive to which a revision or an observation of the catalogue {0} leads.
CLAIMS = """
    SELECT 'revision ' || revisions.revision || ' of ' || id AS what, id, capture
    FROM {0}.revisions JOIN {0}.articles ON articles.number = article
    UNION ALL
    SELECT 'the answer ' || status || ' for ' || id, id, capture
    FROM {0}.observations JOIN {0}.articles ON articles.number = article WHERE capture IS NOT NULL
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """That the record *record_id* is at *offset* in the WARC file *warc*, for *what* the catalogue knows."""

    what: str
    warc: str
    offset: int
    record_id: str


class Captures(Part):
    """The part of the catalogue that leads to WARC records."""

    def claims(self) -> Iterator[Claim]:
        """Yield every place in a WARC file to which a revision or an observation leads."""
        rows = self.connection.execute(f"SELECT what, capture FROM ({CLAIMS.format('main')})")
        for what, text in rows:
            capture = json.loads(text)
            if "warc" in capture:
                yield Claim(
                    what=what,
                    warc=capture["warc"],
                    offset=capture["offset"],
                    record_id=capture["record_id"] or "",
                )

    def payload_records(self) -> Iterator[str]:
        """Yield the ids of the records whose bodies later ones may refer to."""
        for (record,) in self.connection.execute("SELECT DISTINCT record FROM payloads"):
            yield UUID(bytes=record).urn

    def forget_payloads(self, record_ids: Iterable[str]) -> None:
        """Let no later record refer to these."""
        keys = [uuid.hex().upper() for record_id in record_ids if (uuid := uuid_of(record_id))]
        query = "DELETE FROM payloads WHERE hex(record) IN (SELECT value FROM json_each(?))"
        self.write().execute(query, (json.dumps(keys),))

    def keep_places(self, places: Iterable[tuple[str, str, int]]) -> None:
        """Remember in which file and where records that were taken in are: id, file, offset of each."""
        rows = ((uuid, warc, offset) for record_id, warc, offset in places if (uuid := uuid_of(record_id)))
        self.write().executemany("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", rows)

    def place_of(
        self, record_id: str | None, urls: Iterable[str] = (), digest: str | None = None
    ) -> tuple[str, int] | None:
        """Return file and offset of a record that was taken in, by its id or by address and digest of its body."""
        query = "SELECT warc, start FROM places WHERE record = ?"
        found = self.connection.execute(query, (uuid_of(record_id or ""),)).fetchone()
        query = "SELECT warc, start FROM payloads JOIN places USING (record) WHERE key = ?"
        for url in urls if digest else ():
            found = found or self.connection.execute(query, (key(url, as_written(digest) or ""),)).fetchone()
        return tuple(found) if found else None

    def is_unsettled(self, url: str) -> bool:
        """Whether a stopped run has left the page at the canonical *url* to the next one."""
        query = """
            SELECT 1 FROM pages LEFT JOIN frontier ON page = pages.number AND NOT settled
            WHERE url = ? AND (frontier.number IS NOT NULL OR state = 'pending') LIMIT 1
            """
        return self.connection.execute(query, (url,)).fetchone() is not None

    def is_waiting_for(self, page: int, ref: str) -> bool:
        """Whether a request for the capture *ref* (JSON) of a page is not settled yet."""
        query = "SELECT 1 FROM frontier WHERE page = ? AND NOT settled AND instr(request, ?) LIMIT 1"
        return self.connection.execute(query, (page, ref)).fetchone() is not None

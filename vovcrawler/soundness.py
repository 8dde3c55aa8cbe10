"""Whether the archive is sound: every digest, every length, every link between records and articles.

What was damaged and has been put aside by a repair (:mod:`vovcrawler.quarantine`) counts as known.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vovcrawler import text, urls
from vovcrawler.catalogue import Catalogue
from vovcrawler.scratch import scratch_database
from vovcrawler.shelf import OPEN, present, warc_files
from vovcrawler.warc.digests import canonical
from vovcrawler.warc.payloads import json_object, verify, verify_payload
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, Record, look_through

# What a repair puts in the place of a damaged record says so in this field.
QUARANTINED = "Vovcrawler-Quarantined"
UNKNOWN = "unknown"

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE records (
    file TEXT NOT NULL,
    start INTEGER NOT NULL,
    type TEXT NOT NULL,
    id TEXT,
    about TEXT,
    refers_to TEXT,
    payload TEXT,
    article TEXT,       -- the id in a record that was read from a page
    url TEXT
);
CREATE TABLE claims (what TEXT NOT NULL, file TEXT NOT NULL, start INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE bodies (id TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX by_id ON records (id);
CREATE INDEX by_place ON records (file, start);
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that is wrong with a file of the archive, at an offset if it has a place."""

    file: str
    sentence: str
    offset: int | None = None
    # Whether the record there is whole, though of no use without another one that is in no file.
    is_lone: bool = False
    # The record in which the catalogue expects a body in vain.
    bodiless: str | None = None

    def __str__(self) -> str:
        return self.sentence if self.offset is None else f"byte {self.offset}: {self.sentence}"


class Inspection:
    """One look at all WARC files in a folder, and at the catalogue beside them, while others may write to both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The files that cannot be read, or not now: what is in them is not known.
        self._unread: set[str] = set()
        self._db = scratch_database(_SCHEMA)
        self.close = weakref.finalize(self, self._db.close)

    def expect(self, catalogue: Catalogue) -> None:
        """Note what *catalogue* says of the files: before they are read, since it lies on the disk by then."""
        self._db.execute("DELETE FROM claims")
        self._db.execute("DELETE FROM bodies")
        claims = ((claim.what, claim.warc, claim.offset, claim.record_id) for claim in catalogue.claims())
        self._db.executemany("INSERT INTO claims VALUES (?, ?, ?, ?)", claims)
        self._db.executemany("INSERT INTO bodies VALUES (?)", ((id_,) for id_ in catalogue.payload_records()))

    def expected_in(self, path: Path) -> dict[int, str]:
        """Return the records to which the catalogue leads in a file, by offset."""
        return dict(self._db.execute("SELECT start, id FROM claims WHERE file = ?", (path.name,)))

    def files(self) -> list[Path]:
        """Return the WARC files, by name."""
        return warc_files(self.folder)

    def read(self, path: Path) -> Iterator[Problem]:
        """Read a file to its end; yield what is wrong with it."""
        path, name = present(path), path.name.removesuffix(OPEN)
        is_open = path.suffix == OPEN
        try:
            with path.open("rb", buffering=0) as file:
                if not is_open and not file.seek(0, os.SEEK_END):
                    yield Problem(file=name, offset=0, sentence="is empty.")
                for found in look_through(file, look):
                    if isinstance(found, BadRecord):
                        # The end of a file that is being written is not there yet.
                        if not is_open:
                            yield Problem(file=name, offset=found.offset, sentence=str(found))
                    else:
                        record, article = found
                        # What is still being written may come into the catalogue later.
                        self._note(name, record, None if is_open else article)
        except ManyInOneMember:
            self._unread.add(name)
            yield Problem(file=name, sentence="has several records in one gzip member; ingest it.")
        except OSError as error:
            self._unread.add(name)
            yield Problem(file=name, sentence=f"cannot be read: {error.strerror}.")

    def _note(self, file: str, record: Record, article: str | None) -> None:
        covers = record.bare(QUARANTINED)
        values = (
            file,
            record.offset,
            "quarantined" if covers else record.type,
            record.bare("WARC-Record-ID") if covers in (None, UNKNOWN) else covers,
            record.bare("WARC-Concurrent-To"),
            record.bare("WARC-Refers-To"),
            canonical(record.get("WARC-Payload-Digest")),
            article,
            record.bare("WARC-Target-URI"),
        )
        self._db.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def forget(self, path: Path) -> None:
        """Forget what was read from a file, which is to be read again."""
        name = path.name.removesuffix(OPEN)
        self._unread.discard(name)
        self._db.execute("DELETE FROM records WHERE file = ?", (name,))

    @property
    def records(self) -> int:
        """How many whole records were read."""
        return int(self._db.execute("SELECT count(*) FROM records").fetchone()[0])

    def compare(self, catalogue: Catalogue) -> Iterator[Problem]:
        """Yield the links that lead nowhere: between records, from the catalogue to records, and back."""
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        yield from self._between_records()
        yield from self._from_catalogue(catalogue)
        yield from self._to_catalogue(catalogue)
        yield from _changed(catalogue)

    def _between_records(self) -> Iterator[Problem]:
        for query, said in _LINKS:
            is_lone = said.endswith(_IN_NO_FILE) and not self._unread
            sentence = said if is_lone else said.replace(_IN_NO_FILE, _IN_NONE_READ)
            for file, start, *values in self._db.execute(query):
                yield Problem(file=file, offset=start, sentence=sentence.format(*values), is_lone=is_lone)

    def _from_catalogue(self, catalogue: Catalogue) -> Iterator[Problem]:
        for what, file, start, expected, there in self._db.execute(_MISLED):
            sentence = f"{what} leads here to {expected}, but here {there}."
            yield Problem(file=file, offset=start, sentence=sentence)
        for (record_id,) in self._db.execute(
            "SELECT id FROM bodies"
            " WHERE id NOT IN (SELECT id FROM records WHERE id IS NOT NULL AND type <> 'quarantined')"
        ):
            where, lost = (_IN_NONE_READ, None) if self._unread else (_IN_NO_FILE, record_id)
            sentence = f"a body is expected in {record_id}, {where}"
            yield Problem(file=catalogue.path.name, sentence=sentence, bodiless=lost)

    def _to_catalogue(self, catalogue: Catalogue) -> Iterator[Problem]:
        # What was read from a record that is lost need not be there.
        query = (
            "SELECT file, min(start), article, url FROM records WHERE article IS NOT NULL"
            " AND coalesce(about, '') NOT IN (SELECT coalesce(id, '-') FROM records WHERE type = 'quarantined')"
            " GROUP BY article"
        )
        for file, start, article, url in self._db.execute(query):
            # What a killed run had read, but not settled, the next run reads again.
            if catalogue.number_of(article) is None and not catalogue.is_unsettled(urls.canonical(url or "")):
                sentence = f"what was read from {url} is not in the catalogue as {article}."
                yield Problem(file=file, offset=start, sentence=sentence)


def _changed(catalogue: Catalogue) -> Iterator[Problem]:
    for row in catalogue.feed_lines():
        article = row.article
        if text.content_digest(article.headline, article.lead, article.body) != article.content_digest:
            sentence = f"revision {article.revision} of {article.id} does not hold its digest."
            yield Problem(file=catalogue.path.name, sentence=sentence)


# What a repair has put in the place of a record is not that record, and need not be.
_MISLED = """
SELECT what, claims.file, claims.start, claims.id,
    CASE WHEN records.type IS NULL THEN 'begins no record' ELSE 'is ' || coalesce(records.id, 'one without id') END
FROM claims LEFT JOIN records ON records.file = claims.file AND records.start = claims.start
WHERE records.type IS NULL OR (records.type <> 'quarantined' AND coalesce(records.id, '') <> claims.id)
"""
_IN_NO_FILE = "which is in no file."
_IN_NONE_READ = "which is in no file that can be read."
_LINKS = (
    (
        # The same record may be in two files that were taken in, in one of them no more.
        "SELECT file, start, id FROM records WHERE type <> 'quarantined'"
        " AND id IN (SELECT id FROM records WHERE type <> 'quarantined' GROUP BY id"
        " HAVING count(DISTINCT json_array(type, url, payload, about)) > 1)",
        "has the id {0}, which another record has, too.",
    ),
    (
        "SELECT file, start, refers_to FROM records WHERE refers_to IS NOT NULL"
        " AND refers_to NOT IN (SELECT id FROM records WHERE id IS NOT NULL)",
        f"refers to {{0}}, {_IN_NO_FILE}",
    ),
    (
        # Digests of two kinds say nothing of each other.
        "SELECT again.file, again.start, again.refers_to FROM records AS again"
        " JOIN records AS original ON original.id = again.refers_to"
        " WHERE again.type = 'revisit' AND again.payload <> original.payload"
        " AND substr(again.payload, 1, instr(again.payload, ':'))"
        " = substr(original.payload, 1, instr(original.payload, ':'))",
        "has another payload digest than {0}, to which it refers.",
    ),
    (
        "SELECT file, start, about FROM records WHERE about IS NOT NULL"
        " AND about NOT IN (SELECT id FROM records WHERE id IS NOT NULL)",
        f"belongs to {{0}}, {_IN_NO_FILE}",
    ),
)


def look(record: Record) -> str | None:
    """Verify the payload of *record*; return the id of the article in it, if it is what was read from a page."""
    if record.type == "metadata" and (record.get("Content-Type") or "").startswith("application/json"):
        block = record.rest()
        verify_payload(record, start=block)
        return _article(block)
    verify(record)
    return None


def _article(block: bytes) -> str | None:
    """Return the id in *block* where it is a record of ours."""
    record = json_object(block)
    return str(record["id"]) if record and {"id", "content_digest"} <= record.keys() else None

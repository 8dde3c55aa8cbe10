"""What of an archive goes into a WACZ file: a table of its records, on disk, and the choice of some days."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vovcrawler import urls
from vovcrawler.scratch import scratch_database
from vovcrawler.wacz import cdxj
from vovcrawler.warc.fields import moment_of
from vovcrawler.warc.http import BadMessage, read_head
from vovcrawler.warc.reading import CAPTURES, BadRecord, ManyInOneMember, Record, look_through

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE files (number INTEGER PRIMARY KEY, path BLOB NOT NULL, name TEXT NOT NULL);
CREATE TABLE records (
    number INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES files,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    type TEXT NOT NULL,
    id TEXT,
    moment TEXT NOT NULL,
    about TEXT,                 -- the record that it is concurrent to
    refers_to TEXT,
    refers_to_url TEXT,
    refers_to_moment TEXT,
    url TEXT,
    key TEXT,                   -- of those that are in the index
    status TEXT,
    mime TEXT,
    digest TEXT,
    is_article INTEGER,
    chosen INTEGER NOT NULL DEFAULT 0,
    place INTEGER               -- its offset in the WACZ file's copy
);
CREATE TABLE states (state TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX records_id ON records (id);
CREATE INDEX records_about ON records (about) WHERE about IS NOT NULL;
CREATE INDEX records_url ON records (url, moment) WHERE key IS NOT NULL;
"""
_CHOOSE = """
UPDATE records SET chosen = 1
WHERE type <> 'warcinfo' AND about IS NULL AND moment >= :since AND moment < :until
"""
# What a chosen record stands for has to come along, whenever it was captured.
_CHOOSE_ORIGINALS = """
UPDATE records SET chosen = 1 WHERE NOT chosen AND number IN (
    SELECT original.number FROM records AS again JOIN records AS original ON original.id = again.refers_to
    WHERE again.chosen AND again.refers_to IS NOT NULL
    UNION
    SELECT original.number FROM records AS again JOIN records AS original
        ON original.url = again.refers_to_url AND original.moment = again.refers_to_moment
    WHERE again.chosen AND again.refers_to_url IS NOT NULL AND original.key IS NOT NULL
    UNION
    SELECT original.number FROM records AS again JOIN records AS original
        ON original.url = again.url AND original.digest = again.digest
    WHERE again.chosen AND again.type = 'revisit' AND original.type <> 'revisit' AND original.key IS NOT NULL
        AND coalesce(again.refers_to, again.refers_to_url) IS NULL)
"""
_CHOOSE_COMPANY = """
UPDATE records SET chosen = 1
WHERE about IS NOT NULL AND about IN (SELECT id FROM records WHERE chosen AND id IS NOT NULL)
"""
_CHOOSE_HEADS = """
UPDATE records SET chosen = 1 WHERE type = 'warcinfo' AND file IN (SELECT file FROM records WHERE chosen)
"""
# Every moment lies between the two.
_EARLIEST, _LATEST = "", "~"
_FIELDS = ("url", "mime", "status", "digest", "length", "offset", "filename")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of chosen records in a file."""

    start: int
    stop: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """A capture of an article: where what was read from it lies, if anything was."""

    id: str
    url: str
    moment: str
    path: Path | None
    start: int | None


class Contents:
    """The records of some WARC files."""

    def __init__(self) -> None:
        self._db = scratch_database(_SCHEMA)
        self.close = weakref.finalize(self, self._db.close)

    def add(self, path: Path, name: str) -> Iterator[BadRecord]:
        """Note the records of the WARC file at *path*, to be called *name*; yield what is damaged."""
        number = self._db.execute(
            "INSERT INTO files (path, name) VALUES (?, ?)", (os.fsencode(path), name)
        ).lastrowid
        assert number is not None
        with path.open("rb", buffering=0) as file:
            try:
                for found in look_through(file, _facts):
                    if isinstance(found, BadRecord):
                        yield found
                    else:
                        self._keep(number, *found)
            except ManyInOneMember:
                yield BadRecord("has several records in one gzip member.", 0)

    def _keep(self, file: int, record: Record, facts: tuple[str | int | None, ...]) -> None:
        marks = ", ".join("?" * (len(facts) + 3))
        self._db.execute(
            "INSERT INTO records (file, start, stop, type, id, moment, about, refers_to, refers_to_url,"
            f" refers_to_moment, url, key, status, mime, digest, is_article) VALUES ({marks})",
            (file, record.offset, record.end, *facts),
        )

    def choose(self, since: str | None, until: str | None) -> int:
        """Choose what was captured from the moment *since* on and before *until*; return how many captures.

        With them come the requests, what was read from them, and the originals that they refer to.
        """
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.execute("BEGIN")
        self._db.execute(_CHOOSE, {"since": since or _EARLIEST, "until": until or _LATEST})
        while self._db.execute(_CHOOSE_ORIGINALS).rowcount:
            pass
        self._db.execute(_CHOOSE_COMPANY)
        self._db.execute(_CHOOSE_HEADS)
        query = "SELECT count(*) FROM records WHERE chosen AND key IS NOT NULL"
        return int(self._db.execute(query).fetchone()[0])

    def files(self) -> Iterator[tuple[int, Path, str]]:
        """Yield number, path and name of the files from which something was chosen."""
        query = "SELECT number, path, name FROM files WHERE number IN (SELECT file FROM records WHERE chosen)"
        for number, path, name in self._db.execute(f"{query} ORDER BY name").fetchall():
            yield number, Path(os.fsdecode(path)), name

    def spans(self, file: int) -> Iterator[Span]:
        """Yield the stretches of chosen records in a file, and note where they will lie in its copy."""
        rows = self._db.execute(
            "SELECT number, start, stop FROM records WHERE file = ? AND chosen ORDER BY start", (file,)
        )
        place, span = 0, None
        for number, start, stop in rows.fetchall():
            self._db.execute("UPDATE records SET place = ? WHERE number = ?", (place, number))
            place += stop - start
            if span and span.stop == start:
                span = Span(start=span.start, stop=stop)
                continue
            if span:
                yield span
            span = Span(start=start, stop=stop)
        if span:
            yield span

    def index(self) -> Iterator[str]:
        """Yield the lines of the index, in order."""
        rows = self._db.execute(
            "SELECT key, moment, url, mime, status, digest, stop - start, place, name FROM records"
            " JOIN files ON files.number = file WHERE chosen AND key IS NOT NULL"
            " ORDER BY key, moment, records.number"
        )
        for key, moment, *values in rows:
            named = zip(_FIELDS, values, strict=True)
            yield cdxj.line(key, moment, {name: str(value) for name, value in named if value is not None})

    def articles(self) -> Iterator[Described]:
        """Yield the chosen captures of articles by time, with the place of what was read from them."""
        rows = self._db.execute(
            "SELECT capture.id, capture.url, capture.moment, path, read.start FROM records AS capture"
            " LEFT JOIN records AS read ON read.about = capture.id AND read.mime = 'application/json'"
            " LEFT JOIN files ON files.number = read.file"
            " WHERE capture.chosen AND capture.is_article ORDER BY capture.moment, capture.number"
        )
        for id_, url, moment, path, start in rows:
            yield Described(id=id_, url=url, moment=moment, path=path and Path(os.fsdecode(path)), start=start)

    def is_new(self, state: str) -> bool:
        """Whether *state* was not asked for before."""
        return self._db.execute("INSERT OR IGNORE INTO states VALUES (?)", (state,)).rowcount == 1


def _facts(record: Record) -> tuple[str | int | None, ...]:
    """Return what the table keeps of *record*."""
    url = record.bare("WARC-Target-URI")
    moment = moment_of(record.get("WARC-Date") or "") or _EARLIEST
    capture: tuple[str | int | None, ...] = (None,) * 5
    # What has no time cannot be looked up by it.
    if record.type in CAPTURES and url and moment:
        capture = _capture(record, url)
    elif record.type == "metadata":
        capture = (None, None, record.get("Content-Type"), None, 0)
    return (
        record.type,
        record.bare("WARC-Record-ID"),
        moment,
        record.bare("WARC-Concurrent-To"),
        record.bare("WARC-Refers-To"),
        record.bare("WARC-Refers-To-Target-URI"),
        moment_of(record.get("WARC-Refers-To-Date") or ""),
        url,
        *capture,
    )


def _capture(record: Record, url: str) -> tuple[str | int | None, ...]:
    """Return key, status, media type and digest of a capture, and whether it is one of an article."""
    # What name servers and the like have answered is no message.
    is_message = record.type == "resource" or url.lower().startswith(("http:", "https:"))
    try:
        head = read_head(record) if is_message else None
    except BadMessage as problem:
        raise BadRecord(str(problem), record.offset) from problem
    media = ((head or record).get("Content-Type") or "").partition(";")[0].strip().lower()
    is_article = head is not None and head.status == 200 and urls.is_article(url)
    mime = "warc/revisit" if record.type == "revisit" else media or "unk"
    status = str(head.status) if head else None
    return cdxj.sort_key(url), status, mime, record.get("WARC-Payload-Digest"), is_article

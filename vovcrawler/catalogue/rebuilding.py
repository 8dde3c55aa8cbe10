"""Two catalogues of the same archive, one made anew: what only the old one knows, and what they differ in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from vovcrawler.catalogue.captures import CLAIMS, Claim
from vovcrawler.catalogue.store import Part
from vovcrawler.items import Article

# What a record says of the run that made it, not of the page.
_OF_THE_RUN = frozenset({"id", "seq", "status", "revision", "captured_at", "capture", "hops"})
FIELDS = tuple(spec.name for spec in fields(Article) if spec.name not in _OF_THE_RUN)

_PAGE = "state, reason, status, failures, etag, last_modified, moved_to, first_seen, visited_at, due_at"
_OLD_PAGE = ", ".join(f"theirs.{name}" for name in _PAGE.split(", "))
# Whole tables that no WARC file tells.
_TABLES = ("runs", "hosts", "payloads", "places", "sources")

_PLACE = "json_extract(capture, '$.warc'), json_extract(capture, '$.offset')"
_UNCLAIMED = f"""
    WITH theirs AS ({CLAIMS.format("old")}), ours AS ({CLAIMS.format("main")})
    SELECT what, {_PLACE}, json_extract(capture, '$.record_id') FROM theirs
    WHERE id IN (SELECT id FROM main.articles) AND ({_PLACE}) NOT IN (SELECT {_PLACE} FROM ours)
"""
# What was read while nothing was archived, unless the archive came to hold the same later.
_UNARCHIVED = """
    SELECT 'revision ' || theirs.revision || ' of ' || id
    FROM old.revisions AS theirs JOIN old.articles AS known ON known.number = theirs.article
    JOIN main.articles AS ours USING (id)
    WHERE json_extract(theirs.capture, '$.warc') IS NULL AND theirs.digest NOT IN
        (SELECT revisions.digest FROM main.revisions WHERE revisions.article = ours.number)
    UNION ALL
    SELECT DISTINCT 'the answer ' || status || ' for ' || id
    FROM old.observations AS theirs JOIN old.articles AS known ON known.number = theirs.article
    JOIN main.articles AS ours USING (id)
    WHERE capture IS NULL AND status IN (404, 410) AND status NOT IN
        (SELECT status FROM main.observations WHERE article = ours.number)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What became of the articles: of which field how many gained a value, lost it, or have another."""

    articles: int
    appeared: int = 0
    missing: list[str] = field(default_factory=list)
    # Revisions and answers of the other articles whose captures are gone, or never were.
    missing_captures: list[str] = field(default_factory=list)
    revisions_before: int = 0
    revisions_after: int = 0
    gained: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


class Rebuilding(Part):
    """The part of the catalogue that can take the place of another one."""

    def remember_hops(self, hops: Iterable[tuple[str, int]]) -> None:
        """Keep, while this catalogue is open, how many hops away the article in each WARC record was."""
        self.connection.execute("CREATE TEMP TABLE hops (record TEXT PRIMARY KEY, hops INTEGER NOT NULL)")
        self.connection.executemany("INSERT OR REPLACE INTO hops VALUES (?, ?)", hops)

    def hops_of(self, record_id: str) -> int:
        """Return how many hops away the article in this WARC record was."""
        row = self.connection.execute("SELECT hops FROM temp.hops WHERE record = ?", (record_id,)).fetchone()
        return row[0] if row else 0

    @contextmanager
    def _beside(self, old: Path) -> Iterator[None]:
        self.commit()
        self.connection.execute("ATTACH ? AS old", (f"{old.absolute().as_uri()}?mode=ro",))
        try:
            yield
        finally:
            self.commit()
            self.connection.execute("DETACH old")

    def carry_over(self, old: Path) -> None:
        """Take from the catalogue at *old* what the archive does not tell: runs, jobs, the ledger, failures."""
        with self._beside(old):
            connection = self.write()
            for table in ("frontier", "jobs", *_TABLES):
                connection.execute(f"DELETE FROM main.{table}")
            for table in ("jobs", *_TABLES):
                connection.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table}")
            self._carry_pages()
            connection.execute(
                """
                INSERT INTO main.frontier
                SELECT frontier.number, job, ours.number, level, rank, seed, settled, request FROM old.frontier
                JOIN old.pages AS theirs ON theirs.number = frontier.page
                JOIN main.pages AS ours ON ours.url = theirs.url AND ours.variant = theirs.variant
                """
            )
            connection.execute(
                """
                INSERT INTO main.listings
                SELECT ours.number, source, published_at, first_listed, last_listed FROM old.listings
                JOIN old.pages AS theirs ON theirs.number = page
                JOIN main.pages AS ours ON ours.url = theirs.url AND ours.variant = theirs.variant
                """
            )
            # Those of copies are about the old bands.
            connection.execute(
                """
                INSERT INTO main.notes SELECT * FROM old.notes
                WHERE name NOT IN (SELECT name FROM main.notes) AND name NOT GLOB 'copies_*'
                """
            )

    def _carry_pages(self) -> None:
        """Pages that never answered are in no WARC file; of the others the old catalogue knows the last visit."""
        connection = self.write()
        connection.execute(
            f"""
            UPDATE main.pages AS ours SET ({_PAGE}) = ({_OLD_PAGE}) FROM old.pages AS theirs
            WHERE ours.url = theirs.url AND ours.variant = theirs.variant
                AND (ours.article IS NULL) = (theirs.article IS NULL)
            """
        )
        connection.execute(
            f"""
            INSERT OR IGNORE INTO main.pages (url, variant, {_PAGE}, article)
            SELECT theirs.url, theirs.variant, {_OLD_PAGE}, ours.number FROM old.pages AS theirs
            LEFT JOIN old.articles AS known ON known.number = theirs.article
            LEFT JOIN main.articles AS ours ON ours.id = known.id
            """
        )

    def as_all_new(self) -> Comparison:
        """Return what there is, where there is nothing to compare it with."""
        query = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM revisions)"
        articles, revisions = self.connection.execute(query).fetchone()
        return Comparison(articles=articles, appeared=articles, revisions_after=revisions)

    def compare(self, old: Path) -> Comparison:
        """Return in what the articles of this catalogue are not those of the one at *old*."""
        with self._beside(old):
            count = self.connection.execute("SELECT count(*) FROM main.articles").fetchone()[0]
            revisions = [
                self.connection.execute(f"SELECT count(*) FROM {name}.revisions").fetchone()[0]
                for name in ("old", "main")
            ]
            missing = self.connection.execute(
                "SELECT id FROM old.articles WHERE id NOT IN (SELECT id FROM main.articles) ORDER BY number"
            )
            comparison = Comparison(
                articles=count,
                missing=[id_ for (id_,) in missing],
                appeared=self.connection.execute(
                    "SELECT count(*) FROM main.articles WHERE id NOT IN (SELECT id FROM old.articles)"
                ).fetchone()[0],
                revisions_before=revisions[0],
                revisions_after=revisions[1],
            )
            for before, after in self._pairs():
                _compare_records(comparison, before, after)
        return comparison

    def unclaimed(self, old: Path) -> Iterator[Claim]:
        """Yield the captures to which articles of both lead in the catalogue at *old*, yet not in this one."""
        with self._beside(old):
            yield from (
                Claim(what=what, warc=warc, offset=offset, record_id=record_id or "")
                for what, warc, offset, record_id in self.connection.execute(_UNCLAIMED)
            )

    def unarchived(self, old: Path) -> list[str]:
        """Return what the catalogue at *old* has without a capture, of articles of both, and this one has not."""
        with self._beside(old):
            return [what for (what,) in self.connection.execute(_UNARCHIVED)]

    def _pairs(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        last = "SELECT id, record FROM {0}.articles AS a JOIN {0}.revisions AS r ON article = a.number"
        last += " AND r.revision = a.revision"
        rows = self.connection.execute(
            f"WITH before AS ({last.format('old')}), after AS ({last.format('main')})"
            " SELECT before.record, after.record FROM before JOIN after USING (id)"
        )
        for before, after in rows:
            yield json.loads(before), json.loads(after)


def _compare_records(comparison: Comparison, before: dict[str, Any], after: dict[str, Any]) -> None:
    for name in FIELDS:
        if before[name] == after[name]:
            continue
        counts = comparison.changed
        if before[name] in (None, []):
            counts = comparison.gained
        elif after[name] in (None, []):
            counts = comparison.lost
        counts[name] = counts.get(name, 0) + 1

"""History: the archive as it stood at some time, and as it stands now.

What is asked of the past comes from what never changes: revisions, observations, and marks as they were printed
when a revision was recorded. So it comes out the same whenever it is asked, whatever was captured since. A time
is that of a capture: old captures that are taken in later count from the day on which they were made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from vovcrawler.catalogue.clusters import Clusters, Member, Preference
from vovcrawler.duplicates import Text
from vovcrawler.facets import Filters
from vovcrawler.items import NearDuplicate

#: Names the part of the archive that an article is in, by its time of publication and outermost section.
Parting = Callable[[str | None, str | None], str]

# Which revision of the articles with {} was the last one, and whether its page was gone.
_STANDING_WITH = """
WITH standing AS MATERIALIZED (
    SELECT number AS article, id, first_seen, (
        SELECT max(revision) FROM revisions
        WHERE revisions.article = articles.number AND (:before IS NULL OR revisions.first_seen < :before)
    ) AS revision, CASE WHEN :before IS NULL THEN state = 'gone' ELSE coalesce((
        SELECT status IN (404, 410) FROM observations
        WHERE observations.article = articles.number AND at < :before ORDER BY observations.number DESC LIMIT 1
    ), 0) END AS is_gone
    FROM articles WHERE {}
)
"""
_STANDING = _STANDING_WITH.format("true")
# Records are read one by one, so that none of them has to be carried along while all are brought into order;
# without parts none has to be read for that.
_ROWS = f"""
{_STANDING}
SELECT article, revision, is_gone, '' FROM standing WHERE revision IS NOT NULL ORDER BY first_seen, id
"""
_PARTED_ROWS = f"""
{_STANDING}
SELECT article, revision, is_gone,
    part(json_extract(record, '$.published_at'), json_extract(record, '$.section[0]')) AS part
FROM standing JOIN revisions USING (article, revision) ORDER BY part, standing.first_seen, id
"""
_COPIES = f"""
{_STANDING}, texts AS (
    SELECT id, article, record, first_value(id) OVER (PARTITION BY digest ORDER BY article) AS first
    FROM standing JOIN revisions USING (article, revision)
)
SELECT id, nullif(first, id) AS duplicate_of, json_extract(record, '$.near_duplicate_of') AS near
FROM texts WHERE duplicate_of IS NOT NULL OR near IS NOT NULL
"""
# The text that an article had when the line :seq was printed, and who had a text, the first of them first.
_TEXT_THEN = """
SELECT revisions.digest FROM revisions JOIN articles ON articles.number = article
WHERE id = :id AND json_extract(record, '$.seq') < :seq ORDER BY revisions.revision DESC LIMIT 1
"""
_WITH_TEXT = """
SELECT revisions.digest, id FROM revisions JOIN articles ON articles.number = article
WHERE revisions.digest IN (SELECT value FROM json_each(:digests)) AND revisions.revision = (
    SELECT max(revision) FROM revisions AS last WHERE last.article = articles.number AND last.first_seen < :before
)
ORDER BY articles.number
"""
_ONE = f"""
{_STANDING_WITH.format("id = :id")}
SELECT article, revision, is_gone, record FROM standing JOIN revisions USING (article, revision)
"""


@dataclass(frozen=True)
class Standing:
    """The record of an article as it stood: the line of the archive feed, without its end."""

    part: str
    text: str

    @cached_property
    def record(self) -> dict[str, Any]:
        """The record."""
        record: dict[str, Any] = json.loads(self.text)
        return record


class History(Clusters):
    """The part of the catalogue that knows how it was."""

    similarity: float  # of Copies

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything that the block reads be of one moment, whoever writes meanwhile."""
        if self.connection.in_transaction:
            # Whoever writes reads what it wrote.
            yield
            return
        self.connection.execute("BEGIN")
        # It is the first reading that chooses the moment.
        self.note("")
        try:
            yield
        finally:
            # A failing disk has already rolled back.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def standing(
        self,
        filters: Filters | None = None,
        *,
        before: str | None = None,
        unique: Preference | None = None,
        parting: Parting | None = None,
    ) -> Iterator[Standing]:
        """Yield the articles that pass *filters* as they stood *before* that time, in the order of first capture.

        With *unique* each text comes once: of copies the one to prefer among those that pass. With *parting* the
        articles of a part come together.
        """
        filters = filters or Filters()
        passed_over = self._passed_over(filters, before, unique) if unique else set()
        self.connection.create_function(
            "part", 2, parting or (lambda _published, _section: ""), deterministic=True
        )
        rows = self.connection.execute(_PARTED_ROWS if parting else _ROWS, {"before": before})
        for article, revision, is_gone, part in rows:
            text = self._text_of(article, revision)
            one = Standing(part, self._text_of_gone(article, text, before) if is_gone else text)
            if passed_over and one.record["id"] in passed_over:
                continue
            if filters.is_empty or filters.match(one.record):
                yield one

    def _text_of(self, article: int, revision: int) -> str:
        text: str = self.connection.execute(
            "SELECT record FROM revisions WHERE article = ? AND revision = ?", (article, revision)
        ).fetchone()[0]
        return text

    def _text_of_gone(self, article: int, text: str, before: str | None) -> str:
        """Return what the feed said when the article was gone, for the last time before then."""
        times, was_gone = 0, False
        rows = self.connection.execute(
            """
            SELECT status IN (404, 410) FROM observations
            WHERE article = :article AND (:before IS NULL OR at < :before) ORDER BY number
            """,
            {"article": article, "before": before},
        )
        for (is_gone,) in rows:
            times += bool(is_gone and not was_gone)
            was_gone = bool(is_gone)
        row = self.connection.execute(
            "SELECT seq FROM feed WHERE article = ? AND status = 'gone' ORDER BY seq LIMIT 1 OFFSET ?",
            (article, max(times - 1, 0)),
        ).fetchone()
        return json.dumps({**json.loads(text), "status": "gone", "seq": row and row[0]}, ensure_ascii=False)

    # ---- copies

    def _passed_over(self, filters: Filters, before: str | None, prefer: Preference) -> set[str]:
        def passes(id_: str) -> bool:
            article, _, is_gone, text = self._one(id_, before)
            return filters.match(json.loads(self._text_of_gone(article, text, before) if is_gone else text))

        return self.passed_over(prefer, before=before, among=None if filters.is_empty else passes)

    def _one(self, id_: str, before: str | None) -> tuple[int, int, int, str]:
        row: tuple[int, int, int, str] = self.connection.execute(_ONE, {"before": before, "id": id_}).fetchone()
        if row is None:
            raise LookupError(f"Not there at that time: {id_}")
        return row

    def _members_then(self, before: str) -> Iterator[tuple[int, Member]]:
        """Return every copy as of that time with its number, and what it was a copy of.

        Marks in the tables are those of today's texts, so the printed ones are asked. They hold while the other
        text is the one that they were made for; when it was another by then, it is measured again, or an article
        is looked for that still had the text of the mark.
        """
        found: dict[int, Member] = {}

        def mark(id_: str, duplicate: str | None, near: NearDuplicate | None) -> None:
            number, copy = self._record_then(id_, before)
            found[number] = _member(copy, duplicate, near)
            for original in (name for name in (duplicate, near and near.id) if name):
                number, record = self._record_then(original, before)
                found.setdefault(number, _member(record, None, None))

        # Marks whose text has to be looked for, by its digest: for all of them at once.
        lost: dict[str, list[tuple[str, str | None, NearDuplicate]]] = {}
        for id_, duplicate, printed in self.connection.execute(_COPIES, {"before": before}).fetchall():
            near = NearDuplicate(**json.loads(printed)) if printed else None
            if near and (digest := self._lost_text(id_, near, before)) is not None:
                lost.setdefault(digest, []).append((id_, duplicate, near))
                near = None
            if duplicate or near:
                mark(id_, duplicate, near)
        rows = self.connection.execute(_WITH_TEXT, {"before": before, "digests": json.dumps(list(lost))})
        for digest, id_ in rows.fetchall():
            for copy, duplicate, near in lost.pop(digest, []):
                mark(copy, duplicate, replace(near, id=id_))
        return iter(found.items())

    def _lost_text(self, copy: str, mark: NearDuplicate, before: str) -> str | None:
        """Return the digest of the text that *mark* was made for, unless what it names is still alike."""
        seq = self._record_then(copy, before)[1]["seq"]
        with suppress(LookupError):
            original = self._record_then(mark.id, before)[1]
            if original["seq"] < seq or self._are_alike(self._record_then(copy, before)[1], original):
                return None
        row = self.connection.execute(_TEXT_THEN, {"id": mark.id, "seq": seq}).fetchone()
        return row[0] if row else ""

    def _record_then(self, id_: str, before: str) -> tuple[int, dict[str, Any]]:
        article, _, _, text = self._one(id_, before)
        return article, json.loads(text)

    def _are_alike(self, *records: dict[str, Any]) -> bool:
        one, other = (Text.of([record["lead"] or "", *record["body"]]) for record in records)
        return one.is_comparable and other.is_comparable and one.likeness(other) >= self.similarity


def _member(record: dict[str, Any], duplicate: str | None, near: NearDuplicate | None) -> Member:
    told = {name: record[name] for name in ("id", "url", "headline", "published_at")}
    return Member(**told, duplicate_of=duplicate, near_duplicate_of=near)

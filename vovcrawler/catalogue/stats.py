"""What is in the catalogue, in numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vovcrawler.catalogue.store import Part


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenJob:
    """A job that is not finished: what the same command would go on with."""

    spider: str
    arguments: dict[str, Any]
    started_at: str
    settled: int
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The numbers of an archive; dictionaries are ordered by their keys."""

    articles: dict[str, int]
    revisions: int
    layouts: dict[str, int]
    links: int
    copies: int
    near_copies: int
    pages: dict[str, int]
    feed_lines: dict[str, int]
    first_capture: str | None
    last_capture: str | None
    jobs: list[OpenJob]


class Stats(Part):
    """The part of the catalogue that counts."""

    def counts(self) -> Counts:
        """Count what is in the catalogue."""
        first, last = self._count_row("SELECT min(first_seen), max(seen_at) FROM articles")
        # An exact copy is marked as a near one, too.
        copies, near = self._count_row(
            """
            SELECT count(duplicate_of), count(near_duplicate_of) FILTER (WHERE duplicate_of IS NULL)
            FROM articles
            """
        )
        return Counts(
            articles=self._count_by("SELECT state, count(*) FROM articles GROUP BY state"),
            revisions=self._count_row("SELECT count(*) FROM revisions")[0],
            layouts=self._count_by("SELECT layout, count(*) FROM articles GROUP BY layout"),
            links=self._count_row("SELECT count(*) FROM links")[0],
            copies=copies,
            near_copies=near,
            pages=self._count_by("SELECT state, count(*) FROM pages GROUP BY state"),
            feed_lines=self._count_by("SELECT status, count(*) FROM feed GROUP BY status"),
            first_capture=first,
            last_capture=last,
            jobs=self._open_jobs(),
        )

    def _count_row(self, query: str) -> Any:
        return self.connection.execute(query).fetchone()

    def _count_by(self, query: str) -> dict[str, int]:
        return dict(sorted(self.connection.execute(query)))

    def _open_jobs(self) -> list[OpenJob]:
        rows = self.connection.execute(
            """
            SELECT spider, arguments, started_at, total(settled), total(1 - settled) FROM jobs
            JOIN frontier ON job = jobs.number WHERE finished_at IS NULL
            GROUP BY jobs.number HAVING total(1 - settled) > 0 ORDER BY jobs.number
            """
        )
        return [
            OpenJob(
                spider=spider,
                arguments=json.loads(arguments),
                started_at=started_at,
                settled=int(settled),
                waiting=int(waiting),
            )
            for spider, arguments, started_at, settled, waiting in rows
        ]

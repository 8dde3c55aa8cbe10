"""What a reader is shown of the archive beside search: its extent, its days, what changed, who copied whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vovcrawler.catalogue.indexing import SLOT, Indexing, slot
from vovcrawler.catalogue.store import made_of
from vovcrawler.dates import VIETNAM
from vovcrawler.facets import Filters


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """How much the archive holds."""

    articles: int
    revisions: int
    gone: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A revision that followed another one, with both headlines."""

    id: str
    url: str | None
    section: str | None
    revision: int
    headline: str | None
    before: str | None
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What the server said at one time in place of an article, or on its return."""

    id: str
    url: str | None
    headline: str | None
    section: str | None
    state: str
    at: str
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """An article with the same text as another, or with nearly the same (*similarity* below 1)."""

    id: str
    headline: str | None
    published_at: str | None
    similarity: float


class Reading(Indexing):
    """The part of the catalogue that readers look at."""

    def extent(self) -> Extent:
        """Return how much the archive holds."""
        articles, revisions, gone = self.connection.execute(
            """
            SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM revisions),
                (SELECT count(*) FROM articles WHERE state = 'gone')
            """
        ).fetchone()
        return Extent(articles=articles, revisions=revisions, gone=gone)

    def sections(self, limit: int = 30) -> list[tuple[str, int]]:
        """Return the sections that hold most articles, and how many."""
        return list(
            self.connection.execute(
                """
                SELECT section, count(*) FROM articles WHERE section IS NOT NULL
                GROUP BY section ORDER BY count(*) DESC, section LIMIT ?
                """,
                (limit,),
            )
        )

    def newest_day(self) -> date | None:
        """Return the day of publication of the newest article."""
        row = self.connection.execute(
            "SELECT published FROM search_documents ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return _day(row[0]) if row and row[0] is not None else None

    def days(self, since: date, until: date) -> Counter[date]:
        """Return how many articles were published on each day."""
        first, after = Filters(since=since, until=until).span()
        highest = slot(after) + (self.search_slack() + 1) * SLOT
        rows = self.connection.execute(
            """
            SELECT published FROM search_documents
            WHERE number BETWEEN ? AND ? AND published >= ? AND published < ?
            """,
            (slot(first), highest, first, after),
        )
        return Counter(_day(published) for (published,) in rows)

    def changes(self, limit: int = 50, offset: int = 0) -> Iterator[Change]:
        """Yield the revisions that followed others, the newest first."""
        rows = self.connection.execute(
            """
            SELECT id, url, section, new.revision, json_extract(new.record, '$.headline'),
                json_extract(old.record, '$.headline'), new.first_seen
            FROM revisions AS new JOIN articles ON articles.number = new.article
            JOIN revisions AS old ON old.article = new.article AND old.revision = new.revision - 1
            WHERE new.revision > 1 ORDER BY new.number DESC LIMIT ? OFFSET ?
            """,
            (limit, offset),
        )
        for row in rows:
            yield made_of(Change, row)

    def answers(self, limit: int = 50, offset: int = 0) -> Iterator[Answered]:
        """Yield what the server said in place of articles, the newest first."""
        rows = self.connection.execute(
            """
            SELECT id, url, headline, section, state, at, status FROM observations
            JOIN articles ON articles.number = observations.article
            ORDER BY observations.number DESC LIMIT ? OFFSET ?
            """,
            (limit, offset),
        )
        for row in rows:
            yield made_of(Answered, row)

    def states(self, ids: Iterable[str]) -> dict[str, str]:
        """Return whether those of *ids* that were captured are ``live`` or ``gone``."""
        query = "SELECT state FROM articles WHERE id = ?"
        found = ((id_, self.connection.execute(query, (id_,)).fetchone()) for id_ in ids)
        return {id_: row[0] for id_, row in found if row}

    def copies_of(self, id_: str) -> list[Copy]:
        """Return the later articles that are marked as copies of this one, the nearest first."""
        rows = self.connection.execute(
            """
            SELECT id, headline, published_at, 1.0 AS likeness FROM articles WHERE duplicate_of = :id
            UNION ALL
            SELECT id, headline, published_at, similarity FROM articles
            WHERE near_duplicate_of = :id AND duplicate_of IS NULL
            ORDER BY likeness DESC LIMIT 20
            """,
            {"id": id_},
        )
        return [made_of(Copy, row) for row in rows]


def _day(published: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=VIETNAM) + timedelta(seconds=published, hours=7)).date()

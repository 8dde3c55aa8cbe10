"""Numbers about articles, for reports: their edits and links. The whole is counted in ``stats.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vovcrawler.catalogue.store import Part, made_of

_RANKS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """An article and how often something is true of it; one that was never captured is known by its links."""

    id: str
    headline: str | None
    url: str | None
    number: int


class Numbers(Part):
    """The part of the catalogue that compares articles."""

    def edit_delays(self) -> Iterator[float]:
        """Yield for every revision but the first how many seconds after publication it was first seen.

        Where no time of publication is known the first capture stands for it.
        """
        rows = self.connection.execute(
            """
            SELECT revisions.first_seen, coalesce(published_at, articles.first_seen)
            FROM revisions JOIN articles ON articles.number = article WHERE revisions.revision > 1
            """
        )
        for seen, published in rows:
            yield (datetime.fromisoformat(seen) - datetime.fromisoformat(published)).total_seconds()

    def most_edited(self) -> list[Ranked]:
        """Return the articles with most edits, which are one fewer than their revisions."""
        return self._ranked(
            """
            SELECT id, headline, url, revision - 1 FROM articles WHERE revision > 1
            ORDER BY revision DESC, id LIMIT :limit
            """
        )

    def most_linked(self) -> list[Ranked]:
        """Return the articles that most others call related."""
        return self._ranked(
            """
            -- Links are counted by their index; hardly any article names another twice, by two addresses.
            WITH often AS (
                SELECT target, count(*) AS links FROM links WHERE target IS NOT NULL
                GROUP BY target ORDER BY links DESC, target LIMIT 10 * :limit
            )
            SELECT target, coalesce(articles.headline, max(links.headline)),
                coalesce(articles.url, max(links.url)), count(DISTINCT source) AS sources
            FROM often CROSS JOIN links USING (target) LEFT JOIN articles ON articles.id = target
            GROUP BY target ORDER BY sources DESC, target LIMIT :limit
            """
        )

    def _ranked(self, query: str) -> list[Ranked]:
        rows = self.connection.execute(query, {"limit": _RANKS})
        return [made_of(Ranked, row) for row in rows]

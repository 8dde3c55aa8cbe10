"""Search: articles by their words, the best first.

Best is what is spelt as it was typed; then what has the words in its headline, then in headline and lead, then
anywhere; then what has them side by side; then what is newer. Each of these tiers is one walk through the index
from the newest document back that ends when enough is found, so that common words cost no more than rare ones;
no score is computed. :mod:`vovcrawler.catalogue.indexing` keeps the index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Any

from vovcrawler.catalogue.indexing import SLOT, Indexing, slot
from vovcrawler.facets import Filters
from vovcrawler.queries import Closeness, Query, Sense
from vovcrawler.snippets import Finder, Run

#: How far results are counted.
COUNTED = 1_000

# Where an expression has to be fulfilled: the best first.
_ZONES = ("headline", "front", "text")
# Neighbourhood in the body is asked for among so many of the newest documents with the words anywhere.
_WINDOWS = (1_000, 30_000)
_COMPLETIONS = 48
_STATES = {
    "gone": "state = 'gone'",
    "live": "state = 'live'",
    "new": "state = 'live' AND articles.revision = 1",
    "revised": "state = 'live' AND articles.revision > 1",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article that was found."""

    id: str
    state: str
    revision: int
    duplicate_of: str | None
    record: dict[str, Any]
    snippet: list[Run]
    headline: list[Run]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A page of hits; *total* counts no further than :data:`COUNTED`."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


class Search(Indexing):
    """The part of the catalogue that finds articles."""

    def search(self, query: Query, filters: Filters | None = None, *, limit: int = 20, offset: int = 0) -> Found:
        """Return the best *limit* articles behind the first *offset*; without words the newest ones."""
        walk = _Walk(self, query, filters or Filters())
        total = walk.count()
        # When all are found no tier need be looked through in vain.
        wanted = offset + limit if total > COUNTED else min(offset + limit, total)
        numbers = walk.numbers(wanted)[offset:]
        finder = Finder(query)
        return Found(hits=[self._hit(number, finder) for number in numbers], total=total)

    def _hit(self, number: int, finder: Finder) -> Hit:
        id_, state, revision, duplicate_of, text = self.connection.execute(
            """
            SELECT articles.id, state, articles.revision, duplicate_of, record FROM search_documents
            JOIN articles ON articles.number = search_documents.article
            JOIN revisions ON revisions.article = articles.number AND revisions.revision = articles.revision
            WHERE search_documents.number = ?
            """,
            (number,),
        ).fetchone()
        record = json.loads(text)
        return Hit(
            id=id_,
            state=state,
            revision=revision,
            duplicate_of=duplicate_of,
            record=record,
            snippet=finder.snippet([record["lead"], *record["body"], *_captions(record)]),
            headline=finder.runs(record["headline"] or ""),
        )

    def completions(self, beginning: str) -> list[str]:
        """Return words of the index that begin so, the shortest first."""
        rows = self.connection.execute(
            """
            SELECT word FROM search_words WHERE word >= :from AND word < :from || char(1114111)
            ORDER BY length(word), word LIMIT :limit
            """,
            {"from": beginning, "limit": _COMPLETIONS},
        )
        return [word for (word,) in rows]


class _Walk:
    """One search on its way through the tiers."""

    def __init__(self, catalogue: Search, query: Query, filters: Filters) -> None:
        self.catalogue = catalogue
        self.query = query
        self.filters = filters
        self.since, self.until = filters.span()
        slack = catalogue.search_slack() + 1
        # Documents without a day have the lowest numbers, and are of no day.
        dated = self.since is not None or self.until is not None
        self.lowest = slot(self.since) if self.since is not None else SLOT if dated else 0
        self.highest = slot(self.until) + slack * SLOT if self.until is not None else 2**62

    def count(self) -> int:
        """Return how many documents there are, counted up to one more than :data:`COUNTED`."""
        _, sql, values = self._source("text", self._expression())
        values["limit"] = COUNTED + 1
        return int(self._first(f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT :limit)", values)[0])

    def numbers(self, wanted: int) -> list[int]:
        """Return the numbers of the best *wanted* documents, in order."""
        found: dict[int, None] = {}
        for tier in self._tiers(wanted) if wanted else ():
            found.update(dict.fromkeys(number for number, _ in tier))
            if len(found) >= wanted:
                break
        return list(found)[:wanted]

    def _tiers(self, wanted: int) -> Iterator[list[tuple[int, int]]]:
        """Yield the documents of each tier, the newest first, among them those of the tiers before."""
        if not self.query.alternatives:
            yield self._stream("text", self._expression(), wanted)
            return
        for sense in self.query.senses():
            for zone in _ZONES:
                for closeness in self.query.closenesses():
                    yield self._tier(zone, sense, closeness, wanted)

    def _tier(self, zone: str, sense: Sense, closeness: Closeness, wanted: int) -> list[tuple[int, int]]:
        expression = self._expression(sense, closeness)
        if zone != "text" or closeness is Closeness.ANYWHERE:
            return self._stream(zone, expression, wanted)
        rows: list[tuple[int, int]] = []
        for window in _WINDOWS:
            lowest = self._nth("text", self._expression(sense), window)
            rows = self._stream(zone, expression, wanted, (lowest or 0) // SLOT * SLOT)
            if lowest is None or len(rows) >= wanted:
                break
        return rows

    def _expression(self, sense: Sense = Sense.FOLDED, closeness: Closeness = Closeness.ANYWHERE) -> str:
        return self.query.wanted(self.catalogue.completions, sense, closeness)

    def _nth(self, zone: str, expression: str, place: int) -> int | None:
        number, sql, values = self._source(zone, expression)
        values["offset"] = place
        row = self._first(f"SELECT {number} {sql} ORDER BY {number} DESC LIMIT 1 OFFSET :offset", values)
        return row[0] if row else None

    def _first(self, sql: str, values: dict[str, Any]) -> Any:
        return self.catalogue.connection.execute(sql, values).fetchone()

    def _stream(self, zone: str, expression: str, limit: int, lowest: int = 0) -> list[tuple[int, int]]:
        """Return the newest *limit* documents that fulfil *expression* in *zone*: number, time of publication."""
        number, sql, values = self._source(zone, expression, lowest, is_dated=True)
        sql = f"SELECT {number}, coalesce(published, 0) {sql} ORDER BY {number} DESC"
        rows = self.catalogue.connection.execute(sql, values)
        found = list(islice(rows, limit))
        if len(found) == limit:
            # Those of ten minutes are numbered as they were recorded: a later one may stand behind the last.
            first = slot(min(published for _, published in found))
            found += takewhile(lambda row: row[0] >= first, rows)
        return sorted(found, key=_newest)[:limit]

    def _source(
        self, zone: str, expression: str, lowest: int = 0, *, is_dated: bool = False
    ) -> tuple[str, str, dict[str, Any]]:
        """Return the column with the numbers of documents, from where they come, and the values for that.

        Other tables are looked into only where something in them is asked for: that doubles the time.
        """
        unwanted = self.query.unwanted(self.catalogue.completions)
        # Unwanted words may stand anywhere, so the whole text has to be looked at.
        table = "search_texts" if zone == "text" or unwanted else "search_fronts"
        columns = {"headline": "headline : ", "front": "{headline lead} : ", "text": ""}[zone]
        facets = " AND ".join(f'"{token}"' for token in self.filters.tokens())
        match = f"{columns}({expression})" + (f" AND facets : ({facets})" if facets else "")
        conditions = [f"{table} MATCH :match", f"{table}.rowid BETWEEN :lowest AND :highest"]
        has_span = self.since is not None or self.until is not None
        if has_span:
            conditions.append(
                "published >= coalesce(:since, published) AND published < coalesce(:until, published + 1)"
            )
        if self.filters.status:
            conditions.append(_STATES[self.filters.status])
        tables = [f"FROM {table}"]
        if is_dated or has_span or self.filters.status:
            tables.append(f"CROSS JOIN search_documents ON search_documents.number = {table}.rowid")
        if self.filters.status:
            tables.append("CROSS JOIN articles ON articles.number = search_documents.article")
        values = {
            "match": f"({match}) NOT ({unwanted})" if unwanted else match,
            "lowest": max(lowest, self.lowest),
            "highest": self.highest,
            "since": self.since,
            "until": self.until,
        }
        return f"{table}.rowid", f"{' '.join(tables)} WHERE {' AND '.join(conditions)}", values


def _newest(row: tuple[int, int]) -> tuple[int, int]:
    number, published = row
    return -published, -number


def _captions(record: dict[str, Any]) -> Sequence[str | None]:
    return [image["caption"] for image in record["images"]]

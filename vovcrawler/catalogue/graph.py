"""The graph of "Tin liên quan": articles, and which of them the editors put under which.

A link with an address leads to that article, captured or not. A link of a dump has none: it leads to the one
article that now has the headline it prints, and to a headline alone while there is none or more than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from vovcrawler.catalogue.store import Part
from vovcrawler.text import normalise

Direction = Literal["out", "in"]

_EDGES = """
SELECT source.id, coalesce(links.target, named.id), links.headline_key, links.kind, links.headline, links.teaser,
    links.position, links.first_seen, links.last_seen, links.last_seen = source.linked_at,
    CASE WHEN links.target IS NOT NULL THEN 'address' WHEN named.id IS NOT NULL THEN 'headline' END
FROM links JOIN articles AS source ON source.number = links.source
LEFT JOIN articles AS named ON links.target IS NULL AND named.number = (
    SELECT CASE count(*) WHEN 1 THEN max(number) END FROM articles
    WHERE headline_key = links.headline_key AND number <> links.source
)
"""
_IN_ORDER = " ORDER BY links.source, links.position, links.number"


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """An article; one that was never captured is known by the last link to it."""

    id: str
    headline: str | None
    url: str | None
    published_at: str | None = None
    section: str | None = None
    state: str | None = None
    is_captured: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A link from one article to another, as it was printed when last seen."""

    source: str
    target: str
    kind: str
    headline: str
    teaser: str | None
    position: int
    first_seen: str
    last_seen: str
    #: Whether it stood there at the last capture of the source.
    stands: bool
    #: How the target is known: by the link's "address", by its "headline", or not (``None``).
    resolved: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """A step of the way from an article along its links, or against them."""

    hops: int
    direction: Direction
    edge: Edge
    #: Of the article that this step leads to: as the link prints it; against the link, as it is now.
    headline: str | None

    @property
    def id(self) -> str:
        """The article that this step leads to."""
        return self.edge.target if self.direction == "out" else self.edge.source


def headline_key(headline: str | None) -> int | None:
    """Return a number of 64 bits that is the same for every printing of a headline.

    >>> headline_key("“Chiến tranh  Lạnh” – mới") == headline_key('"Chiến tranh Lạnh" - Mới')
    True
    """
    if not headline:
        return None
    return int.from_bytes(sha256(normalise(headline).casefold().encode()).digest()[:8], signed=True)


class Graph(Part):
    """The part of the catalogue that knows who points to whom."""

    def nodes(self) -> Iterator[Node]:
        """Yield every article, then what is only known from links."""
        rows = self.connection.execute(
            "SELECT id, headline, url, published_at, section, state FROM articles ORDER BY number"
        )
        for row in rows:
            yield Node(**dict(zip(Node.__slots__, row, strict=False)))
        # With max() the other columns are those of the row that has it.
        rows = self.connection.execute(
            """
            SELECT target, headline, url, max(last_seen) FROM links
            WHERE target IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles WHERE id = target) GROUP BY target
            """
        )
        for id_, headline, url, _ in rows:
            yield Node(id=id_, headline=headline, url=url, is_captured=False)
        yield from self._headlines()

    def _headlines(self) -> Iterator[Node]:
        seen: set[str] = set()
        for edge in self._edges(f"{_EDGES} WHERE links.target IS NULL AND named.id IS NULL{_IN_ORDER}"):
            if edge.target not in seen:
                seen.add(edge.target)
                yield Node(id=edge.target, headline=edge.headline, url=None, is_captured=False)

    def edges(self) -> Iterator[Edge]:
        """Yield every link, article by article, in the order in which they are printed."""
        return self._edges(_EDGES + _IN_ORDER)

    def neighbours(self, id_: str, *, hops: int = 1) -> Iterator[Neighbour]:
        """Yield the links out of an article and into it, and on to those that are *hops* away.

        Each direction is followed on its own: where readers are led from here, and from where they are led here.
        An article is entered once, over the shortest way; links that lead back are there as well.
        """
        directions: tuple[Direction, ...] = ("out", "in")
        for direction in directions:
            entered, reached = {id_}, [id_]
            for hop in range(1, hops + 1):
                steps = [
                    Neighbour(hops=hop, direction=direction, edge=edge, headline=self._headline(edge, direction))
                    for article in reached
                    for edge in self._edges_of(article, direction)
                ]
                yield from steps
                reached = list(dict.fromkeys(step.id for step in steps if step.id not in entered))
                entered.update(reached)

    def _edges_of(self, id_: str, direction: Direction) -> Iterator[Edge]:
        row = self.connection.execute("SELECT number, headline_key FROM articles WHERE id = ?", (id_,)).fetchone()
        number, key = row or (None, None)
        if direction == "out":
            return self._edges(f"{_EDGES} WHERE links.source = ?{_IN_ORDER}", number)
        into = "links.target = ? OR (links.target IS NULL AND links.headline_key = ?)"
        edges = self._edges(f"{_EDGES} WHERE {into}{_IN_ORDER}", id_, key)
        return (edge for edge in edges if edge.target == id_)

    def _headline(self, edge: Edge, direction: Direction) -> str | None:
        if direction == "out":
            return edge.headline
        row = self.connection.execute("SELECT headline FROM articles WHERE id = ?", (edge.source,)).fetchone()
        headline: str | None = row[0]
        return headline

    def _edges(self, query: str, *values: Any) -> Iterator[Edge]:
        for source, target, key, *others, stands, resolved in self.connection.execute(query, values):
            named = dict(zip(Edge.__slots__[2:], others, strict=False))
            yield Edge(
                source=source,
                target=target or f"headline/{key & (1 << 64) - 1:016x}",
                **named,
                stands=bool(stands),
                resolved=resolved,
            )

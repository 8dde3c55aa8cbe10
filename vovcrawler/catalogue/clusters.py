"""Clusters: groups of articles that are copies of one another, through any number of marks.

Marks are made in :mod:`vovcrawler.catalogue.copies`. A cluster is whatever hangs together by them, so its
first and its last member need not be alike themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from vovcrawler.catalogue.store import Part
from vovcrawler.facets import seconds
from vovcrawler.items import NearDuplicate

Preference = Literal["first", "latest"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """An article of a cluster, and what it is a copy of."""

    id: str
    url: str | None
    headline: str | None
    published_at: str | None
    duplicate_of: str | None
    near_duplicate_of: NearDuplicate | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Two or more articles, in the order of their first capture."""

    members: tuple[Member, ...]

    def preferred(self, prefer: Preference) -> Member:
        """Return the member that stands for all: the first to be captured, or the one published last."""
        if prefer == "first":
            return self.members[0]
        return max(self.members, key=lambda member: seconds(member.published_at) or 0)


class Clusters(Part):
    """The part of the catalogue that knows which articles belong together."""

    def clusters(self, *, at_least: int = 2, before: str | None = None) -> list[Cluster]:
        """Return the clusters of *at_least* so many articles, the largest first, then the oldest.

        With *before* they are those of the texts that were there before that time. Takes memory for the copies,
        not for all articles.
        """
        members = dict(self._members() if before is None else self._members_then(before))
        roots = _Roots()
        for member in members.values():
            if member.duplicate_of:
                roots.join(member.id, member.duplicate_of)
            if member.near_duplicate_of:
                roots.join(member.id, member.near_duplicate_of.id)
        groups: dict[str, list[Member]] = {}
        for _, member in sorted(members.items()):
            groups.setdefault(roots.of(member.id), []).append(member)
        found = (Cluster(tuple(group)) for group in groups.values() if len(group) >= at_least)
        return sorted(found, key=lambda cluster: -len(cluster.members))

    def passed_over(
        self,
        prefer: Preference = "first",
        *,
        before: str | None = None,
        among: Callable[[str], bool] | None = None,
    ) -> set[str]:
        """Return the ids to leave out for each text to come once: all of a cluster but the one to *prefer*.

        That one is chosen *among* the ids for which this holds.
        """
        left_out: set[str] = set()
        for cluster in self.clusters(before=before):
            members = tuple(member for member in cluster.members if among is None or among(member.id))
            if members:
                left_out |= {member.id for member in members} - {Cluster(members).preferred(prefer).id}
        return left_out

    def _members(self) -> Iterator[tuple[int, Member]]:
        """Yield every copy and what it is a copy of, with its number."""
        rows = self.connection.execute(
            """
            WITH copies (id) AS (
                SELECT id FROM articles WHERE duplicate_of IS NOT NULL
                UNION SELECT duplicate_of FROM articles WHERE duplicate_of IS NOT NULL
                UNION SELECT id FROM articles WHERE near_duplicate_of IS NOT NULL
                UNION SELECT near_duplicate_of FROM articles WHERE near_duplicate_of IS NOT NULL
            )
            SELECT number, id, url, headline, published_at, duplicate_of, near_duplicate_of, similarity
            FROM copies JOIN articles USING (id)
            """
        )
        for number, *values, near, similarity in rows:
            nearest = NearDuplicate(id=near, similarity=similarity) if near else None
            named = dict(zip(Member.__slots__, values, strict=False))
            yield number, Member(**named, near_duplicate_of=nearest)

    def _members_then(self, before: str) -> Iterator[tuple[int, Member]]:
        raise NotImplementedError  # of History


class _Roots:
    """Which ids hang together (a union of sets, found by path)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def of(self, id_: str) -> str:
        root = id_
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while id_ != root:
            self._parent[id_], id_ = root, self._parent[id_]
        return root

    def join(self, one: str, other: str) -> None:
        self._parent[self.of(one)] = self.of(other)

"""The ledger: what each list of the site listed, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from vovcrawler import dates, urls
from vovcrawler.catalogue.store import Part

Kind = Literal["feed", "list", "latest", "sitemap"]
Fate = Literal["captured", "unchanged", "gone", "refused", "failed", "not_tried", "missing"]
FATES: tuple[Fate, ...] = get_args(Fate)

# Each listed article once, and where it was moved to in its place.
_LISTED = """
WITH RECURSIVE listed AS (
    SELECT page, group_concat(DISTINCT kind) AS kinds, min(published_at) AS published_at,
           min(first_listed) AS first_listed
    FROM listings JOIN sources ON sources.number = listings.source
    WHERE page IN (SELECT page FROM listings WHERE first_listed >= :after) GROUP BY page
), way (page, own, steps) AS (
    SELECT page, page, 0 FROM listed
    UNION ALL
    SELECT way.page, target.number, steps + 1 FROM way
    JOIN pages ON pages.number = own AND pages.state = 'moved'
    JOIN pages AS target ON target.url = pages.moved_to AND target.variant = '' WHERE steps < 5
), last AS (
    SELECT page, own, max(steps) FROM way GROUP BY page
)
"""
# The fates exclude one another: the first one holds.
_FATE = """
CASE
    WHEN coalesce(articles.state, own.state) = 'gone' THEN 'gone'
    WHEN articles.seen_at > (
        SELECT max(revisions.first_seen) FROM revisions WHERE revisions.article = articles.number
    ) THEN 'unchanged'
    WHEN articles.number IS NOT NULL THEN 'captured'
    WHEN EXISTS (SELECT 1 FROM frontier WHERE frontier.page = own.number AND NOT settled) THEN 'not_tried'
    WHEN own.state = 'refused' THEN 'refused'
    WHEN own.state IN ('failed', 'moved') OR own.number != pages.number AND own.state = 'done' THEN 'failed'
    ELSE 'missing'
END
"""
# An article whose address leads to a section now, or to the front page, is held all the same; one that was listed
# under several addresses stands at the last of them, also when it has come from another one only.
_ENTRIES = f"""
{_LISTED}
SELECT pages.url, group_concat(kinds), {_FATE},
    coalesce(own.reason, iif(own.state = 'done', 'moved to no article', 'HTTP ' || own.status)),
    date(coalesce(articles.published_at, listed.published_at, listed.first_listed), '+7 hours') AS day,
    max(pages.number)
FROM listed JOIN last ON last.page = listed.page
JOIN pages ON pages.number = listed.page JOIN pages AS own ON own.number = last.own
LEFT JOIN articles ON articles.number = coalesce(
    pages.article, own.article, (SELECT same.number FROM articles AS same WHERE same.id = record_id(pages.url)))
WHERE day BETWEEN :since AND :until
GROUP BY coalesce(articles.id, record_id(pages.url)) ORDER BY day DESC, pages.url
"""
# What a list named and nobody ever asked for, or only a run that wanted other days.
_MISSING = """
SELECT url FROM pages WHERE state IN ('pending', 'done') AND article IS NULL AND variant = ''
    AND EXISTS (SELECT 1 FROM listings WHERE listings.page = pages.number)
    AND NOT EXISTS (SELECT 1 FROM frontier WHERE frontier.page = pages.number AND NOT settled)
ORDER BY number DESC
"""

# What one list named and no run has got; of what failed, only what is due again.
_UNHELD = """
SELECT pages.url, listings.published_at FROM listings CROSS JOIN pages ON pages.number = listings.page
WHERE listings.source = (SELECT number FROM sources WHERE url = :source) AND first_listed >= :after
    AND pages.article IS NULL AND variant = ''
    AND (state IN ('pending', 'done') OR state IN ('failed', 'refused') AND coalesce(due_at, '') <= :at)
ORDER BY pages.number DESC
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article that was listed: by which kinds of list, for which day, and what became of it."""

    url: str
    day: date
    kinds: frozenset[Kind]
    fate: Fate
    reason: str | None

    @property
    def section(self) -> str:
        """The place in the menu, from the address."""
        return urlsplit(self.url).path.strip("/").partition("/")[0]


@dataclass(slots=True)
class Balance:
    """What was listed, and the fates of it: their numbers add up."""

    listed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        """Count *entry*."""
        self.listed += 1
        self.kinds.update(entry.kinds)
        self.fates[entry.fate] += 1
        if entry.reason:
            self.reasons[entry.reason] += 1

    @property
    def held(self) -> int:
        """How much of what was listed is held."""
        return self.fates["captured"] + self.fates["unchanged"]

    @property
    def share(self) -> float:
        """How much of what was listed, and is not gone, is held: 1 is all.

        >>> Balance(listed=6, fates=Counter(captured=2, unchanged=1, gone=2, failed=1)).share
        0.75
        """
        there = self.listed - self.fates["gone"]
        return self.held / there if there else 1.0


def percent(share: float) -> str:
    """Return *share* (0 to 1) in percent; only all is a hundred, and only nothing is none.

    >>> percent(1), percent(0.99996), percent(0.00001), percent(0)
    ('100.0%', '99.9%', '0.1%', '0.0%')
    """
    return f"{min(0.999, max(0.001, share)) if 0 < share < 1 else share:.1%}"


def balances(entries: Iterable[Entry]) -> dict[tuple[date, str], Balance]:
    """Return the balance of each day and section, in the order of *entries*."""
    found: dict[tuple[date, str], Balance] = {}
    for entry in entries:
        found.setdefault((entry.day, entry.section), Balance()).add(entry)
    return found


def in_all(parts: Iterable[Balance]) -> Balance:
    """Return the balance of all *parts* together, without kinds and reasons."""
    total = Balance()
    for part in parts:
        total.listed += part.listed
        total.fates.update(part.fates)
    return total


def largest(sizes: Iterable[tuple[str, int]], most: int) -> list[str]:
    """Return at most so many names, the largest first, by their *sizes* in all.

    >>> largest([("the-gioi", 2), ("xa-hoi", 3), ("kinh-te", 1), ("the-gioi", 2)], 2)
    ['the-gioi', 'xa-hoi']
    """
    totals: Counter[str] = Counter()
    for name, size in sizes:
        totals[name] += size
    return sorted(totals, key=lambda name: (-totals[name], name))[:most]


class Coverage(Part):
    """The part of the catalogue that knows what was listed."""

    def listed_by(self, source: str, urls_: Iterable[str]) -> set[str]:
        """Return which of *urls_* the list at *source* has listed before."""
        query = """
            SELECT 1 FROM listings WHERE page = (SELECT number FROM pages WHERE url = ? AND variant = '')
                AND source = (SELECT number FROM sources WHERE url = ?)
        """
        return {url for url in urls_ if self.connection.execute(query, (url, source)).fetchone()}

    def listed(
        self, source: str, kind: Kind, section: str | None, items: Iterable[tuple[int, datetime | None]], at: str
    ) -> None:
        """Remember that the list at *source* listed *items*: pages, with the time of publication it gave."""
        connection = self.write()
        connection.execute(
            "INSERT INTO sources (url, kind, section) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (source, kind, section),
        )
        (number,) = connection.execute("SELECT number FROM sources WHERE url = ?", (source,)).fetchone()
        connection.executemany(
            """
            INSERT INTO listings VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                first_listed = min(first_listed, excluded.first_listed),
                last_listed = max(last_listed, excluded.last_listed),
                published_at = coalesce(published_at, excluded.published_at)
            """,
            [(page, number, dates.warc_date(given) if given else None, at, at) for page, given in items],
        )

    def read_to(self, source: str) -> date | None:
        """Return back to which day the list at *source* was read without a gap, ``None`` when it never was."""
        row = self.connection.execute("SELECT read_to FROM sources WHERE url = ?", (source,)).fetchone()
        return date.fromisoformat(row[0]) if row and row[0] else None

    def set_read_to(self, source: str, day: date) -> None:
        """Remember that the list at *source* was read back to *day*."""
        self.write().execute(
            "UPDATE sources SET read_to = min(coalesce(read_to, :day), :day) WHERE url = :source",
            {"day": str(day), "source": source},
        )

    def forget_read_to(self, source: str) -> None:
        """Remember that there may be a gap in what was read of the list at *source*."""
        self.write().execute("UPDATE sources SET read_to = NULL WHERE url = ?", (source,))

    def entries(self, since: date | None = None, until: date | None = None) -> Iterator[Entry]:
        """Yield what was listed for the days *since* to *until*, both included, the last day first."""
        bounds = {
            "since": str(since or date.min),
            "until": str(until or date.max),
            # Nothing is listed long before it is published; so years of listings need not be gone through.
            "after": str(since - timedelta(days=2)) if since else "",
        }
        self.connection.create_function("record_id", 1, urls.record_id, deterministic=True)
        for url, kinds, fate, reason, day, _ in self.connection.execute(_ENTRIES, bounds):
            yield Entry(
                url=url,
                day=date.fromisoformat(day),
                kinds=frozenset(kinds.split(",")),
                fate=fate,
                reason=reason if fate in {"failed", "refused"} else None,
            )

    def unheld(self, source: str, since: date, at: str) -> list[tuple[str, str | None]]:
        """Return what the list at *source* has listed since a day and is not held, with the time of publication.

        What failed and has to rest at the time *at* is left out.
        """
        # A day begins in Vietnam before it does in UTC.
        after = str(since - timedelta(days=1)) if since > date.min else ""
        return self.connection.execute(_UNHELD, {"source": source, "after": after, "at": at}).fetchall()

    def missing(self) -> list[str]:
        """Return the listed addresses that no run has asked for in vain, nor is going to ask for; latest first."""
        return [url for (url,) in self.connection.execute(_MISSING)]

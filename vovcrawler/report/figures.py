"""What a report tells, in numbers: one walk through the archive, nothing drawn yet."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any, Self
from urllib.parse import urlsplit

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue, Cluster, RunRow
from vovcrawler.catalogue.coverage import Balance, balances, largest
from vovcrawler.catalogue.numbers import Ranked
from vovcrawler.catalogue.stats import Counts

#: Fields that most articles have; those that most rightly lack would only look like faults.
FIELDS = (
    *("headline", "lead", "body", "byline", "authors", "published_at"),
    *("section", "tags", "images", "related", "outlet"),
)
#: After how many seconds an edit belongs to the next of these.
DELAYS = ("15 min", "1 hour", "3 hours", "6 hours", "1 day", "3 days", "1 week", "later")
_DELAY_ENDS = (900, 3_600, 10_800, 21_600, 86_400, 259_200, 604_800)

NO_SECTION = "(no section)"
_COVERED_DAYS = 31
_RUNS = 40
_CLUSTERS = 8


@dataclass(slots=True)
class Layout:
    """How many records of a layout there are, and how many of them have each field."""

    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Figures:
    """All that a report tells."""

    counts: Counts
    #: Articles by day of publication and section.
    days: Counter[tuple[date, str]] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    layouts: dict[str, Layout] = field(default_factory=dict)
    delays: Counter[str] = field(default_factory=Counter)
    edited: list[Ranked] = field(default_factory=list)
    linked: list[Ranked] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    coverage: dict[tuple[date, str], Balance] = field(default_factory=dict)
    #: The oldest first.
    runs: list[RunRow] = field(default_factory=list)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """Read the figures of an archive, all of one moment."""
        with catalogue.snapshot():
            figures = cls(
                counts=catalogue.counts(),
                edited=catalogue.most_edited(),
                linked=catalogue.most_linked(),
                clusters=catalogue.clusters()[:_CLUSTERS],
                runs=list(catalogue.runs(_RUNS))[::-1],
            )
            for one in catalogue.standing():
                figures.add(one.record)
            figures.delays.update(map(delay, catalogue.edit_delays()))
            days = groupby(catalogue.entries(), key=lambda entry: entry.day)
            figures.coverage = balances(entry for _, day in islice(days, _COVERED_DAYS) for entry in day)
        return figures

    def add(self, record: Mapping[str, Any]) -> None:
        """Count an article."""
        if record["published_at"]:
            moment = datetime.fromisoformat(record["published_at"]).astimezone(dates.VIETNAM)
            self.days[moment.date(), section(record)] += 1
            self.hours[moment.hour] += 1
        layout = self.layouts.setdefault(record["layout"], Layout())
        layout.records += 1
        layout.filled.update([name for name in FIELDS if record[name]])

    @property
    def articles(self) -> int:
        """How many articles there are, gone ones too."""
        return sum(self.counts.articles.values())

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day of publication."""
        return (min(self.days)[0], max(self.days)[0]) if self.days else None


def section(record: Mapping[str, Any]) -> str:
    """Return the place of an article in the menu, as it is printed or as its address has it."""
    if record["section"]:
        return str(record["section"][0])
    parts = urlsplit(record["url"] or "").path.strip("/").split("/")
    return parts[0] if len(parts) > 1 else NO_SECTION


def delay(seconds: float) -> str:
    """Return the name of a time after publication.

    >>> delay(60), delay(900), delay(10**9)
    ('15 min', '1 hour', 'later')
    """
    return DELAYS[bisect_right(_DELAY_ENDS, seconds)]


def periods(days: Mapping[tuple[date, str], int]) -> tuple[str, list[str], dict[str, list[int]]]:
    """Return the kind of period that suits, each period between the first and the last, and counts by section.

    Sections come by size, the smallest of them together.
    """
    first, last = min(days)[0], max(days)[0]
    kind, length = ("day", 10) if (last - first).days < 92 else ("month", 7)
    if last.year - first.year > 8:
        kind, length = "year", 4
    names = list(dict.fromkeys(date.fromordinal(n).isoformat()[:length] for n in range(*_ordinals(first, last))))
    place = {name: number for number, name in enumerate(names)}
    kept = largest(((name, number) for (_, name), number in days.items()), 6)
    counts = {name: [0] * len(names) for name in kept}
    for (day, name), number in days.items():
        counts.setdefault(name if name in kept else "others", [0] * len(names))
        counts[name if name in kept else "others"][place[day.isoformat()[:length]]] += number
    return kind, names, counts


def _ordinals(first: date, last: date) -> tuple[int, int]:
    return first.toordinal(), last.toordinal() + 1

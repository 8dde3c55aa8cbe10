"""A month of hourly updates in minutes: 3,000 articles that appear, change, vanish, return; a site in trouble.

``python -m benchmarks.month [DAYS [ARTICLES]]`` prints what came of it. The least number of requests is counted
from the life of each article: one visit in the first run after it appeared, one whenever ``REVISIT_AFTER`` says
so; and the lists of each run.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.simulation import Life, Month
from tests.wireless import World, crawl
from vovcrawler import dates
from vovcrawler.catalogue import Catalogue
from vovcrawler.revisit import Revisits
from vovcrawler.settings import REVISIT_AFTER

_HOUR = timedelta(hours=1)
# Share of the span: what the site does from then on, for so many hours, and the exit code it must give.
_TROUBLES: list[tuple[float, int, dict[str, Any], int]] = [
    (0.30, 1, {"status": 403}, 3),
    (0.50, 1, {"body": b"<title>Attention Required</title><script>window.location.href='/'</script>"}, 3),
    (0.70, 2, {"status": 429, "retry_after": 3000}, 3),
]


@dataclass(frozen=True)
class Trouble:
    """A run that did not end with 0."""

    at: datetime
    exit_code: int
    reason: str


@dataclass
class Outcome:
    """What came of the month."""

    runs: int = 0
    requests: int = 0
    least: int = 0
    busiest: int = 0
    seconds: float = 0.0
    troubles: list[Trouble] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def run(data: Path, *, start: datetime, days: float, articles: int) -> Outcome:
    """Let the month pass and return what came of it."""
    month, outcome, began = Month(start, days, articles), Outcome(), perf_counter()
    starts = [start + number * _HOUR for number in range(1, round(days * 24) + 1)]
    # A few runs more, for what happened last and for what trouble has put off.
    ends = [starts[-1] + number * _HOUR for number in range(1, 7)]
    troubles = {round(share * len(starts)) + hour: case for share, *case in _TROUBLES for hour in range(case[0])}
    visits: list[datetime] = []
    for number, at in enumerate([*starts, *ends]):
        month.advance(at)
        case = troubles.get(number)
        if case:
            World.site.fault("https://vov.vn/*[!t]", **case[1])  # all but robots.txt
        World.log.clear()
        ended = crawl(data, "update")
        World.site.heal()
        asked = len(World.log)
        outcome.runs += 1
        outcome.requests += asked
        outcome.busiest = max(outcome.busiest, asked)
        if ended.code:
            outcome.troubles.append(Trouble(at, ended.code, ended.said))
        if ended.code != (case[2] if case else 0):
            outcome.problems.append(f"{at:%d %H:%M}: exit code {ended.code}: {ended.said}")
        if not case:
            visits.append(at)
            # Everything but articles: robots.txt and the lists.
            outcome.least += asked - len(World.articles())
    outcome.least += sum(_visits(life, visits) for life in month.lives)
    outcome.problems += _differences(data, month, visits[-1])
    if outcome.busiest > _HOUR.total_seconds():
        outcome.problems.append(f"{outcome.busiest} requests in an hour")
    outcome.seconds = perf_counter() - began
    return outcome


def _visits(life: Life, runs: list[datetime]) -> int:
    """Return the least number of visits to an article that keeps ``REVISIT_AFTER`` with these *runs*."""
    revisits, count, due = Revisits.parse(REVISIT_AFTER), 0, life.born
    for at in runs:
        if at < due or (not count and not life.is_there(at)):
            continue
        count += 1
        next_due = revisits.due(dates.iso(life.born), dates.warc_date(at))
        # Runs are an hour apart: what is due at the full hour is visited then.
        due = datetime.fromisoformat(next_due) if next_due[:4] != "9999" else datetime.max.replace(tzinfo=UTC)
    return count


def _differences(data: Path, month: Month, last: datetime) -> Iterator[str]:
    """Yield how the archive differs from what the site ever listed and still has."""
    with Catalogue.read(data) as catalogue:
        fates = {entry.url: entry.fate for entry in catalogue.entries()}
        for life in month.lives:
            there = life.is_there(last)
            fate = fates.get(life.url, "never listed")
            if there and fate not in {"captured", "unchanged"}:
                yield f"{life.url} stands and is {fate}"
            known = catalogue.article(f"vov.vn/post{10_000 + life.number}")
            settled = life.edited and life.edited < last - timedelta(days=8)
            if there and known and settled and known.revision != 2:
                yield f"{life.url} was edited and has revision {known.revision}"


def main(days: float = 30, articles: int = 3000) -> int:
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), start=datetime(2026, 11, 1, tzinfo=UTC), days=days, articles=articles)
    ratio = outcome.requests / outcome.least
    print(f"{outcome.runs} runs, {outcome.requests} requests, {ratio:.3f} of the least possible")
    print(f"{outcome.busiest} requests in the busiest hour; {outcome.seconds:.0f} s of real time")
    for trouble in outcome.troubles:
        print(f"{trouble.at:%d %H:%M}: exit code {trouble.exit_code}: {trouble.reason}")
    for problem in outcome.problems:
        print(f"PROBLEM {problem}")
    return int(bool(outcome.problems) or ratio > 1.1)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3])))

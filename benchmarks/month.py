"""A month of hourly updates: 3,000 articles that appear, change, vanish, return, move; and a site in trouble.

``python -m benchmarks.month [DAYS [ARTICLES]]`` prints what came of it; thirty days take some minutes of
processor time. Each run is the real ``update`` with the manners of the project and its archive, in virtual time:
what the site's log shows is what a real site would have seen.

The least number of requests is counted from the life of the site, not from what the program did:

* robots.txt once a run;
* each list that a run has to see once: the latest news (feed and list), the feed of each section or its list
  where it has none, the sitemap of the month; the first run of a day all lists and sitemaps and their index.
  Of a list as many pages as hold something it has not listed before, and the one where that ends;
* each article once in the first run after it stood there, once whenever ``REVISIT_AFTER`` says so, and once at
  the address it moved to. That it has not changed costs a request, too: the site has no other way to say so.

A run in trouble could have asked nothing at all; whatever it asks counts against the program.
"""

from __future__ import annotations

import fcntl
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks._trouble import TROUBLES, Trouble
from tests.simulation import Life, Month
from tests.wireless import World, crawl_politely
from vovcrawler import dates, sections
from vovcrawler.catalogue import Catalogue, lock
from vovcrawler.revisit import Revisits
from vovcrawler.settings import REVISIT_AFTER, UPDATE_DAYS

_HOUR = timedelta(hours=1)
# For what happened last, and for what trouble has put off.
_MORE_RUNS = 8
_SETTLED = timedelta(hours=_MORE_RUNS)
_LATENCY = 0.3
_HELD = frozenset({"captured", "unchanged"})


@dataclass
class Outcome:
    """What came of the month."""

    runs: int = 0
    requests: int = 0
    least: int = 0
    most_at_once: int = 0
    closest: float = float("inf")
    # Requests after the first one of a run, and the seconds from the first to the last.
    spaced: int = 0
    spacing: float = 0.0
    longest: timedelta = timedelta(0)
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """How many requests a second left while a run was at work."""
        return self.spaced / self.spacing


def run(data: Path, *, start: datetime, days: float, articles: int, seed: int = 1) -> Outcome:
    """Let the month pass and return what came of it."""
    month, outcome, began = Month(start, days, articles, seed), Outcome(), process_time()
    World.latency, World.site.list_tags = _LATENCY, True
    hours, lists, visits = round(days * 24), _Lists(), []
    troubles = {round(trouble.share * hours) + n: trouble for trouble in TROUBLES for n in range(trouble.hours)}
    for number in range(hours + _MORE_RUNS):
        at = start + (number + 1) * _HOUR
        month.advance(at)
        trouble = troubles.get(number)
        if trouble and trouble.is_off:
            continue
        report = _one_run(data, trouble)
        outcome.runs += 1
        outcome.longest = max(outcome.longest, World.time() - at)
        _judge(outcome, at, report, trouble)
        _see_manners(outcome)
        if not (trouble and trouble.stops):
            visits.append(at)
            outcome.least += 1 + lists.least(at)
    outcome.least += sum(len(list(_visits(life, visits))) + bool(life.renamed) for life in month.lives)
    outcome.problems += _differences(data, month, visits)
    outcome.seconds = process_time() - began
    return outcome


def _one_run(data: Path, trouble: Trouble | None) -> dict[str, Any]:
    """Run once, in *trouble* or not; return the report of the run."""
    if trouble:
        trouble.begin(World.site)
    World.log.clear()
    before = set((data / "reports").glob("*.json"))
    with _locked(data, really=bool(trouble and trouble.locked)):
        ended = crawl_politely(data, "update", trouble.settings if trouble else {})
    World.site.heal()
    written = set((data / "reports").glob("*.json")) - before
    if not written:
        return {"exit_code": ended.code, "reason": ended.said}
    report: dict[str, Any] = json.loads(written.pop().read_text(encoding="utf-8"))
    return report


@contextmanager
def _locked(data: Path, *, really: bool) -> Iterator[None]:
    """Hold the folder as another process would."""
    data.mkdir(exist_ok=True)
    with (data / lock.NAME).open("a") as file:
        if really:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _judge(outcome: Outcome, at: datetime, report: dict[str, Any], trouble: Trouble | None) -> None:
    expected, named = (trouble.exit_code, trouble.named) if trouble else (0, "")
    said = f"{at:%d %H:%M}: exit code {report['exit_code']}: {report['reason']}"
    if trouble:
        outcome.troubles.append(f"{said} ({trouble.name})")
    if report["exit_code"] != expected:
        outcome.problems.append(f"{said}; it should be {expected}")
    if named not in json.dumps(report, ensure_ascii=False):
        outcome.problems.append(f"{said}; its report should name {named!r}")


def _see_manners(outcome: Outcome) -> None:
    """Read from the log of the site how it was asked."""
    log = World.log
    outcome.requests += len(log)
    for line in log:
        under_way = sum(other.at <= line.at < (other.ended or other.at) for other in log)
        outcome.most_at_once = max(outcome.most_at_once, under_way)
    gaps = [later.at - earlier.at for earlier, later in pairwise(log)]
    outcome.closest = min([outcome.closest, *gaps])
    outcome.spaced, outcome.spacing = outcome.spaced + len(gaps), outcome.spacing + sum(gaps)


class _Lists:
    """The least requests for lists that keep up with the site."""

    def __init__(self) -> None:
        self.listed: dict[str, set[str]] = {}
        self.day: date | None = None

    def least(self, at: datetime) -> int:
        """Return how many a run at that time has to make."""
        today = dates.vietnam_day(at)
        is_first, self.day = self.day != today, today
        table = sections.table().values()
        feeds = 1 + sum(bool(place.feed) for place in table)
        lists = ["", *(place.path for place in table if is_first or not place.feed)]
        back = timedelta(days=UPDATE_DAYS if is_first else 1)
        sitemaps = len(list(sections.months(today - back, today))) + is_first
        return feeds + sum(map(self._pages, lists)) + sitemaps

    def _pages(self, path: str) -> int:
        stories = [story.url for story in World.site.published() if not path or f"/{path}/" in story.url]
        known = self.listed.setdefault(path, set())
        new = [url for url in stories if url not in known]
        known.update(new)
        size = World.site.page_size
        return min(1 + len(new) // size, max(1, -(-len(stories) // size)))


def _visits(life: Life, runs: list[datetime]) -> Iterator[datetime]:
    """Yield the visits to an article that keep ``REVISIT_AFTER`` with these *runs*."""
    revisits, due, seen = Revisits.parse(REVISIT_AFTER), life.born, False
    for at in runs:
        if at < due or (not seen and not life.is_there(at)):
            continue
        yield at
        seen = True
        # Runs are an hour apart: what is due at the full hour is visited then.
        next_due = revisits.due(dates.iso(life.born), dates.warc_date(at))
        due = datetime.fromisoformat(next_due) if next_due[:4] != "9999" else datetime.max.replace(tzinfo=UTC)


def _differences(data: Path, month: Month, runs: list[datetime]) -> Iterator[str]:
    """Yield how the archive differs from what the site ever listed and still has."""
    with Catalogue.read(data) as catalogue:
        fates = {entry.url: entry.fate for entry in catalogue.entries()}
        for life in month.lives:
            every = list(_visits(life, runs))
            visits = [at for at in every if at <= runs[-1] - _SETTLED]
            fate = fates.get(life.url_at(runs[-1]), "never listed")
            # What came back is known to be back once it is visited.
            seen = visits if life.back else every
            if seen and life.is_there(seen[-1]) and life.is_there(runs[-1]) and fate not in _HELD:
                yield f"{life.url} stands and is {fate}"
            if life.removed and not life.back and visits and visits[-1] >= life.removed and fate != "gone":
                yield f"{life.url} is gone and is {fate}"
            known = catalogue.article(life.id)
            # Two visits after it: a run takes minutes, in which a page may pass from hourly to daily visits.
            edited = life.edited
            saw_both = edited and visits and visits[0] < edited and sum(at >= edited for at in visits) > 1
            if known and saw_both and known.revision != 2:
                yield f"{life.url} was edited and has revision {known.revision}"


def main(days: float = 30, articles: int = 3000) -> int:
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), start=datetime(2026, 11, 1, tzinfo=UTC), days=days, articles=articles)
    ratio = outcome.requests / outcome.least
    print(f"{outcome.runs} runs, {outcome.requests} requests, {ratio:.3f} of the least possible")
    print(
        f"{outcome.rate:.2f} requests a second while at work, {outcome.closest:.2f} s at least between two,"
        f" {outcome.most_at_once} at once; the longest run took {outcome.longest.total_seconds():.0f} s"
    )
    for trouble in outcome.troubles:
        print(trouble)
    for problem in outcome.problems:
        print(f"PROBLEM {problem}")
    print(f"{outcome.seconds:.0f} s of processor time")
    return int(bool(outcome.problems) or ratio > 1.1 or outcome.rate > 1 or outcome.most_at_once > 2)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3])))

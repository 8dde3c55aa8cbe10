"""What must hold for a run to be well: limits, comparisons with earlier runs, and who is told when it is not.

The limits are the settings ``MONITOR_*``. The judging is Spidermon's, one class a monitor; notices go out through
:mod:`vovcrawler.notices`. A monitor that could not run counts as failed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import median
from typing import Any, ClassVar, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from spidermon import Monitor, MonitorSuite
from spidermon.results.monitor import MonitorResult
from spidermon.runners import MonitorRunner

from vovcrawler import context, dates, notices
from vovcrawler.catalogue.coverage import Balance
from vovcrawler.runs import Tally

logger = logging.getLogger(__name__)

_PASSED = "OK"


class RunMonitor(Monitor):  # type: ignore[misc]
    """What the monitors of a run share; each says in its message what is, and what was to be."""

    @property
    def crawler(self) -> Crawler:
        crawler: Crawler = self.data.crawler
        return crawler

    @property
    def stats(self) -> Mapping[str, Any]:
        return self.crawler.stats.get_stats()

    @property
    def tally(self) -> Tally:
        """The numbers of this run."""
        return Tally.of(self.stats)

    @property
    def seconds(self) -> float:
        """How long this run took."""
        return (context.clock(self.crawler)() - context.run(self.crawler).started_at).total_seconds()

    def limit(self, name: str) -> float:
        """Return the setting ``MONITOR_<name>``."""
        return self.crawler.settings.getfloat(f"MONITOR_{name}")

    def shares(self, name: str) -> dict[str, float]:
        """Return the setting ``MONITOR_<name>``, a share for each field or layout/field."""
        given = self.crawler.settings.getdict(f"MONITOR_{name}")
        return {field: float(share) for field, share in given.items()}

    def earlier(self, *, like: bool = False) -> list[dict[str, Any]]:
        """Return the reports of earlier runs that ended well, the latest first; of runs *like* this one ten."""
        run, catalogue = context.run(self.crawler), context.catalogue(self.crawler)
        if not like:
            return catalogue.reports(limit=100)
        hour = run.started_at.astimezone(dates.VIETNAM).hour
        return catalogue.reports(limit=10, spider=run.spider, arguments=run.arguments, hour=hour)


class ArticlesMonitor(RunMonitor):
    """Enough articles were read (``MONITOR_ITEMS_MIN``)."""

    def test_articles(self) -> None:
        least, read = self.limit("ITEMS_MIN"), self.tally.articles
        if read < least:
            self.fail(f"{read} articles were read, {least:g} at least were to be")


class ErrorsMonitor(RunMonitor):
    """Few errors: pages that failed, and errors in the log (``MONITOR_ERRORS_MAX``)."""

    def test_errors(self) -> None:
        logged = sum(self.stats.get(f"log_count/{level}", 0) for level in ("ERROR", "CRITICAL"))
        most, errors = self.limit("ERRORS_MAX"), self.tally.failed + logged
        if errors > most:
            self.fail(f"{errors} errors ({self.tally.failed} pages, {logged} in the log), {most:g} at most")


class RefusalsMonitor(RunMonitor):
    """Few pages were refused (``MONITOR_REFUSALS_MAX``)."""

    def test_refusals(self) -> None:
        most, refused = self.limit("REFUSALS_MAX"), self.tally.refused
        if refused > most:
            self.fail(f"{refused} pages were refused, {most:g} at most")


class DurationMonitor(RunMonitor):
    """The run did not take too long (``MONITOR_DURATION_MAX``, in seconds)."""

    def test_duration(self) -> None:
        most, took = self.limit("DURATION_MAX"), self.seconds
        if took > most:
            self.fail(f"the run took {took:.0f} s, {most:g} at most")


class CoverageMonitor(RunMonitor):
    """What the site listed in the last week before today is held (``MONITOR_COVERAGE_MIN``)."""

    def test_coverage(self) -> None:
        balance = last_week(self.crawler)
        # What waits for its turn is not lost; what a run was told to leave out, the next update fetches.
        balance.listed -= balance.fates["not_tried"] + balance.fates["missing"]
        least, share = self.limit("COVERAGE_MIN"), balance.share
        if balance.listed >= self.limit("SAMPLE") and share < least:
            self.fail(f"{share:.1%} of {balance.listed} articles of the last week are held, {least:.1%} at least")


class ListsMonitor(RunMonitor):
    """The lists still list: where they did in the last week, all those of a run do not give nothing."""

    def test_lists(self) -> None:
        asked = any(name in self.stats for name in ("discovery/unread", "discovery/missed", "discovery/broken"))
        found = any(name.startswith("discovery/listed/") and count for name, count in self.stats.items())
        if asked and not found and "discovery/unchanged" not in self.stats and self.data.reason == "finished":
            before = last_week(self.crawler).listed
            if before:
                self.fail(f"no list named any article, {before} were listed in the last week")


class LayoutMonitor(RunMonitor):
    """No layout lost a field: the shares of missing fields and of those that a later layer had to give.

    Judged are the last articles of each layout, ``MONITOR_SAMPLE`` of them, from as many runs as it takes.
    """

    # Name of a statistic, of its limits, and what it means.
    kinds: ClassVar[dict[str, tuple[str, str]]] = {
        "missing": ("MISSING_MAX", "lack {field}"),
        "fallback": ("FALLBACK_MAX", "have {field} from another source than the layout"),
    }

    def test_layouts(self) -> None:
        if problems := list(self._problems()):
            self.fail("; ".join(problems))

    def _problems(self) -> Iterator[str]:
        runs = [self.stats, *(report["stats"] for report in self.earlier())]
        sample, rise = int(self.limit("SAMPLE")), self.limit("DRIFT_MAX")
        for layout in _names(self.stats, "extract/layout/"):
            now, before = _halves(runs, layout, sample)
            if _articles(now, layout) < sample:
                continue
            for kind, (limits, meaning) in self.kinds.items():
                for field in _names(now, f"extract/{kind}/{layout}/"):
                    share, was = (_share(part, kind, layout, field) for part in (now, before))
                    given = self.shares(limits)
                    most = given.get(f"{layout}/{field}", given.get(field, 1.0))
                    said = f"{share:.0%} of the last {layout} pages {meaning.format(field=field)}"
                    if share > most:
                        yield f"{said}, {most:.0%} at most"
                    elif _articles(before, layout) >= sample and share > was + rise:
                        yield f"{said}, before it were {was:.0%}"


class UsualMonitor(RunMonitor):
    """The run is like the last ten of the same hour, by their median (``MONITOR_MEDIAN_FACTOR``)."""

    def test_usual(self) -> None:
        if problems := list(self._problems()):
            self.fail("; ".join(problems))

    def _problems(self) -> Iterator[str]:
        reports, factor = self.earlier(like=True), self.limit("MEDIAN_FACTOR")
        if len(reports) < 3:
            return
        found, usual = self.tally.new + self.tally.revised, median(r["new"] + r["revised"] for r in reports)
        if found < usual / factor and usual >= 2 * factor:
            yield f"{found} articles are new or revised, {usual:g} usually"
        for name, now, slack in (
            ("failed", self.tally.failed, 20),
            ("refused", self.tally.refused, 10),
            ("seconds", self.seconds, 300),
        ):
            usual = median(_seconds(r) if name == "seconds" else r[name] for r in reports)
            if now > usual * factor + slack:
                yield f"{now:.0f} {name}, {usual:.0f} usually"


class RunSuite(MonitorSuite):  # type: ignore[misc]
    """All monitors of a run."""

    monitors: ClassVar[list[type[Monitor]]] = [
        ArticlesMonitor,
        ErrorsMonitor,
        RefusalsMonitor,
        DurationMonitor,
        CoverageMonitor,
        ListsMonitor,
        LayoutMonitor,
        UsualMonitor,
    ]


class Monitors:
    """The extension that judges a run when it is over and has notices sent when it is not well."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.suite = RunSuite(monitors_failed_actions=notices.actions(crawler), crawler=crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if context.replaying(crawler) or not crawler.settings.getbool("MONITORS_ENABLED"):
            raise NotConfigured
        monitors = cls(crawler)
        crawler.signals.connect(monitors.judge, signals.spider_closed)
        return monitors

    def judge(self, reason: str) -> None:
        """Run all monitors; what failed, and could not run, stands in the statistics and so in the report."""
        stats = self.crawler.stats
        # In case that judging itself breaks: Scrapy goes on after what goes wrong in a signal.
        stats.set_value("monitors/failed", "they could not run")
        balance = last_week(self.crawler)
        stats.set_value("coverage/last_week", {"listed": balance.listed, **balance.fates, "share": balance.share})
        result = MonitorRunner().run(
            self.suite,
            stats=dict(stats.get_stats()),
            crawler=self.crawler,
            spider=self.crawler.spider,
            reason=reason,
        )
        verdicts = verdict(result)
        stats.set_value("monitors/ran", len(verdicts))
        stats.set_value("monitors/verdicts", verdicts)
        failed = {name: said for name, said in verdicts.items() if said != _PASSED}
        for name, said in failed.items():
            logger.warning("Monitor failed: %s: %s", name, said)
        stats.set_value("monitors/failed", "; ".join(f"{name}: {said}" for name, said in failed.items()))
        for sent in result.monitors_failed_action_results:
            stats.set_value(f"monitors/notices/{sent.action.name}", sent.status)
            if sent.error:
                problem = notices.without_secrets(sent.error.strip().splitlines()[-1], self.crawler.settings)
                logger.error("Notice not sent by %s: %s", sent.action.name, problem)


def verdict(result: MonitorResult) -> dict[str, str]:
    """Return what each monitor says: ``OK``, what is wrong, or why it could not run."""
    said = {}
    for one in result.monitor_results:
        if one.status == "FAIL":
            said[one.monitor.monitor_name] = one.reason
        elif one.status == _PASSED:
            said[one.monitor.monitor_name] = _PASSED
        else:
            why = (one.error or one.reason or one.status).strip().splitlines()[-1]
            said[one.monitor.monitor_name] = f"it could not run ({why})"
    absent = {monitor.__name__ for monitor in RunSuite.monitors} - said.keys()
    return said | dict.fromkeys(sorted(absent), "it could not run")


# ---- counting over days and runs


def last_week(crawler: Crawler) -> Balance:
    """Return what was listed for the seven days before today, and what became of it."""
    today = dates.vietnam_day(context.clock(crawler)())
    balance = Balance()
    for entry in context.catalogue(crawler).entries(today - timedelta(days=7), today - timedelta(days=1)):
        balance.add(entry)
    return balance


def _names(stats: Mapping[str, Any], prefix: str) -> list[str]:
    return sorted(name.removeprefix(prefix) for name in stats if name.startswith(prefix))


def _articles(stats: Mapping[str, Any], layout: str) -> int:
    count: int = stats.get(f"extract/layout/{layout}", 0)
    return count


def _share(stats: Mapping[str, Any], kind: str, layout: str, field: str) -> float:
    lacking: int = stats.get(f"extract/{kind}/{layout}/{field}", 0)
    return lacking / max(1, _articles(stats, layout))


def _halves(runs: list[Mapping[str, Any]], layout: str, sample: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counts of the latest *runs* that have *sample* articles of a layout, and of those before."""
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    for stats in runs:
        part = now if _articles(now, layout) < sample else before
        for name, count in stats.items():
            if name.startswith("extract/") and f"/{layout}" in name:
                part[name] = part.get(name, 0) + count
    return now, before


def _seconds(report: Mapping[str, Any]) -> float:
    began, ended = (dates.parse(report[name]) for name in ("started_at", "finished_at"))
    return (ended - began).total_seconds() if began and ended else 0.0

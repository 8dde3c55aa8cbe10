"""The parts of a report: which plots there are, and what they are called in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vovcrawler import dates
from vovcrawler.catalogue import RunRow
from vovcrawler.catalogue.coverage import in_all, largest, percent
from vovcrawler.catalogue.numbers import Ranked
from vovcrawler.report import plots
from vovcrawler.report.figures import DELAYS, FIELDS, Figures, periods

_NOTHING_YET = "Nothing to show yet. {}"
_PER_ROW = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of the page; without a plot it says kindly why there is none."""

    slug: str
    title: str
    told: str
    plot: str | None = None
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()


def sections(figures: Figures) -> Iterator[Section]:
    """Yield the parts in the order of the page."""
    yield _published(figures)
    yield _hours(figures)
    yield _edits(figures)
    yield _ranking(
        *("most-edited", "Most edited", figures.edited, "edits"),
        "No article has been seen in a second version so far.",
    )
    yield _ranking(
        *("most-linked", "Most linked", figures.linked, "articles that call it related"),
        "No article names another one as related so far.",
    )
    yield _copies(figures)
    yield _coverage(figures)
    yield _completeness(figures)
    yield _runs(figures)


def _published(figures: Figures) -> Section:
    slug = "published"
    if not figures.days:
        told = _NOTHING_YET.format("Articles with a time of publication will stand here by day and section.")
        return Section(slug=slug, title="Articles a day", told=told)
    kind, names, series = periods(figures.days)
    title = f"Articles a {kind}, by section"
    total = sum(figures.days.values())
    told = f"{count(total, 'article')} in {count(len(names), kind)}; {_largest(series)}."
    rows = [(name, *(series[part][place] for part in series)) for place, name in enumerate(names)]
    labels = [name[5:] if kind == "day" and names[0][:4] == names[-1][:4] else name for name in names]
    return Section(
        slug=slug,
        title=title,
        told=told,
        head=(kind, *series),
        rows=rows,
        plot=plots.stacked(slug, f"{title}: {told}", labels, series),
    )


def _largest(series: dict[str, list[int]]) -> str:
    totals = {name: sum(values) for name, values in series.items() if name != "others"}
    (name, most), *others = sorted(totals.items(), key=lambda entry: -entry[1])
    if not others:
        return f"all of them in {name}"
    return (
        f"the most of them, {most:,}, in {name}" if most > others[0][1] else f"in {count(len(totals), 'section')}"
    )


def _hours(figures: Figures) -> Section:
    slug, title = "hours", "Hour of publication"
    if not figures.hours:
        return Section(slug=slug, title=title, told=_NOTHING_YET.format("No article says when it was published."))
    names = [f"{hour:02d}" for hour in range(24)]
    values = [figures.hours[hour] for hour in range(24)]
    most = max(values)
    told = f"{count(sum(values), 'article')} by the hour at which they came out"
    if values.count(most) == 1:
        told += f", the most of them, {most:,}, between {values.index(most)}:00 and {values.index(most) + 1}:00"
    told += "."
    return Section(
        slug=slug,
        title=title,
        told=told,
        head=("hour", "articles"),
        rows=list(zip(names, values, strict=True)),
        plot=plots.columns(slug, f"{title}: {told}", names, values, "hour of the day in Vietnam"),
    )


def _edits(figures: Figures) -> Section:
    slug, title = "edits", "Edits after publication"
    total = sum(figures.delays.values())
    if not total:
        told = "No article has been seen to change so far. Pages are visited again as REVISIT_AFTER says."
        return Section(slug=slug, title=title, told=told)
    values = [figures.delays[name] for name in DELAYS]
    told = (
        f"{count(total, 'edit')} of headline, lead or body, by when they were first seen: within that time after"
        " publication, and not within the time before. They are seen when a page is visited again, not when made."
    )
    return Section(
        slug=slug,
        title=title,
        told=told,
        head=("within", "edits"),
        rows=list(zip(DELAYS, values, strict=True)),
        plot=plots.columns(slug, f"{title}: {count(total, 'edit')}", DELAYS, values),
    )


def _ranking(slug: str, title: str, ranked: list[Ranked], unit: str, nothing: str) -> Section:
    if not ranked:
        return Section(slug=slug, title=title, told=nothing)
    names, values = [one.headline or one.id for one in ranked], [one.number for one in ranked]
    told = f"The {len(ranked)} articles with most {unit}." if len(ranked) > 1 else f"The article with most {unit}."
    return Section(
        slug=slug,
        title=title,
        told=told,
        head=("article", unit),
        rows=[(one, one.number) for one in ranked],
        plot=plots.ranking(slug, f"{title}: {names[0]} comes first with {values[0]}", names, values),
    )


def _copies(figures: Figures) -> Section:
    slug, title, counts = "copies", "Copies", figures.counts
    if not figures.clusters:
        return Section(slug=slug, title=title, told="No text stands in the archive twice, nor nearly so.")
    names = [one.members[0].headline or one.members[0].id for one in figures.clusters]
    values = [len(one.members) for one in figures.clusters]
    told = (
        f"{count(counts.copies, 'exact copy', 'exact copies')} of an earlier article and"
        f" {count(counts.near_copies, 'near copy', 'near copies')}. The largest groups, by their first article:"
    )
    return Section(
        slug=slug,
        title=title,
        told=told,
        head=("first article", "its id", "articles in the group"),
        rows=[(n, one.members[0].id, len(one.members)) for n, one in zip(names, figures.clusters, strict=True)],
        plot=plots.ranking(slug, f"{title}: the largest group has {count(values[0], 'article')}", names, values),
    )


def _coverage(figures: Figures) -> Section:
    slug, title = "coverage", "Coverage"
    if not figures.coverage:
        told = "No list of the site has been read so far; scrapy crawl discovery and scrapy update read them."
        return Section(slug=slug, title=title, told=told)
    days = sorted({day for day, _ in figures.coverage})
    kept = largest(((name, balance.listed) for (_, name), balance in figures.coverage.items()), _PER_ROW)
    shares = [[_share(figures, day, name) for day in days] for name in kept]
    total = in_all(figures.coverage.values()).share
    told = (
        f"{percent(total)} of what the site listed for {count(len(days), 'day')} and has not taken away is held:"
        " the stronger a cell, the more of its day and section (in percent where there is room)."
    )
    rows = [
        (
            str(day),
            name,
            balance.listed,
            *(balance.fates[fate] for fate in ("captured", "unchanged", "gone")),
            balance.fates["refused"] + balance.fates["failed"],
            balance.fates["missing"] + balance.fates["not_tried"],
        )
        for (day, name), balance in sorted(figures.coverage.items())
    ]
    return Section(
        slug=slug,
        title=title,
        told=told,
        rows=rows,
        head=("day", "section", "listed", "captured", "unchanged", "gone", "refused or failed", "missing"),
        plot=plots.heat(
            slug, f"{title} by day and section: {percent(total)}", kept, [_day(day) for day in days], shares
        ),
    )


def _share(figures: Figures, day: date, name: str) -> float | None:
    balance = figures.coverage.get((day, name))
    return balance.share if balance else None


def _day(day: date) -> str:
    return f"{day.day}/{day.month}"


def _completeness(figures: Figures) -> Section:
    slug, title = "completeness", "Completeness of fields, by layout"
    if not figures.layouts:
        return Section(slug=slug, title=title, told=_NOTHING_YET.format("No page has been read so far."))
    layouts = sorted(figures.layouts, key=lambda name: (-figures.layouts[name].records, name))
    shares = [
        [figures.layouts[name].filled[one] / figures.layouts[name].records for one in FIELDS] for name in layouts
    ]
    told = (
        "How many percent of the articles that were read from a layout have the field. Not every article has each."
    )
    rows = [
        (name, figures.layouts[name].records, *(figures.layouts[name].filled[one] for one in FIELDS))
        for name in layouts
    ]
    names = [f"{name} ({figures.layouts[name].records:,})" for name in layouts]
    return Section(
        slug=slug,
        title=title,
        told=told,
        head=("layout", "articles", *FIELDS),
        rows=rows,
        plot=plots.heat(slug, f"{title}, in percent", names, FIELDS, shares),
    )


def _runs(figures: Figures) -> Section:
    slug, title = "runs", "Runs: times and errors"
    if not figures.runs:
        return Section(slug=slug, title=title, told="No run has been recorded so far.")
    well = [one.exit_code in (0, None) for one in figures.runs]
    bad, endless = well.count(False), sum(one.exit_code is None for one in figures.runs)
    told = f"The last {count(len(figures.runs), 'run')}, {bad or 'none'} of which (in red) ended badly"
    told += f"; {endless:,} still going on, or killed." if endless else "."
    rows = [
        (
            minute(one.started_at),
            one.spider,
            _ending(one),
            round(_minutes(one), 1),
            *(_number(one, name) for name in ("pages", "new", "revised", "gone", "refused", "failed")),
        )
        for one in reversed(figures.runs)
    ]
    return Section(
        slug=slug,
        title=title,
        told=told,
        rows=rows,
        head=("started", "spider", "end", "minutes", "pages", "new", "revised", "gone", "refused", "failed"),
        plot=plots.runs(
            slug,
            f"{title}: {told}",
            [minute(one.started_at)[5:] for one in figures.runs],
            [_minutes(one) for one in figures.runs],
            well,
            [_number(one, "refused") + _number(one, "failed") for one in figures.runs],
        ),
    )


def _ending(run: RunRow) -> str:
    if run.finished_at is None:
        return "still going on, or killed"
    return "done" if run.exit_code == 0 else f"exit code {run.exit_code}: {run.reason}"


def _minutes(run: RunRow) -> float:
    finished = datetime.fromisoformat(run.finished_at or run.started_at)
    return (finished - datetime.fromisoformat(run.started_at)).total_seconds() / 60


def _number(run: RunRow, name: str) -> int:
    return int((run.report or {}).get(name) or 0)


def minute(moment: str) -> str:
    """Return the ISO time *moment* to the minute, in Vietnam."""
    return datetime.fromisoformat(moment).astimezone(dates.VIETNAM).strftime("%Y-%m-%d %H:%M")


def count(number: int, one: str, many: str | None = None) -> str:
    """Return so many of something.

    >>> count(1, "copy", "copies"), count(1200, "article")
    ('1 copy', '1,200 articles')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"

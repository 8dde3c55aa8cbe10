"""What is on each page of the room: plain data, read from the catalogue."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from vovcrawler.catalogue import Catalogue, Found, Hit
from vovcrawler.catalogue.coverage import Balance, balances, in_all, largest
from vovcrawler.catalogue.search import COUNTED
from vovcrawler.differences import of_texts
from vovcrawler.facets import STATUSES, Filters, slug
from vovcrawler.queries import parse
from vovcrawler.room import links
from vovcrawler.room.asking import Asking, Feed, NotHere, Page
from vovcrawler.room.wording import Words
from vovcrawler.snippets import Run, marked

_LENGTH = 20
_COVERAGE_DAYS, _COVERAGE_SECTIONS = 28, 16


# ---- finding


def home(catalogue: Catalogue, asking: Asking) -> Page:
    """Today, the latest, the sections, and a month."""
    month = _month(asking, catalogue.newest_day())
    today = catalogue.search(parse(""), Filters(since=asking.today, until=asking.today), limit=6)
    latest = catalogue.search(parse(""), limit=_LENGTH + len(today.hits))
    shown = {hit.id for hit in today.hits}
    data = {
        "today_articles": [_card(hit) for hit in today.hits],
        "latest": [_card(hit) for hit in latest.hits if hit.id not in shown][:_LENGTH],
        "sections": [{"name": name, "articles": n} for name, n in catalogue.sections()],
        "extent": asdict(catalogue.extent()),
        "calendar": _calendar(catalogue, month),
    }
    return Page("room_home.html", data)


def results(catalogue: Catalogue, asking: Asking) -> Page:
    """What a search found."""
    given = {name: typed for name in Filters.__slots__ if (typed := asking.text(name))}
    filters = Filters.read(given, asking.today, option="{}")
    query = asking.text("q")
    words = Words(asking.language)
    title = words("results_for", q=query) if query else words("newest")
    return _list(
        catalogue, asking, query, filters, {"title": title, "q": query, "filters": given, "has_form": True}
    )


def section(catalogue: Catalogue, asking: Asking) -> Page:
    """The newest articles of a section."""
    found = asking.found["section"]
    newest = catalogue.search(parse(""), Filters(section=found), limit=1)
    if not newest.hits:
        raise NotHere(found)
    # As most articles print it; what is no outermost section, as its newest one does.
    names = [*newest.hits[0].record["section"], *(name for name, _ in reversed(catalogue.sections(500)))]
    title = {slug(name): name for name in names}.get(slug(found), found)
    return _list(catalogue, asking, "", Filters(section=found), {"title": title, "section": title})


def day(catalogue: Catalogue, asking: Asking) -> Page:
    """The articles that were published on a day."""
    try:
        asked = date.fromisoformat(asking.found["day"])
    except ValueError:
        raise NotHere(asking.found["day"]) from None
    more = {
        "title": Words(asking.language).long_date(asked),
        "day": asked.isoformat(),
        "calendar": _calendar(catalogue, asked.replace(day=1)),
    }
    return _list(catalogue, asking, "", Filters(since=asked, until=asked), more, length=100)


def _list(
    catalogue: Catalogue, asking: Asking, query: str, filters: Filters, more: dict[str, Any], length: int = _LENGTH
) -> Page:
    start = (asking.page - 1) * length
    found = catalogue.search(parse(query), filters, limit=length, offset=start if start < COUNTED else 0)
    if start >= COUNTED:  # nobody walks so far
        found = replace(found, hits=[])
    data = {
        **more,
        "total": min(found.total, COUNTED),
        "is_more": found.is_more,
        "page": asking.page,
        "pages": -(-min(found.total, COUNTED) // length),
        "articles": [_card(hit) for hit in found.hits],
        "statuses": STATUSES,
    }
    return Page("room_results.html", data, feed=_feed(str(more["title"]), found))


def _card(hit: Hit) -> dict[str, Any]:
    """An article in a list."""
    record = hit.record
    return {
        **{name: record[name] for name in ("id", "url", "headline", "lead", "published_at", "section", "outlet")},
        "byline": record["byline"],
        "language": record["language"],
        "state": hit.state,
        "revision": hit.revision,
        "duplicate_of": hit.duplicate_of,
        "snippet": marked(hit.snippet),
        "snippet_runs": _pieces(hit.snippet),
        "headline_runs": _pieces(hit.headline),
    }


def _pieces(runs: list[Run]) -> list[dict[str, Any]]:
    # Not asdict(), which takes longer than the search.
    return [{"text": run.text, "is_find": run.is_find} for run in runs]


def _feed(title: str, found: Found) -> Feed:
    entries = [
        {
            "title": hit.record["headline"] or hit.id,
            "href": links.article(hit.id),
            "at": hit.record["published_at"] or hit.record["captured_at"] or "1970-01-01T00:00:00Z",
            "text": hit.record["lead"] or "",
            "author": hit.record["byline"] or "",
        }
        for hit in found.hits
    ]
    return Feed(title=title, entries=entries)


# ---- time


def _month(asking: Asking, newest: date | None) -> date:
    asked = asking.args.get("month", "")
    try:
        return datetime.strptime(asked[:7], "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        # An article with a wrong year may be the newest for long.
        return min(newest or asking.today, asking.today).replace(day=1)


def _calendar(catalogue: Catalogue, month: date) -> dict[str, Any]:
    """A month as weeks of days, each with the number of its articles and how full that is, 0 to 4."""
    last = month.replace(day=months.monthrange(month.year, month.month)[1])
    counts = catalogue.days(month, last)
    most = max(counts.values(), default=0)
    weeks = [
        [
            {"day": day_, "articles": counts[day_], "fullness": _level(counts[day_], most)} if day_ else None
            for day_ in (month.replace(day=number) if number else None for number in week)
        ]
        # Numbers: the last week of the last month there is ends in a year that is none.
        for week in months.Calendar().monthdayscalendar(month.year, month.month)
    ]
    return {
        "month": month,
        "previous": _shifted(month, -1),
        "next": _shifted(last, 1),
        "weeks": weeks,
    }


def _shifted(day_: date, step: int) -> str | None:
    try:
        return f"{day_ + timedelta(days=step):%Y-%m}"
    except OverflowError:
        return None


def _level(count: int, most: int) -> int:
    """How full a cell is: 0 empty, 4 the fullest."""
    return 0 if not count else 1 + min(3, 4 * count // (most + 1))


# ---- what changed


def changes(catalogue: Catalogue, asking: Asking) -> Page:
    """Revisions, the newest first, with changes of headlines in view."""
    found = list(catalogue.changes(_LENGTH + 1, (asking.page - 1) * _LENGTH))
    told = [
        {**asdict(change), "difference": [asdict(piece) for piece in of_texts(change.before, change.headline)]}
        for change in found[:_LENGTH]
    ]
    entries = [
        {
            "title": change.headline or change.id,
            "href": links.of("revisions", change.id, to=change.revision),
            "at": change.at,
            "text": change.before or "" if change.before != change.headline else "",
        }
        for change in found[:_LENGTH]
    ]
    feed = Feed(title=Words(asking.language)("changes"), entries=entries)
    data = {"changes": told, "page": asking.page, "has_next": len(found) > _LENGTH}
    return Page("room_changes.html", data, feed=feed)


def gone(catalogue: Catalogue, asking: Asking) -> Page:
    """What the server answered in place of articles."""
    words = Words(asking.language)
    found = list(catalogue.answers(_LENGTH + 1, (asking.page - 1) * _LENGTH))
    entries = [
        {
            "title": answered.headline or answered.id,
            "href": links.article(answered.id),
            "at": answered.at,
            "text": words("answered", status=answered.status, when=words.when(answered.at)),
        }
        for answered in found[:_LENGTH]
    ]
    data = {
        "answers": [asdict(answered) for answered in found[:_LENGTH]],
        "page": asking.page,
        "has_next": len(found) > _LENGTH,
    }
    return Page("room_gone.html", data, feed=Feed(title=words("gone"), entries=entries))


# ---- how complete it is


def coverage(catalogue: Catalogue, asking: Asking) -> Page:
    """What the site listed and what of it is here, day by day and section by section."""
    until = asking.today
    since = until - timedelta(days=asking.number("days", _COVERAGE_DAYS, 366) - 1)
    told = balances(catalogue.entries(since, until))
    names = largest(((name, balance.listed) for (_, name), balance in told.items()), _COVERAGE_SECTIONS)
    days = sorted({day_ for day_, _ in told}, reverse=True)
    rows = [{"day": day_, "cells": [_cell(told.get((day_, name))) for name in names]} for day_ in days]
    total = in_all(told.values())
    data = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "sections": names,
        "rows": rows,
        "listed": total.listed,
        "fates": dict(total.fates),
        "missing": list(islice(catalogue.missing(), 200)),
    }
    return Page("room_coverage.html", data)


def _cell(balance: Balance | None) -> dict[str, Any] | None:
    if balance is None:
        return None
    return {
        "listed": balance.listed,
        "captured": balance.held,
        "share": balance.share,
        "level": 4 if balance.share == 1 else min(3, int(balance.share * 4)),
    }


def runs(catalogue: Catalogue, asking: Asking) -> Page:
    """The runs, the newest first."""
    start = (asking.page - 1) * _LENGTH
    found = list(catalogue.runs(_LENGTH + 1, start))
    data = {"runs": list(_runs(found[:_LENGTH])), "page": asking.page, "has_next": len(found) > _LENGTH}
    return Page("room_runs.html", data)


def _runs(rows: list[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        report = row.report or {}
        yield {
            **{
                name: getattr(row, name)
                for name in ("run", "spider", "started_at", "finished_at", "exit_code", "reason")
            },
            **{
                name: report.get(name)
                for name in ("pages", "new", "revised", "unchanged", "gone", "refused", "failed")
            },
            "seconds": _seconds(row.started_at, row.finished_at),
        }


def _seconds(start: str, end: str | None) -> int | None:
    if end is None:
        return None
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def run(catalogue: Catalogue, asking: Asking) -> Page:
    """The report of one run."""
    row = catalogue.run(asking.found["run"])
    if row is None:
        raise NotHere(asking.found["run"])
    return Page("room_run.html", {**asdict(row), "seconds": _seconds(row.started_at, row.finished_at)})

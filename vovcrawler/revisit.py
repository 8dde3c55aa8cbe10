"""When to visit a page again, and how to ask whether it has changed.

The younger an article, the sooner it is visited again; what has a validator is asked for conditionally, and
an answer of 304 counts as having seen it unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from vovcrawler import context, dates
from vovcrawler.catalogue import Page
from vovcrawler.errors import UsageTrouble
from vovcrawler.items import Article

NEVER = "9999-12-31T23:59:59.999999Z"
# A page that failed or was refused: how long to leave it alone, doubled each time.
_BACKOFF, _BACKOFF_MAX = timedelta(minutes=15), timedelta(days=7)
# A permanent redirect is believed so long; that of a list, without which much is not heard of, for a day.
_MOVED, _LIST_MOVED = timedelta(days=30), timedelta(days=1)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,6})([smhdw])")
# A longer time is as good as none that ends, and more than calendars and clocks can count.
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Revisits:
    """The steps of ``REVISIT_AFTER``: up to which age a page is visited how often. Older pages are not."""

    steps: tuple[tuple[timedelta, timedelta], ...]

    @classmethod
    def parse(cls, text: str | Sequence[str]) -> Self:
        """Read age:interval pairs; raises :class:`UsageTrouble`.

        >>> Revisits.parse("1d:1h,7d:1d").steps[1]
        (datetime.timedelta(days=7), datetime.timedelta(days=1))
        """
        pairs = text.split(",") if isinstance(text, str) else list(text)
        steps = []
        for pair in filter(None, (pair.strip() for pair in pairs)):
            age, colon, interval = pair.partition(":")
            if not colon or not (steps_of := (span(age), span(interval)))[0] or not steps_of[1]:
                raise UsageTrouble(f"REVISIT_AFTER has {pair!r}; say age:interval, such as 1d:1h,7d:1d,30d:7d.")
            steps.append(steps_of)
        return cls(tuple(sorted(steps)))  # type: ignore[arg-type]

    def due(self, born_at: str, visited_at: str, now: str | None = None) -> str:
        """Return when a page of an article that is there since *born_at* is due after a visit.

        A visit of years ago, of which is heard only *now*, brings none with it: the article is too old by then.

        >>> Revisits.parse("1d:1h").due("2026-11-21T08:00:00+07:00", "2026-11-21T02:00:00.000000Z")
        '2026-11-21T03:00:00.000000Z'
        """
        visited = datetime.fromisoformat(visited_at)
        age = visited - datetime.fromisoformat(born_at)
        for limit, interval in self.steps:
            if age < limit:
                due = dates.warc_date(visited + interval)
                is_late = now is not None and due < now and self.due(born_at, now) == NEVER
                return NEVER if is_late else due
        return NEVER


def span(text: str) -> timedelta | None:
    """Return the time that *text* such as "15m" or "7d" says, ``None`` when it says none or no time at all.

    >>> span("15m")
    datetime.timedelta(seconds=900)
    """
    match = _SPAN.fullmatch(text.strip().lower())
    span = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    return min(span, _LONGEST) if span else None


def retry_at(failures: int, visited_at: str, known_since: str | None = None) -> str:
    """Return when a page is due that has failed *failures* times in a row.

    The wait doubles up to a week; where it is told since when the page is known, up to a quarter of that time, if
    that is longer: pages that never give anything become more with the years, and what they cost must not.

    >>> retry_at(3, "2026-11-21T02:00:00.000000Z")
    '2026-11-21T03:00:00.000000Z'
    """
    visited = datetime.fromisoformat(visited_at)
    known = visited - datetime.fromisoformat(known_since) if known_since else timedelta()
    wait = min(_BACKOFF * 2 ** min(max(failures, 1) - 1, 16), max(_BACKOFF_MAX, known / 4))
    return dates.warc_date(visited + wait)


def moved_until(visited_at: str, *, is_list: bool = False) -> str:
    """Return until when a permanent redirect that was met at *visited_at* is believed."""
    return dates.warc_date(datetime.fromisoformat(visited_at) + (_LIST_MOVED if is_list else _MOVED))


def make_conditional(request: Request, page: Page) -> None:
    """Ask with *request* only for what is new since the last visit to *page*, when it has validators.

    A page that is no article is so asked for when the request says ``unless_changed`` in its meta; one that is
    asked for with ``Cache-Control: no-cache`` is wanted whole.
    """
    if page.state != "done" or page.variant or request.headers.get("Cache-Control") == b"no-cache":
        return
    if page.article is None and not request.meta.get("unless_changed"):
        return
    if page.etag:
        request.headers.setdefault("If-None-Match", page.etag)
    if page.last_modified:
        request.headers.setdefault("If-Modified-Since", page.last_modified)
    if page.etag or page.last_modified:
        request.meta["conditional"] = page.article


class NotModified:
    """Answers 304 with the last record, unchanged, in place of the spider's callback."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        # Here and not only in the frontier, whose making Scrapy cannot undo: a wrong setting ends the run early.
        Revisits.parse(crawler.settings["REVISIT_AFTER"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status == 304 and "conditional" in request.meta:
            meta = {**request.meta, "handle_httpstatus_all": True}
            response.request = request.replace(callback=self.unchanged, errback=None, cb_kwargs={}, meta=meta)
        return response

    def unchanged(self, response: Response) -> Iterator[Article]:
        """Yield the last record of the page that has not changed; a list has none."""
        self.crawler.stats.inc_value("pages/not_modified")
        if response.meta["conditional"] is None:
            self.crawler.stats.inc_value("discovery/unchanged")
            return
        article = context.catalogue(self.crawler).last_record(response.meta["conditional"])
        yield replace(article, status="unchanged", seq=None, hops=response.meta.get("depth", 0))

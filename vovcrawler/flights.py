"""Flights: the requests that have left the frontier and are not settled, and what has become of each so far.

Scrapy tells the pieces through signals and middlewares; here they are put together. What they mean for the
catalogue is the business of :mod:`vovcrawler.frontier`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from vovcrawler import context, dates
from vovcrawler.catalogue import Row
from vovcrawler.commits import Commits
from vovcrawler.items import Article

GONE = frozenset({404, 410})


@dataclass(slots=True, eq=False, kw_only=True)
class Flight:
    """One request on its way, with what is known of its fate."""

    row: Row
    key: tuple[str, str]
    request: Request
    # The answer that reached the spider, and the last one that came over the wire.
    response: Response | None = None
    wire_status: int | None = None
    # Its place among the answers.
    turn: int | None = None
    answered_at: str | None = None
    # Why there is no answer, and what went wrong with the one there is.
    exception: BaseException | None = None
    error: str | None = None
    # The same page once more (a retry), or the one that it moved to (a redirect).
    again: Request | None = None
    moved: Request | None = None
    # Links that had to wait for a commit, what the spider read, and the article that was recorded of it.
    links: list[Request] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    article: int | None = None


class Flights:
    """The flights of one crawl, found by their request, their row or what was read from them."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.by_request: dict[Request, Flight] = {}
        self.by_row: dict[int, Flight] = {}
        # Flights with an answer, in the order of their turns.
        self._answered: dict[int, Flight] = {}
        self._turns = count(1)
        # Whether the first requests of the spider are all in.
        self.started = False
        connect = crawler.signals.connect
        connect(self._downloaded, signals.response_downloaded)
        connect(self._received, signals.response_received)
        connect(self._spider_error, signals.spider_error)
        connect(self._item_error, signals.item_error)

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the flights of *crawler*."""
        return context.one_of(cls, crawler)

    def add(self, flight: Flight) -> None:
        """Let a flight begin."""
        flight.request.meta["page"] = flight.row.number
        self.by_request[flight.request] = flight
        self.by_row[flight.row.number] = flight

    def landed(self, in_progress: set[Request]) -> list[Flight]:
        """Remove and return, in order, the flights whose request is not among those *in_progress*."""
        landed = [flight for request, flight in self.by_request.items() if request not in in_progress]
        for flight in landed:
            del self.by_request[flight.request]
            del self.by_row[flight.row.number]
            if flight.turn is not None:
                del self._answered[flight.turn]
        return landed

    def of_request(self, request: Request | None) -> Flight | None:
        """Return the flight that *request* is, or is a copy of."""
        return self.by_row.get(request.meta.get("page", 0)) if request is not None else None

    def of_item(self, item: Any) -> Flight | None:
        """Return the flight whose page *item* was read from; pipelines are not told."""
        for flight in self.by_row.values():
            if any(item is known for known in flight.items):
                return flight
        return None

    def is_next(self, flight: object) -> bool:
        """Whether no answer came before that of *flight* whose page is still on its way."""
        return (
            not isinstance(flight, Flight) or flight.turn is None or flight is next(iter(self._answered.values()))
        )

    def _answer(self, flight: Flight) -> None:
        if flight.turn is None:
            flight.turn = next(self._turns)
            self._answered[flight.turn] = flight

    # ---- what Scrapy tells

    def _downloaded(self, response: Response, request: Request) -> None:
        if flight := self.of_request(request):
            flight.wire_status = response.status
            self._answer(flight)

    def _received(self, response: Response, request: Request) -> None:
        if flight := self.of_request(request):
            flight.response = response
            self._answer(flight)
            flight.answered_at = request.meta.get("captured_at") or dates.warc_date(context.clock(self.crawler)())

    def _spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        if flight := self.of_request(getattr(response, "request", None)):
            flight.error = f"callback: {type(failure.value).__name__}"

    def _item_error(self, response: Response | Failure | None, failure: Failure) -> None:
        if flight := self.of_request(getattr(response, "request", None)):
            flight.error = f"pipeline: {type(failure.value).__name__}"


class Unanswered:
    """The outermost downloader middleware: sees why a request ends without an answer."""

    def __init__(self, crawler: Crawler) -> None:
        self.flights = Flights.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> None:
        if flight := self.flights.of_request(request):
            flight.exception = exception


class Family:
    """The outermost spider middleware: sees whose child a request is, and when the first ones are all in.

    A spider that cannot ask the catalogue has not read its page: that ends the run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.commits = Commits.of(crawler)
        self.flights = Flights.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        with self.commits.guard(sqlite3.Error):
            async for output in start:
                if isinstance(output, Request):
                    _adopt(output, 0)
                yield output
            self.flights.started = True

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        flight = self.flights.of_request(response.request)
        with self.commits.guard(sqlite3.Error):
            async for output in result:
                if isinstance(output, Request):
                    # The very request of the page, yielded again, still stands for the page itself.
                    output = output.copy() if output is response.request else output
                    _adopt(output, flight.row.number if flight else 0)
                elif flight:
                    flight.items.append(output)
                yield output
            if flight and (article := await self._vanished(flight, response)):
                flight.items.append(article)
                yield article

    async def _vanished(self, flight: Flight, response: Response) -> Article | None:
        """Return the last record of an article whose page says that it is gone, which is noted in its turn."""
        if response.status not in GONE or is_absent(response) or not await self.commits.begin(flight):
            return None
        assert flight.answered_at is not None
        catalogue = context.catalogue(self.crawler)
        return catalogue.vanished(
            flight.row.page.number, flight.answered_at, response.status, response.meta.get("capture")
        )


def is_absent(response: Response) -> bool:
    """Whether a replay answered only that its source does not hold the page."""
    return "absent" in response.flags or bool(response.meta.get("absent"))


def _adopt(request: Request, parent: int) -> None:
    """Mark *request* as asked for by the page in row *parent*, also when its meta is a copy of that page's."""
    for name in ("page", "capture", "captured_at", "conditional", "refused", "no_article"):
        request.meta.pop(name, None)
    request.meta["parent"] = parent

"""When the next request may leave.

Scrapy spaces the requests of a host; here stands what it does not know. ``Retry-After`` holds the whole host,
also for requests that already wait for their turn; a host that refuses is left alone for longer and longer;
``Crawl-delay`` is kept; a run may have a budget. Every request asks in :mod:`vovcrawler.gate`. What counts as
a refusal, and when refusals end a run, lives in :mod:`vovcrawler.refusal`.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from vovcrawler import context, urls
from vovcrawler.commits import Commits
from vovcrawler.errors import Refused

logger = logging.getLogger(__name__)

_BUSY = frozenset({403, 429, 503})
# How often a request that waits looks whether the run is ending.
GLANCE = 0.2
_PORTS = frozenset({None, 80, 443})
_LONGEST_HOLD = timedelta(days=31)
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?")
# So wrong a clock may be; a date that is further off was never one of now.
_MOST_APART = timedelta(days=1)


class Unsent(IgnoreRequest):
    """A request that did not leave and stays for the next run."""

    # Read by the frontier, which then leaves the whole host to the next run.
    settles = False


@dataclass(slots=True, kw_only=True)
class Host:
    """How one host wants to be treated; times are those of the monotonic clock."""

    held_until: float = 0.0
    held_since: float = 0.0
    failures: int = 0
    crawl_delay: float = 0.0
    left_at: float = float("-inf")
    landed_at: float = float("-inf")
    flying: int = 0
    places: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Manners:
    """What a crawl knows of its hosts; all gates of the crawl ask the same one."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.backoff_start = settings.getfloat("BACKOFF_START")
        self.backoff_max = settings.getfloat("BACKOFF_MAX")
        self.hold_max = settings.getfloat("HOLD_MAX")
        self.budget = settings.getint("REQUESTS_MAX") or float("inf")
        # With no delay, Scrapy lets more leave at once than it says.
        self.at_once = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self.hosts: defaultdict[str, Host] = defaultdict(lambda: Host(places=asyncio.Semaphore(self.at_once)))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        manners = cls(crawler)
        crawler.signals.connect(manners.recall, signals.spider_opened)
        crawler.signals.connect(manners.robots_parsed, signals.robots_parsed)
        return manners

    def admits(self, request: Request) -> bool:
        """Whether *request* goes to a host that this crawl may ask."""
        allowed = getattr(self.crawler.spider, "allowed_hosts", urls.ALLOWED_HOSTS)
        if may_leave(request.url, allowed):
            return True
        self.crawler.stats.inc_value("politeness/foreign")
        logger.info("Not asked, a foreign host: %s", request.url)
        return False

    def recall(self) -> None:
        """Take up the holds that hosts asked for in earlier runs."""
        if context.replaying(self.crawler):
            return
        now, commits = context.clock(self.crawler)(), Commits.of(self.crawler)
        with commits.guard():
            for host, until in commits.catalogue.holds(now).items():
                self._hold(host, (until - now).total_seconds())

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the ``Crawl-delay`` of a host."""
        settings = self.crawler.settings
        agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent) or 0.0
        if delay > self.delay:
            logger.info("%s asks for %g seconds between requests", host_of(request.url), delay)
        self.hosts[host_of(request.url)].crawl_delay = delay

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[float]:
        """Wait until a request may leave for *host*, and hold its place until it is answered.

        Gives the time at which it left; raises :class:`Unsent` when the run ends before.
        """
        state = self.hosts[host]
        async with state.places:
            async with state.turn:
                await self._wait(host, state)
                state.left_at = monotonic()
            state.flying += 1
            try:
                yield state.left_at
            finally:
                state.flying -= 1
                state.landed_at = monotonic()

    def heard(self, host: str, response: Response, left_at: float) -> None:
        """Take note of an answer to a request that left at *left_at*."""
        if response.status not in _BUSY:
            return
        now = context.clock(self.crawler)()
        stated, sent = ((response.headers.get(name) or b"").decode("latin-1") for name in ("Retry-After", "Date"))
        # A date is told by the clock of the server, which need not be ours.
        theirs = _date(sent)
        asked = retry_after(stated, theirs if theirs and abs(theirs - now) < _MOST_APART else now)
        if asked:
            self._hold(host, asked.total_seconds())
            commits = Commits.of(self.crawler)
            with commits.guard():
                commits.catalogue.hold(host, now + asked)
            self.crawler.stats.inc_value("politeness/retry_after")
        else:
            self.refused(host, left_at)

    def refused(self, host: str, left_at: float | None = None) -> None:
        """Leave *host* alone for a while, longer with each refusal in a row."""
        state = self.hosts[host]
        # Requests that were under way when the host refused belong to the same refusal.
        if (state.left_at if left_at is None else left_at) < state.held_since:
            return
        state.failures += 1
        longest = min(self.backoff_max, self.backoff_start * 2 ** min(state.failures - 1, 30))
        self._hold(host, longest * random.uniform(0.75, 1))
        self.crawler.stats.inc_value("politeness/backoff")

    def welcome(self, host: str) -> None:
        """Take note that *host* gave what was asked for."""
        self.hosts[host].failures = 0

    def _hold(self, host: str, seconds: float) -> None:
        state = self.hosts[host]
        state.held_since = monotonic()
        state.held_until = max(state.held_until, state.held_since + seconds)
        self.say_held(host, seconds)

    @staticmethod
    def say_held(host: str, seconds: float) -> None:
        """Log that *host* is left alone."""
        logger.info("No request to %s for %.1f seconds", host, seconds)

    async def _wait(self, host: str, state: Host) -> None:
        while (wait := self._seconds(state)) > 0 and not self._is_ending():
            if state.held_until - monotonic() > self.hold_max:
                self._give_up(host, state)
            await asyncio.sleep(min(wait, GLANCE))
        if self._is_ending() or self._is_spent():
            raise Unsent("The run is ending")

    def _seconds(self, state: Host) -> float:
        # Scrapy's own delay varies from one half; this is for those that a hold has gathered.
        next_at = max(state.held_until, state.left_at + self.delay / 2, state.landed_at + state.crawl_delay)
        wait = next_at - monotonic()
        # One request finds out whether a host still refuses, and a crawl delay lies between answer and question.
        alone = state.failures or state.crawl_delay
        return max(wait, GLANCE / 10) if alone and state.flying else wait

    def _is_ending(self) -> bool:
        slot = self.crawler.engine._slot if self.crawler.engine else None
        return slot is None or slot.closing is not None

    def _is_spent(self) -> bool:
        self.budget -= 1
        if self.budget == -1:
            context.end(self.crawler, "budget")
        return self.budget < 0

    def _give_up(self, host: str, state: Host) -> None:
        until = context.clock(self.crawler)() + timedelta(seconds=state.held_until - monotonic())
        moment = until.astimezone(UTC)
        context.fail(
            self.crawler,
            Refused(f"{host} asks not to be asked again before {moment:%Y-%m-%d %H:%M:%S} UTC; the rest is kept."),
        )
        raise Unsent(f"{host} is held")


def may_leave(url: str, allowed: Collection[str]) -> bool:
    """Say whether the host of *url* is exactly one of *allowed*, at its usual port.

    >>> may_leave("https://vov.vn/a", {"vov.vn"})
    True
    >>> [may_leave(f"https://{host}/", {"vov.vn"}) for host in ("vov.vn.evil.com", "a.vov.vn", "vov.vn@evil.com")]
    [False, False, False]
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in allowed and port in _PORTS


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Return how long ``Retry-After: <value>`` asks to wait, ``None`` when it says nothing of use.

    >>> retry_after("120", datetime(2026, 11, 21, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    >>> retry_after("Sat, 21 Nov 2026 00:00:30 GMT", datetime(2026, 11, 21, tzinfo=UTC))
    datetime.timedelta(seconds=30)
    >>> retry_after("soon", datetime(2026, 11, 21, tzinfo=UTC))
    """
    value = value.strip()
    # RFC 9110 knows whole seconds only; some servers send "3.5" all the same.
    if _SECONDS.fullmatch(value):
        wait = timedelta(seconds=min(float(value), _LONGEST_HOLD.total_seconds()))
    elif moment := _date(value):
        wait = moment - now
    else:
        return None
    return min(wait, _LONGEST_HOLD) if wait > timedelta(0) else None


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""

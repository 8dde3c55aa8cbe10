"""The last gate before the wire: who may be asked at all, and when.

Scrapy spaces the requests of a host; here stands what it does not know. No request leaves for another host,
whatever asked for it. ``Retry-After`` holds the whole host, also for requests that already wait for their
turn; a host that refuses is left alone for longer and longer; ``Crawl-delay`` is kept. What counts as a
refusal, and when refusals end a run, lives in :mod:`vovcrawler.refusal`.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from vovcrawler import context, urls
from vovcrawler.errors import Refused

logger = logging.getLogger(__name__)

_BUSY = frozenset({403, 429, 503})
_PORTS = frozenset({None, 80, 443})
# How often a request that waits looks whether the run is ending.
_GLANCE = 0.2
_LONGEST_HOLD = timedelta(days=31)


class Unsent(IgnoreRequest):
    """A request that did not leave and stays for the next run."""

    # Read by the frontier: what ends so is not done with.
    settles = False

    # Read by the frontier, which then leaves the whole host to the next run.
    settles = False


@dataclass(slots=True)
class _Host:
    """How one host wants to be treated; times are those of the monotonic clock."""

    held_until: float = 0.0
    held_since: float = 0.0
    failures: int = 0
    crawl_delay: float = 0.0
    left_at: float = float("-inf")
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
        self.hosts: defaultdict[str, _Host] = defaultdict(_Host)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        manners = cls(crawler)
        crawler.signals.connect(manners.recall, signals.spider_opened)
        crawler.signals.connect(manners.robots_parsed, signals.robots_parsed)
        return manners

    def recall(self) -> None:
        """Take up the holds that hosts asked for in earlier runs."""
        if context.replaying(self.crawler):
            return
        now = context.clock(self.crawler)()
        for host, until in context.catalogue(self.crawler).holds(now).items():
            self._hold(host, (until - now).total_seconds())

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the ``Crawl-delay`` of a host."""
        settings = self.crawler.settings
        agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent) or 0.0
        if delay > self.delay:
            logger.info("%s asks for %g seconds between requests", _host(request.url), delay)
        self.hosts[_host(request.url)].crawl_delay = delay

    async def turn(self, host: str) -> float:
        """Wait until a request may leave for *host*; return when it left, or raise :class:`Unsent`."""
        state = self.hosts[host]
        async with state.turn:
            while (wait := self._wait(state)) > 0 and not self._ending():
                if state.held_until - monotonic() > self.hold_max:
                    self._give_up(host, state)
                await asyncio.sleep(min(wait, _GLANCE))
            if self._ending():
                raise Unsent("The run is ending")
            state.left_at = monotonic()
            return state.left_at

    def heard(self, host: str, response: Response, left_at: float) -> None:
        """Take note of an answer to a request that left at *left_at*."""
        if response.status not in _BUSY:
            return
        now = context.clock(self.crawler)()
        asked = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"), now)
        if asked:
            self._hold(host, asked.total_seconds())
            context.catalogue(self.crawler).hold(host, now + asked)
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
        logger.info("No request to %s for %.1f seconds", host, seconds)

    def _wait(self, state: _Host) -> float:
        # Scrapy's own delay varies from one half; this is for those that a hold has gathered.
        gap = max(state.crawl_delay, self.delay / 2)
        return max(state.held_until, state.left_at + gap) - monotonic()

    def _ending(self) -> bool:
        slot = self.crawler.engine._slot if self.crawler.engine else None
        return slot is None or slot.closing is not None

    def _give_up(self, host: str, state: _Host) -> None:
        until = context.clock(self.crawler)() + timedelta(seconds=state.held_until - monotonic())
        moment = until.astimezone(UTC)
        context.fail(
            self.crawler,
            Refused(f"{host} asks not to be asked again before {moment:%Y-%m-%d %H:%M:%S} UTC; the rest is kept."),
        )
        raise Unsent(f"{host} is held")


class Gate(HTTP11DownloadHandler):
    """Scrapy's HTTP handler behind the last question: may this request leave, and when?"""

    async def download_request(self, request: Request) -> Response:
        manners = self._crawler.get_extension(Manners)
        assert manners is not None, "EXTENSIONS must have vovcrawler.politeness.Manners"
        allowed = getattr(self._crawler.spider, "allowed_hosts", urls.ALLOWED_HOSTS)
        if not may_leave(request.url, allowed):
            self._crawler.stats.inc_value("politeness/foreign")
            logger.info("Not asked, a foreign host: %s", request.url)
            raise IgnoreRequest(f"Foreign host: {request.url}")
        host = _host(request.url)
        left_at = await manners.turn(host)
        response = await super().download_request(request)
        manners.heard(host, response, left_at)
        return response


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
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:12]), _LONGEST_HOLD.total_seconds()))
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(wait, _LONGEST_HOLD) if wait > timedelta(0) else None


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""

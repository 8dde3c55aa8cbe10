"""When the next request of any worker may leave: the manners of a crawl, kept by all workers together.

What holds for a host stands in Redis: who is asking it now, when the next one may, until when it is left alone.
A place that a worker held when it died is free again with its lease.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from uuid import uuid4

from redis.exceptions import RedisError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.robotstxt import RobotParser

from vovcrawler.politeness import GLANCE, Host, Manners, Unsent, host_of
from vovcrawler.scaleout import scripts
from vovcrawler.scaleout.shared import Shared


class SharedManners(Manners):
    """What all workers know of their hosts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.shared = shared = Shared.of(crawler)
        self._turn, self._landed = shared.script(scripts.TURN), shared.script(scripts.LANDED)
        self._held, self._refused = shared.script(scripts.HOLD), shared.script(scripts.REFUSED)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[float]:
        """Wait until a request of this worker may leave for *host*, and hold its place until it is answered.

        Gives the time at which it left, by the clock of Redis.
        """
        state, token = self.hosts[host], uuid4().hex
        async with state.places:
            async with state.turn:
                left_at = await self._take_place(host, state, token)
            try:
                yield left_at
            finally:
                self._free(host, token)

    async def _take_place(self, host: str, state: Host, token: str) -> float:
        delay = round(self.delay * random.uniform(0.5, 1.5) * 1000)
        while not (self._is_ending() or self.shared.lost):
            with self._guard():
                may_leave, number, is_held = self._turn(
                    keys=[self.shared.key("workers"), *self._keys(host)],
                    args=[self.shared.worker, token, self.at_once, delay],
                )
                if may_leave:
                    if not self._is_spent():
                        return float(number)
                    self._free(host, token)
                    break
                wait = number / 1000
                state.held_until = monotonic() + wait if is_held else 0.0
                if is_held and wait > self.hold_max:
                    self._give_up(host, state)
                await asyncio.sleep(min(wait, GLANCE))
        raise Unsent("The run is ending")

    def _free(self, host: str, token: str) -> None:
        with suppress(Unsent), self._guard():
            self._landed(keys=self._keys(host), args=[token])

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the ``Crawl-delay`` of a host, for all workers."""
        super().robots_parsed(robotparser, request)
        host = host_of(request.url)
        with suppress(Unsent), self._guard():
            delay = round(self.hosts[host].crawl_delay * 1000)
            self.shared.client.hset(self._keys(host)[0], "crawl_delay", str(delay))

    def refused(self, host: str, left_at: float | None = None) -> None:
        """Have all workers leave *host* alone for a while, longer with each refusal in a row."""
        left = "" if left_at is None else round(left_at)
        first, longest = round(self.backoff_start * 1000), round(self.backoff_max * 1000)
        with suppress(Unsent), self._guard():
            share = random.uniform(0.75, 1)
            if wait := self._refused(keys=self._keys(host)[:1], args=[left, first, longest, share]):
                self.say_held(host, wait / 1000)
                self.crawler.stats.inc_value("politeness/backoff")

    def welcome(self, host: str) -> None:
        with suppress(Unsent), self._guard():
            self.shared.client.hset(self._keys(host)[0], "failures", "0")

    def _hold(self, host: str, seconds: float) -> None:
        with suppress(Unsent), self._guard():
            self._held(keys=self._keys(host)[:1], args=[round(seconds * 1000)])
            self.say_held(host, seconds)

    def _keys(self, host: str) -> list[str]:
        return [self.shared.key("host", host), self.shared.key("host", host, "places")]

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """End the run when Redis is lost, and the request at hand with it."""
        try:
            yield
        except RedisError as error:
            with suppress(CloseSpider):
                self.shared.lose(error)
            raise Unsent("Redis is lost") from error

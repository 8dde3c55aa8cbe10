"""The real crawl in this process, against the replica without a wire: tens of milliseconds a run.

Everything but the socket is real: settings, middlewares, frontier, catalogue, feed, monitors. What is of the wire
itself (delays, cut bodies, proxies, signals, exit of the process) is tested through the command line.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from tests.conftest import read_feed
from tests.replica import Asked, Site
from tests.virtual_time import VirtualLoop, virtual_time
from vovcrawler import context, runs
from vovcrawler import settings as project
from vovcrawler.errors import Trouble
from vovcrawler.politeness import Manners, host_of

_SPIDERS = {
    "article": "vovcrawler.spiders.article.ArticleSpider",
    "checkup": "vovcrawler.spiders.checkup.CheckupSpider",
    "discovery": "vovcrawler.spiders.discovery.DiscoverySpider",
    "update": "vovcrawler.spiders.update.UpdateSpider",
}

_MANNERS = ("DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED", "BACKOFF_START", "BACKOFF_MAX", "ARCHIVE_ENABLED")


class World:
    """The one site and the one clock; both start anew with :meth:`reset`."""

    site: ClassVar[Site]
    log: ClassVar[list[Asked]] = []
    # Between the clock of the machine and ours; a clock that is set stands still but for a step with each look.
    _shift: ClassVar[timedelta] = timedelta(0)
    _set: ClassVar[datetime | None] = None
    # Runs in virtual time have a loop of their own, and an answer takes so many seconds of it.
    loop: ClassVar[VirtualLoop | None] = None
    latency: ClassVar[float] = 0.0

    @classmethod
    def reset(cls) -> None:
        """Begin with an empty site, at the time it is."""
        cls.site = Site(clock=cls.time)
        cls.site.encoding = None
        cls.log.clear()
        cls._shift, cls._set = timedelta(0), None
        cls.loop, cls.latency = None, 0.0

    @classmethod
    def time(cls) -> datetime:
        """Return the time it is."""
        if cls._set:
            return cls._set + timedelta(seconds=cls.loop.time() if cls.loop else 0)
        return datetime.now(UTC) + cls._shift

    @classmethod
    def go(cls, *, to: datetime) -> None:
        """Set the clock; from then on it goes by requests only."""
        cls._set = to

    @classmethod
    def wait(cls, span: timedelta) -> None:
        """Let time pass."""
        if cls._set:
            cls._set += span
        else:
            cls._shift += span

    @classmethod
    def asked(cls, *, robots: bool = False) -> list[str]:
        """Return the addresses asked for, in order."""
        return [line.url for line in cls.log if robots or not line.url.endswith("/robots.txt")]

    @classmethod
    def articles(cls) -> list[str]:
        """Return the addresses of articles asked for, in order."""
        return [url for url in cls.asked() if url.endswith(".vov")]

    @classmethod
    def counts(cls) -> Counter[str]:
        """Return how often each address was asked for."""
        return Counter(cls.asked())


def clock() -> datetime:
    """Return the time of the world: the setting ``CLOCK``."""
    if World._set and not World.loop:
        World._set += timedelta(milliseconds=1)
    return World.time()


class Wireless(BaseDownloadHandler):
    """Answers from the site of the world, behind the manners of the real gate."""

    async def download_request(self, request: Request) -> Response:
        manners = self.crawler.get_extension(Manners)
        if not manners.admits(request):
            raise IgnoreRequest("Foreign host")
        host = host_of(request.url)
        async with manners.turn(host) as left_at:
            response = await _answered(request)
            manners.heard(host, response, left_at)
        return response

    async def close(self) -> None:
        pass


async def _answered(request: Request) -> Response:
    """Return the answer when its time has come, or raise what a client of a slow server does."""
    began = World.loop.time() if World.loop else 0.0
    asked, response, delay = _answer(request, began)
    if World.loop:
        longest = request.meta.get("download_timeout", 60)
        await asyncio.sleep(min(World.latency + delay, longest))
        asked.ended = World.loop.time()
        request.meta["download_latency"] = asked.ended - began
        if delay >= longest:
            raise DownloadTimeoutError(f"Getting {request.url} took longer than {longest} seconds.")
    return response


def _answer(request: Request, began: float) -> tuple[Asked, Response, float]:
    if World._set and not World.loop:
        World._set += timedelta(seconds=1)
    headers = [(name.decode(), value.decode()) for name, values in request.headers.items() for value in values]
    at = began if World.loop else monotonic()
    asked = Asked(at, World.time(), request.method, request.url, headers)
    answer = World.site.answer(asked)
    asked.status = answer.status
    World.log.append(asked)
    payload = b"" if answer.status in (204, 304) else answer.payload()
    pairs = Headers()
    for line in answer.head(payload).decode().splitlines()[1:]:
        name, colon, value = line.partition(": ")
        if colon:
            pairs.appendlist(name, value)
    kind = responsetypes.from_args(headers=pairs, url=request.url, body=payload)
    response = kind(request.url, status=answer.status, headers=pairs, body=payload)
    return asked, response, answer.delay


@dataclass(frozen=True)
class Ended:
    """How a run ended: what the command line would give as exit code and say."""

    code: int
    said: str
    data: Path
    stats: dict[str, Any]
    spider: Spider | None

    def feed(self) -> list[dict[str, Any]]:
        """Return every record of the archive feed."""
        return read_feed(self.data)


Crawl = Callable[..., Ended]


def crawl(data: Path, spider: str, settings: dict[str, Any] | None = None, **arguments: Any) -> Ended:
    """Run *spider* to its end; its arguments as they come from a command line."""
    given = {name: str(value) for name, value in arguments.items()}
    return asyncio.run(_crawl(data, load_object(_SPIDERS[spider]), settings or {}, given))


def crawl_politely(data: Path, spider: str, settings: dict[str, Any] | None = None, **arguments: Any) -> Ended:
    """The same with the manners of the project and the archive, in virtual time from the time of the world on."""
    given = {name: str(value) for name, value in arguments.items()}
    polite = {name: getattr(project, name) for name in _MANNERS}
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        World.loop = loop
        try:
            with virtual_time(loop):
                return runner.run(
                    _crawl(data, load_object(_SPIDERS[spider]), {**polite, **(settings or {})}, given)
                )
        finally:
            ended = World.time()
            World.loop = None
            World.go(to=ended)


async def _crawl(data: Path, spider: type[Spider], more: dict[str, Any], arguments: dict[str, str]) -> Ended:
    settings = Settings()
    settings.setmodule("vovcrawler.settings", priority="project")
    ours = {
        "TWISTED_REACTOR_ENABLED": False,
        "LOG_ENABLED": False,
        "CLOCK": "tests.wireless.clock",
        "DATA_DIR": str(data),
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), Wireless),
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "BACKOFF_START": 0.001,
        "BACKOFF_MAX": 0.01,
        "ARCHIVE_ENABLED": False,
        **more,
    }
    settings.setdict(ours, priority="cmdline")
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(spider)
    try:
        await runner.crawl(crawler, **arguments)
    except Trouble as trouble:
        context.close(crawler)
        return Ended(trouble.exit_code, str(trouble), data, {}, None)
    report = crawler.get_extension(runs.Report)
    assert report is not None
    end = report.finish()
    assert crawler.stats is not None
    return Ended(end.exit_code, end.sentence or end.reason, data, dict(crawler.stats.get_stats()), crawler.spider)

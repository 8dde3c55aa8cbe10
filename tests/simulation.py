"""Months in minutes: the real crawl in this process, the replica without a wire, a clock that is set."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings

from tests.replica import Asked, Site, Story
from vovcrawler import runs, sections
from vovcrawler.dates import VIETNAM
from vovcrawler.politeness import Manners, host_of
from vovcrawler.spiders.update import UpdateSpider

_PLACES = list(sections.table())


class World:
    """The one site and the one clock of a simulation."""

    now = datetime(2026, 11, 1, tzinfo=UTC)
    site: Site
    asked: ClassVar[Counter[str]] = Counter()
    # What goes wrong now: a status for pages, or "challenge".
    trouble: str | int | None = None
    retry_after: int | None = None


def clock() -> datetime:
    """Return the time of the world; it goes on a little with each look."""
    World.now += timedelta(milliseconds=1)
    return World.now


class Wireless(BaseDownloadHandler):
    """Answers from the site of the world, with the manners of the real gate."""

    async def download_request(self, request: Request) -> Response:
        manners = self.crawler.get_extension(Manners)
        if not manners.admits(request):
            raise IgnoreRequest("Foreign host")
        host = host_of(request.url)
        async with manners.turn(host) as left_at:
            response = self._answer(request)
            manners.heard(host, response, left_at)
        return response

    def _answer(self, request: Request) -> Response:
        World.asked[request.url] += 1
        World.now += timedelta(seconds=1)
        headers = [(name.decode(), value.decode()) for name, all_ in request.headers.items() for value in all_]
        answer = World.site.answer(Asked(0.0, World.now, request.method, request.url, headers))
        if World.trouble == "challenge" and not request.url.endswith("robots.txt"):
            body = b"<title>Attention Required</title><script>window.location.href='/'</script>"
            return self._response(request, 200, Headers({"Content-Type": "text/html"}), body)
        if isinstance(World.trouble, int) and not request.url.endswith("robots.txt"):
            given = {"Retry-After": str(World.retry_after)} if World.retry_after else {}
            return self._response(request, World.trouble, Headers(given), b"")
        pairs = Headers()
        payload = b"" if answer.status in (204, 304) else answer.payload()
        for line in answer.head(payload).decode().splitlines()[1:]:
            name, colon, value = line.partition(": ")
            if colon:
                pairs.appendlist(name, value)
        return self._response(request, answer.status, pairs, payload)

    def _response(self, request: Request, status: int, headers: Headers, body: bytes) -> Response:
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(request.url, status=status, headers=headers, body=body)

    async def close(self) -> None:
        pass


def update(data: Path, **settings: Any) -> dict[str, Any]:
    """Run ``update`` once, now; return its report."""
    return asyncio.run(_update(data, settings))


async def _update(data: Path, more: dict[str, Any]) -> dict[str, Any]:
    settings = Settings()
    settings.setmodule("vovcrawler.settings", priority="project")
    ours = {
        "TWISTED_REACTOR_ENABLED": False,
        "LOG_ENABLED": False,
        "CLOCK": "tests.simulation.clock",
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
    crawler = runner.create_crawler(UpdateSpider)
    await runner.crawl(crawler)
    report = crawler.get_extension(runs.Report)
    assert report is not None
    end = report.finish()
    assert crawler.stats is not None
    return {"exit_code": end.exit_code, "reason": end.sentence or end.reason, "stats": crawler.stats.get_stats()}


# ---- what happens to the site


@dataclass
class Life:
    """What becomes of one article."""

    number: int
    born: datetime
    edited: datetime | None
    removed: datetime | None
    back: datetime | None

    @property
    def url(self) -> str:
        place = _PLACES[self.number % len(_PLACES)]
        return f"https://vov.vn/{place}/bai-so-{self.number}-post{10_000 + self.number}.vov"

    def story(self, edition: int) -> Story:
        place = _PLACES[self.number % len(_PLACES)]
        body = tuple(
            f"Đoạn {n} của bài {self.number}, {_words(self.number * 10 + n)}, lần {edition}." for n in range(3)
        )
        return Story(
            url=self.url,
            headline=f"Bài số {self.number}: {_words(self.number)}",
            lead=f"Mở đầu bài {self.number}, {_words(-self.number)}.",
            body=body,
            published_at=self.born.astimezone(VIETNAM),
            section=(("Mục", f"/{place}"),),
        )

    def is_there(self, at: datetime) -> bool:
        """Whether the article stands on the site *at* that time."""
        if at < self.born:
            return False
        return not (self.removed and at >= self.removed and not (self.back and at >= self.back))


def _words(seed: int) -> str:
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("aeiouymnhtcgl", k=4)) for _ in range(12))


@dataclass
class Month:
    """A site that lives for some days, and the runs that follow it."""

    start: datetime
    days: float
    articles: int
    seed: int = 1
    lives: list[Life] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        span = self.days * 86400
        for number in range(self.articles):
            born = self.start + timedelta(seconds=span * number / self.articles)
            soon = born + timedelta(hours=rng.uniform(1, 60))
            edited = soon if rng.random() < 0.2 else None
            removed = born + timedelta(hours=rng.uniform(2, 200)) if rng.random() < 0.05 else None
            back = removed + timedelta(hours=rng.uniform(5, 50)) if removed and rng.random() < 0.3 else None
            self.lives.append(Life(number, born, edited, removed, back))
        World.site = Site(clock=lambda: World.now)
        World.site.encoding = None
        World.asked.clear()
        World.now, World.trouble, World.retry_after = self.start, None, None
        self._events = sorted(self._all_events(), key=lambda event: event[0])

    def _all_events(self) -> list[tuple[datetime, Any]]:
        site, events = World.site, []
        for life in self.lives:
            events.append((life.born, lambda life=life: site.story(life.story(1))))
            if life.edited:
                events.append((life.edited, lambda life=life: site.edit(life.url, body=life.story(2).body)))
            if life.removed:
                events.append((life.removed, lambda life=life: site.remove(life.url, 404 + 6 * (life.number % 2))))
            if life.back:
                events.append((life.back, lambda life=life: site.restore(life.url)))
        return events

    def advance(self, at: datetime) -> None:
        """Let happen what happens until *at*."""
        # Pages answer by when they were changed, so the clock stands at each event.
        while self._events and self._events[0][0] <= at:
            when, event = self._events.pop(0)
            World.now = when
            event()
        World.now = at

"""Replay: the crawl path over saved captures instead of the network.

A mode, not a second program: with ``REPLAY_SOURCE`` set, an add-on puts one download handler that
answers from the source in the place of all that reach the network, and has the source's articles
asked for. Spiders know nothing of it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from vovcrawler import context, urls
from vovcrawler.commits import Commits
from vovcrawler.errors import StorageTrouble
from vovcrawler.merging import Merging
from vovcrawler.refusal import Robots
from vovcrawler.sources import Answer, Capture, Source, open_source
from vovcrawler.sources.captures import Reference
from vovcrawler.warc.digests import as_written, digester, sha1
from vovcrawler.warc.fields import moment_of
from vovcrawler.wholeness import TORN, say_packing

logger = logging.getLogger(__name__)

_ROBOTS = "/robots.txt"
_HANDLED = ("http", "https", "file")
# Whatever would wait, ask twice, or reach the network.
_SETTINGS = {
    "ARCHIVE_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_SLOTS": {},
    "HTTPCACHE_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "REDIS_URL": "",
    "REMOTE_CONTROL_ENABLED": False,
    "RETRY_ENABLED": False,
    # Nothing leaves before the page before it is read and recorded: the order is the same every time.
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 0,
    "STATSMAILER_RCPTS": [],
    "TELNETCONSOLE_ENABLED": False,
}
# What they put into a request is for the wire.
_UNNEEDED = (
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware",
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware",
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware",
)
# Even when they are off, Scrapy imports them, and with them a server.
_LISTENING = ("scrapy.extensions.telnet.TelnetConsole", "scrapy.extensions.remote_control.RemoteControl")


@dataclass(slots=True)
class _Replay:
    """What the components of one replay share: its source, and which robots.txt of a host is in force."""

    source: Source
    robots: dict[str, Capture | None] = field(default_factory=dict)
    _last: tuple[Any, Capture | None] = None, None

    def capture(self, request: Request) -> Capture | None:
        """Return the capture that *request* names: several ask for that of the same one."""
        asked = request.meta["capture_ref"], request.url, request.meta.get("capture_at")
        if self._last[0] != asked:
            self._last = asked, self.source.get(*asked)
        return self._last[1]


_replays: WeakKeyDictionary[Crawler, _Replay] = WeakKeyDictionary()


def source_of(crawler: Crawler) -> Source:
    """Return what *crawler* replays."""
    return _replays[crawler].source


class ReplayMode:
    """The add-on that turns a crawl into a replay of ``REPLAY_SOURCE``."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.get("REPLAY_SOURCE"):
            raise NotConfigured
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Open the source, and let nothing else answer; raises :class:`~vovcrawler.errors.Trouble`."""
        source = open_source(source_paths(settings["REPLAY_SOURCE"]))
        _replays[self.crawler] = _Replay(source)
        self.crawler.signals.connect(self.finish, signals.spider_closed)
        schemes = {*settings["DOWNLOAD_HANDLERS"], *settings["DOWNLOAD_HANDLERS_BASE"]}
        handlers = dict.fromkeys(schemes) | dict.fromkeys(_HANDLED, ReplayHandler)
        # Add-ons have a lower priority than a project, whose settings would win.
        forced = {**_SETTINGS, "DOWNLOAD_HANDLERS": handlers}
        if settings.getbool("INGEST"):
            # What is read from captures that are new to the archive is written beside them.
            del forced["ARCHIVE_ENABLED"]
            source.elsewhere = self._in_archive
        for name, value in forced.items():
            settings.set(name, value, priority="cmdline")
        settings.set_in_component_priority_dict("SPIDER_MIDDLEWARES", SeedSource, 950)
        robots: dict[Any, int | None] = {"vovcrawler.refusal.Robots": None, RobotsThen: 100}
        settings["DOWNLOADER_MIDDLEWARES"].update(robots, priority="cmdline")
        if not (settings.getdict("FEEDS") or settings.getbool("INGEST")):
            # There is no archive feed to find the records in.
            settings.set("FEEDS", {"stdout:": {"format": "jsonlines"}}, priority="cmdline")
        for kind, names in (("DOWNLOADER_MIDDLEWARES_BASE", _UNNEEDED), ("EXTENSIONS_BASE", _LISTENING)):
            for name in names:
                settings[kind].pop(name, None)

    def _in_archive(self, wanted: Reference) -> tuple[Path, int] | None:
        """Return where the record is that an earlier ingest has taken in."""
        place = context.catalogue(self.crawler).place_of(wanted.record_id, wanted.urls, wanted.digest)
        return (context.data_dir(self.crawler) / "warc" / place[0], place[1]) if place else None

    def finish(self) -> None:
        """Count what was damaged and let go of the source."""
        source = _replays[self.crawler].source
        for error in source.errors:
            context.remember(self.crawler, error)
        if source.damage:
            self.crawler.stats.set_value("replay/damaged", len(source.damage))
            context.remember(self.crawler, StorageTrouble(_summary(source)))
        source.close()


def source_paths(setting: Any) -> list[str | Path]:
    """Return the paths in the setting ``REPLAY_SOURCE``: one string, which is never split, or a list."""
    return [setting] if isinstance(setting, (str, Path)) else list(setting)


def _summary(source: Source) -> str:
    first, *others = source.damage
    more = f" ({len(others)} more like this)" if others else ""
    return f"The source is damaged: {first}{more}"


class SeedSource:
    """Has every article of the source asked for, unless the spider names pages of its own."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield what the spider asks for; when that is nothing, one request for each capture."""
        has_own = False
        async for request in start:
            has_own = True
            yield request
        if not has_own:
            source = _replays[self.crawler].source
            is_ingest = self.crawler.settings.getbool("INGEST") and not self.crawler.settings.getbool("REBUILD")
            merging = Merging(self.crawler, source) if is_ingest else None
            until = self.crawler.settings.get("INGEST_UNTIL")
            for capture in source.seeds():
                if until and capture.moment and capture.moment > until:
                    self.crawler.stats.inc_value("ingest/later")
                elif not self._is_known(capture) and not (merging and await merging.take(capture)):
                    # Several captures may share an address: each is asked for.
                    named = {"capture_ref": capture.ref, "capture_at": capture.captured_at}
                    meta = {**named, "allow_offsite": True, "hops": capture.hops, "window": capture.within}
                    yield Request(source.address(capture), dont_filter=True, meta=meta)
            if self.crawler.settings.getbool("INGEST"):
                # An archive without news of articles has not failed.
                self.crawler.stats.inc_value("frontier/settled_before")

    def _is_known(self, capture: Capture) -> bool:
        """Whether an archive that takes its source in has read *capture*, or a later one, or is about to."""
        if capture.url is None or not self.crawler.settings.getbool("INGEST"):
            return False
        catalogue = context.catalogue(self.crawler)
        page = catalogue.page_of(urls.canonical(capture.url))
        if page is None:
            return False
        # A visit stands as its capture gave it, be it to the second or a fraction of one.
        seen = moment_of(page.visited_at or "")
        is_past = bool(seen and capture.moment and seen >= capture.moment)
        return is_past or catalogue.is_waiting_for(page.number, json.dumps(capture.ref))


class RobotsThen(Robots):
    """Judges each capture by the robots.txt of its own time: a later one forbids nothing that was allowed."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules for *request*, read again where those of its time are others than those before."""
        replay, parts = _replays[self.crawler], urlparse_cached(request)
        if "capture_ref" in request.meta and (capture := replay.capture(request)):
            host = parts.netloc
            request.meta["captured_at"] = capture.captured_at
            robots = replay.source.in_force(f"{parts.scheme}://{host}{_ROBOTS}", capture.moment)
            if host not in replay.robots or replay.robots[host] != robots:
                replay.robots[host] = robots
                self._parsers.pop(host, None)
                self._unread.discard(host)
        return await super().robot_parser(request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Go on: what was captured was allowed, also where its robots.txt was not kept or could not be read."""
        RobotsTxtMiddleware._robots_error(self, exc, netloc)


class ReplayHandler(BaseDownloadHandler):
    """Answers requests from the source; what it does not hold is a 404 with the flag ``absent``."""

    async def download_request(self, request: Request) -> Response:
        """Return the capture that *request* names, or the one of its address."""
        replay = _replays[self.crawler]
        capture = self._asked_for(replay, request)
        if capture is None:
            if not request.url.endswith(_ROBOTS):
                self.crawler.stats.inc_value("replay/absent")
            return Response(request.url, status=404, flags=["absent"], request=request)
        request.meta["capture"] = capture.ref
        request.meta["captured_at"] = capture.captured_at
        if capture.status == 304 and (article := self._known_article(request)):
            request.meta["conditional"] = article
            return Response(request.url, status=304, request=request)
        answer = replay.source.read(capture)
        if answer is None:
            raise IgnoreRequest(f"Damaged: {capture.ref}")
        if context.is_lasting(self.crawler):
            self._remember(capture, answer)
        if answer.trouble:
            self.crawler.stats.inc_value(TORN)
            logger.warning("Failed: %s %s", request.url, answer.trouble)
        return respond(request, answer)

    @staticmethod
    def _asked_for(replay: _Replay, request: Request) -> Capture | None:
        if "capture_ref" in request.meta:
            capture = replay.capture(request)
            # A redirect keeps what is said here, and may lead to what is known already, or to another site.
            request.dont_filter = False
            for name in ("capture_ref", "capture_at", "allow_offsite"):
                request.meta.pop(name, None)
            return capture
        parts = urlparse_cached(request)
        if parts.path == _ROBOTS and parts.netloc in replay.robots:
            return replay.robots[parts.netloc]
        return replay.source.find(request.url)

    def _remember(self, capture: Capture, answer: Answer) -> None:
        """Let later crawls refer to the body of *capture*, as what other tools have crawled later may do."""
        record_id = capture.ref.get("record_id")
        if record_id and capture.url and capture.captured_at and answer.body and not capture.is_revisit:
            stated, known = digester(capture.payload_digest), as_written(capture.payload_digest)
            commits = Commits.of(self.crawler)
            keep = partial(commits.catalogue.keep_payload, at=capture.captured_at, record_id=record_id)
            with commits.guard():
                # Where the digest is that of the body in its chunks, say, ours would seem to be of another body.
                if stated is None or stated.is_of(answer.body):
                    keep(capture.url, sha1(answer.body), good=answer.status == 200)
                if known:
                    keep(capture.url, known, good=False)

    def _known_article(self, request: Request) -> int | None:
        """Return the article that was read at the page before, for which "not modified" is an answer."""
        page = context.catalogue(self.crawler).page_of(urls.canonical(request.url))
        return page.article if page else None


def respond(request: Request, answer: Answer) -> Response:
    """Return *answer* as Scrapy knows it, unpacked where that is done already; raises :class:`IgnoreRequest`."""
    if answer.trouble:
        raise IgnoreRequest(f"torn body: {answer.trouble}")
    headers = Headers(answer.headers)
    body, encoding = (answer.body, answer.encoding) if answer.plain is None else (answer.plain, "")
    say_packing(headers, encoding)
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    response = kind(request.url, status=answer.status, body=body, request=request)
    # Scrapy would take them apart and put them together once more.
    response.headers = headers
    return response

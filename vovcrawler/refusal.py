"""When the site refuses: by status, by a page in the place of what was asked for, by its robots.txt.

A refusal is counted, never parsed, never followed, and there is no trick to get around it. The bytes are in the
archive by then. How long a host that refuses is left alone is decided in :mod:`vovcrawler.politeness`.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from vovcrawler import context
from vovcrawler.commits import Commits
from vovcrawler.errors import Refused, Trouble
from vovcrawler.flights import GONE
from vovcrawler.pages import decode
from vovcrawler.pages.challenge import is_challenge, shows_content
from vovcrawler.pages.parsing import utf8
from vovcrawler.politeness import Manners, Unsent

logger = logging.getLogger(__name__)

_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503
_ROBOTS = "/robots.txt"
# The note that tells later runs since when a host refuses.
_SINCE = "refused_since "


class RefusedPage(IgnoreRequest):
    """The site answered with a refusal in the place of the page."""


class Refusals:
    """Recognise refusals, keep them from being read as pages, and end the run after many in a row."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self.crawler = crawler
        self.most = most
        self.in_a_row = 0
        self.since: datetime | None = None
        # Since when earlier runs were refused, by host; what has been looked up stands here.
        self.known: dict[str, str | None] = {}
        # Pages that were refused and did not come since; some may still be tried again.
        self.pages: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings.getint("REFUSALS_MAX"))

    @cached_property
    def _manners(self) -> Manners | None:
        # Extensions are made after middlewares, and looked for one by one.
        return self.crawler.get_extension(Manners)

    def process_request(self, request: Request) -> None:
        """Forget what became of an earlier try."""
        request.meta.pop("refused", None)

    def process_response(self, request: Request, response: Response) -> Response:
        reason = refusal(response)
        if reason is None:
            self._welcome(request, response)
            return response
        request.meta["refused"] = reason
        self.pages.add(request.url)
        self.crawler.stats.inc_value(f"refused/{reason}")
        self.crawler.stats.set_value("refused/pages", len(self.pages))
        logger.info("Refused (%s): %s", reason, response.url)
        if not context.replaying(self.crawler):
            self._count(response, reason)
        if response.status == _TOO_MANY:
            return response  # may pass later: tried again once the host is no longer held
        raise RefusedPage(f"Refused ({reason}): {response.url}")

    def _welcome(self, request: Request, response: Response) -> None:
        if request.url in self.pages:
            self.pages.discard(request.url)
            self.crawler.stats.set_value("refused/pages", len(self.pages))
        # A site that refuses may still hand out its robots.txt; one in trouble says nothing about us.
        if urlsplit(request.url).path != _ROBOTS and response.status < 500:
            self.in_a_row, self.since = 0, None
            host = urlsplit(response.url).hostname or ""
            if self._manners:
                self._manners.welcome(host)
            if not context.replaying(self.crawler) and self._noted(host):
                self._note(host, "")

    def _count(self, response: Response, reason: str) -> None:
        self.in_a_row += 1
        self.since = self.since or context.clock(self.crawler)()
        host = urlsplit(response.url).hostname or ""
        if self._manners and response.status not in {_FORBIDDEN, _TOO_MANY, _UNAVAILABLE}:
            self._manners.refused(host)
        if self.in_a_row == self.most:
            since = self._noted(host) or f"{self.since.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
            self._note(host, since)
            times = f"{self.most} times in a row, the last time by {reason}"
            context.fail(self.crawler, Refused(f"{host} has refused us since {since} UTC: {times}."))

    def _noted(self, host: str) -> str | None:
        """Return since when *host* has refused all runs, ``None`` when the last one got something."""
        if host not in self.known:
            self.known[host] = context.catalogue(self.crawler).note(f"{_SINCE}{host}")
        return self.known[host]

    def _note(self, host: str, since: str) -> None:
        self.known[host] = since
        with Commits.of(self.crawler).guard():
            context.catalogue(self.crawler).set_note(f"{_SINCE}{host}", since)


def refusal(response: Response) -> str | None:
    """Return why *response* is a refusal, ``None`` when it is none.

    >>> refusal(Response("https://vov.vn/a-post1.vov", status=403))
    'http-403'
    >>> refusal(Response("https://vov.vn/a-post1.vov", status=404))
    >>> refusal(Response("https://vov.vn/a-post1.vov", status=404, body=b"<title>Access denied</title>"))
    'challenge'
    """
    if response.status in {_FORBIDDEN, _TOO_MANY}:
        return f"http-{response.status}"
    # A page that moved or is broken is just that, whatever it says; 503 is how challenges come, too.
    plausible = response.status < 300 or response.status in {401, 405, _UNAVAILABLE, *GONE}
    if not plausible or shows_content(response.body):
        return None
    # Many a page that says that nothing is there leads on to the front page by a script.
    return "challenge" if is_challenge(_text(response), scripts_tell=response.status not in GONE) else None


def _text(response: Response) -> str:
    if isinstance(response, TextResponse):
        # What is UTF-8 needs no look at what else it may be.
        told = None if b"\0" in response.body else utf8(response.body)
        return response.text if told is None else told
    # What a feed or sitemap comes as need not be known to be text.
    return decode(response.body) if response.body[:64].lstrip()[:1] == b"<" else ""


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, for which a robots.txt that cannot be read allows nothing (RFC 9309)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: set[str] = set()

    @cached_property
    def _manners(self) -> Manners | None:
        return self.crawler.get_extension(Manners)

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        if not context.replaying(self.crawler) and self._manners and not self._manners.admits(request):
            raise IgnoreRequest("Foreign host")
        await super().process_request(request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules for *request*; of several requests that wait for them, Scrapy tells the first only."""
        await super().robot_parser(request)
        rules = self._parsers[urlparse_cached(request).netloc]
        assert not isinstance(rules, Deferred), "they are in by now"
        return rules

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say in a word why no robots.txt came; Scrapy would print a traceback."""
        if urlsplit(request.url).path == _ROBOTS and not isinstance(exception, IgnoreRequest):
            raise _Unreadable(type(exception).__name__) from exception

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if urlsplit(request.url).netloc in self._unread:
            raise Unsent("robots.txt could not be read")
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status == _TOO_MANY or response.status >= 500:
            raise _Unreadable(f"HTTP {response.status}", refused=response.status == _TOO_MANY)
        # A site without robots.txt (404 and the like) allows everything, whatever that page says.
        body = response.body if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unread.add(netloc)
        super()._robots_error(exc, netloc)
        if isinstance(exc, Unsent):
            return
        kind = Refused if isinstance(exc, RefusedPage) or getattr(exc, "refused", False) else Trouble
        sentence = f"The robots.txt of {netloc} could not be read ({exc}), so nothing else is asked for."
        context.fail(self.crawler, kind(sentence))


class _Unreadable(IgnoreRequest):
    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused

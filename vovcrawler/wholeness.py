"""Answers that are not what they say: a packed body that breaks off, a part of a page, a redirect to no address.

Scrapy unpacks as much of a body as it can, and half an article would pass for a revision. A replay notes such a
capture as damage of its source (:mod:`vovcrawler.sources`); here stands what becomes of one in a crawl.
"""

from __future__ import annotations

import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings
from scrapy.utils.url import url_is_from_any_domain

from vovcrawler import context
from vovcrawler.flights import Flights
from vovcrawler.sources.files import is_torn
from vovcrawler.urls import canonical, is_allowed, join
from vovcrawler.warc.encodings import look_into
from vovcrawler.warc.http import BadMessage, check_range

logger = logging.getLogger(__name__)


# Counts answers whose body is not whole.
TORN = "response/torn"


def stated_encoding(response: Response) -> str:
    """Return how the body of *response* is packed, as far as it says so."""
    return b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")


def say_packing(headers: Headers, encoding: str) -> None:
    """Let *headers* say how their body is packed: what is packed in silence is unpacked, too."""
    if encoding:
        headers["Content-Encoding"] = encoding
    else:
        headers.pop("Content-Encoding", None)


def trouble(response: Response) -> str | None:
    """Return why the body of *response*, which is as it came, is not the page; ``None`` where it is."""
    try:
        _look_into(response)
    except BadMessage as problem:
        return str(problem)
    return None


def will_be_asked_again(request: Request, response: Response, settings: BaseSettings) -> bool:
    """Whether *response*, which is as it came, ends in the middle, and is not the last one to *request*."""
    if "partial" not in response.flags or not settings.getbool("RETRY_ENABLED"):
        return False
    most = request.meta.get("max_retry_times", settings.getint("RETRY_TIMES"))
    if request.meta.get("retry_times", 0) >= most:
        return False
    try:
        plain = _look_into(response)[1]
    except BadMessage:
        return False
    return is_torn(response.body if plain is None else plain)


def _look_into(response: Response) -> tuple[str, bytes | None]:
    check_range(response.status, (response.headers.get("Content-Range") or b"").decode("latin-1"))
    length = (response.headers.get("Content-Length") or b"").decode("latin-1")
    return look_into(response.body, stated_encoding(response), length)


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, but for those to what is no address: such an answer is the last one.

    One to a mirror leads to the page of vov.vn, unless that is where it comes from.
    """

    # Without the argument ``spider``, which Scrapy gives up.
    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        location = response.headers.get("Location")
        if location is not None and join(response.url, location.decode("latin-1")) is None:
            return response
        led = super().process_response(request, response)
        if isinstance(led, Request) and self._leaves(led.url):
            led.dont_filter = False  # after a retry Scrapy would not look where it leads
        if isinstance(led, Request) and "@" in urlsplit(led.url).netloc:
            led = led.replace(url=canonical(led.url))  # a name and a password are no part of an address
        if isinstance(led, Request) and is_allowed(led.url) and urlsplit(led.url).hostname != "vov.vn":
            home = canonical(led.url)
            if home not in map(canonical, led.meta["redirect_urls"]):
                return led.replace(url=home)
        return led

    def _leaves(self, url: str) -> bool:
        domains: list[str] = getattr(self.crawler.spider, "allowed_domains", None) or []
        return bool(domains) and not url_is_from_any_domain(url, domains)


class WholeBodies:
    """The downloader middleware that asks again for a page whose body is not whole.

    One that is packed in silence says so from here on.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.flights = Flights.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if context.replaying(crawler):
            raise NotConfigured  # the source looks at its bodies itself
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        try:
            encoding, plain = _look_into(response)
        except BadMessage as problem:
            return self._again(request, str(problem))
        if "partial" in response.flags and is_torn(response.body if plain is None else plain):
            # Nobody says where it ends: the connection, or the server, may have broken.
            if again := self._retry(request, "may be torn"):
                return again
            logger.warning("%s ends in the middle each time; what there is is read.", request.url)
        say_packing(response.headers, encoding)
        return response

    def _again(self, request: Request, problem: str) -> Request:
        self.crawler.stats.inc_value(TORN)
        again = self._retry(request, "torn body")
        if again is None:
            logger.warning("Failed: %s %s", request.url, problem)
            ignored = IgnoreRequest(f"torn body: {problem}")
            if flight := self.flights.of_request(request):
                flight.exception = ignored
            raise ignored
        return again

    def _retry(self, request: Request, reason: str) -> Request | None:
        """Return *request* once more, ``None`` when it has been asked for often enough."""
        assert self.crawler.spider is not None
        if not self.crawler.settings.getbool("RETRY_ENABLED"):
            return None
        return get_retry_request(request, spider=self.crawler.spider, reason=reason)

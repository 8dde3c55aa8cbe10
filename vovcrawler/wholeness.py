"""Answers that are not what they say: a packed body that breaks off, a redirect that leads to no address.

Scrapy unpacks as much of a body as it can, and half an article would pass for a revision. A replay notes such a
capture as damage of its source (:mod:`vovcrawler.sources`); here stands what becomes of one in a crawl.
"""

from __future__ import annotations

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from vovcrawler import context
from vovcrawler.urls import join
from vovcrawler.warc.encodings import unpacked
from vovcrawler.warc.http import BadMessage

logger = logging.getLogger(__name__)


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, but for those to what is no address: such an answer is the last one."""

    # Without the argument ``spider``, which Scrapy gives up.
    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        location = response.headers.get("Location")
        if location is not None and join(response.url, location.decode("latin-1")) is None:
            return response
        return super().process_response(request, response)


class WholeBodies:
    """The downloader middleware that asks again for a page whose body does not unpack whole."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if context.replaying(crawler):
            raise NotConfigured  # the source looks at its bodies itself
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        encoding = response.headers.get("Content-Encoding")
        try:
            unpacked(response.body, encoding.decode("latin-1") if encoding else None)
        except BadMessage as problem:
            return self._again(request, f"{response.url} {problem}")
        return response

    def _again(self, request: Request, sentence: str) -> Request:
        self.crawler.stats.inc_value("response/torn")
        assert self.crawler.spider is not None
        again = get_retry_request(request, spider=self.crawler.spider, reason="torn body")
        if again is None or not self.crawler.settings.getbool("RETRY_ENABLED"):
            logger.warning("Failed: %s", sentence)
            raise IgnoreRequest(sentence)
        return again

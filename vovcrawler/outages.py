"""When the site is down: a run ends soon, and leaves what it has not asked for to the next one.

A page that fails alone is tried again and given up; here it is told from a site that answers nothing at all. A
site that refuses is the business of :mod:`vovcrawler.refusal`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured, ResponseDataLossError
from scrapy.http import Response

from vovcrawler import context
from vovcrawler.errors import Trouble

# What a gateway says in the place of a site; a page that breaks says 500.
_DOWN = frozenset({502, 503, 504, 522, 524})
# There was an answer, or nothing was asked.
_ANSWERED = (IgnoreRequest, DownloadCancelledError, ResponseDataLossError)


# So many different pages that fail are no accident of their own.
_PAGES = 4


class Outages:
    """The downloader middleware that ends the run after many requests in a row without an answer."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self.crawler = crawler
        self.most = most
        self._begin_anew()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if context.replaying(crawler) or not (most := crawler.settings.getint("UNANSWERED_MAX")):
            raise NotConfigured
        return cls(crawler, most)

    def _begin_anew(self) -> None:
        self.in_a_row, self.pages = 0, set[str]()
        self.since: datetime | None = None
        self.ended = False

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in _DOWN:
            self._count(request, f"HTTP {response.status}")
        else:
            self._begin_anew()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, _ANSWERED):
            self._count(request, type(exception).__name__)

    def _count(self, request: Request, why: str) -> None:
        self.crawler.stats.inc_value(f"unanswered/{why}")
        self.since = self.since or context.clock(self.crawler)()
        self.in_a_row += 1
        self.pages.add(request.url)
        if self.ended or self.in_a_row < self.most or len(self.pages) < _PAGES:
            return
        self.ended = True
        host, since = urlsplit(request.url).hostname, self.since.astimezone(UTC)
        times = f"{self.in_a_row} times in a row, the last time by {why}"
        sentence = f"{host} has not answered since {since:%Y-%m-%d %H:%M:%S} UTC: {times}; the rest is kept."
        context.fail(self.crawler, Trouble(sentence))

"""What one capture holds, found without the others: the part of a replay that any machine can do.

The same parts of Scrapy and of ours look at the answer in the same order as in a crawl. What an outcome means
beside those before it is judged in :mod:`vovcrawler.corpus.judge`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import DummyStatsCollector
from w3lib.url import safe_url_string

from vovcrawler import feeds
from vovcrawler.catalogue.copies import paragraphs
from vovcrawler.duplicates import Fingerprint, Text
from vovcrawler.flights import GONE
from vovcrawler.items import Article, from_record
from vovcrawler.pages import NotAnArticle
from vovcrawler.refusal import refusal
from vovcrawler.replay import respond
from vovcrawler.settings import DOWNLOAD_MAXSIZE
from vovcrawler.sources import Answer, Capture
from vovcrawler.sources.warcs import REDIRECTS
from vovcrawler.spiders.article import ArticleSpider

Kind = Literal["article", "moved", "gone", "rules", "nothing", "damaged"]

ROBOTS = "/robots.txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a capture holds: an article, the address that it moved to, the rules of robots.txt, or less."""

    kind: Kind
    status: int = 200
    article: Article | None = None
    # Its line in the feed, as it would be if nobody judged it.
    line: bytes = b""
    moved_to: str | None = None
    rules: bytes = b""
    # How the article is found among others; None where it is too short for that.
    fingerprint: Fingerprint | None = None


class Looker:
    """Looks at answers as a crawl does."""

    @classmethod
    @cache
    def of_process(cls) -> Self:
        """Return the one that all tasks of this process share."""
        return cls()

    def __init__(self) -> None:
        crawler = Crawler(ArticleSpider, Settings())
        # Nobody starts it: it only tells the middleware what it would in a crawl.
        crawler.stats = DummyStatsCollector(crawler)
        self._unpack = HttpCompressionMiddleware(crawler=crawler)
        self._spider = ArticleSpider()

    def look(self, capture: Capture, address: str, answer: Answer | None) -> Outcome:
        """Return what the *answer* to *capture*, asked for under *address*, holds."""
        if answer is None:
            return Outcome(kind="damaged")
        meta = {"capture": capture.ref, "captured_at": capture.captured_at, "download_maxsize": DOWNLOAD_MAXSIZE}
        request = Request(address, meta=meta)
        try:
            response = self._response(request, answer)
        except IgnoreRequest:
            return Outcome(kind="nothing", status=answer.status)
        if refusal(response):
            return Outcome(kind="nothing", status=response.status)
        if moved_to := _moved_to(request.url, response):
            return Outcome(kind="moved", status=response.status, moved_to=moved_to)
        if response.status in GONE:
            return Outcome(kind="gone", status=response.status)
        if is_robots(request.url):
            return Outcome(kind="rules", status=response.status, rules=_rules(response))
        if not 200 <= response.status < 300:
            return Outcome(kind="nothing", status=response.status)
        return self._article(response)

    def _response(self, request: Request, answer: Answer) -> Response:
        unpacked = self._unpack.process_response(request, respond(request, answer))
        assert isinstance(unpacked, Response)
        return unpacked

    def _article(self, response: Response) -> Outcome:
        try:
            article = self._spider.read(response)
        except NotAnArticle:
            return Outcome(kind="nothing", status=response.status)
        if article.is_empty:
            return Outcome(kind="nothing", status=response.status)
        text = Text.of(paragraphs(article))
        fingerprint = text.fingerprint if text.is_comparable else None
        return Outcome(kind="article", status=response.status, article=article, fingerprint=fingerprint)


def is_robots(url: str) -> bool:
    """Whether *url* is that of a host's robots.txt."""
    return urlsplit(url).path == ROBOTS


def _moved_to(url: str, response: Response) -> str | None:
    location = response.headers.get("Location")
    if response.status not in REDIRECTS or not location:
        return None
    target = safe_url_string(location)
    if location.startswith(b"//"):
        target = f"{urlsplit(url).scheme}://{target.lstrip('/')}"
    moved_to = urljoin(url, target)
    return moved_to if urlsplit(moved_to).scheme in ("http", "https") else None


def _rules(response: Response) -> bytes:
    """Return what robots.txt says; one that is not there allows everything."""
    return response.body if response.status < 300 else b""


class Prepared(Text):
    """A text whose fingerprint was made where it was read; it is taken apart only to be compared with another."""

    def __init__(self, article: Article, fingerprint: Fingerprint | None) -> None:
        # The class is frozen.
        self.__dict__.update(_article=article, _fingerprint=fingerprint)

    @property
    def is_comparable(self) -> bool:
        return self.__dict__["_fingerprint"] is not None

    @property
    def fingerprint(self) -> Fingerprint:
        found: Fingerprint = self.__dict__["_fingerprint"]
        return found

    def likeness(self, other: Text, least: float = 0.0) -> float:
        return self._text.likeness(other, least)

    @cached_property
    def _text(self) -> Text:
        return Text.of(paragraphs(self.__dict__["_article"]))


def written(outcome: Outcome) -> bytes:
    """Return *outcome* as lines of JSON: what it is, and behind that the article."""
    found = outcome.fingerprint
    facts = {
        "kind": outcome.kind,
        "status": outcome.status,
        "moved_to": outcome.moved_to,
        "rules": outcome.rules.decode("latin-1"),
        "fingerprint": [list(found.bands), found.hint] if found else None,
    }
    line = feeds.line(outcome.article) if outcome.article else b""
    return json.dumps(facts).encode() + b"\n" + line


def read(text: bytes) -> Outcome:
    """Return the outcome that :func:`written` wrote down."""
    facts, _, line = text.partition(b"\n")
    values = json.loads(facts)
    found = values["fingerprint"]
    return Outcome(
        kind=values["kind"],
        status=values["status"],
        article=from_record(json.loads(line)) if line else None,
        line=line,
        moved_to=values["moved_to"],
        rules=values["rules"].encode("latin-1"),
        fingerprint=Fingerprint(tuple(found[0]), found[1]) if found else None,
    )

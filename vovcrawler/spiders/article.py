"""The spider for articles that are named, and for what they call "Tin liên quan"."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from vovcrawler import urls
from vovcrawler.errors import UsageTrouble
from vovcrawler.items import Article
from vovcrawler.pages import NotAnArticle, read_article


class VovSpider(scrapy.Spider):
    """What every spider of VOV does with an article page; ``hops`` is how far it follows related news."""

    allowed_domains = sorted(urls.ALLOWED_HOSTS)
    # The names that may follow ``-a``; anything else is a mistake worth a sentence.
    accepts: frozenset[str] = frozenset({"hops"})

    arguments: dict[str, str]
    hops: int

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:
        # Scrapyd names its jobs so.
        arguments.pop("_job", None)
        if unknown := sorted(set(arguments) - cls.accepts):
            known = ", ".join(sorted(cls.accepts)) or "none"
            raise UsageTrouble(f"The spider {cls.name} has no argument {unknown[0]!r}; it takes {known}.")
        spider = super().from_crawler(crawler, *args)
        spider.arguments = arguments
        spider.hops = whole_number("hops", arguments.get("hops", cls.default_hops))
        # Scrapy reads 0 as "no limit"; parse() does not follow anything then.
        crawler.settings.set("DEPTH_LIMIT", spider.hops, priority="spider")
        return spider

    default_hops = "1"

    def parse(self, response: Response) -> Iterator[Article | Request]:
        """Read an article page and follow its related news."""
        try:
            article = self.read(response)
        except NotAnArticle as problem:
            self.crawler.stats.inc_value(f"pages/not_article/{problem.reason}")
            self.logger.info("No article at %s: %s", response.url, problem)
            response.meta["no_article"] = problem.reason
            return
        if self.hops:
            for related in article.related:
                if related.url and urls.is_allowed(related.url):
                    yield self.ask(related.url)
        yield article

    def ask(self, url: str) -> Request:
        """Return the request for the article page at *url*."""
        return Request(url, callback=self.parse, errback=self.unanswered)

    def unanswered(self, failure: Failure) -> None:
        """Say in one line why a page did not come; what else may end a request is left to Scrapy."""
        if isinstance(failure.value, IgnoreRequest):
            raise failure.value
        request: Request = failure.request  # type: ignore[attr-defined]
        # Counted as a failed page, and as no second error of the run.
        self.logger.warning("No page came from %s: %s", request.url, why(failure))

    def read(self, response: Response) -> Article:
        """Return the article that *response* holds; raises :class:`NotAnArticle`."""
        content_type = response.headers.get("Content-Type") or b""
        return read_article(
            response.body,
            url=None if response.url.startswith("file:") else response.url,
            content_type=content_type.decode("latin-1"),
            hops=response.meta.get("depth", 0),
            captured_at=response.meta.get("captured_at"),
            capture=response.meta.get("capture"),
        )


class ArticleSpider(VovSpider):
    """Articles, and the articles they call "Tin liên quan", up to ``hops`` links away."""

    name = "article"
    accepts = frozenset({"url", "urls", "hops"})

    seeds: list[str]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **arguments)
        spider.seeds = list(_seeds(arguments.get("url"), arguments.get("urls")))
        longest = crawler.settings.getint("URLLENGTH_LIMIT")
        if too_long := next((url for url in spider.seeds if len(url) > longest > 0), None):
            # Scrapy would drop it without a word.
            raise UsageTrouble(f"{too_long[:80]!r}… is longer than the URLLENGTH_LIMIT of {longest} characters.")
        if not spider.seeds and not crawler.settings.get("REPLAY_SOURCE"):
            raise UsageTrouble("No address given: say -a url=URL[,URL…] or -a urls=FILE.")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the seeds; a replay adds the articles of its source."""
        for url in self.seeds:
            yield self.ask(url)


def why(failure: Failure) -> str:
    """Return in one line why a page did not come."""
    if isinstance(failure.value, HttpError):
        return f"HTTP {failure.value.response.status}"
    return " ".join(str(failure.value).split()) or type(failure.value).__name__


def whole_number(name: str, value: str | int) -> int:
    """Return *value* as a whole number of 0 or more.

    >>> whole_number("hops", "2")
    2
    """
    text = str(value).strip()
    # Python reads no more than some thousand digits.
    with suppress(ValueError):
        if text.isascii() and text.isdigit():
            return int(text)
    raise UsageTrouble(f"{name}={value!s} is not a whole number of 0 or more, such as {name}=1.")


def _seeds(url: str | None, file: str | None) -> Iterator[str]:
    given = url.split(",") if url else []
    if file:
        given += _lines(Path(file))
    seen = set()
    for text in filter(None, map(str.strip, given)):
        address = urls.classify(text)
        if not address.host:
            raise UsageTrouble(f"{text!r} is not a web address such as https://vov.vn/…-post1018244.vov.")
        if not urls.is_allowed(text):
            raise UsageTrouble(f"{text!r} is not an address of vov.vn; allowed hosts are {_HOSTS}.")
        if address.url not in seen:
            seen.add(address.url)
            yield address.url


_HOSTS = ", ".join(sorted(urls.ALLOWED_HOSTS))


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else _piped(path)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageTrouble(f"The file {str(path)!r} given as urls= cannot be read: {why}.") from error
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if not lines:
        raise UsageTrouble(f"The file {str(path)!r} given as urls= names no address.")
    return lines


@cache
def _piped(path: Path) -> str:
    """Return what comes through a pipe: arguments are read before the run and in it, a pipe once only."""
    return path.read_text(encoding="utf-8-sig")

"""The spider of ``scrapy doctor``: one list, and one page of each layout, read and compared with what is known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from vovcrawler import context, sections
from vovcrawler.checks import SKEW, Finding
from vovcrawler.items import Article
from vovcrawler.pages import NotAnArticle, decode
from vovcrawler.pages.listing import read_listing
from vovcrawler.pipelines import missing
from vovcrawler.spiders.article import VovSpider, why


class CheckupSpider(VovSpider):
    """Whether the site answers and is still read well; what it finds stands in ``findings``."""

    name = "checkup"
    accepts: frozenset[str] = frozenset()
    default_hops = "0"
    needs_articles = False
    goes_on = False

    findings: list[Finding]
    # What keeps it from asking, if robots.txt does.
    barred: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **arguments)
        spider.findings = []
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the latest news and for the newest article of each layout."""
        yield Request(sections.LATEST, callback=self.parse_list, errback=self.unread)
        whole = {"Cache-Control": "no-cache"}
        for layout, url in context.catalogue(self.crawler).samples().items():
            yield Request(url, callback=self.parse, errback=self.unread, headers=whole, meta={"layout": layout})

    def parse_list(self, response: Response) -> None:
        """See whether the list still lists, and what the clock of the server says."""
        items = read_listing(decode(response.body), response.url).items
        self.findings.append(Finding("list", bool(items), f"{len(items)} articles at {response.url}"))
        skew = _skew(response, context.clock(self.crawler)())
        if skew is not None:
            seconds = abs(skew.total_seconds())
            self.findings.append(Finding("clock", abs(skew) < SKEW, f"{seconds:.0f} s from the server's"))

    def parse(self, response: Response) -> Iterator[Article | Request]:
        """See whether a page gives the fields that it gave before."""
        layout = response.meta["layout"]
        page = context.catalogue(self.crawler).page_of(response.url)
        try:
            article = self.read(response)
        except NotAnArticle as problem:
            self.findings.append(Finding(layout, False, f"no article at {response.url}: {problem}"))
            return
        before = context.catalogue(self.crawler).last_record(page.article) if page and page.article else article
        lost = sorted(set(missing(article)) - set(missing(before)))
        said = f"without {', '.join(lost)}" if lost else "read as before"
        if article.layout != layout:
            said += f", as {article.layout}"
        self.findings.append(Finding(layout, not lost, f"{said}: {response.url}"))
        yield article

    def unread(self, failure: Failure) -> None:
        """Note a page that did not come."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason = why(failure)
        self.findings.append(Finding(request.meta.get("layout", "list"), False, f"{request.url}: {reason}"))
        if "robots.txt" in reason:
            self.barred = reason


def _skew(response: Response, now: datetime) -> timedelta | None:
    try:
        return now - parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
    except (ValueError, TypeError, OverflowError):
        return None

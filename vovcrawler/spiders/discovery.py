"""The spider that finds articles where the site lists them: feeds, sections, the latest news, sitemaps."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from vovcrawler import context, dates, sections, urls
from vovcrawler.errors import UsageTrouble
from vovcrawler.items import Article
from vovcrawler.pages import NotAnArticle, decode
from vovcrawler.pages.listing import Listed, Listing, read_listing
from vovcrawler.pages.syndication import NotAList, read_feed, read_sitemap
from vovcrawler.sections import Section
from vovcrawler.sightings import Sighting, has_gap, ours, passed_over, was_listed
from vovcrawler.spiders.article import VovSpider, why
from vovcrawler.windows import OUTSIDE, Window

# Priorities. What a page of a list names is read before the next page is asked for.
LISTS, ARTICLES, PAGES = 100, 50, 45
_DEEPEST_INDEX = 3
_MOST_NAMED = 50
_MONTH = re.compile(r"/sitemaps/(\d{4})/(\d{1,2})/")


class DiscoverySpider(VovSpider):
    """Articles that the site lists, published from ``since`` to ``until``, in ``sections``.

    An article whose list gives no date has to be fetched to know it; published outside the window it is
    stored as every response is, but not recorded. The ledger has it as missing until a run wants it.
    """

    name = "discovery"
    accepts = frozenset({"sections", "since", "until", "hops"})
    default_hops = "0"
    needs_articles = False
    # What the requests for lists carry.
    list_meta: ClassVar[dict[str, Any]] = {}

    today: date
    window: Window
    chosen: list[Section]
    everywhere: bool
    # What each list has listed in this run.
    _seen: dict[str, set[str]]
    # What the last page of each list has listed that has a date or was asked for, and when the articles were
    # published that this run has read.
    _shown: dict[str, list[Listed]]
    _days: dict[str, date]
    # How many sitemaps the indexes of this run have named.
    _sitemaps: int

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **arguments)
        # Not the run's clock: the run is named by its arguments, which are not complete yet.
        spider.today = dates.vietnam_day(context.clock_of(crawler.settings)())
        since, until = (_day(name, arguments.get(name), spider.today) for name in ("since", "until"))
        spider.window = Window(since, until)
        if since and until and since > until:
            raise UsageTrouble(
                f"since={arguments['since']!s} is later than until={arguments['until']!s}; swap them."
            )
        known = sections.table(crawler.settings.getdict("SECTIONS"))
        names = arguments.get("sections")
        spider.everywhere = names is None
        spider._seen, spider._shown, spider._days, spider._sitemaps = {}, {}, {}, 0
        try:
            spider.chosen = list(known.values()) if names is None else sections.choose(names, known)
        except ValueError as problem:
            raise UsageTrouble(f"sections={names!s}: {problem}.") from problem
        return spider

    # ---- which lists to ask for

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every list; a page that is listed twice is one page."""
        yield self.ask_feed(sections.LATEST_FEED)
        yield self.ask_list(sections.LATEST)
        for section in self.chosen:
            if section.feed:
                yield self.ask_feed(section.feed, section)
            yield self.ask_list(section.url, section)
        last = min(self.window.until or self.today, self.today)
        for month in sections.months(self.window.since or last, last):
            yield self.ask_sitemap(sections.month_sitemap(month))
        yield self.ask_sitemap(sections.SITEMAP_INDEX)

    def ask_feed(self, url: str, section: Section | None = None) -> Request:
        """Return the request for an RSS or Atom feed."""
        return self._ask(url, self.parse_feed, section=section and section.path)

    def ask_list(self, url: str, section: Section | None = None, page: int = 0, source: str = "") -> Request:
        """Return the request for a page of a list; pages count from 0."""
        named = section and section.path
        request = self._ask(url, self.parse_list, section=named, page=page, source=source or url)
        return request.replace(priority=PAGES) if page else request

    def ask_sitemap(self, url: str, depth: int = 0) -> Request:
        """Return the request for a sitemap, or for an index of sitemaps."""
        return self._ask(url, self.parse_sitemap, depth=depth)

    def _ask(self, url: str, callback: Any, **known: Any) -> Request:
        return Request(
            url,
            callback=callback,
            errback=self.missed,
            cb_kwargs={name: value for name, value in known.items() if value},
            meta={"depth_reset": True, **self.list_meta},
            priority=LISTS,
        )

    # ---- what they list

    def parse_feed(self, response: Response, section: str | None = None) -> Iterator[Sighting | Request]:
        """Read a feed."""
        try:
            items = ours(read_feed(response.body, response.url))
        except NotAList as problem:
            yield from self.broken(response, problem)
            return
        if not items:
            self._nothing_in(response.url, "it lists no article")
        sighting = Sighting(
            source=response.url, kind="feed" if section else "latest", section=section, items=items
        )
        yield from self.look_at(sighting)
        yield from self._found(sighting)

    def parse_list(
        self, response: Response, section: str | None = None, page: int = 0, source: str = ""
    ) -> Iterator[Sighting | Request]:
        """Read a page of a list and go on to the next one, as long as there is anything to find."""
        if section and urlsplit(response.url).path in {"", "/"}:
            # Its articles are of all sections.
            self._nothing_in(source or response.url, f"the section {section!r} leads to the front page")
            return
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        listing = read_listing(decode(response.body, content_type), response.url)
        sighting = Sighting(
            source=source or response.url,
            kind="list" if section else "latest",
            section=section,
            items=ours(listing.items),
        )
        if not sighting.items and not (page and listing.is_its_own):
            # A list may end with an empty page; this is none of it.
            self._nothing_in(response.url, "it lists no article")
            yield sighting
            return
        if page and self._lies_before(self._shown.get(sighting.source, [])):
            yield replace(sighting, read_to=self.depth)
            return
        self._shown[sighting.source] = [
            item for item in sighting.items if item.published_at or self.is_wanted(item, section)
        ]
        read_to = self._end(sighting, listing)
        # A pager may go on without end.
        is_cut = read_to is None and page + 1 >= self.settings.getint("LIST_PAGES_MAX")
        is_stale = read_to is None and was_listed(self.crawler, sighting, self.depth)
        yield from self._found(replace(sighting, read_to=read_to, cut_at=page + 1 if is_cut else 0))
        if is_stale:
            yield from self.behind(sighting)
        elif listing.next_page and not (read_to or is_cut):
            wanted = Section(path=section) if section else None
            yield self.ask_list(listing.next_page, wanted, page + 1, sighting.source)

    def parse_sitemap(self, response: Response, depth: int = 0) -> Iterator[Sighting | Request]:
        """Read a sitemap, or ask for those of an index that may have something for us."""
        try:
            listing = read_sitemap(response.body, response.url)
        except NotAList as problem:
            yield from self.broken(response, problem)
            return
        if depth < _DEEPEST_INDEX:
            for url, changed in listing.sitemaps.items():
                early = changed and dates.vietnam_day(changed) < self.depth
                if urls.is_allowed(url) and not early and self._month_fits(url) and self._one_more_sitemap():
                    yield self.ask_sitemap(url, depth + 1)
        items = ours(listing.items)
        yield from self._found(Sighting(source=response.url, kind="sitemap", section=None, items=items))

    def _found(self, sighting: Sighting) -> Iterator[Sighting | Request]:
        yield sighting
        yield from self._ask_for(sighting.items, sighting.section)

    def _ask_for(self, items: list[Listed], section: str | None) -> Iterator[Request]:
        # Kept with the request, which may be answered on another day, and with the answer in the archive.
        window = {"window": str(self.window)} if self.window != Window() else {}
        for item in items:
            if self.is_wanted(item, section):
                yield self.ask(item.url).replace(meta={"depth_reset": True, **window}, priority=ARTICLES)

    def behind(self, sighting: Sighting) -> Iterator[Request]:
        """Yield what is wanted of the pages that are not read because another run has read them."""
        yield from self._ask_for(passed_over(self.crawler, sighting.source, self.depth), sighting.section)

    def look_at(self, sighting: Sighting) -> Iterator[Request]:
        """Yield what else to ask for because of what a feed lists, before that is entered."""
        yield from ()

    # ---- what is wanted

    def is_wanted(self, item: Listed, section: str | None) -> bool:
        """Whether a listed article may be one that was asked for."""
        if not (section or self.everywhere or any(chosen.holds(item.url) for chosen in self.chosen)):
            return False
        if item.published_at:
            return dates.vietnam_day(item.published_at) in self.window
        return not (item.modified_at and dates.vietnam_day(item.modified_at) < self.depth)

    @property
    def depth(self) -> date:
        """How far back lists are read."""
        return self.window.since or date.min

    def _end(self, sighting: Sighting, listing: Listing) -> date | None:
        """Return to which day a list is read when this page ends it, ``None`` when it does not."""
        seen = self._seen.setdefault(sighting.source, set())
        fresh = {item.url for item in listing.items} - seen
        seen |= fresh
        # A pager that goes on without end may show the same again.
        if not listing.next_page or not fresh:
            return date.min
        return self.depth if self._lies_before(self._shown[sighting.source]) else None

    def _lies_before(self, listed: list[Listed]) -> bool:
        """Whether a page that has *listed* these ends before the window, as far as is known by now.

        Lists begin with the latest, but for what is pinned to their top: a page of which little is known says
        nothing. Where a list gives no dates, the articles tell, when they have been read.
        """
        known = [day for item in listed if (day := self._day_of(item))]
        return len(known) > len(listed) / 2 and all(day < self.depth for day in known[-2:])

    def _day_of(self, item: Listed) -> date | None:
        """Return when a listed article was published, as far as is known by now."""
        if item.published_at:
            return dates.vietnam_day(item.published_at)
        return self._days.get(item.url) or self._known_day(item.url)

    def _known_day(self, url: str) -> date | None:
        catalogue = context.catalogue(self.crawler)
        page = catalogue.page_of(url) if self.depth > date.min else None
        born = dates.parse(catalogue.born_at(page.article)) if page and page.article else None
        return dates.vietnam_day(born) if born else None

    def _one_more_sitemap(self) -> bool:
        self._sitemaps += 1
        return self._sitemaps <= self.settings.getint("SITEMAPS_MAX")

    def _month_fits(self, url: str) -> bool:
        found = _MONTH.search(url)
        if not found:
            return True
        month = (int(found[1]), int(found[2]))
        first, last = self.depth, self.window.until or date.max
        return (first.year, first.month) <= month <= (last.year, last.month)

    def read(self, response: Response) -> Article:
        article = super().read(response)
        if response.meta.get("depth", 0) == 0 and article.published_at:
            day = dates.vietnam_day(article.published_at)
            if self.depth > date.min:
                # A list may name it by an address that it has moved from.
                named = {article.url or response.url, *response.meta.get("redirect_urls", ())}
                self._days.update(dict.fromkeys(map(urls.canonical, named), day))
            if day not in Window.parse(response.meta.get("window", "")):
                raise NotAnArticle(OUTSIDE, f"published at {article.published_at}")
        return article

    # ---- what went wrong

    def broken(self, response: Response, problem: NotAList) -> Iterator[Request]:
        """Count a list that cannot be read: it costs what it would have listed, nothing else."""
        self.crawler.stats.inc_value("discovery/broken")
        self.logger.warning("Not read: %s: %s", response.url, problem)
        self._nothing_in(response.url, str(problem))
        yield from self.instead(response.request)

    def missed(self, failure: Failure) -> Iterator[Request]:
        """Count a list that did not come."""
        self.crawler.stats.inc_value("discovery/missed")
        request: Request | None = getattr(failure, "request", None)
        if request:
            self._name(request.url, why(failure))
            # What the run leaves to the next one is no gap.
            if request.cb_kwargs.get("page") and getattr(failure.value, "settles", True):
                self.broke_off(request.cb_kwargs["source"])
        yield from self.instead(request)

    def broke_off(self, source: str) -> None:
        """Let the next run read a list whose pages did not all come."""
        has_gap(self.crawler, source)

    def _nothing_in(self, url: str, problem: str) -> None:
        """Count a list that came and gave nothing: a run that got nothing else got nothing."""
        self.crawler.stats.inc_value("discovery/empty")
        self._name(url, problem)

    def _name(self, url: str, problem: str) -> None:
        """Name a list that gave nothing in the report of the run."""
        unread = self.crawler.stats.get_value("discovery/unread", {})
        if len(unread) < _MOST_NAMED:
            self.crawler.stats.set_value("discovery/unread", {**unread, url: problem})

    def instead(self, request: Request | None) -> Iterator[Request]:
        """Yield what to ask for in the place of a list that gave nothing."""
        yield from ()


def _day(name: str, text: str | None, today: date) -> date | None:
    if text is None:
        return None
    try:
        return dates.parse_day(text, today)
    except ValueError:
        raise UsageTrouble(f"{name}={text!s} is no day; say 2026-11-01, 01/11/2026 or '3 days'.") from None

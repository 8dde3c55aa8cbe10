"""The spider of scheduled runs: what is new, what is due, and what other runs have left."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object

from vovcrawler import context, dates, sections, urls
from vovcrawler.catalogue import Catalogue
from vovcrawler.errors import UsageTrouble
from vovcrawler.frontier import Frontier
from vovcrawler.pages.listing import Listed, first_page, page_number
from vovcrawler.sections import Section
from vovcrawler.sightings import Sighting, was_read
from vovcrawler.spiders.discovery import ARTICLES, DiscoverySpider

logger = logging.getLogger(__name__)

# After what is new: what was left undone, then what may have changed.
_LEFT, _DUE = ARTICLES - 10, ARTICLES - 20
_SWEEP = "full sweep"
# A page that is due hourly is due in each run of an hourly schedule, whose runs are never quite an hour apart.
_EARLY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a scheduled run asks for, before it has seen what is new."""

    feeds: dict[str, Section | None]
    lists: dict[str, Section | None]
    sitemaps: list[str]
    # How many links from a seed each of them is.
    left: dict[str, int]
    due: list[str]
    is_full: bool

    @classmethod
    def make(
        cls, catalogue: Catalogue | None, known: Mapping[str, Section], now: datetime, depth: date, job: int = 0
    ) -> Self:
        """Return the plan for a run at *now* that reads lists back to *depth*; *job* is its own.

        Every run asks for the latest news, all feeds and the sitemap of the month, and for the lists of sections
        without a feed; the first run of a day for all lists. What failed is asked for less and less often.
        """
        today, at = dates.vietnam_day(now), dates.warc_date(now)
        is_full = catalogue is None or catalogue.note(_SWEEP) != str(today)

        # What leads there is no feed or list of a section any more.
        feed, latest = (_stands_at(catalogue, url, at) for url in (sections.LATEST_FEED, sections.LATEST))

        def chosen(lists: Mapping[str, Section | None]) -> dict[str, Section | None]:
            here = {_stands_at(catalogue, url, at): section for url, section in lists.items()}
            out = {url for url in here if url in (feed, latest) or _rests(catalogue, url, at)}
            return {url: section for url, section in here.items() if url not in out}

        feeds = chosen({section.feed: section for section in known.values() if section.feed})
        fed = {section.path for section in feeds.values() if section}
        months = sections.months(depth if is_full else today - timedelta(days=1), today)
        lists = {
            latest: None,
            **chosen({place.url: place for place in known.values() if is_full or place.path not in fed}),
        }
        feeds = {feed: None, **feeds}
        sitemaps = [*map(sections.month_sitemap, months), *([sections.SITEMAP_INDEX] if is_full else [])]
        # Lists that failed come with the plan of their day, not by themselves.
        asked = {*feeds, *lists, *sitemaps, sections.SITEMAP_INDEX, *(place.url for place in known.values())}
        return cls(
            feeds=feeds,
            lists=lists,
            sitemaps=sitemaps,
            left=_left(catalogue, job, at) if catalogue else {},
            due=[url for url in _due(catalogue, now) if url not in asked] if catalogue else [],
            is_full=is_full,
        )


def _due(catalogue: Catalogue, now: datetime) -> Iterator[str]:
    """Yield what is due, or will be before another run of the same rhythm could see to it."""
    for page in catalogue.due(dates.warc_date(now + _EARLY)):
        assert page.due_at is not None
        due = datetime.fromisoformat(page.due_at)
        interval = due - datetime.fromisoformat(page.visited_at or page.due_at)
        if now >= due - min(_EARLY, interval / 20):
            yield page.url


def _rests(catalogue: Catalogue | None, url: str, at: str) -> bool:
    page = catalogue.page_of(url) if catalogue else None
    return bool(page and page.state in {"failed", "refused"} and page.due_at and page.due_at > at)


def _stands_at(catalogue: Catalogue | None, url: str, at: str) -> str:
    """Return where the list at *url* has moved for good, as far as is known."""
    page = catalogue.page_of(url) if catalogue else None
    if not catalogue or not page or page.state != "moved" or (page.due_at or "") <= at or catalogue.is_back(page):
        return url
    return page.moved_to or url


def _left(catalogue: Catalogue, job: int, at: str) -> dict[str, int]:
    """Return what unfinished runs have left, and what was listed and never asked for, with the hops of each."""
    hops: dict[str, int] = {}
    # The nearest come first.
    for url, level in catalogue.leftovers(job, at):
        hops.setdefault(url, level)
    hops |= dict.fromkeys(catalogue.missing(), 0)
    return {url: far for url, far in hops.items() if urls.is_allowed(url)}


class UpdateSpider(DiscoverySpider):
    """What is new, what is due by ``REVISIT_AFTER``, and what earlier runs of any spider have left."""

    name = "update"
    accepts: frozenset[str] = frozenset()
    list_meta: ClassVar[dict[str, Any]] = {"unless_changed": True}
    # Each run has a job of its own, which takes over from all others.
    goes_on = False
    # Of many workers none has it.
    needs_whole_archive = True

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **arguments)
        scheduler = crawler.settings["SCHEDULER"]
        if Frontier not in getattr(
            load_object(scheduler), "__mro__", ()
        ):  # to issubclass() all schedulers are alike
            raise UsageTrouble(
                f"SCHEDULER={scheduler!s} cannot take over what other runs have left;"
                f" an update needs {Frontier.__module__}.{Frontier.__qualname__}."
            )
        spider.horizon = spider.today - timedelta(days=crawler.settings.getint("UPDATE_DAYS"))
        return spider

    horizon: date

    @property
    def depth(self) -> date:
        return self.horizon

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the lists, for what is left and for what is due."""
        catalogue = context.catalogue(self.crawler)
        job = self.crawler.engine.scheduler.job  # type: ignore[union-attr]
        known = {section.path: section for section in self.chosen}
        plan = Plan.make(catalogue, known, context.clock(self.crawler)(), self.depth, job)
        lists = list(self._lists(plan))
        budget = self.crawler.settings.getint("REQUESTS_MAX")
        if 0 < budget <= 1 + len(lists):
            said = "A budget of %d requests has no room for articles: robots.txt and %d lists come first"
            logger.warning(said, budget, len(lists))
        for request in lists:
            yield request
        for url, hops in plan.left.items():
            yield self._again(url, _LEFT, hops)
        for url in plan.due:
            yield self._again(url, _DUE)
        now = context.clock(self.crawler)()
        left = catalogue.adopt(job, dates.warc_date(now))
        if plan.is_full:
            catalogue.set_note(_SWEEP, str(dates.vietnam_day(now)))
        logger.info(
            "%d left by other runs, %d due, %s sweep", left, len(plan.due), "full" if plan.is_full else "quick"
        )

    def _lists(self, plan: Plan) -> Iterator[Request]:
        for url, section in plan.feeds.items():
            yield self.ask_feed(url, section)
        for url, section in plan.lists.items():
            yield self.ask_list(url, section)
        for url in plan.sitemaps:
            yield self.ask_sitemap(url)

    def _again(self, url: str, priority: int, hops: int = 0) -> Request:
        """Return the request for a page that is known by its address only, and may be a list."""
        address = urls.classify(url)
        if address.kind == "feed":
            return self.ask_feed(url)
        if address.kind == "sitemap":
            return self.ask_sitemap(url)
        if address.kind in {"section", "latest"}:
            first = first_page(url)
            section = Section(path=urlsplit(first).path.strip("/")) if address.kind == "section" else None
            return self.ask_list(url, section, page_number(url), first)
        return self.ask(url).replace(priority=priority, meta={"depth": hops})

    def ask_list(self, url: str, section: Section | None = None, page: int = 0, source: str = "") -> Request:
        """Return the request for a page of a list, whole as long as the list was not read to its depth."""
        request = super().ask_list(url, section, page, source)
        request.meta["unless_changed"] = was_read(self.crawler, source or url, self.depth)
        return request

    def is_wanted(self, item: Listed, section: str | None) -> bool:
        """Whether to ask for a listed article: one that fails is not asked for as often as it is listed."""
        now = dates.warc_date(context.clock(self.crawler)())
        return super().is_wanted(item, section) and not _rests(context.catalogue(self.crawler), item.url, now)

    def look_at(self, sighting: Sighting) -> Iterator[Request]:
        """Ask for the list of a section whose feed shares nothing with what it had before: it has the rest."""
        urls_ = [item.url for item in sighting.items]
        if sighting.section and not context.catalogue(self.crawler).listed_by(sighting.source, urls_):
            yield self.ask_list(Section(path=sighting.section).url, Section(path=sighting.section))

    def behind(self, sighting: Sighting) -> Iterator[Request]:
        """Yield nothing: the plan has all that was listed and is not held."""
        yield from ()

    def broke_off(self, source: str) -> None:
        """Do nothing: the page that did not come is due by itself."""

    def instead(self, request: Request | None) -> Iterator[Request]:
        """Yield the list of a section whose feed gave nothing."""
        section = (request.cb_kwargs if request else {}).get("section")
        if section and request and request.callback == self.parse_feed:
            yield self.ask_list(Section(path=section).url, Section(path=section))

"""The frontier: Scrapy's scheduler over the catalogue, so that what is known survives the process.

Requests leave by level (links from a seed), then priority, then age; none of a level leaves before every
request of the levels below is settled. A request is settled when Scrapy is done with it, in one transaction
with all that came of it: record, links, validators.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from vovcrawler import __version__, context, dates, outcomes, revisit, urls
from vovcrawler.catalogue import Job, Page, Row, Visit
from vovcrawler.commits import Commits
from vovcrawler.flights import GONE, Flight, Flights
from vovcrawler.request_json import dump, load, page_key, readdress

logger = logging.getLogger(__name__)

_PERMANENT = frozenset({301, 308})
# Under this name stands the REVISIT_AFTER by which the due times were set.
_STEPS = "revisit_after"


class Frontier(BaseScheduler):
    """The scheduler of a crawl (setting ``SCHEDULER``)."""

    spider: Spider
    # Its number; 0 until the spider is open.
    job: int = 0

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.catalogue = context.catalogue(crawler)
        self.commits = Commits.of(crawler)
        self.flights = Flights.of(crawler)
        self.clock = context.clock(crawler)
        self.revisits = revisit.Revisits.parse(crawler.settings["REVISIT_AFTER"])
        # An archive takes every capture in at its time, also those that others redirect to.
        self._takes_in = crawler.settings.getbool("INGEST")
        # Whether nothing can leave before the frontier changes.
        self._quiet = False
        # Hosts that this run leaves to the next one.
        self._left: set[str] = set()
        # Requests that cannot be written down, by row.
        self._unwritten: dict[int, Request] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    # ---- the life of a crawl

    def open(self, spider: Spider) -> None:
        """Get ready; the catalogue is asked when the spider is open, since Scrapy cannot undo half an opening."""
        self.spider = spider
        self.crawler.signals.connect(self._begin, signals.spider_opened)

    def _begin(self) -> None:
        """Go on with the unfinished job of this spider and these arguments, or begin a new one."""
        run = context.run(self.crawler)
        with self.commits.guard():
            job = self._open_job()
            self.catalogue.start_run(
                run.name,
                job=job.number,
                spider=run.spider,
                arguments=run.arguments,
                version=__version__,
                at=dates.warc_date(run.started_at),
            )
            self._keep_to_setting()
            self.commits.commit()
        self.commits.notice, self.commits.is_next = self.settle_landed, self.flights.is_next
        self.job = job.number
        if job.continued:
            logger.info("Going on: %d pages are settled, %d wait", job.settled, job.pending)
            self.stats.set_value("frontier/settled_before", job.settled)

    def _open_job(self) -> Job:
        run = context.run(self.crawler)
        # A spider that visits what is due has a job of its own in each run.
        goes_on = getattr(self.spider, "goes_on", True)
        return self.catalogue.open_job(run.spider, run.arguments if goes_on else {"run": run.name}, self._now())

    def _keep_to_setting(self) -> None:
        """Let a changed ``REVISIT_AFTER`` hold for the pages that are known already."""
        steps = repr(self.revisits.steps)
        if self.catalogue.note(_STEPS) != steps:
            pages = self.catalogue.recompute_due(partial(self.revisits.due, now=self._now()))
            self.catalogue.set_note(_STEPS, steps)
            logger.debug("REVISIT_AFTER is new for %d pages", pages)

    def close(self, reason: str) -> None:
        """Settle what has landed; the job is over when nothing of it waits."""
        self.commits.closing = True
        self.settle_landed()
        if self.commits.broken or not self.job:
            return
        with self.commits.guard():
            _, pending = self.catalogue.job_counts(self.job)
            if context.is_lasting(self.crawler):
                self.stats.set_value("frontier/waiting", pending)
            if reason == "finished" and self.flights.started and not pending:
                self.catalogue.finish_job(self.job, self._now())
                while self.catalogue.sweep_jobs():
                    self.commits.commit()

    # ---- what Scrapy asks

    def has_pending_requests(self) -> bool:
        """Whether anything is not settled and will be in this run."""
        self.settle_landed()
        if self.commits.broken:
            return False
        with self.commits.guard():
            if self.flights.by_row or not self._left:
                return self.catalogue.is_waiting(self.job)
            return self.catalogue.next_row(self.job, (), self._left) is not None
        return False

    def enqueue_request(self, request: Request) -> bool:
        """Take in a request: a first one, a link of a page in flight, or that page itself once more."""
        if self.commits.broken:
            return False
        parent = request.meta.pop("parent", None)
        flight = self.flights.by_row.get(parent) if parent else None
        if flight:
            if not self.commits.may_begin(flight):
                flight.links.append(request)
                return True
        elif parent is None and (flight := self.flights.of_request(request)):
            if page_key(request) == flight.key:
                # Scrapy lets a retry pass all filters, and so where it would lead to be asked for once more.
                request.dont_filter = flight.request.dont_filter
                flight.again = request
            else:
                flight.moved = request
            return True
        with self.commits.guard():
            return self._add(request, seed=parent == 0)
        return False

    def next_request(self) -> Request | None:
        """Return the next request that may leave now."""
        self.settle_landed()
        while not self.commits.broken:
            with self.commits.guard():
                row = self._next_row()
                if row is None:
                    return None
                if request := self._depart(row):
                    return request
        return None

    # ---- leaving

    def _next_row(self) -> Row | None:
        if self._quiet:
            return None
        row = self.catalogue.next_row(self.job, self.flights.by_row, self._left)
        if row is not None and row.level and not self.flights.started:
            return None
        self._quiet = row is None and bool(self._left)
        return row

    def _depart(self, row: Row) -> Request | None:
        """Return the request of *row*, on its way; ``None`` when the page need not or cannot be asked for."""
        page = row.page
        known = page.article is not None or page.moved_to
        is_due = row.seed or not page.due_at or page.due_at <= self._now()
        if known and not is_due and not self.catalogue.is_back(page):
            self._pass_by(row, page)
            return None
        if (request := self._unwritten.pop(row.number, None)) is None:
            try:
                request = load(row.request or "{}", self.spider)
            except (ValueError, LookupError, TypeError) as error:
                self._settle_row(row, Visit(page=page.number, at=self._now(), state="failed", reason=str(error)))
                return None
        if not context.replaying(self.crawler):
            revisit.make_conditional(request, page)
        self.flights.add(Flight(row=row, key=(page.url, page.variant), request=request))
        self.stats.inc_value("frontier/asked")
        return request

    def _pass_by(self, row: Row, page: Page) -> None:
        """Settle a page that is known and not due; what it calls related is reached all the same."""
        self.stats.inc_value("pages/not_due")
        if page.article is not None:
            self._follow_known(row, page.article)
        elif page.moved_to:
            self._add_like(row, page.moved_to, row.level)
        self._done(row)

    def _follow_known(self, row: Row, article: int) -> None:
        """Enqueue what *article*, which was not read again, called related."""
        if row.level >= self._limit:
            return
        for url in self.catalogue.related(article):
            if urls.is_allowed(url):
                self._add_like(row, url, row.level + 1)

    def _add_like(self, row: Row, url: str, level: int) -> None:
        if row.request is not None:
            self._add(load(readdress(row.request, url, level, row.url), self.spider), seed=False)

    @property
    def _limit(self) -> float:
        """How many links from a seed this crawl goes; Scrapy has no way to say "none"."""
        hops = getattr(self.spider, "hops", None)
        return hops if hops is not None else self.crawler.settings.getint("DEPTH_LIMIT") or float("inf")

    # ---- entering

    def _add(self, request: Request, *, seed: bool, level: int | None = None) -> bool:
        url, variant = page_key(request)
        level = request.meta.get("depth", 0) if level is None else level
        page = self.catalogue.know_page(url, self._now(), variant)
        again = request.dont_filter
        number = None
        # Most links lead to what is known: there is no need to write them down.
        if again or not self.catalogue.knows(self.job, page, level):
            text = dump(request, self.spider)
            number = self.catalogue.enqueue(
                self.job,
                page,
                level=level,
                priority=request.priority,
                seed=seed or again,
                request=text,
                again=again,
            )
        self.commits.wrote()
        self._quiet = False
        if number is None:
            self.stats.inc_value("frontier/known")
            return False
        if text is None:
            self._keep_unwritten(number, request)
        self.stats.inc_value("frontier/enqueued")
        return True

    def _keep_unwritten(self, number: int, request: Request) -> None:
        self._unwritten[number] = request
        self.stats.inc_value("frontier/unwritten")
        if self.stats.get_value("frontier/unwritten") == 1:
            logger.warning(
                "Cannot be written down and is lost if this run is stopped: %s (callbacks must be methods of the"
                " spider, meta and cb_kwargs plain JSON; further ones are only counted)",
                request,
            )

    # ---- settling

    def settle_landed(self) -> None:
        """Settle the requests that Scrapy is done with."""
        # Scrapy removes a request from this private set when its callback is exhausted and all its items are
        # through, whatever became of it; no public signal says that.
        slot = self.crawler.engine._slot
        if slot is None or self.commits.broken:
            return
        for flight in self.flights.landed(slot.inprogress):
            with self.commits.guard():
                self._land(flight)
            self.commits.end(flight)

    def _land(self, flight: Flight) -> None:
        if flight.again is not None:
            self._wait_again(flight)
            return
        if not getattr(flight.exception, "settles", True):
            self._left.add(urlsplit(flight.row.url).netloc)
            return
        for request in flight.links:
            self._add(request, seed=False)
        if flight.moved is not None and not self._takes_in:
            self._add(flight.moved, seed=flight.row.seed, level=flight.row.level)
        page = self.catalogue.page(flight.row.page.number)
        visit = outcomes.judge(flight, page, flight.answered_at or self._captured_at(flight) or self._now())
        visit = self._with_due(visit, page)
        if visit.status == 304 and visit.article:
            self._follow_known(flight.row, visit.article)
        self._settle_row(flight.row, visit)

    def _captured_at(self, flight: Flight) -> str | None:
        """Return when the answer came of which a replay has read nothing: later captures are not yet known."""
        return flight.request.meta.get("captured_at") if context.replaying(self.crawler) else None

    def _with_due(self, visit: Visit, page: Page) -> Visit:
        """Return *visit* with the time of the next one."""
        article = visit.article or page.article
        if visit.state in ("failed", "refused"):
            due = self._due(article, visit, page)
            # What is held and old, and what was never there, is not looked for for years, unless it is a list.
            given_up = article or (visit.status in GONE and urls.is_article(page.url))
            if given_up and due == revisit.NEVER:
                return replace(visit, due_at=due)
            known_since = page.first_seen if urls.is_article(page.url) else None
            return replace(visit, due_at=revisit.retry_at(page.failures + 1, visit.at, known_since))
        if visit.state == "moved":
            return replace(visit, due_at=self._due_moved(visit, page))
        if visit.state not in ("done", "gone") or article is None:
            return visit
        return replace(visit, due_at=self._due(article, visit, page))

    def _due(self, article: int | None, visit: Visit, page: Page) -> str:
        born = self.catalogue.born_at(article) if article else page.first_seen
        return self.revisits.due(born, visit.at, self._now())

    def _due_moved(self, visit: Visit, page: Page) -> str | None:
        """Return when to ask again for a page that redirects: one of an article as seldom as for the article."""
        is_article = urls.is_article(page.url)
        is_permanent, until = visit.status in _PERMANENT, revisit.moved_until(visit.at, is_list=not is_article)
        if not is_article:
            return until if is_permanent else None
        target = self.catalogue.page_of(visit.moved_to or "")
        article = page.article or (target.article if target else None)
        due = self._due(article, visit, page)
        if article is None:
            due = min(due, until)
        # A site that is down for an hour may send all its articles to one page.
        return max(due, until) if is_permanent and urls.is_article(visit.moved_to or "") else due

    def _wait_again(self, flight: Flight) -> None:
        assert flight.again is not None
        text = dump(flight.again, self.spider)
        if text is None:
            self._unwritten[flight.row.number] = flight.again
        self._quiet = False
        self.catalogue.postpone(flight.row.number, priority=flight.again.priority, request=text)

    def _settle_row(self, row: Row, visit: Visit) -> None:
        # What the source of a replay does not hold has not failed.
        self.stats.inc_value("pages/absent" if visit.reason == "absent" else f"pages/{visit.state}")
        if visit.state == "done":
            self.stats.inc_value("pages/got")
        elif visit.state == "failed" and visit.reason and visit.reason != "absent":
            # What comes after the colon may be different for each page.
            self.stats.inc_value(f"failed/{visit.reason.partition(':')[0]}")
        self.catalogue.visited(visit)
        self._done(row)
        self.stats.inc_value("pages/settled")

    def _done(self, row: Row) -> None:
        self.catalogue.settle(row.number)
        self.commits.wrote()
        self._quiet = False

    def _now(self) -> str:
        return dates.warc_date(self.clock())

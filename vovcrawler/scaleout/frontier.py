"""The frontier of a worker: what waits is in Redis, what this worker is at is in its own catalogue.

A request is taken from Redis on lease, goes the way of every request of :mod:`vovcrawler.frontier`, and is
settled in Redis after the commit that has all that came of it; the links of a page are there before that.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import call_later, create_looping_call

from vovcrawler.catalogue import Job, Row
from vovcrawler.frontier import Frontier
from vovcrawler.request_json import page_key
from vovcrawler.scaleout.queue import LeasingScheduler, Settled, Unwritable
from vovcrawler.scaleout.shared import Shared

logger = logging.getLogger(__name__)

# How often to ask when others have all there is, and how many times a lease is renewed while it lasts.
_GLANCE, _BEATS = 0.5, 4


class WorkerFrontier(Frontier):
    """The scheduler of a crawl that shares its requests with other workers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.shared = Shared.of(crawler)
        self.scheduler = LeasingScheduler.from_crawler(crawler)
        # The pages on lease by row, and those that are settled and wait for a commit.
        self._leased: dict[int, str] = {}
        self._settled: list[Settled] = []
        self._asks_again = False
        self._beating = create_looping_call(self._beat)
        self._reason = ""

    # ---- the life of a crawl

    def open(self, spider: Spider) -> None:
        """Get ready; leave Redis only after the last commit, which was connected before."""
        super().open(spider)
        self.crawler.signals.connect(self._leave, signals.spider_closed)

    def _begin(self) -> None:
        self.scheduler.open(self.spider)
        self.catalogue.after_commit.append(self._tell)
        super()._begin()
        self._beating.start(self.shared.lease / 1000 / _BEATS, now=True)

    def _open_job(self) -> Job:
        """Open the job of this worker; what an earlier run of it had taken waits in Redis."""
        job = super()._open_job()
        self.catalogue.forget_waiting(job.number)
        return replace(job, continued=False)

    def close(self, reason: str) -> None:
        self._reason = reason
        self.shared.closing = True
        super().close(reason)

    def _leave(self) -> None:
        """Give back what is not done; when nobody has anything left, the job is over."""
        if self._beating.running:
            self._beating.stop()
        if not self.job or self.shared.lost:
            return
        if not self.commits.broken:
            self.commits.commit()
        is_over = self._reason == "finished" and self.flights.started and not self.commits.broken
        with self.shared.guard():
            if articles := self.scheduler.queue.leave(finished=is_over):
                # A worker for which the others left nothing has not failed.
                self.stats.set_value("frontier/settled_before", articles)

    def _beat(self) -> None:
        """Renew the leases, and let what dead workers had wait again."""
        self.scheduler.queue.seeding = not self.flights.started
        if not self.shared.lost:
            # The first one comes before there is a run to be ended; that finds Redis lost.
            with suppress(CloseSpider), self.shared.guard():
                len(self.scheduler)

    # ---- what Scrapy asks

    def has_pending_requests(self) -> bool:
        """Whether anything is not settled, here or at another worker."""
        self.settle_landed()
        if self.commits.broken or self.shared.lost or self._left:
            return False
        if self.catalogue.is_waiting(self.job):
            return True
        if self._settled:
            self._hurry()
            return True
        with self.shared.guard():
            self._ask_again()
            return len(self.scheduler) > 0
        return False

    def _next_row(self) -> Row | None:
        row = super()._next_row()
        if row is not None or self._left or self.shared.lost:
            return row
        self.scheduler.queue.seeding = not self.flights.started
        with self.shared.guard():
            request = self.scheduler.next_request()
            if request is not None:
                self._take_in(request)
                return super()._next_row()
            self._hurry()
            self._ask_again()
        return None

    def _hurry(self) -> None:
        """Commit what is settled: others wait for it, and so does the next level."""
        if self._settled:
            self.commits.wanted = True
            self.commits.consider()

    def _take_in(self, request: Request) -> None:
        """Let what was handed to this worker wait in its own catalogue."""
        lease = self.scheduler.queue.leases.pop(request)
        url, variant = page_key(request)
        number = self.catalogue.enqueue(
            self.job,
            self.catalogue.know_page(url, self._now(), variant),
            level=lease.level,
            priority=request.priority,
            seed=lease.seed,
            request=lease.text,
            again=True,
        )
        assert number is not None
        self._leased[number] = lease.page
        self.commits.wrote()
        self._quiet = False

    def _ask_again(self) -> None:
        """Have the engine ask soon: what others settle or lose wakes nobody here."""
        if not self._asks_again:
            self._asks_again = True
            call_later(_GLANCE, self._glance)

    def _glance(self) -> None:
        self._asks_again = False
        self._wake()

    def _wake(self) -> None:
        if self.crawler.engine and self.crawler.engine._slot:
            self.crawler.engine._slot.nextcall.schedule()

    # ---- entering and settling

    def _add(self, request: Request, *, seed: bool, level: int | None = None) -> bool:
        if self.shared.lost:
            return False
        sent = request.copy()
        sent.meta["depth"] = request.meta.get("depth", 0) if level is None else level
        if is_seed := seed or request.dont_filter:
            sent.meta["seed"] = True
        # Whose links are wanted has to be read, whoever has visited it.
        passes = not is_seed and sent.meta["depth"] >= self._limit
        try:
            with self.shared.guard():
                is_new = self.scheduler.enqueue_request(sent, self._now() if passes else "")
                self.stats.inc_value("frontier/enqueued" if is_new else "frontier/known")
                self._ask_again()
                return is_new
        except Unwritable:
            return super()._add(request, seed=seed, level=level)
        return False

    def _done(self, row: Row) -> None:
        super()._done(row)
        page = self._leased.pop(row.number, None)
        if page is None:
            return
        known = self.catalogue.page(row.page.number)
        is_article = known.article is not None
        self._settled.append(
            Settled(page=page, due_at=(known.due_at or "") if is_article else "", is_article=is_article)
        )

    def _tell(self) -> None:
        """Settle in Redis what was committed here."""
        settled, self._settled = self._settled, []
        if settled and not self.shared.lost:
            with self.shared.guard():
                self.scheduler.queue.settle(settled)
            if not self.shared.closing:
                self._wake()

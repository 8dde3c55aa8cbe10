"""Group commits: many pages in one transaction, and never half a page.

A page is half recorded from its first record or link until it is settled. Pages are recorded one after the
other, in the order in which their answers came, so that a rebuild numbers them the same. A commit waits until
no page is half recorded; while one is wanted, no other page may begin, so it cannot wait for ever.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later, create_looping_call
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from vovcrawler import context, dates, feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.store import sentences, storage_trouble

logger = logging.getLogger(__name__)

# A commit comes after so many pages, or so many seconds; what a crash undoes is fetched again.
PAGES, SECONDS = 64, 0.5
# What was captured before is only read again, so a crash may undo more of it.
CAPTURED_PAGES, CAPTURED_SECONDS = 500, 10.0
_TICK = 0.25
# How often to look at once whether a page is settled that others wait for, and how soon after that.
_EAGER, _GLANCE = 50, 0.005

# A clock that is put right by less is not worth a word.
_SKEW = timedelta(hours=1)
# Under this name stands when the last run began.
_BEGAN = "last_began"

_Failures = type[sqlite3.Error] | tuple[type[sqlite3.Error], type[OSError]]


class Commits:
    """Decides when what one crawl wrote to the catalogue becomes lasting."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.catalogue: Catalogue = context.catalogue(crawler)
        self.is_captured = crawler.settings.getbool("INGEST")
        self.feed: feeds.ArchiveFeed | None = None
        if context.is_lasting(crawler):
            # What is taken in was visited when it was captured, whatever the clock says now.
            if not self.is_captured:
                self._mind_clock()
            self.feed = self._reconciled_feed()
            self.catalogue.after_commit.append(self.feed.append)
        # Called before looking whether pages are half recorded: notices those that are settled by now.
        self.notice: Callable[[], None] = lambda: None
        # Whether all pages are settled whose answers came before that of a page.
        self.is_next: Callable[[object], bool] = lambda page: True
        self.wanted = False
        self.broken = False
        # Whether the crawl is past the point where it could be ended.
        self.closing = False
        self._half: set[object] = set()
        self._pages = 0
        self._since: float | None = None
        self._waiting: list[tuple[object, Deferred[None]]] = []
        self._glances = 0
        self._glancing = False
        self._ticking = create_looping_call(self.consider)
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._finish, signals.spider_closed)

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the commits of *crawler*; the first call opens its catalogue and brings the feed up to it."""
        return context.one_of(cls, crawler)

    def _mind_clock(self) -> None:
        """Where the clock went back since the last run, let no time ahead keep pages or hosts from being asked."""
        now = context.clock(self.crawler)()
        with sentences(self.catalogue.path):
            last = self.catalogue.note(_BEGAN) or self.catalogue.last_start()
            if last and datetime.fromisoformat(last) > now + _SKEW and self.catalogue.forget_future(now):
                logger.warning("The clock went back: an earlier run began at %s", last)
            self.catalogue.set_note(_BEGAN, dates.warc_date(now))

    def _reconciled_feed(self) -> feeds.ArchiveFeed:
        with sentences(self.catalogue.folder / "feeds"):
            feed = feeds.ArchiveFeed(self.catalogue)
            feed.reconcile(dates.vietnam_day(context.clock(self.crawler)()))
        return feed

    # ---- half recorded pages

    def may_begin(self, page: object) -> bool:
        """Whether *page* may be recorded now; from then on it is half recorded."""
        if page in self._half:
            return True
        if self.wanted or not self.is_next(page):
            return False
        self._half.add(page)
        self.wrote()
        return True

    async def begin(self, page: object) -> bool:
        """Wait until *page* may be recorded; return False where nothing can be, since the storage failed."""
        if not self.broken and not self.may_begin(page):
            waiting: Deferred[None] = Deferred()
            self._waiting.append((page, waiting))
            self._glance_soon()
            await maybe_deferred_to_future(waiting)
        return not self.broken

    def end(self, page: object) -> None:
        """*page* is settled, or has nothing that could be half."""
        self._half.discard(page)
        self._pages += 1
        self.wrote()
        self._wake()

    def wrote(self) -> None:
        """Something whole was written that waits for a commit."""
        if self._since is None:
            self._since = monotonic()

    def _wake(self) -> None:
        """Let those go on that may begin by now."""
        self._glances = 0
        waiting, self._waiting = self._waiting, []
        for page, deferred in waiting:
            if self.broken or self.may_begin(page):
                deferred.callback(None)
            else:
                self._waiting.append((page, deferred))

    def _glance_soon(self) -> None:
        """Look at once, and a few times more, whether the page before is settled; then less often."""
        if not self._glancing:
            self._glancing = True
            self._glances += 1
            call_later(0 if self._glances < _EAGER else _GLANCE, self._glance)

    def _glance(self) -> None:
        self._glancing = False
        self.consider()
        if self._waiting:
            self._glance_soon()

    # ---- commits

    def consider(self) -> None:
        """Commit when it is time and no page is half recorded."""
        self.notice()
        if self.broken or self._since is None:
            return
        pages, seconds = (CAPTURED_PAGES, CAPTURED_SECONDS) if self.is_captured else (PAGES, SECONDS)
        if self._pages >= pages or monotonic() - self._since >= seconds:
            self.wanted = True
        if not self.wanted:
            return
        if self._half:
            self._glance_soon()
            return
        self.commit()

    def commit(self) -> None:
        """Commit now; what waits for it goes on."""
        with self.guard():
            self.catalogue.commit()
        self._pages, self._since, self.wanted = 0, None, self.broken
        self._wake()

    @contextmanager
    def guard(self, failures: _Failures = (sqlite3.Error, OSError)) -> Iterator[None]:
        """End the run when the block meets a full disk or the like; everything committed is kept."""
        try:
            yield
        except failures as error:
            self._break(error)

    def _break(self, error: sqlite3.Error | OSError) -> None:
        if self.broken:
            return
        self.broken = self.wanted = True
        logger.error("The storage failed: %s", error)
        trouble = storage_trouble(self.catalogue.path, error)
        # The report of the run is still to come, and must not make lasting what refers to nothing.
        with suppress(sqlite3.Error):
            self.catalogue.rollback()
        if self.closing:
            context.remember(self.crawler, trouble)
        else:
            context.fail(self.crawler, trouble)
        # No commit is to come that they could wait for.
        self._wake()

    # ---- the life of a crawl

    def _start(self) -> None:
        self._ticking.start(_TICK, now=False)

    def _finish(self) -> None:
        self.closing = True
        if self._ticking.running:
            self._ticking.stop()
        self.notice()
        if not self.broken:
            self.commit()
        if self.feed:
            with self.guard():
                self.feed.close()

"""Captures that a worker of this version has read already, taken over as they were read.

To read a page again gives what its worker wrote beside it, and takes ten times as long. Everything else takes the
way of a replay: answers that are no pages, and what was written by other versions or tools.
"""

from __future__ import annotations

from asyncio import sleep
from dataclasses import replace
from typing import Any

from scrapy.crawler import Crawler

from vovcrawler import context, dates, feeds, urls
from vovcrawler.catalogue import Visit
from vovcrawler.commits import Commits
from vovcrawler.items import Article, from_record
from vovcrawler.pipelines import Require
from vovcrawler.revisit import Revisits
from vovcrawler.sources import Capture, Source

# What takes its way at once must not keep the rest of the program from its own.
_BREATHS = 16


class Merging:
    """Records captures without a request, in the order in which it is given them."""

    def __init__(self, crawler: Crawler, source: Source) -> None:
        self.crawler, self.source = crawler, source
        self.stats = crawler.stats
        self.catalogue = context.catalogue(crawler)
        self.commits = Commits.of(crawler)
        self.require = Require.from_crawler(crawler)
        self.revisits = Revisits.parse(crawler.settings["REVISIT_AFTER"])
        # Whether captures that were given away may still be on their way.
        self.is_waiting = False
        self._count = 0

    async def take(self, capture: Capture) -> bool:
        """Record *capture*, if its worker has read it; return whether nothing else is to be done with it."""
        if self.commits.broken:
            return True  # the run is ending
        record = self.source.reading(capture) if capture.status == 200 and capture.url else None
        if record is None or record["status"] == "gone" or record["url"] != urls.canonical(capture.url or ""):
            self.is_waiting = True
            return False
        if self.is_waiting:
            await self._until_settled()
        if not await self.commits.begin(self):
            return True
        with self.commits.guard():
            self._record(capture, record)
        self.commits.end(self)
        self.commits.consider()
        self._count += 1
        if self._count % _BREATHS == 0:
            await sleep(0)
        return True

    async def _until_settled(self) -> None:
        """Let what was given away be recorded first."""
        assert self.crawler.engine is not None
        slot = self.crawler.engine._slot
        while slot and not self.commits.broken and slot.scheduler and slot.scheduler.has_pending_requests():
            await sleep(0)
        self.is_waiting = False

    def _record(self, capture: Capture, record: dict[str, Any]) -> None:
        assert capture.url is not None
        now = dates.warc_date(context.clock(self.crawler)())
        at = capture.captured_at or now
        article = self.require.process_item(_as_read(capture, record))
        url = urls.canonical(capture.url)
        page = self.catalogue.know_page(url, at)
        judged = self.catalogue.record(article, page=page, at=at, line=feeds.line)
        number = self.catalogue.number_of(article.id)
        assert number is not None
        visit = Visit(
            page=page,
            at=at,
            state="done",
            status=capture.status,
            etag=capture.etag,
            last_modified=capture.last_modified,
            article=number,
            due_at=self.revisits.due(self.catalogue.born_at(number), at, now),
        )
        self.catalogue.visited(visit)
        if capture.payload_digest and not capture.is_revisit:
            record_id = capture.ref["record_id"]
            self.catalogue.keep_payload(capture.url, capture.payload_digest, at, record_id, good=True)
        for name in (
            f"revisions/{judged.status}",
            "pages/done",
            "pages/got",
            "pages/settled",
            "ingest/taken_over",
        ):
            self.stats.inc_value(name)
        self.stats.inc_value("links/related", len(judged.related))


def _as_read(capture: Capture, record: dict[str, Any]) -> Article:
    """Return the article of *record* before anybody judged it, as it stands in the archive."""
    unjudged = {"duplicate_of": None, "near_duplicate_of": None, "status": "new", "revision": 1, "seq": None}
    article = from_record({**record, **unjudged})
    return replace(article, captured_at=capture.captured_at, capture=capture.ref, hops=capture.hops)

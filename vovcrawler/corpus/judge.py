"""The judge: which outcomes are new, revised, unchanged, gone or copies, one after the other in their order.

Only this part of a corpus cannot be shared out, since every record depends on those before it. It reads no page,
and keeps what it knows in a catalogue of its own, in a temporary folder, as a replay does.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.settings import BaseSettings

from vovcrawler import context, dates, duplicates, feeds, urls
from vovcrawler.catalogue import Catalogue, Standing, Visit
from vovcrawler.corpus.answers import ROBOTS, Outcome, Prepared
from vovcrawler.corpus.contents import Contents
from vovcrawler.items import Article, to_record
from vovcrawler.request_json import page_key
from vovcrawler.sources import Capture

# Records between two commits of the temporary catalogue.
_COMMIT = 1_000
_OURS = re.compile(rf"(?:.*\.)?(?:{'|'.join(map(re.escape, sorted(urls.ALLOWED_HOSTS)))})")


@dataclass(frozen=True)
class Judged(Standing):
    """The record of an article, whose text need not be read to know it."""

    article: Article

    @cached_property
    def record(self) -> dict[str, Any]:
        return to_record(self.article)


class Judge:
    """Judges the captures in *contents*."""

    def __init__(self, contents: Contents, catalogue: Catalogue, settings: BaseSettings) -> None:
        self.contents = contents
        self.catalogue = catalogue
        self.now = dates.warc_date(context.clock_of(settings)())
        self.rules = Rules(contents, settings)
        self.redirects = settings.getint("REDIRECT_MAX_TIMES")
        # The pages that are asked for: every seed is, once for each capture of it.
        self._asked: set[str] = set()
        # The line that is made last, and the one that the article at hand would have if nobody judged it.
        self._line = self._unjudged = b""

    @classmethod
    def rows(cls, contents: Contents, settings: BaseSettings) -> Iterator[Judged | None]:
        """Yield each record, in order; ``None`` for a capture that gives none."""
        similarity = duplicates.limit(settings["NEAR_DUPLICATE_SIMILARITY"])
        with (
            tempfile.TemporaryDirectory(prefix="vovcrawler-") as folder,
            Catalogue.open(Path(folder), lasting=False) as catalogue,
        ):
            catalogue.similarity = similarity
            catalogue.keeps_links = catalogue.has_readers = False
            yield from cls(contents, catalogue, settings)._all()

    def _all(self) -> Iterator[Judged | None]:
        address = self.contents.source.address
        for number, capture in enumerate(self.contents.index.seeds()):
            article = self._judge(capture, Request(address(capture)))
            if article is None:
                yield None
            else:
                # A line that entered the feed is made already.
                line = self._line if article.seq else self._make_line(article)
                yield Judged("", line.decode().removesuffix("\n"), article)
            if number % _COMMIT == _COMMIT - 1:
                self.catalogue.commit()

    def _judge(self, capture: Capture, request: Request, redirects: int = 0) -> Article | None:
        if not self.rules.allow(request, None if redirects else capture):
            return None
        page = self.catalogue.know_page(page_key(request)[0], self.now)
        at = capture.captured_at or self.now
        if capture.status == 304 and (known := self.catalogue.page(page).article):
            last = self.catalogue.last_record(known)
            return self._record(replace(last, status="unchanged", seq=None, hops=0), page, at)
        outcome = self.contents.outcome(capture)
        if outcome.kind == "article":
            assert outcome.article is not None
            return self._record(outcome.article, page, at, outcome)
        if outcome.kind == "gone":
            vanished = self.catalogue.vanished(page, at, outcome.status, capture.ref)
            return self._record(vanished, page, at) if vanished else None
        if outcome.kind == "moved" and redirects < self.redirects:
            assert outcome.moved_to is not None
            return self._follow(outcome.moved_to, redirects + 1)
        return None

    def _record(self, article: Article, page: int, at: str, outcome: Outcome | None = None) -> Article:
        text = None
        if outcome and self.catalogue.number_of(article.id) is None:
            # Of a revision the whole text is wanted, to forget the one before it.
            text = Prepared(article, outcome.fingerprint)
        self._unjudged = outcome.line if outcome else b""
        judged = self.catalogue.record(article, page=page, at=at, line=self._make_line, text=text)
        number = self.catalogue.number_of(judged.id)
        if judged.status != "gone" and number:
            self.catalogue.visited(Visit(page=page, at=at, state="done", article=number))
        return judged

    def _make_line(self, article: Article) -> bytes:
        self._line = feeds.judged_line(self._unjudged, article) if self._unjudged else feeds.line(article)
        return self._line

    def _follow(self, url: str, redirects: int) -> Article | None:
        """Read where a page moved to, unless that is asked for anyway."""
        request = Request(url)
        key = page_key(request)[0]
        if key in self._asked or not _OURS.fullmatch(urlsplit(url).hostname or ""):
            return None
        capture = self.contents.index.find(request.url)
        if capture is None or self.contents.index.is_seed(key):
            return None
        self._asked.add(key)
        return self._judge(capture, request, redirects)


class Rules:
    """The robots.txt in force when a capture was made: what it forbade is not read again."""

    def __init__(self, contents: Contents, settings: BaseSettings) -> None:
        self.contents = contents
        self.agent: str = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self.is_on = settings.getbool("ROBOTSTXT_OBEY")
        self._last: dict[str, tuple[int | None, Any]] = {}

    def allow(self, request: Request, capture: Capture | None) -> bool:
        """Whether *request* is allowed: at the time of *capture*, else as its host was asked last."""
        if not self.is_on or request.url.startswith("file:"):
            return True
        parts = urlsplit(request.url)
        if capture is not None or parts.netloc not in self._last:
            self._take(f"{parts.scheme}://{parts.netloc}{ROBOTS}", parts.netloc, capture)
        parser = self._last[parts.netloc][1]
        return parser is None or bool(parser.allowed(request.url, self.agent))

    def _take(self, url: str, host: str, capture: Capture | None) -> None:
        index = self.contents.index
        robots = index.in_force(url, capture.moment) if capture else index.find(url)
        if host in self._last and self._last[host][0] == (robots.id if robots else None):
            return
        self._last[host] = robots.id if robots else None, self._parser(robots)

    def _parser(self, robots: Capture | None, redirects: int = 0) -> ProtegoRobotParser | None:
        if robots is None:
            return None
        outcome = self.contents.outcome(robots)
        if outcome.kind == "moved" and outcome.moved_to and redirects < 5:
            return self._parser(self.contents.index.find(outcome.moved_to), redirects + 1)
        return ProtegoRobotParser(outcome.rules, None) if outcome.rules else None

"""The archive: every response that came over the wire, in WARC files, before anything reads it.

What a record looks like is made in :mod:`vovcrawler.warc`, how it gets to the disk in :mod:`vovcrawler.shelf`.
"""

from __future__ import annotations

import errno
import json
import logging
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy import __version__ as scrapy_version
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings

from vovcrawler import __version__, context, dates
from vovcrawler.commits import Commits
from vovcrawler.errors import UsageTrouble
from vovcrawler.items import Article, to_record
from vovcrawler.shelf import Shelf, mend
from vovcrawler.warc import writing
from vovcrawler.warc.digests import sha1
from vovcrawler.wholeness import trouble, will_be_asked_again

logger = logging.getLogger(__name__)

_SCHEMES = ("http://", "https://")
# A secret of ours that no reader of the archive should find.
_PRIVATE = frozenset({b"proxy-authorization"})
_FORMAT = "WARC File Format 1.1"
_CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class Archive:
    """Stores request and response of everything fetched, and what was read from it."""

    def __init__(self, crawler: Crawler, folder: Path, max_bytes: int) -> None:
        self.crawler = crawler
        self.folder, self.max_bytes = folder, max_bytes
        self.commits = Commits.of(crawler)
        self.shelf: Shelf | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ARCHIVE_ENABLED"):
            raise NotConfigured  # ARCHIVE_ENABLED is off
        archive = cls(crawler, context.data_dir(crawler) / "warc", max_bytes(crawler.settings))
        crawler.signals.connect(archive.open, signals.spider_opened)
        if not context.replaying(crawler):
            _refuse_cache(crawler.settings)
            crawler.signals.connect(archive.store, signals.response_downloaded)
        crawler.signals.connect(archive.describe, signals.item_scraped)
        crawler.signals.connect(archive.close, signals.spider_closed)
        return archive

    # ---- the life of a crawl

    def open(self) -> None:
        """Finish what a killed run left, and be ready to write."""
        # What the catalogue is to say of a record, the record has to be there for.
        self.commits.catalogue.before_commit.append(self.sync)
        with self.commits.guard():
            for mended in mend(self.folder):
                self.crawler.stats.inc_value("archive/mended")
                said = f"{mended.cut} bytes of a torn record were cut off" if mended.cut else "it was whole"
                logger.warning("A stopped run left %s open: %s", mended.name, said)
            self.shelf = Shelf(self.folder, context.run(self.crawler).name, self.max_bytes, self._opening)

    def _opening(self, name: str) -> bytes:
        """Return the record that the file *name* begins with."""
        settings, run = self.crawler.settings, context.run(self.crawler)
        facts = {
            "software": f"vovcrawler/{__version__} Scrapy/{scrapy_version}",
            "format": _FORMAT,
            "conformsTo": _CONFORMS,
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "http-header-user-agent": settings["USER_AGENT"],
            "isPartOf": run.name,
            "description": f"spider {run.spider}",
        }
        return writing.warcinfo(name, self._now(), facts).member

    def sync(self) -> None:
        """Return when everything stored so far lies on the disk; raises :class:`OSError`."""
        if self.shelf:
            self.shelf.sync()

    def close(self) -> None:
        """Close the file that is being written."""
        if self.shelf:
            with self.commits.guard():
                self.shelf.close()

    # ---- what is stored

    def store(self, response: Response, request: Request) -> None:
        """Store *response* and the *request* that it answers, and note on the request where they are.

        Where that fails the storage is broken, and nothing that is read from the response is recorded.
        """
        request.meta.pop("capture", None)
        if self.shelf and not self.commits.broken and request.url.startswith(_SCHEMES):
            with self.commits.guard():
                self._store(self.shelf, response, request)

    def _store(self, shelf: Shelf, response: Response, request: Request) -> None:
        at = self._now()
        record, digest = self._answer(request, at, response)
        head = writing.http_head(_request_line(request), _request_fields(request))
        asked = writing.request(request.url, at, head, request.body, concurrent_to=record.record_id)
        spot, _ = shelf.write(record.member, asked.member)
        if digest:
            # Not before it is there: later records will refer to it in place of holding the body.
            good = response.status == 200
            self.commits.catalogue.keep_payload(request.url, digest, at, record.record_id, good=good)
        request.meta["capture"] = {"warc": spot.name, "offset": spot.offset, "record_id": record.record_id}
        request.meta["captured_at"] = at
        self.crawler.stats.inc_value("archive/responses")
        self.crawler.stats.inc_value("archive/bytes", len(record.member) + len(asked.member))

    def _answer(self, request: Request, at: str, response: Response) -> tuple[writing.Made, str | None]:
        """Return the record of *response*, and the digest of the body that it is the first one to hold.

        It only refers to an earlier one where that holds the body.
        """
        catalogue, url, meta = self.commits.catalogue, request.url, request.meta
        why = writing.reasons(meta.get("depth", 0), meta.get("window", ""))
        first = writing.status_line(response.status, response.protocol)
        head = writing.http_head(first, _fields(response.headers))
        ip = str(response.ip_address) if response.ip_address else None
        if response.status == 304 and (earlier := catalogue.last_payload(url)):
            self.crawler.stats.inc_value("archive/not_modified")
            return writing.not_modified(url, at, head, refers_to=_reference(url, earlier), ip=ip), None
        digest = sha1(response.body)
        if will_be_asked_again(request, response, self.crawler.settings):
            cut = writing.ASKED_AGAIN
            record = writing.response(url, at, head, response.body, digest=digest, ip=ip, why=why, broken=cut)
            return record, None
        if response.body and (earlier := catalogue.payload(url, digest)):
            self.crawler.stats.inc_value("archive/same_payload")
            refers_to = _reference(url, earlier)
            record = writing.same_payload(url, at, head, refers_to=refers_to, digest=digest, ip=ip, why=why)
            return record, None
        broken = trouble(response)
        record = writing.response(url, at, head, response.body, digest=digest, ip=ip, why=why, broken=broken)
        return record, digest if response.body else None

    def describe(self, item: Any, response: Response) -> None:
        """Store beside *response* what it gave: also that a page is gone, or has not changed."""
        if not self.shelf or self.commits.broken or not isinstance(item, Article):
            return
        capture = response.meta.get("capture") or {}
        # A record of another tool may have no id to be named by.
        if about := capture.get("record_id"):
            block = json.dumps(to_record(item), ensure_ascii=False).encode()
            # What was captured before takes its place in time among what was read at once. That is not
            # the time in the item, which for a page that is gone is the time of what was there before.
            at = response.meta.get("captured_at") if context.replaying(self.crawler) else None
            record = writing.metadata(
                response.url, at or self._now(), block, concurrent_to=about, version=__version__
            )
            with self.commits.guard():
                self.shelf.write(record.member)

    def _now(self) -> str:
        return dates.warc_date(context.clock(self.crawler)())


class BytesFirst:
    """The innermost downloader middleware: lets nothing be read that the archive does not hold."""

    def __init__(self, crawler: Crawler) -> None:
        self.commits = Commits.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ARCHIVE_ENABLED") or context.replaying(crawler):
            raise NotConfigured  # nothing is to be stored
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if "capture" in request.meta or "cached" in response.flags or not request.url.startswith(_SCHEMES):
            return response
        # Scrapy goes on when a signal handler fails; an archive with holes is not one.
        with self.commits.guard():
            raise OSError(errno.EIO, "the response could not be stored", request.url)
        raise IgnoreRequest("Not stored")


def _refuse_cache(settings: BaseSettings) -> None:
    """What comes out of a cache came off the wire at another time, and would be read without being archived."""
    if settings.getbool(name := "HTTPCACHE_ENABLED"):
        raise UsageTrouble(
            f"{name}={settings[name]!s} gives pages that the archive does not hold:"
            " leave it off, or archive nothing (-s ARCHIVE_ENABLED=False)."
        )


def max_bytes(settings: BaseSettings) -> int:
    """Return the setting ``ARCHIVE_MAX_BYTES``; raises :class:`UsageTrouble`."""
    value = settings["ARCHIVE_MAX_BYTES"]
    try:
        if (number := int(value)) > 0:
            return number
    except (TypeError, ValueError):
        pass
    raise UsageTrouble(f"ARCHIVE_MAX_BYTES={value!s} is not a number of bytes, such as {1024**3}.")


def _reference(url: str, earlier: tuple[str, str]) -> writing.Reference:
    return writing.Reference(url=url, date=earlier[0], record_id=earlier[1])


def _fields(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, values in headers.items() for value in values]


def _request_line(request: Request) -> str:
    parts = urlsplit(request.url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{request.method} {parts.path or '/'}{query} HTTP/1.1"


def _request_fields(request: Request) -> list[tuple[bytes, bytes]]:
    fields = [field for field in _fields(request.headers) if field[0].lower() not in _PRIVATE]
    if any(name.lower() == b"host" for name, _ in fields):
        return fields
    return [(b"Host", urlsplit(request.url).netloc.rpartition("@")[2].encode()), *fields]

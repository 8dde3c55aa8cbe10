"""scrapy-redis' scheduler, queue and duplicate filter, made so that a worker that is killed loses nothing.

scrapy-redis notes a request as seen before it enqueues it, and forgets it when it hands it out. Here both steps
are one, and what is handed out is leased: it is forgotten when its page is settled, and waits again when the
worker that has it is no longer heard of. None of a level leaves before every request of the levels below is
settled by whoever has it, so that a page is as many links from a seed as it would be on one machine.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import redis
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import Base
from scrapy_redis.scheduler import Scheduler

from vovcrawler.request_json import dump, load, page_key
from vovcrawler.scaleout import scripts
from vovcrawler.scaleout.shared import Shared

logger = logging.getLogger(__name__)

# A score is made of level, priority and place in line, and has to be a whole number below 2^53.
_LEVEL, _PRIORITY = 10**13, 10**9
_DEEPEST, _HIGHEST = 899, 4999
_UNWRITTEN = "it has a callback that is no method of the spider, or meta or cb_kwargs that are no plain JSON"


class Unwritable(ValueError):
    """A request that would not come back from Redis as it is."""


class JobLost(redis.RedisError):
    """Redis is there, and has forgotten what waits: it was started again without what it was told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """A request that this worker was handed."""

    page: str
    request: Request
    text: str
    level: int
    seed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A page of which everything is on the disk; *due_at* is empty where it is visited whenever asked for."""

    page: str
    due_at: str
    is_article: bool


def score(level: int, priority: int) -> int:
    """Return where a request stands among those that wait: lower levels first, then higher priorities.

    >>> score(0, 100) < score(0, 50) < score(1, 100)
    True
    """
    rank = _HIGHEST - max(-_HIGHEST, min(priority, _HIGHEST))
    return min(level, _DEEPEST) * _LEVEL + rank * _PRIORITY


class SharedDupeFilter(RFPDupeFilter):  # type: ignore[misc]
    """Knows the pages of a job by their canonical address, whichever form of it is asked for."""

    def __init__(self, server: redis.Redis, key: str, requests: str) -> None:
        super().__init__(server, key)
        self.requests = requests

    def request_seen(self, request: Request) -> bool:
        """Whether enqueueing *request* would change nothing; only that itself notes a page as seen."""
        page = self.request_fingerprint(request)
        if not self.server.sismember(self.key, page):
            return False
        waits = self.server.zscore(self.requests, page)
        return waits is None or waits // _LEVEL <= request.meta.get("depth", 0)

    def request_fingerprint(self, request: Request) -> str:
        page = "\n".join(page_key(request))
        return hashlib.sha256(page.encode()).hexdigest()[:32]

    def close(self, reason: str = "") -> None:
        """What a job has seen lasts as long as the job."""


class LeasedQueue(Base):  # type: ignore[misc]
    """The requests of one job that wait or are in flight, as JSON."""

    def __init__(self, server: redis.Redis, spider: Spider, key: str, serializer: Any = json) -> None:
        super().__init__(server, spider, key, serializer)
        self.shared = shared = Shared.of(spider.crawler)
        self.known, self.waiting, self.data = shared.job_key("known"), self.key, shared.job_key("data")
        self.flying, self.counts = shared.job_key("flying"), shared.job_key("counts")
        self.sequence, self.due, self.workers = (
            shared.job_key("sequence"),
            shared.key("due"),
            shared.key("workers"),
        )
        self._push, self._claim = shared.script(scripts.PUSH), shared.script(scripts.CLAIM)
        self._settle, self._leave = shared.script(scripts.SETTLE), shared.script(scripts.LEAVE)
        self.fingerprint = SharedDupeFilter(server, self.known, self.waiting).request_fingerprint
        # What this worker has been handed and has not settled.
        self.held: set[str] = set()
        # Whether its first requests are not all in: as long as that is so, nothing behind them leaves.
        self.seeding = True
        self.leases: dict[Request, Lease] = {}

    def __len__(self) -> int:
        flying, waiting, *_ = self._ask(wanted=False)
        return int(flying) + int(waiting)

    def push(self, request: Request, *, passes_by: str = "") -> int:
        """Enqueue *request*, in one step with noting it as seen; return whether it is new (1).

        0: it is known. -1: it is not due at the time *passes_by*. Raises :class:`Unwritable`.
        """
        entry = self._encode_request(request)
        page = self.fingerprint(request)
        again = request.dont_filter
        if again:
            # The same page once more is another one to those that count pages.
            page += f" {hashlib.sha256(entry).hexdigest()[:16]}"
        place = score(request.meta.get("depth", 0), request.priority)
        return int(
            self._push(
                keys=[self.waiting, self.data, self.known, self.due, self.sequence, self.counts],
                args=[page, place, entry, int(again), passes_by],
            )
        )

    def pop(self, timeout: float = 0) -> Request | None:
        """Return a request on lease; ``None`` when none may leave now."""
        while True:
            _, _, *handed = self._ask(wanted=True)
            if not handed:
                return None
            page, entry = handed
            try:
                lease = self._lease(page.decode(), entry)
            except (ValueError, LookupError, TypeError) as error:
                logger.error("A request of another version cannot be read and is left out: %s", error)
                self.settle([Settled(page=page.decode(), due_at="", is_article=False)])
                continue
            self.held.add(lease.page)
            self.leases[lease.request] = lease
            return lease.request

    def settle(self, settled: Iterable[Settled]) -> None:
        """Forget what is done."""
        done = list(settled)
        parts = [part for one in done for part in (one.page, one.due_at, int(one.is_article))]
        self._settle(
            keys=[self.waiting, self.data, self.flying, self.due, self.counts], args=[self.shared.worker, *parts]
        )
        self.held.difference_update(one.page for one in done)

    def leave(self, *, finished: bool) -> int:
        """Give back what is held; return how many articles the job has given. A finished job is forgotten."""
        self.held.clear()
        keys = [self.workers, self.waiting, self.data, self.flying, self.known, self.sequence, self.counts]
        return int(self._leave(keys=keys, args=[self.shared.worker, int(finished)]))

    def clear(self) -> None:
        """Nothing is thrown away: others may be at work."""

    def _ask(self, *, wanted: bool) -> list[Any]:
        answer: list[Any] = self._claim(
            keys=[self.workers, self.waiting, self.data, self.flying, self.sequence],
            args=[self.shared.worker, self.shared.lease, int(wanted), int(self.seeding), *self.held],
        )
        if answer == [-1]:
            raise JobLost
        return answer

    def _encode_request(self, request: Request) -> bytes:
        bare = request.copy()
        seed = bare.meta.pop("seed", False)
        text = dump(bare, self.spider)
        if text is None:
            raise Unwritable(f"{request}: {_UNWRITTEN}")
        entry = {"level": request.meta.get("depth", 0), "seed": seed, "request": text}
        return str(self.serializer.dumps(entry)).encode()

    def _decode_request(self, encoded_request: bytes) -> Request:
        return load(self.serializer.loads(encoded_request)["request"], self.spider)

    def _lease(self, page: str, entry: bytes) -> Lease:
        values = self.serializer.loads(entry)
        return Lease(
            page=page,
            request=self._decode_request(entry),
            text=values["request"],
            level=values["level"],
            seed=values["seed"],
        )


class LeasingScheduler(Scheduler):  # type: ignore[misc]
    """scrapy-redis' scheduler over :class:`LeasedQueue`; its end is not the end of the job."""

    queue: LeasedQueue

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        shared = Shared.of(crawler)
        key = shared.job_key("requests")
        # No stats: scrapy-redis counts them as Scrapy no longer does.
        return cls(
            shared.client,
            persist=True,
            queue_key=key,
            queue_cls=LeasedQueue,
            dupefilter=SharedDupeFilter(shared.client, shared.job_key("known"), key),
            serializer=json,
        )

    def open(self, spider: Spider) -> None:
        self.spider = spider
        self.queue = LeasedQueue(self.server, spider, self.queue_key, self.serializer)

    def enqueue_request(self, request: Request, passes_by: str = "") -> bool:
        """Enqueue *request* unless it is known, or a page that is not due at the time *passes_by*."""
        if not request.dont_filter and self.df.request_seen(request):
            self.df.log(request, self.spider)
            return False
        return self.queue.push(request, passes_by=passes_by) == 1

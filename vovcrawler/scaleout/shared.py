"""The one connection of a worker to Redis: where that is, what the worker is called there, and what trouble means.

No address leaves this module with its password in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import redis
from redis import exceptions
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from scrapy.crawler import Crawler
from scrapy_redis.connection import get_redis

from vovcrawler import context
from vovcrawler.errors import StorageTrouble, UsageTrouble

_SCHEMES = ("redis", "rediss", "unix")
# Four seconds and a half in all: a Redis that is started again is waited for.
_RETRIES, _FIRST, _LONGEST = 8, 0.05, 1.0
_TIMEOUT = 10.0
_SAID = 200
_PREFIX = "vovcrawler"


class Shared:
    """What one worker has of Redis."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        url = str(crawler.settings["REDIS_URL"]).strip()
        self._url, self.where = url, printable(url)
        self.client: redis.Redis = _client(url, self.where)
        self.worker = uuid4().hex
        self.lease = _lease(crawler.settings["REDIS_LEASE"])
        # Whether Redis was lost: nothing more is said to it, so that what it was not told is done again.
        self.lost = False
        # Whether the crawl is past the point where it could be ended.
        self.closing = False

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return what *crawler* has of Redis; raises :class:`UsageTrouble` for a wrong ``REDIS_URL``."""
        return context.one_of(cls, crawler)

    def check(self) -> None:
        """Reach Redis; raises :class:`UsageTrouble` or :class:`StorageTrouble`."""
        try:
            # To a wrong password, which is a failure to connect like others, there is no use in trying again.
            with closing(
                redis.Redis.from_url(self._url, socket_connect_timeout=_TIMEOUT, retry=Retry(NoBackoff(), 0))
            ) as once:
                _ping(once)
            self.client.ping()
        except exceptions.AuthenticationError as error:
            raise UsageTrouble(f"Redis at {self.where} refuses name or password of REDIS_URL.") from error
        except RedisError as error:
            raise self._trouble(error) from error

    def script(self, text: str) -> Callable[..., Any]:
        """Return *text* as something that can be called with keys and arguments.

        It is sent whole each time: its name alone says nothing to a Redis that was started again, be it between
        being told the script and being asked for it.
        """

        def call(*, keys: Sequence[str], args: Sequence[Any]) -> Any:
            return self.client.eval(text, len(keys), *keys, *args)

        return call

    def key(self, *parts: str) -> str:
        """Return the name of something that all workers share."""
        return ":".join((_PREFIX, *parts))

    def job_key(self, part: str) -> str:
        """Return the name of something that the workers of this spider with these arguments share."""
        run = context.run(self.crawler)
        arguments = json.dumps(run.arguments, ensure_ascii=False, sort_keys=True, default=str)
        return self.key(run.spider, hashlib.sha256(arguments.encode()).hexdigest()[:16], part)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """End the run when the block loses Redis; everything captured is kept."""
        try:
            yield
        except RedisError as error:
            self.lose(error)

    def lose(self, error: RedisError) -> None:
        """End the run because of *error*; safe to repeat."""
        if self.lost:
            return
        self.lost = True
        if self.closing:
            context.remember(self.crawler, self._trouble(error))
        else:
            context.fail(self.crawler, self._trouble(error))

    def _trouble(self, error: RedisError) -> StorageTrouble:
        why = type(error).__name__
        # Where Redis answered, its own words; those of a connection may have more of the address than is shown.
        if isinstance(error, exceptions.ResponseError):
            why += f": {str(error).partition(' script: ')[0][:_SAID]}"
        return StorageTrouble(
            f"Redis at {self.where} cannot be used ({why}); what was captured is kept,"
            " and the same command goes on."
        )


def printable(url: str) -> str:
    """Return *url* without name and password.

    >>> printable("redis://:secret@10.0.0.5:6379/0")
    'redis://10.0.0.5:6379/0'
    >>> printable("redis://:se/cret#@10.0.0.5")
    'redis://10.0.0.5'
    """
    scheme, colon, rest = url.partition("://")
    address = rest.rpartition("@")[2] if "@" in rest else rest
    # What stands behind a question mark may be a password, too.
    return f"{scheme}{colon}{address.partition('?')[0]}"


def _ping(client: redis.Redis) -> None:
    try:
        client.ping()
    except exceptions.AuthenticationError:
        raise
    except RedisError:
        # It may be starting: the patient client finds out.
        pass


def _client(url: str, where: str) -> redis.Redis:
    try:
        parts = urlsplit(url)
        has_place = parts.path if parts.scheme == "unix" else parts.hostname
        if parts.scheme not in _SCHEMES or not has_place or (parts.scheme != "unix" and parts.port == 0):
            raise ValueError
        database = parts.path.strip("/")
        if parts.scheme != "unix" and database and not database.isdecimal():
            raise ValueError
        client: redis.Redis = get_redis(
            url=url,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            retry=Retry(ExponentialBackoff(cap=_LONGEST, base=_FIRST), _RETRIES),
            retry_on_error=[exceptions.ConnectionError, exceptions.TimeoutError],
        )
        # An option that is none would be met by the first who wants a connection.
        client.connection_pool.connection_class(**client.connection_pool.connection_kwargs)
    except (ValueError, TypeError):
        # Not what was said of it: that may quote a part of the password.
        shown = repr(where) if "@" in url or ":" not in where.partition("://")[2] else "as it is given"
        raise UsageTrouble(
            f"REDIS_URL {shown} is no address of a Redis, such as redis://127.0.0.1:6379/0."
        ) from None
    return client


def _lease(value: Any) -> int:
    """Return the setting ``REDIS_LEASE`` in milliseconds."""
    try:
        if (seconds := float(value)) > 0:
            return max(1, round(seconds * 1000))
    except (TypeError, ValueError):
        pass
    raise UsageTrouble(f"REDIS_LEASE={value!s} is not a number of seconds, such as 30.")

"""The site behind the proxy: what stands at which address, and which faults it has today.

It can be changed before, between and during runs. How a page looks is decided in ``pages.py`` and the
layouts, lists and feeds in ``lists.py``, what goes wrong on the wire in ``answer.py``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urljoin, urlsplit

from . import challenge, lists
from .answer import Answer, Asked
from .layouts import render
from .story import Story

HOME = "https://vov.vn"
HOSTS = frozenset({"vov.vn", "www.vov.vn", "m.vov.vn", "baoxuan.vov.vn"})
ROBOTS = "User-agent: *\nAllow: /\n"


@dataclass(frozen=True)
class Fault:
    """What is changed in the answers to addresses that match *pattern*."""

    pattern: str
    changes: dict[str, Any]
    nth: Collection[int] | None  # 1 = the first request for the address; None = all of them

    def strikes(self, where: str, count: int) -> bool:
        return (self.nth is None or count in self.nth) and matches(where, self.pattern)


class Site:
    """Everything that vov.vn would answer; a mirror answers what vov.vn answers."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.stories: dict[str, Story] = {}
        self.page_size = 10
        self.validators = True  # whether pages have ETag and Last-Modified
        self.list_tags = False  # whether lists have an ETag, too
        self.list_dates = True  # whether lists show when their articles were published
        self.encoding: str | None = "gzip"
        self.weight = 0  # article pages are filled with scripts up to so many bytes
        self.feed_zone = "+0700"  # how the dates of feeds end; "GMT+7" is seen, too
        self._fixed: dict[str, Answer] = {}
        self._removed: dict[str, int] = {}
        self._changed: dict[str, datetime] = {}
        self._faults: list[Fault] = []
        self._challenges: dict[str, challenge.Challenge] = {}
        self._counts: Counter[str] = Counter()
        self._rendered: dict[str, tuple[Story, bytes]] = {}
        self.robots(ROBOTS)

    # ---- what stands where

    def add(self, url: str, body: bytes | str = b"", *, this_form: bool = False, **answer: Any) -> str:
        """Put *body* at *url* (or path); the other arguments are the fields of :class:`Answer`.

        It stands there in all forms of the address (mirrors, http), unless *this_form* says otherwise.
        """
        raw = body.encode() if isinstance(body, str) else body
        return self.put(url, Answer(raw, **answer), this_form=this_form)

    def put(self, url: str, answer: Answer, *, this_form: bool = False) -> str:
        """Do so with a whole *answer*."""
        where = exact(url) if this_form else key(url)
        self._fixed[where] = answer
        self._changed[where] = self.clock()
        return urljoin(HOME, url)

    def story(self, story: Story, layout: str | None = None) -> str:
        """Publish *story*, in its own or another layout; return its address."""
        story = replace(story, layout=layout) if layout else story
        self.stories[key(story.url)] = story
        self._changed[key(story.url)] = self.clock()
        self._removed.pop(key(story.url), None)
        return story.url

    def fill(self, stories: Iterable[Story]) -> None:
        """Publish all *stories*."""
        for story in stories:
            self.story(story)

    def edit(self, url: str | Story, **changes: Any) -> Story:
        """Change fields of a published story; return the story as it is now."""
        old = self.stories[key(url if isinstance(url, str) else url.url)]
        self.story(replace(old, **changes))
        return self.stories[key(old.url)]

    def remove(self, url: str | Story, status: int = 404) -> None:
        """Take a page away: from now on its address answers *status*, and no list has it."""
        self._removed[key(url if isinstance(url, str) else url.url)] = status

    def restore(self, url: str | Story) -> None:
        """Bring a removed page back."""
        self._removed.pop(key(url if isinstance(url, str) else url.url), None)

    def rename(self, url: str, to: str, status: int = 301) -> None:
        """Let a published story stand at *to* from now on; its old address redirects there."""
        self.story(replace(self.stories.pop(key(url)), url=to))
        self.redirect(url, to, status)

    def redirect(self, url: str, to: str, status: int = 301, *, this_form: bool = False) -> str:
        """Answer *url* with a redirect to *to*, as written; with *this_form* its other forms do not."""
        return self.add(url, status=status, headers=[("Location", to)], this_form=this_form)

    def robots(self, text: str, **answer: Any) -> None:
        """Set robots.txt."""
        self.add("/robots.txt", text, **{"content_type": "text/plain; charset=utf-8", **answer})

    # ---- what goes wrong

    def fault(
        self,
        pattern: str,
        *,
        times: int | None = None,
        nth: Iterable[int] | None = None,
        **changes: Any,
    ) -> None:
        """Change answers: *changes* are fields of :class:`Answer`, e.g. ``status=503, retry_after=2``.

        *pattern* is an address, a path or a glob over canonical addresses. By default each request is
        struck; *times* strikes the first so many for an address, *nth* those with these numbers.
        """
        numbers = range(1, times + 1) if times is not None else frozenset(nth) if nth is not None else None
        self._faults.append(Fault(pattern, changes, numbers))

    def heal(self) -> None:
        """Take all faults and challenges away."""
        self._faults.clear()
        self._challenges.clear()

    def challenge(self, url: str, kind: str = "location", *, status: int = 200, steps: int = 5) -> None:
        """Put a challenge page before *url* (a glob too): kind ``location`` or ``cookie``."""
        self._challenges[url] = challenge.Challenge(kind, status, steps)

    # ---- answering

    def answer(self, asked: Asked) -> Answer:
        """Return what goes out for one request."""
        host = (urlsplit(asked.url).hostname or "").rstrip(".")
        where = key(asked.url)
        form = exact(asked.url) if exact(asked.url) in self._fixed else where
        fixed = self._fixed.get(form)
        if host not in HOSTS and fixed is None:
            return Answer(b"No request should ever come here.", status=599, content_type="text/plain")
        self._counts[where] += 1
        answer = self._challenged(asked) or self._found(form, asked)
        for fault in self._faults:
            if fault.strikes(where, self._counts[where]):
                answer = replace(answer, **_encoded(fault.changes))
        return answer

    def _challenged(self, asked: Asked) -> Answer | None:
        plain = key(asked.url).partition("?")[0]
        for pattern, barrier in self._challenges.items():
            if matches(plain, pattern):
                return barrier.answer(asked)
        return None

    def _found(self, where: str, asked: Asked) -> Answer:
        path = where.partition("?")[0]
        fixed = self._fixed.get(where)
        if status := self._removed.get(where) or self._removed.get(path):
            return _missing(status)
        if fixed is not None:
            return self._conditional(fixed, asked, where)
        if path in self.stories:
            page = Answer(self._page(path), encoding=self.encoding)
            return self._conditional(page, asked, path)
        listed = lists.answer(self, where)
        return (_tagged(listed, asked) if self.list_tags else listed) if listed else _missing(404)

    def published(self) -> list[Story]:
        """Return the stories that lists show, newest first."""
        shown = [story for path, story in self.stories.items() if path not in self._removed]
        dated = [story for story in shown if story.published_at]
        return sorted(dated, key=lambda story: (story.published_at, story.url), reverse=True)

    def _page(self, path: str) -> bytes:
        story = self.stories[path]
        known = self._rendered.get(path)
        if known is None or known[0] is not story:
            self._rendered[path] = known = story, _filled(render(story).encode(), self.weight)
        return known[1]

    def _conditional(self, answer: Answer, asked: Asked, where: str) -> Answer:
        """Add ETag and Last-Modified; answer 304 when the client has the same already."""
        if not self.validators or answer.status != 200:
            return answer
        tag = f'"{hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()[:16]}"'
        changed = self._changed[where].astimezone(UTC).replace(microsecond=0)
        headers = [*answer.headers, ("ETag", tag), ("Last-Modified", format_datetime(changed, usegmt=True))]
        if _unchanged(asked, tag, changed):
            return Answer(b"", status=304, headers=headers, content_type=None)
        return replace(answer, headers=headers)


def _tagged(answer: Answer, asked: Asked) -> Answer:
    tag = f'"{hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()[:16]}"'
    if asked.header("If-None-Match") == tag:
        return Answer(b"", status=304, headers=[("ETag", tag)], content_type=None)
    return replace(answer, headers=[*answer.headers, ("ETag", tag)])


def _filled(page: bytes, weight: int) -> bytes:
    line = b"window.dataLayer.push({event: 'view', id: %06d});\n"
    need = max(0, weight - len(page)) // (len(line) + 2)
    filler = b"<script>" + b"".join(line % number for number in range(need)) + b"</script></body>"
    return page.replace(b"</body>", filler) if need else page


def key(url: str) -> str:
    """Return under which key an address is kept: path and query for VOV, the whole for other hosts."""
    parts = urlsplit(urljoin(HOME, url))
    query = f"?{parts.query}" if parts.query else ""
    if (parts.hostname or "").rstrip(".") in HOSTS:
        return (parts.path or "/") + query
    return f"{parts.scheme}://{(parts.hostname or '').rstrip('.')}{parts.path or '/'}{query}"


def exact(url: str) -> str:
    """Return the key of one form of an address, with its scheme and host."""
    return "=" + urljoin(HOME, url).partition("#")[0]


def matches(where: str, pattern: str) -> bool:
    """Whether the key *where* is the address *pattern*, or matches it as a glob over addresses."""
    if "*" not in pattern:
        return where == key(pattern)
    full = HOME + pattern if pattern.startswith("/") else pattern
    return fnmatchcase(HOME + where if where.startswith("/") else where, full)


def _encoded(changes: dict[str, Any]) -> dict[str, Any]:
    body = changes.get("body")
    return {**changes, "body": body.encode()} if isinstance(body, str) else changes


def _missing(status: int) -> Answer:
    text = "<!DOCTYPE html><html><head><title>Không tìm thấy trang | VOV.VN</title></head><body>"
    text += "<h1>Không tìm thấy trang</h1><p>Trang bạn tìm không còn nữa.</p></body></html>"
    return Answer(text.encode(), status=status)


def _unchanged(asked: Asked, tag: str, changed: datetime) -> bool:
    if known := asked.header("If-None-Match"):
        return tag in re.split(r"\s*,\s*", known.replace("W/", ""))
    if since := asked.header("If-Modified-Since"):
        return changed <= parsedate_to_datetime(since)
    return False

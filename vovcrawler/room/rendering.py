"""A page as it is sent: HTML by its template, JSON, an Atom feed or a file; and what was just sent, kept."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from vovcrawler.room import links, wording
from vovcrawler.room.asking import Asking, Page
from vovcrawler.room.atom import atom

_FILES = {
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".csl": "application/vnd.citationstyles.csl+json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wacz": "application/wacz+zip",
}
# Whoever walks through all sources must not fill the memory with them.
_LARGE = 100_000
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    auto_reload=False,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What goes over the wire."""

    body: str | bytes
    content_type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def render(page: Page, asking: Asking) -> Sent:
    """Return *page* in the format that was asked for."""
    headers = {"vary": "Accept-Language", "cache-control": "no-cache"}
    if page.content is not None:
        headers["content-disposition"] = f'attachment; filename="{page.filename}"'
        return Sent(body=page.content, content_type=_FILES[page.kind], headers=headers)
    if asking.format == ".json":
        body = json.dumps(page.data, ensure_ascii=False, indent=2, default=str)
        kind = "application/json; charset=utf-8"
    elif asking.format == ".atom" and page.feed:
        body, kind = atom(page.feed, asking), "application/atom+xml; charset=utf-8"
    else:
        body = _TEMPLATES.get_template(page.template).render(_context(page, asking))
        kind = "text/html; charset=utf-8"
    return Sent(body=body, content_type=kind, status=page.status, headers=headers)


def _context(page: Page, asking: Asking) -> dict[str, Any]:
    words = wording.Words(asking.language)
    return {
        "q": "",
        **page.data,
        "t": words,
        "lang": asking.language,
        "asking": asking,
        "today": asking.today,
        "link": links,
        "when": words.when,
        "number": words.number,
    }


class Recent:
    """The pages that were sent last; many readers of one page have it made once."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, asyncio.Future[Sent]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, Sent]]) -> Sent:
        """Return what is kept under *key*, or *make* it; what could not be made, or is large, is not kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        else:
            self._kept[key] = asyncio.ensure_future(make())
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        try:
            # A reader who goes away does not take the page with him.
            sent = await asyncio.shield(self._kept[key])
        except BaseException:
            self._kept.pop(key, None)
            raise
        if len(sent.body) > _LARGE or sent.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._kept.pop(key, None)
        return sent

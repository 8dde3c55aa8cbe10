"""Addresses of the room's own pages."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from vovcrawler.facets import slug
from vovcrawler.room.asking import Asking

# What at the end of an address says in which format a page is wanted.
_FORMAT = re.compile(r"\.(?=(?:json|bib|ris|csl|txt)$)")


def article(id_: str) -> str:
    """Return the address of an article.

    >>> article("vov.vn/post1"), article('x/"><script>'), article("vov.vn/a.json")
    ('/article/vov.vn/post1', '/article/x/%22%3E%3Cscript%3E', '/article/vov.vn/a%2Ejson')
    """
    return of("article", id_)


def of(page: str, id_: str, **args: object) -> str:
    """Return the address of one of the pages about an article."""
    # "." and ".." would be taken for steps in the path.
    path = "/".join(quote(part, safe="") if part.strip(".") else "%2E" * len(part) for part in id_.split("/"))
    return f"/{page}/{_FORMAT.sub('%2E', path)}" + _query(args)


def search(**args: object) -> str:
    """Return the address of a search."""
    return "/search" + _query(args)


def section(name: str) -> str:
    """Return the address of a section."""
    return f"/section/{quote(slug(name) or '-')}"


def day(day_: object) -> str:
    """Return the address of a day."""
    return f"/day/{day_}"


def here(asking: Asking, path: str | None = None, **args: object) -> str:
    """Return the address of this page with other arguments, or under another *path*."""
    kept = {name: value for name, value in asking.args.items() if name != "lang"}
    return (path or asking.plain_path) + _query({**kept, **args})


def elsewhere(url: str | None) -> str | None:
    """Return *url* when a reader may be led there: http(s) only."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _query(args: dict[str, object]) -> str:
    told = {name: value for name, value in args.items() if value not in (None, "")}
    return f"?{urlencode(told)}" if told else ""

"""The lists of vov.vn: its sections, their feeds, and the lists of everything.

This table is the only place that knows them; the setting ``SECTIONS`` adds to it. How a list is read lives in
:mod:`vovcrawler.pages`, when it is asked for in the spiders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from urllib.parse import urljoin

from vovcrawler import urls

HOME = "https://vov.vn/"
LATEST = urljoin(HOME, "tin-moi-cap-nhat")
LATEST_FEED = urljoin(HOME, "rss/tin-moi-nhat.rss")
SITEMAP_INDEX = urljoin(HOME, "sitemap.xml")

# Path of a section: address of its feed, empty where none was ever seen.
_TABLE: dict[str, str] = {
    "chinh-tri": "",
    "xa-hoi": "rss/xa-hoi.rss",
    "the-gioi": "rss/the-gioi.rss",
    "kinh-te": "rss/kinh-te.rss",
    "thi-truong": "",
    "phap-luat": "rss/phap-luat.rss",
    "quan-su-quoc-phong": "",
    "the-thao": "rss/the-thao.rss",
    "van-hoa": "rss/van-hoa.rss",
    "giai-tri": "",
    "doi-song": "",
    "du-lich": "",
    "suc-khoe": "rss/suc-khoe.rss",
    "cong-nghe": "",
    "oto-xe-may": "",
    "emagazine": "",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A place in the menu: the path of its list, and its feed where it has one."""

    path: str
    feed: str | None = None

    @property
    def url(self) -> str:
        """The first page of its list."""
        return urljoin(HOME, self.path)

    def holds(self, url: str) -> bool:
        """Whether the article at *url* stands in this section.

        >>> Section(path="the-gioi").holds("https://vov.vn/the-gioi/quan-sat/a-post1.vov")
        True
        """
        return url.startswith(f"{self.url}/")


def table(more: Mapping[str, str | None] | None = None) -> dict[str, Section]:
    """Return all sections by path; *more* adds some, changes a feed, or takes one away with ``None``.

    >>> table({"podcast": "", "the-gioi": None, "kinh-te": "/rss/kt.rss"})["kinh-te"].feed
    'https://vov.vn/rss/kt.rss'
    """
    lists = {**_TABLE, **{path.strip("/"): feed for path, feed in (more or {}).items()}}
    return {
        path: Section(path=path, feed=urljoin(HOME, feed) if feed else None)
        for path, feed in lists.items()
        if feed is not None
    }


def check(more: Mapping[str, object]) -> None:
    """Raise ``ValueError`` where *more* is nothing for :func:`table`.

    >>> check({"podcast": "", "kinh-te": "/rss/kt.rss", "the-gioi": None})
    >>> check({"podcast": "https://example.com/podcast.rss"})
    Traceback (most recent call last):
        ...
    ValueError: 'https://example.com/podcast.rss' for 'podcast'
    """
    for path, feed in more.items():
        place = urls.join(HOME, feed) if isinstance(feed, str) else HOME if feed is None else None
        if feed != "" and not (place and urls.is_allowed(place)):
            raise ValueError(f"{feed!r} for {path!r}")


def choose(names: str, known: Mapping[str, Section]) -> list[Section]:
    """Return the sections that *names* lists; a part of a known one will do. Raises ``ValueError``.

    >>> [section.path for section in choose("the-gioi, kinh-te/bat-dong-san", table())]
    ['the-gioi', 'kinh-te/bat-dong-san']
    """
    chosen = []
    for name in filter(None, (name.strip().strip("/") for name in names.split(","))):
        if name.split("/")[0] not in known and name not in known:
            near = get_close_matches(name, known, n=1) or sorted(known)[:1]
            raise ValueError(f"there is no section {name!r}; say {near[0]!r}, or add it to the setting SECTIONS")
        chosen.append(known.get(name) or Section(path=name))
    if not chosen:
        raise ValueError(f"{names!r} names no section, such as 'the-gioi,kinh-te'")
    return chosen


def listed_by(url: str, known: Mapping[str, Section]) -> Section | None:
    """Return the section whose feed or list, or a part of it, stands at *url*; ``None`` for any other page.

    >>> listed_by("https://vov.vn/rss/the-gioi.rss", table()).path
    'the-gioi'
    >>> listed_by("https://vov.vn/kinh-te/bat-dong-san", table()).path
    'kinh-te/bat-dong-san'
    >>> listed_by("https://vov.vn/lien-he", table())
    """
    path = url.removeprefix(HOME)
    if path in known or path.split("/")[0] in known:
        return known.get(path) or Section(path=path)
    return next((section for section in known.values() if section.feed == url), None)


def month_sitemap(day: date) -> str:
    """Return the sitemap of the month of *day*: the index has it only when the month is over.

    >>> month_sitemap(date(2026, 6, 30))
    'https://vov.vn/sitemaps/2026/6/article.xml'
    """
    return urljoin(HOME, f"sitemaps/{day.year}/{day.month}/article.xml")


def months(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month from that of *last* back to that of *first*.

    >>> [f"{month:%Y-%m}" for month in months(date(2025, 12, 31), date(2026, 1, 1))]
    ['2026-01', '2025-12']
    """
    year, month = last.year, last.month
    while (year, month) >= (first.year, first.month):
        yield date(year, month, 1)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)

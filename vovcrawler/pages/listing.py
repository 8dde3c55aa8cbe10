"""Lists of articles: sections, the latest news, tags; what they list, and where they go on.

Feeds and sitemaps are read in :mod:`vovcrawler.pages.syndication`; which lists to ask for is decided by the
discovery spider.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from parsel import Selector

from vovcrawler import dates, text, urls
from vovcrawler.pages.document import holds

_FURNITURE_TAGS = ("nav", "header", "footer", "aside")
_FURNITURE_NAME = re.compile(
    r"(?:^|\s)(?:most[-_]?(?:read|view)|(?:tin[-_])?doc[-_]nhieu|side[-_]?bar|nav(?:bar)?|menu|footer|breadcrumbs?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}:\d{2}(?:\s?[AP]M)?\W{1,4}\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{1,2}/\d{4}(?:\W{1,4}\d{1,2}:\d{2})?"
)
# "Cập nhật lúc: Chủ nhật, 16:54 …", but no sentence.
_MOST_LETTERS = 24
_PAGE = re.compile(r"(?<=[?&]page=)\d+|(?<=[?&]trang=)\d+|(?<=/trang)\d+(?=$|[?#])")
_TRANG = re.compile(r"[/?&]trang=?\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An article as a list shows it; times are aware."""

    url: str
    headline: str | None = None
    teaser: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One page of a list, in page order, each article once; ``next_page`` is ``None`` on the last one.

    ``is_its_own`` tells whether the page leads to the list of which it says to be one, as menus and pagers do.
    """

    items: list[Listed] = field(default_factory=list)
    next_page: str | None = None
    is_its_own: bool = False


class ListPage:
    """A list as vov.vn lays it out since 2020."""

    link_css = "div.taxonomy-content a[href], a.vovvn-title[href]"
    headline_css = "h5.media-title, h3.card-title"
    teaser_css = "p.mt-2"
    pager_css = "ul.pagination a[href], a.page-link[href]"

    def __init__(self, root: Selector, url: str) -> None:
        self.root = root
        self.url = url
        # What its links are relative to: the page itself, unless it names another place.
        named = next((href for base in root.root.iter("base") if (href := base.get("href"))), None)
        self.base = (urls.join(url, named) if named else None) or url
        # All boxes of a list stand in the same ones.
        self._told_in: dict[HtmlElement, set[str]] = {}

    @property
    def items(self) -> list[Listed]:
        """What the list lists; each article stands there more than once, with a picture and with words."""
        links: dict[str, list[HtmlElement]] = {}
        for link in self.root.css(self.link_css):
            if target := self._article(link.root):
                links.setdefault(target, []).append(link.root)
        return [self._read(target, found) for target, found in links.items()]

    @property
    def next_page(self) -> str | None:
        """The page after this one, when the pager knows of any later one."""
        first = first_page(self.url)
        for href in self.root.css(self.pager_css).xpath("@href").getall():
            target = urls.join(self.base, href)
            if not target or first_page(target) != first:
                continue
            # Pages count from 0; where they are called "trang" from 1, and the first goes without its number.
            here = max(page_number(self.url), 1 if _TRANG.search(target) else 0)
            if page_number(target) > here:
                return urls.canonical(_PAGE.sub(str(here + 1), target))
        return None

    @property
    def leads_to_its_list(self) -> bool:
        """Whether the page links to another page of its list, the first one or that before, say."""
        targets = (urls.join(self.base, href) for href in self.root.css("a").xpath("@href").getall())
        here, first = urls.canonical(self.url), first_page(self.url)
        return any(
            first_page(target) == first and urls.canonical(target) != here for target in filter(None, targets)
        )

    def _article(self, link: HtmlElement) -> str | None:
        target = urls.join(self.base, link.get("href"))
        return urls.canonical(target) if target and urls.is_article(target) else None

    def _read(self, target: str, links: list[HtmlElement]) -> Listed:
        box = Selector(root=self._box(target, links), type="html")
        teaser = _longest(_texts(box.css(self.teaser_css)))
        return Listed(
            url=target,
            headline=_longest(_texts(box.css(self.headline_css))) or _longest(_names(links)),
            teaser=text.split_outlet(teaser)[1] if teaser else None,
            published_at=self._date(box),
        )

    def _date(self, box: Selector) -> datetime | None:
        """Return the date of a card: what stands apart, not what its words speak of."""
        for stamp in box.css("time::attr(datetime)").getall():
            if moment := moment_of(stamp):
                return moment
        words = set(box.css(f"{self.headline_css}, h1, h2, h3, h4, h5, h6").xpath(".//text()").getall())
        words.update(box.css("a").xpath("text()").getall())
        found = _DATE.search(text.clean(" ".join(_short(box.root.itertext(), words))))
        return moment_of(found[0]) if found else None

    def _box(self, target: str, links: list[HtmlElement]) -> HtmlElement:
        """Return the largest element around the article's words that speaks of no other article."""
        box = max(links, key=lambda link: len(link.text_content()))
        for parent in islice(box.iterancestors(), 6):
            if parent.tag in {"body", "main", "html"} or self._some_in(parent) - {target}:
                break
            box = parent
        return box

    def _some_in(self, box: HtmlElement) -> set[str]:
        """Return the articles that *box* leads to, two of them at most."""
        if (found := self._told_in.get(box)) is None:
            found = self._told_in[box] = set()
            told = filter(None, (self._article(link) for link in box.iter("a") if link.get("href")))
            while len(found) < 2 and (target := next(told, None)):
                found.add(target)
        return found


class ListPageEpi(ListPage):
    """The layout before the autumn of 2020."""

    link_css = "article.story a[href], .story__heading a[href]"
    headline_css = ".story__heading"
    teaser_css = ".story__desc"
    pager_css = "a[href*='trang'], .pagination a[href], .pager a[href]"


class AnyListPage(ListPage):
    """A list of unknown layout: whatever articles it points to outside the furniture."""

    link_css = "a[href]"
    headline_css = "h2, h3, h4, h5, [class*=title], [class*=heading]"
    teaser_css = "p, [class*=desc], [class*=summary], [class*=sapo]"
    pager_css = "link[rel=next][href], a[href]"


def read_listing(html: str, url: str) -> Listing:
    """Read a page of a list; an article, a refusal or an unknown page gives few items or none.

    >>> page = '<div class="taxonomy-content"><a class="vovvn-title x" href="/the-gioi/a-post1.vov">A</a></div>'
    >>> [item.url for item in read_listing(page, "https://vov.vn/the-gioi").items]
    ['https://vov.vn/the-gioi/a-post1.vov']
    """
    root = Selector(text=html or "<html/>", type="html")
    pages = [layout(root, url) for layout in _LAYOUTS]
    # Before the menus go: a pager often is one.
    next_page = next(filter(None, (page.next_page for page in pages)), None)
    is_its_own = pages[-1].leads_to_its_list
    _strip_furniture(root.root, url)
    items = next(filter(None, (page.items for page in pages)), [])
    return Listing(items=[*_leading(pages[-1], items), *items], next_page=next_page, is_its_own=is_its_own)


def _leading(page: ListPage, items: list[Listed]) -> Iterator[Listed]:
    """Yield the articles of a section that stand above its list in a form of their own."""
    known, inside = {item.url for item in items}, f"{first_page(page.url)}/"
    above = takewhile(lambda item: item.url not in known, page.items if items else [])
    return (item for item in above if item.url.startswith(inside))


_LAYOUTS: tuple[type[ListPage], ...] = (ListPage, ListPageEpi, AnyListPage)


def _strip_furniture(root: HtmlElement, url: str) -> None:
    page = ListPage(Selector(root=root, type="html"), url)

    def articles(box: HtmlElement) -> set[str]:
        return {target for link in box.iter("a") if link.get("href") and (target := page._article(link))}

    half = len(articles(root)) / 2
    for box in dict.fromkeys(_furniture(root)):
        # A page that names its own list as furniture is named ("Tin mới") keeps it.
        if box.getparent() is not None and len(articles(box)) <= half:
            box.drop_tree()


def _furniture(root: HtmlElement) -> Iterator[HtmlElement]:
    for element in root.iter(
        "nav", "header", "footer", "aside", "div", "section", "ul", "h2", "h3", "h4", "h5", "h6"
    ):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _FURNITURE_TAGS or (
            element.tag in {"div", "section", "ul"} and _FURNITURE_NAME.search(names)
        ):
            yield element
        elif element.tag[0] == "h" and text.is_furniture_heading(element.text_content()):
            yield from islice((box for box in element.iterancestors() if holds(box, "a")), 1)


def moment_of(stamp: str) -> datetime | None:
    """Return the time that a list gives; a program that knows none gives the first second of 1970.

    >>> moment_of("1970-01-01T07:00:00+07:00")
    """
    moment = dates.parse(stamp)
    return moment if moment and moment.year > 1970 else None


def page_number(url: str) -> int:
    """Return the number of a page of a list; the first has none.

    >>> [page_number(url) for url in ("https://vov.vn/the-gioi", "https://vov.vn/the-gioi?page=3", "https://vov.vn/x/trang2")]
    [0, 3, 2]
    """
    found = _PAGE.search(url)
    return int(found[0]) if found else 0


def first_page(url: str) -> str:
    """Return the address of the list of which *url* is a page.

    >>> first_page("https://vov.vn/the-gioi?page=3"), first_page("https://vov.vn/x/trang2")
    ('https://vov.vn/the-gioi', 'https://vov.vn/x')
    """
    parts = urlsplit(urls.canonical(url))
    return f"{parts.scheme}://{parts.netloc}{re.sub(r'/trang[0-9]+$', '', parts.path)}"


def _texts(found: Iterable[Selector]) -> Iterator[str]:
    for selector in found:
        yield text.clean(selector.root.text_content())


def _names(links: Iterable[HtmlElement]) -> Iterator[str]:
    for link in links:
        yield text.clean(link.text_content() or link.get("title") or "")


def _short(texts: Iterable[object], words: set[str]) -> Iterator[str]:
    """Yield those of *texts* that may be a date, or a part of one; *words* are none."""
    for piece in map(str, texts):
        if piece not in words and sum(map(str.isalpha, piece)) <= _MOST_LETTERS:
            yield piece


def _longest(texts: Iterable[str]) -> str | None:
    return max(texts, key=len, default="") or None

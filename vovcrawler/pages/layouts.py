"""The layouts of vov.vn: where each era of the site puts the fields of an article.

The first layer of reading. Each field has several selectors, the surest first; what no layout gives comes from
:mod:`vovcrawler.pages.structured` and :mod:`vovcrawler.pages.generic`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from vovcrawler import dates, text, urls
from vovcrawler.items import Image, Layout, Media, Related
from vovcrawler.pages.blocks import flow, is_hidden, words
from vovcrawler.pages.body import Body, read_body
from vovcrawler.pages.document import Document, Element
from vovcrawler.pages.furniture import Links, furniture_of, is_furniture, points_elsewhere
from vovcrawler.pages.media import media_in
from vovcrawler.pages.pictures import Pictures
from vovcrawler.pages.related import RelatedNews
from vovcrawler.pages.structured import HOME

_OUTSIDE = frozenset(["header", "footer", "nav", "aside"])
_LABELLED = re.compile(r"^(?:tác giả|author|by|bút danh|thực hiện)\s*[:：]\s*", re.IGNORECASE)
_UPDATED = re.compile(r"cập nhật|chỉnh sửa|updated|modified", re.IGNORECASE)


class ArticlePage:
    """An article by its markup; a layout is its selectors."""

    layout: Layout = "generic"
    marks: tuple[str, ...] = ()

    headline_css: tuple[str, ...] = ("h1[itemprop=headline]", "article h1", "main h1", "h1")
    date_css: tuple[str, ...] = ("time[datetime]", "time", "[itemprop=datePublished]")
    lead_css: tuple[str, ...] = ("[itemprop=description]",)
    body_css: tuple[str, ...] = ("[itemprop=articleBody]",)
    byline_css: tuple[str, ...] = ("[itemprop=author]", "[rel=author]", ".author", ".byline")
    section_css: tuple[str, ...] = (".breadcrumb a", ".breadcrumbs a", "[itemtype$=BreadcrumbList] a")
    tags_css: tuple[str, ...] = (".tags a", ".tag-list a", ".article-tags a", "[rel=tag]")
    related_css: tuple[str, ...] = ()
    picture_css: tuple[str, ...] = ("figure",)
    not_body_css: tuple[str, ...] = ()
    # Whether a paragraph that is ">>" and a link is how this layout prints related news.
    arrows_are_related = False

    def __init__(self, document: Document, url: str | None) -> None:
        self.document = document
        self.base = url or "https://vov.vn/"
        self.links = Links(self.base, urls.record_id(url) if url else None)

    @cached_property
    def headline_element(self) -> Element | None:
        for element in self.document.select(*self.headline_css):
            if words(element) and not self._is_outside(element):
                return element
        return None

    @cached_property
    def headline(self) -> str | None:
        return words(self.headline_element) if self.headline_element is not None else None

    @cached_property
    def date_lines(self) -> list[str]:
        """The printed lines that are dates, among all that look the same."""
        lines = []
        for selector in self.date_css:
            for element in self.document.all(selector):
                told = words(element) or element.get("datetime") or element.get("content") or ""
                if len(told) < 120 and dates.parse(told) and not self._is_outside(element):
                    lines.append(told)
            if lines:
                break
        return lines

    @property
    def published_at(self) -> str | None:
        told = next((line for line in self.date_lines if not _UPDATED.match(line)), None)
        moment = dates.parse(told) if told else None
        return dates.iso(moment) if moment else None

    @property
    def modified_at(self) -> str | None:
        for line in self.date_lines:
            if (found := _UPDATED.search(line)) and (moment := dates.parse(line[found.end() :])):
                return dates.iso(moment)
        return None

    @cached_property
    def lead_elements(self) -> list[Element]:
        containers = set(self.containers)
        found = [
            element
            for element in self.document.select(*self.lead_css)
            if element not in containers and words(element)
        ]
        return found[:1]

    @cached_property
    def lead(self) -> str | None:
        """The lead as printed, with its outlet mark."""
        told = [words(element, self.related_elements) for element in self.lead_elements]
        return next(filter(None, told), None) or self._text.lead

    @cached_property
    def containers(self) -> list[Element]:
        for selector in self.body_css:
            found = [element for element in self.document.all(selector) if not self._is_outside(element)]
            if any("".join(element.itertext()).strip() or element.find(".//img") is not None for element in found):
                return _outermost(found)
        return []

    @property
    def body(self) -> list[str]:
        return self._text.paragraphs

    @property
    def subheadings(self) -> list[int]:
        return self._text.subheadings

    @cached_property
    def byline_elements(self) -> list[Element]:
        found = self.document.select(*self.byline_css)
        return [element for element in found if not self._is_outside(element)]

    @cached_property
    def _printed_byline(self) -> str | None:
        told = []
        for element in _outermost(self.byline_elements):
            skip = [inner for inner in element.iterdescendants("*") if _is_button(inner)]
            line = _LABELLED.sub("", words(element, skip)).strip(" |")
            if line and not text.is_boilerplate(line) and len(line) <= 150 and dates.parse(line) is None:
                told.append(line)
        return ", ".join(dict.fromkeys(told)) or None

    @property
    def byline(self) -> str | None:
        return self._printed_byline or self._text.byline

    @property
    def section(self) -> list[str]:
        for selector in self.section_css:
            told = [
                words(element) or text.clean(element.get("title") or "") for element in self.document.all(selector)
            ]
            names = [name.strip(" »>/") for name in told]
            names = [name for name in names if name and text.fold(name) not in HOME and name != self.headline]
            if names:
                return list(dict.fromkeys(names))
        return []

    @property
    def tags(self) -> list[str]:
        found = [element for element in self.document.select(*self.tags_css)]
        found = [element for element in found or self._tag_links() if not self._is_outside(element, tags=True)]
        names = (text.clean(words(element)).strip(" ,;#") for element in found)
        return list(dict.fromkeys(name for name in names if name))

    def _tag_links(self) -> Iterator[Element]:
        """Links to tag pages that stand together, not those in a sentence."""
        inside = {element for container in self.containers for element in container.iter("p")}
        for a in self.document.by_tag.get("a", ()):
            href = a.get("href") or ""
            if ("tu-khoa" in href or "/tag" in href) and a.getparent() not in inside:
                url = urls.join(self.base, href)
                if url and urls.classify(url).kind == "tag":
                    yield a

    @cached_property
    def related_news(self) -> RelatedNews:
        stop = [*self.containers, *([self.headline_element] if self.headline_element is not None else [])]
        return RelatedNews(self.document, self.related_css, self.links, stop)

    @property
    def related_elements(self) -> set[Element]:
        return self.related_news.elements

    @cached_property
    def related(self) -> list[Related]:
        if self.arrows_are_related:
            blocks = [block for container in self.containers for block in flow(container, self._not_body)]
            self.related_news.add([block for block in blocks if points_elsewhere(block, self.links)])
        return self.related_news.items

    @cached_property
    def _not_body(self) -> set[Element]:
        known = [*self.lead_elements, *self.byline_elements]
        if self.headline_element is not None:
            known.append(self.headline_element)
        known += [element for selector in self.not_body_css for element in self.document.all(selector)]
        known += [element for selector in self.section_css for element in self.document.all(selector)]
        return {*known, *self.related_elements, *furniture_of(self.document, self.containers)} - set(
            self.containers
        )

    @cached_property
    def _text(self) -> Body:
        self._pictures_above()
        return read_body(
            self.containers,
            skip=self._not_body,
            links=self.links,
            pictures=self._pictures,
            headline=self.headline,
            lead=next(filter(None, map(words, self.lead_elements)), None),
            byline=self._printed_byline,
        )

    @cached_property
    def _pictures(self) -> Pictures:
        return Pictures(self.base, self.links)

    def _pictures_above(self) -> None:
        """Read the pictures that stand between the headline and the text."""
        order: dict[Element, int] = {}
        inside = set(self.containers)
        for selector in self.picture_css:
            for element in self.document.all(selector):
                outer = {element, *element.iterancestors()}
                if (
                    not outer.isdisjoint(inside)
                    or not outer.isdisjoint(self.related_elements)
                    or self._is_outside(element)
                ):
                    continue
                order = order or {held: place for place, held in enumerate(self.document.root.iter())}
                if self.containers and order[element] < order[self.containers[0]]:
                    blocks = flow(element)
                    self._pictures.take(blocks, set())

    @property
    def images(self) -> list[Image]:
        self._text  # noqa: B018 - the text is what the pictures stand in
        return self._pictures.images

    @property
    def media(self) -> list[Media]:
        return media_in(self.document, self.base, self._is_outside)

    @property
    def language(self) -> str | None:
        root = self.document.root
        return root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")

    def _is_outside(self, element: Element, *, tags: bool = False) -> bool:
        """Tell whether *element* stands in the frame of the page, or in a box of links, and not in the article."""
        inside = set(self.__dict__.get("containers", ()))
        for outer in element.iterancestors():
            if outer in inside:
                return False
            if outer.tag in _OUTSIDE and not (outer.tag == "header" and element.tag in ("h1", "time")):
                return outer.find(".//h1") is None or outer.tag != "header"
            if not tags and outer.tag not in ("html", "body", "form") and len(outer.attrib) and _is_frame(outer):
                return True
            if is_hidden(outer):
                return True
        return False


_FRAME = re.compile(
    r"(?:^|[\s_-])(?:sidebar\w*|related?|relate|most-?read|footer|navbar|menu|comments?|header-top|site-header|top-?bar)(?:$|[\s_-])",
    re.IGNORECASE,
)


def _is_frame(element: Element) -> bool:
    return bool(_FRAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _is_button(element: Element) -> bool:
    return is_furniture(element) and element.tag != "a" and "author" not in (element.get("class") or "")


def _outermost(elements: Iterable[Element]) -> list[Element]:
    found = list(dict.fromkeys(elements))
    known = set(found)
    return [element for element in found if known.isdisjoint(element.iterancestors())]


class DrupalPage(ArticlePage):
    """The site since autumn 2020."""

    layout = "drupal"
    marks = (
        ".article-content",
        ".article-summary",
        ".article-title",
        ".text-long",
        ".detail--normal",
        ".field-related-article",
    )

    headline_css = (
        "h1.article-title",
        ".article-title h1",
        ".article-title span",
        *ArticlePage.headline_css,
        ".article-title",
    )
    date_css = (
        ".article-date .col-md-4",
        "div.col-md-4.mb-2",
        ".article-date",
        ".article-meta",
        *ArticlePage.date_css,
    )
    lead_css = (".article-summary", ".article-sapo", ".field--name-field-summary")
    body_css = (
        ".article-content .text-long",
        ".text-long",
        ".article-content",
        ".field--name-body",
        ".video__summary",
        ".node-content-audio",
        ".detail--normal",
        *ArticlePage.body_css,
    )
    byline_css = (".article-author", ".field--name-field-author")
    section_css = (
        ".breadcrumb-item a",
        ".breadcrumb a",
        ".breadcrumb-item",
        "a.special-header-title",
        ".special-header-title",
    )
    tags_css = (".article-tags a", ".field--name-field-tags a", ".tags a", ".article-tag a", ".tag a")
    related_css = (".field-related-article", ".field--name-field-related-article")
    picture_css = ("figure", ".article-image", ".article-media", ".field--name-field-image")
    not_body_css = (
        ".article-date",
        ".article-meta",
        ".article-tags",
        ".article-share",
        ".breadcrumb",
        "#custompost-list",
    )


class EpiPage(ArticlePage):
    """The site from about 2013 to 2020, and vovworld.vn."""

    layout = "epi"
    marks = (
        "#aspnetForm",
        ".cms-title",
        ".cms-body",
        ".cms-desc",
        "#article-body",
        ".cms-author",
        ".article__sapo",
        ".article__body",
    )

    headline_css = ("h1.cms-title", "h1.article__title", ".cms-title", *ArticlePage.headline_css)
    date_css = (
        ".cms-date",
        ".article__meta time",
        ".article-meta time",
        *ArticlePage.date_css,
        ".article__date",
        ".cms-time",
    )
    lead_css = ("p.sapo.cms-desc", ".article__sapo", ".cms-desc", ".sapo", "h2.sapo")
    body_css = (
        "#article-body",
        ".article__body.cms-body",
        "div.cms-body",
        ".article__body",
        ".info-content",
        *ArticlePage.body_css,
    )
    byline_css = (".cms-author", ".article__author", ".author")
    section_css = (
        ".breadcrumb a",
        ".article__breadcrumb a",
        ".breadcrumbs a",
        ".cms-breadcrumb a",
        ".article__cate a",
        ".cate a",
    )
    tags_css = (".cms-tags a", ".article__tag a", ".article-tags a", ".tags a", ".tag a")
    related_css = (".stories-style-123", ".cms-relate", ".relatedHead", ".mainRelated")
    picture_css = ("figure", ".article-avatar", ".article__avatar", "table.contentimg")
    not_body_css = (
        "article.cms-relate",
        ".cms-relate",
        ".boxVideoRelated",
        ".relatedHead",
        ".mainRelated",
        ".fyi-full-width",
        ".position-code",
        "span.fig",
    )


class WebformsPage(ArticlePage):
    """The site from about 2008 to 2013, and vovnews.vn."""

    layout = "webforms"
    marks = ("#ctl00_mContent_lbBody", "#ctl00_mContent_lbDate", ".story-photo", ".story-listing", "p.summary")

    headline_css = ("h1.title", *ArticlePage.headline_css)
    date_css = ("#ctl00_mContent_lbDate", "span[id$=lbDate]", *ArticlePage.date_css)
    lead_css = ("p.summary", ".summary")
    body_css = ("#ctl00_mContent_lbBody", "span[id$=lbBody]", *ArticlePage.body_css)
    byline_css = ("p.author", ".author")
    section_css = ("a[id*=BreadCrumb]", ".breadcrumb a")
    related_css = ("ul.story-listing",)
    picture_css = (".story-photo", "figure")
    arrows_are_related = True


LAYOUTS: tuple[type[ArticlePage], ...] = (WebformsPage, EpiPage, DrupalPage)

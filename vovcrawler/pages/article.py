"""An article by its markup: one property for each field; what a layout adds to it is selectors.

The first layer of reading. What it does not find comes from :mod:`vovcrawler.pages.structured` and
:mod:`vovcrawler.pages.fallback`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cached_property

from vovcrawler import text, urls
from vovcrawler.items import Image, Layout, Media, Related
from vovcrawler.pages import furniture, signatures
from vovcrawler.pages.body import Body, read_body
from vovcrawler.pages.cards import without_pointers
from vovcrawler.pages.document import Document, Element, holds, is_in_sentence, is_inside, short_text
from vovcrawler.pages.flow import Blocks
from vovcrawler.pages.furniture import Links, base_of, furniture_of, in_keyword_rows, is_of_another
from vovcrawler.pages.generic import densest_element, prose
from vovcrawler.pages.headlines import told_headline
from vovcrawler.pages.media import holds_player, media_in
from vovcrawler.pages.parts import above_headline, with_parts, with_text_around
from vovcrawler.pages.pictures import Pictures, beside_pictures
from vovcrawler.pages.place import Place, are_one_list, is_outside, outermost, says_anything
from vovcrawler.pages.related import RelatedNews, arrow_lines
from vovcrawler.pages.structured import StructuredData, is_site_name
from vovcrawler.pages.times import PrintedTimes, above_text, apart, boxes_above, first_time, is_date, top_of_text

_LONGEST_LEAD = 1500


class ArticlePage:
    """An article in markup that nobody described: standards, usual names, else the densest part of the page."""

    layout: Layout = "generic"
    # One of the marks is enough to know the layout, of the hints it takes two.
    marks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    headline_css: tuple[str, ...] = ("h1[itemprop=headline]", "article h1", "main h1", "h1")
    date_css: tuple[str, ...] = (
        "time[datetime]",
        "time",
        "[itemprop=datePublished]",
        ".article-date",
        ".publish-date",
        ".post-date",
        ".date",
        ".datetime",
        ".time",
    )
    lead_css: tuple[str, ...] = (
        "[itemprop=description]",
        "[class*=sapo]",
        ".article-summary",
        ".article-lead",
        ".lead",
        ".summary",
        ".intro",
        ".description",
    )
    body_css: tuple[str, ...] = (
        "[itemprop=articleBody]",
        ".article-body",
        ".article-content",
        ".entry-content",
        ".post-content",
        ".detail-content",
        ".content-detail",
    )
    byline_css: tuple[str, ...] = signatures.PLACES
    section_css: tuple[str, ...] = (
        ".breadcrumb a",
        ".breadcrumbs a",
        "[itemtype$=BreadcrumbList] a",
        "[typeof$=BreadcrumbList] a",
        "[aria-label*=readcrumb] a",
        "[aria-labelledby*=breadcrumb] a",
        "[class*=readcrumb] a",
    )
    tags_css: tuple[str, ...] = furniture.TAG_PLACES
    # What stands round the container of the text: it is taken instead when there is text in it, too.
    outer_css = ""
    related_css: tuple[str, ...] = (".field-related-article",)
    picture_css: tuple[str, ...] = ("figure",)
    not_body_css: tuple[str, ...] = ()
    # Whether a paragraph that is ">>" and a link is how this layout prints related news.
    arrows_are_related = False
    # Whether a link to the file of a recording stands in the place of a player.
    links_are_media = False

    def __init__(self, document: Document, url: str | None) -> None:
        self.document = document
        self.blocks = Blocks(document)
        self.url = url
        self.base = base_of(document, url)
        self.data = StructuredData(document, self.base)
        self.links = Links(self.base, urls.record_id(url) if url else None)
        self._said: dict[Element, str] = {}

    def _words(self, element: Element) -> str:
        """What *element* says: looked at several times, read once."""
        if (said := self._said.get(element)) is None:
            said = self._said[element] = self.blocks.words(element)
        return said

    @cached_property
    def headline_element(self) -> Element | None:
        for selector in self.headline_css:
            is_own = selector not in ArticlePage.headline_css
            for element in self.document.all(selector):
                told = self._words(element)
                if told and not is_site_name(told, is_headline=is_own) and not is_outside(element):
                    return element
        return told_headline(self.document, self.data)

    @cached_property
    def headline(self) -> str | None:
        element = self.headline_element
        if element is None:
            return None
        # One that was not closed holds the text.
        return self._beside(element) if element in self._place.around else self._words(element)

    @cached_property
    def times(self) -> PrintedTimes:
        """The printed dates of the first selector that gives any beside the text, else one near the headline."""
        inside, within = set(self.containers), list[Element]()
        for selector in self.date_css:
            found = [element for element in self.document.all(selector) if is_date(element, self.blocks)]
            found = [element for element in found if self._is_here(element)]
            if outer := apart(found, inside):
                return PrintedTimes(outer, self.blocks)
            within = within or found
        above = boxes_above(self.headline_element, self.containers)
        # Where no text is known, these may be the cards of a list.
        beside = self._above_text() if self.containers else filter(self._is_here, self._above_text())
        rest = itertools.chain(above, top_of_text(self.containers))
        near = itertools.chain(beside, filter(self._is_here, rest))
        return PrintedTimes(first_time(near, self.blocks) or within, self.blocks, within)

    def _above_text(self) -> Iterator[Element]:
        return above_text(self.document, self.headline_element, self.containers)

    @property
    def published_at(self) -> str | None:
        return self.times.published_at

    @property
    def modified_at(self) -> str | None:
        return self.times.modified_at

    @cached_property
    def lead_element(self) -> Element | None:
        """The first candidate between the headline and the end of the text that says something."""
        for selector in self.lead_css:
            for element in self.document.all(selector):
                if element not in self.containers and self._beside(element) and self._is_lead(element):
                    return element
        above = ((element, short_text(element, _LONGEST_LEAD)) for element in self._above_text())
        marked = (element for element, told in above if told and all(text.split_outlet(told)))
        plain = prose(self._above_text()) if self.containers else ()
        return next((element for element in (*marked, *plain) if self._is_lead(element)), None)

    def _is_lead(self, element: Element) -> bool:
        is_caption = element.tag == "figcaption" or is_inside(element, "figcaption")
        return not is_caption and self._is_here(element) and self._is_below_headline(element)

    @cached_property
    def lead(self) -> str | None:
        """The lead as printed, with its outlet mark."""
        element = self.lead_element
        return (self._beside(element) if element is not None else None) or self.content.lead

    def _beside(self, element: Element) -> str:
        """What *element* says beside pictures and links to other articles; its opening when it holds the text."""
        if not holds(element, "a", "img") and element not in self._place.around:
            return self._words(element)
        told = beside_pictures(self.blocks.flow(element, self.related_elements), self.base, self.links)
        return without_pointers(told[:1] if element in self._place.around else told, self.links)

    @cached_property
    def containers(self) -> list[Element]:
        """The elements that hold the text: leads and the cards of other news may have their names, too."""
        place = Place((), self.headline_element, self.links)
        for are_cards, selector in itertools.product((False, True), self.body_css):
            here = (held for held in self.document.all(selector) if not is_outside(held))
            found = [held for held in here if not place.is_of_another(held)]
            if not are_cards:
                found = [held for held in found if not place.is_teaser(held, self.document, self.lead_css)]
            if any(says_anything(element) for element in found):
                outers = self.document.all(self.outer_css) if self.outer_css else []
                return with_text_around(self.document, outermost(found), outers, self.links)
        return []

    def guess(self) -> bool:
        """Take the densest part of the page for the text, when no selector gave it; tell whether that was so."""
        if self.containers:
            return False
        # Another page is asked: this one would remember what it found before its text was known.
        page = type(self)(self.document, self.url)
        lead = page.lead_element if page.media else None
        is_told, is_generic = lead is not None, self.layout == "generic"
        densest = densest_element(
            self.document, self.headline_element, self.links, is_told=is_told, may_be_short=is_generic
        )
        if densest is None or (page.is_all_lead and not self._is_around_place(densest)):
            return False
        if lead is not None:
            around = {densest, *densest.iterancestors()}
            is_lead = lead in around and len(page.blocks.flow(lead)) == 1
            if is_lead or not around.isdisjoint(page.related_elements):
                return False
        parts = with_parts(densest, self.headline_element, self.links)
        self.containers = with_text_around(self.document, parts, (), self.links)
        return True

    def _is_around_place(self, element: Element) -> bool:
        """Tell whether the place of the text, which says nothing, is but a part of *element*."""
        return any(element in place.iterancestors() for place in self.places)

    @property
    def places(self) -> list[Element]:
        """What the layout has for the text, be it empty or in the frame of the page."""
        return list(itertools.chain.from_iterable(map(self.document.all, self.body_css)))

    @property
    def is_all_lead(self) -> bool:
        """Whether the place of the text is there, though without pictures or text of its own: news of one line."""
        is_waiting = any(not is_outside(place) and not holds_player(place) for place in self.places)
        return is_waiting and self.lead_element is not None

    @property
    def body(self) -> list[str]:
        return self.content.paragraphs

    @property
    def subheadings(self) -> list[int]:
        return self.content.subheadings

    @cached_property
    def byline_elements(self) -> list[Element]:
        named = (filter(self._is_here, self.document.all(selector)) for selector in self.byline_css)
        told = ([held for held in here if self._words(held) and not is_of_another(held)] for here in named)
        return outermost(signatures.printed(told, self.times.elements, self._beside_text))

    def signature_of(self, byline: str) -> str | None:
        """Return the line beside the text that says the names of *byline*, which are known from elsewhere."""
        return signatures.saying(byline, self._beside_text())

    def _beside_text(self) -> Iterator[Element]:
        return filter(self._is_here, itertools.chain(self._above_text(), self._below_text()))

    def _below_text(self) -> Iterator[Element]:
        """The elements behind the text, before other news: the byline stands there, too."""
        ends = [self.document.span(container)[1] for container in self.containers]
        elements = self.document.elements[max(ends) :] if ends else []
        return signatures.behind(elements, self.related_elements)

    @cached_property
    def _place(self) -> Place:
        return Place(self.containers, self.headline_element, self.links)

    def _is_here(self, element: Element) -> bool:
        """Tell whether *element* belongs to the article: neither to the frame of the page nor to other news."""
        if not self.related_elements.isdisjoint([element, *element.iterancestors()]):
            return False
        place = self._place
        if place.is_outside(element) or place.is_of_another(element):
            return False
        return not place.is_in_card(element, self.related_elements)

    @cached_property
    def _printed_byline(self) -> str | None:
        return signatures.byline(self.byline_elements, self.blocks)

    @property
    def byline(self) -> str | None:
        return self.content.byline or self._printed_byline

    @property
    def section(self) -> list[str]:
        given = itertools.chain(map(self.document.all, self.section_css), self._place.trails(self.url))
        named = (self._place.section_names(elements, self._words) for elements in given)
        return next(filter(None, ([name for name in names if name != self.headline] for names in named)), [])

    @property
    def tags(self) -> list[str]:
        for selector in self.tags_css:
            linked = (a for a in self.document.all(selector) if self.links.may_be_tag(a.get("href") or ""))
            found = [element for element in linked if not self._place.is_outside(element)]
            here = found if are_one_list(found) else [*filter(self._is_here, found)]
            if names := self._names(here or found):
                return names
        return self._names(self._tag_links())

    def _names(self, elements: Iterable[Element]) -> list[str]:
        names = (self._words(element).strip(" ,;#") for element in elements)
        return list(dict.fromkeys(name for name in names if furniture.TAG_LABEL.sub("", name)))

    def _tag_links(self) -> Iterator[Element]:
        """Links to tag pages that make a line of their own below the headline, not those in a sentence."""
        tags = (a for a in self.document.tags("a") if self.links.is_tag(a.get("href") or ""))
        return filter(self._is_here, in_keyword_rows(filter(self._is_below_headline, tags), self.containers))

    def _is_below_headline(self, element: Element) -> bool:
        order, headline = self.document.order, self.headline_element
        return headline is None or order[element] > order[headline]

    @cached_property
    def related_news(self) -> RelatedNews:
        stop = [*self.containers, *([self.headline_element] if self.headline_element is not None else [])]
        boxes, lines = (
            arrow_lines(self.blocks, self.containers, self._place, self.links)
            if self.arrows_are_related
            else ([], [])
        )
        news = RelatedNews(self.blocks, self.related_css, self.links, stop, boxes)
        news.add(lines)
        return news

    @property
    def related_elements(self) -> set[Element]:
        return self.related_news.elements

    @property
    def related(self) -> list[Related]:
        return self.related_news.items

    @cached_property
    def _not_body(self) -> set[Element]:
        known = [element for element in (self.headline_element, self.lead_element) if element is not None]
        selectors = (*self.not_body_css, *self.section_css)
        named = (element for selector in dict.fromkeys(selectors) for element in self.document.all(selector))
        known += [element for element in named if not is_in_sentence(element)]
        known += furniture_of(self.document, self.containers)
        known += [*self.times.boxes, *above_headline(self.containers, self.headline_element)]
        return {*known, *self.byline_elements, *self.related_elements} - set(self.containers)

    @cached_property
    def content(self) -> Body:
        """The text and what stands in it; reading it fills the pictures."""
        self._read_pictures_above()
        return read_body(
            self.blocks,
            self.containers,
            skip=self._not_body,
            links=self.links,
            pictures=self._pictures,
            headline=self.headline,
            lead=self._beside(self.lead_element) if self.lead_element is not None else None,
            byline=self._printed_byline,
        )

    @cached_property
    def _pictures(self) -> Pictures:
        return Pictures(self.base, self.links)

    def _read_pictures_above(self) -> None:
        """Read the pictures that stand above the text, or in a lead within it."""
        if not self.containers:
            return
        order, inside, leads = self.document.order, set(self.containers), {self.lead_element} - self._place.around
        taken: set[Element] = set()
        for selector in self.picture_css:
            for element in self.document.all(selector):
                outer = {element, *element.iterancestors()}
                above = outer.isdisjoint(inside) and order[element] < order[self.containers[0]]
                is_ours = outer.isdisjoint(self.related_elements) and not self._place.is_outside(element)
                if is_ours and (above or not outer.isdisjoint(leads)) and taken.isdisjoint(outer):
                    taken.add(element)
                    self._pictures.take(self.blocks.flow(element), set())
        said = [*self.byline_elements, *self.times.elements]
        said += [element for element in (self.headline_element, self.lead_element) if element is not None]
        beside = itertools.chain(self._place.above_headline(self.document), self._above_text())
        for box, *below in self._place.picture_boxes(beside, said, self._printed_byline or ""):
            shown = self.blocks.flow(box) + [block for under in below for block in self.blocks.flow(under)[:1]]
            self._pictures.take(shown, set())

    @property
    def images(self) -> list[Image]:
        return self._pictures.images if self.content else []

    @property
    def media(self) -> list[Media]:
        article, texts = (self.headline_element, *self.containers), self.containers if self.links_are_media else ()
        return media_in(self.document, self.links, self._place.is_outside, texts, article)

    @property
    def language(self) -> str | None:
        names = ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
        return next((declared for name in names if (declared := self.document.root.get(name))), None)

"""The headline of a page without an ``<h1>`` of its own: what machines are told it is, where that is printed."""

from __future__ import annotations

import itertools

from vovcrawler import text
from vovcrawler.pages.document import Document, Element, holds, is_inside, short_text, whole_text
from vovcrawler.pages.place import is_outside
from vovcrawler.pages.structured import StructuredData

# The surest first.
_HEADINGS = ("h2", "h3", "h4")
_OTHERS = ("div", "p", "span", "strong", "td")
# What white space may add to it.
_SLACK = 60


def told_headline(document: Document, data: StructuredData) -> Element | None:
    """Return the first element that says what an article tells machines its headline is, and nothing else."""
    told = text.clean(data.headline or "") if data.is_article else ""
    if not told:
        return None
    order, middle = document.order, _middle(document)
    for tags in (_HEADINGS, _OTHERS):
        for element in document.root.iter(*tags):
            said = short_text(element, len(told) + _SLACK) if order[element] <= middle else None
            if said and text.clean(said) == told and _heads_page(element):
                return element
    return None


def _heads_page(element: Element) -> bool:
    """Tell whether *element* is no link, no step of a trail, and not in the frame of the page."""
    holder = element.getparent()
    is_step = holder is not None and next(holder.iterchildren("a"), None) is not None
    is_linked = holds(element, "a") or is_inside(element, "a") or is_inside(element, "li")
    return not (is_step or is_linked or is_outside(element))


def _middle(document: Document) -> int:
    """Return the place of the last element before which no more is said in paragraphs than behind it.

    The headline may be a picture there, and be repeated at the end of the page.
    """
    paragraphs = document.tags("p")
    sizes = [len(whole_text(p)) for p in paragraphs]
    rest = sum(sizes)
    for p, before in zip(paragraphs, itertools.accumulate(sizes), strict=True):
        if before * 2 > rest:
            return document.order[p]
    return len(document.elements)

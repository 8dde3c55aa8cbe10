"""A text in several boxes of unknown markup: those beside the densest one that are named alike go on with it."""

from __future__ import annotations

from vovcrawler.pages.blocks import HEADINGS, size_of
from vovcrawler.pages.document import Element, holds, is_in_sentence, whole_text
from vovcrawler.pages.furniture import Links, is_furniture
from vovcrawler.pages.looks import is_hidden
from vovcrawler.text import clean, has_outlet, is_list_heading

_BOXES = frozenset(["div", "section"])
_TEXTS = HEADINGS | {"p", "blockquote", "ul", "ol", "figure"}
_SHORTEST_PARAGRAPH = 40
# A box without a name says less of what it is.
_FEWEST_WITHOUT_NAME = 2


def with_parts(box: Element, headline: Element | None, links: Links) -> list[Element]:
    """Return *box*, which holds text, with those beside it of the same name that hold paragraphs of it, too.

    Each may stand alone in a box of its own: then those boxes are compared.
    """
    around = set(headline.iterancestors()) if headline is not None else set()
    inner = box
    while (holder := box.getparent()) is not None and len(holder) == 1 and holder.tag in _BOXES:
        if holder in around or (holder.text or "").strip():
            break
        box = holder
    named = box.get("class")
    if holder is None or not _is_box(box):
        return [inner]
    like = [held for held in holder.iterchildren(box.tag) if held.get("class") == named and held not in around]
    sure = [held for held in like if held is box or _goes_on(held, links)]
    if len(sure) < 2:
        return [inner]
    first, last = holder.index(sure[0]), holder.index(sure[-1])
    others = [*(held for held in like if holds(held, "figure")), *holder[first:last]]
    parts = {*sure, *(held for held in others if held not in around and _stands_between(held, box, links))}
    return [held for held in holder if held in parts]


def _stands_between(held: Element, box: Element, links: Links) -> bool:
    """Tell whether *held* may be part of a text: a box like *box*, or one of a subheading or a picture."""
    is_like = held.tag == box.tag and held.get("class") == box.get("class")
    is_text = held.tag in _TEXTS
    if not (is_like or is_text or held.tag in _BOXES) or not _is_part(held, links):
        return False
    if is_like:
        return True
    return (is_text or _is_heading(held) or _is_picture(held)) and not any(
        _leads_away(a, links) for a in held.iter("a")
    )


def _is_heading(box: Element) -> bool:
    """Tell whether *box* says a subheading and nothing else."""
    heading = next(box.iter(*HEADINGS), None)
    return heading is not None and clean(whole_text(box)) == clean(whole_text(heading))


def _is_picture(box: Element) -> bool:
    """Tell whether *box* holds a figure and says nothing beside it."""
    figure = next(box.iter("figure"), None)
    return figure is not None and clean(whole_text(box)) == clean(whole_text(figure))


def _is_box(element: Element) -> bool:
    """Tell whether *element* is a mere box, or one that the page itself has a name for."""
    return element.tag in _BOXES or "-" in element.tag


def _goes_on(box: Element, links: Links) -> bool:
    """Tell whether *box* holds prose and is no other news, neither headed by a link to it nor with its lead."""
    if not _is_part(box, links):
        return False
    is_named = bool(box.get("class")) or box.tag not in _BOXES
    told = [clean(whole_text(p)) for p in (box.iter("p") if is_named else box.iterchildren("p"))]
    prose = sum(size_of(line) >= _SHORTEST_PARAGRAPH for line in told)
    return prose >= (1 if is_named else _FEWEST_WITHOUT_NAME) and not any(map(has_outlet, told))


def _is_part(box: Element, links: Links) -> bool:
    """Tell whether *box* may be part of a text: it does not open with a heading that is a link to other news.

    Nor is it comments, headed as such, or what asks for an address or a vote.
    """
    opening = clean(next(filter(str.strip, box.itertext()), ""))
    if is_hidden(box) or is_furniture(box) or is_list_heading(opening) or holds(box, "form", "input", "textarea"):
        return False
    first = next(box.iter("p", *HEADINGS), None)
    return first is None or first.tag not in HEADINGS or not any(_leads_away(a, links) for a in first.iter("a"))


def _leads_away(a: Element, links: Links) -> bool:
    return links.other(a.get("href") or "") and not is_in_sentence(a)

"""A text in several boxes of unknown markup: those beside the densest one that are named alike go on with it."""

from __future__ import annotations

from vovcrawler.pages.blocks import HEADINGS, size_of
from vovcrawler.pages.document import Element, holds, is_in_sentence, whole_text
from vovcrawler.pages.furniture import Links, is_furniture
from vovcrawler.pages.looks import is_hidden
from vovcrawler.text import clean, has_outlet, is_list_heading

_BOXES = frozenset(["div", "section"])
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
    if holder is None or box.tag not in _BOXES:
        return [inner]
    like = [held for held in holder.iterchildren(box.tag) if held.get("class") == named]
    sure = [held for held in like if held is box or (held not in around and _goes_on(held, links))]
    if len(sure) < 2:
        return [inner]
    between = like[like.index(sure[0]) : like.index(sure[-1])]
    return [held for held in like if held in sure or (held in between and _is_heading(held))]


def _goes_on(box: Element, links: Links) -> bool:
    """Tell whether *box* holds prose and is no other news, neither headed by a link to it nor with its lead.

    Nor are comments, headed as such, and what asks for an address or a vote.
    """
    opening = clean(next(filter(str.strip, box.itertext()), ""))
    if is_hidden(box) or is_furniture(box) or is_list_heading(opening) or holds(box, "form", "input", "textarea"):
        return False
    first = next(box.iter("p", *HEADINGS), None)
    if first is None or (first.tag in HEADINGS and any(_leads_away(a, links) for a in first.iter("a"))):
        return False
    is_named = bool(box.get("class"))
    told = [clean(whole_text(p)) for p in (box.iter("p") if is_named else box.iterchildren("p"))]
    prose = sum(size_of(line) >= _SHORTEST_PARAGRAPH for line in told)
    return prose >= (1 if is_named else _FEWEST_WITHOUT_NAME) and not any(map(has_outlet, told))


def _is_heading(box: Element) -> bool:
    """Tell whether *box* says a subheading and nothing else."""
    headings = list(box.iter(*HEADINGS))
    told = clean(whole_text(box))
    return len(headings) == 1 and told == clean(whole_text(headings[0])) and not is_list_heading(told)


def _leads_away(a: Element, links: Links) -> bool:
    return links.other(a.get("href") or "") and not is_in_sentence(a)

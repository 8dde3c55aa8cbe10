"""A text in several parts: beside its container in boxes named alike, around it, or behind it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping

from vovcrawler.pages.blocks import HEADINGS, SENTENCE_END, SHORTEST_PROSE, is_prose, size_of
from vovcrawler.pages.cards import LISTS
from vovcrawler.pages.document import Document, Element, holds, is_in_sentence, short_text, whole_text
from vovcrawler.pages.furniture import Links, is_furniture
from vovcrawler.pages.looks import is_hidden
from vovcrawler.pages.mending import closes_too_much
from vovcrawler.text import clean, has_outlet, is_list_heading

_BOXES = frozenset(["div", "section"])
_TEXTS = HEADINGS | {"p", "blockquote", "ul", "ol", "figure"}
_SHORTEST_PARAGRAPH = 40
_LONGEST_CAPTION = 300
_MORE_IN_ROWS = 1.5
# A box without a name says less of what it is.
_FEWEST_WITHOUT_NAME = 2
_PARAGRAPHS = frozenset(["blockquote", "center", "div", "font", "p", "table"])


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
    behind = itertools.takewhile(lambda held: _ends_text(held, box), holder[last + 1 :])
    others = [*(held for held in like if holds(held, "figure")), *holder[first:last], *behind]
    parts = {*sure, *(held for held in others if held not in around and _stands_between(held, box, links))}
    return [held for held in holder if held in parts]


def with_rows(box: Element | None, said: Mapping[Element, int], headline: Element | None) -> Element | None:
    """Return the table that the *headline* is a row of where the others say much more than *box*: a text each."""
    row = next(headline.iterancestors("tr"), None) if headline is not None else None
    table = next(row.iterancestors("table"), None) if row is not None else None
    if table is None:
        return box
    beside = (held for held in said if row not in held.iterancestors())
    rows = sum(said[held] for held in beside if next(held.iterancestors("table"), None) is table)
    inside = sum(size for held, size in said.items() if box in held.iterancestors())
    return table if rows >= _MORE_IN_ROWS * max(inside, _SHORTEST_PARAGRAPH) else box


def above_headline(containers: Collection[Element], headline: Element | None) -> Iterator[Element]:
    """Yield what stands above the *headline* in the container of a text that holds it, but pictures."""
    around = list(headline.iterancestors()) if headline is not None else []
    texts = [place for place, outer in enumerate(around) if outer in containers]
    if headline is None or not texts:
        return
    for inner in [headline, *around[: texts[0]]]:
        for above in inner.itersiblings("*", preceding=True):
            shown = (above, before) if (before := above.getprevious()) is not None else (above,)
            is_shown = any(held.tag == "img" or holds(held, "img") for held in shown)
            if not is_shown or any(whole_text(a).strip() for a in above.iter("a")):
                yield above


def _ends_text(held: Element, box: Element) -> bool:
    """Tell whether *held*, behind a text in boxes like *box*, is its last picture or a short last sentence."""
    is_like = held.tag == box.tag and held.get("class") == box.get("class") and bool(box.get("class"))
    is_short = is_like and clean(whole_text(held)).endswith(SENTENCE_END) and not holds(held, "a")
    return is_short or (_is_picture(held) and not is_prose(clean(whole_text(held))))


def _stands_between(held: Element, box: Element, links: Links) -> bool:
    """Tell whether *held* may be part of a text: a box like *box*, or one of a subheading or a picture."""
    is_like = held.tag == box.tag and held.get("class") == box.get("class")
    is_text = held.tag in _TEXTS
    if not (is_like or is_text or held.tag in _BOXES) or not _is_part(held, links):
        return False
    if is_like:
        return True
    return (is_text or _is_one_text(held) or _is_picture(held)) and not any(
        _leads_away(a, links) for a in held.iter("a")
    )


def _is_one_text(box: Element) -> bool:
    """Tell whether *box* says a subheading, a quotation or a list, and nothing else."""
    held = next((held for held in box.iter(*_TEXTS) if held.tag != "p"), None)
    return held is not None and clean(whole_text(box)) == clean(whole_text(held))


def _is_picture(box: Element) -> bool:
    """Tell whether *box* holds a figure and says nothing beside it, or a picture that leads nowhere and a line."""
    figure = next(box.iter("figure"), None)
    if figure is None:
        return holds(box, "img") and not holds(box, "a") and short_text(box, _LONGEST_CAPTION) is not None
    return clean(whole_text(box)) == clean(whole_text(figure))


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


# ---- what goes on round a container, or behind it


def with_text_around(
    document: Document, found: list[Element], outers: Iterable[Element], links: Links
) -> list[Element]:
    """Return *found*, with the first of *outers* that says more in the place of those inside it.

    To an element that end tags too many have closed belongs what goes on behind it.
    """
    found = [part for held in found for part in _uncut(held, links)]
    found += _text_behind(document, found[-1], links)
    inside: dict[Element, set[Element]] = {outer: set() for outer in outers}
    for inner in found:
        for outer in inside.keys() & inner.iterancestors():
            inside[outer].add(inner)
    for outer, within in inside.items():
        if within and (_says_more(outer, within, links) or _is_in_parts(document, within, outer, links)):
            return [outer, *(inner for inner in found if inner not in within)]
    return found


def _uncut(element: Element, links: Links) -> list[Element]:
    """Return *element* with the paragraphs behind it that are its text, too, or what holds loose text with it."""
    holder = element.getparent()
    if element.tag != "span" or holder is None:
        return [element]
    if any(map(str.isalpha, element.tail or "")):
        return [holder]
    more = _run(element.itersiblings("*"), links)
    is_text = any(len(clean(whole_text(held))) >= SHORTEST_PROSE for held in more)
    return [element, *more] if is_text else [element]


def _text_behind(document: Document, element: Element, links: Links) -> list[Element]:
    """Return the text right behind *element* on a page where more boxes are closed than opened."""
    place = document.span(element)[1]
    first = document.elements[place] if place < len(document.elements) else None
    if first is None or not (_is_plain(first, links) or _parts_text(first)):
        return []
    more = _run([first, *first.itersiblings("*")], links)
    # A subheading may stand before the next paragraph.
    is_text = any(map(_ends_sentence, more[:2])) and closes_too_much(document.source.utf8)
    return more if is_text else []


def _run(elements: Iterable[Element], links: Links) -> list[Element]:
    """Return those of *elements* that may go on with a text, up to other news or a heading of nothing."""
    said = (held for held in elements if held.tag == "figure" or clean(whole_text(held)))
    run = list(itertools.takewhile(lambda held: _is_plain(held, links) or _parts_text(held), said))
    while run and run[-1].tag in HEADINGS:
        run.pop()
    return run


def _ends_sentence(paragraph: Element) -> bool:
    """Tell whether *paragraph* is prose, which a line of promotion is not."""
    return is_prose(clean(whole_text(paragraph)))


def _parts_text(element: Element) -> bool:
    """Tell whether *element* is a picture, or a heading that heads no list."""
    return element.tag == "figure" or (element.tag in HEADINGS and not is_list_heading(clean(whole_text(element))))


def _is_plain(element: Element, links: Links) -> bool:
    """Tell whether *element* is a paragraph, or a box or list without a name, and not one of links."""
    is_named = not {"class", "id"}.isdisjoint(element.keys())
    if element.tag in LISTS and not holds(element, "a"):
        return not is_named
    if element.tag not in _PARAGRAPHS or (is_named and (element.tag != "p" or is_furniture(element))):
        return False
    loose = (a for a in element.iter("a") if not is_in_sentence(a))
    return not any(links.article(a.get("href") or "") for a in loose)


def _says_more(outer: Element, inside: set[Element], links: Links) -> bool:
    """Tell whether *outer* holds a paragraph of prose beside the elements *inside* it, without box or link."""
    for paragraph in outer.iter("p"):
        if paragraph.getparent() in inside:  # as most are
            continue
        around = list(itertools.takewhile(lambda held: held is not outer, paragraph.iterancestors()))
        if not inside.isdisjoint(around) or any(map(is_furniture, around)):
            continue
        boxes = [paragraph, *around]
        loose = (a for box in boxes for a in box.iter("a") if not is_in_sentence(a))
        linked = any(links.article(a.get("href") or "") for a in loose)
        if not linked and len(clean(whole_text(paragraph))) >= SHORTEST_PROSE:
            return True
    return False


def _is_in_parts(document: Document, inside: set[Element], outer: Element, links: Links) -> bool:
    """Tell whether pictures or subheadings stand in *outer* between the elements *inside* it."""
    parts = sorted(inside, key=document.order.__getitem__)
    for part, following in itertools.pairwise(parts):
        between = document.elements[document.span(part)[1] : document.order[following]]
        for element in (held for held in between if held.tag == "img" or _parts_text(held)):
            around = [element, *itertools.takewhile(lambda held: held is not outer, element.iterancestors())]
            is_news = any(links.article(a.get("href") or "") for a in element.iter("a"))
            if not is_news and not any(map(is_furniture, around)):
                return True
    return False

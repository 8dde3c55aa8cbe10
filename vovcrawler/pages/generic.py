"""Text in unknown markup: the densest part of the page."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import cache

from vovcrawler import text
from vovcrawler.pages.blocks import BLOCKS, size_of
from vovcrawler.pages.body import SHORTEST_LEAD
from vovcrawler.pages.captions import is_caption_name, is_credit_line, is_lone_caption
from vovcrawler.pages.document import Document, Element, holds, is_in_sentence, is_inside, short_text, whole_text
from vovcrawler.pages.furniture import Links, is_furniture
from vovcrawler.pages.looks import is_hidden
from vovcrawler.pages.parts import with_parts, with_rows
from vovcrawler.pages.pictures import is_decoration
from vovcrawler.pages.place import OUTSIDE, Place

_PARAGRAPHS = ("p", "div", "li")
# What may hold loose text, beside breaks and boxes.
_LOOSE = frozenset(["div", "section", "article", "main", "center", "td"])
_PROSE = frozenset(["p", "div", "h2", "h3", "h4"])
_BOXES_OF_LISTS = frozenset(["ul", "ol", "aside", "section", "table"])
_NO_PROSE = BLOCKS | {"img"}
_SENTENCE_ENDS = (".", "!", "?", "…", ".”", '."', "。", "！", "？", "។")
_SHORTEST_PARAGRAPH = 40
_SHORTEST_TEXT = 150
_LONGEST_TEASER = 1000
_LONGEST_TEASER_IN_LIST = 350
_LONGEST_CAPTION = 300
_LONGEST_MARK = 20
# What stands around a box is taken in its place when it says so many times as much.
_MORE = 1.2
# So many boxes may stand round a teaser in its card.
_CARD_DEPTH = 3
# How many boxes a paragraph may have round itself alone.
_BOXES = 12
# So many boxes are looked at that hold most right inside them.
_BEST = 8


def densest_element(
    document: Document,
    headline: Element | None,
    links: Links,
    *,
    is_told: bool = False,
    may_be_short: bool = False,
) -> Element | None:
    """Return the element with the most unlinked text in paragraphs right inside it or one level deeper.

    Where each paragraph has a box of its own, that is the box around them which still has not the headline in it.
    The teasers of other news count only where there is nothing else: no recording with a lead that has told all.
    """
    start = document.order[headline] if headline is not None else 0
    place = Place((), headline, links)
    around = set(headline.iterancestors()) if headline is not None else set[Element]()
    told = _paragraphs(document, start, links, around)
    said = _apart(told, place)
    is_text = sum(said.values()) >= _SHORTEST_TEXT
    if is_text and (densest := with_rows(_densest(said, headline, links), said, headline)) is not None:
        return densest
    # Where there is little text, or none, a picture is as good as a paragraph.
    shown = _apart(_pictures(document, start, links, around), place)
    densest = _densest({**said, **shown}, headline, links) if is_text or shown else None
    # One beside the headline stands above a few words.
    if may_be_short and (densest is None or _is_lone_picture(densest, said, shown)):
        few = _densest(_beside_headline(said, headline), headline, links, least=_SHORTEST_PARAGRAPH)
        densest = few if few is not None else densest
    if densest is not None and _is_lone_picture(densest, said, shown):
        densest = _with_caption(densest, headline)
    if densest is not None or is_text or shown:
        return densest
    boxes = news_boxes(document, links)
    unlisted = {element: size for element, size in told.items() if not is_listed(element, boxes)}
    return _densest(unlisted if unlisted or is_told else told, headline, links)


def _is_lone_picture(box: Element, said: Mapping[Element, int], shown: Mapping[Element, int]) -> bool:
    """Tell whether *box* holds one of the pictures *shown* and nothing *said*."""
    return _within(box, said) == 0 and _within(box, shown) == _SHORTEST_TEXT


def _with_caption(picture: Element, headline: Element | None) -> Element:
    """Return the largest box round a *picture* that says no more than a caption does."""
    boxes = itertools.islice(picture.iterancestors(), _BOXES)
    around = itertools.takewhile(
        lambda box: not _is_page(box, headline) and short_text(box, _LONGEST_CAPTION) is not None, boxes
    )
    return [picture, *around][-1]


def _beside_headline(said: Mapping[Element, int], headline: Element | None) -> dict[Element, int]:
    """Return those of *said* that stand in one ``<article>`` with the *headline*, though not in one head."""
    article = next(headline.iterancestors("article"), None) if headline is not None else None
    if headline is None or article is None:
        return {}
    heads = {outer for outer in headline.iterancestors() if outer is not article}
    inside = (held for held in said if article in held.iterancestors("article"))
    return {held: said[held] for held in inside if held.getparent() not in heads and _is_sentence(held)}


def _is_sentence(element: Element) -> bool:
    """Tell whether a paragraph, or the loose text behind *element*, ends like one: a signature does not."""
    told = whole_text(element) if element.tag in _PARAGRAPHS else element.tail
    return (told or "").rstrip(" /\n\u00a0").endswith(_SENTENCE_ENDS)


def _densest(
    said: Mapping[Element, int], headline: Element | None, links: Links, *, least: int = _SHORTEST_TEXT
) -> Element | None:
    """Return what holds most of what is *said*, if that is enough for a text."""
    scores: dict[Element, float] = defaultdict(float)
    for paragraph, size in said.items():
        # An item weighs where its list stands.
        nearest = 1 if paragraph.tag == "li" else 0
        for depth, holder in enumerate(itertools.islice(paragraph.iterancestors(), nearest, nearest + 2)):
            scores[holder] += size / (depth + 1)
    best = heapq.nlargest(_BEST, scores, key=scores.__getitem__)
    if not best or best[0].tag in ("body", "html"):
        return None
    # A picture above the text may weigh as much as one in it, and stands alone.
    boxes = best[:1] + [box for box in best[1:] if not _is_page(box, headline)]
    weight = cache(lambda box: _within(box, said))
    whole = [_with_more(box, weight, headline) for box in boxes]
    densest = max(whole, key=weight)
    if weight(densest) < least and sum(map(weight, with_parts(densest, headline, links))) < least:
        return None
    return densest


def prose(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield those of *elements* that say a sentence, down to the first picture: below it stand captions."""
    for element in elements:
        if element.tag == "img" and not is_inside(element, "a"):
            return
        told = text.clean(short_text(element, _LONGEST_TEASER) or "") if element.tag in _PROSE else ""
        if size_of(told) < SHORTEST_LEAD or not told.endswith(_SENTENCE_ENDS) or is_furniture(element):
            continue
        if is_credit_line(told):  # of a picture that is a link
            continue
        if _NO_PROSE.isdisjoint(child.tag for child in element.iterdescendants()):
            yield element


def _paragraphs(document: Document, start: int, links: Links, around: Set[Element]) -> dict[Element, int]:
    """How much each paragraph behind *start* says; loose text is counted at the element before it."""
    said = {}
    lists: dict[Element, bool] = {}
    for element in [*itertools.chain(*map(document.tags, _PARAGRAPHS)), *_before_loose_text(document)]:
        holder = element.getparent()
        if holder is None or document.order[element] < start:
            continue
        size = _said(element) if element.tag in _PARAGRAPHS else size_of((element.tail or "").strip())
        if size < _SHORTEST_PARAGRAPH or _is_aside(element, around) or _is_teaser(element) or _is_caption(element):
            continue
        box = element if element.tag in _PARAGRAPHS else holder
        if box not in lists:
            lists[box] = _is_news_list(box, links, is_loose=box is holder)
        if not lists[box] or (box is holder and size > _LONGEST_TEASER_IN_LIST):
            said[element] = size
    return said


def _before_loose_text(document: Document) -> Iterator[Element]:
    """Yield the elements with text behind them that stands in no paragraph; paragraphs themselves are asked."""
    for element, behind in zip(document.elements, document.tails, strict=True):
        if behind and len(behind) >= _SHORTEST_PARAGRAPH and element.tag not in _PARAGRAPHS:
            holder = element.getparent()
            if element.tag == "br" or (holder is not None and holder.tag in _LOOSE):
                yield element


def _is_news_list(box: Element, links: Links, *, is_loose: bool) -> bool:
    """Tell whether *box* is links to other articles on lines of their own, with teasers at most between them.

    To words that stand loose in it no list belongs that is a box of its own.
    """
    lines = [a for a in box.iter("a") if links.other(a.get("href") or "") and not is_in_sentence(a)]
    if is_loose and len(lines) > 1:
        lines = [a for a in lines if _BOXES_OF_LISTS.isdisjoint(outer.tag for outer in _up_to(box, a))]
    return len(lines) > 1 and _unlinked(box) <= len(lines) * _LONGEST_TEASER_IN_LIST


def _up_to(box: Element, element: Element) -> Iterator[Element]:
    """Yield what is around *element* inside *box*."""
    return itertools.takewhile(lambda outer: outer is not box, element.iterancestors())


def _pictures(document: Document, start: int, links: Links, around: Set[Element]) -> dict[Element, int]:
    """The pictures of a photo story without a paragraph, each as good as one."""
    return {
        img: _SHORTEST_TEXT
        for img in document.tags("img")
        if document.order[img] >= start
        and not _is_aside(img, around)
        and not is_decoration(img)
        and not any(links.other(a.get("href") or "") for a in img.iterancestors("a"))
    }


def _apart(said: Mapping[Element, int], place: Place) -> dict[Element, int]:
    """Return those of *said* that stand in no card of other news.

    A short text with links to news in it looks like one: it opens with two paragraphs, or has more than links.
    """
    inside = [element for element in said if place.is_in_card(element)]
    beside = Counter(element.getparent() for element in inside)
    texts = {box for box, count in beside.items() if box is not None and 0 < _news_in(box, place.links) < count}
    texts.update(box for p in inside if (box := p.getparent()) is not None and _opens_text(p, box, place.links))
    lost = {element for element in inside if element.getparent() not in texts}
    return {held: size for held, size in said.items() if held not in lost and not place.is_of_another(held)}


def _opens_text(paragraph: Element, box: Element, links: Links) -> bool:
    """Tell whether *paragraph* and the one behind it are prose, before the links to news in *box*."""
    after = paragraph.getnext()
    if after is None or not all(held.tag == "p" and _is_sentence(held) for held in (paragraph, after)):
        return False
    if holds(paragraph, "a") or holds(after, "a"):
        return False
    news = next((a for a in box.iter("a") if links.other(a.get("href") or "")), None)
    return news is not None and next(held for held in box.iter("p", "a") if held in (paragraph, news)) is paragraph


def _news_in(box: Element, links: Links) -> int:
    """How many other articles *box* leads to."""
    found = (links.article(a.get("href") or "") for a in box.iter("a") if not is_in_sentence(a))
    return len({address.id for address in found if address})


def news_boxes(document: Document, links: Links) -> set[Element]:
    """Return the links to other news that stand in no sentence, and all that is around them."""
    found: set[Element] = set()
    for a in document.tags("a"):
        if links.other(a.get("href") or "") and not is_in_sentence(a):
            found.update(itertools.takewhile(lambda box: box not in found, (a, *a.iterancestors())))
    return found


def is_listed(element: Element, boxes: Set[Element]) -> bool:
    """Tell whether *element* stands in one of the *boxes* of other news, with one like it beside that."""
    for outer in itertools.islice(element.iterancestors(), _CARD_DEPTH):
        if outer in boxes:
            beside = (outer.getprevious(), outer.getnext())
            like = (held for held in beside if held is not None and held.tag == outer.tag)
            return any(held.get("class") == outer.get("class") and held in boxes for held in like)
    return False


def _is_teaser(element: Element) -> bool:
    """The mark of the outlet opens leads only: the lead of this article, or of other news."""
    holder = element.getparent()
    is_loose = element.tag not in _PARAGRAPHS
    if is_loose and holder is not None:
        is_only_one = len(list(itertools.islice(holder.iter("br"), 2))) == 1
        if is_only_one and _is_teaser(holder):
            return True  # a lead in two lines
    told = element.tail if is_loose else short_text(element, _LONGEST_TEASER)
    if is_loose and element.tag != "br":  # the mark may be a link, or bold
        told = f"{short_text(element, _LONGEST_MARK) or ''}{told}"
    return bool(told) and text.split_outlet(told or "")[0] is not None


def _is_caption(element: Element) -> bool:
    """What credits a picture is no text, nor is what is called a caption."""
    if element.tag not in _PARAGRAPHS:
        return is_lone_caption(text.clean(element.tail or ""))
    told = short_text(element, _LONGEST_CAPTION)
    return is_caption_name(element.get("class") or "") or is_lone_caption(text.clean(told or ""))


def _with_more(best: Element, weight: Callable[[Element], int], headline: Element | None) -> Element:
    """Return *best* or what stands around it and holds much more text, though not the headline."""
    most = weight(best)
    for outer in itertools.islice(best.iterancestors(), _BOXES):
        if _is_page(outer, headline):
            break
        if weight(outer) >= most * _MORE:
            best, most = outer, weight(outer)
    return best


def _is_page(box: Element, headline: Element | None) -> bool:
    """Tell whether *box* is more than the text: the headline is in it, or the frame of the page."""
    if box.tag in ("body", "html"):
        return True
    if headline is not None:
        return box in headline.iterancestors()
    return next(box.iter("header", "footer", "nav"), None) is not None


def _within(element: Element, said: Mapping[Element, int]) -> int:
    return sum(said.get(held, 0) for held in element.iterdescendants("*"))


def _said(paragraph: Element) -> int:
    if paragraph.tag != "p" and any(child.tag in BLOCKS for child in paragraph):
        return 0
    return _unlinked(paragraph)


def _unlinked(element: Element) -> int:
    """How much *element* says, less what it links."""
    linked = sum(len(whole_text(a)) for a in element.iter("a"))
    return max(0, size_of(whole_text(element).strip()) - 2 * linked)


def _is_aside(element: Element, around: Set[Element]) -> bool:
    """Tell whether *element* stands in the frame; no name makes one of what is *around* the headline, too."""
    return any(
        outer.tag in OUTSIDE or (outer not in around and _is_named_aside(outer))
        for outer in element.iterancestors()
    )


def _is_named_aside(box: Element) -> bool:
    return box.tag != "body" and len(box.attrib) > 0 and (is_furniture(box) or is_hidden(box))

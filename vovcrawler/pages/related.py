"""What stands under "Tin liên quan": found by its heading or its known container, each target once.

The page shows each card twice, and a card links to its article twice (picture and headline).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from vovcrawler import dates
from vovcrawler.items import Related
from vovcrawler.pages.blocks import HEADINGS, SHORTEST_PROSE, Block, Link
from vovcrawler.pages.cards import points_elsewhere
from vovcrawler.pages.document import Element, holds, is_in_sentence, short_text
from vovcrawler.pages.flow import Blocks
from vovcrawler.pages.furniture import Links, is_furniture, is_link_row
from vovcrawler.pages.place import Place
from vovcrawler.text import (
    clean,
    has_outlet,
    is_boilerplate,
    is_furniture_heading,
    is_related_heading,
    split_outlet,
)

BARRIERS = frozenset(["footer", "form", "nav", "header"])
_STYLING = frozenset(["b", "em", "font", "i", "span", "strong", "u"])
_LABEL = re.compile(
    r"[\W\d_]*(?:video|audio|podcast|ảnh|photo|live|mới|hot|chi tiết|xem chi tiết|đọc tiếp|xem tiếp)?[\W\d_]*",
    re.IGNORECASE,
)
_POINTING = ">»›→•- "
_AGO = re.compile(r"^\d+ (?:giây|phút|giờ|ngày|tuần|tháng) trước\W*$")
_SHORTEST_TEASER = 30
_LONGEST_HEADING = 60
_LONGEST_LIST = 2000
_MOST_LINKS = 50  # a block of more holds no teaser
_MOST_HEADINGS = 50  # each may reach to the end of the page


@dataclass(slots=True)
class _Card:
    url: str
    headline: str | None = None
    teaser: str | None = None
    alternative: str | None = None
    has_section: bool = False

    @property
    def wants_teaser(self) -> bool:
        return self.teaser is None and self.headline is not None


class RelatedNews:
    """The related boxes of one page; ``elements`` are what they are made of, so that no one reads them again."""

    def __init__(
        self,
        blocks: Blocks,
        selectors: Sequence[str],
        links: Links,
        stop: Collection[Element],
        boxes: Iterable[Element] = (),
    ) -> None:
        self.blocks = blocks
        self.document = blocks.document
        self.links = links
        self.stop = frozenset(stop)
        self.elements: set[Element] = set()
        self._cards: dict[str, _Card] = {}
        self._flows: dict[Element, list[Block]] = {}
        for box in self._boxes(selectors, boxes):
            self.elements.update(box)
            card = None
            for element in box:
                card = self._read(element, card)

    @property
    def items(self) -> list[Related]:
        """The related articles in page order; a card without a word is named by its picture."""
        return [
            Related(headline=headline, url=card.url, teaser=card.teaser)
            for card in self._cards.values()
            if (headline := card.headline or card.alternative)
        ]

    def add(self, blocks: Sequence[Block]) -> None:
        """Read cards out of *blocks*, which the caller knows to be related."""
        card: _Card | None = None
        for block in blocks:
            card = self._block(block, card)

    def _boxes(self, selectors: Sequence[str], boxes: Iterable[Element]) -> Iterator[list[Element]]:
        """Containers and what follows a heading, in page order."""
        found: dict[Element, list[Element]] = {element: [element] for element in boxes}
        for selector in selectors:
            for element in self.document.all(selector):
                if element not in found and not self._is_misnamed(element):
                    found[element] = [element]
        for heading in itertools.islice(self._headings(), _MOST_HEADINGS):
            if not any(outer in found for outer in [heading, *heading.iterancestors()]):
                found[heading] = list(self._under(heading))
        if len(found) > 1:
            yield from (found[element] for element in sorted(found, key=self.document.order.__getitem__))
        else:
            yield from found.values()

    def _flow(self, element: Element) -> list[Block]:
        if element not in self._flows:
            self._flows[element] = self.blocks.flow(element, set(_stamps(element)))
        return self._flows[element]

    def _is_misnamed(self, box: Element) -> bool:
        """A container under another heading ("Đọc nhiều") is not related; nor is one that holds the article."""
        if any(box is stop or box in stop.iterancestors() for stop in self.stop):
            return True
        first = next((block for block in self._flow(box) if block.text), None)
        if first is not None and is_furniture_heading(first.text):
            return True
        before = box.getprevious()
        return before is not None and before.tag in HEADINGS and is_furniture_heading(self.blocks.words(before))

    def _headings(self) -> Iterator[Element]:
        for element in self.document.suspects:
            opening = (element.text or "")[:_LONGEST_HEADING].rstrip()
            if opening.endswith((":", ">", "»")) and is_related_heading(opening) and self._holds_links(element):
                yield element  # it opens the paragraph of the links
                continue
            if _is_in_words(element):
                continue
            for heading in [element, *itertools.islice(element.iterancestors(), 2)]:
                told = short_text(heading, _LONGEST_HEADING)
                if told is None:
                    break
                if is_related_heading(told):
                    yield heading
                    break

    def _under(self, heading: Element) -> Iterator[Element]:
        """Yield the elements after *heading* that belong to it: up to the next heading or the article itself."""
        if self._holds_links(heading):
            yield heading
            return
        if (tab := self._tab(heading)) is not None:
            yield tab
            return
        scope = heading
        while (parent := scope.getparent()) is not None and not self._holds_links(scope, heading):
            if parent.tag in ("body", "html") or any(
                parent in stop.iterancestors() or parent is stop for stop in self.stop
            ):
                inside = any(outer in self.stop for outer in scope.iterancestors())
                yield from self._following(scope, inside_text=inside)
                return
            scope = parent
        yield from self._inside(scope, heading)

    def _tab(self, heading: Element) -> Element | None:
        """The part of the page that *heading* opens, when it is the label of a tab."""
        around = [*heading.iter("a"), *itertools.islice(heading.iterancestors("a"), 1)]
        names = (href[1:] for a in around if (href := a.get("href") or "").startswith("#"))
        return next((self.document.by_id[name] for name in names if name in self.document.by_id), None)

    def _holds_links(self, scope: Element, heading: Element | None = None) -> bool:
        return any(
            self.links.article(a.get("href") or "") for a in scope.iter("a") if heading not in a.iterancestors()
        )

    def _inside(self, scope: Element, heading: Element) -> Iterator[Element]:
        """The children of *scope* after the one that holds the heading."""
        path = {heading, *heading.iterancestors()}
        for child in scope:
            if child in path:
                yield heading
                yield from self._following(child, inside_text=self._holds_text(scope))
                return

    def _holds_text(self, scope: Element) -> bool:
        """Tell whether *scope* is text rather than a box in it: it says more than a teaser for each link."""
        if self.stop.isdisjoint(scope.iterancestors()):
            return False
        heading, prose, links = 0, [], 0
        for place, block in enumerate(self._flow(scope)):
            links += sum(1 for link in block.links if self.links.article(link.href))
            if not heading and is_related_heading(block.text):
                heading = place
            if not block.linked and len(block.text) >= SHORTEST_PROSE and not has_outlet(block.text):
                prose.append(place)
        return len(prose) > links or any(place < heading for place in prose)

    def _following(self, start: Element, *, inside_text: bool = False) -> list[Element]:
        """The list beside *start*; behind its last link, what is named otherwise (byline, tags) is none of it.

        *inside_text* nothing there is but a teaser: the text goes on.
        """
        found: list[Element] = []
        listed, end = False, None
        for element in start.itersiblings("*"):
            if self._ends(element, inside_text) or (listed and self._is_titled_list(element)):
                break
            if listed and inside_text and self._goes_on_with_text(element):
                break
            if self._holds_links(element) and not (inside_text and is_in_sentence(element)):
                listed, end = True, None
            elif listed and end is None and (inside_text or _is_other_part(element)):
                end = len(found)
            found.append(element)
        return found[:end]

    def _goes_on_with_text(self, element: Element) -> bool:
        """Tell whether *element*, behind related news in the text, says something that is no teaser of them."""
        told = [block for block in self._flow(element) if block.text]
        return bool(told) and not any(block.linked * 2 >= block.size or has_outlet(block.text) for block in told)

    def _is_titled_list(self, element: Element) -> bool:
        """Tell whether *element* opens with a few words of its own and then links to several articles."""
        first = next((block for block in self._flow(element) if block.text), None)
        if first is None or first.linked or len(first.text) >= _SHORTEST_TEASER or first.text.endswith("."):
            return False
        links = (self.links.article(a.get("href") or "") for a in element.iter("a"))
        return len({address.id for address in links if address}) > 1

    def _ends(self, element: Element, inside_text: bool) -> bool:
        """Tell whether another part of the page begins with *element*."""
        if (
            element.tag in BARRIERS
            or element in self.stop
            or any(element in stop.iterancestors() for stop in self.stop)
        ):
            return True
        first = next((block for block in self._flow(element) if block.text), None)
        if first is None:
            return False
        if is_furniture_heading(first.text):
            return True
        if first.heading:
            is_title = not first.linked or self._is_title(first)
            return is_title and not is_related_heading(first.text)
        prose = first.linked * 2 < first.size and len(first.text) > 60 and not has_outlet(first.text)
        return inside_text and first.tag == "p" and prose

    def _is_title(self, heading: Block) -> bool:
        """Tell whether the words of *heading* are few, and lead to a list of news."""
        addresses = [self.links.address(link.href) for link in heading.links]
        listed = (address is not None and address.kind in ("section", "latest") for address in addresses)
        return len(heading.text) < _SHORTEST_TEASER and all(listed)

    def _read(self, element: Element, card: _Card | None) -> _Card | None:
        for block in self._flow(element):
            if block.text and not block.linked and is_furniture_heading(block.text) and self._cards:
                return None
            card = self._block(block, card)
        return card

    def _block(self, block: Block, card: _Card | None) -> _Card | None:
        """Read one block; return the card that the next block may speak of."""
        for link in block.links:
            address = self.links.article(link.href)
            if address is None or address.id is None:
                # A link to anything else opens a card of its own, unless it stands in the words of a teaser.
                card = card if block.linked * 2 < block.size else self._with_section(card, link)
            elif address.id == self.links.own_id:
                card = None
            else:
                if (card := self._cards.get(address.id)) is None:
                    card = self._cards[address.id] = _Card(address.url)
                self._say(card, link.text, link, block.picture)
        if card is not None and card.wants_teaser and block.text and (told := _beside_links(block)):
            self._tease(card, told)
        return card

    def _with_section(self, card: _Card | None, link: Link) -> _Card | None:
        """Return *card* when *link* names its section; the second such link is one of a menu."""
        address = self.links.address(link.href)
        is_section = address is not None and address.kind == "section" and len(link.text) < _SHORTEST_TEASER
        if card is None or card.has_section or not is_section:
            return None
        card.has_section = True
        return card

    def _say(self, card: _Card, told: str, link: Link, picture: Element | None) -> None:
        if told and (told := told.lstrip(_POINTING)) and not _LABEL.fullmatch(told):
            if card.headline is None and not has_outlet(told):
                card.headline = _uncut(told, link)
            elif card.wants_teaser:
                self._tease(card, told)
        if card.headline is None and card.alternative is None:
            named = link.element.get("title") or (picture.get("alt") if picture is not None else None)
            card.alternative = clean(named or "") or None

    def _tease(self, card: _Card, told: str) -> None:
        outlet, teaser = split_outlet(told.lstrip(_POINTING), is_clean=True)
        if not teaser or teaser == card.headline:
            return
        if outlet or ((len(teaser) >= _SHORTEST_TEASER or teaser.endswith(".")) and not _is_note(teaser)):
            card.teaser = teaser


def _uncut(told: str, link: Link) -> str:
    """Return the headline that *told* is the beginning of, as the title of its link says."""
    if not told.endswith(("...", "…")):
        return told
    title = clean(link.element.get("title") or "")
    return title if title.startswith(told.rstrip(".… ")) else told


def _is_in_words(element: Element) -> bool:
    """Tell whether *element* is a part of a sentence: a link in it, or small letters follow what is set apart."""
    if is_in_sentence(element):
        return True
    parts = itertools.takewhile(lambda part: part.tag in _STYLING, (element, *element.iterancestors()))
    return any((part.tail or "").lstrip()[:1].islower() for part in parts)


def _is_other_part(element: Element) -> bool:
    """Tell whether *element*, without news in it, is a part of the page of its own: by its name, or keywords."""
    return is_furniture(element) or (holds(element, "a") and is_link_row(element))


def _beside_links(block: Block) -> str:
    """What *block* says beside its links, when it opens with one or they are most of it; else all."""
    if block.linked >= block.size:
        return ""
    opens = bool(block.links) and block.text.startswith(block.links[0].text)
    if not opens and block.linked * 2 < block.size:
        return block.text
    rest = block.text
    for link in itertools.islice(block.links, _MOST_LINKS):
        rest = rest.replace(link.text, " ", 1)
    return clean(rest)


def _stamps(element: Element) -> Iterator[Element]:
    """What says only when the news of a card appeared: "16:54, 29/12/2025", "3 giờ trước"."""
    for leaf in element.iter("time", "span", "small", "em", "i"):
        told = "" if len(leaf) else clean(leaf.text or "")
        dated = told[:1].isdigit() or told.startswith(("Thứ ", "Chủ "))
        if leaf.tag == "time" or (dated and len(told) < 40 and (_AGO.search(told) or dates.parse(told))):
            yield leaf


def _is_note(told: str) -> bool:
    return (
        bool(_AGO.search(told))
        or is_boilerplate(told)
        or is_related_heading(told)
        or (len(told) < 60 and dates.parse(told) is not None)
    )


def arrow_lines(
    blocks: Blocks, containers: Sequence[Element], place: Place, links: Links
) -> tuple[list[Element], list[Block]]:
    """Return what is nothing but ">>" and links, in the text and in lists outside it; such lines in a text."""
    parts = dict.fromkeys(containers)
    for element in (*blocks.document.tags("ul"), *blocks.document.tags("p")):
        if not _begins_with_arrow(short_text(element, _LONGEST_LIST) or ""):
            continue
        is_inside = any(outer in parts for outer in element.iterancestors())
        if not is_inside and not place.is_outside(element):
            parts[element] = None
    told = [block for part in parts for block in blocks.flow(part) if block.text]
    are_lines = [_begins_with_arrow(block.text) and points_elsewhere(block, links) for block in told]
    mixed = {*containers, *(block.element for block, is_line in zip(told, are_lines, strict=True) if not is_line)}
    lines = [*itertools.compress(told, are_lines)]
    boxes = [block.element for block in lines if block.element not in mixed]
    return boxes, [block for block in lines if block.element in mixed]


def _begins_with_arrow(told: str) -> bool:
    return told.lstrip().startswith((">>", "»"))

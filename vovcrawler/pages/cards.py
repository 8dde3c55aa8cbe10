"""Links to other news in the text of an article: alone on a line, in lists, in cards with picture and teaser.

Boxes of them are known by what they hold, not by their class. Where links lead is told by
:mod:`vovcrawler.pages.furniture`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from vovcrawler.pages.blocks import HEADINGS, SENTENCE_END, Block, Link, ancestors
from vovcrawler.pages.document import Element, short_text
from vovcrawler.pages.furniture import LONGEST_CARD, TAG_LABEL, Links
from vovcrawler.text import clean, fold, has_outlet, is_list_heading

# Who sells the places of advertisements that look like news.
_NETWORKS = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:outbrain\.com|taboola\.com|mgid\.com|doubleclick\.net|googleadservices\.com"
    r"|googlesyndication\.com|admicro\.vn|adtima\.vn|eclick\.vn)[/?]",
    re.IGNORECASE,
)
_LONGEST_POINTER = 60
_SHORTEST_HEADLINE = 20
_LONGEST_HEADLINE = 150
_SHORTEST_TEASER = 60
_LONGEST_TEASER = 450
_LONGEST_BOX = 800
_LONGEST_LINE = 60
# So many lines may stand in a card beside its headline.
_MOST_LINES = 2
# How far the paragraphs are at most between which a line stands.
_NEAR = 50
_POINTER = re.compile(
    r"^\W*(?:>>|»|›|→|(?:xem|doc) (?:them|tiep)|moi (?:(?:cac|quy|vi|ban) )*(?:doc|xem)|xem lai|tham khao"
    r"|nghe them|xem (?:video|clip|anh)\b)",
    re.IGNORECASE,
)
# What stands under a comment: "Thích · Trả lời · 2 giờ trước".
_ANSWER = re.compile(r"\W*(?:(?:thich|like)\b[\W\d_]*)?(?:tra loi|reply)\b[\W\d_]*(?:\w+ (?:truoc|ago)\W*)?")
_CONTENTS = re.compile(
    r"\W*(?:muc luc|noi dung(?: chinh)?(?: bai(?: viet)?)?|trong bai(?: viet)?(?: nay)?|(?:table of )?contents)\W*"
)
LISTS = frozenset(["ul", "ol"])
# Where a link is one line of a text rather than the headline above a teaser.
_RUNNING = frozenset(["img", "li", "p"])
_BOX_TAGS = frozenset(["ul", "ol", "dl", "aside", "section", "article", "blockquote", "table", "nav"])


def cross_links(blocks: Sequence[Block], container: Element, links: Links, *, has_lead: bool) -> set[int]:
    """Return the places in *blocks* of links to other articles, the boxes they make with their teasers, contents.

    A lead above the text is the one with the mark of the outlet, else the first that has it.
    """
    linking = [(place, block) for place, block in enumerate(blocks) if block.links]
    pointing = {place for place, block in linking if points_elsewhere(block, links)}
    if opening := [place for place, block in linking if block.links[0].opens and block.linked < block.size]:
        pointing |= _cards(blocks, opening, links)
    marked = [place for place, block in enumerate(blocks) if has_outlet(block.text)]
    for place in marked[not has_lead :]:
        if any(links.other(link.href) for link in blocks[place].links):
            pointing.add(place)
    linked = [(place, block) for place, block in linking if block.linked * 3 >= block.size]
    tag_lines = {place for place, block in linked if _is_tag_line(block, links)}
    found = pointing | tag_lines | _contents(blocks, linked)
    if pointing:
        paths = [[block.element, *ancestors(block.element, container)] for block in blocks]
        found |= _Boxes(blocks, pointing, links).find(paths, container)
    return found | _teasers(blocks, found)


def _contents(blocks: Sequence[Block], linked: Iterable[tuple[int, Block]]) -> set[int]:
    """Return the places of two and more lines running that lead to parts of this page, and of the label above."""
    places = {
        place
        for place, block in linked
        if block.linked * 5 >= block.size * 4
        and not block.heading
        and all(link.href.startswith("#") and len(link.href) > 1 for link in block.links)
    }
    found = {place for place in places if place - 1 in places or place + 1 in places}
    above = (place - 1 for place in found if place and place - 1 not in found)
    return found | {place for place in above if _CONTENTS.fullmatch(fold(blocks[place].text[:_LONGEST_POINTER]))}


def _cards(blocks: Sequence[Block], places: Iterable[int], links: Links) -> set[int]:
    """Return those of *places* where a headline that leads to another article opens the line of its teaser.

    Before it stands its picture, or beside it another such line.
    """
    opening = {place: link.href for place in places if (link := _headline_of(blocks[place], links)) is not None}
    near = {place + step for place in opening for step in (-2, -1, 1, 2)}
    return {place for place, href in opening.items() if place in near or _is_below_picture(blocks, place, href)}


def _is_below_picture(blocks: Sequence[Block], place: int, href: str) -> bool:
    before = blocks[place - 1] if place else None
    return before is not None and before.picture is not None and any(link.href == href for link in before.links)


def _headline_of(block: Block, links: Links) -> Link | None:
    """The link to another article that opens *block*, when a sentence begins behind it."""
    link = block.links[0]
    if block.heading or block.tag == "tr":
        return None
    rest = block.text.removeprefix(link.text).lstrip(" “\"'‘(")
    begins = len(link.text) >= _SHORTEST_HEADLINE and (rest[:1].isupper() or rest[:1].isdigit())
    return link if begins and links.other(link.href) else None


def points_elsewhere(block: Block, links: Links) -> bool:
    """Tell whether *block* is nothing but a link to another article, with a teaser of it perhaps."""
    if not block.links or (block.heading and block.linked * 2 < block.size):
        return False
    if block.picture is not None:
        return any(links.other(link.href) for link in block.links)
    target = next((link for link in block.links if links.other(link.href)), None)
    if target is None:
        return block.linked >= block.size * 0.8 and _is_sold_or_own(block.links, links)
    if block.tag == "tr" and block.linked < block.size and block.text.count(" | ") > 1:
        return False  # a row of figures, one of them linked
    if is_pointer(block.text) and (block.linked * 2 > block.size or _ends_in(block, target)):
        return True
    if block.linked >= block.size * 0.8:
        is_sentence = block.text.endswith(".") and len(block.text) > 40 and block.tag == "p"
        return not is_sentence or has_outlet(block.text) or _is_card(target.element, block.element)
    rest = block.text.removeprefix(target.text)
    return rest != block.text and has_outlet(rest.lstrip(" :-–"))


def _is_sold_or_own(found: Iterable[Link], links: Links) -> bool:
    """Tell whether one of *found*, which lead to no other article, is sold, or leads to this page or above it."""
    return any(
        _NETWORKS.match(link.href) or links.article(link.href) or links.is_section(link.href) for link in found
    )


def _is_card(link: Element, held: Element) -> bool:
    """Tell whether *link* is a whole card, with a picture or a headline, and *held* a paragraph of it."""
    if link not in held.iterancestors() or short_text(link, LONGEST_CARD) is None:
        return False
    return any(element.tag == "img" or element.tag in HEADINGS for element in link.iter())


def without_pointers(blocks: Iterable[Block], links: Links) -> str:
    """Return what *blocks* say beside links to other articles, as one line; nothing in it twice."""
    told = (block.text for block in blocks if block.text and not points_elsewhere(block, links))
    return " ".join(dict.fromkeys(told))


def is_pointer(told: str) -> bool:
    """Tell whether a line that has a link opens with words such as "Xem thêm: …".

    >>> is_pointer(">> Xem lại trận đấu"), is_pointer("Xem video: Trận đấu"), is_pointer("Xem trận đấu")
    (True, True, False)
    """
    return bool(_POINTER.match(fold(told[:_LONGEST_POINTER])))


def _ends_in(block: Block, link: Link) -> bool:
    """Tell whether *block* is a few words that lead to *link*."""
    return block.text.endswith(link.text) and len(block.text) - len(link.text) <= _LONGEST_POINTER


def _is_tag_line(block: Block, links: Links) -> bool:
    """Links to lists of keywords and nothing between them but commas; a label may stand before them."""
    if block.heading or not all(links.is_tag(link.href) for link in block.links):
        return False
    told = TAG_LABEL.sub("", block.text)
    return len(told) - sum(len(link.text) for link in block.links) <= 3 * len(block.links)


def _holds_mark(link: Element) -> bool:
    """Tell whether a part of *link* is a teaser by the mark of the outlet."""
    return len(link) > 1 and any(has_outlet(clean(part)) for part in link.itertext())


class _Boxes:
    """The boxes that links to other articles make in one text with their teasers."""

    def __init__(self, blocks: Sequence[Block], pointing: Set[int], links: Links) -> None:
        self.blocks = blocks
        self.pointing = pointing
        self.links = links
        # Links that have their teaser, or have none: what follows them is none.
        self.whole = self._without_teaser()
        self.prose = {place for place in range(len(blocks)) if place not in pointing and self._is_prose(place)}

    def find(self, paths: Sequence[Sequence[Element]], container: Element) -> set[int]:
        """Return the places of all that stands in such boxes, the smallest first; *paths* lead to each block."""
        members: dict[Element, list[int]] = {}
        for place, path in enumerate(paths):
            for box in path:
                members.setdefault(box, []).append(place)
        found: set[int] = set()
        boxes = {box: None for place in sorted(self.pointing) for box in paths[place] if box is not container}
        for box in sorted(boxes, key=lambda box: len(members[box])):
            if self._is_box(members[box], box):
                found.update(members[box])
                if box.tag in LISTS or self._is_whole(members[box]):
                    self.whole.update(members[box])
        return found

    def _without_teaser(self) -> set[int]:
        """Pointers ("Xem thêm: …"), and links round a whole card."""
        found = {place for place in self.pointing if is_pointer(self.blocks[place].text)}
        cards: dict[Element, list[int]] = {}
        for place in sorted(self.pointing):
            for link in self.blocks[place].links:
                cards.setdefault(link.element, []).append(place)
        for link, places in cards.items():
            below = [told for place in places if (told := self.blocks[place].text)][1:]
            if any(len(line) >= _SHORTEST_TEASER for line in below) or _holds_mark(link):
                found.update(places)
        return found

    def _is_whole(self, members: Iterable[int]) -> bool:
        """Tell whether a box has its teaser, or is a list without."""
        return not self.prose.isdisjoint(members) or self._targets(members) > 1

    def _targets(self, places: Iterable[int]) -> int:
        """How many articles the links at *places* lead to."""
        hrefs = {link.href for place in places for link in self.blocks[place].links}
        return len({address.id for href in hrefs if (address := self.links.article(href))})

    def _is_box(self, members: Sequence[int], box: Element) -> bool:
        """A box opens with a link, a picture or a line such as a label, and has at most one teaser for each link.

        In a box round the whole text lines are text like any other.
        """
        rest = [
            place
            for place in members
            if place not in self.pointing and not is_list_heading(self.blocks[place].text)
        ]
        if not any(self.blocks[place].text for place in rest):
            return True
        linking = [place for place in members if place in self.pointing and place not in self.whole]
        own = [place for place in rest if place not in self.whole and not self._is_named(place)]
        is_all = len(self.prose) <= sum(place in self.prose for place in members)
        told = [place for place in own if self.blocks[place].text]
        if not is_all and len(told) - len(self.prose.intersection(told)) <= _MOST_LINES * max(1, len(linking)):
            told = [place for place in told if place in self.prose]
        if not linking:
            return not is_all and not told and not any(self.blocks[place].picture is not None for place in own)
        if not told:
            return True
        most, longest = (self._targets(linking), _LONGEST_TEASER) if is_all else (len(linking), _LONGEST_BOX)
        if told[0] < linking[0] or len(told) > most:
            return False
        if any(has_outlet(self.blocks[place].text) for place in told):
            return True
        opens_part = own[0] < linking[0] and self.blocks[own[0]].heading
        if opens_part or any(len(self.blocks[place].text) > longest for place in told):
            return False
        is_headed = not is_all and len(told) == 1 and self.blocks[linking[0]].tag not in _RUNNING
        return is_headed or len(linking) > 1 or box.tag in _BOX_TAGS

    def _is_prose(self, place: int) -> bool:
        """A time, a name, a heading of a few words are lines."""
        block = self.blocks[place]
        if block.tag == "tr":
            return True
        return bool(block.text) and (len(block.text) > _LONGEST_LINE or block.text.endswith(SENTENCE_END))

    def _is_named(self, place: int) -> bool:
        """Tell whether a line may be the headline of a card without a link: a marked teaser stands below it."""
        told, below = self.blocks[place].text, self.blocks[place + 1 : place + 2]
        is_line = 0 < len(told) <= _LONGEST_HEADLINE and not told.endswith((".", ";", ",", ":"))
        return is_line and bool(below) and has_outlet(below[0].text)


def _teasers(blocks: Sequence[Block], found: set[int]) -> set[int]:
    """A paragraph with an outlet mark after a link is its teaser: the article's own mark opens the lead."""
    return {place + 1 for place in found if place + 1 < len(blocks) and has_outlet(blocks[place + 1].text)}


def _heads_comments(block: Block) -> bool:
    """Tell whether *block*, which says "Bình luận", is no button: a link, or an item of a list."""
    return block.heading or (block.linked < block.size and block.tag != "li")


def _stands_between(blocks: Sequence[Block], place: int, gone: Set[int]) -> bool:
    """Tell whether the line at *place* stands between two paragraphs of prose like one of them, in one box."""
    box = blocks[place].element.getparent()
    near = range(place + 1, min(place + _NEAR, len(blocks)))
    below = next((blocks[other] for other in near if blocks[other].text and other not in gone), None)
    is_line = blocks[place].tag == "p" or blocks[place].heading
    if not is_line or below is None or not _is_paragraph_in(box, below):
        return False
    return any(_is_paragraph_in(box, block) for block in blocks[max(0, place - _NEAR) : place])


def _is_paragraph_in(box: Element | None, block: Block) -> bool:
    is_prose = len(block.text) >= _SHORTEST_TEASER and block.text.endswith(SENTENCE_END)
    return block.tag == "p" and is_prose and block.element.getparent() is box


def _answers(block: Block) -> bool:
    return len(block.text) <= _LONGEST_LINE and bool(_ANSWER.fullmatch(fold(block.text)))


def after_furniture_headings(blocks: Sequence[Block], gone: set[int]) -> set[int]:
    """Return the places of headings such as "Đọc nhiều" and the links below them; after "Bình luận" all.

    A line "Bình luận" between paragraphs is one of the text; comments have boxes of their own, or at least buttons
    to answer.
    """
    found: set[int] = set()
    open_list = is_below_text = goes_on = False
    for place, block in enumerate(blocks):
        if not block.text:
            continue
        # No longer line is asked: most blocks are paragraphs.
        is_short = len(block.text) <= _LONGEST_LINE and not block.text.endswith((".", ";", ","))
        if is_short and is_list_heading(block.text):
            if fold(clean(block.text)).startswith(("binh luan", "y kien", "comment", "phan hoi")):
                if is_below_text and _heads_comments(block):
                    goes_on = goes_on or not any(map(_answers, blocks[place:]))
                    if not (goes_on and _stands_between(blocks, place, gone)):
                        return found | set(range(place, len(blocks)))
            else:
                open_list = True
            found.add(place)
        elif place not in gone:
            open_list = open_list and block.tag == "li" and block.linked * 2 > block.size
            if open_list:
                found.add(place)
            else:
                is_below_text = True
    return found

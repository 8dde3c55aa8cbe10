"""The text of an article: which blocks of its container are paragraphs, and what the others are.

In the text may stand captions, boxes of links, a byline at the end, lines of promotion: none of them is body.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from vovcrawler import text
from vovcrawler.pages.blocks import SENTENCE_END, Block, is_prose
from vovcrawler.pages.captions import is_credit_line, is_lone_caption
from vovcrawler.pages.cards import after_furniture_headings, cross_links
from vovcrawler.pages.controls import controls
from vovcrawler.pages.document import Element
from vovcrawler.pages.flow import Blocks
from vovcrawler.pages.furniture import Links, is_in_quotation, is_label_row, quotation
from vovcrawler.pages.pictures import Pictures
from vovcrawler.pages.signatures import is_label, is_signature
from vovcrawler.pages.signoffs import at_end_mark, same, signed_at, take_byline
from vovcrawler.pages.summaries import by_machine

_STOPS = (".", "!", "…", ":", ";", ",", ".”", '."', "。", "！", "។")
_CREDIT_ENDS = (")", ").", "]")
_LINES = frozenset(["li", "tr", "td", "blockquote"])
# What is set apart before the text is its lead when it is so long and ends like this.
SHORTEST_LEAD = 60
_LEAD_ENDS = (".", "…", ".”", '."')
_LONGEST_SUBHEADING = 120
# A bold question that is longer, or one of more than so many, is asked in an interview.
_LONGEST_QUESTION = 80
_MOST_QUESTIONS = 2
_LONGEST_LABEL = 60
# So many lines may stand above a lead in the box of the text.
_TOP = 6
_LONGEST_BOILERPLATE = 250
_OPENING = 40
# What follows the words that a line begins with: in another printing it can be another sign.
_WORDS = re.compile(r"[^\w ].*", re.DOTALL)
_BETWEEN = " ·•|"
_RECORDING = re.compile(r"(?:video|clip)\b", re.IGNORECASE)
_NAMED = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_LEADS = "sapo|lead|lede|intro|summary|standfirst|excerpt|brief|chapeau|tom-?tat"
_LEAD_WORDS = re.compile(_NAMED.format(_LEADS), re.IGNORECASE)


@dataclass(slots=True)
class Body:
    """What the container of an article says: ``lead`` only when the text itself opens with an outlet mark."""

    paragraphs: list[str] = field(default_factory=list)
    subheadings: list[int] = field(default_factory=list)
    lead: str | None = None
    byline: str | None = None


def read_body(
    page: Blocks,
    containers: Iterable[Element],
    *,
    skip: set[Element],
    links: Links,
    pictures: Pictures,
    headline: str | None,
    lead: str | None,
    byline: str | None,
) -> Body:
    """Read the article out of *containers*; its pictures go to *pictures*."""
    body = Body()
    kept: list[Block] = []
    said: set[str] = set()
    for container in containers:
        blocks = page.flow(container, skip)
        told = {block.text for block in blocks if block.text}
        if told and told <= said:
            continue  # the same text once more, for screens of another size
        said |= told
        gone = {place for place, block in enumerate(blocks) if _is_boilerplate(block)}
        gone |= controls(blocks, container) | by_machine(blocks, container)
        gone |= cross_links(blocks, container, links, has_lead=lead is not None)
        gone |= after_furniture_headings(blocks, gone)
        gone |= pictures.take(blocks, gone | signed_at(blocks, gone, byline))
        kept += [block for place, block in enumerate(blocks) if place not in gone]
    kept = [block for block in kept if not (block.text.endswith(_CREDIT_ENDS) and _stands_alone(block, pictures))]
    kept = _without_repeats(kept, headline, lead)
    kept[-1:] = itertools.chain.from_iterable(map(at_end_mark, kept[-1:]))
    body.byline = take_byline(kept, byline, least=0 if lead or pictures.images else 1)
    above, signed = _signed_above(kept, byline)
    if signed and signed.startswith(body.byline or ""):
        body.byline = signed
        kept.pop(above)
    if lead is None and kept:
        body.lead = _take_lead(kept)
    _fill(body, kept)
    return body


def _take_lead(blocks: list[Block]) -> str | None:
    """Remove and return the lead, where *blocks* open with one, and what stands above one that is marked."""
    place = _marked(blocks)
    if place is None and not _opens(blocks):
        return None
    del blocks[: place or 0]
    return blocks.pop(0).text


def _signed_above(blocks: Sequence[Block], known: str | None) -> tuple[int, str | None]:
    """Return the place of a line above the text that signs it, with the lead at most before it, and what it says.

    A sign between it and the date may be left behind it.
    """
    for place, block in enumerate(blocks[:_TOP]):
        told = block.text.strip(_BETWEEN)
        if is_signature(told) or (told == known and told != block.text):
            return place, told
        if _is_no_label(block.text) and not text.has_outlet(block.text):
            break
    return 0, None


def _marked(blocks: Sequence[Block]) -> int | None:
    """Return the place of the lead with the mark of the outlet; before it stand a section, a name, a date.

    Where more such lines follow, it may be one of a list.
    """
    for place, block in enumerate(blocks[:_TOP]):
        if text.has_outlet(block.text):
            is_only_one = not any(text.has_outlet(below.text) for below in blocks[place + 1 :])
            return place if is_only_one or not place else None
        if block.heading or _is_no_label(block.text):
            return None
    return None


def lead_in(lines: Sequence[str], lead: str) -> int | None:
    """Return the place of *lead* in the text *lines*, with such lines at most before it."""
    for place, line in enumerate(lines[:_TOP]):
        if text.normalise(text.split_outlet(line)[1]) == text.normalise(lead):
            return place
        if _is_no_label(line):
            return None
    return None


def _is_no_label(told: str) -> bool:
    """Tell whether *told* is more than a label, a name or a date."""
    return len(told) > _LONGEST_LABEL or told.endswith(SENTENCE_END)


def _opens(blocks: Sequence[Block]) -> bool:
    """Tell whether the first block is a lead, as the only one that is set apart."""
    first, *rest = blocks[:2]
    if rest and first.tag not in _LINES and _LEAD_WORDS.search(first.element.get("class") or ""):
        return True
    if not rest or not (first.strong or first.heading) or rest[0].strong or rest[0].heading:
        return False
    is_prose = len(first.text) >= SHORTEST_LEAD and first.text.endswith(_LEAD_ENDS)
    if not is_prose or is_credit_line(first.text):
        return False
    return first.tag not in _LINES and quotation(first.element) is None


def _is_boilerplate(block: Block) -> bool:
    if not block.text or len(block.text) > _LONGEST_BOILERPLATE:
        return False
    return text.is_boilerplate(block.text) or is_label_row(block) or is_label(block.text)


def _stands_alone(block: Block, pictures: Pictures) -> bool:
    """A caption without its picture, or of a recording: it ends with a credit in brackets."""
    if block.heading or not is_lone_caption(block.text) or is_signature(block.text):
        return False
    if not _RECORDING.match(block.text):
        pictures.add(None, block.text)
    return True


def _without_repeats(blocks: Sequence[Block], headline: str | None, lead: str | None) -> list[Block]:
    """Leave out the headline and the lead where they open the text once more, and what is left of a date: "()"."""
    said = [line for told in (headline, lead) if told and (line := _unmarked(told))]
    again = itertools.takewhile(lambda block: _repeats(_unmarked(block.text), said), blocks[:3])
    return list(blocks[sum(1 for _ in again) :])


def _unmarked(line: str) -> str:
    return text.split_outlet(line, is_clean=True)[1]


def _repeats(line: str, said: Iterable[str]) -> bool:
    return not any(map(str.isalnum, line)) or any(
        _begin_alike(line, known) and same(line) == same(known) for known in said
    )


def _begin_alike(one: str, other: str) -> bool:
    """Most lines do not, which their first words tell."""
    start, opening = (_WORDS.sub("", line[:_OPENING]).casefold() for line in (one, other))
    most = min(len(start), len(opening))
    return start[:most] == opening[:most]


def tidy(lines: Iterable[str]) -> list[str]:
    """Return *lines* that are paragraphs already: clean, without promotion lines, the end mark a full stop."""
    told = (text.clean(line) for line in lines)
    return [
        text.strip_end_mark(line)
        for line in told
        if line and not text.is_boilerplate(line) and any(map(str.isalnum, line))
    ]


def _fill(body: Body, blocks: Sequence[Block]) -> None:
    bold = _bold_lines(blocks)
    for place, block in enumerate(blocks):
        told = text.strip_end_mark(block.text)
        if not told[:1].isalnum() and not any(map(str.isalnum, told)):
            continue
        if block.heading or (place in bold and _is_apart(place, bold, len(blocks))):
            body.subheadings.append(len(body.paragraphs))
        body.paragraphs.append(told)


def _bold_lines(blocks: Sequence[Block]) -> set[int]:
    """The places of short lines all in bold that end no sentence; questions not among many, as in an interview."""
    loose = Counter(block.element for block in blocks if block.tag == "td" and is_prose(block.text))
    bold = {place for place, block in enumerate(blocks) if block.strong and _is_bold_line(block, loose)}
    asked = {
        place
        for place, block in enumerate(blocks)
        if block.strong and block.text.endswith("?") and not block.heading
    }
    return bold - asked if len(asked) > _MOST_QUESTIONS else bold


def _is_apart(place: int, bold: Collection[int], count: int) -> bool:
    """Tell whether the line at *place* heads what follows: three *bold* lines running are a list."""
    near = [beside in bold for beside in range(place - 2, place + 3)]
    is_list = any(all(near[start : start + 3]) for start in range(3))
    below = place + 1 if near[3] else place
    return not is_list and below + 1 < count


def _is_bold_line(block: Block, loose: Counter[Element]) -> bool:
    return (
        len(block.text) <= _LONGEST_SUBHEADING
        # Where a text stands loose in a cell, its table is layout.
        and (block.tag not in _LINES or loose[block.element] > 1)
        and not block.text.endswith(_STOPS)
        and not (block.text.endswith("?") and _is_asked(block.text))
        and not is_in_quotation(block.element)
    )


def _is_asked(told: str) -> bool:
    """Tell whether a question is put to somebody, rather than to the reader.

    >>> _is_asked("PV: Thưa ông, vì sao giá tăng?"), _is_asked("Vì sao giá tăng?")
    (True, False)
    """
    return len(told) > _LONGEST_QUESTION or ":" in told or "thưa " in told.lower() or told.startswith(("-", "–"))

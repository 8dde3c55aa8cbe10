"""When an article was published and changed, as it is printed: which of the lines that look the same are dates."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from functools import lru_cache

from vovcrawler import dates
from vovcrawler.pages.document import Document, Element, holds, short_text, text_before, whole_text
from vovcrawler.pages.flow import Blocks

_CLOCK = re.compile(r"\d{1,2}\s?[:hg]\s?\d\d")
_UPDATED = re.compile(r"cập nhật|chỉnh sửa|sửa (?:lần cuối|lúc)|updated|modified", re.IGNORECASE)
# Every date has a year, one of two digits only behind the name of a month.
_YEAR = re.compile(r"\d(?:\d{3}|(?:st|nd|rd|th)?[\s-]+[a-z]{3,9}\W{1,9}\d\d)", re.IGNORECASE)
_LONGEST_LINE = 120
_LONGEST_TIME = 60
_LONGEST_LABEL = 30
_TOP = 15
_BARS = frozenset("|·•")
_PARTS = re.compile(r"\s[|·•]\s")
_LISTS = frozenset(["dl", "ul"])
_LONGEST_ROW = 200
_MOST_IN_ROW = 6
_ENTRIES = 3
_MONTHS = 12
_BOXES_ABOVE = 2


class PrintedTimes:
    """The dates that an article prints, those with a time first: the frame of a page shows the day, too."""

    def __init__(self, elements: Sequence[Element], blocks: Blocks, entries: Collection[Element] = ()) -> None:
        # Whether they are of news that comes in, as these *entries* in the text are.
        moments = {_line(entry, blocks) for entry in entries} if set(elements) <= set(entries) else ()
        self.are_of_entries = len(moments) >= _ENTRIES and not any(map(_UPDATED.search, moments))
        self.elements = elements = [*elements, *_updates(elements, blocks)]
        self.boxes = [*elements, *_rows(elements)]
        self.lines = sorted(
            (_line(element, blocks) for element in elements), key=lambda line: not _CLOCK.search(line)
        )

    @property
    def published_at(self) -> str | None:
        told = next((line for line in self.lines if not _UPDATED.match(line)), None)
        moment = _moment(told) if told else None
        return dates.iso(moment) if moment else None

    @property
    def modified_at(self) -> str | None:
        for line in self.lines:
            if (found := _UPDATED.search(line)) and (moment := dates.parse(line[found.end() :])):
                return dates.iso(moment)
        return None


def is_date(element: Element, blocks: Blocks) -> bool:
    """Tell whether *element* says a date and little else."""
    if element.get("datetime") is None and not _YEAR.search(whole_text(element)):
        return False  # the bare classes of layout are on many boxes, most of them without a date
    return _moment(_line(element, blocks)) is not None


def first_time(elements: Iterable[Element], blocks: Blocks) -> list[Element]:
    """Return the first of *elements* that says a date with a time and holds nothing else."""
    leaves = (element for element in elements if _CLOCK.search(_own_words(element)))
    found = (_with_words_before(leaf) for leaf in leaves if is_date(leaf, blocks))
    return list(itertools.islice((element for element in found if is_date(element, blocks)), 1))


def above_text(document: Document, headline: Element | None, containers: Collection[Element]) -> Iterator[Element]:
    """Return the elements between the *headline* and the text: lead, date and byline stand there."""
    if headline is None:
        return iter(())
    first = document.order[headline] + 1
    last = min([document.order[container] for container in containers] or [first + 50])
    around = {outer for container in containers for outer in container.iterancestors()}
    return (held for held in document.elements[first:last] if held not in around)


def _rows(stamps: Iterable[Element]) -> Iterator[Element]:
    """Yield the short lists that the *stamps*, dates, stand in with what else is told of an article."""
    for stamp in stamps:
        row = stamp.getparent()
        if row is not None and row.tag in _LISTS and short_text(row, _LONGEST_ROW) is not None:
            yield row


def top_of_text(containers: Iterable[Element]) -> Iterator[Element]:
    """Yield the short lines that a text opens with, where the headline, the time and the lead stand in its box."""
    for container in itertools.islice(containers, 1):
        for element in itertools.islice(container.iter("*"), 1, _TOP):
            told = short_text(element, _LONGEST_TIME) or "."
            if not told.rstrip().endswith(".") and not holds(element, "img"):
                yield element


def _updates(elements: Sequence[Element], blocks: Blocks) -> list[Element]:
    """What says right behind a date that the article was updated, and when."""
    others = (held for element in elements for held in _next_to(element) if held not in elements)
    updates = (held for held in others if _UPDATED.match(_opening(held)) or _is_marked_update(held))
    return [element for element in updates if is_date(element, blocks)]


def _next_to(element: Element) -> Iterator[Element]:
    """Yield what stands behind *element* in its row, or behind the row that it ends."""
    row = element.getparent()
    if element.getnext() is None and row is not None:
        return itertools.islice(row.itersiblings("*"), 1)
    is_list = row is not None and row.tag in _LISTS
    return itertools.islice(element.itersiblings("*"), _MOST_IN_ROW if is_list else 1)


def _opening(element: Element) -> str:
    return next((piece for text in element.itertext() if (piece := text.strip().lstrip("(["))), "")


def _with_words_before(element: Element) -> Element:
    """Return *element*, or what holds it and says before this update when the article was published."""
    holder = element.getparent()
    if holder is None or not _UPDATED.match(_opening(element)) or not _CLOCK.search(text_before(element)):
        return element
    return holder


def _own_words(element: Element) -> str:
    """What *element* says, when nothing in it does, as an icon; or beside what a bar parts from that."""
    told = " ".join([element.text or "", *(held.tail or "" for held in element)])
    if any(len(held) or (held.text or "").strip() for held in element):
        return told if not _BARS.isdisjoint(told) and short_text(element, _LONGEST_LINE) is not None else ""
    return told


def boxes_above(headline: Element | None, containers: Iterable[Element]) -> Iterator[Element]:
    """Yield what the two boxes above *headline* are made of, nearest first: the trail of sections may be one.

    Where nothing but links stands there, so above the boxes round it that do not hold the text. Right in the body
    of the page it is one box at most: there stands the bar of the site with the time it is.
    """
    around = {outer for container in containers for outer in container.iterancestors()}
    box = headline
    while box is not None and box not in around and (holder := box.getparent()) is not None:
        most = 1 if holder.tag == "body" else _BOXES_ABOVE
        beside = list(itertools.islice(box.itersiblings("*", preceding=True), most))
        for above in beside:
            yield from above.iter("*")
        is_alone = not beside and box.getnext() is None
        if not (is_alone or (around and all(held.tag == "a" or holds(held, "a") for held in beside))):
            return
        box = holder


# A line is asked for twice: whether it is a date, and which.
_moment = lru_cache(maxsize=64)(dates.parse)


def _line(element: Element, blocks: Blocks) -> str:
    line, stamp = blocks.words(element), element.get("datetime")
    is_update = _is_marked_update(element)
    if stamp and _is_less_than(line, stamp):
        line = f"Cập nhật {stamp}" if is_update or _UPDATED.match(line) else stamp
    elif is_update and not _UPDATED.search(line):
        line = f"Cập nhật {line}"
    elif not _BARS.isdisjoint(line) and _moment(line) is None:  # who wrote it may stand in the same line
        line = next((part for part in _PARTS.split(line) if _moment(part) is not None), line)
    return line if len(line) < _LONGEST_LINE else ""


def apart(elements: Iterable[Element], texts: Set[Element]) -> list[Element]:
    """Return those of *elements*, dates, that do not stand in the *texts*, unless each is that of an update."""
    outer = [element for element in elements if texts.isdisjoint(element.iterancestors())]
    return [] if all(map(_is_marked_update, outer)) else outer


def _is_marked_update(element: Element) -> bool:
    """Tell whether the markup of *element*, or what stands right before it, says that it is that of an update."""
    is_marked = "dateModified" in (element.get("itemprop") or element.get("property") or "")
    return is_marked or bool(_UPDATED.search(text_before(element)[-_LONGEST_LABEL:]))


def _is_less_than(line: str, stamp: str) -> bool:
    """Tell whether *line* says no day, or no more than that of the time that *stamp* tells machines.

    It may be "3 giờ trước", "29 thg 12" or "29/12/2025"; or the month comes before the day, as "12/09/2025" when
    the stamp is of 9 December.
    """
    if (day := _moment(line)) is None:
        return True
    has_time = _CLOCK.search(line) is not None
    if has_time and (day.day > _MONTHS or stamp.startswith(day.isoformat()[:10])):
        return False
    if (moment := _moment(stamp)) is None:
        return False
    told, meant = dates.vietnam_day(day), dates.vietnam_day(moment)
    if told != meant:
        return (told.day, told.month, told.year) == (meant.month, meant.day, meant.year)
    return not has_time

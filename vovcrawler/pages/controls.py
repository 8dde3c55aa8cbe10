"""What a player or a show of slides writes between the blocks of a text: its clock, its buttons, its numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from vovcrawler.pages.blocks import SENTENCE_END, Block, ancestors, stands_in
from vovcrawler.pages.document import Element
from vovcrawler.text import is_boilerplate

# "0:00 / 3:25": a recording that nobody has started yet.
_CLOCK = re.compile(r"(?<![\d:])(?:0?0:)?0?0:00\s?/\s?(?:\d{1,2}:)?\d{1,2}:\d\d(?:\d(?:[.,]\d+)?x)?(?![\d:])")
_STARTS = frozenset(["0:00", "00:00", "00:00:00"])
# The same with how fast it is played, in one box: "0:001x".
_SPEED = re.compile(r"0?0:00\s?\d(?:[.,]\d+)?x")
_COUNTER = re.compile(r"(\d{1,3})\s?/\s?(\d{1,3})")
_LONGEST_CONTROL = 60


def controls(blocks: Sequence[Block], container: Element) -> set[int]:
    """Return the places of what belongs to a player, known by its clock, and of the numbers of slides."""
    short = [place for place, block in enumerate(blocks) if 0 < len(block.text) <= _LONGEST_CONTROL]
    slashed = [place for place in short if "/" in blocks[place].text]
    # Beside "Nghe bài viết" stands no time of the text.
    found = {
        place
        for place in short
        if blocks[place].text in _STARTS
        and any(
            is_boilerplate(block.text) for block in (*blocks[place - 1 : place], *blocks[place + 1 : place + 2])
        )
    }
    found.update(place for place in short if _SPEED.fullmatch(blocks[place].text))
    for place in slashed:
        if place not in found and _CLOCK.search(blocks[place].text):
            found.update(_labels_around(blocks, place, container))
    return found | _slide_numbers(blocks, slashed)


def _labels_around(blocks: Sequence[Block], place: int, container: Element) -> range:
    """The places of all that stands in the largest box round the line at *place* which holds but labels."""
    found = range(place, place + 1)
    line = blocks[place].element
    for box in [line, *ancestors(line, container)] if line is not container else ():
        start, stop = found.start, found.stop
        while start and stands_in(blocks[start - 1], box):
            start -= 1
            if not _is_label(blocks[start]):
                return found
        while stop < len(blocks) and stands_in(blocks[stop], box):
            if not _is_label(blocks[stop]):
                return found
            stop += 1
        found = range(start, stop)
    return found


def _is_label(block: Block) -> bool:
    return 0 < len(block.text) <= _LONGEST_CONTROL and not block.text.endswith(SENTENCE_END)


def _slide_numbers(blocks: Sequence[Block], places: Iterable[int]) -> set[int]:
    """The places of "1/4", "2/4" … up to the last, each beside a picture, and of "1/4" beside as many."""
    found: set[int] = set()
    run: list[int] = []
    last = ""
    for place, number, most in _counters(blocks, places):
        run = [*run, place] if number == len(run) + 1 and most == last else [place] * (number == 1)
        last = most
        if len(run) == int(most) > 1 or (number == 1 and _shown_beside(blocks, place) >= int(most) > 1):
            found.update(run)
    return found


def _shown_beside(blocks: Sequence[Block], place: int) -> int:
    """How many pictures stand running right before or behind *place*, with their captions."""
    sides = (blocks[:place][::-1], blocks[place + 1 :])
    runs = (
        itertools.takewhile(lambda block: block.picture is not None or block.figure is not None, side)
        for side in sides
    )
    return max(sum(block.picture is not None for block in run) for run in runs)


def _counters(blocks: Sequence[Block], places: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """Where the numbers beside pictures stand, which they are, and of how many; in a paragraph they are days."""
    for place in places:
        is_text = blocks[place].tag == "p" or blocks[place].strong or blocks[place].heading
        counter = None if is_text else _COUNTER.fullmatch(blocks[place].text)
        near = blocks[max(0, place - 2) : place + 2]
        if counter and any(block.picture is not None or block.figure is not None for block in near):
            yield place, int(counter[1]), counter[2]

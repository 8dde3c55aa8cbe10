"""Summaries that a machine has made of an article and that stand in its text: nobody of the outlet wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vovcrawler.pages.blocks import Block, ancestors, stands_in
from vovcrawler.pages.document import Element

_SUMMARY = re.compile(r"\W*(?:(?:AI|nội dung|bản)\s)?tóm tắt\b", re.IGNORECASE)
# In small letters "ai" is "who".
_BY_MACHINE = re.compile(r"\bAI\b|[Tt]rí tuệ nhân tạo")
_LONGEST_LABEL = 80


def by_machine(blocks: Sequence[Block], container: Element) -> set[int]:
    """Return the places of boxes in *container* that open with "Tóm tắt" and say that an AI made it."""
    found: set[int] = set()
    for place, block in enumerate(blocks):
        is_label = "tắt" in block.text[:_LONGEST_LABEL] and len(block.text) <= _LONGEST_LABEL
        if is_label and place not in found and _SUMMARY.match(block.text):
            box = _box(blocks, place, container)
            if any(_BY_MACHINE.search(blocks[held].text[:_LONGEST_LABEL]) for held in box):
                found.update(box)
    return found


def _box(blocks: Sequence[Block], place: int, container: Element) -> range:
    """Return the places of the largest box that opens with the label at *place*, of a half of the text at most."""
    label = blocks[place].element
    found = range(place, place)
    whole = sum(len(block.text) for block in blocks)
    for box in ancestors(label, container) if label is not container else ():
        if place and stands_in(blocks[place - 1], box):
            break
        stop = place + 1
        while stop < len(blocks) and stands_in(blocks[stop], box):
            stop += 1
        if sum(len(block.text) for block in blocks[place:stop]) * 2 > whole:
            break
        found = range(place, stop)
    return found if len(found) > 1 else found[:0]

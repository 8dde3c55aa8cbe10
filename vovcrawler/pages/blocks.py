"""What a part of a page is made of: paragraphs, headings, list items, table rows, pictures, and their links.

They are read by :mod:`vovcrawler.pages.flow`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vovcrawler.pages.document import Element
from vovcrawler.text import clean


def tag_set(table: str) -> frozenset[str]:
    """Return the tags that stand in *table*, with spaces between them."""
    return frozenset(table.split())


BLOCKS = tag_set(
    """address article blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer h1 h2 h3 h4 h5 h6 header hr html legend li main menu ol p pre section summary table tbody td
    tfoot th thead tr ul"""
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
SENTENCE_END = (".", "!", "?", "…", "”", '"', ":", ";", "。", "！", "？", "។")
SHORTEST_PROSE = 60
# The signs of Chinese, Japanese and Korean: one says as much as three letters.
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True)
class Link:
    """A part of a block that leads somewhere; it may open the block."""

    href: str
    element: Element
    pieces: list[str]
    opens: bool = False
    _text: str | None = None

    @property
    def text(self) -> str:
        """What is linked; asked for when the block is read to its end."""
        if self._text is None:
            self._text = clean("".join(self.pieces))
        return self._text


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item, table row or caption as it is printed; or a picture, then without text.

    The size of a picture is that of the words which stand before it in its paragraph.
    """

    text: str
    element: Element
    tag: str = "p"
    strong: bool = False
    slanted: bool = False
    linked: int = 0
    size: int = 0
    links: Sequence[Link] = ()
    picture: Element | None = None
    figure: Element | None = None

    @property
    def heading(self) -> bool:
        return self.tag in HEADINGS


def ancestors(element: Element, until: Element) -> Iterator[Element]:
    """Yield the elements around *element*, nearest first, up to and without *until*."""
    for outer in element.iterancestors():
        if outer is until:
            return
        yield outer


def stands_in(block: Block, box: Element) -> bool:
    """Tell whether *block* is *box* itself, or stands in it."""
    return block.element is box or box in block.element.iterancestors()


def is_prose(told: str) -> bool:
    """Tell whether *told* is of a text: long, and the end of a sentence, as labels and captions seldom are."""
    return len(told) >= SHORTEST_PROSE and told.endswith(SENTENCE_END)


def size_of(told: str) -> int:
    """Return how much *told* says, in letters.

    >>> size_of("tin"), size_of("新闻")
    (3, 6)
    """
    return len(told) + 2 * len(IDEOGRAPHS.findall(told))

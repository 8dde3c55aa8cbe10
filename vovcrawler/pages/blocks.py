"""What a part of a page says, block by block: paragraphs, headings, list items, table rows, pictures.

Which of the blocks are the article is decided elsewhere (:mod:`vovcrawler.pages.body`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from vovcrawler.pages.document import Document, Element, is_inside, short_text
from vovcrawler.text import clean


def _names(table: str) -> frozenset[str]:
    return frozenset(table.split())


BLOCKS = _names(
    """address article blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer h1 h2 h3 h4 h5 h6 header hr html legend li main menu ol p pre section summary table tbody td
    tfoot th thead tr ul"""
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_SILENT: frozenset[object] = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "form",
        "button",
        "input",
        "select",
        "option",
        "textarea",
        "svg",
        "canvas",
        "object",
        "embed",
        "nav",
        "footer",
        "aside",
        "audio",
        "video",
        "map",
        "head",
        "title",
        "meta",
        "link",
        "datalist",
        "dialog",
        "progress",
        "math",
    ]
)
_BOLD = frozenset(("b", "strong"))
_SLANTED = frozenset(("i", "em"))
_STYLED = _BOLD | _SLANTED
_BREAKABLE = frozenset(
    ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "dt", "dd", "caption")
)
SENTENCE_END = (".", "!", "?", "…", "”", '"', ":", ";")
_LONGEST_FOOT = 150
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SLANTED_STYLE = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
# The last two are what players stand in the place of.
_HIDDEN_WORDS = _names(
    """hidden hide d-none sr-only visually-hidden element-invisible invisible screen-reader-text
    instagram-media tiktok-embed"""
)
_SHOWN_AGAIN = re.compile(r"\bd-(?:sm|md|lg|xl|xxl)-(?:block|flex|inline|inline-block|grid|table)\b")


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


class Blocks:
    """The parts of one page, block by block."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def flow(self, container: Element, skip: Collection[Element] = ()) -> list[Block]:
        """Return the blocks of *container* in page order, without hidden parts, scripts, forms and *skip*.

        A single line break is a space inside a paragraph; two end the paragraph. A table row with several short
        cells is one block, its cells joined by " | ". Text in no paragraph ends where its container does, at a
        line break behind the end of a sentence, and behind a link round a picture and words.
        """
        walker = _Walker(self.document, self._styles, self._hidden)
        return walker.walk(container, skip if isinstance(skip, (set, frozenset)) else frozenset(skip))

    def words(self, element: Element, skip: Collection[Element] = ()) -> str:
        """Return what *element* says as one line."""
        if not len(element):
            return clean(element.text or "")
        return " ".join([block.text for block in self.flow(element, skip) if block.text])

    @cached_property
    def _hidden(self) -> frozenset[Element]:
        found = self.document.with_classes(_is_hiding)
        found += filter(is_hidden, self.document.having("hidden", "aria-hidden"))
        return frozenset([*found, *(element for element, looks in self._styles.items() if looks.hidden)])

    @cached_property
    def _styles(self) -> dict[Element, _Looks]:
        """The elements that make their text bold or slanted by ``style``, or hide it."""
        styled = ((element, _styled(element.get("style", ""))) for element in self.document.having("style"))
        return {element: looks for element, looks in styled if looks is not _PLAIN}


def is_hidden(element: Element) -> bool:
    """Tell whether a reader does not see *element*."""
    return any(_hides(name, value) for name, value in element.items())


def _hides(name: str, value: str) -> bool:
    if name == "class":
        return _is_hiding(value)
    if name == "style":
        return _styled(value).hidden
    return name == "hidden" or (name == "aria-hidden" and value == "true")


class _Looks(NamedTuple):
    hidden: bool = False
    bold: bool = False
    slanted: bool = False


_PLAIN = _Looks()


@lru_cache(maxsize=2048)
def _styled(style: str) -> _Looks:
    """What a ``style`` does to text; a page has few of them, each on many elements."""
    found = [pattern.search(style) is not None for pattern in (_HIDING_STYLE, _BOLD_STYLE, _SLANTED_STYLE)]
    return _Looks(*found) if any(found) else _PLAIN


@lru_cache(maxsize=2048)
def _is_hiding(classes: str) -> bool:
    return not _HIDDEN_WORDS.isdisjoint(classes.split()) and not _SHOWN_AGAIN.search(classes)


class _Walker:
    """One pass over a container without recursion; collects text until a block ends."""

    def __init__(self, document: Document, looks: Mapping[Element, _Looks], hidden: Collection[Element]) -> None:
        self.document = document
        self.looks = looks
        self.hidden = hidden
        self.blocks: list[Block] = []
        self.holders: list[Element] = []
        self.figures: list[Element] = []
        self.cells: list[list[int]] = []
        self.styled: list[tuple[Element, bool, bool]] = []
        self.link: Element | None = None
        self.pictured: Element | None = None
        self.bold = self.slant = self.breaks = 0
        self.pieces: list[str] = []
        self.links: list[Link] = []
        self.size = self.bold_size = self.slant_size = self.link_size = 0

    def _reset(self) -> None:
        self.pieces.clear()
        if self.links:
            self.links = []
        self.size = self.bold_size = self.slant_size = self.link_size = 0

    def walk(self, container: Element, skip: Collection[Element]) -> list[Block]:
        """Read element by element, over those that say nothing; most space stands between blocks."""
        document = self.document
        elements, texts, tails = document.elements, document.texts, document.tails
        place, end = document.span(container)
        self.holders.append(container)
        self._start(container, container.tag, texts[place])
        around: list[tuple[Element, str, str | None]] = [(container, container.tag, None)]
        place += 1
        while place < end:
            element = elements[place]
            tag, holder = element.tag, element.getparent()
            while around[-1][0] is not holder:
                self._end(*around.pop())
            is_silent = tag in _SILENT and (tag != "footer" or not _says_whose(element))
            if is_silent or element in self.hidden or element in skip:
                self._pass(tag, tails[place])
                _, place = document.span(element)
                continue
            self._start(element, tag, texts[place])
            around.append((element, tag, tails[place]))
            place += 1
        for left in reversed(around):
            self._end(*left)
        self._flush()
        return self.blocks

    def _pass(self, tag: str, behind: str | None) -> None:
        if self.pieces and tag in BLOCKS:
            self._flush()
        if behind:
            self._say(behind)

    def _start(self, element: Element, tag: str, told: str | None) -> None:
        if tag in BLOCKS:
            if self.pieces:
                self._flush()
            self.holders.append(element)
            if tag == "figure":
                self.figures.append(element)
            elif tag == "tr":
                self.cells.append([])
            elif self.cells and tag in ("td", "th"):
                self.cells[-1].append(len(self.blocks))
        elif tag == "a":
            self.link = element
        elif tag == "br":
            self._break()
        elif tag == "img":
            self._picture(element)
        looks = self.looks.get(element, _PLAIN)
        if looks is not _PLAIN or tag in _STYLED:
            bold, slanted = looks.bold or tag in _BOLD, looks.slanted or tag in _SLANTED
            self.bold += bold
            self.slant += slanted
            self.styled.append((element, bold, slanted))
        if told:
            self._say(told)

    def _end(self, element: Element, tag: str, behind: str | None) -> None:
        if tag in BLOCKS:
            if self.pieces:
                self._flush()
            self.holders.pop()
            if tag == "figure":
                self.figures.pop()
            elif tag == "tr":
                self._join_row(self.cells.pop(), element)
        elif tag == "a":
            self.link = None
            if element is self.pictured and self.holders[-1].tag not in _BREAKABLE:
                self._flush()
        if self.styled and self.styled[-1][0] is element:
            _, bold, slanted = self.styled.pop()
            self.bold -= bold
            self.slant -= slanted
        if behind:
            self._say(behind)

    def _say(self, text: str) -> None:
        if not (size := len(text.strip())):
            if self.pieces:
                self.pieces.append(text)
            return
        self.pieces.append(text)
        self.breaks = 0
        self.size += size
        if self.bold:
            self.bold_size += size
        if self.slant:
            self.slant_size += size
        if (link := self.link) is not None:
            self.link_size += size
            if self.links and self.links[-1].element is link:
                self.links[-1].pieces.append(text)
            else:
                self.links.append(Link(link.get("href") or "", link, [text], self.size == size))

    def _break(self) -> None:
        self.breaks += 1
        if self.breaks > 1 or (self.holders[-1].tag not in _BREAKABLE and self._is_whole()):
            self._flush()
        else:
            self.pieces.append(" ")

    def _is_whole(self) -> bool:
        """Tell whether a line of loose text is one by itself: a sentence, or a subheading in bold."""
        said = (piece for piece in reversed(self.pieces) if not piece.isspace())
        return 0 < self.size <= self.bold_size or next(said, "").rstrip().endswith(SENTENCE_END)

    def _picture(self, element: Element) -> None:
        if self.breaks:
            self._flush()
        figure = self.figures[-1] if self.figures else None
        self.pictured = self.link
        links = [Link(self.link.get("href") or "", self.link, [])] if self.link is not None else ()
        self.blocks.append(
            Block("", self.holders[-1], "img", size=self.size, picture=element, figure=figure, links=links)
        )

    def _flush(self) -> None:
        if not self.size:
            self.pieces.clear()
            return
        # Line ends and hard spaces are the only signs in most texts that cleaning would have to look for.
        if text := clean("".join(self.pieces).replace("\n", " ").replace("\xa0", " ")):
            holder, size = self.holders[-1], self.size
            self.blocks.append(
                Block(
                    text,
                    holder,
                    holder.tag,
                    self.bold_size >= size,
                    self.slant_size >= size,
                    self.link_size,
                    size,
                    self.links or (),
                    None,
                    self.figures[-1] if self.figures else None,
                )
            )
        self._reset()

    def _join_row(self, starts: list[int], row: Element) -> None:
        """Make one block of a row of several cells of one short block each; other rows are for layout."""
        if len(starts) < 2:
            return
        ends = [*starts[1:], len(self.blocks)]
        cells = [self.blocks[start:end] for start, end in zip(starts, ends, strict=True)]
        if any(
            len(cell) > 1 or any(block.picture is not None or len(block.text) > 300 for block in cell)
            for cell in cells
        ):
            return
        told = [cell[0] for cell in cells if cell]
        if len(told) < 2:
            return
        self.blocks[starts[0] :] = [
            Block(
                " | ".join(block.text for block in told),
                row,
                "tr",
                linked=sum(block.linked for block in told),
                size=sum(block.size for block in told),
                links=[link for block in told for link in block.links],
                figure=told[0].figure,
            )
        ]


def _says_whose(footer: Element) -> bool:
    """Tell whether the *footer* is that of a quotation; that of a page, in one not closed, says more."""
    return is_inside(footer, "blockquote") and short_text(footer, _LONGEST_FOOT) is not None


def ancestors(element: Element, until: Element) -> Iterator[Element]:
    """Yield the elements around *element*, nearest first, up to and without *until*."""
    for outer in element.iterancestors():
        if outer is until:
            return
        yield outer

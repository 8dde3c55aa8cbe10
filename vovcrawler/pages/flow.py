"""What a part of a page says, block by block, in page order.

Which of the blocks are the article is decided elsewhere (:mod:`vovcrawler.pages.body`).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from vovcrawler.pages.blocks import BLOCKS, HEADINGS, SENTENCE_END, Block, Link, is_prose, tag_set
from vovcrawler.pages.document import Document, Element, holds, is_inside, short_text, whole_text
from vovcrawler.pages.furniture import quotation
from vovcrawler.pages.looks import PLAIN, Looks, is_hidden, is_hiding, is_slide, looks_in
from vovcrawler.text import clean

_SILENT = tag_set(
    """script style noscript template iframe form button input select option textarea svg canvas object embed nav
    footer aside audio video map head title meta link datalist dialog progress math"""
)
_BOLD = frozenset(("b", "strong"))
_SLANTED = frozenset(("i", "em"))
_STYLED = _BOLD | _SLANTED
_BREAKABLE = HEADINGS | tag_set("p li td th figcaption dt dd caption")
# Nothing but their words matters of these when no element is in them, as in most.
_SIMPLE = (BLOCKS - {"figure", "tr", "td", "th"}) | {"a"}
_LONGEST_FOOT = 150
_LONGEST_CELL = 300
_LONGEST_QUOTATION = 600
# Editors leave so many characters of no width where the cursor was, in a line that is empty.
_MOST_INVISIBLE = 2


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

    def words(self, element: Element) -> str:
        """Return what *element* says as one line; what it says twice is for screens of two sizes."""
        if not len(element):
            return clean(element.text or "")
        return " ".join(dict.fromkeys([block.text for block in self.flow(element) if block.text]))

    @cached_property
    def _hidden(self) -> frozenset[Element]:
        found = self.document.with_classes(is_hiding)
        found += filter(is_hidden, self.document.having("hidden", "aria-hidden"))
        styled = (element for element, looks in self._styles.items() if looks.hidden)
        return frozenset([*found, *(element for element in styled if not is_slide(element))])

    @cached_property
    def _styles(self) -> dict[Element, Looks]:
        """The elements that make their text bold or slanted by ``style`` or class, or hide it."""
        return looks_in(self.document)


class _Walker:
    """One pass over a container without recursion; collects text until a block ends."""

    def __init__(self, document: Document, looks: Mapping[Element, Looks], hidden: Collection[Element]) -> None:
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
        # The last row of nothing but pictures, and how many.
        self.shown: tuple[Element, int] | None = None
        self.bold = self.slant = self.breaks = 0
        self.pieces: list[str] = []
        self.links: list[Link] = []
        self.size = self.bold_size = self.slant_size = self.link_size = 0

    def walk(self, container: Element, skip: Collection[Element]) -> list[Block]:
        """Read element by element, over those that say nothing; most space stands between blocks."""
        document, looks, hidden = self.document, self.looks, self.hidden
        place, end = document.span(container)
        self.holders.append(container)
        self._start(container, container.tag, document.texts[place])
        around: list[tuple[Element, str, str | None]] = [(container, container.tag, None)]
        inner, place = container, place + 1
        rows = zip(document.elements[place:end], document.texts[place:end], document.tails[place:end], strict=True)
        for element, told, behind in rows:
            tag, holder = element.tag, element.getparent()
            while inner is not holder:
                self._end(*around.pop())
                inner = around[-1][0]
            if element in hidden or element in skip or (tag in _SILENT and not _says_something(element)):
                self._pass(tag, behind)
                first, last = document.span(element)
                inside = last - first - 1
                next(itertools.islice(rows, inside, inside), None)
            elif tag in _SIMPLE and not len(element) and element not in looks:
                if tag == "a" or self.link is not None or self.pieces or self.styled or self.figures:
                    self._read_simple(element, tag, told, behind)
                else:
                    self._read_alone(element, tag, told, behind)
            else:
                self._start(element, tag, told)
                if len(element):
                    around.append((element, tag, behind))
                    inner = element
                else:
                    self._end(element, tag, behind)
        for left in reversed(around):
            self._end(*left)
        self._flush()
        return self.blocks

    def _pass(self, tag: str, behind: str | None) -> None:
        if self.pieces and tag in BLOCKS:
            self._flush()
        if behind:
            self._say(behind)

    def _read_simple(self, element: Element, tag: str, told: str | None, behind: str | None) -> None:
        """Start and end an element in one: a link or a block of nothing but words."""
        if tag == "a":
            self.link = element
            if told:
                self._say(told)
            self.link = None
        else:
            if self.pieces:
                self._flush()
            if told:
                self.holders.append(element)
                self._say(told)
                self._flush()
                self.holders.pop()
        if behind:
            self._say(behind)

    def _read_alone(self, element: Element, tag: str, told: str | None, behind: str | None) -> None:
        """Do the same where nothing is begun: most paragraphs of most texts."""
        if told and (text := _cleaned(told)):
            self.breaks = 0
            self.blocks.append(Block(text, element, tag, size=len(told.strip())))
        if behind and not behind.isspace():
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
        elif tag == "cite" and self._ends_quotation(element):
            self._flush()
        elif "-" in tag and self.holders[-1].tag not in _BREAKABLE:
            self._start_own(element, tag)
        if tag in _STYLED or element in self.looks:
            looks = self.looks.get(element, PLAIN)
            bold, slanted = looks.bold or tag in _BOLD, looks.slanted or tag in _SLANTED
            self.bold += bold
            self.slant += slanted
            self.styled.append((element, bold, slanted))
        if told:
            self._say(told)

    def _start_own(self, element: Element, tag: str) -> None:
        """Start a box that the page itself has a name for."""
        self._flush()
        self.holders.append(element)
        if tag.endswith("figure"):
            self.figures.append(element)

    def _end(self, element: Element, tag: str, behind: str | None) -> None:
        if self.holders[-1] is element:
            if self.pieces:
                self._flush()
            self.holders.pop()
            if self.figures and self.figures[-1] is element:
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
        pieces = self.pieces
        size = len(text.strip())
        if not size or (size <= _MOST_INVISIBLE and not clean(text)):
            if pieces:
                pieces.append(text)
            return
        if self.breaks:
            self.breaks = 0
            if text.lstrip().startswith(">>"):  # how a line of other news begins
                self._flush()
        pieces.append(text)
        self.size += size
        if self.styled:
            self.bold_size += size if self.bold else 0
            self.slant_size += size if self.slant else 0
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

    def _ends_quotation(self, cite: Element) -> bool:
        """Tell whether *cite* says who said what was quoted, and is no title in a sentence."""
        is_last = cite.getnext() is None and not (cite.tail or "").strip()
        return is_last and "".join(self.pieces).rstrip().endswith(SENTENCE_END) and is_inside(cite, "blockquote")

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
        """End a block: its text is what was said since the last one."""
        if size := self.size:
            if text := _cleaned("".join(self.pieces)):
                holder, links = self.holders[-1], self.links or ()
                strong, slanted = self.bold_size >= size, self.slant_size >= size
                figure = self.figures[-1] if self.figures else None
                self.blocks.append(
                    Block(text, holder, holder.tag, strong, slanted, self.link_size, size, links, None, figure)
                )
            if self.links:
                self.links = []
            self.size = self.bold_size = self.slant_size = self.link_size = 0
        self.pieces.clear()

    def _join_row(self, starts: list[int], row: Element) -> None:
        """Make one block of a row of several cells of one short block each; other rows are for layout."""
        if len(starts) < 2:
            return
        ends = [*starts[1:], len(self.blocks)]
        cells = [self.blocks[start:end] for start, end in zip(starts, ends, strict=True)]
        if all(len(cell) == 1 and cell[0].picture is not None for cell in cells):
            self.shown = row, len(cells)
            return
        if self.shown == (row.getprevious(), len(cells)) and self._stand_under(cells, starts[0]):
            return
        if any(len(cell) > 1 or any(map(_is_large, cell)) for cell in cells):
            return
        told = [cell[0] for cell in cells if cell]
        if len(told) < 2 or (_is_only_row(row) and all(is_prose(block.text) for block in told)):
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

    def _stand_under(self, cells: Sequence[Sequence[Block]], start: int) -> bool:
        """Put what the *cells* of a row say behind the pictures they stand under; tell whether it could be."""
        pictures = self.blocks[start - len(cells) : start]
        if any(map(_is_large, itertools.chain.from_iterable(cells))):
            return False
        for picture, cell in zip(pictures, cells, strict=True):
            picture.figure = picture.figure if picture.figure is not None else picture.element
            for block in cell:
                block.figure = picture.figure
        columns = ([picture, *cell] for picture, cell in zip(pictures, cells, strict=True))
        self.blocks[start - len(cells) :] = itertools.chain.from_iterable(columns)
        return True


def _cleaned(told: str) -> str:
    """Return *told* clean: these are the only signs in most texts that cleaning would have to look for."""
    return clean(told.replace("\n", " ").replace("\t", " ").replace("\xa0", " "))


def _is_large(block: Block) -> bool:
    """Tell whether *block* is more than the words that a cell of a table has."""
    return block.picture is not None or len(block.text) > _LONGEST_CELL


def _is_only_row(row: Element) -> bool:
    table = next(row.iterancestors("table"), None)
    return table is not None and len(list(itertools.islice(table.iter("tr"), 2))) == 1


def _says_something(element: Element) -> bool:
    """Tell whether *element*, of a silent tag, is text: a quotation set apart, the footer of one, a whole heading.

    The footer of a page, in a quotation not closed, says more.
    """
    if element.tag == "footer":
        return is_inside(element, "blockquote") and short_text(element, _LONGEST_FOOT) is not None
    if element.tag == "aside":
        return quotation(element) is not None and short_text(element, _LONGEST_QUOTATION) is not None
    holder = element.getparent()
    if element.tag == "button" and is_inside(element, "a"):
        return True
    if element.tag == "button" and is_inside(element, "figure"):  # it makes its picture large
        return holds(element, "img")
    if element.tag != "button" or holder is None or holder.tag not in HEADINGS:
        return False
    return clean(whole_text(holder)) == clean(whole_text(element))

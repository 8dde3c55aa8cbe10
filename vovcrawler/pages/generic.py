"""Text out of unknown markup: the densest part of the page, and trafilatura where nothing else gives anything.

The last layer of reading. Trafilatura is imported when it is needed: most pages never need it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from vovcrawler import dates, text
from vovcrawler.pages.blocks import is_hidden
from vovcrawler.pages.body import tidy
from vovcrawler.pages.document import Document, Element
from vovcrawler.pages.furniture import is_furniture

_OUTSIDE = frozenset(["header", "footer", "nav", "aside"])
_SHORTEST_PARAGRAPH = 40
_SHORTEST_TEXT = 150


class GenericText:
    """What trafilatura reads out of a page, under the names of the fields of a layout."""

    def __init__(self, html: str) -> None:
        self.html = html

    @cached_property
    def _document(self) -> Any:
        from trafilatura import bare_extraction  # slow to import

        # htmldate would bound its guess by today: the same page must give the same record on any day.
        return bare_extraction(
            self.html,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
        )

    @property
    def headline(self) -> str | None:
        return text.clean(getattr(self._document, "title", None) or "") or None

    @property
    def published_at(self) -> str | None:
        moment = dates.parse(getattr(self._document, "date", None) or "")
        return dates.iso(moment) if moment else None

    @property
    def body(self) -> list[str]:
        told = getattr(self._document, "text", None) or ""
        return tidy(told.splitlines())


def densest_element(document: Document, headline: Element | None) -> Element | None:
    """Return the element with the most unlinked text in paragraphs right inside it or one level deeper."""
    scores: dict[Element, float] = defaultdict(float)
    start = document.order[headline] if headline is not None else 0
    for element in [*document.tags("p"), *document.tags("br")]:
        holder = element.getparent()
        if holder is None or document.order[element] < start or _is_aside(element):
            continue
        said = _said(element) if element.tag == "p" else len((element.tail or "").strip())
        if said >= _SHORTEST_PARAGRAPH:
            scores[holder] += said
            outer = holder.getparent()
            if outer is not None:
                scores[outer] += said / 2
    best = max(scores, key=scores.__getitem__, default=None)
    return (
        best if best is not None and scores[best] >= _SHORTEST_TEXT and best.tag not in ("body", "html") else None
    )


def _said(paragraph: Element) -> int:
    linked = sum(len("".join(a.itertext())) for a in paragraph.iter("a"))
    return max(0, len("".join(paragraph.itertext()).strip()) - 2 * linked)


def _is_aside(element: Element) -> bool:
    return any(
        outer.tag in _OUTSIDE or (len(outer.attrib) > 0 and (is_furniture(outer) or is_hidden(outer)))
        for outer in element.iterancestors()
    )

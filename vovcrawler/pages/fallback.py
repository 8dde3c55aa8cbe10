"""Text by trafilatura, where nothing else gives any: the last layer of reading.

Trafilatura is imported when it is needed: most pages never need it.
"""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

from lxml.etree import XPath

from vovcrawler import dates, text
from vovcrawler.pages.body import tidy
from vovcrawler.pages.parsing import Source
from vovcrawler.pages.structured import is_site_name

# The frame of the page: trafilatura would take it for the text where there is none, and its days for the date.
_FRAME = [
    XPath(path)
    for path in (
        "//nav",
        "//noscript",
        "//template",
        "//footer",
        "//aside",
        "//form[not(.//h1)]",  # the oldest pages stand in one form
        "//header[not(.//h1)]",
        "//*[contains(@id, 'footer') or contains(@class, 'footer')]",
        "//*[contains(@id, 'menu') or contains(@class, 'menu')]",
    )
]
_SHORTEST_LINE = 25

# A page with nothing in it is an error to trafilatura; in a run it would count as one of the program.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class GenericText:
    """What trafilatura reads out of a page, under the names of the fields of a layout."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def _document(self) -> Any:
        from trafilatura import bare_extraction, load_html  # slow to import
        from trafilatura.htmlprocessing import prune_unwanted_nodes

        # It would look for dates in the frame, too, which shows the day and other news.
        tree = load_html(self.source.text)
        if tree is None:
            return None
        # htmldate would bound its guess by today: the same page must give the same record on any day.
        return bare_extraction(
            prune_unwanted_nodes(tree, _FRAME),
            with_metadata=True,
            include_comments=False,
            fast=True,  # its second opinion takes a time that grows with the square of the page
            date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
        )

    @property
    def headline(self) -> str | None:
        told = text.clean(getattr(self._document, "title", None) or "")
        return None if is_site_name(told) else told or None

    @property
    def published_at(self) -> str | None:
        moment = dates.parse(getattr(self._document, "date", None) or "")
        return dates.iso(moment) if moment else None

    @property
    def body(self) -> list[str]:
        told = getattr(self._document, "text", None) or ""
        lines = tidy(line.strip("|") for line in told.splitlines())
        return lines if any(map(is_line_of_text, lines)) else []


def is_line_of_text(line: str) -> bool:
    """Whether *line* is no entry of a menu: it is long, or a sentence that ends."""
    return len(line) >= _SHORTEST_LINE or line.endswith((".", "!", "?", "…", "”", '"'))

"""How a part of a page looks by its attributes: hidden, bold, slanted, set at the right."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import NamedTuple

from vovcrawler.pages.document import Document, Element

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_RIGHT_WORDS = frozenset(["text-right", "text-end", "align-right", "text-align-right", "rteright"])
_SLANTED_STYLE = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
# Sliders make copies of their ends.
_COPIES = frozenset(
    ["slick-cloned", "swiper-slide-duplicate", "splide__slide--clone", "glide__slide--clone", "cloned", "clone"]
)
# The last four are what players stand in the place of.
_HIDDEN_WORDS = frozenset(
    [
        "hidden",
        "hide",
        "d-none",
        "sr-only",
        "visually-hidden",
        "element-invisible",
        "invisible",
        "screen-reader-text",
        "instagram-media",
        "tiktok-embed",
        "fb-xfbml-parse-ignore",
        "text-post-media",  # Threads
    ]
)
# What style sheets in common use (Bootstrap, Tailwind) call it.
_BOLD_WORDS = ("font-bold", "font-semibold", "font-weight-bold", "fw-bold", "fw-bolder", "fw-semibold")
_SLANTED_WORDS = ("italic", "font-italic", "fst-italic")
_SLIDES = frozenset(
    ["slick-slide", "swiper-slide", "splide__slide", "glide__slide", "owl-item", "carousel-item", "cycle-slide"]
)
_SHOWN_AGAIN = re.compile(r"\bd-(?:sm|md|lg|xl|xxl)-(?:block|flex|inline|inline-block|grid|table)\b")


def is_hidden(element: Element) -> bool:
    """Tell whether a reader does not see *element*, however long he looks."""
    return any(itertools.starmap(_hides, element.items())) and not is_slide(element)


def is_at_right(element: Element) -> bool:
    words = (element.get("class") or "").lower().split()
    aligned = element.get("align") == "right" or bool(_RIGHT.search(element.get("style") or ""))
    return aligned or not _RIGHT_WORDS.isdisjoint(words)


def is_slide(element: Element) -> bool:
    """Tell whether *element* is a slide, which may not have come yet, and no copy of one."""
    words, holder = (element.get("class") or "").split(), element.getparent()
    if not _COPIES.isdisjoint(words):
        return False
    around = holder.get("class") if holder is not None else None
    return not _SLIDES.isdisjoint(words) or "slides" in (around or "").split()


def _hides(name: str, value: str) -> bool:
    if name == "class":
        return is_hiding(value)
    if name == "style":
        return _styled(value).hidden
    return name == "hidden" or (name == "aria-hidden" and value == "true")


class Looks(NamedTuple):
    """What a ``style`` or a class does to text."""

    hidden: bool = False
    bold: bool = False
    slanted: bool = False


PLAIN = Looks()


@lru_cache(maxsize=2048)
def _styled(style: str) -> Looks:
    """A page has few styles, each on many elements."""
    found = [pattern.search(style) is not None for pattern in (_HIDING_STYLE, _BOLD_STYLE, _SLANTED_STYLE)]
    return Looks(*found) if any(found) else PLAIN


@lru_cache(maxsize=2048)
def is_hiding(classes: str) -> bool:
    """Tell whether an element of these *classes* is not shown on any screen, or twice."""
    words = classes.split()
    if not _COPIES.isdisjoint(words):
        return True
    return not _HIDDEN_WORDS.isdisjoint(words) and not _SHOWN_AGAIN.search(classes)


def looks_in(document: Document) -> dict[Element, Looks]:
    """Return the elements of a page that make their text bold or slanted by ``style`` or class, or hide it."""
    styled = document.having("style")
    looks = map(_styled, [element.get("style", "") for element in styled])
    found = {element: told for element, told in zip(styled, looks, strict=True) if told is not PLAIN}
    for name, words in (("bold", _BOLD_WORDS), ("slanted", _SLANTED_WORDS)):
        for word in words:
            for element in document.with_word(word):
                found[element] = found.get(element, PLAIN)._replace(**{name: True})
    return found

"""What tells a caption from a paragraph: its name, its looks, the credit that it ends with.

Where pictures are and which of them a caption belongs to is known in :mod:`vovcrawler.pages.pictures`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from vovcrawler.pages.blocks import Block
from vovcrawler.pages.document import Element, holds, whole_text
from vovcrawler.pages.furniture import is_quoted
from vovcrawler.text import clean, split_credit

_CAPTION_WORDS = re.compile(
    r"caption|chu-?thich|mo-?ta-?anh|(?:^|[\s_-])(?:fig|desc|note_images?|image|photo|img)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PICTURE_CREDIT = re.compile(r"\b(?:ảnh|photo|hình|đồ h(?:ọa|oạ))\b[^:().]{0,40}(?::|\)|\.?$)", re.IGNORECASE)
# Behind a sentence or figures it is the source of what is said, behind a line of other words that of a picture.
_SOURCE_CREDIT = re.compile(r"^(?:(?![.!?…] )[^%])*[^.!?…] \(nguồn:[^()]{1,40}\)$", re.IGNORECASE)
_LONGEST_LINE = 200
_MOST_PARTS = 40
_CREDIT_WORDS = re.compile(r"credit|copyright|photographer", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_CENTRED_WORDS = frozenset(["text-center", "text-align-center", "align-center", "rtecenter"])


def is_marked_caption(block: Block) -> bool:
    if any(map(is_caption_name, _caption_names(block))):
        return True
    is_line = len(block.text) <= 300 and not block.text.endswith((",", ":"))
    is_slanted = block.slanted and not block.strong and is_line and not is_quoted(block.element)
    return is_slanted or is_credit_line(block.text)


def is_caption_name(named: str) -> bool:
    """Tell whether *named*, a class, is one of captions."""
    return bool(_CAPTION_WORDS.search(named))


def _caption_names(block: Block) -> Iterable[str]:
    """The classes of the element of *block*, of two boxes that hold nothing but it, and of what in it says all."""
    yield (element := block.element).get("class") or ""
    inner = element
    for holder in itertools.islice(element.iterancestors(), 2):
        if inner.getprevious() is not None or inner.getnext() is not None:
            break
        yield holder.get("class") or ""
        inner = holder
    for inner in element.iterchildren("span", "em", "i", "strong", "font"):
        if (named := inner.get("class")) and clean(whole_text(inner)) == block.text:
            yield named


def is_credit_line(text: str) -> bool:
    """Tell whether *text* is a caption by its form: short, and with a credit."""
    return len(text) <= 300 and split_credit(text, is_sure=False)[1] is not None


def part_credit(caption: str, figure: Element) -> tuple[str | None, str | None]:
    """Part from *caption* what an element of its *figure* that is named for credits says at either end of it."""
    inner = figure.iter("span", "small", "cite", "em", "i", "p", "div", "a", "figcaption")
    for element in itertools.islice(inner, _MOST_PARTS):
        named = element.get("class") or element.get("itemprop") or ""
        if element.tag != "cite" and not _CREDIT_WORDS.search(named):
            continue
        said = clean(whole_text(element))
        if not _is_at_end(said, caption):  # it may be labelled for those who cannot see it
            said = clean(next(filter(str.strip, reversed([*element.itertext()])), ""))
        if _is_at_end(said, caption):
            rest = caption.removesuffix(said) if caption.endswith(said) else caption.removeprefix(said)
            return rest.strip(" -–|/,;") or None, split_credit(said)[1] or said.strip(" ()[]") or None
    return caption, None


def _is_at_end(said: str, caption: str) -> bool:
    """Tell whether *caption* begins or ends with what was *said*."""
    return 0 < len(said) < _LONGEST_LINE and (caption.startswith(said) or caption.endswith(said))


def is_lone_caption(text: str) -> bool:
    """Tell whether *text* is a caption without its picture: it credits a picture, or is sourced and no sentence.

    >>> is_lone_caption("Ngoại trưởng Nga và Trung Quốc tại Moscow (Ảnh: Sputnik)")
    True
    >>> is_lone_caption("Khoảnh khắc tên lửa rời bệ phóng (Nguồn: Reuters)"), is_lone_caption("Ảnh Reuters.")
    (True, True)
    >>> is_lone_caption("Số ca mắc tăng 20% so với cùng kỳ (Nguồn: Bộ Y tế)")
    False
    >>> is_lone_caption("Số ca mắc đang tăng (Nguồn: Bộ Y tế).")
    False
    """
    named = _PICTURE_CREDIT.search(text) or _SOURCE_CREDIT.search(text)
    return named is not None and is_credit_line(text)


def is_centred_caption(block: Block, picture: Block) -> bool:
    """Tell whether *block* is one plain line in the middle, under a *picture* in the middle: no part of a poem."""
    line, behind = block.element, block.element.getnext()
    is_line = not block.strong and len(block.text) <= _LONGEST_LINE and not block.text.endswith((",", ":", "?"))
    is_under = line.getprevious() is picture.element and any(map(str.isalnum, block.text))
    if not is_line or not is_under or not _is_centred(line):
        return False
    is_last = behind is None or not _is_centred(behind) or holds(behind, "img")
    return _is_centred(picture.element) and (is_last or is_credit_line(clean(whole_text(behind))))


def _is_centred(element: Element) -> bool:
    if element.get("align") == "center" or _CENTRED.search(element.get("style") or ""):
        return True
    return not _CENTRED_WORDS.isdisjoint((element.get("class") or "").lower().split())

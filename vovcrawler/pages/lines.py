"""The lines of a text dump: wrapped ones joined again, and what some are that markup would have told.

Which field a line belongs to :mod:`vovcrawler.pages.dump` decides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from vovcrawler import dates, text

_WIDEST = 120  # no editor or mail program breaks lines later than this
_LONGEST_DATE_LINE = 60
_CLOCK = re.compile(r"\d{1,2}\s?[:hg]\s?\d\d")
# What a line may hold that is a date and nothing else.
_DATE = re.compile(
    r"(?:[\W\d_]|(?:thứ\s\w+|chủ\snhật|cn|ngày|tháng|năm|lúc|giờ|phút|h|am|pm|sa|ch|sáng|chiều|tối|gmt|utc|ict"
    r"|cập\snhật|ngày\sđăng|đăng|xuất\sbản|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)(?!\w))+",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "…")


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Return *lines*, which are clean, without the empty ones; those that a program broke at a width are joined.

    So it is when hardly a line stands above another that had held its first word, too.

    >>> unwrapped(["Một hai ba", "bốn năm sáu", "bảy", "", "Tám chín", "", "Mười"])
    ['Một hai ba bốn năm sáu bảy', 'Tám chín', 'Mười']
    >>> unwrapped(["Một hai ba", "bốn", "năm sáu", "bảy", "", "Tám chín mười"])
    ['Một hai ba', 'bốn', 'năm sáu', 'bảy', 'Tám chín mười']
    """
    width = max(map(len, lines), default=0)
    pairs = [pair for pair in itertools.pairwise(lines) if all(pair) and pair[0] != pair[1]]
    broken = [pair for pair in pairs if _is_broken(*pair, width)]
    if width > _WIDEST or "" not in lines or len(broken) < 2 or len(broken) * 3 < len(pairs) * 2:
        return [line for line in lines if line]
    joined = [lines[0]]
    for pair in itertools.pairwise(lines):
        if all(pair) and pair[0] != pair[1] and _is_broken(*pair, width):
            joined[-1] += " " + pair[1]
        else:
            joined.append(pair[1])
    return [line for line in joined if line]


def _is_broken(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width


def is_date(line: str, *, has_time: bool = True) -> bool:
    """Tell whether *line* is a date and nothing else, with its time.

    >>> is_date("Thứ Hai, 16:54, 29/12/2025 |"), is_date("29/12/2025"), is_date("29/12/2025", has_time=False)
    (True, False, True)
    >>> is_date("19h00 ngày 29/12/2025: Việt Nam - Thái Lan")
    False
    """
    is_bare = len(line) <= _LONGEST_DATE_LINE and bool(_DATE.fullmatch(line))
    return is_bare and dates.parse(line) is not None and (not has_time or bool(_CLOCK.search(line)))


def is_dated(line: str) -> bool:
    """Tell whether the short *line*, which stands right below a headline, says when the article came out.

    >>> is_dated("Phi Long - 16:54, 29/12/2025"), is_dated("VOV.VN - Sáng 29/12/2025, lúc 9h00, tại Hà Nội.")
    (True, False)
    """
    if is_date(line, has_time=False):
        return True
    is_said = len(line) > _LONGEST_DATE_LINE or line.endswith(_SENTENCE_END) or text.has_outlet(line)
    return not is_said and bool(_CLOCK.search(line)) and dates.parse(line) is not None

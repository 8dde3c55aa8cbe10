"""The lines of a text dump: wrapped ones joined again.

Which field a line belongs to :mod:`vovcrawler.pages.dump` decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

_WIDEST = 120  # no editor or mail program breaks lines later than this


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

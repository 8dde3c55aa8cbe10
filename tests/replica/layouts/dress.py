"""Plain text as an editor's tools leave it in HTML: bold words, links, odd spaces, decomposed letters.

What a reader sees stays the text that came in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html import escape
from random import Random

_WRAPS = (
    ("<strong>", "</strong>"),
    ("<em>", "</em>"),
    ("<b>", "</b>"),
    ("<i>", "</i>"),
    ("<u>", "</u>"),
    ('<span style="color:#333">', "</span>"),
    ('<a href="/tu-khoa/trieu-tien-tag6511">', "</a>"),
    ('<a href="https://vov.vn/the-gioi/mot-bai-khac-trong-cau-post1000001.vov" target="_blank">', "</a>"),
    ('<a href="https://www.reuters.com/world/" rel="nofollow"><strong>', "</strong></a>"),
    ('<font face="Arial">', "</font>"),
)
_SPACES = ("&nbsp;", "\u00a0", "\n      ", "<br>", "<br/>\n", "&#8201;", "\u202f", "&ensp;", "  ", "\t")
_NOTHINGS = ("\u200b", "&#8203;", "&shy;", "\u00ad", "\ufeff", "<!-- -->", "&zwnj;")


def inline(rng: Random, text: str) -> str:
    """Return *text* as the inside of a paragraph.

    >>> "&lt;" in inline(Random(4), "a < b")
    True
    """
    words = [escape(word, quote=False) for word in text.split(" ")]
    gaps = [" "] * (len(words) - 1) + [""]
    for chance, change in _CHANGES:
        if rng.random() < chance:
            change(rng, words, gaps)
    html = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    return unicodedata.normalize("NFD", html) if rng.random() < 0.08 else html


def _wrap(rng: Random, words: list[str], gaps: list[str]) -> None:
    first = rng.randrange(len(words))
    last = min(len(words) - 1, first + rng.randrange(5))
    opening, closing = rng.choice(_WRAPS)
    if any("<" in word for word in words[first : last + 1]):
        return
    words[first] = opening + words[first]
    if gaps[last] == " " and rng.random() < 0.4:  # the space within the tag
        words[last], gaps[last] = f"{words[last]} {closing}", ""
    else:
        words[last] += closing


def _space(rng: Random, words: list[str], gaps: list[str]) -> None:
    at = rng.randrange(len(gaps))
    if gaps[at] == " ":
        gaps[at] = rng.choice(_SPACES)


def _nothing(rng: Random, words: list[str], gaps: list[str]) -> None:
    at = rng.randrange(len(words))
    if "<" not in words[at] and "&" not in words[at]:
        middle = len(words[at]) // 2
        words[at] = words[at][:middle] + rng.choice(_NOTHINGS) + words[at][middle:]


def _entity(rng: Random, words: list[str], gaps: list[str]) -> None:
    at = rng.randrange(len(words))
    if "<" not in words[at] and "&" not in words[at]:
        words[at] = "".join(sign if sign.isascii() else f"&#{ord(sign)};" for sign in words[at])


def _initial(rng: Random, words: list[str], gaps: list[str]) -> None:
    if words[0][:1].isalpha():
        words[0] = f'<span class="dropcap">{words[0][0]}</span>{words[0][1:]}'


_Change = Callable[[Random, list[str], list[str]], None]
_CHANGES: tuple[tuple[float, _Change], ...] = (
    (0.3, _wrap),
    (0.1, _wrap),
    (0.25, _space),
    (0.1, _space),
    (0.1, _nothing),
    (0.06, _entity),
    (0.03, _initial),
)

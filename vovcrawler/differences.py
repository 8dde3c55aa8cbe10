"""What changed between two texts, word by word: pieces that were removed, added, or stayed the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, takewhile, zip_longest
from operator import itemgetter
from typing import Any, Literal

Kind = Literal["same", "removed", "added"]

# "14,8" and "4.127" are one word each.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")
# Two paragraphs that share less are not one paragraph rewritten.
_ALIKE = 0.35
# Each word is looked for wherever it stands, again and again; where that takes long, a text is told as a whole.
_MOST_PLACES = 100_000
# So many paragraphs, in all, are looked at for what became of others.
_MOST_PAIRS = 100_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and what became of it."""

    kind: Kind
    text: str


Line = list[Piece]


def of_texts(old: str | None, new: str | None) -> Line:
    """Return how *old* became *new*.

    >>> of_texts("Giá vàng tăng nhẹ", "Giá vàng giảm nhẹ")  # doctest: +NORMALIZE_WHITESPACE
    [Piece(kind='same', text='Giá vàng '), Piece(kind='removed', text='tăng'), Piece(kind='added', text='giảm'),
     Piece(kind='same', text=' nhẹ')]
    >>> of_texts(None, "Mới")
    [Piece(kind='added', text='Mới')]
    """
    old, new = old or "", new or ""
    if old == new:
        return [Piece("same", new)] if new else []
    one, other = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    words, others = [word[0] for word in one], [word[0] for word in other]
    counts = Counter(others)
    if not (one and other) or sum(counts[word] for word in words) > _MOST_PLACES:
        return _pieces([("removed", old), ("added", new)])
    told: list[tuple[Kind, str]] = []
    left = right = 0
    for start, begin, size in SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks():
        for before, after in zip(one[start : start + size], other[begin : begin + size], strict=True):
            told += [*_between(old[left : before.start()], new[right : after.start()]), ("same", after[0])]
            left, right = before.end(), after.end()
    return _pieces([*told, *_between(old[left:], new[right:])])


def of_paragraphs(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Return how the paragraphs *old* became *new*, one line for each that is or was there.

    >>> [[piece.kind for piece in line] for line in of_paragraphs(["Một", "Hai ba bốn"], ["Hai ba năm", "Sáu"])]
    [['removed'], ['same', 'removed', 'added'], ['added']]
    """
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [[Piece("same", text)] for text in old[i1:i2]]
        else:
            lines += [of_texts(before, after) for before, after in _pairs(old[i1:i2], new[j1:j2])]
    return lines


def of_records(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Line]]:
    """Return what changed in the text of an article, for each of headline, lead and body that did change."""
    lines = {name: [of_texts(old[name], new[name])] for name in ("headline", "lead")}
    lines["body"] = of_paragraphs(old["body"], new["body"])
    return {name: told for name, told in lines.items() if old[name] != new[name]}


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Match each old paragraph with the first new one that is like it; what has no like stands alone."""
    start, reach = 0, _MOST_PAIRS // max(1, len(old))
    words = [set(text.split()) for text in new]
    for before in old:
        ours = set(before.split())
        places = range(start, min(len(new), start + reach))
        like = next((place for place in places if _are_alike(ours, words[place])), None)
        if like is None:
            yield before, None
            continue
        yield from zip_longest((), new[start:like])
        yield before, new[like]
        start = like + 1
    yield from zip_longest((), new[start:])


def _are_alike(words: Set[str], others: Set[str]) -> bool:
    return len(words & others) > _ALIKE * max(1, min(len(words), len(others)))


def _between(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    """Yield what became of the text between two words that both have, which keep the spaces beside them."""
    lead = _common_space(old, new)
    old, new = old[len(lead) :], new[len(lead) :]
    tail = _common_space(old[::-1], new[::-1])[::-1]
    end = -len(tail) or None
    yield from (("same", lead), ("removed", old[:end]), ("added", new[:end]), ("same", tail))


def _common_space(one: str, other: str) -> str:
    """Return the spaces with which both begin."""
    pairs = zip(one, other, strict=False)
    return "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace(), pairs))


def _pieces(told: Iterable[tuple[Kind, str]]) -> Line:
    """Return what was told, neighbours of one kind as one piece."""
    whole = groupby(((kind, text) for kind, text in told if text), key=itemgetter(0))
    return [Piece(kind, "".join(text for _, text in group)) for kind, group in whole]

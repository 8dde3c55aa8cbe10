"""What changed between two texts, word by word: pieces that were removed, added, or stayed the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

Kind = Literal["same", "removed", "added"]

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# Two paragraphs that share less are not one paragraph rewritten.
_ALIKE = 0.35
# Comparing by words costs the product of the lengths; what is longer is told as a whole.
_MOST_TOKENS = 6_000


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
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    if not (one and other) or max(len(one), len(other)) > _MOST_TOKENS:
        return _pieces(("removed", old), ("added", new))
    changes: list[tuple[str, str]] = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        changes.append(("".join(one[i1:i2]), "".join(other[j1:j2])))
        _join_last(changes)
    return [piece for change in changes for piece in _told(*change)]


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
    start = 0
    for before in old:
        like = next((place for place in range(start, len(new)) if _are_alike(before, new[place])), None)
        if like is None:
            yield before, None
            continue
        yield from zip_longest((), new[start:like])
        yield before, new[like]
        start = like + 1
    yield from zip_longest((), new[start:])


def _are_alike(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return len(words & others) > _ALIKE * max(1, min(len(words), len(others)))


def _pieces(*told: tuple[Kind, str]) -> Line:
    return [Piece(kind, text) for kind, text in told if text]


def _told(removed: str, added: str) -> Line:
    return _pieces(("same", added)) if removed == added else _pieces(("removed", removed), ("added", added))


def _join_last(changes: list[tuple[str, str]]) -> None:
    """Make one change of two exchanges with but a space between: "một hai" → "ba bốn"."""
    if len(changes) < 3:
        return
    first, (space, same), last = changes[-3:]
    if space == same and space.isspace() and all((*first, *last)) and first[0] != first[1] and last[0] != last[1]:
        changes[-3:] = [(first[0] + space + last[0], first[1] + space + last[1])]

"""Near copies: how alike two texts are, and a fingerprint that finds the like without reading all.

A text is the set of its shingles: pairs of neighbouring syllables, folded, so that a lost tone mark or another
quotation mark changes nothing. Likeness is the exact Jaccard similarity of two such sets. MinHash bands only say
which texts are worth comparing: two texts may be alike when they share a band. Where bands are kept, and which
article is the earlier one, is the catalogue's.

Why pairs, and why 0.6: of n syllables of which a tenth is exchanged, at least 8 pairs of 10 survive, so that the
similarity is about 0.8 / 1.2 = 0.67 (0.82 when a twentieth is exchanged), whereas two reports on one matter share
0.03 to 0.1. Triples would ask for a limit of 0.5 and more bands for the same recall; single syllables
do not tell two reports apart (0.4). ``python -m benchmarks.copies`` prints the figures.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Self
from zlib import crc32

from rensa import RMinHash

from vovcrawler.errors import UsageTrouble
from vovcrawler.text import fold

#: What counts as a near copy unless told otherwise.
SIMILARITY = 0.6

# A text of fewer shingles is a caption or a piece of one line: what makes it another is a word or two.
_FEWEST = 50
# Texts that exchange a number in so many syllables, and two at least, are instalments of a series: gold prices,
# weather, results. Those have a number in every ten syllables; an update of a story exchanges one in a hundred.
_SYLLABLES_A_NUMBER = 50
# As many when not a single word differs: nobody edited that, a form was filled in.
_SYLLABLES_A_NUMBER_IN_A_FORM = 100

# A band is four slots of a MinHash signature. Texts whose similarity is s share one of sixteen with a probability
# of 1 - (1 - s⁴)¹⁶. (Of three slots twelve would do, yet among a million articles each text shares one with 80
# others by chance, not with 7.) What shares one by chance is told by its hint, without reading more than the row
# it stands in: the last bits of 64 other slots, of which (1 + s) / 2 agree. So much less than the limit passes.
_BANDS, _ROWS, _HINT = 16, 4, 64
_SLOTS = _BANDS * _ROWS + _HINT
_MARGIN = 1 / 6
_SEED = 2026

_64_BITS = (1 << _HINT) - 1
_LAST_BIT = bytes(b"01"[byte & 1] for byte in range(256))

# Folded text is mostly plain letters: asked for first, they halve the time.
_SYLLABLE = re.compile(r"[a-z]+|\d+(?:[.,:/-]\d+)*|[^\W\d_]+")
# To be raised when the same text gives other shingles than before and the probe does not show it.
_VERSION = 1
_PROBE = "Ngày 26/5, Đài Tiếng nói Việt Nam: giá vàng 66,45 triệu đồng; VOV.VN “đóng góp thiết thực” lúc 16h30."


def limit(value: object) -> float:
    """Read the setting ``NEAR_DUPLICATE_SIMILARITY``; raises :class:`UsageTrouble`.

    >>> limit("0.75")
    0.75
    """
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise UsageTrouble(
            f"NEAR_DUPLICATE_SIMILARITY={value!s} is not a similarity above 0 and up to 1, such as {SIMILARITY};"
            " 0 marks no near copies."
        )
    return number


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What finds a text among others: numbers that the like shares, and one from which it is guessed how like."""

    bands: tuple[int, ...]
    hint: int

    @classmethod
    def of(cls, shingles: list[str]) -> Self:
        sketch = RMinHash(num_perm=_SLOTS, seed=_SEED)
        sketch.update(shingles)
        packed = struct.pack(f"<{_SLOTS}I", *sketch.digest())
        places = range(0, 4 * _BANDS * _ROWS, 4 * _ROWS)
        bands = (crc32(packed[place : place + 4 * _ROWS], place) - (1 << 31) for place in places)
        return cls(tuple(bands), int(packed[-4 * _HINT :: 4].translate(_LAST_BIT), 2) - (1 << 63))

    def likeliest(self, hints: Iterable[tuple[int, int]], similarity: float) -> list[tuple[float, int]]:
        """Return whose *hints* may be of texts with this *similarity* or more, the likeliest first.

        Before each stands how like that text may be at most.
        """
        mine, most = self.hint, int(_HINT * (1 - similarity + _MARGIN) / 2)
        # Most are told apart here, millions of them: the shortest way counts.
        near = {(bits, name) for name, hint in hints if (bits := ((mine ^ hint) & _64_BITS).bit_count()) <= most}
        return [(1 + _MARGIN - 2 * bits / _HINT, name) for bits, name in sorted(near)]


@dataclass(frozen=True)
class Text:
    """The text of an article as it is compared."""

    syllables: list[str]

    @classmethod
    def of(cls, paragraphs: Iterable[str]) -> Self:
        r"""Read *paragraphs*; where one ends and the next begins does not matter.

        >>> sorted(Text.of(["Giá vàng", "hôm nay: 66,45."]).shingles)
        ['gia vang', 'hom nay', 'nay 66,45', 'vang hom']
        """
        return cls(_SYLLABLE.findall(fold("\n".join(paragraphs))))

    @cached_property
    def _pairs(self) -> list[str]:
        return list(map(" ".join, pairwise(self.syllables)))

    @cached_property
    def shingles(self) -> frozenset[str]:
        """What is compared; most texts have no other that is like them, and are never asked for it."""
        return frozenset(self._pairs)

    @cached_property
    def is_comparable(self) -> bool:
        """Whether the text is long enough to be called a copy of another."""
        return len(set(self._pairs[: 4 * _FEWEST])) >= _FEWEST or len(self.shingles) >= _FEWEST

    def likeness(self, other: Text, least: float = 0.0) -> float:
        """Return how alike the two texts are, 0 to 1; 0 when they are instalments of a series, or too short.

        Less than *least* is 0, too, and told at once.

        >>> story = [f"Chuyện của {a}{b} không giống chuyện của {b}{a}" for a in "bcdgh" for b in "aeiou"]
        >>> round(Text.of(story).likeness(Text.of(story[1:])), 2)
        0.96
        >>> prices = [f"{name}: mua vào {{0}}, bán ra {{0}}" for name in "SJC PNJ DOJI Phú Bảo Ngọc".split()]
        >>> monday, tuesday = ([line.format(price) for line in prices * 3] for price in ("66,4", "66,7"))
        >>> Text.of(monday).likeness(Text.of(tuesday))
        0.0
        """
        if not (self.is_comparable and other.is_comparable):
            return 0.0
        shared = len(self.shingles & other.shingles)
        likeness = shared / (len(self.shingles) + len(other.shingles) - shared)
        return 0.0 if likeness < least or self._is_another_instalment(other) else likeness

    def _is_another_instalment(self, other: Text) -> bool:
        (words, numbers), (other_words, other_numbers) = self._parts, other._parts
        # Where every region has its temperatures, the same numbers come again by chance; their pairs seldom do.
        exchanged = _exchanged(numbers, other_numbers)
        most = max(exchanged, _exchanged(pairwise(numbers), pairwise(other_numbers)))
        length = min(len(self.syllables), len(other.syllables))
        if most >= max(2, length / _SYLLABLES_A_NUMBER):
            return True
        return exchanged >= length / _SYLLABLES_A_NUMBER_IN_A_FORM and words == other_words

    @cached_property
    def _parts(self) -> tuple[list[str], list[str]]:
        words: list[str] = []
        numbers: list[str] = []
        for syllable in self.syllables:
            (numbers if syllable[0].isdecimal() else words).append(syllable)
        return words, numbers

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What finds this text; of a text that is not comparable it says nothing."""
        return Fingerprint.of(self._pairs)


def _exchanged(one: Iterable[Hashable], other: Iterable[Hashable]) -> int:
    """Return how many of the things that are here stand for others there."""
    here, there = Counter(one), Counter(other)
    return min((here - there).total(), (there - here).total())


@cache
def scheme() -> str:
    """Return the name of the way in which fingerprints are made here.

    Those of different schemes cannot be compared. A probe, short and long, tells what no version number promises:
    that the library, on this machine, still makes the same numbers of the same text.
    """
    probe = [Text.of([_PROBE, *map(str, range(length))]).fingerprint for length in (0, 1000)]
    return f"{_VERSION}-rensa{RMinHash.ALGORITHM_VERSION}-{sha256(repr(probe).encode()).hexdigest()[:16]}"

"""What holds back, in memory, nearly all bands that no article has.

Of the bands of a new article hardly one stands in the table, and to find that out takes a page of it each. A sieve
has many bits; a band that was added has set two of them, so a band of which one is not set was never added.
Nothing is taken out again: of the bands that pass some stand nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable

# Bytes. A sieve that is full is made anew, so many times as large, but never larger than what the memory may take.
_SMALLEST, _GROWTH, _LARGEST = 12 << 10, 4, 12 << 20
# A sieve of so many bands for each byte is full: a twentieth of what stands nowhere passes.
_BANDS_A_BYTE = 1
# The second bit of a band is near the first: both are in the processor's cache then.
_NEAR = 63


class Sieve:
    """The *bits* of a *number* of bands that were added."""

    def __init__(self, bits: bytearray, number: int) -> None:
        self.bits = bits
        self.number = number

    @classmethod
    def of(cls, number: int, bands: Iterable[int]) -> Sieve:
        """Return a sieve that lets *bands* pass, which are this *number*, with room for more.

        >>> Sieve.of(3, [-5, 0, 7]).passing([7, 6, -5])
        [7, -5]
        """
        size = _SMALLEST
        while size < _LARGEST and _BANDS_A_BYTE * size <= number:
            size *= _GROWTH
        sieve = cls(bytearray(min(size, _LARGEST)), 0)
        sieve.add(bands)
        return sieve

    @property
    def is_full(self) -> bool:
        """Whether a larger one would hold back more."""
        size = len(self.bits)
        return self.number > _BANDS_A_BYTE * size and size < _LARGEST

    def add(self, bands: Iterable[int]) -> None:
        """Let *bands* pass from now on."""
        bits, places = self.bits, 8 * len(self.bits)
        for band in bands:
            rest, place = divmod(band, places)
            bits[place >> 3] |= 1 << (place & 7)
            place ^= rest & _NEAR
            bits[place >> 3] |= 1 << (place & 7)
            self.number += 1

    def passing(self, bands: Iterable[int]) -> list[int]:
        """Return those of *bands* that may have been added."""
        bits, places = self.bits, 8 * len(self.bits)
        found = []
        for band in bands:
            rest, place = divmod(band, places)
            if bits[place >> 3] >> (place & 7) & 1:
                place ^= rest & _NEAR
                if bits[place >> 3] >> (place & 7) & 1:
                    found.append(band)
        return found

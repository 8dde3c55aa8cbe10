"""The sieve in front of the bands: what was added passes, most else does not."""

from __future__ import annotations

from random import Random

import pytest

from vovcrawler.catalogue import sieve
from vovcrawler.catalogue.sieve import Sieve

SPREAD = (-(1 << 31), (1 << 31) - 1)


def spread(number: int, seed: int) -> list[int]:
    random = Random(seed)
    return [random.randint(*SPREAD) for _ in range(number)]


@pytest.mark.parametrize("number", [0, 1, 5_000, 20_000, 140_000])
def test_all_that_was_added_passes_and_of_the_rest_a_tenth_at_most(number):
    bands, others = spread(number, 1), spread(4_000, 2)
    made = Sieve.of(len(bands), bands)
    assert made.passing(bands) == bands
    assert not made.is_full
    assert len(made.passing(others)) < 0.1 * len(others)


def test_the_first_and_the_last_band_pass():
    made = Sieve.of(0, [])
    assert made.passing(SPREAD) == []
    made.add(SPREAD)
    assert made.passing([5, *SPREAD]) == list(SPREAD)


def test_one_that_is_full_is_made_anew_with_room():
    bands = spread(13_000, 3)
    made = Sieve.of(0, [])
    while not made.is_full:
        made.add(bands[made.number : made.number + 1_000])
    assert made.number == 13_000
    larger = Sieve.of(made.number, bands[: made.number])
    assert not larger.is_full
    assert len(larger.bits) == 4 * len(made.bits)


def test_it_takes_no_more_memory_than_it_may(monkeypatch):
    monkeypatch.setattr(sieve, "_LARGEST", 1 << 14)
    bands = spread(100_000, 4)
    made = Sieve.of(len(bands), bands)
    assert len(made.bits) == 1 << 14
    assert not made.is_full
    assert made.passing(bands) == bands

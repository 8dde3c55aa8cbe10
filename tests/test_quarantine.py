"""Damaged files repaired: where what the catalogue expects lies afterwards. Whole archives stand in test_check."""

from __future__ import annotations

import random

import pytest

from tests.warcs import Rec, http, members, page, plain
from vovcrawler.quarantine import repair
from vovcrawler.warc.reading import Record, records

DATE = "2026-01-01T00:00:00Z"
PAGES = [Rec(id=number, block=http(page(str(number)))) for number in (1, 2, 3)]
GARBAGE = random.Random(1).randbytes(60) + b"\r\n"


def found(path) -> list[tuple[int, str | None]]:
    with path.open("rb") as file:
        read = list(records(file))
    assert all(isinstance(record, Record) for record in read)
    return [(record.offset, record.bare("WARC-Record-ID")) for record in read]


@pytest.mark.parametrize(("name", "form"), [("a.warc.gz", members), ("a.warc", plain)])
@pytest.mark.parametrize("is_new", [False, True])
def test_a_stretch_that_is_too_short_for_a_record_moves_nothing_that_is_in_its_place(tmp_path, name, form, is_new):
    path = tmp_path / name
    first, second, third = (form([one]) for one in PAGES)
    in_place = len(first) + (0 if is_new else len(GARBAGE)) + len(second)
    path.write_bytes(first + GARBAGE + second + third)
    claims = {0: PAGES[0].urn, in_place: PAGES[2].urn}
    (hole,) = repair(path, claims, DATE)
    assert (hole.start, hole.stop) == (len(first), len(first) + len(GARBAGE))
    assert found(path) == [(0, PAGES[0].urn), (in_place - len(second), PAGES[1].urn), (in_place, PAGES[2].urn)]
    assert (tmp_path / "quarantine" / f"{name}.damaged").read_bytes() == first + GARBAGE + second + third


@pytest.mark.parametrize("claims", [{}, {0: PAGES[0].urn}])
def test_a_short_stretch_is_left_out_where_nothing_is_expected_behind_it(tmp_path, claims):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members(PAGES[:1]) + GARBAGE + members(PAGES[1:]))
    repair(path, claims, DATE)
    assert path.read_bytes() == members(PAGES)


@pytest.mark.parametrize(("name", "form"), [("a.warc.gz", members), ("a.warc", plain)])
def test_a_damaged_record_behind_a_short_stretch_is_covered_with_it(tmp_path, name, form):
    path = tmp_path / name
    first, second, third = (form([one]) for one in PAGES)
    starts = len(first) + len(GARBAGE), len(first) + len(GARBAGE) + len(second)
    path.write_bytes(first + GARBAGE + b"?" * (len(second) - 1) + b"\n" + third)
    (hole,) = repair(path, {starts[0]: PAGES[1].urn, starts[1]: PAGES[2].urn}, DATE)
    assert (hole.start, hole.stop) == (len(first), starts[1])
    assert found(path)[-1] == (starts[1], PAGES[2].urn)

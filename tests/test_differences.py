"""Word differences between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawler.differences import Line, of_paragraphs, of_records, of_texts


def short(line: Line) -> str:
    """Write a line as ``same [-removed-] {+added+}``."""
    forms = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(forms[piece.kind].format(piece.text) for piece in line)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Một hai ba", "Một hai ba", "Một hai ba"),
        ("Một hai ba", "Một bốn ba", "Một [-hai-]{+bốn+} ba"),
        ("Một hai", "Một hai ba", "Một hai{+ ba+}"),
        ("Một hai ba", "Một ba", "Một [-hai -]ba"),
        ("mot hai ba bon nam", "mot sau bay bon nam", "mot [-hai ba-]{+sau bay+} bon nam"),
        ("Ông nói: “Có”.", "Ông nói: “Không”.", "Ông nói: “[-Có-]{+Không+}”."),
        ("đàm phán", "Đàm phán", "[-đàm-]{+Đàm+} phán"),
        ("", "Mới", "{+Mới+}"),
        ("Cũ", "", "[-Cũ-]"),
    ],
)
def test_words_that_changed_are_told_apart(old: str, new: str, told: str) -> None:
    assert short(of_texts(old, new)) == told


def test_paragraphs_are_matched_with_what_they_became() -> None:
    old = ["Mở đầu.", "Giá vàng hôm nay tăng 100 nghìn đồng.", "Kết."]
    new = ["Mở đầu.", "Đoạn mới hoàn toàn.", "Giá vàng hôm nay tăng 200 nghìn đồng.", "Kết."]
    assert [short(line) for line in of_paragraphs(old, new)] == [
        "Mở đầu.",
        "{+Đoạn mới hoàn toàn.+}",
        "Giá vàng hôm nay tăng [-100-]{+200+} nghìn đồng.",
        "Kết.",
    ]


def test_only_fields_that_changed_are_told() -> None:
    old = {"headline": "Tít", "lead": None, "body": ["a"]}
    assert of_records(old, old) == {}
    assert list(of_records(old, {**old, "lead": "Sapo"})) == ["lead"]


_TEXT = st.lists(st.sampled_from(["một", "hai", "ba", " ", ".", "“", "\n"]), max_size=20).map("".join)


@given(_TEXT, _TEXT)
def test_both_texts_can_be_read_from_the_difference(old: str, new: str) -> None:
    line = of_texts(old, new)
    assert "".join(piece.text for piece in line if piece.kind != "added") == old
    assert "".join(piece.text for piece in line if piece.kind != "removed") == new


@given(st.lists(_TEXT, max_size=5), st.lists(_TEXT, max_size=5))
def test_all_paragraphs_can_be_read_from_the_difference(old: list[str], new: list[str]) -> None:
    lines = of_paragraphs(old, new)
    for kind, texts in (("added", old), ("removed", new)):
        told = ["".join(piece.text for piece in line if piece.kind != kind) for line in lines]
        assert [text for text in told if text] == [text for text in texts if text]

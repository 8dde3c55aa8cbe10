"""Word differences between two texts."""

from __future__ import annotations

from time import process_time

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
        ("14,8%, 4.127 hộ", "15,8%, 4.128 hộ", "[-14,8-]{+15,8+}%, [-4.127-]{+4.128+} hộ"),
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


def test_the_words_of_a_long_text_are_told_apart_at_once() -> None:
    words = [f"từ{number % 900}" for number in range(3000)]
    changed = [f"{word}x" if place % 10 == 5 else word for place, word in enumerate(words)]
    began = process_time()
    line = of_texts(" ".join(words), " ".join(changed))
    assert [piece.kind for piece in line] == ["same", "removed", "added"] * 300 + ["same"]
    # Half a second here; where spaces were looked for as words are, minutes.
    assert process_time() - began < 20


def test_a_text_of_one_word_over_and_over_is_told_as_a_whole() -> None:
    began = process_time()
    line = of_texts("vàng " * 5000, "vàng " * 4000 + "bạc")
    assert [piece.kind for piece in line] == ["removed", "added"]
    assert process_time() - began < 5


def test_many_paragraphs_are_matched_at_once() -> None:
    old = [f"Đoạn {number} " + " ".join(f"cũ{number}-{place}" for place in range(60)) for number in range(2000)]
    new = [f"{text} thêm" for text in old[1:]]
    began = process_time()
    lines = of_paragraphs(old, new)
    assert [short(line)[-9:] for line in lines[1:]] == ["{+ thêm+}"] * 1999
    assert process_time() - began < 30


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

"""What is typed into a search box, and what FTS5 is asked for it."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vovcrawler.queries import MAX_TERMS, MAX_WORD, Closeness, Sense, parse, words


def nothing(_: str) -> list[str]:
    return []


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(a, content = '', tokenize = 'ascii')")
        yield connection


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("Triều Tiên", '("trieu" AND "tien")'),
        ("TRIEU TIEN", '("trieu" AND "tien")'),
        ('"đàm phán"', '"dam phan"'),
        ("“đàm phán”", '"dam phan"'),
        ('"đàm phán', '"dam phan"'),
        ("Nga OR Mỹ", '("nga" OR "my")'),
        ("Nga or Mỹ", '("nga" AND "or" AND "my")'),
        ("Triều Tiên OR Hàn Quốc", '(("trieu" AND "tien") OR ("han" AND "quoc"))'),
        ("OR", '"or"'),
        ("AND", '"and"'),
        ("Nga AND Mỹ", '("nga" AND "my")'),
        ("Nga OR", '("nga" AND "or")'),
        ("Covid-19", '"covid 19"'),
        ("26/5", '"26 5"'),
        ("body : x) NEAR(", '("body" AND "x" AND "near")'),
        ("a\x00b", '("a" AND "b")'),
        # Letters that stand for several words, and for none.
        ("½ ly", '("1 2" AND "ly")'),
        ("\ufe70 ly", '"ly"'),
        ("", '"§"'),
        ("* ^ - + ( ) : '", '"§"'),
    ],
)
def test_what_is_typed_becomes_words_phrases_and_alternatives(typed: str, expression: str) -> None:
    assert parse(typed).wanted(nothing) == expression


def test_a_word_with_a_dash_is_left_out_with_the_marks_it_has() -> None:
    query = parse("Nga -má -ba")
    assert query.wanted(nothing) == '"nga"'
    assert query.unwanted(nothing) == '(("ma" AND "má") OR "ba")'
    query = parse("Nga -OR Mỹ")
    assert (query.wanted(nothing), query.unwanted(nothing)) == ('("nga" AND "my")', '"or"')


def test_a_prefix_is_completed_from_the_vocabulary() -> None:
    assert parse("ngoại gi*").wanted(lambda _: ["gia", "giao"]) == ('("ngoai" AND ("gia" OR "giao"))')
    assert parse('"ngoại gi*"').wanted(lambda _: ["giao"]) == '"ngoai giao"'
    assert parse("xyz*").wanted(nothing) == '"xyz"'


@pytest.mark.parametrize(
    ("typed", "senses"),
    [
        ("dam phan", [Sense.FOLDED]),
        ("đàm", [Sense.ALL_MARKS, Sense.FOLDED]),
        ("đam phán", [Sense.ALL_MARKS, Sense.SOME_MARKS, Sense.FOLDED]),
        # What a word only begins with has no marks to compare.
        ("đà*", [Sense.FOLDED]),
        ('"đàm phá"*', [Sense.ALL_MARKS, Sense.FOLDED]),
    ],
)
def test_marks_that_were_typed_are_asked_for_first(typed: str, senses: list[Sense]) -> None:
    assert parse(typed).senses() == senses


def test_the_closest_sense_asks_for_each_marked_word() -> None:
    query = parse("đam phán mới")
    assert query.wanted(nothing, Sense.SOME_MARKS, Closeness.ADJACENT) == (
        '("dam phan moi" AND ("đam" OR "phán" OR "mới"))'
    )
    assert query.wanted(nothing, Sense.ALL_MARKS, Closeness.NEAR) == (
        '(NEAR("dam" "phan" "moi", 10) AND "đam" AND "phán" AND "mới")'
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("THUÝ", "thúy"), ("Hoè", "hòe"), (unicodedata.normalize("NFD", "Đàm"), "đàm")],
)
def test_spellings_of_one_word_are_one_word(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_the_longest_query_has_bounds() -> None:
    assert len(parse("a" * 10_000).alternatives[0][0].words[0].folded) == MAX_WORD
    assert sum(map(len, parse("a OR b " * 5_000).alternatives)) == MAX_TERMS
    assert len(parse(f'"{"a " * 5_000}"').alternatives[0][0].words) == MAX_TERMS


_PIECES = st.sampled_from(
    [
        '"',
        "“",
        "-",
        "*",
        "(",
        ")",
        " OR ",
        " AND ",
        "NEAR(",
        "NOT ",
        ":",
        "^",
        "+",
        "{",
        "\x00",
        "đàm",
        "§",
        "'",
        ";--",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=12), max_size=30).map("".join))
def test_whatever_is_typed_is_an_expression_that_fts5_reads(index: sqlite3.Connection, typed: str) -> None:
    query = parse(typed)
    for sense in query.senses():
        for closeness in query.closenesses():
            index.execute(
                "SELECT * FROM t WHERE t MATCH ?", (query.wanted(lambda word: [word], sense, closeness),)
            )
    if unwanted := query.unwanted(nothing):
        index.execute("SELECT * FROM t WHERE t MATCH ?", (unwanted,))

"""Characters: whatever way a text is coded, a reader sees one and the same."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vovcrawler import letters

# Text made of the stuff that the rules look for, so that they meet each other.
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["&", "amp;", "&amp;", "#38;", "&nbsp;", "#x26;", ";", "\u037e", "a", "e", "Đ", "…", "”", "–"]
        ),
        st.sampled_from([" ", "\n", "\u00a0", "\u200b", "\u0301", "\u0302", "\ud83d", "\ude00"]),
    ),
    max_size=14,
).map("".join)
TEXT = st.text(st.characters(), max_size=60) | PIECES


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Tin\u00a0tức", "Tin tức"),
        ("a\u202fb\u2003c\u3000d\u2028e\u2029f\u2009g\u205fh\u1680i", "a b c d e f g h i"),
        ("a\tb\r\nc\x0bd\x0ce\x85f", "a b c d e f"),
        ("  \n a \n ", "a"),
        ("a\u200b\u200c\u200d\u2060\ufeffb", "ab"),
        ("a \u200b b", "a b"),
        ("xâm\u00adnhập", "xâmnhập"),
        ("\u200fa\u202eb\u2066c\u2069", "abc"),
        ("a\x00b\x07c\x1fd\x9fe", "abcde"),
        ("a\ud800b", "ab"),
        ("\ud83d\ude00", "😀"),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
        ("Thu&#768; t&#7909;c", "Thù tục"),
        ("A &amp; B", "A & B"),
        ("a&nbsp;b&ensp;c&#160;d&#xA0;e", "a b c d e"),
        ("a&shy;b&zwnj;c", "abc"),
        ("a&amp;nbsp;b", "a b"),
        ("&amp;amp;amp;lt;", "<"),
        ("&am\u200bp;", "&"),
        ("R&D, AT&T, ?a=1&copy=2&lt", "R&D, AT&T, ?a=1&copy=2&lt"),
        ("&unknown; &#xZZ;", "&unknown; &#xZZ;"),
        ("&#150;&ldquo;x&rdquo;&hellip;", "–“x”…"),
        ("“Chiến tranh Lạnh” – ‘mới’ — «a»…", "“Chiến tranh Lạnh” – ‘mới’ — «a»…"),
        ("Á-Âu 24/24 50%", "Á-Âu 24/24 50%"),
        ("", ""),
    ],
)
def test_cleaning_leaves_what_a_reader_sees(printed: str, read: str) -> None:
    assert letters.clean(printed) == read


def test_a_long_chain_of_references_is_quick() -> None:
    assert letters.clean("&" + "amp;" * 200_000 + "lt;") == "<"


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("Đường sắt", "duong sat"),
        ("ĐÀM PHÁN", "dam phan"),
        ("Ðà Nẵng", "da nang"),
        ("Tiếng Việt ưỡn ẹo Ỹ", "tieng viet uon eo y"),
        ("Malmö, Łódź, Ærø, Straße", "malmo, lodz, aero, strasse"),
        ("İstanbul ısı", "istanbul isi"),
        ("Ｆｕｌｌ ﬁ", "full fi"),
        ("“a” – 1/2", "“a” – 1/2"),
        ("한국 ニュース", "한국 ニュース"),
    ],
)
def test_folding_takes_marks_and_case_off(printed: str, folded: str) -> None:
    assert letters.fold(printed) == folded


CLEANERS: list[Callable[[str], str]] = [letters.clean, letters.fold, letters.normalise]


@pytest.mark.parametrize("function", CLEANERS)
@given(value=TEXT)
@example(value="&&#97;mp;lt;")
@example(value="&amp\u037e")
@example(value="𝐀")
@example(value="\u0345\u03b1\u0131\u0307")
@example(value="\ud83d\ude00\udc00")
def test_cleaners_settle_at_once(function: Callable[[str], str], value: str) -> None:
    once = function(value)
    assert function(once) == once
    assert unicodedata.is_normalized("NFC", once)
    if function is not letters.fold:
        once.encode("utf-8")
        assert once == " ".join(once.split())
        assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in once)


@given(texts=st.lists(TEXT | st.sampled_from(["“Một” – hai…", "ba", "", " bốn", "năm\nsáu", "Ð'`´"]), max_size=5))
def test_lines_are_printed_alike_together_as_each_by_itself(texts: list[str]) -> None:
    lines = letters.printed_alike("\n".join(map(letters.clean, texts)))
    assert lines.decode().split("\n") == (list(map(letters.normalise, texts)) or [""])


FOLDED = st.sampled_from("aĐđêệưÝÐøßﬁ№Kſ…“–²\u00a0\u0301\u0323\u0345\u1ab0 ")


@given(st.text(alphabet=st.one_of(FOLDED, st.characters())))
def test_folding_a_text_at_once_or_letter_group_by_letter_group_is_the_same(told: str) -> None:
    assert letters._fold(told) == letters._fold_any(told)


def test_every_character_that_counts_as_plain_is_only_itself() -> None:
    plain = [sign for sign in map(chr, range(0x11000)) if letters._PLAIN.fullmatch(sign)]
    assert len(plain) > 800
    for sign in plain:
        assert sign.isprintable()
        assert unicodedata.is_normalized("NFC", f"e{sign}")
        assert not unicodedata.combining(sign)
        assert letters.clean(f"a{sign}b") == f"a{sign}b"

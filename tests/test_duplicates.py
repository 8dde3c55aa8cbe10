from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._stories import edit, exchange, sentences, story, variants
from benchmarks._templates import LONG, SHORT
from vovcrawler.duplicates import _SYLLABLE, SIMILARITY, Text, scheme
from vovcrawler.text import fold

STORY = " ".join(sentences()[:12])


def likeness(one: str, other: str) -> float:
    return Text.of([one]).likeness(Text.of([other]))


def is_found(one: str, other: str) -> bool:
    mine, its = (Text.of([text]).fingerprint for text in (one, other))
    return not set(mine.bands).isdisjoint(its.bands) and bool(mine.likeliest([(1, its.hint)], SIMILARITY))


# ---- what is the same, and what is not


@pytest.mark.parametrize(
    "other",
    [
        STORY.upper(),
        fold(STORY),
        STORY.replace("“", '"').replace("”", '"').replace(" - ", " – "),
        STORY.replace(". ", ".\n\n"),
        STORY.replace(" ", "\u00a0"),
    ],
    ids=["capitals", "lost marks", "quotes and dashes", "paragraphs", "spaces"],
)
def test_what_is_printed_differently_is_the_same_text(other):
    assert likeness(STORY, other) == 1.0


def test_paragraphs_in_another_order_are_the_same_story():
    assert likeness(STORY, " ".join(reversed(sentences()[:12]))) > 0.9


def test_one_sentence_more_or_an_updated_figure_is_the_same_story():
    assert likeness(STORY, f"{STORY} {sentences()[40]}") > 0.9
    updates = [f"{STORY} Đến {hour}h, đã có {hour + 3} người chết." for hour in (9, 14)]
    assert likeness(*updates) > 0.9


def test_two_reports_on_one_matter_are_not_copies():
    one, other = " ".join(sentences()[:14]), " ".join(sentences()[14:27])
    assert 0 < likeness(one, other) < 0.2


def test_stories_that_share_sentences_are_not_alike():
    random = Random(6)
    texts = [Text.of([story(random, sentences())]) for _ in range(80)]
    assert max(one.likeness(other) for one, other in combinations(texts, 2)) < SIMILARITY


@given(
    st.lists(
        st.sampled_from(
            ["Đến ", "66,4", ".", "/", "-", "5", "²", "ﬁ", "…", "ß", "\u0301", " ", "\n", "\u00a0", "K"]
        )
    )
)
def test_pieces_folded_one_by_one_give_what_the_whole_text_gives(parts):
    text = "".join(parts)
    assert Text.of([text]).syllables == _SYLLABLE.findall(fold(text))


def test_less_than_the_least_is_nothing():
    one, other = Text.of([STORY]), Text.of([exchange(STORY, 0.1, Random(2))])
    exact = one.likeness(other)
    assert (one.likeness(other, exact), one.likeness(other, exact + 0.01)) == (exact, 0.0)


# ---- what is short, and what is a template with other numbers


@pytest.mark.parametrize("template", SHORT.values(), ids=SHORT)
def test_a_short_text_is_nobodys_copy(template):
    texts = [template.format(name=name, day=day) for name, day in product(("Lào", "Cuba", "Nhật Bản"), (12, 13))]
    assert not any(Text.of([text]).is_comparable for text in texts)
    assert not any(likeness(one, other) for one, other in combinations([*texts, texts[0]], 2))


@pytest.mark.parametrize("template", LONG, ids=lambda template: template.__name__)
def test_a_template_with_other_numbers_is_not_a_copy(template):
    texts = [template(Random(day), day) for day in range(10, 24)]
    assert all(Text.of([text]).is_comparable for text in texts)
    assert max(likeness(one, other) for one, other in combinations(texts, 2)) < SIMILARITY


def test_a_form_filled_in_with_another_date_is_not_a_copy():
    texts = [f"{' '.join(sentences()[60:63])} Bản tin số {day}." for day in (12, 13)]
    assert 0 < len(Text.of([texts[0]]).syllables) < 100
    assert likeness(*texts) == 0.0


@pytest.mark.parametrize("template", LONG, ids=lambda template: template.__name__)
def test_the_same_instalment_in_slightly_other_words_is_a_copy(template):
    text = template(Random(1), 12)
    assert likeness(text, text) == 1.0
    assert likeness(text, text.replace("Hà Nội", "thủ đô").replace("cả nước", "toàn quốc")) > 0.85


# ---- edits of known size


@pytest.mark.parametrize("change", [edit, exchange])
@pytest.mark.parametrize(("share", "recall"), [(0.05, 0.98), (0.1, 0.95)])
@pytest.mark.parametrize("length", [4, 14])
def test_edited_stories_are_alike_and_found(change, share, recall, length):
    random, pool, trials = Random(5), variants(400), 150
    found = 0
    for _ in range(trials):
        text = story(random, pool, length=length)
        other = change(text, share, random)
        found += likeness(text, other) >= SIMILARITY and is_found(text, other)
    assert found / trials >= recall


# ---- fingerprints


def test_what_shares_a_band_by_chance_is_told_by_its_hint():
    random = Random(8)
    found = [Text.of([story(random, sentences())]).fingerprint for _ in range(60)]
    likely = sum(len(one.likeliest([(1, other.hint)], SIMILARITY)) for one, other in combinations(found, 2))
    assert likely < 0.01 * 60 * 59 / 2


def test_the_likeliest_comes_first():
    texts = {share: Text.of([exchange(STORY, share, Random(9))]) for share in (0.1, 0.0, 0.03, 0.9)}
    hints = [(round(100 * share), text.fingerprint.hint) for share, text in texts.items()]
    likeliest = Text.of([STORY]).fingerprint.likeliest(hints, SIMILARITY)
    assert [name for _, name in likeliest] == [0, 3, 10]
    assert likeliest[0][0] > likeliest[1][0] > likeliest[2][0] >= SIMILARITY


def test_fingerprints_are_numbers_that_a_row_can_hold():
    found = [Text.of(sentences()[:count]).fingerprint for count in range(2, 40)]
    assert {len(set(one.bands)) for one in found} == {16}
    assert all(-(1 << 31) <= band < 1 << 31 for one in found for band in one.bands)
    assert all(-(1 << 63) <= one.hint < 1 << 63 for one in found)


def test_the_scheme_is_the_same_in_every_process_and_on_every_machine():
    # A new rensa may change it: pin the new name here; catalogues make their bands anew by themselves.
    assert scheme() == "1-rensa2-9b14e1e59aa95a7f"
    code = "from vovcrawler.duplicates import scheme; print(scheme(), end='')"
    for kernel, seed in (("scalar", "1"), ("avx2", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "RENSA_FORCE_KERNEL": kernel}
        assert subprocess.check_output([sys.executable, "-c", code], env=environment, text=True) == scheme()

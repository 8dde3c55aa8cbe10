from __future__ import annotations

from itertools import islice
from random import Random
from typing import Any

import pytest

from benchmarks._stories import exchange, sentences, story, variants
from benchmarks._templates import SHORT, gold, weather
from tests.chain import publish, url
from tests.stories import AT, OTHER, STORY, article, edited, record
from vovcrawler import duplicates, feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.duplicates import Text
from vovcrawler.items import Article, NearDuplicate


def marks(catalogue: Catalogue) -> dict[str, tuple[str | None, str | None, float | None]]:
    rows = catalogue.connection.execute("SELECT id, duplicate_of, near_duplicate_of, similarity FROM articles")
    return {id_: tuple(mark) for id_, *mark in rows if any(mark)}


# ---- exact copies


def test_an_exact_copy_points_to_the_first(catalogue):
    assert record(catalogue, "a", STORY).duplicate_of is None
    assert [record(catalogue, id_, STORY).duplicate_of for id_ in "bc"] == ["a", "a"]
    assert record(catalogue, "b", STORY).duplicate_of == "a"
    assert record(catalogue, "a", STORY).duplicate_of is None


def test_an_exact_copy_is_counted_once(catalogue):
    for id_, body in zip("abc", (STORY, STORY, edited(STORY)), strict=True):
        record(catalogue, id_, body)
    assert [mark[1] for mark in marks(catalogue).values()] == ["a", "a"]
    counts = catalogue.counts()
    assert (counts.copies, counts.near_copies) == (1, 1)


def test_a_short_text_can_be_an_exact_copy_but_not_a_near_one(catalogue):
    texts = [SHORT["caption"].format(name=name, day=12) for name in ("Lào", "Lào", "Cuba")]
    copies = [record(catalogue, number, text) for number, text in enumerate(texts)]
    assert [copy.duplicate_of for copy in copies] == [None, "0", None]
    assert [copy.near_duplicate_of for copy in copies] == [None] * 3


def test_a_revision_of_the_copy_clears_its_mark(catalogue):
    record(catalogue, "a", STORY)
    record(catalogue, "b", STORY)
    revised = record(catalogue, "b", OTHER)
    assert (revised.status, revised.duplicate_of, revised.near_duplicate_of) == ("revised", None, None)
    assert marks(catalogue) == {}


def test_a_revision_of_the_first_makes_the_second_the_first(catalogue):
    for id_ in "abc":
        record(catalogue, id_, STORY)
    record(catalogue, "a", OTHER)
    assert marks(catalogue) == {"c": ("b", "b", 1.0)}
    assert record(catalogue, "c", STORY).duplicate_of == "b"


def test_a_revision_can_make_an_earlier_article_the_first(catalogue):
    record(catalogue, "a", OTHER)
    record(catalogue, "b", STORY)
    record(catalogue, "c", STORY)
    record(catalogue, "a", STORY)
    assert marks(catalogue) == {"b": ("a", "a", 1.0), "c": ("a", "a", 1.0)}


# ---- near copies


def test_a_near_copy_points_to_the_nearest_earlier_article(catalogue):
    near, nearer = edited(STORY, share=0.08), edited(STORY, seed=1, share=0.02)
    record(catalogue, "far", OTHER)
    record(catalogue, "near", near)
    record(catalogue, "nearer", nearer)
    mark = record(catalogue, "copy", STORY).near_duplicate_of
    likeness = Text.of([STORY]).likeness(Text.of([nearer]))
    assert mark == NearDuplicate(id="nearer", similarity=round(likeness, 4))
    assert set(marks(catalogue)) == {"nearer", "copy"}


def test_of_two_equally_near_the_first_is_named(catalogue):
    for id_ in "abc":
        record(catalogue, id_, STORY, headline=f"Tít {id_}")
    assert marks(catalogue) == {"b": (None, "a", 1.0), "c": (None, "a", 1.0)}


def test_the_lead_is_part_of_the_text(catalogue):
    whole = article("a", STORY)
    lead, _, rest = STORY.partition(". ")
    split = Article(id="b", lead=lead + ".", body=[rest], content_digest="other")
    judged = [catalogue.record(item, page=None, at=AT, line=feeds.line) for item in (whole, split)]
    assert judged[1].near_duplicate_of == NearDuplicate(id="a", similarity=1.0)


@pytest.mark.parametrize("template", [gold, weather])
def test_instalments_of_a_series_are_not_marked(catalogue, template):
    for day in range(10, 30):
        record(catalogue, day, template(Random(day), day))
    assert marks(catalogue) == {}


def test_the_limit_is_a_setting_and_0_switches_off(catalogue):
    likeness = Text.of([STORY]).likeness(Text.of([edited(STORY)]))
    record(catalogue, "a", STORY)
    for limit, is_marked in ((likeness + 0.01, False), (likeness - 0.01, True), (0.0, False)):
        catalogue.similarity = limit
        copy = record(catalogue, f"copy {limit}", edited(STORY), headline=str(limit))
        assert bool(copy.near_duplicate_of) is is_marked


def test_what_came_while_near_copies_were_off_is_found_when_they_are_on_again(catalogue):
    catalogue.similarity = 0.0
    record(catalogue, "a", STORY)
    catalogue.similarity = duplicates.SIMILARITY
    assert record(catalogue, "b", edited(STORY)).near_duplicate_of.id == "a"
    catalogue.similarity = 0.0
    record(catalogue, "c", OTHER)
    catalogue.similarity = duplicates.SIMILARITY
    assert record(catalogue, "d", edited(OTHER)).near_duplicate_of.id == "c"


def test_a_revision_marks_its_followers_anew(catalogue):
    record(catalogue, "a", STORY)
    record(catalogue, "b", edited(STORY, seed=1))
    record(catalogue, "c", edited(STORY, seed=2))
    assert {mark[1] for mark in marks(catalogue).values()} == {"a"}
    record(catalogue, "a", OTHER)
    likeness = Text.of([edited(STORY, seed=1)]).likeness(Text.of([edited(STORY, seed=2)]))
    assert marks(catalogue) == {"c": (None, "b", round(likeness, 4))}
    record(catalogue, "a", STORY)
    assert set(marks(catalogue)) == {"b", "c"}


# ---- the same marks in every way


def test_marks_are_what_comparing_all_with_all_gives(tmp_path):
    random, pool = Random(3), variants(60)
    texts = [story(random, pool, length=6) for _ in range(5)]
    current: dict[int, str] = {}
    with Catalogue.open(tmp_path, lasting=False) as catalogue:
        for _ in range(120):
            id_ = random.randrange(40)
            text = exchange(random.choice(texts), random.choice((0, 0.03, 0.06)), random)
            record(catalogue, id_, text, headline="Tít")
            current[id_] = text
        found = {int(id_): mark for id_, mark in marks(catalogue).items()}
        order = [int(id_) for (id_,) in catalogue.connection.execute("SELECT id FROM articles ORDER BY number")]
    assert found == _all_with_all([(id_, current[id_]) for id_ in order])


def _all_with_all(articles):
    wanted, earlier = {}, []
    for id_, text in articles:
        shingles = Text.of([text])
        exact = next((str(other) for other, its, _ in earlier if its == text), None)
        near = max(
            ((shingles.likeness(its_shingles), -place) for place, (_, _, its_shingles) in enumerate(earlier)),
            default=(0,),
        )
        if near[0] >= duplicates.SIMILARITY:
            wanted[id_] = (exact, str(earlier[-near[1]][0]), round(near[0], 4))
        earlier.append((id_, text, shingles))
    return wanted


def test_marks_are_the_same_in_one_run_and_in_ten(tmp_path):
    random, pool = Random(4), variants(100)
    texts = [story(random, pool, length=8) for _ in range(6)]
    arrivals = [(random.randrange(30), exchange(random.choice(texts), 0.04, random)) for _ in range(60)]
    with Catalogue.open(tmp_path / "one", lasting=False) as catalogue:
        judged = [record(catalogue, *arrival) for arrival in arrivals]
        once = marks(catalogue)
    many: list[Article] = []
    coming = iter(arrivals)
    while part := list(islice(coming, 6)):
        with Catalogue.open(tmp_path / "ten") as catalogue:
            many += [record(catalogue, *arrival) for arrival in part]
            if len(many) == len(arrivals):
                assert marks(catalogue) == once
    assert many == judged


# ---- the tables


def rows(catalogue: Catalogue) -> list[tuple[int, int, int]]:
    return sorted(catalogue.connection.execute("SELECT * FROM main.bands UNION ALL SELECT * FROM fresh.bands"))


def test_a_revision_replaces_the_rows_of_its_article(catalogue, tmp_path):
    for text in (STORY, edited(STORY), OTHER, "Ngắn.", edited(OTHER)):
        record(catalogue, "a", text)
    with Catalogue.open(tmp_path / "fresh", lasting=False) as fresh:
        record(fresh, "a", edited(OTHER))
        assert rows(catalogue) == rows(fresh)
    assert len(rows(catalogue)) == 16


def test_bands_of_another_scheme_are_made_anew(catalogue):
    for number in range(4):
        record(catalogue, number, edited(STORY, seed=number))
    wanted = rows(catalogue)
    for table in ("main.bands", "fresh.places"):
        catalogue.connection.execute(f"UPDATE {table} SET band = band + 1")
    catalogue.set_note("copies_scheme", "0-older")
    assert record(catalogue, 3, OTHER).near_duplicate_of is None
    record(catalogue, 3, edited(STORY, seed=3))
    assert rows(catalogue) == wanted
    assert catalogue.note("copies_scheme") == duplicates.scheme()


def test_a_crowd_in_a_band_costs_no_more_than_a_few(catalogue, monkeypatch):
    """The same long notice stands above and below every text: all of its bands are crowded."""
    random, pool = Random(5), variants(300)
    notice = " ".join(sentences()[60:75])
    texts = [f"{notice} {story(random, pool, length=3)}" for _ in range(90)]
    read = []
    plain = Text.of.__func__
    monkeypatch.setattr(Text, "of", classmethod(lambda cls, paragraphs: read.append(1) or plain(cls, paragraphs)))
    costs = []
    for number, text in enumerate(texts):
        read.clear()
        record(catalogue, number, text)
        costs.append(len(read))
    assert max(costs) <= 1 + 16
    assert record(catalogue, "copy of the newest", edited(texts[-1], share=0.02)).near_duplicate_of.id == "89"
    assert record(catalogue, "copy of the oldest", edited(texts[0], share=0.02)).near_duplicate_of.id == "0"


# ---- the whole program


def test_marks_of_a_crawl_come_out_the_same_from_its_archive(replica, scrapy):
    one_at_a_time = {"CONCURRENT_REQUESTS": 1}
    crawl = ("crawl", "article", "-a", "hops=0", "-a", "url=" + ",".join(url(number) for number in range(4)))
    texts = [STORY, STORY, edited(STORY), OTHER]
    for number, text in enumerate(texts):
        publish(replica.site, number, headline="Một tít", lead="Lời mở đầu.", body=(text,))
    first = scrapy(*crawl, settings=one_at_a_time)
    publish(replica.site, 0, headline="Một tít", lead="Lời mở đầu.", body=(edited(OTHER),))
    second = scrapy(*crawl, settings=one_at_a_time)
    assert (first.code, second.code) == (0, 0), first.stderr + second.stderr
    marked = [_marks(record) for record in second.feed()]
    ids = [f"vov.vn/post{1000 + number}" for number in range(4)]
    assert marked == [
        (ids[0], "new", None, None), (ids[1], "new", ids[0], ids[0]), (ids[2], "new", None, ids[0]),
        (ids[3], "new", None, None), (ids[0], "revised", None, None),
    ]  # fmt: skip
    again = scrapy("replay", first.data / "warc", "-a", "hops=0")
    assert [_marks(record) for record in again.records if record["status"] != "unchanged"] == marked
    with Catalogue.read(first.data) as catalogue:
        today = marks(catalogue)
    assert {id_: mark[:2] for id_, mark in today.items()} == {ids[2]: (None, ids[1]), ids[3]: (None, ids[0])}
    rebuilt = scrapy("catalogue", "rebuild")
    assert rebuilt.code == 0, rebuilt.stderr
    assert [_marks(record) for record in rebuilt.feed()] == marked
    with Catalogue.read(first.data) as catalogue:
        assert marks(catalogue) == today


def _marks(record: dict[str, Any]) -> tuple[str, str, str | None, str | None]:
    near = record["near_duplicate_of"]
    return record["id"], record["status"], record["duplicate_of"], near and near["id"]

"""The archive as it stood: the same whenever it is asked."""

from __future__ import annotations

import argparse
import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from scrapy.settings import Settings

from tests.stories import OTHER, STORY, article, edited, record
from vovcrawler import feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue import export
from vovcrawler.dates import utc_now
from vovcrawler.facets import Filters


def at(day: int) -> str:
    return f"2026-11-{day:02d}T05:00:00.000000Z"


def vanish(catalogue: Catalogue, id_: str, day: int) -> None:
    """Let the article's page answer 404, as the frontier does it."""
    known = catalogue.article(id_)
    assert known
    was_live = known.state == "live"
    catalogue.observe(known.number, at(day), 404, None)
    if was_live:
        gone = replace(catalogue.last_record(known.number), status="gone", seq=None)
        catalogue.record(gone, page=None, at=at(day), line=feeds.line)


def told(catalogue: Catalogue, day: int | None = None, **choice: object) -> list[tuple[str, int, str, int]]:
    before = None if day is None else at(day)
    rows = (one.record for one in catalogue.standing(before=before, **choice))
    return [(row["id"], row["revision"], row["status"], row["seq"]) for row in rows]


@pytest.fixture
def changed(catalogue: Catalogue) -> Catalogue:
    """a: day 1 new, 3 revised, 5 gone, 7 back, 9 gone; b: day 2 new."""
    record(catalogue, "a", STORY, at=at(1))
    record(catalogue, "b", OTHER, at=at(2))
    record(catalogue, "a", STORY + " Thêm.", at=at(3))
    vanish(catalogue, "a", 5)
    vanish(catalogue, "a", 6)
    record(catalogue, "a", STORY + " Thêm.", at=at(7))
    vanish(catalogue, "a", 9)
    return catalogue


@pytest.mark.parametrize(
    ("before", "rows"),
    [
        (1, []),
        (2, [("a", 1, "new", 1)]),
        (3, [("a", 1, "new", 1), ("b", 1, "new", 2)]),
        (4, [("a", 2, "revised", 3), ("b", 1, "new", 2)]),
        (6, [("a", 2, "gone", 4), ("b", 1, "new", 2)]),
        (7, [("a", 2, "gone", 4), ("b", 1, "new", 2)]),
        (8, [("a", 2, "revised", 3), ("b", 1, "new", 2)]),
        (10, [("a", 2, "gone", 5), ("b", 1, "new", 2)]),
        (None, [("a", 2, "gone", 5), ("b", 1, "new", 2)]),
    ],
)
def test_each_article_stands_as_its_last_line_before_said(changed, before, rows):
    assert told(changed, before) == rows


def test_now_is_the_feed_s_last_line_of_each_article(changed):
    lines = {row.article.id: feeds.text_of(row) for row in changed.feed_lines()}
    standing = [one.text.encode() + b"\n" for one in changed.standing()]
    assert standing == [lines["a"], lines["b"]]


def test_filters_see_what_stood_then(changed):
    assert [row[0] for row in told(changed, 6, filters=Filters(status="gone"))] == ["a"]
    assert [row[0] for row in told(changed, 8, filters=Filters(status="gone"))] == []
    record(changed, "c", "Tin.", published_at="2026-11-08T23:30:00+07:00", section=["Thế giới"])
    assert [row[0] for row in told(changed, filters=Filters(section="the gioi"))] == ["c"]
    assert [row[0] for row in told(changed, filters=Filters(since=date(2026, 11, 9)))] == []


def test_each_text_comes_once_also_as_of_a_day_before_it_was_edited(catalogue):
    record(catalogue, "first", STORY, at=at(1), published_at="2026-11-01T00:00:00+07:00")
    record(catalogue, "copy", STORY, at=at(2), published_at="2026-11-02T00:00:00+07:00")
    record(catalogue, "near", edited(STORY), at=at(3), published_at="2026-10-02T00:00:00+07:00")
    asked = [(day, prefer) for day in (2, 3, 4) for prefer in ("first", "latest")]
    then = {key: told(catalogue, key[0], unique=key[1]) for key in asked}
    assert [row[0] for row in then[4, "first"]] == ["first"]
    assert [row[0] for row in then[4, "latest"]] == ["copy"]
    # The first is rewritten, and later copies of it are marked anew in the tables.
    record(catalogue, "first", OTHER, at=at(5))
    record(catalogue, "late", edited(OTHER), at=at(6))
    assert {key: told(catalogue, key[0], unique=key[1]) for key in asked} == then
    assert [row[0] for row in told(catalogue, 7, unique="first")] == ["first", "copy"]
    assert [row[0] for row in told(catalogue, None, unique="first")] == ["first", "copy"]


def test_an_export_of_the_past_knows_what_a_near_copy_is_here(tmp_path: Path, capsys) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.similarity = 0.75
        record(catalogue, "a", STORY, at=at(1))
        near = record(catalogue, "b", edited(STORY, 1, 0.03), at=at(2)).near_duplicate_of
        # What is left of the likeness would do elsewhere.
        record(catalogue, "a", edited(STORY, 2, 0.10), at=at(3))
        assert near and near.id == "a" and catalogue.marks(2) == (None, None)  # noqa: PT018
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    settings = Settings({"DATA_DIR": str(tmp_path), "CLOCK": utc_now, "NEAR_DUPLICATE_SIMILARITY": "0.75"})
    for words in ([], ["--as-of", "2026-11-10"]):
        assert export.run(parser.parse_args(["--unique", *words]), settings) == 0
        assert len(capsys.readouterr().out.splitlines()) == 2


def test_of_copies_one_stays_that_passes_the_filters(catalogue):
    record(catalogue, "first", STORY, section=["Thế giới"])
    record(catalogue, "copy", STORY, section=["Kinh tế"])
    for before in (None, "2027"):
        rows = catalogue.standing(Filters(section="kinh-te"), before=before, unique="first")
        assert [one.record["id"] for one in rows] == ["copy"]


@pytest.mark.parametrize("choice", [{"filters": Filters(since=date(2025, 1, 1))}, {"before": at(9)}])
def test_of_copies_each_is_found_by_index(catalogue, choice):
    for name in "abc":
        record(catalogue, name, STORY, at=at(1), published_at="2026-01-01T00:00:00+07:00")
    asked: list[str] = []
    catalogue.connection.set_trace_callback(asked.append)
    assert len(list(catalogue.standing(unique="first", **choice))) == 1
    catalogue.connection.set_trace_callback(None)
    ones = [sql for sql in asked if "standing AS" in sql and any(f"id = '{name}'" in sql for name in "abc")]
    assert len(ones) >= 3
    for sql in ones:
        plan = [row[3] for row in catalogue.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN articles")], plan


def test_parts_come_together(catalogue):
    for number, day in enumerate((3, 1, 3, 2, 1)):
        record(catalogue, number, f"Tin {number}.", published_at=f"2026-11-0{day}T08:00:00+07:00")
    rows = catalogue.standing(parting=lambda published, _: (published or "")[:10])
    assert [(one.part[-2:], one.record["id"]) for one in rows] == [
        *[("01", "1"), ("01", "4"), ("02", "3"), ("03", "0"), ("03", "2")]
    ]


def test_a_snapshot_does_not_see_what_is_written_meanwhile(tmp_path: Path):
    with Catalogue.open(tmp_path) as writing:
        record(writing, "a", STORY)
        writing.commit()
        with Catalogue.read(tmp_path) as reading:
            with reading.snapshot():
                rows = reading.standing()
                record(writing, "b", OTHER)
                record(writing, "a", OTHER)
                writing.commit()
                assert [(one.record["id"], one.record["revision"]) for one in rows] == [("a", 1)]
            assert len(list(reading.standing())) == 2


def test_what_fails_in_a_snapshot_is_what_is_said(tmp_path: Path) -> None:
    Catalogue.open(tmp_path).close()
    with Catalogue.read(tmp_path) as catalogue:

        def fail() -> None:
            with catalogue.snapshot():
                # As SQLite does when the disk fails.
                catalogue.connection.execute("ROLLBACK")
                raise sqlite3.OperationalError("disk I/O error")

        with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
            fail()


def test_the_text_of_a_record_is_not_made_anew(catalogue):
    kept = feeds.line(record(catalogue, "a", STORY)).decode()
    (one,) = catalogue.standing()
    assert one.text + "\n" == kept
    assert one.record == json.loads(kept)
    assert article("a", STORY).body == one.record["body"]

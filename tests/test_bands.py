"""Bands that are gathered and enter their table later: nothing that is found depends on when."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from benchmarks._stories import exchange, sentences, story, variants
from tests.stories import OTHER, STORY, edited, record
from tests.test_copies import marks
from vovcrawler.catalogue import Catalogue, bands, sieve, store

Rows = list[tuple[int, int, int]]


def in_table(folder: Path) -> Rows:
    with Catalogue.read(folder) as catalogue:
        return list(catalogue.connection.execute("SELECT * FROM bands"))


@pytest.fixture(params=[(1, 1), (3, 4), (7, 64)], ids=["at once", "often", "seldom"])
def gathered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(("_GATHERED", "_SLICES"), request.param, strict=True):
        monkeypatch.setattr(bands, name, value)


def arrivals() -> Iterator[tuple[int, str]]:
    random, pool = Random(4), variants(100)
    texts = [story(random, pool, length=8) for _ in range(6)]
    return ((random.randrange(60), exchange(random.choice(texts), 0.04, random)) for _ in range(40))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of all arrivals whose bands entered the table when it was closed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with Catalogue.open(folder) as catalogue:
        for arrival in arrivals():
            record(catalogue, *arrival)
    return folder


@pytest.mark.usefixtures("gathered")
def test_marks_and_table_are_the_same_whenever_bands_enter_it(undisturbed, tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        for number, arrival in enumerate(arrivals()):
            record(catalogue, *arrival)
            if number % 2:
                catalogue.commit()
        assert catalogue.connection.execute("SELECT count(*) FROM main.bands").fetchone()[0]
    assert in_table(tmp_path) == in_table(undisturbed) != []
    with Catalogue.read(tmp_path) as catalogue, Catalogue.read(undisturbed) as other:
        assert marks(catalogue) == marks(other) != {}


@pytest.mark.usefixtures("gathered")
def test_a_run_that_is_killed_loses_and_doubles_no_band(undisturbed, tmp_path):
    """What a kill leaves is what stood in the files at that moment."""
    coming, folder = list(arrivals()), tmp_path / "0"
    for number, start in enumerate(range(0, len(coming), 9), 1):
        with Catalogue.open(folder) as catalogue:
            for arrival in coming[start : start + 9]:
                record(catalogue, *arrival)
                catalogue.commit()
            killed = shutil.copytree(folder, tmp_path / str(number))
        if start + 9 < len(coming):
            folder = killed
    assert in_table(folder) == in_table(undisturbed)
    with Catalogue.read(folder) as catalogue, Catalogue.read(undisturbed) as other:
        assert marks(catalogue) == marks(other)


def test_bands_that_a_kill_lost_are_found_though_the_first_record_after_it_fails(monkeypatch, tmp_path):
    def fail(_: int) -> None:
        raise OSError("full")

    with Catalogue.open(tmp_path / "killed") as catalogue:
        record(catalogue, "a", STORY)
        catalogue.commit()
        left = shutil.copytree(tmp_path / "killed", tmp_path / "left")

    with Catalogue.open(left) as catalogue:
        with monkeypatch.context() as patch:
            patch.setattr(catalogue, "to_index", fail)
            with pytest.raises(OSError, match="full"):
                record(catalogue, "b", OTHER)
        record(catalogue, "b", OTHER)
        assert record(catalogue, "c", edited(STORY)).near_duplicate_of.id == "a"
    assert {article for _, article, _ in in_table(left)} == {1, 2, 3}


@pytest.mark.usefixtures("gathered")
def test_of_a_crowded_band_the_oldest_and_the_newest_are_found(monkeypatch, tmp_path):
    monkeypatch.setattr(bands, "_WINDOW", 4)
    notice = " ".join(sentences()[40:100])
    random, pool = Random(5), variants(300)
    with Catalogue.open(tmp_path, lasting=False) as catalogue:
        for number in range(30):
            record(catalogue, number, f"{notice} {story(random, pool, length=1)}")
            catalogue.commit()
        ((band, count),) = catalogue.connection.execute(
            """
            SELECT band, count(*) FROM (SELECT * FROM main.bands UNION ALL SELECT * FROM fresh.bands)
            GROUP BY band ORDER BY 2 DESC LIMIT 1
            """
        )
        assert count == 30
        numbers = [article for article, _ in catalogue.sharing([band], 3, 28)]
    assert numbers == [3, 4, 5, 6, 28, 27, 26, 25]


# ---- the sieve


def held_back(catalogue: Catalogue) -> Rows:
    rows = catalogue.connection.execute("SELECT * FROM main.bands UNION ALL SELECT * FROM fresh.bands").fetchall()
    return [row for row in rows if row[1:] not in catalogue.sharing(row[:1], 0, 1 << 40)]


@pytest.mark.usefixtures("gathered")
def test_the_sieve_holds_nothing_back_however_runs_end(monkeypatch, tmp_path):
    monkeypatch.setattr(sieve, "_SMALLEST", 16)
    coming, folder = list(arrivals()), tmp_path / "0"
    for number, start in enumerate(range(0, len(coming), 4), 1):
        with Catalogue.open(folder) as catalogue:
            assert held_back(catalogue) == []
            for arrival in coming[start : start + 4]:
                record(catalogue, *arrival)
                catalogue.commit()
            assert held_back(catalogue) == []
            killed = shutil.copytree(folder, tmp_path / str(number))
        if number % 3 == 0:
            folder = killed


def test_a_sieve_is_kept_and_made_anew_only_when_a_run_was_killed(monkeypatch, tmp_path):
    made = []
    plain = Catalogue._new_sieve
    monkeypatch.setattr(Catalogue, "_new_sieve", lambda self: made.append(self.path.parent.name) or plain(self))

    def run(name: str, *texts: str) -> Path:
        with Catalogue.open(tmp_path / name) as catalogue:
            for text in texts:
                record(catalogue, "a", text)
            catalogue.commit()
            return shutil.copytree(tmp_path / name, tmp_path / f"killed {len(texts)} {name}")

    run("one", STORY)
    assert made == ["one"]
    run("one")
    killed = run("one", OTHER, edited(OTHER))
    assert made == ["one"]
    run(killed.name, STORY)
    assert made == ["one", killed.name]
    with Catalogue.open(tmp_path / "one") as catalogue:
        assert record(catalogue, "b", OTHER).near_duplicate_of.id == "a"
    assert made == ["one", killed.name]


def test_a_rebuild_does_not_take_the_old_sieve_for_its_own(tmp_path):
    with Catalogue.open(tmp_path / "old") as old:
        record(old, "a", STORY)
    with Catalogue.open(tmp_path / "new") as new:
        new.carry_over(tmp_path / "old" / store.NAME)
        assert new.note("copies_sieve") is None
    with Catalogue.open(tmp_path / "new") as new:
        record(new, "b", STORY)
        assert record(new, "c", edited(STORY)).near_duplicate_of.id == "b"


def test_a_record_that_fails_leaves_no_band_behind_the_sieve(monkeypatch, tmp_path):
    def fail(_: int) -> None:
        raise OSError("full")

    with Catalogue.open(tmp_path) as catalogue:
        record(catalogue, "a", STORY)
        catalogue.commit()
        with monkeypatch.context() as patch:
            patch.setattr(catalogue, "to_index", fail)
            with pytest.raises(OSError, match="full"):
                record(catalogue, "a", OTHER)
        assert held_back(catalogue) == []
        assert record(catalogue, "b", edited(STORY)).near_duplicate_of.id == "a"


def test_most_bands_that_no_article_has_are_not_looked_for(monkeypatch, tmp_path):
    random, pool = Random(6), variants(300)
    with Catalogue.open(tmp_path, lasting=False) as catalogue:
        for number in range(150):
            record(catalogue, number, story(random, pool, length=6))
        looked_for = []
        monkeypatch.setattr(Catalogue, "_in_band", lambda _, *wanted: looked_for.append(wanted) or [])
        absent = [random.randint(-(1 << 31), (1 << 31) - 1) for _ in range(1_000)]
        list(catalogue.sharing(absent, 0, 1 << 40))
        assert len(looked_for) < 100

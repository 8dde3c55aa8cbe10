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
from vovcrawler.catalogue import Catalogue, bands

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
    notice = " ".join(sentences()[60:75])
    random, pool = Random(5), variants(300)
    with Catalogue.open(tmp_path, lasting=False) as catalogue:
        for number in range(30):
            record(catalogue, number, f"{notice} {story(random, pool, length=3)}")
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

"""A catalogue of an older version is brought forward, whole or not at all."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.stories import record
from vovcrawler.catalogue import Catalogue, migrations, store
from vovcrawler.duplicates import Text
from vovcrawler.errors import StorageTrouble
from vovcrawler.queries import parse

DATA = Path(__file__).parent / "data"


@pytest.fixture(params=range(1, migrations.VERSION))
def older(request, tmp_path):
    """A DATA_DIR with the catalogue that the program of that version left after a crawl and a discovery."""
    packed = (DATA / f"catalogue-{request.param}.sqlite.gz").read_bytes()
    (tmp_path / store.NAME).write_bytes(gzip.decompress(packed))
    return tmp_path


def version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / store.NAME)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def columns(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    return set(
        connection.execute(
            """
            SELECT things.name, columns.name, columns.type, columns."notnull", columns.pk
            FROM sqlite_master AS things JOIN pragma_table_xinfo(things.name) AS columns
            """
        )
    )


def test_it_has_the_parts_of_a_new_one(older, tmp_path):
    with Catalogue.open(tmp_path / "new") as new, Catalogue.open(older) as catalogue:
        assert columns(catalogue.connection) == columns(new.connection)
    assert version(older) == migrations.VERSION


def test_what_it_held_is_there_and_is_found(older):
    with closing(sqlite3.connect(older / store.NAME)) as connection:
        before = connection.execute("SELECT article, revision, record FROM revisions ORDER BY number").fetchall()
        pages = connection.execute("SELECT count(*), sum(state = 'pending') FROM pages").fetchone()
    Catalogue.open(older).close()
    with Catalogue.read(older) as catalogue:
        rows = catalogue.connection.execute("SELECT article, revision, record FROM revisions ORDER BY number")
        assert rows.fetchall() == before
        found = catalogue.connection.execute("SELECT count(*), sum(state = 'pending') FROM pages").fetchone()
        assert found == pages
        records = [one.record for one in catalogue.standing()]
        headlines = [told["headline"] for told in records]
        for headline in headlines:
            hits = catalogue.search(parse(f'"{headline}"')).hits
            assert headline in [hit.record["headline"] for hit in hits]


def test_what_is_said_to_bring_it_forward_does(older, scrapy):
    told = scrapy("search", "bài", data=older)
    assert (told.code, "scrapy catalogue rebuild --feeds" in told.stderr) == (5, True)
    assert scrapy("catalogue", "rebuild", "--feeds", data=older).code == 0
    assert scrapy("search", "bài", data=older).code == 0


def test_a_copy_of_what_it_held_is_marked(older):
    with Catalogue.open(older) as catalogue:
        first = next(
            one.record
            for one in catalogue.standing()
            if Text.of([one.record["lead"] or "", *one.record["body"]]).is_comparable
        )
        text = "\n".join([first["lead"] or "", *first["body"]])
        assert record(catalogue, "copy", text).near_duplicate_of.id == first["id"]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_step_that_is_killed_is_taken_again(older, number):
    script = f"""if True:
        from pathlib import Path
        from tests import faults
        from vovcrawler.catalogue import Catalogue
        faults.arm("statement:{number}")
        Catalogue.open(Path({str(older)!r}))
    """
    before = version(older)
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[1], check=False)
    assert done.returncode == -signal.SIGKILL
    assert version(older) == before
    Catalogue.open(older).close()
    assert version(older) == migrations.VERSION


def test_the_steps_are_taken_in_order_in_one_transaction(older, monkeypatch):
    last = migrations.VERSION
    monkeypatch.setattr(migrations, "VERSION", last + 2)
    monkeypatch.setitem(migrations.STEPS, last, "CREATE TABLE fresh (one TEXT);")
    monkeypatch.setitem(
        migrations.STEPS, last + 1, "INSERT INTO fresh VALUES ('1; 2');\nINSERT INTO nowhere VALUES (1);"
    )
    before = version(older)
    with pytest.raises(StorageTrouble, match="no such table: nowhere"):
        Catalogue.open(older)
    assert version(older) == before
    monkeypatch.setitem(migrations.STEPS, last + 1, "INSERT INTO fresh VALUES ('1; 2');")
    with Catalogue.open(older) as catalogue:
        assert catalogue.connection.execute("SELECT one FROM fresh").fetchall() == [("1; 2",)]
    assert version(older) == last + 2


def test_a_disk_that_fails_leaves_the_older_catalogue(older, monkeypatch):
    before = version(older)

    def fail(connection: sqlite3.Connection, script: str) -> None:
        connection.execute("DROP TABLE bands")
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR"
        raise error

    monkeypatch.setattr(migrations, "_execute", fail)
    with pytest.raises(StorageTrouble, match="disk"):
        Catalogue.open(older)
    monkeypatch.undo()
    assert version(older) == before
    Catalogue.open(older).close()


def test_a_new_catalogue_says_whose_it_is(tmp_path):
    Catalogue.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / store.NAME)) as connection:
        said = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    assert said == [0x766F7663, migrations.VERSION]


def test_every_older_version_has_its_step_and_a_catalogue_to_try_it_on():
    assert sorted(migrations.STEPS) == list(range(1, migrations.VERSION))
    assert len(list(DATA.glob("catalogue-*.sqlite.gz"))) == migrations.VERSION - 1

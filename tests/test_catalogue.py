"""The file under the catalogue: opened, locked, migrated, refused; commits whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest

from tests.stories import AT, article, record
from vovcrawler.catalogue import Catalogue, migrations, store
from vovcrawler.catalogue.lock import NAME, Lock
from vovcrawler.errors import Locked, StorageTrouble

FILE = store.NAME


@pytest.fixture
def filled(tmp_path):
    """A DATA_DIR whose catalogue holds two articles."""
    with Catalogue.open(tmp_path) as catalogue:
        record(catalogue, "a", "Một bài viết.")
        record(catalogue, "b", "Một bài khác.")
    return tmp_path


def articles(folder) -> int:
    with Catalogue.read(folder) as catalogue:
        return sum(catalogue.counts().articles.values())


# ---- its parts


def test_no_part_of_the_catalogue_hides_a_method_of_another():
    parts = [part for part in Catalogue.__mro__ if part not in (Catalogue, store.Part, object)]
    owners = [(name, part) for part in parts for name in vars(part) if not name.startswith("__")]
    hidden = [
        f"{one.__name__} and {other.__name__} both have {name}"
        for (name, one), (same, other) in combinations(owners, 2)
        if name == same and not issubclass(one, other)
    ]
    assert hidden == []


# ---- commits


def test_what_was_not_committed_is_forgotten(tmp_path):
    catalogue = Catalogue.open(tmp_path)
    record(catalogue, "a", "Một bài viết.")
    catalogue.commit()
    record(catalogue, "b", "Một bài khác.")
    catalogue.close()
    assert articles(tmp_path) == 1


def test_half_of_a_record_never_enters_the_transaction(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        record(catalogue, "a", "Một bài viết.")
        with pytest.raises(ZeroDivisionError):
            catalogue.record(article("b", "Một bài khác."), page=None, at=AT, line=lambda _: 1 / 0)
        assert record(catalogue, "c", "Bài thứ ba.").seq == 2
    assert articles(tmp_path) == 2


def test_what_a_commit_refers_to_is_on_the_disk_before_it(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        order = []
        catalogue.before_commit.append(lambda: order.append(("before", catalogue.connection.in_transaction)))
        catalogue.after_commit.append(lambda: order.append(("after", catalogue.connection.in_transaction)))
        record(catalogue, "a", "Một bài viết.")
        catalogue.commit()
        catalogue.commit()
        assert order == [("before", True), ("after", False)]


def test_what_nobody_will_read_has_no_indexes_for_readers(tmp_path):
    def indexes(*, lasting: bool) -> set[str]:
        with Catalogue.open(tmp_path / str(lasting), lasting=lasting) as made:
            names = made.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")
            return {name for (name,) in names}

    assert indexes(lasting=True) - indexes(lasting=False) == set(store._FOR_READERS)


def test_a_reader_sees_the_last_commit_while_another_writes(filled):
    with Catalogue.open(filled) as catalogue:
        record(catalogue, "c", "Bài thứ ba.")
        assert articles(filled) == 2
        catalogue.commit()
        assert articles(filled) == 3


def test_a_reader_writes_nothing(filled):
    with Catalogue.read(filled) as catalogue, pytest.raises(sqlite3.OperationalError, match="readonly"):
        catalogue.set_note("a", "b")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_catalogue_in_a_folder_without_rights_can_be_read(filled):
    filled.chmod(0o555)
    assert articles(filled) == 2


def test_a_catalogue_on_a_full_disk_can_be_read(filled, monkeypatch):
    full = shutil.disk_usage(filled)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: full)
    with Catalogue.read(filled) as catalogue:
        assert sum(catalogue.counts().articles.values()) == 2
        # There would be no room for what readers share.
        assert not list(filled.glob("*-shm"))
    with Catalogue.open(filled) as catalogue:
        record(catalogue, "c", "Bài thứ ba.")
        catalogue.commit()
        assert articles(filled) == 3


# ---- one at a time


_HOLD = """
import sys
from pathlib import Path
from vovcrawler.catalogue import Catalogue
with Catalogue.open(Path(sys.argv[1]), run="20261121T150405Z"):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(filled):
    """Another process that holds the catalogue of *filled*."""
    command = [sys.executable, "-c", _HOLD, str(filled)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        yield process


def test_a_second_run_is_told_who_holds_the_folder_since_when(filled, holder):
    with pytest.raises(
        Locked, match=rf"held by process {holder.pid} \(run 20261121T150405Z, since 20\d\d-"
    ) as told:
        Catalogue.open(filled)
    assert told.value.exit_code == 75
    assert articles(filled) == 2


def test_the_lock_dies_with_its_process(filled, holder):
    holder.kill()
    holder.wait()
    Catalogue.open(filled).close()


def test_one_process_may_take_the_lock_twice(tmp_path):
    one, other = Lock.take(tmp_path), Lock.take(tmp_path / "." / "x" / "..")
    one.release()
    one.release()
    program = (
        f"from pathlib import Path; from vovcrawler.catalogue.lock import Lock; Lock.take(Path({str(tmp_path)!r}))"
    )
    command = [sys.executable, "-c", program]
    assert b"held by" in subprocess.run(command, capture_output=True, check=False).stderr
    other.release()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_an_unsigned_lock_is_held_by_another_process(tmp_path, monkeypatch):
    def refuse(_: int) -> None:
        raise BlockingIOError

    (tmp_path / NAME).write_text("{")
    monkeypatch.setattr("vovcrawler.catalogue.lock._lock", refuse)
    with pytest.raises(Locked, match="held by another process"):
        Lock.take(tmp_path)


def test_a_folder_that_cannot_be_locked_is_held_by_nobody(tmp_path, monkeypatch):
    def refuse(_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("vovcrawler.catalogue.lock._lock", refuse)
    with pytest.raises(StorageTrouble, match=r"cannot be locked: No locks available\.$"):
        Lock.take(tmp_path)


def test_what_sqlite_has_rolled_back_by_itself_is_missed(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.set_note("a", "1")
        catalogue.commit()
        for act in (catalogue.commit, lambda: catalogue.set_note("c", "3")):
            catalogue.set_note("b", "2")
            catalogue.connection.execute("ROLLBACK")
            with pytest.raises(sqlite3.OperationalError, match="is lost"):
                act()
            catalogue.rollback()
        catalogue.commit()
        assert [catalogue.note(name) for name in "abc"] == ["1", None, None]


# ---- what is no catalogue of ours


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (name TEXT)")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")


def _of_our_name(path: Path) -> None:
    path.unlink()
    _foreign(path)
    _say(f"PRAGMA application_id = {migrations.APPLICATION_ID}", f"PRAGMA user_version = {migrations.VERSION}")(
        path
    )


def _say(*statements: str):
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)

    return change


def _torn(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 - 100)


def _scribbled(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


DAMAGES = [
    ("text", lambda path: path.write_text("Đây không phải là cơ sở dữ liệu." * 99), "is not a catalogue"),
    ("another program's", lambda path: (path.unlink(), _foreign(path)), "is not a catalogue"),
    ("newer", _newer, "made by a newer vovcrawler"),
    ("another program's under our name", _of_our_name, "is damaged: it lacks"),
    ("without a table", _say("DROP TABLE runs"), "it lacks the index 'runs_alike'"),
    (
        "without a column",
        _say("ALTER TABLE pages DROP COLUMN failures"),
        "it lacks the column 'failures' of 'pages'",
    ),
    ("without an index", _say("DROP INDEX frontier_next"), "it lacks the index 'frontier_next'"),
    ("without a search table", _say("DROP TABLE search_fronts"), "it lacks the table 'search_fronts'"),
    ("a pipe", lambda path: (path.unlink(), os.mkfifo(path)), "is no plain file"),
    ("torn", _torn, "is damaged"),
    ("scribbled over", _scribbled, "is damaged"),
]


@pytest.mark.parametrize(("damage", "sentence"), [row[1:] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
@pytest.mark.parametrize("way", [Catalogue.open, Catalogue.read])
def test_a_file_that_is_no_good_catalogue_is_left_as_it_is(filled, damage, sentence, way):
    damage(filled / FILE)
    before = (filled / FILE).is_file() and (filled / FILE).read_bytes()
    with pytest.raises(StorageTrouble, match=sentence) as told:
        way(filled)
    assert told.value.exit_code == 5
    assert ((filled / FILE).is_file() and (filled / FILE).read_bytes()) == before
    assert {path.name for path in filled.iterdir()} <= {FILE, NAME}


@pytest.mark.parametrize("way", [Catalogue.open, Catalogue.read])
def test_a_folder_in_its_place_is_said(tmp_path, way):
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageTrouble, match="is a folder"):
        way(tmp_path)


def test_what_others_added_is_no_damage(filled):
    _say("CREATE TABLE mine (a)", "CREATE INDEX mine_a ON mine (a)", "ALTER TABLE runs ADD COLUMN mine TEXT")(
        filled / FILE
    )
    assert articles(filled) == 2


def test_damage_that_shows_in_the_middle_of_the_work_is_one_sentence(filled):
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorname = "SQLITE_CORRUPT"
    with pytest.raises(StorageTrouble, match="is damaged; put it aside"), Catalogue.read(filled):
        raise error
    with pytest.raises(sqlite3.ProgrammingError), Catalogue.read(filled) as catalogue:
        catalogue.connection.execute("SELECT ?")


def test_an_older_catalogue_is_not_read_before_it_is_brought_forward(filled, monkeypatch):
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    with pytest.raises(StorageTrouble, match="made by an older vovcrawler"):
        Catalogue.read(filled)


def test_a_catalogue_that_was_just_made_has_nothing_to_read(tmp_path):
    _say(f"PRAGMA application_id = {migrations.APPLICATION_ID}")(tmp_path / FILE)
    with pytest.raises(StorageTrouble, match="a crawl fills it"):
        Catalogue.read(tmp_path)


@pytest.mark.parametrize("make", [lambda path: path.touch(), lambda path: sqlite3.connect(path).close()])
def test_a_file_that_a_killed_run_has_just_made_is_filled(tmp_path, make):
    make(tmp_path / FILE)
    Catalogue.open(tmp_path).close()
    assert articles(tmp_path) == 0


@pytest.mark.parametrize("is_empty", [True, False])
@pytest.mark.parametrize("left", ["feeds/articles-2026-11-21.jsonl", "warc/vov-1-00000.warc.gz"])
@pytest.mark.parametrize("way", [Catalogue.open, Catalogue.read])
def test_an_archive_without_its_catalogue_is_not_begun_anew(tmp_path, left, is_empty, way):
    (tmp_path / left).parent.mkdir()
    (tmp_path / left).write_text("{}\n")
    if is_empty:
        (tmp_path / FILE).touch()
    with pytest.raises(StorageTrouble, match="scrapy catalogue rebuild"):
        way(tmp_path)


def test_a_torn_journal_costs_the_last_commits_only(tmp_path):
    catalogue = Catalogue.open(tmp_path / "one")
    catalogue.connection.execute("PRAGMA wal_autocheckpoint = 0")
    for number in range(5):
        record(catalogue, number, f"Bài viết số {number}.")
        catalogue.commit()
    # As a crash leaves it: nobody has closed it.
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    catalogue.close()
    journal = tmp_path / "two" / f"{FILE}-wal"
    with journal.open("r+b") as file:
        file.truncate(journal.stat().st_size - 5000)
    (tmp_path / "two" / f"{FILE}-shm").unlink()
    Catalogue.open(tmp_path / "two").close()
    assert articles(tmp_path / "two") == 4


# ---- what it holds


def test_tables_are_strict(filled):
    with Catalogue.open(filled) as catalogue, pytest.raises(sqlite3.IntegrityError, match="TEXT"):
        catalogue.write().execute("UPDATE articles SET url = x'00'")


def test_a_catalogue_that_is_removed_while_it_is_written_is_no_success(tmp_path):
    catalogue = Catalogue.open(tmp_path)
    catalogue.set_note("a", "b")
    (tmp_path / "catalogue.sqlite").unlink()
    with pytest.raises(FileNotFoundError, match="was removed while it was written"):
        catalogue.commit()
    catalogue.close()

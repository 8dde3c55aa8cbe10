"""The reading room and the folder under it: whatever its name, and whoever writes there meanwhile."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.test_room import NOW, asking, fill, put
from vovcrawler.catalogue import Catalogue
from vovcrawler.room import open_room


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    with Catalogue.open(data) as catalogue:
        fill(catalogue)
    return data


def test_a_page_is_new_after_each_commit(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        put(catalogue, "vov.vn/post1", headline="Một")
        catalogue.commit()
        for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
            assert "Tin thứ nhì" not in ask("/").text
            assert ask("/").text == ask("/").text
            put(catalogue, "vov.vn/post2", headline="Tin thứ nhì", at="2026-11-21T05:00:00.000000Z")
            catalogue.commit()
            assert "Tin thứ nhì" in ask("/").text


def copy(folder: Path, to: Path) -> None:
    """Copy the catalogue, whole."""
    with sqlite3.connect(folder / "catalogue.sqlite") as old, sqlite3.connect(to / "catalogue.sqlite") as new:
        old.backup(new)
    new.close()


@pytest.mark.parametrize("name", ["a?mode=rwc", "50% #1", "tin \u0111"])
def test_the_folder_may_have_any_name(folder: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.mkdir()
    copy(folder, odd)
    for ask in asking(open_room(odd, clock=lambda: NOW)):
        assert ask("/article/vov.vn/post1").status_code == 200
        assert ask("/catalogue/articles.json").status_code == 200
    assert list(tmp_path.iterdir()) == [odd]


@pytest.mark.parametrize("may_write", [True, False])
def test_what_is_written_or_restored_while_the_room_is_open_is_seen(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_write: bool
) -> None:
    copy(folder, tmp_path)
    if not may_write:
        # As for another user, for whom SQLite can make no file beside the catalogue.
        monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        assert ask("/article/vov.vn/post9").status_code == 404
        with Catalogue.open(tmp_path) as catalogue:
            put(catalogue, "vov.vn/post9")
        assert ask("/article/vov.vn/post9").status_code == 200
        (tmp_path / "catalogue.sqlite").unlink()
        copy(folder, tmp_path)
        assert ask("/article/vov.vn/post9").status_code == 404
        assert ask("/article/vov.vn/post1").status_code == 200

"""The reading room and the folder under it: whatever its name, and whoever writes there meanwhile."""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
from pathlib import Path

import pytest
from scrapy.settings import Settings

from tests.rooms import EVIL, NOW, asking, fill, put
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.coverage import FATES
from vovcrawler.catalogue.runs import Runs
from vovcrawler.catalogue.search import _Walk
from vovcrawler.commands import search
from vovcrawler.dates import utc_now
from vovcrawler.room import open_room
from vovcrawler.room.rendering import Recent, Sent
from vovcrawler.room.wording import _WORDS


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


def test_a_catalogue_damaged_while_the_room_is_open_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    copy(folder, tmp_path)
    path = tmp_path / "catalogue.sqlite"
    whole = path.read_bytes()
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
        for address in ("/", "/article/vov.vn/post1.json"):
            answer = ask(address)
            assert answer.status_code == 503
            assert "is damaged; put it aside and run scrapy catalogue rebuild" in answer.text
        path.unlink()
        path.write_bytes(whole)
        assert ask("/article/vov.vn/post1.json").status_code == 200


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


def test_what_became_of_a_listed_article_is_told_in_either_language(tmp_path: Path) -> None:
    at = "2026-11-20T03:00:00.000000Z"
    with Catalogue.open(tmp_path) as catalogue:
        page = catalogue.know_page("https://vov.vn/xa-hoi/a-post1.vov", at)
        catalogue.listed("https://vov.vn/rss/xa-hoi.rss", "feed", "xa-hoi", [(page, None)], at)
        job = catalogue.open_job("article", {}, at).number
        catalogue.enqueue(job, page, level=0, priority=0, seed=True, request="{}", again=False)
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        assert "· chưa thử 1<" in ask("/coverage", accept_language="vi").text
        assert "· not tried 1<" in ask("/coverage", accept_language="en").text
        assert ask("/coverage.json").json()["fates"] == {"not_tried": 1}
    assert all(_WORDS[f"fate_{name}"] for name in FATES)


def test_a_run_is_shown_without_reading_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = {"spider": "update", "version": "1", "exit_code": 4, "reason": "monitors", "stats": {EVIL: 7}}
    report |= {"started_at": "2026-11-20T10:00:00.000000Z", "finished_at": "2026-11-20T10:01:05.000000Z"}
    names = ["20261120T100000Z", "20261120T110000Z-2"]
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.take_runs({**report, "run": name, "arguments": {"since": name}} for name in names)
    monkeypatch.delattr(Runs, "runs")
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        for name in names:
            told = ask(f"/runs/{name}.json").json()
            assert (told["run"], told["arguments"], told["seconds"]) == (name, {"since": name}, 65)
            assert name in ask(f"/runs/{name}").text
        assert ask("/runs/20261120").status_code == 404


def test_only_small_pages_are_kept() -> None:
    made: list[int] = []

    async def make(size: int) -> Sent:
        made.append(size)
        return Sent(body="x" * size, content_type="text/plain")

    async def read() -> None:
        recent = Recent()
        for size in (10, 1_000_000, 10, 1_000_000):
            assert len((await recent.get(size, lambda size=size: make(size))).body) == size  # type: ignore[misc]

    asyncio.run(read())
    assert made == [10, 1_000_000, 1_000_000]


def test_a_page_is_of_one_moment_whoever_writes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Catalogue.open(tmp_path) as writer:
        put(writer, "vov.vn/post1", published_at="2026-11-20T10:00:00+07:00")
        writer.commit()
        look, days = _Walk.numbers, iter(["21", "22"])

        def and_meanwhile(walk: _Walk, wanted: int) -> list[int]:
            found = look(walk, wanted)
            day = next(days)
            put(writer, "vov.vn/post1", headline=f"Tin {day}", published_at=f"2026-11-{day}T10:00:00+07:00")
            writer.commit()
            return found

        monkeypatch.setattr(_Walk, "numbers", and_meanwhile)
        for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
            assert [hit["headline"] for hit in ask("/search.json?q=tin").json()["articles"]] == ["Tin"]
        assert search.Command().act(_typed("tin"), Settings({"DATA_DIR": str(tmp_path), "CLOCK": utc_now})) == 0


def _typed(word: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    search.Command().add_arguments(parser)
    return parser.parse_args([word])


def test_an_article_is_a_copy_of_what_has_its_text_now(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        for name in ("vov.vn/post1", "vov.vn/post2"):
            put(catalogue, name)
        put(catalogue, "vov.vn/post1", headline="Tít khác", at="2026-11-21T05:00:00.000000Z")
        put(catalogue, "vov.vn/post3", at="2026-11-21T05:00:00.000000Z")
        put(catalogue, "vov.vn/post3", headline="Tít thứ ba", at="2026-11-21T06:00:00.000000Z")
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        assert ask("/article/vov.vn/post2.json").json()["copy_of"] is None
        assert ask("/article/vov.vn/post1.json").json()["copies"] == []
        copied = ask("/article/vov.vn/post3.json?revision=1").json()["copy_of"]
        assert copied == {"id": "vov.vn/post2", "headline": "Tin", "similarity": 1.0}
        assert ask("/article/vov.vn/post3.json").json()["copy_of"] is None

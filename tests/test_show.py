"""What ``scrapy catalogue show``, ``stats`` and ``runs`` print."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from scrapy.settings import Settings

from tests.stories import AT, OTHER, STORY, record
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue import runs, show, stats
from vovcrawler.errors import StorageTrouble, UsageTrouble

LATER, LAST = (f"2026-11-{day}T08:00:00.000000Z" for day in (22, 23))
ID = "vov.vn/post1018244"
URL = "https://m.vov.vn/the-gioi/mot-bai-post1018244.vov"


def verb(module, folder, *argv: str) -> int:
    """Run a verb as ``scrapy catalogue`` does."""
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return module.run(parser.parse_args(argv), Settings({"DATA_DIR": str(folder)}))


@pytest.fixture
def folder(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        record(catalogue, ID, "Giá vàng tăng nhẹ hôm nay.", "Giá vàng", url=URL)
        record(catalogue, ID, "Giá vàng giảm nhẹ hôm nay.", "Giá vàng", LATER, url=URL)
        catalogue.observe(1, LAST, 404, None)
        catalogue.open_job("article", {"url": URL, "hops": "2"}, AT)
        page = catalogue.know_page(URL, AT)
        catalogue.enqueue(1, page, level=0, priority=0, seed=True, request="{}", again=False)
        started = {"version": "1", "at": "2026-11-20T08:00:00Z"}
        catalogue.start_run("20261120T080000Z", job=1, spider="article", arguments={"url": URL}, **started)
    return tmp_path


@pytest.mark.parametrize("name", [ID, "1018244", URL])
def test_an_article_is_shown_by_id_number_or_address(folder, capsys, name):
    assert verb(show, folder, name) == 0
    shown = capsys.readouterr().out
    assert "1  2026-11-21 15:04:05 UTC" in shown
    assert "changed: body" in shown
    assert "answered 404 on 2026-11-23 08:00:00 UTC" in shown
    assert "gone" not in shown


def test_the_difference_of_two_revisions_is_marked_word_by_word(folder, capsys):
    assert verb(show, folder, ID, "--diff", "1", "2") == 0
    assert capsys.readouterr().out == "body:\nGiá vàng [-tăng-]{+giảm+} nhẹ hôm nay.\n"


def test_the_difference_is_in_colour_on_a_terminal(folder, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    verb(show, folder, ID, "--diff", "1", "2")
    shown = capsys.readouterr().out
    assert "\x1b[9;31mtăng\x1b[0m" in shown
    assert "\x1b[32mgiảm\x1b[0m" in shown
    assert "[-" not in shown


def test_everything_is_there_as_json(folder, capsys):
    verb(show, folder, ID, "--json")
    shown = json.loads(capsys.readouterr().out)
    assert [revision["record"]["status"] for revision in shown["revisions"]] == ["new", "revised"]
    assert [seen["status"] for seen in shown["observations"]] == [404]
    verb(show, folder, ID, "--diff", "1", "2", "--json")
    assert list(json.loads(capsys.readouterr().out)["changes"]) == ["body"]
    verb(stats, folder, "--json")
    assert json.loads(capsys.readouterr().out)["feed_lines"] == {"new": 1, "revised": 1}
    verb(runs, folder, "--json")
    assert json.loads(capsys.readouterr().out)["finished_at"] is None


@pytest.mark.parametrize("argv", [["vov.vn/post1"], [ID, "--diff", "1", "3"], [ID, "--related", "--hops", "0"]])
def test_what_is_not_there_is_said_in_one_sentence(folder, argv):
    with pytest.raises(UsageTrouble, match=argv[-1]):
        verb(show, folder, *argv)


def test_statistics_name_the_command_that_goes_on(folder, capsys):
    assert verb(stats, folder) == 0
    shown = capsys.readouterr().out
    assert "articles       1 (1 live)" in shown
    assert "pages waiting: 1, done: 0" in shown
    assert f"scrapy crawl article -a hops=2 -a url={URL}" in shown


def test_statistics_pass_over_a_file_that_a_run_renames_meanwhile(folder, capsys, monkeypatch):
    (folder / "warc").mkdir()
    (folder / "warc" / "whole.warc.gz").write_bytes(b"x" * 7)
    (folder / "warc" / "closed.warc.gz.open").symlink_to("no longer")
    # It was there when it was looked at first.
    monkeypatch.setattr(Path, "is_file", lambda _path: True)
    assert verb(stats, folder, "--json") == 0
    assert json.loads(capsys.readouterr().out)["bytes"]["warc"] == 7


def test_runs_are_listed_with_their_ends(folder, capsys):
    with Catalogue.open(folder) as catalogue:
        numbers = {"pages": 3, "new": 2}
        times = {"started_at": "2026-11-21T09:00:00Z", "finished_at": "2026-11-21T09:02:05Z"}
        ended = {"run": "20261121T090000Z", "spider": "article", "arguments": {}, "version": "1", "exit_code": 0}
        catalogue.finish_run({**ended, **times, **numbers, "reason": "finished"})
    assert verb(runs, folder) == 0
    newest, oldest = capsys.readouterr().out.split("20261120T", 1)
    assert "after 2 min 5 s: exit code 0, finished" in newest
    assert "3 pages, 2 new" in newest
    assert "still running, or it was killed" in oldest


def test_an_archive_without_catalogue_is_said_to_have_none(tmp_path):
    with pytest.raises(StorageTrouble, match="no catalogue"):
        verb(stats, tmp_path)
    assert not list(tmp_path.iterdir())


def test_marks_are_those_of_the_texts_of_today(tmp_path, capsys):
    with Catalogue.open(tmp_path) as catalogue:
        for id_ in ("a", "b"):
            record(catalogue, id_, STORY)
    verb(show, tmp_path, "b")
    assert "the same text as a\n  100% like a" in capsys.readouterr().out
    with Catalogue.open(tmp_path) as catalogue:
        record(catalogue, "a", OTHER)
    verb(show, tmp_path, "b")
    shown = capsys.readouterr().out
    assert "the same text" not in shown
    assert "like a" not in shown

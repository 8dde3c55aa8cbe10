"""Exports: read back with the tools that people use, each from the file alone."""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import io
import json
import os
import re
import sqlite3
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from tests.stories import OTHER, STORY, record
from vovcrawler import exports
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue import export
from vovcrawler.errors import UsageTrouble
from vovcrawler.exports.formats import NAMES
from vovcrawler.items import Image, Related

EVIL = '=HYPERLINK("http://x";"Tin")'


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three articles, one of them rich, one hostile."""
    data = tmp_path / "data"
    with Catalogue.open(data) as catalogue:
        record(
            catalogue,
            "vov.vn/post1",
            STORY,
            headline="Đàm phán",
            url="https://vov.vn/the-gioi/a-post1.vov",
            published_at="2025-12-29T16:54:00+07:00",
            captured_at="2026-11-21T15:04:05.123456Z",
            section=["Thế giới", "Quan sát"],
            subheadings=[0],
            images=[Image(caption="Ảnh", credit="TTXVN")],
            related=[Related(headline="Tin", url="https://vov.vn/b-post2.vov")],
            capture={"warc": "a.warc.gz", "offset": 12, "record_id": "urn:uuid:0"},
            outlet="VOV.VN",
        )
        record(catalogue, "vov.vn/post2", OTHER, headline=EVIL, published_at="2026-01-01T00:30:00+07:00")
        record(catalogue, "text/3", 'Một "tin"\tvắn.', headline="'-Nga", capture={"file": "fixtures/3.txt"})
    return data


@pytest.fixture
def run(archive: Path) -> Any:
    """``run("--format", "csv", …)`` exports in this process."""

    def run(*words: str | Path) -> int:
        parser = argparse.ArgumentParser()
        export.add_arguments(parser)
        settings = Settings({"DATA_DIR": str(archive), "CLOCK": "vovcrawler.dates.utc_now"})
        return export.run(parser.parse_args([str(word) for word in words]), settings)

    return run


def records(archive: Path) -> list[dict[str, Any]]:
    with Catalogue.read(archive) as catalogue:
        return [one.record for one in catalogue.standing()]


# ---- JSON Lines and CSV


def test_a_dash_is_standard_output(archive, run, capfdbinary, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run()
    plain = capfdbinary.readouterr().out
    assert run("-o", "-") == 0
    assert capfdbinary.readouterr().out == plain != b""
    assert not (tmp_path / "-").exists()


def test_json_lines_are_those_of_the_feed(archive, run, capfdbinary):
    assert run() == 0
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert [json.loads(line) for line in lines] == records(archive)
    assert "Đàm phán" in lines[1]


def plain(cell):
    """Take away the apostrophe that an export puts before what a spreadsheet would run."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell) else cell


@pytest.mark.parametrize("bom", [False, True])
def test_csv_gives_every_value_back(archive, run, capfdbinary, bom):
    run("--format", "csv", *(["--bom"] if bom else []))
    text = capfdbinary.readouterr().out.decode("utf-8")
    assert text.startswith("\ufeff") == bom
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == NAMES
    for row, whole in zip(rows, records(archive), strict=True):
        for name, value in whole.items():
            cell = plain(row[name])
            if value is None:
                assert cell == ""
            else:
                assert (cell if isinstance(value, str) else json.loads(cell)) == value


def test_no_cell_of_a_csv_is_a_formula(run, capfdbinary):
    run("--format", "csv")
    rows = list(csv.reader(io.StringIO(capfdbinary.readouterr().out.decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n" and cell]
    assert f"'{EVIL}" in cells
    assert "''-Nga" in cells


# ---- files


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_the_same_export_gives_the_same_bytes_and_a_card(archive, run, tmp_path, name):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    for folder in ("one", "two"):
        assert run("-o", tmp_path / folder / name) == 0
    one, two = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))
    assert [path.name for path in one] == [name, f"{name}.card.json"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    card = json.loads(one[1].read_text(encoding="utf-8"))
    assert card["files"] == [
        {
            "name": name,
            "articles": 3,
            "bytes": one[0].stat().st_size,
            "sha256": hashlib.sha256(one[0].read_bytes()).hexdigest(),
        }
    ]
    assert card["articles"] == 3
    assert (card["published_first"], card["published_last"]) == ("2025-12-29", "2026-01-01")
    assert card["by_section"] == {"": 2, "Thế giới": 1}
    assert [field["name"] for field in card["fields"]] == list(NAMES)
    assert all(field["content"] for field in card["fields"])
    assert "VOV" in card["licence"]
    assert all(sign in card["notes"] for sign in "=+-@＝＋－＠") if name == "a.csv" else "notes" not in card


def test_split_files_hold_each_article_once(archive, run, tmp_path):
    assert run("-o", tmp_path / "out" / "a.jsonl", "--split", "MONTH") == 0
    files = sorted(path for path in (tmp_path / "out").iterdir() if path.suffix == ".jsonl")
    assert [path.name for path in files] == ["a-2025-12.jsonl", "a-2026-01.jsonl", "a-undated.jsonl"]
    ids = [json.loads(line)["id"] for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(ids) == ["text/3", "vov.vn/post1", "vov.vn/post2"]
    card = json.loads((tmp_path / "out" / "a.jsonl.card.json").read_text(encoding="utf-8"))
    assert [file["name"] for file in card["files"]] == [path.name for path in files]


def test_a_section_of_any_name_has_its_file(tmp_path):
    part = exports.parting("section")
    names = ["Thế giới", "★", "Chuyện " * 99, "新闻" * 99, "../../etc", "a/b\x00\n"]
    for name in names:
        (tmp_path / f"a-{part(None, name)}.jsonl").touch()
    assert len(list(tmp_path.iterdir())) == len(names)


@pytest.mark.parametrize("name", ["a.jsonl", "tin \"mới\" {0} 'a'.csv", os.fsdecode(b"tin \xff.jsonl")])
def test_a_file_of_any_name_has_a_card_that_tells_how_to_read_it(archive, run, tmp_path, name):
    assert run("-o", tmp_path / name) == 0
    card = json.loads((tmp_path / f"{name}.card.json").read_bytes())
    assert card["files"][0]["name"] == name
    # What is no text stands for itself there, and no parser takes it.
    name = _as_text(name)
    for tool, line in card["read"].items():
        if tool == "DuckDB":
            with closing(sqlite3.connect(":memory:")) as database:
                asked = re.sub(r"\* FROM \w+", "", _as_text(line))
                assert database.execute(asked).fetchone() == (name,)
        else:
            nodes = ast.walk(ast.parse(_as_text(line)))
            assert name in [node.value for node in nodes if isinstance(node, ast.Constant)]


def _as_text(line: str) -> str:
    return line.encode("utf-8", "replace").decode()


def test_a_failed_export_leaves_nothing_behind(archive, tmp_path):
    def failing() -> Any:
        with Catalogue.read(archive) as catalogue:
            yield next(catalogue.standing())
            raise OSError

    before = tmp_path / "a.jsonl"
    before.write_text("before")
    with pytest.raises(OSError):
        exports.to_files(failing(), before, exports.writer("jsonl"), exports.Card("jsonl", {}))
    assert before.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "data"]


def test_nothing_is_a_file_too(archive, run, tmp_path):
    assert run("-o", tmp_path / "a.csv", "--section", "không có") == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines() == [",".join(NAMES)]


# ---- usage


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        (["--format", "xml"], "'xml'"),
        (["--format", "parquet"], "-o PATH"),
        (["--split", "month"], "-o PATH"),
        (["--split", "week", "-o", "x"], "'week'"),
        (["--as-of", "soon"], "'soon'"),
        (["--as-of", "2026-11-21T99:00"], "'2026-11-21T99:00'"),
        (["--as-of", ""], "''"),
        (["--as-of", "0001-01-01T00:00"], "'0001-01-01T00:00'"),
        (["--as-of", "9999-12-31T23:00-05:00"], "'9999-12-31T23:00-05:00'"),
        (["--prefer", "latest"], "--unique"),
        (["--unique", "--prefer", "best"], "'best'"),
        (["--bom"], "--bom"),
        (["--status", "lost"], "'lost'"),
        (["--since", "x"], "'x'"),
        (["-o", ".."], "'..' is a folder"),
        (["--format", "parquet", "-o", "-"], "-o PATH"),
    ],
)
def test_wrong_usage_is_quoted(run, words, quoted):
    with pytest.raises(UsageTrouble, match=quoted):
        run(*words)


def test_without_pyarrow_a_sentence_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "vovcrawler.exports.parquet", raising=False)
    with pytest.raises(UsageTrouble, match=r"pip install -e '\.\[parquet\]'"):
        run("--format", "parquet", "-o", "x.parquet")


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("2026-11-20", 0),
        ("2026-11-21", 3),
        ("21/11/2026", 3),
        ("2026-11-21T22:04:05.123455", 0),
        ("2026-11-21T22:04:05.123456", 3),
        ("2026-11-21T15:04:06Z", 3),
        ("2026-11-21T15:04:05Z", 0),
    ],
)
def test_a_day_ends_at_midnight_in_vietnam_and_a_time_is_included(run, capfdbinary, typed, count):
    run("--as-of", typed)
    assert len(capfdbinary.readouterr().out.splitlines()) == count


def test_the_command_line_exports(scrapy, archive, tmp_path):
    done = scrapy("catalogue", "export", "--format", "csv", "-o", tmp_path / "a.csv", data=archive)
    assert (done.code, done.stdout) == (0, "")
    assert "3 articles" in done.stderr
    assert [row["id"] for row in scrapy("catalogue", "export", data=archive).records] == [
        "text/3",
        "vov.vn/post1",
        "vov.vn/post2",
    ]


# ---- readers

_PATHS = ("a.jsonl", "a.csv", "a.parquet")


@pytest.fixture
def read_back(run, tmp_path, request) -> Any:
    pytest.importorskip("pyarrow")
    path = tmp_path / request.param
    run("-o", path)
    return str(path)


def is_right(rows: list[dict[str, Any]], path: str) -> None:
    assert [row["id"] for row in rows] == ["text/3", "vov.vn/post1", "vov.vn/post2"]
    assert rows[1]["headline"] == "Đàm phán"
    assert [row["revision"] for row in rows] == [1, 1, 1]
    if not path.endswith("csv"):
        assert list(rows[1]["section"]) == ["Thế giới", "Quan sát"]
        assert next(iter(rows[1]["images"]))["credit"] == "TTXVN"
        assert rows[1]["capture"]["offset"] == 12
    if path.endswith("parquet"):
        assert rows[1]["published_at"] == datetime.fromisoformat("2025-12-29T16:54:00+07:00")
        assert rows[1]["captured_at"].timestamp() == 1795273445.123456
        assert rows[0]["captured_at"] is None or rows[0]["captured_at"] != rows[0]["captured_at"]


@pytest.mark.parametrize("read_back", _PATHS, indirect=True)
def test_pandas_reads_it(read_back):
    pandas = pytest.importorskip("pandas", reason="pandas is missing: pip install vovcrawler[readers]")
    read = {"l": lambda path: pandas.read_json(path, lines=True), "v": pandas.read_csv, "t": pandas.read_parquet}
    is_right(read[read_back[-1]](read_back).to_dict("records"), read_back)


@pytest.mark.parametrize("read_back", _PATHS, indirect=True)
def test_polars_reads_it(read_back):
    polars = pytest.importorskip("polars", reason="polars is missing: pip install vovcrawler[readers]")
    reads = {"l": polars.read_ndjson, "v": polars.read_csv, "t": polars.read_parquet}
    options = {} if read_back.endswith("parquet") else {"infer_schema_length": None}
    is_right(reads[read_back[-1]](read_back, **options).to_dicts(), read_back)


@pytest.mark.parametrize("read_back", _PATHS, indirect=True)
def test_duckdb_reads_it(read_back):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is missing: pip install vovcrawler[readers]")
    pytest.importorskip("pytz", reason="pytz is missing: pip install vovcrawler[readers]")
    call = {"l": "read_json", "v": "read_csv", "t": "read_parquet"}[read_back[-1]]
    with duckdb.connect() as connection:
        answer = connection.execute(f"SELECT * FROM {call}('{read_back}')")
        names = [column[0] for column in answer.description]
        is_right([dict(zip(names, row, strict=True)) for row in answer.fetchall()], read_back)


@pytest.mark.parametrize("read_back", _PATHS, indirect=True)
def test_hugging_face_datasets_reads_it(read_back, tmp_path):
    datasets = pytest.importorskip("datasets", reason="datasets is missing: pip install vovcrawler[readers]")
    builder = {"l": "json", "v": "csv", "t": "parquet"}[read_back[-1]]
    loaded = datasets.load_dataset(
        builder, data_files=read_back, split="train", cache_dir=str(tmp_path / "cache"), keep_in_memory=True
    )
    is_right(list(loaded), read_back)

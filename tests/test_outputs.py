"""What outputs hold, and outputs that take no more: a full disk, and a reader who has enough."""

from __future__ import annotations

import argparse
import csv
import gc
import logging
import marshal
import os
import pickle
import subprocess
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from lxml import etree
from scrapy.exporters import BaseItemExporter
from scrapy.utils.misc import load_object

from tests import forks
from tests.chain import publish, url
from tests.conftest import ROOT, Command
from vovcrawler import exports, settings
from vovcrawler.cli import begin
from vovcrawler.items import Article, Related, to_record

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="only Linux has /dev/full")

CRAWL = ("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=5")
COMMANDS = [
    ("replay", "fixtures"),
    ("search", "bài"),
    ("catalogue", "coverage"),
    ("catalogue", "graph", "--format", "jsonl"),
    ("catalogue", "export"),
    ("update", "--dry-run"),
]


@pytest.fixture
def archive(replica, scrapy: Command) -> Command:
    for number in range(3):
        publish(replica.site, number, number + 1)
    publish(replica.site, 3)
    outcome = scrapy(*CRAWL)
    assert outcome.code == 0, outcome.stderr
    return scrapy


def run(scrapy: Command, command: tuple[str, ...], stdout: int) -> tuple[int, str]:
    line = scrapy.line(*command, data=None, settings=None, polite=False)
    done = subprocess.run(
        line, cwd=ROOT, env=scrapy.environment(), stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )
    return done.returncode, done.stderr


def is_clean(said: str) -> bool:
    return "Traceback" not in said and "Exception ignored" not in said


def test_a_full_disk_behind_standard_output_is_one_sentence(archive, tmp_path):
    switches = ("-s", f"DATA_DIR={archive.data}", "-s", "DOWNLOAD_DELAY=0")
    for command in COMMANDS:
        err = tmp_path / "err"
        process = forks.start([*command, *switches], archive.environment(), FULL, err, is_whole=True)
        process.join()
        code, said = process.exitcode, err.read_text()
        assert (code, is_clean(said)) == (5, True), (command, said)
        assert said.splitlines()[-1].endswith("No space left on device."), command


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("search", "bài", "--limit", "0"), 2),
        (("catalogue", "stats", "-s", "DATA_DIR=fixtures"), 5),
    ],
    ids=["wrong usage", "storage"],
)
def test_a_full_disk_behind_standard_error_changes_no_exit_code(scrapy, command, code):
    line = scrapy.line(*command, data=None, settings=None, polite=False)
    with FULL.open("w") as full:
        done = subprocess.run(line, cwd=ROOT, env=scrapy.environment(), stderr=full, check=False)
    assert done.returncode == code


def test_a_log_that_takes_nothing_costs_nothing_else(scrapy):
    outcome = scrapy("replay", "fixtures", settings={"LOG_FILE": FULL})
    assert (outcome.code, outcome.stdout.count("\n")) == (0, 2), outcome.stderr
    assert outcome.stderr == "scrapy: The log '/dev/full' cannot be written: No space left on device.\n"


def test_a_log_that_takes_no_more_is_said_once(monkeypatch, capsys):
    monkeypatch.setattr(logging.Handler, "handleError", logging.Handler.handleError)
    begin(argparse.Namespace(set=[], loglevel=None, logfile=None, pidfile=None))
    logger, handler = logging.Logger("full"), logging.FileHandler(FULL)
    logger.addHandler(handler)
    for number in range(3):
        logger.error("Line %d", number)
    handler.close()
    said = capsys.readouterr().err
    assert said == "scrapy: The log '/dev/full' cannot be written: No space left on device.\n"


def test_a_reader_who_has_enough_is_no_trouble(archive):
    for command in COMMANDS:
        reading, writing = os.pipe()
        os.close(reading)
        try:
            code, said = run(archive, command, writing)
        finally:
            os.close(writing)
        assert (code, is_clean(said)) == (0, True), (command, said)


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_an_export_leaves_the_output_open_of_which_a_reader_has_enough(name):
    class Enough(BytesIO):
        def write(self, *_):
            raise BrokenPipeError

        flush = write

    output = Enough()
    with pytest.raises(BrokenPipeError):
        exports.to_stream([], output, exports.writer(name))
    gc.collect()
    assert not output.closed


def test_a_reader_who_has_enough_does_not_end_another_output_unsaid(scrapy, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        code, said = run(
            scrapy, ("replay", "fixtures", "-O", "-:jsonl", "-O", str(tmp_path / "out.jsonl")), writing
        )
    finally:
        os.close(writing)
    assert (code, is_clean(said)) == (5, True), said
    assert "cannot be written: Broken pipe." in said


@pytest.mark.parametrize("command", [CRAWL, ("replay", "fixtures")], ids=["crawl", "replay"])
def test_an_output_file_on_a_full_disk_ends_the_run(replica, scrapy, tmp_path, command):
    for number in range(4):
        publish(replica.site, number, number + 1)
    out = tmp_path / "out.jsonl"
    out.symlink_to(FULL)
    outcome = scrapy(*command, "-o", out)
    assert (outcome.code, is_clean(outcome.stderr)) == (5, True), outcome.stderr
    assert f"scrapy: The output {str(out)!r} cannot be written: No space left on device." in outcome.stderr


def test_what_an_output_did_not_take_is_in_the_archive(replica, scrapy, tmp_path):
    for number in range(40):
        publish(replica.site, number, number + 1)
    publish(replica.site, 40)
    line = ("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=50")
    out = tmp_path / "out.jsonl"
    out.symlink_to(FULL)
    assert scrapy(*line, "-o", out).code == 5
    outcome = scrapy(*line)
    assert outcome.code == 0, outcome.stderr
    assert [record["seq"] for record in outcome.feed()] == list(range(1, 42))


RELATED = Related(headline="Bán đảo lại dậy sóng", url="https://vov.vn/the-gioi/b-post2.vov")
ARTICLE = Article(id="vov.vn/post1", headline="Một", content_digest="0", related=[RELATED])


def exported(form: str) -> bytes:
    file = BytesIO()
    exporter: BaseItemExporter = load_object(settings.FEED_EXPORTERS[form])(file)
    exporter.start_exporting()
    exporter.export_item(ARTICLE)
    exporter.finish_exporting()
    return file.getvalue()


def test_outputs_of_python_values_need_nothing_of_ours():
    assert b"vovcrawler" not in exported("pickle")
    assert pickle.loads(exported("pickle")) == marshal.loads(exported("marshal")) == to_record(ARTICLE)


def test_the_parts_of_a_record_stand_in_tables_and_xml_under_their_names():
    (row,) = csv.DictReader(StringIO(exported("csv").decode()))
    assert row["related"] == str(to_record(ARTICLE)["related"])
    assert etree.fromstring(exported("xml")).findtext(".//related/value/headline") == RELATED.headline

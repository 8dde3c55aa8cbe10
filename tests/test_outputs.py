"""Outputs that take no more: a full disk, and a reader who has enough."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.chain import publish, url
from tests.conftest import ROOT, Command

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


def test_a_full_disk_behind_standard_output_is_one_sentence(archive):
    for command in COMMANDS:
        with FULL.open("w") as full:
            code, said = run(archive, command, full.fileno())
        assert (code, is_clean(said)) == (5, True), (command, said)
        assert said.splitlines()[-1].endswith("No space left on device."), command


def test_a_reader_who_has_enough_is_no_trouble(archive):
    for command in COMMANDS:
        reading, writing = os.pipe()
        os.close(reading)
        try:
            code, said = run(archive, command, writing)
        finally:
            os.close(writing)
        assert (code, is_clean(said)) == (0, True), (command, said)


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

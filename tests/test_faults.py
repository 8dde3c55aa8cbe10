"""Commands that are killed, stopped or refused the disk midway: nothing is torn, the next one makes up for it."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import chain, forks
from tests.chain import publish, url
from tests.listed import NOW
from tests.listed import publish as published
from tests.replica import Replica
from tests.warcs import members, numbered, page
from vovcrawler.errors import StorageTrouble

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children that were forked")

KILLED, STOPPED, STORAGE = -9, 1, StorageTrouble.exit_code
REBUILD, FEEDS, REPAIR = (
    ["catalogue", "rebuild"],
    ["catalogue", "rebuild", "--feeds"],
    ["catalogue", "check", "--repair"],
)


@dataclass
class Program:
    """``scrapy`` in a process that was forked, at a time that is set."""

    data: Path
    now: str = "2026-11-23T05:00:00+00:00"
    proxy: str = "http://127.0.0.1:9"
    said: str = ""

    def __call__(self, *argv: str, fault: str | None = None) -> int:
        log = self.data.with_suffix(".log")
        chosen = (f"DATA_DIR={self.data}", "CLOCK=tests.clock.now", "LOG_LEVEL=WARNING", "AUTOTHROTTLE_ENABLED=0")
        switches = [part for setting in chosen for part in ("-s", setting)]
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.proxy)
        environment = {**proxies, "VOV_TEST_NOW": self.now}
        process = forks.start([*argv, *switches], environment, log, fault=fault)
        process.join(120)
        if process.exitcode is None:
            process.kill()
        self.said = log.read_text(encoding="utf-8")
        assert process.exitcode is not None
        return process.exitcode


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """An archive of three days: an edit, a page that is gone, sealed feeds."""
    data = tmp_path_factory.mktemp("crawled") / "data"
    every = ",".join(map(url, range(4)))
    with Replica() as replica:
        for number in range(4):
            publish(replica.site, number, (number + 1) % 4)
        for day in (20, 21, 22):
            program = Program(data, f"2026-11-{day}T05:00:00+00:00", replica.url)
            assert program("crawl", "article", "-a", f"url={every}", "-s", "DOWNLOAD_DELAY=0") == 0, program.said
            publish(replica.site, 1, 2, headline=f"Bài số 1, sửa ngày {day}")
            replica.site.remove(url(3), 410)
    return data


@pytest.fixture
def program(crawled, tmp_path):
    shutil.copytree(crawled, tmp_path / "data")
    return Program(tmp_path / "data")


def content(data: Path) -> dict[str, object]:
    """Return all that counts of an archive, and what is wrong with it or was left behind."""
    feeds = {path.name: path.read_bytes() for path in (data / "feeds").iterdir()}
    lines = {name: gzip.decompress(text) if name.endswith(".gz") else text for name, text in feeds.items()}
    left = [
        path.name for path in data.rglob("*") if path.suffix in (".part", ".open") or path.name == "rebuilding"
    ]
    # A second run of the same command may write into other WARC files.
    told = {
        name: [{**json.loads(line), "capture": None} for line in text.splitlines()] for name, text in lines.items()
    }
    return {**chain.essence(data), "lines": told, "troubles": chain.troubles(data), "left": left}


def scribble(data: Path) -> None:
    """Damage a record in the middle of the first WARC file."""
    path = min((data / "warc").iterdir())
    text = bytearray(path.read_bytes())
    text[len(text) // 2 : len(text) // 2 + 60] = bytes(60)
    path.write_bytes(text)


KILLS = [
    *((REBUILD, fault) for fault in ("step:5", "stepped:26", "step:41", "stepped:49")),
    *((REBUILD, fault) for fault in ("stepped:55", "committed:2")),
    *((FEEDS, fault) for fault in ("step:5", "stepped:8", "stepped:19", "rename:1", "renamed:2")),
]


@pytest.mark.parametrize(
    ("command", "fault"), KILLS, ids=[" ".join([*command[1:], fault]) for command, fault in KILLS]
)
def test_what_a_killed_command_left_is_made_good_by_the_next_one(program, command, fault):
    before = content(program.data)
    assert program(*command, fault=fault) == KILLED, program.said
    # Whoever reads goes on, whatever stands there now.
    assert program("catalogue", "stats") == 0, program.said
    assert program(*command) == 0, program.said
    after = content(program.data)
    # Only the day that is over by now was not sealed before.
    before["lines"] = {f"{name.removesuffix('.gz')}.gz": lines for name, lines in before["lines"].items()}
    assert after == before


@pytest.mark.parametrize("fault", ["stepped:5", "step:7", "stepped:7"])
def test_a_repair_that_was_killed_is_repeated(program, fault):
    scribble(program.data)
    assert program(*REPAIR, fault=fault) == KILLED, program.said
    program(*REPAIR)
    assert program("catalogue", "check") == 0, program.said
    assert list((program.data / "warc" / "quarantine").glob("*.damaged"))
    assert not list(program.data.rglob("*.part"))


STOPS = [
    (REBUILD, "interrupt:4"),
    (REBUILD, "terminate:60"),
    (["catalogue", "check"], "interrupt:60"),
    (["pack", "OUT.wacz"], "hangup:60"),
    (["catalogue", "export", "-o", "OUT.csv"], "terminate:40"),
]


@pytest.mark.parametrize(("command", "fault"), STOPS, ids=[f"{command[-1]} {fault}" for command, fault in STOPS])
def test_a_command_that_is_stopped_says_so_and_leaves_nothing_behind(program, tmp_path, command, fault):
    before = content(program.data)
    out = tmp_path / "out"
    out.mkdir()
    line = [part.replace("OUT", str(out / "all")) for part in command]
    assert program(*line, fault=fault) == STOPPED, program.said
    assert (program.said.count("scrapy: Stopped before the end."), "Traceback" in program.said) == (1, False)
    assert (content(program.data), list(out.iterdir())) == (before, [])


@pytest.mark.parametrize("fault", ["full-step:6", "failing-step:11", "full-statement:90", "broken-disk:2"])
def test_a_rebuild_that_the_disk_refuses_is_one_sentence_and_can_be_repeated(program, fault):
    assert program(*REBUILD, fault=fault) == STORAGE, program.said
    assert (program.said.count("scrapy: "), "Traceback" in program.said) == (1, False)
    assert program("catalogue", "stats") == 0
    assert program(*REBUILD) == 0, program.said
    assert content(program.data)["troubles"] == []


@pytest.mark.parametrize("number", [85, 89, 109, 121])
def test_an_ingest_that_the_disk_refuses_is_one_sentence_and_loses_nothing(tmp_path, number):
    pages = [replace(one, url=url(number % 2)) for number, one in enumerate(numbered(map(page, "abc")))]
    (tmp_path / "a.warc.gz").write_bytes(members(pages))
    program = Program(tmp_path / "data")
    ingest = ("catalogue", "ingest", str(tmp_path / "a.warc.gz"))
    assert program(*ingest, fault=f"full-statement:{number}") == STORAGE, program.said
    assert (program.said.count("scrapy: The disk is full"), "Traceback" in program.said) == (1, False), (
        program.said
    )
    assert program(*ingest) == 0, program.said
    assert [json.loads(line)["headline"] for line in chain.feed_text(program.data).splitlines()] == ["a", "b", "c"]


@pytest.mark.parametrize("number", [3, 12, 30])
def test_a_run_ends_on_a_disk_that_stays_full_and_the_next_one_goes_on(tmp_path, number):
    with Replica() as replica:
        for article in range(12):
            published(replica.site, article, NOW - timedelta(minutes=article))
        program = Program(tmp_path / "data", NOW.isoformat(), replica.url)
        quickly = ("update", "-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
        assert program(*quickly, fault=f"full-archive:{number}") == STORAGE, program.said
        assert (program.said.count("scrapy: "), "Traceback" in program.said) == (1, False), program.said
        assert program(*quickly) == 0, program.said
    assert chain.troubles(program.data) == []
    assert len(chain.feed_text(program.data).splitlines()) == 12


# ---- a clock that goes wrong


JUMPS = {
    "back a day": ["2026-11-24", "2026-11-23", "2026-11-25"],
    "back over sealed days": ["2026-11-24", "2026-11-20", "2026-11-25"],
    "ahead for years, and back": ["2031-01-01", "2026-11-23", "2026-11-24"],
    "to the very moment": ["2026-11-24", "2026-11-24", "2026-11-24"],
}


@pytest.mark.parametrize("days", JUMPS.values(), ids=JUMPS)
def test_the_feed_goes_on_whatever_the_clock_says(program, days):
    with Replica() as replica:
        program.proxy = replica.url
        for number, day in enumerate(days, start=5):
            publish(replica.site, number)
            publish(replica.site, 1, 2, headline=f"Bài số 1, lần {number}")
            program.now = f"{day}T05:00:00+00:00"
            named = f"url={url(number)},{url(1)}"
            assert program("crawl", "article", "-a", named, "-a", "hops=0", "-s", "DOWNLOAD_DELAY=0") == 0, (
                program.said
            )
            assert chain.troubles(program.data) == []
    reports = len(list((program.data / "reports").iterdir()))
    assert (reports, chain.rows(program.data, "SELECT count(*) FROM runs")) == (6, [(6,)])
    assert len(chain.feed_text(program.data).splitlines()) == 7 + 6
    assert len(list((program.data / "feeds").glob("*"))) == len(
        {p.name[:19] for p in (program.data / "feeds").iterdir()}
    )


def test_what_was_visited_at_a_wrong_time_is_due_at_the_right_one(program):
    with Replica() as replica:
        program.proxy = replica.url
        publish(replica.site, 0)
        for year in (2031, 2026):
            program.now = f"{year}-11-24T05:00:00+00:00"
            assert program("crawl", "article", "-a", f"url={url(0)}", "-s", "DOWNLOAD_DELAY=0") == 0, program.said
        assert "The clock went back: an earlier run began at 2031-11-24" in program.said
        program.now = "2026-11-24T06:00:00+00:00"
        assert program("crawl", "article", "-a", f"url={url(0)}", "-s", "DOWNLOAD_DELAY=0") == 0, program.said
        assert "The clock went back" not in program.said
    due = chain.rows(program.data, "SELECT max(due_at) FROM pages WHERE visited_at > '2027'")
    assert due in ([(None,)], [("2026-11-24T05:00:00.000000Z",)])


def test_no_host_is_held_by_a_clock_that_was_wrong(program):
    with Replica() as replica:
        program.proxy = replica.url
        publish(replica.site, 0)
        replica.site.fault(url(0), nth=[1, 2], status=429, retry_after=7200)
        given = ("crawl", "article", "-a", f"url={url(0)}", "-s", "DOWNLOAD_DELAY=0")
        # At the right time it is asked again, and says so again; and that holds.
        for day, times in (("2026-11-26", 1), ("2026-11-24", 2), ("2026-11-24", 2)):
            program.now = f"{day}T05:00:00+00:00"
            assert program(*given) == 3, program.said
            assert len([entry for entry in replica.log if entry.url == url(0)]) == times
        program.now = "2026-11-24T08:00:00+00:00"
        assert program(*given) == 0, program.said


# ---- folders that are not what they should be


def _file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("a file")


@pytest.mark.parametrize("name", ["warc", "feeds"])
def test_a_file_in_place_of_a_folder_is_one_sentence(program, name):
    _file(program.data / name)
    with Replica() as replica:
        program.proxy = replica.url
        publish(replica.site, 7)
        code = program("crawl", "article", "-a", f"url={url(7)}", "-s", "DOWNLOAD_DELAY=0")
    assert (code, program.said.count("scrapy: "), "Traceback" in program.said) == (STORAGE, 1, False), program.said


@pytest.mark.parametrize("name", ["lưu trữ của tôi", "a?b#c%20d", "link"])
def test_the_folder_may_have_any_name(program, tmp_path, name):
    place = tmp_path / name
    if name == "link":
        place.symlink_to(program.data, target_is_directory=True)
    else:
        program.data.rename(place)
    program.data = place
    for command in (REBUILD, ["catalogue", "check"], ["search", "bài"], ["pack", str(tmp_path / "o.wacz")]):
        assert program(*command) == 0, program.said
    assert content(place)["troubles"] == []

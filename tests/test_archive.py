"""The archive of a crawl: everything is in it, any tool reads it, and a replay gives the same records."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.replica import Answer, Card, Story, generate
from tests.warcs import page
from vovcrawler.items import to_record
from vovcrawler.spiders.article import ArticleSpider
from vovcrawler.warc.reading import read_at

ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"


def publish(site, url: str, text: str = "Đoạn văn.", *related: str) -> str:
    cards = tuple(Card(headline=f"Tin {target[-9:]}", href=target, target=target) for target in related)
    return site.story(Story(url=url, headline=f"Tin {text}", lead="Mở đầu.", body=(text,), related=cards))


def files(data: Path) -> list[Path]:
    return sorted((data / "warc").iterdir())


def stored(data: Path) -> list[tuple[str, str, str, bytes]]:
    """Return type, address, status line and raw body of every record, as warcio reads them."""
    found = []
    for path in files(data):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                http = record.http_headers
                found.append(
                    (
                        record.rec_type,
                        record.rec_headers.get_header("WARC-Target-URI"),
                        http.get_statuscode() if http and record.rec_type != "request" else "",
                        record.raw_stream.read(),
                    )
                )
    return found


def is_sound(data: Path) -> bool:
    command = [sys.executable, "-m", "warcio.cli", "check", *map(str, files(data))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0 and not done.stdout


def test_everything_that_was_fetched_is_in_the_archive(replica, scrapy):
    publish(replica.site, ONE, "Một", TWO, "https://vov.vn/a/het-post3.vov", "https://vov.vn/a/cam-post4.vov")
    publish(replica.site, TWO, "Hai")
    replica.site.redirect("https://vov.vn/a/cu-post5.vov", TWO)
    replica.site.fault("https://vov.vn/a/cam-post4.vov", status=500)
    outcome = scrapy("crawl", "article", "-a", f"url={ONE},https://vov.vn/a/cu-post5.vov", "-a", "hops=1")
    assert outcome.code == 0, outcome.stderr
    records = stored(outcome.data)
    assert records[0][0] == "warcinfo"
    answers = {(url.rpartition("/")[2], status) for kind, url, status, _ in records if kind == "response"}
    assert answers == {
        ("robots.txt", "200"),
        ("mot-post1.vov", "200"),
        ("hai-post2.vov", "200"),
        ("het-post3.vov", "404"),
        ("cam-post4.vov", "500"),
        ("cu-post5.vov", "301"),
    }
    asked = [entry.url for entry in replica.log]
    assert sorted(url for kind, url, _, _ in records if kind in ("response", "revisit")) == sorted(asked)
    assert sorted(url for kind, url, _, _ in records if kind == "request") == sorted(asked)
    described = [json.loads(body)["url"] for kind, _, _, body in records if kind == "metadata"]
    assert sorted(described) == [TWO, ONE]
    assert is_sound(outcome.data)


def test_a_response_is_stored_as_it_came(replica, scrapy):
    publish(replica.site, ONE)
    cookies = [("Set-Cookie", "a=1"), ("X-One", "é"), ("Set-Cookie", "b=2")]
    replica.site.fault(ONE, headers=cookies, encoding="br", chunked=True)
    outcome = scrapy("crawl", "article", "-a", f"url={ONE}", "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.feed()
    place = record["capture"]
    with (outcome.data / "warc" / place["warc"]).open("rb") as file:
        found = read_at(file, place["offset"])
        assert found.get("WARC-Record-ID") == f"<{place['record_id']}>"
        assert found.get("WARC-Date") == record["captured_at"]
        assert found.get("WARC-IP-Address") == "127.0.0.1"
        head, _, body = found.rest().partition(b"\r\n\r\n")
        request = next(
            block for block in iter_requests(outcome.data) if b"mot-post1" in block.partition(b"\r\n")[0]
        )
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    assert [line for line in lines if line.startswith(b"Set-Cookie")] == [b"Set-Cookie: a=1", b"Set-Cookie: b=2"]
    assert "X-One: é".encode() in lines
    assert not any(line.lower().startswith(b"transfer-encoding") for line in lines)
    assert brotli.decompress(body).startswith(b"<!DOCTYPE html>")
    assert request.startswith(b"GET /the-gioi/mot-post1.vov HTTP/1.1\r\nHost: vov.vn\r\n")
    assert b"User-Agent: vovcrawler/" in request
    assert b"Accept-Language: vi\r\n" in request


def iter_requests(data: Path):
    for path in files(data):
        for record in ArchiveIterator(BytesIO(path.read_bytes())):
            if record.rec_type == "request":
                yield record.http_headers.to_bytes()


def revisits(data: Path) -> list[tuple[str, str]]:
    """Return profile and address of the revisit records in the newest file."""
    with files(data)[-1].open("rb") as file:
        return [
            (
                record.rec_headers.get_header("WARC-Profile").rpartition("/")[2],
                record.rec_headers.get_header("WARC-Refers-To-Target-URI"),
            )
            for record in ArchiveIterator(file)
            if record.rec_type == "revisit"
        ]


@pytest.mark.parametrize(
    ("validators", "profile"), [(True, "server-not-modified"), (False, "identical-payload-digest")]
)
def test_what_the_archive_holds_already_is_only_referred_to(replica, scrapy, crawl, validators, profile):
    replica.site.validators = validators
    publish(replica.site, ONE)
    command = ("crawl", "article", "-a", f"url={ONE}", "-a", "hops=0")
    scrapy(*command)
    outcome = scrapy(*command)
    assert outcome.code == 0, outcome.stderr
    assert (profile, ONE) in revisits(outcome.data)
    assert is_sound(outcome.data)
    items, stats = crawl(ArticleSpider, outcome.data / "warc", args={"hops": "0"})
    assert [item.status for item in items] == ["new", "unchanged"]
    assert "replay/damaged" not in stats


def test_files_are_closed_when_they_are_full(replica, scrapy):
    for number in range(8):
        publish(replica.site, f"https://vov.vn/a/tin-post{number}.vov", f"{number} " + "x" * 200)
    urls = ",".join(f"https://vov.vn/a/tin-post{number}.vov" for number in range(8))
    outcome = scrapy(
        "crawl", "article", "-a", f"url={urls}", "-a", "hops=0", settings={"ARCHIVE_MAX_BYTES": 12_000}
    )
    assert outcome.code == 0, outcome.stderr
    names = [path.name for path in files(outcome.data)]
    assert len(names) > 1
    assert [name[-14:] for name in names] == [f"-{number:05d}.warc.gz" for number in range(len(names))]
    assert all(path.stat().st_size <= 12_000 for path in files(outcome.data))
    assert is_sound(outcome.data)


def test_a_replay_of_the_archive_gives_the_same_records(replica, scrapy, tmp_path):
    stories = generate(5, 40)
    replica.site.fill(stories)
    seeds = ",".join(story.url for story in stories[:12])
    live = scrapy("crawl", "article", "-a", f"url={seeds}", "-a", "hops=2", "-O", tmp_path / "live.jsonl")
    assert live.code == 0, live.stderr
    before = len(replica.log)
    again = [scrapy("replay", live.data / "warc", data=tmp_path / "none") for _ in range(2)]
    assert [outcome.code for outcome in again] == [0, 0], again[0].stderr
    assert len(replica.log) == before
    assert not (tmp_path / "none").exists()
    assert again[0].stdout == again[1].stdout
    crawled = [json.loads(line) for line in (tmp_path / "live.jsonl").read_text("utf-8").splitlines()]
    # Line by line: what is a link away from a seed there is a seed here.
    assert [{**record, "hops": 0} for record in crawled] == again[0].records
    assert len(crawled) > 12


def test_a_replay_of_several_runs_gives_what_each_of_them_gave(replica, scrapy, crawl, tmp_path):
    stories = generate(41, 8)
    site = replica.site
    site.fill(stories)
    site.redirect("/a/ten-cu-post99.vov", stories[0].url)
    seeds = ",".join(["https://vov.vn/a/ten-cu-post99.vov", *(story.url for story in stories)])
    changes = [
        lambda: None,
        lambda: (site.edit(stories[1], body=("Một đoạn khác hẳn.",)), site.remove(stories[2])),
        lambda: (setattr(site, "validators", False), site.restore(stories[2]), site.remove(stories[3], 410)),
    ]
    crawled: list[dict] = []
    for number, change in enumerate(changes):
        change()
        out = tmp_path / f"{number}.jsonl"
        outcome = scrapy("crawl", "article", "-a", f"url={seeds}", "-a", "hops=1", "-O", out)
        assert outcome.code == 0, outcome.stderr
        crawled += map(json.loads, out.read_text("utf-8").splitlines())
    items, stats = crawl(ArticleSpider, outcome.data / "warc", args={"hops": "0"})
    assert "replay/damaged" not in stats
    assert {record["status"] for record in crawled} == {"new", "unchanged", "revised", "gone"}
    assert [to_record(item) for item in items] == [{**record, "hops": 0} for record in crawled]


def test_a_killed_run_leaves_whole_files_to_the_next_one(replica, scrapy):
    stories = generate(6, 60)
    replica.site.fill(stories)
    replica.site.fault(stories[30].url, delay=60)
    command = ("crawl", "article", "-a", "url=" + ",".join(story.url for story in stories), "-a", "hops=0")
    child = scrapy.popen(*command)
    while len(replica.log) < 20:
        time.sleep(0.02)
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    replica.site.heal()
    (left,) = files(scrapy.data)
    assert left.suffix == ".open"
    with left.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    outcome = scrapy(*command)
    assert outcome.code == 0, outcome.stderr
    assert "left" in outcome.stderr
    assert "7 bytes of a torn record were cut off" in outcome.stderr
    assert [path.suffix for path in files(scrapy.data)] == [".gz", ".gz"]
    assert is_sound(scrapy.data)
    assert len(outcome.feed()) == 60


def test_a_full_disk_ends_the_run_in_one_sentence_and_the_next_run_goes_on(replica, scrapy):
    stories = generate(7, 40)
    replica.site.fill(stories)
    replica.site.weight = 60_000
    replica.site.encoding = None
    command = ("crawl", "article", "-a", "url=" + ",".join(story.url for story in stories), "-a", "hops=0")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    child = scrapy.popen(*command, preexec_fn=limit, stderr=subprocess.PIPE)
    _, stderr = child.communicate(timeout=60)
    assert child.returncode == 5, stderr
    assert "Traceback" not in stderr
    assert stderr.strip().splitlines()[-1].startswith("scrapy: ")
    assert is_sound(scrapy.data)
    outcome = scrapy(*command)
    assert outcome.code == 0, outcome.stderr
    assert len(outcome.feed()) == 40
    assert is_sound(scrapy.data)


def test_a_body_for_which_there_was_no_room_is_stored_the_next_time(replica, scrapy):
    noise = os.urandom(900_000).hex()  # no packing makes it small
    replica.site.add(ONE, page() + f"<!-- {noise} -->".encode())
    command = ("crawl", "article", "-a", f"url={ONE}", "-a", "hops=0")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))

    child = scrapy.popen(*command, preexec_fn=limit, stderr=subprocess.PIPE)
    _, stderr = child.communicate(timeout=60)
    assert child.returncode == 5, stderr
    assert scrapy("catalogue", "check").code == 0
    assert scrapy(*command).code == 0
    checked = scrapy("catalogue", "check")
    assert checked.code == 0, checked.stdout
    assert len(scrapy("replay", scrapy.data / "warc").records) == 1


def test_the_archive_can_be_switched_off(replica, scrapy):
    publish(replica.site, ONE)
    outcome = scrapy("crawl", "article", "-a", f"url={ONE}", settings={"ARCHIVE_ENABLED": 0})
    assert outcome.code == 0, outcome.stderr
    assert not (outcome.data / "warc").exists()


@pytest.mark.parametrize("value", ["0", "-1", "1GB", ""])
def test_a_size_that_is_none_is_said(scrapy, value):
    outcome = scrapy("crawl", "article", "-a", f"url={ONE}", settings={"ARCHIVE_MAX_BYTES": value})
    assert outcome.code == 2
    assert f"ARCHIVE_MAX_BYTES={value}" in outcome.stderr


def test_a_body_that_is_not_whole_is_stored_asked_for_again_and_not_read(replica, scrapy):
    three, four = "https://vov.vn/the-gioi/ba-post3.vov", "https://vov.vn/the-gioi/bon-post4.vov"
    for url in (ONE, TWO, three, four):
        publish(replica.site, url, f"{url} " * 50)
    replica.site.fault(TWO, garble="truncated")
    replica.site.fault(three, garble="lying")
    replica.site.fault(four, status=206)
    urls = f"{ONE},{TWO},{three},{four}"
    outcome = scrapy("crawl", "article", "-a", f"url={urls}", "-a", "hops=0", settings={"RETRY_TIMES": 1})
    assert outcome.code == 0, outcome.stderr
    assert [record["url"] for record in outcome.feed()] == [ONE]
    assert f"Failed: {TWO} has a gzip body that breaks off." in outcome.stderr
    assert f"Failed: {three} has a body that is not the gzip that it says." in outcome.stderr
    assert f"Failed: {four} is only a part of the page." in outcome.stderr
    assert "Traceback" not in outcome.stderr
    asked = [entry.url for entry in replica.log]
    assert [asked.count(url) for url in (ONE, TWO, three, four)] == [1, 2, 2, 2]
    assert "failed: 3 (torn body 3)" in outcome.stderr
    # The archive is not damaged: it holds what came.
    assert scrapy("catalogue", "check").code == 0
    replayed = scrapy("replay", outcome.data / "warc", "-a", "hops=0")
    assert replayed.code == 0, replayed.stderr
    assert [record["url"] for record in replayed.records] == [ONE]
    assert f"Failed: {TWO} has a gzip body that breaks off." in replayed.stderr
    assert "damaged" not in replayed.stderr


@pytest.mark.parametrize("number", [1, 2], ids=["before it", "behind it"])
def test_an_answer_that_was_broken_does_not_spoil_one_with_the_same_body(replica, scrapy, number):
    """The later of the two only refers to the body of the other."""
    publish(replica.site, ONE)
    replica.site.fault(ONE, status=206, nth=[number])
    replica.site.validators = False
    for _ in range(2):
        outcome = scrapy("crawl", "article", "-a", f"url={ONE}", settings={"RETRY_TIMES": 0})
    replayed = scrapy("replay", outcome.data / "warc")
    assert (replayed.code, [record["url"] for record in replayed.records]) == (0, [ONE]), replayed.stderr
    assert replayed.stderr.count("is only a part of the page.") == 1
    before = outcome.feed()
    assert scrapy("catalogue", "rebuild").code == 0
    assert outcome.feed() == before


PACKED = gzip.compress(page(), mtime=0)
SILENT = {
    "says nothing": Answer(PACKED),
    "says that it is as it is": Answer(PACKED, headers=[("Content-Encoding", "identity")]),
    "says something else": Answer(PACKED, headers=[("Content-Encoding", "utf-8")]),
    "says that it is a file": Answer(PACKED, content_type="application/gzip"),
    "packed twice, says it once": Answer(PACKED, encoding="gzip"),
    "packed for the way": Answer(PACKED, chunked="gzip, chunked"),
    "packed for the way, in capitals": Answer(PACKED, chunked="GZIP,Chunked"),
    "not packed": Answer(page(), headers=[("Content-Encoding", "identity")]),
    "not packed, says that it is, of no length": Answer(page(), garble="lying", chunked=True),
    "of an unknown kind": Answer(page(), content_type="application/octet-stream"),
}


def test_what_is_packed_in_silence_is_read_on_the_wire_and_from_the_archive(replica, scrapy):
    addresses = [
        replica.site.put(f"/the-gioi/tin-post{number}.vov", answer)
        for number, answer in enumerate(SILENT.values())
    ]
    outcome = scrapy("crawl", "article", "-a", "url=" + ",".join(addresses), "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    assert sorted(record["url"] for record in outcome.feed()) == addresses
    assert not any(word in outcome.stderr for word in ("Traceback", "] WARNING", "] ERROR"))
    assert PACKED in {body for kind, _, _, body in stored(outcome.data) if kind == "response"}
    replayed = scrapy("replay", outcome.data / "warc", "-a", "hops=0")
    assert replayed.code == 0, replayed.stderr
    assert [record["headline"] for record in replayed.records] == ["Tin"] * len(SILENT)


def test_a_page_that_ends_in_the_middle_is_asked_for_again(replica, scrapy):
    """Where no length is claimed, a broken connection looks like the end."""
    for url in (ONE, TWO):
        publish(replica.site, url, "Đoạn văn. " * 99)
    replica.site.fault(ONE, is_endless=True, cut=12_000, encoding=None, times=1)
    replica.site.fault(TWO, is_endless=True)
    outcome = scrapy("crawl", "article", "-a", f"url={ONE},{TWO}", "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    assert [(len(record["body"]), record["revision"]) for record in outcome.feed()] == [(1, 1), (1, 1)]
    assert replica.counts() == {ONE: 2, TWO: 1}
    # What was asked for again is no revision for who reads the archive.
    replayed = scrapy("replay", outcome.data / "warc", "-a", "hops=0")
    assert replayed.code == 0, replayed.stderr
    assert {record["url"] for record in replayed.records} == {ONE, TWO}
    assert len(replayed.records) == 2
    before = outcome.feed()
    assert scrapy("catalogue", "rebuild").code == 0
    assert outcome.feed() == before


def test_a_page_that_always_ends_in_the_middle_is_read_as_far_as_it_goes(replica, scrapy):
    """A site may leave its pages open: nothing is lost then but time."""
    publish(replica.site, ONE, "Đoạn văn. " * 99)
    replica.site.fault(ONE, is_endless=True, cut=12_000, encoding=None)
    outcome = scrapy("crawl", "article", "-a", f"url={ONE}", settings={"RETRY_TIMES": 1})
    assert outcome.code == 0, outcome.stderr
    assert f"{ONE} ends in the middle each time" in outcome.stderr
    assert (len(outcome.feed()), replica.counts()) == (1, {ONE: 2})
    replayed = scrapy("replay", outcome.data / "warc", "-a", "hops=0")
    assert [record["capture"] for record in replayed.records] == [record["capture"] for record in outcome.feed()]


def test_a_gzip_that_breaks_off_is_asked_for_again_though_it_said_nothing(replica, scrapy):
    replica.site.add(ONE, PACKED[:-9])
    outcome = scrapy("crawl", "article", "-a", f"url={ONE}", settings={"RETRY_TIMES": 1})
    assert outcome.code == 1
    assert f"Failed: {ONE} has a gzip body that breaks off." in outcome.stderr
    assert [entry.url for entry in replica.log].count(ONE) == 2

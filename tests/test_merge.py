"""What workers wrote, taken into one archive while they write, in any order: as if one machine had done it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests import chain
from tests.conftest import read_feed
from tests.replica import generate
from tests.warcs import Rec, http, members, page, plain
from vovcrawler import ingest
from vovcrawler.commands.catalogue.ingest import _settle
from vovcrawler.sources import Source, listed

ONE, TWO, THREE = (f"https://vov.vn/the-gioi/tin-post{number}.vov" for number in (1, 2, 3))
LONG = " ".join(f"chữ{number}" for number in range(60))


def info(number: int) -> Rec:
    block = f"software: vovcrawler\r\nisPartOf: {number}\r\n".encode()
    return Rec(type="warcinfo", id=900 + number, url=None, block=block, content_type="application/warc-fields")


def at(minute: int, number: int, url: str, text: str, **more) -> Rec:
    return Rec(id=number, url=url, date=f"2026-01-01T00:{minute:02}:00.000000Z", block=http(page(text)), **more)


def write(path, *records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(members(records))
    settle(path)
    return path.parent


def settle(path):
    """Let *path* look as if it had been written a while ago: ingest waits for what was written just now."""
    os.utime(path, (0, 0))


def feed(outcome):
    return [
        (one["seq"], one["url"], one["status"], one["revision"], one["headline"], one["hops"])
        for one in outcome.feed()
    ]


@pytest.fixture
def workers(tmp_path):
    """Two workers, whose captures alternate."""
    hops = [("Vov-Hops", "2")]
    a = write(tmp_path / "a" / "a.warc.gz", info(1), at(1, 1, ONE, "Một"), at(4, 4, TWO, "Hai"))
    b = write(tmp_path / "b" / "b.warc.gz", info(2), at(2, 2, ONE, "Một khác"), at(3, 3, THREE, "Hai", more=hops))
    return a, b


MERGED = [
    (1, ONE, "new", 1, "Một", 0),
    (2, ONE, "revised", 2, "Một khác", 0),
    (3, THREE, "new", 1, "Hai", 2),
    (4, TWO, "new", 1, "Hai", 0),
]


@pytest.mark.parametrize("order", [1, -1])
def test_captures_of_all_workers_are_read_by_time_whatever_the_order_of_their_files(scrapy, workers, order):
    outcome = scrapy("catalogue", "ingest", *workers[::order])
    assert outcome.code == 0, outcome.stderr
    assert feed(outcome) == MERGED
    assert [record["duplicate_of"] for record in outcome.feed()] == [None, None, None, "vov.vn/post3"]


def test_a_worker_that_comes_late_finds_its_place_in_time_at_a_rebuild(scrapy, workers):
    for worker in reversed(workers):
        outcome = scrapy("catalogue", "ingest", worker)
        assert outcome.code == 0, outcome.stderr
    # Numbers that were given stay; a capture older than the last visit to its page is kept.
    assert feed(outcome) == [
        (1, ONE, "new", 1, "Một khác", 0),
        (2, THREE, "new", 1, "Hai", 2),
        (3, TWO, "new", 1, "Hai", 0),
    ]
    assert scrapy("catalogue", "rebuild").code == 0
    assert feed(outcome) == MERGED


def test_a_file_that_is_written_is_taken_in_as_far_as_it_goes_and_the_rest_later(scrapy, tmp_path):
    records = [info(1), at(1, 1, ONE, "Một"), at(2, 2, TWO, "Hai"), at(3, 3, THREE, "Ba")]
    whole = members(records)
    opened = tmp_path / "w" / "vov-1-00000.warc.gz.open"
    opened.parent.mkdir()
    seen = []
    # Torn in the middle of a record, then behind one, and closed in the end.
    for stop in (len(members(records[:2])) + 40, len(members(records[:3])), None):
        opened.write_bytes(whole[:stop])
        settle(opened)
        path = opened if stop else opened.rename(opened.with_suffix(""))
        outcome = scrapy("catalogue", "ingest", path.parent)
        assert outcome.code == 0, outcome.stderr
        seen.append([record["headline"] for record in outcome.feed()])
    assert seen == [["Một"], ["Một", "Hai"], ["Một", "Hai", "Ba"]]
    again = scrapy("catalogue", "ingest", path)
    assert "is in the archive already" in again.stderr
    assert again.feed() == outcome.feed()
    assert scrapy("catalogue", "check").code == 0


@pytest.mark.parametrize("is_early", [False, True])
def test_a_file_may_lie_beside_what_was_copied_of_it_while_it_was_written(scrapy, tmp_path, is_early):
    """As rsync leaves it without --delete; the shorter one comes last."""
    records = [info(1), at(1, 1, ONE, "Một"), at(2, 2, TWO, "Hai"), at(3, 3, THREE, "Ba")]
    folder = write(tmp_path / "w" / "vov-1-00000.warc.gz.open", *records[:2])
    if is_early:
        assert scrapy("catalogue", "ingest", folder).code == 0
    write(folder / "vov-1-00000.warc.gz", *records)
    held = []
    for _ in range(3):
        outcome = scrapy("catalogue", "ingest", folder)
        assert outcome.code == 0, outcome.stderr
        assert [record["headline"] for record in outcome.feed()] == ["Một", "Hai", "Ba"]
        held.append(sorted(path.name for path in (scrapy.data / "warc").iterdir()))
    assert held[0] == held[1] == held[2]
    assert outcome.stderr.count("is in the archive already") == 2
    assert scrapy("catalogue", "check").code == 0


def test_a_file_may_be_closed_while_those_before_it_are_read(tmp_path):
    folder = write(tmp_path / "w" / "a.warc.gz", info(1), at(1, 1, ONE, "Một"))
    write(folder / "b.warc.gz.open", info(2), at(2, 2, TWO, "Hai"))
    streams, files = ingest.streams([folder]), listed(folder, lambda path, error: None)
    assert next(streams).name == next(files)[1] == f"{folder}/a.warc.gz"
    (folder / "b.warc.gz.open").rename(folder / "b.warc.gz")
    (stream,) = streams
    assert (stream.name, stream.is_open) == (f"{folder}/b.warc.gz", False)
    source = Source()
    source.add_file(*next(files))
    source.index.freeze()
    (capture,) = source.seeds()
    assert (capture.url, capture.ref["warc"], source.damage) == (TWO, "b.warc.gz", [])


def test_a_file_may_be_closed_while_it_is_looked_at(tmp_path, monkeypatch):
    writing = tmp_path / "b.warc.gz.open"
    writing.touch()
    monkeypatch.setattr(type(writing), "is_file", lambda path: path.unlink() or True)
    assert _settle([tmp_path], datetime(2026, 1, 1, tzinfo=UTC)) == ""


@pytest.mark.parametrize("pack", [members, plain])
def test_a_file_that_was_not_copied_whole_may_come_whole_later(scrapy, tmp_path, pack):
    """As a copy over the net that breaks off leaves it."""
    records = [info(1), at(1, 1, ONE, "Một"), at(2, 2, TWO, "Hai"), at(3, 3, THREE, "Ba")]
    path = tmp_path / ("a.warc" if pack is plain else "a.warc.gz")
    ends = [len(pack(records[:count])) for count in (2, 3)]
    for stop, headlines in ((ends[0] + 100, ["Một"]), (ends[1] + 90, ["Một", "Hai"])):
        path.write_bytes(pack(records)[:stop])
        for code in (5, 0):  # said once
            outcome = scrapy("catalogue", "ingest", path)
            assert (outcome.code, [record["headline"] for record in outcome.feed()]) == (code, headlines)
            said = f"at byte {ends[len(headlines) - 1]}: breaks off before its end."
            assert (said in outcome.stderr) == bool(code), outcome.stderr
    path.write_bytes(pack(records))
    for _ in range(2):
        outcome = scrapy("catalogue", "ingest", path)
        assert outcome.code == 0, outcome.stderr
    assert [record["headline"] for record in outcome.feed()] == ["Một", "Hai", "Ba"]
    assert scrapy("catalogue", "check").code == 0


def test_files_of_one_tool_may_begin_alike(scrapy, tmp_path):
    records = [at(number, number, ONE, f"Tin {number}") for number in range(9)]
    held = {"a": records[:1], "a again": records[:2], "b": records[2:6], "c": records[6:8]}
    folder, said = tmp_path / "w", []
    for name, some in held.items():
        write(folder / f"{name[0]}.warc.gz", info(1), *some)
        outcome = scrapy("catalogue", "ingest", folder)
        assert outcome.code == 0, outcome.stderr
        said += [line.partition(" of ")[0] for line in outcome.stderr.splitlines() if ": Copied" in line]
    # The second one went on where the first one had ended, and no other file was taken for a part of it.
    assert said == [f"scrapy: Copied {count} records" for count in (2, 1, 5, 3)]
    assert [record["headline"] for record in outcome.feed()] == [f"Tin {number}" for number in range(8)]
    # Read to their ends, they are not looked at again.
    assert scrapy("catalogue", "ingest", folder).stderr.count("is in the archive already") == 3
    assert len(list((scrapy.data / "reports").iterdir())) == 4
    write(folder / "d.warc.gz", info(1), *records[:1])
    write(folder / "e.warc.gz", info(1), *records[8:])
    outcome = scrapy("catalogue", "ingest", folder / "e.warc.gz", folder / "d.warc.gz")
    assert [record["headline"] for record in outcome.feed()] == [f"Tin {number}" for number in range(9)]


def test_what_is_captured_while_files_are_read_waits_for_what_others_capture_then(scrapy, tmp_path):
    later = Rec(id=2, url=TWO, date="2999-01-01T00:00:00.000000Z", block=http(page("Hai")))
    folder = write(tmp_path / "w" / "a.warc.gz", info(1), at(1, 1, ONE, "Một"), later)
    writing = folder / "b.warc.gz.open"
    writing.write_bytes(members([info(2)]))
    heads = []
    for is_open in (True, False):
        if not is_open:
            writing.rename(writing.with_suffix(""))
        outcome = scrapy("catalogue", "ingest", folder)
        assert outcome.code == 0, outcome.stderr
        heads.append([record["headline"] for record in outcome.feed()])
    assert heads == [["Một"], ["Một", "Hai"]]
    # Read to its end, it is not looked at again.
    again = scrapy("catalogue", "ingest", folder)
    assert again.code == 0
    assert len(list((scrapy.data / "reports").iterdir())) == 2


def test_a_body_that_an_earlier_ingest_took_in_is_found(scrapy, tmp_path):
    first = [info(1), at(1, 1, ONE, "Một"), at(2, 2, ONE, "Một khác")]
    opened = write(tmp_path / "w" / "vov-1-00000.warc.gz.open", *first) / "vov-1-00000.warc.gz.open"
    assert scrapy("catalogue", "ingest", opened).code == 0
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    more = [
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{first[1].urn}>"),
        ("WARC-Refers-To-Target-URI", ONE),
        ("WARC-Refers-To-Date", first[1].date),
    ]
    head = http(b"")
    revisit = Rec(type="revisit", id=3, url=ONE, date="2026-01-01T00:03:00.000000Z", block=head, more=more)
    opened.write_bytes(members([*first, revisit]))
    settle(opened)
    outcome = scrapy("catalogue", "ingest", opened)
    assert outcome.code == 0, outcome.stderr
    assert [(record["revision"], record["headline"]) for record in outcome.feed()] == [
        (1, "Một"),
        (2, "Một khác"),
        (3, "Một"),
    ]


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("is_claimed", [False, True])
def test_a_copy_that_nobody_took_note_of_is_used_where_it_is_whole(scrapy, tmp_path, is_claimed, is_whole):
    folder = write(tmp_path / "w" / "a.warc.gz", info(1), at(1, 1, ONE, "Một"), at(2, 2, TWO, "Hai"))
    first = scrapy("catalogue", "ingest", folder)
    name = first.feed()[0]["capture"]["warc"]
    whole, data = (scrapy.data / "warc" / name).read_bytes(), scrapy.data
    if not is_claimed:
        data = tmp_path / "killed"
        other = write(tmp_path / "other" / "b.warc.gz", info(2), at(3, 3, THREE, "Ba"))
        assert scrapy("catalogue", "ingest", other, data=data).code == 0
    # As if the run had been killed before it took note.
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as connection, connection:
        connection.execute("DELETE FROM notes WHERE name LIKE 'ingested %'")
    (data / "warc" / name).write_bytes(whole if is_whole else whole[:-60])
    outcome = scrapy("catalogue", "ingest", folder, data=data)
    assert outcome.code == 0, outcome.stderr
    # One that is torn is made anew; but what the catalogue leads to is not taken away.
    assert ("Copied 3 records" in outcome.stderr) == (not is_whole), outcome.stderr
    assert (data / "warc" / name).exists() == (is_whole or is_claimed)
    assert [record["headline"] for record in outcome.feed()][-2:] == ["Một", "Hai"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_was_lost_comes_back_from_the_file_that_it_came_from(scrapy, tmp_path, is_gone):
    records = [at(n, n, f"https://vov.vn/tin-post{n}.vov", f"{LONG} {n}") for n in range(1, 7)]
    folder = write(tmp_path / "w" / "a.warc.gz", info(1), *records)
    small = ("-s", "ARCHIVE_MAX_BYTES=1200")
    first = scrapy("catalogue", "ingest", folder, *small)
    one, two, three = sorted((scrapy.data / "warc").glob("*-0000[0-2].warc.gz"))
    two.write_bytes(two.read_bytes()[:-40] + b"?" * 40)
    if is_gone:
        two.unlink()
    assert scrapy("catalogue", "check", "--repair").code == 5
    held = one.read_bytes(), three.read_bytes()
    for said in ("Copied 7 records", "is in the archive already"):
        outcome = scrapy("catalogue", "ingest", folder, *small)
        assert (outcome.code, said in outcome.stderr) == (0, True), outcome.stderr
    # What was whole stays where it was.
    assert (one.read_bytes(), three.read_bytes(), outcome.feed()) == (*held, first.feed())
    assert is_gone or scrapy("catalogue", "check").code == 0
    assert scrapy("catalogue", "rebuild", "--force").code == 0
    assert [record["headline"] for record in outcome.feed()] == [record["headline"] for record in first.feed()]
    checked = scrapy("catalogue", "check")
    assert checked.code == 0, checked.stdout


def test_what_a_worker_has_read_is_taken_over_as_a_page_that_is_read_again_would_be(scrapy, replica, tmp_path):
    stories = generate(5, 12)
    replica.site.fill(stories)
    gone, moved = stories[0].url, stories[1].url
    urls = ",".join(story.url for story in stories)
    worker = tmp_path / "worker"
    for turn in range(2):
        assert scrapy("crawl", "article", "-a", f"url={urls}", "-a", "hops=1", data=worker).code == 0
        if not turn:
            replica.site.remove(gone, 410)
            replica.site.redirect(moved, stories[2].url)
            replica.site.story(replace(stories[3], headline="Một tít khác"))
    merged = scrapy("catalogue", "ingest", worker)
    assert merged.code == 0, merged.stderr
    of_the_run = {"capture": None, "seq": None}
    expected = [{**record, **of_the_run} for record in read_feed(worker)]
    assert {record["status"] for record in expected} == {"new", "revised", "gone"}
    assert [{**record, **of_the_run} for record in merged.feed()] == expected
    pages = (
        "SELECT url, state, status, etag, last_modified, moved_to FROM pages WHERE url LIKE '%.vov' ORDER BY url"
    )
    assert chain.rows(scrapy.data, pages) == chain.rows(worker, pages)
    (report,) = (scrapy.data / "reports").iterdir()
    stats = json.loads(report.read_text())["stats"]
    assert stats["ingest/taken_over"] > len(stories)


def test_what_was_read_from_one_record_is_not_taken_over_for_another_one_of_its_id(scrapy, tmp_path):
    """Some tools give all records one id; the archive of one of our own may hold such."""
    records = [at(minute, 7, ONE, text) for minute, text in ((2, "Hai"), (1, "Một"), (3, "Ba"))]
    first = tmp_path / "first"
    folder = write(tmp_path / "w" / "a.warc.gz", info(1), *records)
    assert scrapy("catalogue", "ingest", folder, data=first).code == 0
    outcome = scrapy("catalogue", "ingest", first)
    assert outcome.code == 0, outcome.stderr
    assert [record["headline"] for record in outcome.feed()] == ["Một", "Hai", "Ba"]


def test_a_pack_or_a_backup_of_the_archive_is_in_it_already(scrapy, tmp_path):
    records = info(1), at(1, 1, ONE, "Một"), at(2, 2, TWO, "Hai")
    assert scrapy("catalogue", "ingest", write(tmp_path / "w" / "a.warc.gz", *records)).code == 0
    assert scrapy("pack", tmp_path / "all.wacz").code == 0
    shutil.copytree(scrapy.data / "warc", tmp_path / "backup")
    before = {path: path.read_bytes() for path in (scrapy.data / "warc").iterdir()}
    for _ in range(2):
        outcome = scrapy("catalogue", "ingest", tmp_path / "all.wacz", tmp_path / "backup")
        assert outcome.code == 0, outcome.stderr
        for path in before:
            assert outcome.stderr.count(f"{path.name} is in the archive already, as {path.name}.") == 2
    assert {path: path.read_bytes() for path in (scrapy.data / "warc").iterdir()} == before
    # Another file of that name is taken in.
    other = tmp_path / "other" / next(iter(before)).name
    outcome = scrapy("catalogue", "ingest", write(other, at(3, 3, THREE, "Ba")))
    assert "Copied 1 records" in outcome.stderr


def test_what_others_redirect_to_is_taken_over_in_its_time(scrapy, replica, tmp_path):
    story, old = generate(5, 12)[0], "https://vov.vn/the-gioi/tin-cu-post9.vov"
    replica.site.redirect(old, story.url)
    worker = tmp_path / "worker"
    for headline in ("Một", "Hai", "Ba"):
        replica.site.story(replace(story, headline=headline, related=()))
        assert scrapy("crawl", "article", "-a", f"url={old},{story.url}", data=worker).code == 0
    outcome = scrapy("catalogue", "ingest", worker)
    assert [record["headline"] for record in outcome.feed()] == ["Một", "Hai", "Ba"]


def test_a_worker_that_has_written_nothing_yet_is_no_mistake(scrapy, workers, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".lock").write_text(json.dumps({"pid": 1, "run": "", "since": ""}))
    outcome = scrapy("catalogue", "ingest", tmp_path / "new", *workers)
    assert outcome.code == 0, outcome.stderr
    assert feed(outcome) == MERGED

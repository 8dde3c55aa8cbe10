"""Whether the archive is sound, and repairs that lose nothing more."""

from __future__ import annotations

import argparse
import errno
import gzip
import json
import os
import random
import shutil
import sqlite3
import uuid
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from tests.conftest import Command
from tests.replica import Replica, generate
from tests.warcs import Rec, http, page, plain
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue import check
from vovcrawler.errors import StorageTrouble
from vovcrawler.feeds import ArchiveFeed
from vovcrawler.soundness import Inspection
from vovcrawler.warc.reading import Record, records


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """An archive of three files: two visits to some pages, with a redirect and a page that has gone."""
    data = tmp_path_factory.mktemp("crawled") / "data"
    with Replica() as replica:
        stories = generate(31, 12)
        replica.site.fill(stories)
        replica.site.redirect("/a/ten-cu-post99.vov", stories[0].url)
        urls = ["https://vov.vn/a/ten-cu-post99.vov", *(story.url for story in stories)]
        scrapy = Command(replica.url, data)
        command = ("crawl", "article", "-a", "url=" + ",".join(urls), "-a", "hops=0")
        assert scrapy(*command, settings={"ARCHIVE_MAX_BYTES": 60_000}).code == 0
        replica.site.edit(stories[1], body=("Một đoạn khác.",))
        replica.site.remove(stories[2])
        assert scrapy(*command).code == 0
    assert len(list((data / "warc").iterdir())) >= 3
    return data


@pytest.fixture
def data(crawled, tmp_path):
    return shutil.copytree(crawled, tmp_path / "data")


@pytest.fixture
def look(data, capsys):
    """Run the check; return its exit code and what it printed."""

    def run(repair: bool = False) -> tuple[int, str]:
        settings = Settings({"DATA_DIR": str(data), "CLOCK": "vovcrawler.dates.utc_now"})
        code = check.run(argparse.Namespace(repair=repair), settings)
        return code, "".join(capsys.readouterr())

    return run


def warcs(data: Path) -> list[Path]:
    return sorted((data / "warc").glob("*.gz"))


def spans(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [record for record in records(file) if isinstance(record, Record)]


def spoil(path: Path, place: int, bits: int = 0xFF) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= bits
    path.write_bytes(content)


def test_what_a_crawl_leaves_is_sound(look, data):
    code, said = look()
    assert code == 0
    assert said.count(": sound\n") == len(warcs(data))


def test_nothing_is_changed_by_looking(look, data):
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    look()
    spoil(warcs(data)[0], 1000)
    before[warcs(data)[0]] = warcs(data)[0].read_bytes()
    assert look()[0] == 5
    assert {path: path.read_bytes() for path in before} == before


def test_any_changed_bit_of_a_record_is_found(look, data):
    path = warcs(data)[0]
    sound = path.read_bytes()
    picked = random.Random(1)
    for record in picked.sample(spans(path), 10):
        # The header of a gzip member says little that matters.
        spoil(path, picked.randrange(record.offset + 10, record.end))
        code, said = look()
        assert code == 5
        assert f"byte {record.offset}: " in said
        path.write_bytes(sound)


def test_a_torn_file_is_found(look, data):
    path = warcs(data)[-1]
    path.write_bytes(path.read_bytes()[:-30])
    code, said = look()
    assert code == 5
    assert "breaks off before its end." in said


def test_a_missing_file_is_found(look, data):
    gone = warcs(data)[0]
    gone.unlink()
    code, said = look()
    assert code == 5
    assert f"{gone.name}: " in said
    assert "begins no record" in said


def execute(data: Path, query: str, *values) -> None:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(query, values)


def test_an_empty_file_is_found_and_put_aside(look, data):
    (data / "warc" / "vov-lost.warc.gz").touch()
    code, said = look()
    assert (code, "byte 0: is empty." in said) == (5, True)
    assert look(repair=True)[0] == 5
    assert (data / "warc" / "quarantine" / "vov-lost.warc.gz.damaged").exists()
    assert look()[0] == 0


def test_an_article_that_leads_to_the_wrong_place_is_found(look, data):
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as connection, connection:
        number, text = connection.execute("SELECT number, capture FROM revisions LIMIT 1").fetchone()
    capture = json.loads(text)
    execute(
        data, "UPDATE revisions SET capture = ? WHERE number = ?", json.dumps({**capture, "offset": 1}), number
    )
    code, said = look()
    assert code == 5
    assert f"leads here to {capture['record_id']}, but here begins no record." in said


def test_an_article_that_the_catalogue_does_not_know_is_found(look, data):
    execute(data, "UPDATE articles SET id = 'vov.vn/other' WHERE number = 3")
    code, said = look()
    assert code == 5
    assert "is not in the catalogue as" in said


def test_what_other_tools_keep_beside_a_capture_is_none_of_our_records(look, data):
    notes = [b'{"id": "a note of another tool"}', b"[]", b"not json"]
    made = [
        Rec(type="metadata", id=number, block=note, content_type="application/json")
        for number, note in enumerate(notes, start=600)
    ]
    (data / "warc" / "foreign.warc").write_bytes(plain(made))
    assert look()[0] == 0


def test_a_catalogue_that_is_not_there_is_said(look, data):
    (data / "catalogue.sqlite").unlink()
    with pytest.raises(StorageTrouble, match="is missing although"):
        look()


def test_what_is_written_while_the_archive_is_looked_at_is_no_problem(look, data, monkeypatch):
    last = warcs(data)[-1]
    closed, lines = last.read_bytes(), [record.offset for record in spans(last)]
    # A crawl is at work, closes its file, and records what it has read, just when the files were listed.
    opened = last.rename(last.with_name(f"{last.name}.open"))
    opened.write_bytes(closed[: lines[-1]])
    list_files = Inspection.files

    def and_then(inspection: Inspection) -> list[Path]:
        found = list_files(inspection)
        if opened.exists():
            opened.write_bytes(closed)
            opened.rename(last)
            place = json.dumps({"warc": "vov-later-00000.warc.gz", "offset": 0, "record_id": "urn:uuid:0"})
            execute(
                data,
                "INSERT INTO observations (article, at, status, capture) VALUES (1, '2026-01-01', 404, ?)",
                place,
            )
        return found

    monkeypatch.setattr(Inspection, "files", and_then)
    code, said = look()
    assert (code, "problem" in said) == (0, False), said


def test_a_file_that_is_being_written_may_end_anywhere(look, data):
    last = warcs(data)[-1]
    content = last.read_bytes()
    last.unlink()
    last.with_name(last.name + ".open").write_bytes(content + b"\x1f\x8b\x08torn")
    assert look()[0] == 0


@pytest.mark.parametrize("which", ["response", "request", "metadata", "warcinfo"])
def test_a_repair_puts_the_damaged_aside_and_keeps_every_offset(look, data, which):
    path = warcs(data)[0]
    whole = spans(path)
    lost = next(record for record in whole if record.type == which)
    spoil(path, lost.offset + 40)
    damaged = path.read_bytes()
    code, said = look(repair=True)
    assert code == 5
    assert f"Quarantined bytes {lost.offset} to {lost.end} of {path.name}" in said
    assert (data / "warc" / "quarantine" / f"{path.name}.damaged").read_bytes() == damaged
    after = spans(path)
    assert [(record.offset, record.end) for record in after] == [(record.offset, record.end) for record in whole]
    assert [record.type for record in after if record.offset != lost.offset] == [
        record.type for record in whole if record.offset != lost.offset
    ]
    assert look() == (0, look()[1])
    assert look(repair=True)[0] == 0


def test_a_repair_covers_each_record_that_is_expected_in_a_damaged_stretch(look, data):
    path = warcs(data)[0]
    with Catalogue.read(data) as catalogue:
        first, second, *_ = sorted(claim.offset for claim in catalogue.claims() if claim.warc == path.name)
    packed = bytearray(path.read_bytes())
    packed[first + 40 : second + 40] = bytes(second - first)
    path.write_bytes(packed)
    assert look(repair=True)[0] == 5
    assert {first, second} < {record.offset for record in spans(path)}
    assert look()[0] == 0


def test_a_body_that_is_in_no_file_is_expected_no_more_after_a_repair(look, data):
    lost = uuid.uuid4()
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as db, db:
        db.execute("UPDATE payloads SET record = ? WHERE key = (SELECT max(key) FROM payloads)", (lost.bytes,))
    code, said = look(repair=True)
    assert (code, f"a body is expected in {lost.urn}, which is in no file." in said) == (5, True)
    assert look()[0] == 0


def test_a_repair_that_was_killed_lets_no_later_record_refer_to_what_it_covered(look, data, monkeypatch):
    path = warcs(data)[0]
    lost = next(record for record in spans(path) if record.type == "response")
    spoil(path, lost.offset + 40)

    def die(self: Catalogue) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(Catalogue, "commit", die)
        with pytest.raises(KeyboardInterrupt):
            look(repair=True)
    assert "is in no file" in look(repair=True)[1]
    assert look()[0] == 0
    with Catalogue.read(data) as catalogue:
        assert lost.bare("WARC-Record-ID") not in catalogue.payload_records()


def test_a_repair_cuts_a_torn_end_and_covers_what_was_expected_there(look, data):
    path = warcs(data)[0]
    path.write_bytes(path.read_bytes()[:-30])
    assert look(repair=True)[0] == 5
    assert look()[0] == 0
    # In the middle of a response, to which an article leads.
    response = [record for record in spans(path) if record.type == "response"][-1]
    path.write_bytes(path.read_bytes()[: response.end - 30])
    assert look(repair=True)[0] == 5
    assert "begins no record" not in look()[1]


@pytest.mark.parametrize("way", ["denied", "failing", "packed anew"])
def test_what_a_file_holds_that_cannot_be_read_is_not_lost_to_a_repair(look, data, monkeypatch, way):
    first, *others = warcs(data)
    before, sound = first.read_bytes(), [path.read_bytes() for path in others]
    code = {"denied": errno.EACCES, "failing": errno.EIO}.get(way)
    plain_open = Path.open

    def opened(path: Path, *args: Any, **options: Any) -> Any:
        if code and path == first:
            raise OSError(code, os.strerror(code), str(path))
        return plain_open(path, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", opened)
        if not code:
            cut = spans(first)[5].offset
            first.write_bytes(b"?" + before[1:cut] + gzip.compress(gzip.decompress(before[cut:])))
        status, said = look(repair=True)
    assert (status, "which is in no file that can be read." in said) == (5, True)
    assert not (data / "warc" / "quarantine").exists()
    assert [path.read_bytes() for path in others] == sound
    first.write_bytes(before)
    assert look()[0] == 0


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_line_of_the_feed_that_was_edited_is_found_and_written_again(look, data, is_sealed):
    (path,) = (data / "feeds").iterdir()
    if is_sealed:
        with Catalogue.open(data) as catalogue:
            ArchiveFeed(catalogue).reconcile(date(2099, 1, 1))
        (path,) = (data / "feeds").iterdir()
        assert path.suffix == ".gz"
    sound = path.read_bytes()
    lines = (gzip.decompress(sound) if is_sealed else sound).splitlines(keepends=True)
    lines[4] = lines[4].replace(b'"headline": "', b'"headline": "Kh\xc3\xb4ng ', 1)
    path.write_bytes(gzip.compress(b"".join(lines)) if is_sealed else b"".join(lines))
    code, said = look()
    assert (code, f"{path.name}: 1 problem\n  line 5 of the feed is not what" in said) == (5, True)
    assert look(repair=True)[0] == 5
    assert path.read_bytes() == sound
    assert [kept.name for kept in (data / "feeds" / "quarantine").iterdir()] == [f"{path.name}.damaged"]
    assert look()[0] == 0


def test_a_feed_that_is_missing_or_forged_is_found_and_put_right(look, data):
    (path,) = (data / "feeds").iterdir()
    sound = path.read_bytes()
    path.rename(forged := path.with_name("articles-2098-01-01.jsonl"))
    code, said = look()
    assert (code, f"{path.name}: 1 problem\n  is missing." in said) == (5, True)
    assert f"{forged.name}: 1 problem\n  holds lines that the catalogue does not know." in said
    assert look(repair=True)[0] == 5
    assert (path.read_bytes(), forged.exists(), look()[0]) == (sound, False, 0)


def test_the_end_of_an_open_day_may_be_written_later(look, data):
    (path,) = (data / "feeds").iterdir()
    whole = path.read_bytes()
    for size in (-10, 0):
        path.write_bytes(whole[:size])
        assert look()[0] == 0
        assert (look(repair=True)[0], path.read_bytes()) == (0, whole)


def test_a_sealed_feed_that_does_not_unpack_or_goes_on_is_found(look, data):
    with Catalogue.open(data) as catalogue:
        ArchiveFeed(catalogue).reconcile(date(2099, 1, 1))
    (path,) = (data / "feeds").iterdir()
    sound = path.read_bytes()
    for spoilt, sentence in [
        (sound[:-20], "cannot be read: "),
        (sound[:100] + b"\0" * 20 + sound[120:], "cannot be read: "),
        (b"no gzip", "cannot be read: Not a gzipped file (b'no')."),
        (sound + gzip.compress(b"{}\n"), "holds lines that the catalogue does not know."),
    ]:
        path.write_bytes(spoilt)
        code, said = look()
        assert (code, f"{path.name}: 1 problem\n  {sentence}" in said) == (5, True)
    path.unlink()
    assert f"{path.name}: 1 problem\n  is missing." in look()[1]


def test_a_text_that_was_edited_in_the_catalogue_is_found(look, data):
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as db:
        (record,) = db.execute("SELECT record FROM revisions WHERE revision = 1").fetchone()
        edited = json.dumps(json.loads(record) | {"lead": "Bịa."}, ensure_ascii=False)
        db.execute("UPDATE revisions SET record = ? WHERE record = ?", (edited, record))
        db.commit()
    code, said = look()
    assert (code, f"revision 1 of {json.loads(record)['id']} does not hold its digest." in said) == (5, True)


def test_two_repairs_of_one_file_put_both_aside(look, data):
    path = warcs(data)[0]
    for record in spans(path)[2:4]:
        spoil(path, record.offset + 50)
        assert look(repair=True)[0] == 5
    assert len(list((data / "warc" / "quarantine").iterdir())) == 2
    assert look()[0] == 0


def test_a_plain_file_is_repaired_as_well(look, data):
    path = data / "warc" / "foreign.warc"
    made = [
        Rec(id=number, url=f"https://vov.vn/x-post{number}.vov", block=http(page())) for number in range(500, 503)
    ]
    path.write_bytes(plain(made))
    assert look()[0] == 0
    size = len(bytes(made[0]))
    spoil(path, size + len(bytes(made[1])) - 20)
    code, said = look(repair=True)
    assert code == 5
    assert f"byte {size}: does not hold its block digest." in said
    assert path.stat().st_size == len(plain(made))
    assert look()[0] == 0

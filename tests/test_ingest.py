"""Taking WARC files of other tools into the archive: once, whole, and into catalogue and feed."""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.schema import problems
from tests.test_sources_warc import BadSector
from tests.warcs import Rec, http, members, one_member, page, plain, sha1
from vovcrawler import ingest
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue.ingest import _Taking
from vovcrawler.room import captures
from vovcrawler.shelf import Shelf
from vovcrawler.sources import Damage
from vovcrawler.warc.reading import Record, read_at, records

ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"
FOREIGN = [
    Rec(type="warcinfo", id=1, url=None, block=b"software: other\r\n", content_type="application/warc-fields"),
    Rec(id=2, url=ONE, date="2026-01-01T00:00:00Z", block=http(page("Một"))),
    Rec(type="request", id=3, url=ONE, date="2026-01-01T00:00:00Z", block=b"GET / HTTP/1.1\r\n\r\n"),
    Rec(id=4, url=TWO, date="2026-01-02T00:00:00Z", block=http(page("Hai"))),
    Rec(id=5, url=ONE, date="2026-01-03T00:00:00Z", block=http(page("Một khác"))),
    Rec(id=6, url="https://vov.vn/anh.jpg", block=http(b"\xff\xd8" + bytes(2_000_000), fields=[])),
]


def whole(path: Path) -> list[Record]:
    with path.open("rb") as file:
        found = list(records(file))
    assert all(isinstance(record, Record) for record in found)
    return found


def warcs(data: Path) -> list[Path]:
    return sorted((data / "warc").iterdir())


def blocks(data: Path) -> dict[str | None, bytes]:
    found = {}
    for path in warcs(data):
        for record in whole(path):
            with path.open("rb") as file:
                found[record.get("WARC-Record-ID")] = read_at(file, record.offset).rest()
    return found


def feed(outcome) -> list[tuple[str, str, int, str]]:
    return [
        (record["url"], record["status"], record["revision"], record["captured_at"]) for record in outcome.feed()
    ]


FED = [
    (ONE, "new", 1, "2026-01-01T00:00:00Z"),
    (TWO, "new", 1, "2026-01-02T00:00:00Z"),
    (ONE, "revised", 2, "2026-01-03T00:00:00Z"),
]


def write(folder: Path, form: str) -> Path:
    packed = {"a.warc": plain, "a.warc.gz": members, "whole.warc.gz": one_member}
    if form in packed:
        (folder / form).write_bytes(packed[form](FOREIGN))
        return folder / form
    how = zipfile.ZIP_DEFLATED if form == "deflated.wacz" else zipfile.ZIP_STORED
    with zipfile.ZipFile(folder / form, "w") as archive:
        archive.writestr("archive/a.warc.gz", members(FOREIGN), how)
    return folder / form


@pytest.mark.parametrize("form", ["a.warc", "a.warc.gz", "whole.warc.gz", "stored.wacz", "deflated.wacz"])
def test_every_form_is_copied_record_by_record(tmp_path, form):
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", form)
    shelf = Shelf(tmp_path / "warc", "run", 10_000_000, lambda name: bytes(members([FOREIGN[0]])))
    (stream,) = (ingest.copy(stream, shelf) for stream in ingest.streams([tmp_path / "in"]))
    assert (stream.names, stream.records, stream.damage) == (["vov-run-00000.warc.gz"], len(FOREIGN), [])
    _, *copied = whole(tmp_path / "warc" / "vov-run-00000.warc.gz")
    assert [record.get("WARC-Record-ID") for record in copied] == [f"<{made.urn}>" for made in FOREIGN]
    assert blocks(tmp_path).items() >= {f"<{made.urn}>": made.block for made in FOREIGN}.items()


def test_every_record_is_taken_in_and_read_once(scrapy, tmp_path):
    path = write(tmp_path, "a.warc.gz")
    outcome = scrapy("catalogue", "ingest", path)
    assert outcome.code == 0, outcome.stderr
    assert "Copied 6 records" in outcome.stderr
    assert feed(outcome) == FED
    for record in outcome.feed():
        place = record["capture"]
        with (outcome.data / "warc" / place["warc"]).open("rb") as file:
            assert read_at(file, place["offset"]).get("WARC-Record-ID") == f"<{place['record_id']}>"
    before = {path: path.read_bytes() for path in warcs(outcome.data)}
    again = scrapy("catalogue", "ingest", path)
    assert again.code == 0, again.stderr
    assert "is in the archive already" in again.stderr
    assert feed(again) == FED
    assert {path: path.read_bytes() for path in warcs(outcome.data)} == before
    assert scrapy("catalogue", "check").code == 0


@pytest.mark.parametrize("has_other", [False, True], ids=["its only digest", "beside that of the block"])
def test_a_body_that_does_not_hold_its_digest_is_left_out_and_the_archive_stays_sound(scrapy, tmp_path, has_other):
    digest = [("WARC-Payload-Digest", sha1(b"another body"))]
    bad = replace(FOREIGN[3], digest=has_other, more=digest)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([*FOREIGN[:3], bad, *FOREIGN[4:]]))
    outcome = scrapy("catalogue", "ingest", path)
    assert outcome.code == 5
    assert f"{path} at byte {len(members(FOREIGN[:3]))}: does not hold its payload digest." in outcome.stderr
    assert feed(outcome) == [FED[0], FED[2]]
    assert scrapy("catalogue", "check").code == 0


PACKED = gzip.compress(page("Một"))
NO_PAGE = {
    "refused": (http(b"no", "403 Forbidden"), []),
    "moved": (http(b"", "302 Found", [("Location", TWO)]), []),
    "torn": (http(PACKED[:40], fields=[("Content-Encoding", "gzip")]), [("Vov-Broken", "torn")]),
    "forbidden": (http(page("Một")), []),
}


@pytest.mark.parametrize("first", NO_PAGE)
def test_a_page_that_first_gave_nothing_is_taken_in_when_it_came_later(scrapy, tmp_path, first):
    block, more = NO_PAGE[first]
    forbids = http(b"User-agent: *\nDisallow: /", fields=[("Content-Type", "text/plain")])
    rules = Rec(id=8, url="https://vov.vn/robots.txt", date="2025-12-31T00:00:00Z", block=forbids)
    early = [*([rules] if first == "forbidden" else []), replace(FOREIGN[1], block=block, more=more)]
    for name, held in (("early", early), ("late", FOREIGN[3:5])):
        path = tmp_path / f"{name}.warc.gz"
        path.write_bytes(members([*FOREIGN[:1], *held]))
        outcome = scrapy("catalogue", "ingest", path)
        assert outcome.code == 0, outcome.stderr
    assert sorted(feed(outcome)) == [FED[1], (ONE, "new", 1, "2026-01-03T00:00:00Z")]


def test_a_body_that_was_unpacked_under_its_old_header_is_taken_in_and_shown(scrapy, tmp_path):
    fields = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([*FOREIGN[:1], replace(FOREIGN[1], block=http(page("Một"), fields=fields))]))
    assert [record["headline"] for record in scrapy("replay", path).records] == ["Một"]
    for command in (("catalogue", "ingest", path), ("catalogue", "check"), ("pack", tmp_path / "a.wacz")):
        outcome = scrapy(*command)
        assert outcome.code == 0, outcome.stderr
    (record,) = outcome.feed()
    assert (record["url"], record["headline"]) == (ONE, "Một")
    assert captures.read(outcome.data, record["capture"], lambda _id: None).source == page("Một").decode()
    assert [record["headline"] for record in scrapy("replay", tmp_path / "a.wacz").records] == ["Một"]


@pytest.mark.parametrize("kind", ["", "Application/HTTP; msgtype=response", "application/http"])
def test_the_digest_of_a_body_is_known_as_that_however_the_message_is_announced(tmp_path, kind):
    digest = [("WARC-Payload-Digest", sha1(page("Hai")))]
    path = tmp_path / "a.warc"
    path.write_bytes(plain([replace(FOREIGN[3], digest=False, more=digest, content_type=kind)]))
    (stream,) = (
        ingest.copy(stream, Shelf(tmp_path, "run", 10_000, lambda name: b"")) for stream in ingest.streams([path])
    )
    assert (stream.records, stream.damage) == (1, [])


@pytest.mark.parametrize("written", ["<urn:other:7>", "<URN:UUID:00000000-0000-0000-0000-000000000007>", "x", ""])
def test_a_record_whose_id_is_no_uuid_is_taken_in_like_any_other(scrapy, tmp_path, written):
    made = plain(FOREIGN).replace(f"<{FOREIGN[1].urn}>".encode(), written.encode())
    (tmp_path / "a.warc").write_bytes(made)
    outcome = scrapy("catalogue", "ingest", tmp_path / "a.warc")
    assert (outcome.code, "Traceback" in outcome.stderr) == (0, False), outcome.stderr
    assert feed(outcome) == FED
    assert [problems(record) for record in outcome.feed()] == [[]] * len(FED)
    assert scrapy("catalogue", "check").code == 0


def taken(path: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Return the addresses of the pages that ingest copies from *path*, and what it says of the rest."""
    shelf = Shelf(folder, "run", 10_000_000, lambda name: bytes(members([FOREIGN[0]])))
    said = []
    for stream in ingest.streams([path]):
        damage = [stream] if isinstance(stream, Damage) else ingest.copy(stream, shelf).damage
        said += [one.sentence for one in damage]
    copied = [record for warc in sorted(folder.glob("*")) for record in whole(warc)]
    return [record.get("WARC-Target-URI") or "" for record in copied if record.type == "response"], said


PAGES = [FOREIGN[1], FOREIGN[3]]


def test_a_file_may_share_members_from_anywhere_on(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members(PAGES[:1]) + one_member([PAGES[1], FOREIGN[5]]))
    assert taken(path, tmp_path / "warc") == ([ONE, TWO, FOREIGN[5].url], [])


def wacz(path: Path, how: int = zipfile.ZIP_STORED) -> bytearray:
    # Two files, so that damage in the first leaves something.
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc", plain(FOREIGN[5:] * 3 + PAGES[:1]), how)
        archive.writestr("archive/b.warc.gz", members(PAGES[1:]))
    return bytearray(path.read_bytes())


def test_of_a_torn_wacz_the_records_are_taken_that_are_still_there(tmp_path):
    path = tmp_path / "a.wacz"
    path.write_bytes(wacz(path)[:-60])
    addresses, said = taken(path, tmp_path / "warc")
    assert (addresses[-2:], said) == ([ONE, TWO], ["is not an intact WACZ file; what there is was read."])


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_of_a_wacz_that_does_not_unpack_whole_the_rest_is_taken(tmp_path, how):
    path = tmp_path / "a.wacz"
    data = wacz(path, how)
    start = data.index(b"a.warc") + 30
    data[start : start + 300] = bytes(300)
    path.write_bytes(data)
    addresses, said = taken(path, tmp_path / "warc")
    assert (addresses[-1], said[0]) == (TWO, "does not unpack whole; what there is was read.")


def test_what_cannot_be_read_is_said_and_does_not_hold_up_the_rest(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "a.warc.gz")
    (folder / "b.warc.gz").touch()
    (folder / "c.warc.gz").symlink_to("c.warc.gz")
    (folder / "d.warc.gz").write_bytes(members(PAGES))
    no_file = "is not a file that can be read."
    assert taken(folder, tmp_path / "warc") == ([ONE, TWO], [no_file, "is empty.", no_file])


def test_a_file_that_cannot_be_read_to_its_end_does_not_hold_up_the_rest(tmp_path, monkeypatch):
    for name, held in {"a.warc": FOREIGN, "b.warc": PAGES}.items():
        (tmp_path / name).write_bytes(plain(held))
    monkeypatch.setattr(BadSector, "at", 1_000_000)
    with Catalogue.open(tmp_path / "data") as catalogue, BadSector(tmp_path / "a.warc") as bad:
        taking = _Taking(catalogue, tmp_path / "warc", "run", 10**9, "2026-01-01T00:00:00Z")
        taking.take(ingest.Stream(name="a.warc", file=bad, start=0, stop=2_000_000))
        for stream in ingest.streams([tmp_path / "b.warc"]):
            taking.take(stream)
        assert taking.damage == [Damage(file="a.warc", sentence="cannot be read: Input/output error.")]
        ((_, (stretch,)),) = taking.unread
    assert [record.get("WARC-Target-URI") for record in whole(tmp_path / "warc" / stretch.names[0])[1:]] == [
        ONE,
        TWO,
    ]


def test_files_that_share_records_make_a_sound_archive(scrapy, tmp_path):
    for name, held in {"a": FOREIGN[1:4], "b": [FOREIGN[4], *FOREIGN[1:4]]}.items():
        (tmp_path / f"{name}.warc.gz").write_bytes(members(held))
        outcome = scrapy("catalogue", "ingest", tmp_path / f"{name}.warc.gz")
        assert outcome.code == 0, outcome.stderr
    assert feed(outcome) == FED
    assert scrapy("catalogue", "check").code == 0


def test_an_id_that_two_records_have_is_a_problem(scrapy, tmp_path):
    other = replace(FOREIGN[3], id=2)
    for name, held in {"a": FOREIGN[1:2], "b": [other]}.items():
        (tmp_path / f"{name}.warc.gz").write_bytes(members(held))
        assert scrapy("catalogue", "ingest", tmp_path / f"{name}.warc.gz").code == 0
    outcome = scrapy("catalogue", "check")
    assert outcome.code == 5
    assert f"has the id {other.urn}, which another record has, too." in outcome.stdout + outcome.stderr


def test_a_killed_ingest_goes_on(scrapy, tmp_path):
    path = write(tmp_path, "a.warc.gz")
    scrapy("catalogue", "ingest", path)
    copied = warcs(scrapy.data)[0]
    # As if another archive had been killed while it copied, and before anybody took note.
    data = tmp_path / "killed"
    (tmp_path / "empty.warc.gz").write_bytes(members([replace(FOREIGN[0], id=99)]))
    scrapy("catalogue", "ingest", tmp_path / "empty.warc.gz", data=data)
    (data / "warc" / f"{copied.name}.open").write_bytes(copied.read_bytes()[:-100])
    outcome = scrapy("catalogue", "ingest", path, data=data)
    assert outcome.code == 0, outcome.stderr
    assert "Copied 6 records" in outcome.stderr
    assert feed(outcome) == FED
    assert not [path for path in warcs(data) if path.suffix == ".open"]


def test_damage_is_said_and_the_rest_taken_in(scrapy, tmp_path):
    path = write(tmp_path, "a.warc.gz")
    data = bytearray(path.read_bytes())
    start = len(members(FOREIGN[:3]))
    data[start + 60] ^= 1
    path.write_bytes(data)
    (tmp_path / "b.warc.gz").write_bytes(b"")
    outcome = scrapy("catalogue", "ingest", tmp_path / "a.warc.gz")
    assert outcome.code == 5
    assert f"{path} at byte {start}: is not intact gzip." in outcome.stderr
    assert feed(outcome) == [FED[0], FED[2]]


def test_what_is_older_than_what_is_known_changes_nothing(scrapy, tmp_path):
    path = write(tmp_path, "a.warc.gz")
    scrapy("catalogue", "ingest", path)
    older = [Rec(id=20, url=ONE, date="2025-01-01T00:00:00Z", block=http(page("Cũ")))]
    newer = [Rec(id=21, url=ONE, date="2026-02-01T00:00:00Z", block=http(page("Mới")))]
    (tmp_path / "b.warc.gz").write_bytes(members(older + newer))
    outcome = scrapy("catalogue", "ingest", tmp_path / "b.warc.gz")
    assert outcome.code == 0, outcome.stderr
    assert feed(outcome) == [*FED, (ONE, "revised", 3, "2026-02-01T00:00:00Z")]


def test_what_is_newer_by_a_fraction_of_a_second_is_read(scrapy, tmp_path):
    """Older tools give seconds only."""
    for date in ("2026-01-01T00:00:05Z", "2026-01-01T00:00:05.5Z", "2026-01-01T00:00:05.25Z"):
        record = Rec(url=ONE, date=date, block=http(page(f"Tin lúc {date[17:]}")))
        (tmp_path / "a.warc").write_bytes(plain([record]))
        outcome = scrapy("catalogue", "ingest", tmp_path / "a.warc")
        assert outcome.code == 0, outcome.stderr
    assert [record["captured_at"][17:] for record in outcome.feed()] == ["05Z", "05.5Z"]


BODY = page("Một")
CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
DIGESTS = {
    "as Browsertrix": (BODY, f"sha-256:{hashlib.sha256(BODY).hexdigest()}", "revisit"),
    "hexadecimal": (BODY, f"SHA1:{hashlib.sha1(BODY).hexdigest()}", "revisit"),
    "of no known kind": (BODY, "crc32:00000000", "revisit"),
    "of the body in chunks": (CHUNKS, sha1(CHUNKS), "response"),
}


@pytest.mark.parametrize(("body", "digest", "stored"), DIGESTS.values(), ids=DIGESTS)
def test_a_later_crawl_may_refer_to_a_body_whatever_its_digest_looks_like(
    scrapy, replica, tmp_path, body, digest, stored
):
    fields = [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")]
    captured = Rec(url=ONE, block=http(body, fields=fields), more=[("WARC-Payload-Digest", digest)])
    (tmp_path / "a.warc").write_bytes(plain([captured]))
    replica.site.add("/the-gioi/mot-post1.vov", BODY, encoding=None)
    for command in (("catalogue", "ingest", tmp_path / "a.warc"), ("crawl", "article", "-a", f"url={ONE}")):
        outcome = scrapy(*command)
        assert outcome.code == 0, outcome.stderr
    kinds = [record.type for record in whole(warcs(outcome.data)[-1]) if record.get("WARC-Target-URI") == ONE]
    assert kinds[0] == stored
    checked = scrapy("catalogue", "check")
    assert checked.code == 0, checked.stdout


@pytest.mark.parametrize("form", [sha1, lambda body: f"sha1:{hashlib.sha1(body).hexdigest()}"])
def test_a_record_that_refers_to_another_body_than_it_says_is_a_problem(scrapy, tmp_path, form):
    first = Rec(url=ONE, block=http(BODY), more=[("WARC-Payload-Digest", sha1(BODY))])
    more = [("WARC-Refers-To", f"<{first.urn}>"), ("WARC-Payload-Digest", form(b"another"))]
    again = Rec(type="revisit", id=2, url=ONE, date="2026-01-02T00:00:00Z", block=http(), more=more)
    (tmp_path / "a.warc").write_bytes(plain([first, again]))
    assert scrapy("catalogue", "ingest", tmp_path / "a.warc").code == 0
    outcome = scrapy("catalogue", "check")
    assert (outcome.code, f"has another payload digest than {first.urn}" in outcome.stdout) == (5, True)


def test_what_is_too_old_by_now_is_not_due(scrapy, tmp_path):
    assert scrapy("catalogue", "ingest", str(write(tmp_path, "a.warc"))).code == 0
    planned = scrapy("update", "--dry-run")
    assert planned.code == 0
    assert "due\t" not in planned.stdout


def test_what_nobody_had_read_keeps_its_place_in_time_at_a_rebuild(scrapy, tmp_path):
    # A worker was killed before it had read the first; the last it has read at once.
    about = [("WARC-Concurrent-To", f"<{FOREIGN[4].urn}>")]
    at = "2026-01-03T00:00:01Z"
    reading = Rec(
        type="metadata", id=7, url=ONE, date=at, block=b"{}", content_type="application/json", more=about
    )
    (tmp_path / "worker.warc.gz").write_bytes(members([*FOREIGN, reading]))
    assert feed(scrapy("catalogue", "ingest", tmp_path / "worker.warc.gz")) == FED
    assert feed(scrapy("catalogue", "rebuild")) == FED


@pytest.mark.parametrize(
    ("name", "said"), [("none.warc", "There is no file or folder"), ("a.html", "cannot be taken in")]
)
def test_wrong_usage_is_one_sentence(scrapy, tmp_path, name, said):
    (tmp_path / "a.html").write_text("<p>")
    outcome = scrapy("catalogue", "ingest", tmp_path / name)
    assert outcome.code == 2
    assert said in outcome.stderr


@pytest.mark.parametrize("place", [".", "warc", "warc/vov-1-00000.warc.gz", "link"])
def test_the_archive_itself_is_not_taken_in(scrapy, place):
    (scrapy.data / "warc").mkdir(parents=True)
    (scrapy.data / "warc" / "vov-1-00000.warc.gz").write_bytes(members(FOREIGN))
    (scrapy.data / "link").symlink_to("warc")
    outcome = scrapy("catalogue", "ingest", scrapy.data / place)
    assert (outcome.code, len(warcs(scrapy.data))) == (2, 1)
    assert f"holds the archive in {str(scrapy.data)!r} itself" in outcome.stderr


def test_a_folder_without_archives_is_wrong_usage(scrapy):
    run = scrapy("catalogue", "ingest", "fixtures")
    assert run.code == 2
    assert "'fixtures'" in run.stderr

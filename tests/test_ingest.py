"""Taking WARC files of other tools into the archive: once, whole, and into catalogue and feed."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.schema import problems
from tests.test_sources_wacz import several
from tests.warcs import FOREIGN, ONE, TWO, Rec, http, members, one_member, page, plain, sha1, whole
from vovcrawler import __version__, ingest
from vovcrawler.room import captures
from vovcrawler.shelf import Shelf
from vovcrawler.warc.reading import read_at


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


def test_the_wacz_files_in_a_wacz_are_taken_in(scrapy, tmp_path):
    outcome = scrapy("catalogue", "ingest", several(tmp_path / "a.wacz"))
    assert (outcome.code, len(outcome.feed())) == (0, 2), outcome.stderr
    outcome = scrapy("catalogue", "ingest", several(tmp_path / "packed.wacz", zipfile.ZIP_DEFLATED))
    assert (outcome.code, "crawl-1.wacz: lies packed in another WACZ file" in outcome.stderr) == (5, True)


def test_of_a_torn_wacz_the_packed_files_are_taken_in_as_well(scrapy, tmp_path):
    path = write(tmp_path, "deflated.wacz")
    path.write_bytes(path.read_bytes()[:-30])
    outcome = scrapy("catalogue", "ingest", path)
    assert (outcome.code, feed(outcome)) == (5, FED)
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


def test_a_page_that_is_gone_stays_gone_whatever_the_order_of_the_files(scrapy, tmp_path):
    gone = Rec(id=9, url=ONE, date="2026-01-05T00:00:00Z", block=http(b"", "410 Gone"))
    for name, held in (("a", [gone]), ("b", FOREIGN[1:2])):
        (tmp_path / f"{name}.warc.gz").write_bytes(members([*FOREIGN[:1], *held]))
    outcome = scrapy("catalogue", "ingest", tmp_path / "a.warc.gz", tmp_path / "b.warc.gz")
    assert outcome.code == 0, outcome.stderr
    fed = [FED[0], (ONE, "gone", 1, "2026-01-01T00:00:00Z")]
    assert feed(outcome) == fed
    assert scrapy("catalogue", "rebuild").code == 0
    assert feed(outcome) == fed


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
    # Whoever deletes what is in the archive must not lose what is not.
    again = scrapy("catalogue", "ingest", tmp_path / "a.warc.gz")
    assert again.code == 0
    assert f"What is whole of {path} is in the archive already, as {warcs(scrapy.data)[0].name}" in again.stderr
    assert "it lacks 1 damaged place." in again.stderr


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


OF_HERITRIX = [
    ("WARC-Refers-To-Target-URI", "https://m.vov.vn/mot-post1.vov"),
    ("WARC-Refers-To-Date", "2026-01-01T00:00:00Z"),
]


@pytest.mark.parametrize("more", [OF_HERITRIX, []], ids=["address and date", "nothing but a digest"])
@pytest.mark.parametrize(("body", "digest", "stored"), DIGESTS.values(), ids=DIGESTS)
def test_what_comes_later_may_refer_to_what_was_taken_in_before_without_naming_the_record(
    scrapy, tmp_path, more, body, digest, stored
):
    fields = [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")]
    url, said = OF_HERITRIX[0][1] if more else ONE, [("WARC-Payload-Digest", digest)]
    first = Rec(url=url, block=http(body, fields=fields), more=said)
    other = Rec(id=2, url=url, date="2026-01-02T00:00:00Z", block=http(page("Một khác")))
    again = Rec(type="revisit", id=3, url=ONE, date="2026-01-03T00:00:00Z", block=http(), more=more + said)
    for name, held in (("a", [first, other]), ("b", [again])):
        (tmp_path / f"{name}.warc").write_bytes(plain(held))
        outcome = scrapy("catalogue", "ingest", tmp_path / f"{name}.warc")
        assert outcome.code == 0, outcome.stderr
    assert [record["headline"] for record in outcome.feed()] == ["Một", "Một khác", "Một"]
    for command in ("check", "rebuild", "check"):
        assert scrapy("catalogue", command).code == 0
    assert len(outcome.feed()) == 3


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


def test_json_that_is_none_of_ours_hinders_nothing(scrapy, tmp_path):
    other, version = FOREIGN[4], ("Vov-Version", __version__)
    given = {"date": other.date, "more": [("WARC-Concurrent-To", f"<{other.urn}>"), version]}
    blocks = [b'{"hops": 99999999999999999999}', b"[" * 200_000]
    notes = [
        Rec(type="metadata", id=number, block=block, content_type="application/json", **given)
        for number, block in enumerate(blocks, start=700)
    ]
    (tmp_path / "a.warc.gz").write_bytes(members([*FOREIGN, *notes]))
    assert feed(scrapy("catalogue", "ingest", tmp_path / "a.warc.gz")) == FED
    packing = ("pack", tmp_path / "out.wacz")
    for command in (("catalogue", "check"), packing, ("catalogue", "rebuild")):
        outcome = scrapy(*command)
        assert (outcome.code, "Traceback" in outcome.stderr) == (0, False), outcome.stderr


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

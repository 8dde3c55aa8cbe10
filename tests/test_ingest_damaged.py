"""What can still be read of damaged files is taken in, and what cannot is said."""

from __future__ import annotations

import os
import random
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.test_sources_damaged import BadSector
from tests.warcs import FOREIGN, ONE, TWO, Rec, http, members, one_member, page, plain, sha1, whole
from vovcrawler import ingest
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue.ingest import _settle, _Taking
from vovcrawler.errors import StorageTrouble
from vovcrawler.shelf import Shelf
from vovcrawler.sources import Damage
from vovcrawler.warc.reading import BadRecord

PAGES = [FOREIGN[1], FOREIGN[3]]


def taken(path: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Return the addresses of the pages that ingest copies from *path*, and what it says of the rest."""
    shelf = Shelf(folder, "run", 10_000_000, lambda name: bytes(members([FOREIGN[0]])))
    said = []
    for stream in ingest.streams([path]):
        damage = [stream] if isinstance(stream, Damage) else ingest.copy(stream, shelf).damage
        said += [one.sentence for one in damage]
    copied = [record for warc in sorted(folder.glob("*")) for record in whole(warc)]
    return [record.get("WARC-Target-URI") or "" for record in copied if record.type == "response"], said


def wacz(path: Path, how: int = zipfile.ZIP_STORED) -> bytearray:
    # Two files, so that damage in the first leaves something.
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc", plain(FOREIGN[5:] * 3 + PAGES[:1]), how)
        archive.writestr("archive/b.warc.gz", members(PAGES[1:]))
    return bytearray(path.read_bytes())


def test_a_file_may_share_members_from_anywhere_on(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members(PAGES[:1]) + one_member([PAGES[1], FOREIGN[5]]))
    assert taken(path, tmp_path / "warc") == ([ONE, TWO, FOREIGN[5].url], [])


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


def test_what_cannot_be_looked_at_does_not_hold_up_the_rest(tmp_path, locked):
    folder = tmp_path / "in"
    (folder / locked).mkdir(parents=True)
    (folder / locked / "a.warc.gz").touch()
    (folder / locked / "b.warc.gz.open").touch()
    (folder / "z.warc.gz").write_bytes(members(PAGES))
    denied = "cannot be read: Permission denied."
    assert taken(folder, tmp_path / "warc") == ([ONE, TWO], [denied, denied])
    assert taken(folder / locked / "a.warc.gz", tmp_path / "none") == ([], [denied])
    assert _settle([folder / locked / "a.warc.gz"], datetime.now(UTC)) == ""


@pytest.mark.parametrize("form", [members, plain])
@pytest.mark.parametrize("size", [100, 2_000_000])
def test_of_a_file_that_changes_while_it_is_read_no_half_record_is_kept(tmp_path, monkeypatch, form, size):
    path = tmp_path / "a.warc"
    last = Rec(id=99, url=TWO, block=http(random.Random(1).randbytes(size)))
    path.write_bytes(form([*PAGES[:1], last]))
    look = ingest.look_through

    def cut_behind(*arguments):
        for found in look(*arguments):
            if not isinstance(found, BadRecord) and found[0].bare("WARC-Record-ID") == last.urn:
                os.truncate(path, path.stat().st_size - 50)
            yield found

    monkeypatch.setattr(ingest, "look_through", cut_behind)
    with pytest.raises(StorageTrouble, match=r"a\.warc changed while it was read; run the same command again\."):
        taken(path, tmp_path / "warc")
    (copy,) = (tmp_path / "warc").iterdir()
    assert [record.get("WARC-Target-URI") for record in whole(copy)] == [None, ONE]


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


def test_what_belongs_to_a_record_that_an_ingest_left_out_is_put_aside_by_a_repair(scrapy, tmp_path):
    def request(number: int, url: str, to: Rec, *headers: str) -> Rec:
        lines = [f"GET {url.removeprefix('https://vov.vn')} HTTP/1.1", "Host: vov.vn", *headers, "", ""]
        more = [("WARC-Concurrent-To", f"<{to.urn}>"), ("WARC-IP-Address", "127.0.0.1")]
        return Rec(type="request", id=number, url=url, block="\r\n".join(lines).encode(), more=more)

    urls = [f"https://vov.vn/the-gioi/bai-so-{number}-post{number}.vov" for number in (1, 2, 3)]
    headers = ("User-Agent: Wget/1.21.3", "Accept: */*", "Accept-Encoding: identity", "Connection: Keep-Alive")
    one, two, three = (Rec(id=n, url=url, block=http(page(str(n)))) for n, url in enumerate(urls))
    two = replace(two, digest=False, more=[("WARC-Block-Digest", sha1(b"another"))])
    written = [one, request(11, urls[0], one), request(12, urls[1], two, *headers), two, three]
    (tmp_path / "foreign.warc.gz").write_bytes(members(written))
    assert scrapy("catalogue", "ingest", tmp_path / "foreign.warc.gz").code == 5
    before = scrapy("catalogue", "check")
    assert (before.code, before.stdout.count("which is in no file.")) == (5, 1)
    repaired = scrapy("catalogue", "check", "--repair")
    assert (repaired.code, repaired.stderr.count(", urn:uuid:00000000-0000-0000-0000-00000000000c.")) == (5, 1)
    assert len(list((scrapy.data / "warc" / "quarantine").iterdir())) == 1
    assert scrapy("catalogue", "check").code == 0
    assert scrapy("catalogue", "rebuild").code == 0
    assert [record["headline"] for record in repaired.feed()] == ["0", "2"]
    # Nothing was lost that would have to be taken in anew.
    assert "is in the archive already" in scrapy("catalogue", "ingest", tmp_path / "foreign.warc.gz").stderr
    assert scrapy("catalogue", "check").code == 0


def test_what_was_read_from_a_record_that_is_lost_is_no_problem_once_that_is_accepted(scrapy, tmp_path):
    urls = [f"https://vov.vn/the-gioi/bai-so-{number}-post{number}.vov" for number in (1, 2, 3)]
    written = [Rec(id=n, url=url, block=http(page(f"Bài {n} {n * 'dài '}" * 40))) for n, url in enumerate(urls)]
    (tmp_path / "foreign.warc.gz").write_bytes(members(written))
    outcome = scrapy("catalogue", "ingest", tmp_path / "foreign.warc.gz")
    place = outcome.feed()[1]["capture"]
    path = scrapy.data / "warc" / place["warc"]
    data = bytearray(path.read_bytes())
    data[place["offset"] + 60] ^= 1
    path.write_bytes(data)
    assert scrapy("catalogue", "check", "--repair").code == 5
    assert scrapy("catalogue", "rebuild").code == 5
    assert scrapy("catalogue", "rebuild", "--force").code == 0
    assert len(outcome.feed()) == 2
    checked = scrapy("catalogue", "check")
    assert checked.code == 0, checked.stdout

"""Damaged WARC files as sources: each place is noted, and what is good is read."""

from __future__ import annotations

import errno
import os
import random
import tempfile
from functools import partial
from io import BytesIO, FileIO

import pytest

from tests.warcs import Rec, bodies, http, members, numbered, one_member, opened, page, plain, sentences, sha1
from vovcrawler.errors import StorageTrouble
from vovcrawler.ingest import streams
from vovcrawler.sources import Source, files, open_source

ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"


@pytest.fixture
def warc(tmp_path):
    return partial(opened, tmp_path)


NO_DATES = (
    "soon",
    "2026-02-30T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "٢٠٢٦-01-01T00:00:00Z",
)
DAMAGED = {
    **{f"no date: {date}": (Rec(date=date, block=http(page())), "has no date") for date in NO_DATES},
    "cut short": (Rec(more=[("WARC-Truncated", "length")], block=http(page())), "cut short"),
    "in pieces": (Rec(more=[("WARC-Segment-Number", "1")], block=http(page())), "one segment"),
    "no message": (Rec(block=b"<html>"), "is not an HTTP response."),
    "torn chunks": (Rec(block=http(b"5\r\n<ht", fields=[("Transfer-Encoding", "chunked")])), "breaks off"),
    "half a body": (Rec(block=http(page(), fields=[("Content-Length", "1000")])), "of 1000 bytes."),
    "a part": (Rec(block=http(page(), "206 Partial Content", [("Content-Range", "bytes 0-9/99")])), "only a part"),
    "a part of nothing": (Rec(block=http(page(), "206 Partial Content")), "only a part"),
    "big": (Rec(block=http(b"x" * files.MAX_PAGE_BYTES)), "too big"),
    "nothing to refer to": (Rec(type="revisit", block=http()), "refers to a capture"),
}


@pytest.mark.parametrize(("record", "sentence"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_is_noted_and_the_others_are_read(warc, record, sentence):
    before, after = Rec(id=8, url=ONE, block=http(b"1<p>")), Rec(id=9, url=TWO, block=http(b"2<p>"))
    source = warc(before, record, after)
    assert [body for body in bodies(source) if body] == [b"1<p>", b"2<p>"]
    (damage,) = source.damage
    assert sentence in damage.sentence
    assert damage.offset == len(members([before]))


@pytest.mark.parametrize("lacking", [1, 2, 3, 4])
def test_the_last_record_may_end_with_its_block(tmp_path, lacking):
    (tmp_path / "a.warc").write_bytes(plain(numbered([page("1"), page("2")]))[:-lacking])
    source = open_source([tmp_path])
    assert bodies(source) == [page("1"), page("2")]
    assert not source.damage


def test_a_torn_file_is_noted_and_read_up_to_there(tmp_path):
    data = members([Rec(id=1, url=ONE, block=http(b"1<p>")), Rec(id=2, url=TWO, block=http(b"2<p>"))])
    (tmp_path / "a.warc.gz").write_bytes(data[:-20])
    source = open_source([tmp_path])
    assert bodies(source) == [b"1<p>"]
    assert sentences(source) == ["breaks off before its end."]


class BadSector(FileIO):
    """A file of which the bytes from *at* on cannot be read."""

    at = 0

    def read(self, size: int = -1) -> bytes:
        if self.tell() + size > self.at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


def test_a_disk_that_cannot_be_read_any_more_is_noted_and_the_other_files_are_read(tmp_path, monkeypatch):
    noise = [random.Random(number).randbytes(20_000).hex().encode() for number in range(4)]
    (tmp_path / "a.warc").write_bytes(plain(numbered(noise)))
    (tmp_path / "b.warc").write_bytes(plain([Rec(id=9, url=TWO, block=http(page("Hai")))]))
    monkeypatch.setattr(BadSector, "at", 140_000)
    source = Source(open_file=lambda path: (BadSector if path.name == "a.warc" else FileIO)(path))
    source.add(tmp_path)
    source.index.freeze()
    assert bodies(source) == [*noise[:2], None, page("Hai")]
    assert sentences(source) == ["cannot be read: Input/output error."] * 2
    monkeypatch.setattr(BadSector, "at", 0)
    assert bodies(source) == [None, None, None, page("Hai")]
    source.close()


def test_a_temporary_folder_that_is_full_is_said(tmp_path, monkeypatch):
    class Full(BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **options: Full())
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    (tmp_path / "a.warc.gz").write_bytes(one_member(numbered([page(), page()])))
    sentence = r"a\.warc\.gz cannot be unpacked in '/tmp': No space left on device\."
    with pytest.raises(StorageTrouble, match=sentence):
        open_source([tmp_path])
    # The file itself can be read.
    with pytest.raises(StorageTrouble, match=sentence):
        list(streams([tmp_path]))


def test_what_is_unpacked_has_no_name_that_a_kill_could_leave(tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "a.warc.gz").write_bytes(one_member(numbered([page(), page()])))
    source = open_source([tmp_path / "a.warc.gz"])
    assert list((tmp_path / "scratch").iterdir()) == []
    assert len(bodies(source)) == 2
    source.close()


def test_a_torn_file_in_one_member_is_read_as_far_as_it_goes(tmp_path):
    noise = random.Random(1).randbytes(40_000).hex().encode()
    data = one_member(
        [Rec(id=number, url=f"https://vov.vn/a-post{number}.vov", block=http(noise)) for number in range(5)]
    )
    (tmp_path / "a.warc.gz").write_bytes(data[: len(data) // 2])
    source = open_source([tmp_path])
    assert bodies(source) == [noise, noise]
    assert sentences(source) == ["breaks off before its end."]
    source.close()


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_an_empty_file_is_damage(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    assert sentences(open_source([tmp_path])) == ["is empty."]


def test_what_is_no_warc_is_damage(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(b"%PDF-1.4\n" * 1000)
    assert sentences(open_source([tmp_path / "a.warc.gz"])) == ["is not a WARC record."]


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


CHUNKED = http(chunked(page()), fields=[("Transfer-Encoding", "chunked")])


@pytest.mark.parametrize(
    ("block", "digest", "said"),
    [
        (http(page()), sha1(page()), []),
        (http(page()), sha1(b"other"), ["does not hold its payload digest."]),
        (http(page()), "crc32:00000000", []),
        # Some tools give the digest of what was sent, some that of what was meant.
        (CHUNKED, sha1(page()), []),
        (CHUNKED, sha1(chunked(page())), []),
        (CHUNKED, sha1(b"other"), ["does not hold its payload digest."]),
    ],
)
def test_where_there_is_no_digest_of_the_block_that_of_the_body_counts(warc, block, digest, said):
    good = Rec(id=2, url=TWO, block=http(page("Hai")), date="2026-01-02T00:00:00Z")
    source = warc(Rec(id=1, url=ONE, block=block, digest=False, more=[("WARC-Payload-Digest", digest)]), good)
    assert sentences(source) == said
    assert bodies(source) == ([] if said else [page()]) + [page("Hai")]

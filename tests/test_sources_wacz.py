"""WACZ files as sources: the WARC files in them, whole or torn."""

from __future__ import annotations

import errno
import os
import random
import zipfile
from dataclasses import replace
from io import FileIO
from pathlib import Path

import pytest

from tests.warcs import TWO, Rec, bodies, http, members, numbered, one_member, page, plain, sentences
from vovcrawler.sources import Source, open_source


def wacz(
    path: Path, records: list[Rec], how: int = zipfile.ZIP_STORED, name: str = "archive/data.warc.gz"
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}', zipfile.ZIP_DEFLATED)
        archive.writestr(name, (members if name.endswith(".gz") else plain)(records), how)
        archive.writestr("datapackage.json", "{}")
    return path


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
@pytest.mark.parametrize("name", ["archive/data.warc.gz", "archive/data.warc"])
def test_the_warc_files_in_a_wacz_are_read_where_they_lie(tmp_path, how, name):
    records = numbered([page("1"), page("2")])
    source = open_source([wacz(tmp_path / "a.wacz", records, how, name)])
    assert bodies(source) == [page("1"), page("2")]
    assert next(capture.ref for capture in source.seeds()) == {
        "warc": name.rpartition("/")[2],
        "offset": 0,
        "record_id": records[0].urn,
    }
    assert not source.damage
    source.close()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_file_in_a_wacz_that_cannot_be_read_hides_no_other(tmp_path, how):
    path = tmp_path / "a.wacz"
    *records, last = numbered([page(str(number)) for number in range(10)])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc.gz", b"", how)
        archive.writestr("archive/b.warc", plain(records), how)
        archive.writestr("archive/c.warc.gz", members([last]))
    data = path.read_bytes()
    start = data.index(b"b.warc") + 20
    path.write_bytes(data[:start] + bytes(60) + data[start + 60 :])
    source = open_source([path])
    assert bodies(source)[-1] == page("9")
    assert {damage.file for damage in source.damage} == {f"{path}/archive/a.warc.gz", f"{path}/archive/b.warc"}
    source.close()


def test_an_archive_of_another_form_in_a_wacz_is_noted(tmp_path):
    path = wacz(tmp_path / "a.wacz", numbered([page("1")]))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("archive/more.warc.zst", b"\x28\xb5\x2f\xfd")
    source = open_source([path])
    assert bodies(source) == [page("1")]
    assert [damage.file for damage in source.damage] == [f"{path}/archive/more.warc.zst"]


def test_damage_in_a_wacz_is_noted_by_the_file_in_it(tmp_path):
    records = numbered([page("1"), page("2"), page("3")])
    path = wacz(tmp_path / "a.wacz", records)
    data = bytearray(path.read_bytes())
    second = len(members(records[:1]))
    data[data.index(b"\x1f\x8b") + second + 60] ^= 1
    path.write_bytes(data)
    source = open_source([path])
    assert bodies(source) == [page("1"), page("3")]
    (damage,) = source.damage
    assert damage.file == f"{path}/archive/data.warc.gz"
    assert damage.offset == second


@pytest.mark.parametrize("keep", [0.5, 0.8])
def test_a_torn_wacz_is_noted_and_read_as_far_as_it_goes(tmp_path, keep):
    path = wacz(tmp_path / "a.wacz", numbered([random.Random(number).randbytes(5_000) for number in range(10)]))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    source = open_source([path])
    assert len(bodies(source)) == int(keep * 10) - 1 or len(bodies(source)) == int(keep * 10)
    assert sentences(source) == ["is not an intact WACZ file; what there is was read."]


@pytest.mark.parametrize("lost", [1, -2000])
def test_of_a_torn_wacz_the_packed_files_are_read_as_well(tmp_path, lost):
    path = wacz(tmp_path / "a.wacz", numbered([page(str(number)) for number in range(200)]), zipfile.ZIP_DEFLATED)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"PK\1\2") + lost])
    source = open_source([path])
    read = bodies(source)
    assert read == [page(str(number)) for number in range(len(read))]
    assert len(read) == 200 if lost > 0 else 100 < len(read) < 200
    assert sentences(source)[0] == "is not an intact WACZ file; what there is was read."
    cut = [damage.offset for damage in source.damage if "does not unpack whole" in damage.sentence]
    whole = len(members(numbered([page(str(number)) for number in range(200)])))
    assert [0 < offset < whole for offset in cut] == ([] if lost > 0 else [True])


def test_of_a_torn_wacz_much_may_lie_in_little(tmp_path):
    records = numbered([page(str(number)) for number in range(3000)])
    path = wacz(tmp_path / "a.wacz", records, zipfile.ZIP_DEFLATED, "archive/data.warc")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"PK\1\2")])
    assert bodies(open_source([path])) == [page(str(number)) for number in range(3000)]


def test_a_bad_sector_under_a_packed_file_costs_what_is_behind_it(tmp_path, monkeypatch):
    noise = [random.Random(number).randbytes(60_000) for number in range(9)]
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/a.warc.gz", one_member(numbered(noise)))
        archive.writestr("archive/b.warc.gz", members([Rec(id=99, url=TWO, block=http(page("Hai")))]))
    bad = range(300_000, 400_000)

    class BadSector(FileIO):
        def read(self, size: int = -1) -> bytes:
            if self.tell() in bad:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().read(size)

    source = Source(open_file=BadSector)
    source.add(tmp_path)
    source.index.freeze()
    assert bodies(source) == [*noise[: len(bodies(source)) - 1], page("Hai")]
    assert len(bodies(source)) > 3
    assert "cannot be read: Input/output error." in sentences(source)
    source.close()


def test_a_wacz_without_warc_files_is_said(tmp_path):
    wacz(tmp_path / "a.wacz", [], name="archive/data.txt")
    assert sentences(open_source([tmp_path])) == ["holds no WARC files."]


def test_a_wacz_from_which_a_piece_is_missing_is_noted_and_the_rest_is_read(tmp_path):
    path = wacz(tmp_path / "a.wacz", numbered([random.Random(number).randbytes(5_000) for number in range(10)]))
    data = path.read_bytes()
    path.write_bytes(data[:20_000] + data[20_100:])
    source = open_source([path])
    assert len(bodies(source)) == 9
    assert sentences(source) == ["is not an intact WACZ file; what there is was read."]


def several(path: Path, how: int = zipfile.ZIP_STORED) -> Path:
    """Write a WACZ file of two others, as Browsertrix gives several crawls at once."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, packed in enumerate([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], 1):
            records = [replace(record, id=number) for record in numbered([page(str(number))])]
            inner = wacz(path.with_name("inner"), records, packed, f"archive/{number}.warc.gz")
            archive.write(inner, f"crawl-{number}.wacz", how)
            inner.unlink()
        archive.writestr("datapackage.json", '{"profile": "multi-wacz-package"}')
    return path


def test_the_wacz_files_in_a_wacz_are_read(tmp_path):
    source = open_source([several(tmp_path / "a.wacz")])
    assert bodies(source) == [page("1"), page("2")]
    assert [capture.ref["warc"] for capture in source.seeds()] == ["1.warc.gz", "2.warc.gz"]
    assert not source.damage


def test_a_wacz_file_in_a_wacz_that_cannot_be_read_is_noted_and_hides_no_other(tmp_path):
    path = several(tmp_path / "packed.wacz", zipfile.ZIP_DEFLATED)
    assert [damage.file for damage in open_source([path]).damage] == [f"{path}/crawl-{n}.wacz" for n in (1, 2)]
    path = several(tmp_path / "a.wacz")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"PK\5\6", b"PK\0\0", 1))
    source = open_source([path])
    assert bodies(source) == [page("1"), page("2")]
    assert [damage.file for damage in source.damage] == [f"{path}/crawl-1.wacz"]


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_what_is_no_wacz_is_damage(tmp_path, content):
    (tmp_path / "a.wacz").write_bytes(content)
    assert "is not an intact WACZ file; what there is was read." in sentences(open_source([tmp_path]))

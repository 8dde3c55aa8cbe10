"""WARC files on disk: rotated, whole whatever happens, and repaired."""

from __future__ import annotations

import errno
import gzip
import os
import random
import shutil
from functools import cache
from pathlib import Path
from unittest.mock import Mock

import pytest

from vovcrawler.shelf import OPEN, Shelf, Spot, mend, warc_files
from vovcrawler.warc import writing
from vovcrawler.warc.reading import Record, records

DATE = "2026-11-21T15:04:05.123456Z"
URL = "https://vov.vn/tin-post1.vov"


@cache
def info(name: str) -> bytes:
    return writing.warcinfo(name, DATE, {"software": "test"}).member


def member(number: int = 0, size: int = 300) -> bytes:
    body = random.Random(number).randbytes(size)
    return writing.response(URL, DATE, b"HTTP/1.1 200 OK\r\n\r\n", body, digest="sha1:A", ip=None).member


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf(tmp_path / "warc", "run", 2_000, info)
    yield shelf
    shelf.close()


def names(shelf: Shelf) -> list[str]:
    return sorted(path.name for path in shelf.folder.iterdir()) if shelf.folder.exists() else []


def whole(path: Path) -> list[Record]:
    with path.open("rb") as file:
        found = list(records(file))
    assert all(isinstance(record, Record) for record in found)
    return found


def test_a_run_that_fetches_nothing_leaves_no_file(shelf):
    shelf.sync()
    shelf.close()
    assert names(shelf) == []


def test_a_file_is_called_open_until_it_is_closed(shelf):
    (spot,) = shelf.write(member())
    assert spot == Spot(name="vov-run-00000.warc.gz", offset=len(info("vov-run-00000.warc.gz")))
    assert names(shelf) == ["vov-run-00000.warc.gz.open"]
    shelf.close()
    assert names(shelf) == ["vov-run-00000.warc.gz"]
    assert [record.type for record in whole(shelf.folder / spot.name)] == ["warcinfo", "response"]


def test_what_is_written_together_lies_in_one_file(shelf):
    spots = [shelf.write(member(number, 20), member(number + 100, 20)) for number in range(8)]
    shelf.close()
    assert all(first.name == second.name for first, second in spots)
    assert 1 < len(names(shelf)) < len(spots)
    assert all((shelf.folder / name).stat().st_size <= 2_000 for name in names(shelf))


def test_what_is_bigger_than_a_file_may_be_has_one_of_its_own(shelf):
    for number in range(3):
        shelf.write(member(number, size=5_000))
    shelf.close()
    assert [len(whole(shelf.folder / name)) for name in names(shelf)] == [2, 2, 2]


def test_no_file_is_written_over(tmp_path):
    for _ in range(2):
        shelf = Shelf(tmp_path, "run", 10_000, info)
        shelf.write(member())
        shelf.close()
    assert names(shelf) == ["vov-run-00000.warc.gz", "vov-run-00001.warc.gz"]


class FullDisk:
    """A disk on which so many more bytes fit; what does not fit is written as far as it does."""

    def __init__(self, room: int) -> None:
        self.room, self.write = room, os.write

    def __call__(self, descriptor: int, data: bytes) -> int:
        taken = min(self.room, len(data))
        if not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= taken
        return self.write(descriptor, data[:taken])


@pytest.mark.parametrize(("members", "more"), [(0, 0), (0, 1), (0, 100), (1, 0), (1, 50)])
def test_a_full_disk_leaves_whole_records_only(shelf, monkeypatch, members, more):
    shelf.write(member())
    monkeypatch.setattr(os, "write", FullDisk(members * len(member(1)) + more))
    with pytest.raises(OSError, match="No space left"):
        shelf.write(member(1), member(2))
    shelf.close()
    assert [record.type for record in whole(shelf.folder / names(shelf)[0])] == ["warcinfo", "response"]


def test_a_disk_that_is_full_from_the_start_leaves_no_file(shelf, monkeypatch):
    monkeypatch.setattr(os, "write", FullDisk(10))
    with pytest.raises(OSError, match="No space left"):
        shelf.write(member())
    shelf.close()
    assert names(shelf) == []


# ---- repaired


def leave(folder: Path, count: int = 3) -> tuple[Path, list[int]]:
    """Leave a file as a killed process does; return it and where its records end."""
    parts = [info("a")] + [member(number) for number in range(count)]
    path = folder / f"vov-run-00000.warc.gz{OPEN}"
    path.write_bytes(b"".join(parts))
    return path, [sum(map(len, parts[:number])) for number in range(len(parts) + 1)]


def test_a_torn_file_is_cut_after_its_last_whole_record_wherever_it_was_torn(tmp_path):
    path, ends = leave(tmp_path)
    data = path.read_bytes()
    for cut in random.Random(1).sample(range(1, len(data) + 1), 100):
        path.write_bytes(data[:cut])
        (mended,) = mend(tmp_path)
        kept = max(end for end in ends if end <= cut)
        assert mended.cut == cut - kept
        assert not path.exists()
        final = tmp_path / mended.name
        assert (final.read_bytes() if kept else b"") == data[:kept]
        final.unlink(missing_ok=True)


def test_what_is_damaged_before_whole_records_stays(tmp_path):
    path, ends = leave(tmp_path)
    data = bytearray(path.read_bytes())
    data[ends[1] + 50] ^= 1
    path.write_bytes(data + b"torn")
    (mended,) = mend(tmp_path)
    assert mended.cut == 4
    assert (tmp_path / mended.name).read_bytes() == data


@pytest.mark.parametrize(
    "left",
    [b"", b"\x1f\x8b\x08", b"\0" * 900, b"garbage " * 99, info("a")[:40]],
    ids=["nothing", "three bytes", "zeros", "garbage", "a torn member"],
)
def test_what_holds_no_whole_record_is_taken_away(tmp_path, left):
    (tmp_path / f"vov-run-00000.warc.gz{OPEN}").write_bytes(left)
    (mended,) = mend(tmp_path)
    assert (mended.cut, list(tmp_path.iterdir())) == (len(left), [])


def test_a_file_of_another_tool_that_was_left_open_stays_whole(tmp_path):
    data = gzip.compress(gzip.decompress(info("a")) + gzip.decompress(member()))
    (tmp_path / f"all-in-one.warc.gz{OPEN}").write_bytes(data)
    (mended,) = mend(tmp_path)
    assert (mended.cut, (tmp_path / mended.name).read_bytes()) == (0, data)


def test_only_files_with_the_right_ending_are_of_the_archive(tmp_path):
    for name in ("b.warc", "a.warc.gz", "c.warc.gz.open", "a.warc.gz.md5", "a.warc.gz.part", "a.cdx"):
        (tmp_path / name).touch()
    (tmp_path / "d.warc.gz").mkdir()
    (tmp_path / "e.warc.gz").symlink_to("nowhere")
    (tmp_path / f"f.warc.gz{OPEN}").mkdir()
    assert [path.name for path in warc_files(tmp_path)] == ["a.warc.gz", "b.warc", "c.warc.gz.open"]
    assert [mended.name for mended in mend(tmp_path)] == ["c.warc.gz"]


@pytest.mark.parametrize("garbage", [b"", b"\0" * 70_000, info("a")[:40] + b"garbage" * 50], ids=len)
def test_several_files_may_be_open_and_garbage_behind_a_torn_record(tmp_path, garbage):
    path, ends = leave(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: ends[2] + 60] + garbage)
    path.with_name(f"vov-run-00001.warc.gz{OPEN}").write_bytes(data)
    assert [mended.cut for mended in mend(tmp_path)] == [60 + len(garbage), 0]
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [data[: ends[2]], data]


def test_a_file_that_has_its_name_already_is_not_replaced(tmp_path):
    leave(tmp_path)
    closed = tmp_path / "vov-run-00000.warc.gz"
    closed.write_bytes(info("b"))
    (mended,) = mend(tmp_path)
    assert (mended.name, closed.read_bytes()) == ("vov-run-00000-2.warc.gz", info("b"))
    assert len(whole(tmp_path / mended.name)) == 4


def test_a_folder_that_is_removed_while_it_is_written_to_is_noticed(shelf):
    shelf.write(member())
    shelf.sync()
    shelf.write(member(1))
    shutil.rmtree(shelf.folder)
    with pytest.raises(FileNotFoundError, match="removed while it was written"):
        shelf.sync()
    shelf._is_synced = True
    with pytest.raises(FileNotFoundError):
        shelf.close()


def test_files_that_are_closed_are_left_alone(tmp_path):
    path, _ = leave(tmp_path)
    closed = path.rename(tmp_path / "vov-run-00000.warc.gz")
    closed.write_bytes(closed.read_bytes()[:-5])
    assert list(mend(tmp_path)) == []
    assert list(mend(tmp_path / "none")) == []


def test_big_members_go_into_one_file_until_it_is_full(shelf):
    made = [member(number, size=100) for number in range(5)]
    spots = [shelf.write_pieces(len(one), [one[:50], one[50:]]) for one in made]
    shelf.close()
    sizes = [(shelf.folder / name).stat().st_size for name in names(shelf)]
    assert len(made) > len(sizes) > 1
    assert max(sizes) <= 2_000
    assert min(sizes[:-1]) + len(made[0]) > 2_000
    for spot, one in zip(spots, made, strict=True):
        assert (shelf.folder / spot.name).read_bytes()[spot.offset :].startswith(one)


def test_a_member_that_breaks_off_leaves_nothing(shelf):
    def pieces():
        yield member()[:50]
        raise KeyboardInterrupt

    shelf.write(member(1))
    with pytest.raises(KeyboardInterrupt):
        shelf.write_pieces(len(member()), pieces())
    shelf.write(member(2))
    shelf.close()
    (name,) = names(shelf)
    assert len(whole(shelf.folder / name)) == 3


def test_a_folder_that_cannot_be_looked_into_is_not_empty(tmp_path, monkeypatch):
    assert warc_files(tmp_path / "none") == []
    monkeypatch.setattr(Path, "iterdir", Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(PermissionError):
        warc_files(tmp_path)

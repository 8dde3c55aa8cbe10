import os
import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.warcs import Rec, bodies, members, numbered, one_member, page, plain
from vovcrawler.catalogue.lock import Lock
from vovcrawler.errors import StorageTrouble
from vovcrawler.scratch import scratch_database
from vovcrawler.soundness import Inspection
from vovcrawler.sources import Source, open_source
from vovcrawler.sources.index import Index
from vovcrawler.spiders.article import ArticleSpider
from vovcrawler.wacz import pack
from vovcrawler.wacz.contents import Contents


def test_a_scratch_database_is_its_own():
    one, other = (
        scratch_database("CREATE TABLE things (name TEXT)"),
        scratch_database("CREATE TABLE things (name TEXT)"),
    )
    one.execute("INSERT INTO things VALUES ('a')")
    assert other.execute("SELECT count(*) FROM things").fetchone() == (0,)
    assert one.in_transaction
    one.close()
    other.close()


@pytest.mark.parametrize("owner", [Index, Contents, lambda: Inspection(None)])
def test_any_thread_may_let_go_of_it_since_the_garbage_collector_runs_in_any(owner):
    kept = owner()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(kept.close).result()


def test_a_replay_removes_what_a_killed_one_has_left_and_nothing_else(crawl, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    old = time.time() - 7200
    for name in ("left", "held", "young", "without-lock"):
        folder = tmp_path / "scratch" / f"vovcrawler-{name}"
        folder.mkdir(parents=True)
        if name != "without-lock":
            (folder / ".lock").touch()
        (folder / "catalogue.sqlite").touch()
        os.utime(folder, None if name == "young" else (old, old))
    (tmp_path / "scratch" / "vovcrawler-link").symlink_to(tmp_path / "scratch" / "vovcrawler-held")
    with Lock.take(tmp_path / "scratch" / "vovcrawler-held"):
        # As another process would meet it.
        monkeypatch.setattr("vovcrawler.catalogue.lock._held", {})
        items, _ = crawl(ArticleSpider, ROOT / "fixtures")
        monkeypatch.undo()
    assert len(items) == 2
    left = sorted(path.name for path in (tmp_path / "scratch").iterdir())
    assert left == [f"vovcrawler-{name}" for name in ("held", "link", "without-lock", "young")]


@pytest.mark.parametrize("module", ["sources.index", "wacz.contents", "soundness"])
def test_a_table_of_contents_that_cannot_be_kept_is_said_in_one_sentence(tmp_path, monkeypatch, module):
    schema = import_module(f"vovcrawler.{module}")._SCHEMA
    monkeypatch.setattr(f"vovcrawler.{module}._SCHEMA", f"{schema} PRAGMA max_page_count = 12;")
    (tmp_path / "a.warc").write_bytes(plain(numbered([page()] * 600)))
    acts = {
        "sources.index": lambda: open_source([tmp_path]),
        "wacz.contents": lambda: pack(tmp_path, tmp_path / "out.wacz", now=datetime.now(UTC)),
        "soundness": lambda: list(Inspection(tmp_path).read(tmp_path / "a.warc")),
    }
    with pytest.raises(
        StorageTrouble, match=r"A table of contents cannot be kept in '.*': database or disk is full"
    ):
        acts[module]()


def test_a_full_disk_has_nothing_more_to_say_at_the_end(tmp_path):
    parts = [Rec(type="metadata", block=b"x" * 3000, url=f"https://vov.vn/{number}") for number in range(60)]
    (tmp_path / "a.warc.gz").write_bytes(one_member(parts[:2]) + members(parts[2:]))
    source, limits = Source(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, limits[1]))
    try:
        with pytest.raises(StorageTrouble, match=r"cannot be unpacked in '.*': File too large"):
            source.add(tmp_path)
        source.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_more_files_are_unpacked_than_may_be_open(tmp_path):
    records = numbered(page(f"{number}") for number in range(180))
    for number in range(90):
        (tmp_path / f"{number:02d}.warc.gz").write_bytes(one_member(records[2 * number : 2 * number + 2]))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = len(list(Path("/dev/fd").iterdir())) + 60
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        source = open_source([tmp_path])
        assert bodies(source) == [page(f"{number}") for number in range(180)]
        source.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

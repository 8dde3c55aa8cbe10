import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import ROOT
from vovcrawler.catalogue.lock import Lock
from vovcrawler.scratch import scratch_database
from vovcrawler.soundness import Inspection
from vovcrawler.sources.index import Index
from vovcrawler.spiders.article import ArticleSpider
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

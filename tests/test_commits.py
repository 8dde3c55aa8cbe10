"""Group commits: in time, never with half a page, in the order of the answers."""

from __future__ import annotations

import asyncio
import errno
import sqlite3

import pytest
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from tests.chain import publish, rows, url
from tests.wireless import World
from vovcrawler import commits, context
from vovcrawler.catalogue import Catalogue
from vovcrawler.commits import Commits
from vovcrawler.errors import StorageTrouble


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a coroutine with the commits of a crawl, and the times at which it committed."""
    monkeypatch.setattr(commits, "SECONDS", 0.02)

    def start(test, **more):
        async def inside() -> None:
            settings = Settings({"DATA_DIR": str(tmp_path), "TWISTED_REACTOR_ENABLED": False, **more})
            settings.setmodule("vovcrawler.settings", priority="default")
            crawler = get_crawler(settings_dict=dict(settings))
            kept = Commits.of(crawler)
            done: list[int] = []
            kept.catalogue.after_commit.append(lambda: done.append(len(kept._half)))
            ticking = asyncio.create_task(_tick(kept))
            try:
                await test(kept, done)
            finally:
                ticking.cancel()
                context.close(crawler)

        asyncio.run(inside())

    return start


async def _tick(kept: Commits) -> None:
    while True:
        kept.consider()
        await asyncio.sleep(0.005)


def write(kept: Commits) -> None:
    kept.catalogue.set_note("a", "b")


async def _page(kept: Commits, name: str, seconds: float) -> None:
    await kept.begin(name)
    write(kept)
    await asyncio.sleep(seconds)
    kept.end(name)


def test_nothing_is_committed_while_a_page_is_half_recorded(run):
    async def test(kept, done):
        page = asyncio.create_task(_page(kept, "a", 0.1))
        await asyncio.sleep(0.06)
        assert done == []
        await page
        while not done:
            await asyncio.sleep(0.005)
        assert done == [0]

    run(test)


def test_pages_that_overlap_for_ever_do_not_keep_a_commit_waiting(run):
    async def test(kept, done):
        async def endless(name: str) -> None:
            for _ in range(40):
                await _page(kept, name, 0.004)

        await asyncio.gather(*(endless(name) for name in "abcde"))
        assert len(done) >= 4
        assert set(done) == {0}

    run(test)


def test_a_page_that_has_begun_goes_on_while_a_commit_is_wanted(run):
    async def test(kept, done):
        await kept.begin("a")
        write(kept)
        while not kept.wanted:
            await asyncio.sleep(0.005)
        assert kept.may_begin("a")
        assert not kept.may_begin("b")
        waiting = asyncio.create_task(kept.begin("b"))
        await asyncio.sleep(0.02)
        assert not waiting.done()
        kept.end("a")
        await waiting
        assert done == [0]
        kept.end("b")

    run(test)


def test_pages_are_recorded_in_the_order_of_their_answers(run):
    async def test(kept, _):
        waiting = ["a", "b", "c"]
        kept.is_next = lambda page: page == waiting[0]
        order = []

        async def page(name: str) -> None:
            await kept.begin(name)
            order.append(name)
            await asyncio.sleep(0.001)
            waiting.remove(name)
            kept.end(name)

        await asyncio.gather(*(page(name) for name in "cba"))
        assert order == ["a", "b", "c"]

    run(test)


@pytest.mark.parametrize(("is_captured", "times"), [(False, 3), (True, 1)], ids=["fetched", "captured before"])
def test_many_pages_are_committed_at_once_and_more_when_they_are_only_read_again(
    run, monkeypatch, is_captured, times
):
    for name, value in (("SECONDS", 60), ("CAPTURED_SECONDS", 60), ("PAGES", 10), ("CAPTURED_PAGES", 30)):
        monkeypatch.setattr(commits, name, value)

    async def test(kept, done):
        for number in range(35):
            await _page(kept, str(number), 0)
            kept.consider()
        assert done == [0] * times

    run(test, INGEST=is_captured)


@pytest.mark.parametrize(
    "error",
    [sqlite3.OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left on device")],
)
def test_a_storage_that_fails_ends_the_run_and_what_waits_is_dropped(run, error, monkeypatch):
    failed = []
    monkeypatch.setattr(context, "fail", lambda crawler, trouble: failed.append(trouble))

    async def test(kept, _):
        await kept.begin("a")
        write(kept)
        kept.wanted = True
        waiting = asyncio.create_task(kept.begin("b"))
        await asyncio.sleep(0)

        def fail() -> None:
            raise error

        kept.catalogue.before_commit.append(fail)
        kept.end("a")
        assert not await waiting
        assert kept.broken
        kept.consider()

    run(test)
    assert [isinstance(trouble, StorageTrouble) for trouble in failed] == [True]


def test_what_waits_does_not_wait_for_a_page_that_met_a_full_disk(run, monkeypatch):
    monkeypatch.setattr(context, "fail", lambda crawler, trouble: None)

    async def test(kept, _):
        kept.is_next = lambda page: page == "a"
        waiting = asyncio.create_task(kept.begin("b"))
        await asyncio.sleep(0)
        with kept.guard():
            raise OSError(errno.ENOSPC, "No space left on device")
        assert not await asyncio.wait_for(waiting, 10)

    run(test)


# ---- whoever asks the catalogue


EVERY = ",".join(map(url, range(4)))
UNREADABLE = [
    *(("article", {"url": EVERY, "hops": "0"}, name) for name in ("vanished", "last_record", "holds", "last_seq")),
    ("article", {"url": EVERY, "hops": "0"}, "is_waiting"),
    ("update", {}, "read_to"),
]


@pytest.mark.parametrize(("spider", "arguments", "name"), UNREADABLE, ids=[name for *_, name in UNREADABLE])
def test_a_catalogue_that_fails_anywhere_ends_the_run_and_nothing_is_lost(
    wireless, tmp_path, monkeypatch, spider, arguments, name
):
    for number in range(4):
        publish(World.site, number)
    wireless("article", url=EVERY, hops="0")
    for number in (0, 3):
        publish(World.site, number, headline=f"Bài số {number}, đã sửa")
    World.site.remove(url(2), 410)

    def fail(self: Catalogue, *_: object) -> None:
        # As SQLite does with what was not committed.
        self.rollback()
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR"
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(Catalogue, name, fail)
        outcome = wireless(spider, **arguments)
    assert (outcome.code, "The disk fails" in outcome.said) == (5, True)
    assert wireless("article", url=EVERY, hops="0").code == 0
    lines = rows(tmp_path / "data", "SELECT article, revision, status FROM feed WHERE seq > 4 ORDER BY article")
    assert lines == [(1, 2, "revised"), (3, 1, "gone"), (4, 2, "revised")]

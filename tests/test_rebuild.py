"""The catalogue made anew from the archive, and the feeds from the catalogue."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from unittest.mock import Mock

import pytest
from scrapy.settings import Settings

from tests import chain, listed
from tests.chain import essence, feed_text, publish, rows, troubles, url
from tests.conftest import Command
from tests.replica import Replica
from tests.warcs import Rec, http, members, one_member, page
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.migrations import VERSION
from vovcrawler.errors import StorageTrouble
from vovcrawler.rebuild import rebuild

RUNS = "SELECT run, spider, arguments, version, finished_at, exit_code, reason, report FROM runs"
ALWAYS = {"REVISIT_AFTER": ""}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Visits to a site: retries, a redirect, an edit, a page that went and came back."""
    data = tmp_path_factory.mktemp("crawled") / "data"
    with Replica() as replica:
        site, scrapy = replica.site, Command(replica.url, data)
        for number in range(6):
            publish(site, number, *(n for n in (number + 1, number + 2) if n < 6))
        publish(site, 9)
        site.fault(url(2), times=1, status=503)
        site.redirect("/the-gioi/ten-cu-post900.vov", url(9))
        seeds = ",".join([url(0), "https://vov.vn/the-gioi/ten-cu-post900.vov"])
        scrapy("crawl", "article", "-a", f"url={seeds}", "-a", "hops=3", settings=ALWAYS)
        publish(site, 1, 2, 3, headline="Bài số 1, đã sửa")
        site.remove(url(3), 410)
        every = ",".join(url(number) for number in range(6))
        for _ in range(2):
            scrapy("crawl", "article", "-a", f"url={every}", "-a", "hops=0", settings=ALWAYS)
            site.restore(url(3))
    return data


@pytest.fixture
def archive(crawled, scrapy):
    """A copy of that archive; ``scrapy`` works on it."""
    shutil.copytree(crawled, scrapy.data)
    return scrapy.data


def change(data, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(data / chain.CATALOGUE)) as connection, connection:
        connection.execute(statement, values)


def everything(data) -> dict[str, list]:
    """Return what the tables say, but for the order of rows and what belongs to the run."""
    tables = {
        "articles": "SELECT id, state, revision, digest, first_seen, seen_at, url FROM articles",
        "revisions": "SELECT record, first_seen, seen_at FROM revisions",
        "observations": "SELECT at, status FROM observations",
        "links": "SELECT target, links.headline, position, links.first_seen, last_seen FROM links",
        "pages": "SELECT url, state, status, etag, due_at, moved_to FROM pages",
        "runs": "SELECT run, finished_at FROM runs",
        "feed": "SELECT * FROM feed",
    }
    return {name: sorted(map(str, rows(data, query))) for name, query in tables.items()}


def test_a_rebuilt_archive_says_what_it_said(archive, scrapy):
    before, lines = everything(archive), feed_text(archive)
    assert b'"gone"' in lines
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert "7 articles, 0 of them new; 8 revisions before, 8 now" in outcome.stdout
    assert "No field of any article has changed." in outcome.stdout
    assert feed_text(archive) == lines
    assert everything(archive) == before
    assert troubles(archive) == []
    assert not (archive / "rebuilding").exists()


@pytest.mark.parametrize("way", ["removed", "scribbled over"])
def test_a_catalogue_that_is_of_no_use_is_made_from_the_archive_alone(archive, scrapy, way):
    before, lines, runs = essence(archive), feed_text(archive), rows(archive, RUNS)
    path = archive / chain.CATALOGUE
    if way == "removed":
        path.unlink()
    else:
        path.write_bytes(b"\0" * 5000)
    outcome = scrapy("catalogue", "rebuild")
    assert outcome.code == 0, outcome.stderr
    assert "7 articles, 7 of them new; 0 revisions before, 8 now" in outcome.stdout
    assert (feed_text(archive), essence(archive), troubles(archive)) == (lines, before, [])
    assert rows(archive, RUNS) == runs
    assert (archive / f"{chain.CATALOGUE}.damaged").exists() == (way != "removed")


def test_a_catalogue_of_another_user_is_not_replaced(archive, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StorageTrouble, match="cannot be used: Permission denied"):
        rebuild(archive, Settings(), force=False, dry_run=False)
    assert not (archive / f"{chain.CATALOGUE}.damaged").exists()


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("locked", "Another program keeps '.*' locked"),
        ("newer", "was made by a newer vovcrawler"),
        ("disk", "The disk fails under '.*catalogue.sqlite'"),
    ],
)
def test_a_catalogue_that_cannot_be_used_now_is_not_replaced(archive, monkeypatch, way, sentence):
    path, before = archive / chain.CATALOGUE, essence(archive)
    monkeypatch.setattr("vovcrawler.catalogue.store.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        if way == "locked":
            other.executescript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        elif way == "newer":
            other.execute("PRAGMA user_version = 99")  # in the journal, as a killed run leaves it
        else:
            failing = sqlite3.OperationalError("disk I/O error")
            failing.sqlite_errorname = "SQLITE_IOERR_WRITE"
            monkeypatch.setattr("vovcrawler.catalogue.migrations.migrate", Mock(side_effect=failing))
        with pytest.raises(StorageTrouble, match=sentence):
            rebuild(archive, Settings(), force=True, dry_run=False)
        assert not (archive / f"{chain.CATALOGUE}.damaged").exists()
        other.execute(f"PRAGMA user_version = {VERSION}")
    assert essence(archive) == before


def test_a_report_that_is_none_costs_that_run_only(archive, scrapy):
    (archive / chain.CATALOGUE).unlink()
    first, second, third = sorted((archive / "reports").iterdir())
    first.write_text("[]")
    second.write_bytes(second.read_bytes()[:100])
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, outcome.stderr.count("No report of a run: ")) == (0, 2), outcome.stderr
    assert rows(archive, "SELECT run FROM runs") == [(third.stem,)]


def test_what_else_lies_beside_the_files_of_the_archive_is_no_hindrance(archive, scrapy):
    before, folder = everything(archive), archive / "warc"
    (folder / "folder.warc.gz").mkdir()
    (folder / "link.warc.gz").symlink_to("link.warc.gz")
    (folder / "sums.warc.gz.md5").write_text("d41d8cd98f00b204e9800998ecf8427e")
    foreign = [Rec(id=number, block=http(page())) for number in (1, 2)]
    (folder / "all-in-one.warc.gz").write_bytes(one_member(foreign))
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, "Traceback" in outcome.stderr) == (5, False), outcome.stderr
    assert "link.warc.gz: is not a file that can be read." in outcome.stderr
    assert "1 of them new" in outcome.stdout
    assert set(everything(archive)["runs"]) >= set(before["runs"])


def test_what_was_packed_beside_the_files_of_the_archive_is_none_of_them(archive, scrapy):
    """It has the same records in other places."""
    path, offset = first_capture(archive)
    foreign = members([Rec(type="warcinfo", url=None), Rec(url=url(8), block=http(page()))])
    with zipfile.ZipFile(archive / "warc" / "a.wacz", "w") as wacz:
        wacz.writestr(f"archive/{path.name}", foreign + path.read_bytes()[offset:])
    before = everything(archive)
    outcome = scrapy("catalogue", "rebuild")
    assert outcome.code == 0, outcome.stderr
    assert everything(archive) == before
    assert scrapy("catalogue", "check").code == 0


def test_a_better_reader_shows_field_by_field(archive, scrapy):
    change(archive, "UPDATE revisions SET record = json_set(record, '$.lead', NULL) WHERE article = 2")
    change(archive, "UPDATE revisions SET record = json_set(record, '$.byline', 'PV/VOV', '$.layout', 'x')")
    outcome = scrapy("catalogue", "rebuild", "--dry-run", "--json")
    assert outcome.code == 0, outcome.stderr
    told = json.loads(outcome.stdout)
    assert (told["gained"], told["lost"], told["changed"]) == ({"lead": 1}, {"byline": 7}, {"layout": 7})
    assert rows(archive, "SELECT count(*) FROM revisions WHERE record LIKE '%PV/VOV%'") == [(8,)]
    outcome = scrapy("catalogue", "rebuild")
    assert "lead                         1         0         0" in outcome.stdout
    assert rows(archive, "SELECT count(*) FROM revisions WHERE record LIKE '%PV/VOV%'") == [(0,)]


def test_nothing_is_changed_when_articles_would_be_missing(archive, scrapy):
    before = feed_text(archive)
    warc = sorted((archive / "warc").iterdir())
    warc[0].rename(archive / "elsewhere")
    outcome = scrapy("catalogue", "rebuild")
    assert outcome.code == 5
    assert "would be missing" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert (feed_text(archive), troubles(archive)) == (before, [])
    outcome = scrapy("catalogue", "rebuild", "--force")
    # What the later file holds refers to bodies in the one that was taken away.
    assert "6 articles are missing, such as vov.vn/post100" in outcome.stdout
    assert troubles(archive) == []
    shutil.rmtree(archive / "warc")
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, "no WARC files" in outcome.stderr) == (5, True)


def first_capture(archive):
    """Return where the first revision of the article lies that has two: a file and an offset in it."""
    edited = "SELECT number FROM articles WHERE id = 'vov.vn/post1001'"
    ((capture,),) = rows(archive, f"SELECT capture FROM revisions WHERE revision = 1 AND article = ({edited})")
    place = json.loads(capture)
    return archive / "warc" / place["warc"], place["offset"]


@pytest.mark.parametrize("is_repaired", [False, True])
def test_nothing_is_changed_when_a_revision_would_be_missing(archive, scrapy, is_repaired):
    before = everything(archive)
    path, offset = first_capture(archive)
    packed = bytearray(path.read_bytes())
    packed[offset + 100] ^= 0xFF
    path.write_bytes(packed)
    if is_repaired:
        assert scrapy("catalogue", "check", "--repair").code == 5
        assert scrapy("catalogue", "check").code == 0
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, "Traceback" in outcome.stderr) == (5, False), outcome.stderr
    assert "Nothing was changed: revision 1 of vov.vn/post1001 would be missing" in outcome.stderr
    assert everything(archive) == before
    outcome = scrapy("catalogue", "rebuild", "--force")
    assert "captures missing: 1, such as that of revision 1 of vov.vn/post1001" in outcome.stdout
    assert "8 revisions before, 7 now" in outcome.stdout


def test_nothing_is_changed_when_what_was_never_archived_would_be_missing(replica, scrapy):
    """A revision and a 410 that were read without the archive; what it came to hold later is no loss."""
    story = {"hops": 0, "url": ",".join([url(1), url(2)])}
    command = ["crawl", "article", *(part for name, value in story.items() for part in ("-a", f"{name}={value}"))]
    for headline, is_archived in [("một", True), ("hai", False), ("ba", True), ("bốn", False)]:
        publish(replica.site, 1, headline=f"Bài số {headline}")
        publish(replica.site, 2)
        if not is_archived:
            replica.site.remove(url(2), 410)
        assert scrapy(*command, settings={"ARCHIVE_ENABLED": is_archived}).code == 0
        replica.site.restore(url(2))
    # The last one is seen again, with its bytes.
    change(scrapy.data, "UPDATE pages SET etag = NULL, last_modified = NULL")
    assert scrapy(*command).code == 0
    before = feed_text(scrapy.data)
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, "Traceback" in outcome.stderr) == (5, False), outcome.stderr
    assert "Nothing was changed: revision 2 of vov.vn/post1001 and 1 more would be missing" in outcome.stderr
    assert feed_text(scrapy.data) == before
    outcome = scrapy("catalogue", "rebuild", "--force")
    assert "captures missing: 2, such as that of revision 2 of vov.vn/post1001" in outcome.stdout


def test_nothing_is_changed_when_a_revision_lies_in_a_member_with_others_now(archive, scrapy):
    path, offset = first_capture(archive)
    packed = path.read_bytes()
    path.write_bytes(packed[:offset] + gzip.compress(gzip.decompress(packed[offset:])))
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, "Traceback" in outcome.stderr) == (5, False), outcome.stderr
    assert "Nothing was changed: revision 1 of vov.vn/post1001 and" in outcome.stderr


def test_nothing_is_changed_when_a_file_ends_before_its_captures(archive, scrapy):
    before = everything(archive)
    path, offset = first_capture(archive)
    path.write_bytes(path.read_bytes()[: offset - 100])
    outcome = scrapy("catalogue", "rebuild")
    assert (outcome.code, "Traceback" in outcome.stderr) == (5, False), outcome.stderr
    assert "would be missing" in outcome.stderr
    assert everything(archive) == before


def test_what_no_archive_tells_is_kept(archive, scrapy):
    with Catalogue.open(archive) as catalogue:
        job = catalogue.open_job("article", {"url": "x"}, "2026-11-21T15:04:05.123456Z").number
        page = catalogue.know_page(url(77), "2026-11-21T15:04:05.123456Z")
        catalogue.enqueue(job, page, level=1, priority=0, seed=False, request="{}", again=False)
    assert scrapy("catalogue", "rebuild").code == 0
    with Catalogue.read(archive) as catalogue:
        (job,) = catalogue.counts().jobs
        assert (job.arguments, job.waiting) == ({"url": "x"}, 1)
        assert len(list(catalogue.runs())) == 3
    assert scrapy("catalogue", "check").code == 0


@pytest.mark.parametrize("stands", ["before", "half", "after"])
def test_feeds_are_the_same_bytes_when_written_from_the_catalogue(archive, scrapy, stands):
    lines = feed_text(archive)
    for path in (archive / "feeds").iterdir():
        if stands == "half":
            path.write_bytes(path.read_bytes()[:777])
        elif stands == "before":
            path.unlink()
    (archive / "feeds" / "articles-2031-01-01.jsonl").write_text("{}\n")
    assert scrapy("catalogue", "rebuild", "--feeds").code == 0
    assert (feed_text(archive), troubles(archive)) == (lines, [])


def test_readers_go_on_through_a_rebuild(archive, scrapy):
    with Catalogue.read(archive) as reader:
        before = reader.counts()
        assert scrapy("catalogue", "rebuild").code == 0
        assert reader.counts() == before


@pytest.mark.parametrize("command", [["check", "--repair"], ["rebuild", "--feeds"]], ids=" ".join)
def test_no_catalogue_is_made_where_there_was_none_to_look_after(scrapy, command):
    outcome = scrapy("catalogue", *command)
    assert (outcome.code, scrapy.data.exists()) == (5, False)
    assert outcome.stderr == f"scrapy: There is no catalogue in '{scrapy.data}'; a crawl makes one.\n"


def test_what_a_discovery_left_out_stays_out(replica, scrapy, tmp_path):
    site, ids = replica.site, "SELECT id FROM articles"
    pages = [listed.publish(site, number, listed.TODAY - timedelta(days=number)) for number in range(6)]
    site.fault("https://vov.vn/rss/*", status=404)
    site.fault("https://vov.vn/sitemap*", status=404)
    site.add("/tin-moi-cap-nhat", "".join(map(listed.card, pages)))
    assert scrapy("crawl", "discovery", "-a", "sections=the-gioi", "-a", "since=2 days").code == 0
    assert len(rows(scrapy.data, ids)) == 3 < sum(".vov" in url for url in replica.asked())
    before, lines = everything(scrapy.data), feed_text(scrapy.data)
    assert scrapy("catalogue", "rebuild").code == 0
    assert (everything(scrapy.data), feed_text(scrapy.data)) == (before, lines)
    other = Command(replica.url, tmp_path / "other")
    assert other("catalogue", "ingest", str(scrapy.data / "warc")).code == 0
    assert rows(other.data, ids) == rows(scrapy.data, ids)

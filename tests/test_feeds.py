"""The archive feed: files that say what the catalogue says, however the process ended."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import date
from io import BytesIO

import pytest
from scrapy.exporters import JsonLinesItemExporter

from tests.chain import feed_text, line_of, rows
from tests.stories import article, record
from vovcrawler import commits, feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.errors import StorageTrouble
from vovcrawler.feeds import ArchiveFeed
from vovcrawler.items import Image, NearDuplicate, Related

DAYS = [f"2026-11-{day}T12:00:00.000000Z" for day in (19, 20, 21)]
TODAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 22)


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        yield catalogue


def fill(catalogue: Catalogue, *, days=DAYS, a_day: int = 3) -> None:
    for number in range(len(days) * a_day):
        record(
            catalogue, f"a{catalogue.last_seq()}", f"Bài viết số {catalogue.last_seq()}.", at=days[number // a_day]
        )
    catalogue.commit()


def names(catalogue: Catalogue) -> list[str]:
    return sorted(path.name for path in (catalogue.folder / "feeds").iterdir())


def whole(catalogue: Catalogue) -> bytes:
    query = "SELECT seq, status, record FROM feed JOIN revisions USING (article, revision) ORDER BY seq"
    return b"".join(line_of(row) for row in catalogue.connection.execute(query))


def test_lines_are_appended_after_the_commit_day_by_day(catalogue):
    feed = ArchiveFeed(catalogue)
    catalogue.after_commit.append(feed.append)
    record(catalogue, "a", "Một.", at=DAYS[0])
    assert not (catalogue.folder / "feeds").exists()
    catalogue.commit()
    assert names(catalogue) == ["articles-2026-11-19.jsonl"]
    fill(catalogue)
    feed.close()
    assert names(catalogue) == [f"articles-2026-11-{day}.jsonl" for day in (19, 20, 21)]
    assert feed_text(catalogue.folder) == whole(catalogue)


def test_a_line_is_what_scrapys_exporter_writes_of_the_record(catalogue):
    told = record(catalogue, "a", "Đường sắt “Bắc – Nam”.", published_at="2026-11-21T08:00:00+07:00")
    line = feeds.line(told)
    assert line.startswith('{"id": "a", "url": null, "headline": "Tít", "lead": null, "body": ["Đường'.encode())
    assert (line.endswith(b', "seq": 1}\n'), line.count(b"\n")) == (True, 1)
    assert list(json.loads(line)) == list(type(told).__slots__)


@pytest.mark.parametrize(
    "options", [{"encoding": "utf-8"}, {}, {"fields_to_export": ["id", "images"]}, {"encoding": "utf-16-le"}]
)
def test_records_are_exported_as_scrapy_exports_them(options):
    related = [Related(headline="Tin", url="https://vov.vn/a-post1.vov")]
    images = [Image(caption="Cầu “Long Biên”"), Image(url="https://media.vov.vn/1.jpg", credit="TTXVN")]
    near = NearDuplicate(id="b", similarity=0.75)
    told = article("a", "Đường sắt.", related=related, images=images, near_duplicate_of=near)
    ours, scrapys = BytesIO(), BytesIO()
    for item in (told, {"no": "record"}):
        feeds.RecordLines(ours, **options).export_item(item)
        JsonLinesItemExporter(scrapys, **options).export_item(item)
    assert ours.getvalue() == scrapys.getvalue()


@pytest.mark.parametrize(
    "left", ["nothing", "torn line", "torn start", "zeros", "wrong line", "whole", "too much"]
)
def test_what_a_crash_has_left_is_brought_up_to_the_catalogue(catalogue, left):
    fill(catalogue, days=DAYS[2:], a_day=5)
    path = catalogue.folder / "feeds" / "articles-2026-11-21.jsonl"
    text = whole(catalogue)
    path.parent.mkdir()
    path.write_bytes(
        {
            "nothing": b"",
            "torn line": text[:-40],
            "torn start": text[:17],
            "zeros": text[:-900] + bytes(900),
            "wrong line": text.replace(b'"a2"', b'"b2"'),
            "whole": text,
            "too much": text + b'{"seq": 6}\n{"se',
        }[left]
    )
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert path.read_bytes() == text


def test_only_the_end_of_a_long_file_is_looked_at(catalogue, monkeypatch):
    monkeypatch.setattr(feeds, "DOUBTED", 3)
    fill(catalogue, days=DAYS[2:], a_day=9)
    path = catalogue.folder / "feeds" / "articles-2026-11-21.jsonl"
    path.parent.mkdir()
    path.write_bytes(whole(catalogue)[:-10])
    read = []
    monkeypatch.setattr(feeds, "text_of", lambda row, plain=feeds.text_of: read.append(row.seq) or plain(row))
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert read == [8, 7, 6, 9]
    assert path.read_bytes() == whole(catalogue)


def test_more_lines_are_doubted_than_a_commit_has():
    assert max(commits.PAGES, commits.CAPTURED_PAGES) * 2 < feeds.DOUBTED


def test_closed_days_are_sealed_and_the_same_lines_give_the_same_file(catalogue):
    fill(catalogue)
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert names(catalogue) == [
        "articles-2026-11-19.jsonl.gz",
        "articles-2026-11-20.jsonl.gz",
        "articles-2026-11-21.jsonl",
    ]
    first = (catalogue.folder / "feeds" / "articles-2026-11-19.jsonl.gz").read_bytes()
    assert gzip.decompress(first) == whole(catalogue)[: len(gzip.decompress(first))]
    ArchiveFeed(catalogue).write_anew(TOMORROW)
    assert (catalogue.folder / "feeds" / "articles-2026-11-19.jsonl.gz").read_bytes() == first
    assert names(catalogue)[-1] == "articles-2026-11-21.jsonl.gz"
    assert feed_text(catalogue.folder) == whole(catalogue)


def test_a_sealed_day_is_never_opened_again(catalogue):
    fill(catalogue, days=DAYS[:1])
    ArchiveFeed(catalogue).reconcile(TODAY)
    record(catalogue, "late", "Một bài đến muộn.", at=DAYS[0])
    catalogue.commit()
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert names(catalogue)[-1] == "articles-2026-11-20.jsonl.gz"


@pytest.mark.parametrize("what", ["missing", "torn", "empty", "all missing", "all missing, a plain one there"])
def test_sealed_days_that_were_lost_are_written_again(catalogue, what):
    fill(catalogue)
    ArchiveFeed(catalogue).reconcile(TODAY)
    folder = catalogue.folder / "feeds"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    sealed = folder / "articles-2026-11-20.jsonl.gz"
    if what.startswith("all"):
        shutil.rmtree(folder)
    else:
        sealed.unlink() if what == "missing" else sealed.write_bytes(sealed.read_bytes()[: what == "torn" and -9])
    if what.endswith("there"):
        folder.mkdir()
        sealed.with_suffix("").write_bytes(b"torn")
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_day_whose_sealing_was_cut_short_is_open_when_the_clock_goes_back(catalogue):
    fill(catalogue, days=DAYS[:2])
    ArchiveFeed(catalogue).reconcile(date(2026, 11, 20))
    # As a crash leaves it between the new name and the note.
    plain = catalogue.folder / "feeds" / "articles-2026-11-20.jsonl"
    plain.with_name(plain.name + ".gz").write_bytes(gzip.compress(plain.read_bytes()))
    ArchiveFeed(catalogue).reconcile(date(2026, 11, 19))
    record(catalogue, "late", "Một bài đến muộn.", at=DAYS[0])
    catalogue.commit()
    ArchiveFeed(catalogue).reconcile(date(2026, 11, 19))
    assert names(catalogue) == ["articles-2026-11-19.jsonl.gz", "articles-2026-11-20.jsonl"]
    assert feed_text(catalogue.folder) == whole(catalogue)


def test_what_a_killed_run_wrote_aside_goes_but_not_what_a_reader_writes(catalogue):
    ours = ["feeds/a.jsonl.gz.part", "reports/1.json.part", "rebuilding/a"]
    ours += [f"{folder}/quarantine/a.gz.damaged.part" for folder in ("feeds", "warc")]
    theirs = ["reports/report.html.part", "wacz/all.wacz.part"]
    for name in [*ours, *theirs]:
        (catalogue.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (catalogue.folder / name).touch()
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert [name for name in [*ours, *theirs] if (catalogue.folder / name).exists()] == theirs


@pytest.mark.parametrize("step", ["renamed", "noted"])
def test_a_crash_while_sealing_is_finished_by_the_next_run(catalogue, step):
    fill(catalogue)
    ArchiveFeed(catalogue).reconcile(TODAY)
    folder = catalogue.folder / "feeds"
    sealed = folder / "articles-2026-11-20.jsonl.gz"
    plain = sealed.with_suffix("")
    plain.write_bytes(gzip.decompress(sealed.read_bytes()))
    if step == "renamed":
        catalogue.set_note("feed_sealed_through", "2026-11-19")
    (folder / "articles-2026-11-21.jsonl.gz.part").write_bytes(b"torn")
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert names(catalogue) == [
        "articles-2026-11-19.jsonl.gz",
        "articles-2026-11-20.jsonl.gz",
        "articles-2026-11-21.jsonl",
    ]
    assert feed_text(catalogue.folder) == whole(catalogue)


def test_days_never_go_back_when_the_clock_does(catalogue):
    fill(catalogue, days=[DAYS[2], DAYS[0], DAYS[1]], a_day=2)
    assert {day for (day,) in catalogue.connection.execute("SELECT day FROM feed")} == {"2026-11-21"}
    ArchiveFeed(catalogue).reconcile(TODAY)
    assert feed_text(catalogue.folder) == whole(catalogue)


def test_a_day_is_sealed_when_lines_of_a_later_one_are_there_whatever_the_clock_says(catalogue):
    fill(catalogue)
    ArchiveFeed(catalogue).reconcile(date(2026, 11, 19))
    assert [name.partition(".")[2] for name in names(catalogue)] == ["jsonl.gz", "jsonl.gz", "jsonl"]


def test_the_day_is_that_of_vietnam(catalogue):
    for at in ("2026-11-20T16:59:59.999999Z", "2026-11-20T17:00:00.000000Z"):
        record(catalogue, at, f"Bài lúc {at}.", at=at)
    assert [day for (day,) in catalogue.connection.execute("SELECT day FROM feed")] == ["2026-11-20", "2026-11-21"]


def test_an_article_that_is_gone_is_its_last_record_again(catalogue):
    fill(catalogue, days=DAYS[2:], a_day=2)
    gone = catalogue.record(article("a0", "Bài viết số 0.", status="gone"), page=None, at=DAYS[2], line=feeds.line)
    catalogue.commit()
    assert (gone.status, gone.revision, gone.seq) == ("gone", 1, 3)
    ArchiveFeed(catalogue).reconcile(TODAY)
    first, _, last = map(json.loads, feed_text(catalogue.folder).splitlines())
    assert last == {**first, "status": "gone", "seq": 3}


def test_files_of_days_that_the_catalogue_never_had_are_not_touched(catalogue):
    fill(catalogue, days=DAYS[:1])
    path = catalogue.folder / "feeds" / "articles-2026-12-24.jsonl"
    path.parent.mkdir()
    path.write_text("{}\n")
    with pytest.raises(StorageTrouble, match="scrapy catalogue rebuild"):
        ArchiveFeed(catalogue).reconcile(TODAY)
    assert names(catalogue) == [path.name]


def test_a_feed_that_was_being_written_anew_is_so_again(catalogue):
    fill(catalogue)
    ArchiveFeed(catalogue).reconcile(TOMORROW)
    catalogue.feed_is_stale()
    (catalogue.folder / "feeds" / "articles-2026-11-20.jsonl.gz").write_bytes(b"of another catalogue")
    (catalogue.folder / "feeds" / "articles-2027-01-01.jsonl").write_bytes(b"of another catalogue\n")
    (catalogue.folder / "feeds" / "articles-2026-11-01.jsonl.gz").write_bytes(gzip.compress(b"of another one\n"))
    ArchiveFeed(catalogue).reconcile(TOMORROW)
    assert feed_text(catalogue.folder) == whole(catalogue)
    assert not catalogue.is_feed_stale()
    assert rows(catalogue.folder, "SELECT count(*) FROM feed") == [(9,)]

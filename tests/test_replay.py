"""The replay mode: what it answers, what it asks for, and what it keeps out."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import scrapy
from scrapy.crawler import AsyncCrawlerRunner

from tests.warcs import ONE, TWO, Rec, http, members, page, plain
from vovcrawler import context
from vovcrawler.sources import SourceError
from vovcrawler.spiders.article import ArticleSpider

PAGE = '<html><head><link rel="canonical" href="https://vov.vn/{}"></head><body>{}</body></html>'.format


class Plain(scrapy.Spider):
    """Notes what it is given, and follows links."""

    name = "plain"

    def parse(self, response):
        self.seen.append((response.url, response.status, response.meta.get("capture")))
        yield from response.follow_all(css="a", callback=self.parse)

    async def start(self):
        for url in self.asks:
            yield scrapy.Request(url)

    def __init__(self, seen, asks=(), **arguments):
        super().__init__(**arguments)
        self.seen, self.asks = seen, asks


def replay(source, asks=(), **settings):
    """Replay *source* with the spider above; return what it saw, the statistics and the troubles."""
    settings = {
        "ADDONS": {"vovcrawler.replay.ReplayMode": 100},
        "CLOCK": "vovcrawler.dates.utc_now",
        "HTTPERROR_ALLOW_ALL": True,
        "LOG_LEVEL": "ERROR",
        "REPLAY_SOURCE": str(source),
        "TWISTED_REACTOR_ENABLED": False,
        **settings,
    }
    seen = []
    crawler = AsyncCrawlerRunner(settings).create_crawler(Plain)

    async def crawl():
        await crawler.crawl_async(seen=seen, asks=asks)

    asyncio.run(crawl())
    return seen, crawler.stats.get_stats(), context.troubles(crawler)


def test_every_page_of_the_source_is_asked_for(tmp_path):
    (tmp_path / "a b.txt").write_text("Tin")
    (tmp_path / "c.html").write_text(PAGE("tin-post1.vov", ""))
    (tmp_path / "d.html").write_text("<p>Tin</p>")
    seen, _, troubles = replay(tmp_path)
    assert seen == [
        ((tmp_path / "a b.txt").as_uri(), 200, {"file": f"{tmp_path}/a b.txt"}),
        ("https://vov.vn/tin-post1.vov", 200, {"file": f"{tmp_path}/c.html"}),
        ((tmp_path / "d.html").as_uri(), 200, {"file": f"{tmp_path}/d.html"}),
    ]
    assert not troubles


def test_two_saved_pages_of_one_address_are_both_read(tmp_path):
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(PAGE("tin-post1.vov", name))
    seen, _, _ = replay(tmp_path)
    assert [capture["file"][-6:] for _, _, capture in seen] == ["a.html", "b.html"]


def test_a_spider_that_names_its_pages_gets_only_those_and_their_links(tmp_path):
    (tmp_path / "a.html").write_text(PAGE("a-post1.vov", "<a href=/b-post2.vov>b</a><a href=/x-post9.vov>x</a>"))
    (tmp_path / "b.html").write_text(PAGE("b-post2.vov", ""))
    (tmp_path / "c.html").write_text(PAGE("c-post3.vov", ""))
    seen, stats, _ = replay(tmp_path, asks=["https://vov.vn/a-post1.vov"])
    assert sorted((url, status) for url, status, _ in seen) == [
        ("https://vov.vn/a-post1.vov", 200),
        ("https://vov.vn/b-post2.vov", 200),
        ("https://vov.vn/x-post9.vov", 404),
    ]
    assert stats["replay/absent"] == 1


def test_damage_is_counted_and_ends_with_the_exit_code_of_storage(tmp_path):
    (tmp_path / "a.txt").write_text("Tin")
    (tmp_path / "b.txt").write_bytes(b"\0")
    seen, stats, (trouble,) = replay(tmp_path)
    assert len(seen) == 1
    assert stats["replay/damaged"] == 1
    assert trouble.exit_code == 5
    assert f"{tmp_path}/b.txt" in str(trouble)


def test_files_of_one_name_are_told_apart_where_their_records_have_no_ids_of_their_own(crawl, tmp_path):
    days = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
    made = [(url, day) for url in (ONE, TWO) for day in days]
    for number, (url, day) in enumerate(made):
        (tmp_path / str(number)).mkdir()
        record = Rec(url=url, date=day, block=http(page(f"Bài số {number}, đủ dài")))
        (tmp_path / str(number) / "rec.warc").write_bytes(plain([record]))
    items, _ = crawl(ArticleSpider, tmp_path)
    assert sorted((item.url, item.captured_at, item.headline) for item in items) == sorted(
        (url, day, f"Bài số {number}, đủ dài") for number, (url, day) in enumerate(made)
    )


def test_a_source_that_is_not_there_ends_the_run_before_it_starts(tmp_path):
    with pytest.raises(SourceError, match="There is no file"):
        replay(tmp_path / "none")


@pytest.mark.parametrize("url", ["ftp://vov.vn/a", "s3://vov/a", "data:,a"])
def test_no_other_scheme_is_answered(tmp_path, url):
    (tmp_path / "a.txt").write_text("Tin")
    seen, stats, _ = replay(tmp_path, asks=[url], LOG_ENABLED=False)
    assert seen == []
    assert stats["downloader/exception_type_count/scrapy.exceptions.NotSupported"] == 1


OFFLINE = """
import asyncio, socket, sys
import scrapy
from scrapy.crawler import AsyncCrawlerRunner, AsyncCrawlerProcess

class Spider(scrapy.Spider):
    name = "offline"
    def parse(self, response):
        print(response.url)

def refuse(self, *args):
    raise AssertionError("a socket was used")

socket.socket.connect = socket.socket.connect_ex = socket.socket.bind = refuse
settings = {
    "ADDONS": {"vovcrawler.replay.ReplayMode": 100}, "CLOCK": "vovcrawler.dates.utc_now",
    "REPLAY_SOURCE": sys.argv[1], "TWISTED_REACTOR_ENABLED": sys.argv[2] == "reactor",
}
process = AsyncCrawlerProcess(settings)
process.crawl(Spider)
process.start()
print(sorted(name for name in sys.modules if name.startswith((
    "scrapy.core.downloader.handlers.", "scrapy.core.http2", "aiohttp", "botocore", "twisted.conch", "redis",
    "requests",
))))
"""


@pytest.mark.parametrize("loop", ["reactor", "asyncio"])
def test_nothing_that_reaches_the_network_is_loaded(tmp_path, loop):
    (tmp_path / "a.txt").write_text("Tin")
    command = [sys.executable, "-c", OFFLINE, str(tmp_path), loop]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent, timeout=60
    )
    address, modules = done.stdout.splitlines()
    assert address == (tmp_path / "a.txt").as_uri()
    assert modules == "['scrapy.core.downloader.handlers.base']"


# ---- captures with a time


ROBOTS = "https://vov.vn/robots.txt"


@pytest.fixture
def warc(tmp_path):
    """Write records, one a day, and return their file."""

    def write(*answers: tuple[str, bytes]) -> Path:
        records = [
            Rec(id=day, url=url, date=f"2026-01-{day:02d}T00:00:00Z", block=block)
            for day, (url, block) in enumerate(answers, start=1)
        ]
        (tmp_path / "a.warc.gz").write_bytes(members(records))
        return tmp_path / "a.warc.gz"

    return write


def states(items) -> list[tuple[str, str, int]]:
    return [(item.url, item.status, item.revision) for item in items]


def test_each_capture_is_judged_by_the_robots_txt_of_its_time(crawl, warc):
    source = warc(
        (ROBOTS, http(b"User-agent: *\nAllow: /")),
        (ONE, http(page("Một"))),
        (ROBOTS, http(b"User-agent: *\nDisallow: /")),
        (TWO, http(page("Hai"))),
        (ROBOTS, http(status="404 Not Found")),
        (ONE, http(page("Ba"))),
    )
    items, _ = crawl(ArticleSpider, source, args={"hops": "0"})
    assert states(items) == [(ONE, "new", 1), (ONE, "revised", 2)]


def test_captures_of_one_address_give_its_revisions(crawl, warc):
    source = warc(
        (ONE, http(page("Một"))),
        (ONE, http(page("Một"))),
        (ONE, http(page("Hai"))),
        (ONE, http(status="404 Not Found")),
        (ONE, http(status="410 Gone")),
        (ONE, http(page("Hai"))),
        (ONE, http(page("Attention Required"), status="403 Forbidden")),
    )
    items, _ = crawl(ArticleSpider, source, args={"hops": "0"})
    assert states(items) == [
        (ONE, "new", 1),
        (ONE, "unchanged", 1),
        (ONE, "revised", 2),
        (ONE, "gone", 2),
        (ONE, "unchanged", 2),
    ]
    assert [item.captured_at for item in items[:3]] == [f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3)]
    assert [item.seq for item in items] == [1, None, 2, 3, None]


@pytest.mark.parametrize("target", [TWO, "/the-gioi/hai-post2.vov", "http://m.vov.vn/the-gioi/hai-post2.vov?x=1"])
def test_a_redirect_is_followed_in_the_archive_and_nothing_is_read_twice(crawl, warc, target):
    source = warc(
        (ONE, http(status="301 Moved Permanently", fields=[("Location", target)])),
        (TWO, http(page("Hai"))),
        (ONE, http(status="301 Moved Permanently", fields=[("Location", target)])),
        (TWO, http(page("Ba"))),
    )
    items, _ = crawl(ArticleSpider, source, args={"hops": "1"})
    assert states(items) == [(TWO, "new", 1), (TWO, "revised", 2)]


def test_a_named_page_is_reached_through_redirects(crawl, warc):
    source = warc(
        (ONE, http(status="302 Found", fields=[("Location", "https://vov.vn/x-post3.vov")])),
        ("https://vov.vn/x-post3.vov", http(status="301 Moved", fields=[("Location", TWO)])),
        (TWO, http(page("Hai"))),
        ("https://vov.vn/khac-post4.vov", http(page("Khác"))),
    )
    items, _ = crawl(ArticleSpider, source, args={"url": ONE, "hops": "0"})
    assert states(items) == [(TWO, "new", 1)]


def test_forms_of_one_address_are_one_page(crawl, warc):
    other = ONE.replace("https://", "http://m.")
    source = warc(
        (other, http(status="301 Moved", fields=[("Location", ONE)])),
        (ONE, http(page("Một"))),
        (other, http(page("Một"))),
    )
    items, _ = crawl(ArticleSpider, source, args={"hops": "0"})
    assert states(items) == [(ONE, "new", 1), (ONE, "unchanged", 1)]


def test_a_page_of_another_outlet_does_not_keep_the_others_from_being_read(scrapy):
    run = scrapy("replay", "fixtures", "tests/pages", "-a", "hops=0")
    assert run.code == 0
    assert any(record["url"] and "vovworld.vn" in record["url"] for record in run.records)
    assert [record["seq"] for record in run.records] == list(range(1, len(run.records) + 1))
    assert len(run.records) == 10


@pytest.mark.parametrize(
    "url", ["https://english.vov.vn/en/politics/news-post1.vov", "https://vovworld.vn/vi-VN/tin/tin-12345.vov"]
)
def test_articles_of_other_outlets_are_read_when_the_source_holds_them(crawl, warc, url):
    items, _ = crawl(ArticleSpider, warc((url, http(page("Tin")))), args={"hops": "0"})
    assert states(items) == [(url, "new", 1)]


@pytest.mark.parametrize("target", ["http://[::1", "https://vov.vn:x/", "javascript:void(0)", "#", ""])
def test_a_redirect_to_no_address_is_a_page_that_failed(crawl, warc, target):
    source = warc((ONE, http(status="302 Found", fields=[("Location", target)])), (TWO, http(page("Hai"))))
    items, stats = crawl(ArticleSpider, source, args={"hops": "0"})
    assert states(items) == [(TWO, "new", 1)]
    assert stats["failed/HTTP 302"] == 1


def test_a_redirect_to_another_site_is_not_followed_though_the_source_holds_it(crawl, warc):
    foreign = "https://example.org/the-gioi/tin-post9.vov"
    source = warc(
        (ONE, http(status="302 Found", fields=[("Location", foreign)])),
        (foreign, http(page("Khác"))),
        (TWO, http(page("Hai"))),
    )
    items, _ = crawl(ArticleSpider, source, args={"hops": "0"})
    assert states(items) == [(TWO, "new", 1)]

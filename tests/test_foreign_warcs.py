"""WARC files of other tools: what they really write is replayed."""

from __future__ import annotations

import gzip as gz
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.replica import generate, render
from vovcrawler.items import to_record
from vovcrawler.spiders.article import ArticleSpider

needs_wget = pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed")


def wget(proxy: str, folder: Path, *arguments: str) -> Path:
    """Let wget fetch pages through the replica into a WARC file, and return it."""
    folder.mkdir()
    settings = [f"--execute={name}={value}" for name, value in (("use_proxy", "yes"), ("https_proxy", proxy))]
    settings += [f"--execute=http_proxy={proxy}", "--no-check-certificate", "--quiet", "--no-config", "--tries=2"]
    command = ["wget", *settings, "--warc-file=wget", "--output-document=pages", *arguments]
    subprocess.run(command, cwd=folder, check=False, timeout=60)
    return next(folder.glob("wget.warc*"))


def content(record: dict) -> dict:
    own = {"captured_at", "capture", "seq", "status", "revision"}
    return {name: value for name, value in record.items() if name not in own}


@needs_wget
def test_what_wget_has_archived_is_replayed_as_it_was_crawled(replica, scrapy, crawl, tmp_path):
    stories = generate(11, 12)
    replica.site.fill(stories)
    addresses = [story.url for story in stories]
    replica.site.fault(addresses[3], chunked=True)
    replica.site.fault(addresses[4], chunked=True, encoding=None)
    replica.site.redirect("/a/ten-cu-post99.vov", addresses[5])
    crawled = scrapy("crawl", "article", "-a", "url=" + ",".join(addresses), "-a", "hops=0")
    for number, options in enumerate([[], ["--no-warc-compression"], ["--compression=gzip"]]):
        named = [*options, "https://vov.vn/a/ten-cu-post99.vov", *addresses]
        warc = wget(replica.url, tmp_path / str(number), *named)
        items, stats = crawl(ArticleSpider, warc, args={"hops": "0"})
        assert "replay/damaged" not in stats
        # wget follows the redirect, and then fetches its target once more.
        assert sorted(item.status for item in items) == ["new"] * len(stories) + ["unchanged"]
        found = {item.id: to_record(item) for item in items}
        assert {record["id"]: content(record) for record in crawled.feed()} == {
            id_: content(record) for id_, record in found.items()
        }
        assert {record["capture"]["warc"] for record in found.values()} == {warc.name}


@needs_wget
def test_what_wget_did_not_archive_twice_is_found_where_it_lies(replica, scrapy, tmp_path):
    stories = generate(13, 3)
    replica.site.fill(stories)
    addresses = [story.url for story in stories]
    first = wget(replica.url, tmp_path / "1", "--warc-cdx", *addresses)
    again = wget(replica.url, tmp_path / "2", f"--warc-dedup={first.with_name('wget.cdx')}", *addresses)
    assert b"\nWARC-Type: revisit" in gz.decompress(again.read_bytes())
    assert scrapy("catalogue", "ingest", first, again).code == 0
    assert scrapy("catalogue", "check").code == 0
    outcome = scrapy("replay", first, again, "-a", "hops=0")
    assert outcome.code == 0
    assert [record["status"] for record in outcome.records] == ["new"] * 3 + ["unchanged"] * 3


@pytest.mark.parametrize("gzip", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_warcio_writes_is_replayed(crawl, tmp_path, gzip, version):
    story = generate(12, 1)[0]
    body = render(story).encode()
    out = BytesIO()
    writer = WARCWriter(out, gzip=gzip, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x", {"software": "warcio"}))
    for _ in range(2):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            story.url, "response", BytesIO(body), length=len(body), http_headers=head
        )
        writer.write_record(record)
    path = tmp_path / ("a.warc.gz" if gzip else "a.warc")
    path.write_bytes(out.getvalue())
    items, _ = crawl(ArticleSpider, path, args={"hops": "0"})
    assert [(item.url, item.status) for item in items] == [(story.url, "new"), (story.url, "unchanged")]

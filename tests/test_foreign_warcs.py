"""WARC files of other tools: what they really write is replayed."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.replica import generate, render
from vovcrawler.spiders.article import ArticleSpider

needs_wget = pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed")


def wget(proxy: str, folder: Path, *arguments: str) -> Path:
    """Let wget fetch pages through the replica into a WARC file, and return it."""
    settings = [f"--execute={name}={value}" for name, value in (("use_proxy", "yes"), ("https_proxy", proxy))]
    settings += [f"--execute=http_proxy={proxy}", "--no-check-certificate", "--quiet", "--no-config", "--tries=2"]
    command = ["wget", *settings, "--warc-file=wget", "--output-document=pages", *arguments]
    subprocess.run(command, cwd=folder, check=False, timeout=60)
    return next(folder.glob("wget.warc*"))


@needs_wget
@pytest.mark.parametrize("options", [[], ["--no-warc-compression"], ["--compression=gzip"]], ids=str)
def test_what_wget_has_archived_is_replayed_as_it_was_crawled(replica, scrapy, tmp_path, options):
    stories = generate(11, 12)
    replica.site.fill(stories)
    addresses = [story.url for story in stories]
    replica.site.fault(addresses[3], chunked=True)
    replica.site.fault(addresses[4], chunked=True, encoding=None)
    replica.site.redirect("/a/ten-cu-post99.vov", addresses[5])
    warc = wget(replica.url, tmp_path, *options, "https://vov.vn/a/ten-cu-post99.vov", *addresses)
    crawled = scrapy("crawl", "article", "-a", "url=" + ",".join(addresses), "-a", "hops=0")
    replayed = scrapy("replay", warc, "-a", "hops=0")
    assert replayed.code == 0, replayed.stderr
    own = {"captured_at", "capture", "seq", "status", "revision"}
    assert [record["status"] for record in replayed.records].count("new") == len(stories)
    found = {record["id"]: record for record in replayed.records}
    for record in crawled.feed():
        again = found[record["id"]]
        assert {name: record[name] for name in record if name not in own} == {
            name: again[name] for name in again if name not in own
        }
        assert again["capture"]["warc"] == warc.name


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

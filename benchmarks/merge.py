"""What it costs to merge the archives of several workers: time, processor time, memory for each capture.

``python -m benchmarks.merge [CAPTURES]`` (20,000 by default; 100,000 is what is wanted in 5 minutes and 300 MB).
Each worker has captured its share, a tenth of the pages twice, some of those with another text.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks._stories import story, variants
from vovcrawler import __version__
from vovcrawler.dates import warc_date
from vovcrawler.items import to_record
from vovcrawler.pages import read_article
from vovcrawler.shelf import Shelf
from vovcrawler.warc import writing
from vovcrawler.warc.digests import sha1

_WORKERS, _WANTED, _SECONDS, _MEGABYTES = 3, 100_000, 300, 300
_START = datetime(2026, 11, 1, tzinfo=UTC)
_HEAD = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Encoding", b"gzip"), (b"Server", b"nginx")]
_FILLING = "<script>" + "vov.push({position: 64, width: 800, display: 'block'});\n" * 400 + "</script>"
_PAGE = """<!DOCTYPE html><html lang="vi"><head><title>{headline} | VOV.VN</title>
<meta property="article:published_time" content="2026-10-31T08:00:00+07:00"></head><body>{filling}
<ol><li class="breadcrumb-item breadcrumb-item-first"><a href="/the-gioi">Thế giới</a></li></ol>
<h1 class="article-title">{headline}</h1><div class="row article-summary"><div>VOV.VN - {lead}</div></div>
<div class="row article-content"><div class="text-long">{body}</div></div>
<div class="row article-author">Phi Long/VOV.VN</div></body></html>"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[0].endswith("merge.py") else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count)
        merge(folder, count)


def pages(count: int) -> Iterator[tuple[str, str]]:
    """Yield addresses and pages."""
    random, pool = Random(count), variants(20_000)
    ready: list[tuple[str, str]] = []
    for number in range(count):
        if ready and number % 10 == 0:
            url, page = random.choice(ready)
            yield url, page.replace("</p>", " Tin được cập nhật.</p>", 1) if number % 20 else page
            continue
        first, *rest = story(random, pool).split(". ")
        body = "".join(f"<p>{sentence}.</p>" for sentence in rest)
        made = _PAGE.format(headline=first[:90], lead=first, body=body, filling=_FILLING)
        url = f"https://vov.vn/the-gioi/tin-so-{number}-post{1_000_000 + number}.vov"
        ready = [*ready[-200:], (url, made)]
        yield url, made


def write(folder: Path, count: int) -> None:
    """Write what the workers have captured, each record with what was read from it."""
    began = time.perf_counter()
    shelves = [_shelf(folder / f"worker-{number}" / "warc", number) for number in range(_WORKERS)]
    for number, (url, page) in enumerate(pages(count)):
        shelf, at = shelves[number % _WORKERS], warc_date(_START + timedelta(seconds=number))
        body = gzip.compress(page.encode(), 1)
        head = writing.http_head(writing.status_line(200), _HEAD)
        made = writing.response(url, at, head, body, digest=sha1(body), ip="192.0.2.1")
        asked = writing.http_head("GET / HTTP/1.1", [(b"Host", b"vov.vn")])
        capture = {"warc": "", "offset": 0, "record_id": made.record_id}
        article = read_article(page.encode(), url=url, content_type="text/html", captured_at=at, capture=capture)
        block = json.dumps(to_record(article), ensure_ascii=False).encode()
        shelf.write(
            made.member,
            writing.request(url, at, asked, b"", concurrent_to=made.record_id).member,
            writing.metadata(url, at, block, concurrent_to=made.record_id, version=__version__).member,
        )
    for shelf in shelves:
        shelf.close()
    print(f"{count:,} captures of {_WORKERS} workers written in {time.perf_counter() - began:.0f} s", flush=True)


def _shelf(folder: Path, number: int) -> Shelf:
    facts = {"software": f"vovcrawler/{__version__} Scrapy/2.19"}
    return Shelf(folder, f"w{number}", 2**28, lambda name: writing.warcinfo(name, warc_date(_START), facts).member)


def merge(folder: Path, count: int) -> None:
    """Print what taking them in costs."""
    line = [sys.executable, "-m", "scrapy", "catalogue", "ingest"]
    line += [str(path) for path in sorted(folder.glob("worker-*"))]
    line += ["-s", f"DATA_DIR={folder / 'archive'}", "-L", "ERROR"]
    env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "vovcrawler.settings"}
    began = time.perf_counter()
    subprocess.run(line, env=env, check=True, stderr=subprocess.DEVNULL)
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    work, share = used.ru_utime + used.ru_stime, _WANTED / count
    print(
        f"{count:,} captures merged in {seconds:.0f} s, {work:.0f} s of processor time,"
        f" {used.ru_maxrss / 1024:.0f} MB (wanted: under {_SECONDS / share:.0f} s and {_MEGABYTES} MB)"
    )


if __name__ == "__main__":
    main()

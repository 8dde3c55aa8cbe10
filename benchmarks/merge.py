"""What it costs to merge the archives of several workers: time, processor time, memory for each capture.

``python -m benchmarks.merge [CAPTURES]`` (20,000 by default; 100,000 is what is wanted in 5 minutes and 300 MB).
Each worker has captured its share, a tenth of the pages twice, some of those with another text.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks._stories import story, variants
from vovcrawler import __version__, text, urls
from vovcrawler.dates import iso, warc_date
from vovcrawler.items import Article, to_record
from vovcrawler.pages import read_article
from vovcrawler.shelf import Shelf
from vovcrawler.warc import writing
from vovcrawler.warc.digests import sha1

_WORKERS, _WANTED, _SECONDS, _MEGABYTES = 3, 100_000, 300, 300
# A page is captured every second, and was published five minutes after the one before it.
_START, _FIRST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2025, 11, 1, 1, tzinfo=UTC)
_HEAD = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Encoding", b"gzip"), (b"Server", b"nginx")]
_FILLING = "<script>" + "vov.push({position: 64, width: 800, display: 'block'});\n" * 400 + "</script>"
_PAGE = """<!DOCTYPE html><html lang="vi"><head><title>{headline} | VOV.VN</title>
<meta property="article:published_time" content="{published}"></head><body>{filling}
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


def stories(count: int) -> Iterator[tuple[int, list[str]]]:
    """Yield numbers of articles and what they tell: headline, lead, paragraphs."""
    random, pool = Random(count), variants(20_000)
    latest: deque[tuple[int, list[str]]] = deque(maxlen=200)
    for number in range(count):
        if latest and number % 10 == 0:
            known, told = random.choice(latest)
            yield known, [*told[:-1], f"{told[-1]} Tin được cập nhật."] if number % 20 else told
        else:
            sentences = [text.clean(f"{sentence}.") for sentence in story(random, pool).rstrip(".").split(". ")]
            latest.append((number, [sentences[0][:90].strip(), *sentences]))
            yield latest[-1]


def page(number: int, told: list[str]) -> bytes:
    """Return the page of an article."""
    headline, lead, *rest = told
    body = "".join(f"<p>{paragraph}</p>" for paragraph in rest)
    facts = {"headline": headline, "lead": lead, "body": body, "published": _published(number)}
    return _PAGE.format(**facts, filling=_FILLING).encode()


def reading(number: int, told: list[str], **more: Any) -> Article:
    """Return what is read from that page: it is made, since to read a page takes as long as to merge it."""
    headline, lead, *body = told
    facts = {
        "headline": headline,
        "lead": lead,
        "body": body,
        "content_digest": text.content_digest(headline, lead, body),
    }
    address = url(number)
    return replace(
        _pattern(), id=urls.record_id(address), url=address, published_at=_published(number), **facts, **more
    )


@cache
def _pattern() -> Article:
    number, told = next(stories(1))
    found = read_article(page(number, told), url=url(number), content_type="text/html")
    assert (found.headline, found.lead, len(found.body)) == (*told[:2], len(told) - 2), found
    return found


def url(number: int) -> str:
    """Return the address of an article."""
    return f"https://vov.vn/the-gioi/tin-so-{number}-post{1_000_000 + number}.vov"


def _published(number: int) -> str:
    return iso(_FIRST + timedelta(minutes=5 * number))


def write(folder: Path, count: int) -> None:
    """Write what the workers have captured."""
    began = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(write_worker, folder, count), range(_WORKERS)))
    print(f"{count:,} captures of {_WORKERS} workers written in {time.perf_counter() - began:.0f} s", flush=True)


def write_worker(folder: Path, count: int, worker: int) -> None:
    """Write what one worker has captured, each record with what was read from it."""
    facts = {"software": f"vovcrawler/{__version__} Scrapy/2.19"}

    def opening(name: str) -> bytes:
        return writing.warcinfo(name, warc_date(_START), facts).member

    shelf = Shelf(folder / f"worker-{worker}" / "warc", f"w{worker}", 2**28, opening)
    for turn, (number, told) in islice(enumerate(stories(count)), worker, None, _WORKERS):
        address, at = url(number), warc_date(_START + timedelta(seconds=turn))
        body = gzip.compress(page(number, told), 1)
        head = writing.http_head(writing.status_line(200), _HEAD)
        made = writing.response(address, at, head, body, digest=sha1(body), ip="192.0.2.1")
        asked = writing.http_head("GET / HTTP/1.1", [(b"Host", b"vov.vn")])
        capture = {"warc": "", "offset": 0, "record_id": made.record_id}
        record = to_record(reading(number, told, captured_at=at, capture=capture))
        block = json.dumps(record, ensure_ascii=False).encode()
        shelf.write(
            made.member,
            writing.request(address, at, asked, b"", concurrent_to=made.record_id).member,
            writing.metadata(address, at, block, concurrent_to=made.record_id, version=__version__).member,
        )
    shelf.close()


def merge(folder: Path, count: int) -> None:
    """Print what taking them in costs."""
    line = [sys.executable, "-m", "scrapy", "catalogue", "ingest"]
    line += [str(path) for path in sorted(folder.glob("worker-*"))]
    line += ["-s", f"DATA_DIR={folder / 'archive'}", "-L", "ERROR"]
    env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "vovcrawler.settings"}
    began = time.perf_counter()
    process = subprocess.Popen(line, env=env, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, status
    seconds, work, share = time.perf_counter() - began, used.ru_utime + used.ru_stime, _WANTED / count
    print(
        f"{count:,} captures merged in {seconds:.0f} s, {work:.0f} s of processor time,"
        f" {used.ru_maxrss / 1024:.0f} MB (wanted: under {_SECONDS / share:.0f} s and {_MEGABYTES} MB)"
    )


if __name__ == "__main__":
    main()

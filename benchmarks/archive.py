"""What the archive costs: to write, in a crawl, and to read again.

``python -m benchmarks.archive``. A crawl is measured with and without the archive in turn; believe processor times
and ratios, and figures per second on a quiet machine only.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import _site
from tests.replica import render
from vovcrawler.dates import warc_date
from vovcrawler.shelf import Shelf
from vovcrawler.warc import writing
from vovcrawler.warc.digests import sha1

_WEIGHT = 60_000
_WRITTEN, _CRAWLED, _ROUNDS, _REPLAYED = 2_000, 300, 3, 3_000
_COMMIT = 64  # responses between two commits of the catalogue, each of which waits for the disk
_GIB = 1024**3
_START = datetime(2026, 11, 21, tzinfo=UTC)
_HEAD = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Server", b"nginx"), (b"Etag", b'"1"')]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        written(Path(name, "written"))
        crawled(Path(name))
        replayed(Path(name, "replayed"))
        big(Path(name, "big"))


def pages(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield addresses and pages of 60 KB, as different from each other as those of a newspaper."""
    line = b"window.vov = window.vov || []; vov.push({position: 64, width: 800, display: 'block'});\n"
    for story in _site.stories(count):
        body = render(story).encode()
        filling = line * ((_WEIGHT - len(body)) // len(line))
        yield story.url, body.replace(b"</body>", b"<script>" + filling + b"</script></body>")


def _shelf(folder: Path) -> Shelf:
    return Shelf(folder, "run", _GIB, lambda name: writing.warcinfo(name, warc_date(_START), {}).member)


def _store(shelf: Shelf, number: int, url: str, body: bytes, *more: tuple[bytes, bytes]) -> None:
    at = warc_date(_START + timedelta(seconds=number))
    head = writing.http_head(writing.status_line(200), [*_HEAD, *more])
    response = writing.response(url, at, head, body, digest=sha1(body), ip="192.0.2.1")
    asked = writing.http_head("GET / HTTP/1.1", _HEAD)
    request = writing.request(url, at, asked, b"", concurrent_to=response.record_id)
    shelf.write(response.member, request.member)


def written(folder: Path) -> None:
    """Print how many responses a second are written, with their requests, lasting as often as in a crawl."""
    ready = list(pages(50))
    shelf = _shelf(folder)
    start, worked = time.perf_counter(), time.process_time()
    for number in range(_WRITTEN):
        _store(shelf, number, *ready[number % len(ready)])
        if number % _COMMIT == 0:
            shelf.sync()
    shelf.close()
    seconds, work = time.perf_counter() - start, time.process_time() - worked
    print(
        f"{_WRITTEN} responses of {_WEIGHT // 1000} KB written: {_WRITTEN / seconds:.0f} a second"
        f" ({_WRITTEN / work:.0f} by processor time; wanted: at least 1000)"
    )


def crawled(folder: Path) -> None:
    """Print what share of its pace a crawl keeps with the archive on."""
    with _site.running(_CRAWLED, _WEIGHT) as (env, urls):
        (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        pairs = [[_crawl(folder, env, is_on) for is_on in (0, 1)] for _ in range(_ROUNDS)]
    pace = median(off["seconds"] / on["seconds"] for off, on in pairs)
    work = median(off["cpu"] / on["cpu"] for off, on in pairs)
    print(f"A crawl with the archive on: {pace:.2f} of the pace without (wanted: 0.85); processor time {work:.2f}")


def _crawl(folder: Path, env: dict[str, str], is_on: int) -> dict[str, Any]:
    shutil.rmtree(folder / "data", ignore_errors=True)
    argv = ["benchmarks._crawl", "ours", folder / "data", folder / "urls.txt", f"ARCHIVE_ENABLED={is_on}"]
    return _child(*argv, env=env)


def replayed(folder: Path) -> None:
    """Print how many pages a second ``scrapy replay`` reads on one core, from its start to its end."""
    shelf = _shelf(folder)
    for number, (url, body) in enumerate(pages(_REPLAYED)):
        _store(shelf, number, url, gzip.compress(body), (b"Content-Encoding", b"gzip"))
    shelf.close()
    figures = _child("benchmarks._replay", folder)
    assert figures["items"] == _REPLAYED, figures
    pace, work = _REPLAYED / figures["seconds"], _REPLAYED / figures["cpu"]
    print(
        f"{_REPLAYED} pages of {_WEIGHT // 1000} KB replayed on one core: {pace:.0f} a second"
        f" ({work:.0f} by processor time; wanted: at least 300)"
    )


def big(folder: Path) -> None:
    """Print how much memory the replay of a WARC file of 1 GB takes, most of it pictures."""
    shelf = _shelf(folder)
    for number, (url, body) in enumerate(pages(200)):
        _store(shelf, number, url, body)
        picture = os.urandom(_GIB // 200)
        _store(shelf, number, f"https://media.vov.vn/{number}.jpg", picture, (b"Content-Encoding", b"none"))
    shelf.close()
    size = sum(path.stat().st_size for path in folder.iterdir())
    figures = _child("benchmarks._replay", folder)
    memory = figures["memory"] / 1024
    print(f"A WARC of {size / 1e9:.2f} GB replayed in {memory:.0f} MB of memory (wanted: under 200)")


def _child(module: str, *args: object, env: dict[str, str] | None = None) -> dict[str, Any]:
    argv = [sys.executable, "-m", module, *map(str, args)]
    done = subprocess.run(argv, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    main()

"""What it costs to read archives again with ``scrapy corpus build``, and what a second worker saves.

Measured in processor time with one worker: reading the files, which can be shared out, and judging the records,
which cannot. So follows how much faster two workers are on two free cores (the critical path). By the clock the
whole command is measured, from its start to its end, on this machine, as busy as it is.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any

from scrapy.settings import Settings

from benchmarks._stories import story, variants
from benchmarks.read import page
from vovcrawler.dates import warc_date
from vovcrawler.warc import writing
from vovcrawler.warc.digests import sha1

_PAGES = 10  # a file
_FILES = (1, 10, 100)
# By the clock: fewer files, and bigger ones, as an archive has them.
_CLOCKED_PAGES, _CLOCKED_FILES = 500, 12
_WANTED = 1.7
_START = datetime(2026, 11, 21, tzinfo=UTC)
_PARAGRAPH = re.compile(r'<p style="text-align:justify">.*?</p>')
_HEAD = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Server", b"nginx")]


def pages(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield addresses and pages of 60 KB, each with another story of 25 paragraphs."""
    random, pool = Random(3), variants(3_000)
    frame = _PARAGRAPH.split(page().decode())
    for number in range(count):
        told = (f"<p>{story(random, pool, length=3)}</p>" for _ in frame[1:])
        html = frame[0] + "".join(chain.from_iterable(zip(told, frame[1:], strict=True)))
        yield f"https://vov.vn/the-gioi/bai-do-post{1_000_000 + number}.vov", html.encode()


def archive(folder: Path, files: int, each: int = _PAGES) -> int:
    """Write so many WARC files of *each* so many pages; return how many bytes that were."""
    folder.mkdir()
    size = 0
    told = enumerate(pages(files * each))
    for number in range(files):
        with (folder / f"{number:05}.warc.gz").open("wb") as file:
            for count, (url, body) in islice(told, each):
                head = writing.http_head(writing.status_line(200), _HEAD)
                at = warc_date(_START + timedelta(seconds=count))
                file.write(writing.response(url, at, head, body, digest=sha1(body), ip="192.0.2.1").member)
            size += file.tell()
    return size


def measure(source: Path, workers: int) -> dict[str, Any]:
    """Build the corpus of *source*; return seconds by the clock, of the processor, and of its shared part."""
    from vovcrawler import corpus
    from vovcrawler.corpus import engines

    shared = 0.0
    run = engines.run

    def timed(*arguments: Any) -> None:
        nonlocal shared
        start = time.process_time()
        run(*arguments)
        shared += time.process_time() - start

    settings = Settings()
    settings.setmodule("vovcrawler.settings", priority="project")
    engine = engines.Engine(workers=workers)
    engines.run = timed
    with tempfile.TemporaryDirectory() as out:
        started, worked = time.perf_counter(), time.process_time()
        built = corpus.build([str(source)], Path(out), "jsonl", engine, settings)
        seconds, work = time.perf_counter() - started, time.process_time() - worked
        size = built.files[0].stat().st_size
    engines.run = run
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "records": built.records,
        "seconds": seconds,
        "work": work,
        "shared": shared,
        "bytes": size,
        "mb": memory,
    }


def main() -> None:
    """Print the figures, and how far they are from what is wanted."""
    with tempfile.TemporaryDirectory() as name:
        costs = {}
        for files in _FILES:
            source = Path(name, str(files))
            size = archive(source, files)
            found = _child(source, 1)
            count = found["records"]
            assert count == files * _PAGES, found
            costs[files] = found["work"] / count
            print(
                f"{count:4} pages in {files:3} files: {costs[files] * 1000:.2f} ms of processor time a page,"
                f" {found['mb']:.0f} MB of memory"
            )
        print(f"  100 files against one: {costs[100] / costs[1]:.2f} times a page (wanted: about 1)")
        alone = found["work"] - found["shared"]
        gain = found["work"] / (alone + found["shared"] / 2)
        print(
            f"Of a page, {found['shared'] / count * 1000:.2f} ms can be shared, {alone / count * 1000:.2f} ms not:"
            f" two workers are {gain:.2f} times as fast as one by processor time (wanted: {_WANTED})"
        )
        print(f"  on disk: {size / count / 1000:.1f} KB of WARC, {found['bytes'] / count / 1000:.1f} KB of record")
        clock(Path(name))


def clock(folder: Path) -> None:
    """Print how long the command takes by the clock with one worker and with two."""
    source = folder / "clocked"
    archive(source, _CLOCKED_FILES, _CLOCKED_PAGES)
    line = [sys.executable, "-m", "scrapy", "corpus", "build", str(source), "--out"]
    env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "vovcrawler.settings"}
    seconds = {}
    for workers in (1, 2):
        began = time.perf_counter()
        out = [str(folder / f"out-{workers}"), "--workers", str(workers)]
        subprocess.run([*line, *out], env=env, check=True, stderr=subprocess.DEVNULL)
        seconds[workers] = time.perf_counter() - began
    one, other = ((folder / f"out-{workers}" / "articles.jsonl").read_bytes() for workers in (1, 2))
    assert one == other
    print(
        f"By the clock, {_CLOCKED_PAGES * _CLOCKED_FILES:,} pages at a load of {os.getloadavg()[0]:.1f} on"
        f" {os.cpu_count()} cores: {seconds[1]:.1f} s with one, {seconds[2]:.1f} s with two workers"
        f" ({seconds[1] / seconds[2]:.2f} times)"
    )


def _child(source: Path, workers: int) -> dict[str, Any]:
    """Measure alone in a process, and once before for what is only loaded."""
    argv = [sys.executable, "-m", "benchmarks.corpus", str(source), str(workers)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    if sys.argv[1:]:
        with tempfile.TemporaryDirectory() as name:
            archive(Path(name, "warm"), 1)
            measure(Path(name, "warm"), 1)
        print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        main()

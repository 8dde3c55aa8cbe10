"""What a long run holds: memory after 1,000, 10,000 and 20,000 different pages, read and replayed.

``python -m benchmarks.memory``; each of the two in a process of its own. The pages that are read are made there,
from stories that are all held from the start.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from benchmarks.archive import _shelf, _store
from tests.replica import generate, render
from vovcrawler.pages import read_article

_MARKS = (1_000, 10_000, 20_000)
_SEED = 11


def main() -> None:
    """Print the memory of both processes at each mark."""
    with tempfile.TemporaryDirectory() as name:
        for verb, done in (("read", "read into records"), ("replay", "replayed from a WARC file")):
            argv = [sys.executable, "-m", "benchmarks.memory", verb, name]
            figures: list[int] = json.loads(subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout)
            told = ", ".join(f"{held} MB after {mark:,}" for mark, held in zip(_MARKS, figures, strict=True))
            print(f"Pages {done}: {told} (wanted: flat)")


def _pages() -> Iterator[tuple[str, bytes]]:
    for story in generate(_SEED, max(_MARKS)):
        yield story.url, render(story).encode()


def _write(folder: Path) -> None:
    shelf = _shelf(folder)
    for number, (url, body) in enumerate(_pages()):
        _store(shelf, number, url, body)
    shelf.close()


def _read() -> list[int]:
    held = []
    for number, (url, body) in enumerate(_pages(), start=1):
        read_article(body, url=url)
        if number in _MARKS:
            held.append(_megabytes())
    return held


def _replay(folder: Path) -> list[int]:
    settings = get_project_settings()
    out = {os.devnull: {"format": "jsonlines"}}
    settings.setdict({"REPLAY_SOURCE": str(folder), "LOG_LEVEL": "ERROR", "FEEDS": out}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("article")
    held: list[int] = []
    count = 0

    def sample() -> None:
        nonlocal count
        count += 1
        if count in _MARKS:
            held.append(_megabytes())

    crawler.signals.connect(sample, signals.response_received, weak=False)
    process.crawl(crawler, hops="0")
    process.start()
    return held


def _megabytes() -> int:
    """The memory that this process has now, not its peak."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 10**6


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "read":
        print(json.dumps(_read()))
    elif sys.argv[1] == "write":
        _write(Path(sys.argv[2]))
    else:
        folder = Path(sys.argv[2], "replayed")
        subprocess.run([sys.executable, "-m", "benchmarks.memory", "write", str(folder)], check=True)
        print(json.dumps(_replay(folder)))

"""The reading room under load: fifty readers at once, each asking for the next page as soon as one came, while an
article is recorded every half second.

``python -m benchmarks.room [ARTICLES]``; times are those of the wall, so measure on a quiet machine. Beside them
stands what a page costs the server's processor.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter
from urllib.parse import quote_plus

from benchmarks.search import Writer, fill
from vovcrawler.catalogue import Catalogue
from vovcrawler.letters import fold

ARTICLES, READERS, PAGES = 10_000, 50, 40
MOST_MS = 300
_LISTS = ("/", "/changes", "/coverage", "/runs", "/section/the-gioi", "/index.json", "/changes.atom")


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """Open the room of *folder* and yield its port and the number of its process."""
    line = [sys.executable, "-m", "scrapy", "serve", "--port", "0", "-s", f"DATA_DIR={folder}"]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            yield int(server.stderr.readline().split("127.0.0.1:")[1].split("/")[0]), server.pid
        finally:
            server.terminate()


def processor_seconds(pid: int) -> float:
    """Return what the process took of the processor so far (Linux)."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / 100


def paths(seed: int, articles: int) -> Iterator[str]:
    """Yield what one reader asks for: lists, searches, and articles with their revisions and citations."""
    chance, writer = random.Random(seed), Writer()
    writer.random.seed(seed)
    while True:
        kind = chance.random()
        number = chance.randint(1, articles)
        if kind < 0.3:
            yield chance.choice(_LISTS)
        elif kind < 0.5:
            typed = f"{writer.syllable()} {writer.syllable()}"
            yield f"/search?q={quote_plus(fold(typed) if kind < 0.4 else typed)}"
        else:
            page = chance.choice(("article", "article", "revisions", "related", "cite"))
            yield f"/{page}/vov.vn/post{number}"


def read(port: int, reader: int, articles: int) -> list[float]:
    """Read :data:`PAGES` pages over one connection; return the milliseconds that each of them took."""
    connection, times = HTTPConnection("127.0.0.1", port, timeout=60), []
    for path, _ in zip(paths(reader, articles), range(PAGES), strict=False):
        begun = perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append(1000 * (perf_counter() - begun))
        if answer.status != 200:
            raise AssertionError(f"{path} was answered {answer.status}")
    connection.close()
    return times


def write(catalogue: Catalogue, first: int, done: Event) -> None:
    """Record an article every half second, as a crawl does, until *done*."""
    number = first
    while not done.wait(0.5):
        fill(catalogue, number, number)
        number += 1


def main(articles: int = ARTICLES) -> int:
    """Print the figures; return 1 when readers wait too long."""
    with tempfile.TemporaryDirectory(prefix="vovcrawler-bench-") as name, Catalogue.open(Path(name)) as catalogue:
        fill(catalogue, articles)
        with served(Path(name)) as (port, pid), ThreadPoolExecutor(READERS) as pool:
            read(port, READERS, articles)
            done, begun, used = Event(), perf_counter(), processor_seconds(pid)
            writing = Thread(target=write, args=(catalogue, articles + 1, done))
            writing.start()
            told = pool.map(lambda reader: read(port, reader, articles), range(READERS))
            times = [time for one in told for time in one]
            seconds, used = perf_counter() - begun, processor_seconds(pid) - used
            done.set()
            writing.join()
    p95 = quantiles(times, n=20)[-1]
    print(f"{articles:,} articles, {READERS} readers, {len(times):,} pages: {len(times) / seconds:.0f} pages/s")
    print(f"a page: median {median(times):.0f} ms, p95 {p95:.0f} ms (at most {MOST_MS})")
    print(f"of the server's processor: {1000 * used / len(times):.1f} ms a page")
    return int(p95 > MOST_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))

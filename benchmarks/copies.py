"""Near copies: how many are found, how many are none, and what it costs at ten thousand articles, or a million.

``python -m benchmarks.copies`` takes two minutes, ``python -m benchmarks.copies --million`` ten or more. Costs are
those of the index alone: the time to record the same stories with it, less the time without.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Self
from unittest.mock import patch

from benchmarks._crowd import Crowd
from benchmarks._stories import edit, exchange, sentences, story, variants, words
from benchmarks._templates import LONG, SHORT
from vovcrawler import feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.dates import VIETNAM
from vovcrawler.duplicates import SIMILARITY, Text
from vovcrawler.items import Article

_AT = "2026-11-21T15:04:05.123456Z"
_FIRST = datetime(2020, 1, 1, tzinfo=VIETNAM)
# So many pages are settled in one transaction at most.
_GROUP = 64
_MEASURED = 768 * _GROUP
_COPIES = 1000


def main() -> None:
    """Print quality, and cost at ten thousand articles."""
    random, pool = Random(1), variants(30_000)
    print(f"Stories of 14 sentences, drawn from {len(sentences())} real ones ({len(words()):,} words) of whose")
    print(f"words a third are exchanged. A near copy is one whose similarity is {SIMILARITY} or more.")
    base = [story(random, pool) for _ in range(10_000)]
    with _catalogue() as catalogue:
        for _ in _recorded(catalogue, base, "base"):
            pass
        _print_quality(catalogue, base, random, pool)
    _print_templates()
    _print_costs([10_000], random, pool)
    _print_datasketch(base, Random(2))


def million() -> None:
    """Print the cost at ten thousand articles and at a million."""
    _print_costs([10_000, 1_000_000], Random(1), variants(30_000))


# ---- quality


def _print_quality(catalogue: Catalogue, base: Sequence[str], random: Random, pool: tuple[str, ...]) -> None:
    others = [story(random, pool) for _ in range(_COPIES)]
    wrong = sum(mark is not None for mark in _recorded(catalogue, others, "other"))
    print(f"Of {_COPIES} stories that are nobody's copies, {wrong} are marked")
    for name, change in (("words exchanged", exchange), ("words exchanged, struck out, put in", edit)):
        for share, least in ((0.05, 0.98), (0.1, 0.95)):
            chosen = random.sample(range(len(base)), _COPIES)
            copies = [change(base[number], share, random) for number in chosen]
            marks = list(_recorded(catalogue, copies, f"{name} {share}"))
            right = sum(mark == f"base/{number}" for mark, number in zip(marks, chosen, strict=True))
            marked = sum(mark is not None for mark in marks) + wrong
            _print_figures(f"{share:.0%} of {name}", right / _COPIES, right / marked, least)


def _print_figures(what: str, recall: float, precision: float, least: float) -> None:
    print(f"{what:45} recall {recall:.3f} (at least {least}), precision {precision:.3f}")


def _print_templates() -> None:
    with _catalogue() as catalogue:
        for template in LONG:
            texts = [template(Random(day), day) for day in range(1, 32)]
            marked = sum(mark is not None for mark in _recorded(catalogue, texts, template.__name__))
            print(f"{template.__name__:9} {len(texts)} instalments with other numbers: {marked} marked")
        names = ("Lào", "Cuba", "Nhật Bản", "Ấn Độ", "Chile")
        texts = [
            text.format(name=name, day=day) for text in SHORT.values() for name in names for day in range(1, 29)
        ]
        marked = sum(mark is not None for mark in _recorded(catalogue, texts, "short"))
        print(f"{len(texts)} captions and pieces of one line: {marked} marked")


# ---- cost


def _print_costs(numbers: Sequence[int], random: Random, pool: tuple[str, ...]) -> None:
    """Measure on top of so many articles what the index takes for one more.

    Groups are recorded in turn in each catalogue, with the index and without, since others may use the machine: as
    many as enter the table of bands together, and what that takes is shared among them.
    """
    with ExitStack() as stack:
        grown = [stack.enter_context(_Grown(number)) for number in numbers]
        for its in grown:
            its.open()
        for start in range(0, _MEASURED, _GROUP):
            texts = [story(random, pool) for _ in range(_GROUP)]
            for its in grown:
                its.record(start, texts)
        costs = [its.costs() for its in grown]
    for its, (wall, processor) in zip(grown, costs, strict=True):
        print(
            f"{its.number:9,} articles: {wall:.2f} ms for one more ({processor:.2f} of the processor),"
            f" {its.size:.0f} bytes of disk each, {its.memory:+.0f} MB of memory"
        )
    print(f"Load of the machine: {os.getloadavg()[1]:.1f}")
    if len(grown) > 1:
        ratio = costs[-1][1] / costs[0][1]
        print(f"The last takes {ratio:.2f} times the processor's time of the first (wanted: at most 1.3)")


class _Grown:
    """A catalogue of so many articles, and the seconds that it took to record more with the index and without."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seconds = {True: [0.0, 0.0], False: [0.0, 0.0]}
        self.memory = 0.0

    def __enter__(self) -> Self:
        self.folder = tempfile.TemporaryDirectory(prefix="vovcrawler-bench-")
        # Another process, so that what it leaves of its memory does not count.
        filling = get_context("spawn").Process(target=_fill, args=(Path(self.folder.name), self.number))
        filling.start()
        filling.join()
        return self

    def __exit__(self, *_: object) -> None:
        self.catalogue.close()
        self.folder.cleanup()

    def open(self) -> None:
        with self._weighed():
            self.catalogue = Catalogue.open(Path(self.folder.name))
            self.size = _index_bytes(self.catalogue) / self.number
        self.catalogue.to_index = lambda article: None  # type: ignore[method-assign]  # of searches

    def record(self, start: int, texts: Sequence[str]) -> None:
        for is_marked in (True, False):
            unmarked = patch.object(self.catalogue, "mark", lambda _number, article, _text: article)
            articles = [_article(f"{is_marked} {start}/{place}", text) for place, text in enumerate(texts)]
            with nullcontext() if is_marked else unmarked, self._weighed(), self._timed(is_marked):
                for article in articles:
                    self.catalogue.record(article, page=None, at=_AT, line=feeds.line)
                self.catalogue.commit()

    @contextmanager
    def _timed(self, is_marked: bool) -> Iterator[None]:
        began = perf_counter(), process_time()
        yield
        ended = perf_counter(), process_time()
        self.seconds[is_marked] = [
            so_far + end - begin for so_far, begin, end in zip(self.seconds[is_marked], began, ended, strict=True)
        ]

    @contextmanager
    def _weighed(self) -> Iterator[None]:
        before = _memory()
        yield
        self.memory += _memory() - before

    def costs(self) -> list[float]:
        """Return the milliseconds of the index for each that was recorded: by the clock, and of the processor."""
        with self._timed(True):
            self.catalogue.settle_all_bands()
        pairs = zip(self.seconds[True], self.seconds[False], strict=True)
        return [(marked - unmarked) / _MEASURED * 1000 for marked, unmarked in pairs]


def _fill(folder: Path, number: int) -> None:
    with Catalogue.open(folder) as catalogue:
        Crowd().fill(catalogue, number)


def _index_bytes(catalogue: Catalogue) -> float:
    """Return the size of the table in which near copies are found: of the pages that it holds."""
    execute = catalogue.connection.execute
    (page,) = execute("PRAGMA page_size").fetchone()
    (free,) = execute("SELECT * FROM pragma_freelist_count").fetchone()
    execute("BEGIN")
    for table in ("bands", "sieve"):
        execute(f"DELETE FROM {table}")
    (then,) = execute("SELECT * FROM pragma_freelist_count").fetchone()
    execute("ROLLBACK")
    return float((then - free) * page)


def _memory() -> float:
    """Return the megabytes of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# ---- the same with datasketch


def _print_datasketch(base: Sequence[str], random: Random) -> None:
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        print("datasketch is not installed: nothing to compare with")
        return

    def sketch(text: str) -> MinHash:
        found = MinHash(num_perm=128)
        found.update_batch([shingle.encode() for shingle in Text.of([text]).shingles])
        return found

    before = _memory()
    index = MinHashLSH(threshold=SIMILARITY, num_perm=128)
    began = perf_counter()
    for number, text in enumerate(base):
        found = sketch(text)
        index.query(found)
        index.insert(number, found)
    cost = (perf_counter() - began) / len(base) * 1000
    print(f"datasketch, {len(base):,} articles: {cost:.2f} ms for each, {_memory() - before:+.0f} MB of memory")
    for share, least in ((0.05, 0.98), (0.1, 0.95)):
        chosen = random.sample(range(len(base)), _COPIES)
        answers = [index.query(sketch(exchange(base[number], share, random))) for number in chosen]
        right = sum(number in answer for number, answer in zip(chosen, answers, strict=True))
        candidates = sum(map(len, answers))
        _print_figures(f"datasketch, {share:.0%} of words exchanged", right / _COPIES, right / candidates, least)


# ---- recording


class _catalogue:  # noqa: N801
    """A catalogue in a folder of its own, on the disk as in a crawl, and gone in the end."""

    def __enter__(self) -> Catalogue:
        self.folder = tempfile.TemporaryDirectory(prefix="vovcrawler-bench-")
        self.catalogue = Catalogue.open(Path(self.folder.name))
        return self.catalogue

    def __exit__(self, *_: object) -> None:
        self.catalogue.close()
        self.folder.cleanup()


def _recorded(catalogue: Catalogue, texts: Sequence[str], name: str) -> Iterator[str | None]:
    """Record *texts* and yield what each is marked as a near copy of."""
    for number, text in enumerate(texts):
        judged = catalogue.record(_article(f"{name}/{number}", text), page=None, at=_AT, line=feeds.line)
        if number % _GROUP == _GROUP - 1:
            catalogue.commit()
        yield judged.near_duplicate_of.id if judged.near_duplicate_of else None


def _article(id_: str, text: str) -> Article:
    number = int(id_.rpartition("/")[2])
    published_at = (_FIRST + timedelta(minutes=7 * number)).isoformat()
    return Article(id=id_, headline=id_, body=[text], content_digest=id_, published_at=published_at)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Figures of near copies")
    parser.add_argument("--million", action="store_true", help="cost at a million articles; some ten minutes")
    (million if parser.parse_args().million else main)()

"""Search: what the index weighs, what an article costs in it, and how long two words take.

``python -m benchmarks.search [ARTICLES]``; a million take some twenty minutes to index. The texts are made of real
sentences, in each of which some syllables are exchanged for others as common, so that any two words may meet.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from bisect import bisect
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from time import process_time

from vovcrawler.catalogue import Catalogue
from vovcrawler.dates import VIETNAM
from vovcrawler.items import Article, to_record
from vovcrawler.letters import fold
from vovcrawler.queries import parse

ARTICLES, QUERIES, SENTENCES = 20_000, 300, 16
MOST_MS, MOST_SHARE = 50, 1.2
_BATCH = 1_000
_TEXTS = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").split("\n")


class Writer:
    """Writes articles that read like news, the same ones every time."""

    def __init__(self) -> None:
        self.random = random.Random(2026)
        self.sentences = [line.split() for line in _TEXTS if line.strip()]
        syllables = sorted({word.strip(".,:;“”()").lower() for line in self.sentences for word in line})
        self.random.shuffle(syllables)
        self.syllables = syllables
        # A few syllables are everywhere and most are rare, as in any language.
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(syllables))))

    def syllable(self) -> str:
        return self.syllables[bisect(self.weights, self.random.random() * self.weights[-1]) % len(self.syllables)]

    def sentence(self) -> str:
        words = list(self.random.choice(self.sentences))
        for _ in range(len(words) // 3):
            words[self.random.randrange(len(words))] = self.syllable()
        return " ".join(words)

    def article(self, number: int) -> Article:
        day = datetime(2008, 1, 1, tzinfo=VIETNAM) + timedelta(minutes=9 * number)
        return Article(
            id=f"vov.vn/post{number}",
            url=f"https://vov.vn/the-gioi/bai-post{number}.vov",
            headline=self.sentence()[:70],
            lead=self.sentence(),
            body=[" ".join([self.sentence(), self.sentence()]) for _ in range(SENTENCES // 2)],
            section=["Thế giới"],
            tags=[self.syllable()],
            published_at=day.isoformat(),
            content_digest=str(number),
        )


def fill(catalogue: Catalogue, articles: int, first: int = 1) -> tuple[int, float]:
    """Put the articles *first* to *articles* there without a crawl.

    Returns the bytes of their text and the seconds that indexing took.
    """
    writer, size, seconds = Writer(), 0, 0.0
    for start in range(first, articles + 1, _BATCH):
        connection = catalogue.write()
        for number in range(start, min(start + _BATCH, articles + 1)):
            article = writer.article(number)
            told = [article.headline or "", article.lead or "", *article.body]
            size += sum(len(text.encode()) for text in told)
            at = "2026-11-21T00:00:00.000000Z"
            connection.execute(
                "INSERT INTO articles (number, id, revision, digest, url, headline, layout, first_seen, seen_at)"
                " VALUES (?, ?, 1, ?, ?, ?, 'drupal', ?, ?)",
                (number, article.id, article.content_digest, article.url, article.headline, at, at),
            )
            connection.execute(
                "INSERT INTO revisions (article, revision, digest, capture, first_seen, seen_at, record)"
                " VALUES (?, 1, ?, '{}', ?, ?, ?)",
                (number, article.content_digest, at, at, json.dumps(to_record(article), ensure_ascii=False)),
            )
            catalogue.to_index(number)
        begun = process_time()
        catalogue.index()
        catalogue.commit()
        seconds += process_time() - begun
    return size, seconds


def ask(catalogue: Catalogue, kind: str) -> list[float]:
    """Return how many milliseconds of the processor each search took, hits with their snippets included."""
    writer, chance, times = Writer(), random.Random(7), []
    for _ in range(QUERIES):
        if kind == "neighbours":
            words = writer.sentence().split()
            place = chance.randrange(len(words) - 1)
            typed = " ".join(words[place : place + 2])
        else:
            typed = f"{writer.syllable()} {writer.syllable()}"
        query = parse(fold(typed) if chance.random() < 0.5 else typed)
        begun = process_time()
        catalogue.search(query)
        times.append(1000 * (process_time() - begun))
    return times


def main(articles: int = ARTICLES) -> int:
    """Print the figures; return 1 when one of them is too high."""
    with tempfile.TemporaryDirectory(prefix="vovcrawler-bench-") as folder:
        with Catalogue.open(Path(folder)) as catalogue:
            size, seconds = fill(catalogue, articles)
            weight = catalogue.connection.execute(
                "SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'search_*'"
            ).fetchone()[0]
        with Catalogue.read(Path(folder)) as catalogue:
            ask(catalogue, "neighbours")
            kinds = {kind: ask(catalogue, kind) for kind in ("neighbours", "any two")}
    print(f"{articles:,} articles of {size / articles:,.0f} bytes")
    print(f"index: {weight / size:.2f} of the text (at most {MOST_SHARE})")
    print(f"an article in it: {1e6 * seconds / articles:.0f} µs")
    slowest = 0.0
    for kind, times in kinds.items():
        p95 = quantiles(times, n=20)[-1]
        slowest = max(slowest, p95)
        print(f"{kind}: median {median(times):.1f} ms, p95 {p95:.1f} ms (at most {MOST_MS})")
    return int(weight > MOST_SHARE * size or slowest > MOST_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))

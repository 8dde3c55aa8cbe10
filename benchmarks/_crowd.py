"""A catalogue with any number of articles in it, made in a few minutes: what it holds of them are their bands."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from benchmarks._stories import variants
from vovcrawler import duplicates
from vovcrawler.catalogue import Catalogue
from vovcrawler.duplicates import Fingerprint, Text

_SENTENCES, _POOL, _BATCH = 14, 30_000, 5_000


class Crowd:
    """Articles put together of thirty thousand sentences, so that each shares one with thousands of others.

    Their texts are not stored: hardly any article is so like them that it would be compared with their text.
    """

    def __init__(self) -> None:
        texts = [Text.of([sentence]) for sentence in variants(_POOL, seed=9)]
        self.pool = [
            (text.syllables[0], text.syllables[-1], list(map(" ".join, pairwise(text.syllables))))
            for text in texts
        ]
        self.random = Random(9)

    def fill(self, catalogue: Catalogue, number: int) -> None:
        """Add *number* articles, in transactions of some thousands."""
        catalogue.set_note("copies_scheme", duplicates.scheme())
        catalogue.index()  # the search index begins empty and knows nothing of the crowd
        for start in range(0, number, _BATCH):
            self._add(catalogue, start, min(_BATCH, number - start))
            catalogue.commit()

    def _add(self, catalogue: Catalogue, start: int, count: int) -> None:
        connection = catalogue.write()
        connection.executemany(
            "INSERT INTO articles (id, digest, revision, layout, first_seen, seen_at)"
            " VALUES (?, ?, 1, 'dump', '', '')",
            [(f"crowd/{number}", f"{number:x}") for number in range(start, start + count)],
        )
        (last,) = connection.execute("SELECT max(number) FROM articles").fetchone()
        connection.execute(
            """
            INSERT INTO revisions (article, revision, digest, capture, first_seen, seen_at, record)
            SELECT number, 1, digest, '{}', '', '', '{"lead": null, "body": []}' FROM articles WHERE number > ?
            """,
            (last - count,),
        )
        numbers = range(last - count + 1, last + 1)
        catalogue.put_all(((number, self._fingerprint()) for number in numbers), anew=False)

    def _fingerprint(self) -> Fingerprint:
        chosen = self.random.sample(self.pool, _SENTENCES)
        shingles = {f"{end} {start}" for (_, end, _), (start, _, _) in pairwise(chosen)}
        shingles.update(*(own for _, _, own in chosen))
        return Fingerprint.of(list(shingles))

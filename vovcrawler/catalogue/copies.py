"""Copies: which articles are the same text, or nearly, as an earlier one.

Marks belong to the texts as they are now, and to the order in which the articles were first captured; so
they come out the same however many runs it took. What likeness is stands in :mod:`vovcrawler.duplicates`;
groups of copies are in :mod:`vovcrawler.catalogue.clusters`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vovcrawler import duplicates
from vovcrawler.catalogue.bands import Bands
from vovcrawler.duplicates import Text
from vovcrawler.items import Article, NearDuplicate

logger = logging.getLogger(__name__)

# Under this name stands the scheme of the bands in the table; empty when some are missing.
_SCHEME = "copies_scheme"
# The texts that promise most are read, and no more.
_READ = 16
_LAST = (1 << 63) - 1


class Copies(Bands):
    """The part of the catalogue that marks copies."""

    #: From this likeness on an article is a near copy; 0: near copies are not marked.
    similarity: float = duplicates.SIMILARITY

    def mark(self, number: int, article: Article, text: Text | None = None) -> Article:
        """Return *article*, which stands in the catalogue under *number*, marked as the copy that it is.

        Called inside the open transaction, after the article's row was written and before its record is.
        """
        if article.status == "unchanged":
            return _marked(article, *self.marks(number))
        text = text or Text.of(paragraphs(article))
        before = self._text(number) if article.status == "revised" else None
        is_marked = before is not None or self._has_earlier(number, article.content_digest)
        if is_marked:
            self._mark_exact(number, article.content_digest)
        self._complete(but=number)
        # First: the article's own bands would have to be looked for, too.
        is_marked |= self._mark_near([number], {number: text}, are_new=before is None)
        if self.similarity:
            self._index(number, text, before)
        if before is not None:
            self._mark_followers(number, article, text)
        return _marked(article, *self.marks(number)) if is_marked else _marked(article, None, None)

    def marks(self, number: int) -> tuple[str | None, NearDuplicate | None]:
        """Return what the article with this number is a copy of by the texts of today, and what nearly."""
        duplicate, near, similarity = self.connection.execute(
            "SELECT duplicate_of, near_duplicate_of, similarity FROM articles WHERE number = ?", (number,)
        ).fetchone()
        return duplicate, NearDuplicate(id=near, similarity=similarity) if near else None

    def _mark_followers(self, number: int, article: Article, text: Text) -> None:
        """Mark anew the later articles that were copies of this one, or have become so by its revision."""
        digests = self.connection.execute(
            "SELECT DISTINCT digest FROM articles WHERE duplicate_of = ?", (article.id,)
        ).fetchall()
        for (digest,) in {*digests, (article.content_digest,)}:
            self._mark_exact(number, digest)
        if self.similarity:
            were = self.connection.execute(
                "SELECT number FROM articles WHERE near_duplicate_of = ?", (article.id,)
            )
            later = {follower for (follower,) in were}
            later.update(found for _, found in self._candidates(text, number + 1, _LAST))
            self._mark_near(sorted(later), {number: text})

    # ---- exact copies

    def _has_earlier(self, number: int, digest: str) -> bool:
        """Whether any article before *number* has this digest."""
        query = "SELECT 1 FROM articles WHERE digest = ? AND number < ? LIMIT 1"
        return self.connection.execute(query, (digest, number)).fetchone() is not None

    def _mark_exact(self, number: int, digest: str) -> None:
        """Let the articles with this digest, from *number* on, point to the first that has it."""
        self.write().execute(
            """
            UPDATE articles SET duplicate_of = (
                SELECT id FROM articles AS earlier
                WHERE earlier.digest = articles.digest AND earlier.number < articles.number
                ORDER BY earlier.number LIMIT 1
            ) WHERE digest = ? AND number >= ?
            """,
            (digest, number),
        )

    # ---- near copies

    def _mark_near(self, numbers: Sequence[int], fresh: dict[int, Text], *, are_new: bool = False) -> bool:
        """Find the nearest earlier article of each, return whether any has one; *fresh* texts are not kept yet."""
        is_any = False
        for number in numbers:
            near = self._nearest(number, fresh) if self.similarity else None
            is_any |= near is not None
            if near is None and are_new:
                continue  # nothing is marked yet
            self.write().execute(
                """
                UPDATE articles SET similarity = :similarity,
                    near_duplicate_of = (SELECT id FROM articles WHERE number = :near) WHERE number = :number
                """,
                {"number": number, "near": near and near[0], "similarity": near and round(near[1], 4)},
            )
        return is_any

    def _nearest(self, number: int, fresh: dict[int, Text]) -> tuple[int, float] | None:
        text = fresh.get(number) or self._text(number)
        if not text.is_comparable:
            return None
        best: tuple[int, float] | None = None
        for most, earlier in self._candidates(text, 0, number - 1)[:_READ]:
            least = best[1] if best else self.similarity
            if most < least:
                break  # nor may any behind it
            likeness = text.likeness(fresh.get(earlier) or self._text(earlier), least)
            if likeness >= least and (best is None or (-likeness, earlier) < (-best[1], best[0])):
                best = earlier, likeness
        return best

    def _candidates(self, text: Text, first: int, last: int) -> list[tuple[float, int]]:
        """Return which articles in that range may be alike, the likeliest first, behind how like they may be."""
        found = text.fingerprint
        return found.likeliest(self.sharing(found.bands, first, last), self.similarity)

    # ---- the table in which candidates are found

    def _complete(self, *, but: int) -> None:
        """Let all articles be found but the one with that number, whose text may not be stored yet."""
        noted = self.note(_SCHEME)
        if not self.similarity:
            if noted:
                self.set_note(_SCHEME, "")
            return
        if noted != duplicates.scheme():
            self._make(0, but=but, anew=True)
            self.set_note(_SCHEME, duplicates.scheme())
        elif missing := self.missing_from():
            self._make(missing, but=but)

    def _index(self, number: int, text: Text, before: Text | None) -> None:
        """Put *text* in the place of the article's text *before*."""
        if before is not None and before.is_comparable:
            self.drop(number, before.fingerprint)
        if text.is_comparable:
            keep = self.gather if before is None else self.put
            keep(number, text.fingerprint)

    def _make(self, first: int, *, but: int, anew: bool = False) -> None:
        """Make the bands from article *first* on: they are missing, or were made in another way."""
        numbers = self.connection.execute(
            "SELECT number FROM articles WHERE number >= ? AND number <> ? ORDER BY number", (first, but)
        ).fetchall()
        if numbers:
            logger.info("Making the bands of %d articles, to find near copies", len(numbers))
        texts = ((number, self._text(number)) for (number,) in numbers)
        self.put_all(((number, text.fingerprint) for number, text in texts if text.is_comparable), anew=anew)

    def _text(self, number: int) -> Text:
        """Return the text of the last revision that is kept."""
        row = self.connection.execute(
            "SELECT record FROM revisions WHERE article = ? ORDER BY revision DESC LIMIT 1", (number,)
        ).fetchone()
        record = json.loads(row[0])
        return Text.of([record["lead"] or "", *record["body"]])


def _marked(article: Article, duplicate: str | None, near: NearDuplicate | None) -> Article:
    if (duplicate, near) == (article.duplicate_of, article.near_duplicate_of):
        return article
    return replace(article, duplicate_of=duplicate, near_duplicate_of=near)


def paragraphs(article: Article) -> Iterable[str]:
    """Return the text of *article* as it is compared."""
    return [article.lead or "", *article.body]

"""Articles: their revisions, what was observed of them, and what they call related."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from vovcrawler import urls
from vovcrawler.catalogue.graph import headline_key
from vovcrawler.catalogue.store import Part, made_of
from vovcrawler.duplicates import Text
from vovcrawler.items import Article, from_record

# Makes the line of the archive feed from a judged record, its end included.
Line = Callable[[Article], bytes]

_KEEP = """
INSERT INTO articles (id, page, revision, digest, url, headline, headline_key, published_at,
    section, layout, first_seen, seen_at, linked_at)
VALUES (:id, :page, :revision, :digest, :url, :headline, :headline_key, :published_at,
    :section, :layout, :at, :at, :at)
ON CONFLICT (id) DO UPDATE SET state = 'live', revision = :revision, digest = :digest, url = :url,
    page = coalesce(:page, page), headline = :headline, headline_key = :headline_key,
    published_at = :published_at, section = :section, layout = :layout,
    seen_at = max(seen_at, :at), linked_at = :at
RETURNING number
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """An article as the catalogue has it now."""

    number: int
    id: str
    page: int | None
    state: Literal["live", "gone"]
    revision: int
    digest: str
    first_seen: str
    seen_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One state of an article's text, and when it was seen."""

    revision: int
    digest: str
    captured_at: str | None
    first_seen: str
    seen_at: str
    record: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What the server answered at one time in place of an article, or on its return."""

    at: str
    status: int
    capture: dict[str, Any] | None


class Articles(Part):
    """The part of the catalogue that judges and keeps records."""

    #: Whether it keeps what articles call related; who only judges them needs none of it.
    keeps_links = True
    #: Whether anybody will search it, or look for articles by their headlines.
    has_readers = True

    # ---- what is known

    def article(self, id_: str) -> Known | None:
        """Return what is known of the article with this id."""
        return self._known("id = ?", id_)

    def number_of(self, id_: str) -> int | None:
        """Return the number of the article with this id, ``None`` when it is not known."""
        row = self.connection.execute("SELECT number FROM articles WHERE id = ?", (id_,)).fetchone()
        return row[0] if row else None

    def article_of_page(self, page: int) -> Known | None:
        """Return the article that was last read at this page, if there is one."""
        return self._known("number = (SELECT article FROM pages WHERE number = ?) AND page = ?", page, page)

    def _known(self, where: str, *values: str | int) -> Known | None:
        row = self.connection.execute(
            f"SELECT number, id, page, state, revision, digest, first_seen, seen_at FROM articles WHERE {where}",
            values,
        ).fetchone()
        return made_of(Known, row) if row else None

    def born_at(self, article: int) -> str:
        """Return when an article was published, or first seen where its page does not say."""
        row = self.connection.execute(
            "SELECT coalesce(published_at, first_seen) FROM articles WHERE number = ?", (article,)
        ).fetchone()
        born: str = row[0]
        return born

    def last_record(self, article: int) -> Article:
        """Return the record of the last revision of the article with this number."""
        row = self.connection.execute(
            """
            SELECT record FROM revisions JOIN articles ON articles.number = article
            WHERE article = ? AND revisions.revision = articles.revision
            """,
            (article,),
        ).fetchone()
        return from_record(json.loads(row[0]))

    def revisions(self, article: int) -> Iterator[Revision]:
        """Yield the revisions of an article, the first one first."""
        rows = self.connection.execute(
            """
            SELECT revision, digest, captured_at, first_seen, seen_at, record FROM revisions
            WHERE article = ? ORDER BY revision
            """,
            (article,),
        )
        for *values, record in rows:
            named = dict(zip(Revision.__slots__, values, strict=False))
            yield Revision(**named, record=json.loads(record))

    def observations(self, article: int) -> Iterator[Observation]:
        """Yield what was observed of an article's page, the first one first."""
        rows = self.connection.execute(
            "SELECT at, status, capture FROM observations WHERE article = ? ORDER BY number", (article,)
        )
        for at, status, capture in rows:
            yield Observation(at=at, status=status, capture=json.loads(capture) if capture else None)

    def related(self, article: int) -> list[str]:
        """Return the addresses that stood under "Tin liên quan" at the last capture, in order."""
        rows = self.connection.execute(
            """
            SELECT links.url FROM links JOIN articles ON articles.number = source
            WHERE source = ? AND kind = 'related' AND last_seen = linked_at AND links.url IS NOT NULL
            ORDER BY position
            """,
            (article,),
        )
        return [url for (url,) in rows]

    # ---- what is recorded

    def record(
        self, article: Article, *, page: int | None, at: str, line: Line, text: Text | None = None
    ) -> Article:
        """Judge *article*, read at *page*, and keep it; return it with what the catalogue knows of it.

        That is ``status``, ``revision``, ``duplicate_of``, ``near_duplicate_of`` and ``seq``. *at* is the time
        of the capture, *text* what it is compared as, where that is known. All of it or nothing enters the open
        transaction.
        """
        with self.whole():
            if article.status == "gone":
                return self._record_gone(article, at, line)
            known = self.article(article.id)
            if known and article.status == "unchanged":
                return self._confirm(article, known, page, at)
            if known is None:
                judged = article
                if (article.status, article.revision) != ("new", 1):
                    judged = replace(article, status="new", revision=1)
            elif known.digest != article.content_digest:
                judged = replace(article, status="revised", revision=known.revision + 1)
            else:
                judged = replace(article, status="unchanged", revision=known.revision, seq=None)
            number = self._keep_article(judged, page, at)
            judged = self.mark(number, judged, text)
            if known:
                self._see_again(known, at, article, is_same=judged.status == "unchanged")
            if judged.status != "unchanged":
                judged = self._publish(judged, number, at, line, keep=True)
                if self.has_readers:
                    self.to_index(number)
            if self.keeps_links:
                self._keep_links(judged, number, at)
            return judged

    def _confirm(self, article: Article, known: Known, page: int | None, at: str) -> Article:
        """Keep that a page is as it was at its last visit, when it may have said more than the last record has."""
        values = {"number": known.number, "page": page, "at": at}
        self.write().execute(
            """
            UPDATE links SET last_seen = :at
            WHERE source = :number AND last_seen = (SELECT linked_at FROM articles WHERE number = :number)
            """,
            values,
        )
        self.write().execute(
            """
            UPDATE articles SET state = 'live', page = coalesce(:page, page), seen_at = max(seen_at, :at),
                linked_at = :at WHERE number = :number
            """,
            values,
        )
        self._see_again(known, at, article, is_same=True)
        return self.mark(known.number, article)

    def _see_again(self, known: Known, at: str, article: Article, *, is_same: bool) -> None:
        """Keep when the last text of an article was there, and that the article is back."""
        if is_same:
            self.write().execute(
                "UPDATE revisions SET seen_at = max(seen_at, ?) WHERE article = ? AND revision = ?",
                (at, known.number, known.revision),
            )
        if known.state == "gone":
            self.observe(known.number, at, 200, article.capture)

    def _keep_article(self, article: Article, page: int | None, at: str) -> int:
        values = {
            "id": article.id,
            "page": page,
            "revision": article.revision,
            "digest": article.content_digest,
            "url": article.url,
            "headline": article.headline,
            "headline_key": self._headline_key(article.headline),
            "published_at": article.published_at,
            "section": article.section[0] if article.section else None,
            "layout": article.layout,
            "at": at,
        }
        row: tuple[int] = self.write().execute(_KEEP, values).fetchone()
        return row[0]

    def _publish(self, article: Article, number: int, at: str, line: Line, *, keep: bool) -> Article:
        """Give *article* its place in the archive feed; *keep* its record as a revision."""
        connection = self.write()
        seq, day, start = self._place(at)
        judged = replace(article, seq=seq)
        text = line(judged)
        connection.execute(
            "INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?, ?)",
            (seq, number, judged.revision, judged.status, day, start, len(text)),
        )
        if keep:
            connection.execute(
                """
                INSERT INTO revisions
                    (article, revision, digest, captured_at, capture, first_seen, seen_at, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))
                """,
                (
                    number,
                    judged.revision,
                    judged.content_digest,
                    judged.captured_at,
                    json.dumps(judged.capture),
                    at,
                    at,
                    text.removesuffix(b"\n"),
                ),
            )
        return judged

    def _keep_links(self, article: Article, number: int, at: str) -> None:
        self.write().executemany(
            """
            INSERT INTO links
                (source, target, url, headline, headline_key, teaser, position, first_seen, last_seen)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, kind, coalesce(url, headline)) DO UPDATE SET
                headline = excluded.headline, headline_key = excluded.headline_key, teaser = excluded.teaser,
                position = excluded.position, last_seen = excluded.last_seen
            """,
            [
                (
                    number,
                    urls.record_id(link.url) if link.url else None,
                    link.url,
                    link.headline,
                    self._headline_key(link.headline),
                    link.teaser,
                    position,
                    at,
                    at,
                )
                for position, link in enumerate(article.related)
            ],
        )

    def _headline_key(self, headline: str | None) -> int | None:
        return headline_key(headline) if self.has_readers else None

    # ---- what is gone

    def vanished(self, page: int, at: str, status: int, capture: dict[str, Any] | None) -> Article | None:
        """Remember that *page* answered *status* (404, 410) at time *at*.

        Returns the last record, with the status ``gone``, when that is the first such answer since the article
        was captured here; ``None`` when it is not, or when this page never was an article.
        """
        known = self.article_of_page(page)
        if known is None:
            return None
        self.observe(known.number, at, status, capture)
        if known.state == "gone":
            return None
        return replace(self.last_record(known.number), status="gone", seq=None)

    def _record_gone(self, article: Article, at: str, line: Line) -> Article:
        known = self.article(article.id)
        if known is None:
            raise LookupError(f"An article that was never there cannot be gone: {article.id}")
        self.write().execute("UPDATE articles SET state = 'gone' WHERE number = ?", (known.number,))
        return self._publish(article, known.number, at, line, keep=False)

    def observe(self, article: int, at: str, status: int, capture: dict[str, Any] | None) -> None:
        """Remember what the server said of an article's page at time *at*."""
        self.write().execute(
            "INSERT INTO observations (article, at, status, capture) VALUES (?, ?, ?, ?)",
            (article, at, status, json.dumps(capture) if capture else None),
        )

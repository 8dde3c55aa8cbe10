"""The search index as it is kept: the words of each article's last revision, in the transaction that records it.

FTS5 stores no text here, only where tokens stand. A text is indexed as its folded words in order, then its words
with marks, each once: folded words find it, marked ones tell how it is spelt. To take a document out, FTS5 has to
be told its words again; they are made anew from the stored record. How one searches is in
:mod:`vovcrawler.catalogue.search`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import chain
from typing import Any

from vovcrawler.catalogue.store import Part
from vovcrawler.facets import facets, seconds
from vovcrawler.queries import EVERY, words

#: Numbers of documents go by ten minutes of publication; so many articles fit into each without crowding.
SLOT_SECONDS, SLOT = 600, 64
# How often the distance to a free place is doubled before a document goes behind all others.
_DOUBLINGS = 20

_PIECE = re.compile(r"[^\W_]+")
_SCHEME, _SLACK = "search_scheme", "search_slack"
# To be raised when documents are made differently and the probe does not show it.
_VERSION = 1
_PROBE = "Đàm phán hoà bình: 26/5, VOV.VN; ﬁ ½ ÐƯỜNG e\u0301 Ⅷ Straße"
_BATCH = 256
_KNOWN_WORDS = 100_000


class _Spellings(dict[str, tuple[str, str]]):
    """The folded and, where it has marks, the marked form of words as they are printed: news repeats its words."""

    def __missing__(self, printed: str) -> tuple[str, str]:
        if len(self) > _KNOWN_WORDS:
            self.clear()
        found = words(printed)
        self[printed] = told = (
            " ".join(word.folded for word in found),
            " ".join(word.spelt for word in found if word.is_marked),
        )
        return told


_spellings = _Spellings()


@dataclass(frozen=True, slots=True)
class Tokens:
    """Text as it is indexed: its folded words in order, then each marked one."""

    text: str
    words: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Tokens:
        """Read *texts*.

        >>> Tokens.of(["Đàm phán", "Nga đàm phán"]).text
        'dam phan nga dam phan đàm phán'
        """
        printed = [piece for text in texts for piece in _PIECE.findall(unicodedata.normalize("NFC", text))]
        spellings = list(map(_spellings.__getitem__, printed))
        each = dict.fromkeys(spellings)
        marked = dict.fromkeys(spelt for _, spelt in each if spelt)
        words = [folded for folded, _ in spellings]
        return cls(" ".join([*words, *marked]), frozenset(folded for folded, _ in each))


@dataclass(frozen=True, slots=True)
class Document:
    """The tokens of one record, column by column."""

    headline: Tokens
    lead: Tokens
    body: Tokens
    facets: str

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Document:
        body = [*record["body"], *(image["caption"] or "" for image in record["images"])]
        return cls(
            headline=Tokens.of([record["headline"] or ""]),
            lead=Tokens.of([record["lead"] or ""]),
            body=Tokens.of(body),
            facets=" ".join([EVERY, *facets(record)]),
        )

    @property
    def front(self) -> tuple[str, ...]:
        return self.headline.text, self.lead.text, self.facets

    @property
    def text(self) -> tuple[str, ...]:
        return self.body.text, self.headline.text, self.lead.text, self.facets

    @property
    def words(self) -> frozenset[str]:
        return self.headline.words | self.lead.words | self.body.words


@cache
def scheme() -> str:
    """Return the name of the way in which documents are made here; those of another way cannot be taken out."""
    return f"{_VERSION}-{sha256(Tokens.of([_PROBE]).text.encode()).hexdigest()[:16]}"


class Indexing(Part):
    """The part of the catalogue that keeps the search index."""

    def to_index(self, article: int) -> None:
        """Let the last revision of *article* enter the index before the transaction ends."""
        self.write().execute("INSERT OR IGNORE INTO search_queue VALUES (?)", (article,))

    def index(self) -> int:
        """Bring the index up to what was recorded; return how many articles that were."""
        if self.note(_SCHEME) != scheme():
            self._start_anew()
        indexed = 0
        while batch := list(self._batch()):
            for row in batch:
                self._put_in(*row)
            numbers = ((article,) for article, *_ in batch)
            self.write().executemany("DELETE FROM search_queue WHERE article = ?", numbers)
            indexed += len(batch)
        return indexed

    def _start_anew(self) -> None:
        """Make an empty index and queue every article for it."""
        connection = self.write()
        for table in ("search_fronts", "search_texts"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        connection.execute("DELETE FROM search_documents")
        connection.execute("DELETE FROM search_words")
        connection.execute("INSERT OR IGNORE INTO search_queue SELECT number FROM articles")
        self._known_words().clear()
        self.set_note(_SCHEME, scheme())
        self.set_note(_SLACK, "0")

    def _batch(self) -> Iterator[tuple[int, int, dict[str, Any], int | None, str | None]]:
        """Yield articles of the queue, the oldest first: FTS5 takes rising numbers in one go.

        Each with its revision and record, and with the number and the record that are in the index now.
        """
        rows = self.connection.execute(
            """
            SELECT queue.article, new.revision, new.record, old_document.number, old.record
            FROM search_queue AS queue JOIN articles ON articles.number = queue.article
            JOIN revisions AS new ON new.article = queue.article AND new.revision = articles.revision
            LEFT JOIN search_documents AS old_document ON old_document.article = queue.article
            LEFT JOIN revisions AS old
                ON old.article = queue.article AND old.revision = old_document.revision
            LIMIT ?
            """,
            (_BATCH,),
        ).fetchall()
        read = [(article, revision, json.loads(new), number, old) for article, revision, new, number, old in rows]
        yield from sorted(read, key=lambda row: seconds(row[2]["published_at"]) or 0)

    def _put_in(
        self, article: int, revision: int, record: Mapping[str, Any], before: int | None, old: str | None
    ) -> None:
        connection = self.write()
        if before is not None:
            if old is not None:
                self._take_out(before, Document.of(json.loads(old)))
            connection.execute("DELETE FROM search_documents WHERE number = ?", (before,))
        document = Document.of(record)
        published = seconds(record["published_at"])
        number = self._slot(published)
        connection.execute(
            "INSERT INTO search_documents VALUES (?, ?, ?, ?)", (number, article, revision, published)
        )
        connection.execute(
            "INSERT INTO search_fronts (rowid, headline, lead, facets) VALUES (?, ?, ?, ?)",
            (number, *document.front),
        )
        connection.execute(
            "INSERT INTO search_texts (rowid, body, headline, lead, facets) VALUES (?, ?, ?, ?, ?)",
            (number, *document.text),
        )
        self._learn(document)

    def _take_out(self, number: int, document: Document) -> None:
        self.write().execute(
            """
            INSERT INTO search_fronts (search_fronts, rowid, headline, lead, facets)
            VALUES ('delete', ?, ?, ?, ?)
            """,
            (number, *document.front),
        )
        self.write().execute(
            """
            INSERT INTO search_texts (search_texts, rowid, body, headline, lead, facets)
            VALUES ('delete', ?, ?, ?, ?, ?)
            """,
            (number, *document.text),
        )

    def _slot(self, published: int | None) -> int:
        """Return a free number for a document of that time; what has no time is older than all.

        Where the place is crowded it is looked for farther and farther ahead; how far is noted for searches.
        """
        first = slot(published)
        if published is None:
            # No article is older than the site: there is room for all that have no time.
            last = self._last_document(first, slot(0) - 1)
            return first if last is None else last + 1
        for ahead in chain((0,), (2**power for power in range(_DOUBLINGS))):
            start = first + ahead * SLOT
            last = self._last_document(start, start + SLOT - 1)
            if last is None or last < start + SLOT - 1:
                break
        else:
            last = self._last_document(first, 2**62)
            assert last is not None
            ahead = (last + 1 - first) // SLOT + 1
        if ahead > self.search_slack():
            self.set_note(_SLACK, str(ahead))
        return start if last is None else last + 1

    def _last_document(self, first: int, last: int) -> int | None:
        row = self.connection.execute(
            "SELECT max(number) FROM search_documents WHERE number BETWEEN ? AND ?", (first, last)
        ).fetchone()
        number: int | None = row[0]
        return number

    def search_slack(self) -> int:
        """Return how many slots a document may stand after its own."""
        return int(self.note(_SLACK) or 0)

    def _learn(self, document: Document) -> None:
        """Remember the words of *document* for prefixes."""
        known = self._known_words()
        fresh = document.words - known
        if not fresh:
            return
        if len(known) > _KNOWN_WORDS:
            known.clear()
        known |= fresh
        rows = ((word,) for printed in fresh for word in printed.split())
        self.write().executemany("INSERT OR IGNORE INTO search_words VALUES (?)", rows)

    def _known_words(self) -> set[str]:
        known: set[str] = self.__dict__.setdefault("_seen_words", set())
        return known


def slot(published: int | None) -> int:
    """Return the first number of the slot of that time; there is none before 1900."""
    return (
        0
        if published is None
        else (max(published, -2_208_988_800) + 2_208_988_800 + SLOT_SECONDS) // SLOT_SECONDS * SLOT
    )

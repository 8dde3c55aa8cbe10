"""The archive feed as rows: which line stands where, so that the files can be told right from torn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vovcrawler import dates
from vovcrawler.catalogue.store import Part, made_of
from vovcrawler.items import Article, from_record

_SEALED = "feed_sealed_through"
_STALE = "feed_is_stale"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedLine:
    """One line of the archive feed: its place, and its text when that is stored as it was printed."""

    seq: int
    day: str
    start: int
    length: int
    status: str
    record: str

    @property
    def article(self) -> Article:
        """The record of this line; a ``gone`` line is the last record again under its own number."""
        article = from_record(json.loads(self.record))
        return replace(article, status="gone", seq=self.seq) if self.status == "gone" else article


class Feed(Part):
    """The part of the catalogue that knows the archive feed."""

    def _place(self, at: str) -> tuple[int, str, int]:
        """Return number, day and first byte of the next line, whose capture was at *at*.

        Days never go back, also when the clock does, and a sealed day is never opened again.
        """
        last = self.connection.execute(
            "SELECT seq, day, start + length FROM feed ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        day = dates.vietnam_day(datetime.fromisoformat(at)).isoformat()
        if sealed := self.note(_SEALED):
            day = max(day, _next(sealed))
        if last is None:
            return 1, day, 0
        seq, last_day, end = last
        return (seq + 1, last_day, end) if day <= last_day else (seq + 1, day, 0)

    def last_seq(self) -> int:
        """Return the number of the last line of the feed, 0 before the first."""
        row = self.connection.execute("SELECT max(seq) FROM feed").fetchone()
        return row[0] or 0

    def feed_lines(
        self, *, after: int = 0, day: str | None = None, start: int = 0, backwards: bool = False
    ) -> Iterator[FeedLine]:
        """Yield the lines behind number *after*: all of them, or those of one *day* from byte *start* on."""
        where, values = ("seq > ?", (after,)) if day is None else ("day = ? AND start >= ?", (day, start))
        rows = self.connection.execute(
            f"""
            SELECT seq, day, start, length, status, record FROM feed JOIN revisions USING (article, revision)
            WHERE {where} ORDER BY seq {"DESC" if backwards else "ASC"}
            """,
            values,
        )
        for row in rows:
            yield made_of(FeedLine, row)

    def feed_days(self) -> list[tuple[str, int]]:
        """Return each day that is not sealed yet, with its size in bytes."""
        rows = self.connection.execute(
            """
            SELECT day, start + length FROM feed
            WHERE seq IN (SELECT max(seq) FROM feed WHERE day > ? GROUP BY day) ORDER BY day
            """,
            (self.note(_SEALED) or "",),
        )
        return list(rows)

    def sealed_days(self) -> list[tuple[str, int]]:
        """Return each day that is sealed, with its size in bytes."""
        rows = self.connection.execute(
            """
            WITH RECURSIVE days (day) AS (
                SELECT min(day) FROM feed
                UNION ALL
                SELECT (SELECT min(day) FROM feed WHERE feed.day > days.day) FROM days WHERE day IS NOT NULL)
            SELECT day, (SELECT start + length FROM feed WHERE feed.day = days.day ORDER BY seq DESC LIMIT 1)
            FROM days WHERE day <= ?
            """,
            (self.note(_SEALED) or "",),
        )
        return list(rows)

    def last_day(self) -> str | None:
        """Return the day of the last line, ``None`` before the first."""
        row = self.connection.execute("SELECT day FROM feed ORDER BY seq DESC LIMIT 1").fetchone()
        return row[0] if row else None

    def is_sealed(self, day: str) -> bool:
        """Whether the feed is closed up to *day*."""
        return day <= (self.note(_SEALED) or "")

    def feed_is_stale(self) -> None:
        """Remember that the files do not belong to these lines: they are to be written anew."""
        self.set_note(_STALE, "1")

    def is_feed_stale(self) -> bool:
        """Whether the files are to be written anew."""
        return self.note(_STALE) is not None

    def unseal(self) -> None:
        """Open all days again."""
        self.write().execute("DELETE FROM notes WHERE name = ?", (_SEALED,))

    def feed_is_written(self) -> None:
        """Remember that the files belong to these lines again."""
        self.write().execute("DELETE FROM notes WHERE name = ?", (_STALE,))

    def sealed(self, day: str) -> None:
        """Remember that the feed is closed up to and with *day*."""
        self.set_note(_SEALED, day)


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()

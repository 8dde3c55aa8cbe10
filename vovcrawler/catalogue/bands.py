"""The bands in which near copies are found: one table of all articles, and what a run adds, gathered in memory.

Bands are spread at random: written at once, each of an article's sixteen changes another page of a large table.
So those of new articles are gathered, and enter the table in its order, where many fall on one page; a slice goes
with a commit, so that none takes long. What is found comes from both and is the same wherever it stands. What was
gathered is gone with the process; a note says from which article on bands may be missing then.

Before a band is looked for, it has to pass a sieve of all that there are. It is kept in the catalogue when that is
closed, and made anew from the table when a run was killed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from vovcrawler.catalogue.sieve import Sieve
from vovcrawler.catalogue.store import Part
from vovcrawler.duplicates import Fingerprint

# So many articles are gathered, in 15 MB, before they enter the table, in so many slices; an eighth as many may
# come meanwhile.
_GATHERED, _SLICES, _MEANWHILE = 49_152, 64, 8
# So many rows, or a slice, enter in one transaction when the catalogue is closed.
_ROWS = 16_384
_FIRST_BAND, _BANDS = -(1 << 31), 1 << 32
# Under this name stands the first article whose bands may not be in the table; empty when all are.
_MISSING = "copies_missing"
# Under this name stands of how many bands the sieve is that is kept; empty when it may lack some of the table.
_SIEVE = "copies_sieve"
# As many of its bytes fit into a page.
_PART = 4_000

# Boilerplate puts thousands of articles into one band. The oldest and the newest of them are looked at, since
# a copy is mostly made soon. So an article costs the same for ever.
_WINDOW = 64
_FOUND = " UNION ALL ".join(
    f"SELECT article, hint FROM {place}.bands WHERE band = ? AND article BETWEEN ? AND ?"
    for place in ("main", "fresh")
)
_SOME = f"{_FOUND} LIMIT ?"
_ENDS = tuple(f"{_FOUND} ORDER BY article {order} LIMIT ?" for order in ("ASC", "DESC"))


class Bands(Part):
    """The part of the catalogue that knows which articles share a band."""

    # While bands enter the table: the next slice, and the last article that was there when it began.
    _slice: int | None = None
    _called_in = 0
    # Articles that were gathered since then.
    _gathered = 0
    # Whether what an earlier run left out is in the table by now.
    _is_whole = False
    # What lets pass whatever was gathered or stands in the table; and whether it is ahead of the one that is kept.
    _sieve: Sieve | None = None
    _is_ahead = False

    def sharing(self, bands: Iterable[int], first: int, last: int) -> Iterable[tuple[int, int]]:
        """Return the articles from number *first* to *last* that share one of *bands*, each with its hint."""
        return chain.from_iterable(self._in_band(band, first, last) for band in self._sieved.passing(bands))

    def _in_band(self, *wanted: int) -> list[tuple[int, int]]:
        found = self.connection.execute(_SOME, (*wanted, *wanted, 2 * _WINDOW)).fetchall()
        if len(found) == 2 * _WINDOW:
            found = [row for end in _ENDS for row in self.connection.execute(end, (*wanted, *wanted, _WINDOW))]
        return found

    # ---- what changes

    def gather(self, number: int, its: Fingerprint) -> None:
        """Let the article with this number, which is new, be found by *its* bands."""
        self._gather(number, its)
        self._gathered += 1

    def put(self, number: int, its: Fingerprint) -> None:
        """Let the article with this number, which was revised, be found by *its* bands."""
        self._let_pass(its)
        rows = [(band, number, its.hint) for band in its.bands]
        self.write().executemany("INSERT OR IGNORE INTO main.bands VALUES (?, ?, ?)", rows)

    def _gather(self, number: int, its: Fingerprint) -> None:
        self._let_pass(its)
        self.write().execute("INSERT INTO fresh.hints VALUES (?, ?)", (number, its.hint))
        rows = [(band, number) for band in its.bands]
        self.connection.executemany("INSERT OR IGNORE INTO fresh.places VALUES (?, ?)", rows)

    def drop(self, number: int, its: Fingerprint) -> None:
        """Let the article with this number no longer be found by *its* bands."""
        rows = [(band, number) for band in its.bands]
        for table in ("main.bands", "fresh.places"):
            self.write().executemany(f"DELETE FROM {table} WHERE band = ? AND article = ?", rows)
        self.connection.execute("DELETE FROM fresh.hints WHERE article = ?", (number,))

    def put_all(self, articles: Iterable[tuple[int, Fingerprint]], *, anew: bool) -> None:
        """Let *articles* be found by their bands, and no others if *anew*."""
        if anew:
            for table in ("main.bands", "fresh.places", "fresh.hints"):
                self.write().execute(f"DELETE FROM {table}")
            self.set_note(_SIEVE, "")
        for count, (number, its) in enumerate(articles, 1):
            self._gather(number, its)
            if count % _GATHERED == 0:
                self._take(0, _SLICES)
        self._take(0, _SLICES)
        self.set_note(_MISSING, "")

    # ---- from the memory to the table

    def missing_from(self) -> int | None:
        """Return from which article on bands are missing, because a run was killed."""
        noted = None if self._is_whole else self.note(_MISSING)
        return int(noted) if noted else None

    def settle_bands(self) -> None:
        """Let what was gathered enter the table, slice by slice, when it is time; part of each commit."""
        if self._is_ahead and self.note(_SIEVE):
            self.set_note(_SIEVE, "")
        if self._slice is None:
            if not self._gathered:
                return
            self._is_whole = True
            if not self.note(_MISSING):
                (first,) = self.connection.execute("SELECT min(article) FROM fresh.hints").fetchone()
                self.set_note(_MISSING, str(first or ""))
            if self._gathered < _GATHERED:
                return
            (self._called_in,) = self.connection.execute("SELECT max(number) FROM articles").fetchone()
            self._slice, self._gathered = 0, 0
        due = min(_SLICES, 1 + _MEANWHILE * _SLICES * self._gathered // _GATHERED)
        self._take(self._slice, due)
        self._slice = due
        if due == _SLICES:
            self.set_note(_MISSING, str(self._called_in + 1))
            self._slice = None

    def settle_all_bands(self) -> None:
        """Let all that was gathered enter the table, before the catalogue is closed."""
        (rows,) = self.connection.execute("SELECT count(*) FROM fresh.places").fetchone()
        if not (rows or self._is_ahead):
            return
        slices = max(1, _SLICES * _ROWS // max(1, rows))
        for first in range(0, _SLICES, slices):
            self._take(first, first + slices)
            if first + slices >= _SLICES:
                self.set_note(_MISSING, "")
                self._keep_sieve()
            self._end("COMMIT")

    def _take(self, first: int, end: int) -> None:
        """Move the slices from *first* on, before *end*, of what was gathered to the table."""
        bands = [_FIRST_BAND + _BANDS * place // _SLICES for place in (first, end)]
        connection = self.write()
        connection.execute(
            "INSERT OR IGNORE INTO main.bands SELECT * FROM fresh.bands WHERE band >= ? AND band < ?", bands
        )
        connection.execute("DELETE FROM fresh.places WHERE band >= ? AND band < ?", bands)
        if end >= _SLICES:
            connection.execute("DELETE FROM fresh.hints WHERE article NOT IN (SELECT article FROM fresh.places)")

    # ---- the sieve in front of both

    @property
    def _sieved(self) -> Sieve:
        if self._sieve is None or self._sieve.is_full:
            self._sieve = self._kept_sieve() or self._new_sieve()
        return self._sieve

    def _let_pass(self, its: Fingerprint) -> None:
        self._sieved.add(its.bands)
        self._is_ahead = True

    def _kept_sieve(self) -> Sieve | None:
        """Return the sieve that is kept, unless it is full, or a run was killed that did not keep its own."""
        number = self.note(_SIEVE)
        if self._sieve or not number:
            return None
        bits = bytearray()
        for (part,) in self.connection.execute("SELECT bits FROM sieve ORDER BY start"):
            bits += part
        kept = Sieve(bits, int(number))
        return None if kept.is_full else kept

    def _new_sieve(self) -> Sieve:
        """Make a sieve of all that there is: once nine seconds for a million articles."""
        places = ("main.bands", "fresh.places")
        execute = self.connection.execute
        number = sum(execute(f"SELECT count(*) FROM {place}").fetchone()[0] for place in places)
        rows = execute(" UNION ALL ".join(f"SELECT band FROM {place}" for place in places))
        return Sieve.of(number, (band for (band,) in rows))

    def _keep_sieve(self) -> None:
        bits = self._sieved.bits
        parts = ((start, bits[start : start + _PART]) for start in range(0, len(bits), _PART))
        self.write().execute("DELETE FROM sieve WHERE start >= ?", (len(bits),))
        self.connection.executemany(
            """
            INSERT INTO sieve VALUES (?, ?)
            ON CONFLICT DO UPDATE SET bits = excluded.bits WHERE bits <> excluded.bits
            """,
            parts,
        )
        self.set_note(_SIEVE, str(self._sieved.number))
        self._is_ahead = False

"""The bands in which near copies are found: one table of all articles, and what a run adds, gathered in memory.

Bands are spread at random: written at once, each of an article's twelve changes another page of a large table.
So those of new articles are gathered, and enter the table in its order, where many fall on one page; a slice goes
with a commit, so that none takes long. What is found comes from both and is the same wherever it stands. What was
gathered is gone with the process; a note says from which article on bands may be missing then.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from vovcrawler.catalogue.store import Part
from vovcrawler.duplicates import Fingerprint

# So many articles are gathered, in 16 MB, before they enter the table, in so many slices; an eighth as many may
# come meanwhile.
_GATHERED, _SLICES, _MEANWHILE = 49_152, 64, 8
# So many rows, or a slice, enter in one transaction when the catalogue is closed.
_ROWS = 16_384
_FIRST_BAND, _BANDS = -(1 << 31), 1 << 32
# Under this name stands the first article whose bands may not be in the table; empty when all are.
_MISSING = "copies_missing"

# Boilerplate puts thousands of articles into one band. The oldest and the newest of them are looked at, since
# a copy is mostly made soon. So an article costs the same for ever.
_WINDOW = 64
_FOUND = " UNION ALL ".join(
    f"SELECT article, hint FROM {place}.bands WHERE band = ?1 AND article BETWEEN ?2 AND ?3"
    for place in ("main", "fresh")
)
_SOME = f"{_FOUND} LIMIT ?4"
_ENDS = tuple(f"{_FOUND} ORDER BY article {order} LIMIT ?4" for order in ("ASC", "DESC"))


class Bands(Part):
    """The part of the catalogue that knows which articles share a band."""

    # While bands enter the table: the next slice, and the last article that was there when it began.
    _slice: int | None = None
    _called_in = 0
    # Articles that were gathered since then.
    _gathered = 0
    # Whether what an earlier run left out is in the table by now.
    _is_whole = False

    def sharing(self, bands: Iterable[int], first: int, last: int) -> Iterable[tuple[int, int]]:
        """Return the articles from number *first* to *last* that share one of *bands*, each with its hint."""
        return chain.from_iterable(self._in_band(band, first, last) for band in bands)

    def _in_band(self, *wanted: int) -> list[tuple[int, int]]:
        found = self.connection.execute(_SOME, (*wanted, 2 * _WINDOW)).fetchall()
        if len(found) == 2 * _WINDOW:
            found = [row for end in _ENDS for row in self.connection.execute(end, (*wanted, _WINDOW))]
        return found

    # ---- what changes

    def gather(self, number: int, its: Fingerprint) -> None:
        """Let the article with this number, which is new, be found by *its* bands."""
        self._insert("fresh", number, its)
        self._gathered += 1

    def put(self, number: int, its: Fingerprint) -> None:
        """Let the article with this number, which was revised, be found by *its* bands."""
        self._insert("main", number, its)

    def _insert(self, place: str, number: int, its: Fingerprint) -> None:
        rows = [(band, number, its.hint) for band in its.bands]
        self.write().executemany(f"INSERT OR IGNORE INTO {place}.bands VALUES (?, ?, ?)", rows)

    def drop(self, number: int, its: Fingerprint) -> None:
        """Let the article with this number no longer be found by *its* bands."""
        rows = [(band, number) for band in its.bands]
        for place in ("main", "fresh"):
            self.write().executemany(f"DELETE FROM {place}.bands WHERE band = ? AND article = ?", rows)

    def put_all(self, articles: Iterable[tuple[int, Fingerprint]], *, anew: bool) -> None:
        """Let *articles* be found by their bands, and no others if *anew*."""
        if anew:
            for place in ("main", "fresh"):
                self.write().execute(f"DELETE FROM {place}.bands")
        for count, (number, its) in enumerate(articles, 1):
            self._insert("fresh", number, its)
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
        if self._slice is None:
            if not self._gathered:
                return
            self._is_whole = True
            if not self.note(_MISSING):
                (first,) = self.connection.execute("SELECT min(article) FROM fresh.bands").fetchone()
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
        (rows,) = self.connection.execute("SELECT count(*) FROM fresh.bands").fetchone()
        if not rows:
            return
        slices = max(1, _SLICES * _ROWS // rows)
        for first in range(0, _SLICES, slices):
            self._take(first, first + slices)
            if first + slices >= _SLICES:
                self.set_note(_MISSING, "")
            self.connection.execute("COMMIT")

    def _take(self, first: int, end: int) -> None:
        """Move the slices from *first* on, before *end*, of what was gathered to the table."""
        bands = [_FIRST_BAND + _BANDS * place // _SLICES for place in (first, end)]
        connection = self.write()
        connection.execute(
            "INSERT OR IGNORE INTO main.bands SELECT * FROM fresh.bands WHERE band >= ? AND band < ?", bands
        )
        connection.execute("DELETE FROM fresh.bands WHERE band >= ? AND band < ?", bands)

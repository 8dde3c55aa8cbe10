"""The table of contents of a whole corpus, put together from the shards, and what each of its captures holds."""

from __future__ import annotations

import json
import os
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

from vovcrawler.corpus.answers import Looker, Outcome
from vovcrawler.corpus.scattered import Scattered
from vovcrawler.corpus.shards import Row, Shard, fill
from vovcrawler.scratch import scratch_database
from vovcrawler.sources import Capture, Damage
from vovcrawler.sources.index import Index, Place

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE outcomes (
    ref TEXT PRIMARY KEY, shard INTEGER NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL
) WITHOUT ROWID;
"""
_MAX_OPEN_SHARDS = 64


class Contents:
    """Captures in the order of a replay, and their outcomes: from the shards, else from the bytes themselves."""

    def __init__(self) -> None:
        self.index = Index()
        self.damage: list[Damage] = []
        self.source = Scattered(self.index)
        self._looker = Looker()
        self._shards: list[Shard] = []
        self._open: OrderedDict[int, Shard] = OrderedDict()
        self._db = scratch_database(_SCHEMA)
        self.close = weakref.finalize(self, _close, self._db.close, self.source, self._open)

    def take_in(self, folder: Path, count: int) -> None:
        """Take in *count* shards of *folder*."""
        for number in range(count):
            shard = Shard(folder, number)
            self._shards.append(shard)
            for row in fill(self.index, shard.rows()):
                self._take_in(row)

    def _take_in(self, row: Row) -> None:
        kind, *values = row
        if kind == "damage":
            self.damage.append(Damage(file=values[0], sentence=values[1], offset=values[2]))
        else:
            # Where two captures are referred to alike, a replay takes the first.
            ref, at, size = values
            place = (ref, len(self._shards) - 1, at, size)
            self._db.execute("INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?)", place)

    def unread(self) -> Iterator[Capture]:
        """Yield the captures of articles of which no shard tells: their bodies may be anywhere."""
        for capture in self.index.seeds():
            if capture.is_revisit and capture.status != 304 and self._place(capture) is None:
                yield capture

    def outcome(self, capture: Capture) -> Outcome:
        """Return what *capture* holds."""
        if (place := self._place(capture)) is None:
            # The rare ones: a page that only a redirect leads to, or "not modified" without anything before it.
            return self._looker.look(capture, self.source.address(capture), self.source.read(capture))
        number, at, size = place
        shard = self._open.setdefault(number, self._shards[number])
        self._open.move_to_end(number)
        if len(self._open) > _MAX_OPEN_SHARDS:
            self._open.popitem(last=False)[1].close()
        return shard.outcome(at, size)

    def all_damage(self) -> list[Damage]:
        """Return all that was found to be damaged so far."""
        return [*self.damage, *self.source.damage]

    def _place(self, capture: Capture) -> tuple[int, int, int] | None:
        query = "SELECT shard, at, size FROM outcomes WHERE ref = ?"
        found: tuple[int, int, int] | None = self._db.execute(query, (json.dumps(capture.ref),)).fetchone()
        return found

    def chain(self, capture: Capture) -> set[int]:
        """Return the numbers of *capture* and of those in which its body is looked for."""
        found: set[int] = set()
        number: int | None = capture.id
        while number is not None and number not in found:
            found.add(number)
            number = self.index.original(number) if self.index.place(number).is_revisit else None
        return found

    def rows(self, numbers: Iterable[int]) -> Iterator[Row]:
        """Yield the rows of a table of contents that holds only these captures, in the same order."""
        files: dict[Place, int] = {}
        for number in sorted(numbers):
            place = self.index.place(number)
            file = replace(place, offset=0, is_revisit=False)
            if file not in files:
                files[file] = len(files)
                yield ["file", files[file], os.fspath(file.path), file.name, file.start, file.stop]
            entry, ref = self.index.entry(number)
            yield ["entry", files[file], asdict(entry), ref]


def _close(close_database: object, source: Scattered, shards: OrderedDict[int, Shard]) -> None:
    source.close()
    for shard in shards.values():
        shard.close()
    close_database()  # type: ignore[operator]

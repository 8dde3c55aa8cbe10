"""What a task leaves behind: the table of contents of its files, and what each of their captures holds.

A shard is two files: ``.rows``, in the order in which they were met, and ``.outcomes``, to whose places rows
point. Both are written aside and renamed, so that they are whole or not there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from vovcrawler.corpus import answers
from vovcrawler.corpus.answers import Outcome
from vovcrawler.sources.captures import Kind
from vovcrawler.sources.index import Index
from vovcrawler.sources.warcs import Entry, Reading

Row = list[Any]


class Noted(Index):
    """A table of contents that also notes, row by row, how it was filled."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def add_file(self, path: Path, name: str, start: int = 0, stop: int | None = None) -> int:
        number = super().add_file(path, name, start, stop)
        self.rows.append(["file", number, os.fspath(path), name, start, stop])
        return number

    def add_page(self, kind: Kind, path: Path, name: str, url: str | None) -> None:
        super().add_page(kind, path, name, url)
        # Whoever takes the row in notes the file by himself.
        self.rows[-1] = ["page", kind, os.fspath(path), name, url]

    def add_entry(self, file: int, entry: Entry, ref: dict[str, Any]) -> None:
        super().add_entry(file, entry, ref)
        self.rows.append(["entry", file, asdict(entry), ref])

    def add_reading(self, file: int, reading: Reading) -> None:
        super().add_reading(file, reading)
        self.rows.append(["reading", file, asdict(reading)])

    def remove_file(self, file: int) -> None:
        super().remove_file(file)
        self.rows = [row for row in self.rows if not (row[0] in ("entry", "reading") and row[1] == file)]


def fill(index: Index, rows: Iterable[Row]) -> Iterator[Row]:
    """Enter *rows* into *index*; yield those that are about something else."""
    numbers: dict[int, int] = {}
    for kind, *values in rows:
        if kind == "file":
            number, path, name, start, stop = values
            numbers[number] = index.add_file(Path(path), name, start, stop)
        elif kind == "page":
            page_kind, path, name, url = values
            index.add_page(page_kind, Path(path), name, url)
        elif kind == "entry":
            index.add_entry(numbers[values[0]], Entry(**values[1]), values[2])
        elif kind == "reading":
            index.add_reading(numbers[values[0]], Reading(**values[1]))
        else:
            yield [kind, *values]


class ShardWriter:
    """Writes one shard; see :func:`writing`."""

    def __init__(self, rows: BinaryIO, outcomes: BinaryIO) -> None:
        self._rows, self._outcomes = rows, outcomes
        self._at = 0

    def row(self, row: Row) -> None:
        """Write a row."""
        self._rows.write(_line(row))

    def outcome(self, ref: dict[str, Any], outcome: Outcome) -> None:
        """Write what the capture holds to which a record refers as *ref*."""
        lines = answers.written(outcome)
        self.row(["outcome", json.dumps(ref), self._at, len(lines)])
        self._outcomes.write(lines)
        self._at += len(lines)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


@contextmanager
def writing(folder: Path, number: int) -> Iterator[ShardWriter]:
    """Let the block write the shard with this *number*; it is there when the block ends well."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = [_path(folder, number, kind) for kind in ("outcomes", "rows")]
    # Who was left over from a killed run may write the same shard.
    asides = [target.with_name(f"{target.name}.{os.getpid()}.part") for target in targets]
    try:
        with asides[0].open("wb") as outcomes, asides[1].open("wb") as rows:
            yield ShardWriter(rows, outcomes)
            for file in (outcomes, rows):
                file.flush()
                os.fsync(file.fileno())
        for aside, target in zip(asides, targets, strict=True):
            aside.replace(target)
    finally:
        for aside in asides:
            aside.unlink(missing_ok=True)


def _path(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:05}.{kind}"


class Shard:
    """A whole shard, open for reading."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._number = folder, number
        self._outcomes: BinaryIO | None = None

    def rows(self) -> Iterator[Row]:
        """Yield its rows."""
        with _path(self._folder, self._number, "rows").open("rb") as file:
            for line in file:
                yield json.loads(line.decode("utf-8", "surrogatepass"))

    def outcome(self, at: int, size: int) -> Outcome:
        """Return the outcome at this place."""
        if self._outcomes is None:
            self._outcomes = _path(self._folder, self._number, "outcomes").open("rb", buffering=0)
        self._outcomes.seek(at)
        return answers.read(self._outcomes.read(size))

    def close(self) -> None:
        """Close it; it opens again when it is asked."""
        if self._outcomes is not None:
            self._outcomes.close()
            self._outcomes = None

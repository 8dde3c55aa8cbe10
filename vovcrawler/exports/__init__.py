"""Exports: articles of the archive in files of other formats, each with a card that says what it holds.

Files are written aside and renamed when all of them are whole, so that a reader never sees half of one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Literal, get_args

from vovcrawler import dates
from vovcrawler.catalogue import Standing
from vovcrawler.errors import UsageTrouble
from vovcrawler.exports.card import Card, File
from vovcrawler.exports.formats import Csv, JsonLines, Writer
from vovcrawler.facets import slug

__all__ = ["FORMATS", "SPLITS", "Card", "MakeWriter", "Split", "parting", "to_files", "to_stream", "writer"]

FORMATS = ("jsonl", "csv", "parquet")
Split = Literal["day", "month", "year", "section"]
SPLITS: tuple[Split, ...] = get_args(Split)

MakeWriter = Callable[[IO[bytes]], Writer]

_LENGTHS = {"day": 10, "month": 7, "year": 4}
# A file cannot have any name, and a section may be called whatever its page says.
_LONGEST = 60


def writer(name: str, *, bom: bool = False) -> MakeWriter:
    """Return what writes the format of this name; raises :class:`UsageTrouble` where it cannot be had here."""
    if bom and name != "csv":
        raise UsageTrouble(f"--bom is for csv: a {name} file has no byte order mark.")
    if name == "jsonl":
        return JsonLines
    if name == "csv":
        return lambda file: Csv(file, bom=bom)
    try:
        # Only whoever asks for it has to have pyarrow, and waits until it is loaded.
        from vovcrawler.exports.parquet import Parquet
    except ImportError:
        raise UsageTrouble(
            "--format parquet needs pyarrow, which is not installed: pip install -e '.[parquet]'."
        ) from None
    return Parquet


def parting(split: Split) -> Callable[[str | None, str | None], str]:
    """Return what names the part that an article goes to: a day of publication in Vietnam, or a section.

    >>> parting("month")("2026-11-30T18:00:00Z", "Thế giới"), parting("section")(None, "Thế giới")
    ('2026-12', 'the-gioi')
    """

    def part(published: str | None, section: str | None) -> str:
        if split == "section":
            return slug(section or "")[:_LONGEST] or "no-section"
        return dates.vietnam_day(published).isoformat()[: _LENGTHS[split]] if published else "undated"

    return part


def to_stream(rows: Iterable[Standing], file: IO[bytes], make: MakeWriter) -> int:
    """Write *rows* to *file*; return how many they were."""
    number = 0
    writing = make(file)
    for row in rows:
        writing.write(row)
        number += 1
    writing.close()
    return number


def to_files(rows: Iterable[Standing], target: Path, make: MakeWriter, card: Card) -> list[Path]:
    """Write *rows* to *target*, each part of them to a file of its own, and *card* beside; return the files."""
    written: list[tuple[Path, Path]] = []
    with ExitStack() as cleaning:

        def aside(path: Path) -> Path:
            part = path.with_name(path.name + ".part")
            cleaning.callback(part.unlink, missing_ok=True)
            written.append((part, path))
            return part

        target.parent.mkdir(parents=True, exist_ok=True)
        for path, group in _groups(rows, target):
            with aside(path).open("wb") as plain:
                file = _Digesting(plain)
                number = to_stream(map(card.count, group), file, make)  # type: ignore[arg-type]
            card.files.append(File(path.name, number, file.size, file.digest.hexdigest()))
        about = aside(target.with_name(target.name + ".card.json"))
        # A path may be no text; then JSON has it by the numbers of its letters.
        about.write_text(card.text(), encoding="utf-8", errors="backslashreplace")
        for part, path in written:
            part.replace(path)
    return [path for _, path in written]


def _groups(rows: Iterable[Standing], target: Path) -> Iterator[tuple[Path, Iterator[Standing]]]:
    """Yield each part with its file; without parts, one file there is also when nothing goes into it."""
    groups = groupby(rows, key=lambda row: row.part)
    part, group = next(groups, ("", iter(())))
    while True:
        yield target.with_name(f"{target.stem}-{part}{target.suffix}") if part else target, group
        following = next(groups, None)
        if following is None:
            return
        part, group = following


class _Digesting:
    """A file that is measured while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._file = file
        self.closed = False

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self.digest.update(view)
        self.size += view.nbytes
        return self._file.write(view)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

"""The formats that need no library: JSON Lines and CSV. Parquet is in :mod:`vovcrawler.exports.parquet`."""

from __future__ import annotations

import csv
import json
import re
from codecs import getwriter
from dataclasses import fields
from typing import IO, Any, Protocol

from vovcrawler.catalogue import Standing
from vovcrawler.items import Article

#: The columns of every format: the fields of the record.
NAMES = tuple(spec.name for spec in fields(Article))

# What a spreadsheet takes for the begin of a formula; behind apostrophes too, so that taking one away gives
# back what was there.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_BOM = "\ufeff"


class Writer(Protocol):
    """Writes articles to a file that the caller opened and closes."""

    def write(self, row: Standing) -> None:
        """Write one article."""

    def close(self) -> None:
        """Write what is still to be written."""


class JsonLines:
    """One record a line, byte for byte as in the archive feed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, row: Standing) -> None:
        self._file.write(row.text.encode() + b"\n")

    def close(self) -> None:
        self._file.flush()


class Csv:
    """One record a row after RFC 4180; lists and objects are JSON, an empty cell is null.

    What a spreadsheet would run as a formula gets an apostrophe in front. To undo it, take one away from every
    cell that begins with apostrophes followed by one of ``= + - @ ＝ ＋ － ＠``, tab or line end.
    """

    def __init__(self, file: IO[bytes], *, bom: bool = False) -> None:
        self._file = file
        if bom:
            self._file.write(_BOM.encode())
        # A wrapper of io would close the file when it goes, which may be that of standard output.
        self._rows = csv.writer(getwriter("utf-8")(file), lineterminator="\r\n")
        self._rows.writerow(NAMES)

    def write(self, row: Standing) -> None:
        record = row.record
        self._rows.writerow([_cell(record[name]) for name in NAMES])

    def close(self) -> None:
        self._file.flush()


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    return defused(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def defused(text: str) -> str:
    """Return *text* so that no spreadsheet runs it.

    >>> defused("=1+1"), defused("- Nga"), defused("Nga"), defused("'Nga'")
    ("'=1+1", "'- Nga", 'Nga', "'Nga'")
    """
    return f"'{text}" if _FORMULA.match(text) else text

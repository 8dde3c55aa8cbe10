"""Header fields of WARC records and HTTP messages: in order, with repeats, as leniently as they are written."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime

from vovcrawler.dates import warc_date

_LOOSE_DATE = re.compile(r"(\d{4})\D?(\d\d)?\D?(\d\d)?\D?(\d\d)?\D?(\d\d)?\D?(\d\d)?", re.ASCII)
_LEAP_SECOND = re.compile(r"(?<=:\d\d:)60")

Fields = list[tuple[str, str]]


def parse_fields(lines: bytes) -> Fields:
    r"""Return the header fields in *lines*; a line that begins with a space goes on with the one before.

    >>> parse_fields(b"A : 1\r\nb:\r\n  2\r\nno field\r\n")
    [('A', '1'), ('b', '2')]
    """
    fields: Fields = []
    for line in _texts(lines):
        name, colon, value = line.partition(":")
        if line.startswith((" ", "\t")) and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}".strip())
        elif colon:
            fields.append((name.strip(), value.strip()))
    return fields


def value_of(fields: Fields, name: str) -> str | None:
    """Return the first value of the field *name*, in any case of letters."""
    name = name.lower()
    for key, value in fields:
        if len(key) == len(name) and key.lower() == name:
            return value
    return None


def moment_of(date: str) -> str | None:
    """Return *date* in the one form that sorts by time, ``None`` when it is no date.

    >>> moment_of("2026-11-21T15:04:05Z"), moment_of("20261121150405"), moment_of("soon")
    ('2026-11-21T15:04:05.000000Z', '2026-11-21T15:04:05.000000Z', None)
    """
    text = _LEAP_SECOND.sub("59", date.strip())
    try:
        moment = datetime.fromisoformat(text) if text.isascii() else None
    except ValueError:
        moment = _loose(text)
    # In the first year and the last there is no room for time zones, nor for what is due a month later.
    if moment is None or moment.year in (MINYEAR, MAXYEAR):
        return None
    return warc_date(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _loose(text: str) -> datetime | None:
    found = _LOOSE_DATE.fullmatch(text.rstrip("Zz"))
    if not found:
        return None
    parts = [int(part or default) for part, default in zip(found.groups(), (1, 1, 1, 0, 0, 0), strict=True)]
    try:
        return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        return None


def _texts(lines: bytes) -> list[str]:
    if lines.isascii():  # nearly always
        return lines.decode("ascii").split("\n")
    return list(map(_text, lines.split(b"\n")))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")

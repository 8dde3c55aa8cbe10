"""Header fields of WARC records and HTTP messages: in order, with repeats, as leniently as they are written."""

from __future__ import annotations

Fields = list[tuple[str, str]]


def parse_fields(lines: list[bytes]) -> Fields:
    r"""Return the header fields in *lines*; a line that begins with a space goes on with the one before.

    >>> parse_fields([b"A : 1\r\n", b"b:\r\n", b"  2\r\n", b"no field\r\n"])
    [('A', '1'), ('b', '2')]
    """
    fields: Fields = []
    for raw in lines:
        line = _text(raw).rstrip("\r\n")
        if line[:1] in (" ", "\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}".strip())
        elif ":" in line:
            name, _, value = line.partition(":")
            fields.append((name.strip(), value.strip()))
    return fields


def value_of(fields: Fields, name: str) -> str | None:
    """Return the first value of the field *name*, in any case of letters."""
    name = name.lower()
    return next((value for key, value in fields if key.lower() == name), None)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")

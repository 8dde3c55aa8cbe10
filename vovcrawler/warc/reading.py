"""WARC records, read strictly: what is torn, or does not hold its digest, is never passed over in silence.

Reads WARC 1.0 and 1.1 of any tool, plain or gzip, from any open file; knows no paths and no HTTP.
An offset is that of a record's gzip member, or of the record itself where the file is plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, TypeVar

from vovcrawler.warc.digests import Digester, digester
from vovcrawler.warc.fields import Fields, parse_fields
from vovcrawler.warc.gzips import is_member
from vovcrawler.warc.raw import CHUNK, Member, Raw, Torn

T = TypeVar("T")

# The types of records that hold an answer.
CAPTURES = frozenset({"response", "revisit", "resource"})

_VERSION_MARK = b"WARC/"
_BOM = b"\xef\xbb\xbf"
_VERSION = re.compile(rb"(?:\xef\xbb\xbf)?WARC/[01]\.\d+[ \t]*\r?\n")
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_START = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/[01]\.")
_MAX_HEADER = 1024 * 1024
_MAX_FIELDS = 10_000
# Of a number of bytes; Python reads no number of thousands.
_MOST_DIGITS = 18
_OVERLAP = 32


class BadRecord(Exception):
    """A record that cannot be read whole; the message is a sentence without its subject."""

    def __init__(self, sentence: str, offset: int) -> None:
        super().__init__(sentence)
        self.offset = offset


class ManyInOneMember(Exception):
    """Several records share the gzip member at *offset*, so that none but the first has an offset of its own."""

    offset = 0


class _Stream:
    """Lines, and pieces of a given length, out of a file or member."""

    def __init__(self, source: Raw | Member) -> None:
        self.source = source
        self._buffer, self._at = b"", 0

    def line(self) -> bytes:
        """Return the next line with its end; at the end of the data, what is left."""
        while (end := self._buffer.find(b"\n", self._at)) < 0:
            rest = self._buffer[self._at :]
            more = self.source.read() if len(rest) < _MAX_HEADER else b""
            self._buffer, self._at = rest + more, 0
            if not more:
                end = len(rest) - 1
                break
        line = self._buffer[self._at : end + 1]
        self._at = end + 1
        return line

    def lines_at_hand(self) -> bytes:
        """Return the lines up to the next empty one and pass over that; nothing where it is not in sight."""
        empty = _EMPTY_LINE.search(self._buffer, self._at)
        if empty is None or self._buffer.startswith((b"\n", b"\r\n"), self._at):
            return b""
        lines = self._buffer[self._at : empty.start() + 1]
        self._at = empty.end()
        return lines

    def begins_with(self, mark: bytes) -> bool:
        """Whether *mark* comes next."""
        while len(self._buffer) - self._at < len(mark) and (more := self.source.read()):
            self._buffer, self._at = self._buffer[self._at :] + more, 0
        return self._buffer.startswith(mark, self._at)

    def some(self, limit: int) -> bytes:
        """Return up to *limit* bytes, none only at the end of the data."""
        if self._at >= len(self._buffer):
            self._buffer, self._at = self.source.read(), 0
        data = self._buffer[self._at : self._at + limit]
        self._at += len(data)
        return data

    def finish(self) -> None:
        """Leave the file where the record ends; raises :class:`ManyInOneMember`."""
        if isinstance(self.source, Raw):
            self.source.give_back(self._buffer[self._at :])
            # Some tools put more empty lines between two records than they should.
            ahead = self.source.peek(_OVERLAP)
            if blank := len(ahead) - len(ahead.lstrip(b"\r\n")):
                self.source.jump(self.source.position + blank)
            return
        behind = b""
        while len(behind) < len(_VERSION_MARK) and (data := self.some(CHUNK)):
            behind = (behind + data).lstrip(b"\r\n")
        if behind.startswith(_VERSION_MARK):
            raise ManyInOneMember
        if behind:
            # A changed bit can shorten the length that the record says.
            raise Torn("has not the length that it says")


@dataclass(slots=True, kw_only=True)
class Record:
    """One WARC record: its header as it stands and in fields, and its block, which is read once, in pieces.

    ``end`` is the offset behind it, known when it was found to be whole.
    """

    header: bytes
    fields: Fields
    offset: int
    length: int
    end: int | None = None
    _values: dict[str, str]
    _stream: _Stream
    _left: int
    _digest: Digester | None = None
    _trouble: BadRecord | None = field(default=None)

    def get(self, name: str) -> str | None:
        """Return the value of the header field *name*, in any case of letters."""
        return self._values.get(name.lower())

    def bare(self, name: str) -> str | None:
        """Return the value of a field without the brackets that ids have, and some tools give to addresses."""
        return (self.get(name) or "").strip("<> ") or None

    @property
    def type(self) -> str:
        """The kind of record: ``response``, ``revisit``, …"""
        return (self.get("WARC-Type") or "").lower()

    @property
    def has_digest(self) -> bool:
        """Whether reading the block to its end verifies it."""
        return self._digest is not None

    @property
    def is_torn(self) -> bool:
        """Whether reading the block has met damage."""
        return self._trouble is not None

    def read(self, limit: int = CHUNK) -> bytes:
        """Return the next piece of the block, nothing at its end; raises :class:`BadRecord`."""
        if self._trouble:
            raise self._trouble
        try:
            data = self._stream.some(min(limit, self._left)) if self._left else b""
            if self._left and not data:
                raise Torn("breaks off before its end")
        except Torn as problem:
            self._trouble = BadRecord(f"{problem}.", self.offset)
            raise self._trouble from problem
        self._left -= len(data)
        if self._digest:
            self._digest.update(data)
        return data

    def rest(self) -> bytes:
        """Return what was not read yet of the block; raises :class:`BadRecord`."""
        return b"".join(iter(self.read, b""))

    def finish(self) -> None:
        """Read to the end of the record and verify it; raises :class:`BadRecord`."""
        while self.read():
            pass
        try:
            self._end()
        except Torn as problem:
            raise BadRecord(f"{problem}.", self.offset) from problem
        digest = self._digest
        if digest is None or digest.holds():
            return
        # Of a revisit, wget gives the digest of the body that is not there.
        if not (self.type == "revisit" and digest.is_of(b"")) and not self._has_new_head():
            raise BadRecord("does not hold its block digest.", self.offset)

    def _has_new_head(self) -> bool:
        """Whether only the head of its message is another one than it was: warcio, which copies records, lays
        it out anew, and keeps the digest. Gzip vouches for the head then, and the other digest for the body.
        """
        source, digest = self._stream.source, digester(self.get("WARC-Payload-Digest"))
        if digest is None or not isinstance(source, Member):
            return False
        if self.type == "revisit":
            return True  # of the body that is elsewhere
        again, start = read_at(source.raw.file, self.offset, source.raw.end), b""
        while not (end := _EMPTY_LINE.search(start)) and len(start) < _MAX_HEADER and (more := again.read()):
            start += more
        for piece in chain([start[end.end() if end else 0 :]], iter(again.read, b"")):
            digest.update(piece)
        return digest.holds()

    def _end(self) -> None:
        is_plain = isinstance(self._stream.source, Raw)
        for _ in range(2):
            # Some tools put fewer empty lines between two records than they should, or none after the last.
            if is_plain and self._stream.begins_with(_VERSION_MARK):
                break
            if self._stream.line().strip(b"\r\n"):
                raise Torn("has not the length that it says")
        self._stream.finish()


def look_through(
    file: BinaryIO, look: Callable[[Record], T], start: int = 0, end: int | None = None
) -> Iterator[tuple[Record, T] | BadRecord]:
    """Yield every whole record of *file* between two offsets with what *look* sees in it.

    *look* may read the block, and raise :class:`BadRecord`. For each damaged place there is one
    :class:`BadRecord` among what is yielded. Raises :class:`ManyInOneMember`.
    """
    raw = Raw(file, start, file.seek(0, 2) if end is None else end)
    if raw.peek(len(_BOM)) == _BOM:
        raw.jump(start + len(_BOM))  # put there by whoever took the file for text
    while raw.position < raw.end:
        offset = raw.position
        try:
            record = _record(raw)
            record._digest = digester(record.get("WARC-Block-Digest"))
            found = _looked_at(record, look)
            record.finish()
            record.end = raw.position
            yield found
        except BadRecord as problem:
            if not _passes_blank(raw, offset):
                yield problem
                raw.jump(_next_start(raw, offset))
        except ManyInOneMember as many:
            many.offset = offset
            raise


def _passes_blank(raw: Raw, offset: int) -> bool:
    """Go past *offset* where nothing but empty lines stands there, or a gzip member of them; return whether."""
    raw.jump(offset)
    if not is_member(raw.peek(4)):
        blank = raw.peek(_OVERLAP)
        raw.jump(offset + len(blank) - len(blank.lstrip(b"\r\n")))
        return offset < raw.position
    member = Member(raw)
    try:
        return not any(piece.strip(b"\r\n") for piece in iter(member.read, b""))
    except Torn:
        return False


def _looked_at(record: Record, look: Callable[[Record], T]) -> tuple[Record, T] | BadRecord:
    try:
        return record, look(record)
    except BadRecord as problem:
        if record.is_torn:
            raise
        return problem


def records(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Record | BadRecord]:
    """Yield every whole record of *file* between two offsets, its block read already, and what is damaged.

    Raises :class:`ManyInOneMember`.
    """
    for found in look_through(file, lambda record: None, start, end):
        yield found if isinstance(found, BadRecord) else found[0]


def read_at(file: BinaryIO, offset: int, end: int | None = None) -> Record:
    """Return the record at *offset*, its block still to be read, and not verified; raises :class:`BadRecord`."""
    return _record(Raw(file, offset, file.seek(0, 2) if end is None else end))


def unpack(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield what the gzip members of *file* hold, as far as they are intact."""
    raw = Raw(file, start, file.seek(0, 2) if end is None else end)
    while raw.position < raw.end:
        offset = raw.position
        member = Member(raw)
        try:
            yield from iter(member.read, b"")
        except Torn:
            raw.jump(_next_start(raw, offset))


def _record(raw: Raw) -> Record:
    offset = raw.position
    stream = _Stream(Member(raw) if is_member(raw.peek(4)) else raw)
    try:
        version = stream.line()
        if not _VERSION.fullmatch(version):
            raise Torn("is not a WARC record" if version.endswith(b"\n") else "breaks off before its end")
        lines = _header_lines(stream)
        fields = parse_fields(lines)
        values = {name.lower(): value for name, value in reversed(fields)}
        length = _length(values.get("content-length", ""))
        if not values.get("warc-type"):
            raise Torn("does not say its type")
    except Torn as problem:
        raise BadRecord(f"{problem}.", offset) from problem
    return Record(
        header=b"".join((version, lines, b"\r\n")),
        fields=fields,
        offset=offset,
        length=length,
        _values=values,
        _stream=stream,
        _left=length,
    )


def _header_lines(stream: _Stream) -> bytes:
    if at_hand := stream.lines_at_hand():
        return at_hand
    lines: list[bytes] = []
    while (line := stream.line()).endswith(b"\n"):
        if line in (b"\r\n", b"\n"):
            return b"".join(lines)
        lines.append(line)
        if len(lines) > _MAX_FIELDS:
            break
    raise Torn("breaks off before its end")


def _length(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
        raise Torn("does not say its length")
    return int(value)


def _next_start(raw: Raw, damaged: int) -> int:
    """Return where after the *damaged* place the next record begins, or the end of the file."""
    kept = b""
    raw.jump(damaged)
    while data := raw.read():
        window, base = kept + data, raw.position - len(data) - len(kept)
        after = raw.position
        for match in _START.finditer(window):
            found = base + match.start()
            if found > damaged and _begins_record(raw.file, found, raw.end):
                return found
        raw.jump(after)
        kept = window[-_OVERLAP:]
    return raw.end


def _begins_record(file: BinaryIO, position: int, end: int) -> bool:
    try:
        _record(Raw(file, position, end))
    except BadRecord:
        return False
    return True

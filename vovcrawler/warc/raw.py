"""The bytes of a file between two offsets, and of the gzip members in it."""

from __future__ import annotations

from typing import BinaryIO

from vovcrawler.warc.gzips import Faulty, unpacker

CHUNK = 64 * 1024


class Torn(Exception):
    """The data end, or make no sense, in the middle of a record."""


class Raw:
    """The bytes of a file from *position* to *end*; what was read too much can be given back."""

    def __init__(self, file: BinaryIO, position: int, end: int) -> None:
        self.file, self.position, self.end = file, position, end
        self._kept = b""

    def read(self) -> bytes:
        data, self._kept = self._kept, b""
        if not data:
            self.file.seek(self.position)
            data = self.file.read(max(0, min(CHUNK, self.end - self.position)))
        self.position += len(data)
        return data

    def give_back(self, data: bytes) -> None:
        self._kept = data + self._kept
        self.position -= len(data)

    def peek(self, size: int) -> bytes:
        data = self.read()
        while 0 < len(data) < size and (more := self.read()):
            data += more
        self.give_back(data)
        return data[:size]

    def jump(self, position: int) -> None:
        self.position, self._kept = position, b""


class Member:
    """The unpacked bytes of one gzip member."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self._inflate = unpacker()

    def read(self) -> bytes:
        while not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self.raw.read()
            if not packed:
                raise Torn("breaks off before its end")
            try:
                data = self._inflate.decompress(packed, CHUNK)
            except Faulty as error:
                raise Torn("is not intact gzip") from error
            if self._inflate.eof:
                self.raw.give_back(self._inflate.unused_data)
            if data:
                return data
        return b""

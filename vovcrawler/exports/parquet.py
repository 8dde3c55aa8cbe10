"""Parquet: typed columns, for whoever has pyarrow (the extra ``parquet``)."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any

import pyarrow
import pyarrow.parquet

from vovcrawler.catalogue import Standing

# A row group is what a reader takes at once: big enough to pack well, small enough to be held in memory.
_ROWS, _CHARACTERS = 4_096, 3_000_000

_TEXT = pyarrow.string()
_TEXTS = pyarrow.list_(_TEXT)
_PUBLISHED = pyarrow.timestamp("us", tz="Asia/Ho_Chi_Minh")
_NEAR = pyarrow.struct([("id", _TEXT), ("similarity", pyarrow.float64())])
_CAPTURE = pyarrow.struct(
    [("warc", _TEXT), ("offset", pyarrow.int64()), ("record_id", _TEXT), ("file", _TEXT)],
)


def _structs(*names: str) -> pyarrow.DataType:
    return pyarrow.list_(pyarrow.struct([(name, _TEXT) for name in names]))


SCHEMA = pyarrow.schema(
    [
        ("id", _TEXT),
        ("url", _TEXT),
        ("headline", _TEXT),
        ("lead", _TEXT),
        ("body", _TEXTS),
        ("subheadings", pyarrow.list_(pyarrow.int32())),
        ("byline", _TEXT),
        ("authors", _TEXTS),
        ("published_at", _PUBLISHED),
        ("modified_at", _PUBLISHED),
        ("section", _TEXTS),
        ("tags", _TEXTS),
        ("images", _structs("url", "caption", "credit")),
        ("media", _structs("kind", "url")),
        ("related", _structs("headline", "url", "teaser")),
        ("outlet", _TEXT),
        ("language", _TEXT),
        ("layout", _TEXT),
        ("fallback_fields", _TEXTS),
        ("content_digest", _TEXT),
        ("duplicate_of", _TEXT),
        ("near_duplicate_of", _NEAR),
        ("status", _TEXT),
        ("revision", pyarrow.int32()),
        ("hops", pyarrow.int32()),
        ("captured_at", pyarrow.timestamp("us", tz="UTC")),
        ("capture", _CAPTURE),
        ("seq", pyarrow.int64()),
    ]
)
# The least and the greatest of each row group stay in memory to the end: only for what is sought by its range.
_SOUGHT = ["id", "published_at", "modified_at", "revision", "captured_at", "seq"]
_TIMES = [field.name for field in SCHEMA if pyarrow.types.is_timestamp(field.type)]


class Parquet:
    """One record a row; times keep their instant, and are shown in Vietnam's zone (a capture's in UTC)."""

    def __init__(self, file: IO[bytes]) -> None:
        self._writer = pyarrow.parquet.ParquetWriter(file, SCHEMA, compression="zstd", write_statistics=_SOUGHT)
        self._rows: list[dict[str, Any]] = []
        self._characters = 0

    def write(self, row: Standing) -> None:
        record = {**row.record}
        for name in _TIMES:
            record[name] = datetime.fromisoformat(record[name]) if record[name] else None
        self._rows.append(record)
        self._characters += len(row.text)
        if len(self._rows) >= _ROWS or self._characters >= _CHARACTERS:
            self._end_group()

    def _end_group(self) -> None:
        self._writer.write_table(pyarrow.Table.from_pylist(self._rows, schema=SCHEMA))
        self._rows, self._characters = [], 0

    def close(self) -> None:
        if self._rows:
            self._end_group()
        self._writer.close()

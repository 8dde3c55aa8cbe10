"""The JSON Schema that ships with the package: as strict as the contract."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from tests.markup import page, read
from tests.schema import SCHEMA, problems
from vovcrawler.items import Article, to_record

RECORD = {
    **to_record(read(page())),
    "captured_at": "2026-11-21T15:04:05.123456Z",
    "capture": {"warc": "a.warc.gz", "offset": 0, "record_id": "urn:uuid:0b2f7d3c-9c4b-4f0e-8a53-8f6f0f1f7a11"},
    "seq": 1,
}


def test_the_schema_names_the_fields_of_the_record_and_no_others() -> None:
    names = [field.name for field in fields(Article)]
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == names


def test_a_record_fits() -> None:
    assert problems(RECORD) == []


@pytest.mark.parametrize("name", list(RECORD))
def test_every_field_is_required(name: str) -> None:
    assert problems({key: value for key, value in RECORD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "một tên khác"),
        ("url", "vov.vn/x"),
        ("headline", ""),
        ("lead", " thừa dấu cách"),
        ("body", ["một\nhai"]),
        ("body", None),
        ("subheadings", [-1]),
        ("published_at", "29/12/2025"),
        ("published_at", "2025-12-29T16:54:00"),
        ("images", [{"url": None, "caption": "x"}]),
        ("media", [{"kind": "film", "url": "https://vov.vn/v.mp4"}]),
        ("related", [{"headline": None, "url": None, "teaser": None}]),
        ("language", "Tiếng Việt"),
        ("layout", "wordpress"),
        ("fallback_fields", ["id"]),
        ("content_digest", "abc"),
        ("near_duplicate_of", {"id": "x", "similarity": 2}),
        ("status", "old"),
        ("revision", 0),
        ("hops", -1),
        ("captured_at", "2026-11-21T15:04:05+07:00"),
        ("capture", {"warc": "a.warc.gz"}),
        ("seq", 0),
    ],
)
def test_a_wrong_value_does_not_fit(name: str, value: Any) -> None:
    assert problems({**RECORD, name: value})

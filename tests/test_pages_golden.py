"""Pages of every layout and both dumps, each against the record that a careful reader would write down.

``tests/pages/x.html`` and ``fixtures/x.txt`` belong to ``tests/golden/x.json``. A missing golden record is written
and its tests fail until it has been read; a changed one is reviewed as code.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.schema import problems
from vovcrawler.items import from_record, to_record
from vovcrawler.pages import decode, read_article, read_dump

HERE = Path(__file__).parent
PAGES = sorted([*HERE.glob("pages/*.html"), *HERE.parent.glob("fixtures/*.txt")])
FIELDS = list(to_record(read_dump("Tít\n\nVOV.VN - Sapo.")))


@cache
def read(page: Path) -> dict[str, Any]:
    body = page.read_bytes()
    return to_record(read_dump(decode(body)) if page.suffix == ".txt" else read_article(body))


@cache
def golden(page: Path) -> dict[str, Any]:
    path = HERE / "golden" / f"{page.stem}.json"
    if not path.exists():
        path.write_text(json.dumps(read(page), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        pytest.fail(f"{path.name} was not there: read what has been written to it")
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_gives_the_field_as_a_careful_reader_does(page: Path, field: str) -> None:
    assert read(page)[field] == golden(page)[field]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_golden_record_has_the_fields_of_the_contract_in_order(page: Path) -> None:
    assert list(golden(page)) == FIELDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_golden_record_fits_the_schema(page: Path) -> None:
    assert problems(golden(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_golden_record_survives_the_way_to_an_article_and_back(page: Path) -> None:
    assert to_record(from_record(golden(page))) == golden(page)

"""Citations of articles, also of hostile ones."""

from __future__ import annotations

import json
from typing import Any

from vovcrawler.citations import bibtex, csl_json, ris, sentence
from vovcrawler.items import Article, to_record


def record(**fields: Any) -> dict[str, Any]:
    told = {
        "id": "vov.vn/post1018244",
        "url": "https://vov.vn/the-gioi/x-post1018244.vov",
        "headline": "Nga & Trung Quốc thảo luận 100% {vấn đề}",
        "byline": "An Nhi/VOV",
        "authors": ["An Nhi"],
        "published_at": "2023-05-26T10:00:00+07:00",
        "captured_at": "2026-11-21T15:04:05.123456Z",
        "capture": {"warc": "vov-1-00000.warc.gz", "offset": 7, "record_id": "urn:uuid:1"},
        "content_digest": "ab" * 32,
        **fields,
    }
    return to_record(Article(**told))


def test_every_form_says_where_the_bytes_are() -> None:
    for form in (sentence, bibtex, ris, csl_json):
        told = form(record())
        for part in ("An Nhi", "https://vov.vn/the-gioi/x-post1018244.vov", "ab" * 32, "urn:uuid:1"):
            assert part in told, form


def test_bibtex_is_one_entry_whatever_the_headline_says() -> None:
    told = bibtex(record())
    assert told.startswith("@article{vov2023ngatrungquoc1018244,\n  author = {{An Nhi}},\n")
    assert r"title = {{Nga \& Trung Quốc thảo luận 100\% {\textbraceleft}vấn đề{\textbraceright}}}," in told
    hostile = bibtex(record(headline="}\n}\n@book{evil, title={x\\"))
    assert hostile.count("{") == hostile.count("}")
    assert hostile.count("\n@") == 0
    assert "\n}\n}" not in hostile


def test_ris_has_a_line_a_field_whatever_the_headline_says() -> None:
    told = ris(record(headline="a\r\nER  - \r\nTY  - BOOK", lead="Sapo", tags=["Nga"]))
    lines = told.splitlines()
    assert lines[0] == "TY  - NEWS"
    assert lines[-1] == "ER  - "
    assert sum(line.startswith(("TY", "ER")) for line in lines) == 2
    assert "DA  - 2023/05/26" in lines


def test_csl_json_is_an_item_of_a_newspaper() -> None:
    [item] = json.loads(csl_json(record()))
    assert item["type"] == "article-newspaper"
    assert item["issued"] == {"date-parts": [[2023, 5, 26]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 21]]}


def test_days_are_those_of_vietnam() -> None:
    told = record(published_at="2022-12-31T18:00:00+00:00", captured_at="2022-12-31T18:04:05.123456Z")
    assert "Báo Điện tử VOV, 01/01/2023." in sentence(told)
    assert "captured 2022-12-31T18:04:05.123456Z" in sentence(told)
    assert bibtex(told).startswith("@article{vov2023")
    assert "date = {2023-01-01}" in bibtex(told)
    assert "urldate = {2023-01-01}" in bibtex(told)
    assert {"PY  - 2023", "DA  - 2023/01/01", "Y2  - 2023/01/01"} <= set(ris(told).splitlines())
    [item] = json.loads(csl_json(told))
    assert item["issued"] == item["accessed"] == {"date-parts": [[2023, 1, 1]]}


def test_a_dump_without_anything_can_be_cited() -> None:
    bare = to_record(Article(id="text/0", content_digest="0", capture={"file": "a.txt"}))
    for form in (sentence, bibtex, ris, csl_json):
        assert "a.txt" in form(bare)

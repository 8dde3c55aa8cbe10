"""What the README shows is what the program does."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_example_shows_the_real_output(scrapy):
    shown = re.search(r"\$ make demo\n(.*?)```", README, re.DOTALL)
    assert shown
    beginnings = [line.removesuffix("…") for line in shown[1].splitlines()]
    lines = scrapy("replay", "fixtures").stdout.splitlines()
    assert len(beginnings) == len(lines) == 2
    for beginning, line in zip(beginnings, lines, strict=True):
        assert line.startswith(beginning)


def test_every_field_of_the_record_is_explained():
    from dataclasses import fields

    from vovcrawler.items import Article

    rows = [line for line in README.splitlines() if line.startswith("| `")]
    explained = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert {spec.name for spec in fields(Article)} <= explained


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_every_link_leads_to_a_file(path):
    assert (ROOT / path).exists()

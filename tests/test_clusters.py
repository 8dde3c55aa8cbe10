from __future__ import annotations

import argparse
import json

import pytest
from scrapy.settings import Settings

from tests.stories import OTHER, STORY, edited, record
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue import clusters
from vovcrawler.duplicates import SIMILARITY, Text


def ids(catalogue: Catalogue, **options: object) -> list[list[str]]:
    return [[member.id for member in cluster.members] for cluster in catalogue.clusters(**options)]


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    return fill(catalogue)


def fill(catalogue: Catalogue) -> Catalogue:
    """Three copies of one story, two of another, and one that stands alone."""
    record(catalogue, "b1", OTHER, published_at="2025-12-03T08:00:00+07:00")
    record(catalogue, "a1", STORY, published_at="2025-12-02T08:00:00+07:00", url="https://vov.vn/a-post1.vov")
    record(catalogue, "a2", STORY, published_at="2025-12-04T08:00:00+07:00")
    record(catalogue, "alone", "Một tin vắn không giống tin nào.")
    record(catalogue, "a3", edited(STORY), at="2026-11-22T15:00:00.000000Z")
    record(
        catalogue, "b2", edited(OTHER), published_at="2025-12-01T08:00:00+07:00", at="2026-11-23T15:00:00.000000Z"
    )
    return catalogue


def test_clusters_come_largest_first_and_in_the_order_of_capture(filled):
    assert ids(filled) == [["a1", "a2", "a3"], ["b1", "b2"]]


def test_smaller_clusters_can_be_left_out(filled):
    assert ids(filled, at_least=3) == [["a1", "a2", "a3"]]
    assert ids(filled, at_least=4) == []


def test_a_cluster_hangs_together_through_any_number_of_marks(catalogue):
    chain = [STORY]
    for seed in range(6):
        chain.append(edited(chain[-1], seed=seed, share=0.04))
    for number, text in enumerate(chain):
        record(catalogue, number, text)
    assert ids(catalogue) == [[str(number) for number in range(7)]]
    assert Text.of([chain[0]]).likeness(Text.of([chain[-1]])) < SIMILARITY


def test_each_text_once_is_the_first_or_the_latest(filled):
    assert filled.passed_over() == {"a2", "a3", "b2"}
    assert filled.passed_over("latest") == {"a1", "a3", "b2"}


def test_what_came_later_is_not_looked_at(filled):
    assert ids(filled, before="2026-11-22T00:00:00.000000Z") == [["a1", "a2"]]
    assert filled.passed_over(before="2026-11-22T23:00:00.000000Z") == {"a2", "a3"}


def test_the_command_lists_clusters(tmp_path, capsys):
    with Catalogue.open(tmp_path) as catalogue:
        fill(catalogue)
    settings = Settings({"DATA_DIR": str(tmp_path)})
    assert clusters.run(argparse.Namespace(min=2, json=False), settings) == 0
    printed = capsys.readouterr().out
    assert "3 articles: Tít" in printed
    assert "same as a1" in printed
    assert "% like a1" in printed
    assert clusters.run(argparse.Namespace(min=3, json=True), settings) == 0
    (cluster,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert cluster["size"] == 3
    assert cluster["articles"][0] == {
        "id": "a1",
        "url": "https://vov.vn/a-post1.vov",
        "headline": "Tít",
        "published_at": "2025-12-02T08:00:00+07:00",
        "duplicate_of": None,
        "near_duplicate_of": None,
    }
    assert cluster["articles"][1]["duplicate_of"] == "a1"
    assert cluster["articles"][2]["near_duplicate_of"]["id"] == "a1"
    assert clusters.run(argparse.Namespace(min=4, json=True), settings) == 0
    assert capsys.readouterr() == ("", "scrapy: No 4 articles are copies of one another.\n")


def test_times_of_other_zones_are_those_of_vietnam(tmp_path, capsys):
    with Catalogue.open(tmp_path) as catalogue:
        record(catalogue, "a1", STORY, published_at="2026-01-01T00:30:00+07:00")
        record(catalogue, "a2", STORY, published_at="2025-12-31T23:59:00+00:00")
        assert catalogue.passed_over("latest") == {"a1"}
    clusters.run(argparse.Namespace(min=2, json=False), Settings({"DATA_DIR": str(tmp_path)}))
    assert "2026-01-01  same as a1" in capsys.readouterr().out


def test_a_group_of_one_is_wrong_usage(scrapy):
    refused = scrapy("catalogue", "clusters", "--min", "1")
    assert refused.code == 2
    assert "--min 1" in refused.stderr

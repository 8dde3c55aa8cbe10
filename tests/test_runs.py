"""How a run ended, judged from its statistics and troubles."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from scrapy import Spider

from tests.listed import publish
from tests.stories import plans
from tests.wireless import World
from vovcrawler.catalogue import Catalogue
from vovcrawler.errors import Locked, Refused, StorageTrouble, Trouble
from vovcrawler.runs import Tally, judge

GOT = {"revisions/new": 2, "pages/settled": 2}
NOTHING = {"pages/settled": 3}


class _Lists(Spider):
    name = "lists"
    needs_articles = False


ENDS = [
    ("all is well", "finished", GOT, [], 0),
    ("the user set a limit", "closespider_pagecount", GOT, [], 0),
    ("a limit came before any page", "budget", {}, [], 1),
    ("a limit came before any article", "closespider_pagecount", NOTHING, [], 1),
    ("a limit came before anything new", "budget", {"frontier/settled_before": 3}, [], 0),
    ("nobody wants the output", "enough", {}, [], 0),
    ("no page gave an article", "finished", NOTHING, [], 1),
    ("every page was refused", "finished", NOTHING | {"pages/refused": 3}, [], 3),
    ("everything was done by the run before", "finished", NOTHING | {"frontier/settled_before": 3}, [], 0),
    ("only known articles, unchanged", "finished", {"revisions/unchanged": 1, "pages/settled": 1}, [], 0),
    ("only a page that is gone", "finished", {"revisions/gone": 1, "pages/settled": 1}, [], 1),
    ("Ctrl-C", "shutdown", GOT, [], 1),
    ("stopped while it opened", "failed", GOT, [], 1),
    ("the first requests failed", "start_error", GOT, [], 1),
    ("a monitor failed", "finished", GOT | {"monitors/failed": "coverage"}, [], 4),
    ("a disk was full", "storage", GOT, [StorageTrouble("full")], 5),
    ("a full disk explains a refusal", "refused", GOT, [Refused("no"), StorageTrouble("full")], 5),
    ("a refusal explains a failure", "failed", GOT, [Trouble("no"), Refused("no")], 3),
    ("another run holds the folder", "locked", {}, [Locked("held")], 75),
]


@pytest.mark.parametrize(
    ("reason", "stats", "troubles", "code"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS]
)
def test_the_exit_code_says_how_the_run_ended(reason, stats, troubles, code):
    end = judge(Spider("article"), reason, stats, troubles)
    assert end.exit_code == code
    assert (end.sentence is None) == (code == 0)


def test_a_page_that_moved_was_asked_for_once():
    end = judge(Spider("article"), "finished", {"pages/settled": 2, "pages/moved": 1, "pages/failed": 1}, [])
    assert end.sentence == "Not the one page asked for gave an article (1 failed)."


@pytest.mark.parametrize(
    ("reason", "stats", "code"),
    [
        ("finished", NOTHING, 1),
        ("finished", NOTHING | {"pages/got": 1}, 0),
        ("finished", {}, 0),
        ("budget", {}, 1),
        ("budget", NOTHING | {"pages/got": 1}, 0),
    ],
)
def test_a_spider_of_lists_may_find_no_article(reason, stats, code):
    assert judge(_Lists(), reason, stats, []).exit_code == code


def test_a_budget_that_robots_txt_has_spent_got_nothing(wireless):
    url = publish(World.site, 1, datetime.now(UTC))
    outcome = wireless("article", {"REQUESTS_MAX": 1}, url=url)
    assert (outcome.code, outcome.feed()) == (1, [])
    assert outcome.said == "A limit ended the run before any page came; the same command goes on."
    assert wireless("article", {"REQUESTS_MAX": 2}, url=url).code == 0


def test_missing_fields_are_counted_once_not_again_for_each_layout():
    stats = {"extract/missing/lead": 2, "extract/missing/drupal/lead": 2, "extract/missing/tags": 1}
    assert Tally.of(stats).missing_fields == {"lead": 2, "tags": 1}


def test_the_report_has_its_numbers_and_no_others(wireless):
    outcome = wireless("article", url=publish(World.site, 1, datetime.now(UTC)))
    (path,) = (outcome.data / "reports").glob("*.json")
    first, rest = "run spider arguments version started_at finished_at exit_code reason", "missing_fields stats"
    numbers = "pages new revised unchanged gone refused failed"
    assert list(json.loads(path.read_text())) == f"{first} {numbers} {rest}".split()


def test_runs_that_are_alike_are_found_by_index(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        (plan,) = plans(catalogue, lambda: catalogue.reports(limit=10, spider="article", arguments={"hops": 2}))
    assert plan == ["SEARCH runs USING INDEX runs_alike (spider=? AND arguments=?)"]

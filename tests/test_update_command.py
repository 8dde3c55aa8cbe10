"""``scrapy update`` as it is typed: what it would do, what it refuses, and that only one runs at a time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.listed import fill, numbers


def test_a_dry_run_says_what_it_would_ask_and_asks_nothing(replica, scrapy):
    fill(replica.site)
    outcome = scrapy("update", "--dry-run")
    assert outcome.code == 0, outcome.stderr
    assert "list\thttps://vov.vn/rss/the-gioi.rss" in outcome.stdout
    assert all(line.split("\t")[1].startswith("https://vov.vn/") for line in outcome.stdout.splitlines())
    count = outcome.stdout.count("\n")
    assert outcome.stderr == f"scrapy: {count} lists, 0 left over, 0 due; and what the lists have new.\n"
    assert replica.log == []
    assert scrapy("update", "--budget", "30").code == 0
    assert len(replica.log) <= 30
    replica.forget()
    later = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    outcome = scrapy("update", "--dry-run", settings={"CLOCK": "tests.clock.now"}, env={"VOV_TEST_NOW": later})
    told = [line.split("\t")[0] for line in outcome.stdout.splitlines() if line.endswith(".vov")]
    assert set(told) <= {"left", "due"}
    assert len(told) >= 10
    assert replica.log == []


@pytest.mark.parametrize("args", [("--budget", "0"), ("--minutes", "soon"), ("now",), ("-a", "hops=1")])
def test_wrong_usage_is_one_sentence(scrapy, args):
    outcome = scrapy("update", *args)
    assert outcome.code == 2
    assert outcome.stderr.splitlines()[-1].startswith("scrapy: ")
    assert "Traceback" not in outcome.stderr


def test_an_update_that_is_killed_holds_off_others_and_is_finished_by_the_next(replica, scrapy):
    fill(replica.site)
    replica.site.fault("https://vov.vn/kinh-te/*", delay=30)
    first = scrapy.popen("update", settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 2})
    try:
        while sum("/kinh-te/" in url for url in replica.asked()) < 2:
            time.sleep(0.05)
        outcome = scrapy("update")
        assert outcome.code == 75
        assert "one run at a time" in outcome.stderr
    finally:
        first.kill()
        first.wait()
    replica.site.heal()
    outcome = scrapy("update")
    assert outcome.code == 0, outcome.stderr
    assert numbers(outcome) == list(range(12))

"""A site that is down is told from a page that fails: the run ends soon, and the next one goes on."""

from __future__ import annotations

import pytest

from tests.test_refusal import _crawl, _fill, _url
from tests.wireless import World


@pytest.fixture
def site(wireless):
    return _fill(World.site)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"status": 503}, "HTTP 503"),
        ({"status": 502}, "HTTP 502"),
        ({"delay": 90}, "DownloadTimeoutError"),
    ],
)
def test_a_site_that_is_down_ends_the_run_within_minutes_and_the_next_one_goes_on(politely, fault, named):
    site, began = _fill(World.site), World.time()
    site.fault("https://vov.vn/the-gioi/*", **fault)
    ended = _crawl(politely)
    assert ended.code == 1
    assert "vov.vn has not answered since 20" in ended.said
    assert f"times in a row, the last time by {named}" in ended.said
    assert (World.time() - began).total_seconds() < 15 * 60
    site.heal()
    # What was given up is asked for by the run after the one that goes on.
    assert [_crawl(politely).code for _ in range(2)] == [0, 0]
    assert len(ended.feed()) == 8


def test_pages_that_fail_beside_others_that_do_not_cost_themselves_only(site, wireless):
    for number in (0, 1, 2, 5, 6):
        site.fault(_url(number), status=503)
    ended = _crawl(wireless)
    assert ended.code == 0, ended.said
    assert len(ended.feed()) == 3
    assert ended.stats["failed/HTTP 503"] == 5


def test_a_site_whose_pages_all_fail_at_first_is_crawled_whole(site, wireless):
    site.fault("https://vov.vn/the-gioi/*", times=1, status=503)
    ended = _crawl(wireless)
    assert ended.code == 0, ended.said
    assert len(ended.feed()) == 8
    assert max(World.counts().values()) == 2


def test_broken_pages_are_no_outage(site, wireless):
    for number in range(7):
        site.fault(_url(number), status=500)
    ended = _crawl(wireless)
    assert (ended.code, len(ended.feed())) == (0, 1)

"""The ledger: every listed article has one fate, and the numbers add up whatever happened."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.listed import discover, publish
from tests.stories import article, plans
from tests.wireless import World
from vovcrawler import feeds
from vovcrawler.catalogue import Catalogue, Visit
from vovcrawler.catalogue.coverage import FATES, Entry, balances
from vovcrawler.commands.catalogue.coverage import _as_table
from vovcrawler.dates import warc_date

_AT = "2026-11-21T15:04:05.123456Z"
_NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def _url(number: int) -> str:
    return f"https://vov.vn/the-gioi/bai-so-{number}-post{1000 + number}.vov"


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.open(tmp_path, lasting=False) as opened:
        yield opened


def _list(catalogue, *numbers: int, source: str = "https://vov.vn/rss/a.rss", kind="feed", at=_NOON) -> list[int]:
    pages = [catalogue.know_page(_url(number), _AT) for number in numbers]
    catalogue.listed(source, kind, None, [(page, at) for page in pages], max(_AT, warc_date(at or _NOON)))
    return pages


def test_an_article_that_several_lists_name_counts_once(catalogue):
    _list(catalogue, 1, 2)
    _list(catalogue, 2, source="https://vov.vn/sitemap.xml", kind="sitemap", at=None)
    first, second = catalogue.entries()
    assert (first.kinds, second.kinds) == ({"feed"}, {"feed", "sitemap"})
    assert {entry.fate for entry in (first, second)} == {"missing"}
    assert catalogue.missing() == [_url(2), _url(1)]


@pytest.mark.parametrize(
    ("given_", "day"),
    [
        (datetime(2026, 11, 20, 16, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (None, date(2026, 11, 21)),
    ],
)
def test_days_are_those_of_vietnam(catalogue, given_, day):
    _list(catalogue, 1, at=given_)
    assert [entry.day for entry in catalogue.entries()] == [day]
    assert list(catalogue.entries(since=day + timedelta(days=1))) == []
    assert len(list(catalogue.entries(since=day, until=day))) == 1


def test_a_moved_article_has_the_fate_of_its_target(catalogue):
    (page,) = _list(catalogue, 1)
    target = catalogue.know_page(_url(9), _AT)
    catalogue.visited(Visit(page=page, at=_AT, state="moved", moved_to=_url(9)))
    catalogue.visited(Visit(page=target, at=_AT, state="failed", status=500, reason="HTTP 500"))
    (entry,) = catalogue.entries()
    assert (entry.url, entry.fate, entry.reason) == (_url(1), "failed", "HTTP 500")
    catalogue.visited(Visit(page=target, at=_AT, state="moved", moved_to=_url(1)))
    assert [entry.fate for entry in catalogue.entries()] == ["failed"]


def _hold(catalogue, page: int, id_: str = "a") -> None:
    catalogue.record(article(id_, "Một bài."), page=page, at=_AT, line=feeds.line)
    catalogue.visited(Visit(page=page, at=_AT, state="done", status=200, article=catalogue.article(id_).number))


def test_an_article_whose_address_leads_to_a_section_now_is_held(catalogue):
    held, never = _list(catalogue, 1, 2)
    _hold(catalogue, held)
    section = catalogue.know_page("https://vov.vn/the-gioi", _AT)
    catalogue.visited(Visit(page=section, at=_AT, state="done", status=200))
    for page in (held, never):
        catalogue.visited(Visit(page=page, at=_AT, state="moved", status=302, moved_to="https://vov.vn/the-gioi"))
    fates = [(entry.url, entry.fate, entry.reason) for entry in catalogue.entries()]
    assert fates == [(_url(1), "captured", None), (_url(2), "failed", "moved to no article")]


def test_an_article_that_was_listed_under_two_addresses_counts_once_and_lives_at_the_last(catalogue):
    old, new = _list(catalogue, 1, 2)
    for page in (old, new):
        _hold(catalogue, page)
    catalogue.visited(Visit(page=old, at=_AT, state="gone", status=404))
    assert [(entry.url, entry.fate) for entry in catalogue.entries()] == [(_url(2), "captured")]


def test_an_article_whose_new_address_never_gave_it_counts_once(catalogue):
    old, lost, twice = _list(catalogue, 1, 2, 3)
    _hold(catalogue, old, "vov.vn/post1001")
    new, again = (_url(number).replace("bai-so", "tit-moi") for number in (1, 3))
    others = [catalogue.know_page(url, _AT) for url in (new, again)]
    catalogue.listed("https://vov.vn/rss/a.rss", "feed", None, [(page, _NOON) for page in others], _AT)
    for page in (lost, twice, *others):
        catalogue.visited(Visit(page=page, at=_AT, state="failed", status=404, reason="HTTP 404"))
    fates = [(entry.url, entry.fate) for entry in catalogue.entries()]
    assert fates == [(_url(2), "failed"), (new, "captured"), (again, "failed")]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 8),
            st.sampled_from(["done", "gone", "refused", "failed", "moved", "waits", "never"]),
            st.sampled_from(["feed", "list", "sitemap"]),
        ),
        max_size=30,
    )
)
def test_the_numbers_add_up_whatever_happens(tmp_path_factory, story):
    with Catalogue.open(tmp_path_factory.mktemp("ledger"), lasting=False) as catalogue:
        job = catalogue.open_job("article", {}, _AT)
        for number, state, kind in story:
            (page,) = _list(catalogue, number, source=f"https://vov.vn/{kind}", kind=kind)
            if state == "waits":
                catalogue.enqueue(job.number, page, level=0, priority=0, seed=True, request="{}", again=True)
            elif state != "never":
                moved = _url(number // 2) if state == "moved" else None
                catalogue.visited(Visit(page=page, at=_AT, state=state, moved_to=moved))
        entries = list(catalogue.entries())
        assert {entry.url for entry in entries} == {_url(number) for number, *_ in story}
        for balance in balances(entries).values():
            assert balance.listed == sum(balance.fates[fate] for fate in FATES)
            assert set(balance.fates) <= set(FATES)


def test_coverage_of_a_real_run_names_every_fate(wireless, scrapy):
    urls = [publish(World.site, number, datetime.now(UTC) - timedelta(minutes=number)) for number in range(8)]
    World.site.fault(urls[1], status=500)
    World.site.fault(urls[2], status=403)
    World.site.fault(urls[3], status=404)
    discover(wireless, "sections=the-gioi", RETRY_TIMES=0)
    lines = [json.loads(line) for line in scrapy("catalogue", "coverage", "--json").stdout.splitlines()]
    assert sum(line["listed"] for line in lines) == 8
    assert {fate: sum(line[fate] for line in lines) for fate in FATES} == {
        "captured": 5,
        "unchanged": 0,
        "gone": 0,
        "refused": 1,
        "failed": 2,
        "not_tried": 0,
        "missing": 0,
    }
    missing = scrapy("catalogue", "coverage", "--missing").stdout.splitlines()
    assert sorted(missing) == sorted(urls[1:4])
    table = scrapy("catalogue", "coverage").stdout
    assert "HTTP 500: 1" in table
    assert "62.5% of what is still there is held" in table


def test_a_wrong_day_is_one_sentence(scrapy):
    outcome = scrapy("catalogue", "coverage", "--since", "soon")
    assert outcome.code == 2
    assert "--since 'soon' is no day" in outcome.stderr
    outcome = scrapy("catalogue", "coverage", "--since", "2026-11-02", "--until", "2026-11-01")
    assert (outcome.code, outcome.stderr) == (
        2,
        "scrapy: --since 2026-11-02 is after --until 2026-11-01; swap them.\n",
    )


def test_where_nothing_was_listed_coverage_says_of_what_it_is(wireless, scrapy):
    wireless("article", url=publish(World.site, 1, datetime.now(UTC)))
    outcome = scrapy("catalogue", "coverage", "--json")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert "no feed, list or sitemap has named an article for these days" in outcome.stderr
    assert outcome.stderr.rstrip().endswith("crawled by name or listed: 1.")


def test_only_all_is_a_hundred_percent():
    def entry(fate):
        return Entry(url=_url(1), day=date(2026, 11, 20), kinds=frozenset({"feed"}), fate=fate, reason=None)

    for fate, told in (("captured", "100.0%"), ("missing", "99.9%")):
        entries = [*[entry("captured")] * 5000, entry(fate)]
        assert list(_as_table(entries))[-1] == f"{told} of what is still there is held"


def test_an_article_stands_at_one_day_whichever_days_are_asked_for(catalogue):
    _list(catalogue, 1)
    # A list without dates names it again, days later.
    later = "2026-11-28T05:00:00.000000Z"
    page = catalogue.know_page(_url(1), later)
    catalogue.listed("https://vov.vn/the-gioi", "list", None, [(page, None)], later)
    (entry,) = catalogue.entries()
    assert (entry.day, entry.kinds) == (date(2026, 11, 20), {"feed", "list"})
    assert list(catalogue.entries(since=date(2026, 11, 20))) == [entry]
    assert list(catalogue.entries(since=date(2026, 11, 27))) == []
    assert list(catalogue.entries(until=date(2026, 11, 20))) == [entry]
    assert list(catalogue.entries(until=date(2026, 11, 19))) == []


def test_no_update_looks_at_every_page(catalogue):
    source, since, at = "https://vov.vn/the-gioi", date(2026, 11, 1), "2026-11-21T00:00:00.000000Z"
    (named,) = plans(catalogue, lambda: catalogue.unheld(source, since, at))
    assert named[0] == "SEARCH listings USING INDEX listings_first (first_listed>?)"
    (missing,) = plans(catalogue, catalogue.missing)
    assert missing[0] == "SCAN pages USING INDEX pages_bare"

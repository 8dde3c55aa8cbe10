"""Jobs, their frontier, and what other jobs have left."""

from __future__ import annotations

import pytest

from tests.stories import plans
from vovcrawler.catalogue import Catalogue, Visit

AT, LATER = "2026-11-21T08:00:00.000000Z", "2026-11-22T08:00:00.000000Z"


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        yield catalogue


def job(catalogue, spider="article", **arguments):
    return catalogue.open_job(spider, arguments, AT)


def add(catalogue, number, name, *, level=0, priority=0, seed=False, request="{}", again=False):
    page = catalogue.know_page(f"https://{name}/", AT)
    return catalogue.enqueue(number, page, level=level, priority=priority, seed=seed, request=request, again=again)


def leave(catalogue, number, busy=(), held=()):
    row = catalogue.next_row(number, busy, held)
    return row and row.url.removeprefix("https://").removesuffix("/")


def test_the_lowest_level_leaves_first_then_priority_then_age(catalogue):
    number = job(catalogue).number
    for name, level, priority in [("a", 1, 9), ("b", 0, 0), ("c", 0, 5), ("d", 0, 0)]:
        add(catalogue, number, name, level=level, priority=priority)
    order = []
    while row := catalogue.next_row(number, ()):
        order.append(row.url[8])
        catalogue.settle(row.number)
    assert order == ["c", "b", "d", "a"]


def test_a_busy_row_holds_back_the_next_level(catalogue):
    number = job(catalogue).number
    row = add(catalogue, number, "a")
    add(catalogue, number, "b", level=1)
    assert leave(catalogue, number, busy={row}) is None
    catalogue.settle(row)
    assert leave(catalogue, number) == "b"


def test_a_held_host_lets_others_of_its_level_leave_but_none_of_the_next(catalogue):
    number = job(catalogue).number
    add(catalogue, number, "a")
    other = add(catalogue, number, "b")
    add(catalogue, number, "c", level=1)
    assert leave(catalogue, number, held={"a"}) == "b"
    assert leave(catalogue, number, busy={other}, held={"a"}) is None


def test_a_page_is_known_once_and_comes_up_when_it_is_nearer(catalogue):
    number = job(catalogue).number
    first = add(catalogue, number, "a", level=2, request='"far"')
    assert add(catalogue, number, "a", level=3) is None
    assert catalogue.next_row(number, ()).level == 2
    assert add(catalogue, number, "a", level=1, seed=True, request='"near"') is None
    row = catalogue.next_row(number, ())
    assert (row.number, row.level, row.seed, row.request) == (first, 1, True, '"near"')
    catalogue.settle(first)
    assert add(catalogue, number, "a", level=0) is None
    assert add(catalogue, number, "a", again=True) is not None


def test_what_is_known_no_farther_away_or_settled_need_not_be_asked_for_again(catalogue):
    number, page = job(catalogue).number, catalogue.know_page("https://a/", AT)

    def known():
        return [level for level in range(4) if catalogue.knows(number, page, level)]

    assert known() == []
    row = add(catalogue, number, "a", level=2)
    assert known() == [2, 3]
    assert not catalogue.knows(number + 1, page, 2)
    catalogue.settle(row)
    assert known() == [0, 1, 2, 3]


def test_an_unfinished_job_goes_on_and_a_finished_one_begins_anew(catalogue):
    first = job(catalogue, url="x", hops="1")
    assert (first.continued, first.pending) == (False, 0)
    catalogue.settle(add(catalogue, first.number, "a"))
    add(catalogue, first.number, "b")
    add(catalogue, first.number, "c", request=None)
    again = job(catalogue, hops="1", url="x")
    # What could not be written down went with its process.
    assert (again.number, again.continued, again.settled, again.pending) == (first.number, True, 1, 1)
    assert job(catalogue, url="x", hops="2").number != first.number
    assert job(catalogue, "other", url="x", hops="1").number != first.number
    catalogue.finish_job(first.number, LATER)
    assert not catalogue.sweep_jobs()
    assert not job(catalogue, url="x", hops="1").continued
    assert catalogue.job_counts(first.number) == (0, 0)


def test_an_unfinished_job_looks_at_its_own_pages_only(catalogue):
    number = job(catalogue, url="x").number
    for name, state in (("refusing", "refused"), ("broken", "failed")):
        catalogue.settle(add(catalogue, number, name))
        visit(catalogue, name, state, LATER)
    asked = plans(catalogue, lambda: job(catalogue, url="x"))
    assert [step for plan in asked for step in plan if step.startswith("SCAN") and "CONSTANT" not in step] == []
    assert leave(catalogue, number) == "refusing"
    assert job(catalogue, url="x").pending == 1


def test_what_waits_again_is_asked_for_by_the_next_process_too(catalogue):
    first = job(catalogue, url="x").number
    row = add(catalogue, first, "a", request='"first"')
    catalogue.postpone(row, priority=5, request=None)
    assert job(catalogue, url="x").pending == 1
    assert catalogue.next_row(first, ()).request == '"first"'
    catalogue.postpone(row, priority=5, request='"again"')
    assert catalogue.next_row(first, ()).request == '"again"'


def test_what_other_jobs_left_is_named_and_can_be_taken_over(catalogue):
    old, own = job(catalogue, url="x").number, job(catalogue, "update").number
    for name, level in (("far", 1), ("near", 0)):
        add(catalogue, old, name, level=level)
    catalogue.settle(add(catalogue, old, "done"))
    add(catalogue, own, "mine")
    add(catalogue, own, "near")
    assert list(catalogue.leftovers(own, LATER)) == [("https://near/", 0), ("https://far/", 1)]
    # What a spider did not ask for stays where it is.
    assert catalogue.adopt(own, LATER) == 1
    assert list(catalogue.leftovers(own, LATER)) == [("https://far/", 1)]
    assert leave(catalogue, own) == "mine"
    assert job(catalogue, url="x").pending == 1


def test_a_job_of_which_nothing_is_left_is_closed(catalogue):
    old, own = job(catalogue, url="x").number, job(catalogue, "update").number
    for number in (old, own):
        add(catalogue, number, "near")
    assert catalogue.adopt(own, LATER) == 1
    assert not job(catalogue, url="x").continued


def visit(catalogue, name, state, due_at, at=AT):
    page = catalogue.know_page(f"https://{name}/", AT)
    catalogue.visited(Visit(page=page, at=at, state=state, due_at=due_at))
    return page


def test_what_is_due_is_named_the_longest_due_first_but_not_what_waits_anyway(catalogue):
    visit(catalogue, "later", "done", LATER)
    visit(catalogue, "never", "done", None)
    visit(catalogue, "failed", "failed", "2026-11-21T07:30:00.000000Z")
    visit(catalogue, "old", "done", "2026-11-20T08:00:00.000000Z")
    visit(catalogue, "waits", "done", "2026-11-20T08:00:00.000000Z")
    number = job(catalogue).number
    row = add(catalogue, number, "waits")
    assert [page.url for page in catalogue.due(AT)] == ["https://old/", "https://failed/"]
    catalogue.settle(row)
    assert len(list(catalogue.due(AT))) == 3


def test_failures_are_counted_in_a_row(catalogue):
    for state, failures in [("failed", 1), ("refused", 2), ("failed", 3), ("done", 0), ("failed", 1)]:
        page = visit(catalogue, "a", state, None)
        assert catalogue.page(page).failures == failures


def test_hosts_are_left_alone_as_long_as_the_longest_wish(catalogue):
    from datetime import datetime

    now, soon, late = (datetime.fromisoformat(f"2026-11-21T0{hour}:00:00+00:00") for hour in (8, 9, 9))
    catalogue.hold("vov.vn", late)
    catalogue.hold("vov.vn", now)
    assert catalogue.holds(now) == {"vov.vn": soon}
    assert catalogue.holds(late) == {}

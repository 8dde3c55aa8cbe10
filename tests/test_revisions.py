"""What the catalogue makes of an article that it sees again, in another state or no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.stories import article, record
from vovcrawler import feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.items import Related

TIMES = [f"2026-11-21T0{hour}:00:00.000000Z" for hour in range(8)]
URL = "https://vov.vn/the-gioi/bai-post1.vov"
ID = "vov.vn/post1"


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.open(tmp_path) as catalogue:
        yield catalogue


def see(catalogue, text, hour, *, page=None, **more):
    told = record_at(catalogue, article(ID, text, url=URL, **more), hour, page)
    return told.status, told.revision, told.seq


def record_at(catalogue, item, hour, page):
    return catalogue.record(item, page=page, at=TIMES[hour], line=feeds.line)


def test_another_text_is_another_revision_and_the_same_text_is_none(catalogue):
    assert see(catalogue, "Một.", 0) == ("new", 1, 1)
    assert see(catalogue, "Một.", 1) == ("unchanged", 1, None)
    assert see(catalogue, "Hai.", 2) == ("revised", 2, 2)
    assert see(catalogue, "Hai.", 3) == ("unchanged", 2, None)
    # What was taken back is a revision too.
    assert see(catalogue, "Một.", 4) == ("revised", 3, 3)
    seen = [(r.revision, r.first_seen, r.seen_at) for r in catalogue.revisions(1)]
    assert seen == [(1, TIMES[0], TIMES[1]), (2, TIMES[2], TIMES[3]), (3, TIMES[4], TIMES[4])]


def test_what_is_no_text_makes_no_revision(catalogue):
    see(catalogue, "Một.", 0)
    more = {"related": [Related(headline="Khác")], "tags": ["a"], "byline": "PV", "section": ["Kinh tế"]}
    assert see(catalogue, "Một.", 1, **more) == ("unchanged", 1, None)
    assert see(catalogue, "  Một.\u200b ", 2)[0] == "unchanged"
    assert see(catalogue, "Một.", 3, headline="Tít khác")[0] == "revised"


def test_one_article_under_two_addresses_is_one_article(catalogue):
    pages = [catalogue.know_page(f"https://vov.vn/x/{slug}-post1.vov", TIMES[0]) for slug in ("cu", "moi")]
    assert see(catalogue, "Một.", 0, page=pages[0])[0] == "new"
    assert see(catalogue, "Một.", 0, page=pages[1])[0] == "unchanged"
    assert catalogue.article(ID).page == pages[1]


# ---- gone


@pytest.fixture
def page(catalogue):
    """The page of an article that was captured."""
    page = catalogue.know_page(URL, TIMES[0])
    see(catalogue, "Một.", 0, page=page)
    catalogue.write().execute("UPDATE pages SET article = 1 WHERE number = ?", (page,))
    return page


def test_the_first_404_since_the_capture_is_gone_and_each_is_observed(catalogue, page):
    gone = catalogue.vanished(page, TIMES[1], 404, {"warc": "x"})
    assert gone == replace(catalogue.last_record(1), status="gone", seq=None)
    assert record_at(catalogue, gone, 1, page).seq == 2
    assert catalogue.vanished(page, TIMES[2], 410, None) is None
    assert catalogue.article(ID).state == "gone"
    seen = [(o.at, o.status, o.capture) for o in catalogue.observations(1)]
    assert seen == [(TIMES[1], 404, {"warc": "x"}), (TIMES[2], 410, None)]


@pytest.mark.parametrize(("text", "told"), [("Một.", ("unchanged", 1, None)), ("Hai.", ("revised", 2, 3))])
def test_a_page_that_returns_may_go_again(catalogue, page, text, told):
    record_at(catalogue, catalogue.vanished(page, TIMES[1], 404, None), 1, page)
    assert see(catalogue, text, 2, page=page) == told
    assert catalogue.article(ID).state == "live"
    assert [o.status for o in catalogue.observations(1)] == [404, 200]
    again = catalogue.vanished(page, TIMES[3], 404, None)
    assert record_at(catalogue, again, 3, page).revision == told[1]
    assert catalogue.article(ID).state == "gone"


def test_a_page_that_never_was_an_article_is_not_gone(catalogue):
    page = catalogue.know_page("https://vov.vn/khong-co", TIMES[0])
    assert catalogue.vanished(page, TIMES[1], 404, None) is None


def test_an_old_address_that_goes_takes_no_article_with_it(catalogue, page):
    new = catalogue.know_page("https://vov.vn/the-gioi/ten-moi-post1.vov", TIMES[1])
    see(catalogue, "Một.", 1, page=new)
    assert catalogue.vanished(page, TIMES[2], 404, None) is None
    assert list(catalogue.observations(1)) == []


# ---- related


def test_links_are_kept_as_printed_last_and_known_to_have_been_there(catalogue):
    def related(*numbers, teaser=None):
        return [
            Related(headline=f"Bài {n}", url=f"https://vov.vn/x/b-post{n}.vov", teaser=teaser) for n in numbers
        ]

    see(catalogue, "Một.", 0, related=related(2, 3))
    see(catalogue, "Một.", 1, related=related(4, 3, teaser="Tóm tắt"))
    assert catalogue.related(1) == ["https://vov.vn/x/b-post4.vov", "https://vov.vn/x/b-post3.vov"]
    rows = catalogue.connection.execute(
        "SELECT target, teaser, first_seen, last_seen FROM links ORDER BY target"
    ).fetchall()
    assert rows == [
        ("vov.vn/post2", None, TIMES[0], TIMES[0]),
        ("vov.vn/post3", "Tóm tắt", TIMES[0], TIMES[1]),
        ("vov.vn/post4", "Tóm tắt", TIMES[1], TIMES[1]),
    ]


def test_numbers_have_no_gap_whatever_fails(catalogue):
    def fail(_):
        raise ValueError

    see(catalogue, "Một.", 0)
    with pytest.raises(ValueError):
        catalogue.record(article("other", "Hai."), page=None, at=TIMES[1], line=fail)
    assert record(catalogue, "third", "Ba.").seq == 2
    catalogue.rollback()
    assert record(catalogue, "fourth", "Bốn.").seq == 1

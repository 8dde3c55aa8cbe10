"""WARC files as sources: which records are pages, in which order, and what each of them answers."""

from __future__ import annotations

import codecs
import gzip
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest

from tests.warcs import (
    Rec,
    bodies,
    http,
    members,
    numbered,
    one_member,
    opened,
    page,
    plain,
    sentences,
)
from vovcrawler.sources import SourceError, open_source

ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"
PACKINGS = {"a.warc": plain, "a.warc.gz": members, "whole.warc.gz": one_member}


@pytest.fixture
def warc(tmp_path):
    return partial(opened, tmp_path)


@pytest.mark.parametrize("name", PACKINGS)
def test_every_packing_gives_the_same_pages(warc, name):
    records = [
        Rec(id=number, url=f"https://vov.vn/a-post{number}.vov", block=http(page(str(number))))
        for number in (1, 2, 3)
    ]
    source = warc(*records, name=name, pack=PACKINGS[name])
    assert bodies(source) == [page("1"), page("2"), page("3")]
    assert not source.damage
    first, second, _ = source.seeds()
    assert first.ref == {"warc": name, "offset": 0, "record_id": records[0].urn}
    assert second.ref["offset"] == len((members if name == "a.warc.gz" else plain)(records[:1]))
    source.close()


def test_captures_come_in_the_order_in_which_they_were_made(tmp_path):
    (tmp_path / "a.warc").write_bytes(
        plain(
            [
                Rec(id=1, url=ONE, date="2026-01-03T00:00:00Z", block=http(b"3<p>")),
                Rec(id=2, url=TWO, date="2026-01-01T00:00:00Z", block=http(b"1<p>")),
            ]
        )
    )
    (tmp_path / "b.warc.gz").write_bytes(
        members(
            [
                Rec(id=3, url=ONE, date="2026-01-02T00:00:00.5Z", block=http(b"2<p>")),
                Rec(id=4, url=ONE, date="2026-01-02T00:00:00.123456Z", block=http(b"2a<p>")),
            ]
        )
    )
    (tmp_path / "c.txt").write_text("0")
    assert bodies(open_source([tmp_path])) == [b"0", b"1<p>", b"2a<p>", b"2<p>", b"3<p>"]


def test_captures_come_in_the_order_in_which_they_were_read_where_that_is_known(warc):
    one, two = (
        Rec(id=number, date=f"2026-01-01T00:00:0{number}Z", block=http(b"%d<p>" % number)) for number in (1, 2)
    )
    read = Rec(
        type="metadata",
        id=3,
        date="2026-01-01T00:00:03Z",
        block=b"{}",
        content_type="application/json",
        more=[("WARC-Concurrent-To", f"<{one.urn}>")],
    )
    assert bodies(warc(one, two, read)) == [b"2<p>", b"1<p>"]


def test_the_time_of_a_capture_is_kept_as_it_is_written(warc):
    dates = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00.123Z", "20260103000000", "2026-01-04T07:00:00+07:00"]
    dates.append("2026-12-31T23:59:60Z")  # a leap second
    source = warc(*(Rec(id=number, date=date, block=http(page())) for number, date in enumerate(dates)))
    assert [capture.captured_at for capture in source.seeds()] == [
        *dates[:2],
        "2026-01-03T00:00:00.000000Z",
        "2026-01-04T00:00:00.000000Z",
        "2026-12-31T23:59:59.000000Z",
    ]


def test_a_record_that_is_there_twice_is_read_once(tmp_path):
    for name in ("a.warc.gz", "b.warc.gz"):
        (tmp_path / name).write_bytes(members([Rec(block=http(page()))]))
    assert bodies(open_source([tmp_path])) == [page()]


@pytest.mark.parametrize("other", [{"url": TWO}, {"date": "2026-01-02T00:00:00Z"}])
def test_records_that_only_have_the_same_id_are_all_read(warc, other):
    source = warc(Rec(url=ONE, block=http(page("Một"))), Rec(**{"url": ONE, **other}, block=http(page("Hai"))))
    assert bodies(source) == [page("Một"), page("Hai")]


NOT_PAGES = {
    "request": Rec(type="request", block=b"GET / HTTP/1.1\r\n\r\n"),
    "warcinfo": Rec(type="warcinfo", url=None, block=b"software: x\r\n"),
    "metadata": Rec(type="metadata", block=b"{}"),
    "conversion": Rec(type="conversion", block=b"Tin"),
    "dns": Rec(url="dns:vov.vn", block=b"1", content_type="text/dns", type="resource"),
    "urn": Rec(url="urn:pageinfo:https://vov.vn/a-post1.vov", block=b"{}", type="resource"),
    "section": Rec(url="https://vov.vn/the-gioi", block=http(page())),
    "robots": Rec(url="https://vov.vn/robots.txt", block=http(b"User-agent: *")),
    "feed": Rec(url="https://vov.vn/rss/kinh-te.rss", block=http(b"<rss/>")),
    "elsewhere": Rec(url="https://example.org/tin-post1.vov", block=http(page())),
    "picture": Rec(url="https://vov.vn/x/anh", block=http(b"GIF", fields=[("Content-Type", "image/gif")])),
    "another form": Rec(
        url="http://m.vov.vn/the-gioi/mot-post1.vov", block=http(status="301 Moved", fields=[("Location", ONE)])
    ),
}


@pytest.mark.parametrize("record", NOT_PAGES.values(), ids=NOT_PAGES)
def test_what_is_no_article_is_no_seed_and_no_damage(warc, record):
    source = warc(record)
    assert not list(source.seeds())
    assert not source.damage


PAGES = {
    "an article": Rec(block=http(page())),
    "an unknown kind": Rec(url="https://vov.vn/a/b/c/d/e.htm?x=1", block=http(page())),
    "an english one": Rec(url="https://english.vov.vn/en/politics/news-post1.vov", block=http(page())),
    "gone": Rec(block=http(status="410 Gone", fields=[])),
    "refused": Rec(block=http(b"no", status="403 Forbidden")),
    "moved": Rec(url=ONE, block=http(status="301 Moved", fields=[("Location", TWO)])),
    "a resource": Rec(type="resource", block=page(), content_type="text/html"),
    "an address in brackets": Rec(url=f"<{ONE}>", block=http(page())),
    "of another kind": Rec(block=http(page(), fields=[("Content-Type", "application/octet-stream")])),
    "http/1.0": Rec(block=http(page(), version="HTTP/1.0", fields=[])),
}


@pytest.mark.parametrize("record", PAGES.values(), ids=PAGES)
def test_an_article_is_a_seed_whatever_was_answered(warc, record):
    source = warc(record)
    (capture,) = source.seeds()
    assert source.read(capture)
    assert not source.damage


@pytest.mark.parametrize("digits", ["9" * 30, "9" * 5000, "²"], ids=len)
def test_a_number_that_is_none_costs_its_record_at_most(tmp_path, digits):
    first, far, last = numbered([page()] * 3)
    endless = bytes(first).replace(b"Content-Length: ", b"Content-Length: " + digits.encode())
    far = replace(far, more=[("Vov-Hops", digits)])
    (tmp_path / "a.warc").write_bytes(endless + plain([far, last]))
    source = open_source([tmp_path])
    assert [capture.url for capture in source.seeds()] == [far.url, last.url]
    assert sentences(source) == ["does not say its length."]


def test_headers_come_in_order_with_repeats(warc):
    fields = [("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("X-A", "é"), ("Set-Cookie", "b=2")]
    source = warc(Rec(block=http(page(), fields=fields)))
    (capture,) = source.seeds()
    assert source.read(capture).headers == fields


@pytest.mark.parametrize("interim", ["100 Continue", "103 Early Hints"])
def test_what_came_before_the_answer_is_none(warc, interim):
    before = http(status=interim, fields=[("Link", "</a.css>")])
    (capture,) = (source := warc(Rec(url=ONE, block=2 * before + http(page())))).seeds()
    answer = source.read(capture)
    assert (capture.status, answer.status, answer.body) == (200, 200, page())


@pytest.mark.parametrize("name", PACKINGS)
def test_a_byte_order_mark_before_the_first_record_costs_nothing(tmp_path, name):
    records = numbered([page("1"), page("2")])
    marks = (codecs.BOM_UTF8 + PACKINGS[name](records), gzip.compress(codecs.BOM_UTF8 + plain(records)))
    for content in marks if name == "whole.warc.gz" else marks[:1]:
        (tmp_path / name).write_bytes(content)
        source = open_source([tmp_path / name])
        assert bodies(source) == [page("1"), page("2")]
        assert not source.damage


# ---- links


def test_a_link_is_answered_by_the_last_good_capture(warc):
    source = warc(
        Rec(id=1, url=ONE, date="2026-01-01T00:00:00Z", block=http(b"1")),
        Rec(id=2, url=ONE, date="2026-01-02T00:00:00Z", block=http(b"2")),
        Rec(id=3, url=ONE, date="2026-01-03T00:00:00Z", block=http(b"3", status="503 Busy")),
        Rec(id=4, url="http://m.vov.vn/the-gioi/mot-post1.vov", date="2026-01-04T00:00:00Z", block=http(b"4")),
    )
    assert source.read(source.find(ONE)).body == b"2"
    assert source.read(source.find(ONE.replace("https://", "http://m."))).body == b"4"
    assert source.read(source.find(ONE.replace("https://", "http://www."))).body == b"4"
    assert source.read(source.in_force(ONE, "2026-01-01T12:00:00.000000Z")).body == b"1"
    assert source.in_force(ONE, "2025-01-01T12:00:00.000000Z") is None


def test_what_was_in_force_is_found_at_once_among_the_captures_of_years(warc):
    robots = "https://vov.vn/robots.txt"
    days = [f"{year}-{month:02d}-01T00:00:00Z" for year in range(2000, 2050) for month in range(1, 13)]
    source = warc(*(Rec(id=n, url=robots, date=day, block=http(b"x")) for n, day in enumerate(days)))
    steps: list[None] = []
    source.index._db.set_progress_handler(lambda: steps.append(None), 1)
    assert source.in_force(robots, "2020-02-01T00:00:00.000000Z").captured_at == "2020-02-01T00:00:00Z"
    assert source.in_force(robots, None).captured_at == days[-1]
    assert len(steps) < 500
    # From one capture to the next it is known.
    steps.clear()
    for day in range(2, 29):
        moment = f"2020-02-{day:02d}T00:00:00.000000Z"
        assert source.in_force(robots, moment).captured_at == "2020-02-01T00:00:00Z"
    assert not steps


def test_what_was_in_force_is_the_same_in_whatever_order_moments_are_asked_about(warc):
    days = ["2026-01-02", "2026-01-02", "2026-01-05"]
    records = [
        Rec(id=n, url=ONE, date=f"{day}T00:00:00Z", block=http(str(n).encode())) for n, day in enumerate(days)
    ]
    source = warc(*records)
    expected = {"2026-01-01": None, "2026-01-02": b"1", "2026-01-04": b"1", "2026-01-05": b"2", "2026-01-06": b"2"}
    for order in permutations(expected):
        for day in order:
            found = source.in_force(ONE, f"{day}T00:00:00.000000Z")
            assert (source.read(found).body if found else None) == expected[day]
        assert source.in_force(TWO, f"{order[0]}T00:00:00.000000Z") is None


def test_a_folder_of_warc_files_is_a_source_and_one_without_pages_is_not(tmp_path):
    (tmp_path / "warc").mkdir()
    with pytest.raises(SourceError, match="holds no pages"):
        open_source([tmp_path])
    (tmp_path / "warc" / "a.warc.gz.open").write_bytes(members([Rec(url=ONE, block=http(page()))]))
    (capture,) = open_source([Path(tmp_path)]).seeds()
    # The name that it has when it is finished.
    assert capture.ref["warc"] == "a.warc.gz"

"""The report: one file that asks for nothing else, right for archives of any size."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from tests.stories import OTHER, STORY, edited, plans, record
from vovcrawler import report
from vovcrawler.catalogue import Catalogue
from vovcrawler.items import Related
from vovcrawler.report import plots
from vovcrawler.report.figures import Figures, delay, periods, section
from vovcrawler.report.page import page

SLUGS = (
    *("published", "hours", "edits", "most-edited", "most-linked", "copies", "coverage", "completeness", "runs"),
)
EVIL = "<script>alert(1)</script> & $x_1$ \"'"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with something for every plot, made twice."""
    with Catalogue.open(tmp_path_factory.mktemp("full"), lasting=False) as catalogue:
        fill(catalogue)
        pages = [page(Figures.of(catalogue)) for _ in range(2)]
    assert pages[0] == pages[1]
    return pages[0]


def fill(catalogue: Catalogue) -> None:
    link = [Related(headline="Đàm phán", url="https://vov.vn/the-gioi/x-post1.vov")]
    fields = {"published_at": "2025-12-29T16:54:00+07:00", "section": ["Thế giới"]}
    url = "https://vov.vn/the-gioi/x-post1.vov"
    record(catalogue, "vov.vn/post1", STORY, EVIL, url=url, **fields)
    record(catalogue, "vov.vn/post2", STORY, EVIL, related=link, published_at="2026-01-01T00:30:00+07:00")
    record(catalogue, "vov.vn/post3", edited(STORY), layout="epi", related=link)
    record(catalogue, "vov.vn/post1", OTHER, EVIL, url=url, at="2026-11-22T00:00:00.000000Z", **fields)
    known = catalogue.know_page(url, "2026-11-21T00:00:00.000000Z")
    number = getattr(known, "number", known)
    catalogue.listed("https://vov.vn/rss", "feed", "the-gioi", [(number, None)], "2026-11-21T00:00:00.000000Z")
    for name, code in (("20261121T000000Z", 0), ("20261121T010000Z", 3)):
        told = {"run": name, "spider": "discovery", "version": "1", "exit_code": code, "reason": "finished"}
        times = {"started_at": "2026-11-21T00:00:00Z", "finished_at": "2026-11-21T00:03:00Z"}
        catalogue.finish_run({**told, **times, "arguments": {}, "pages": 7, "refused": 2, "failed": 1})


def tree(catalogue: Catalogue) -> html.HtmlElement:
    return html.fromstring(page(Figures.of(catalogue)))


def test_every_plot_is_there_with_a_name_and_a_table(full):
    root = html.fromstring(full)
    assert [figure.get("id") for figure in root.iter("figure")] == list(SLUGS)
    for figure in root.iter("figure"):
        (picture,) = figure.iter("svg")
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label")) > 10
        assert figure.findall(".//table/tbody/tr")
        assert figure.findall(".//table/thead/tr/th")


def test_nothing_in_it_asks_for_anything(full):
    root = html.fromstring(full)
    assert not list(root.iter("script", "img", "iframe", "object", "image"))
    assert [link.get("href") for link in root.iter("link")] == ["data:,"]
    for name in ("src", "srcset", "{http://www.w3.org/1999/xlink}href", "onclick", "style"):
        for value in root.xpath(f"//*/@{name}" if ":" not in name else "//@*[name()='xlink:href']"):
            assert "//" not in value
    assert not re.search(r"@import|url\((?!#)", full)
    assert "default-src 'none'" in root.xpath("//meta[@http-equiv]/@content")[0]


def test_what_pages_say_is_text_only(full):
    assert "<script" not in full
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in full
    assert "$x_1$" in full


def test_ids_are_unique_and_references_reach_them(full):
    ids = Counter(re.findall(r' id="([^"]+)"', full))
    assert [name for name, number in ids.items() if number > 1] == []
    assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', full)) <= set(ids)


def test_colours_are_those_of_the_page(full):
    drawn = set(re.findall(r"#[0-9a-f]{6}", full[full.index("<svg") :]))
    assert drawn <= {"#000000"}
    assert set(re.findall(r"var\(--([\w-]+)\)", full)) <= set(re.findall(r"--([\w-]+):", full))


def test_an_empty_archive_is_told_kindly(catalogue):
    root = tree(catalogue)
    assert "The archive is empty" in root.text_content()
    assert not list(root.iter("svg"))
    assert not list(root.iter("figure", "section", "nav", "dl"))


def test_one_article_without_a_date_draws_no_empty_axes(catalogue):
    record(catalogue, "text/1", STORY, headline="Tin")
    root = tree(catalogue)
    assert [figure.get("id") for figure in root.iter("figure")] == ["completeness"]
    assert [one.get("id") for one in root.iter("section")] == [name for name in SLUGS if name != "completeness"]
    assert "1 article without a time of publication" in root.text_content()
    assert "of what was listed" not in root.text_content()


# ---- figures


def test_a_run_without_an_end_is_not_said_to_have_ended_badly(catalogue):
    fill(catalogue)
    started = {"version": "1", "at": "2026-11-21T02:00:00Z", "arguments": {}}
    catalogue.start_run("20261121T020000Z", job=1, spider="article", **started)
    (figure,) = (figure for figure in tree(catalogue).iter("figure") if figure.get("id") == "runs")
    told = " ".join(figure.text_content().split())
    assert "The last 3 runs, 1 of which (in red) ended badly; 1 still going on, or killed." in told
    assert [row[2].text for row in figure.findall(".//table/tbody/tr")] == [
        "still going on, or killed",
        "exit code 3: finished",
        "done",
    ]


def test_figures_count_by_day_and_hour_of_vietnam(catalogue):
    record(catalogue, 1, STORY, published_at="2026-01-01T18:30:00+00:00", section=["Thế giới"])
    figures = Figures.of(catalogue)
    assert figures.days == {(date(2026, 1, 2), "Thế giới"): 1}
    assert figures.hours == {1: 1}
    assert figures.layouts["generic"].filled["lead"] == 0
    assert figures.layouts["generic"].filled["body"] == 1


@pytest.mark.parametrize(
    ("last", "kind", "count"),
    [
        (date(2026, 1, 1), "day", 1),
        (date(2026, 3, 1), "day", 60),
        (date(2026, 12, 1), "month", 12),
        (date(2040, 1, 1), "year", 15),
    ],
)
def test_long_times_are_counted_in_longer_periods(last, kind, count):
    found, names, series = periods({(date(2026, 1, 1), "a"): 1, (last, "b"): 2})
    assert (found, len(names)) == (kind, count)
    assert sum(map(sum, series.values())) == 3


def test_small_sections_are_put_together():
    days = {(date(2026, 1, 1), f"s{number}"): number for number in range(1, 10)}
    _, _, series = periods(days)
    assert list(series) == ["s9", "s8", "s7", "s6", "s5", "s4", "others"]
    assert series["others"] == [6]


def test_edits_before_publication_count_as_early():
    assert delay(-5) == "15 min"
    assert delay(86_400) == "3 days"


def test_a_section_comes_from_the_address_where_the_page_gives_none():
    assert section({"section": [], "url": "https://vov.vn/the-gioi/x-post1.vov"}) == "the-gioi"
    assert section({"section": [], "url": "https://vov.vn/x-post1.vov"}) == "(no section)"
    assert section({"section": [], "url": None}) == "(no section)"


def test_letters_that_the_measuring_font_lacks_are_drawn_all_the_same():
    assert "新闻" in plots.ranking("x", "y", ["新闻 🎉"], [1])


# ---- the command


def test_the_command_writes_the_page_and_says_where(scrapy, tmp_path: Path):
    with Catalogue.open(scrapy.data) as catalogue:
        record(catalogue, "vov.vn/post1", STORY)
    done = scrapy("report")
    assert (done.code, done.stdout.strip()) == (0, str(scrapy.data / "reports" / "report.html")), done.stderr
    first = (scrapy.data / "reports" / "report.html").read_bytes()
    with Catalogue.read(scrapy.data) as catalogue:
        report.write(catalogue, tmp_path / "other" / "page.html")
    assert (tmp_path / "other" / "page.html").read_bytes() == first


def test_without_an_archive_a_sentence_says_so(scrapy):
    done = scrapy("report")
    assert done.code == 5
    assert "There is no catalogue" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_that_cannot_be_written_leaves_nothing_behind(scrapy, tmp_path: Path):
    Catalogue.open(scrapy.data).close()
    folder = tmp_path / "pages"
    folder.mkdir()
    outcome = scrapy("report", "-o", folder)
    assert outcome.code == 2
    assert f"'{folder}' is a folder" in outcome.stderr
    with Catalogue.read(scrapy.data) as catalogue, pytest.raises(IsADirectoryError):
        report.write(catalogue, folder)
    assert not list(tmp_path.glob("pages*.part"))


def test_who_names_an_article_twice_counts_once(tmp_path):
    addresses = [f"https://vov.vn/the-gioi/{slug}-post{number}.vov" for number in (1, 2) for slug in "xy"]
    twice, once = addresses[:2], addresses[2:3]
    with Catalogue.open(tmp_path) as catalogue:
        for number, named in enumerate(([*twice, *once], [*twice, *once], once)):
            links = [Related(headline=f"Tin {place}", url=url) for place, url in enumerate(named)]
            record(catalogue, f"source{number}", f"Bài số {number}.", related=links)
        ranked = [(one.id, one.number) for one in catalogue.most_linked()]
        plan, *_ = plans(catalogue, catalogue.most_linked)
    assert ranked == [("vov.vn/post2", 3), ("vov.vn/post1", 2)]
    # Without a look at every link.
    assert "SEARCH links USING COVERING INDEX links_target (target>?)" in plan

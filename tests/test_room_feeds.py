"""What the reading room gives to programs: Atom feeds, and the data of each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from parsel import Selector

from tests.rooms import NOW, Get, asking, fill, put
from vovcrawler.catalogue import Catalogue
from vovcrawler.room import open_room

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """Ask the room over a small archive."""
    data = tmp_path_factory.mktemp("data")
    with Catalogue.open(data) as catalogue:
        fill(catalogue)
    yield from asking(open_room(data, clock=lambda: NOW))


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/section/the-gioi.atom", ["Bài thứ hai", "Nga và Trung Quốc bàn"]),
        ("/search.atom?q=moscow", ["Nga và Trung Quốc bàn"]),
        ("/changes.atom", ["Nga và Trung Quốc bàn"]),
        ("/gone.atom", ["Bài thứ hai"]),
    ],
)
def test_feeds_are_atom(get: Get, path: str, titles: list[str]) -> None:
    answer = get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == titles
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}updated")


@pytest.mark.parametrize("path", ["/search.atom?q=moscow", "/search.atom?q=nga&section=the-gioi", "/changes.atom"])
def test_a_feed_is_known_by_its_address(get: Get, path: str) -> None:
    feed = ET.fromstring(get(f"{path}&lang=en" if "?" in path else path).text)
    addresses = {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link") if link.get("rel")}
    assert feed.findtext(f"{ATOM}id") == addresses["self"] == f"http://localhost{path}"
    assert addresses["alternate"] == addresses["self"].replace(".atom", "")


def test_the_feed_of_a_list_is_that_of_its_first_page(get: Get) -> None:
    page = Selector(text=get("/search?q=nga&page=2").text)
    assert page.css('link[type="application/atom+xml"]::attr(href)').get() == "/search.atom?q=nga"


def test_a_feed_is_as_new_as_its_newest_entry(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        put(catalogue, "vov.vn/post1", published_at="2026-11-21T09:00:00+07:00")
        put(catalogue, "vov.vn/post2", headline="Không rõ ngày", captured_at="2026-11-21T03:00:00.000000Z")
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        assert ET.fromstring(ask("/search.atom").text).findtext(f"{ATOM}updated") == "2026-11-21T03:00:00.000000Z"


def test_a_section_is_called_as_most_articles_print_it(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        for number, name in enumerate(["THỂ THAO", "Thể thao", "Thể thao"]):
            put(catalogue, f"vov.vn/post{number}", headline=f"Tin {number}", section=[name, "Bóng đá"])
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        for path, name in (("the-thao", "Thể thao"), ("bong-da", "Bóng đá")):
            assert ask(f"/section/{path}.json").json()["title"] == name
            assert ET.fromstring(ask(f"/section/{path}.atom").text).findtext(f"{ATOM}title") == name


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/?month=2020-01", "/index.json?month=2020-01"),
        ("/article/vov.vn/post1?revision=1&lang=en", "/article/vov.vn/post1.json?revision=1"),
        ("/revisions/vov.vn/post1?from=2&to=1", "/revisions/vov.vn/post1.json?from=2&to=1"),
        ("/cite/vov.vn/post1?revision=1", "/cite/vov.vn/post1.json?revision=1"),
        ("/changes?page=2", "/changes.json?page=2"),
        ("/search?q=moscow", "/search.json?q=moscow"),
    ],
)
def test_a_page_names_its_own_data(get: Get, path: str, data: str) -> None:
    page = Selector(text=get(path).text)
    assert page.css('link[type="application/json"]::attr(href)').get() == data
    assert page.css("footer a::attr(href)").get() == data

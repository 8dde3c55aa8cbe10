"""The pages of the replica tell the truth: whatever a story expects to be read stands on its page."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest

from tests.replica import LAYOUTS, Card, Inset, Story, generate, reach, render

ROOT = Path(__file__).parent.parent
STORIES = [story for layout in LAYOUTS for story in generate(7, 40, layouts=[layout])]


def seen(html: str) -> str:
    """Return what a reader sees of *html*, in one line."""
    root = lxml.html.document_fromstring(html)
    for rest in root.xpath("//script | //style | //head"):
        rest.drop_tree()
    for line_break in root.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    for block in root.iter("p", "td", "li", "div", "h1", "h2", "h3", "h4", "h5", "figcaption", "article"):
        block.tail = f" {block.tail or ''}"
    return plain(root.text_content())


def plain(text: str) -> str:
    bare = re.sub("[\u200b-\u200d\ufeff\u00ad]", "", unicodedata.normalize("NFC", text))
    return " ".join(bare.split()).replace("./.", ".").replace(" . ", ". ")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.layout}-{story.id}")
def test_a_page_shows_what_a_careful_reader_writes_down(story):
    text = seen(render(story))
    truth = {**story.expected(), **dict.fromkeys(story.hidden, ())}
    wanted = [truth["headline"], truth["lead"], truth["byline"], *truth["section"], *truth["tags"]]
    wanted += [cell for paragraph in truth["body"] for cell in paragraph.split(" | ")]
    wanted += [*(card["headline"] for card in truth["related"])]
    wanted += [image["caption"] for image in truth["images"] if "data-desc" not in render(story)]
    assert [part for part in wanted if part and part not in text] == []


def test_the_same_seed_gives_the_same_site():
    assert [render(story) for story in generate(3, 20)] == [render(story) for story in generate(3, 20)]
    assert [story.url for story in generate(3, 20)] != [story.url for story in generate(4, 20)]


def test_markup_differs_from_seed_to_seed():
    story = STORIES[0]
    assert len({render(replace(story, seed=seed)) for seed in range(10)}) == 10


def test_a_site_holds_every_trap():
    stories = generate(1, 300)
    hrefs = [card.href for story in stories for card in story.related]
    hosts = {urlsplit(urljoin("https://vov.vn", href.strip())).hostname for href in hrefs}
    assert {"vov.vn", "www.vov.vn", "m.vov.vn", "baoxuan.vov.vn", "vov.vn.", "english.vov.vn"} <= hosts
    assert any("utm_source" in href for href in hrefs)
    assert any(href.endswith("#comments") for href in hrefs)
    targets = {url for story in stories for url in story.followed()}
    assert targets - {story.url for story in stories}, "nothing is missing"
    assert any(card.target == story.url for story in stories for card in story.related), "nothing calls itself"
    assert any(isinstance(block, Inset) for story in stories for block in story.body)
    assert any(story.lead is None for story in stories)
    assert len({story.url for story in stories}) == 300


def test_reach_is_breadth_first():
    def story(name: str, *related: str) -> Story:
        cards = [Card(headline=other, href=f"/{other}", target=f"https://vov.vn/{other}") for other in related]
        return Story(url=f"https://vov.vn/{name}", headline=name, related=tuple(cards))

    stories = [story("a", "b", "c", "a"), story("b", "d"), story("c", "d", "a"), story("d", "e"), story("e")]
    ways = {url.rpartition("/")[2]: hop for url, hop in reach(stories, ["https://vov.vn/a"], 2).items()}
    assert ways == {"a": 0, "b": 1, "c": 1, "d": 2}


def test_it_runs_by_hand():
    line = [sys.executable, "-m", "tests.replica", "--stories", "3", "--urls"]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            proxy, url = process.stdout.readline().strip(), process.stdout.readline().strip()
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
            with opener.open(url.replace("https:", "http:"), timeout=10) as response:
                assert response.status == 200
        finally:
            process.terminate()

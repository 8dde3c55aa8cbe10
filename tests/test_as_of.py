"""The past of an archive that a real crawl made: asked again after every change, it gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Command
from tests.replica import Replica, Story
from vovcrawler import dates
from vovcrawler.catalogue import Catalogue

URL = "https://vov.vn/the-gioi/tin-post{}.vov"


def crawl(scrapy: Command, *stories: Story) -> str:
    """Visit these pages and return the time just after."""
    visited = scrapy("crawl", "article", "-a", f"url={','.join(story.url for story in stories)}", "-a", "hops=0")
    assert visited.code in {0, 1}, visited.stderr
    return dates.warc_date(dates.utc_now())


def export(data: Path, before: str | None = None) -> list[str]:
    with Catalogue.read(data) as catalogue, catalogue.snapshot():
        return [one.text for one in catalogue.standing(before=before)]


def test_the_past_is_the_same_whenever_it_is_asked(replica: Replica, scrapy: Command) -> None:
    one, two = (
        Story(url=URL.format(number), headline=f"Tin số {number}", body=(f"Đoạn văn số {number}.", "Hết."))
        for number in (1, 2)
    )
    replica.site.story(one)
    replica.site.story(two)
    then: dict[str, list[str]] = {}
    for step in (
        lambda: None,
        lambda: replica.site.edit(one, body=("Một đoạn văn khác hẳn.", "Hết.")),
        lambda: replica.site.remove(one),
    ):
        step()
        moment = crawl(scrapy, one, two) if not then else crawl(scrapy, one)
        then[moment] = export(scrapy.data)
        assert {past: export(scrapy.data, past) for past in then} == then

    told = [[(row["status"], row["revision"]) for row in map(json.loads, lines)] for lines in then.values()]
    assert told == [
        [("new", 1), ("new", 1)],
        [("revised", 2), ("new", 1)],
        [("gone", 2), ("new", 1)],
    ]
    assert export(scrapy.data) == then[max(then)]

    rebuilt = scrapy("catalogue", "rebuild")
    assert rebuilt.code == 0, rebuilt.stderr
    assert {past: export(scrapy.data, past) for past in then} == then

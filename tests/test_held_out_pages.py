"""Pages that the reader was not written for: the replica's, made apart from it, each field with its score."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from tests.replica import LAYOUTS, Story, generate, render
from vovcrawler import text
from vovcrawler.items import to_record
from vovcrawler.pages import read_article

RIGHT_AT_LEAST = 0.995
FIELDS = tuple(Story(url="https://vov.vn/a-post1.vov", headline="").expected())


@cache
def readings(layout: str) -> dict[str, list[str]]:
    """By field: an empty text for each page that is read rightly, else what stands there and what was read."""
    by_field = defaultdict(list)
    for seed in (31, 32, 33):
        for story in generate(seed, 25, layouts=[layout]):
            html = render(story).encode()
            record = to_record(read_article(html, url=story.url, content_type="text/html; charset=utf-8"))
            for field, wanted in story.expected().items():
                wrong = f"{story.url}\n  page {wanted}\n  read {record[field]}"
                by_field[field].append("" if record[field] == wanted else wrong)
    return by_field


def test_what_only_machines_are_told_is_marked_as_such():
    stories = [story for story in generate(34, 150, layouts=["drupal"]) if story.hidden]
    assert len(stories) > 10
    for story in stories:
        article = read_article(render(story), url=story.url)
        hidden = {"published_at" if name == "date" else name for name in story.hidden}
        assert hidden - {name for name in hidden if not story.expected()[name]} <= set(article.fallback_fields)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_digest_of_a_record_is_that_of_its_text(layout):
    for story in generate(35, 10, layouts=[layout]):
        article = read_article(render(story), url=story.url)
        assert article.content_digest == text.content_digest(article.headline, article.lead, article.body)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_field_is_read_as_a_careful_reader_would(layout, field):
    results = readings(layout)[field]
    wrong = [result for result in results if result]
    score = 1 - len(wrong) / len(results)
    print(f"{layout} {field}: {score:.1%} of {len(results)}")
    assert score >= RIGHT_AT_LEAST, "\n".join(wrong[:5])

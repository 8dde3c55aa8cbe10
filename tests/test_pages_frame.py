"""What stands round an article and is none of it: keywords of the day, the live radio, players of a sidebar."""

from __future__ import annotations

import pytest

from tests.markup import page, read


@pytest.mark.parametrize("label", ["", "<strong>Tag:</strong>", "<span>Từ khóa: </span>", "<p>Tags</p>"])
@pytest.mark.parametrize("first", ["nông sản", "Nông thôn mới", "hot girl", "xu hướng làm đẹp"])
def test_a_keyword_may_begin_with_what_keywords_of_the_day_are_called(first: str, label: str) -> None:
    tags = f'<a href="/tu-khoa/mot-tag1">{first}</a> <a href="/tu-khoa/nga-tag2">Nga</a>'
    assert read(page(after=f'<div class="article__tag">{label}{tags}</div>')).tags == [first, "Nga"]


@pytest.mark.parametrize("label", ["Chủ đề nóng:", "<b>HOT</b>", "Xu hướng", "Từ khóa: nổi bật"])
def test_a_row_of_keywords_of_the_day_is_known_by_its_label(label: str) -> None:
    row = f'<div class="row">{label} <a href="/tu-khoa/hot-tag9">Covid</a> <a href="/tu-khoa/x-tag8">X</a></div>'
    assert read(page(after=row)).tags == []

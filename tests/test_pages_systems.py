"""What widely used systems print round an article: the site may be rebuilt on any of them."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, read

TEXT = f'<div class="entry-content">{P1}{P2}</div>'
NEXT = '<a href="https://vov.vn/the-gioi/bai-khac-post2000.vov">Nga nói về quan hệ với châu Âu</a>'


def page(above: str = "", text: str = TEXT, below: str = "") -> str:
    return f'<html lang="vi"><body><main><h1>{HEADLINE}</h1>{above}{text}{below}</main></body></html>'


@pytest.mark.parametrize(
    ("printed", "published"),
    [
        (
            "Thứ 3, 12/09/2025 - 16:54",
            "2025-12-09T16:54:00+07:00",
        ),  # as Drupal prints it where nobody told it not to
        ("12/09/2025", "2025-12-09T16:54:00+07:00"),
        ("09/12/2025 - 16:54", "2025-12-09T16:54:00+07:00"),
        ("13/12/2025 - 16:54", "2025-12-13T16:54:00+07:00"),  # another day: it is not the order
    ],
)
def test_a_date_with_the_month_first_is_as_its_stamp_says(printed: str, published: str) -> None:
    article = read(page(f'<p><time datetime="2025-12-09T16:54:00+07:00">{printed}</time></p>'))
    assert article.published_at == published


@pytest.mark.parametrize(
    "line",
    [
        '<div class="jeg_meta_author"><span>bởi</span> <a href="/tac-gia/phi-long-author1">{}</a></div>',
        '<dl><dd class="createdby" itemprop="author">Viết bởi: <span>{}</span></dd></dl>',
        '<div class="blog-meta-item--author"><span>Written By </span>{}</div>',
        '<span class="byline post-author"><span class="post-author-label">Người đăng:</span> <b>{}</b></span>',
        '<div class="td-post-author-name">Bởi <a href="/tac-gia/phi-long-author1">{}</a> - </div>',
    ],
)
@pytest.mark.parametrize("byline", ["CTV Phi Long/VOV-Miền Trung", "Phi Long/VOV.VN"])
def test_what_stands_round_the_name_is_no_part_of_the_byline(line: str, byline: str) -> None:
    article = read(page(line.format(byline)))
    assert (article.byline, article.authors) == (byline, ["Phi Long"])


@pytest.mark.parametrize("byline", ["Phi Long/VOV.VN", "PV/VOV-Cairo", "Phi Long"])
def test_a_date_may_stand_in_the_box_of_the_byline(byline: str) -> None:
    row = f'<p class="author">{byline}-<span class="time">Thứ ba, 09/12/2025 16:54 GMT+7</span></p>'
    article = read(page(row))
    assert (article.byline, article.published_at) == (byline, "2025-12-09T16:54:00+07:00")


def test_a_line_of_keywords_is_no_byline_whatever_it_is_called() -> None:
    label = '<span class="byline-label">Nhãn:</span>'
    tags = f'<span class="byline post-labels">{label} <a href="/tu-khoa/nga-tag1" rel="tag">Nga</a></span>'
    article = read(page(below=f'<div class="post-footer">{tags}</div>'))
    assert (article.byline, article.tags) == (None, ["Nga"])


def test_a_label_that_lost_its_name_is_no_paragraph() -> None:
    line = '<div>Bởi <span class="author">Phi Long/VOV.VN</span>, <time>16:54, 09/12/2025</time></div>'
    article = read(page(text=f'<div class="entry-content">{line}{P1}{P2}</div>'))
    assert (article.byline, article.body) == ("Phi Long/VOV.VN", [ONE, TWO])

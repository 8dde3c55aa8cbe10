"""What widely used systems print round an article: the site may be rebuilt on any of them."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, read
from vovcrawler.items import Image

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


def test_a_link_that_opens_a_picture_in_a_window_is_no_window() -> None:
    url = "https://media.vov.vn/sites/default/files/2025-12/moscow.jpg"
    link = f'<a href="{url}" class="td-modal-image"><img src="{url}"></a>'
    figure = f"<figure>{link}<figcaption>Quang cảnh cuộc họp (Ảnh: TTXVN)</figcaption></figure>"
    article = read(page(text=f'<div class="entry-content">{figure}{P1}{P2}</div>'))
    assert article.images == [Image(url=url, caption="Quang cảnh cuộc họp", credit="TTXVN")]


def test_the_article_ends_with_its_keywords_and_with_the_way_to_the_next() -> None:
    tags = '<ul><li><span>TAGS</span></li><li><a href="/tu-khoa/nga-tag1">Nga</a></li></ul>'
    foot = f"<footer><div>{tags}</div><div><span>Bài trước</span>{NEXT}</div></footer>"
    html = f"<html><body><article><h1>{HEADLINE}</h1>{TEXT}{foot}</article></body></html>"
    assert read(html).tags == ["Nga"]


def test_a_section_that_is_marked_as_a_keyword_is_none() -> None:
    sections = '<a href="/the-gioi" rel="tag">Thế giới</a>'
    tags = '<a href="/tu-khoa/nga-tag1" rel="tag">Nga</a>, <a href="/tu-khoa/my-tag2" rel="tag">Mỹ</a>'
    article = read(page(above=f"<div>trong {sections}</div>", below=f"<div>{tags}</div>"))
    assert article.tags == ["Nga", "Mỹ"]


def test_the_foot_of_an_article_is_known_by_its_microdata() -> None:
    keywords = '<span itemprop="keywords"><a href="/tu-khoa/nga-tag1">Nga</a></span>'
    author = '<span itemprop="author">Tác giả: <span itemprop="name">Phi Long/VOV.VN</span></span>'
    foot = f'<div class="footer"><p><time datetime="2025-12-09">09.12.2025</time>{keywords}{author}</p></div>'
    box = f'<div itemscope itemtype="http://schema.org/Article"><div><h1>{HEADLINE}</h1></div>{foot}{TEXT}</div>'
    article = read(f"<html><body>{box}</body></html>")
    assert (article.byline, article.tags, article.body) == ("Phi Long/VOV.VN", ["Nga"], [ONE, TWO])


def test_the_links_that_skip_a_trail_of_sections_are_no_part_of_it() -> None:
    trail = (
        '<span><a href="/">Trang chủ</a></span><span> &gt; </span><span><a href="/the-gioi">Thế giới</a></span>'
    )
    skip = '<a href="#ctl00_SkipLink"><img></a>'
    skipped = f'<span id="ctl00_SiteMapPath1">{skip}{trail}<a id="ctl00_SkipLink"></a></span>'
    html = f"<html><body><form>{skipped}<div><h1>{HEADLINE}</h1>{TEXT}</div></form></body></html>"
    assert read(html).section == ["Thế giới"]


def test_a_box_to_sign_up_for_letters_is_no_text() -> None:
    box = (
        '<div class="kg-signup-card"><h3>Tin tức mới nhất mỗi sáng.</h3><form><input type="email"></form>'
        '<p class="kg-signup-card-disclaimer">Không thư rác. Hủy bất cứ lúc nào.</p></div>'
    )
    assert read(page(text=f'<div class="entry-content">{P1}{box}{P2}</div>')).body == [ONE, TWO]


def test_a_line_that_leads_back_to_the_section_is_no_text() -> None:
    back = '<div><a href="/the-gioi" class="back">Các bài về Thế giới</a></div>'
    assert read(page(text=f'<div class="entry-content">{P1}{P2}{back}</div>')).body == [ONE, TWO]

"""Pages in the markup of today's tools: parts of an article known by tags and words, whatever their classes."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read

LONG = f"<p>{ONE} {TWO}</p>"
DAY = '<time datetime="2025-12-29T16:54:00+07:00">29/12/2025</time>'
NEWS = '<a href="/a/khac-post{0}.vov">Tít khác số {0} của trang này</a>'
TODAY = "https://vov.vn/the-gioi/bai-viet-post1000.vov"


def article(text: str = LONG + P2, *, before: str = "", above: str = "", below: str = "", beside: str = "") -> str:
    head = f"<header>{before}<h1>{HEADLINE}</h1>{above}</header>"
    story = f'<article class="k1">{head}<div class="k2">{text}</div>{below}</article>'
    return f'<html lang="vi"><head></head><body><main>{story}{beside}</main></body></html>'


ICON = '<svg viewBox="0 0 20 20"><title>Biểu tượng</title><path d="M0 0h20v20z"/></svg>'


def test_the_title_of_an_icon_is_no_word_of_what_it_stands_beside() -> None:
    related = f"<h3>{ICON}Tin liên quan</h3><ul><li>{NEWS.format(22)}</li></ul>"
    told = read(article(above=f"<p><span>{ICON}Thứ Hai, 16:54, 29/12/2025</span></p>", below=related))
    assert (told.published_at, len(told.related)) == ("2025-12-29T16:54:00+07:00", 1)


def test_a_drawing_without_an_end_costs_nothing() -> None:
    told = read(page(headline=f'<svg><path d="M0 0"><h1>{HEADLINE}</h1>'))
    assert (told.headline, told.body) == (HEADLINE, [ONE, TWO])


def test_pictures_that_one_address_makes_smaller_are_told_apart() -> None:
    shown = ("a.jpg&amp;w=640", "a.jpg&amp;w=1080", "b.jpg&amp;w=640")
    pictures = "".join(f'<p><img src="/_next/image?url=%2Ffiles%2F{name}"></p>' for name in shown)
    urls = [image.url for image in read(page(P1 + pictures + P2)).images]
    assert urls == [f"https://vov.vn/_next/image?url=%2Ffiles%2F{name}.jpg&w=640" for name in ("a", "b")]


ASKS = '<form action="/x"><input name="x"><button>Gửi</button></form>'


@pytest.mark.parametrize(
    "noise",
    [
        f"<div><h4>Đăng ký nhận bản tin</h4><p>Nhận tin nóng mỗi sáng qua email của bạn.</p>{ASKS}</div>",
        f"<section><div><p>Thăm dò ý kiến</p></div><div><p>Bạn có ủng hộ không?</p>{ASKS}</div></section>",
        "<p>Đăng nhập để đọc tiếp bài viết này và ủng hộ tòa soạn.</p>",
        "<div><p>Hãy đăng ký tài khoản để gửi bình luận.</p></div>",
    ],
)
def test_what_asks_the_reader_for_something_is_no_text(noise: str) -> None:
    assert read(page(P1 + noise + P2)).body == [ONE, TWO]


@pytest.mark.parametrize("box", ["<div>{}{}</div>", "<div><p>Mới đây.</p>{1}</div>{0}", "<div>{1}{0}</div>"])
def test_text_in_one_box_with_a_form_stays(box: str) -> None:
    told = read(page(P1 + box.format(P2, ASKS if "Mới" not in box else ""))).body
    assert told[-1] == TWO

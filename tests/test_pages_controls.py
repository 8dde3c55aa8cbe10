"""Players, slides and contents inside a text: what they print is no text, and what looks like it is."""

from __future__ import annotations

import pytest

from tests.markup import ONE, P1, P2, TWO, page, read


@pytest.mark.parametrize(
    "bar",
    [
        "<div class='x'><span>Giọng nữ</span><span>Giọng nam</span><span>0:00/3:25</span></div>",
        "<div class='x'><span>0:00</span>/<span>3:25</span><ul><li>Nữ miền Bắc</li><li>1.5x</li></ul></div>",
        "<div class='x'><p>Nghe đọc bài</p><div><p>00:00 / 1:03:25</p></div><p>An Nhi</p></div>",
        "<p>0:00/3:25</p>",
        "<div class='x'><span>0:00 / 3:45</span><span>1.25x</span></div>",
        "<p>Giọng nữ miền Nam</p>",
        "<div><span>3 phút đọc</span></div>",
        "<div>5 min read</div>",
        "<div><span>Nghe đọc bài</span><div><em>00:00</em></div></div>",
        "<ul><li><a href='#'>A+</a></li><li><a href='#'>A-</a></li><li><a href='#'>Bản in</a></li></ul>",
        "<p>A+</p>",
        "<div><button>Cỡ chữ nhỏ</button></div><div>Cỡ chữ lớn</div><p>Xem ảnh lớn</p>",
        "<div><span>★★★★☆</span> 4.2/5 (15 lượt bình chọn)</div>",
        "<p>4,5/5 - 120 lượt đánh giá</p>",
    ],
)
def test_what_a_player_prints_is_no_text(bar: str) -> None:
    for told in (bar + P1 + P2, P1 + bar + P2):
        assert read(page(told)).body == [ONE, TWO]


@pytest.mark.parametrize(
    "line",
    [
        "Tỷ số 10:30/11:25",
        "00:00",
        "Xem ảnh lớn lên theo năm tháng",
        "Sách được chấm 4/5 điểm",
        "Anh về đích sau 1:00:00/2:10:25",
        "Bài viết cần 3 phút đọc kỹ mới hiểu.",
        "Giọng nữ miền Nam trong phim",
    ],
)
def test_times_and_voices_in_a_text_are_text(line: str) -> None:
    assert read(page(f"{P1}<div><p>{line}</p></div>{P2}")).body == [ONE, line, TWO]


def test_the_numbers_of_slides_are_no_text() -> None:
    slides = "".join(
        f"<div class='s'><figure><img src='/{n}.jpg'><figcaption>Ảnh số {n}</figcaption></figure>"
        f"<span>{n}/3</span></div>"
        for n in (1, 2, 3)
    )
    article = read(page(P1 + slides + P2))
    assert article.body == [ONE, TWO]
    assert [image.caption for image in article.images] == ["Ảnh số 1", "Ảnh số 2", "Ảnh số 3"]


@pytest.mark.parametrize("day", ["<h3>{}</h3>", "<p>{}</p>", "<div><b>{}</b></div>"])
def test_days_above_pictures_are_text(day: str) -> None:
    told = "".join(f"{day.format(f'{n}/2')}<figure><img src='/{n}.jpg'></figure>{P1}" for n in (1, 2))
    assert read(page(told)).body == ["1/2", ONE, "2/2", ONE]


def test_a_few_numbers_of_slides_are_text() -> None:
    told = "".join(f"<figure><img src='/{n}.jpg'></figure><div>{n}/4</div>{P1}" for n in (1, 2))
    assert read(page(told)).body == ["1/4", ONE, "2/4", ONE]


CONTENTS = "<{0}><li><a href='#a'>1. Một</a></li><li>2. <a href='#b'>Giải pháp hai</a></li></{0}>"


@pytest.mark.parametrize(
    "contents",
    [
        "<div class='x'><p>Mục lục</p>" + CONTENTS.format("ol") + "</div>",
        "<p><strong>Nội dung chính</strong></p>" + CONTENTS.format("ul"),
        "<h2>Trong bài viết này</h2><p><a href='#a'>Một</a></p><p><a href='#b'>Hai</a></p>",
        "<div class='toc'><p>Tóm lược</p>" + CONTENTS.format("ul") + "</div>",
        "<div id='ez-toc-container'><p>Nội dung</p><nav>" + CONTENTS.format("ul") + "</nav></div>",
    ],
)
def test_the_contents_of_a_page_are_no_text(contents: str) -> None:
    article = read(page(P1 + contents + P2))
    assert (article.body, article.subheadings) == ([ONE, TWO], [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("<h2><a href='#a'>Một</a></h2><h2><a href='#b'>Hai</a></h2>", ["Một", "Hai"]),
        ("<p>Xem <a href='#a'>chú thích</a> ở dưới.</p>", ["Xem chú thích ở dưới."]),
        ("<p><a href='#a'>Chú thích một</a></p>", ["Chú thích một"]),
        ("<p class='dan-toc'>Mục lục</p>", ["Mục lục"]),
    ],
)
def test_links_within_the_page_may_be_text(line: str, told: list[str]) -> None:
    assert read(page(P1 + line + P2)).body == [ONE, *told, TWO]

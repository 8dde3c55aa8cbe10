"""Texts in several boxes, and what stands between those."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read


def test_boxes_of_one_name_beside_each_other_hold_one_text() -> None:
    parts = [f'<div class="css-1x">{P1}{P2}</div>', f'<div class="css-1x"><p>{TWO * 2}</p><p>{ONE * 2}</p></div>']
    other = f'<div class="css-1x"><h3><a href="/a/b-post7.vov">Bài khác của báo</a></h3><p>{ONE} Khác.</p></div>'
    poll = '<div class="css-7y"><h4>Thăm dò</h4><form><input type="radio">Có<input type="radio">Không</form></div>'
    html = f"<html><body><main><h1>{HEADLINE}</h1>{{}}</main></body></html>"
    assert read(html.format(poll.join(parts) + other)).body == [ONE, TWO, TWO * 2, ONE * 2]
    assert read(html.format(poll.join(reversed(parts)) + other)).body == [TWO * 2, ONE * 2, ONE, TWO]


def test_each_box_of_a_text_may_stand_in_a_cell_of_a_grid() -> None:
    cell = '<div class="text cell"><div class="cmp-text">{}</div></div>'
    title = f'<div class="title cell"><div class="cmp-title"><h1>{HEADLINE}</h1></div></div>'
    parts = [cell.format(part) for part in (P1 + P2, "<h2>Hồi sau</h2>", f"<p>{TWO * 2}</p>")]
    poll = '<div class="poll cell"><form><input type="radio">Có<input type="radio">Không</form></div>'
    html = f"<html><body><main><div>{title}{poll.join(parts)}</div></main></body></html>"
    article = read(html)
    assert (article.body, article.subheadings) == ([ONE, TWO, "Hồi sau", TWO * 2], [2])


def test_tables_of_related_news_make_no_list_of_the_loose_text_around_them() -> None:
    links = "".join(f"<tr><td><a href='/a/b-post{n}.vov'>Bài số {n} của báo</a></td></tr>" for n in range(7))
    table = f"<table align='right'><tr><td><b>Tin liên quan</b></td></tr>{links}</table>"
    text = f"{ONE}<br><br>{table}{TWO}<br><br>{ONE * 2}"
    html = f"<html><body><table><tr><td><h1>{HEADLINE}</h1><div>{text}</div></td></tr></table></body></html>"
    article = read(html)
    assert (article.body, len(article.related)) == ([ONE, TWO, ONE * 2], 7)


def test_what_stands_between_the_boxes_of_a_text_belongs_to_it() -> None:
    middle = ["<h3>Hồi sau</h3>", "<ul><li>Một điều.</li></ul>", '<figure><img src="/a.jpg"></figure>']
    news = '<h3><a href="/a/b-post7.vov">Bài khác của báo</a></h3><figure><img src="/b.jpg"></figure>'
    boxes = [P1, *middle, news, "<h3>Bình luận</h3>", P2, '<figure><img src="/c.jpg"></figure>']
    for name in ("div class='part'", "x-part"):
        parts = "".join(f"<{name}>{box}</{name.split()[0]}>" for box in boxes)
        article = read(f"<html><body><main><h1>{HEADLINE}</h1>{parts}</main></body></html>")
        assert (article.body, article.subheadings) == ([ONE, "Hồi sau", "Một điều.", TWO], [1])
        assert [image.url for image in article.images] == ["https://vov.vn/a.jpg", "https://vov.vn/c.jpg"]


def test_a_text_in_unknown_markup_goes_on_behind_an_end_too_many() -> None:
    picture = '<figure class="k2"><img src="/a.jpg"></figure>'
    for after in (P2, f"{picture}{P2}", f"<h3>Hồi sau</h3>{P2}"):
        text = f'<div class="k1">{P1}<p>{ONE * 2}</p></div>{after}</div>'
        article = read(f"<html><body><main><div><h1>{HEADLINE}</h1>{text}</div></main></body></html>")
        assert (article.body[:2], article.body[-1]) == ([ONE, ONE * 2], TWO)
        assert bool(article.images) == (picture in after)


def test_between_the_boxes_of_a_text_stand_subheadings_and_pictures_in_others() -> None:
    between = [
        '<div class="k2"><h2>Hồi sau</h2></div>',
        '<div class="k3"><figure><img src="/a.jpg"></figure></div>',
        "<blockquote>Một câu.</blockquote>",
        '<div class="k4"><h3>Bình luận</h3></div>',
        '<div class="k5"><figure><a href="/a/b-post7.vov"><img src="/b.jpg"></a></figure></div>',
    ]
    boxes = [f'<div class="k1"><p>{line}</p></div>' for line in (ONE, TWO)]
    html = f"<html><body><article><h1>{HEADLINE}</h1>{''.join(between).join(boxes)}</article></body></html>"
    article = read(html)
    assert (article.body, article.subheadings) == ([ONE, "Hồi sau", "Một câu.", TWO], [1])
    assert [image.url for image in article.images] == ["https://vov.vn/a.jpg"]


@pytest.mark.parametrize("more", ["<p>Ngắn.</p>", "<div>Chia sẻ bài này</div>", "<h2>Tin liên quan</h2>"])
def test_the_box_round_a_text_is_taken_for_prose_and_subheadings_only(more: str) -> None:
    text, box = '<div class="text-long">{}</div>', '<div class="row article-content">{}</div>'
    one, two = text.format(P1), text.format(P2)
    assert read(page(content=box.format(one + more))).body == [ONE]
    assert read(page(content=box.format(one + more + two))).body == [ONE, TWO]
    assert read(page(content=box.format(one + P2))).body == [ONE, TWO]
    assert read(page(content=box.format(f"{one}<h2>Tít phụ</h2>{two}"))).body == [ONE, "Tít phụ", TWO]


def test_containers_within_containers_say_nothing_twice() -> None:
    content = '<div class="article-content"><div class="text-long"><div class="text-long">{}</div></div></div>'
    assert read(page(content=content)).body == [ONE, TWO]


@pytest.mark.parametrize("place", ["{}<div class='text-long'>{}</div>", "<div class='text-long'>{}</div>{}"])
def test_text_beside_its_usual_container_is_read(place: str) -> None:
    linked = f"<p>{ONE[:20]}<a href='/the-gioi/khac-post22.vov'>{ONE[20:30]}</a>{ONE[30:]}</p>"
    for one in (P1, linked):
        content = f'<div class="row article-content">{place.format(one, P2)}</div>'
        assert read(page(content=content)).body == [ONE, TWO]


@pytest.mark.parametrize("box", ["{}", "<div class='field__item'><div class='paragraph'>{}</div></div>"])
def test_a_text_in_parts_is_read_with_what_stands_between_them(box: str) -> None:
    one, two = (box.format(f'<div class="text-long">{part}</div>') for part in (P1, P2))
    picture, heading = box.format("<div><img src='/a.jpg'></div>"), box.format("<h2>Tít phụ</h2>")
    read_as = [
        read(page(content=f'<div class="article-content">{one}{part}{two}</div>')) for part in (picture, heading)
    ]
    assert [(told.body, len(told.images)) for told in read_as] == [([ONE, TWO], 1), ([ONE, "Tít phụ", TWO], 0)]


def test_the_box_round_the_whole_article_is_read_without_the_fields_that_stand_in_it() -> None:
    article = read(page(content="{}"))
    assert article.body == [ONE, TWO]
    assert article.byline == "Phi Long/VOV.VN"

"""Who signed an article: in a box beside the text, in its last lines, behind its end mark."""

from __future__ import annotations

import re

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read

SIGNED = '<div class="row mt-3"><strong>Phi Long/VOV.VN</strong></div>'


@pytest.mark.parametrize(
    "parts",
    [
        {"byline": SIGNED},
        {"byline": "", "after": SIGNED},
        {"byline": "", "date": SIGNED},
        {"byline": "", "after": '<p class="g7">PV Phi Long/VOV-Cairo</p>'},
        {"byline": "", "after": "<p>Biên dịch: Phi Long/VOV.VN</p>"},
        {"byline": "", "after": "<p class='g7'>BTV Phi Long</p>"},
        {"byline": "", "date": "<div class='g7'>Phi Long (tổng hợp)</div>"},
        {"byline": "", "after": "<div class='g7'>Thực hiện: Phi Long</div>"},
        {"byline": "", "after": "<div class='g7'>Phi Long (theo Reuters)</div>"},
        {"byline": "", "after": "<p>Phi Long/VOV Giao thông</p>"},
        {"byline": "", "after": "<p>PV/VOV-Cairo, Phi Long/VOV.VN</p>"},
        {"byline": "", "content": '<div class="article-content">{}<p>Phi Long/VOV Đông Bắc</p></div>'},
        {"byline": "", "content": '<div class="article-content">{}<p>Phi Long/VOV.VN, PV/VOV-Cairo</p></div>'},
        {"byline": "", "content": '<div class="article-content">{}<p>Phi Long/VOV-TP.HCM, PV/VOV.VN</p></div>'},
        {"byline": "", "after": "<div><p><em>CTV Phi Long/VOV-Miền Trung (tổng hợp)</em></p></div>"},
    ],
)
def test_a_byline_is_known_by_its_words_beside_the_text(parts: dict[str, str]) -> None:
    article = read(page(**parts))
    assert article.authors == ["Phi Long"]
    assert article.body == [ONE, TWO]
    assert "byline" not in article.fallback_fields


@pytest.mark.parametrize(
    "line",
    [
        "<p class='Author_k2'>{}/VOV.VN (biên dịch)</p>",
        "<p><strong>{}/VOV-Cairo</strong></p>",
        "<p>Thực hiện: {}</p>",
        "<p>{} (theo Reuters)</p>",
        "<p>{} | VOV.VN</p>",
        "<p>{}/Báo điện tử VOV</p>",
        "<p>CTV {} và <a href='/tac-gia/an-nhi-author2'>An Nhi</a>/VOV5</p>",
    ],
)
def test_a_link_to_the_author_is_part_of_the_whole_signature(line: str) -> None:
    signed = line.format("<a href='/tac-gia/phi-long-author1'>Phi Long</a>")
    for text in (f"<div>{P1}{P2}{signed}</div>", f"<div>{P1}{P2}</div>{signed}"):
        article = read(f"<html><body><h1>Bài viết</h1>{text}</body></html>")
        assert article.byline == re.sub("<.+?>", "", signed)
        assert article.body == [ONE, TWO]


def test_two_linked_authors_are_one_signature() -> None:
    first, second = (
        f"<a href='/tac-gia/x-author{n}'>{name}</a>" for n, name in ((1, "Phi Long"), (2, "Diệp Thảo"))
    )
    for line in (f"Bài: {first} - Ảnh: {second}", f"{first} và {second}/VOV.VN", f"CTV {first}, {second} (ghi)"):
        article = read(f"<html><body><h1>Bài viết</h1><div>{P1}{P2}</div><p>{line}</p></body></html>")
        assert article.byline == re.sub("<.+?>", "", line)
        assert article.authors == ["Phi Long", "Diệp Thảo"]


@pytest.mark.parametrize(
    "line",
    ["BTV Phi Long", "Thực hiện: Phi Long", "Phi Long (Theo Reuters)", "Bài, ảnh: Phi Long", "Phi Long | VOV.VN"],
)
def test_a_byline_in_any_box_is_known_by_the_name_that_machines_are_told(line: str) -> None:
    head = '<meta name="author" content="Phi Long">'
    signed = f'<div class="mt-6 font-bold">{line}</div>'
    for parts in ({"date": signed}, {"after": signed}):
        article = read(page(byline="", head=head, **parts))
        assert (article.byline, article.authors) == (line, ["Phi Long"])
        assert "byline" not in article.fallback_fields
    other = read(page(byline="", head=head, after="<div>Phi Long tặng sách cho trường</div>"))
    assert (other.byline, other.fallback_fields) == ("Phi Long", ["byline", "authors"])


def test_who_took_the_pictures_may_sign_too() -> None:
    article = read(page(byline="", after="<div class='g7'>Bài: Phi Long - Ảnh: Diệp Thảo</div>"))
    assert (article.byline, article.authors) == ("Bài: Phi Long - Ảnh: Diệp Thảo", ["Phi Long", "Diệp Thảo"])


@pytest.mark.parametrize("name", ["tac-gia", "tacgia"])
def test_a_byline_may_have_a_vietnamese_class(name: str) -> None:
    assert read(page(byline="", after=f'<div class="{name}">Phi Long</div>')).byline == "Phi Long"


@pytest.mark.parametrize("below", ["<h3>Tin liên quan</h3>{}", '<div class="more"><h3>Đọc nhiều</h3>{}</div>'])
def test_a_byline_may_share_its_box_with_a_short_list(below: str) -> None:
    links = "".join(f'<p><a href="/a/khac-post{n}.vov">Tít khác số {n}</a></p>' for n in (22, 23))
    box = f'<div class="bottom"><div class="article-author">Theo TTXVN</div>{below.format(links)}</div>'
    assert read(page(byline=box)).byline == "Theo TTXVN"


def test_a_byline_may_share_its_box_with_one_related_article() -> None:
    link = '<div class="x"><h4>Tin liên quan</h4><a href="/a/khac-post22.vov">Tít khác</a></div>'
    article = read(page(byline=f'<div><p class="article-author">Theo TTXVN</p>{link}</div>'))
    assert (article.byline, [item.headline for item in article.related]) == ("Theo TTXVN", ["Tít khác"])


def test_a_byline_may_share_its_box_with_a_line_of_promotion() -> None:
    promotion = '<div>Mời quý độc giả theo dõi VOV.VN trên <a href="https://zalo.me/x">Zalo</a></div>'
    assert read(page(byline=f'<div class="article-author">Theo TTXVN{promotion}')).byline == "Theo TTXVN"


def test_the_label_of_a_field_is_no_byline() -> None:
    label = '<div class="field__label">Tác giả</div><div class="field__item">Theo TTXVN</div>'
    assert read(page(byline=f'<div class="field field--name-field-author">{label}</div>')).byline == "Theo TTXVN"


@pytest.mark.parametrize(
    "after",
    [
        "<h3>Đọc nhiều</h3><p>Phi Long/VOV.VN</p>",
        "<footer><p>Phi Long/VOV.VN</p></footer>",
        '<div class="card"><a href="/a/khac-post22.vov"><h5>Tít khác</h5></a><p>Phi Long/VOV.VN</p></div>',
        "<p>Theo dõi VOV.VN trên Zalo</p><p>Báo điện tử VOV</p>",
    ],
)
def test_what_stands_below_may_sign_something_else(after: str) -> None:
    assert read(page(byline="", after=after)).byline is None


@pytest.mark.parametrize("name", ["story__byline", "ArticleByline_line__x9", "ArticleAuthor_name__x9"])
def test_what_is_called_a_byline_is_one_whatever_it_says(name: str) -> None:
    assert read(page(byline=f'<div class="{name}">Theo TTXVN</div>')).byline == "Theo TTXVN"


@pytest.mark.parametrize("foot", ["<footer>{}</footer>", '<footer class="entry-footer">{}</footer>'])
def test_the_footer_of_an_article_is_no_frame_of_the_page(foot: str) -> None:
    told = '<p class="author">Phi Long/VOV.VN</p><p><a href="/tu-khoa/gia-vang-tag12">giá vàng</a></p>'
    html = f"<article><h1>{HEADLINE}</h1><div class='entry-content'>{P1 + P2}</div>{foot.format(told)}</article>"
    article = read(f"<html><body>{html}</body></html>")
    assert (article.byline, article.tags) == ("Phi Long/VOV.VN", ["giá vàng"])
    outside = html.replace(foot.format(told), "") + f"<footer>{told}</footer>"
    for other in (outside, html.replace(foot.format(told), f'<footer class="site-footer">{told}</footer>')):
        article = read(f"<html><body>{other}</body></html>")
        assert (article.byline, article.tags) == (None, [])


def test_what_a_box_is_called_may_say_that_the_article_ends_there() -> None:
    foot = '<div class="article__footer"><p class="author">Theo TTXVN</p></div>'
    assert read(page(byline=foot)).byline == "Theo TTXVN"


@pytest.mark.parametrize("name", ["photo-author", "photoByline", "image__byline"])
def test_who_took_the_picture_did_not_write_the_article(name: str) -> None:
    photo = f'<div class="photo"><img src="/a.jpg"><p class="{name}">Ảnh: Minh Hà</p></div>'
    article = read(page(f"{P1}{photo}{P2}", byline=""))
    assert (article.byline, article.body) == (None, [ONE, TWO])
    assert [image.credit for image in article.images] == ["Minh Hà"]


@pytest.mark.parametrize(
    ("line", "byline", "authors"),
    [
        ('<p style="text-align:right"><strong>Phi Long</strong></p>', "Phi Long", ["Phi Long"]),
        ("<p><strong>CTV An Nhi/VOV-Miền Trung</strong></p>", "CTV An Nhi/VOV-Miền Trung", ["An Nhi"]),
        ("<p>Diệp Thảo/VOV.VN lược dịch</p>", "Diệp Thảo/VOV.VN lược dịch", ["Diệp Thảo"]),
        ("<p>Diệp Thảo/VOV.VN (biên dịch)</p>", "Diệp Thảo/VOV.VN (biên dịch)", ["Diệp Thảo"]),
        ("<p>Phi Long/VOV - Moscow</p>", "Phi Long/VOV - Moscow", ["Phi Long"]),
        ("<p>PV Phi Long/VOV-TP.HCM</p>", "PV Phi Long/VOV-TP.HCM", ["Phi Long"]),
        ("<p>VOV.VN (theo Reuters)</p>", "VOV.VN (theo Reuters)", []),
        ('<p align="right">Phi Long – An Nhi</p>', "Phi Long – An Nhi", ["Phi Long", "An Nhi"]),
        ('<p class="author">PV</p>', "PV", []),
        ("<p><em>Theo Reuters</em></p>", "Theo Reuters", []),
        ("<p>T.H.Nam/VOV.VN</p>", "T.H.Nam/VOV.VN", ["T.H.Nam"]),
        ("<p>N.H</p>", "N.H", ["N.H"]),
        ("<p>VOV.VN</p>", "VOV.VN", []),
        ("<p>Phi Long (thực hiện)</p>", "Phi Long (thực hiện)", ["Phi Long"]),
        ("<p><b>Phi Long/ VTC News</b></p>", "Phi Long/ VTC News", ["Phi Long"]),
        ("<p>Phi Long - Ảnh: An Nhi</p>", "Phi Long - Ảnh: An Nhi", ["Phi Long", "An Nhi"]),
        ("<p>An Nhi/VOV.VN (Nguồn: Military Watch)</p>", "An Nhi/VOV.VN (Nguồn: Military Watch)", ["An Nhi"]),
        ("<p>An Nhi/VOV.VN (dịch) Nguồn: RT</p>", "An Nhi/VOV.VN (dịch) Nguồn: RT", ["An Nhi"]),
        ("<p><b>An Nhi/VOV.VN Theo AFP</b></p>", "An Nhi/VOV.VN Theo AFP", ["An Nhi"]),
        ("<p>An Nhi/VOV-Huế.</p>", "An Nhi/VOV-Huế.", ["An Nhi"]),
        ("<p><b>Phóng viên An Nhi/VTC News</b></p>", "Phóng viên An Nhi/VTC News", ["An Nhi"]),
        ("<p><b>An Nhi (ghi)/VTC News</b></p>", "An Nhi (ghi)/VTC News", ["An Nhi"]),
        ('<p align="right"><b>Ban Thời sự (VOV1)</b></p>', "Ban Thời sự (VOV1)", []),
        ('<p align="right">TTXVN</p>', "TTXVN", []),
        ("<p><b>Luật sư Phạm Phi Long</b></p>", "Luật sư Phạm Phi Long", ["Phạm Phi Long"]),
        ('<p align="right">Đại tá, Nhà văn Phi Long</p>', "Đại tá, Nhà văn Phi Long", ["Phi Long"]),
    ],
)
def test_the_last_line_may_be_the_byline(line: str, byline: str, authors: list[str]) -> None:
    article = read(page(P1 + P2 + line, byline=""))
    assert (article.byline, article.authors, article.body) == (byline, authors, [ONE, TWO])


def test_a_name_behind_the_end_mark_signs_the_text() -> None:
    article = read(page(f"{P1}<p>{TWO[:-1]}./.</p><p>Phi Long</p>", byline=""))
    assert (article.byline, article.body) == ("Phi Long", [ONE, TWO])
    assert read(page(f"{P1}<p>{TWO[:-1]}./.</p><p>Phi Long</p>")).body == [ONE, TWO]


@pytest.mark.parametrize("signed", ["<b>Phi Long</b>", "Phi Long/VOV.VN", "(Phi Long/VOV.VN)"])
def test_the_last_paragraph_may_be_signed_behind_its_end_mark(signed: str) -> None:
    article = read(page(f"{P1}<p>{TWO[:-1]}./. {signed}</p>", byline=""))
    assert (article.authors, article.body) == (["Phi Long"], [ONE, TWO])


def test_a_photo_story_may_be_signed_under_its_pictures() -> None:
    article = read(page("<figure><img src='/a.jpg'></figure><p align='right'><b>Phi Long</b></p>", byline=""))
    assert (article.byline, article.body, len(article.images)) == ("Phi Long", [], 1)
    article = read(page("<p><img src='/a.jpg'></p><p>Phi Long - An Nhi/VOV-Cairo</p>", byline=""))
    assert (article.authors, article.images[0].caption) == (["Phi Long", "An Nhi"], None)


def test_a_byline_stands_beside_links_and_pictures() -> None:
    link = '<a href="/the-gioi/khac-post22.vov">Một bài khác</a>'
    author = f'<p>Theo {link}, {ONE * 10}</p><p class="author">Phi Long</p>'
    article = read(page(author, byline="", content='<div class="article-content"><div>{}</div></div>'))
    assert (article.byline, len(article.body)) == ("Phi Long", 1)
    signed = '<p><img src="/a.jpg"></p><p align="right"><em>Phi Long/VOV.VN</em></p>'
    article = read(page(P1 + signed + "<p>Mời quý độc giả theo dõi VOV.VN trên</p>", byline=""))
    assert (article.byline, article.images[0].caption) == ("Phi Long/VOV.VN", None)


def test_a_byline_printed_twice_is_no_body() -> None:
    article = read(page(P1 + P2 + '<p class="text-right">Phi Long/VOV.VN</p>'))
    assert (article.byline, article.body) == ("Phi Long/VOV.VN", [ONE, TWO])


@pytest.mark.parametrize("name", ["Phi Long", "CTV Phi Long"])
def test_a_byline_printed_again_with_its_outlet_is_no_body(name: str) -> None:
    article = read(page(P1 + P2 + f"<p><b>{name}/VOV-Miền Trung</b></p>", byline=f'<p class="author">{name}</p>'))
    assert (article.byline, article.body) == (name, [ONE, TWO])


def test_the_name_that_a_reader_view_shows_below_the_headline_is_the_byline() -> None:
    head = f'<h1 class="reader-title">{HEADLINE}</h1><div class="credits reader-credits">Phi Long</div>'
    text = f'<div class="page">{P1}{P2 * 3}</div>'
    article = read(f'<html><body><div class="container"><div>{head}</div>{text}</div></body></html>')
    assert (article.byline, article.authors) == ("Phi Long", ["Phi Long"])


@pytest.mark.parametrize("where", ["Trụ sở: 58 Quán Sứ, Hà Nội", "Thư gửi về toasoan@vov.vn"])
def test_an_address_to_write_to_is_not_who_wrote(where: str) -> None:
    text = f"<article><h1>{HEADLINE}</h1><div class='k'>{P1}<address>{{}}</address>{P2}</div></article>"
    told = read(f"<html><body>{text.format(where)}</body></html>")
    assert (told.byline, told.body) == (None, [ONE, where, TWO])
    assert read(f"<html><body>{text.format('An Nhi/VOV1')}</body></html>").byline == "An Nhi/VOV1"


@pytest.mark.parametrize("line", ["<p><b>{}</b></p>", "<div>{}</div>"])
def test_a_signature_may_stand_above_the_text_in_its_box(line: str) -> None:
    signed, lead = line.format("Phi Long/VOV.VN"), "<h2>VOV.VN - Hai ngoại trưởng vừa gặp nhau.</h2>"
    for top in (signed + lead, lead + signed):
        told = read(page(top + P1 + P2, lead="", byline=""))
        assert (told.byline, told.lead, told.body) == (
            "Phi Long/VOV.VN",
            "Hai ngoại trưởng vừa gặp nhau.",
            [ONE, TWO],
        )
    assert read(page(signed + P1 + P2)).body == [ONE, TWO]
    assert read(page(P1 + signed + P2, byline="")).byline is None


@pytest.mark.parametrize(
    "more",
    [
        "Xem các bài khác của tác giả",
        "Xem tất cả bài viết của tác giả",
        "Xem thêm bài cùng tác giả",
        "Xem các bài của Phi Long",
    ],
)
def test_a_link_to_all_that_an_author_wrote_is_no_byline(more: str) -> None:
    box = f'<div class="author-box"><a href="/tac-gia/phi-long-author2">{more}</a></div>'
    assert read(page(byline="", after=box)).byline is None
    assert read(page(P1 + P2 + f"<p>{more}</p>")).body == [ONE, TWO]


def test_the_buttons_beside_a_signature_are_none_of_it() -> None:
    share = '<div class="k7"><a href="https://www.facebook.com/sharer">Facebook</a><a href="#zalo">Zalo</a></div>'
    article = read(page(byline="", date=f'<div class="row"><div>Phi Long, An Nhi/VOV-Cairo</div>{share}</div>'))
    assert (article.byline, article.authors) == ("Phi Long, An Nhi/VOV-Cairo", ["Phi Long", "An Nhi"])


def test_a_signature_that_ends_the_text_twice_is_one() -> None:
    signed = "<div><p>Phi Long (theo Reuters)</p></div>"
    article = read(page(P1 + P2 + signed * 2, byline=""))
    assert (article.byline, article.body) == ("Phi Long (theo Reuters)", [ONE, TWO])


@pytest.mark.parametrize("between", ["", " ", "</div><div>", ", ", " - "])
@pytest.mark.parametrize("office", ["", "/VOV-Cairo"])
def test_links_to_two_authors_name_two_persons(office: str, between: str) -> None:
    links = [f'<a href="/tac-gia/x-author{n}">{name}{office}</a>' for n, name in enumerate(["Phi Long", "An Nhi"])]
    article = read(page(byline=f'<div class="row article-author"><div>{between.join(links)}</div></div>'))
    assert article.authors == ["Phi Long", "An Nhi"]
    printed = between if between.strip(" ") and "<" not in between else ", "
    assert article.byline == f"Phi Long{office}{printed}An Nhi{office}"

"""Pages in the markup of today's tools: parts of an article known by tags and words, whatever their classes."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read
from vovcrawler.pages import NotAnArticle
from vovcrawler.pages.document import Document
from vovcrawler.pages.furniture import Links
from vovcrawler.pages.parsing import Source
from vovcrawler.pages.place import Place

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


@pytest.mark.parametrize(
    ("row", "byline"),
    [
        (f'<div class="x-byline-row">{DAY}<p class="x-byline">Phi Long, An Nhi</p></div>', "Phi Long, An Nhi"),
        (f'<div class="Post_bylineRow">{DAY} • <span class="by">PV/VOV-Cairo</span></div>', "PV/VOV-Cairo"),
        (f"<div>{DAY}<span>Tác giả: Phi Long</span></div>", "Phi Long"),
        (f"<div>{DAY}<address>Phi Long (biên dịch)</address></div>", "Phi Long (biên dịch)"),
        (f'<div>{DAY}<span class="author">Bởi Phi Long</span></div>', "Phi Long"),
    ],
)
def test_who_wrote_it_may_stand_in_a_row_with_the_date(row: str, byline: str) -> None:
    told = read(article(above=row))
    assert (told.byline, told.body) == (byline, [f"{ONE} {TWO}", TWO])
    assert "byline" not in told.fallback_fields


ABOUT = '<div class="k7"><a href="/tac-gia/phi-long-author1">Phi Long</a><p>Phóng viên thường trú.</p></div>'


@pytest.mark.parametrize("signed", ["Phi Long - An Nhi/VOV-Miền Trung", "CTV Phi Long/VOV.VN (biên dịch)"])
def test_a_signature_says_more_than_the_link_to_an_author(signed: str) -> None:
    line = f'<p style="text-align:right"><strong>{signed}</strong></p>'
    for html in (article(above=f"<p>{signed}</p>", below=ABOUT), article(below=line + ABOUT)):
        assert read(html).byline == signed


def test_the_end_of_a_text_may_name_more_authors() -> None:
    line = '<p style="text-align:right">Phi Long - An Nhi/VOV.VN</p>'
    told = read(page(P1 + P2 + line, byline='<p class="author">Phi Long</p>'))
    assert (told.byline, told.authors, told.body) == (
        "Phi Long - An Nhi/VOV.VN",
        ["Phi Long", "An Nhi"],
        [ONE, TWO],
    )


def test_who_took_a_picture_did_not_write_the_article() -> None:
    caption = '<p class="PhotoCMS_Caption">Cầu mới. <span class="PhotoCMS_Author">Ảnh: Lê Hiếu</span></p>'
    told = read(article(above=f'<div class="VCSortableInPreviewMode"><img src="/cau.jpg">{caption}</div>'))
    assert (told.byline, told.images[0].caption, told.images[0].credit) == (None, "Cầu mới.", "Lê Hiếu")


@pytest.mark.parametrize("foot", ['<div class="single__footer">{}</div>', '<div class="Post_footer__k9">{}</div>'])
def test_the_foot_of_an_article_has_its_keywords_and_its_byline(foot: str) -> None:
    tags = '<div><a href="/tag/nga" rel="tag">Nga</a> <a href="/tag/my" rel="tag">Mỹ</a></div>'
    told = read(article(below=foot.format(tags + '<div class="single__author">Phi Long/VOV1</div>')))
    assert (told.tags, told.byline) == (["Nga", "Mỹ"], "Phi Long/VOV1")


def test_a_signature_in_the_footer_of_an_article_is_its_byline() -> None:
    told = read(article(below='<footer><p style="text-align:right"><b>Phi Long/VOV1</b></p></footer>'))
    assert (told.byline, told.body) == ("Phi Long/VOV1", [f"{ONE} {TWO}", TWO])


@pytest.mark.parametrize("name", ["site-footer", "page__footer", "footer"])
def test_the_foot_of_the_page_is_none_of_the_article(name: str) -> None:
    tags = '<div class="tags"><a href="/tu-khoa/nga-tag1">Nga</a></div>'
    assert read(article(below=f'<div class="{name}">{tags}</div>')).tags == []


PICTURE = '<figure><img src="/a.jpg"><figcaption>Quang cảnh cuộc họp</figcaption></figure>'


@pytest.mark.parametrize(
    "text",
    [P2, f"<p>{TWO}</p><div><h4>Đọc thêm</h4>{NEWS.format(22)}</div><p>{ONE}</p>", f"<div><p>{TWO}</p></div>"],
)
@pytest.mark.parametrize("above", [PICTURE, ""])
def test_a_few_words_below_a_picture_are_the_text(text: str, above: str) -> None:
    told = read(article(text, above=above))
    assert told.body == [line for line in (TWO, ONE) if line in text]
    assert len(told.images) == bool(above)


def test_a_button_is_no_picture_that_stands_for_a_text() -> None:
    follow = '<p><a href="https://news.google.com/x"><img src="/themes/google.svg"></a></p>'
    assert read(article(P2, below=follow)).body == [TWO]
    lazy = '<figure><img src="/themes/blank.png" data-original="/{}.jpg"></figure>'
    assert len(read(article(lazy.format(1) + lazy.format(2))).images) == 2


def test_what_stands_in_one_head_with_the_headline_is_no_text() -> None:
    news = f"<div><h4>Đọc thêm</h4>{NEWS.format(22)}</div>"
    parts = f"<div>{P1}</div>{news}<div>{P2}</div>"
    told = read(article(parts, above=f"<div><b>{ONE} {ONE}</b></div>"))
    assert (told.lead, told.body) == (f"{ONE} {ONE}", [ONE, TWO])


def test_a_signature_is_no_short_text() -> None:
    parts = f"<div>{P1}</div><div><h4>Đọc thêm</h4>{NEWS.format(22)}</div><div>{P2}</div>"
    told = read(article(parts, below="<p>Phi Long và nhóm phóng viên/VOV-Miền Trung</p>"))
    assert told.body == [ONE, TWO]
    assert "body" not in told.fallback_fields


def test_loose_text_with_a_list_of_other_news_in_it_is_text() -> None:
    news = f"<div><p>Đọc thêm</p><ul><li>{NEWS.format(22)}</li><li>{NEWS.format(23)}</li></ul></div>"
    told = read(article(f"{ONE}<br><br>{TWO}<br><br>{ONE}<br><br>{news}<h2>Tít phụ</h2>{TWO}"))
    assert told.body == [ONE, TWO, ONE, "Tít phụ", TWO]
    assert "body" not in told.fallback_fields


def test_the_next_article_below_this_one_is_another() -> None:
    more = f"<p>{ONE * 3}</p><p>{TWO * 3}</p>"
    for name in ("k2", "article-body"):
        text = f'<article class="k1"><h2>{NEWS.format(22)}</h2><div class="{name}">{more}</div></article>'
        assert read(article(LONG, beside=text)).body == [f"{ONE} {TWO}"]


def test_a_heading_without_an_end_makes_no_other_article_of_the_text() -> None:
    news = f"<h2>Phần một<div>{NEWS.format(22)}</div><div>{ONE}</div><div>{TWO}</div><div>{ONE}</div>"
    html = f"<article><h1>{HEADLINE}</h1></article><article>{news}</article>"
    document = Document(Source(f"<html><body>{html}</body></html>"))
    place = Place((), document.tags("h1")[0], Links(TODAY, None))
    assert not any(map(place.is_of_another, document.tags("div")))


def test_a_picture_above_the_headline_is_one_of_the_article() -> None:
    hero = '<div class="hero"><div><img src="/a.jpg" alt=""></div><div class="caption">Cầu mới</div></div>'
    assert [image.caption for image in read(article(before=hero)).images] == ["Cầu mới"]


LABELS = f'<div><a href="/the-gioi">Thế giới</a></div><div>{DAY}</div><div>3 phút</div>'


@pytest.mark.parametrize("mark", ["VOV.VN - ", ""])
@pytest.mark.parametrize("tag", ["h2", "div"])
def test_a_lead_in_the_box_of_the_text_may_have_labels_above_it(mark: str, tag: str) -> None:
    lead = "Hai ngoại trưởng vừa gặp nhau tại Moscow để bàn về hòa bình."
    head = f'<meta name="description" content="{lead}">'
    html = f"<article>{LABELS}<h1>{HEADLINE}</h1>{LABELS}<{tag}>{mark}{lead}</{tag}>{LONG}{P2}</article>"
    told = read(f"<html><head>{head}</head><body>{html}</body></html>")
    assert (told.lead, told.outlet, told.body) == (lead, "VOV.VN" if mark else None, [f"{ONE} {TWO}", TWO])


def test_the_first_teaser_of_a_list_is_no_lead() -> None:
    teasers = "".join(f"<div><p>Bài số {n}</p><p>VOV.VN - {ONE}</p></div>" for n in range(4))
    with pytest.raises(NotAnArticle, match="a list of articles"):
        read(f"<html><body><h1>{HEADLINE}</h1><div class='article-body'>{teasers}</div></body></html>")


@pytest.mark.parametrize("title", ["Đã có lỗi xảy ra", "Lỗi máy chủ", "Rất tiếc, đã xảy ra lỗi"])
def test_a_page_that_says_it_has_failed_is_no_article(title: str) -> None:
    with pytest.raises(NotAnArticle, match="no such page"):
        read(f"<html><body><h1>{title}</h1><p>Vui lòng thử lại sau ít phút nữa.</p></body></html>")


def test_a_table_of_rates_has_a_date_and_is_no_article() -> None:
    rates = "<table><tr><td>USD</td><td>26.100</td></tr><tr><td>EUR</td><td>30.200</td></tr></table>"
    page_of = "<html><body><h1>Tỷ giá ngoại tệ</h1><p>Cập nhật lúc 09:00 22/11/2026</p>{}</body></html>"
    address = "https://vov.vn/Services/Infopage.aspx?svc=exchangerates"
    with pytest.raises(NotAnArticle):
        read(page_of.format(rates), address)
    assert read(page_of.format(f"<div>{LONG}{P2}</div>"), address).body == [f"{ONE} {TWO}", TWO]


def test_names_that_any_site_may_use_make_no_page_of_today_one_of_2011() -> None:
    html = f'<html><body><h1 class="title">{HEADLINE}</h1><p class="summary">{ONE}</p>{LONG}{P2}</body></html>'
    layouts = [read(html, url).layout for url in (TODAY, "https://vov.vn/The-gioi/Bai-viet/228256.vov")]
    assert layouts == ["generic", "webforms"]


@pytest.mark.parametrize("name", ["", ' class="article-title"'])
def test_a_headline_in_a_template_is_none_of_the_page(name: str) -> None:
    card = f'<template><h1{name}>Tít khác</h1><figure><img src="/x.jpg"></figure></template>'
    assert read(page().replace("<body>", f"<body>{card}")).headline == HEADLINE
    told = read(article(above=f"{card}<div><img src='/a.jpg'></div>"))
    assert (told.headline, [image.url for image in told.images]) == (HEADLINE, ["https://vov.vn/a.jpg"])


def test_a_template_with_the_only_headline_is_the_page() -> None:
    html = article().replace("<main>", "<template id='page'><main>").replace("</main>", "</main></template>")
    assert read(html).headline == HEADLINE


@pytest.mark.parametrize(
    "site",
    [
        '<h1 class="site-title"><a href="/">VOV</a></h1>',
        '<h1 class="site-title">Trang tin Tây Bắc</h1>',
        '<h1 class="title"><a href="https://vov.vn/">Tin tức 24h</a></h1>',
    ],
)
@pytest.mark.parametrize("tag", ["article", "div"])
@pytest.mark.parametrize("headline", ["越南领导人会见中国代表团", "Đính chính"])
def test_a_short_headline_is_told_from_a_logo_in_a_header(tag: str, headline: str, site: str) -> None:
    logo = f"<header>{site}<time>Thứ 2, 01:00, 01/01/2024</time></header>"
    head = f'<header><h1 class="cms-title">{headline}</h1><time>Thứ 6, 10:10, 06/04/2018</time></header>'
    text = f'<div id="article-body" class="cms-body">{P1}{P2}</div>'
    told = read(f"<html><body>{logo}<{tag}>{head}{text}</{tag}></body></html>")
    assert (told.headline, told.published_at) == (headline, "2018-04-06T10:10:00+07:00")


@pytest.mark.parametrize("name", ["mt-2 text-sm italic", "fst-italic text-muted", "font-italic"])
def test_a_line_may_be_slanted_by_its_class(name: str) -> None:
    caption = (
        f'<div class="my-6"><div><img src="/a.jpg"></div><div class="{name}">Quang cảnh tại Đà Nẵng.</div></div>'
    )
    told = read(page(P1 + caption + P2))
    assert [(image.url, image.caption) for image in told.images] == [
        ("https://vov.vn/a.jpg", "Quang cảnh tại Đà Nẵng.")
    ]
    assert told.body == [ONE, TWO]


@pytest.mark.parametrize("name", ["text-xl font-bold", "font-semibold mb-2", "fw-bold", "font-weight-bold"])
def test_a_line_may_be_bold_by_its_class(name: str) -> None:
    told = read(page(f'{P1}<p class="{name}">Cuộc gặp bên lề</p>{P2}'))
    assert (told.body, told.subheadings) == ([ONE, "Cuộc gặp bên lề", TWO], [1])


@pytest.mark.parametrize(
    "told",
    [
        "<p><img src='/a.jpg'></p><p><em>{}</em></p>",
        "<div><div><img src='/a.jpg'></div><div class='italic'>{}</div></div>",
        "<table><tr><td><img src='/a.jpg'></td></tr><tr><td>{}</td></tr></table>",
    ],
)
def test_one_picture_in_unknown_markup_has_its_caption(told: str) -> None:
    box = f'<div class="g7">{told.format("Quang cảnh hội nghị. Ảnh: TTXVN")}</div>'
    record = read(f"<html><body><h1>{HEADLINE}</h1><h2 class='sapo'>VOV1 - {ONE}</h2>{box}</body></html>")
    assert (record.lead, record.body) == (ONE, [])
    assert [(image.caption, image.credit) for image in record.images] == [("Quang cảnh hội nghị.", "TTXVN")]


@pytest.mark.parametrize("mark", ["<a href='/'>VOV1</a>", "<strong>VOV1</strong>"])
@pytest.mark.parametrize(
    "text", [f"{ONE}<br><div>{TWO}</div>{ONE[5:]}", f"{P1}<table><tr><td>1</td></tr></table>"]
)
def test_a_lead_behind_a_linked_or_bold_mark_is_none_of_the_text(mark: str, text: str) -> None:
    lead = f"<div class='lead'>{mark} - {TWO * 3}</div>"
    told = read(f"<html><body><div><h1>{HEADLINE}</h1>{lead}<div class='g7'>{text}</div></div></body></html>")
    assert (told.outlet, told.lead, told.body[:1]) == ("VOV1", TWO * 3, [ONE])


@pytest.mark.parametrize("theme", ["", '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'])
@pytest.mark.parametrize(
    ("page_class", "article_class"),
    [("layout-one-sidebar path-node", "node"), ("has-sidebar", "node"), ("", "node node--promoted node--sticky")],
)
def test_what_holds_headline_and_text_is_no_furniture(page_class: str, article_class: str, theme: str) -> None:
    shot = '<figure><img src="/a.jpg"><figcaption>Quang cảnh hội nghị</figcaption></figure>'
    text = f"<div class='g7'><h1>{HEADLINE}</h1></div><div class='g8'>{P1}{shot}<h2>Tít phụ</h2>{P2 * 3}</div>"
    html = (
        f'<head>{theme}</head><body class="{page_class}"><article class="{article_class}">{text}</article></body>'
    )
    told = read(f"<html>{html}</html>")
    assert (told.body, told.subheadings) == ([ONE, "Tít phụ", TWO, TWO, TWO], [1])
    assert [image.caption for image in told.images] == ["Quang cảnh hội nghị"]


def test_a_node_that_drupal_promotes_to_the_front_page_is_no_furniture() -> None:
    shot = '<figure><img src="/a.jpg"><figcaption>Quang cảnh hội nghị</figcaption></figure>'
    node = f'<article class="node node--promoted">{P1}{shot}{P2 * 3}</article>'
    told = read(
        f'<html><body><div class="block"><h1>{HEADLINE}</h1></div><div class="g8">{node}</div></body></html>'
    )
    assert (told.body, len(told.images)) == ([ONE, TWO, TWO, TWO], 1)


def test_other_news_embedded_in_a_node_of_drupal_is_not_its_text() -> None:
    body = '<div class="field--name-body"><p>VOV.VN - Lời giới thiệu của bài khác, dài chừng một câu.</p></div>'
    news = f'<article class="node"><h2><a href="/the-gioi/khac-post22.vov">Một bài khác</a></h2>{body}</article>'
    parts = [f'<div class="paragraph"><div class="field__item">{held}</div></div>' for held in (P1 + news, P2 * 3)]
    node = f'<article class="node"><div class="g8">{"".join(parts)}</div></article>'
    theme = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
    told = read(f"<html><head>{theme}</head><body><div><h1>{HEADLINE}</h1></div>{node}</body></html>")
    assert told.body == [ONE, TWO, TWO, TWO]

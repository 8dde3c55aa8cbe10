"""Pages in markup that nobody described: which part of them is the text."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read
from vovcrawler.pages import NotAnArticle, read_article


def test_text_in_boxes_of_unknown_markup_is_read_whole() -> None:
    boxes = "".join(f"<div class='w'><div>{part}</div></div>" for part in (P1, f"<ul><li>{TWO}</li></ul>", P2, P1))
    teasers = "".join(f"<li><a href='/a/b-post{n}.vov'>Bài {n}</a><p>{ONE * 5}</p></li>" for n in range(5))
    html = f"<html><body><h1>{HEADLINE}</h1><div class='x'>{boxes}</div><ul>{teasers}</ul></body></html>"
    assert read(html).body == [ONE, TWO, TWO, ONE]


@pytest.mark.parametrize(
    ("box", "line"),
    [
        ('<div class="sidebar">{}</div>', f"<p>{ONE} {TWO} Chuyện số {{}}.</p>"),
        ('<div class="comments">{}</div>', f"<p>{ONE} {TWO} Chuyện số {{}}.</p>"),
        ('<div class="b1">{}</div>', f"<p class='caption'>{ONE} {TWO} Cảnh số {{}}</p>"),
        ('<div class="b1">{}</div>', f"<p>{ONE} {TWO} Cảnh số {{}} (Ảnh: TTXVN)</p>"),
    ],
)
def test_the_longest_text_of_unknown_markup_is_neither_furniture_nor_captions(box: str, line: str) -> None:
    longer = box.format("".join(map(line.format, range(5))))
    html = f"<html><body><h1>{HEADLINE}</h1><div class='a1'>{P1}{P2}<p>{ONE} {TWO}</p></div>{longer}</body></html>"
    assert read(html).body == [ONE, TWO, f"{ONE} {TWO}"]


@pytest.mark.parametrize("above", ["", '<div class="photo"><img src="/lead.jpg"></div>'])
@pytest.mark.parametrize("box", ["<div><div>{}</div></div>", "<table><tr><td><p>{}</p></td></tr></table>"])
def test_a_photo_story_of_unknown_markup_has_all_its_pictures(above: str, box: str) -> None:
    shots = "".join(
        box.format(f'<figure><img src="/{n}.jpg"><figcaption>{ONE} Ảnh: TTXVN</figcaption></figure>')
        for n in range(3)
    )
    lead = f"<div class='x'>VOV.VN - {ONE}<br>{TWO * 2}</div>"
    for told in ("", lead):
        html = f"<html><body><main><h1>{HEADLINE}</h1>{told}{above}<section>{shots}</section></main></body></html>"
        article = read(html)
        assert (article.body, len(article.images)) == ([], 3 + bool(above))


def test_a_long_paragraph_and_short_ones_in_boxes_of_their_own_are_one_text() -> None:
    short = [f"Đoạn ngắn thứ {n} của bài này, chừng sáu mươi chữ cái là hết." for n in range(4)]
    told = [short[0], ONE * 10, *short[1:]]
    boxes = "".join(f"<div><div><p>{line}</p></div></div>" for line in told)
    html = f"<html><body><main><h1>{HEADLINE}</h1><div class='prose'>{boxes}</div></main></body></html>"
    assert read(html).body == told


def test_the_frame_round_a_text_of_unknown_markup_is_none_of_it() -> None:
    told = [ONE * 2, TWO * 2]
    motto = "<div>Cơ quan của Đài Tiếng nói Việt Nam, tiếng nói của nhân dân cả nước</div>"
    text = "".join(f"<div><span>{line}</span></div>" for line in told)
    for headline in (f"<h1>{HEADLINE}</h1>", ""):
        head = f'<meta property="og:title" content="{HEADLINE}"><meta property="og:type" content="article">'
        body = f"<div id='root'><header>x</header>{motto}<main>{headline}<section>{text}</section></main></div>"
        assert read(f"<html><head>{head}</head><body>{body}{motto}</body></html>").body == told


def test_a_link_in_a_sentence_makes_no_card_of_a_short_text() -> None:
    text = (
        f"<p>{ONE}</p>{P2}<p>Ông nói về <a href='/a/khac-post22.vov'>bài trước</a> trong một câu dài như thế.</p>"
    )
    above = '<div><img src="/a.jpg"></div>'
    html = f"<html><body><div><h1>{HEADLINE}</h1>{above}<div class='x'>{text}</div></div></body></html>"
    assert read(html).body == [ONE, TWO, "Ông nói về bài trước trong một câu dài như thế."]


@pytest.mark.parametrize("above", ["<p>{}</p>", "<div><div>{}</div></div>", "<h2>{} <b>Và nữa.</b></h2>"])
def test_a_sentence_above_a_text_of_unknown_markup_is_the_lead(above: str) -> None:
    lead, icon = above.format(ONE), '<div><a href="#"><img src="/p.gif"></a> <a href="#">A+</a></div>'
    theme = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
    text = f"<div><div>{P2}<p>{TWO * 2}</p></div></div>"
    article = read(f"<html><head>{theme}</head><body><h1>{HEADLINE}</h1>{icon}{lead}{text}</body></html>")
    assert (article.lead or "").startswith(ONE)
    assert article.body == [TWO, TWO * 2]
    caption = f"<a href='/a.jpg'><img src='/a.jpg'></a><p>{ONE} Ảnh: TTXVN.</p>"
    for picture in (f"<img src='/a.jpg'>{lead}", caption):
        html = f"<html><head>{theme}</head><body><h1>{HEADLINE}</h1>{picture}{text}</body></html>"
        assert read(html).lead is None


def test_loose_text_between_boxes_of_unknown_markup_is_read_whole() -> None:
    links = "".join(f'<li><a href="/a/b-post{n}.vov">Bài {n} của báo</a></li>' for n in range(5))
    figure = '<figure class="caption"><img src="/a.jpg"><figcaption>Một cảnh</figcaption></figure>'
    text = f"<div>{ONE}<br><br>{figure}{TWO * 3}<br><br><ul>{links}</ul>{ONE * 5}</div>"
    article = read(f"<html><body><main><h1>{HEADLINE}</h1><div>{text}</div></main></body></html>")
    assert article.body == [ONE, TWO * 3, ONE * 5]


@pytest.mark.parametrize(
    ("above", "beside"),
    [
        ("", f'<aside><div class="field--name-body text-long">{P1}</div></aside>'),
        ('<div class="video__summary"><div class="videojs-player" data-url="/v.mp4"></div></div>', ""),
    ],
)
def test_a_text_box_of_the_frame_or_a_player_is_not_the_place_of_the_text(above: str, beside: str) -> None:
    theme = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
    text = f"<div><h2>VOV.VN - Hai ngoại trưởng vừa gặp nhau.</h2></div>{above}<div><div>{P1}{P2}</div></div>"
    html = f"<html><head>{theme}</head><body><main><h1>{HEADLINE}</h1>{text}</main>{beside}</body></html>"
    article = read(html)
    assert (article.lead, article.body) == ("Hai ngoại trưởng vừa gặp nhau.", [ONE, TWO])


def test_the_box_of_the_lead_is_not_the_place_of_the_text_whatever_its_name() -> None:
    lead = '<div class="row article-summary"><div class="text-long"><h2>VOV.VN - Sapo.</h2></div></div>'
    text = f'<div class="row article-content"><div class="col-md-12">{P1}{P2}</div></div>'
    article = read(f"<html><body><h1>{HEADLINE}</h1>{lead}{text}</body></html>")
    assert (article.layout, article.lead, article.body) == ("drupal", "Sapo.", [ONE, TWO])


def test_a_card_of_other_news_is_not_the_place_of_the_text_whatever_its_name() -> None:
    cards = "".join(
        f"<div><h2><a href='/a/b-post{n}.vov'>Bài {n}</a></h2><div class='text-long'>VOV.VN - {ONE}</div></div>"
        for n in range(3)
    )
    text = f'<h1 class="article-title">{HEADLINE}</h1><div class="field--name-body">{P1}{P2}</div>'
    article = read(f"<html><body><main>{text}<div><h2>Tin liên quan</h2>{cards}</div></main></body></html>")
    assert (article.layout, article.body, len(article.related)) == ("drupal", [ONE, TWO], 3)
    near = f'<div class="w"><div class="text-long">{P1}</div><a href="/a/b-post1.vov">Bài khác</a></div>'
    assert read(f"<html><body><main><h1>{HEADLINE}</h1>{near}</main></body></html>").body == [ONE]


@pytest.mark.parametrize("html", ["x", "<p>Hệ thống đang bảo trì.", f"<h1>{HEADLINE}</h1>", "<html><body>"])
def test_a_page_with_nothing_in_it_is_no_error_of_the_run(caplog, html) -> None:
    with pytest.raises(NotAnArticle):
        read_article(html.encode(), url=None)
    assert caplog.records == []


@pytest.mark.parametrize("said", ["", "Your browser does not support the <code>audio</code> element."])
def test_a_recording_in_a_text_of_unknown_markup_is_not_the_place_of_the_text(said: str) -> None:
    audio = f'<div class="node-content-audio"><audio src="/files/a.mp3">{said}</audio></div>'
    text = f"<div class='x'><p><b>VOV.VN -</b> {TWO}</p><p>{ONE}</p><div>{audio}</div><p>{ONE * 2}</p></div>"
    theme = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
    article = read(f"<html><head>{theme}</head><body><main><h1>{HEADLINE}</h1>{text}</main></body></html>")
    assert article.lead == TWO
    assert article.body == [ONE, ONE * 2]
    assert len(article.media) == 1


def test_news_that_breaks_divide_in_one_box_is_no_text_of_unknown_markup() -> None:
    boxes = "".join(f"<div class='w'><div>{part}</div></div>" for part in (P1, P2))
    news = "".join(f"<a href='/a/b-post{n}.vov'>Bài {n}</a><br>VOV.VN - {ONE * 3}<br>" for n in range(1, 6))
    related = f"<table><tr><td><span>Tin liên quan</span><div class='wrap'>{news}</div></td></tr></table>"
    article = read(f"<html><body><h1>{HEADLINE}</h1><div>{boxes}</div>{related}</body></html>")
    assert article.body == [ONE, TWO]
    assert [news.headline for news in article.related] == [f"Bài {n}" for n in range(1, 6)]


@pytest.mark.parametrize("label", ["<b>Xem thêm:</b> ", "&gt;&gt; "])
def test_a_line_that_points_to_other_news_makes_no_card_of_a_short_text(label: str) -> None:
    pointer = f"<p>{label}<a href='/a/b-post1.vov'>Một bài khác có tít dài</a></p>"
    text = f"<h1>{HEADLINE}</h1><div>{P1}{pointer}{P2}<p>{ONE} {TWO}</p></div>"
    comments = f"<div><div>An Nhi</div><div>{ONE}</div></div>" * 2
    article = read(f"<html><body><main>{text}<div>{comments}</div></main></body></html>")
    assert article.body == [ONE, TWO, f"{ONE} {TWO}"]


def test_items_of_a_list_are_text_of_unknown_markup() -> None:
    items = "".join(f"<li>{ONE}</li>" for _ in range(3))
    text = f"<div class='x'><div><img src='/a.jpg'></div><ul>{items}</ul><p>{TWO}</p></div>"
    lead = f"<p class='k'><b>VOV.VN - {TWO * 3}</b></p><p class='m'>Phi Long/VOV.VN</p>"
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{lead}{text}</main></body></html>")
    assert (article.lead, article.byline) == (TWO * 3, "Phi Long/VOV.VN")
    assert (article.body, len(article.images)) == ([ONE] * 3 + [TWO], 1)


@pytest.mark.parametrize("box", ["<article>{}</article>", "<div><div>{}</div></div>", "<table><tr><td>{}</table>"])
def test_headline_time_lead_and_text_may_stand_in_one_box(box: str) -> None:
    told = f"<h1>{HEADLINE}</h1><p>16:54, 29/12/2025</p><p><b>VOV.VN - {TWO}</b></p>"
    article = read(f"<html><body>{box.format(told + f'<p>{ONE * 3}</p>' * 2)}</body></html>")
    assert (article.published_at, article.lead) == ("2025-12-29T16:54:00+07:00", TWO)
    assert article.body == [ONE * 3, ONE * 3]


@pytest.mark.parametrize(
    "body",
    [
        "<p>{0}</p><p>{1}</p>",
        "<figure><img src='/a.jpg'><figcaption>{0}</figcaption></figure><div><img src='/b.jpg'></div>",
    ],
)
def test_teasers_are_no_text_of_unknown_markup(body: str) -> None:
    cards = "".join(f"<p><a href='/a/b-post{n}.vov'>Bài {n}</a></p><p>VOV.VN - {ONE * 4}</p>" for n in range(5))
    text = f"<div class='x'><div>{body.format(ONE, TWO)}</div></div>"
    html = f"<html><body><h1>{HEADLINE}</h1>{text}<div><b>Tin liên quan</b><div>{cards}</div></div></body></html>"
    article = read(html)
    assert (article.body or len(article.images)) in ([ONE, TWO], 2)
    assert len(article.related) == 5


def test_what_trafilatura_gives_is_without_links_to_other_news() -> None:
    card = (
        "<div><h4><a href='/a/b-post1.vov'>Một bài khác có tít dài</a></h4><p>VOV.VN - Lời giới thiệu.</p></div>"
    )
    pointer = "<p><b>Xem thêm:</b> <a href='/a/b-post2.vov'>Một bài nữa</a></p>"
    text = f"<h1>{HEADLINE}</h1><p><b>VOV.VN - {TWO}</b></p><div>{P1}{card}{pointer}</div>"
    article = read(f"<html><body><main>{text}</main></body></html>")
    assert (article.lead, article.body) == (TWO, [ONE])


def test_trafilatura_gives_the_text_when_nothing_else_does() -> None:
    cells = "".join(f"<section><span>{text}</span></section>" for text in (ONE * 3, TWO * 3))
    html = (
        "<html><head><title>Tít của trang</title></head><body>"
        f"<article><h2>Tít của trang</h2>{cells}</article></body></html>"
    )
    article = read(html)
    assert article.layout == "generic"
    assert ONE * 3 in " ".join(article.body)
    assert {"headline", "body"} <= set(article.fallback_fields)


ITEMS = "".join(
    f"<div class='item'><a href='/a/bai-post{n}.vov'>Một bài khác số {n} về chuyện này</a><p>{TWO * 2}</p></div>"
    for n in range(5)
)


@pytest.mark.parametrize("heading", ["", "<h3>Đừng bỏ lỡ</h3>"])
@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f"<p>{ONE}</p>", [ONE]),
        (f"<p>{ONE * 2}</p><template><p>{TWO}</p></template>", [ONE * 2]),
        (f"<p>{ONE * 2}</p><div><a href='/a/khac-post22.vov'>Một bài khác nữa</a><p>{TWO}</p></div>", [ONE * 2]),
    ],
)
def test_a_short_text_of_unknown_markup_is_the_text_beside_a_list(
    text: str, body: list[str], heading: str
) -> None:
    main = f"<main><h1>{HEADLINE}</h1><div class='x'>{text}</div><div class='y'>{heading}{ITEMS}</div></main>"
    assert read(f"<html><body>{main}</body></html>").body == body


@pytest.mark.parametrize(
    ("trail", "sections"),
    [
        ('<a href="/">Trang chủ</a><span>/</span><a href="/kinh-te">Kinh tế</a>', ["Kinh tế"]),
        (
            '<a href="https://vov.vn/kinh-te">Kinh tế</a> <a href="/kinh-te/nha-dat">Nhà đất</a>',
            ["Kinh tế", "Nhà đất"],
        ),
        ('<a href="/">VOV</a> &gt; <a href="/nha-dat/">Nhà đất</a>', ["Nhà đất"]),
        ('<a href="/">VOV</a> <a href="/kinh-te">Kinh tế</a> <a href="/video">Video</a>', []),
        ('<a href="#">Facebook</a> <a href="#">Zalo</a>', []),
        ('<a href="/"><img src="/logo.svg"></a>', []),
    ],
)
def test_links_to_its_sections_above_the_headline_are_the_trail(trail: str, sections: list[str]) -> None:
    url = "https://vov.vn/kinh-te/nha-dat/bai-viet-post1000.vov"
    for box in (f"<nav class='flex'>{trail}</nav><h1>", f"<div><div>{trail}</div></div><div><h1>"):
        html = f"<html><body><main>{box}{HEADLINE}</h1><div><p>{ONE * 2}</p>{P2}</div></main></body></html>"
        assert read(html, url=url).section == sections
    menu = f"<header>{trail}</header><h1>{HEADLINE}</h1><p>{ONE * 2}</p>{P2}"
    assert read(f"<html><body>{menu}</body></html>", url=url).section == []


@pytest.mark.parametrize(
    ("href", "sections"),
    [
        ("/the-gioi/binh-luan", ["Bình luận"]),
        ("/vi-VN/b%C3%ACnh lu%E1%BA%ADn/177.vov", ["Bình luận"]),
        ("#binh-luan", []),
    ],
)
def test_a_section_called_as_a_list_is_known_by_its_address(href: str, sections: list[str]) -> None:
    trail = f'<ol class="breadcrumb"><li class="breadcrumb-item"><a href="{href}">Bình luận</a></li></ol>'
    assert read(page(head=trail)).section == sections


def test_the_teasers_of_related_news_are_no_text_of_a_recording() -> None:
    told = (
        f'<div class="article-summary">{ONE}</div><div class="article-content"><video src="/a.mp4"></video></div>'
    )
    card = (
        '<div class="card"><a href="/a/b-post{0}.vov"><img src="/{0}.jpg"></a><div class="card-body">'
        '<a href="/a/b-post{0}.vov"><h3>Bài số {0}</h3></a>{1}</div></div>'
    )
    teaser = f"<div>{TWO * 2}</div>"
    cards = card.format(0, "") + card.format(1, teaser) + card.format(2, teaser)
    box = f'<section><h4>Tin liên quan</h4><div class="content">{cards}</div></section>'
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{told}{box}</main></body></html>")
    assert (article.lead, article.body, [news.headline for news in article.related]) == (
        ONE,
        [],
        ["Bài số 0", "Bài số 1", "Bài số 2"],
    )


def test_a_recording_where_no_place_of_a_text_is_known_has_what_text_there_is() -> None:
    theme = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
    told = f'<div class="desc">VOV.VN - {ONE}</div><div class="new"><audio src="/a.mp3"></audio>{P2}</div>'
    article = read(f"<html><head>{theme}</head><body><h1>{HEADLINE}</h1>{told}</body></html>")
    assert (article.layout, article.lead, article.body, len(article.media)) == ("drupal", ONE, [TWO], 1)


@pytest.mark.parametrize(("beside", "count"), [("", 1), (f"<div>{P2}</div>", 3)])
def test_a_few_words_among_pictures_of_unknown_markup_are_a_text(beside: str, count: int) -> None:
    shots = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption>Một cảnh</figcaption></figure>" for n in range(count)
    )
    main = f"<main><h1>{HEADLINE}</h1><div class='x'>{shots}{P1}</div>{beside}</main>"
    article = read(f"<html><body>{main}<div>{ITEMS}</div></body></html>")
    assert (article.body, len(article.images)) == ([ONE], count)


@pytest.mark.parametrize("teaser", [ONE * 2, ""])
def test_a_recording_with_a_lead_takes_no_text_from_the_lists_of_other_news(teaser: str) -> None:
    player = '<div class="text-long"><audio src="/a.mp3"></audio></div>'
    told = f'<div class="article-summary">VOV.VN - {ONE}</div><div class="article-content">{player}</div>'
    cards = "".join(f'<div class="item"><h5><a href="/a/b-post{n}.vov">Bài {n}</a></h5></div>' for n in range(3))
    last = f'<div class="item"><h5><a href="/a/b-post9.vov">Bài 9</a></h5><p>{teaser}</p></div>'
    box = f"<div><h3>Cùng chuyên mục</h3>{cards}{last}</div><div><h3>Các tin hôm qua</h3>{cards}{last}</div>"
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{told}</main>{box}</body></html>")
    assert (article.lead, article.body, len(article.media)) == (ONE, [], 1)


def test_the_lead_of_a_recording_is_not_its_text_however_long() -> None:
    lead = f'<div class="row article-summary"><div class="col-12">{TWO * 3}</div></div>'
    player = '<div class="article-content"><div class="text-long"><video src="/a.mp4"></video></div></div>'
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{lead}{player}</main></body></html>")
    assert (article.lead, article.body, len(article.media)) == (TWO * 3, [], 1)


@pytest.mark.parametrize("heading", ["Tin liên quan", "TIN CÙNG CHUYÊN MỤC", "Đọc nhiều:"])
def test_the_heading_of_a_list_is_no_section(heading: str) -> None:
    link = '<a class="special-header-title" href="{}">{}</a>'
    theme = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
    below = f"<div>{link.format('#', heading)}</div>"
    for above, sections in (link.format("/the-gioi", "Thế giới"), ["Thế giới"]), ("", []):
        text = f'<h1>{HEADLINE}</h1><div class="article-content">{P1}{P2}</div>'
        assert read(f"<html><head>{theme}</head><body>{above}{text}{below}</body></html>").section == sections


def test_the_name_of_a_section_is_no_text_of_a_page_without_one() -> None:
    section = '<div class="Top_root__x1"><a href="/van-hoa">Văn hóa</a></div>'
    lead = f'<h2 class="Article_sapo__9">VOV.VN - {TWO * 3}</h2>'
    player = '<div class="Article_content__3"><audio src="/a.mp3"></audio></div>'
    html = f"<html><body><main><div>{section}<h1>{HEADLINE}</h1>{lead}{player}</div></main></body></html>"
    article = read(html)
    assert (article.layout, article.lead, article.body) == ("generic", TWO * 3, [])


@pytest.mark.parametrize(
    "other",
    [
        '<a href="https://ad.vn/1"><img src="/files/a.png"></a>',
        "<span>Quảng cáo</span>",
        "<p>Tải ứng dụng VOV trên App Store và Google Play</p>",
        '<h3>Tin mới</h3><ul><li><a href="/a/b-post3.vov">Bài viết khác ở đây</a></li></ul>',
    ],
)
def test_a_box_of_something_else_inside_the_text_is_not_where_it_stands(other: str) -> None:
    box = f'<div class="block"><div class="content">{other}</div></div>'
    html = f"<html><body><article><h1>{HEADLINE}</h1><div>{P1}{P2}{box}{P2 * 2}</div></article></body></html>"
    assert [line for line in read(html).body if line in (ONE, TWO)] == [ONE, TWO, TWO, TWO]


def test_a_short_text_in_a_box_called_content_is_read() -> None:
    html = f"<html><body><article><h1>{HEADLINE}</h1><div class='content'>{P1}</div></article></body></html>"
    assert read(html).body == [ONE]


def test_a_caption_is_no_lead_though_it_is_called_a_description() -> None:
    figure = (
        '<figure><img src="/a.jpg"><figcaption itemprop="description">Một cảnh (Ảnh: AFP)</figcaption></figure>'
    )
    lead = "<div class='k'><b>VOV.VN - Lời dẫn.</b></div>"
    html = f"<article><h1>{HEADLINE}</h1>{lead}<div>{figure}{P1}{P2}</div></article>"
    told = read(f"<html><body>{html}</body></html>")
    assert (told.lead, [image.caption for image in told.images]) == ("Lời dẫn.", ["Một cảnh"])

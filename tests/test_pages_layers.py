"""Each field by the layout first, then by structured data and meta tags, then by generic extraction."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.markup import CONTENT, HEADLINE, ONE, P1, P2, TWO, page, read
from vovcrawler.items import Image, Media, to_record
from vovcrawler.pages import read_article

NEWS: dict[str, Any] = {
    "@type": "NewsArticle",
    "headline": "Tít trong dữ liệu",
    "description": "VOV.VN - Sapo trong dữ liệu.",
    "datePublished": "2025-12-29T16:54:31+07:00",
    "dateModified": "2025-12-29T18:00:05+07:00",
    "author": {"@type": "Person", "name": "Phi Long"},
    "articleSection": "Thế giới",
    "keywords": "Nga, Triều Tiên",
    "image": "/sites/default/files/du-lieu.jpg",
    "articleBody": "Đoạn một trong dữ liệu.\nĐoạn hai trong dữ liệu./.",
    "video": {"@type": "VideoObject", "contentUrl": "https://media.vov.vn/v.mp4"},
    "inLanguage": "vi-VN",
}
FROM_DATA = {
    "headline": "Tít trong dữ liệu",
    "lead": "Sapo trong dữ liệu.",
    "body": ["Đoạn một trong dữ liệu.", "Đoạn hai trong dữ liệu."],
    "byline": "Phi Long",
    "authors": ["Phi Long"],
    "published_at": "2025-12-29T16:54:31+07:00",
    "modified_at": "2025-12-29T18:00:05+07:00",
    "section": ["Thế giới"],
    "tags": ["Nga", "Triều Tiên"],
    "images": [{"url": "https://vov.vn/sites/default/files/du-lieu.jpg", "caption": None, "credit": None}],
    "media": [{"kind": "video", "url": "https://media.vov.vn/v.mp4"}],
    "outlet": "VOV.VN",
    "language": "vi",
}
BARE = {"headline": "", "date": "", "lead": "", "byline": "", "content": "", "attributes": ""}


H1 = f'<h1 class="article-title">{HEADLINE}</h1>'


def script(data: Any) -> str:
    told = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f'<script type="application/ld+json">{told}</script>'


@pytest.mark.parametrize("field", FROM_DATA)
def test_what_the_layout_does_not_give_structured_data_gives(field: str) -> None:
    record = to_record(read(page("", head=script(NEWS), **BARE)))
    assert record[field] == FROM_DATA[field]
    assert field in record["fallback_fields"]


def test_fallback_fields_stand_in_the_order_of_the_record() -> None:
    assert read(page("", head=script(NEWS), **BARE)).fallback_fields == list(FROM_DATA)


def test_a_page_that_gives_everything_itself_needs_no_later_layer() -> None:
    extra = (
        '<div class="tags"><a href="/tu-khoa/nga-tag1">Nga</a></div><ol><li '
        'class="breadcrumb-item"><a href="/the-gioi">Thế giới</a></li></ol>'
    )
    article = read(
        page(
            P1 + '<figure><img src="/a.jpg"></figure><video src="/v.mp4"></video>',
            after=extra,
            head=script({**NEWS, "dateModified": None}),
        )
    )
    assert article.headline == HEADLINE
    assert article.fallback_fields == []


@pytest.mark.parametrize(
    "shape",
    [
        script(NEWS),
        script([{"@type": "WebSite", "name": "VOV"}, NEWS]),
        script({"@context": "https://schema.org", "@graph": [{"@type": "Organization", "name": "VOV"}, NEWS]}),
        script({"@type": "WebPage", "mainEntity": NEWS}),
        script({**NEWS, "@type": ["Thing", "http://schema.org/NewsArticle"]}),
        script({**NEWS, "@type": "ReportageNewsArticle"}),
        script("<!--\n" + json.dumps(NEWS) + "\n-->"),
        script("//<![CDATA[\n" + json.dumps(NEWS) + "\n//]]>"),
        script("/* <![CDATA[ */" + json.dumps(NEWS) + "/* ]]> */"),
        script(json.dumps(NEWS)[:-1] + ",}"),
        script(json.dumps(NEWS, ensure_ascii=False).replace("Nga, Triều Tiên", "Nga,\n Triều Tiên")),
        script('{"@type": "NewsArticle", "headline": "Tít "hỏng"') + script(NEWS),
        script({"@type": "ItemList", "itemListElement": [{"item": {**NEWS, "headline": "Bài khác"}}]})
        + script(NEWS),
        script({**NEWS, "keywords": ["Nga", "Triều Tiên"], "author": [NEWS["author"]]}),
        script({**NEWS, "author": "Phi Long", "image": {"@type": "ImageObject", "url": NEWS["image"]}}),
        script({**NEWS, "author": ["Phi Long"], "image": [NEWS["image"]]}),
        script("[" * 5000) + script(NEWS),
    ],
)
def test_structured_data_may_have_any_shape(shape: str) -> None:
    record = to_record(read(page("", head=shape, **BARE)))
    assert {field: record[field] for field in FROM_DATA} == FROM_DATA


@pytest.mark.parametrize(
    ("author", "byline", "authors"),
    [
        ([{"name": "An Nhi"}, {"name": "Phi Long"}], "An Nhi, Phi Long", ["An Nhi", "Phi Long"]),
        ("Diệp Thảo/VOV.VN (biên dịch)", "Diệp Thảo/VOV.VN (biên dịch)", ["Diệp Thảo"]),
        ({"@type": "Organization", "name": "VOV.VN"}, None, []),
        ("Báo điện tử VOV", None, []),
        (None, None, []),
    ],
)
def test_an_author_in_the_data_is_a_byline_unless_it_is_the_site(
    author: Any, byline: str | None, authors: list[str]
) -> None:
    article = read(page(head=script({**NEWS, "author": author}), byline=""))
    assert (article.byline, article.authors) == (byline, authors)


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('<meta property="og:title" content="Tít của og">', "headline", "Tít của og"),
        ('<meta name="title" content="Tít của meta">', "headline", "Tít của meta"),
        ("<title>Tít của trang | VOV.VN</title>", "headline", "Tít của trang"),
        (
            '<meta property="article:published_time" content="2025-12-29T16:54:31+07:00">',
            "published_at",
            "2025-12-29T16:54:31+07:00",
        ),
        (
            '<meta itemprop="datePublished" content="2025-12-29T09:54:31Z">',
            "published_at",
            "2025-12-29T09:54:31+00:00",
        ),
        (
            '<meta property="article:modified_time" content="2025-12-29 18:00">',
            "modified_at",
            "2025-12-29T18:00:00+07:00",
        ),
        ('<meta property="article:section" content="Thế giới">', "section", ["Thế giới"]),
        ('<meta name="keywords" content="Nga, Triều Tiên,Nga">', "tags", ["Nga", "Triều Tiên"]),
        (
            '<meta property="article:tag" content="Nga"><meta property="article:tag" content="Mỹ">',
            "tags",
            ["Nga", "Mỹ"],
        ),
        ('<meta name="author" content="Phi Long">', "byline", "Phi Long"),
        (
            '<meta property="og:image" content="/sites/default/files/og.jpg">',
            "images",
            [Image(url="https://vov.vn/sites/default/files/og.jpg")],
        ),
        ('<meta property="og:image" content="/themes/custom/vovvn/images/logo_meta_home.jpg">', "images", []),
        (
            '<meta property="og:video" content="/v.mp4">',
            "media",
            [Media(kind="video", url="https://vov.vn/v.mp4")],
        ),
        (
            script(
                {
                    "@type": "BreadcrumbList",
                    "itemListElement": [
                        {"position": 2, "item": {"name": "Thế giới"}},
                        {"position": 1, "name": "Trang chủ"},
                        {"position": "3", "name": "Quan sát"},
                    ],
                }
            ),
            "section",
            ["Thế giới", "Quan sát"],
        ),
    ],
)
def test_meta_tags_are_the_second_layer_too(head: str, field: str, value: Any) -> None:
    article = read(
        page(
            "<p>The two ministers met in Moscow today and spoke about the crisis.</p>",
            head=head,
            **{**BARE, "content": CONTENT, "headline": "" if field == "headline" else H1},
        )
    )
    assert getattr(article, field) == value
    assert (field in article.fallback_fields) == bool(value)


@pytest.mark.parametrize(
    ("description", "lead", "body"),
    [
        ("VOV.VN - Một mô tả riêng.", "Một mô tả riêng.", [ONE, TWO]),
        (HEADLINE, None, [ONE, TWO]),
        (ONE[:40] + "...", None, [ONE, TWO]),
        (f"VOV.VN - {ONE}", ONE, [TWO]),
    ],
)
def test_a_description_is_a_lead_when_it_is_neither_headline_nor_a_piece_of_the_text(
    description: str, lead: str | None, body: list[str]
) -> None:
    article = read(page(lead="", head=f'<meta name="description" content="{description}">'))
    assert (article.lead, article.body) == (lead, body)


@pytest.mark.parametrize(
    ("date", "head", "published_at", "late"),
    [
        ("Thứ Hai, 16:54, 29/12/2025 |", "2025-12-29T16:54:31+07:00", "2025-12-29T16:54:00+07:00", False),
        ("Thứ năm, 00:00, 23/04/2020", "2020-04-23T09:12:13+07:00", "2020-04-23T09:12:13+07:00", True),
        ("Thứ năm, 00:00, 23/04/2020", "2020-04-24T09:12:13+07:00", "2020-04-23T00:00:00+07:00", False),
        ("Thứ năm, 00:00, 23/04/2020", "", "2020-04-23T00:00:00+07:00", False),
        ("Nghe &amp; Xem", "2020-04-23T09:12:13+07:00", "2020-04-23T09:12:13+07:00", True),
    ],
)
def test_the_printed_time_wins_unless_it_is_unknown(date: str, head: str, published_at: str, late: bool) -> None:
    machine = f'<meta property="article:published_time" content="{head}">' if head else ""
    article = read(page(date=f'<div class="col-md-4 mb-2">{date}</div>', head=machine))
    assert article.published_at == published_at
    assert ("published_at" in article.fallback_fields) == late


def test_a_printed_update_is_the_time_of_modification() -> None:
    dates = (
        '<div class="col-md-4 mb-2">Thứ Hai, 16:54, 29/12/2025</div>'
        '<div class="col-md-4 mb-2">Cập nhật: 18:10, 29/12/2025</div>'
    )
    article = read(page(date=dates))
    assert (article.published_at, article.modified_at) == (
        "2025-12-29T16:54:00+07:00",
        "2025-12-29T18:10:00+07:00",
    )


@pytest.mark.parametrize(
    ("attributes", "language"),
    [('lang="vi-VN"', "vi"), ('lang="vn"', "vi"), ("", "vi"), ('lang="en"', "vi"), ('xml:lang="vi"', "vi")],
)
def test_a_vietnamese_text_is_vietnamese_whatever_the_template_says(attributes: str, language: str) -> None:
    assert read(page(attributes=attributes)).language == language


def test_a_text_in_english_is_what_the_page_says_it_is() -> None:
    parts = {"headline": '<h1 class="article-title">Ministers meet in Moscow</h1>', "lead": "", "attributes": ""}
    article = read(
        page("<p>They spoke about the crisis.</p>", head='<meta property="og:locale" content="en_US">', **parts)
    )
    assert (article.language, article.fallback_fields) == ("en", ["language"])


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://english.vov.vn/en/politics/ministers-meet-post5.vov", "en"),
        ("https://vovworld.vn/fr-CH/politique/rencontre-585734.vov", "fr"),
        ("https://vov.vn/the-gioi/bai-post5.vov", "vi"),
    ],
)
def test_a_page_that_says_nothing_of_its_language_has_that_of_its_address(url: str, language: str) -> None:
    headline = '<h1 class="article-title">Ministers meet in Moscow</h1>'
    told = page("<p>They spoke about the crisis.</p>", headline=headline, lead="", attributes="")
    assert read(told, url=url).language == language


def test_text_in_boxes_of_unknown_markup_is_read_whole() -> None:
    boxes = "".join(f"<div class='w'><div>{part}</div></div>" for part in (P1, f"<ul><li>{TWO}</li></ul>", P2, P1))
    teasers = "".join(f"<li><a href='/a/b-post{n}.vov'>Bài {n}</a><p>{ONE * 5}</p></li>" for n in range(5))
    html = f"<html><body><h1>{HEADLINE}</h1><div class='x'>{boxes}</div><ul>{teasers}</ul></body></html>"
    assert read(html).body == [ONE, TWO, TWO, ONE]


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
    told = [short[0], ONE * 4, *short[1:]]
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
    text = f"<p>{ONE}</p><p>Ông nói về <a href='/a/khac-post22.vov'>bài trước</a> trong một câu dài như thế.</p>"
    read_text = read(f"<html><body><div><h1>{HEADLINE}</h1><div class='x'>{text}</div></div></body></html>").body
    assert read_text == [ONE, "Ông nói về bài trước trong một câu dài như thế."]


def test_a_recording_in_a_text_of_unknown_markup_is_not_the_place_of_the_text() -> None:
    audio = '<div class="node-content-audio"><audio src="/files/a.mp3"></audio></div>'
    text = f"<div class='x'><p><b>VOV.VN -</b> {TWO}</p><p>{ONE}</p><div>{audio}</div><p>{ONE * 2}</p></div>"
    article = read(page(lead="", content=text, byline=""))
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


def test_an_author_is_found_by_any_class_and_a_lead_may_hold_a_link() -> None:
    link = '<a href="/the-gioi/khac-post22.vov">vừa gặp nhau</a>'
    lead = f'<div><div class="article-summary"><div><h2>VOV.VN - Hai ngoại trưởng {link}.</h2></div></div></div>'
    article = read(page(lead=lead, byline='<span class="header-author-v2">Phi Long/VOV.VN</span>'))
    assert (article.lead, article.byline) == ("Hai ngoại trưởng vừa gặp nhau.", "Phi Long/VOV.VN")


SIGNED = '<div class="row mt-3"><strong>Phi Long/VOV.VN</strong></div>'


@pytest.mark.parametrize(
    "parts",
    [
        {"byline": SIGNED},
        {"byline": "", "after": SIGNED},
        {"byline": "", "date": SIGNED},
        {"byline": "", "after": '<p class="g7">PV Phi Long/VOV-Cairo</p>'},
        {"byline": "", "after": "<div><p><em>CTV Phi Long/VOV-Miền Trung (tổng hợp)</em></p></div>"},
    ],
)
def test_a_byline_is_known_by_its_words_beside_the_text(parts: dict[str, str]) -> None:
    article = read(page(**parts))
    assert article.authors == ["Phi Long"]
    assert article.body == [ONE, TWO]
    assert "byline" not in article.fallback_fields


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


@pytest.mark.parametrize("theme", ["", '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'])
def test_a_trail_of_sections_is_known_by_what_it_is_for_too(theme: str) -> None:
    trail = '<nav aria-label="Breadcrumb"><ol><li><a href="/">Trang chủ</a></li><li><a>Xã hội</a></li></ol></nav>'
    text = f"<h1>{HEADLINE}</h1><div class='text-long'>{ONE}<p>{TWO}</p></div>"
    assert read(f"<html><head>{theme}</head><body>{trail}{text}</body></html>").section == ["Xã hội"]


def test_trafilatura_gives_the_text_when_nothing_else_does() -> None:
    cells = "".join(f"<section><span>{text}</span></section>" for text in (ONE * 3, TWO * 3))
    html = (
        "<html><head><title>Tít của trang</title></head><body>"
        f"<article><h2>Tít của trang</h2>{cells}</article></body></html>"
    )
    article = read_article(html, url="https://vov.vn/the-gioi/bai-post1.vov")
    assert article.layout == "generic"
    assert ONE * 3 in " ".join(article.body)
    assert {"headline", "body"} <= set(article.fallback_fields)


@pytest.mark.parametrize(
    ("marks", "url", "layout"),
    [
        ('<div class="text-long">{}</div>', None, "drupal"),
        ('<div id="article-body" class="cms-body">{}</div>', None, "epi"),
        ('<span id="ctl00_mContent_lbBody">{}</span>', None, "webforms"),
        ('<div class="xyz">{}</div>', "https://vov.vn/a/b-post1.vov", "generic"),
        (
            '<div class="text-long"><table class="contentimg"><tr><td>'
            '<img class="cms-photo" src="/a.jpg"></td></tr></table>{}</div>',
            "https://vov.vn/a/b-882872.vov",
            "drupal",
        ),
        (
            '<form id="aspnetForm"><div class="article__body">{}</div></form>',
            "https://vov.vn/a/b-post1.vov",
            "epi",
        ),
    ],
)
def test_the_layout_is_what_the_markup_is_not_what_the_address_says(
    marks: str, url: str | None, layout: str
) -> None:
    html = f"<html><body><h1>{HEADLINE}</h1>{marks.format(P1 + P2)}</body></html>"
    article = read_article(html, url=url)
    assert (article.layout, article.body) == (layout, [ONE, TWO])

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
MOMENT = "2025-12-29T16:54:00+07:00"
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
            '<meta name="author" content="Phi Long">'
            + script({**NEWS, "author": {"@type": "Organization", "name": "VOV.VN"}}),
            "byline",
            "Phi Long",
        ),
        ('<meta name="dcterms.created" content="2025-12-29T16:54+07:00">', "published_at", MOMENT),
        ('<meta name="publish-date" content="2025-12-29T16:54+07:00">', "published_at", MOMENT),
        ('<meta property="og:article:published_time" content="2025-12-29T16:54+07:00">', "published_at", MOMENT),
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
            '<meta property="og:video" content="/v.opus">',
            "media",
            [Media(kind="audio", url="https://vov.vn/v.opus")],
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
        ("VOV.VN - Báo điện tử VOV, cập nhật tin tức nhanh nhất.", None, [ONE, TWO]),
    ],
)
def test_a_description_is_a_lead_when_it_is_neither_headline_nor_a_piece_of_the_text(
    description: str, lead: str | None, body: list[str]
) -> None:
    article = read(page(lead="", head=f'<meta name="description" content="{description}">'))
    assert (article.lead, article.body) == (lead, body)


def test_news_of_one_line_takes_no_text_from_elsewhere_but_from_around_its_own_place() -> None:
    lead = '<div class="article-summary">VOV.VN - Hai ngoại trưởng vừa gặp nhau.</div>'
    top, place = f'<h1 class="article-title">{HEADLINE}</h1>{lead}', '<div class="article-content"></div>'
    other = f'<div class="k1">{{}}<p>{ONE}</p><p>{TWO}</p><p>{ONE * 2}</p></div>'
    html = f"<html><body><div>{top}{{}}</div>{{}}</body></html>"
    assert read(html.format(place, other.format(""))).body == []
    assert read(html.format(other.format(place), "")).body == [ONE, TWO, ONE * 2]


def test_the_trail_of_sections_ends_before_the_article() -> None:
    own = f'<a href="/the-gioi/bai-viet-post1000.vov">{HEADLINE[:20]}...</a>'
    trail = f'<div class="breadcrumb"><a href="/the-gioi">Thế giới</a> {own}</div>'
    assert read(page(headline=f"{trail}<h1>{HEADLINE}</h1>")).section == ["Thế giới"]
    names = ("Trang chủ", "Thế giới", HEADLINE)
    crumbs = [{"position": place, "name": name} for place, name in enumerate(names)]
    head = script({"@type": "BreadcrumbList", "itemListElement": crumbs})
    other = '<meta property="og:title" content="Tít của og">'
    assert read(page(head=head + other)).section == ["Thế giới"]


def test_a_link_to_an_article_is_no_keyword() -> None:
    tags = (
        '<div class="tags"><a href="/tu-khoa/nga-tag1">Nga</a> <a href="/a/khac-post22.vov">Một bài khác</a></div>'
    )
    assert read(page(after=tags)).tags == ["Nga"]


def test_keywords_of_other_news_are_not_those_of_the_page() -> None:
    tag = '<div class="tags"><a href="/tu-khoa/x-tag9">X</a></div>'
    card = f'<div><a href="/a/khac-post22.vov">Một bài khác</a>{tag}</div>'
    own = '<div class="tags"><a href="/tu-khoa/nga-tag1">Nga</a></div>'
    assert read(page(lead=card, after=own)).tags == ["Nga"]


@pytest.mark.parametrize(
    "hot",
    [
        '<div><h3>Chủ đề nóng</h3><a href="/tu-khoa/hot-tag9">Covid</a> <a href="/tu-khoa/x-tag8">X</a></div>',
        '<h4>Nổi bật</h4><ul><li><a href="/tu-khoa/hot-tag9">Covid</a></li></ul>',
    ],
)
def test_keywords_of_the_day_are_not_those_of_the_page(hot: str) -> None:
    assert read(page(after=hot)).tags == []
    assert read(page(after=hot, head='<meta name="keywords" content="Nga">')).tags == ["Nga"]


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


def test_an_author_is_found_by_any_class_and_a_lead_may_hold_a_link() -> None:
    link = '<a href="/the-gioi/khac-post22.vov">vừa gặp nhau</a>'
    lead = f'<div><div class="article-summary"><div><h2>VOV.VN - Hai ngoại trưởng {link}.</h2></div></div></div>'
    article = read(page(lead=lead, byline='<span class="header-author-v2">Phi Long/VOV.VN</span>'))
    assert (article.lead, article.byline) == ("Hai ngoại trưởng vừa gặp nhau.", "Phi Long/VOV.VN")


@pytest.mark.parametrize("theme", ["", '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'])
@pytest.mark.parametrize(
    "name", ['aria-label="Breadcrumb"', 'aria-labelledby="system-breadcrumb"', 'class="Breadcrumb_list__x9"']
)
def test_a_trail_of_sections_is_known_by_what_it_is_for_too(theme: str, name: str) -> None:
    trail = f'<nav {name}><ol><li><a href="/">Trang chủ</a></li><li><a>Xã hội</a></li></ol></nav>'
    text = f"<h1>{HEADLINE}</h1><div class='text-long'>{ONE}<p>{TWO}</p></div>"
    assert read(f"<html><head>{theme}</head><body>{trail}{text}</body></html>").section == ["Xã hội"]


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

"""What stands round an article and is none of it: keywords of the day, the live radio, players of a sidebar."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read


@pytest.mark.parametrize("label", ["", "<strong>Tag:</strong>", "<span>Từ khóa: </span>", "<p>Tags</p>"])
@pytest.mark.parametrize("first", ["nông sản", "Nông thôn mới", "hot girl", "xu hướng làm đẹp"])
def test_a_keyword_may_begin_with_what_keywords_of_the_day_are_called(first: str, label: str) -> None:
    tags = f'<a href="/tu-khoa/mot-tag1">{first}</a> <a href="/tu-khoa/nga-tag2">Nga</a>'
    assert read(page(after=f'<div class="article__tag">{label}{tags}</div>')).tags == [first, "Nga"]


@pytest.mark.parametrize("label", ["Chủ đề nóng:", "<b>HOT</b>", "Xu hướng", "Từ khóa: nổi bật"])
def test_a_row_of_keywords_of_the_day_is_known_by_its_label(label: str) -> None:
    row = f'<div class="row">{label} <a href="/tu-khoa/hot-tag9">Covid</a> <a href="/tu-khoa/x-tag8">X</a></div>'
    assert read(page(after=row)).tags == []


LINKS = "".join(f'<li><a href="/muc-{n}">Mục {n}</a></li>' for n in range(30))
FEW = '<li><a href="/the-gioi">Thế giới</a></li><li><a href="/xa-hoi">Xã hội</a></li>'
HEADERS = [
    f"<header>{FEW}</header>",
    f"<nav><ul>{LINKS}</ul></nav>",
    f'<div class="m"><ul>{LINKS}</ul></div>',
    f"<div><p>Chuyên mục</p>{LINKS}</div>",
    f'<div><a href="https://vov.vn/"><img src="/logo.svg"></a>{FEW}</div>',
]
RADIO = '<div class="live"><audio src="https://stream.vov.vn/vov1.mp3"></audio></div>'
NEWS = '<video src="/tin.mp4"></video>'
LISTED = '<div class="pod"><h3>Podcast</h3><a href="/podcast/a">A</a><audio src="/podcast.mp3"></audio></div>'


@pytest.mark.parametrize("header", HEADERS)
def test_a_player_above_the_header_of_the_site_is_none_of_the_article(header: str) -> None:
    assert read(page().replace("<body>", f"<body>{RADIO}{header}")).media == []


@pytest.mark.parametrize("column", ["<div>{}</div>", '<div class="col-md-4">{}</div>', "{}"])
def test_a_player_below_another_heading_is_none_of_the_article(column: str) -> None:
    assert read(page(after=column.format(LISTED))).media == []


@pytest.mark.parametrize("where", ["above", "below", "among"])
def test_a_recording_beside_the_article_is_one_of_it(where: str) -> None:
    trail = '<ol><li><a href="/"><i></i></a></li><li><a href="/the-gioi">Thế giới</a></li></ol>'
    html = page(P1 + NEWS + P2) if where == "among" else page()
    html = html.replace("<body>", f"<body>{HEADERS[0]}{NEWS if where == 'above' else ''}{trail}")
    html = html.replace("</body>", f"{NEWS if where == 'below' else ''}{LISTED}</body>")
    assert [held.url for held in read(html).media] == ["https://vov.vn/tin.mp4"]


@pytest.mark.parametrize(
    "item",
    [
        '<li data-url="/tap-{n}.mp3"><a href="/tap-{n}-post70{n}.vov">Tập {n}</a> 05:1{n}</li>',
        '<li><a href="/tap-{n}-post70{n}.vov">Tập {n}</a><div><audio src="/tap-{n}.mp3"></audio></div></li>',
    ],
)
def test_the_recordings_of_other_episodes_are_none_of_this_one(item: str) -> None:
    others = "<h3>Các tập khác</h3><ul>" + "".join(item.format(n=n) for n in range(3)) + "</ul>"
    html = page('<ul><li><audio src="/tap-9.mp3"></audio></li></ul>' + P1 + P2 + f"<div>{others}</div>")
    assert [held.url for held in read(html).media] == ["https://vov.vn/tap-9.mp3"]


def test_the_date_of_the_next_article_is_not_that_of_this_one() -> None:
    date = '<div class="date">01/01/2026 10:00</div>'
    other = f'<article><h2><a href="/a/khac-post22.vov">Tít khác</a></h2>{date}{P1 * 9}</article>'
    own = f'<article><h1>{HEADLINE}</h1><div class="k7">16:54 29/12/2025</div><div>{P2 * 9}</div></article>'
    assert read(f"<html><body>{own}{other}</body></html>").published_at == "2025-12-29T16:54:00+07:00"


@pytest.mark.parametrize("kind", ["mp4", "m3u8"])
def test_the_element_of_a_common_player_is_a_recording(kind: str) -> None:
    note = '<p class="k8">To view this video please enable JavaScript, and consider a web browser.</p>'
    source = f'<source src="/v/a.{kind}" type="application/x-mpegURL"></source>'
    article = read(page(P1 + f'<video-js id="v" controls="controls">{source}{note}</video-js>' + P2))
    assert [(held.kind, held.url) for held in article.media] == [("video", f"https://vov.vn/v/a.{kind}")]
    assert article.body == [ONE, TWO]


FIELD = '<div class="field field--name-{0}">{2}<div class="field__item">{1}</div></div>'


@pytest.mark.parametrize(
    "caption",
    [FIELD.format("field-media-caption", "<p>Một cảnh</p>", ""), FIELD.format("field-caption", "Một cảnh", "")],
)
@pytest.mark.parametrize("label", ["Ảnh", "Hình ảnh", "Image"])
def test_the_fields_of_a_picture_are_its_caption_and_their_labels_nothing(label: str, caption: str) -> None:
    shown = FIELD.format(
        "field-media-image", '<img src="/sites/a.jpg">', f'<div class="field__label">{label}</div>'
    )
    article = read(page(P1 + f'<article class="media media--type-image">{shown}{caption}</article>' + P2))
    assert article.body == [ONE, TWO]
    assert [image.caption for image in article.images] == ["Một cảnh"]


def test_the_label_of_a_field_within_the_text_may_head_related_news() -> None:
    news = '<a href="/the-gioi/khac-post22.vov">Một bài khác về chuyện này</a>'
    box = FIELD.format("field-related", news, '<div class="field__label">Tin liên quan</div>')
    article = read(page(P1 + P2 + box))
    assert (article.body, [item.headline for item in article.related]) == (
        [ONE, TWO],
        ["Một bài khác về chuyện này"],
    )


@pytest.mark.parametrize(
    ("box", "told"),
    [
        (
            '<div class="field__item"><iframe class="media-oembed-content" '
            'src="/media/oembed?url=https%3A//www.youtube.com/watch%3Fv%3Dab_C1&amp;hash=x"></iframe></div>',
            ("video", "https://www.youtube.com/watch?v=ab_C1"),
        ),
        (
            '<figure class="media"><oembed url="https://youtu.be/ab_C1"></oembed></figure>',
            ("video", "https://youtu.be/ab_C1"),
        ),
        ('<lite-youtube videoid="ab_C1"></lite-youtube>', ("video", "https://www.youtube.com/embed/ab_C1")),
        (
            '<span class="file file--audio"><a href="/sites/default/files/a.mp3">a.mp3</a></span>',
            ("audio", "https://vov.vn/sites/default/files/a.mp3"),
        ),
    ],
)
def test_recordings_as_drupal_and_its_editor_embed_them(box: str, told: tuple[str, str]) -> None:
    article = read(page(P1 + box + P2))
    assert [(held.kind, held.url) for held in article.media] == [told]
    assert read(page(P1 + box.replace("youtu", "quang-cao").replace("file--audio", "f") + P2)).media == []


def test_the_numbers_under_a_slider_are_no_text() -> None:
    numbers = "".join(f"<li><a>{number}</a></li>" for number in (1, 2))
    slider = f'<div class="flexslider"><ul class="slides"></ul><ol class="flex-control-nav">{numbers}</ol></div>'
    assert read(page(P1 + slider + P2)).body == [ONE, TWO]


def test_the_caption_that_a_light_box_shows_is_that_of_the_picture() -> None:
    link = '<a class="photoswipe" href="/sites/a.jpg" data-overlay-title="Một cảnh (Ảnh: AFP)">{}</a>'
    article = read(page(P1 + link.format('<img src="/sites/a.jpg">') + P2))
    assert [(image.caption, image.credit) for image in article.images] == [("Một cảnh", "AFP")]


SHOT = '<p {0}><img src="/sites/a.jpg"></p><p {0}>{1}</p>'


@pytest.mark.parametrize("looks", ['style="text-align: center;"', 'align="center"', 'class="text-align-center"'])
def test_a_plain_line_in_the_middle_under_a_picture_there_is_its_caption(looks: str) -> None:
    for behind in (P2, f"<p {looks}>Ảnh: TTXVN</p>{P2}", SHOT.format(looks, "Cảnh khác ở Moscow.") + P2):
        article = read(page(P1 + SHOT.format(looks, "Một cảnh ở Moscow") + behind))
        assert article.body == [ONE, TWO]
        assert article.images[0].caption == "Một cảnh ở Moscow"


@pytest.mark.parametrize(
    "lines",
    [
        '<p align="center">Sông Đà chảy về xuôi</p><p align="center">Người đi thương nhớ đầy</p>',
        '<p align="center"><b>Một tít phụ</b></p>',
        "<p>Sông Đà chảy về xuôi</p>",
    ],
)
def test_a_poem_or_a_subheading_under_a_picture_is_no_caption(lines: str) -> None:
    article = read(page(P1 + '<p align="center"><img src="/sites/a.jpg"></p>' + lines + P2))
    assert len(article.body) == 2 + lines.count("<p")
    assert [image.caption for image in article.images] == [None]


@pytest.mark.parametrize("name", ['class="advertisement"', 'class="ads-inread"', 'id="quang-cao"'])
def test_a_video_that_advertises_is_no_recording_of_the_article(name: str) -> None:
    spot = f'<div {name}><div><video src="https://cdn.example/spot.mp4" autoplay muted></video></div></div>'
    own = '<p class="ads-detail-center"><video src="/v/own.mp4"></video></p>'
    assert [held.url for held in read(page(P1 + spot + own + P2)).media] == ["https://vov.vn/v/own.mp4"]

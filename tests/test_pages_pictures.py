"""Pictures with caption and credit, each once and in page order; audio and video."""

from __future__ import annotations

import pytest

from tests.markup import DATE, ONE, P1, P2, TWO, page, read
from vovcrawler.items import Image, Media

A, B = "https://vov.vn/a.jpg", "https://vov.vn/b.jpg"
LAZY = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@pytest.mark.parametrize(
    ("markup", "images"),
    [
        ('<figure><img src="/a.jpg"></figure>', [Image(url=A)]),
        (
            '<figure><img src="/a.jpg"><figcaption>Một cảnh (Ảnh: TTXVN)</figcaption></figure>',
            [Image(url=A, caption="Một cảnh", credit="TTXVN")],
        ),
        (
            '<figure><a href="/a.jpg"><img src="/a.jpg"></a><figcaption><em>Ảnh: TTXVN</em></figcaption></figure>',
            [Image(url=A, credit="TTXVN")],
        ),
        (
            f'<figure><img src="{LAZY}" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript></figure>',
            [Image(url=A)],
        ),
        ('<figure><img src="/themes/placeholder.png" data-original="/a.jpg"></figure>', [Image(url=A)]),
        (f'<figure><img src="{LAZY}" srcset="/s.jpg 480w, /a.jpg 960w"></figure>', [Image(url=A)]),
        (
            f'<figure><picture><source data-srcset="/a.jpg 1x"><img src="{LAZY}"></picture></figure>',
            [Image(url=A)],
        ),
        (
            '<figure><div data-entity-type="media" data-title="Một '
            'cảnh. Ảnh: TTXVN"><img src="/a.jpg"></div></figure>',
            [Image(url=A, caption="Một cảnh.", credit="TTXVN")],
        ),
        (
            '<figure class="gallery-embed embedded-entity image process-filter-image"><div title="Một cảnh. Ảnh: '
            'TTXVN" data-large-src="/a+b.jpg"><article><div><picture><source data-srcset="/a.jpg 1x"><img title='
            '"hình ảnh 1" src="/a.jpg"></picture></div></article></div><figcaption>Một cảnh. Ảnh: TTXVN'
            "</figcaption></figure>",
            [Image(url=A, caption="Một cảnh.", credit="TTXVN")],
        ),
        (
            '<p class="Image"><img src="/a.jpg"><br>Một cảnh (Ảnh: TTXVN)</p>',
            [Image(url=A, caption="Một cảnh", credit="TTXVN")],
        ),
        ('<p><img src="/a.jpg"></p><p><em>Một cảnh</em></p>', [Image(url=A, caption="Một cảnh")]),
        (
            '<div><img src="/a.jpg"><br><span class="cms-photo-caption">Hai người bắt tay.</span></div>',
            [Image(url=A, caption="Hai người bắt tay.")],
        ),
        (
            '<p><img src="/a.jpg"></p><p>Một cảnh. Ảnh: TTXVN</p>',
            [Image(url=A, caption="Một cảnh.", credit="TTXVN")],
        ),
        (
            '<div><img src="/a.jpg"></div><div class="PhotoCMS_Caption"><p>Một cảnh</p></div>',
            [Image(url=A, caption="Một cảnh")],
        ),
        (
            '<p><img src="/sites/default/files/2025-12/facebook_1.jpg"></p>',
            [Image(url="https://vov.vn/sites/default/files/2025-12/facebook_1.jpg")],
        ),
        (
            '<p><img src="/themes/custom/vovvn/images/nhac.png"></p><figure><img src="/a.jpg"></figure>',
            [Image(url=A)],
        ),
        ('<p><img src="/a.jpg"></p><p class="pCaption">Một cảnh</p>', [Image(url=A, caption="Một cảnh")]),
        (
            '<table class="contentimg"><tr><td><img class="cms-photo" '
            'src="/a.jpg"></td></tr><tr><td>Một cảnh</td></tr></table>',
            [Image(url=A, caption="Một cảnh")],
        ),
        (
            '<table class="contentimg"><tr><td><img src="/a.jpg" '
            'data-desc="Một cảnh."></td></tr><tr><td>Một cảnh.</td></tr></table>',
            [Image(url=A, caption="Một cảnh.")],
        ),
        (
            '<p><img class="cms-photo" src="/a.jpg" data-desc="Một cảnh (Ảnh: KT)"></p>',
            [Image(url=A, caption="Một cảnh", credit="KT")],
        ),
        (
            '<p><img class="cms-photo" src="/a.jpg" cms-photo-caption="Một cảnh"></p>',
            [Image(url=A, caption="Một cảnh")],
        ),
        (
            '<div class="story-photo"><p class="photo"><img src="/a.jpg"></p><p>Một cảnh</p></div>',
            [Image(url=A, caption="Một cảnh")],
        ),
        ('<figure><img src="/a.jpg"></figure><figure><img src="/b.jpg"></figure>', [Image(url=A), Image(url=B)]),
        (
            '<figure><img src="/a.jpg"></figure><figure><img '
            'src="/a.jpg"><figcaption>Một cảnh</figcaption></figure>',
            [Image(url=A, caption="Một cảnh")],
        ),
        (
            '<figure><img src="/files/styles/large/public/a.jpg?itok=1"></figure>'
            '<img src="/files/styles/small/public/a.jpg">',
            [Image(url="https://vov.vn/files/styles/large/public/a.jpg?itok=1")],
        ),
        (
            '<div class="gallery-embed"><div><img src="/a.jpg"><p>Một cảnh</p></div>'
            '<div><img src="/b.jpg"><p>Cảnh nữa</p></div></div>',
            [Image(url=A, caption="Một cảnh"), Image(url=B, caption="Cảnh nữa")],
        ),
        (
            '<div><div class="swiper-slide"><img src="/a.jpg"><div>Một cảnh</div></div>'
            '<div class="swiper-slide"><img src="/b.jpg"></div></div>',
            [Image(url=A, caption="Một cảnh"), Image(url=B)],
        ),
        (
            '<figure><img src="/a.jpg"><figcaption>Một cảnh. '
            '<span class="author">Ảnh: AP</span></figcaption></figure>',
            [Image(url=A, caption="Một cảnh.", credit="AP")],
        ),
        ('<div class="x"><img src="/a.jpg"><div>Một cảnh</div></div>', [Image(url=A, caption="Một cảnh")]),
        ("<p>Một cảnh ở TP.HCM (Nguồn: AP)</p>", [Image(caption="Một cảnh ở TP.HCM", credit="AP")]),
        ("<p>Một cảnh ở Moscow (Ảnh: Sputnik)</p>", [Image(caption="Một cảnh ở Moscow", credit="Sputnik")]),
        (
            '<p><img src="/icons/logo.svg"></p><img src="/x.png" width="16"><img class="emoji" src="/smile.png">',
            [],
        ),
        (
            '<a href="/the-gioi/khac-post22.vov"><img src="/thumb.jpg">'
            '</a><a href="https://ads.example/"><img src="/ad.jpg"></a>',
            [],
        ),
        ('<div class="related"><figure><img src="/thumb.jpg"></figure></div>', []),
        (
            '<p><img src="/a.jpg"></p><p></p><figure><figcaption>Một cảnh. Ảnh: AP</figcaption>'
            '<img src="/b.jpg"></figure>',
            [Image(url=A), Image(url=B, caption="Một cảnh.", credit="AP")],
        ),
    ],
)
def test_pictures_in_the_text_are_listed_and_their_captions_are_no_body(markup: str, images: list[Image]) -> None:
    article = read(page(P1 + markup + P2))
    assert article.images == images
    assert article.body == [ONE, TWO]


def test_a_slanted_paragraph_behind_another_is_no_caption() -> None:
    article = read(page(f'{P1}<p><img src="/a.jpg"></p>{P2}<p><em>{ONE}</em></p>{P2}'))
    assert article.images == [Image(url=A)]
    assert article.body == [ONE, TWO, ONE, TWO]


def test_a_page_for_phones_names_its_pictures_and_players_otherwise() -> None:
    shown = (
        '<amp-img src="/a.jpg"><noscript><img src="/a.jpg"></noscript></amp-img><figcaption>Một cảnh</figcaption>'
    )
    played = '<amp-video><source src="/a.mp4" type="video/mp4"></amp-video>'
    tube = '<amp-youtube data-videoid="aB1"></amp-youtube>'
    article = read(page(f"{P1}<figure>{shown}</figure>{played}{tube}{P2}", attributes='amp lang="vi"'))
    assert article.images == [Image(url=A, caption="Một cảnh")]
    urls = ("https://vov.vn/a.mp4", "https://www.youtube.com/embed/aB1")
    assert article.media == [Media(kind="video", url=url) for url in urls]
    assert article.body == [ONE, TWO]


@pytest.mark.parametrize("box", ["gallery-embed", "photo"])
def test_a_box_that_is_not_closed_makes_no_captions_of_the_text(box: str) -> None:
    article = read(page(f'<div class="{box}"><img src="/a.jpg">' + P1 * 2 + "<p>Đoạn dài hơn nữa.</p>" * 30 + P2))
    assert article.images == [Image(url=A)]
    assert article.body[:1] + article.body[-1:] == [ONE, TWO]


def test_a_figure_that_is_not_closed_ends_behind_its_caption() -> None:
    article = read(page(f"{P1}<figure><img src='/a.jpg'><figcaption>Một cảnh</figcaption>{P2}{P1}"))
    assert article.images == [Image(url=A, caption="Một cảnh")]
    assert article.body == [ONE, TWO, ONE]


def test_a_subheading_in_bold_italics_is_no_caption() -> None:
    article = read(page('<p><img src="/a.jpg"></p><p><strong><em>Lối đi nào</em></strong></p>' + P1 + P2))
    assert (article.body, article.subheadings) == (["Lối đi nào", ONE, TWO], [0])


def test_a_quotation_in_italics_is_no_caption() -> None:
    quotation = "<blockquote><p><em>“Chúng tôi sẽ xử lý nghiêm”, ông nhấn mạnh.</em></p></blockquote>"
    article = read(page(f'<figure><img src="/a.jpg"></figure>{quotation}{P1}'))
    assert article.body == ["“Chúng tôi sẽ xử lý nghiêm”, ông nhấn mạnh.", ONE]
    assert article.images == [Image(url=A)]


@pytest.mark.parametrize(
    "captions",
    ["<td>Một cảnh (Ảnh: AFP)</td><td><p>Hai cảnh</p></td>", "<td>Một cảnh<p>Ảnh: AFP</p><td>Hai cảnh</td>"],
)
def test_pictures_side_by_side_have_their_captions_in_the_row_below(captions: str) -> None:
    shown = '<tr><td><img src="/a.jpg"></td><td><p><img src="/b.jpg"></p></td></tr>'
    article = read(page(f"{P1}<table>{shown}<tr>{captions}</tr><tr><td>Huế</td><td>3</td></tr></table>{P2}"))
    assert article.body == [ONE, "Huế | 3", TWO]
    assert article.images == [Image(url=A, caption="Một cảnh", credit="AFP"), Image(url=B, caption="Hai cảnh")]


def test_a_short_text_in_a_table_is_no_caption() -> None:
    article = read(page(f'<table><tr><td>{P1}<p><img src="/a.jpg"></p>{P2}</td></tr></table>'))
    assert (article.body, article.images) == ([ONE, TWO], [Image(url=A)])


def test_a_caption_may_be_called_a_heading() -> None:
    shown = '<p><img src="/a.jpg"></p><h6>Một cảnh (Ảnh: TTXVN)</h6>'
    article = read(page(shown + P1 + "<h3>Nhiếp ảnh (2025)</h3>" + P2))
    assert (article.body, article.subheadings) == ([ONE, "Nhiếp ảnh (2025)", TWO], [1])
    assert article.images == [Image(url=A, caption="Một cảnh", credit="TTXVN")]


def test_words_that_stand_loose_below_a_caption_are_text() -> None:
    article = read(page(f'<p><img src="/a.jpg"></p><p class="caption">Một cảnh</p>{ONE}<br>&nbsp;<br>'))
    assert (article.body, article.images) == ([ONE], [Image(url=A, caption="Một cảnh")])


def test_a_picture_above_the_text_comes_first() -> None:
    above = '<figure class="lead-image"><img src="/a.jpg"><figcaption>Một cảnh</figcaption></figure>'
    article = read(page('<figure><img src="/b.jpg"></figure>' + P1, date=above))
    assert article.images == [Image(url=A, caption="Một cảnh"), Image(url=B)]


@pytest.mark.parametrize(
    "above",
    [
        '<div class="photo-wrap"><img src="/a.jpg"><p class="cms-photo-caption">Một cảnh (Ảnh: TTXVN)</p></div>',
        '<p class="Image"><img src="/a.jpg"></p><p class="Image">Một cảnh (Ảnh: TTXVN)</p>',
        '<table><tr><td><img src="/a.jpg"></td></tr><tr><td>Một cảnh (Ảnh: TTXVN)</td></tr></table>',
    ],
)
def test_a_picture_between_the_lead_and_the_text_may_stand_in_any_box(above: str) -> None:
    share = '<div class="share-bar"><img src="/zl.png" alt="Zalo"></div>'
    share += (
        '<p><a href="#"><img src="/p.gif"> Bản in</a> <a href="javascript:print()"><img src="/print.gif"></a></p>'
    )
    article = read(page(lead=f'<div class="article-summary">VOV.VN - Sapo.</div>{share}{above}'))
    assert article.images == [Image(url=A, caption="Một cảnh", credit="TTXVN")]
    assert (article.lead, article.body) == ("Sapo.", [ONE, TWO])


def test_a_picture_in_a_sentence_or_a_table_of_the_layout_has_no_caption() -> None:
    whole = page(f'<p>{ONE} <img src="/a.jpg"> {TWO}</p><p><img src="/b.jpg"></p>{P2}')
    article = read(
        whole.replace("<body>", "<body><table><tr><td>").replace("</body>", "</td></tr></table></body>")
    )
    assert article.images == [Image(url=A), Image(url=B)]
    assert article.body == [f"{ONE} {TWO}", TWO]


@pytest.mark.parametrize("look", ['style="float: left; width: 40%"', 'align="right"'])
def test_a_sentence_runs_beside_a_picture_and_is_no_caption(look: str) -> None:
    article = read(page(f'<p><img src="/a.jpg" {look}>{ONE}</p>{P2}'))
    assert (article.images, article.body) == ([Image(url=A)], [ONE, TWO])
    article = read(page(f'<p><img src="/a.jpg" {look}>Một cảnh</p>{P2}'))
    assert (article.images, article.body) == ([Image(url=A, caption="Một cảnh")], [TWO])


def test_a_text_of_one_line_is_no_caption_of_the_picture_above_it() -> None:
    article = read(page(f'<figure><img src="/a.jpg"></figure><p>{ONE}/.\u200b</p>'))
    assert (article.images, article.body) == ([Image(url=A)], [ONE])


def test_the_caption_of_a_recording_is_none_of_a_picture() -> None:
    player = '<div class="video_file videojs-player" data-url="/sites/default/files/v.mp4"></div>'
    article = read(page(f"<p>{ONE}</p>{player}<p><em>Clip: Người dân sơ tán (Nguồn: CTV)</em></p>"))
    assert (article.images, article.body, len(article.media)) == ([], [ONE], 1)


def test_a_photo_story_needs_no_paragraph() -> None:
    article = read(page('<figure><img src="/a.jpg"><figcaption>Một cảnh</figcaption></figure>'))
    assert (article.body, len(article.images), article.fallback_fields) == ([], 1, [])


@pytest.mark.parametrize(
    ("markup", "media"),
    [
        (
            '<div class="gallery-embed video_file videojs-player" data-url="/v.mp4"><img src="/poster.jpg"></div>',
            [("video", "/v.mp4")],
        ),
        (
            '<div class="videojs-player" data-url="https://live.vov.vn/v/playlist"></div>',
            [("video", "https://live.vov.vn/v/playlist")],
        ),
        (
            '<div class="node-content-audio"><audio><source src="/a.mp3" type="audio/mpeg"></audio></div>',
            [("audio", "/a.mp3")],
        ),
        ('<audio controls src="/a.mp3"></audio>', [("audio", "/a.mp3")]),
        (
            '<video poster="/p.jpg"><source src="/v.mp4"><source src="/v.webm"></video>',
            [("video", "/v.mp4"), ("video", "/v.webm")],
        ),
        ('<div class="audio-player" data-audio="/a.m4a"></div>', [("audio", "/a.m4a")]),
        ('<DIV CLASS="audio-player" DATA-AUDIO="/a.m4a" DATA-FILE="/a.m4a"></DIV>', [("audio", "/a.m4a")]),
        (
            '<iframe src="https://www.youtube.com/embed/abc"></iframe>',
            [("video", "https://www.youtube.com/embed/abc")],
        ),
        (
            '<iframe src="https://ads.example/x"></iframe><a '
            'class="fb-share" data-url="https://vov.vn/x">Chia sẻ</a>',
            [],
        ),
        (
            '<object><param name="url" value="/a.mp3"><embed type="application/x-mplayer2" src="/a.mp3"></object>',
            [("audio", "/a.mp3")],
        ),
        ('<embed src="/player.swf" flashvars="skin=x&amp;file=/a.flv&amp;image=/p.jpg">', [("video", "/a.flv")]),
        (
            '<embed src="http://www.youtube.com/v/abc" type="application/x-shockwave-flash">',
            [("video", "http://www.youtube.com/v/abc")],
        ),
        (
            '<iframe src="about:blank" data-src="https://www.youtube.com/embed/abc"></iframe>',
            [("video", "https://www.youtube.com/embed/abc")],
        ),
        (
            '<iframe src="https://www.facebook.com/plugins/like.php?href=x"></iframe>'
            '<iframe src="https://www.facebook.com/plugins/video.php?href=x"></iframe>',
            [("video", "https://www.facebook.com/plugins/video.php?href=x")],
        ),
        (
            '<div class="fb-video" data-href="https://www.facebook.com/vov/videos/1/"></div>'
            '<div class="fb-like" data-href="https://vov.vn/x"></div>',
            [("video", "https://www.facebook.com/vov/videos/1/")],
        ),
        (
            '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@vov/video/2"><section>@vov</section>'
            '</blockquote><audio src="/a.mp3"></audio><blockquote cite="https://example.com/x"></blockquote>',
            [("video", "https://www.tiktok.com/@vov/video/2"), ("audio", "/a.mp3")],
        ),
        (f'<video src="/v.mp4"></video>{P2}<video src="/v.mp4"></video>', [("video", "/v.mp4")]),
    ],
)
def test_recordings_are_listed_once_with_their_kind(markup: str, media: list[tuple[str, str]]) -> None:
    article = read(page(P1 + markup))
    expected = [Media(kind=kind, url=url if "://" in url else f"https://vov.vn{url}") for kind, url in media]
    assert (article.media, article.images) == (expected, [])


def test_the_oldest_pages_link_to_the_file_of_a_recording() -> None:
    link = '<p><a href="/Uploaded/a.mp3">Nghe tại đây</a></p>'
    html = f'<html><body><h1>{ONE}</h1><span id="ctl00_mContent_lbBody">{P1}{link}</span>{link}</body></html>'
    assert read(html).media == [Media(kind="audio", url="https://vov.vn/Uploaded/a.mp3")]
    assert read(page(P1 + link)).media == []


def test_the_radio_in_the_frame_of_the_page_is_no_recording_of_the_article() -> None:
    html = page().replace("<body>", '<body><header><audio src="https://stream.vov.vn/vov1.mp3"></audio></header>')
    assert read(html).media == []


@pytest.mark.parametrize(
    "box",
    [
        "<h2>{lead}</h2>{picture}",
        "{picture}<h2>{lead}</h2>",
        "<p>{lead}{picture}",
        '<div>{lead}</div><table class="contentimg"><tr><td>{picture}</td></tr></table>',
        '<img src="/icon.png">{lead}{picture}',
    ],
)
def test_a_picture_in_the_box_of_the_lead_is_none_of_its_words(box: str) -> None:
    picture = '<figure><img src="/a.jpg"><figcaption>Quang cảnh. Ảnh: TTXVN</figcaption></figure>'
    lead = box.format(lead="VOV.VN - Hai ngoại trưởng vừa gặp nhau.", picture=picture)
    article = read(page(lead=f'<div class="row article-summary">{lead}</div>'))
    assert (article.lead, article.outlet) == ("Hai ngoại trưởng vừa gặp nhau.", "VOV.VN")
    assert [image.credit for image in article.images if image.caption == "Quang cảnh."] == ["TTXVN"]


def test_a_picture_in_a_lead_within_the_text_is_one_of_the_article() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>Quang cảnh. Ảnh: TTXVN</figcaption></figure>'
    for end in ("", "</p>"):
        article = read(page(f'<p class="sapo"><b>VOV.VN - Hai bên vừa gặp nhau.</b>{end}{figure}{P1}', lead=""))
        assert (article.lead, article.body) == ("Hai bên vừa gặp nhau.", [ONE])
        assert article.images == [Image(url=A, caption="Quang cảnh.", credit="TTXVN")]


@pytest.mark.parametrize("line", ["Kính gửi tòa soạn,", "Ông kể:"])
def test_a_slanted_line_that_goes_on_below_a_picture_is_no_caption(line: str) -> None:
    article = read(page(f'{P1}<p><img src="/a.jpg"></p><p><em>{line}</em></p><p><em>{TWO}</em></p>'))
    assert (article.images, article.body) == ([Image(url=A)], [ONE, line, TWO])


@pytest.mark.parametrize("kept", ["./Hội nghị _ VOV.VN_files/a.jpg", LAZY])
def test_a_picture_that_was_saved_with_its_page_has_the_address_that_it_is_linked_to(kept: str) -> None:
    caption = "<figcaption>Một cảnh</figcaption>"
    shown = f'<figure><img src="{kept}">{caption}</figure>'
    assert read(page(shown + P1)).images == [Image(caption="Một cảnh")]
    linked = f'<figure><a href="{A}"><img src="{kept}"></a>{caption}</figure>'
    assert read(page(linked + P1)).images == [Image(url=A, caption="Một cảnh")]


def test_a_picture_without_an_address_above_the_text_is_one() -> None:
    above = f'<figure><img src="{LAZY}"><figcaption>Một cảnh</figcaption></figure>'
    assert read(page(date=DATE + above)).images == [Image(caption="Một cảnh")]

"""What is a paragraph of the body, and what in the container of the text is none."""

from __future__ import annotations

import re

import pytest

from tests.markup import CONTENT, HEADLINE, ONE, P1, P2, TWO, page, read

LINK = '<a href="/the-gioi/khac-post22.vov">Một bài khác về chuyện này</a>'
SECOND = '<a href="/the-gioi/nua-post23.vov">Thêm một bài khác nữa</a>'
TEASER = "VOV.VN - Lời giới thiệu của bài khác, dài chừng một câu như trong hộp tin."


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        (
            "<p>Ông <b>Lavrov</b>, <a href='/x'>ngoại trưởng</a> <em>Nga</em>.</p>",
            ["Ông Lavrov, ngoại trưởng Nga."],
        ),
        ("<p><b>VOV</b>.VN đưa tin H<sub>2</sub>O.</p>", ["VOV.VN đưa tin H2O."]),
        ("<p>Một&nbsp;dòng\n   dài<br>và tiếp theo.</p>", ["Một dòng dài và tiếp theo."]),
        ("<p>Đoạn một.<br><br>Đoạn hai.<br/> <br/>Đoạn ba.</p>", ["Đoạn một.", "Đoạn hai.", "Đoạn ba."]),
        (
            "<p>Đoạn một<br>&#8203;<br>Đoạn hai<br><b>\ufeff&nbsp;</b><br>Đoạn ba",
            ["Đoạn một", "Đoạn hai", "Đoạn ba"],
        ),
        ("Chữ không có thẻ.<br>Câu sau.<br><br>Đoạn sau", ["Chữ không có thẻ.", "Câu sau.", "Đoạn sau"]),
        (
            "<b>Tít phụ</b><br>Câu sau.<br/><strong>Tít nữa</strong><br/>Câu cuối.",
            ["Tít phụ", "Câu sau.", "Tít nữa", "Câu cuối."],
        ),
        ("<p>Câu một. <img src='/a.jpg'> Câu hai.</p>", ["Câu một. Câu hai."]),
        (
            "<p>Ở <a class='cms-relate' href='/hue/tags-aHVl.vov'>Huế</a>, trời mưa.</p>",
            ["Ở Huế, trời mưa."],
        ),
        ("Chữ không có<br>dấu chấm câu.", ["Chữ không có dấu chấm câu."]),
        ("<div>Một.</div><div><div>Hai.</div></div>", ["Một.", "Hai."]),
        ("<span><p>Một.</p><p>Hai.</p></span>", ["Một.", "Hai."]),
        ("<ul><li>Một;</li><li><p>Hai;</p><ol><li>Ba.</li></ol></li></ul>", ["Một;", "Hai;", "Ba."]),
        ("<blockquote>Một.</blockquote><blockquote><p>Hai.</p></blockquote>", ["Một.", "Hai."]),
        ("<blockquote>Một.<cite>Ông Nam</cite></blockquote><p>Hai.</p>", ["Một.", "Ông Nam", "Hai."]),
        ("<blockquote>Một. <cite>Le Monde</cite> viết.</blockquote><p>Hai.</p>", ["Một. Le Monde viết.", "Hai."]),
        (
            "<table><tr><th>Tỉnh</th><th>Ca</th></tr><tr><td>Huế</td><td>3</td></tr></table>",
            ["Tỉnh | Ca", "Huế | 3"],
        ),
        (
            "<table><tr><td>Đội</td><td>Trận</td><td>Điểm</td></tr>"
            "<tr><td><a href='/the-thao/khac-post22.vov'>Việt Nam</a></td><td>3</td><td>9</td></tr></table>",
            ["Đội | Trận | Điểm", "Việt Nam | 3 | 9"],
        ),
        (
            "<figure class='table'><table><tr><td>Tỉnh</td><td>Ca</td></tr><tr><td>Huế</td><td>3</td></tr></table>"
            "<figcaption>Bảng 1</figcaption></figure>",
            ["Tỉnh | Ca", "Huế | 3"],
        ),
        (
            "<figure><blockquote><p>Một.</p></blockquote><figcaption>Ông Nam</figcaption></figure><p>Hai.</p>",
            ["Một.", "Hai."],
        ),
        (
            "<blockquote><p>Một.</p><footer class='blockquote-footer'>Ông Nam</footer></blockquote>",
            ["Một.", "Ông Nam"],
        ),
        ("<aside class='pullquote'><p>Một.</p></aside><p>Hai.</p>", ["Một.", "Hai."]),
        ("<aside class='box'><p>Một.</p></aside><p>Hai.</p>", ["Hai."]),
        ("<h3><button type='button'>Một</button></h3><p>Hai.</p>", ["Một", "Hai."]),
        ("<h3 id='toc-1'>Một</h3><p>Hai.</p>", ["Một", "Hai."]),
        ("<h3 class='toc'>Một</h3><p>Hai.</p>", ["Hai."]),
        ("<h3>Một <button>In</button></h3><p>Hai.</p>", ["Một", "Hai."]),
        (f"<table><tr><td>{ONE}</td><td>{TWO}</td></tr></table>", [ONE, TWO]),
        (
            f"<table><tr><td>{ONE}</td><td>{TWO}</td></tr><tr><td>Cũ</td><td>Mới</td></tr></table>",
            [f"{ONE} | {TWO}", "Cũ | Mới"],
        ),
        ("<table><tr></tr><tr><td></td></tr><tr><td>Một.</td></tr></table>", ["Một."]),
        ("<table><tr><td><p>Một.</p><p>Hai.</p></td></tr></table>", ["Một.", "Hai."]),
        ("<p>&nbsp;</p><p></p><p><br></p><p>Một.</p><p>***</p>", ["Một."]),
        ("<p>Một./.</p>", ["Một."]),
        ("<p>Một <strong>./.</strong></p>", ["Một."]),
        ('<p class=" ads-detail-center">Quảng cáo đứng cạnh đoạn này.</p>', ["Quảng cáo đứng cạnh đoạn này."]),
    ],
)
def test_text_of_any_markup_becomes_paragraphs(body: str, paragraphs: list[str]) -> None:
    assert read(page(body)).body == paragraphs


@pytest.mark.parametrize("parts", [{}, {"lead": ""}])
def test_a_teaser_in_the_text_may_have_its_link_at_the_end(parts: dict[str, str]) -> None:
    more = '<a href="/the-gioi/khac-post22.vov">Xem chi tiết</a>'
    box = f"<div class='x'><h4>Tít của bài khác</h4><p>{TEASER} {more}</p></div>"
    lead = "<p>VOV.VN - Hai ngoại trưởng <a href='/the-gioi/truoc-post21.vov'>đã gặp</a> nhau.</p>"
    for body in ((lead if parts else "") + P1 + box + P2, (lead if parts else "") + P1 + P2 + box):
        article = read(page(body, **parts))
        assert (article.outlet, article.body, article.subheadings) == ("VOV.VN", [ONE, TWO], [])


def test_a_subheading_may_be_a_link_to_a_keyword() -> None:
    article = read(page(P1 + '<h2><a href="/tu-khoa/gao-tag1">Lối đi nào cho ngành gạo</a></h2>' + P2))
    assert (article.body, article.subheadings) == ([ONE, "Lối đi nào cho ngành gạo", TWO], [1])
    assert article.tags == []


@pytest.mark.parametrize("tag", ["h2", "h3", "p", "div"])
def test_a_lead_in_the_text_is_known_by_its_mark_whatever_its_tag(tag: str) -> None:
    article = read(page(f"<{tag}>VOV.VN - Hai ngoại trưởng vừa gặp nhau.</{tag}>{P1}{P2}", lead=""))
    assert (article.outlet, article.lead) == ("VOV.VN", "Hai ngoại trưởng vừa gặp nhau.")
    assert (article.body, article.subheadings) == ([ONE, TWO], [])


def test_a_copy_of_the_text_for_other_screens_adds_nothing() -> None:
    image = "<figure><img src='/sites/default/files/a.jpg'></figure>"
    copy = CONTENT.format(P1 + P2).replace("row article-content", "row article-content d-md-none")
    assert read(page(content=CONTENT + copy)).body == [ONE, TWO]
    article = read(page(content=CONTENT + CONTENT.format("<p>Đoạn khác.</p>") + CONTENT.format(image)))
    assert article.body == [ONE, TWO, "Đoạn khác."]
    assert len(article.images) == 1


@pytest.mark.parametrize(
    "box", ['<div class="quote-box">{}</div>', "<blockquote>{}</blockquote>", '<div class="pull-quote">{}</div>']
)
def test_who_is_quoted_is_no_byline_and_stays(box: str) -> None:
    said = box.format('<p class="quote">“Một lời.”</p><div class="author">Ông Nguyễn Văn Thắng</div>')
    article = read(page(P1 + said + P2))
    assert article.body == [ONE, "“Một lời.”", "Ông Nguyễn Văn Thắng", TWO]
    assert (article.byline, read(page(P1 + said + P2, byline="")).byline) == ("Phi Long/VOV.VN", None)
    last = read(page(P1 + said + "<p><b>PV/VOV.VN</b></p>", byline=""))
    assert (last.byline, last.body[-1]) == ("PV/VOV.VN", "Ông Nguyễn Văn Thắng")


@pytest.mark.parametrize(
    "noise",
    [
        "<script>var a = '<p>không phải</p>';</script>",
        "<style>p { color: red }</style><noscript>Bật JavaScript</noscript><iframe>x</iframe>",
        "<!-- <p>ghi chú</p> -->",
        '<div style="display:none">ẩn</div><p hidden>ẩn</p><div class="d-none"><p>ẩn</p></div>',
        "<form><p>Gửi bình luận</p><button>Gửi</button></form><template><p>mẫu</p></template>",
        '<div class="block-ads"><p>Mua nhà giá rẻ</p></div><div id="ads-64">Quảng cáo</div>',
        '<div class="social-share"><ul><li>Chia sẻ</li><li>Facebook</li></ul></div><p>Chia sẻ Facebook Zalo</p>',
        '<p>Mời quý độc giả theo dõi VOV.VN trên <a href="https://zalo.me/x"><img src="/zalo.png"></a></p>',
        '<p>Mời quý độc giả theo dõi <b>VOV.VN</b> trên<a href="/z">Zalo</a><a href="/y">Youtube</a></p>',
        '<p>Từ khóa: <a href="/tu-khoa/nga-tag1">Nga</a>, <a href="/tu-khoa/my-tag2">Mỹ</a></p>',
        '<div><a href="/tu-khoa/nga-tag1">Nga</a> <a href="/tu-khoa/my-tag2">Mỹ</a></div>',
        f"<p>&gt;&gt; {LINK}</p>",
        f"<p>Xem thêm: {LINK}</p>",
        f"<p>Xem Video: {LINK}</p>",
        f"<p><em>Mời quý bạn đọc xem thêm: {LINK}</em></p>",
        '<div class="poll"><h4>Bình chọn</h4><form><label><input type="radio"> Có</label></form></div>',
        "<p>>>> Mời độc giả xem thêm video: <a href='/the-gioi/khac-post22.vov'>Một video</a></p>",
        f"<p>{LINK}</p>",
        f"<p>{LINK}<br>{TEASER}</p>",
        "".join(
            f"<div><a href='/a/bai-post{n}.vov'>Một bài khác có tít khá dài</a><span>Lời dẫn của nó.</span></div>"
            for n in (31, 32)
        ),
        "<table><tr><td><a href='/a/b-post3.vov'><img src='/t.jpg'></a></td><td><a href='/a/b-post3.vov'>"
        "Một bài khác có tít khá dài</a><br>Lời dẫn của bài ấy không có dấu.</td></tr></table>",
        "<div><a href='/a/b-post3.vov'><h3>Một bài khác có tít khá dài</h3><p>Lời dẫn của bài ấy nằm cả trong "
        "liên kết và không có dấu.</p></a></div>",
        f"<p>{LINK}</p><p>{TEASER}</p>",
        f'<div class="x"><div>{LINK}<p>Lời giới thiệu không có dấu, của bài thứ nhất.</p></div>'
        f"<div>{SECOND}<p>Lời giới thiệu không có dấu, của bài thứ hai.</p></div></div>",
        f'<ul class="inner-news"><li>{LINK}<div>{TEASER}</div></li><li>{SECOND}<div>{TEASER}</div></li></ul>',
        '<table><tr><td><a href="/the-gioi/khac-post22.vov"><img '
        f'src="/t.jpg"></a></td><td>{LINK}<p>{TEASER}</p></td></tr></table>',
        f"<div><h3>Tin cùng chuyên mục</h3><ul><li>{LINK}</li></ul></div>",
        f"<div><span>Đọc tiếp</span><ul><li>{LINK}</li><li>{SECOND}</li></ul></div>",
        f"<h3>Đọc nhiều</h3><ul><li>{LINK}</li><li>{SECOND}</li></ul>",
        '<div class="OUTBRAIN"><div>Được tài trợ</div><a href="https://paid.outbrain.com/x"><span>Căn hộ giá rẻ'
        "</span><span>BĐS</span></a></div>",
        '<div><div>Tin tài trợ</div><p><a href="//www.mgid.com/ghits/1">Cách giảm cân</a></p></div>',
        "<div>Previous</div><div>Next</div>",
        "<blockquote class='instagram-media'><a href='//instagram.com/p'>Xem trên Instagram</a></blockquote>"
        "<blockquote class='tiktok-embed'><p>♬ nhạc nền của Đức Phúc</p></blockquote>",
        '<div class="fb-post"><blockquote class="fb-xfbml-parse-ignore"><p>Chúc mừng.</p>Đăng bởi '
        '<a href="https://www.facebook.com/vov">VOV</a> vào Thứ Hai, 26 tháng 5, 2025</blockquote></div>',
        "<blockquote class='text-post-media'><a href='//threads.net/p'>View on Threads</a></blockquote>",
        f'<p><a href="/the-gioi/bai-viet-post1000.vov">{HEADLINE}</a></p><a href="/the-gioi">Xem tất cả</a>',
    ],
)
def test_noise_between_two_paragraphs_is_no_body_and_no_picture(noise: str) -> None:
    article = read(page(P1 + noise + P2))
    assert article.body == [ONE, TWO]
    assert article.images == []
    assert article.related == []


def test_what_a_player_says_is_no_text_however_short_the_text_is() -> None:
    told = "Beginning of dialog window. Escape will cancel and close the window."
    player = f'<div class="vjs-modal-dialog"><p class="vjs-control-text">{told}</p></div>'
    assert read(page(f"<p>Bản tin ngắn.</p>{player}")).body == ["Bản tin ngắn."]


def test_a_podcast_opens_with_its_lead_and_not_with_what_its_player_shows() -> None:
    article = read(
        f"""<div class="node-content-audio"><h1>{HEADLINE}</h1>
        <div class="content"><span>Thứ Hai, 06:00, 06/01/2025</span></div>
        <div class="speed">
          <span>Giọng đọc: <a href="/tac-gia/an-nhi-author1">An Nhi/VOV1</a></span><span>1x</span>
        </div>
        <p>VOV1 - {ONE}</p><audio><source src="/a.mp3"></audio>
        <span class="duration">00:00</span><span class="duration">12:34</span></div>
        <div class="field-related-article"><h3>Tin liên quan</h3>{LINK}</div>"""
    )
    assert (article.layout, article.fallback_fields) == ("drupal", [])
    assert (article.outlet, article.lead, article.body, article.authors) == ("VOV1", ONE, [], ["An Nhi"])
    assert article.published_at == "2025-01-06T06:00:00+07:00"


def test_the_foot_of_a_page_is_none_of_a_quotation_that_was_not_closed() -> None:
    foot = f"<footer><p>Cơ quan chủ quản: Đài Tiếng nói Việt Nam.</p><p>{ONE}</p><p>{TWO}</p></footer>"
    assert read(page(f"{P1}<blockquote>{P2}{foot}")).body == [ONE, TWO]


def test_comments_below_the_text_are_no_body() -> None:
    assert read(page(P1 + P2 + "<h3>Bình luận (2)</h3><p>Bài viết rất hay.</p><p>Mong có kết quả.</p>")).body == [
        ONE,
        TWO,
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        f"Theo {LINK}, hai bên đã nhất trí về lộ trình của cuộc đàm phán.",
        f"Trước đó, {LINK}.",
        '<a href="/the-gioi/khac-post22.vov">Cả câu này là một liên kết, vì người biên tập thích thế.</a>',
    ],
)
def test_a_sentence_with_a_link_stays_whole(sentence: str) -> None:
    body = read(page(f"{P1}<p>{sentence}</p>{P2}")).body
    assert len(body) == 3
    assert body[1].endswith(".")


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Cuộc gặp bên lề</h2>",
        "<h4><strong>Cuộc gặp bên lề</strong></h4>",
        "<p><strong>Cuộc gặp bên lề</strong></p>",
        '<p><span style="font-weight:bold">Cuộc gặp bên lề</span></p>',
        "<p><strong>Vì sao giá tăng?</strong></p>",
    ],
)
def test_a_heading_is_a_paragraph_and_a_subheading(heading: str) -> None:
    article = read(page(P1 + heading + P2))
    assert article.body == [ONE, re.sub("<[^<>]+>", "", heading), TWO]
    assert article.subheadings == [1]


@pytest.mark.parametrize(
    "bold",
    [
        "<p><strong>PV: Thưa ông, vì sao giá tăng?</strong></p>",
        "<p><strong>- Vì sao giá tăng?</strong></p>",
        "".join(f"<p><b>Ông nghĩ gì về {thing}?</b></p>{P1}" for thing in ("giá điện", "giá gạo", "giá xăng")),
        "<p><strong>Một câu in đậm trọn vẹn.</strong></p>",
        "<p><strong>Một</strong> chữ đậm</p>",
        "<p><strong>Một</strong></p><p><strong>Hai</strong></p><p><strong>Ba</strong></p>",
        "<ul><li><strong>Mục đậm</strong></li></ul>",
        "<blockquote><p>“Một lời nói.”</p><p><strong>Phi Long</strong></p></blockquote>",
    ],
)
def test_bold_text_is_no_subheading_when_it_is_a_sentence_or_a_list(bold: str) -> None:
    assert read(page(P1 + bold + P2)).subheadings == []


def test_paragraphs_that_open_with_links_are_text_where_the_sentence_goes_on() -> None:
    link = '<a href="/chinh-tri/x-post5.vov">Thủ tướng Chính phủ Việt Nam</a>'
    article = read(page("".join(f"<p>{link} {told}</p>" for told in ("đã thăm Hà Nội.", "cũng gặp sinh viên."))))
    name = "Thủ tướng Chính phủ Việt Nam"
    assert article.body == [f"{name} đã thăm Hà Nội.", f"{name} cũng gặp sinh viên."]


def test_what_an_interviewer_asks_is_no_teaser_of_the_link_above_it() -> None:
    asked = "VOV.VN: Thưa ông, vì sao giá tăng?"
    article = read(page(f"{P1}<p>&gt;&gt; {LINK}</p><p><b>{asked}</b></p>{P2}"))
    assert (article.body, article.subheadings) == ([ONE, asked, TWO], [])


@pytest.mark.parametrize(
    "lead",
    [
        "<strong>VOV.VN - Hai ngoại trưởng vừa gặp nhau.</strong>",
        "Hai ngoại trưởng vừa gặp nhau.",
        "HAI NGOẠI TRƯỞNG VỪA GẶP NHAU",
        "VOV.VN – Hai ngoại trưởng vừa gặp nhau…",
    ],
)
def test_headline_and_lead_said_again_are_no_body(lead: str) -> None:
    assert read(page(f"<h2>{HEADLINE}</h2><p>{lead}</p>{P1}{P2}")).body == [ONE, TWO]


@pytest.mark.parametrize("name", ["tags", "social-text", "newsletter", "relate-news"])
def test_what_most_of_the_text_stands_in_is_no_furniture(name: str) -> None:
    assert read(page(f'{P1}<div class="{name}">{P2}{P1}</div>')).body == [ONE, TWO, ONE]
    assert read(page(f'{P1}{P2}<div class="{name}">{P1}</div>')).body == [ONE, TWO]


def test_a_form_that_words_stand_behind_asks_nothing() -> None:
    asking = "<div><b>Bạn có biết?</b><form><input></form>{}</div>"
    assert read(page(P1 + asking.format("") + P2)).body == [ONE, TWO]
    for words in ("Đúng hay sai", "<span>Đúng hay sai</span>"):
        assert read(page(P1 + asking.format(words) + P2)).body == [ONE, "Bạn có biết?Đúng hay sai", TWO]


@pytest.mark.parametrize("tag", ["p", "h2"])
def test_a_paragraph_set_apart_before_the_text_is_the_lead(tag: str) -> None:
    told = ONE if tag == "h2" else f"<b>{ONE}</b>"
    article = read(page(f"<{tag}>{told}</{tag}>{P2}{P1}", lead=""))
    assert (article.lead, article.body, article.subheadings) == (ONE, [TWO, ONE], [])
    for other in (f"<p><b>{ONE[:-1]}?</b></p>", f"<p><b>{ONE}</b></p><p><b>{ONE}</b></p>", "<p><b>Ngắn.</b></p>"):
        assert read(page(other + P2, lead="")).lead is None


def test_a_text_that_opens_with_an_outlet_mark_holds_the_lead() -> None:
    article = read(page("<p><b>VOV4.VN</b> - Sapo đứng trong thân bài.</p>" + P1, lead=""))
    assert (article.lead, article.outlet, article.body) == ("Sapo đứng trong thân bài.", "VOV4.VN", [ONE])
    assert article.fallback_fields == []
    video = read(page("", lead='<div class="video__summary">VOV.VN - Sapo của video.</div>', content="{}"))
    assert (video.lead, video.body) == ("Sapo của video.", [])
    photos = read(page("<p>VOV.VN - Sapo của chùm ảnh.</p><figure><img src='/a.jpg'></figure>", lead=""))
    assert (photos.lead, photos.body, len(photos.images)) == ("Sapo của chùm ảnh.", [], 1)


def test_a_page_of_unknown_markup_may_be_short():
    told = read("<html><body><nav><a href='/'>Trang chủ</a></nav><h1>Tin vắn</h1><p>Một câu.</p></body></html>")
    assert (told.layout, told.body) == ("generic", ["Một câu."])


def test_a_body_is_read_as_the_editor_of_the_site_embeds_it():
    told = read(
        page(
            """
        <div class="row article-summary"><div class="col"><div>VOV.VN - Sáng nay tàu đã cập cảng.</div></div></div>
        <div class="row"><div class="col">&nbsp;</div></div>
        <div class="row article-content"><div class="col"><div class="text-long">
          <p>Tàu vào cảng lúc 6 giờ sáng.</p>
          <figure class="gallery-embed embedded-entity image process-filter-image align-center" role="group">
            <div title="Cảng Hải Phòng. Ảnh: TTXVN" data-alt="Cảng Hải Phòng. Ảnh: TTXVN" data-langcode="vi">
              <article><div><picture>
                <source data-srcset="https://media.vov.vn/sites/default/files/styles/large/public/cang.jpg 1x">
                <img src="https://media.vov.vn/sites/default/files/styles/large/public/cang.jpg" alt="hinh anh 1">
              </picture></div></article>
            </div>
            <figcaption>Cảng Hải Phòng. Ảnh: TTXVN</figcaption>
          </figure>
          <p class=" ads-detail-center">Đây là lần đầu tiên một con tàu cỡ này vào sông.</p>
          <div><div id="block-ads-76" class="block-ads block-ads76 process" data-position="76">&nbsp;</div></div>
          <div id="ats-apm-32-wrapper" class="insert_ads insert_ads-34"><div class="ats-slot">&nbsp;</div></div>
          <p>Chuyến sau sẽ đến vào ngày 25/5./.</p>
        </div></div></div>
        """,
            lead="",
            content="{}",
        )
    )
    assert (told.layout, told.outlet, told.lead) == ("drupal", "VOV.VN", "Sáng nay tàu đã cập cảng.")
    assert told.body == [
        "Tàu vào cảng lúc 6 giờ sáng.",
        "Đây là lần đầu tiên một con tàu cỡ này vào sông.",
        "Chuyến sau sẽ đến vào ngày 25/5.",
    ]
    assert [(image.caption, image.credit) for image in told.images] == [("Cảng Hải Phòng.", "TTXVN")]


@pytest.mark.parametrize(
    "first", ["越南总理星期一在河内会见了由九家企业组成的代表团。", "នាយករដ្ឋមន្ត្រីវៀតណាមបានជួបគណៈប្រតិភូ។"]
)
def test_a_sentence_of_another_script_ends_a_line_too(first):
    second = "双方一致同意在贸易、教育、旅游和民间交流等领域加强合作。"
    assert read(page(f"{first}<br>{second}<br>{first}{second}")).body == [first, second, first + second]


def test_a_bold_line_in_the_cell_of_a_layout_is_a_subheading():
    cell = f"<table><tr><td>{ONE}<br><br><b>Cuộc gặp bên lề</b><br><br>{TWO}</td></tr></table>"
    told = read(page(cell))
    assert (told.body, told.subheadings) == ([ONE, "Cuộc gặp bên lề", TWO], [1])
    assert read(page(P1 + "<table><tr><td><b>Đội</b></td><td>Trận</td></tr></table>")).subheadings == []

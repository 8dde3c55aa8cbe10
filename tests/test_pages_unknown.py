"""Pages in markup that nobody described: another front of the site, a theme to come, a copy that a tool made."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, URL, page, read
from vovcrawler.pages import headlines
from vovcrawler.pages.document import Element, whole_text

MOMENT = "2025-12-29T16:54:00+07:00"
LEAD = "Hai ngoại trưởng vừa gặp nhau bên lề hội nghị tại Moscow."


@pytest.mark.parametrize("shown", ["29/12/2025", "29 thg 12", "Thứ Hai, ngày 29 tháng 12 năm 2025"])
def test_a_day_is_completed_by_the_time_that_its_element_tells_machines(shown: str) -> None:
    assert read(page(date=f'<time datetime="{MOMENT}">{shown}</time>')).published_at == MOMENT
    other = f'<time datetime="2024-01-01T10:00:00+07:00">{shown}</time>'
    if "2025" in shown:
        assert read(page(date=other)).published_at == "2025-12-29T00:00:00+07:00"


@pytest.mark.parametrize(
    ("name", "home"), [("Accueil", "/"), ("首页", "https://vovworld.vn"), ("Startseite", "/de-DE.vov")]
)
def test_the_front_page_is_no_section_in_any_language(name: str, home: str) -> None:
    trail = f'<div class="breadcrumb"><a href="{home}">{name}</a><a href="/fr-FR/culture/1.vov">Culture</a></div>'
    html = f"<html><body>{trail}<h1>{HEADLINE}</h1><div>{P1}{P2}</div></body></html>"
    assert read(html, "https://vovworld.vn/fr-FR/culture/a-1000.vov").section == ["Culture"]


@pytest.mark.parametrize(
    ("logo", "headline"),
    [
        ("<h1><a href='/'>VOV.VN</a></h1>", "<h2 class='x1'>{}</h2>"),
        ("", "<div role='heading'><span>{}</span></div>"),
    ],
)
def test_what_machines_are_told_is_the_headline_shows_where_it_stands(logo: str, headline: str) -> None:
    trail = f"<div><a href='/the-gioi'>Thế giới</a><span>{HEADLINE}</span></div>"
    head = f'<title>{HEADLINE} | VOV.VN</title><meta property="og:type" content="article">'
    above = f"<div>16:54, 29/12/2025</div><h2>VOV.VN - {LEAD}</h2>"
    text = f"{trail}{headline.format(HEADLINE)}{above}<div>{P1}{P2}</div>"
    article = read(f"<html><head>{head}</head><body>{logo}<main>{text}</main></body></html>")
    assert (article.headline, article.lead, article.outlet) == (HEADLINE, LEAD, "VOV.VN")
    assert (article.published_at, article.body) == (MOMENT, [ONE, TWO])
    assert "headline" not in article.fallback_fields
    picture, bar = f"<div><img src='/tit.jpg'></div><div>{P1}{P2}</div>", f"<div><span>{HEADLINE}</span></div>"
    article = read(f"<html><head>{head}</head><body>{logo}<main>{picture}</main>{bar}</body></html>")
    assert (article.headline, article.body, article.fallback_fields) == (HEADLINE, [ONE, TWO], ["headline"])


def test_to_look_for_the_headline_costs_no_more_for_each_place_that_repeats_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: list[object] = []

    def counting(element: Element) -> str:
        measured.append(element)
        return whole_text(element)

    monkeypatch.setattr(headlines, "whole_text", counting)
    told = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}"}}</script>'
    again = f"<h3>{HEADLINE}</h3>" * 100
    assert read(f"{told}<div>{P1 * 100}</div>{again}").headline == HEADLINE
    assert len(measured) < 100 * 10


def test_a_text_in_chinese_says_as_much_with_fewer_signs() -> None:
    lines = [f"船厂工程师表示，船体设计针对恶劣海况进行了第{n}次调整。" for n in "一二三"]
    figure = '<figure><img src="/a.jpg"></figure>'
    text = f"{figure}<div>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
    html = f"<html lang='zh'><body><main><h1>越南首艘海上风电勘测船下水</h1>{text}</main></body></html>"
    assert read(html, "https://vovworld.vn/zh-CN/a/b-1000.vov").body == lines
    lead = "该船在海防市建造，将用十八个月时间进行测绘。"
    told = html.replace("</h1>", f"</h1><p>{lead}</p>")
    assert read(told, "https://vovworld.vn/zh-CN/a/b-1000.vov").lead == lead


def test_the_portrait_of_who_wrote_it_is_no_picture_of_the_article() -> None:
    card = '<div><img src="/a/1.jpg" alt="{0}"><div><a href="/tac-gia/a-author7">Phi Long</a></div></div>'
    html = (
        f"<html><body><main><h1>{HEADLINE}</h1>{{}}<p>VOV.VN - {LEAD}</p><div>{P1}{P2}</div></main></body></html>"
    )
    assert read(html.format(card.format("Phi Long"))).images == []
    assert len(read(html.format(card.format("Bến cảng"))).images) == 1


@pytest.mark.parametrize("beside", ["before", "behind"])
def test_the_number_of_the_slide_that_shows_is_no_text(beside: str) -> None:
    slides = "".join(f'<figure><img src="/{n}.jpg"><figcaption>Ảnh {n}</figcaption></figure>' for n in "abc")
    number = "<div><span>1/3</span></div>"
    shown = number + slides if beside == "before" else slides + number
    assert read(page(P1 + f"<div>{shown}</div>" + P2)).body == [ONE, TWO]
    assert read(page(P1 + shown.replace("1/3", "1/9") + P2)).body == [ONE, "1/9", TWO]


@pytest.mark.parametrize(
    "line", ["Trang 1/2", "Page 2 / 3", "<a href='#a'>App Store</a><a href='#b'>Google Play</a>"]
)
def test_pages_of_a_text_and_buttons_of_an_app_are_no_text(line: str) -> None:
    assert read(page(f"{P1}<div class='x'>{line}</div>{P2}<p>Trang 5 của tờ báo ấy viết thế.</p>")).body[:2] == [
        ONE,
        TWO,
    ]


def test_the_times_of_entries_do_not_say_when_the_news_began() -> None:
    entry = '<li><time datetime="2025-12-29T{0}:00+07:00">{0}</time><p>{1}</p></li>'
    entries = [entry.format(f"{20 - n}:30", f"Mục {n}. {ONE}") for n in range(4)]
    html = (
        f"<html><head>{{}}</head><body><main><h1>{HEADLINE}</h1><ol>{''.join(entries)}</ol></main></body></html>"
    )
    told = f'<meta property="article:published_time" content="{MOMENT}">'
    assert read(html.format(told)).published_at == MOMENT
    assert read(html.format("")).published_at == "2025-12-29T20:30:00+07:00"


def test_a_page_that_prints_an_update_alone_was_published_then_at_the_latest() -> None:
    date = "<div class='date'>Cập nhật: 29/12/2025 16:54</div>"
    html = f"<html><body><main><h1>{HEADLINE}</h1>{date}<div>{P1}{P2}</div></main></body></html>"
    article = read(html)
    assert (article.published_at, article.modified_at) == (MOMENT, MOMENT)


@pytest.mark.parametrize("host", ["archive.ph", "archive.today", "archive.is"])
def test_a_page_of_archive_today_is_read_as_the_site_served_it(host: str) -> None:
    plain = page(
        head=f'<link rel="canonical" href="{URL}"><meta property="og:url" content="{URL}">',
        after="<div class='field-related-article'><h3>Tin liên quan</h3>"
        "<a href='https://vov.vn/the-gioi/khac-post22.vov'>Một bài khác về chuyện này</a></div>",
    )
    kept = plain.replace(f'="{URL}', f'="https://{host}/20230512030405/{URL}')
    kept = kept.replace("='https://vov.vn", f"='https://{host}/o/aB3dE/https://vov.vn")
    assert kept.count(f"//{host}/") == 3
    assert read(kept, url=None) == read(plain)


@pytest.mark.parametrize("end", ["<", "</", "</p", "<p cla"])
def test_half_a_tag_at_the_end_of_a_page_cut_short_is_no_text(end: str) -> None:
    whole = page(P1 + P2)
    cut = whole[: whole.index(P2) + len(P2) - len("</p>")]
    assert read(cut + end).body == [ONE, TWO]


def test_a_byline_that_is_the_outlet_is_not_the_lead_below_it() -> None:
    above = f'<div><a href="/tac-gia/vov-author7">VOV</a></div><p>(VOVWORLD) - {LEAD}</p>'
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{above}<div>{P1}{P2}</div></main></body></html>")
    assert (article.lead, article.outlet, article.body) == (LEAD, "VOVWORLD", [ONE, TWO])


def test_a_day_that_is_found_has_the_one_time_of_it_that_machines_read() -> None:
    date = '<span class="ago" data-published="{0}">3 ngày trước</span><span class="day-found">29/12/2025</span>'
    html = f"<html><body><main><h1>{HEADLINE}</h1>{date}<div>{P1}{P2}</div>{{1}}</main></body></html>"
    assert read(html.format(MOMENT, "")).published_at == MOMENT
    other = '<i data-seen="2025-12-29T20:00:00+07:00"></i>'
    assert read(html.format(MOMENT, other)).published_at == "2025-12-29T00:00:00+07:00"


@pytest.mark.parametrize(
    "summary",
    [
        "<div><p><b>Tóm tắt</b> <i>bởi AI</i></p><ul><li>Hai bên gặp.</li><li>Sẽ lại gặp.</li></ul></div>",
        "<div><h3>AI tóm tắt</h3><p>Hai bên gặp nhau tại Moscow.</p></div>",
        "<section><p><b>Tóm tắt bài viết</b></p><p>Hai bên gặp nhau.</p><p>Nội dung do AI tạo ra.</p></section>",
    ],
)
def test_a_summary_by_a_machine_is_no_text(summary: str) -> None:
    assert read(page(f"{summary}{P1}{P2}")).body == [ONE, TWO]
    by_hand = summary.replace("AI", "tòa soạn")
    assert len(read(page(f"{by_hand}{P1}{P2}")).body) > 3
    heading = "AI tóm tắt văn bản ra sao?"
    assert read(page(f"<h3>{heading}</h3>{P1}{P2}")).body == [heading, ONE, TWO]


@pytest.mark.parametrize(
    "above",
    [
        "<p>16:54, 29/12/2025</p><div><a href='/the-gioi'>Thế giới</a></div><div>{}</div>",
        "<div><p>16:54, 29/12/2025</p></div><div><div>{}<p>VOV.VN - Hai bên gặp nhau.</p></div></div>",
        "<p>16:54, 29/12/2025</p><div><p><a href='/the-gioi'>Thế giới</a></p>{}<p>VOV.VN - Hai bên.</p></div>",
    ],
)
def test_the_time_may_stand_two_boxes_above_the_headline(above: str) -> None:
    bar = "<div><span>08:00, 30/12/2025</span></div>"
    text = f"{above.format(f'<h1>{HEADLINE}</h1>')}<div>{P1}{P2}</div>"
    assert read(f"<html><body>{bar}<div>{text}</div></body></html>").published_at == MOMENT
    bare = f"<div><div><h1>{HEADLINE}</h1><p>Thế giới</p></div><div>{P1}{P2}</div></div>"
    trail = "<p><a href='/the-gioi'>Thế giới</a></p>"
    for page_of_today in (bar + bare, f"{bar}{trail}<h1>{HEADLINE}</h1>{P1}{P2}"):
        assert read(f"<html><body>{page_of_today}</body></html>").published_at != "2025-12-30T08:00:00+07:00"


@pytest.mark.parametrize(
    "below",
    [
        f"<h3>Bình luận (2)</h3><div><b>An</b>{P1}</div><div><b>Bình</b>{P2}</div>",
        f"<h4>Nhận bản tin</h4>{P1}<form><input type='email'></form>",
        f"<h3>Đọc nhiều</h3><div><a href='/a/b-post7.vov'>Bài khác</a>{P1}</div>",
    ],
)
def test_a_row_of_the_page_below_the_text_is_no_part_of_it(below: str) -> None:
    rows = f'<div class="row">{P1}{P2}<p>{TWO * 2}</p></div><div class="row">{below}</div>'
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{rows}</main></body></html>")
    assert article.body == [ONE, TWO, TWO * 2]


def test_boxes_without_a_name_go_on_with_a_text_of_several_paragraphs() -> None:
    parts = f"<div>{P1}{P2}<p>{ONE * 2}</p></div><div>Quảng cáo</div><div><p>{TWO} Hết.</p><p>{ONE} Hết.</p></div>"
    bio = f'<div><a href="/tac-gia/a-author7">Phi Long</a><p>{ONE}</p></div>'
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{parts}{bio}</main></body></html>")
    assert article.body == [ONE, TWO, ONE * 2, f"{TWO} Hết.", f"{ONE} Hết."]


def test_two_paragraphs_running_beside_a_list_of_news_are_no_card() -> None:
    links = "".join(f'<li><a href="/a/b-post{n}.vov">Bài {n}</a></li>' for n in range(4))
    parts = f"<div>{P1}{P2}<p>{ONE * 3}</p></div><div><p>{TWO * 2}</p><p>{ONE * 2}</p><ul>{links}</ul></div>"
    article = read(f"<html><body><main><h1>{HEADLINE}</h1><div>{parts}</div></main></body></html>")
    assert article.body == [ONE, TWO, ONE * 3, TWO * 2, ONE * 2]


@pytest.mark.parametrize(
    "told",
    [
        "Một cảnh <span class='credit'>AFP</span>",
        "Một cảnh <small class='Image_photoCredit__x1'>AFP</small>",
        "Một cảnh<span itemprop='copyrightHolder'>(AFP)</span>",
        "<span class='image-credit'>AFP</span> Một cảnh",
        "Một cảnh <cite>AFP</cite>",
    ],
)
def test_a_credit_may_have_an_element_of_its_own(told: str) -> None:
    picture = f"<figure><img src='/a.jpg'><figcaption>{told}</figcaption></figure>"
    article = read(page(P1 + picture + P2))
    assert [(image.caption, image.credit) for image in article.images] == [("Một cảnh", "AFP")]
    assert article.body == [ONE, TWO]
    other = picture.replace("class='credit'", "class='place'").replace("AFP", "Hà Nội")
    if "place" in other:
        assert [(image.caption, image.credit) for image in read(page(other)).images] == [("Một cảnh Hà Nội", None)]


def test_a_picture_that_a_script_brings_stands_in_the_place_for_readers_without_scripts() -> None:
    empty = "<img alt='' src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP'>"
    plain = "<noscript><img alt='' srcset='/a.jpg 1x' src='/a.jpg'></noscript>"
    article = read(page(f"{P1}<figure><span>{empty}{plain}</span><figcaption>Một cảnh</figcaption></figure>{P2}"))
    assert [(image.url, image.caption) for image in article.images] == [("https://vov.vn/a.jpg", "Một cảnh")]


@pytest.mark.parametrize("label", ["<h4>Từ khóa</h4>", "<span>Chủ đề:</span>", "<strong>Tags</strong>", ""])
def test_the_label_of_keywords_may_stand_right_before_the_first(label: str) -> None:
    tags = '<a href="/tu-khoa/gia-vang-tag7">Giá vàng</a> <a href="/tu-khoa/bao-so-9-tag8">Bão số 9</a>'
    html = f"<html><body><h1>{HEADLINE}</h1><div>{P1}{P2}</div><div>{label}{tags}</div></body></html>"
    assert read(html).tags == ["Giá vàng", "Bão số 9"]


@pytest.mark.parametrize("name", ["card", "panel"])
def test_the_foot_of_a_card_belongs_to_the_article(name: str) -> None:
    tags = '<a href="/tu-khoa/gia-vang-tag7">Giá vàng</a> <a href="/tu-khoa/bao-so-9-tag8">Bão số 9</a>'
    card = f"<div class='{name}-body'><h1>{HEADLINE}</h1><div>{P1}{P2}</div></div>"
    html = f"<html><body><div class='{name}'>{card}<div class='{name}-footer'>{tags}</div></div></body></html>"
    assert read(html).tags == ["Giá vàng", "Bão số 9"]


def test_the_footer_that_drupal_sets_above_a_text_belongs_to_the_article() -> None:
    signed = "<span class='username'>Phi Long/VOV.VN</span> <time>16:54, 29/12/2025</time>"
    meta = f"<footer class='node__meta'><div class='node__submitted'>{signed}</div></footer>"
    node = f"<article class='node'>{meta}<div class='field--name-body'>{P1}{P2}</div></article>"
    article = read(f"<html><body><main><h1>{HEADLINE}</h1>{node}</main></body></html>")
    assert (article.byline, article.published_at) == ("Phi Long/VOV.VN", MOMENT)


@pytest.mark.parametrize("when", ["2 giờ trước", "hôm qua"])
@pytest.mark.parametrize(
    "name", ["<a href='/tac-gia/x-author1'>{}</a>", "<span>{}</span>", "<b class='author'>{}</b>"]
)
def test_a_signature_does_not_go_on_with_the_time_beside_it(when: str, name: str) -> None:
    row = f"<div>{name.format('CTV Phi Long/VOV-Tây Bắc')} <time datetime='{MOMENT}'>{when}</time></div>"
    article = read(f"<html><body><h1>{HEADLINE}</h1>{row}<div>{P1}{P2}</div></body></html>")
    assert (article.byline, article.published_at) == ("CTV Phi Long/VOV-Tây Bắc", MOMENT)


@pytest.mark.parametrize("signed", ["<div class='byline'><span class='c-byline'>{}</span></div>", "<p>{}</p>"])
def test_what_tells_of_the_author_is_not_who_signed(signed: str) -> None:
    about = "<h4>Phi Long</h4><p>Phóng viên viết về y tế từ năm 2008. Thư: bandoc@vov.vn</p>"
    text = f"<h1>{HEADLINE}</h1>{signed.format('PV Phi Long/VOV.VN')}<div>{P1}{P2}</div>"
    html = f"<html><body><main>{text}<div class='author-box'>{about}</div></main></body></html>"
    article = read(html)
    assert (article.byline, article.authors, article.body) == ("PV Phi Long/VOV.VN", ["Phi Long"], [ONE, TWO])


def test_names_at_the_right_behind_the_text_sign_it() -> None:
    html = f"<html><body><h1>{HEADLINE}</h1><div>{P1}{P2}</div>{{}}</body></html>"
    for line in ("<p align='right'><b>{}</b></p>", "<p style='text-align: right'>{}</p>"):
        assert read(html.format(line.format("Phi Long - An Nhi"))).authors == ["Phi Long", "An Nhi"]
        assert read(html.format(line.format("<a href='/'>Trang Chủ</a>"))).byline is None


@pytest.mark.parametrize("name", ["itemprop", "property"])
def test_the_markup_says_which_time_is_that_of_an_update(name: str) -> None:
    update = f"<time {name}='dateModified' datetime='2025-12-30T08:00:00+07:00'>08:00 30/12/2025</time>"
    first = f"<span {name}='datePublished' content='{MOMENT}'>16:54 29/12/2025</span>"
    for row in (first + update, f"<time datetime='{MOMENT}'>16:54 29/12/2025</time>{update}"):
        article = read(f"<html><body><h1>{HEADLINE}</h1><div>{row}</div><div>{P1}{P2}</div></body></html>")
        assert (article.published_at, article.modified_at) == (MOMENT, "2025-12-30T08:00:00+07:00")


@pytest.mark.parametrize("tag", ["strong", "span", "p"])
def test_a_description_that_was_cut_is_read_whole_above_the_text(tag: str) -> None:
    lead = f"{LEAD[:-1]}, nơi hai bên đã ký kết nhiều văn kiện hợp tác."
    head = f'<meta name="description" content="VOV.VN - {LEAD[:30]}...">'
    shown = f"<div><div>16:54, 29/12/2025</div><{tag} class='k1'>{lead}</{tag}></div>"
    html = f"<html><head>{head}</head><body><h1>{HEADLINE}</h1>{{}}<div>{P1}{P2}</div></body></html>"
    assert read(html.format(shown)).lead == lead
    assert read(html.format("")).lead == f"{LEAD[:30]}..."


def test_an_embedded_picture_of_drupal_may_have_its_credit_in_an_element() -> None:
    told, shown = 'Một cảnh <span class="credit">AFP</span>', '<img src="/a.jpg">'
    entity = '<article class="media media--type-image"><div class="field__item">{}</div>{}</article>'
    fields = entity.format(shown, f'<div class="field--name-field-caption">{told}</div>')
    for picture in (fields, f"<figure>{entity.format(shown, '')}<figcaption>{told}</figcaption></figure>"):
        article = read(page(f"{P1}{picture}{P2}"))
        assert [(image.caption, image.credit) for image in article.images] == [("Một cảnh", "AFP")]
        assert article.body == [ONE, TWO]


def test_the_trail_of_sections_may_stand_below_the_headline() -> None:
    trail = "<ul><li><a href='/'><svg></svg></a></li><li><a href='/the-gioi'>Thế giới</a></li></ul>"
    html = f"<html><body><section><h1>{HEADLINE}</h1>{{}}<div>{P1}{P2}</div></section></body></html>"
    assert read(html.format(trail)).section == ["Thế giới"]
    assert read(html.format("<p><a href='/kinh-te'>Kinh tế</a></p>")).section == []


def test_what_a_page_says_of_its_cookies_is_no_text() -> None:
    asks = "<div class='cookie-notice'><p>Chúng tôi dùng cookie để trang chạy tốt hơn.</p></div>"
    assert read(page(f"{P1}{P2}{asks}")).body == [ONE, TWO]


@pytest.mark.parametrize(
    "below",
    [
        "<div class='image__caption'>Một cảnh</div><figcaption class='image__credit'>Ảnh: AFP</figcaption>",
        "<span class='IPTCCredit'><span class='visually-hidden'>Nguồn ảnh, </span>AFP</span><p>Một cảnh</p>",
        "<figcaption>Một cảnh<small class='copyright'>Ảnh: AFP</small></figcaption>",
    ],
)
def test_a_credit_is_read_without_its_label(below: str) -> None:
    for box in ("<div class='image'>{}</div>", "<figure>{}</figure>"):
        article = read(page(P1 + box.format(f"<img src='/a.jpg'><div>{below}</div>") + P2))
        assert [(image.caption, image.credit) for image in article.images] == [("Một cảnh", "AFP")]


def test_a_signature_above_a_text_may_be_followed_by_a_sign() -> None:
    row = "<div><span>Phi Long/VOV.VN</span><span>·</span><time>16:54, 29/12/2025</time></div>"
    html = f"<html><body><div><h1>{HEADLINE}</h1>{{}}{P1}{P2}</div></body></html>"
    article = read(html.format(row.replace("<time>", "<div>").replace("</time>", "</div>")))
    assert (article.byline, article.body) == ("Phi Long/VOV.VN", [ONE, TWO])


def test_the_footer_of_a_headline_is_none_of_the_page() -> None:
    foot = "<div class='headline__footer'><span class='byline'>An Nhi</span> <span>16:54, 29/12/2025</span></div>"
    html = f"<html><body><article><div><h1>{HEADLINE}</h1>{foot}</div><div>{P1}{P2}</div></article></body></html>"
    article = read(html)
    assert (article.byline, article.published_at) == ("An Nhi", MOMENT)


def test_where_nobody_signed_the_author_is_whom_a_box_tells_of() -> None:
    about = (
        "<div class='author-box'><h4>Phi Long</h4><p>Phóng viên viết về y tế từ năm 2008. Thư: b@vov.vn</p></div>"
    )
    html = f"<html><body><main><h1>{HEADLINE}</h1><div>{P1}{P2}</div>{{}}</main>{{}}</body></html>"
    assert read(html.format(about, "")).authors == ["Phi Long"]
    assert read(html.format("<p>Theo TTXVN</p>" + about, "")).byline == "Theo TTXVN"
    assert read(html.format("", f"<aside>{about}</aside>")).byline is None


def test_a_signature_may_stand_beside_a_date_above_the_headline() -> None:
    row = "<div class='m1'><time>16:54, 29/12/2025</time><div class='m2'><span>Phi Long/VOV.VN</span></div></div>"
    article = read(f"<html><body><main>{row}<h1>{HEADLINE}</h1><div>{P1}{P2}</div></main></body></html>")
    assert (article.byline, article.published_at) == ("Phi Long/VOV.VN", MOMENT)

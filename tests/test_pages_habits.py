"""Pages in the habits of other makers: paragraphs left open, elements of their own, a box for each paragraph."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read
from vovcrawler.items import Article

LEAD = "Hai ngoại trưởng vừa gặp nhau ở Moscow để bàn về tình hình trên bán đảo."
LONG = f"<p>{ONE} {TWO}</p><p>{TWO} {ONE}</p>"


def story(text: str, *, above: str = "", below: str = "", top: str = "", url: str | None = None) -> Article:
    html = f"<html lang='vi'><body><main>{top}<h1>{HEADLINE}</h1>{above}{text}{below}</main></body></html>"
    return read(html, url) if url else read(html)


@pytest.mark.parametrize("name", ["p", "P"])
def test_a_part_of_the_page_ends_the_paragraph_that_was_left_open(name: str) -> None:
    foot = "<footer><address>Phi Long/VOV.VN</address><p>Từ khóa: <a href='/tu-khoa/nga-tag1'>Nga</a></footer>"
    figure = "<figure><img src='/a.jpg'><figcaption>Hội đàm</figcaption></figure>"
    html = (
        f"<html lang=vi><title>x</title><main><article><h1>{HEADLINE}</h1><{name}>{ONE}{figure}<{name}>{TWO}{foot}"
        f"</article></main></html>"
    )
    told = read(html)
    assert (told.body, told.byline, told.tags) == ([ONE, TWO], "Phi Long/VOV.VN", ["Nga"])
    assert [image.caption for image in told.images] == ["Hội đàm"]


def test_an_element_of_its_own_is_a_box_and_in_a_paragraph_none() -> None:
    figure = '<x-figure><img src="/a.jpg"><span>Hội đàm</span><span>Ảnh: TTXVN</span></x-figure>'
    follow = '<x-follow><span>Mời quý độc giả theo dõi VOV.VN trên</span><a href="https://fb.com">Facebook</a></x-follow>'
    term = f"<p>{ONE[:10]}<x-term>{ONE[10:20]}</x-term>{ONE[20:]}</p>"
    told = story(f"<x-body>{term}{figure}{P2}<p>{TWO * 2}</p>{follow}</x-body>")
    assert told.body == [ONE, TWO, TWO * 2]
    assert [(image.caption, image.credit) for image in told.images] == [("Hội đàm", "TTXVN")]


def test_each_paragraph_and_picture_may_have_a_box_of_its_own() -> None:
    cell = '<div class="{} cell"><div class="cmp">{}</div></div>'
    bio = "Phi Long viết về thế giới cho tòa soạn này đã hơn mười năm nay rồi."
    boxes = [
        cell.format("text", f'<p class="article-intro">{LEAD}</p>'),
        cell.format("text", P1),
        cell.format("image", '<img src="/a.jpg"><span>Hội đàm ở Moscow</span>'),
        cell.format("quote", "<blockquote>Một câu.</blockquote>"),
        cell.format("text", P2),
        cell.format("text", "<p>PV: Xin cảm ơn ông!</p>"),
        cell.format("image", '<img src="/b.jpg">'),
        cell.format("bio", f'<img src="/c.jpg"><p>{bio}</p>'),
        cell.format("list", '<ul><li><a href="/a/b-post7.vov">Bài khác của báo</a></li></ul>'),
    ]
    told = story("".join(boxes))
    assert (told.lead, told.body) == (LEAD, [ONE, "Một câu.", TWO, "PV: Xin cảm ơn ông!"])
    assert [image.url for image in told.images] == ["https://vov.vn/a.jpg", "https://vov.vn/b.jpg"]


def test_what_stands_above_the_headline_in_the_box_of_the_text_is_no_text() -> None:
    html = "<div><div><a href='/'>Home</a><span>/</span><a href='/economy'>Economy</a></div>"
    html += f"<h1>{HEADLINE}</h1><div><b>{LEAD}</b></div><div>{P1}</div></div>"
    told = read(f"<html lang='vi'><body><div>{html}</div></body></html>")
    assert (told.lead, told.body) == (LEAD, [ONE])


def test_an_arrow_between_sections_above_the_headline_is_no_picture() -> None:
    trail = '<div><a href="/">Trang chủ</a> <img src="/images/muiten.gif"> <a href="/van-hoa">Văn hóa</a></div>'
    lead = f'<div class="tom-tat">{LEAD}</div>'
    told = read(f"<html lang='vi'><body><div>{trail}<h1>{HEADLINE}</h1>{lead}{P1}</div></body></html>")
    assert (told.lead, told.body, told.images) == (LEAD, [ONE], [])


def test_the_heading_of_the_keywords_below_a_text_is_no_text() -> None:
    topics = "<div><h2>Topics</h2><ul><li><a href='/tu-khoa/nga-tag1'>Nga</a></li></ul></div>"
    told = read(f"<html><body><article><h1>{HEADLINE}</h1>{LONG}{topics}</article></body></html>")
    assert (len(told.body), told.tags) == (2, ["Nga"])


def test_keywords_behind_a_byline_are_no_office() -> None:
    tags = "<a href='/tu-khoa/nga-tag1'>#Nga</a> <a href='/tu-khoa/my-tag2'>#Mỹ</a>"
    below = f"<div><p>PV/VOV-Cairo</p><p>{tags}</p></div>"
    assert story(f"<div>{LONG}</div>", below=below).byline == "PV/VOV-Cairo"


def test_a_lead_set_apart_opens_the_text_below_what_is_left_of_a_date() -> None:
    date = "<p><time>29/12/2025 16:54</time> (<time>cập nhật 18:00 29/12/2025</time>)</p>"
    told = story(f"<article>{date}<p><b>{LEAD}</b></p>{LONG}</article>")
    assert (told.lead, len(told.body)) == (LEAD, 2)
    assert (told.published_at, told.modified_at) == ("2025-12-29T16:54:00+07:00", "2025-12-29T18:00:00+07:00")


@pytest.mark.parametrize(
    ("published", "updated"),
    [
        ("<p>29/12/2025 16:54</p>", '<p>Sửa lần cuối <time datetime="2025-12-29">29/12/2025 18:00</time></p>'),
        ("<div><span>29/12/2025 16:54</span> ", "<span>(cập nhật 18:00 29/12/2025)</span></div>"),
        ("<p>29/12/2025 16:54</p>", "<p>&nbsp;<b>Cập nhật</b>: 18:00 29/12/2025</p>"),
    ],
)
def test_the_words_before_a_time_say_that_it_is_that_of_an_update(published: str, updated: str) -> None:
    told = story(f"<div>{LONG}</div>", above=published + updated)
    assert (told.published_at, told.modified_at) == ("2025-12-29T16:54:00+07:00", "2025-12-29T18:00:00+07:00")


@pytest.mark.parametrize(
    "line", ["Thứ Hai, 16:54, 29/12/2025 | bởi <i>{0}</i>", "By <b>{0}</b> • 16:54 29/12/2025"]
)
@pytest.mark.parametrize("name", ["Phi Long", "An Nhi/VOV-Cairo"])
def test_date_and_byline_may_share_a_line_with_a_bar_between_them(line: str, name: str) -> None:
    told = story(f"<div>{LONG}</div>", above=f"<p>{line.format(name)}</p>")
    assert (told.published_at, told.byline) == ("2025-12-29T16:54:00+07:00", name)
    assert len(told.body) == 2


def test_a_link_may_say_its_words_in_a_button() -> None:
    tags = '<div class="tags"><a href="/tags/?tag=nga"><button>Nga</button></a></div>'
    assert story(f"<div>{LONG}</div>", below=tags).tags == ["Nga"]


def test_the_update_may_be_told_below_the_row_of_the_date() -> None:
    above = "<div><span>VOV</span><span>29/12/2025 16:54</span></div><div>Cập nhật: 29/12/2025 18:00</div>"
    assert story(f"<div>{LONG}</div>", above=above).modified_at == "2025-12-29T18:00:00+07:00"


@pytest.mark.parametrize(
    ("below", "byline"),
    [
        ("<dl><dt>Author</dt><dd>An Nhi</dd></dl>", "An Nhi"),
        ("<div><span>Tác giả:</span> <b>Phi Long</b></div>", "Phi Long"),
        ("<div class='text-right'>VOV</div>", "VOV"),
        ('<div class="byline"><span>Tác giả</span><span>An Nhi/VOV1</span></div>', "An Nhi/VOV1"),
        ("<div><span>Địa điểm</span><b>Hà Nội</b></div>", None),
    ],
)
def test_who_wrote_it_stands_behind_a_label_or_at_the_right(below: str, byline: str | None) -> None:
    assert story(f"<div>{LONG}</div>", below=below).byline == byline


@pytest.mark.parametrize(
    ("label", "signed"), [("Viết bởi", "Phi Long"), ("Written by", "PV/VOV-Cairo"), ("Đăng bởi", "An Nhi/VOV.VN")]
)
def test_a_list_with_the_date_tells_of_the_article_and_is_no_text(label: str, signed: str) -> None:
    dated = "<dd>Được đăng: 29/12/2025 16:54</dd><dd>Lượt xem: 1234</dd>"
    facts = f"<dl><dt>Chi tiết</dt>{dated}<dd>{label} {signed}</dd><dd>Cập nhật: 30/12/2025 08:00</dd></dl>"
    buttons = '<ul><li><a href="#"><img src="/images/printButton.png"></a></li></ul>'
    html = f"<div><h1>{HEADLINE}</h1>{buttons}{facts}<p><b>{LEAD}</b></p>{LONG}</div>"
    told = read(f"<html lang='vi'><body><div>{html}</div></body></html>")
    assert (told.lead, len(told.body), told.images) == (LEAD, 2, [])
    assert (told.byline, told.modified_at) == (signed, "2025-12-30T08:00:00+07:00")


def test_a_credit_that_stands_right_behind_a_number_is_one() -> None:
    figure = "<figure><img src='/a.jpg'><figcaption><b>Bão số 9</b><b>Ảnh: TTXVN</b></figcaption></figure>"
    assert [(image.caption, image.credit) for image in story(f"<div>{LONG}{figure}</div>").images] == [
        ("Bão số 9", "TTXVN")
    ]


def test_a_picture_that_is_a_button_is_one() -> None:
    figure = '<figure><button><img src="/a.jpg"></button><figcaption>Hội đàm</figcaption></figure>'
    told = story(f"<div>{LONG}{figure}{P2}</div>")
    assert [(image.url, image.caption) for image in told.images] == [("https://vov.vn/a.jpg", "Hội đàm")]


def test_the_portrait_of_who_wrote_it_is_none_of_the_pictures() -> None:
    portrait = '<img src="/sites/default/files/x.jpg">'
    for shown in (f'<figure class="post-author-image">{portrait}</figure>', '<img class="avatar" src="/y.jpg">'):
        assert story(f"<div>{LONG}</div>", above=shown).images == []
    lead = f'<figure class="article-avatar">{portrait}</figure>'
    assert len(story(f"<div>{LONG}</div>", above=lead).images) == 1


def test_sections_may_be_links_side_by_side_above_the_headline() -> None:
    top = '<a href="/van-hoa">Văn hóa</a><a href="/van-hoa/di-san">Di sản</a>'
    told = story(f"<div>{LONG}</div>", top=top, url="https://vov.vn/van-hoa/di-san/bai-viet-post1000.vov")
    assert told.section == ["Văn hóa", "Di sản"]


def test_each_paragraph_may_be_a_row_of_the_table_of_the_headline() -> None:
    lines = [HEADLINE, "29/12/2025 16:54", ONE, "Hồi sau", TWO, f"{ONE} {TWO} {ONE}"]
    tags = ["h1", "span", "p", "h2", "p", "p"]
    rows = "".join(f"<tr><td><{tag}>{line}</{tag}></td></tr>" for tag, line in zip(tags, lines, strict=True))
    told = read(f"<html lang='vi'><body><table>{rows}</table></body></html>")
    assert (told.body, told.subheadings) == ([ONE, "Hồi sau", TWO, f"{ONE} {TWO} {ONE}"], [1])
    assert told.published_at == "2025-12-29T16:54:00+07:00"


@pytest.mark.parametrize("label", ["Tác giả:", "By", "Written by"])
def test_the_label_before_a_link_to_the_author_is_part_of_the_byline(label: str) -> None:
    signed = f'<p>{label} <a rel="author" href="/tac-gia/phi-long-author1">Phi Long</a></p>'
    told = read(f"<html lang='vi'><body><article><h1>{HEADLINE}</h1>{signed}{P1}{P2}</article></body></html>")
    assert (told.byline, told.body) == ("Phi Long", [ONE, TWO])


def test_how_fast_a_recording_is_played_is_no_text() -> None:
    player = "<div><div><button>▶</button><span>0:00</span><span>1x</span></div></div>"
    assert len(story(f"<div>{player}{LONG}</div>").body) == 2


def test_an_account_of_the_system_wrote_nothing() -> None:
    head = '<meta name="author" content="admin">'
    assert read(page(byline="", head=head)).byline is None


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/van-hoa", "http://vov.vn/Van-Hoa/Bai-Viet/228256.vov"),
        ("/van-hoa.aspx", "https://vov4.vov.vn/van-hoa/bai-viet-273038.vov4"),
    ],
)
def test_the_trail_of_sections_may_have_other_capitals_and_an_ending(href: str, url: str) -> None:
    trail = f"<table><tr><td><a href='/'>Trang chủ</a> &gt; <a href='{href}'>Văn hóa</a></td></tr></table>"
    assert story(f"<div>{LONG}</div>", top=trail, url=url).section == ["Văn hóa"]


def test_the_words_of_rdfa_are_known() -> None:
    trail = "<ol typeof='BreadcrumbList'><li><a href='/x'><span property='name'>Văn hóa</span></a></li></ol>"
    above = '<meta property="schema:dateModified" content="2025-12-29T18:00:00+07:00">'
    told = story(f"<div>{LONG}</div>", top=trail, above=above)
    assert (told.section, told.modified_at) == (["Văn hóa"], "2025-12-29T18:00:00+07:00")


def test_an_article_of_the_traffic_radio_is_related_and_no_text() -> None:
    card = '<div><h3><a href="https://vovgiaothong.vn/tin/bai-{0}-d4010{0}.html#a">Bài khác số {0}</a></h3></div>'
    below = f"<div><h2>Related posts</h2>{card.format(1)}{card.format(2)}</div>"
    told = story(f"<div>{LONG}</div>", below=below, url="https://vovgiaothong.vn/tin/bai-viet-d40101.html")
    assert [related.headline for related in told.related] == ["Bài khác số 1", "Bài khác số 2"]
    assert len(told.body) == 2

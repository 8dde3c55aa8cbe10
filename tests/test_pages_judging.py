"""Pages that are no article, broken pages, and the coding of both."""

from __future__ import annotations

import time

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read
from vovcrawler.pages import NotAnArticle, decode, read_article

ITEM = (
    '<div class="taxonomy-content"><a class="vovvn-title" '
    'href="/the-gioi/b-post{0}.vov"><h5 class="media-title">Bài số {0}</h5></a>'
    '<p class="mt-2">VOV.VN - Lời giới thiệu của bài số {0}, dài vừa phải như trong danh sách thật.</p></div>'
)
LIST = "".join(ITEM.format(number) for number in range(12))
THEME = '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css">'
FRAME = f"{THEME}<body><header><ul><li><a href='/the-gioi'>Thế giới</a></li></ul></header>"
FOOT = f"<footer><p>Cơ quan chủ quản: Đài Tiếng nói Việt Nam. Giấy phép số 104.</p><p>{ONE}</p></footer>"
CARDS = "".join(
    f'<div><h3><a href="/the-gioi/b-post{n}.vov">Bài số {n} của mục</a></h3><p>VOV.VN - Lời giới thiệu.</p></div>'
    for n in range(20)
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"<html><head><title></title></head><body></body></html>", "empty"),
        (b"<!DOCTYPE html><html>", "empty"),
        (b"%PDF-1.7 \xe2\xe3", "not_html"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_html"),
        (b"\x89PNG\r\n\x1a\n\x00", "not_html"),
        (b'{"status": "ok"}', "not_html"),
        (b"[1, 2]", "not_html"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>VOV</title></channel></rss>', "not_html"),
        (b"var a = 1;", "not_html"),
        (b"<html>" + b"a" * 31_000_000, "too_large"),
        ("<title>Attention Required</title><body><script>window.location.href='/x'</script>", "challenge"),
        (f"<title>Thế giới | VOV.VN</title>{THEME}<body><h1>Thế giới</h1>{LIST}", "section"),
        (f"<title>VOV.VN</title>{THEME}<body>{LIST}", "section"),
        (f"<title>Thế giới</title><body><h1>Thế giới</h1>{CARDS}", "section"),
        (
            "<title>Không tìm thấy trang</title><body><h1>Không tìm thấy trang</h1><p>Mời bạn về trang chủ.</p>",
            "not_found",
        ),
        (f"<title>VOV</title>{THEME}<body><h1>404</h1><p>Trang không tồn tại.</p>", "not_found"),
        (
            "<body><h1>Site under maintenance</h1><p>VOV.VN is currently under maintenance. Back soon.</p>",
            "not_found",
        ),
        (
            f"<title>Page not found | VOV</title>{THEME}<body><div "
            'class="text-long">The requested page could not be found.</div>',
            "not_found",
        ),
        ("<title>VOV</title><body><h1>VOV.VN</h1><p>Bài viết này không tồn tại hoặc đã bị gỡ.</p>", "not_found"),
        ("<title>VOV</title><h1>Thông báo</h1><p>Nội dung đang được cập nhật.</p>", "not_found"),
        ("<title>VOV</title><h1>Thông báo</h1><p>Bài viết này hiện đang được biên tập lại.</p>", "not_found"),
        ("<title>502 Bad Gateway</title><body><center><h1>502 Bad Gateway</h1>nginx</center>", "not_found"),
        ("<body><h1>Server Error in '/' Application.</h1><h2>The resource cannot be found.</h2>", "not_found"),
        (
            "<title>Bảo trì hệ thống</title><body><h1>Website đang bảo trì</h1><p>Xin quay lại sau.</p>",
            "not_found",
        ),
        (
            f"{FRAME}<h1>Đăng nhập</h1><form><label>Email</label><input><button>Gửi</button></form>{FOOT}",
            "no_text",
        ),
        ("<title>503 Backend failed</title><h1>Error 503 Backend failed</h1><p>XID: 32770</p>", "not_found"),
        ("<title>a.vn</title><h1>a.vn</h1><p>This domain is for sale. Buy this domain now.</p>", "not_found"),
        ("<title>Request Rejected</title><body>The requested URL was rejected.<br>Your ID is 12.", "not_found"),
        ("<title>Error</title><body>The website encountered an unexpected error. Please try later.", "not_found"),
        (f"<title>Hết hạn</title>{THEME}<h1>Phiên làm việc đã hết hạn</h1><p>Hãy đăng nhập lại.</p>", "not_found"),
        (f"<title>Thông báo</title>{THEME}<h1>Thông báo</h1><p>Bài viết này đã được gỡ bỏ.</p>", "not_found"),
        (
            f"{FRAME}<h1>Đăng nhập</h1><p>Nhập tên đăng nhập VOV.VN và mật khẩu của bạn.</p>"
            f'<input type="password">{FOOT}',
            "no_text",
        ),
        (f"<title>VOV.VN</title>{THEME}{FRAME}<p>Tin này đã hết hạn xuất bản từ lâu.</p>{FOOT}", "no_text"),
        (
            f"<title>Đang tải</title>{THEME}{FRAME}<noscript>Bạn cần bật JavaScript ở đây.</noscript>{FOOT}",
            "no_text",
        ),
        (f"{FRAME}<h1>Một tít không có gì ở dưới</h1><div class='article-content'></div>{FOOT}", "no_text"),
        (f'{THEME}<body><h1 class="article-title">Một tít không có gì ở dưới nó cả</h1>', "no_text"),
    ],
)
def test_a_page_that_is_no_article_says_why(body: bytes | str, reason: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read_article(body, url=None)
    assert caught.value.reason == reason
    assert str(caught.value)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Hệ thống đang nâng cấp", "Quý độc giả hãy đọc báo vào lúc khác."),
        ("Website tạm ngừng phục vụ", "Xin cảm ơn quý độc giả."),
        ("Nội dung không còn khả dụng", "Bài viết mà bạn tìm kiếm hiện không còn."),
        ("Lỗi kết nối cơ sở dữ liệu", "Máy chủ không trả lời."),
        ("Trang chủ", "Đã xảy ra lỗi trong quá trình xử lý yêu cầu. Xin vui lòng thử lại sau."),
        ("Down", "This site is temporarily down. Please check back soon."),
        ("ERROR: The requested URL could not be retrieved", "The system returned: (111) Connection refused"),
        ("Fatal error", "Uncaught PDOException: SQLSTATE[HY000] [2002] in Connection.php:102"),
        ("Account Suspended", "Contact your hosting provider for more information."),
        ("Under Construction", "Come and see us another day."),
        ("Welcome to nginx!", "If you see this page, the nginx web server is successfully installed."),
        ("Apache2 Debian Default Page: It works", "This is the default welcome page of the Apache2 server."),
    ],
)
def test_what_a_server_in_trouble_says_in_the_place_of_an_article_is_none(title: str, told: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><div><h1>{title}</h1><p>{told}</p></div></body></html>"
    with pytest.raises(NotAnArticle) as caught:
        read_article(html, url="https://vov.vn/the-gioi/a-post1.vov")
    assert caught.value.reason == "not_found"


def test_an_article_may_begin_with_what_says_that_it_will_go_on() -> None:
    text = f"<p>Bài viết đang được cập nhật.</p>{P1}{P2}"
    html = f"<title>VOV</title><body><div><h1>{HEADLINE}</h1>{text}</div>"
    assert read_article(html, url="https://vov.vn/the-gioi/a-post1.vov").body[-2:] == [ONE, TWO]


def test_an_article_may_be_about_a_server_in_trouble() -> None:
    html = page(headline='<h1 class="article-title">Website tạm ngừng phục vụ, khách “vui lòng thử lại sau”</h1>')
    assert read(html).body == [ONE, TWO]
    headline = "Hệ thống đang quá tải, các bệnh viện ở Hà Nội kêu cứu"
    html = f"<title>{headline} | VOV.VN</title><body><div><h1>{headline}</h1>{P1}{P2}</div>"
    assert read_article(html, url="https://vov.vn/suc-khoe/a-post1.vov").body == [ONE, TWO]


@pytest.mark.parametrize(
    "path", ["the-gioi", "the-gioi?page=2", "tu-khoa/nga-tag1", "tac-gia/phi-long-author7", "tin-moi-cap-nhat", ""]
)
def test_a_list_is_known_by_its_address_too(path: str) -> None:
    with pytest.raises(NotAnArticle, match="list"):
        read_article(
            f"<title>Thế giới</title>{THEME}<h1>Thế giới</h1><p>{ONE}</p>{LIST}", url=f"https://vov.vn/{path}"
        )


@pytest.mark.parametrize("path", ["tu-khoa/nga-tag1", "tac-gia/phi-long-author7", "the-gioi"])
def test_a_list_that_calls_itself_an_article_is_a_list(path: str) -> None:
    called = '<meta property="og:type" content="article"><meta name="description" content="Tin mới về Nga.">'
    with pytest.raises(NotAnArticle, match="list"):
        read_article(f"<title>Nga</title>{called}{THEME}<h1>Nga</h1>{LIST}", url=f"https://vov.vn/{path}")


def test_a_text_at_the_address_of_a_list_is_no_article_but_one_that_says_when_it_came_out() -> None:
    called = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Nga"}</script>'
    for path in ("tu-khoa/nga-tag1", "tac-gia/phi-long-author7"):
        for head in ("", called):
            with pytest.raises(NotAnArticle, match="list"):
                read(page(head=head), f"https://vov.vn/{path}")
    with pytest.raises(NotAnArticle, match="list"):
        read(page(), "https://vov.vn/the-gioi")
    assert read(page(head=called), "https://vov.vn/the-gioi").body == [ONE, TWO]


def test_few_words_among_links_to_many_articles_are_no_article() -> None:
    link = '<div class="z"><a href="/the-gioi/khac-post{}.vov">Một bài khác</a></div>'
    html = f"<html><body><h1>{HEADLINE}</h1><div>{P1}{P2}</div>{{}}</body></html>"
    assert read(html.format("".join(map(link.format, range(20, 24)))), None).body == [ONE, TWO]
    with pytest.raises(NotAnArticle, match="list"):
        read(html.format("".join(map(link.format, range(20, 25)))), None)


def test_a_list_whose_cards_have_times_is_a_list() -> None:
    card = (
        '<article class="story"><h2 class="story__heading"><a href="/xa-hoi/b-{0}10000.vov">Một bài khác</a></h2>'
        '<time>10:00 12/03/2020</time><div class="story__desc">VOV.VN - Lời giới thiệu.</div></article>'
    )
    cards = "".join(card.format(number) for number in range(1, 9))
    for head in ("", '<meta property="og:type" content="article">'):
        with pytest.raises(NotAnArticle, match="list"):
            read_article(f"<title>Xã hội</title>{head}<main><h1>Xã hội</h1>{cards}</main>", url=None)


def test_at_the_address_of_an_article_may_stand_a_list() -> None:
    card = '<article class="story"><h2>{0}</h2><p>VOV.VN - Tóm tắt của tin chính trị số {1}.</p></article>'
    linked = '<a href="/the-gioi/b-post{0}.vov">Tin chính trị {0}</a>'
    cards = "".join(card.format(linked.format(number), number) for number in range(9, 20))
    # The first one leads nowhere.
    with pytest.raises(NotAnArticle, match="list"):
        read_article(f"<body>{card.format('Tin 8', 8)}{cards}", url="https://vov.vn/the-gioi/a-post1.vov")


def test_at_the_address_of_an_article_may_stand_who_asks_for_a_password() -> None:
    field = '<input type="password">'
    asked = f"{FRAME}<h1>Đăng nhập</h1><p>Bạn cần đăng nhập để đọc tiếp nội dung này.</p>{field}{FOOT}"
    with pytest.raises(NotAnArticle) as caught:
        read(asked)
    assert caught.value.reason == "no_text"
    headline = '<h1 class="article-title">Đăng nhập VNeID bằng khuôn mặt từ tháng 7</h1>'
    assert read(page(headline=headline, after=field)).body == [ONE, TWO]


def test_what_the_site_serves_besides_is_no_article() -> None:
    rates = "<h1>Tỷ giá ngoại tệ</h1><table><tr><td>USD</td><td>25.180</td></tr></table>"
    url = "https://vov.vn/Services/Infopage.aspx?svc=exchangerates"
    with pytest.raises(NotAnArticle, match="no article stands at such an address"):
        read_article(f"<title>Tỷ giá</title>{rates}", url=url)
    assert read_article(page(), url="https://vov.vn/print/123").body == [ONE, TWO]


def test_the_home_page_in_the_place_of_an_article_is_a_list() -> None:
    links = (f'<a href="/x/b-post{at}.vov">Bài {at} có tít khá dài để giống thật</a>' for at in range(20))
    cards = "".join(f"<div>{link}<p>VOV.VN - Tóm tắt của bài ấy.</p></div>" for link in links)
    with pytest.raises(NotAnArticle, match="list"):
        read_article(f"<title>Báo VOV</title><body><h1>VOV.VN</h1>{cards}", url="https://vov.vn/x/a-post99.vov")


@pytest.mark.parametrize(
    "headline",
    ["Không tìm thấy máy bay mất tích", "404 ngày không mưa ở Ninh Thuận", "Trang phục không thể thiếu"],
)
def test_an_article_may_speak_of_what_is_not_found(headline: str) -> None:
    assert read(page(headline=f'<h1 class="article-title">{headline}</h1>')).headline == headline


@pytest.mark.parametrize(
    "headline", ["VOV.VN - 25 năm đồng hành cùng bạn đọc", "Đài Tiếng nói Việt Nam - tám mươi năm lên sóng"]
)
def test_a_headline_may_begin_with_the_name_of_the_site(headline: str) -> None:
    title = f"<title>{headline} | VOV.VN</title>"
    assert read(page(head=title, headline=f'<h1 class="article-title">{headline}</h1>')).headline == headline
    logo = f'<h1>{headline}</h1><h2 class="article-title"><span>{HEADLINE}</span></h2>'
    assert read(page(head=title, headline=logo)).headline == HEADLINE


def test_an_article_with_lists_of_other_news_below_it_is_an_article() -> None:
    assert read(page(after=LIST)).body == [ONE, TWO]


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Tiếng Việt".encode(), None, "Tiếng Việt"),
        ("Tiếng Việt".encode(), "text/html; charset=iso-8859-1", "Tiếng Việt"),
        (b"\xef\xbb\xbf" + "Tiếng Việt".encode(), "text/html; charset=windows-1258", "Tiếng Việt"),
        ("Tiếng Việt".encode("utf-16"), None, "Tiếng Việt"),
        ("Tiếng Việt".encode()[:-1], "text/html; charset=iso-8859-1", "Tiếng Vi"),
        (
            "Tiếng Việt, đúng chuẩn hết, chỉ một chữ h\u1ecf".encode() + b"\xffng.",
            "text/html; charset=iso-8859-1",
            "Tiếng Việt, đúng chuẩn hết, chỉ một chữ hỏ\ufffdng.",
        ),
        (b'<meta charset="windows-1252">caf\xe9', "text/html; charset=utf-8", '<meta charset="windows-1252">café'),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">\x93caf\xe9\x94',
            None,
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">“café”',
        ),
        (b"caf\xe9", "text/html; charset=windows-1252", "café"),
        (b"caf\xe9 ol\xe9", "text/html; charset=no-such", "caf\ufffd ol\ufffd"),
    ],
)
def test_bytes_become_text_by_their_own_word_first(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type).removesuffix("ệ") in (text, text.removesuffix("ệ"))


@pytest.mark.parametrize(
    "html",
    [
        page(P1 + "<div>" * 10_000 + P2 + "</div>" * 10_000),
        page("<div>" * 10_000 + P1 + P2),
        page("<b><i>" * 10_000 + P1 + P2),
        page(P1 + P2).replace("<body>", "<body>" + "<div>" * 10_000),
        page(P1 + P2).replace("<body>", '<body><div class="x">' * 10_000),
        page(P1 + "<p>" + "<span>" * 10_000 + TWO + "</span>" * 10_000 + "</p>"),
    ],
)
def test_deep_nesting_costs_neither_the_text_nor_much_time(html: str) -> None:
    start = time.process_time()
    assert read(html).body == [ONE, TWO]
    assert time.process_time() - start < 2


def test_a_page_that_was_cut_gives_what_is_there() -> None:
    whole = page(P1 + P2).encode()
    cut = whole[: whole.index("Đoạn thứ hai".encode()) + 1]
    article = read_article(cut, url="https://vov.vn/a/b-post1.vov", content_type="text/html; charset=iso-8859-1")
    assert (article.headline, article.body) == (HEADLINE, [ONE])


def test_nul_bytes_are_nothing() -> None:
    assert read(page(f"<p>{ONE[:10]}\0{ONE[10:]}</p>{P2}")).body == [ONE, TWO]


@pytest.mark.parametrize(
    ("url", "head", "expected", "record_id"),
    [
        (
            "http://m.vov.vn/a/slug-post1.vov?x=1#y",
            '<link rel="canonical" href="https://vov.vn/a/slug-khac-post1.vov">',
            "https://vov.vn/a/slug-post1.vov",
            "vov.vn/post1",
        ),
        (
            None,
            '<link rel="canonical" href="/a/slug-post1.vov">',
            "https://vov.vn/a/slug-post1.vov",
            "vov.vn/post1",
        ),
        (
            None,
            '<link rel="canonical" href="https://vov.vn/"><meta property="og:url" content="http://www.vov.vn/a/b-882872.vov">',
            "https://vov.vn/a/b-882872.vov",
            "vov.vn/a/b-882872.vov",
        ),
        (
            None,
            '<link rel="x CANONICAL" href="//vov.vn/a/b-post5.vov">',
            "https://vov.vn/a/b-post5.vov",
            "vov.vn/post5",
        ),
        (None, '<meta name="og:url" content="/a/b-post6.vov">', "https://vov.vn/a/b-post6.vov", "vov.vn/post6"),
        (
            None,
            "<!-- saved from url=(0032)https://m.vov.vn/a/b-post7.vov -->",
            "https://vov.vn/a/b-post7.vov",
            "vov.vn/post7",
        ),
        (
            None,
            "<!--\n Page saved with SingleFile \n url: https://vov.vn/a/b-post8.vov \n saved date: Tue-->",
            "https://vov.vn/a/b-post8.vov",
            "vov.vn/post8",
        ),
        (
            "file:///tmp/x.html",
            '<meta property="og:url" content="https://vov.vn/a/b-post3.vov">',
            "https://vov.vn/a/b-post3.vov",
            "vov.vn/post3",
        ),
        ("HTTPS://VOV.vn/a/b-post4.vov", "", "https://vov.vn/a/b-post4.vov", "vov.vn/post4"),
        (
            "https://english.vov.vn/en/politics/b-post9.vov",
            "",
            "https://english.vov.vn/en/politics/b-post9.vov",
            "english.vov.vn/post9",
        ),
    ],
)
def test_the_address_is_the_one_that_was_asked_else_the_one_the_page_names(
    url: str | None, head: str, expected: str, record_id: str
) -> None:
    article = read(page(head=head), url=url)
    assert (article.url, article.id) == (expected, record_id)


def test_a_page_without_an_address_is_known_by_its_text() -> None:
    article = read(page(), url=None)
    assert (article.url, article.id) == (None, f"text/{article.content_digest[:16]}")


def test_what_is_known_of_the_capture_goes_into_the_record() -> None:
    capture = {"warc": "a.warc.gz", "offset": 12, "record_id": "urn:uuid:1"}
    article = read_article(
        page(),
        url="https://vov.vn/a/b-post1.vov",
        hops=2,
        captured_at="2026-11-21T15:04:05.123456Z",
        capture=capture,
    )
    assert (article.hops, article.captured_at, article.capture) == (2, "2026-11-21T15:04:05.123456Z", capture)


def test_plain_text_without_an_address_is_a_dump() -> None:
    assert (
        read_article(f"{HEADLINE}\n\nVOV.VN - {ONE}\n\n{TWO}\n", content_type="text/plain; charset=utf-8").layout
        == "dump"
    )

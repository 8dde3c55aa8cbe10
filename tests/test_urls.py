"""Every address that was seen in the wild, and what may happen to one on the way."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vovcrawler import urls

SEEN = [
    line.split() for line in Path(__file__).with_name("data").joinpath("urls.txt").read_text("utf-8").splitlines()
]
POST = "https://vov.vn/the-gioi/tong-thong-post1018244.vov"


@pytest.mark.parametrize(("expected", "url"), SEEN)
def test_every_seen_address_is_classified(expected: str, url: str) -> None:
    address = urls.classify(url)
    assert "/".join(filter(None, [address.kind, address.era])) == expected
    assert (address.id is not None) == (address.kind == "article")
    assert urls.classify(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://vov.vn/the-gioi/tong-thong-post1018244.vov",
        "https://www.vov.vn/the-gioi/tong-thong-post1018244.vov",
        "https://M.VOV.VN/the-gioi/tong-thong-post1018244.vov",
        "http://baoxuan.vov.vn./the-gioi/tong-thong-post1018244.vov",
        "https://vov.vn:443/the-gioi/tong-thong-post1018244.vov",
        "http://vov.vn:80/the-gioi/tong-thong-post1018244.vov",
        "https://user:word@vov.vn/the-gioi/tong-thong-post1018244.vov",
        "//vov.vn/the-gioi/tong-thong-post1018244.vov",
        "  https://vov.vn/the-gioi/tong-thong-post1018244.vov\n",
        "https://vov.vn//the-gioi//tong-thong-post1018244.vov",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov/",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov#binh-luan",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov?utm_source=zalo&page=2",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov;jsessionid=1",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov&utm_source=zalo",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov%3Futm_source=zalo",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov.",
        "https://vov.vn/xa-hoi/../the-gioi/./tong-thong-post1018244.vov",
        "https://vov.vn/the-gioi/tong%2Dthong%2dpost1018244.vov",
        "https:\\\\vov.vn\\the-gioi\\tong-thong-post1018244.vov",
    ],
)
def test_all_forms_of_an_address_are_one(url: str) -> None:
    assert urls.canonical(url) == POST
    assert urls.record_id(url) == "vov.vn/post1018244"
    assert urls.is_allowed(url)
    assert urls.is_article(url)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://vov.vn", "https://vov.vn/"),
        ("http://www.vov.vn/?utm_source=x", "https://vov.vn/"),
        ("https://vov.vn/chinh-tri/", "https://vov.vn/chinh-tri"),
        ("https://vov.vn/chinh-tri?page=0", "https://vov.vn/chinh-tri"),
        ("https://vov.vn/chinh-tri?utm_medium=rss&page=2&view=x", "https://vov.vn/chinh-tri?page=2"),
        ("https://vov.vn/tin-moi-cap-nhat?page=1#top", "https://vov.vn/tin-moi-cap-nhat?page=1"),
        ("https://baoxuan.vov.vn/tu-khoa/nga-tag17988?page=12", "https://vov.vn/tu-khoa/nga-tag17988?page=12"),
        ("https://baoxuan.vov.vn/tac-gia/a-author1?page=2", "https://vov.vn/tac-gia/a-author1?page=2"),
        ("https://vov.vn/tag/vấn+đề+Gaza", "https://vov.vn/tag/v%E1%BA%A5n+%C4%91%E1%BB%81+Gaza"),
        (
            "https://vov.vn/tag/v%e1%ba%a5n+%c4%91%e1%bb%81+Gaza",
            "https://vov.vn/tag/v%E1%BA%A5n+%C4%91%E1%BB%81+Gaza",
        ),
        ("https://vov.vn/tag/a%2Fb%20c%25", "https://vov.vn/tag/a%2Fb%20c%25"),
        ("https://vov.vn/tag/100%", "https://vov.vn/tag/100%25"),
        ("https://vov.vn/search?page=1&keyword=a+b&fbclid=x", "https://vov.vn/search?keyword=a+b&page=1"),
        (
            "https://vov.vn/ads/show-ads?tids[]=4&tids[]=80",
            "https://vov.vn/ads/show-ads?tids%5B%5D=4&tids%5B%5D=80",
        ),
        ("https://vov.vn/sitemap.xml?page=2", "https://vov.vn/sitemap.xml?page=2"),
        ("http://vov.vn/Van-hoa/NSND/228256.vov", "https://vov.vn/Van-hoa/NSND/228256.vov"),
        ("http://vovworld.vn./en-US/a-186265.vov?trang=2", "https://vovworld.vn/en-US/a-186265.vov"),
        ("https://vovworld.vn./en-US/search/a.vov?trang=2", "https://vovworld.vn/en-US/search/a.vov?trang=2"),
        ("https://vovworld.vn/en-US/news/580.vov?trang=5", "https://vovworld.vn/en-US/news/580.vov?trang=5"),
        ("https://vov.vn:8443/chinh-tri", "https://vov.vn:8443/chinh-tri"),
        ("https://VOV.vn/Chinh-Tri", "https://vov.vn/Chinh-Tri"),
        ("HTTP://Example.COM/A?b=2&a=1#c", "http://example.com/A?b=2&a=1"),
        ("mailto:a@vov.vn ", "mailto:a@vov.vn"),
    ],
)
def test_other_addresses_keep_what_matters(url: str, form: str) -> None:
    assert urls.canonical(url) == form
    assert urls.canonical(form) == form


@pytest.mark.parametrize(
    ("url", "record"),
    [
        ("https://vov.vn/post1018244.vov", "vov.vn/post1018244"),
        ("https://vov.vn/the-gioi/ten-moi-post1018244.vov", "vov.vn/post1018244"),
        ("https://vov.vn/the-gioi/-post1018244.vov", "vov.vn/post1018244"),
        ("https://vov.vn/the-gioi/a-post1-post1018244.vov", "vov.vn/post1018244"),
        ("https://vov.vn/emagazine/a-post1018244.vov", "vov.vn/post1018244"),
        ("https://vov.vn/podcast/a-post1018244.vov", "vov.vn/post1018244"),
        ("https://english.vov.vn/en/politics/a-post1232021.vov", "english.vov.vn/post1232021"),
        ("https://m.vov.vn/a/b/covid19-1078194.vov?x=1", "vov.vn/a/b/covid19-1078194.vov"),
        ("http://vovnews.vn/Home/Ten-bai/20108/150000.vov", "vovnews.vn/Home/Ten-bai/20108/150000.vov"),
        ("https://vov2.vov.vn/a/b-46015.vov2", "vov2.vov.vn/a/b-46015.vov2"),
        ("https://vov4.vov.vn/a/b-46015.vov4.html", "vov4.vov.vn/a/b-46015.vov4"),
        ("http://vov1.vov.gov.vn/thoi-su/a-c14-126305.aspx?x=1", "vov1.vov.gov.vn/thoi-su/a-c14-126305.aspx"),
        ("https://vov4.vov.gov.vn/TV/a/b-c1213-381158.aspx", "vov4.vov.gov.vn/TV/a/b-c1213-381158.aspx"),
        (
            "https://vovworld.vn/ja-JP/ニュース/a-533120.vov",
            "vovworld.vn/ja-JP/%E3%83%8B%E3%83%A5%E3%83%BC%E3%82%B9/a-533120.vov",
        ),
    ],
)
def test_an_article_is_known_by_its_number_or_its_path(url: str, record: str) -> None:
    assert urls.record_id(url) == record
    assert urls.classify(url).id == record


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://vov.vn/the-gioi/repost1018244.vov", "other"),
        ("https://vov.vn/the-gioi/bau-cu-2020.vov", "other"),
        ("https://vov.vn/the-gioi/dai-so-123456789.vov", "other"),
        ("https://vov.vn/the-gioi/a-post1018244", "other"),
        ("https://vov.vn/the-gioi/a-882872", "other"),
        ("https://vov.vn/van-hoa/228256.vov", "other"),
        ("https://vov.vn/the-gioi/a-post1018244.vov/amp", "other"),
        ("https://vov.vn/themes/custom/vovvn/css/style.css", "other"),
        ("https://vov.vn/node/1018244", "service"),
        ("https://vov.vn/user/login", "service"),
        ("https://vov.vn/robots.txt", "service"),
        ("https://vov.vn/sitemaps/2026/12/article.xml", "sitemap"),
        ("https://vov.vn/sites/default/files/2025-12/anh.jpg", "media"),
        ("https://media.vov.vn/sites/default/files/styles/large/a.jpg.webp", "media"),
        ("https://images.vov.vn/w800/uploaded/a/2020_05_21/b", "media"),
        ("https://vov.vn/audio/thoi-su.MP3", "media"),
        ("https://vov.vn/kinh-te/bat-dong-san", "section"),
        ("https://vov.vn/chinh-tri/trang12", "section"),
        ("https://vov.vn/", "section"),
        ("https://vovtv.vov.vn/phim-a.html", "outlet"),
        ("https://vov.gov.vn/thoi-su-18h/a-c14-126305.aspx", "outlet"),
        ("https://vov.vn/thoi-su-18h/a-c14-126305.aspx", "service"),
        ("https://evilvov.vn/a-post1.vov", "other"),
        ("https://vov.vn.example.com/a-post1.vov", "other"),
        ("ftp://vov.vn/a-post1.vov", "other"),
        ("vov.vn/a-post1.vov", "other"),
        ("javascript:void(0)", "other"),
        ("tel:+842438255555", "other"),
        ("data:text/html,<h1>", "other"),
        ("about:blank", "other"),
        ("https://", "other"),
        ("", "other"),
    ],
)
def test_what_only_looks_like_an_article_is_none(url: str, kind: str) -> None:
    assert urls.classify(url).kind == kind
    assert not urls.is_article(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://vov.vn.example.com/",
        "https://example.com/vov.vn",
        "https://vov.vn@example.com/",
        "https://example.com\\@vov.vn/",
        "https://example.com#@vov.vn/",
        "https://example.com/?https://vov.vn/",
        "https://evilvov.vn/",
        "https://english.vov.vn/en",
        "https://vov1.vov.vn/",
        "https://media.vov.vn/a.jpg",
        "https://vovworld.vn/",
        "https://vov.vn:8080/",
        "https://vov.vn../",
        "https://vov.vn\n.example.com/",
        "https://v%6fv.vn/",
        "ftp://vov.vn/",
        "file:///vov.vn/",
        "vov.vn",
        "http://",
        "",
    ],
)
def test_no_other_host_is_allowed(url: str) -> None:
    assert not urls.is_allowed(url)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/xa-hoi/b-post2.vov", "https://vov.vn/xa-hoi/b-post2.vov"),
        ("b-post2.vov", "https://vov.vn/the-gioi/b-post2.vov"),
        ("../xa-hoi/b-post2.vov", "https://vov.vn/xa-hoi/b-post2.vov"),
        ("../../../b-post2.vov", "https://vov.vn/b-post2.vov"),
        ("//m.vov.vn/b-post2.vov", "https://m.vov.vn/b-post2.vov"),
        ("http://vov.vn/b-post2.vov", "http://vov.vn/b-post2.vov"),
        ("  /b-\npost2.vov\t", "https://vov.vn/b-post2.vov"),
        ("\\b-post2.vov", "https://vov.vn/b-post2.vov"),
        ("?page=2", "https://vov.vn/the-gioi/a-post1.vov?page=2"),
        ("/b-post2.vov#y-kien", "https://vov.vn/b-post2.vov"),
        ("/a.jpg?itok=x", "https://vov.vn/a.jpg?itok=x"),
        ("/a/./b.jpg", "https://vov.vn/a/b.jpg"),
        ("https://media.vov.vn/a/../b.jpg?x=1", "https://media.vov.vn/b.jpg?x=1"),
        ("/a.jpg?", "https://vov.vn/a.jpg"),
        ("https://media.vov.vn/ảnh 1.jpg?itok=a b", "https://media.vov.vn/%E1%BA%A3nh%201.jpg?itok=a%20b"),
        ("https://media.vov.vn/%E1%BA%A3nh%201.jpg", "https://media.vov.vn/%E1%BA%A3nh%201.jpg"),
        ("https://EXAMPLE.com", "https://example.com/"),
        ("https://bộ.vn/", "https://xn--b-8xm.vn/"),
        ("", None),
        ("  ", None),
        ("#", None),
        ("#top", None),
        ("javascript:void(0)", None),
        (" JavaScript:alert(1)", None),
        ("mailto:toasoan@vov.vn", None),
        ("tel:0243", None),
        ("data:image/gif;base64,R0lGOD", None),
        ("blob:https://vov.vn/1", None),
        ("http://[::1", None),
        ("http://", None),
        ("https://vov.vn:port/", None),
        ("https://a b.vn/", None),
        ("https://.../", None),
    ],
)
def test_a_link_becomes_an_absolute_address_or_nothing(href: str, url: str | None) -> None:
    assert urls.join("https://vov.vn/the-gioi/a-post1.vov", href) == url


@pytest.mark.parametrize("base", [None, "", "file:///pages/a.html", "http://[::1"])
def test_a_page_without_address_has_only_absolute_links(base: str | None) -> None:
    assert urls.join(base, "/b-post2.vov") is None
    if base != "http://[::1":
        assert urls.join(base, "https://vov.vn/b-post2.vov") == "https://vov.vn/b-post2.vov"


@given(st.text())
@example("http://[::1")
@example("https://vov.vn:99999/")
@example("https://vov\u2100.vn/")
@example("https://vov.vn/\ud800")
@example("\ud800")
@example("https://vov.vn/" + "../" * 3000)
@example("https://vov.vn/" + "a/" * 3000 + "b-post1.vov")
def test_no_string_breaks_an_address(url: str) -> None:
    for form in (url, f"https://vov.vn/{url}", f"https://{url}"):
        address = urls.classify(form)
        assert urls.classify(address.url).url == address.url
        address.url.encode("utf-8")
        urls.record_id(form)
        urls.is_allowed(form)
        urls.join(form, url)

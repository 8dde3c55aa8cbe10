"""Lists of every layout give their articles once, in order, and the page after; furniture gives nothing."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from vovcrawler import urls
from vovcrawler.dates import VIETNAM
from vovcrawler.pages.listing import read_listing

_HERE = "https://vov.vn/the-gioi"
_FURNITURE = """
  <nav><a class="vovvn-title" href="/the-gioi/menu-post901.vov">Trong menu</a></nav>
  <div class="sidebar most-read"><h3>Đọc nhiều</h3>
    <a class="vovvn-title" href="/the-gioi/doc-nhieu-post902.vov">Đọc nhiều nhất</a></div>
  <section><h4>ĐỌC NHIỀU</h4><ul><li><a href="/the-gioi/khac-post903.vov">Bài khác</a></li></ul></section>
  <footer><a href="/the-gioi/cuoi-trang-post904.vov">Cuối trang</a></footer>"""
_DRUPAL = """
<div class="taxonomy-content"><div class="media">
  <a class="vovvn-title" href="/the-gioi/mot-post1.vov"><img src="t.jpg" alt="ảnh"></a>
  <div class="media-body"><a class="vovvn-title ml-1" href="/the-gioi/mot-post1.vov#x">
    <h5 class="media-title">Tin&nbsp;một</h5></a>
    <span>16:54, 29/12/2025</span><p class="mt-2">VOV.VN - Sapo một.</p></div></div></div>
<div class="taxonomy-content card"><a class="vovvn-title" href="http://m.vov.vn/the-gioi/hai-post2.vov">
  <h3 class="card-title">Tin hai</h3></a></div>
<div class="row"><a class="ml-2 vovvn-title" href="/the-gioi/ba-1078194.vov" title="Tin ba"></a></div>
<div class="taxonomy-content"><a class="vovvn-title" href="/tu-khoa/nga-tag12">Nga</a></div>
<a class="not-vovvn-title" href="/the-gioi/bon-post4.vov">Không thuộc danh sách</a>"""
_EPI = """<form id="aspnetForm"><div>
<article class="story"><a href="/chinh-tri/mot-1026812.vov"><img></a><h2 class="story__heading">
  <a href="/chinh-tri/mot-1026812.vov">Tin một</a></h2><div class="story__desc">Sapo.</div></article>
<article class="story"><h2 class="story__heading"><a href="/chinh-tri/hai-1026813.vov">Tin hai</a></h2></article>
</div></form>"""
_UNKNOWN = """<main><div class="x"><h2><a href="/the-gioi/mot-post1.vov">Tin một</a></h2><p>Sapo một.</p></div>
<div class="x"><h2><a href="/the-gioi/hai-post2.vov">Tin hai</a></h2><p>Sapo hai.</p>
<a href="/the-gioi">Thế giới</a></div></main>"""


def _page(body: str) -> str:
    return f"<html><body>{_FURNITURE}{body}</body></html>"


def test_a_list_of_today_gives_headline_teaser_and_date():
    first, *_ = read_listing(_page(_DRUPAL), _HERE).items
    assert first.url == "https://vov.vn/the-gioi/mot-post1.vov"
    assert first.headline == "Tin một"
    assert first.teaser == "Sapo một."
    assert first.published_at == datetime(2025, 12, 29, 16, 54, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (_DRUPAL, [("mot-post1", "Tin một"), ("hai-post2", "Tin hai"), ("ba-1078194", "Tin ba")]),
        (_EPI, [("mot-1026812", "Tin một"), ("hai-1026813", "Tin hai")]),
        (_UNKNOWN, [("mot-post1", "Tin một"), ("hai-post2", "Tin hai")]),
        ("<p>Không có gì</p>", []),
    ],
    ids=["drupal", "epi", "unknown layout", "nothing"],
)
def test_each_article_is_listed_once_in_page_order(body, expected):
    items = read_listing(_page(body), _HERE).items
    assert [(item.url.rpartition("/")[2].removesuffix(".vov"), item.headline) for item in items] == expected


_STAMP = datetime(2025, 12, 29, 16, 54, tzinfo=VIETNAM)
_CARD = """<div class="taxonomy-content"><a class="vovvn-title" href="/the-gioi/mot-post1.vov">{}</a>{}</div>"""


@pytest.mark.parametrize(
    ("title", "below", "expected"),
    [
        ("<h5>Giá vàng 01/02/2020</h5>", "", None),
        ("Giá vàng 01/02/2020", "", None),
        ('<h5 class="media-title">Giá <b>vàng</b> <i>01/02/2020</i></h5>', "", None),
        ("<h5>Tin</h5>", '<p class="mt-2">VOV.VN - Ngày 01/02/2020, một đoàn khách đã đến thăm.</p>', None),
        ("<h5>Từ 19:00 ngày 01/02/2020</h5>", "<i>16:54, 29/12/2025</i>", _STAMP),
        ("<h5>Tin</h5><span>16:54,</span> <span>29/12/2025</span>", "", _STAMP),
        ("<h5>Tin</h5>", "<p>Cập nhật: Thứ Hai, 16:54, 29/12/2025 |</p>", _STAMP),
        ("<h5>Tin</h5>", '<time datetime="2025-12-29T16:54:00+07:00">x</time>', _STAMP),
        ("<h5>Tin</h5>", '<time datetime="1970-01-01T07:00:00+07:00"></time><i>16:54, 29/12/2025</i>', _STAMP),
        ("<h5>Tin</h5>", "<i>07:00, 01/01/1970</i>", None),
    ],
)
def test_a_date_that_the_words_of_a_card_speak_of_is_not_its_own(title, below, expected):
    (item,) = read_listing(_page(_CARD.format(title, below)), _HERE).items
    assert item.published_at == expected


_LEAD = """<div class="hot"><a href="/the-gioi/noi-bat-post7.vov"><img></a>
  <h2><a href="/the-gioi/noi-bat-post7.vov">Tin đầu trang của mục</a></h2><a href="/the-gioi">Thế giới</a></div>
  <h2><a href="/kinh-te/muc-khac-post8.vov">Tin của mục khác</a></h2>"""


def test_a_section_lists_what_stands_above_its_list_in_another_form():
    first, *others = read_listing(_page(_LEAD + _DRUPAL), _HERE).items
    assert (first.url, first.headline) == ("https://vov.vn/the-gioi/noi-bat-post7.vov", "Tin đầu trang của mục")
    assert others == read_listing(_page(_DRUPAL), _HERE).items


def test_a_list_that_is_called_like_furniture_is_kept():
    html = f"<html><body><div><h2>Tin mới</h2>{_DRUPAL}</div></body></html>"
    assert len(read_listing(html, "https://vov.vn/tin-moi-cap-nhat").items) == 3


_PAGER = '<ul class="pagination justify-content-center">{}</ul>'


@pytest.mark.parametrize(
    ("url", "pager", "expected"),
    [
        (_HERE, '<li><a class="page-link" href="?page=1">2</a>', f"{_HERE}?page=1"),
        (_HERE, '<a class="page-link" href="/the-gioi?page=3">Cuối</a>', f"{_HERE}?page=1"),
        (f"{_HERE}?page=1", '<a href="/the-gioi">1</a><a href="/the-gioi?page=2">3</a>', f"{_HERE}?page=2"),
        (f"{_HERE}?page=2", '<a href="/the-gioi?page=0">1</a><a href="/the-gioi?page=1">2</a>', None),
        (_HERE, '<a href="/kinh-te?page=1">khác</a>', None),
        (_HERE, '<a href="https://evil.example/the-gioi?page=1">2</a>', None),
        (_HERE, '<a href="javascript:void(0)">2</a>', None),
        (
            "https://vov.vn/chinh-tri/trang1",
            '<a href="/chinh-tri/trang2">2</a>',
            "https://vov.vn/chinh-tri/trang2",
        ),
        (
            "https://vov.vn/chinh-tri",
            '<a href="/chinh-tri/trang1">1</a><a href="/chinh-tri/trang3">3</a>',
            "https://vov.vn/chinh-tri/trang2",
        ),
        (
            _HERE,
            '</ul><nav><ul class="pagination"><a class="page-link" href="?page=1">2</a></ul></nav>',
            f"{_HERE}?page=1",
        ),
        (_HERE, "", None),
    ],
)
def test_the_pager_leads_to_the_page_after(url, pager, expected):
    assert read_listing(_page(_DRUPAL + _PAGER.format(pager)), url).next_page == expected


def test_a_list_with_many_headings_of_other_lists_is_read_in_time():
    links = "".join(f'<a class="vovvn-title" href="/the-gioi/x-post{number}.vov">x</a>' for number in range(1000))
    start = time.process_time()
    assert len(read_listing(f"<div>{links}{'<h3>Đọc nhiều</h3>' * 2000}</div>", _HERE).items) == 1000
    assert time.process_time() - start < 2


def test_links_are_relative_to_the_base_that_a_page_names():
    links = '<a class="vovvn-title" href="kinh-te/mot-post1.vov">Một</a>'
    pager = '<ul class="pagination"><a href="kinh-te/bat-dong-san?page=1">2</a></ul>'
    html = f'<head><base target="_top"><base href="https://vov.vn/"></head>{links}{pager}'
    listing = read_listing(html, "https://vov.vn/kinh-te/bat-dong-san")
    assert [item.url for item in listing.items] == ["https://vov.vn/kinh-te/mot-post1.vov"]
    assert listing.next_page == "https://vov.vn/kinh-te/bat-dong-san?page=1"


@pytest.mark.parametrize("html", ["", "<", "\x00", "<a href='http://[bad'>x</a>", "<div>" * 5000 + "x"])
def test_no_page_is_too_broken_to_be_read(html):
    assert read_listing(html, _HERE).items == []


def test_what_a_list_costs_grows_with_its_links_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    join = urls.join

    def joined(base: str, href: str) -> str | None:
        asked.append(href)
        return join(base, href)

    monkeypatch.setattr(urls, "join", joined)
    other = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(300))
    news = "".join(f'<a class="vovvn-title" href="/the-gioi/a-post{n}.vov">Tin {n}</a>' for n in range(1, 301))
    html = f"<div>{other}{news}</div>"
    assert len(read_listing(html, "https://vov.vn/the-gioi").items) == 300
    assert len(asked) < 10 * 600

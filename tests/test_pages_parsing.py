"""What is cut before a page is parsed: menus, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vovcrawler.pages import read_article
from vovcrawler.pages.mending import mended
from vovcrawler.pages.menus import without_menus
from vovcrawler.pages.parsing import Element, Source, decode, parse

ITEM = '<li class="nav-item"><a class="nav-link" href="/the-gioi">Thế giới</a></li>'
MENU = f'<nav class="main"><ul>{ITEM * 30}</ul></nav>'
DEEPER = ITEM.replace("</li>", f"<ul>{ITEM * 5}</ul></li>")
LIST = f'<ul class="menu">{DEEPER * 5}</ul>'
BOXES = LIST.replace("<ul", "<div").replace("</ul", "</div").replace("<li", "<div").replace("</li", "</div")
ARTICLE = (
    '<html><body>{menu}<h1 class="article-title">Hội nghị khai mạc tại Hà Nội</h1>'
    '<div class="article-summary">VOV.VN - Sáng nay hội nghị khai mạc.</div>'
    '<div class="article-content"><div class="text-long"><p>Đoạn thứ nhất của bài viết này.</p>'
    "<p>Đoạn thứ hai của bài viết này.</p></div></div></body></html>"
)


def cut(page: str) -> str:
    return without_menus(page.encode()).decode()


def test_a_menu_is_emptied_where_it_stands() -> None:
    assert cut(f"<header>{MENU}</header>{MENU}<p>Chữ") == (
        '<header><nav class="main"></nav></header><nav class="main"></nav><p>Chữ'
    )


def test_lists_above_the_headline_are_menus_too() -> None:
    page = f"<div>{LIST}</div><p>Chữ</p>{LIST}<h1>Tít</h1>{LIST}"
    assert cut(page) == f'<div><ul class="menu"></ul></div><p>Chữ</p><ul class="menu"></ul><h1>Tít</h1>{LIST}'


def test_boxes_of_nothing_but_links_above_the_headline_are_menus_too() -> None:
    page = f'<body class="page-1"><div id="top"><i>VOV</i><div id="bar">{BOXES}</div></div><h1>Tít</h1>{BOXES}'
    assert cut(page) == page.replace(BOXES, '<div class="menu"></div>', 1)
    outlets = page.replace("/the-gioi", "https://english.vov.vn")
    assert cut(outlets) == outlets.replace(
        BOXES.replace("/the-gioi", "https://english.vov.vn"), '<div class="menu"></div>', 1
    )


def test_what_is_remembered_of_a_page_is_small() -> None:
    page = f"<svg>{'<path></path>' * 20_000}</svg>{LIST}<h1>Tít</h1>"
    assert cut(page) == page
    assert cut(f"<nav>{page}</nav>") == f"<nav>{page}</nav>"
    assert cut(f"{LIST}{page}") == f'<ul class="menu"></ul>{page}'


def test_a_footer_is_emptied_where_it_stands() -> None:
    footer = f'<footer id="foot"><p>Cơ quan chủ quản<br><img src="/logo.svg">{LIST}</p></footer>'
    assert cut(f"<h1>Tít</h1><p>Chữ</p>{footer}") == '<h1>Tít</h1><p>Chữ</p><footer id="foot"></footer>'
    signed = f"<h1>Tít</h1><p>Chữ</p><footer>Phi Long{ITEM * 5}</footer>"
    assert cut(signed) == signed


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(f"{LIST}<p>Chữ</p>", id="no headline"),
        pytest.param(f"{BOXES.replace('</a>', '</a>Chữ')}<h1>", id="words beside the links"),
        pytest.param(f"{BOXES.replace('<div>', '<div class=breadcrumb>')}<h1>", id="a trail of sections"),
        pytest.param(f"<ul>{ITEM * 20}</ul><h1>", id="as few links as a trail of sections may have"),
        pytest.param(f"{LIST.replace('/the-gioi', '/the-gioi/bai-post1.vov')}<h1>", id="links to articles"),
        pytest.param(f"{LIST.replace('</ul>', '', 1)}<h1>", id="a list that is not closed"),
        pytest.param(f"</ul>{LIST.replace('</a>', '', 1)}<h1>", id="a link that is not closed"),
        pytest.param(f'<script>a = "<ul>"</script>{ITEM * 30}</ul><h1>', id="a list that begins in a script"),
        pytest.param(f'<ul><script>a = "</ul>"</script>{ITEM * 30}</ul><h1>', id="one that ends in a script"),
        pytest.param(f"<!-- <ul> --><p>Chữ</p>{ITEM * 30}</ul><h1>", id="a list that begins in a comment"),
        pytest.param(f'<a href="/"><img src="/logo.png">{LIST}<h1>', id="a list in a link that is not closed"),
    ],
)
def test_what_is_no_whole_list_of_links_above_the_headline_stays(page: str) -> None:
    assert cut(page) == page


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(f"<nav><ol>{ITEM * 20}</ol></nav>", id="as few links as a trail of sections may have"),
        pytest.param(MENU.replace('"/the-gioi"', '"/the-gioi/bai-post1.vov"'), id="links to articles"),
        pytest.param(MENU.replace("</a>", "", 1), id="a tag that is not closed"),
        pytest.param(MENU.replace("</nav>", ""), id="a menu that is not closed"),
        pytest.param(MENU.replace("<nav", "<navigation"), id="another tag"),
        pytest.param(f"<!-- <nav> --><p>Chữ</p>{ITEM * 30}</nav>", id="a menu that begins in a comment"),
        pytest.param(f'<img title="<nav>"><ul>{ITEM * 30}</ul></nav>', id="a menu that begins in an attribute"),
        pytest.param(f'<nav title="a > b>{ITEM * 30}</nav>', id="an attribute that is not closed"),
        pytest.param(f'<a href="/"><img src="/logo.png">{MENU}', id="a menu in a link that is not closed"),
    ],
)
def test_what_is_no_whole_menu_stays(page: str) -> None:
    assert cut(page) == page


def test_of_nested_menus_the_inner_one_is_emptied() -> None:
    assert cut(f"<nav>{MENU}<p>Chữ</p></nav>") == '<nav><nav class="main"></nav><p>Chữ</p></nav>'


PIECES = ["<p>Chữ", "</p>", "<div>", "</div>", "<a href='/'>Liên kết", "</a>", "<b>", "</b>"]


@given(st.lists(st.sampled_from([MENU, LIST, BOXES, "<ul><li>Chữ", "</ul>", *PIECES])))
def test_what_stands_round_a_menu_is_parsed_as_it_would_be_with_it(pieces: list[str]) -> None:
    page = "".join(["<html><body><p>Đầu</p>", *pieces, "<h1>Tít</h1>"])

    def is_menu(element: Element) -> bool:
        return element.tag in ("nav", "ul") or element.get("class") == "menu"

    def told(root: Element) -> list[tuple[str, str]]:
        return [
            (element.tag, (element.text or "").strip())
            for element in root.iter()
            if not any(is_menu(outer) for outer in [element, *element.iterancestors()])
        ]

    assert told(parse(Source(page.encode()))) == told(etree.HTML(mended(page.encode()).decode()))


def test_the_record_of_a_page_is_the_same_without_its_menus() -> None:
    url = "https://vov.vn/xa-hoi/hoi-nghi-post1.vov"
    longer = MENU.replace("/the-gioi", "https://vov.vn/tu-khoa/nga-tag1")
    records = [
        read_article(ARTICLE.format(menu=menu).encode(), url=url) for menu in ("", MENU, longer, LIST, BOXES)
    ]
    assert records[0].body == ["Đoạn thứ nhất của bài viết này.", "Đoạn thứ hai của bài viết này."]
    assert records[1:] == records[:1] * 4


DOUBTFUL = [
    b"\xff",
    b"\xe1\xba",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf4\x90\x80\x80",
    b"Ti\xea\xecng",
    b"\0",
    b"\xef\xbf\xbf",
]


@pytest.mark.parametrize("doubtful", DOUBTFUL)
@pytest.mark.parametrize("place", ["<h1", "<p>", "</p>", 'title"', "<script>", "<!--", "</body>"])
@pytest.mark.parametrize("faults", [0, 200], ids=["", "after many faults"])
def test_a_page_reads_as_its_text_does_whatever_its_bytes_are(doubtful: bytes, place: str, faults: int) -> None:
    """Whether a page is UTF-8 the parser says, whose list of faults is short."""
    page = ARTICLE.format(menu='<script>var a;</script><!-- --><p class="title">Mục</p>').encode()
    body = page.replace(b"<body>", b"<body>" + b"</b>" * faults).replace(
        place.encode(), place.encode() + doubtful, 1
    )
    url = "https://vov.vn/a/b-post1.vov"
    assert read_article(body, url=url) == read_article(decode(body), url=url)


def test_single_signs_of_windows_stand_in_pages_of_utf_8() -> None:
    told = "<p>Tiếng Việt đầy đủ dấu, đọc được cả: ".encode() * 6 + b"\x93m\x94 \x96 h\xe1\xba t\xa0.</p>"
    assert decode(told).endswith("cả: “m” – h\ufffd t\u00a0.</p>")

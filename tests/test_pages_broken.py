"""Pages that nobody would write: whatever is broken gives a record that fits the schema, or a reason why not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.markup import HEADLINE, ONE, P1, P2, TWO, URL, page, read
from tests.schema import problems
from vovcrawler.items import to_record
from vovcrawler.pages import NotAnArticle, read_article, read_dump
from vovcrawler.sources.files import address

HERE = Path(__file__).parent
TOKEN = re.compile(r"<[^>]*>|[^<]+")
PAGES = [TOKEN.findall(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("pages/*.html"))]
DUMPS = [path.read_text(encoding="utf-8").split("\n") for path in sorted(HERE.parent.glob("fixtures/*.txt"))]
DATA = '<script type="application/ld+json">{}</script>'
ODD = [
    *[
        "<table><tr>",
        "</td></tr>",
        "<tr></tr>",
        "<figure>",
        "</figure>",
        "<a>",
        "</p>",
        "<li>",
        "<img>",
        "\0",
        "&#0;",
    ],
    *[
        '<a href="http://[::1">',
        '<img src="http://[::1">',
        '<base href="http://[bad">',
        '<time datetime="x">',
        "&#xD800;",
    ],
    DATA.format('[1, null, {"@type": 3, "keywords": 5, "author": [[{}]], "image": [null]}]'),
    DATA.format(
        '{"@type": "NewsArticle", "headline": ["a"], "articleBody": {}, "image": 7, "author": {"name": ["x"]}}'
    ),
    DATA.format(
        '{"@type": "Article", "articleSection": [{}], "keywords": [1, "a"], "datePublished": "31/31/2025"}'
    ),
]
EDIT = st.tuples(st.sampled_from(["cut", "twice", "swap", "odd"]), st.integers(0, 10_000), st.integers(0, 10_000))


def edited(parts: list[str], edits: list[tuple[str, int, int]], odd: list[str]) -> list[str]:
    parts = list(parts)
    for what, one, other in edits:
        at, to = one % len(parts), other % len(parts)
        if what == "cut":
            del parts[at : at + 1 + other % 20]
        elif what == "twice":
            parts.insert(at, parts[to])
        elif what == "swap":
            parts[at], parts[to] = parts[to], parts[at]
        else:
            parts.insert(at, odd[other % len(odd)])
        parts = parts or ["x"]
    return parts


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(page=st.sampled_from(PAGES), edits=st.lists(EDIT, min_size=1, max_size=40), length=st.floats(0.2, 1))
def test_a_broken_page_gives_a_valid_record_or_a_reason(
    page: list[str], edits: list[tuple[str, int, int]], length: float
) -> None:
    html = "".join(edited(page, edits, ODD))
    try:
        article = read_article(html[: int(len(html) * length)], url="https://vov.vn/a/b-post1.vov")
    except NotAnArticle:
        return
    assert problems(to_record(article)) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(dump=st.sampled_from(DUMPS), edits=st.lists(EDIT, min_size=1, max_size=20))
def test_a_broken_dump_gives_a_valid_record_or_a_reason(
    dump: list[str], edits: list[tuple[str, int, int]]
) -> None:
    odd = ["Tin liên quan", "Đọc nhiều", "(Ảnh: X)", "Tags: a", "12:00, 32/13/2025", "VOV.VN -", "./.", "\u200b"]
    try:
        article = read_dump("\n".join(edited(dump, edits, odd)))
    except NotAnArticle:
        return
    assert problems(to_record(article)) == []


def test_a_page_goes_on_behind_its_end() -> None:
    cut = '</body></html>\n<div class="field-related-article"><h3>Tin liên quan</h3>'
    box = '<p><a href="/the-gioi/khac-post7.vov">Tít của bài báo khác</a></p></div>'
    html = page(after=f"{cut}{box}")
    assert [related.url for related in read(html).related] == ["https://vov.vn/the-gioi/khac-post7.vov"]
    split = page(f"{P1}</BODY></html >{P2}").replace("</body></html>", "")
    assert read(split).body == [ONE, TWO]


@pytest.mark.parametrize(
    "body", [b"<", b"<>", b"<p", b"</p>", b"<!--", b"<html", b"<\0>", b"<p>\xff\xfe", b"\xfe\xff"]
)
def test_a_few_bytes_are_no_article(body: bytes) -> None:
    with pytest.raises(NotAnArticle):
        read_article(body)


@pytest.mark.parametrize(
    ("part", "few"),
    [
        ('<h3>Tin liên quan</h3><p><a href="/a/b-post{}.vov">Tít khác</a></p>', 100),
        ('<a href="/tu-khoa/nga-tag{}">Nga {}</a> ', 300),
        ('<figure><img src="/a{}.jpg"><figcaption>Ảnh: TTXVN</figcaption></figure>', 300),
        ('<div class="share"><a href="#{}">Chia sẻ</a></div>', 300),
        ('<div class="article-content"><div class="text-long"><p>Đoạn {}</p></div></div>', 1000),
        ('<p align="right"><b>Phi Long {}</b></p>', 800),
    ],
)
def test_twice_as_many_parts_take_about_twice_as_long(part: str, few: int) -> None:
    def whole(parts: str) -> str:
        is_text = "href" not in part and "article-content" not in part
        return page(P1 + parts) if is_text else page(P1, after=parts)

    check_costs(part, few, whole)


@pytest.mark.parametrize("part", ["<!--", "<script>", "<textarea>", "<section><div>", "<p><span>", "</section>"])
def test_so_do_parts_that_are_not_closed(part: str) -> None:
    check_costs(part, 3000, lambda parts: f"<div></i></section>{parts}{page()}")


def test_so_do_links_without_a_word() -> None:
    check_costs('<a href="/tu-khoa/nga-tag{}"></a>', 300, lambda parts: page(P1, after=f"<p>{parts}</p>"))


def test_so_do_pictures_above_the_text_that_are_not_closed() -> None:
    figure = '<figure><img src="/{}.jpg"><figcaption>Ảnh {}</figcaption>'
    check_costs(figure, 100, lambda parts: page(date=parts))


@pytest.mark.parametrize(
    "part", ['<div class="photo"><img src="/{}.jpg"></div>', f"{ONE}<br>", f"<div>{P1}</div>"]
)
def test_so_do_parts_of_unknown_markup(part: str) -> None:
    check_costs(part, 500, lambda parts: f"<html><body><div><h1>Tít</h1><div>{parts}</div></div></body></html>")


@pytest.mark.parametrize(
    "odd",
    [
        f"<p>{ONE}</span></p>{P2}",
        f"<p><b><span>{ONE}</b></span> Hết.</p>{P2}",
        f"<p>{ONE}</p></span><ul><li>{TWO}</li></ul>",
        f"<p>{ONE}</p></span><h3>Hết.</h3>{P2}",
    ],
)
def test_an_end_tag_too_many_does_not_end_the_text(odd: str) -> None:
    article = read(
        f"""<form id="aspnetForm"><h1 class="title">Tít của bài</h1><p class="summary">(VOV) - Lời dẫn.</p>
        <span id="ctl00_mContent_lbBody">{P1}{odd}</span><p class="author">Phi Long</p></form>"""
    )
    assert (article.lead, article.byline) == ("Lời dẫn.", "Phi Long")
    assert " ".join(article.body).replace(" Hết.", "") == f"{ONE} {ONE} {TWO}"


@pytest.mark.parametrize("too_many", ["</div>" * count for count in range(1, 6)])
def test_boxes_that_are_closed_too_early_do_not_end_the_text(too_many: str) -> None:
    three = "Đoạn thứ ba nói về những gì hai bên sẽ làm sau cuộc hội đàm này."
    photo = '<figure><img src="/a.jpg"><figcaption>Cuộc họp</figcaption></figure>'
    other = "<h3>Đọc nhiều</h3><p>Một đoạn dài của một bài khác, mà nhiều người đã đọc trong ngày hôm nay.</p>"
    html = page(f"{P1}{too_many}{P2}{photo}<h3>Kết quả</h3><p>{three}</p>", byline="", after=other)
    article = read(html)
    assert (article.body, article.subheadings) == ([ONE, TWO, "Kết quả", three], [2])
    assert [image.caption for image in article.images] == ["Cuộc họp"]
    form = f"""<form id="aspnetForm"><div><h1 class="title">Tít của bài</h1><p class="summary">(VOV) - Lời dẫn.</p>
        <span id="ctl00_mContent_lbBody">{P1}{too_many}{P2}<p>{three}</p></span>
        <p class="author">Phi Long</p></div></form>"""
    assert (read(form).body, read(form).byline) == ([ONE, TWO, three], "Phi Long")


def test_paragraphs_below_the_text_of_a_sound_page_are_not_its_text() -> None:
    assert read(page(P1, byline=f"</div>{P2}<div>")).body == [ONE]
    assert read(page(P1, byline="</div></div><p>Mời quý độc giả theo dõi VOV.VN trên</p>")).body == [ONE]


def test_a_headline_that_is_not_closed_does_not_hold_the_text() -> None:
    article = read(page(headline=f'<h1 class="article-title">{HEADLINE}'))
    assert (article.headline, article.body) == (HEADLINE, [ONE, TWO])
    assert (article.lead, article.published_at) == ("Hai ngoại trưởng vừa gặp nhau.", "2025-12-29T16:54:00+07:00")


@pytest.mark.parametrize("behind", [f"{P2}<p>Ngắn.</p>", f"<h3>Tiêu đề</h3>{P2}"])
def test_a_figure_that_is_not_closed_does_not_hold_the_text(behind: str) -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>Quang cảnh. Ảnh: TTXVN</figcaption>'
    article = read(page(f"{P1}{figure}{behind}"))
    assert (article.body[0], TWO in article.body, len(article.body)) == (ONE, True, 3)
    assert [(image.caption, image.credit) for image in article.images] == [("Quang cảnh.", "TTXVN")]


@pytest.mark.parametrize("box", ["<div class='row article-summary'><h2>{}</h2>", "<div class='sapo'>{}"])
def test_a_lead_that_is_not_closed_does_not_hold_the_text(box: str) -> None:
    article = read(page(lead=box.format("VOV.VN - Hai ngoại trưởng vừa gặp nhau.")))
    assert (article.lead, article.body) == ("Hai ngoại trưởng vừa gặp nhau.", [ONE, TWO])


@pytest.mark.parametrize(
    "frame",
    [
        "<nav><ul><li><div><a href='/the-gioi'>Thế giới</a></li></ul></nav>",
        "<header><div><div><a href='/'>VOV</a></div></header>",
        "<nav><ul><li><a href='/the-gioi'>Thế giới</a></li></ul>",
        "<aside><p>Quảng cáo</p>",
        '<div class="navbar"><div class="menu"><a href="/the-gioi">Thế giới</a></div>',
        "<div class='sidebar'><table><tr><td>Quảng cáo</div>",
    ],
)
def test_an_article_may_stand_in_a_frame_that_is_not_closed(frame: str) -> None:
    article = read(page(P1 + P2).replace("<body>", f"<body>{frame}"))
    assert (article.headline, article.body, article.byline) == (HEADLINE, [ONE, TWO], "Phi Long/VOV.VN")
    assert (article.lead, article.published_at) == ("Hai ngoại trưởng vừa gặp nhau.", "2025-12-29T16:54:00+07:00")


@pytest.mark.parametrize("tag", ["span", "font", "div"])
def test_an_end_tag_too_many_does_not_divide_a_paragraph(tag: str) -> None:
    words = ONE.split()
    odd = f"<p>{' '.join(words[:4])}</{tag.upper()}> <span>{words[4]}</span> {' '.join(words[5:])}</p>"
    assert read(page(f'<{tag} lang="vi">{P2}{odd}{P2}</{tag}>')).body == [TWO, ONE, TWO]


def test_the_end_tag_of_a_line_break_is_a_line_break() -> None:
    assert read(page(f"<p>{ONE}</br>{TWO}</p><p>{TWO}</BR /></br>{ONE}</p>")).body == [f"{ONE} {TWO}", TWO, ONE]


def check_costs(part: str, few: int, whole: Callable[[str], str]) -> None:
    def seconds(count: int) -> float:
        html = whole("".join(part.replace("{}", str(number)) for number in range(count)))
        start = time.process_time()
        with suppress(NotAnArticle):
            read(html)
        return time.process_time() - start

    seconds(10)
    # Four times as many would take sixteen times as long, were each looked at for each.
    assert min(seconds(4 * few) for _ in range(2)) < 10 * min(seconds(few) for _ in range(2)) + 0.1


TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div><h1>Một bài được lưu trong kho</h1>"
    "<p>12 captures, 04/05/2023 10:20</p></div><!-- END WAYBACK TOOLBAR INSERT -->"
)


@pytest.mark.parametrize("host", ["https://web.archive.org", "//web.archive.org", ""])
def test_a_page_of_the_wayback_machine_is_read_as_the_site_served_it(host: str) -> None:
    plain = page(
        f"{P1}<figure><img src='https://media.vov.vn/a.jpg'></figure>{P2}",
        head=f'<link rel="canonical" href="{URL}">',
        after="<div class='field-related-article'><h3>Tin liên quan</h3>"
        "<a href='https://vov.vn/the-gioi/khac-post22.vov'>Một bài khác về chuyện này</a></div>",
    )
    kept = re.sub(r"(href|src)=(['\"])(?=https:)", rf"\1=\2{host}/web/20230504102030im_/", plain)
    assert kept.count("/web/2023") == 3
    script = '<script src="https://web-static.archive.org/_static/js/bundle-playback.js"></script>'
    kept = kept.replace("<head>", f"<head>{script}").replace("<body>", f"<body>{TOOLBAR}")
    assert read(kept, url=None) == read(plain)
    assert address(kept.encode()) == URL

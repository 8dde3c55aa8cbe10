"""Related news: by heading or container, each target once, nothing of the lists around it."""

from __future__ import annotations

import pytest

from tests.markup import ONE, P1, P2, TWO, URL, page, read
from vovcrawler.items import Related

FIRST = Related(headline="Bài thứ nhất", url="https://vov.vn/xa-hoi/mot-post1.vov", teaser="Lời giới thiệu một.")
SECOND = Related(headline="Bài thứ hai", url="https://vov.vn/xa-hoi/hai-post2.vov")
THIRD = Related(headline="Bài thứ ba", url="https://vov.vn/xa-hoi/ba-post3.vov")


def card(related: Related, tag: str = "h5") -> str:
    teaser = f"<p>VOV.VN - {related.teaser}</p>" if related.teaser else ""
    return (
        f'<div class="card"><a href="{related.url}"><img src="/t.jpg" alt="Ảnh"></a>'
        f'<{tag}><a href="{related.url}">{related.headline}</a></{tag}>{teaser}</div>'
    )


CARDS = card(FIRST) + card(SECOND)
OTHER = card(Related(headline="Tin khác", url="https://vov.vn/xa-hoi/khac-post9.vov"))


@pytest.mark.parametrize("tag", ["ul", "div"])
def test_the_oldest_pages_point_to_related_news_with_arrows_outside_the_text_too(tag: str) -> None:
    inner = "li" if tag == "ul" else "p"
    arrows = "".join(
        f'<{inner}><strong>&gt;&gt;</strong> <a href="{news.url}">{news.headline}</a></{inner}>'
        for news in (SECOND, THIRD)
    )
    html = f"""<html><body><form id="aspnetForm"><h1 class="title">Tít của bài</h1>
        <p class="summary">(VOV) - Lời dẫn của bài.</p><span id="ctl00_mContent_lbBody">{P1}{P2}</span>
        <{tag} class="khac">{arrows}</{tag}></form></body></html>"""
    article = read(html, "https://vov.vn/Home/bai/200912/130000.vov")
    assert article.layout == "webforms"
    assert article.body == [ONE, TWO]
    assert article.related == [SECOND, THIRD]


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="field-related-article"><h3>Tin liên quan</h3>{CARDS}</div>',
        f'<div class="field-related-article">{CARDS}{CARDS}</div>',
        '<div class="row"><h4><span>TIN LIÊN QUAN</span></h4>'
        f'</div><div class="field-related-article">{CARDS}</div>',
        f"<section><h2>TIN LIÊN QUAN (2)</h2>{CARDS}</section>",
        f"<section><h2>Tin lien quan</h2>{CARDS}</section>",
        f"<section><h2>\x0cTin liên quan</h2>{CARDS}</section>",
        f"<div><div class='t'> Tin\u00a0liên quan: </div><div>{CARDS}</div></div>",
        f"<div><h3><i class='fa'></i> Tin liên quan</h3>{CARDS}</div>",
        f"<div><h3><span>Tin</span> <em>liên quan</em></h3>{CARDS}</div>",
        f"<p><strong>Tin liên quan</strong></p>{CARDS}<p><strong>Đọc nhiều</strong></p>{OTHER}",
        f"<h3>Tin liên quan</h3>{CARDS}<div><h2><a href='/emagazine'>Chùm ảnh</a></h2>{OTHER}</div>",
        f"<h3>Tin liên quan</h3>{CARDS}<h3>Tin cùng chuyên mục</h3>{OTHER}",
        f"<div class='t'>Tin liên quan</div>{CARDS}<div class='t'>Tin cùng chuyên mục</div>{OTHER}",
        f"<div><h3>Tin liên quan</h3>{CARDS}<div id='comments'><h3>Bình luận (3)</h3>{OTHER}</div></div>",
        f"<div><div><h3>Tin liên quan</h3>{CARDS}</div><div><h3>Đọc nhiều</h3>{OTHER}</div></div>",
        '<ul><li><a href="#a">Tin liên quan</a></li><li><a href="#b">Đọc '
        f'nhiều</a></li></ul><div id="a">{CARDS}</div><div id="b">{OTHER}</div>',
        f'<div class="field-related-article"><h3>Đọc nhiều</h3>{OTHER}</div><h3>Tin liên quan</h3>{CARDS}',
    ],
)
def test_related_news_is_found_by_heading_or_container(box: str) -> None:
    assert read(page(after=f"<div>{box}</div>")).related == [FIRST, SECOND]


@pytest.mark.parametrize(
    "box",
    [
        f"<div><h4>Tin liên quan</h4>{CARDS}</div>",
        f'<p><strong>Tin liên quan:</strong></p><p><a href="{FIRST.url}">'
        f"{FIRST.headline}</a></p><p>VOV.VN - {FIRST.teaser}</p>"
        f'<p><a href="{SECOND.url}">{SECOND.headline}</a></p>',
    ],
)
def test_a_related_box_inside_the_text_is_related_and_no_body(box: str) -> None:
    article = read(page(P1 + box + P2))
    assert (article.related, article.body) == ([FIRST, SECOND], [ONE, TWO])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<a href="/xa-hoi/mot-post1.vov"><img src="/t.jpg" alt="Tên trong ảnh"></a>', "Tên trong ảnh"),
        ('<a href="/xa-hoi/mot-post1.vov" title="Tên trong title"><img src="/t.jpg"></a>', "Tên trong title"),
        (
            '<a href="/xa-hoi/mot-post1.vov"><img src="/t.jpg" '
            'alt="Ảnh"><h5>Tên bài</h5><p>VOV.VN - Sapo.</p></a>',
            "Tên bài",
        ),
        ('<b>&gt;&gt;</b> <a href="/xa-hoi/mot-post1.vov">Tên bài</a>', "Tên bài"),
        ('<a href="/xa-hoi/mot-post1.vov">&gt;&gt; Tên bài</a>', "Tên bài"),
        (
            '<a href="/xa-hoi">Xã hội</a><a href="/xa-hoi/mot-post1.vov">'
            "Tên bài</a><span>10:00, 30/12/2025</span>",
            "Tên bài",
        ),
    ],
)
def test_the_headline_of_a_card_is_its_headline_link(markup: str, expected: str) -> None:
    (related,) = read(page(after=f"<div><h3>Tin liên quan</h3><div>{markup}</div></div>")).related
    assert related.headline == expected
    assert related.teaser in (None, "Sapo.")


@pytest.mark.parametrize(
    "card",
    [
        "<li>{link}<span>16:54, 29/12/2025</span><span>VOV.VN - {teaser}</span></li>",
        "<li>{link}<time>29/12/2025</time><div>{teaser}</div></li>",
        "<li><a href='/the-gioi'>Thế giới</a>{link}<small>3 giờ trước</small><span>{teaser}</span></li>",
        "<li>{link}<a href='/the-gioi'>Thế giới</a><p>{teaser}</p></li>",
        "<a href='/xa-hoi/mot-post1.vov'><h4>Bài thứ nhất</h4><small>3 giờ trước</small><span>{teaser}</span></a>",
    ],
)
def test_a_teaser_is_neither_the_headline_nor_the_time_before_it(card: str) -> None:
    teaser = "Lời giới thiệu dài hơn hẳn tên của bài, như phần lớn lời giới thiệu trên trang."
    told = card.format(link=f"<a href='{FIRST.url}'>{FIRST.headline}</a>", teaser=teaser)
    (related,) = read(page(after=f"<div><h3>Tin liên quan</h3><div>{told}</div></div>")).related
    assert (related.headline, related.teaser) == (FIRST.headline, teaser)


def test_a_list_with_a_title_of_its_own_ends_the_related_news() -> None:
    second = card(Related(headline="Tin nữa", url="https://vov.vn/xa-hoi/nua-post8.vov"))
    lists = f"<div>{CARDS}</div><div><div class='t'>Góc nhìn</div>{OTHER}{second}</div>"
    assert read(page(after=f"<div><div class='t'>Tin liên quan</div>{lists}</div>")).related == [FIRST, SECOND]


def test_the_heading_may_open_the_paragraph_of_the_links() -> None:
    links = "<br>".join(f'&gt;&gt; <a href="{news.url}">{news.headline}</a>' for news in (FIRST, SECOND))
    article = read(page(f"{P1}{P2}<p>Tin liên quan: {links}</p>"))
    assert [news.url for news in article.related] == [FIRST.url, SECOND.url]
    assert article.body == [ONE, TWO]
    sentence = f'<p>Tin liên quan <a href="{FIRST.url}">đến vụ việc</a> được lan truyền.</p>'
    linked = f'<p><a href="{FIRST.url}">Tin liên quan</a> đến vụ việc được lan truyền.</p>'
    slanted = f'<p><b><em>Tin liên quan</em></b> đến vụ việc được <a href="{FIRST.url}">lan truyền</a>.</p>'
    for told in (sentence, linked, slanted):
        assert read(page(P1 + told)).body == [ONE, "Tin liên quan đến vụ việc được lan truyền."]


def test_links_in_the_box_of_the_lead_are_none_of_it() -> None:
    links = f'<ul><li><a href="{FIRST.url}">{FIRST.headline}</a></li></ul>'
    own = '<a href="/the-gioi/x-post9.vov">ngoại trưởng</a>'
    article = read(page(lead=f'<div class="article-summary"><h2>VOV.VN - Hai {own} gặp nhau.</h2>{links}</div>'))
    assert (article.lead, article.related) == ("Hai ngoại trưởng gặp nhau.", [])


def test_what_has_a_name_of_its_own_behind_the_list_is_none_of_it() -> None:
    links = "".join(f'<div><a href="{news.url}">{news.headline}</a></div>' for news in (FIRST, SECOND))
    author = '<div class="article-author">Phi Long/VOV.VN</div>'
    tags = '<div class="x">Từ khóa: <a href="/tu-khoa/nga-tag1">Nga</a> <a href="/tu-khoa/my-tag2">Mỹ</a></div>'
    article = read(page(byline="", after=f"<b>Tin liên quan</b>{links}{author}"))
    tagged = read(page(after=f"<b>Tin liên quan</b>{links}{tags}"))
    assert [news.url for news in article.related] == [FIRST.url, SECOND.url]
    assert [news.teaser for news in article.related] == [None, None]
    assert (article.byline, tagged.tags) == ("Phi Long/VOV.VN", ["Nga", "Mỹ"])


def test_only_articles_of_vov_are_related_and_each_once() -> None:
    hrefs = [
        "http://m.vov.vn/xa-hoi/mot-post1.vov#binh-luan",
        "https://baoxuan.vov.vn/xa-hoi/mot-ten-khac-post1.vov?utm_source=x",
        " /the-thao/bong-da/cu-1048721.vov ",
        "https://english.vov.vn/en/politics/six-post6.vov",
        "https://vtv.vn/abc-12345678.vov",
        "https://vov.vn.example.com/xa-hoi/x-post8.vov",
        "/the-gioi",
        "/tu-khoa/nga-tag1",
        "javascript:void(0)",
        URL,
        "/the-gioi/ten-moi-post1000.vov",
    ]
    items = "".join(f'<li><a href="{href}">Bài {place}</a></li>' for place, href in enumerate(hrefs))
    article = read(page(after=f"<div><h3>Tin liên quan</h3><ul>{items}</ul></div>"))
    assert [(related.headline, related.url) for related in article.related] == [
        ("Bài 0", "https://vov.vn/xa-hoi/mot-post1.vov"),
        ("Bài 2", "https://vov.vn/the-thao/bong-da/cu-1048721.vov"),
        ("Bài 3", "https://english.vov.vn/en/politics/six-post6.vov"),
    ]


def test_a_card_that_leads_elsewhere_is_no_teaser_of_the_card_before() -> None:
    foreign = '<div><h5><a href="https://example.com/x">Một quảng cáo có câu khá dài ở đây.</a></h5></div>'
    article = read(page(after=f"<div><h3>Tin liên quan</h3>{card(SECOND)}{foreign}</div>"))
    assert article.related == [SECOND]


def test_without_a_heading_or_container_nothing_is_related() -> None:
    assert read(page(after=f"<div>{CARDS}</div>")).related == []


@pytest.mark.parametrize("cut", ["Bài thứ...", "Bài thứ …"])
def test_a_headline_that_was_cut_is_whole_in_the_title_of_its_link(cut: str) -> None:
    titles = ((SECOND, "Bài thứ hai"), (THIRD, "Xem"))
    links = (f'<a href="{news.url}" title="{title}">{cut}</a>' for news, title in titles)
    box = "<h3>Tin liên quan</h3><ul>" + "".join(map("<li>{}</li>".format, links)) + "</ul>"
    assert read(page(after=box)).related == [SECOND, Related(headline=cut, url=THIRD.url)]


LINKS = [f'<a href="{news.url}">{news.headline} của loạt bài này</a>' for news in (FIRST, SECOND)]


@pytest.mark.parametrize(
    "box",
    [
        f"<p>Bài liên quan:</p><ul><li>{LINKS[0]}</li><li>{LINKS[1]}</li></ul>",
        f"<p><b>Tin liên quan</b></p><p>{LINKS[0]}</p><p>{LINKS[1]}</p><p><br></p>",
        f"<b>Tin liên quan:</b><br>{LINKS[0]}<br>{LINKS[1]}<br><br>",
    ],
)
@pytest.mark.parametrize(
    ("behind", "said"),
    [
        ("<table><tr><td>Vàng</td><td>120</td></tr></table>", ["Vàng | 120"]),
        ("<p>Cụ thể:</p><ul><li>Một mục</li></ul>", ["Cụ thể:", "Một mục"]),
        ("<blockquote><p>“Chúng tôi sẵn sàng”</p></blockquote>", ["“Chúng tôi sẵn sàng”"]),
        (f"<p>Theo {LINKS[1]}, có hai việc:</p>", ["Theo Bài thứ hai của loạt bài này, có hai việc:"]),
        (f"{ONE} <em>Như đã nói</em> hôm qua.<br><br>", [f"{ONE} Như đã nói hôm qua."]),
    ],
)
def test_a_text_goes_on_behind_the_related_news_in_it(box: str, behind: str, said: list[str]) -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>Một cảnh (Ảnh: TTXVN)</figcaption></figure>'
    article = read(page(P1 + box + figure + behind + P2))
    assert article.body == [ONE, *said, TWO]
    assert [image.caption for image in article.images] == ["Một cảnh"]
    assert [news.url for news in article.related] == [FIRST.url, SECOND.url]


@pytest.mark.parametrize("wrap", ["<div>{}</div>", "<div><div>{}</div></div>", "<section>{}</section>"])
@pytest.mark.parametrize(
    ("above", "said"), [(P1, [ONE]), (f"{ONE}<br><br>", [ONE]), ("", []), ("<p>Một dòng.</p>", ["Một dòng."])]
)
def test_a_text_in_a_box_goes_on_behind_the_related_news_in_it(wrap: str, above: str, said: list[str]) -> None:
    for box in (f"<p><b>Tin liên quan</b></p><p>{LINKS[0]}</p>", f"<div>Tin liên quan</div><div>{LINKS[0]}</div>"):
        article = read(page(wrap.format(f"{above}{box}{P2}<figure><img src='/a.jpg'></figure>{P1 * 2}")))
        assert article.body == [*said, TWO, ONE, ONE]
        assert (len(article.images), [news.url for news in article.related]) == (1, [FIRST.url])


def test_an_arrow_between_breaks_takes_no_text_with_it() -> None:
    pointer = f'&gt;&gt; <a href="{SECOND.url}">{SECOND.headline}</a>'
    html = f"""<html><body><form id="aspnetForm"><h1 class="title">Tít của bài</h1>
        <p class="summary">(VOV) - Lời dẫn của bài.</p><span id="ctl00_mContent_lbBody"><p>{ONE}<br><br>{pointer}
        <br><br>{TWO}</p></span></form></body></html>"""
    article = read(html, "https://vov.vn/Home/bai/200912/130000.vov")
    assert (article.body, article.related) == ([ONE, TWO], [SECOND])


def test_a_short_sentence_with_a_link_is_text_behind_the_related_news_in_it() -> None:
    told = f"<p>Theo <a href='{THIRD.url}'>quy định mới</a> thì không.</p>"
    article = read(page(f"{P1}<h3>Tin liên quan</h3><ul><li>{LINKS[0]}</li></ul>{told}{P2}"))
    assert article.body == [ONE, "Theo quy định mới thì không.", TWO]
    assert [news.url for news in article.related] == [FIRST.url]


def test_the_articles_of_a_channel_on_its_own_site_are_related_too() -> None:
    url, other = "https://vov1.vov.gov.vn/thoi-su/{}-c14-{}.aspx".format, "Bài khác của kênh"
    box = f'<div class="g7"><h3>Tin liên quan</h3><p><a href="/thoi-su/khac-c14-126306.aspx">{other}</a></p></div>'
    head = f'<link rel="canonical" href="{url("bai", 126305)}">'
    article = read(page(head=head, after=box), url=None)
    assert (article.url, article.id) == (url("bai", 126305), "vov1.vov.gov.vn/thoi-su/bai-c14-126305.aspx")
    assert article.related == [Related(headline=other, url=url("khac", 126306))]

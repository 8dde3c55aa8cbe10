"""Links to other news in the text: which lines are theirs, and which are the text around them."""

from __future__ import annotations

import pytest

from tests.markup import ONE, P1, P2, TWO, page, read

HREF = "/the-gioi/khac-post22.vov"
NAME = "Một bài khác về chuyện này"
OTHER = "/the-gioi/nua-post23.vov"
TEASER = "VOV.VN - Lời giới thiệu của bài khác, dài chừng một câu như trong hộp tin."
PLAIN = "Lời giới thiệu không có dấu hiệu của bài khác, dài chừng một câu như thế."
THUMB = f"<a href='{HREF}'><img src='/z.jpg'></a>"
CARD = f"<div class='x'>{THUMB}<h4><a href='{HREF}'>{NAME}</a></h4><p>{{}}</p></div>"
LIST = f"<ul><li><a href='{HREF}'>{NAME}</a></li><li><a href='{OTHER}'>Thêm một bài khác nữa</a></li></ul>"
POINTER = f"<p>Xem thêm: <a href='{HREF}'>{NAME}</a></p>"
WHOLE = f"<a href='{HREF}'><img src='/z.jpg'><h4>{NAME}</h4><p>{{}}</p></a>"
BOXES = [
    CARD.format(TEASER),
    CARD.format(PLAIN),
    LIST,
    POINTER,
    WHOLE.format(TEASER),
    WHOLE.format(PLAIN),
    f"<a href='{HREF}'><img src='/z.jpg'><b>{NAME}</b><i>{TEASER}</i></a>",
    f"<div>{THUMB}<div><strong>{NAME}</strong><p>{TEASER}</p></div></div>",
]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize(("text", "body"), [(P1, [ONE]), (P1 + P2, [ONE, TWO])])
def test_a_box_around_links_and_a_short_text_is_no_card(box: str, text: str, body: list[str]) -> None:
    for told in (box + text, box + text + POINTER, box * 2 + text, CARD.format(PLAIN) + box + text):
        assert read(page(f"<div class='inner'>{told}</div>")).body == body


@pytest.mark.parametrize("box", BOXES)
def test_a_box_is_none_of_a_text_that_stands_in_one_with_it(box: str) -> None:
    for told in (P1 + box + P2, P1 + P2 + box):
        article = read(page(f"<div class='inner'>{told}</div>"))
        assert (article.body, article.subheadings, article.images) == ([ONE, TWO], [], [])


def test_loose_text_goes_on_behind_a_link_round_a_card() -> None:
    card = f"<a href='{HREF}'><img src='/z.jpg'><b>{NAME}</b> <i>{TEASER}</i></a>"
    assert read(page(f"{ONE}<br><br>{card}{TWO}")).body == [ONE, TWO]


def test_news_of_one_line_may_stand_above_a_card_and_an_advertisement() -> None:
    frame = "<div><iframe src='https://ads.example.com/x'></iframe></div>"
    article = read(page(CARD.format(TEASER) + frame))
    assert (article.body, article.fallback_fields) == ([], [])


def test_a_headline_that_opens_the_line_of_its_teaser_is_a_card_below_its_picture() -> None:
    line = f"<p><a href='{HREF}'>{NAME}</a> {PLAIN}</p>"
    assert read(page(P1 + line + P2)).body == [ONE, f"{NAME} {PLAIN}", TWO]
    assert read(page(f"{P1}<p>{THUMB}</p>{line}{P2}")).body == [ONE, TWO]
    other = THUMB.replace(HREF, OTHER)
    assert read(page(f"{P1}<p>{other}</p>{line}{P2}")).body == [ONE, f"{NAME} {PLAIN}", TWO]


def test_a_sentence_may_begin_as_a_line_that_points_to_other_news_does() -> None:
    link = f"<a href='{HREF}'>Một bài</a>"
    assert read(page(f"{P1}<p>Xem thêm chuyện đã kể dài hơn ở đây: {link}</p>{P2}")).body == [ONE, TWO]
    told = "là điều mà nhiều người đã làm trong suốt một tuần qua, theo thống kê của tờ báo ấy."
    assert read(page(f"{P1}<p>Xem thêm {link} {told}</p>{P2}")).body == [ONE, f"Xem thêm Một bài {told}", TWO]


def test_cards_side_by_side_are_cards_in_the_box_around_them() -> None:
    cards = f"<div class='row'>{CARD.format(TEASER)}{CARD.format(PLAIN).replace(HREF, OTHER)}</div>"
    assert read(page(P1 + cards + P2)).body == [ONE, TWO]


HEADING = f"<h4><a href='{HREF}'>{NAME}</a></h4>"
LONG = f"<p>{PLAIN} {PLAIN} {PLAIN} {PLAIN} {PLAIN} {PLAIN} {PLAIN}</p>"


@pytest.mark.parametrize(
    "card",
    [
        f"{THUMB}<time>12/10/2025</time>{HEADING}{LONG}",
        f"<span>2 giờ trước</span>{HEADING}<p>{TEASER}</p>",
        f"<div><a href='/the-gioi'>Thế giới</a></div>{THUMB}{HEADING}{LONG}<span>Phi Long</span>",
        f"<div>{THUMB}</div><div>{HEADING}{LONG}</div>",
        f"<div>{THUMB}{HEADING}</div><div><div>Thứ Ba, 14/10/2025</div>{LONG}</div>",
        f"{HEADING}<p>{PLAIN}</p>",
        f"<div>Tin nên đọc</div><article>{THUMB}{HEADING}<p>{PLAIN}</p></article>",
    ],
)
def test_a_card_may_have_a_long_teaser_times_and_labels(card: str) -> None:
    for told in (
        f"<div>{card}</div>{P1}{P2}",
        f"{P1}<div class='k7'>{card}</div>{P2}",
        f"{P1}{P2}<div>{card}</div>",
    ):
        assert read(page(told)).body == read(page(f"<div>{told}</div>")).body == [ONE, TWO]


@pytest.mark.parametrize(
    "link",
    [f"<h3>Tít phụ</h3><p><a href='{HREF}'>{NAME}</a></p>", f"<p>{THUMB}</p>", f"<ul><li>{HEADING}</li></ul>"],
)
def test_a_part_of_the_text_in_a_box_may_open_with_a_link(link: str) -> None:
    parts = f"<div>{P1}</div><div>{link}{P2}</div>"
    assert [line for line in read(page(parts)).body if line != "Tít phụ"] == [ONE, TWO]
    assert read(page(f"<div>{parts}</div>")).body == read(page(parts)).body


def test_pictures_of_a_story_may_share_a_box_with_links() -> None:
    story = "<figure><img src='/a.jpg'></figure><p><b>Phi Long</b></p>"
    article = read(page(f"<div>{POINTER}{story}</div>", byline=""))
    assert (article.byline, article.body, len(article.images)) == ("Phi Long", [], 1)


@pytest.mark.parametrize("teaser", [TEASER, PLAIN])
@pytest.mark.parametrize("foot", ["29/12/2025", "Phi Long"])
def test_what_stands_below_a_card_in_its_box_is_part_of_it(teaser: str, foot: str) -> None:
    for card in (CARD.format(teaser), WHOLE.format(teaser)):
        box = f"<div class='y'>{card}<div>{foot}</div></div>"
        assert read(page(P1 + box + P2)).body == read(page(f"<div>{box}{P1}{P2}</div>")).body == [ONE, TWO]


def test_the_time_of_a_card_that_opens_the_text_is_not_that_of_the_article() -> None:
    cards = "".join(
        f"<div class='item'><a href='/a/bai-post{n}.vov'><img src='/{n}.jpg'></a>"
        f"<a href='/a/bai-post{n}.vov'>Một bài khác số {n}</a><span class='time'>08:2{n} 14/12/2025</span></div>"
        for n in range(3)
    )
    box = f"<div class='swiper'><div class='head'>Có thể bạn quan tâm</div>{cards}</div>"
    article = read(page(f"{box}{P1}{P2}", date=""))
    assert (article.published_at, article.body) == (None, [ONE, TWO])


@pytest.mark.parametrize(
    "bar",
    [
        '<div><a href="#comments">Bình luận</a></div>',
        "<ul><li>Chia sẻ</li><li>Bình luận</li></ul>",
        "<div><p>Bình luận</p></div>",
    ],
)
def test_a_button_above_the_text_does_not_end_it(bar: str) -> None:
    assert read(page(bar + P1 + P2)).body == [ONE, TWO]
    if "<p>" not in bar:
        assert read(page(P1 + bar + P2)).body == [ONE, TWO]


@pytest.mark.parametrize(
    ("below", "body"),
    [
        (P2, [ONE, TWO]),
        (f"{P2}<p>Thích</p>", [ONE, TWO]),
        (CARD.format(TEASER) + P2, [ONE, TWO]),
        (f"{P2}<p>Thích · Trả lời · 2 giờ trước</p>", [ONE]),
        (f"<p>An Nhi</p>{P2}", [ONE]),
        (f"<div>{P2}</div>", [ONE]),
    ],
)
def test_a_paragraph_between_two_others_ends_no_text(below: str, body: list[str]) -> None:
    for line in ("<p>Bình luận</p>", "<h3>Bình luận</h3>"):
        assert read(page(f"{P1}{line}{below}")).body == body


@pytest.mark.parametrize("words", ["Xem tiếp:", "Đọc tiếp:", "Xem thêm"])
def test_a_few_words_and_a_link_to_other_news_are_no_text(words: str) -> None:
    article = read(page(f"{P1}<p><strong>{words} <a href='{HREF}'>{NAME}</a></strong></p>{P2}"))
    assert (article.body, article.subheadings) == ([ONE, TWO], [])


def test_an_arrow_behind_a_line_break_points_to_other_news() -> None:
    pointer = f"<br>&gt;&gt; <a href='{HREF}'>{NAME}</a><br>&gt;&gt; <a href='{OTHER}'>Thêm một bài khác nữa</a>"
    lead = f'<div class="article-summary"><h2>VOV.VN - Hai ngoại trưởng vừa gặp nhau.{pointer}</h2></div>'
    article = read(page(f"<p>{ONE}{pointer}</p>" + P2, lead=lead))
    assert (article.lead, article.body) == ("Hai ngoại trưởng vừa gặp nhau.", [ONE, TWO])

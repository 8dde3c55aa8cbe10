"""When an article was published, and when changed: printed dates, and what machines are told."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read


@pytest.mark.parametrize(
    ("date", "head", "published_at", "late"),
    [
        ("Thứ Hai, 16:54, 29/12/2025 |", "2025-12-29T16:54:31+07:00", "2025-12-29T16:54:00+07:00", False),
        ("Thứ năm, 00:00, 23/04/2020", "2020-04-23T09:12:13+07:00", "2020-04-23T09:12:13+07:00", True),
        ("Thứ năm, 00:00, 23/04/2020", "2020-04-24T09:12:13+07:00", "2020-04-23T00:00:00+07:00", False),
        ("Thứ năm, 00:00, 23/04/2020", "", "2020-04-23T00:00:00+07:00", False),
        ("Nghe &amp; Xem", "2020-04-23T09:12:13+07:00", "2020-04-23T09:12:13+07:00", True),
    ],
)
def test_the_printed_time_wins_unless_it_is_unknown(date: str, head: str, published_at: str, late: bool) -> None:
    machine = f'<meta property="article:published_time" content="{head}">' if head else ""
    article = read(page(date=f'<div class="col-md-4 mb-2">{date}</div>', head=machine))
    assert article.published_at == published_at
    assert ("published_at" in article.fallback_fields) == late


@pytest.mark.parametrize(
    "date",
    [
        "29/12/2025 16:54",
        "16 giờ 54, ngày 29 tháng 12 năm 2025",
        "Dec 29, 2025 16:54",
        "29 Dec 25 16:54",
        "29th December, 25 16:54",
        "29-Dec-25 16:54",
        "29/12/<b>20</b>25 16:54",
    ],
)
def test_a_printed_date_is_known_in_every_form(date: str) -> None:
    article = read(page(date=f'<div class="col-md-4 mb-2">{date}</div>'))
    assert article.published_at == "2025-12-29T16:54:00+07:00"


def test_a_printed_date_may_stand_beside_an_icon() -> None:
    date = '<div class="luc"><i class="icon-clock"></i> Thứ Hai, 29/12/2025 | 16:54</div>'
    assert read(page(date=date)).published_at == "2025-12-29T16:54:00+07:00"


@pytest.mark.parametrize("shown", ["3 giờ trước", "Hôm nay, 16:54", ""])
def test_a_time_without_a_date_has_it_for_machines(shown: str) -> None:
    stamp = "2025-12-29T16:54:00+07:00"
    article = read(page(date=f'<time datetime="{stamp}">{shown}</time>'))
    assert (article.published_at, article.modified_at, article.fallback_fields) == (stamp, None, [])
    later = '<time datetime="2025-12-29T18:10:00+07:00">Cập nhật 2 giờ trước</time>'
    article = read(page(date=f'<time datetime="{stamp}">{shown}</time>{later}'))
    assert (article.published_at, article.modified_at) == (stamp, "2025-12-29T18:10:00+07:00")


def test_a_date_may_stand_above_the_headline() -> None:
    above = "<div><div>Thứ Hai, 16:54, 29/12/2025</div></div>"
    headline = f'{above}<div><h1 class="article-title">{HEADLINE}</h1></div>'
    assert read(page(headline=headline, date="")).published_at == "2025-12-29T16:54:00+07:00"
    frame = f"<div>Thứ Hai, 16:54, 29/12/2025</div><div><p>Bản tin</p>{headline.removeprefix(above)}</div>"
    assert read(page(headline=frame, date="")).published_at is None


@pytest.mark.parametrize("name", ["col-md-4 mb-2", "sua"])
def test_a_printed_update_is_the_time_of_modification(name: str) -> None:
    dates = (
        '<div class="col-md-4 mb-2">Thứ Hai, 16:54, 29/12/2025</div>'
        f'<div class="{name}">Cập nhật: 18:10, 29/12/2025</div>'
    )
    article = read(page(date=dates))
    assert (article.published_at, article.modified_at) == (
        "2025-12-29T16:54:00+07:00",
        "2025-12-29T18:10:00+07:00",
    )


@pytest.mark.parametrize(
    ("printed", "told"), [("", None), ("<p class='Date_k2'>29/12/2025</p>", "2025-12-29T00:00:00+07:00")]
)
def test_the_day_in_the_frame_of_a_page_is_not_that_of_an_unknown_text(printed: str, told: str | None) -> None:
    today = "<header><span class='date-now'>Thứ Hai, 23/11/2026</span></header>"
    news = "<aside><a href='/a/b-post1.vov'>Bài khác</a><span class='date'>08:24, 14/12/2024</span></aside>"
    text = f"<main><h1>{HEADLINE}</h1>{printed}<div>{P1}{P2}</div></main>"
    assert read(f"<html><body>{today}{text}{news}</body></html>").published_at == told


def test_a_time_of_publication_may_stand_before_the_update_in_one_box() -> None:
    date = "<div>29/12/2025 - 16:54 <span>Cập nhật: 18:10, 29/12/2025</span></div>"
    article = read(page(date=date))
    assert article.published_at == "2025-12-29T16:54:00+07:00"
    assert article.modified_at == "2025-12-29T18:10:00+07:00"


def test_the_times_of_news_as_it_comes_in_are_not_when_it_was_published() -> None:
    entry = '<li><time datetime="2024-05-05T{0}:00+07:00">{0}</time><p>{1}</p></li>'
    text = f"<ul>{entry.format('18:35', ONE)}{entry.format('17:10', TWO)}</ul>"
    html = f'<article><h1>{HEADLINE}</h1><p>05/05/2024 17:00</p><div class="k2">{P1}{text}</div></article>'
    assert read(f"<html><body>{html}</body></html>").published_at == "2024-05-05T17:00:00+07:00"
    assert read(f"<html><body>{html.replace('17:00', '')}</body></html>").published_at is not None

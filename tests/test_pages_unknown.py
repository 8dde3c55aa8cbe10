"""Pages in markup that nobody described: another front of the site, a theme to come, a copy that a tool made."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read

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

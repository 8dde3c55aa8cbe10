"""What a page says twice, for wide screens and for narrow ones: it is read once."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, ONE, P1, P2, TWO, page, read

BOTH = '<div class="d-md-none">{0}</div><div class="d-none d-md-block">{0}</div>'


@pytest.mark.parametrize(
    "lead",
    [
        "<h2>VOV.VN - Hai ngoại trưởng vừa gặp nhau.</h2>",
        "VOV.VN - Hai ngoại trưởng vừa gặp nhau.",
        '<p>VOV.VN - Hai <a href="/the-gioi/khac-post22.vov">ngoại trưởng</a> vừa gặp nhau.</p>',
    ],
)
def test_a_lead_for_two_screens_is_one(lead: str) -> None:
    article = read(page(lead=f'<div class="row article-summary">{BOTH.format(lead)}</div>'))
    assert (article.outlet, article.lead) == ("VOV.VN", "Hai ngoại trưởng vừa gặp nhau.")
    assert article.body == [ONE, TWO]


def test_a_headline_and_a_byline_for_two_screens_are_one() -> None:
    headline = f'<h1 class="article-title">{BOTH.format(HEADLINE)}</h1>'
    byline = f'<div class="row article-author">{BOTH.format("Phi Long/VOV.VN")}</div>'
    article = read(page(P1 + P2, headline=headline, byline=byline))
    assert (article.headline, article.byline, article.authors) == (HEADLINE, "Phi Long/VOV.VN", ["Phi Long"])

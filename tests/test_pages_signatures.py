"""Who signed an article, where no class says so."""

from __future__ import annotations

import pytest

from tests.markup import ONE, TWO, page, read

SIGNED = '<div class="row mt-3"><strong>Phi Long/VOV.VN</strong></div>'


@pytest.mark.parametrize(
    "parts",
    [
        {"byline": SIGNED},
        {"byline": "", "after": SIGNED},
        {"byline": "", "date": SIGNED},
        {"byline": "", "after": '<p class="g7">PV Phi Long/VOV-Cairo</p>'},
        {"byline": "", "after": "<p>Biên dịch: Phi Long/VOV.VN</p>"},
        {"byline": "", "after": "<p>Phi Long/VOV Giao thông</p>"},
        {"byline": "", "after": "<p>PV/VOV-Cairo, Phi Long/VOV.VN</p>"},
        {"byline": "", "content": '<div class="article-content">{}<p>Phi Long/VOV Đông Bắc</p></div>'},
        {"byline": "", "content": '<div class="article-content">{}<p>Phi Long/VOV.VN, PV/VOV-Cairo</p></div>'},
        {"byline": "", "content": '<div class="article-content">{}<p>Phi Long/VOV-TP.HCM, PV/VOV.VN</p></div>'},
        {"byline": "", "after": "<div><p><em>CTV Phi Long/VOV-Miền Trung (tổng hợp)</em></p></div>"},
    ],
)
def test_a_byline_is_known_by_its_words_beside_the_text(parts: dict[str, str]) -> None:
    article = read(page(**parts))
    assert article.authors == ["Phi Long"]
    assert article.body == [ONE, TWO]
    assert "byline" not in article.fallback_fields


@pytest.mark.parametrize(
    "after",
    [
        "<h3>Đọc nhiều</h3><p>Phi Long/VOV.VN</p>",
        "<footer><p>Phi Long/VOV.VN</p></footer>",
        '<div class="card"><a href="/a/khac-post22.vov"><h5>Tít khác</h5></a><p>Phi Long/VOV.VN</p></div>',
        "<p>Theo dõi VOV.VN trên Zalo</p><p>Báo điện tử VOV</p>",
    ],
)
def test_what_stands_below_may_sign_something_else(after: str) -> None:
    assert read(page(byline="", after=after)).byline is None

"""A small page in the layout of today, put together from parts: what a test changes is all that a test says."""

from __future__ import annotations

from vovcrawler.items import Article
from vovcrawler.pages import read_article

URL = "https://vov.vn/the-gioi/bai-viet-post1000.vov"
HEADLINE = "Nga và Trung Quốc thảo luận vấn đề Triều Tiên"
ONE = "Đoạn thứ nhất nói về cuộc hội đàm tại Moscow, dài vừa phải như trong bài thật."
TWO = "Đoạn thứ hai nói về kết quả của cuộc hội đàm, cũng dài vừa phải như thế."
P1, P2 = f"<p>{ONE}</p>", f"<p>{TWO}</p>"
LEAD = '<div class="row article-summary"><h2>VOV.VN - Hai ngoại trưởng vừa gặp nhau.</h2></div>'
DATE = '<div class="col-md-4 mb-2">Thứ Hai, 16:54, 29/12/2025 |</div>'
BYLINE = '<div class="row article-author">Phi Long/VOV.VN</div>'
CONTENT = '<div class="row article-content"><div class="col"><div class="text-long">{}</div></div></div>'


def page(
    body: str = P1 + P2,
    *,
    head: str = "",
    headline: str = f'<h1 class="article-title">{HEADLINE}</h1>',
    date: str = DATE,
    lead: str = LEAD,
    content: str = CONTENT,
    byline: str = BYLINE,
    after: str = "",
    attributes: str = 'lang="vi"',
) -> str:
    """Return the HTML of a page; each part can be replaced or left out."""
    return (
        f'<!DOCTYPE html><html {attributes}><head><meta charset="utf-8">{head}'
        '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css"></head><body>'
        f'<div class="detail detail--normal">{headline}{date}{lead}{content.format(body)}{byline}</div>{after}'
        "</body></html>"
    )


def read(html: str | bytes, url: str | None = URL) -> Article:
    return read_article(html, url=url)

"""The layout of 2020 and after."""

from __future__ import annotations

from html import escape

from tests.replica.story import Heading, Picture, Story

_DAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")


def page(story: Story) -> str:
    date = story.published_at
    shown = ""
    if date:
        day = "Chủ nhật" if date.weekday() == 6 else f"Thứ {_DAYS[date.weekday()]}"
        shown = f"{day}, {date:%H:%M, %d/%m/%Y}"
    body = []
    for block in story.body:
        match block:
            case str():
                body.append(f"<p>{escape(block)}</p>")
            case Heading(text):
                body.append(f"<h2>{escape(text)}</h2>")
            case Picture():
                caption = f"<figcaption>{escape(block.printed or '')}</figcaption>"
                body.append(f'<figure><img src="{block.url}">{caption}</figure>')
    if story.end_mark and body and body[-1].endswith(".</p>"):
        body[-1] = body[-1].removesuffix(".</p>") + "./.</p>"
    related = "".join(
        f'<div class="media"><a href="{card.href}"><h5>{escape(card.headline)}</h5></a>'
        f"<p>{escape(card.mark + (card.teaser or ''))}</p></div>"
        for card in story.related
    )
    crumbs = "".join(f'<li class="breadcrumb-item"><a href="{p}">{n}</a></li>' for n, p in story.section)
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>{escape(story.headline)} | VOV.VN</title>
<meta property="og:title" content="{escape(story.headline)}"></head><body>
<ol class="breadcrumb">{crumbs}</ol>
<h1 class="article-title">{escape(story.headline)}</h1>
<div class="row"><div class="col-md-4 mb-2">{shown}</div></div>
<div class="row article-summary"><h2>{escape(story.mark + (story.lead or ""))}</h2></div>
<div class="row article-content"><div class="col"><div class="text-long">{"".join(body)}</div></div></div>
<div class="row article-author">{escape(story.byline or "")}</div>
<div class="field-related-article"><h3>Tin liên quan</h3>{related}</div></body></html>"""

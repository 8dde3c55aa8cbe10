"""A layout that nobody has described: plain HTML5 with structured data, as a redesign might bring."""

from __future__ import annotations

from html import escape
from random import Random

from tests.replica.story import Picture, Recording, Story

from . import noise
from .blocks import flow, image, lead_html, weekday
from .head import head
from .related import related


def page(story: Story, rng: Random) -> str:
    """Return the page of *story*."""
    date = story.published_at
    shown = f'<time datetime="{date.isoformat()}">{weekday(date)}, {date:%H:%M, %d/%m/%Y}</time>' if date else ""
    crumbs = "".join(f'<li><a href="{path}">{name}</a></li>' for name, path in story.section)
    text = flow(story, rng, picture=lambda p: _picture(p, rng), recording=_recording, between=noise.advert)
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="vi">',
            head(story, rng, assets='<script src="/_next/static/main.js"></script>', data=("object", "graph")),
            f'<body><div id="__next">{noise.menu(rng)}<main>',
            f'<nav aria-label="breadcrumb"><ol class="breadcrumb">{crumbs}</ol></nav>',
            f"<article><header><h1>{escape(story.headline)}</h1>{shown}</header>",
            f'<p class="standfirst">{lead_html(story, rng)}</p>' if story.lead else "",
            f'<div class="content">{text}</div>',
            f'<p class="author">{escape(story.byline)}</p>' if story.byline else "",
            noise.tag_line(story, rng) + "</article>",
            related(story.related, rng, drupal=False),
            noise.below(story, rng),
            f"</main>{noise.FOOTER}</div></body></html>",
        ]
    )


def _picture(picture: Picture, rng: Random) -> str:
    below = f"<figcaption>{escape(picture.printed)}</figcaption>" if picture.printed else ""
    return f"<figure>{image(picture, rng)}{below}</figure>"


def _recording(recording: Recording) -> str:
    if "youtube" in recording.url:
        return f'<iframe src="{recording.url}"></iframe>'
    return f'<{recording.kind} controls src="{recording.url}"></{recording.kind}>'

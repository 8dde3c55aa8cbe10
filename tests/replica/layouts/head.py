"""The ``head`` of a page: meta tags, and structured data in the shapes that sites give it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from random import Random
from typing import Any

from tests.replica.story import Story

_LOGO = "https://vov.vn/themes/custom/vovvn/logo.png"
_SITE = {"@context": "https://schema.org", "@type": "WebSite", "name": "VOV.VN", "url": "https://vov.vn"}
_OWNER = {"@type": "Organization", "name": "VOV.VN", "logo": {"@type": "ImageObject", "url": _LOGO}}


def head(story: Story, rng: Random, *, assets: str, data: Sequence[str], times: bool = True) -> str:
    """Return the ``head``; *data* are the shapes of structured data to pick from (see ``_SHAPES``)."""
    shape = rng.choice(data)
    lines = [
        '<meta charset="utf-8">' if rng.random() < 0.7 else _OLD_CHARSET,
        f"<title>{escape(story.headline)} | VOV.VN</title>",
        *_meta(story, rng, times=times),
        assets,
        _SHAPES[shape](story) if shape else "",
        "<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments);}</script>",
        "<style>.article-content p{margin:0 0 1em} h1{font-weight:700}</style>",
    ]
    return "<head>\n" + "\n".join(filter(None, lines)) + "\n</head>"


_OLD_CHARSET = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'


def _meta(story: Story, rng: Random, *, times: bool) -> list[str]:
    described = escape(f"{story.mark}{story.lead}") if story.lead else ""
    picture = story.pictures[0].url if story.pictures else _LOGO
    tags = [
        ("name", "title", escape(story.headline)),
        ("name", "description", described),
        ("property", "og:title", escape(story.headline)),
        ("property", "og:description", described),
        ("property", "og:url", story.url),
        ("property", "og:type", "article"),
        ("property", "og:site_name", "BÁO ĐIỆN TỬ VOV"),
        ("property", "og:image", picture),
        ("name", "keywords", escape(", ".join(story.tags))),
        ("property", "article:section", story.section[-1][0] if story.section else ""),
        ("name", "viewport", "width=device-width, initial-scale=1"),
    ]
    if times and story.published_at:
        tags.append(("property", "article:published_time", story.published_at.isoformat()))
    if times and story.modified_at:
        tags.append(("property", "article:modified_time", story.modified_at.isoformat()))
    shown = [f'<meta {kind}="{name}" content="{content}">' for kind, name, content in tags if content]
    rng.shuffle(shown)
    return [*shown, f'<link rel="canonical" href="{story.url}">']


def _news(story: Story) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url},
        "headline": story.headline,
        "description": f"{story.mark}{story.lead}" if story.lead else "",
        "author": [{"@type": "Person", "name": name} for name in story.authors] or _OWNER,
        "publisher": _OWNER,
    }
    if story.section:
        data["articleSection"] = story.section[-1][0]
    if story.tags:
        data["keywords"] = list(story.tags)
    if story.published_at:
        data["datePublished"] = story.published_at.isoformat()
    if story.modified_at:
        data["dateModified"] = story.modified_at.isoformat()
    return data


def _crumbs(story: Story) -> dict[str, Any]:
    places = (("Trang chủ", "/"), *story.section)
    items = [
        {"@type": "ListItem", "position": at, "item": {"@id": f"https://vov.vn{path}", "name": name}}
        for at, (name, path) in enumerate(places, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _script(*data: Any) -> str:
    texts = (json.dumps(part, ensure_ascii=False) if not isinstance(part, str) else part for part in data)
    return "\n".join(f'<script type="application/ld+json">{text}</script>' for text in texts)


_SHAPES = {
    "": lambda story: "",
    "object": lambda story: _script(_news(story)),
    "list": lambda story: _script([_SITE, _news(story)]),
    "graph": lambda story: _script({"@context": "https://schema.org", "@graph": [_SITE, _news(story)]}),
    "several": lambda story: _script(_SITE, _news(story), _crumbs(story)),
    "broken first": lambda story: _script('{"@type": "NewsArticle", "headline": "Tít "hỏng"', _news(story)),
    "broken": lambda story: _script('{"@type": "NewsArticle", "headline": "Tít\n hỏng", }'),
}

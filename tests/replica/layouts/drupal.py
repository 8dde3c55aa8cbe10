"""The layout of 2020 and after (``/themes/custom/vovvn/``)."""

from __future__ import annotations

from html import escape
from random import Random

from tests.replica import words
from tests.replica.story import Picture, Recording, Story

from . import noise
from .blocks import flow, image, lead_html, weekday
from .head import head
from .related import related

_ASSETS = (
    '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css"><script src="/core/misc/drupal.js"></script>'
)


def page(story: Story, rng: Random) -> str:
    """Return the page of *story*."""
    data = ("", "object", "list", "graph", "several", "broken first", "broken")
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="vi" dir="ltr" prefix="og: https://ogp.me/ns#">',
            head(story, rng, assets=_ASSETS, data=("several",) if "section" in story.hidden else data),
            f'<body class="path-node page-node-type-article">{noise.menu(rng)}{noise.advert(rng)}',
            '<main role="main"><div class="container">',
            _breadcrumb(story, rng),
            _wrapped(_article(story, rng), rng),
            related(story.related, rng),
            noise.below(story, rng),
            f"</div></main>{noise.FOOTER}<script>drupalSettings={{}}</script></body></html>",
        ]
    )


def _breadcrumb(story: Story, rng: Random) -> str:
    home = rng.choice(("", "", '<li class="breadcrumb-item"><a href="/">Trang chủ</a></li>'))
    if "section" in story.hidden:
        return ""
    items = []
    first = rng.choice(("breadcrumb-item breadcrumb-item-first", "breadcrumb-item-first"))
    for at, (name, path) in enumerate(story.section):
        css = first if at == 0 and not home else "breadcrumb-item"
        items.append(f'<li class="{css}"><a href="{path}">{escape(name)}</a></li>')
    listed = f"{home}{''.join(items)}"
    return rng.choice(
        (
            f'<nav aria-label="breadcrumb"><ol class="breadcrumb">{listed}</ol></nav>',
            f'<div class="row special-header"><ul class="list-inline">{listed}</ul></div>',
        )
    )


def _wrapped(article: str, rng: Random) -> str:
    return rng.choice(
        (
            f'<div class="detail detail--normal">{article}</div>',
            f'<div class="row"><div class="col-lg-9">{article}</div></div>',
            f'<article class="node node--type-article">{article}</article>',
        )
    )


def _article(story: Story, rng: Random) -> str:
    dateline = _dateline(story, rng)
    parts = [_headline(story, rng), dateline, _summary(story, rng), _content(story, rng)]
    if story.byline:
        parts.append(_author(story, rng))
    if rng.random() < 0.5:
        parts.insert(2, noise.share(rng))
    if story.tags and not story_tags_inside(story):
        parts.append(noise.tag_line(story, rng))
    if "date" in story.hidden:
        parts = [part for part in parts if part != dateline]
    return "\n".join(parts)


def story_tags_inside(story: Story) -> bool:
    """Whether the line of keywords stands in the text container."""
    return story.seed % 3 == 0


def _headline(story: Story, rng: Random) -> str:
    text = escape(story.headline)
    return rng.choice(
        (
            f'<h1 class="article-title">{text}</h1>',
            f'<div class="row article-title"><h1 class="col-12"><span>{text}</span></h1></div>',
            f'<div class="row article-title"><div class="col">\n<h1>\n  <span>{text}</span>\n</h1></div></div>',
            f'<h1 class="article-title mb-0">\n {text} </h1>',
        )
    )


def _dateline(story: Story, rng: Random) -> str:
    if not story.published_at:
        return ""
    date = story.published_at
    shown = f"{weekday(date)}, {date:%H:%M, %d/%m/%Y}"
    return rng.choice(
        (
            f'<div class="row"><div class="col-md-4 mb-2">{shown}</div></div>',
            f'<div class="row"><div class="col-md-4 mb-2">\n{shown} |</div>'
            '<div class="col-md-4 mb-2">A+ A-</div></div>',
            f'<div class="row article-date"><div class="col-md-4">{shown}</div></div>',
            f'<div class="row"><div class="col-md-4 mb-2"><span>{shown}</span> | </div></div>',
        )
    )


def _summary(story: Story, rng: Random) -> str:
    text = lead_html(story, rng)
    if not text or "lead" in story.hidden:
        return ""
    return rng.choice(
        (
            f'<div class="row article-summary"><h2>{text}</h2></div>',
            f'<div class="row article-summary"><div class="col-md-12"><div>{text}</div></div></div>',
            f'<div class="row article-summary"><div class="col"><h2 class="summary">\n{text}\n</h2></div></div>',
            f'<div class="row article-summary">{text}</div>',
        )
    )


def _content(story: Story, rng: Random) -> str:
    body = flow(story, rng, picture=lambda p: _picture(p, story, rng), recording=_recording, between=_between)
    tail = noise.promotion(rng) if rng.random() < 0.7 else ""
    if story_tags_inside(story):
        tail += noise.tag_line(story, rng)
    if rng.random() < 0.3:
        tail += noise.share(rng)
    return rng.choice(
        (
            f'<div class="row article-content"><div><div class="text-long">{body}{tail}</div></div></div>',
            f'<div class="row article-content">{body}{tail}</div>',
            f'<div class="row article-content"><div class="text-long">{body}</div>{tail}</div>',
            '<div class="row article-content"><div class="col-12"><div class="field field--name-body text-long">'
            f"{body}</div>{tail}</div></div>",
        )
    )


def _between(rng: Random) -> str:
    return rng.choice((noise.advert(rng), "<p>&nbsp;</p>", "<p></p>", "<p><br></p>", "<script>lazy()</script>"))


def _picture(picture: Picture, story: Story, rng: Random) -> str:
    img = image(picture, rng, texts=(story.headline,))
    caption = escape(picture.printed) if picture.printed else ""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    forms = [
        f'<figure class="image">{img}{below}</figure>',
        f'<figure role="group" class="gallery-embed align-center"><div class="field">{img}</div>{below}</figure>',
        f'<figure><a href="{picture.url}">{img}</a><figcaption><em>{caption}</em></figcaption></figure>',
    ]
    credit = f'<p class="credit">Ảnh: {escape(picture.credit)}</p>' if picture.credit else ""
    if picture.caption:
        told = f"<p>{escape(picture.caption)}</p>{credit}"
        forms.append(
            f'<figure class="image image-style-align-center">{img}<figcaption>{told}</figcaption></figure>'
        )
    forms.append(
        '<article class="align-center media media--type-image media--view-mode-full">'
        f'<div class="field field--name-field-media-image">{img}</div>'
        + (f'<div class="field field--name-field-caption">{caption}</div>' if caption else "")
        + "</article>"
    )
    if "-post" not in story.url:
        forms.append(f'<p class="Image">{img}{f"<br>{caption}" if caption else ""}</p>')
    return rng.choice(forms)


def _recording(recording: Recording) -> str:
    if "youtube" in recording.url:
        return (
            f'<div class="video-embed"><iframe width="560" src="{recording.url}" allowfullscreen></iframe></div>'
        )
    if recording.kind == "video":
        return (
            f'<div class="gallery-embed video_file videojs-player" data-url="{recording.url}">'
            '<div class="vjs-poster"></div></div>'
        )
    return (
        '<div class="node-content-audio"><audio controls preload="none">'
        f'<source src="{recording.url}" type="audio/mpeg">Trình duyệt không hỗ trợ.</audio></div>'
    )


def _author(story: Story, rng: Random) -> str:
    text = escape(story.byline or "")
    link = f'<a href="/tac-gia/{words.slug(story.byline or "")}-author{rng.randrange(10**6)}">{text}</a>'
    return rng.choice(
        (
            f'<div class="row article-author"><div class="col-md-12">{text}</div></div>',
            f'<div class="row article-author"><div class="col"><span>Tác giả: </span><b>{text}</b></div></div>',
            f'<div class="row article-author"><div class="col">{link}</div></div>',
            f'<div class="row article-author">\n{link}\n</div>',
            f'<div class="row article-author"><div class="col text-right"><strong>{text}</strong></div></div>',
        )
    )

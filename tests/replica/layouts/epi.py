"""The layout of 2013 to 2020 (ePi CMS on ASP.NET)."""

from __future__ import annotations

from html import escape
from random import Random

from tests.replica import words
from tests.replica.story import Card, Picture, Recording, Story

from . import noise
from .blocks import flow, image, lead_html, weekday
from .head import head
from .related import inset_cards, related

_ASSETS = '<link rel="stylesheet" href="/css/cms-core.css"><script src="/js/cms-jquery.js"></script>'


def page(story: Story, rng: Random) -> str:
    """Return the page of *story*."""
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="vi">',
            head(story, rng, assets=_ASSETS, data=("", "", "object", "several")),
            f'<body class="cms-article"><form method="post" id="aspnetForm" action="{story.path}">',
            f'<input type="hidden" name="__VIEWSTATE" value="/wEPDwUK">{noise.menu(rng)}',
            _breadcrumb(story, rng),
            f'<div class="l-content"><article class="article">{_article(story, rng)}</article>',
            _stories(story, rng),
            noise.below(story, rng),
            f"</div>{noise.FOOTER}</form></body></html>",
        ]
    )


def _breadcrumb(story: Story, rng: Random) -> str:
    links = [f'<a href="{path}" title="{name}">{name}</a>' for name, path in story.section]
    return rng.choice(
        (
            f'<ol class="breadcrumb">{"".join(f"<li>{link}</li>" for link in links)}</ol>',
            f'<div class="breadcrumb">{" &raquo; ".join(links)}</div>',
            f'<nav class="breadcrumb"><a href="/">Trang chủ</a> / {" / ".join(links)}</nav>',
        )
    )


def _article(story: Story, rng: Random) -> str:
    date = story.published_at
    shown = f"{weekday(date, digit=True)}, {date:%H:%M, %d/%m/%Y}" if date else ""
    lead = lead_html(story, rng)
    sapo = rng.choice(
        (
            f'<p class="sapo cms-desc">{lead}</p>',
            f'<div class="article__sapo cms-desc">{lead}</div>',
            f'<div class="article__sapo">{lead}</div>',
        )
    )
    time = rng.choice(
        (f"<time>{shown}</time>", f'<div class="article__meta"><time class="cms-date">{shown}</time></div>')
    )
    return "\n".join(
        [
            f'<header class="article__header"><h1 class="article__title cms-title">{escape(story.headline)}</h1>',
            f"{time if date else ''}{noise.share(rng)}</header>",
            sapo if lead else "",
            _body(story, rng),
            noise.tag_line(story, rng) if story.tags else "",
        ]
    )


def _body(story: Story, rng: Random) -> str:
    text = flow(story, rng, picture=lambda p: _picture(p, rng), recording=_recording, between=_between)
    author = ""
    if story.byline:
        author = rng.choice(
            (
                '<p class="cms-author" style="text-align:right"><strong>{}</strong></p>',
                '<div class="article__author cms-author">{}</div>',
                '<span class="cms-author">{}</span>',
            )
        ).format(escape(story.byline))
    inside = rng.random() < 0.5
    extra = noise.promotion(rng) if rng.random() < 0.5 else ""
    body = f'<div id="article-body" class="article__body cms-body">{text}{author if inside else ""}{extra}</div>'
    return body if inside else body + author


def _picture(picture: Picture, rng: Random) -> str:
    caption = escape(picture.printed) if picture.printed else ""
    told = f' data-desc="{caption}"' if caption and rng.random() < 0.5 else ""
    img = image(picture, rng, f'class="cms-photo"{told}')
    below = f"<figcaption>{caption}</figcaption>"
    if not caption:
        return f'<p style="text-align:center">{img}</p>'
    return rng.choice(
        (
            f'<table class="contentimg"><tbody><tr><td>{img}</td></tr><tr><td>{caption}</td></tr></tbody></table>',
            f'<table class="contentimg" align="center"><tr><td class="pic">{img}</td></tr>'
            f'<tr><td class="cms-photo-caption"><em>{caption}</em></td></tr></table>',
            f'<figure>{img}<figcaption class="cms-photo-caption">{caption}</figcaption></figure>',
            f'<div class="photo">{img}<p class="cms-photo-caption">{caption}</p></div>',
            f'<p><img class="cms-photo" src="{picture.url}" data-desc="{caption}"></p>',
            f'<p>{img}<br><span class="fig">{caption}</span></p>' if told else f"<figure>{img}{below}</figure>",
        )
    )


def _recording(recording: Recording) -> str:
    if "youtube" in recording.url:
        return f'<div class="cms-video"><iframe src="{recording.url}"></iframe></div>'
    if recording.kind == "video":
        return (
            f'<div class="cms-video"><video controls><source src="{recording.url}" type="video/mp4"></video></div>'
        )
    return f'<div class="cms-audio"><audio src="{recording.url}" controls></audio></div>'


def _between(rng: Random) -> str:
    card = inset_cards(rng)[0]
    return rng.choice(
        (
            f'<article class="cms-relate"><a href="{card.href}">{escape(card.headline)}</a>'
            f"<p>{escape(card.mark + (card.teaser or ''))}</p></article>",
            f'<div class="boxVideoRelated"><a href="{card.href}">{escape(card.headline)}</a></div>',
            '<div class="relatedHead">Xem thêm</div>'
            f'<div class="mainRelated"><ul><li><a href="{card.href}">{escape(card.headline)}</a></li></ul></div>',
            f'<div class="fyi-full-width"><p>{escape(words.sentence(rng))}</p></div>',
            '<div class="position-code"><script>ads.show(12)</script></div>',
            "<script>var a = '<p>không phải nội dung</p>';</script>",
            "<p>&nbsp;</p>",
        )
    )


def _stories(story: Story, rng: Random) -> str:
    if not story.related:
        return ""
    if rng.random() < 0.3:
        return related(story.related, rng, drupal=False)
    heading = rng.choice(
        ('<h3 class="box-title">Tin liên quan</h3>', '<div class="head"><span>TIN LIÊN QUAN</span></div>')
    )
    return f'<div class="stories-style-123">{heading}{"".join(map(_card, story.related))}</div>'


def _card(card: Card) -> str:
    head, href = escape(card.headline), escape(card.href)
    teaser = f'<div class="story__desc">{escape(card.mark + card.teaser)}</div>' if card.teaser else ""
    return (
        f'<article class="story"><figure class="story__thumb"><a href="{href}"><img src="/t.jpg"></a>'
        f'</figure><h2 class="story__heading"><a href="{href}">{head}</a></h2>{teaser}</article>'
    )

"""The layout of about 2008 to 2013 (ASP.NET WebForms)."""

from __future__ import annotations

from html import escape
from random import Random

from tests.replica.story import Picture, Story

from . import noise
from .blocks import image, lead_html, plain
from .dress import inline

_LINK = '<a id="ctl00_mContent_BreadCrumb1_rptBC_ctl{:02d}_lnkZone" href="{}">{}</a>'


def page(story: Story, rng: Random) -> str:
    """Return the page of *story*."""
    crumbs = " &gt; ".join(_LINK.format(at, path, name) for at, (name, path) in enumerate(story.section))
    return "\n".join(
        [
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
            '<html xmlns="http://www.w3.org/1999/xhtml"><head id="ctl00_Head1">',
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />',
            f"<title>{escape(story.headline)} - VOV Online</title>",
            f'<meta name="description" content="{escape(story.lead or "")}" />' if rng.random() < 0.5 else "",
            f'</head><body><form name="aspnetForm" method="post" action="{story.path}" id="aspnetForm">',
            '<div><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwULLTE=" /></div>',
            f'<div id="header">{noise.menu(rng)}</div><div class="breadcrumb">{crumbs}</div>',
            f'<div class="story">{_story(story, rng)}</div>',
            _related(story, rng),
            '<div class="most-viewed"><h3>Đọc nhiều nhất</h3><ul>'
            + "".join(f'<li><a href="{c.href}">{escape(c.headline)}</a></li>' for c in noise.fake_cards(rng, 3))
            + "</ul></div>",
            f'<div id="footer">{noise.FOOTER}</div></form></body></html>',
        ]
    )


def _story(story: Story, rng: Random) -> str:
    date = story.published_at
    shown = f'<span id="ctl00_mContent_lbDate">{date:%I:%M %p, %d/%m/%Y}</span>' if date else ""
    author = f'<p class="author">{escape(story.byline)}</p>' if story.byline else ""
    inside = rng.random() < 0.4
    return "\n".join(
        [
            f'<h1 class="title">{escape(story.headline)}</h1><p class="date">{shown}</p>',
            f'<p class="summary">{lead_html(story, rng)}</p>' if story.lead else "",
            "".join(_photo(picture, rng) for picture in story.pictures),
            f'<span id="ctl00_mContent_lbBody">{_body(story, rng)}{author if inside else ""}</span>',
            "" if inside else author,
            '<div class="tools"><a href="javascript:window.print()">Bản in</a> <a href="#">Gửi bạn bè</a></div>',
        ]
    )


def _photo(picture: Picture, rng: Random) -> str:
    caption = f'<p class="caption">{escape(picture.printed)}</p>' if picture.printed else ""
    return f'<div class="story-photo"><p class="photo">{image(picture, rng)}</p>{caption}</div>'


def _body(story: Story, rng: Random) -> str:
    blocks = [block for block in story.body if not isinstance(block, Picture)]
    if rng.random() < 0.25 and all(isinstance(block, str) for block in blocks):
        gap = rng.choice(("<br /><br />", "<br><br>\n", "<br/>\n<br/>\n"))
        texts = [inline(rng, str(block)).replace("<br>", " ").replace("<br/>", " ") for block in blocks]
        return gap.join(texts)
    last = max((at for at, block in enumerate(blocks) if isinstance(block, str)), default=-1)
    return "\n".join(plain(block, rng, end=story.end_mark and at == last) for at, block in enumerate(blocks))


def _related(story: Story, rng: Random) -> str:
    if not story.related:
        return ""
    heading = rng.choice(("<h3>Tin liên quan</h3>", '<div class="hd">Tin liên quan:</div>', ""))
    items = "".join(
        f'<li><strong>>></strong> <a href="{escape(card.href)}">{escape(card.headline)}</a></li>'
        for card in story.related
    )
    return f'<div class="related">{heading}<ul class="story-listing">{items}</ul></div>'

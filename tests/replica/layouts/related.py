"""The box "Tin liên quan", in the forms it may have: each card stands twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from random import Random

from tests.replica import words
from tests.replica.story import Card

_HEADINGS = (
    "Tin liên quan",
    "TIN LIÊN QUAN",
    "Tin liên quan:",
    "Tin Liên Quan",
    "Tin lien quan",
    " Tin\u00a0liên quan ",
)
_Draw = Callable[[Card, Random], str]


def related(cards: Sequence[Card], rng: Random, *, drupal: bool = True) -> str:
    """Return the box, empty without cards; *drupal* is whether it may bear the classes of that layout."""
    if not cards:
        return ""
    draw = rng.choice((_media, _column, _item, _whole) if drupal else (_plain, _item))
    each = [draw(card, rng) for card in cards]
    twice = [part for part in each for _ in (1, 2)] if rng.random() < 0.7 else [*each, *each]
    entries = "\n".join(twice)
    heading = rng.choice(_HEADINGS)
    return rng.choice(_BOXES if drupal else (_unknown, _section, _collapsed))(
        heading, f"<ul>{entries}</ul>" if draw is _item else entries
    )


def _inside(heading: str, entries: str) -> str:
    return f'<div class="field-related-article"><h3>{heading}</h3><div class="row">{entries}</div></div>'


def _before(heading: str, entries: str) -> str:
    return (
        f'<div class="row"><h4 class="block-title"><span>{heading}</span></h4></div>'
        f'<div class="field-related-article field--type-entity-reference">{entries}</div>'
    )


def _headless(heading: str, entries: str) -> str:
    return f'<div class="field-related-article">{entries}</div>'


def _collapsed(heading: str, entries: str) -> str:
    return (
        f'<div class="related-news" id="related"><a href="#related" data-toggle="collapse"><b>{heading}</b></a>'
        f'<div class="owl-carousel">{entries}</div><a class="more" href="/tin-moi-cap-nhat">Xem thêm</a></div>'
    )


def _unknown(heading: str, entries: str) -> str:
    return f'<div class="block views-block"><div class="block-title">{heading}</div><div>{entries}</div></div>'


def _section(heading: str, entries: str) -> str:
    return f"<section><p><strong>{heading}</strong></p>{entries}</section>"


_BOXES = (_inside, _before, _headless, _unknown, _section, _collapsed)


def _label(rng: Random) -> str:
    """Return, now and then, the name of the section a card belongs to."""
    return '<a class="category" href="/the-gioi">Thế giới</a>' if rng.random() < 0.3 else ""


def _teaser(card: Card, tag: str, css: str = "") -> str:
    opening = f'<{tag} class="{css}">' if css else f"<{tag}>"
    return f"{opening}{escape(card.mark + card.teaser)}</{tag}>" if card.teaser else ""


def _media(card: Card, rng: Random) -> str:
    head = escape(card.headline)
    return (
        f'<div class="media"><a href="{escape(card.href)}" title="{head}"><img src="/t.jpg" alt="{head}"></a>'
        f'<div class="media-body">{_label(rng)}'
        f'<h5 class="media-title"><a href="{escape(card.href)}">{head}</a></h5>'
        f"{_teaser(card, 'p', 'mt-2')}</div></div>"
    )


def _column(card: Card, rng: Random) -> str:
    head = escape(card.headline)
    return (
        f'<div class="col-md-4 mb-2"><article class="card"><a class="vovvn-title" href="{escape(card.href)}">'
        f'<img data-src="/t.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="{head}">'
        f'<h3 class="card-title">{head}</h3></a>{_teaser(card, "div", "card-text")}</article></div>'
    )


def _whole(card: Card, rng: Random) -> str:
    """The whole card is one link; its copy is for other screens."""
    shown = rng.choice(("d-none d-md-block", "d-md-none"))
    time = '<time class="date">10:00, 30/12/2025</time>' if rng.random() < 0.5 else ""
    return (
        f'<a class="media {shown}" href="{escape(card.href)}"><img src="/t.jpg" alt="">'
        f"<h3>{escape(card.headline)}</h3>{time}{_teaser(card, 'p')}</a>"
    )


def _plain(card: Card, rng: Random) -> str:
    head = escape(card.headline)
    return (
        f'<div class="card"><a href="{escape(card.href)}"><img src="/t.jpg" alt=""></a>{_label(rng)}'
        f'<a href="{escape(card.href)}"><h3>{head}</h3></a>{_teaser(card, "p")}</div>'
    )


def _item(card: Card, rng: Random) -> str:
    head = escape(card.headline)
    return f'<li><a href="{escape(card.href)}">{head}</a>{_teaser(card, "p")}</li>'


def inset(cards: Sequence[Card], rng: Random) -> str:
    """Return a box without heading inside the text, of some 600 letters: links and teasers of other news."""
    return rng.choice(_INSETS)(cards)


def _inset_cards(cards: Sequence[Card]) -> str:
    entries = "".join(
        f'<div class="media"><a href="{card.href}"><img src="/t.jpg" alt="{escape(card.headline)}"></a>'
        f'<a href="{card.href}"><h5>{escape(card.headline)}</h5></a>{_teaser(card, "p")}</div>'
        for card in cards
    )
    return f'<div class="embedded-entity" data-entity-type="node">{entries}</div>'


def _inset_list(cards: Sequence[Card]) -> str:
    entries = "".join(
        f'<li><a href="{card.href}">{escape(card.headline)}</a>{_teaser(card, "div")}</li>' for card in cards
    )
    return f'<ul class="inner-news">{entries}</ul>'


def _inset_article(cards: Sequence[Card]) -> str:
    entries = "".join(
        f'<article class="node"><h4><a href="{card.href}">{escape(card.headline)}</a></h4>'
        f"{_teaser(card, 'div')}</article>"
        for card in cards
    )
    return f'<div class="box-news"><div class="content">{entries}</div></div>'


def _inset_aside(cards: Sequence[Card]) -> str:
    entries = "".join(
        f'<p><a href="{card.href}"><strong>{escape(card.headline)}</strong></a></p>{_teaser(card, "p")}'
        for card in cards
    )
    return f'<div class="align-left box">{entries}</div>'


def _inset_table(cards: Sequence[Card]) -> str:
    entries = "".join(
        f'<tr><td><a href="{card.href}"><img src="/t.jpg"></a></td>'
        f'<td><a href="{card.href}">{escape(card.headline)}</a>{_teaser(card, "div")}</td></tr>'
        for card in cards
    )
    return f'<table class="rl"><tbody>{entries}</tbody></table>'


_INSETS = (_inset_cards, _inset_list, _inset_article, _inset_aside, _inset_table)


def inset_cards(rng: Random) -> tuple[Card, ...]:
    """Return links to articles that exist nowhere, enough for some 600 letters."""
    cards = []
    for _ in range(3):
        head = words.headline(rng)
        href = f"/the-gioi/{words.slug(head)}-post{rng.randrange(80_000, 89_999)}.vov"
        cards.append(Card(headline=head, href=href, teaser=words.sentence(rng)))
    return tuple(cards)

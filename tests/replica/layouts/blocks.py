"""The parts of a text that look the same in every layout: paragraphs, headings, lists, tables, quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from random import Random

from tests.replica.story import Block, Heading, Inset, Items, Picture, Quote, Recording, Story, Table

from .dress import inline
from .related import inset

_DAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")


def weekday(date: datetime, *, digit: bool = False) -> str:
    """Return the Vietnamese name of a day of the week."""
    if date.weekday() == 6:
        return "Chủ Nhật" if digit else "Chủ nhật"
    return f"Thứ {date.weekday() + 2 if digit else _DAYS[date.weekday()]}"


def plain(block: Block, rng: Random, *, end: bool = False, form: str | None = None) -> str:
    """Return a block of text as HTML, a paragraph in *form*; *end* puts the mark "./." after it."""
    match block:
        case str(text):
            html = _marked(rng, text, end)
            if form and form.startswith("<div>"):  # outside of <p> a line break is a paragraph's end
                html = html.replace("<br>", " ").replace("<br/>", " ")
            return (form or f"<p{rng.choice(_P)}>{{}}</p>").format(html)
        case Heading(text):
            return rng.choice(_HEADINGS).format(escape(text))
        case Quote(texts):
            return "<blockquote>" + "".join(f"<p>{inline(rng, text)}</p>" for text in texts) + "</blockquote>"
        case Items(texts, ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{inline(rng, text)}</li>\n" for text in texts) + f"</{tag}>"
        case Table(rows):
            cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
            return "<table><tbody>" + "".join(f"<tr>{row}</tr>\n" for row in cells) + "</tbody></table>"
        case Inset(cards):
            return inset(cards, rng)
    raise TypeError(f"No text: {block!r}")


# What an editor's paragraphs are: mostly <p>, now and then what was pasted from elsewhere.
PARAGRAPHS = (*(None,) * 8, "<div>{}</div>", '<p><span lang="vi"><span>{}</span></span></p>', "<p>\n\t{}\n</p>")
_P = ("", "", "", ' style="text-align:justify"', ' class="MsoNormal"', ' dir="ltr"')
_HEADINGS = (
    "<h2>{}</h2>",
    "<h3>{}</h3>",
    "<h2><strong>{}</strong></h2>",
    "<h4>{}</h4>",
    "<p><strong>{}</strong></p>",
)


def _marked(rng: Random, text: str, end: bool) -> str:
    html = inline(rng, text)
    if not end or not html.endswith("."):
        return html
    return html[:-1] + rng.choice(("./.", "./.", "./. ", "<strong>./.</strong>", "./.&nbsp;"))


def flow(
    story: Story,
    rng: Random,
    *,
    picture: Callable[[Picture], str],
    recording: Callable[[Recording], str],
    between: Callable[[Random], str],
) -> str:
    """Return the whole body; *between* is what the layout strews between the blocks."""
    last = max((at for at, block in enumerate(story.body) if isinstance(block, str)), default=-1)
    form = rng.choice(PARAGRAPHS)
    parts = []
    for at, block in enumerate(story.body):
        match block:
            case Picture():
                parts.append(picture(block))
            case Recording():
                parts.append(recording(block))
            case _:
                parts.append(plain(block, rng, end=story.end_mark and at == last, form=form))
        if rng.random() < 0.12:
            parts.append(between(rng))
    return "\n".join(parts)


def lead_html(story: Story, rng: Random) -> str:
    """Return the lead behind its mark."""
    if not story.lead:
        return ""
    mark = escape(story.mark)
    opening = f"<strong>{mark}</strong>" if story.mark and rng.random() < 0.3 else mark
    return opening + inline(rng, story.lead)


def image(picture: Picture, rng: Random, attributes: str = "", texts: Sequence[str] = ()) -> str:
    """Return an ``img``, now and then one that a script loads late."""
    alt = escape(rng.choice((picture.caption or "", *texts, "")))
    url = escape(picture.url.removeprefix("https://vov.vn"))
    if rng.random() < 0.3:
        late = rng.choice(("data-src", "data-original"))
        return f'<img {attributes} src="{_EMPTY}" {late}="{url}" alt="{alt}" loading="lazy">'
    if rng.random() < 0.1:
        img = f'<img {attributes} src="{url}" alt="{alt}">'
        return f'<picture><source srcset="{url} 1x" type="image/jpeg">{img}</picture>'
    return f'<img {attributes} src="{url}" alt="{alt}" width="660">'


_EMPTY = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

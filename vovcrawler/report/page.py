"""The page of a report: one file that asks for nothing else, and runs nothing."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import Any

from vovcrawler import __version__
from vovcrawler.catalogue.coverage import in_all, percent
from vovcrawler.catalogue.numbers import Ranked
from vovcrawler.report.figures import Figures
from vovcrawler.report.sections import Section, count, minute, sections


def page(figures: Figures) -> str:
    """Return the whole page, which is the same for the same archive."""
    parts = [one for one in sections(figures) if one.plot or figures.articles]
    style = (files(__package__) / "style.css").read_text(encoding="utf-8")
    links = "".join(f'<li><a href="#{one.slug}">{escape(one.title)}</a></li>' for one in parts)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>The VOV archive in plots</title>
<style>
{style}</style>
</head>
<body>
<main>
<header>
<h1>The VOV archive in plots</h1>
<p class="told">{escape(_opening(figures))}</p>
{f'<nav aria-label="Plots"><ul>{links}</ul></nav>' if links else ""}
</header>
{_tiles(figures) if figures.articles else ""}
{"".join(map(_figure, parts))}
<footer><p>Made by vovcrawler {__version__}. Times and days are those of Vietnam (UTC+7).</p></footer>
</main>
</body>
</html>
"""


def _opening(figures: Figures) -> str:
    if not figures.articles:
        return "The archive is empty. Let a crawl fill it: scrapy update, or scrapy crawl article -a url=…"
    seen = figures.counts.last_capture
    until = f", last looked at {minute(seen)}" if seen else ""
    if figures.span is None:
        return f"{count(figures.articles, 'article')} without a time of publication{until}."
    first, last = figures.span
    span = f"published on {first}" if first == last else f"published from {first} to {last}"
    return f"{count(figures.articles, 'article')} {span}{until}."


def _tiles(figures: Figures) -> str:
    counts = figures.counts
    share = in_all(figures.coverage.values()).share
    tiles = {
        "articles": f"{figures.articles:,}",
        "edits": f"{counts.revisions - figures.articles:,}",
        "gone from the site": f"{counts.articles.get('gone', 0):,}",
        "copies": f"{counts.copies + counts.near_copies:,}",
        "links": f"{counts.links:,}",
        **(
            {"of what was listed is held": f"{share:.0%}" if share in {0, 1} else percent(share)}
            if figures.coverage
            else {}
        ),
    }
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in tiles.items())
    return f"<dl>{cells}</dl>"


def _figure(one: Section) -> str:
    title = f"<figcaption><h2>{escape(one.title)}</h2><p>{escape(one.told)}</p></figcaption>"
    if one.plot is None:
        kind = f'<h2>{escape(one.title)}</h2><p class="kind">{escape(one.told)}</p>'
        return f'<section id="{one.slug}">{kind}</section>\n'
    plot = f'<div class="plot" tabindex="0" role="group" aria-label="{escape(one.title)}">{one.plot}</div>'
    return f'<figure id="{one.slug}">{title}{plot}{_table(one)}</figure>\n'


def _table(one: Section) -> str:
    head = "".join(f'<th scope="col"{_class(name, one)}>{escape(name)}</th>' for name in one.head)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in one.rows)
    return (
        f"<details><summary>The numbers: {escape(one.title.lower())}</summary>"
        f'<div class="wide" tabindex="0" role="group" aria-label="Table: {escape(one.title)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _class(name: str, one: Section) -> str:
    place = list(one.head).index(name)
    return ' class="number"' if one.rows and isinstance(one.rows[0][place], (int, float)) else ""


def _cell(value: Any) -> str:
    if isinstance(value, Ranked):
        return f"<td>{_linked(value)}</td>"
    if isinstance(value, (int, float)):
        return f'<td class="number">{value:,}</td>'
    return f"<td>{escape(str(value))}</td>"


def _linked(one: Ranked) -> str:
    name = f'<span lang="vi">{escape(one.headline or one.id)}</span>'
    if not (one.url or "").startswith("https://"):
        return name
    return f'<a href="{escape(one.url or "")}" rel="noreferrer">{name}</a>'

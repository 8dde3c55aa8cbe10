"""Plots: numbers as SVG that stands in a page and takes its colours from there.

Text stays text, and the same numbers give the same bytes. What is drawn is chosen in
:mod:`vovcrawler.report.page`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

# Colours that nobody draws with: each becomes a variable of the page's style.
_INK, _MUTED, _GRID, _PAPER, _GOOD, _BAD = (f"#0102{n:02x}" for n in range(1, 7))
_SERIES = tuple(f"#0103{n:02x}" for n in range(1, 9))
_VARIABLES = {
    **dict(
        zip(
            (_INK, _MUTED, _GRID, _PAPER, _GOOD, _BAD),
            ("ink", "muted", "grid", "paper", "good", "bad"),
            strict=True,
        )
    ),
    **{colour: f"c{number}" for number, colour in enumerate(_SERIES, start=1)},
}
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vovcrawler",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
}
_WIDTH = 7.4
# Scales reach at least so far: one article is no record.
_FEW = 4
_LONGEST = 78


def stacked(slug: str, label: str, names: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """Draw columns that consist of parts."""
    with _figure(2.9) as (figure, axes):
        bottom = [0] * len(names)
        for number, (name, values) in enumerate(series.items()):
            colour = _SERIES[number % len(_SERIES)]
            axes.bar(range(len(names)), values, _bar(names), bottom=bottom, color=colour, label=name)
            bottom = [low + value for low, value in zip(bottom, values, strict=True)]
        _scale(axes, names)
        figure.legend(loc="outside upper left", ncols=min(4, len(series)), handlelength=0.9, handleheight=0.9)
        return _svg(figure, slug, label)


def columns(slug: str, label: str, names: Sequence[str], values: Sequence[int], xlabel: str = "") -> str:
    """Draw one column for each name, with its number above where there is room."""
    with _figure(2.3) as (figure, axes):
        bars = axes.bar(range(len(names)), values, _bar(names), color=_SERIES[0])
        if len(names) <= 24:
            axes.bar_label(
                bars, [f"{value:,}" if value else "" for value in values], padding=2, color=_INK, size=8
            )
        _scale(axes, names)
        axes.set_xlabel(xlabel)
        return _svg(figure, slug, label)


def ranking(slug: str, label: str, names: Sequence[str], values: Sequence[int]) -> str:
    """Draw a bar for each name, which stands above it."""
    with _figure(0.5 * len(names) + 0.1) as (figure, axes):
        places = range(len(names))
        axes.barh(places, values, 0.28, color=_SERIES[0])
        for place, name, value in zip(places, names, values, strict=True):
            short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
            axes.text(0, place - 0.24, short, va="bottom", color=_INK)
            near: Any = {"xytext": (4, 0), "textcoords": "offset points"}
            axes.annotate(f"{value:,}", (value, place), **near, va="center", color=_INK, weight="bold")
        axes.set(xlim=(0, max(*values, _FEW) * 1.06), ylim=(len(names) - 0.6, -0.75))
        axes.axis("off")
        return _svg(figure, slug, label)


def heat(
    slug: str, label: str, rows: Sequence[str], names: Sequence[str], shares: Sequence[Sequence[float | None]]
) -> str:
    """Draw a table of shares (0 to 1), the fuller the stronger; ``None`` is no cell."""
    turned = max(map(len, names)) > 7 or len(names) > 14
    with _figure(0.33 * len(rows) + (1.1 if turned else 0.5)) as (figure, axes):
        for y, line in enumerate(shares):
            for x, share in enumerate(line):
                if share is None:
                    continue
                # Empty is visible too: the colour of the grid lies under that of the share.
                for colour, strength in ((_GRID, 1), (_GOOD, round(0.75 * share, 3))):
                    corner = (x - 0.47, y - 0.44)
                    axes.add_patch(Rectangle(corner, 0.94, 0.88, color=colour, alpha=strength, linewidth=0))
                if len(names) <= 16:
                    axes.text(x, y, f"{_percent(share)}", ha="center", va="center", size=8, color=_INK)
        axes.set(xlim=(-0.5, max(len(names), 6) - 0.5), ylim=(len(rows) - 0.5, -0.5))
        axes.set_yticks(range(len(rows)), [_short(name, 24) for name in rows], color=_INK)
        slant: Any = {"rotation": 45, "ha": "left", "rotation_mode": "anchor"} if turned else {}
        axes.set_xticks(range(len(names)), names, **slant)
        axes.xaxis.tick_top()
        axes.spines[:].set_visible(False)
        return _svg(figure, slug, label)


def runs(
    slug: str,
    label: str,
    names: Sequence[str],
    minutes: Sequence[float],
    well: Sequence[bool],
    faults: Sequence[int],
) -> str:
    """Draw how long each run took, and below how many pages it did not get."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, 3.1), layout="constrained")
        above, below = figure.subplots(2, sharex=True, height_ratios=(2, 1))
        colours = [_GOOD if one else _BAD for one in well]
        above.bar(range(len(names)), minutes, _bar(names), color=colours)
        below.bar(range(len(names)), faults, _bar(names), color=_BAD)
        _scale(above, names, whole=False)
        _scale(below, names)
        above.tick_params(labelbottom=False)
        above.set_title("minutes", loc="left", size=9, color=_MUTED)
        below.set_title("pages refused or failed", loc="left", size=9, color=_MUTED)
        return _svg(figure, slug, label)


# ---- common to all


@contextmanager
def _figure(height: float) -> Iterator[tuple[Figure, Axes]]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        yield figure, figure.subplots()


def _bar(names: Sequence[str]) -> float:
    return 0.8 if len(names) < 60 else 0.95


def _scale(axes: Axes, names: Sequence[str], *, whole: bool = True) -> None:
    """Few columns do not become walls, many names not a hedge, and an axis never counts half articles."""
    room = max(0.0, (7 - len(names)) / 2)
    axes.set_xlim(-0.6 - room, len(names) - 0.4 + room)
    # As many names as there is room for.
    step = max(1, -(-len(names) * (max(map(len, names)) + 2) // 110))
    axes.set_xticks(range(0, len(names), step), names[::step])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=whole, min_n_ticks=1))
    if whole:
        axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylim(0, max(axes.get_ylim()[1], _FEW if whole else 0.1))
    axes.grid(axis="y")


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _percent(share: float) -> str:
    """Return a share in percent; only all is a hundred, and only nothing is none."""
    return str(round(share * 100)) if share in {0, 1} else str(min(99, max(1, round(share * 100))))


def _svg(figure: Figure, slug: str, label: str) -> str:
    """Return the picture as an element of a page: named, with ids of its own and the page's colours."""
    file = StringIO()
    FigureCanvasSVG(figure)
    with warnings.catch_warnings():
        # Letters that the measuring font lacks are drawn with the reader's.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(file, format="svg", metadata=nothing)
    text = file.getvalue()
    opening, _, rest = text[text.index("<svg") :].partition(">")
    opening = re.sub(r' (?:xmlns(?::\w+)?|version|width|height)="[^"]*"', "", opening)
    text = f"{opening}>{rest}"
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL).replace("xlink:href", "href")
    text = re.sub(r'(?<= id=")|(?<=url\(#)|(?<=href="#)', f"{slug}-", text)
    for colour, name in _VARIABLES.items():
        text = text.replace(colour, f"var(--{name})")
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1).strip()

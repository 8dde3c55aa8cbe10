"""How pages are sent in fact: tags left open or in capitals, attributes without quotes, all on one line."""

from __future__ import annotations

import re
from random import Random


def sloppy(page: str, rng: Random) -> str:
    """Return *page* as a careless template would write it; browsers show the same."""
    for chance, change in _CHANGES:
        if rng.random() < chance:
            page = change(page)
    return page


def _left_open(page: str) -> str:
    """Leave ``</p>`` and ``</li>`` away where the next tag closes them anyway."""
    page = re.sub(
        r"</p>(?=\s*(?:<p[ >]|<h[2-4]>|<ul>|<ol>|<table|<div|<blockquote|</div>|</blockquote>))", "", page
    )
    return re.sub(r"</li>(?=\s*(?:<li[ >]|</ul>|</ol>))", "", page)


def _capitals(page: str) -> str:
    return re.sub(r"<(/?)(p|strong|em|li|td|tr|table|br)(?=[ />])", lambda tag: f"<{tag[1]}{tag[2].upper()}", page)


def _unquoted(page: str) -> str:
    return re.sub(r'(<(?:p|td|img|div)\b[^>]*? (?:dir|width|align))="(\w+)"', r"\1=\2", page)


def _one_line(page: str) -> str:
    return re.sub(r">\s*\n\s*<", "><", page)


def _cut_end(page: str) -> str:
    return page.removesuffix("</body></html>")


_CHANGES = ((0.06, _left_open), (0.06, _capitals), (0.1, _unquoted), (0.08, _one_line), (0.05, _cut_end))

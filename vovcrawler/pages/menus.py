"""Menus are emptied before a page is parsed: no field is read from them, and they can be half of what is parsed.

A menu is a ``<nav>``, a ``<footer>``, or a ``<ul>`` or ``<div>`` above the headline that holds nothing but links:
more than a trail of sections has, none to an article. What is not whole, or stands in a link, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Only single characters are repeated possessively: before Python 3.11.5 what is repeated so must not step back.
_ATTRIBUTES = rb"\b[^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*>"
_NAV = re.compile(rb"<nav" + _ATTRIBUTES)
_FOOTER = re.compile(rb"<footer" + _ATTRIBUTES)
# From a box on, tags and links without a word beside them.
_LINKS = re.compile(
    rb"<(?:div|ul)\b[^<>]*+>"
    rb"(?:<a\b[^<>]*+>[^<]*+(?:<(?!/?a\b)[^<]*+)*</a\s*+>|<(?!/?(?:a|h1|script|style)\b|!)[^<>]*+>|[\s|]++)*"
)
_BOX = re.compile(rb"<(/?)(div|ul|a)\b[^<>]*+>")
_TAG = re.compile(rb"<(/?)(\w+)[^<>]*?(/?)>")
_EMPTY = frozenset([b"br", b"hr", b"img", b"input", b"source", b"wbr"])
# The end of the address of an article, not a host.
_ARTICLE = re.compile(rb"\.vov(?!\.)")
# What is remembered of each page must be small, in bytes.
_LARGEST = 200_000
# A trail of sections, which is read, has no more links than this.
_LONGEST_TRAIL = 20


def without_menus(source: bytes) -> bytes:
    """Return *source* with its menus empty.

    >>> item = b'<li><a href="/the-gioi">World</a></li>'
    >>> without_menus(b"<nav><ul>" + item * 30 + b"</ul></nav><p>Text")
    b'<nav></nav><p>Text'
    >>> without_menus(b"<ul>" + item * 30 + b"</ul><h1>Headline</h1>")
    b'<ul></ul><h1>Headline</h1>'
    """
    top = max(source.find(b"<body"), 0)  # many a page is half scripts above it
    parts: list[bytes] = []
    told, end = len(source), source.rfind(b"</nav", top)  # to look from the end takes a third of the time
    while end >= 0:
        before = source.rfind(b"</nav", top, end)
        start = _inside(_NAV, source, source.rfind(b"<nav", max(before, top), end), end)
        if start and not _is_in_link(source, max(before, top), start):
            parts.append(source[end:told])
            told = start
        end = before
    return _around_headline(b"".join([source[:told], *reversed(parts)]) if parts else source, top)


def _around_headline(source: bytes, body: int) -> bytes:
    """Return *source* with the menus empty that stand in boxes above the headline, and the footer below."""
    top = source.find(b"<h1", body)
    if top < 0:
        return source
    parts: list[bytes] = []
    told = 0
    if source.count(b"<a ", body, top) > _LONGEST_TRAIL:
        start = source.find(b">", body, top) + 1 if body else 0  # many a page has its number there
        place = source.find(b".vov", start, top)  # far faster than the pattern
        article = _ARTICLE.search(source, place, top) if place >= 0 else None
        told = min(article.start() if article else top, start + _LARGEST)
        parts += [source[:start], _emptied(source[start:told])]
    end = source.rfind(b"</footer", top)
    start = _inside(_FOOTER, source, source.rfind(b"<footer", top, end), end) if end >= 0 else 0
    if start and not _is_in_link(source, top, start):
        parts.append(source[told:start])
        told = end
    return b"".join([*parts, source[told:]]) if parts else source


def _inside(opening: re.Pattern[bytes], source: bytes, start: int, end: int) -> int:
    """Return where the inside begins of the menu that is opened at *start* and closed at *end*, 0 for none."""
    tag = opening.match(source, start, end) if start >= 0 and end - start < _LARGEST else None
    return tag.end() if tag and _is_menu(source[tag.end() : end]) else 0


# Page after page has the same menus.
@lru_cache(maxsize=32)
def _emptied(header: bytes) -> bytes:
    """Return the beginning of a page with those boxes empty that hold many links and not a word beside them."""
    parts: list[bytes] = []
    told = 0
    for links in _LINKS.finditer(header):
        for start, end in _menus(links[0]):
            if not _is_in_link(header, told, links.start() + start):
                parts.append(header[told : links.start() + start])
                told = links.start() + end
    return b"".join([*parts, header[told:]])


def _menus(links: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the inside of the innermost boxes begins and ends that are menus."""
    opened: list[tuple[bytes, int, int]] = []  # tag, where its inside begins, links above it
    above = 0
    for tag in _BOX.finditer(links):
        closing, name = tag.groups()
        if name == b"a":
            above += not closing
        elif not closing:
            opened.append((name, tag.end(), above))
        elif not opened or opened[-1][0] != name:
            opened.clear()
        else:
            _, start, before = opened.pop()
            if above - before > _LONGEST_TRAIL:
                opened.clear()  # what is around holds the same links
                if _is_menu(links[start : tag.start()]):
                    yield start, tag.start()


@lru_cache(maxsize=32)
def _is_menu(inside: bytes) -> bool:
    """Tell whether *inside* has more links than a trail of sections, none to an article, and is whole."""
    return (
        inside.count(b"<a ") > _LONGEST_TRAIL
        and not _ARTICLE.search(inside)
        and inside.count(b'"') % 2 == 0
        and not any(part in inside for part in (b"-->", b"<script", b"<h1", b"breadcrumb"))
        and _is_nested(inside)
    )


def _is_nested(inside: bytes) -> bool:
    """Tell whether every tag is closed where it should be."""
    opened: list[bytes] = []
    for closing, tag, closed in _TAG.findall(inside):
        if closing:
            if not opened or opened.pop() != tag:
                return False
        elif not closed and tag not in _EMPTY:
            opened.append(tag)
    return not opened


def _is_in_link(source: bytes, start: int, end: int) -> bool:
    """Tell whether the last link before *end* is open: the first one in a menu would close it."""
    link = source.rfind(b"<a ", start, end)
    return link >= 0 and source.find(b"</a", link, end) < 0

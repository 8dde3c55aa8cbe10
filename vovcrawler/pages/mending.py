"""Broken markup, put right in its source where the parser would take it otherwise than a browser does.

So are pages that the Wayback Machine or archive.today has rewritten: their links lead to it, and its toolbar
stands in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
# A browser takes the end tag of a line break for one.
_BREAK_ENDS = re.compile(rb"</br\b[^<>]*>", re.IGNORECASE)
# A paragraph with its end tag and no box in it, and what gives letters in it another look.
_PARAGRAPH = re.compile(
    rb"<p\b[^<>]*>[^<]*"
    rb"(?:<(?!div\b|/?(?:p|ul|ol|li|table|t[dhr]|h[1-6]|figure|body|html|script|style)\b)[^<]*)*</p",
    re.IGNORECASE,
)
_OF_LETTERS = re.compile(rb"<(/?)(span|font)\b[^<>]*>", re.IGNORECASE)
_OF_LETTERS_AND_BOXES = re.compile(rb"<(/?)(span|font|div)\b[^<>]*>", re.IGNORECASE)
# What a browser ends with the boxes in it that are still open; the parser passes over such an end tag.
_BOXES = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea)\b.*?(?:</\1|\Z)"
    rb"|<(/?)(div|table|nav|header|footer|aside|section|article|main|figure|figcaption|blockquote|center|details|summary"
    rb"|fieldset|address|ul|ol|dl|h[1-6])\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
# Where more would be closed, the end tag is rather one too many.
_MOST_LEFT = 1
_TELLING = frozenset(
    ["h1", "h2", "h3", "h4", "li", "ol", "p", "table", "td", "th", "tr", "ul", "figure", "figcaption"]
)
# Its scripts are the first in the head, and who saves its pages in a browser gets its address before that.
_HEAD = 1024
_TOOLBAR = re.compile(
    rb"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->", re.IGNORECASE | re.DOTALL
)
# "https://web.archive.org/web/20230504123456im_/https://…", and the same from its root: in quotes, in a list.
_REWRITTEN = re.compile(
    rb"(?:(?<=[\"'=(])|(?<=, ))(?:(?:https?:)?(?:\\?/){2}web\.archive\.org(?::\d+)?)?"
    rb"\\?/web\\?/\d{4,14}(?:[a-z]{2}_)?\\?/(?=https?:)",
    re.IGNORECASE,
)
# archive.today: "https://archive.ph/20230504123456/https://…" for the page, "…/o/aB3dE/https://…" for its links.
_REWRITTEN_TODAY = re.compile(
    rb"(?<=[\"'=])https?://archive\.(?:today|ph|is|li|fo|vn|md)/(?:o/)?[\w.-]{1,32}/(?=https?://)", re.IGNORECASE
)
_MAX_DEPTH = 200
_HARD_DEPTH = 1500
_NEAR = 100


def mended(source: bytes) -> bytes:
    """Return *source* with the tags that a browser takes for granted, and without those that it passes over.

    >>> mended(b"<nav><div>Menu</nav> one</br>two <p>three</span></p>")
    b'<nav><div>Menu</div></nav> one<br>two <p>three</p>'
    """
    source = _BREAK_ENDS.sub(b"<br>", source)
    tags = _OF_LETTERS_AND_BOXES if closes_too_much(source) else _OF_LETTERS
    return _with_box_ends(_PARAGRAPH.sub(lambda paragraph: _with_own_ends(paragraph[0], tags), source))


def unarchived(source: bytes) -> bytes:
    """Return *source* as the site served it, where the Wayback Machine or archive.today has rewritten it.

    >>> unarchived(b'<a href="https://web.archive.org/web/2023/https://vov.vn/x.vov">x</a>')
    b'<a href="https://vov.vn/x.vov">x</a>'
    """
    if source.find(b"archive.org/", 0, _HEAD) >= 0:
        return _REWRITTEN.sub(b"", _TOOLBAR.sub(b"", source))
    return _REWRITTEN_TODAY.sub(b"", source) if source.find(b"//archive.", 0, _HEAD * 4) >= 0 else source


def closes_too_much(source: bytes) -> bool:
    """Tell whether more boxes or tables are closed in *source* than opened."""
    lower = source.lower()
    return any(lower.count(b"</" + tag) > lower.count(b"<" + tag) for tag in (b"div", b"table"))


def _with_own_ends(paragraph: bytes, tags: re.Pattern[bytes]) -> bytes:
    """Leave out each end tag of what was opened before the paragraph: the parser would end that, too, with it.

    >>> _with_own_ends(b"<p>One <font>or</font></span> two.</p>", _OF_LETTERS)
    b'<p>One <font>or</font> two.</p>'
    """
    opened: Counter[bytes] = Counter()

    def own(tag: re.Match[bytes]) -> bytes:
        name = tag[2].lower()
        if tag[1] and not opened[name]:
            return b""
        opened[name] += -1 if tag[1] else 1
        return tag[0]

    return tags.sub(own, paragraph)


def _with_box_ends(source: bytes) -> bytes:
    """Close each ``div`` that was left open before the end of what stands around it.

    Of what has more ends than beginnings nobody knows which end is its own.
    """
    tags = [tag for tag in _BOXES.finditer(source) if tag[3] and not tag[0].endswith(b"/>")]
    surplus = Counter[bytes]()
    for tag in tags:
        surplus[tag[3].lower()] += 1 if tag[2] else -1
    parts: list[bytes] = []
    opened: list[bytes] = []
    told = 0
    for tag in tags:
        name = tag[3].lower()
        if not tag[2]:
            opened.append(name)
            continue
        left = _behind(opened[-_NEAR:], name)
        # No end tag reaches out of the table that it stands in.
        if left is not None and (name == b"table" or b"table" not in left):
            count = left.count(b"div")
            if name != b"div" and 0 < count <= _MOST_LEFT and surplus[name] <= 0:
                parts += [source[told : tag.start()], b"</div>" * count]
                told = tag.start()
            del opened[len(opened) - len(left) - 1 :]
    return b"".join([*parts, source[told:]])


def _behind(opened: list[bytes], name: bytes) -> list[bytes] | None:
    """Return what was opened behind the last *name*."""
    return opened[len(opened) - opened[::-1].index(name) :] if name in opened else None


def flattened(html: str) -> str:
    """Return *html* without the tags that nest too deep for the parser, plain wrappers first; their text stays."""
    return "".join(_flat(html))


def _flat(html: str) -> Iterator[str]:
    stack: list[tuple[str, bool, str]] = []
    end = kept = 0
    for match in _TAG.finditer(html):
        closing, tag = match[1], match[2].lower()
        yield html[end : match.start()]
        end = match.end()
        if tag in _VOID:
            yield match[0]
        elif not closing:
            plain = len(match[0]) == len(tag) + 2 or any(match[0] == held[2] for held in stack[-3:])
            wanted = kept < _MAX_DEPTH or (kept < _HARD_DEPTH and (not plain or tag in _TELLING))
            stack.append((tag, wanted, match[0]))
            kept += wanted
            yield match[0] if wanted else ""
        elif any(opened == tag for opened, *_ in stack[-_NEAR:]):
            while stack:
                opened, wanted, _ = stack.pop()
                kept -= wanted
                if opened == tag:
                    break
            yield match[0] if wanted else " "
    yield html[end:]

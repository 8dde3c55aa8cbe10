"""What a program that made a text of a page put into it: marks of Markdown, of a mail, places of pictures, fields.

None of it was on the page. What a line of the text says is told in :mod:`vovcrawler.pages.dump`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

# Markdown by a heading, or a link in a line.
_MARKDOWN = re.compile(r"#{1,6}\s\S|.*\]\([^()\s]*\)")
_HEADING = re.compile(r"#{1,6}\s+(?P<told>.*?)(?:\s#+)?$")
_STRONG_LINE = re.compile(r"(?:\*\*|__)(?P<told>[^*_]{2,120}[^*_.!…:;,])(?:\*\*|__)")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1")
_SLANTED = re.compile(r"(?<!\w)([*_])(?=\S)([^*_]+?)\s?\1(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")
_RULE = frozenset("-|: ")
# "[IMG]", "[anh-1.jpg]": where a picture stood; "1. https://…" below "References": where the links lead.
_PICTURE = re.compile(
    r"\[(?:IMG|IMAGE|INLINE|LINK|[\w.%-]+\.(?:jpe?g|png|gif|webp|svg)|\w+[_-]\w+)\]", re.IGNORECASE
)
_REFERENCES = re.compile(r"(?:references|(?:visible|hidden) links:?)", re.IGNORECASE)
_REFERENCE = re.compile(r"\d+\. \w+:\S+")
_NUMBER = re.compile(r"\[\d{1,4}\](?=\S)")
# What a browser prints above and below each page: "29/12/25, 17:20 … | VOV.VN", "https://… 1/2".
_PRINTED = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d\d(?: [APSC][MAH])? .* \| VOV\.VN")
_PAGE = re.compile(r"^(https?://\S+) \d{1,2}/\d{1,2}$")
_QUOTED = re.compile(r"^(?:>\s?)+")
_FORWARDED = re.compile(
    r"-{2,} ?(?:forwarded message|original message|tin nhắn được chuyển tiếp|thư gốc) ?-{2,}", re.IGNORECASE
)
_SENT_FROM = re.compile(
    r"(?:(?:đã )?gửi từ|sent from)(?: my)? (?:iphone|ipad|thiết bị|samsung|android|mail\b)[^.]{0,40}\.?",
    re.IGNORECASE,
)
_PLACES = (_PICTURE, _FORWARDED, _SENT_FROM, _PRINTED)
# "Title: …", "Tác giả: …" above the text: what a program that took the page apart, or a mail, says of it.
_FIELDS = {
    "headline": "title|headline|tiêu đề|tít",
    "address": "url|link|source|nguồn|đường dẫn|liên kết",
    "day": "date|published|time|ngày đăng|ngày|thời gian",
    "byline": "author|by|tác giả",
    "mail": "from|sent|to|cc|subject|reply-to|từ|người gửi|gửi|đã gửi|đến|tới|chủ đề",
}
_FIELD = re.compile(
    "|".join(rf"(?P<{name}>(?:{labels})\s?:\s+)" for name, labels in _FIELDS.items()), re.IGNORECASE
)


def bared(lines: Sequence[str]) -> list[str]:
    """Return *lines* without the signs of a mail that quotes them, places of pictures and lists of addresses.

    >>> bared(["> Nga và Trung Quốc", ">", "> [IMG]", "> Ngày 26/5"])
    ['Nga và Trung Quốc', '', 'Ngày 26/5']
    """
    quoted = sum(line.startswith(">") for line in lines)
    if quoted * 2 > sum(map(bool, lines)):
        lines = [_QUOTED.sub("", line) for line in lines]
    is_numbered = any(map(_REFERENCES.fullmatch, lines)) and any(map(_REFERENCE.fullmatch, lines))
    kept = [line for line in lines if not any(form.fullmatch(line) for form in _PLACES)]
    if not is_numbered:
        return [_PAGE.sub(r"\1", line) for line in kept]
    is_link = re.compile(f"{_REFERENCES.pattern}|{_REFERENCE.pattern}", re.IGNORECASE).fullmatch
    return [_NUMBER.sub("", line) for line in kept if not is_link(line)]


def unmarked(lines: Sequence[str]) -> tuple[list[str], set[str]]:
    """Return *lines* without the marks of Markdown, and those that it calls headings.

    >>> unmarked(["## Tin liên quan", "**Nga** và [Mỹ](/tu-khoa/my-tag1)", "![](a.jpg)"])
    (['Tin liên quan', 'Nga và Mỹ'], {'Tin liên quan'})
    >>> unmarked(["2 * 3 = *6*"])
    (['2 * 3 = *6*'], set())
    """
    if not any(map(_MARKDOWN.match, lines)):
        return list(lines), set()
    headings: set[str] = set()
    kept = []
    for line in lines:
        heading = _HEADING.fullmatch(line) or _STRONG_LINE.fullmatch(line)
        if not _RULE.issuperset(line) and (plain := _plain(heading["told"] if heading else line)):
            kept.append(plain)
            headings.update([plain] if heading else [])
    return kept, headings


def _plain(line: str) -> str:
    line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    line = _SLANTED.sub(r"\2", _STRONG.sub(r"\2", line))
    return " ".join(_ESCAPED.sub(r"\1", line).split())


def unlabelled(lines: Sequence[str]) -> tuple[list[str], str | None]:
    """Return *lines* without the labels of the fields above the text, and the byline that one of them gives.

    >>> unlabelled(["Tiêu đề: Nga và Trung Quốc", "Tác giả: Phi Long", "Ngày 26/5"])
    (['Nga và Trung Quốc', 'Ngày 26/5'], 'Phi Long')
    >>> unlabelled(["Nguồn: sông Hồng", "Ngày 26/5"])
    (['Nguồn: sông Hồng', 'Ngày 26/5'], None)
    """
    first = next((place for place, line in enumerate(lines[:2]) if _FIELD.match(line)), len(lines))
    fields = list(itertools.takewhile(bool, map(_FIELD.match, lines[first:])))
    is_told = first == 0 or any(found["byline"] or found["address"] for found in fields if found)
    if len(fields) < 2 or not is_told:
        return list(lines), None
    kept, byline = list(lines[:first]), None
    for found, line in zip(fields, lines[first:], strict=False):
        assert found is not None
        value = line[found.end() :]
        if found["byline"]:
            byline = value
        elif found["headline"] or not _is_mail(fields):
            kept.append(value)
    return kept + list(lines[first + len(fields) :]), byline


def _is_mail(fields: Sequence[re.Match[str] | None]) -> bool:
    return any(found["mail"] for found in fields if found)

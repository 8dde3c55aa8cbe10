"""From the bytes of a page to its tree: the charset, what the parser need not read, nesting too deep for it."""

from __future__ import annotations

import codecs
import re
import threading
from functools import cached_property
from typing import TypeAlias

from lxml import etree

from vovcrawler.pages.mending import flattened, mended, unarchived
from vovcrawler.pages.menus import without_menus

Element: TypeAlias = etree._Element

# An article is 50 to 300 KB, an emagazine with its pictures inside a few MB.
MAX_BYTES = 10 * 1024 * 1024

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Vietnamese letters of two and three bytes: what a page in UTF-8 is full of.
_FREQUENT = "àáâãèéêìíòóôõùúýăđĩũơưạảấầậắếềểệịọốồổộớờợủứừửữ"
_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
# What browsers read "iso-8859-1" as, and Vietnamese pages before Unicode.
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}

_ENDS = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
# A page made for phones names itself in the first tag, and its pictures and players otherwise.
_AMP = frozenset(["amp", "⚡"])
_AMP_TAGS = {f"amp-{tag}": tag for tag in ("img", "video", "audio", "iframe")}
# An icon has a title for those who do not see it, which is no word of the heading beside it. In a drawing without
# an end stands the rest of the page.
_NEVER_DRAWN = ("article", "div", "h1", "h2", "h3", "img", "p", "section", "table", "ul")
# What ends a paragraph that was left open, and the parser does not know.
_PARTS = ("article", "aside", "details", "figure", "footer", "header", "main", "nav", "section")
_PARAGRAPH = re.compile(rb"<p[\s>]", re.IGNORECASE)
# The parser's list of faults holds no more; what comes later is not told.
_LOGGED = 100


class NotAnArticle(Exception):
    """The page holds no article; ``reason`` is one word: section, not_found, challenge, empty, not_html, …"""

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(sentence or reason.replace("_", " "))
        self.reason = reason


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of *body*: by its BOM, as UTF-8, by its own charset, by the header's, or with losses.

    A page that was cut, or has a broken letter, is still UTF-8: nearly all its letters decode.

    >>> decode("Tiếng Việt".encode(), "text/html; charset=iso-8859-1")
    'Tiếng Việt'
    """
    text = utf8(body)
    return text if text is not None else _decode(body, content_type)


def utf8(body: bytes) -> str | None:
    """Return the text of *body* when it is UTF-8 without a mark and without a fault, as nearly every page is."""
    try:
        return None if body.startswith(tuple(mark for mark, _ in _BOMS)) else body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Take a byte that begins no letter of UTF-8 for the quote, dash or space that it is in Windows."""
    assert isinstance(error, UnicodeDecodeError)
    told = error.object[error.start : error.end]
    is_sign = len(told) == 1 and told < b"\xc0"
    return told.decode("cp1252", "replace") if is_sign else "\ufffd", error.end


codecs.register_error("vovcrawler-windows", _as_windows)


def _decode(body: bytes, content_type: str | None) -> str:
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        text = body.decode("utf-8", "replace")
        if error.reason == "unexpected end of data":  # cut within a letter
            text = text.rstrip("\ufffd")
    lost, kept = text.count("\ufffd"), sum(map(text.count, _FREQUENT))
    if kept and lost * 10 <= kept:
        return body.decode("utf-8", "vovcrawler-windows")[: len(text)]  # without the letter that was cut
    own, header = _META_CHARSET.search(body[:4096]), _HEADER_CHARSET.search(content_type or "")
    for charset in (own[1].decode("ascii") if own else "", header[1] if header else ""):
        try:
            if charset:
                return str(body.decode(_ALIASES.get(charset.lower(), charset)))
        except (UnicodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


class Source:
    """A page as it came: its bytes, or its text; either is made out of the other when it is asked for."""

    def __init__(self, body: bytes | str, content_type: str | None = None) -> None:
        self.body = body
        self.content_type = content_type
        # What is no UTF-8 is decoded first; mostly the parser, which sees every letter anyway, says whether it is.
        self.is_decoded = isinstance(body, str) or body.startswith(tuple(mark for mark, _ in _BOMS))

    @cached_property
    def text(self) -> str:
        return self.body if isinstance(self.body, str) else decode(self.body, self.content_type)

    @property
    def utf8(self) -> bytes:
        """The page in UTF-8, without the bytes at which the parser stops."""
        if isinstance(self.body, bytes) and not self.is_decoded and b"\0" not in self.body:
            return self.body
        return self.text.replace("\0", "").encode("utf-8", "replace")


def parse(source: Source) -> Element:
    """Return the root of a page; raises :class:`NotAnArticle` when there is none."""
    told = without_menus(unarchived(source.utf8))
    root, faults = _parse(told)
    if not source.is_decoded and ("ERR_INVALID_ENCODING" in faults or len(faults) >= _LOGGED):
        source.is_decoded = True
        told = without_menus(unarchived(source.utf8))
        root, faults = _parse(told)
    if "ERR_TAG_NAME_MISMATCH" in faults and (better := mended(told)) != told:
        root, faults = _parse(told := better)
    if "ERR_RESOURCE_LIMIT" in faults:
        told = flattened(source.text.replace("\0", "")).encode("utf-8", "replace")
        root, _ = _parse(told)
    if root.getnext() is not None:  # behind "</html>" the parser begins another page, where a browser goes on
        root, _ = _parse(_ENDS.sub(b"", told))
    if not _AMP.isdisjoint(root.keys()):
        for element in root.iter(*_AMP_TAGS):
            element.tag = _AMP_TAGS[element.tag]
        for element in root.iter("amp-youtube"):
            element.tag = "iframe"
            element.set("src", f"https://www.youtube.com/embed/{element.get('data-videoid', '')}")
    _end_paragraphs(root, told)
    for element in root.iter("svg", "template", "video-js"):
        if element.tag == "video-js":  # as Video.js has it: a player with sources, words for those without scripts
            element.tag = "video"
        elif _is_hollow(element):
            del element[:]
            element.text = None
    return root


def _end_paragraphs(root: Element, source: bytes) -> None:
    """Put behind its paragraph each part of a page that stands in one: its beginning ends what was left open.

    The parser knows that of the older boxes only.
    """
    inside = [
        part for part in root.iter(*_PARTS) if (around := part.getparent()) is not None and around.tag == "p"
    ]
    if not inside or len(_PARAGRAPH.findall(source)) <= source.lower().count(b"</p>"):
        return
    for part in inside:
        paragraph = part.getparent()
        if paragraph is not None and paragraph.tag == "p":
            rest = [part, *part.itersiblings("*")]
            rest[-1].tail, paragraph.tail = (rest[-1].tail or "") + (paragraph.tail or ""), None
            for moved in reversed(rest):
                paragraph.addnext(moved)


def _is_hollow(element: Element) -> bool:
    """Tell whether what stands in a drawing or a template is nothing of the page."""
    if element.tag == "svg":
        return next(element.iterdescendants(*_NEVER_DRAWN), None) is None
    if any(name.startswith("shadowroot") for name in element.keys()):  # noqa: SIM118 - names, not what is inside
        return False
    # Out of a template scripts may make all of the page.
    headlines = sum(1 for _ in element.iter("h1"))
    return not headlines or headlines < sum(1 for _ in element.getroottree().iter("h1"))


class _Parsers(threading.local):
    """The parser of each thread: to make one takes as long as to read a short page."""

    def __init__(self) -> None:
        self.html: etree.HTMLParser[Element] = etree.HTMLParser(
            encoding="utf-8",
            remove_comments=True,
            remove_pis=True,
            huge_tree=True,
            no_network=True,
            collect_ids=False,  # the index of a page has them
        )


_parsers = _Parsers()


def _parse(source: bytes) -> tuple[Element, list[str]]:
    """Return the root, and what the parser found wrong."""
    if source.endswith((b"<", b"</")):  # a page cut there: to the parser that would be text
        source = source[: source.rindex(b"<")]
    try:
        root = etree.fromstring(source, _parsers.html)
    except etree.ParserError:
        root = None
    if root is None:
        raise NotAnArticle("empty", "the page holds no markup")
    return root, [entry.type_name for entry in _parsers.html.error_log]

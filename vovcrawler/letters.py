"""Characters: what is the same text although it is coded differently.

Knows Unicode and HTML references, nothing of the site; :mod:`vovcrawler.text` hands these names on.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from html import unescape
from html.entities import html5

# A reference that survived into text: "&amp;nbsp;" in the page. Without its semicolon it is none: "?a=1&copy=2".
# Any number of "amp;" falls at once, so that a long chain of them costs no long chain of rounds.
_REFERENCE = re.compile(
    r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)*(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
# Controls but for tabs and line breaks, and what takes no room: soft hyphen, zero width, bidi marks, BOM.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# What most texts are made of: plain spaces, ASCII but for "&", Latin and Vietnamese letters, dashes and quotes.
# Each is but itself, whatever stands beside it.
_PLAIN = re.compile("[ -%'-~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2010-\u2027]*")
# To Python they are spaces.
_LOW_SEPARATOR = re.compile("[\x1c-\x1f]")
# What XML 1.0 has no way to write, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")

# Letters with a bar or a tail do not decompose in Unicode; old Vietnamese pages print the Icelandic Ð for Đ.
_BARE = dict(zip("đðɖøłıħŧ", "dddoliht", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th"}
_ALIKE = (
    dict.fromkeys("“”„‟«»″〝〞＂", '"')
    | dict.fromkeys("‘’‚‛‹›′`´ʼ＇", "'")
    | dict.fromkeys("‐‑‒–—―−－", "-")
    | {"…": "..."}
)
_ALIKE_BYTES = {mark.encode(): plain.encode() for mark, plain in _ALIKE.items()}
_PRINTED_ALIKE = re.compile(f"[{''.join(_ALIKE)}]")
# Those that begin with the same two bytes are found faster in UTF-8, where most texts need nothing else.
_COMMON_ALIKE = re.compile(
    b"\xe2\x80[%s]" % bytes(mark.encode()[2] for mark in _ALIKE if "\u2010" <= mark <= "\u2026")
)
# What their UTF-8 begins with: where none of these bytes is, nothing is printed otherwise.
_RARE_ALIKE = sorted({mark.encode()[:1] for mark in _ALIKE})
# What Vietnamese is written with: fewer characters than a byte has values, so that tables can do the folding.
_ASCII = "\0\t\n\r" + "".join(map(chr, range(0x20, 0x7F)))
_MARKED = "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA1, 0x1EFA, 2)))
_OTHERS = "“”‘’–—•«»°\u00a0"
_LONGEST_REMEMBERED = 40


def clean(text: str) -> str:
    """Return *text* as a reader sees it: one line, plain spaces, nothing invisible, NFC.

    References are resolved until none is left, so that cleaning twice changes nothing; quotes, dashes and "…"
    stay as printed. A pair of surrogates is the one character it stands for, a lone one is nothing.

    >>> clean(" Đường\\u00a0sắt&amp;nbsp;\\n Bắc\\u200b - Nam ")
    'Đường sắt Bắc - Nam'
    >>> clean("Q&A: R&amp;D “x”…")
    'Q&A: R&D “x”…'
    """
    while not _PLAIN.fullmatch(text):
        seen = unicodedata.normalize("NFC", _visible(text))
        text = _REFERENCE.sub(_character, seen) if "&" in seen else seen
        if text == seen:
            return text
    return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text


def _visible(text: str) -> str:
    if not _LOW_SEPARATOR.search(text) and (line := " ".join(text.split())).isprintable():
        return line  # line breaks, tabs and hard spaces were all
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return " ".join(_INVISIBLE.sub("", text).split())


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    return unescape(f"&{name};") if name.startswith("#") else html5.get(f"{name};", f"&{name};")


def fold(text: str) -> str:
    """Return *text* without tone marks, in lower case, for search and comparison.

    >>> fold("Đường sắt"), fold("ĐÀM PHÁN"), fold("Malmö, Łódź")
    ('duong sat', 'dam phan', 'malmo, lodz')
    """
    if text.isascii():
        return text.lower()
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    try:
        coded, _ = codecs.charmap_encode(text.replace("…", "..."), "strict", _CODES)
    except UnicodeEncodeError:
        return _fold_any(text)
    return codecs.charmap_decode(coded, "strict", _BARE_CODES)[0]


def _fold_any(text: str) -> str:
    before = None
    while text != before:
        before = text
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
        for letter, plain in _BARE.items():  # a third of the time that str.translate takes
            bare = bare.replace(letter, plain)
        text = unicodedata.normalize("NFC", bare)
        if text.isascii():
            return text.lower()
    return text


_WRITTEN = f"{_ASCII}{_MARKED}{_MARKED.upper()}{_OTHERS}"
_CODES = codecs.charmap_build(_WRITTEN.ljust(256, "\ufffe"))
_BARE_CODES = "".join(map(_fold_any, _WRITTEN))

# Labels, sections and names come again on page after page.
_remembered = lru_cache(maxsize=4096)(_fold)


def normalise(text: str) -> str:
    """Return *text* so that printings of the same words are equal: clean, one kind of quote and of dash.

    Case, tone marks and punctuation stay: a change of those is a change of the text.

    >>> normalise("“Chiến tranh  Lạnh” – mới…")
    '"Chiến tranh Lạnh" - mới...'
    """
    return printed_alike(clean(text)).decode()


def in_xml(text: str) -> str:
    """Return *text* without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def printed_alike(text: str) -> bytes:
    r"""Return *text*, which is clean, in UTF-8 with one kind of quote and of dash; lines stay lines.

    >>> printed_alike("“Một”\nhai").decode()
    '"Một"\nhai'
    """
    told = text.encode()
    if b"\xe2\x80" in told:
        told = _COMMON_ALIKE.sub(lambda match: _ALIKE_BYTES[match[0]], told)
    if any(map(told.__contains__, _RARE_ALIKE)):
        return _PRINTED_ALIKE.sub(lambda match: _ALIKE[match[0]], text).encode()
    return told

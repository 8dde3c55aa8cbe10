"""Characters: what is the same text although it is coded differently.

Knows Unicode and HTML references, nothing of Vietnamese or of the site; phrases live in
:mod:`vovcrawler.text`, which hands these names on.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from html.entities import html5

# A reference that survived into text ("&amp;nbsp;" in the page); without its semicolon it is none ("?a=1&copy=2").
_REFERENCE = re.compile(
    r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)*(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
# Controls but for line breaks and tabs, and what takes no room: soft hyphen, zero width, bidi, BOM.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")

# Letters with a bar or a tail have no decomposition in Unicode; old Vietnamese pages print Ð (eth) for Đ.
_BARE = {
    "đ": "d",
    "ð": "d",
    "ɖ": "d",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
_QUOTES_AND_DASHES = str.maketrans(
    dict.fromkeys("“”„‟«»″〝〞＂", '"')
    | dict.fromkeys("‘’‚‛‹›′`´ʼ＇", "'")
    | dict.fromkeys("‐‑‒–—―−－", "-")
    | {"…": "..."}
)


def clean(text: str) -> str:
    """Return *text* as a reader sees it: one line, plain spaces, nothing invisible, NFC.

    References are resolved until none is left, so that cleaning twice changes nothing;
    quotes, dashes and "…" stay as printed. A pair of surrogates is one character, a lone one is nothing.

    >>> clean(" Đường\\u00a0sắt&amp;nbsp;\\n Bắc\\u200b - Nam ")
    'Đường sắt Bắc - Nam'
    >>> clean("Q&A: R&amp;D “x”…")
    'Q&A: R&D “x”…'
    """
    before = None
    while text != before:
        before = text
        text = _clean_once(text)
    return text


def _clean_once(text: str) -> str:
    if "&" in text:
        text = _REFERENCE.sub(_resolve, text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip(" "))


def _resolve(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#"):
        return unescape(f"&{name};")
    return html5.get(f"{name};", f"&{name};")


def fold(text: str) -> str:
    """Return *text* without tone marks, in lower case, for search and comparison.

    >>> fold("Đường sắt"), fold("ĐÀM PHÁN"), fold("Malmö, Łódź")
    ('duong sat', 'dam phan', 'malmo, lodz')
    """
    before = None
    while text != before:
        before = text
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
        for letter, plain in _BARE.items():  # a third of the time that str.translate takes
            bare = bare.replace(letter, plain)
        text = unicodedata.normalize("NFC", bare)
    return text


def normalise(text: str) -> str:
    """Return *text* so that printings of the same words are equal: clean, one kind of quote and dash.

    Case, marks and punctuation stay: a change of those is a change of the text.

    >>> normalise("“Chiến tranh  Lạnh” – mới…")
    '"Chiến tranh Lạnh" - mới...'
    """
    return clean(clean(text).translate(_QUOTES_AND_DASHES))

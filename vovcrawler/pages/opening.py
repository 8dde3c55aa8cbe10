"""What stands above the headline of a text dump: nothing, a trail of sections, or the menu of a page copied whole.

No markup tells them from a headline: the names of the sections do.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from vovcrawler import sections, text, urls
from vovcrawler.pages.captions import is_lone_caption
from vovcrawler.pages.lines import is_date, is_told
from vovcrawler.pages.signatures import is_signature

_HOME = frozenset({"trang-chu", "home", "vov-vn", "vov", "bao-dien-tu-vov", "trang-chu-vov"})
# The last step of the path of each list below a section, as the menu names it, and of old ones.
_PARTS = """
    dang quoc-hoi chinh-phu nhan-dien-su-that nhan-su tin-24h giao-duc du-bao-thoi-tiet viec-lam bien-dao
    quan-sat ho-so cuoc-song-do-day dia-oc bat-dong-san doanh-nghiep khoi-nghiep tai-chinh gia-vang ty-gia
    chung-khoan gia-ca-phe vu-an tin-nong tu-van-luat vu-khi phan-tich bong-da bong-da-quoc-te hau-truong
    o-to-xe-may oto o-to xe-may doanh-nghiep-24h doanh-nhan tin-cong-nghe chuyen-doi-so nhi-khoa
    an-sach-song-khoe blog dien-anh san-khau-dien-anh van-hoc am-nhac di-san nghe-si hau-truong-showbiz
    sao-viet checkin tu-van podcast multimedia video infographic tin-moi-cap-nhat"""
_SECTIONS = frozenset([*sections.table(), *_PARTS.split()])
_BETWEEN = re.compile(r"\s+[/|]\s+|\s*[>»›→]+\s*")
_BULLET = re.compile(r"^(?:[•·*+–-]\s+)+")
# "Thế giới </the-gioi>": the address of a link, as browsers save it.
_TARGET = re.compile(r"\s<\S+>$")
_NO_LETTERS = re.compile("[^a-z0-9]+")
_ADDRESS = re.compile(
    r"(?:(?:nguồn|link|url|source)(?: bài| gốc)?\s?:\s?)?<?(?P<url>https?://\S+?)>?", re.IGNORECASE
)
# What a reader without pictures or menus says of the time that a text takes: "3-4 phút", "5 min read".
_TAKES = re.compile(r"\d+(?:\s?[-–]\s?\d+)? (?:phút(?: đọc)?|min(?:ute)?s?(?: read)?)", re.IGNORECASE)
_BUTTON = frozenset({"tim-kiem", "dang-nhap", "dang-ky", "menu", "search", "nghe-doc-bai", "a-a-a"})
_LONGEST_NAME = 40
_LONGEST_TRAIL = 800
_SHORTEST_MENU = 5  # names of sections
_TOP = 4  # lines, in which it begins
_LONGEST_ITEM = 30
_STEPS = 3  # a trail has no more, but for the front page
_LONGEST_MENU = 300  # lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What stands above the headline: how many lines, those of them that may tell of the article, its sections."""

    length: int = 0
    above: list[str] = field(default_factory=list)
    section: list[str] = field(default_factory=list)


def opening(lines: Sequence[str]) -> Opening:
    """Return what stands above the headline in *lines*.

    >>> opening(["Trang chủ » Thế giới", "Nga và Trung Quốc thảo luận", "VOV.VN - Ngày 26/5"]).section
    ['Thế giới']
    >>> opening(["Sức khỏe", "Nga và Trung Quốc thảo luận"]).length
    1
    """
    steps = list(map(_steps, lines[:_LONGEST_MENU]))
    sentences = (place for place, found in enumerate(steps) if found is None and is_told(lines[place]))
    told = next(sentences, len(steps))
    named = {place: found for place, found in enumerate(steps[:told]) if found is not None}
    is_long = len(named) >= _SHORTEST_MENU or max(map(len, named.values()), default=0) > _STEPS + 1
    is_menu = is_long and min(named) < _TOP
    start = max(named) if is_menu else 0
    length = start + sum(1 for _ in itertools.takewhile(_is_above, lines[start:told]))
    if is_menu:
        length = _headline(lines, length, told)
    elif named and length == told < len(lines) and text.has_outlet(lines[told]):
        length = max(named)  # a headline may look like the name of a section
    trail = _trail([found for found in steps[:length] if found is not None])
    return Opening(length=length, above=list(lines[start:length]), section=trail)


def _is_above(line: str) -> bool:
    return _steps(line) is not None or is_no_headline(line)


def _headline(lines: Sequence[str], start: int, told: int) -> int:
    """Return the place of the headline: behind the last known name of a menu its other items may stand.

    A day stands below the headline, or above a long one.
    """
    others = (_is_above, is_signature, is_lone_caption)
    near = [place for place in range(start, told) if not any(is_other(lines[place]) for is_other in others)]
    long = (place for place in near if len(lines[place]) > _LONGEST_ITEM)
    day = next((place for place in range(start, told) if is_date(lines[place])), told)
    return next(long, max((place for place in near if place < day), default=start))


def _trail(steps: Sequence[Sequence[str]]) -> list[str]:
    """The sections that lead to the headline right below them: in one line, or a line each; no menu."""
    near: list[str] = []
    for found in reversed(steps):
        if len(found) > 1:
            near = list(dict.fromkeys([*filter(None, found), *near]))
            break
        if not found[0]:
            break
        near.insert(0, found[0])
    return near if len(near) <= _STEPS else []


def _steps(line: str) -> tuple[str, ...] | None:
    """The sections that *line* names and nothing else, "" for the front page; ``None`` for any other line.

    >>> _steps("Trang chủ > Kinh tế > Bất động sản"), _steps("• Kinh tế"), _steps("Kinh tế Việt Nam tăng trưởng")
    (('', 'Kinh tế', 'Bất động sản'), ('Kinh tế',), None)
    """
    return _remembered(line) if len(line) <= _LONGEST_TRAIL else None


@lru_cache(maxsize=1024)
def _remembered(line: str) -> tuple[str, ...] | None:
    parts = _BETWEEN.split(_TARGET.sub("", _BULLET.sub("", line)).strip("/|>»›→ "))
    slugs = [_NO_LETTERS.sub("-", text.fold(part)).strip("-") for part in parts]
    if not (slugs[0] in _HOME or slugs[0] in _SECTIONS) or not all(map(_is_name, parts)):
        return None
    return tuple("" if slug in _HOME else part for part, slug in zip(parts, slugs, strict=True) if part)


def _is_name(part: str) -> bool:
    return len(part) <= _LONGEST_NAME and not any(sign in part for sign in "?:!,")


def is_no_headline(line: str) -> bool:
    """Tell whether *line* is a day, an address or the label of a button: what may stand above a headline."""
    if is_date(line, has_time=False) or text.is_boilerplate(line) or _ADDRESS.fullmatch(line):
        return True
    return bool(_TAKES.fullmatch(line)) or _NO_LETTERS.sub("-", text.fold(line)) in _BUTTON


def address(line: str) -> str | None:
    """Return the canonical address of the article that *line* gives and nothing else.

    >>> address("Nguồn: https://www.vov.vn/the-gioi/tin-post1018244.vov")
    'https://vov.vn/the-gioi/tin-post1018244.vov'
    """
    found = _ADDRESS.fullmatch(line)
    return urls.canonical(found["url"]) if found and urls.is_article(found["url"]) else None


def is_of(address: str, headline: str) -> bool:
    """Tell whether *address* is that of the article under *headline*: most words of its last part stand there.

    >>> is_of("https://vov.vn/the-gioi/nga-va-trung-quoc-thao-luan-post1.vov", "Nga và Trung Quốc thảo luận")
    True
    """
    words = _NO_LETTERS.split(address.rpartition("/")[2].rpartition("-")[0])
    said = set(_NO_LETTERS.split(text.fold(headline)))
    return len(words) > 1 and sum(word in said for word in words) * 3 >= len(words) * 2

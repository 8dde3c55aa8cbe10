"""The lines of a text dump: wrapped ones joined again, and what some are that markup would have told.

Which field a line belongs to :mod:`vovcrawler.pages.dump` decides.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from vovcrawler import dates, text
from vovcrawler.pages.captions import is_lone_caption
from vovcrawler.pages.challenge import announces
from vovcrawler.pages.judging import says_not_found
from vovcrawler.pages.parsing import NotAnArticle

# The imprint below every page of the site.
_FOOT = re.compile(
    r"BÁO ĐIỆN TỬ VOV|(?i:cơ quan (?:chủ quản|ngôn luận)(?: của)?\s?:?\s(?:đài tiếng nói việt nam|đài tnvn).{0,60}"
    r"|giấy phép (?:hoạt động báo (?:chí|điện tử) |xuất bản )?số\W*\d+/GP-B\w+\b[^.]{0,60}|[®©].*\bVOV\b.*"
    r"|(?:[®©]\s?)?không sao chép dưới mọi hình thức\b.*)"
)
_WIDEST = 120  # no editor or mail program breaks lines later than this
_WIDER = 2  # lines, of which each twentieth may be so
_RAGGED = 8  # the longest lines differ by less
_NARROWEST = 40  # a width that is not that of the longest line
_BULLETS = ("* ", "• ", "+ ", "· ")
_DASHES = ("- ", "– ")
_LONGEST_DATE_LINE = 60
_CLOCK = re.compile(r"\d{1,2}\s?[:hg]\s?\d\d")
# What a line may hold that is a date and nothing else.
_DATE = re.compile(
    r"(?:[\W\d_]|(?:thứ\s\w+|chủ\snhật|cn|ngày|tháng|năm|lúc|giờ|phút|h|am|pm|sa|ch|sáng|chiều|tối|gmt|utc|ict"
    r"|cập\snhật|ngày\sđăng|đăng|xuất\sbản|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)(?!\w))+",
    re.IGNORECASE,
)
# ">> Xem thêm: …": a line that sends the reader on.
_POINTER = re.compile(r"(?:>{2,}|[»›])\s?\S|(?:>{2,}\s?)?(?:xem|đọc)\sthêm\s?:\s?\S", re.IGNORECASE)
_LONGEST_POINTER = 250
_SHORTEST_HEADLINE = 20  # cells of a table are shorter
_SENTENCE_END = (".", "!", "…")
_CLOSING = "”\"'’)] "
_SPACES_OF_A_SENTENCE = 6
_LINES_OF_A_LIST = 5
_TEASERS_OF_A_LIST = 3
_SHORT_PAGE = 1_500  # characters; no error page has more


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Return *lines*, which are clean, without the empty ones; those that a program broke at a width are joined.

    So it is when hardly a line stands above another that had held its first word, too.

    >>> unwrapped(["Một hai ba", "bốn năm sáu", "bảy", "", "Tám chín", "", "Mười"])
    ['Một hai ba bốn năm sáu bảy', 'Tám chín', 'Mười']
    >>> unwrapped(["Một hai ba", "bốn", "năm sáu", "bảy", "", "Tám chín mười"])
    ['Một hai ba', 'bốn', 'năm sáu', 'bảy', 'Tám chín mười']
    """
    width = _width(lines)
    if not width:
        return [line for line in lines if line]
    joined = [lines[0]]
    for pair in itertools.pairwise(lines):
        if all(pair) and pair[0] != pair[1] and _is_broken(*pair, width):
            joined[-1] += " " + pair[1]
        else:
            joined.append(pair[1])
    return [line for line in joined if line]


def _width(lines: Sequence[str]) -> int:
    """The width at which a program broke *lines*; 0 where none did.

    A line or two may be wider: a heading set to the left of the text, what no program breaks.
    """
    whole = [line for line in lines if "](" not in line and "://" not in line]  # links are not broken
    blocks = [list(block) for is_text, block in itertools.groupby(whole, key=bool) if is_text]
    several = [block for block in blocks if len(block) > 1]
    if len(blocks) < 2:
        return 0
    widths = sorted(map(len, itertools.chain.from_iterable(blocks)), reverse=True)
    inner = sorted((len(line) for block in several for line in block[:-1]), reverse=True)
    wider = min(len(widths) - 1, max(_WIDER, len(widths) // 20))
    usual = next((width for width, other in zip(inner, inner[2:], strict=False) if width - other < _RAGGED), 0)
    for width in (widths[0], usual):
        is_width = width == widths[0] or widths[wider] <= width >= _NARROWEST
        if width <= _WIDEST and is_width and _breaks(several, width):
            return width
    return 0


def _breaks(blocks: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether hardly one of *blocks* has a line that had held the first word of the next one, too."""
    paired = [
        [_is_broken(*pair, width) for pair in itertools.pairwise(block) if pair[0] != pair[1]] for block in blocks
    ]
    broken, pairs = sum(map(sum, paired)), sum(map(len, paired))
    whole = sum(1 for block in paired if block and all(block))
    torn = sum(1 for block in paired if any(block) and not all(block))
    return broken > 1 and (broken * 3 >= pairs * 2 or whole > torn * 3)


def _is_broken(line: str, following: str, width: int) -> bool:
    is_item = following.startswith(_BULLETS) or (following.startswith(_DASHES) and line.endswith((".", ";", ":")))
    is_wider = len(line) > width >= _NARROWEST
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width and not is_item and not is_wider


def is_date(line: str, *, has_time: bool = True) -> bool:
    """Tell whether *line* is a date and nothing else, with its time.

    >>> is_date("Thứ Hai, 16:54, 29/12/2025 |"), is_date("29/12/2025"), is_date("29/12/2025", has_time=False)
    (True, False, True)
    >>> is_date("19h00 ngày 29/12/2025: Việt Nam - Thái Lan")
    False
    """
    is_bare = len(line) <= _LONGEST_DATE_LINE and bool(_DATE.fullmatch(line))
    return is_bare and dates.parse(line) is not None and (not has_time or bool(_CLOCK.search(line)))


def is_dated(line: str) -> bool:
    """Tell whether the short *line*, which stands right below a headline, says when the article came out.

    >>> is_dated("Phi Long - 16:54, 29/12/2025"), is_dated("VOV.VN - Sáng 29/12/2025, lúc 9h00, tại Hà Nội.")
    (True, False)
    """
    if is_date(line, has_time=False):
        return True
    is_said = len(line) > _LONGEST_DATE_LINE or line.endswith(_SENTENCE_END) or text.has_outlet(line)
    return not is_said and bool(_CLOCK.search(line)) and dates.parse(line) is not None


def is_pointer(line: str) -> bool:
    """Tell whether *line* names other news: ">> Nga và Trung Quốc thảo luận", "Xem thêm: Nga và Trung Quốc …"."""
    return len(line) <= _LONGEST_POINTER and not line.endswith(".") and bool(_POINTER.match(line))


def without_cards(lines: Sequence[str]) -> list[str]:
    """Return *lines* without the cards of other news: each headline stands four times, each teaser twice.

    A card without a heading may stand in the text. A line said twice that no teaser follows is text.
    """
    counts = Counter(lines)
    headlines: set[str] = set()
    for line, again, following in zip(lines, lines[1:], [*lines[2:], ""], strict=False):
        is_long = len(line) >= _SHORTEST_HEADLINE
        if line == again and is_long and (counts[line] == 4 or text.has_outlet(following)):
            headlines.add(line)
    if not headlines:
        return list(lines)
    kept: list[str] = []
    before = ""
    for line in lines:
        is_teaser = before in headlines and (counts[line] > 1 or text.has_outlet(line))
        if line not in headlines and not is_teaser:
            kept.append(line)
        before = line
    return kept


def is_foot(line: str) -> bool:
    """Tell whether *line* is one of the imprint of the site: who publishes it, with which licence."""
    return bool(_FOOT.fullmatch(line))


def without_foot(lines: Sequence[str]) -> list[str]:
    """Return *lines* up to the imprint of the site, which stands below the first sentence if anywhere.

    >>> without_foot(["Nga và Mỹ", "VOV.VN - Một.", "Cơ quan chủ quản: Đài Tiếng nói Việt Nam", "58 Quán Sứ"])
    ['Nga và Mỹ', 'VOV.VN - Một.']
    """
    told = next((place for place, line in enumerate(lines) if is_told(line)), len(lines))
    feet = (place for place, line in enumerate(lines) if place > told and is_foot(line))
    return list(lines[: next(feet, len(lines))])


def check(lines: Sequence[str]) -> None:
    """Raise :class:`NotAnArticle` for *lines* that are data, an error page or nothing but headlines."""
    if lines[0].startswith(("{", '["', "[{", "<")):
        raise NotAnArticle("not_text", "the file holds data or markup")
    is_marked = any(text.has_outlet(line) or line.endswith("./.") for line in lines)
    if not is_marked and sum(map(len, lines)) <= _SHORT_PAGE:
        if announces(lines[0]):
            raise NotAnArticle("challenge", "the site answered with a challenge in the place of the page")
        if says_not_found(lines[0]):
            raise NotAnArticle("not_found", "the page says that there is no such page")
    if not any(map(is_told, lines[1:])) and (len(lines) > _LINES_OF_A_LIST or not _is_headline(lines[0])):
        raise NotAnArticle("no_text", "the file holds no sentence")


def is_list(lines: Sequence[str]) -> bool:
    """Tell whether *lines* are headlines and teasers of several articles, and hardly a sentence besides.

    >>> is_list(["Nga và Mỹ", "VOV.VN - Một.", "Lũ", "VOV.VN - Hai.", "Bão", "VOV.VN - Ba."])
    True
    """
    teasers = sum(map(text.has_outlet, lines))
    return teasers >= _TEASERS_OF_A_LIST and sum(map(is_told, lines)) * 2 < teasers * 3


def is_told(line: str) -> bool:
    """Tell whether *line* is of an article: a sentence, a teaser, a caption."""
    is_sentence = line.rstrip(_CLOSING).endswith(_SENTENCE_END) and line.count(" ") >= _SPACES_OF_A_SENTENCE
    return is_sentence or text.has_outlet(line) or is_lone_caption(line)


def _is_headline(line: str) -> bool:
    """A headline has two words at least."""
    return sum(any(map(str.isalpha, word)) for word in line.split()) > 1

"""A plain-text dump of an article: headline, lead, paragraphs, captions and "Tin liên quan", a line each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from vovcrawler import dates, text
from vovcrawler.items import Image, Related
from vovcrawler.pages.body import tidy
from vovcrawler.pages.captions import is_lone_caption
from vovcrawler.pages.lines import (
    check,
    is_date,
    is_dated,
    is_foot,
    is_list,
    is_pointer,
    is_told,
    unwrapped,
    without_cards,
    without_foot,
)
from vovcrawler.pages.marked import bared, unlabelled, unmarked
from vovcrawler.pages.opening import address, is_no_headline, is_of, opening
from vovcrawler.pages.parsing import NotAnArticle
from vovcrawler.pages.signatures import is_signature, names
from vovcrawler.pages.signoffs import is_byline_text, signs

_TAG_LABEL = r"\s*(?:tags?|từ khóa|từ khoá|keywords?)"
_TAG_LINE = re.compile(rf"{_TAG_LABEL}\s*:\s*(?P<tags>.+)", re.IGNORECASE)
_TAG_HEADING = re.compile(rf"{_TAG_LABEL}\s*:?", re.IGNORECASE)
_LONGEST_TAG = 50
_NEAR = 8  # lines from an edge of the text
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
# Signed with its kind of work, never a caption: "Bài, ảnh: An Nhi/VOV.VN".
_WORK = re.compile(r"(?:bài|tin)(?:, | và | & |/)ảnh\s?:", re.IGNORECASE)
_HOUSE = (
    r"(?:Reuters|AFP|AP|EPA|Getty(?: Images)?|Xinhua|Tân Hoa xã|Sputnik|TASS|RIA Novosti|Kyodo|Yonhap|TTXVN|AA"
    r"|Anadolu|Bloomberg|CNN|BBC)"
)
# What ends with its source is a caption when that takes pictures, even if it is a sentence.
_SOURCED = re.compile(rf"(?:(?![.!?…:] )[^%]){{5,150}}\. (?:nguồn: ?{_HOUSE}|\(nguồn: ?{_HOUSE}\))", re.IGNORECASE)
# "Ông A (thứ hai từ trái sang) tại buổi lễ": only a picture has a left and a right.
_POSED = re.compile(
    r"[^.]*\((?:[^()]* )?(?:(?:trái|phải)(?: sang)?|giữa|hàng (?:đầu|trước|sau)|áo (?:trắng|đỏ|xanh|đen|vàng))"
    r"(?:,[^()]*)?\)[^.:;]*",
    re.IGNORECASE,
)
_LONGEST_POSED = 200
_RECORDING = re.compile(r"(?:video|clip)\b", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", "…", "”", '"')
# Who is named with a title is told of.
_NAMES = re.compile(rf"(?!(?:Ông|Bà|Cụ|HLV|NSND|NSƯT|MC)\s){names(2)}")
_LONGEST_NAMES = 40
# "1. Bảo đảm an toàn", "II. Phản ứng của các bên".
_NUMBERED = re.compile(r"(\d{1,2}|I{1,3}|IV|VI{0,3}|IX)[.)]\s\D")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_LONGEST_SUBHEADING = 120
_SHORTEST_CAPITAL = 12  # what is shorter is a name: "VTV5 HD"
# None of these is a syllable of Vietnamese written without its marks, as "the" and "to" are.
_ENGLISH = re.compile(r"\b(?:of|and|for|with|by|is|was|are|that|said)\b", re.IGNORECASE)


class ArticleDump:
    """An article dumped as text; the fields are named as those of a page."""

    layout = "dump"
    modified_at = None

    def __init__(self, dump: str) -> None:
        if len(_BINARY.findall(dump[:10_000])) > 20:
            raise NotAnArticle("not_text", "the file is not text, or in an unknown coding")
        lines, self._headings = unmarked(unwrapped(bared(list(map(text.clean, dump.splitlines())))))
        lines, self._labelled = unlabelled(lines)
        if not lines:
            raise NotAnArticle("empty", "the file holds no text")
        self._opening = opening(lines)
        self.lines = without_foot(lines[self._opening.length :])
        if not self.lines or text.is_related_heading(self.lines[0]) or is_foot(self.lines[0]):
            raise NotAnArticle("no_text", "the file has no headline")
        check(self.lines)
        if is_list(self.lines[: self._end]):
            raise NotAnArticle("section", "the file is a list of articles")

    @property
    def headline(self) -> str:
        return self.lines[0]

    @property
    def url(self) -> str | None:
        """The address above the headline, or one of the same words below it or at the end."""
        above = filter(None, map(address, self._opening.above))
        near = filter(None, map(address, [*self._below, *self.lines[-_NEAR:]]))
        return next(itertools.chain(above, (url for url in near if is_of(url, self.headline))), None)

    @property
    def section(self) -> list[str]:
        return self._opening.section

    @cached_property
    def _end(self) -> int:
        """Where the article ends and what is related begins."""
        places = range(1, len(self.lines))
        return next((place for place in places if text.is_related_heading(self.lines[place])), len(self.lines))

    @cached_property
    def _below(self) -> list[str]:
        """What stands between headline and text: the day, who wrote it, labels, the headline once more."""
        lines = self.lines[1 : self._end]
        lead = self._lead(lines[:_NEAR])
        above = itertools.takewhile(
            lambda told: self._is_label(told[1]) or (told[0] < lead and _names_author(told[1])), enumerate(lines)
        )
        return [line for _, line in above]

    def _lead(self, lines: Sequence[str]) -> int:
        """Return where the lead bears its mark, else the first sentence below one single other line; else 0."""
        marked = next((place for place, line in enumerate(lines) if text.has_outlet(line)), None)
        told = next((place for place, line in enumerate(lines) if is_told(line)), 0)
        is_single = sum(not self._is_label(line) for line in lines[:told]) == 1
        return marked if marked is not None else told if is_single else 0

    def _is_label(self, line: str) -> bool:
        is_label = is_no_headline(line) or text.is_furniture_heading(line) or line == self.headline
        return is_label or is_signature(line) or is_dated(line)

    @cached_property
    def _times(self) -> list[str]:
        """The day in or below the text; several are of what it tells."""
        found = list(filter(is_date, self.lines[1 + len(self._below) : self._end]))
        return found if len(found) == 1 else []

    @cached_property
    def _told(self) -> list[str]:
        """The lines of the article itself, from its lead to its byline."""
        lines = without_cards(list(_without_lists(self.lines[1 + len(self._below) : self._end])))
        return [line for line in _without_networks(lines) if line not in self._times and not _is_beside(line)]

    @property
    def lead(self) -> str | None:
        """The first paragraph, when it bears an outlet mark, or more text or several pictures follow it."""
        first = next(iter(self._paragraphs), "")
        is_lead = len(self._paragraphs) > 1 or text.has_outlet(first) or len(self.images) > 1
        return text.strip_end_mark(first) or None if is_lead else None

    @cached_property
    def _lines(self) -> list[str]:
        return [line for line in self._told if not _is_caption(line)]

    @cached_property
    def _paragraphs(self) -> list[str]:
        return self._lines[: len(self._lines) - len(self._signed)]

    @cached_property
    def _signed(self) -> list[str]:
        """The last line or two, when they are who wrote what stands above them."""
        lines = self._lines
        last = range(len(lines) - 1, max(0, len(lines) - 3), -1)
        signed = itertools.takewhile(lambda place: _signs(lines[place - 1], lines[place]), last)
        return [lines[place] for place in signed][::-1]

    @property
    def body(self) -> list[str]:
        return tidy(self._paragraphs[1 if self.lead else 0 :])

    @property
    def subheadings(self) -> list[int]:
        """What Markdown marks; lines in capitals, or numbered one after the other, above a text; no others."""
        body = self.body
        heading = [place for place in range(len(body) - 1) if _heads(body[place], body[place + 1])]
        numbered = {place: number for place in heading if (number := _number(body[place]))}
        is_series = len(numbered) > 1 and list(numbered.values()) == list(range(1, len(numbered) + 1))
        capital = (
            place for place in heading if _is_capital(body[place]) and body[place + 1].endswith(_SENTENCE_ENDS)
        )
        marked = (place for place in range(len(body) - 1) if body[place] in self._headings)
        return sorted({*capital, *marked, *(numbered if is_series else ())})

    @property
    def byline(self) -> str | None:
        above = (line for line in self._below if _names_author(line) and not is_no_headline(line))
        return self._labelled or ", ".join(self._signed or above) or None

    @property
    def published_at(self) -> str | None:
        told = next(filter(is_dated, [*self._opening.above, *self._below, *self._times]), None)
        moment = dates.parse(told) if told else None
        return dates.iso(moment) if moment else None

    @cached_property
    def images(self) -> list[Image]:
        lines = (line for line in self._told if _is_caption(line) and not _RECORDING.match(line))
        captions = map(text.split_credit, lines)
        return [Image(caption=caption, credit=credit) for caption, credit in captions]

    @property
    def tags(self) -> list[str]:
        for place, line in enumerate(self.lines[1:], start=2):
            if found := _TAG_LINE.fullmatch(line):
                return list(dict.fromkeys(filter(None, map(text.clean, re.split(r"[,;]", found["tags"])))))
            if _TAG_HEADING.fullmatch(line):
                return list(dict.fromkeys(itertools.takewhile(_is_tag, self.lines[place:])))
        return []

    @property
    def language(self) -> str:
        """English where hardly a letter is Vietnamese and many words are those of every English text."""
        told = " ".join([self.headline, *self._told[:6]])
        is_english = not text.is_vietnamese(told) and len(_ENGLISH.findall(told)) * 15 > len(told.split())
        return "en" if is_english else "vi"

    @cached_property
    def related(self) -> list[Related]:
        """The cards below "Tin liên quan": each headline stands four times in a dump, each teaser twice."""
        lines = self.lines[self._end + 1 :]
        end = next((place for place, line in enumerate(lines) if text.is_furniture_heading(line)), len(lines))
        cards = _cards([line for line in lines[:end] if not text.is_related_heading(line)])
        return [card for card in cards if card.headline != self.headline]


def _is_beside(line: str) -> bool:
    """Tell whether *line* stands in the text and is not of it: other news, promotion, tags."""
    return is_pointer(line) or text.is_boilerplate(line) or bool(_TAG_LINE.fullmatch(line) or address(line))


def _is_caption(line: str) -> bool:
    """Tell whether *line* is surely what stands under a picture; who signed with "Bài, ảnh: …" took them."""
    is_posed = len(line) <= _LONGEST_POSED and not line.endswith(_SENTENCE_ENDS) and bool(_POSED.fullmatch(line))
    return (is_posed or is_lone_caption(line) or bool(_SOURCED.fullmatch(line))) and not _WORK.match(line)


def _is_promotion(line: str) -> bool:
    return "VOV" in line and text.is_boilerplate(line)


def _is_tag(line: str) -> bool:
    is_other = text.is_list_heading(line) or text.is_boilerplate(line)
    return len(line) <= _LONGEST_TAG and not is_other and not line.endswith(_SENTENCE_ENDS)


def _signs(before: str, told: str) -> bool:
    """Tell whether *told* is who wrote what ends with *before*: by its words, or names below a sentence."""
    if is_byline_text(told) or is_signature(told) or signs(before, told):
        return True
    is_name = len(told) <= _LONGEST_NAMES and not told.isupper() and bool(_NAMES.fullmatch(told))
    return is_name and before.endswith(_SENTENCE_ENDS) and bool(text.authors(told))


def _names_author(line: str) -> bool:
    """Tell whether *line*, which stands between headline and lead, is a byline, or a name and nothing else."""
    is_name = len(line) <= _LONGEST_NAMES and bool(_NAMES.fullmatch(line) and text.authors(line))
    return is_signature(line) or ((is_byline_text(line) or is_name) and not _is_caption(line))


def _heads(line: str, following: str) -> bool:
    """Tell whether *line*, which ends no sentence, may head what follows: no line of the same kind."""
    ends_sentence = len(line) > _LONGEST_SUBHEADING or line.endswith((".", "!", "…", ",", ";", ":"))
    return not ends_sentence and not _is_capital(following) and not _number(following)


def _is_capital(line: str) -> bool:
    return line.isupper() and len(line) >= _SHORTEST_CAPITAL


def _number(line: str) -> int | None:
    """The number that *line* opens with: 2 of "2. Ngăn chặn leo thang", and of "II. Ngăn chặn leo thang"."""
    found = _NUMBERED.match(line)
    return (_ROMAN.get(found[1]) or int(found[1])) if found else None


def _without_lists(lines: Sequence[str]) -> Iterator[str]:
    """Yield *lines* up to the heading of another list; one in the midst of the text ends where sentences go on."""
    ends = [place for place, line in enumerate(lines) if line.endswith("./.") or _is_promotion(line)]
    is_list = False
    for place, line in enumerate(lines):
        if text.is_furniture_heading(line):
            if place > max(ends, default=-1):
                return
            is_list = True
        elif not is_list or line.endswith((".", "…", ".”", '."')) or _is_caption(line) or _is_promotion(line):
            is_list = False
            yield line


def _without_networks(lines: Sequence[str]) -> Iterator[str]:
    """Yield *lines* without what stands below "Mời … theo dõi VOV.VN trên": networks, new ones of a word."""
    is_below = False
    for line in lines:
        is_below = _is_promotion(line) or (is_below and (" " not in line or text.is_boilerplate(line)))
        if not is_below:
            yield line


def _cards(lines: Sequence[str]) -> list[Related]:
    """Read headlines and teasers: a line said twice running is a headline, one with an outlet mark a teaser."""
    doubled = {line for line, following in itertools.pairwise(lines) if line == following}
    teasers: dict[str, str | None] = {}
    current: str | None = None
    for line in lines:
        if text.is_boilerplate(line):
            continue
        outlet, teaser = text.split_outlet(line)
        is_teaser = outlet is not None or (
            bool(doubled) and line not in doubled and current is not None and teasers[current] in (None, teaser)
        )
        if is_teaser and current is not None:
            teasers[current] = teasers[current] or teaser
        elif not is_teaser:
            current = line
            teasers.setdefault(line, None)
    return [Related(headline=headline, teaser=teaser) for headline, teaser in teasers.items()]

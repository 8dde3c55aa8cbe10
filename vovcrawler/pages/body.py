"""The text of an article: which blocks of its container are paragraphs, and what the others are.

In the text may stand captions, boxes of links, a byline at the end, lines of promotion: none of them is body.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from vovcrawler import text
from vovcrawler.pages.blocks import SENTENCE_END, Block, is_prose
from vovcrawler.pages.captions import is_credit_line, is_lone_caption
from vovcrawler.pages.cards import after_furniture_headings, cross_links
from vovcrawler.pages.controls import controls
from vovcrawler.pages.document import Element, short_text
from vovcrawler.pages.flow import Blocks
from vovcrawler.pages.furniture import Links, is_label_row, quotation
from vovcrawler.pages.looks import is_at_right
from vovcrawler.pages.pictures import Pictures
from vovcrawler.pages.signatures import is_signature, names
from vovcrawler.pages.summaries import by_machine

_STOPS = (".", "!", "…", ":", ";", ",", ".”", '."', "。", "！", "។")
_CREDIT_ENDS = (")", ").", "]")
_LINES = frozenset(["li", "tr", "td", "blockquote"])
# What is set apart before the text is its lead when it is so long and ends like this.
SHORTEST_LEAD = 60
_LEAD_ENDS = (".", "…", ".”", '."')
_LONGEST_SUBHEADING = 120
# A bold question that is longer, or one of more than so many, is asked in an interview.
_LONGEST_QUESTION = 80
_MOST_QUESTIONS = 2
_LONGEST_QUOTATION = 600
_LONGEST_NAMES = 80
_LONGEST_LABEL = 60
# So many lines may stand above a lead in the box of the text.
_TOP = 6
_LONGEST_BYLINE = 100
_LONGEST_BOILERPLATE = 250
_OPENING = 40
# What follows the words that a line begins with: in another printing it can be another sign.
_WORDS = re.compile(r"[^\w ].*", re.DOTALL)
# "CTV An Nhi/VOV-Miền Trung", "Diệp Thảo (biên dịch)", "Theo TTXVN", "Nguồn: Reuters".
_BYLINE = re.compile(
    rf"(?:(?:CTV|PV|BTV|Nhóm (?:PV|phóng viên|tác giả))(?:[ /].*|\s?:\s?(?-i:{names(1)})(?:\s?[/(–-].*)?)?"
    r"|Theo(?: \S+){1,5}"
    r"|(?:Nguồn|Tổng hợp|Biên dịch|Lược dịch|Tác giả|Thực hiện|(?:Bài|Tin)(?:, | và |/)ảnh|Bài|Ảnh)\s?:.+"
    r"|(?:[^.!?:]|(?<=\b\w)\.|(?<=VOV)\.(?=VN\b)|(?<=TP)\.)*(?:/|\s[-–]\s|\s)\(?VOV\w*(?:\.VN)?\)?(?:\s?[-–/]\s?(?:TP\.\s?|[^.!?]){1,40})?"
    r"(?:\s*\([^()]*\)|\s(?:(?:biên|lược) dịch|tổng hợp))?"
    r"|VOV\w*(?:\.VN)?(?:[-–/](?-i:[^\W\d_a-z])[^.!?:,]{1,25})?(?:\s?\([^()]*\))?|(?-i:(?:[A-ZĐ]\.\s?){1,3}[A-ZĐ]\w{0,6})"
    r"|[^.!?:/]{2,60}/VOV\s[^\W\d_][^.!?:,]{1,25}"
    rf"|(?-i:{names(2)}\s[-–]\s[Ảả]nh\s?:\s?{names(1)})"
    r"|[^.!?:]*\((?:biên dịch|lược dịch|tổng hợp|thực hiện|dịch|ghi|theo [^()]*|t/h)\))",
    re.IGNORECASE,
)
_TITLES = (
    r"(?:(?:Phó g|G)iáo sư|(?:Tiến|Thạc|Bác) sĩ|Luật sư|Nhà (?:văn|thơ|báo|giáo|nghiên cứu)|Đại sứ|Chuyên gia"
    r"|(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy))"
)
_NAMES = re.compile(rf"(?:{_TITLES}[ ,]{{1,2}})*{names(2)}")
# Whom a text was taken from, set at the right without another word.
_AGENCY = re.compile(
    r"TTXVN(?:/\w+\+?)?|Vietnam\+|Reuters|AFP|AP|Xinhua|Tân Hoa xã|Sputnik|TASS|Yonhap|Kyodo|BBC|CNN"
)
_BETWEEN = " ·•|"
_RECORDING = re.compile(r"(?:video|clip)\b", re.IGNORECASE)
# "Minh Ngọc/VTC News", set apart.
_NAMED_FOR = re.compile(
    rf"(?:(?:PV|CTV|BTV|Phóng viên) )?{names(2)}(?:\s\([^()]*\))?\s?/\s?[^\W\d_a-z][^.!?:,/]{{1,30}}"
)
_NAMED = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_BYLINE_WORDS = re.compile(_NAMED.format("author|byline|tac-?gia|source|nguon|pauthor"), re.IGNORECASE)
_LEADS = "sapo|lead|lede|intro|summary|standfirst|excerpt|brief|chapeau|tom-?tat"
_LEAD_WORDS = re.compile(_NAMED.format(_LEADS), re.IGNORECASE)


@dataclass(slots=True)
class Body:
    """What the container of an article says: ``lead`` only when the text itself opens with an outlet mark."""

    paragraphs: list[str] = field(default_factory=list)
    subheadings: list[int] = field(default_factory=list)
    lead: str | None = None
    byline: str | None = None


def read_body(
    page: Blocks,
    containers: Iterable[Element],
    *,
    skip: set[Element],
    links: Links,
    pictures: Pictures,
    headline: str | None,
    lead: str | None,
    byline: str | None,
) -> Body:
    """Read the article out of *containers*; its pictures go to *pictures*."""
    body = Body()
    kept: list[Block] = []
    said: set[str] = set()
    for container in containers:
        blocks = page.flow(container, skip)
        told = {block.text for block in blocks if block.text}
        if told and told <= said:
            continue  # the same text once more, for screens of another size
        said |= told
        gone = {place for place, block in enumerate(blocks) if _is_boilerplate(block)}
        gone |= controls(blocks, container) | by_machine(blocks, container)
        gone |= cross_links(blocks, container, links, has_lead=lead is not None)
        gone |= after_furniture_headings(blocks, gone)
        gone |= pictures.take(blocks, gone | _signed(blocks, gone, byline))
        kept += [block for place, block in enumerate(blocks) if place not in gone]
    kept = [block for block in kept if not (block.text.endswith(_CREDIT_ENDS) and _stands_alone(block, pictures))]
    kept = _without_repeats(kept, headline, lead)
    kept[-1:] = itertools.chain.from_iterable(map(_at_end_mark, kept[-1:]))
    body.byline = _take_byline(kept, byline, least=0 if lead or pictures.images else 1)
    above, signed = _signed_above(kept, byline)
    if signed and signed.startswith(body.byline or ""):
        body.byline = signed
        kept.pop(above)
    if lead is None and kept:
        body.lead = _take_lead(kept)
    _fill(body, kept)
    return body


def _take_lead(blocks: list[Block]) -> str | None:
    """Remove and return the lead, where *blocks* open with one, and what stands above one that is marked."""
    place = _marked(blocks)
    if place is None and not _opens(blocks):
        return None
    del blocks[: place or 0]
    return blocks.pop(0).text


def _signed_above(blocks: Sequence[Block], known: str | None) -> tuple[int, str | None]:
    """Return the place of a line above the text that signs it, with the lead at most before it, and what it says.

    A sign between it and the date may be left behind it.
    """
    for place, block in enumerate(blocks[:_TOP]):
        told = block.text.strip(_BETWEEN)
        if is_signature(told) or (told == known and told != block.text):
            return place, told
        if _is_no_label(block.text) and not text.has_outlet(block.text):
            break
    return 0, None


def _marked(blocks: Sequence[Block]) -> int | None:
    """Return the place of the lead with the mark of the outlet; before it stand a section, a name, a date.

    Where more such lines follow, it may be one of a list.
    """
    for place, block in enumerate(blocks[:_TOP]):
        if text.has_outlet(block.text):
            is_only_one = not any(text.has_outlet(below.text) for below in blocks[place + 1 :])
            return place if is_only_one or not place else None
        if block.heading or _is_no_label(block.text):
            return None
    return None


def lead_in(lines: Sequence[str], lead: str) -> int | None:
    """Return the place of *lead* in the text *lines*, with such lines at most before it."""
    for place, line in enumerate(lines[:_TOP]):
        if text.normalise(text.split_outlet(line)[1]) == text.normalise(lead):
            return place
        if _is_no_label(line):
            return None
    return None


def _is_no_label(told: str) -> bool:
    """Tell whether *told* is more than a label, a name or a date."""
    return len(told) > _LONGEST_LABEL or told.endswith(SENTENCE_END)


def _opens(blocks: Sequence[Block]) -> bool:
    """Tell whether the first block is a lead, as the only one that is set apart."""
    first, *rest = blocks[:2]
    if rest and first.tag not in _LINES and _LEAD_WORDS.search(first.element.get("class") or ""):
        return True
    if not rest or not (first.strong or first.heading) or rest[0].strong or rest[0].heading:
        return False
    is_prose = len(first.text) >= SHORTEST_LEAD and first.text.endswith(_LEAD_ENDS)
    if not is_prose or is_credit_line(first.text):
        return False
    return first.tag not in _LINES and quotation(first.element) is None


def _is_boilerplate(block: Block) -> bool:
    if not block.text or len(block.text) > _LONGEST_BOILERPLATE:
        return False
    return text.is_boilerplate(block.text) or is_label_row(block)


def _stands_alone(block: Block, pictures: Pictures) -> bool:
    """A caption without its picture, or of a recording: it ends with a credit in brackets."""
    if block.heading or not is_lone_caption(block.text) or is_signature(block.text):
        return False
    if not _RECORDING.match(block.text):
        pictures.add(None, block.text)
    return True


def _without_repeats(blocks: Sequence[Block], headline: str | None, lead: str | None) -> list[Block]:
    """Leave out the headline and the lead where they open the text once more, and what is left of a date: "()"."""
    said = [line for told in (headline, lead) if told and (line := _unmarked(told))]
    again = itertools.takewhile(lambda block: _repeats(_unmarked(block.text), said), blocks[:3])
    return list(blocks[sum(1 for _ in again) :])


def _unmarked(line: str) -> str:
    return text.split_outlet(line, is_clean=True)[1]


def _repeats(line: str, said: Iterable[str]) -> bool:
    return not any(map(str.isalnum, line)) or any(
        _begin_alike(line, known) and _same(line) == _same(known) for known in said
    )


def _begin_alike(one: str, other: str) -> bool:
    """Most lines do not, which their first words tell."""
    start, opening = (_WORDS.sub("", line[:_OPENING]).casefold() for line in (one, other))
    most = min(len(start), len(opening))
    return start[:most] == opening[:most]


def _same(told: str) -> str:
    return text.normalise(told).strip(" .").casefold()


def _at_end_mark(block: Block) -> Iterable[Block]:
    """Divide the last paragraph from a signature that stands in it behind the end mark."""
    told, mark, signed = block.text.rpartition("./.")
    if not told:
        return [block]
    name = replace(block, text=signed.strip(" ()"), strong=True)
    return [replace(block, text=told + mark), name] if is_byline(name) else [block]


def _take_byline(blocks: list[Block], known: str | None, *, least: int) -> str | None:
    """Take the byline off the end of the text, in one line or two; with a known one only its repetition.

    So many blocks at *least* stay.
    """
    if known:
        same = _same(known)
        for place in range(len(blocks) - 1, max(0, len(blocks) - 4), -1):
            # There it may have its outlet, too.
            is_fuller = blocks[place].text.startswith(known)
            if len(blocks[place].text.strip(".…()/ ")) > len(same) and not is_fuller:
                continue
            told = _same(blocks[place].text).strip("()/ ")
            alone = is_byline(blocks[place]) or signs(blocks[place - 1].text, blocks[place].text)
            if told == same.strip("()/ ") or ((told in same or is_fuller) and alone):
                said = blocks.pop(place).text
                return said if is_fuller and len(text.authors(said)) > len(text.authors(known)) else known
        return known
    found: list[str] = []
    if len(blocks) > 1 and signs(blocks[-2].text, blocks[-1].text):
        return blocks.pop().text
    while len(blocks) > least and len(found) < 2 and is_byline(blocks[-1]):
        found.insert(0, blocks.pop().text)
    return ", ".join(dict.fromkeys(found)) or None


def tidy(lines: Iterable[str]) -> list[str]:
    """Return *lines* that are paragraphs already: clean, without promotion lines, the end mark a full stop."""
    told = (text.clean(line) for line in lines)
    return [
        text.strip_end_mark(line)
        for line in told
        if line and not text.is_boilerplate(line) and any(map(str.isalnum, line))
    ]


def is_byline_text(told: str) -> bool:
    """Tell by its words alone whether the last line of a text is who wrote it.

    >>> is_byline_text("CTV An Nhi/VOV-Miền Trung"), is_byline_text("Hội nghị bế mạc.")
    (True, False)
    """
    ends_sentence = told.endswith(".") and not told.upper().endswith(".VN.")
    return (
        len(told) <= _LONGEST_BYLINE
        and not ends_sentence
        and not told.endswith(("!", "?"))
        and bool(_BYLINE.fullmatch(told))
    )


def signs(before: str, told: str) -> bool:
    """Tell whether the line *told* is names and nothing else, and *before* it the text has come to its end mark.

    >>> signs("Hội nghị bế mạc./.", "Phi Long - An Nhi"), signs("Hội nghị bế mạc.", "Phi Long")
    (True, False)
    """
    return before.endswith("./.") and len(told) <= _LONGEST_NAMES and bool(_NAMES.fullmatch(told))


def is_byline(block: Block) -> bool:
    """Tell whether *block*, the last of a text, is who wrote it: by its words, or a name set apart."""
    told = block.text
    if (
        block.heading
        or len(told) > _LONGEST_BYLINE
        or told.endswith(("./.", "!", "?"))
        or _is_in_quotation(block.element)
    ):
        return False
    if "VOV" in told and is_signature(told.removesuffix(".")):
        return True
    if told.endswith(".") and not told.upper().endswith(".VN."):
        return False
    named = block.element.get("class") or ""
    if _BYLINE_WORDS.search(named) or _BYLINE.fullmatch(told):
        return True
    form, is_set_right = _NAMED_FOR if "/" in told else _NAMES, is_at_right(block.element)
    is_apart = block.strong or is_set_right
    return bool((is_apart and form.fullmatch(told)) or (is_set_right and _AGENCY.fullmatch(told)))


def _signed(blocks: Sequence[Block], gone: Collection[int], known: str | None) -> set[int]:
    """The place of the last line when it is a byline at the right, or one with an office where none is *known*.

    It is not what stands under a picture.
    """
    last = next(
        (place for place in range(len(blocks) - 1, -1, -1) if blocks[place].text and place not in gone), None
    )
    if last is None or not is_byline(blocks[last]):
        return set()
    is_sure = is_at_right(blocks[last].element) or (not known and is_signature(blocks[last].text))
    return {last} if is_sure else set()


def _fill(body: Body, blocks: Sequence[Block]) -> None:
    bold = _bold_lines(blocks)
    for place, block in enumerate(blocks):
        told = text.strip_end_mark(block.text)
        if not told[:1].isalnum() and not any(map(str.isalnum, told)):
            continue
        if block.heading or (place in bold and _is_apart(place, bold, len(blocks))):
            body.subheadings.append(len(body.paragraphs))
        body.paragraphs.append(told)


def _bold_lines(blocks: Sequence[Block]) -> set[int]:
    """The places of short lines all in bold that end no sentence; questions not among many, as in an interview."""
    loose = Counter(block.element for block in blocks if block.tag == "td" and is_prose(block.text))
    bold = {place for place, block in enumerate(blocks) if block.strong and _is_bold_line(block, loose)}
    asked = {
        place
        for place, block in enumerate(blocks)
        if block.strong and block.text.endswith("?") and not block.heading
    }
    return bold - asked if len(asked) > _MOST_QUESTIONS else bold


def _is_apart(place: int, bold: Collection[int], count: int) -> bool:
    """Tell whether the line at *place* heads what follows: three *bold* lines running are a list."""
    near = [beside in bold for beside in range(place - 2, place + 3)]
    is_list = any(all(near[start : start + 3]) for start in range(3))
    below = place + 1 if near[3] else place
    return not is_list and below + 1 < count


def _is_bold_line(block: Block, loose: Counter[Element]) -> bool:
    return (
        len(block.text) <= _LONGEST_SUBHEADING
        # Where a text stands loose in a cell, its table is layout.
        and (block.tag not in _LINES or loose[block.element] > 1)
        and not block.text.endswith(_STOPS)
        and not (block.text.endswith("?") and _is_asked(block.text))
        and not _is_in_quotation(block.element)
    )


def _is_in_quotation(element: Element) -> bool:
    """Tell whether *element* stands in the box of a quotation; to indent a whole text the same tag is used."""
    box = quotation(element)
    return box is not None and short_text(box, _LONGEST_QUOTATION) is not None


def _is_asked(told: str) -> bool:
    """Tell whether a question is put to somebody, rather than to the reader.

    >>> _is_asked("PV: Thưa ông, vì sao giá tăng?"), _is_asked("Vì sao giá tăng?")
    (True, False)
    """
    return len(told) > _LONGEST_QUESTION or ":" in told or "thưa " in told.lower() or told.startswith(("-", "–"))

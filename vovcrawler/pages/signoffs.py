"""Who signed an article in the last lines of its text: which lines are a byline, and taking it off them.

What stands in a box of its own beside the text is read by :mod:`vovcrawler.pages.signatures`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from vovcrawler import text
from vovcrawler.pages.blocks import Block
from vovcrawler.pages.furniture import is_in_quotation
from vovcrawler.pages.looks import is_at_right
from vovcrawler.pages.signatures import is_signature, names

_LONGEST_NAMES = 80
_LONGEST_BYLINE = 100
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
# "Minh Ngọc/VTC News", set apart.
_NAMED_FOR = re.compile(
    rf"(?:(?:PV|CTV|BTV|Phóng viên) )?{names(2)}(?:\s\([^()]*\))?\s?/\s?[^\W\d_a-z][^.!?:,/]{{1,30}}"
)
_BYLINE_WORDS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|tac-?gia|source|nguon|pauthor)(?:$|[\s_-])", re.IGNORECASE
)


def take_byline(blocks: list[Block], known: str | None, *, least: int) -> str | None:
    """Take the byline off the end of the text, in one line or two; with a known one only its repetition.

    So many blocks at *least* stay.
    """
    if known:
        alike = same(known)
        for place in range(len(blocks) - 1, max(0, len(blocks) - 4), -1):
            # There it may have its outlet, too.
            is_fuller = blocks[place].text.startswith(known)
            if len(blocks[place].text.strip(".…()/ ")) > len(alike) and not is_fuller:
                continue
            told = same(blocks[place].text).strip("()/ ")
            alone = is_byline(blocks[place]) or signs(blocks[place - 1].text, blocks[place].text)
            if told == alike.strip("()/ ") or ((told in alike or is_fuller) and alone):
                said = blocks.pop(place).text
                return said if is_fuller and len(text.authors(said)) > len(text.authors(known)) else known
        return known
    found: list[str] = []
    if len(blocks) > 1 and signs(blocks[-2].text, blocks[-1].text):
        return blocks.pop().text
    while len(blocks) > least and len(found) < 2 and is_byline(blocks[-1]):
        found.insert(0, blocks.pop().text)
    return ", ".join(dict.fromkeys(found)) or None


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
        or is_in_quotation(block.element)
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


def signed_at(blocks: Sequence[Block], gone: Collection[int], known: str | None) -> set[int]:
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


def at_end_mark(block: Block) -> Iterable[Block]:
    """Divide the last paragraph from a signature that stands in it behind the end mark."""
    told, mark, signed = block.text.rpartition("./.")
    if not told:
        return [block]
    name = replace(block, text=signed.strip(" ()"), strong=True)
    return [replace(block, text=told + mark), name] if is_byline(name) else [block]


def same(told: str) -> str:
    """Return *told* as another printing of it reads, too."""
    return text.normalise(told).strip(" .").casefold()

"""Who wrote it and who took the picture: bylines into names, captions into sentence and credit.

Both are handed on by :mod:`vovcrawler.text`.
"""

from __future__ import annotations

import re

from vovcrawler.letters import clean, fold

_ILLUSTRATION = r"(?:(?:chỉ\s|có\s|mang\s)*tính\s(?:chất\s)?)?minh\sh(?:ọa|oạ)"
# What may follow "Ảnh" and is no person: it is the credit when no name stands behind it.
_NATURE = (
    rf"(?:{_ILLUSTRATION}|tư\sliệu|chụp\s(?:từ\s)?màn\shình|(?:cắt|chụp)\s(?:từ|qua)\s(?:clip|video)|internet"
    r"|do\s(?:nhân\svật|gia\sđình|cơ\squan|CTV|đơn\svị)[^.:()]{0,30}cung\scấp|nhân\svật\scung\scấp|NVCC|CTV)"
)
_PICTURE = r"(?:(?:hình\s)?ảnh|hình|photos?|pictures?|images?|foto|đồ\sh(?:ọa|oạ)|infographic|tranh)"
_LABEL = (
    rf"(?:nguồn\s?(?:{_PICTURE}|video|clip)?|{_PICTURE}\snguồn|{_PICTURE}(?:\s{_NATURE})?|minh\sh(?:ọa|oạ)|source|credit|courtesy)"
    r"(?:\s?:|\s(?=by\s|courtesy\s))"
)
_FLAGS = re.IGNORECASE
_ROUND = re.compile(
    rf"[(\[]\s?(?:(?:{_LABEL})\s?(?P<named>(?:[^()\[\]]|\([^()]*\))*)|(?P<nature>{_PICTURE}\s{_NATURE}|{_ILLUSTRATION})"
    rf"|(?-i:[ẢảHhPp](?:nh|ình|hoto))\s(?:của\s|by\s)?(?P<plain>(?-i:[A-ZĐÀ-Ỹ])[^()\[\]]{{0,60}}))\s?\.?\s?(?:[)\]]|$)",
    _FLAGS,
)
# Behind a stop, a dash, a comma or at the start; a capital "Ảnh:" also behind a mere space.
_START = r"(?:^|(?<=[.,;:!?…”\"'’»)|/–—-])\s?|\s(?=(?-i:[ẢNPHĐSIC])))"
_OPEN = re.compile(rf"{_START}(?:{_LABEL})\s?(?:by\s)?", _FLAGS)
_OPEN_END = re.compile(r"(?<!\b\w)[.!?…]\s+(?=[\W\d_]*[^\W\d_a-z])|\s\|\s|$")
_NATURE_ALONE = re.compile(
    rf"{_START}(?P<nature>{_PICTURE}\s{_NATURE})\s?(?:\.?\s*$|\.\s+(?=[\W\d_]*[^\W\d_a-z]))", _FLAGS
)
_INNER_LABEL = re.compile(rf"\s?[,;/.–—-]?\s?(?:{_LABEL})\s?", _FLAGS)
_LONGEST_CREDIT = 80

_PLACES = (
    r"(?:Tây\sBắc|Đông\sBắc|Miền\sTrung|Tây\sNguyên|ĐBSCL|Đồng\sbằng\ssông\sCửu\sLong|TP\.?\s?HCM|TP\.?\sHồ\sChí\sMinh|Hà\sNội"
    r"|Cairo|Moscow|Washington|Paris|Tokyo|Bangkok|Bắc\sKinh|Vientiane|Viêng\sChăn|Phnom\s?Penh|Prague|Praha|New\sDelhi|Jakarta"
    r"|Australia|Sydney|Indonesia|Ấn\sĐộ|Mỹ|Nga|Lào|Campuchia|Nhật\sBản|Trung\sQuốc|Thái\sLan|Pháp|Đức|Ai\sCập|Séc)"
)
_OUTLET = re.compile(
    r"\bVOV[\w.]*(?:-[^,;&/()|–—]*?(?=\s[-–—]\s|\s?[,;&/()|–—]|\svà\s|$)"
    rf"|(?:\s[-–—]\s|\s?/\s?|\s)(?:{_PLACES})\b|\s(?!và\b|theo\b|tại\b|[-–—])[^,;&/()|–—]*)?",
    re.IGNORECASE,
)
_WORK = r"(?:bài viết|bài|tin|ảnh|video|clip|đồ h(?:ọa|oạ)|thiết kế|trình bày|nội dung|biên tập|kỹ thuật)"
_CREDIT_LABEL = re.compile(
    rf"\b(?:tác giả|thực hiện|(?:biên )?dịch|photos?|text|by|{_WORK})(?:\s?(?:,|và|&|/|\+|-)\s?{_WORK})*\s?:",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:nhóm\s)?(?:CTV|PV|BTV|phóng viên|cộng tác viên|biên tập viên|tác giả)(?=\s|$|\.)\.?|nhà báo|người dịch"
    r"|biên dịch|lược dịch|thực hiện|tổng hợp|(?:tin|bài)(?: và |, )ảnh|bài|ảnh|by\b"
    r"|(?:PGS|GS|TS|ThS|BS|LS|KS)\b[.,]?)\s*[:.]?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:^|\s)(?:(?:biên |lược )?dịch|tổng hợp|tổng thuật|thực hiện|ghi|thường trú|từ|tại|theo|đưa tin|cung cấp)"
    r"(?=\s|$).*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:[,;&+|/•·–—]|\s-\s|\s-|-\s|\bvà\b|\band\b|\.\s(?=\w{2,}\s))\s*")
_TWO_NAMES = re.compile(r"(?<=\w\s)(\w+)-(\w+\s\w)")
_ORGANISATION = re.compile(
    r"^(?:vov|ttxvn|vnexpress|vietnam\+|bao |tap chi |hang |dai |thong tan|tan hoa xa|cong |trung tam "
    r"|ban |bo |so |cuc |vien |nguon |internet$|reuters$|sputnik$|getty|xinhua$|yonhap$|kyodo$|bloomberg$|tass$"
    r"|nhom |toa soan|phong vien|thoi su$)"
)
_PARTICLES = frozenset(
    ["de", "da", "di", "do", "du", "del", "der", "den", "van", "von", "bin", "al", "la", "le", "el"]
)
_NAME_WORD = re.compile(r"[^\W\d_a-z](?:[\w'’.-]*[\w.])?")


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """Return the sentence of *caption* and its credit, each ``None`` when there is none.

    Several credits are joined by ", ". "Ảnh minh họa", "ảnh tư liệu" and the like name no one: with a name behind
    them the name is the credit, without one they are the credit themselves, as printed.

    >>> split_credit("Ngoại trưởng Nga tại Moscow (Ảnh: Sputnik)")
    ('Ngoại trưởng Nga tại Moscow', 'Sputnik')
    >>> split_credit("Cầu Hòa Xuân. Ảnh: TTXVN"), split_credit("Một ca mổ (ảnh minh họa)")
    (('Cầu Hòa Xuân.', 'TTXVN'), ('Một ca mổ', 'ảnh minh họa'))
    >>> split_credit("Bức ảnh: những ảnh hưởng của bão")
    ('Bức ảnh: những ảnh hưởng của bão', None)
    """
    sentence = clean(caption)
    named: list[str] = []
    while found := _first_credit(sentence):
        start, end, credit = found
        if credit and credit not in named:
            named.append(credit)
        sentence = _mended(sentence[:start], sentence[end:])
    return sentence or None, ", ".join(named) or None


def _first_credit(sentence: str) -> tuple[int, int, str] | None:
    """Start, end and text of the first credit: in brackets, open, or the mere nature of the picture."""
    for match in _ROUND.finditer(sentence):
        credit = _tidy_credit(next(filter(None, match.groups()), ""))
        if len(credit) <= _LONGEST_CREDIT:
            return match.start(), match.end(), credit
    for match in _OPEN.finditer(sentence):
        end = _OPEN_END.search(sentence, match.end())
        credit = _tidy_credit(sentence[match.end() : end.start()]) if end else ""
        if end and len(credit) <= _LONGEST_CREDIT:
            return match.start(), end.end(), credit
    alone = _NATURE_ALONE.search(sentence)
    return (alone.start(), alone.end(), alone["nature"]) if alone else None


def _tidy_credit(credit: str) -> str:
    credit = _INNER_LABEL.sub(", ", credit).strip(" ,;:|–—-")
    if credit.endswith(")") and "(" not in credit:
        credit = credit[:-1]
    return credit.rstrip(" .,;")


def _mended(before: str, after: str) -> str:
    """The two sides of a credit that was taken out: one sentence, no separator left over."""
    before, after = before.rstrip(" -–—|/,;("), after.strip()
    if before.endswith((".", "!", "?", "…")):
        after = after.lstrip(" .,;")
    if not re.search(r"\w", before):
        return after.lstrip(" .,;:|–—-") if re.search(r"\w", after) else ""
    glue = "" if not after or after[0] in ".,;:!?)" else " "
    return before + glue + after


def authors(byline: str) -> list[str]:
    """Return the personal names in *byline*, each once, without role marks, outlets, offices and agencies.

    >>> authors("CTV An Nhi/VOV-Miền Trung"), authors("Diệp Thảo/VOV.VN (biên dịch)"), authors("PV/VOV-Cairo")
    (['An Nhi'], ['Diệp Thảo'], [])
    >>> authors("Thu Hiền - Văn Hải/VOV-Tây Bắc"), authors("Theo TTXVN")
    (['Thu Hiền', 'Văn Hải'], [])
    """
    line = clean(byline)
    if line.startswith("(") and line.endswith(")"):
        line = line[1:-1]
    line = re.sub(r"\([^()]*\)?|\bt/h\b", " ", line, flags=re.IGNORECASE)
    line = _TWO_NAMES.sub(r"\1 - \2", _OUTLET.sub("/", _CREDIT_LABEL.sub(";", line)))
    names = (_name(part) for part in _SEPARATOR.split(line))
    return list(dict.fromkeys(name for name in names if name))


def _name(part: str) -> str | None:
    """The name in one part of a byline, or ``None`` when the part names no person."""
    before = None
    while part != before:
        before = part
        part = _ROLE.sub("", part.strip(" .:-–—/"))
    part = _TAIL.sub("", part).strip(" .:-–—/")
    words = part.split()
    if not 1 <= len(words) <= 6 or _ORGANISATION.match(fold(part)):
        return None
    if len(words) == 1 and part.isupper() and part.isalpha():
        return None
    return part if all(word in _PARTICLES or _NAME_WORD.fullmatch(word) for word in words) else None

"""Who wrote it and who took the picture: bylines into names, captions into sentence and credit.

Both are handed on by :mod:`vovcrawler.text`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vovcrawler.letters import clean

_UPPER = "[" + "".join(filter(str.isupper, map(chr, [*range(0x1B0), *range(0x1EA0, 0x1EFA)]))) + "]"

# "Ảnh", and what may follow it that names no one: a credit only when no name stands behind it.
_PICTURE = (
    r"(?:(?:hình\s)?ảnh(?:\strong\sbài)?|hình|(?:illustrative\s)?photos?|fotos?|фото|pictures?|images?"
    r"|đồ\sh(?:ọa|oạ)|infographic|tranh)"
)
_ILLUSTRATION = r"(?:(?:chỉ\s|có\s|mang\s)*tính\s(?:chất\s)?)?minh\sh(?:ọa|oạ)"
_NATURE = (
    rf"(?:{_ILLUSTRATION}|tư\sliệu|(?:chụp\s)?(?:từ\s)?màn\shình|(?:cắt|chụp|trích)?\s?(?:từ|qua)\s(?:clip|video|phim)"
    r"|(?:do\s)?(?:nhân\svật|gia\sđình|cơ\squan|tác\sgiả|bạn\sđọc|CTV|đơn\svị)[^.:()]{0,30}cung\scấp"
    r"|(?:từ\s)?internet|sưu\stầm|NVCC|CTV|ST)"
)
_LABEL = (
    rf"(?:(?:nguồn\s?(?:{_PICTURE}|video|clip)?|{_PICTURE}\snguồn|{_PICTURE}(?:\s(?:{_NATURE}|credit))?|minh\sh(?:ọa|oạ)|source"
    rf"|credits?|courtesy)(?:\s?:|\s(?=by\s|courtesy\sof\s))|{_PICTURE}\s{_NATURE}\s?/)"
    r"\s?(?:(?:by|courtesy\sof)\s)?"
)
# "Ảnh của Reuters", "ảnh tư liệu TTXVN", "Ảnh - AFP", "Ảnh; AFP": what stands before a name where no colon does.
_OF = rf"(?:\s(?:{_NATURE}\s)?(?:của\s|by\s|do\s)?|\s?[;/–—-]\s?)"
# "Nguồn" without a colon may be that of a river, or of a figure.
_FROM = r"nguồn\s(?=(?-i:Reuters|AFP|AP|EPA|Getty|Xinhua|Sputnik|TASS|RIA|Kyodo|Yonhap|TTXVN)\b)"
_ROUND = re.compile(
    rf"[(\[]\s?(?:{_LABEL}(?P<label>(?:[^()\[\]]|\([^()]*\))*)|(?P<nature>{_PICTURE}\s{_NATURE}|{_ILLUSTRATION})"
    rf"|(?:(?:(?:nguồn\s)?ảnh|hình|photo){_OF}|{_FROM})(?P<name>(?-i:{_UPPER})[^()\[\]]{{0,60}}))\s?(?:[)\]]|$)",
    re.IGNORECASE,
)
# Without brackets: behind a stop, a dash, a comma or at the start; a capital "Ảnh:" behind a mere space, too.
_EDGE = r"(?:^|(?<=[.,;:!?…”\"'’»)|/–—-])\s?)"
_OPEN = re.compile(rf"(?:{_EDGE}|\s(?=(?-i:[ẢNPHĐSICT]))){_LABEL}", re.IGNORECASE)
# A stop ends a credit when a new sentence follows; behind an initial ("N. Hà") it is none.
_OPEN_END = re.compile(rf"(?<!\b\w)[.!?…]\s(?=[\W\d_]*{_UPPER})|\s\|\s|$")
# "Ông A (trái, ảnh: AFP) đến Paris": it ends where brackets end that were open before it.
_IN_ROUND = re.compile(r"[^()]*(?=\)\s?\w)")
# "Ảnh NVCC": of these natures the last word stands for a name.
_NAMED_NATURE = re.compile(rf"{_PICTURE}\s(?:từ\s)?(internet|NVCC|CTV|ST)", re.IGNORECASE)
# "Báo Giao thông", "Bộ Quốc phòng Nga".
_HOUSE = (
    r"(?:(?:Báo|Tạp chí|Bộ|Tổng cục|Cục|Sở|Đài|Hãng|Hội|Viện|Công an|Cơ quan|Trung tâm|Quân đội|Hải quân"
    rf"|Không quân|Ban)\s(?={_UPPER})|(?:UBND|Facebook|Cổng (?:TTĐT|thông tin))(?=\s))(?:\s?[\w/-]+){{1,5}}"
    r"|Tân Hoa xã"
)
# "Ảnh Reuters": behind a full sentence any name, at the start an agency.
_NAMELY = r"(?-i:[A-ZĐ]{2}|Reuters|Getty|Sputnik|Xinhua)"
_BARE = re.compile(
    rf"{_EDGE}(?:(?P<nature>{_PICTURE}\s{_NATURE})"
    rf"|(?:(?<=[.!?…”\"»|/–—-]\s)|(?=ảnh{_OF}{_NAMELY}))(?:(?:nguồn\s)?ảnh{_OF}|{_FROM})"
    rf"(?P<name>(?-i:{_HOUSE}|{_UPPER}\S*(?:\s{_UPPER}\S*){{0,3}})))\s?(?:\.?\s?$|\.\s(?=[\W\d_]*(?-i:{_UPPER})))",
    re.IGNORECASE,
)
_INNER_LABEL = re.compile(rf"\s?[,;/.|–—-]?\s?\b{_LABEL}", re.IGNORECASE)
# "(Reuters)", "(AP Photo/Evan Vucci)", "© AFP" at the end. An agency of Vietnam in brackets may be the short form
# of a name just told: "Thông tấn xã Việt Nam (TTXVN)".
_AGENCY = re.compile(
    r"\s?(?:[(\[]\s?(?P<agency>(?:Reuters|AFP|AP|EPA|Getty|Xinhua|Sputnik|TASS|RIA Novosti|Kyodo|Yonhap)\b"
    r"[^()\[\]]{0,60}?)\s?[)\]]|©\s?(?P<owner>[^©.]{2,60}))(?P<stop>\s?\.?)$"
)
# What every credit holds; most sentences hold none of it and need no further look.
_HINTS = (
    *("ảnh", "hình", "nguồn", "photo", "foto", "фото", "picture", "image", "đồ h", "infographic", "tranh"),
    *("minh h", "source", "credit", "courtesy"),
)
_HINT = re.compile(rf"\b(?:{'|'.join(_HINTS)})", re.IGNORECASE)
_LABELLED = re.compile(r"[:/]|\sby\s|courtesy", re.IGNORECASE)
_AGENCY_SIGNS = (")", "]", "©")
_LONGEST_CREDIT = 80
_LONGEST_NATURE = 50  # what opens with a small letter and is longer is no name but a clause
_LONGEST_LINE = 2000  # what is longer is neither a caption nor a byline

_MARK = r"\bVOV(?:[1-6]|TV|WORLD|LIVE|GT)?(?:\.\w+)*(?!\w)"
_OFFICES = (
    r"(?:Tây\sBắc|Đông\sBắc|Miền\sTrung|Tây\sNguyên|ĐBSCL|Đồng\sbằng\ssông\sCửu\sLong|TP\.?\s?HCM|TP\.?\sHồ\sChí\sMinh"
    r"|Hà\sNội|Cairo|Moscow|Washington|Paris|Tokyo|Bangkok|Bắc\sKinh|Vientiane|Viêng\sChăn|Phnom\s?Penh|Prague|Praha"
    r"|New\sDelhi|Jakarta|Australia|Sydney|Indonesia|Ấn\sĐộ|Mỹ|Nga|Lào|Campuchia|Nhật\sBản|Trung\sQuốc|Thái\sLan|Pháp"
    r"|Đức|Ai\sCập|Séc)"
)
_END = r"(?=\s[-–—]\s|\s?[,;&/()|–—]|\svà\s|\s?$)"
# The mark with its office: "VOV-Miền Trung", "VOV - Cairo", "VOV.VN/Cairo". Behind a bare "VOV" any: "VOV Áo".
# A person signs with two words at least, so that one word behind "VOV - " is an office, too.
_OUTLET = re.compile(
    rf"{_MARK}(?:-[^,;&/()|–—]*?{_END}|(?:\s?[-–—]\s?|\s?/\s?|\s){_OFFICES}{_END}|\s[-–—]\s\w+{_END}"
    rf"|(?<=VOV)\s(?!và\b|[-–—&])[^,;&/()|–—]*?{_END})?",
    re.IGNORECASE,
)
_WORK = r"(?:bài viết|bài|tin|ảnh|video|clip|đồ h(?:ọa|oạ)|thiết kế|trình bày|nội dung|biên tập|kỹ thuật)"
_WORK_LABEL = re.compile(
    rf"\b(?:tác giả|(?:người )?(?:thực hiện|viết)|(?:chùm )?ảnh|(?:biên |lược )?dịch|photos?|text|story|{_WORK})"
    rf"(?:\s?(?:,|và|&|/|\+|-)\s?{_WORK})*\s?:",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:(?:nhóm\s)?(?:CTV|P\.?V|BTV|phóng viên|cộng tác viên|biên tập viên|tác giả)|nhà báo|người dịch"
    r"|(?:(?:reported|compiled|translated|written) )?by"
    r"|độc giả|bạn đọc"
    r"|(?:biên |lược )dịch|thực hiện|tổng hợp|(?:tin|bài)(?: và | & |, |/)ảnh|bài viết|bài|ảnh|luật sư|bác sĩ"
    r"|(?:tiến|thạc) sĩ|(?:phó )?giáo sư|PGS|GS|TSKH|TS|Th\.?S|BS(?:CK(?:I{1,2}|[12]))?|LS|KS|KTS|ĐBQH|NSƯT|NSND"
    r"|(?:đại|thượng|trung|thiếu) (?:tướng|tá|úy)|(?:nguyên )?đại sứ|nhà (?:văn|thơ|giáo|nghiên cứu)|chuyên gia"
    r"|(?:nhạc|họa|nghệ|ca) sĩ|đạo diễn|kiến trúc sư|đại biểu Quốc hội|blogger)(?!\w)[\s.,:-]*",
    re.IGNORECASE,
)
# "Từ" and "Ghi" with a capital are names.
_TAIL = re.compile(
    r"(?:^|\s)(?:(?i:(?:biên |lược )?dịch|tổng hợp|(?:tổng|lược) thuật|thực hiện)|TH|ghi|thường trú|từ|tại|đưa tin"
    r"|cung cấp|CTV|P\.?V|BTV)(?!\w).*$"
)
_SOURCE = re.compile(r"(?<!\w)(?:theo|nguồn|according to)(?!\w).*$", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]?|(?<!\w)t/h(?!\w)", re.IGNORECASE)
# Who took the pictures has a name, too: "An Nhi (Ảnh: Vũ Toàn)".
_SHOT_ASIDE = re.compile(r"\(((?:ảnh|photos?|video|clip)\s?:[^()]*)\)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;&+|/\\•·–—]|\s-|-\s|(?<!\w)(?:và|cùng|and|with)(?!\w)|(?<=\w\w)\.\s")
_TWO_NAMES = re.compile(rf"(?<=\w\s)({_UPPER}(?!{_UPPER})\w*)-(?={_UPPER}\w*\s{_UPPER})")
# With their marks: "Báo Tin tức" is a paper, "Bảo Ngọc" a person.
_ORGANISATION = re.compile(
    r"(?:VOV\w*|TTXVN|báo|tạp chí|hãng|đài|kênh|thông tấn|tân hoa xã|cổng|trung tâm|bộ|sở|cục|viện|tòa soạn|nhóm"
    r"|trường\s(?-i:[A-ZĐ]{2,6})"
    r"|ban (?:thời sự|biên tập|đối ngoại|âm nhạc|văn hóa)|internet|vietnam(?: ?(?:plus|net))?|vnexpress|tuổi trẻ"
    r"|thanh niên|lao động|nhân dân|dân trí|zing|reuters|sputnik|getty|xinhua|yonhap|kyodo|bloomberg|tass"
    r"|al jazeera|ria novosti|interfax|associated press)(?!\w)"
    r"|.*\b(?:news|times|post|daily|press|journal|guardian|insider|today|media|agency|radio|TV)$",
    re.IGNORECASE,
)
_SIGNS = ' .:*-“”"'
_NAME = re.compile(
    rf"{_UPPER}[\w'’.-]*(?:\s(?:{_UPPER}[\w'’.-]*|de|da|di|do|du|del|der|den|van|von|bin|al|la|le|el)){{0,5}}"
)


def split_credit(caption: str, *, is_sure: bool = True) -> tuple[str | None, str | None]:
    """Return the sentence of *caption* and its credit, each ``None`` when there is none.

    Unless it *is_sure* that this is a caption, a mere agency in brackets is none: paragraphs end like that, too.

    Several credits are joined by ", ". "Ảnh minh họa", "ảnh tư liệu" and the like name no one: they leave the
    sentence, too, and are the credit, as printed, when no name stands anywhere.

    >>> split_credit("Ngoại trưởng Nga tại Moscow (Ảnh: Sputnik)")
    ('Ngoại trưởng Nga tại Moscow', 'Sputnik')
    >>> split_credit("Cầu Hòa Xuân. Ảnh: TTXVN"), split_credit("Một ca mổ (ảnh minh họa)")
    (('Cầu Hòa Xuân.', 'TTXVN'), ('Một ca mổ', 'ảnh minh họa'))
    >>> split_credit("Bức ảnh: những ảnh hưởng của bão")
    ('Bức ảnh: những ảnh hưởng của bão', None)
    >>> split_credit("Ông Putin (Reuters)"), split_credit("Ông Putin (Reuters)", is_sure=False)
    (('Ông Putin', 'Reuters'), ('Ông Putin (Reuters)', None))
    """
    sentence = clean(caption)
    names: list[str] = []
    natures: list[str] = []
    while len(sentence) <= _LONGEST_LINE and (found := _first_credit(sentence)):
        start, end, name, nature = found
        names += [name] if name and name not in names else []
        natures += [nature] if nature and nature not in natures else []
        sentence = _mended(sentence[:start], sentence[end:])
    tail = sentence[-_LONGEST_CREDIT:] if is_sure and not names else ""
    if any(map(tail.__contains__, _AGENCY_SIGNS)) and (agency := _AGENCY.search(tail)):
        names = [_tidy(agency["agency"] or agency["owner"])]
        sentence = _mended(sentence.removesuffix(agency[0]), agency["stop"])
    return sentence or None, ", ".join(names or natures) or None


def _first_credit(sentence: str) -> tuple[int, int, str, str] | None:
    """Start, end, name and nature of the first credit: in brackets, behind a label, without either."""
    lower = sentence.lower()
    if not (any(map(lower.__contains__, _HINTS)) and _HINT.search(sentence)):
        return None
    for match in _ROUND.finditer(sentence):
        name = _tidy(match["label"] or match["name"] or "")
        if len(name) <= _LONGEST_CREDIT:
            return match.start(), match.end(), *_named(name, match["nature"])
    for match in _OPEN.finditer(sentence) if _LABELLED.search(sentence) else ():
        end = _OPEN_END.search(sentence, match.end())
        inner = _IN_ROUND.match(sentence, match.end(), end.start()) if end else None
        name = _tidy(inner[0] if inner else sentence[match.end() : end.start()]) if end else ""
        if end and len(name) <= _LONGEST_CREDIT and not (name[:1].islower() and len(name) > _LONGEST_NATURE):
            return match.start(), (inner or end).end(), name, ""
    bare = _BARE.search(sentence)
    return (bare.start(), bare.end(), *_named(_tidy(bare["name"] or ""), bare["nature"])) if bare else None


def _named(name: str, nature: str | None) -> tuple[str, str]:
    """The name and the nature of a picture; some natures are as good as a name."""
    known = _NAMED_NATURE.fullmatch(nature or "")
    return (known[1], "") if known else (name, nature or "")


def _tidy(credit: str) -> str:
    credit = _INNER_LABEL.sub(", ", credit).strip(" ,;:|–—-")
    if credit.endswith(")") and "(" not in credit:
        credit = credit[:-1]
    return credit.rstrip(" .,;")


def _mended(before: str, after: str) -> str:
    """The two sides of a credit that was taken out: one sentence, no separator left over."""
    before, after = before.rstrip(" -–—|/,;:("), after.strip()
    if before.endswith((".", "!", "?", "…")):
        after = after.lstrip(" .,;")
    if not re.search(r"\w", before):
        return after.lstrip(" .,;:|–—-)") if re.search(r"\w", after) else ""
    if before.count("(") > before.count(")") + after.count(")"):
        before += ")"  # the credit stood in brackets with other words
    glue = "" if not after or after[0] in ".,;:!?)" else " "
    return before + glue + after


def authors(byline: str) -> list[str]:
    """Return the personal names in *byline*, each once, without role marks, outlets, offices and agencies.

    Whatever follows "Theo" is a source. A hyphen parts two names of two words each, never one foreign name.

    >>> authors("CTV An Nhi/VOV-Miền Trung"), authors("Diệp Thảo/VOV.VN (biên dịch)"), authors("PV/VOV-Cairo")
    (['An Nhi'], ['Diệp Thảo'], [])
    >>> authors("Thu Hiền - Văn Hải/VOV-Tây Bắc"), authors("Theo TTXVN")
    (['Thu Hiền', 'Văn Hải'], [])
    """
    return list(_authors(byline[:_LONGEST_LINE]))


# Those who write sign again and again.
@lru_cache(maxsize=1024)
def _authors(byline: str) -> tuple[str, ...]:
    line = "; ".join(map(clean, byline.splitlines()))
    if line.startswith("(") and line.endswith(")") and "(" not in line[line.index(")") :]:
        line = line[1:-1]  # one bracket round all of it
    line = _ASIDE.sub(" ", _SHOT_ASIDE.sub(r"; \1", line))
    line = _WORK_LABEL.sub(";", _SOURCE.sub("", line))
    line = _TWO_NAMES.sub(r"\1 - ", _OUTLET.sub("/", line))
    names = (_name(part) for part in _SEPARATOR.split(line))
    return tuple(dict.fromkeys(name for name in names if name))


def _name(part: str) -> str | None:
    """The name in one part of a byline, or ``None`` when the part names no person."""
    # What stands before a colon says what was done: "Ghi chép: An Nhi".
    part = part.strip(_SIGNS).rpartition(":")[2].lstrip()
    while role := _ROLE.match(part):
        part = part[role.end() :]
    part = _TAIL.sub("", part).strip(_SIGNS)
    acronym = part.isupper() and part.isalpha()
    return part if _NAME.fullmatch(part) and not acronym and not _ORGANISATION.match(part) else None

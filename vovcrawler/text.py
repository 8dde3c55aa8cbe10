"""Words of the site: outlet marks, end marks, labels and promotion lines, and what is left without them.

Characters live in :mod:`vovcrawler.letters`, names and credits in :mod:`vovcrawler.bylines`; both are handed on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from vovcrawler.bylines import authors, split_credit
from vovcrawler.letters import clean, fold, normalise, printed_alike

__all__ = [
    "authors",
    "clean",
    "content_digest",
    "fold",
    "has_outlet",
    "is_boilerplate",
    "is_furniture_heading",
    "is_list_heading",
    "is_related_heading",
    "is_vietnamese",
    "normalise",
    "split_credit",
    "split_outlet",
    "strip_end_mark",
]

_DASH = r"[-‐‑‒–—―−－]+"
_CHANNEL = r"VOV(?:\s?[1-6]|[\s-]?TV|\s?World|\s?Live|\s?News|\s?Online|GT|\sGiao\sthông)"
_DOMAIN = r"\s?\.\s?(?:VOV\s?\.\s?)?(?:GOV\s?\.\s?)?VN"
_OUTLET = rf"(?:{_CHANNEL}|VOV)(?:{_DOMAIN})?"
# "VOV - Đài Tiếng nói Việt Nam …" explains the name: no mark.
_EXPLAINED = (
    r"\s?(?:Đài\s(?:Tiếng\snói|TNVN)|Báo\sđiện\stử\s(?:VOV|của)|(?:the\s)?Voice\sof\sViet"
    r"|Kênh\s(?:thời\ssự|phát\sthanh|truyền\shình|văn\sh(?:óa|oá)|giao\sthông)\b)"
)
_MARK = re.compile(
    rf"(?:[(（[]\s?(?P<round>{_OUTLET})\s?[)）\]]\s?(?:{_DASH}|[:|_])?"
    rf"|\(\s?(?P<shared>{_OUTLET})(?:\s?[/,]|\s?{_DASH}|\s)[^()]{{1,30}}\)\s?{_DASH}"
    rf"|(?P<dotted>(?:{_CHANNEL}|VOV){_DOMAIN})\s?(?:{_DASH}|[:|_])"
    rf"|(?P<channel>{_CHANNEL})\s?{_DASH}(?!{_EXPLAINED})"
    rf"|(?P<bare>VOV)(?:\s{_DASH}|{_DASH}(?=\s))(?!{_EXPLAINED})"
    rf"|(?P<alone>{_OUTLET})\s?(?:{_DASH}\s?)?$)(?:\s?{_DASH}(?=\s|$))*\s?",
    re.IGNORECASE,
)

# What every mark begins with: most lines need no further look.
_MARK_STARTS = ("V", "v", "(", "（", "[")
_SPACED = re.compile(r"\s*([.\d]|TV|World|Live|News|Online)\s*", re.IGNORECASE)

_END_MARK = "./ \u00a0\u202f\t\r\n"
_CLOSING = "”\"'’»)]"
_ADDRESS_END = re.compile(r"(?:://|www\.|\w\.(?:vn|com|net|org|gov|edu|info))\S*$", re.IGNORECASE)


def _phrases(table: str, between: str | None = "|") -> frozenset[str]:
    return frozenset(phrase.strip() for line in table.splitlines() for phrase in line.split(between))


# All tables hold folded text: no marks, no capitals.
_COUNT = re.compile(r"\s*\(\s*\d+\s*\)\W*$")
# From the first letter or digit to the last.
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_RELATED = _phrases(
    """tin lien quan|tin bai lien quan|tin, bai lien quan|tin va bai lien quan|tin tuc lien quan|cac tin lien quan
    tin lien quan khac|xem them tin lien quan|bai lien quan|bai viet lien quan|cac bai lien quan
    cac bai viet lien quan|related|related news|related stories|related articles|related posts"""
)
_FURNITURE = _phrases(
    """tin cung chuyen muc|bai cung chuyen muc|cung chuyen muc|tin cung muc|cung chu de|tin cung chu de
    bai doc nhieu|bai doc nhieu nhat|bai xem nhieu|bai moi|bai moi nhat|bai viet moi|bai noi bat|tin hot|tieu diem
    doc nhieu|doc nhieu nhat|tin doc nhieu|tin doc nhieu nhat|xem nhieu|xem nhieu nhat|tin xem nhieu|nghe nhieu
    tin moi|tin moi nhat|tin moi cap nhat|moi nhat|moi cap nhat|tin noi bat|tin khac|cac tin khac|tin tuc khac
    tin cu hon|tin moi hon|tin da dua|cac tin da dua|xem them|doc them|tin tai tro|quang cao|lien ket
    binh luan|binh luan moi nhat|y kien|y kien cua ban|y kien ban doc|phan hoi|chia se
    tag|tags|tu khoa|chu de|keyword|keywords|topics|related topics|chu de lien quan
    co the ban quan tam|ban co the quan tam|co the ban thich
    ban doc quan tam|danh cho ban|dung bo lo|most read|most viewed|latest|latest news|other news|more news
    more in section|top stories|comment|comments|duoc tai tro|noi dung tai tro|sponsored"""
)
# Most short lines begin with another word than these.
_HEADING_OPENINGS = frozenset(re.split(r"\W", heading)[0] for heading in _RELATED | _FURNITURE)
_LABELS = r"""
    chia se(?: bai(?: viet)?)?(?: len| qua| tren)?|share(?: on| via)?|facebook(?: messenger)?|messenger|fanpage
    zalo|twitter|tweet|you ?tube|tik ?tok|instagram|telegram|viber|whatsapp|linkedin|pinterest|threads
    google(?: news| plus| play|\+)?|app(?: store| ?gallery)|ch play|(?:trang|page)(?= \d)
    copy(?: link| url)?|sao chep(?: lien ket| duong dan| link)?|da sao chep|lay link
    link(?: bai goc)?|in (?:bai(?: viet| nay)?|trang(?: nay)?)|ban in
    print|e-?mail|gui(?: bai(?: viet)?)?(?: qua)? e-?mail
    gui cho ban be|luu bai(?: viet)?|bookmark|like|thich|theo doi|follow|nghe (?:doc )?bai(?: viet)?
    (?:tang |giam )?co chu(?: nho| lon)?|xem anh lon
    a(?:\W+a)+|(?:gui |viet |xem )?binh luan|(?:gui )?y kien(?: cua ban| ban doc)?
    comments?|quang cao|advertisement|tags?|tu khoa|keywords?|chu de|xem them|doc them|ve trang chu|len dau trang
    giong (?:nu|nam)(?: mien (?:bac|trung|nam))?|xem tat ca|(?:quay|tro) lai(?: trang chu)?|dang nhap
    tao tai khoan|dang ky(?: tai khoan)?|previous|prev|next"""
_LABEL = "|".join(_LABELS.split("\n    ")[1:])
_LABEL_LINE = re.compile(rf"[\d\s]*(?>(?:{_LABEL})(?!\w)[\W\d_]*)+")
# An address of the site and hardly more: "In từ website: https://vov.vn/…".
_ADDRESS_LINE = re.compile(r"[^:.]{0,40}:?\s?https?://(?:[\w-]+\.)*(?:vov|vovworld|vovnews)\.vn\S*")
_NOTICE = re.compile(
    r"(?:hay )?dang (?:nhap|ky)\b.{0,40}\bde (?:doc (?:tiep|toan bo|day du)|xem tiep|tiep tuc doc"
    r"|(?:gui |viet )?binh luan)\b.*"
    r"|ghi ro nguon\b.{0,20}\bvov\b.*|[\d.,]+ luot (?:xem|doc|nghe)"
    r"|\d(?:[.,]\d+)?\s?/\s?(?:5|10)\W+[\d.,]+ luot (?:binh chon|danh gia)"
    r"|xem (?:(?:tat ca|them|cac) )+(?:bai|tin)(?: viet)?(?: khac)? (?:cua|cung) \w[\w ]{1,40}"
    r"|[\d-]+ (?:phut doc|min(?:ute)?s? read)"
)
_TAG_LINE = re.compile(r"(?:tags?|tu khoa|keywords?)\s*:(?!.*\w\w[.!?]\s)")
# A promotion line opens with one of these, names VOV and holds no word but those below.
_PROMOTION = re.compile(
    r"(?:(?:kinh |tran trong )?moi|(?:quy )?(?:doc gia|thinh gia|khan gia|ban doc|vi)|hay|nhan|bam|an"
    r"|like|theo doi|dong hanh|ket noi|follow|tham gia|dang ky|tai|cai dat"
    r"|truy cap|(?:xem|doc) them|cap nhat)\b.*\bvov"
)
_PROMOTION_WORDS = _phrases(
    """moi kinh tran trong quy doc thinh khan gia vi ban cac va hay don cung xem nghe theo doi dong hanh ket noi
    co the tham dang ky tai cai dat truy cap vao nhan bam an nut quan tam like follow us on for more vov vn vov1
    vov2 vov3 vov5 vovtv bao dien tu dai tieng noi viet nam thoi su giao thong tren qua o kenh trang mang xa hoi
    fanpage page channel facebook zalo oa official account youtube you tube tiktok tik tok twitter x instagram
    telegram viber whatsapp messenger linkedin threads google news spotify apple podcast podcasts app store play
    ung dung nen tang khac de cap nhat nhung tin tuc thong bai viet nong nhanh som hap dan chinh xac hang ngay hom
    nay luc day them nhieu hon nua cua chung toi ve lien tuc 24h""",
    between=None,
)
# The first words of all these; most paragraphs begin with another and need no further look.
_OPENING = re.compile(r"[\W\d_]*(\w+)")
_OPENINGS = _phrases(
    """chia share facebook messenger fanpage zalo twitter tweet you youtube tik tiktok instagram telegram viber
    whatsapp linkedin pinterest threads google copy sao da lay link in ban print e email gui luu bookmark like
    thich theo follow nghe tang giam co viet xem binh y comment comments quang advertisement tag tags tu keyword
    keywords chu doc ve len quay tro dang kinh tran moi quy thinh khan vi hay nhan bam an dong ket tham tai cai
    truy cap http https ghi luot phut min mins minute minutes giong previous prev next a
    app ch trang page tao nguon source""",
    between=None,
)
_TEXT_SIZES = frozenset(["A+", "A-", "A−", "A–", "Aa"])
_LONGEST_LINE = 400
_LONGEST_HEADING = 60
_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def split_outlet(text: str, *, is_clean: bool = False) -> tuple[str | None, str]:
    """Return the outlet mark that opens *text*, in upper case, and the clean text without it.

    In round brackets the mark needs no dash. Elsewhere it does, and the bare "VOV" a space beside it: "VOV-Tây
    Bắc" is an office. Behind "VOV" and "VOV1" the dash must not explain the name: "VOV - Đài Tiếng nói Việt Nam".

    >>> split_outlet("VOV.VN - Ngày 26/5, tại Moscow")
    ('VOV.VN', 'Ngày 26/5, tại Moscow')
    >>> split_outlet("(VOV) – Sáng nay")
    ('VOV', 'Sáng nay')
    >>> split_outlet("VOV.VN trân trọng giới thiệu")
    (None, 'VOV.VN trân trọng giới thiệu')
    """
    line = text if is_clean else clean(text)
    if not line.startswith(_MARK_STARTS):
        return None, line
    outlet = None
    end = 0
    while line.startswith(_MARK_STARTS, end) and (match := _MARK.match(line, end)):
        outlet = outlet or _spelled(next(filter(None, match.groups())))
        end = match.end()
    return outlet, line[end:]


def has_outlet(line: str) -> bool:
    """Tell whether *line*, which is clean, opens with an outlet mark; it may also open what an interviewer asks.

    >>> has_outlet("VOV.VN - Sáng nay"), has_outlet("VOV-Tây Bắc"), has_outlet("VOV.VN: Vì sao, thưa ông?")
    (True, False, False)
    """
    mark = _MARK.match(line) if line.startswith(_MARK_STARTS) else None
    return mark is not None and not (":" in mark[0] and line.endswith(("?", "!")))


@lru_cache(maxsize=256)
def _spelled(mark: str) -> str:
    return _SPACED.sub(r"\1", mark).upper()


def strip_end_mark(text: str) -> str:
    """Return *text* with the end mark "./." as one full stop; without an end mark it stays as it is.

    >>> strip_end_mark("vào cuối năm nay./.")
    'vào cuối năm nay.'
    >>> strip_end_mark("bằng vũ lực” ./.")
    'bằng vũ lực”.'
    >>> strip_end_mark("trực 24/24")
    'trực 24/24'
    """
    if "/" not in text:
        return text
    inner = text.rstrip().rstrip(_CLOSING)
    told = inner.rstrip(_END_MARK)
    run = "".join(inner[len(told) :].split())
    if not {".", "/"} <= set(run) or (run.startswith("/") and _ADDRESS_END.search(told[-100:])):
        return text
    if run.startswith("..."):
        told += "..."
    elif told and not told.endswith(("…", "?", "!")):
        told += "."
    return told + text.rstrip()[len(inner) :]


def is_boilerplate(text: str) -> bool:
    """Tell whether the whole line *text*, which is clean, is a promotion line, share labels or a line of tags.

    >>> is_boilerplate("Mời quý độc giả theo dõi VOV.VN trên")
    True
    >>> is_boilerplate("Chia sẻ Facebook Zalo"), is_boilerplate("Tags: Nga, Ukraine")
    (True, True)
    >>> is_boilerplate("Mời quý độc giả theo dõi cuộc trò chuyện với ông Lavrov.")
    False
    """
    opening = _OPENING.match(text[:40])
    if not opening or not _is_opening(opening[1]) or len(text) > _LONGEST_LINE:
        return False
    if text in _TEXT_SIZES:
        return True
    line = _core(fold(text))
    if any(form.fullmatch(line) for form in (_LABEL_LINE, _ADDRESS_LINE, _NOTICE)) or _TAG_LINE.match(line):
        return True
    return bool(_PROMOTION.match(line)) and _PROMOTION_WORDS.issuperset(re.findall(r"\w+", line))


@lru_cache(maxsize=4096)
def _is_opening(word: str) -> bool:
    opening = _OPENING.match(fold(word))
    return opening is not None and opening[1] in _OPENINGS


def is_vietnamese(told: str) -> bool:
    """Tell whether *told* is in Vietnamese by its letters; a name in a text of another language is not enough.

    >>> is_vietnamese("Nga và Trung Quốc thảo luận vấn đề"), is_vietnamese("Prime Minister Phạm Minh Chính said")
    (True, False)
    """
    return len(_VIETNAMESE.findall(told)) * 20 > len(told)


def is_related_heading(text: str) -> bool:
    """Tell whether *text* is the heading of the links that the editors chose.

    >>> is_related_heading("TIN LIÊN QUAN:"), is_related_heading("Tin lien quan")
    (True, True)
    """
    return _heading(text) in _RELATED


def is_furniture_heading(text: str) -> bool:
    """Tell whether *text* is the heading of something that is not the article: automatic lists, comments, tags.

    >>> is_furniture_heading("Tin cùng chuyên mục"), is_furniture_heading("Bình luận (3)")
    (True, True)
    """
    return _heading(text) in _FURNITURE


def is_list_heading(text: str) -> bool:
    """Tell whether *text* is the heading of either: :func:`is_related_heading`, :func:`is_furniture_heading`.

    >>> is_list_heading("Tin liên quan"), is_list_heading("Đọc nhiều"), is_list_heading("Đọc")
    (True, True, False)
    """
    heading = _heading(text)
    return heading in _FURNITURE or heading in _RELATED


def _heading(text: str) -> str:
    line = clean(text) if len(text) <= _LONGEST_LINE else ""
    opening = _OPENING.match(line) if len(line) <= _LONGEST_HEADING else None
    if not opening or not _opens_heading(opening[1]):
        return ""
    line = fold(line)
    return _core(_COUNT.sub("", line) if "(" in line else line)


def _core(line: str) -> str:
    """Return *line* without signs and spaces at its edges."""
    found = _CORE.search(line)
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def _opens_heading(word: str) -> bool:
    return fold(word).strip("_") in _HEADING_OPENINGS


def content_digest(headline: str | None, lead: str | None, body: Sequence[str], *, is_clean: bool = False) -> str:
    """Return the SHA-256 of the normalised text, the same for ever.

    Hashed is UTF-8: the headline, the lead and each paragraph that is not empty, each through :func:`normalise`
    and with a line feed behind it (normalised text holds none); an absent headline or lead is an empty line.

    >>> content_digest("Tít", None, ["“Một”", "", "hai"]) == content_digest("Tít ", "", ['"Một"', "hai"])
    True
    >>> content_digest("a", "b", [])[:16]
    '911169ddaaf146af'
    """
    first, second, *paragraphs = (headline or "", lead or "", *body)
    if not is_clean:
        first, second, *paragraphs = map(clean, (first, second, *paragraphs))
    lines = "\n".join([first, second, *filter(None, paragraphs), ""])
    return sha256(printed_alike(lines)).hexdigest()

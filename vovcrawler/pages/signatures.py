"""Who signed an article, where that is printed outside its text: in a box for it, or in any box beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from vovcrawler import dates, text
from vovcrawler.pages.blocks import HEADINGS, is_prose
from vovcrawler.pages.document import Document, Element, holds, short_text, text_before, whole_text
from vovcrawler.pages.flow import Blocks
from vovcrawler.pages.furniture import is_furniture, is_of_another
from vovcrawler.pages.looks import is_at_right
from vovcrawler.pages.place import is_foot, is_outside
from vovcrawler.pages.related import BARRIERS

# Where any page may say who wrote it.
PLACES = (
    "[itemprop=author]",
    ".article-author",
    ".author",
    ".byline",
    "[rel=author]",
    "a[href*=/tac-gia/]",
    "[class*=uthor]",  # "story__author", "ArticleAuthor_name__8dKsw"
    "[class*=byline]",
    "[class*=Byline]",
    ".signature",
    ".but-danh",
    ".tac-gia",
    ".tacgia",
    "article address",
    ".reader-credits",  # of a page saved out of Firefox's reader view
)
_BY = r"(?:(?:(?:viết|đăng) )?bởi|(?:(?:written|posted) )?by)"
_LABEL = re.compile(
    rf"^(?=[tabnvđwp])(?:(?:tác giả|author|bút danh|người (?:viết|đăng)|{_BY})\s*[:：]"
    r"|(?-i:(?:Tác giả|Author)\s?(?=[^\W\d_a-z]))"
    rf"|{_BY}\s(?=(?-i:[^\W\d_a-z]+\b|[^\W\d_a-z]\w*[/ ]\w)))\s*",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    rf"(?:tác giả|bút danh|người (?:viết|đăng)|phóng viên|author|{_BY}|reported by)\s?:?", re.IGNORECASE
)
_BETWEEN = " |·•–—-"
_FIELD_LABEL = re.compile(r"(?:^|\s)field_?[_-]label(?:\s|$)")
_LONGEST = 150
_LONGEST_NAME = 40
_LONGEST_NAMES = 80
_LONGEST_ROW = 200


def names(least: int) -> str:
    """Return the pattern of up to four names, each of so many words at least."""
    name = rf"[^\W\d_a-z][\w'’.]*(?:[ -][^\W\d_a-z][\w'’.]*){{{least - 1},5}}"
    return rf"{name}(?:(?:\s[-–]|,|\svà)\s{name}){{0,3}}"


_NAMES = re.compile(names(2))
# The radio itself signs, too, most of all what it publishes in other languages.
_ALONE = re.compile(rf"{names(2)}|VOV(?:\d|\.VN|WORLD)?")
_ONE = (
    rf"(?:(?:CTV|PV|BTV|Nhóm (?:PV|phóng viên|tác giả))\b[^.!?:/]{{0,60}}|{names(1)})"
    r"(?:\s?(?:/|-|\s[-–]\s)\s?VOV\w*(?:\.VN)?(?:\s?[-–/]\s?(?:TP\.\s?)?[^.!?:#]{1,40})?"
    r"|\s?/\s?VOV\s[^\W\d_][^.!?:,]{1,25})(?:\s?\([^()]*\))?"
)
_WORK = r"(?:(?:Biên dịch|Lược dịch|Tổng hợp|Thực hiện|Bài|Tin|(?:Bài|Tin)(?:, | và |/)ảnh)\s?:\s?)?"
_SIGNED = re.compile(
    rf"{_WORK}{_ONE}(?:(?:[,;]|\s[-–])\s{_ONE}){{0,3}}(?:,?\s(?:[Tt]heo|Nguồn\s?:)\s[^.!?:]{{2,40}})?"
)
# What may stand around names that are links to authors, or told to machines.
_AROUND = re.compile(
    r"(?:(?:tác giả|author|(?:written |posted )?by|(?:viết |đăng )?bởi)\s?:?\s?)?"
    rf"{_WORK}(?:(?:CTV|PV|BTV|Phóng viên) )?#(?:(?:,|\s?[-–]|\svà)\s(?:Ảnh\s?:\s?)?#)*"
    r"(?:\s?[|/]\s?(?:Báo điện tử )?VOV(?:\.VN)?)?(?:\s?\([^()]*\))?",
    re.IGNORECASE,
)
# Without the name of VOV: a label or a role and names, names and what they did, or who it was taken from.
_WORKS = r"(?:biên dịch|lược dịch|tổng hợp|thực hiện|dịch|ghi|t/h|theo [^()]{2,40})"
_LABELLED = re.compile(
    r"(?:(?:Tác giả|Bút danh|Thực hiện|Biên dịch|Lược dịch|Tổng hợp|(?:Bài|Tin)(?:, | và |/)ảnh)\s?: "
    rf"|(?:CTV|PV|BTV|Phóng viên) ){names(2)}|{names(2)} \((?i:{_WORKS})\)"
    rf"|(?:Bài\s?: )?{names(2)} [-–] [Ảả]nh\s?: {names(1)}|Theo (?![đôơưăâê])(?:{names(1)}|Tân Hoa xã)"
)
_LABELS = ("CTV ", "PV ", "BTV ", "Phóng viên ", "Theo ")
# So many paragraphs may it take to tell of an author.
_PARAGRAPHS = 4
# So many elements behind the text may hold the signature.
_BEHIND = 20
# So many boxes may a link to an author have round it in a signature.
_BOXES = 3


def is_signature(told: str) -> bool:
    """Tell whether *told*, which stands alone in a box, is who wrote the article for which office.

    >>> is_signature("Phi Long/VOV.VN"), is_signature("CTV An Nhi/VOV-Miền Trung"), is_signature("PV/VOV-Cairo")
    (True, True, True)
    >>> is_signature("Bài, ảnh: Phi Long/VOV.VN"), is_signature("An Nhi/VOV Giao thông, Phi Long/VOV.VN")
    (True, True)
    >>> is_signature("An Nhi/VOV.VN (biên dịch) Nguồn: Reuters"), is_signature("An Nhi/VOV.VN Theo AFP")
    (True, True)
    >>> is_signature("Tác giả: Phi Long"), is_signature("BTV An Nhi"), is_signature("An Nhi (tổng hợp)")
    (True, True, True)
    >>> is_signature("Theo TTXVN"), is_signature("Theo đó"), is_signature("Phi Long")
    (True, False, False)
    >>> is_signature("Thính giả viết về VOV"), is_signature("Theo dõi VOV.VN trên Zalo")
    (False, False)
    """
    if len(told) > _LONGEST:
        return False
    if "VOV" in told:
        return bool(_SIGNED.fullmatch(told))
    is_labelled = ":" in told or told.endswith(")") or told.startswith(_LABELS)
    return is_labelled and bool(_LABELLED.fullmatch(told))


def printed(
    candidates: Iterable[list[Element]], stamps: Collection[Element], beside: Callable[[], Iterable[Element]]
) -> list[Element]:
    """Return what tells who wrote an article: the first of *candidates*, else a signature *beside* the text.

    The row that a byline stands in with one of the *stamps*, the dates, is not it. A mere link to an author may be
    the one below the text that tells of him: a signature says more.
    """
    dated = {outer for stamp in stamps for outer in (stamp, *stamp.iterancestors())}
    for given in candidates:
        apart = (element for element in given if element not in dated and not _lists_keywords(element))
        if found := [whole(element, dated) for element in apart if not _tells_of_author(element)]:
            if signed_off := [element for element in found if element.tag != "a"]:
                return signed_off
            return _first_signed(beside(), dated) or found
        if opening := [element for element in given if element not in stamps and _opens_with_name(element)]:
            return opening
    return _first_signed(itertools.chain(beside(), _in_row(stamps)), dated)


def _opens_with_name(row: Element) -> bool:
    """Tell whether *row*, a short one with a date in it, says a signature before anything that stands in it."""
    told = text.clean(row.text or "").strip(_BETWEEN)
    is_name = bool(told) and (is_signature(told) or _ALONE.fullmatch(told) is not None)
    return is_name and short_text(row, _LONGEST) is not None


def _lists_keywords(box: Element) -> bool:
    """Tell whether *box* holds keywords: Blogger calls each line below a text a byline."""
    first = next(box.iterdescendants("a"), None)
    return first is not None and first.get("rel") == "tag"


def _in_row(stamps: Iterable[Element]) -> Iterator[Element]:
    """Yield what stands in the first of *stamps*, or in one short row with it, which may be above the headline."""
    stamp = next(iter(stamps), None)
    if stamp is None:
        return
    yield from itertools.islice(stamp.iterdescendants("*"), _BEHIND)
    holder = stamp.getparent()
    if holder is not None and short_text(holder, _LONGEST_ROW) is not None and not holds(holder, "h1", "img"):
        yield from itertools.islice(holder.iterdescendants("*"), _BEHIND)


def _first_signed(elements: Iterable[Element], dated: Collection[Element]) -> list[Element]:
    return list(itertools.islice(signed(element for element in elements if element not in dated), 1))


def signed(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield those of *elements* that say a signature and nothing else, the outer ones first."""
    told = ((element, text.clean(short_text(element, _LONGEST) or "")) for element in elements)
    return (element for element, line in told if _is_signed(element, line) and not _has_buttons(element))


def _is_signed(element: Element, line: str) -> bool:
    """Tell whether *line*, of *element*, is a signature, or names (or "VOV") that stand apart and lead nowhere."""
    told = _LABEL.sub("", line)
    if is_signature(told):
        return True
    if len(told) > _LONGEST_NAMES or not told[:1].isupper() or not _ALONE.fullmatch(told):
        return False
    is_apart = is_at_right(element) or _is_labelled(element)
    return told != line or (is_apart and not holds(element, "a", "button"))


def _is_labelled(element: Element) -> bool:
    """Tell whether what stands right before *element* says that it names who wrote the article."""
    before, label = element.getprevious(), text_before(element).strip(" |·•\n")
    if label:
        return _AUTHOR.fullmatch(label.rpartition("|")[2].strip()) is not None
    if before is None or (before.tail or "").strip():
        return False
    return _AUTHOR.fullmatch(text.clean(short_text(before, _LONGEST_NAME) or "")) is not None


def _has_buttons(box: Element) -> bool:
    """Tell whether *box* holds what shares the article: their labels look like the name of an office."""
    return any(text.is_boilerplate(whole_text(a)) for a in box.iterdescendants("a", "button"))


def is_label(told: str) -> bool:
    """Tell whether *told* is what stands before a name, and no more: the name was taken from its line."""
    return len(told) <= _LONGEST_NAME and _AUTHOR.fullmatch(told.strip(f"{_BETWEEN},")) is not None


def saying(byline: str, elements: Iterable[Element]) -> str | None:
    """Return what the first of *elements* says that says the names of *byline*, and beside them what they did."""
    persons = byline.split(", ")
    told = (text.clean(short_text(element, _LONGEST) or "") for element in elements)
    return next((line for line in told if _is_around(line, persons)), None)


def _is_around(line: str, persons: Sequence[str]) -> bool:
    """Tell whether *line* says the names of all *persons* and, beside them, no more than a signature does."""
    if not all(person and person in line for person in persons):
        return False
    return bool(_AROUND.fullmatch(re.sub("|".join(map(re.escape, persons)), "#", line)))


def _tells_of_author(box: Element) -> bool:
    """Tell whether *box* says in a sentence who somebody is, or how to write to them, not who wrote this."""
    told = (text.clean(whole_text(p)) for p in itertools.islice(box.iterdescendants("p"), _PARAGRAPHS))
    return any("@" in line or is_prose(line) for line in told)


def portrayed(document: Document) -> str | None:
    """Return whom a box of the article tells of: who wrote it, where nothing else says that."""
    named = itertools.chain.from_iterable(map(document.all, PLACES))
    boxes = (box for box in named if _tells_of_author(box) and not is_outside(box) and not is_of_another(box))
    inner = (held for box in boxes for held in box.iter("a", "strong", "b", "span", *HEADINGS))
    told = (text.clean(short_text(held, _LONGEST) or "") for held in inner)
    return next(filter(_NAMES.fullmatch, told), None)


def whole(element: Element, dated: Collection[Element] = ()) -> Element:
    """Return the signature that *element*, a link to who wrote the article, is part of; else *element* itself.

    No box that is *dated*, which holds when that was, is a signature.
    """
    if element.tag != "a":
        return element
    name = text.clean(whole_text(element))
    boxes = ((outer, text.clean(short_text(outer, _LONGEST) or "")) for outer in element.iterancestors())
    signed = (
        outer
        for outer, told in itertools.islice(boxes, _BOXES)
        if outer not in dated
        and (is_signature(told) or (told != name and _is_around(told, _linked_persons(element, outer))))
    )
    return next(signed, element)


def _linked_persons(link: Element, box: Element) -> list[str]:
    """Return the names in *box* that *link* and others lead to the authors of."""
    linked = (a for a in box.iter("a") if a is link or "/tac-gia/" in (a.get("href") or ""))
    return [name for a in linked if (name := text.clean(whole_text(a)))]


def behind(elements: Sequence[Element], others: set[Element]) -> Iterator[Element]:
    """Yield the first of *elements*, which stand behind the text, until another part of the page begins."""
    parts = HEADINGS | BARRIERS
    here = itertools.takewhile(
        lambda element: element not in others and (element.tag not in parts or is_foot(element)), elements
    )
    return itertools.islice(here, _BEHIND)


def byline(elements: Iterable[Element], blocks: Blocks) -> str | None:
    """Return what *elements* say of who wrote the article, without labels and buttons."""
    lines = []
    for element in elements:
        skip = [inner for inner in element.iterdescendants("*") if _is_button(inner)]
        if any(map(str.isdigit, whole_text(element))):
            skip += filter(_is_date, element.iterdescendants("*"))
        told = (block.text for block in blocks.flow(element, skip) if block.text)
        line = " ".join(dict.fromkeys(said for said in told if not text.is_boilerplate(said)))
        line = _parted(_LABEL.sub("", line.strip(_BETWEEN)), element)
        if line and not line.endswith(":") and len(line) <= _LONGEST and dates.parse(line) is None:
            lines.append(line)
    return ", ".join(dict.fromkeys(lines)) or None


def _parted(line: str, element: Element) -> str:
    """Return *line* with a comma between two links of *element* to authors that nothing stands between."""
    names = _linked_persons(element, element)
    for before, name in itertools.pairwise(names):
        line = re.sub(rf"({re.escape(before)})\s?(?={re.escape(name)})", r"\1, ", line, count=1)
    return line


def _is_date(element: Element) -> bool:
    return dates.parse(text.clean(short_text(element, _LONGEST_NAMES) or "")) is not None


def _is_button(element: Element) -> bool:
    """Tell whether *element* is a button, or the label of a field, whatever it says."""
    named = element.get("class") or ""
    if _FIELD_LABEL.search(named):
        return True
    return is_furniture(element) and element.tag != "a" and "author" not in named and "byline" not in named

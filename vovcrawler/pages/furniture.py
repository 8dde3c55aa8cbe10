"""What stands in a text and is not the text: share buttons, comments, advertisements; where links lead.

The boxes of links to other news live in :mod:`vovcrawler.pages.cards`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from vovcrawler import urls
from vovcrawler.pages.blocks import HEADINGS, Block, tag_set
from vovcrawler.pages.document import Document, Element, holds, is_in_sentence, is_inside, short_text, whole_text
from vovcrawler.text import clean, is_boilerplate

# What a link to a picture may be called: it opens in a window, and is none.
_OPENS = re.compile("modal|popup")
# Words that make a class or id; "ads" alone is no reason: the site marks real paragraphs "ads-detail-center".
_FURNITURE = re.compile(
    r"relate|(?:^|[\s_-])(?:lien-?quan|tin-?lienquan|shar(?:e|es|ing)|social\w*|tags?|keywords?|comments?\w*|cmts?|binh-?luan|breadcrumbs?"
    r"|advert\w*|banner\w*|(?<!node--)promo\w*|newsletter|subscri\w+|sign-?up|most-?(?:read|view\w*)|doc-?nhieu|xem-?nhieu|sidebar\w*|popup|modal"
    r"|toolbar|cookies?|rating|polls?|binh-?chon|tham-?do|pagination|pager|navbar|custompost\w*|box-?tin|(?:article-)?authors?"
    r"|byline|fb-like|zalo-\w+|google-news|playback\w*|duration|speed)"
    r"(?:$|[\s_-])|tagbox|boxtag|sharebox|box-?share|commentbox|video-?js|jw-?player|mejs-|video_file"
    r"|(?:video|audio)-player|(?:^|[\s_-])(?:vjs-|plyr)|(?:^|\s)(?:ez-)?toc(?:$|[\s_-])|table-of-contents|field__label|flex-control-",
    re.IGNORECASE,
)
# What a player writes into the page while it runs.
_CONTROLS = re.compile(r"(?:^|\s)(?:vjs|plyr|jw|mejs)-")
_ADS = re.compile(
    r"(?:^|[\s_-])(?:ads?|adv|block-ads\w*|insert_ads\w*|ats-\w+|adsbygoogle|quang-?cao|qc)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SOLD = re.compile(r"(?:^|[\s_-])advert\w*(?:$|[\s_-])", re.IGNORECASE)
# Where any page may have its keywords.
TAG_PLACES = (
    "[itemprop=keywords] a",
    ".article-tags a",
    ".tags a",
    ".tag-list a",
    ".field--name-field-tags a",
    "[rel=tag]",
)
# What may open a line of keywords.
TAG_LABEL = re.compile(r"^\W*(?:tags?|từ khóa|từ khoá|keywords?|chủ đề|thẻ)\b\W*", re.IGNORECASE)
_HOT = re.compile(
    r"\W*(?:(?:chủ đề|từ khóa|từ khoá|sự kiện|tags?)\W+)?(?:nóng|hot|nổi bật|xu hướng|trend\w*|được quan tâm)\b",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60
_LONGEST_REQUEST = 200
_REQUEST_DEPTH = 4
_MOST_BEHIND = 3
_LONGEST_LABEL_ROW = 120
LONGEST_CARD = 600
_TEXT_TAGS = HEADINGS | tag_set("p li td th span b strong em i a blockquote")
_INLINE = frozenset(("span", "strong", "b", "em", "i", "font"))
_QUOTE = re.compile(r"(?:^|[\s_-])(?:block|pull)?-?quotes?(?:$|[\s_-])|trich-?dan", re.IGNORECASE)
_OF_PICTURE = re.compile(r"(?:photo(?:cms)?|image|img|picture|caption)s?[_-]*(?:author|byline)", re.IGNORECASE)
# "58 Quán Sứ, Hà Nội", "toasoan@vov.vn": not who wrote an article.
_WHERE = re.compile(r"\d\d|@")
# So deep in the box of a quotation may stand who said it.
_QUOTE_DEPTH = 3
_LONGEST_QUOTATION = 600


def is_furniture(element: Element) -> bool:
    """Tell by its class or id whether *element* is page furniture; "ads" makes no paragraph one."""
    classes, name = element.get("class"), element.get("id")
    if element.tag in HEADINGS:  # the contents of the text lead to its id
        name = None
    if not classes and not name:
        return False
    named = f"{classes or ''} {name or ''}"
    if ("modal" in named or "popup" in named) and element.tag == "a" and holds(element, "img"):
        named = _OPENS.sub("", named)
    return _is_furniture_name(named, element.tag in _TEXT_TAGS)


@lru_cache(maxsize=4096)
def _is_furniture_name(named: str, is_text: bool) -> bool:
    return bool(_FURNITURE.search(named)) or (not is_text and bool(_ADS.search(named)))


def is_advertisement(element: Element) -> bool:
    """Tell by its class or id whether *element* is a box for an advertisement."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in _TEXT_TAGS and bool(_SOLD.search(named) or _ADS.search(named))


def furniture_of(document: Document, containers: Collection[Element]) -> set[Element]:
    """Return the elements inside *containers* that are furniture by name, unless most of the text is in them.

    So is what a form belongs to, as one that asks for a vote or an address.
    """
    named = frozenset([*document.named(_is_any_furniture), *(asking := _asking(document, containers))])
    found = set()
    for container in containers:
        whole = None
        for element in container.iterdescendants():
            if (
                element in named
                and (element in asking or is_furniture(element))
                and not (is_in_sentence(element) or is_of_another(element))
            ):
                whole = _prose(container) if whole is None else whole
                if _prose(element) * 2 <= whole or _is_control(element):
                    found.add(element)
    return found


def _asking(document: Document, containers: Collection[Element]) -> set[Element]:
    """Return the boxes inside *containers* that end with a form and say a few words about it."""
    found = set()
    for form in document.tags("form"):
        around = list(itertools.takewhile(lambda outer: outer not in containers, form.iterancestors()))
        if around and around[-1].getparent() is not None and holds(form, "input", "textarea", "select"):
            inner = itertools.takewhile(_is_last, (form, *around))
            boxes = (box for _, box in zip(inner, around[:_REQUEST_DEPTH], strict=False))
            found.update(list(itertools.takewhile(_says_little, boxes))[-1:])
    return found


def _says_little(box: Element) -> bool:
    """Tell whether *box* says a few words, none of them in a paragraph of a text."""
    if short_text(box, _LONGEST_REQUEST) is None:
        return False
    lines = [*box.itertext(), *map(whole_text, box.iter("p"))]
    return all(len(line.strip()) <= _LONGEST_LABEL for line in lines)


def _is_last(element: Element) -> bool:
    """Tell whether nothing is said behind *element* in what holds it."""
    behind = list(itertools.islice(element.itersiblings("*"), _MOST_BEHIND + 1))
    is_empty = len(behind) <= _MOST_BEHIND and not any(whole_text(held).strip() for held in behind)
    return is_empty and not (element.tail or "").strip()


def _is_control(element: Element) -> bool:
    return bool(_CONTROLS.search(element.get("class") or ""))


def is_of_another(element: Element) -> bool:
    """Tell whether *element* is part of a quotation or caption, which have authors, too, or where to write."""
    if element.tag == "address" and _WHERE.search(whole_text(element)):
        return True
    named = element.get("class")
    if named and _is_of_picture(named):
        return True
    return is_quoted(element) or is_inside(element, "figcaption")


def is_quoted(element: Element) -> bool:
    """Tell whether *element* is part of a quotation."""
    return quotation(element) is not None


def quotation(element: Element) -> Element | None:
    """Return the box of a quotation that *element* is part of."""
    for outer in (element, *itertools.islice(element.iterancestors(), _QUOTE_DEPTH)):
        if outer.tag == "blockquote" or ((named := outer.get("class")) and _is_quote(named)):
            return outer
    return None


def is_in_quotation(element: Element) -> bool:
    """Tell whether *element* stands in the box of a quotation; to indent a whole text the same tag is used."""
    box = quotation(element)
    return box is not None and short_text(box, _LONGEST_QUOTATION) is not None


@lru_cache(maxsize=2048)
def _is_of_picture(named: str) -> bool:
    return bool(_OF_PICTURE.search(named))


@lru_cache(maxsize=2048)
def _is_quote(named: str) -> bool:
    return bool(_QUOTE.search(named))


def _is_any_furniture(named: str) -> bool:
    return _is_furniture_name(named, False)


def _prose(element: Element) -> int:
    """How much is said in paragraphs of their own."""
    return sum(size for p in element.iter("p") if (size := len(whole_text(p).strip())) > 60 and not holds(p, "a"))


def base_of(document: Document, url: str | None) -> str:
    """Return the address that the links of a page are relative to: its own, unless the page names another."""
    page = url or "https://vov.vn/"
    named = next((base.get("href") for base in document.tags("base")), None)
    return (urls.join(page, named) if named else None) or page


class Links:
    """Where the links of one page lead; knows the page they stand on."""

    def __init__(self, base: str, own_id: str | None) -> None:
        self.base = base
        self.root = urls.join(base, "/") or "https://vov.vn/"
        self.own_id = own_id
        self._known: dict[str, urls.Address | None] = {}

    def address(self, href: str) -> urls.Address | None:
        """Return where *href* leads; ``None`` when it is no link to a page."""
        if href not in self._known:
            if href.startswith("/") and not href.startswith("//"):
                url: str | None = self.root + href[1:]
            else:
                url = href if href.startswith("https://") else urls.join(self.base, href)
            self._known[href] = urls.classify(url) if url else None
        return self._known[href]

    def article(self, href: str) -> urls.Address | None:
        """Return the address of the VOV article that *href* leads to; ``None`` for anything else."""
        if ".vov" not in href.lower() and ".aspx" not in href and ".html" not in href:  # as of every era
            return None
        address = self.address(href)
        return address if address and address.kind == "article" else None

    def is_tag(self, href: str) -> bool:
        """Tell whether *href* leads to the list of a keyword."""
        if "tag" not in href and "tu-khoa" not in href:
            return False
        address = self.address(href)
        return address is not None and address.kind == "tag"

    def may_be_tag(self, href: str) -> bool:
        """Tell whether *href*, of a keyword perhaps, leads neither to an article nor to a section of this page."""
        return not self.is_section(href) and self.article(href) is None

    def is_section(self, href: str) -> bool:
        """Tell whether *href* leads to a section that this page stands in, by its address."""
        path = href.removeprefix(self.root).strip("/")
        return bool(path) and self.base.startswith(f"{self.root}{path}/")

    def other(self, href: str) -> bool:
        """Tell whether *href* leads to an article that is not this page."""
        address = self.article(href)
        return address is not None and address.id != self.own_id


def is_link_row(holder: Element) -> bool:
    """Tell whether *holder* is links side by side, such as keywords, with a label before them perhaps."""
    told = clean(whole_text(holder))
    label = clean(_label(holder))  # the first link may stand right behind it, without a space
    told = told.removeprefix(label) if TAG_LABEL.fullmatch(label) else TAG_LABEL.sub("", told)
    linked = sum(len(clean(whole_text(link))) for link in holder.iter("a"))
    return len(told) - linked <= 3 * sum(1 for _ in holder.iterdescendants("a"))


def in_keyword_rows(tags: Iterable[Element], containers: Collection[Element]) -> Iterator[Element]:
    """Yield those of *tags*, links to lists of keywords, that make a line of their own and no subheading."""
    rows: dict[Element, bool] = {}
    inside = set(containers)
    for a in tags:
        holder = next(outer for outer in a.iterancestors() if outer.tag not in _INLINE)
        if holder not in rows:
            is_subheading = holder.tag in HEADINGS and not inside.isdisjoint(holder.iterancestors())
            rows[holder] = not is_subheading and _is_keyword_row(holder)
        if rows[holder]:
            yield a


def _is_keyword_row(holder: Element) -> bool:
    """Tell whether *holder* is such links and not, by its words or the heading above it, keywords of the day."""
    around = holder.getparent() if holder.tag == "li" else holder
    before = around.getprevious() if around is not None else None
    heading = whole_text(before) if before is not None and before.tag in HEADINGS else ""
    told = (heading, _label(holder))
    return is_link_row(holder) and not any(_HOT.match(clean(line[:_LONGEST_LABEL_ROW])) for line in told)


def _label(holder: Element) -> str:
    """Return what is said in *holder* before its first link: a keyword may be "hot girl"."""
    first = next(holder.iter("a"), None)
    linked = whole_text(first) if first is not None else ""
    return whole_text(holder).partition(linked)[0] if linked else ""


def is_label_row(block: Block) -> bool:
    """Tell whether *block* is nothing but labels side by side, such as those of share buttons."""
    if len(block.text) > _LONGEST_LABEL_ROW or block.heading or block.tag == "tr":
        return False
    # To count them would take as long as they are many, for each line between two breaks.
    if next(block.element.iterchildren(), None) is None:
        return False
    if 0 < block.linked < block.size and is_boilerplate(clean(" ".join(block.element.itertext()))):
        return True  # no space stood between the words and the buttons
    labels = 0
    for part in map(clean, block.element.itertext()):
        if any(map(str.isalnum, part)):
            if is_boilerplate(part):
                labels += 1
            elif len(part) > 2:
                return False
    return labels > 1

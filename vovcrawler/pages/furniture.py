"""What stands in a text and is not the text: boxes of links, share buttons, comments, advertisements.

Boxes are known by what they are made of (links to other articles and little else), not by their class alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from vovcrawler import urls
from vovcrawler.pages.blocks import HEADINGS, Block, Link, ancestors
from vovcrawler.pages.document import Document, Element, holds, is_in_sentence, is_inside, short_text, whole_text
from vovcrawler.text import clean, fold, has_outlet, is_boilerplate, is_list_heading

# Words that make a class or id; "ads" alone is no reason: the site marks real paragraphs "ads-detail-center".
_FURNITURE = re.compile(
    r"relate|(?:^|[\s_-])(?:lien-?quan|tin-?lienquan|shar(?:e|es|ing)|social\w*|tags?|keywords?|comments?\w*|binh-?luan|breadcrumbs?"
    r"|advert\w*|banner\w*|promo\w*|newsletter|subscri\w+|most-?(?:read|view\w*)|doc-?nhieu|xem-?nhieu|sidebar\w*|popup|modal"
    r"|toolbar|rating|pagination|pager|navbar|custompost\w*|box-?tin|(?:article-)?authors?|byline|fb-like|zalo-\w+|google-news)"
    r"(?:$|[\s_-])|tagbox|boxtag|sharebox|box-?share|commentbox|video-?js|jw-?player|mejs-|video_file"
    r"|(?:video|audio)-player|(?:^|[\s_-])(?:vjs-|plyr)",
    re.IGNORECASE,
)
# What a player writes into the page while it runs.
_CONTROLS = re.compile(r"(?:^|\s)(?:vjs|plyr|jw|mejs)-")
_ADS = re.compile(
    r"(?:^|[\s_-])(?:ads?|adv|block-ads\w*|insert_ads\w*|ats-\w+|adsbygoogle|quang-?cao|qc)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Who sells the places of advertisements that look like news.
_NETWORKS = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:outbrain\.com|taboola\.com|mgid\.com|doubleclick\.net|googleadservices\.com"
    r"|googlesyndication\.com|admicro\.vn|adtima\.vn|eclick\.vn)[/?]",
    re.IGNORECASE,
)
# What may open a line of keywords.
TAG_LABEL = re.compile(r"^\W*(?:tags?|từ khóa|từ khoá|keywords?|chủ đề|thẻ)\b\W*", re.IGNORECASE)
_HOT = re.compile(
    r"\W*(?:(?:chu de|tu khoa|su kien|tags?)\W+)?(?:nong|hot|noi bat|xu huong|trend\w*|duoc quan tam)\b"
)
_LONGEST_LABEL_ROW = 120
_LONGEST_POINTER = 60
_SHORTEST_HEADLINE = 20
LONGEST_CARD = 600
_POINTER = re.compile(
    r"^\W*(?:>>|»|›|→|xem them|doc them|doc tiep|moi doc|moi xem|xem lai|tham khao|nghe them)", re.IGNORECASE
)
_TEXT_TAGS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "td",
        "th",
        "span",
        "b",
        "strong",
        "em",
        "i",
        "a",
        "blockquote",
    ]
)
_QUOTE = re.compile(r"(?:^|[\s_-])(?:block|pull)?-?quotes?(?:$|[\s_-])|trich-?dan", re.IGNORECASE)
# So deep in the box of a quotation may stand who said it.
_QUOTE_DEPTH = 3
_BOX_TAGS = frozenset(["ul", "ol", "dl", "aside", "section", "article", "blockquote", "table", "nav"])


def is_furniture(element: Element) -> bool:
    """Tell by its class or id whether *element* is page furniture; "ads" makes no paragraph one."""
    classes, name = element.get("class"), element.get("id")
    if not classes and not name:
        return False
    return _is_furniture_name(f"{classes or ''} {name or ''}", element.tag in _TEXT_TAGS)


@lru_cache(maxsize=4096)
def _is_furniture_name(named: str, is_text: bool) -> bool:
    return bool(_FURNITURE.search(named)) or (not is_text and bool(_ADS.search(named)))


def furniture_of(document: Document, containers: Iterable[Element]) -> set[Element]:
    """Return the elements inside *containers* that are furniture by name, unless most of the text is in them."""
    named = frozenset(document.named(_is_any_furniture))
    found = set()
    for container in containers:
        whole = None
        for element in container.iterdescendants():
            if (
                element in named
                and is_furniture(element)
                and not (is_in_sentence(element) or is_of_another(element))
            ):
                whole = _prose(container) if whole is None else whole
                if _prose(element) * 2 <= whole or _is_control(element):
                    found.add(element)
    return found


def _is_control(element: Element) -> bool:
    return bool(_CONTROLS.search(element.get("class") or ""))


def is_of_another(element: Element) -> bool:
    """Tell whether *element* is part of a quotation or of a caption, which have authors, too."""
    return is_quoted(element) or is_inside(element, "figcaption")


def is_quoted(element: Element) -> bool:
    """Tell whether *element* is part of a quotation."""
    return quotation(element) is not None


def quotation(element: Element) -> Element | None:
    """Return the box of a quotation that *element* is part of."""
    for outer in (element, *itertools.islice(element.iterancestors(), _QUOTE_DEPTH)):
        if outer.tag == "blockquote" or _QUOTE.search(outer.get("class") or ""):
            return outer
    return None


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
        if ".vov" not in href.lower():  # as every article of every era has it
            return None
        address = self.address(href)
        return address if address and address.kind == "article" else None

    def is_tag(self, href: str) -> bool:
        """Tell whether *href* leads to the list of a keyword."""
        if "tag" not in href and "tu-khoa" not in href:
            return False
        address = self.address(href)
        return address is not None and address.kind == "tag"

    def other(self, href: str) -> bool:
        """Tell whether *href* leads to an article that is not this page."""
        address = self.article(href)
        return address is not None and address.id != self.own_id


def is_link_row(holder: Element) -> bool:
    """Tell whether *holder* is links side by side, such as keywords, with a label before them perhaps."""
    told = TAG_LABEL.sub("", clean(whole_text(holder)))
    linked = sum(len(clean(whole_text(link))) for link in holder.iter("a"))
    return len(told) - linked <= 3 * sum(1 for _ in holder.iterdescendants("a"))


def is_keyword_row(holder: Element) -> bool:
    """Tell whether *holder* is such links and not, by its words or the heading above it, keywords of the day."""
    around = holder.getparent() if holder.tag == "li" else holder
    before = around.getprevious() if around is not None else None
    heading = whole_text(before) if before is not None and before.tag in HEADINGS else ""
    told = (heading, " ".join(holder.itertext()))
    return is_link_row(holder) and not any(_HOT.match(fold(line.strip()[:_LONGEST_LABEL_ROW])) for line in told)


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


def cross_links(blocks: Sequence[Block], container: Element, links: Links, *, has_lead: bool) -> set[int]:
    """Return the places in *blocks* of links to other articles, and of the boxes they make with their teasers.

    A lead above the text is the one with the mark of the outlet, else the first that has it.
    """
    linking = [(place, block) for place, block in enumerate(blocks) if block.links]
    pointing = {place for place, block in linking if points_elsewhere(block, links)}
    if opening := [place for place, block in linking if block.links[0].opens and block.linked < block.size]:
        pointing |= _cards(blocks, opening, links)
    marked = [place for place, block in enumerate(blocks) if has_outlet(block.text)]
    for place in marked[not has_lead :]:
        if any(links.other(link.href) for link in blocks[place].links):
            pointing.add(place)
    tag_lines = {place for place, block in linking if _is_tag_line(block, links)}
    found = pointing | tag_lines
    if pointing:
        paths = [[block.element, *ancestors(block.element, container)] for block in blocks]
        members: dict[Element, list[int]] = {}
        for place, path in enumerate(paths):
            for box in path:
                members.setdefault(box, []).append(place)
        for box in {box: None for place in sorted(pointing) for box in paths[place] if box is not container}:
            if _is_box(blocks, members[box], pointing, box):
                found.update(members[box])
    return found | _teasers(blocks, found)


def _cards(blocks: Sequence[Block], places: Iterable[int], links: Links) -> set[int]:
    """Return those of *places* where a headline that leads to another article opens the line of its teaser.

    Before it stands its picture, or beside it another such line.
    """
    opening = {place: link.href for place in places if (link := _headline_of(blocks[place], links)) is not None}
    near = {place + step for place in opening for step in (-2, -1, 1, 2)}
    return {place for place, href in opening.items() if place in near or _is_below_picture(blocks, place, href)}


def _is_below_picture(blocks: Sequence[Block], place: int, href: str) -> bool:
    before = blocks[place - 1] if place else None
    return before is not None and before.picture is not None and any(link.href == href for link in before.links)


def _headline_of(block: Block, links: Links) -> Link | None:
    """The link to another article that opens *block*, when a sentence begins behind it."""
    link = block.links[0]
    if block.heading or block.tag == "tr":
        return None
    rest = block.text.removeprefix(link.text).lstrip(" “\"'‘(")
    begins = len(link.text) >= _SHORTEST_HEADLINE and (rest[:1].isupper() or rest[:1].isdigit())
    return link if begins and links.other(link.href) else None


def points_elsewhere(block: Block, links: Links) -> bool:
    """Tell whether *block* is nothing but a link to another article, with a teaser of it perhaps."""
    if not block.links or (block.heading and block.linked * 2 < block.size):
        return False
    if block.picture is not None:
        return any(links.other(link.href) for link in block.links)
    target = next((link for link in block.links if links.other(link.href)), None)
    if target is None:
        return block.linked >= block.size * 0.8 and _is_sold_or_own(block.links, links)
    if block.tag == "tr" and block.linked < block.size and block.text.count(" | ") > 1:
        return False  # a row of figures, one of them linked
    if _POINTER.match(fold(block.text)) and (block.linked * 2 > block.size or _ends_in(block, target)):
        return True
    if block.linked >= block.size * 0.8:
        is_sentence = block.text.endswith(".") and len(block.text) > 40 and block.tag == "p"
        return not is_sentence or has_outlet(block.text) or _is_card(target.element, block.element)
    rest = block.text.removeprefix(target.text)
    return rest != block.text and has_outlet(rest.lstrip(" :-–"))


def _is_sold_or_own(found: Iterable[Link], links: Links) -> bool:
    """Tell whether one of *found*, which lead to no other article, is an advertisement or leads to this page."""
    return any(_NETWORKS.match(link.href) or links.article(link.href) for link in found)


def _is_card(link: Element, held: Element) -> bool:
    """Tell whether *link* is a whole card, with a picture or a headline, and *held* a paragraph of it."""
    if link not in held.iterancestors() or short_text(link, LONGEST_CARD) is None:
        return False
    return any(element.tag == "img" or element.tag in HEADINGS for element in link.iter())


def without_pointers(blocks: Iterable[Block], links: Links) -> str:
    """Return what *blocks* say beside links to other articles, as one line."""
    return " ".join(block.text for block in blocks if block.text and not points_elsewhere(block, links))


def _ends_in(block: Block, link: Link) -> bool:
    """Tell whether *block* is a few words that lead to *link*."""
    return block.text.endswith(link.text) and len(block.text) - len(link.text) <= _LONGEST_POINTER


def _is_tag_line(block: Block, links: Links) -> bool:
    """Links to lists of keywords and nothing between them but commas; a label may stand before them."""
    if block.heading or block.linked * 3 < block.size or not all(links.is_tag(link.href) for link in block.links):
        return False
    told = TAG_LABEL.sub("", block.text)
    return len(told) - sum(len(link.text) for link in block.links) <= 3 * len(block.links)


def _is_box(blocks: Sequence[Block], members: Sequence[int], pointing: set[int], box: Element) -> bool:
    """A box opens with a link, a picture or a heading of links, and has at most one teaser for each link."""
    told = [place for place in members if blocks[place].text]
    if (
        len(told) > 1
        and told[0] not in pointing
        and _may_head(blocks[told[0]].text)
        and pointing.issuperset(told[1:])
    ):
        return True  # links under a label of their own
    plain = [place for place in told if place not in pointing and not _is_label(blocks[place].text)]
    linking = [place for place in members if place in pointing]
    if not plain:
        return True
    if plain[0] < linking[0] or len(plain) > len(linking) or any(len(blocks[place].text) > 450 for place in plain):
        return False
    marked = any(has_outlet(blocks[place].text) for place in plain)
    return marked or len(linking) > 1 or box.tag in _BOX_TAGS


def _is_label(text: str) -> bool:
    return len(text) < 40 and is_list_heading(text)


def _teasers(blocks: Sequence[Block], found: set[int]) -> set[int]:
    """A paragraph with an outlet mark after a link is its teaser: the article's own mark opens the lead."""
    return {place + 1 for place in found if place + 1 < len(blocks) and has_outlet(blocks[place + 1].text)}


def _may_head(told: str) -> bool:
    return len(told) < 60 and not told.endswith((".", ";", ","))


def after_furniture_headings(blocks: Sequence[Block], gone: set[int]) -> set[int]:
    """Return the places of headings such as "Đọc nhiều" and the links below them; after "Bình luận" all."""
    found: set[int] = set()
    open_list = False
    for place, block in enumerate(blocks):
        if not block.text:
            continue
        if _may_head(block.text) and is_list_heading(block.text):
            if fold(clean(block.text)).startswith(("binh luan", "y kien", "comment", "phan hoi")):
                return found | set(range(place, len(blocks)))
            open_list = True
            found.add(place)
        elif open_list and place not in gone:
            open_list = block.tag == "li" and block.linked * 2 > block.size
            if open_list:
                found.add(place)
    return found

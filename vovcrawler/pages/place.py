"""Where on a page an element stands: in the article, in the frame of the page, or in a card of other news."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from functools import lru_cache
from urllib.parse import unquote

from vovcrawler.pages.blocks import HEADINGS, IDEOGRAPHS
from vovcrawler.pages.cards import is_pointer
from vovcrawler.pages.document import (
    Document,
    Element,
    holds,
    is_inside,
    short_text,
    text_before,
    whole_text,
)
from vovcrawler.pages.furniture import LONGEST_CARD, Links, is_furniture
from vovcrawler.pages.looks import is_hidden
from vovcrawler.pages.structured import HOME, is_site_name
from vovcrawler.text import clean, fold, is_list_heading

# The frame of a page, unless it is that of an article.
OUTSIDE = frozenset(["header", "footer", "nav", "aside"])
_FRAME = re.compile(
    r"(?:^|[\s_-])(?:sidebar\w*|related?|relate|most-?read|footer|navbar|menu|comments?|header-top|site-header|top-?bar"
    r"|trending|hot-?topics?)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What the article itself ends with: keywords and who wrote it stand there; Drupal has it above the text.
_FOOT = re.compile(
    r"(?:article|entry|post|story|node|detail|card|panel|headline)(?:-|__?)footer|node__meta", re.IGNORECASE
)
# One of a part of the page, whatever that is called, but not of all of it: "single__footer", "Post_footer__x1".
_FOOT_OF = re.compile(
    r"(?:^|\s)(?!(?:site|page|main|global|app)[-_])[a-z][\w-]*[-_]footer(?:$|\s|__)", re.IGNORECASE
)
_CARD_DEPTH = 4
_MOST_LINKS = 100  # a card has a few
_LARGEST_TEASER = 2
_MOST_HEADLINES = 20
_LONGEST_LOGO = 20
_FRONT_PAGE = re.compile(r"(?:https?:)?(?://[^/]+)?/?(?:(?<=/)[a-z]{2}-[A-Z]{2}(?:\.vov)?/?)?")
_LONGEST_LINE = 200
_LEAD_DEPTH = 2
# "Trang chủ", up to three sections, and the article itself.
_LONGEST_TRAIL = 5
_ORIGIN = re.compile(r"(?:https?:)?//[^/]*|(?:\.(?:aspx?|html?|vov))?(?:[?#].*|$)")
# What stands in a player for browsers that cannot play it is not longer.
_LONGEST_UNSAID = 150


class Place:
    """The places of one page, once it is known where the text and the headline stand."""

    def __init__(self, containers: Collection[Element], headline: Element | None, links: Links) -> None:
        self.containers = frozenset(containers)
        self.links = links
        known = [*containers, *([headline] if headline is not None else [])]
        self.headline = headline
        self.around = {outer for element in known for outer in element.iterancestors()}
        # Whether the elements right inside these stand outside.
        self._outside: dict[Element, bool] = {}
        self._small: dict[Element, bool] = {}
        self._others: dict[Element, bool] = {}

    def is_outside(self, element: Element) -> bool:
        """Tell whether *element* stands in the frame of the page or in a box of links."""
        path, is_so = list[Element](), None
        for outer in element.iterancestors():
            if (is_so := self._outside.get(outer)) is not None:
                break
            path.append(outer)
            if (is_so := _puts_outside(outer, self.containers)) is not None:
                break
        if path:
            self._outside.update(dict.fromkeys(path, bool(is_so)))
        return bool(is_so)

    def above_headline(self, document: Document) -> list[Element]:
        """Return what stands before the headline in its ``<article>``."""
        article = next(self.headline.iterancestors("article"), None) if self.headline is not None else None
        if article is None or self.headline is None:
            return []
        return document.elements[document.order[article] + 1 : document.order[self.headline]]

    def is_of_another(self, element: Element) -> bool:
        """Tell whether *element* is in an ``<article>`` of other news; beside a headline the outermost is none."""
        if self.headline is None:
            return False
        is_apart = next(self.headline.iterancestors("article"), None) is None
        for article in element.iterancestors("article"):
            if article in self.around or (is_apart and next(article.iterancestors("article"), None) is None):
                return False
            if article not in self._others:
                heading = next(article.iter(*HEADINGS), None)
                is_line = heading is not None and short_text(heading, _LONGEST_LINE) is not None  # and closed
                links = heading.iter("a") if heading is not None and is_line else ()
                self._others[article] = any(self.links.other(a.get("href") or "") for a in links)
            if self._others[article]:
                return True
        return False

    def picture_boxes(
        self, elements: Iterable[Element], said: Iterable[Element], byline: str
    ) -> list[list[Element]]:
        """Return the largest boxes round the pictures among *elements* that hold nothing else of the article.

        What the article says besides its text is *said*. With each box comes the one below it, if that is neither.
        A picture that is called like one in the *byline* shows who wrote it.
        """
        held = {outer for known in said for outer in [known, *known.iterancestors()]}
        held |= self.around | self.containers
        boxes = {}
        for element in elements:
            if element.tag == "img" and not self.is_outside(element) and not _is_portrait(element, byline):
                path = [element, *itertools.takewhile(lambda outer: outer not in held, element.iterancestors())]
                if not any(map(is_furniture, path)):
                    below = itertools.islice(path[-1].itersiblings("*"), 1)
                    boxes[path[-1]] = [path[-1], *(box for box in below if box not in held)]
        return list(boxes.values())

    def trails(self, url: str | None) -> Iterator[list[Element]]:
        """Yield the links of each box above the headline that lead to sections in *url*, or home, and no further.

        They are the trail of sections, whatever it is called; it may stand right below the headline, too.
        """
        if self.headline is None or not (sections := set((url or "").lower().split("/")[3:-1])):
            return
        for beside in [self.headline, *self.headline.iterancestors()]:
            if (holder := beside.getparent()) is None or holder.tag == "body":
                return
            below = itertools.islice(beside.itersiblings("*"), int(beside is self.headline))
            for box in itertools.chain(beside.itersiblings("*", preceding=True), below):
                linked = (a for a in _linked_beside(box) if not (a.get("href") or "#").startswith("#"))
                links = list(itertools.islice(linked, _LONGEST_TRAIL + 1))
                ends = {_last_part(a.get("href") or "") for a in links}
                if len(links) <= _LONGEST_TRAIL and ends & sections and ends <= sections | {""}:
                    yield links

    def section_names(self, elements: Iterable[Element], words: Callable[[Element], str]) -> list[str]:
        """Return what those of *elements* say, each once, that may be the names of sections."""
        found = [held for held in elements if not self.links.article(held.get("href") or "")]
        told = [(words(held) or clean(held.get("title") or "")).strip(" »>/|") for held in found]
        return list(dict.fromkeys(itertools.compress(told, map(_may_name_section, told, found))))

    def is_teaser(self, element: Element, document: Document, leads: Iterable[str]) -> bool:
        """Tell whether *element* holds as little as a teaser, in a card or in what the selectors *leads* give."""
        if len(element) > _LARGEST_TEASER:
            return False
        around = {element, *itertools.islice(element.iterancestors(), _LEAD_DEPTH)}
        is_lead = any(not around.isdisjoint(document.all(selector)) for selector in leads)
        return is_lead or self.is_in_card(element)

    def is_in_card(self, element: Element, related: Set[Element] | None = None) -> bool:
        """Tell whether *element* stands in a small box with a link to other news.

        Where it is known what is *related*, only one that is none of that makes a card.
        """
        for outer in itertools.islice(element.iterancestors(), _CARD_DEPTH):
            if outer in self.around or outer in self.containers or not self._is_small(outer):
                return False
            if outer.tag == "footer" and outer.getparent() in self.around:
                return False  # what the article ends with may lead to the next one, too
            # A link behind words goes on with a sentence: the text of an article may be short, too.
            links = (a for a in outer.iter("a") if not any(map(str.isalpha, text_before(a))))
            beside = (a for a in links if a is not element and element not in a.iterancestors())
            news = (a for a in beside if self.links.other(a.get("href") or "") and not _is_pointed_at(a))
            first = next(news, None)
            if first is not None and (related is None or self._is_of_card(element, [first, *news], related)):
                return True
        return False

    def _is_of_card(self, element: Element, news: Sequence[Element], related: Set[Element]) -> bool:
        """A card is about one article; what stands above the first link of several is part of none."""
        others = [a for a in news if related.isdisjoint([a, *a.iterancestors()])]
        targets = {address.id for a in others if (address := self.links.article(a.get("href") or ""))}
        if len(targets) < 2:
            return bool(targets)
        box = next(outer for outer in element.iterancestors() if others[0] in outer.iter("a"))
        return next(held for held in box.iter() if held is element or held is others[0]) is not element

    def _is_small(self, box: Element) -> bool:
        """Ask once for each box: it may hold hundreds of pictures, or of links without a word."""
        if box not in self._small:
            links = sum(1 for _ in itertools.islice(box.iter("a"), _MOST_LINKS + 1))
            self._small[box] = links <= _MOST_LINKS and short_text(box, LONGEST_CARD) is not None
        return self._small[box]


def _linked_beside(box: Element) -> Iterator[Element]:
    """Yield the links in *box*; when it is one, with those right before it."""
    if box.tag != "a":
        yield from box.iter("a")
        return
    before = itertools.takewhile(lambda held: held.tag == "a", box.itersiblings("*", preceding=True))
    yield from reversed([box, *before])


def _is_portrait(picture: Element, byline: str) -> bool:
    """Tell whether *picture*, without a caption, is called like one of those who are named in *byline*."""
    name = clean(picture.get("alt") or "")
    is_name = " " in name or name == byline
    return is_name and bool(name) and name in byline and not is_inside(picture, "figure")


def _may_name_section(name: str, link: Element) -> bool:
    """Tell whether *name*, of *link*, may be that of a section: neither of the front page nor of a list.

    One called "Bình luận" has an address that says the same; the front page has a name in every language.
    """
    if not name or (plain := fold(name)) in HOME or leads_home(link):
        return False
    if not is_list_heading(name):
        return True
    href = link.get("href") or ""
    return href.startswith(("/", "http")) and plain in fold(unquote(href)).replace("-", " ")


def _last_part(href: str) -> str:
    """Return the last part of the path that *href* leads to: nothing for the front page."""
    leads = href.startswith(("/", "http"))
    return _ORIGIN.sub("", href).rstrip("/").rpartition("/")[2].lower() if leads else "#"


def _is_pointed_at(a: Element) -> bool:
    """Tell whether the link *a* makes a line of a text with a few words before it, rather than a card."""
    holder = a.getparent()
    return holder is not None and is_pointer(short_text(holder, LONGEST_CARD) or "")


def is_outside(element: Element) -> bool:
    """Tell whether *element* stands in a header, a menu, a sidebar or a hidden part, wherever the text is."""
    told = (_puts_outside(outer, ()) for outer in element.iterancestors())
    return next((is_so for is_so in told if is_so is not None), False)


def _puts_outside(outer: Element, containers: Collection[Element]) -> bool | None:
    """Tell whether what is in *outer* stands outside, ``None`` when that is for what is around it to say."""
    tag = outer.tag
    if outer in containers or tag in ("body", "html"):
        return False
    is_named = len(outer.keys()) > 0 and tag != "form"
    if (tag in OUTSIDE or (is_named and _is_frame(outer))) and not (_has_headline(outer) or is_foot(outer)):
        return True
    return True if is_named and is_hidden(outer) else None


def says_anything(element: Element) -> bool:
    """Tell whether *element* holds words or a picture; a player says what stands in its place."""
    pieces = (told for piece in element.itertext() if (told := piece.strip()))
    if (first := next(pieces, None)) is None:
        return holds(element, "img")
    if len(first) > _LONGEST_UNSAID or (told := short_text(element, _LONGEST_UNSAID)) is None:
        return True
    unsaid = sum(len(whole_text(player).split()) for player in element.iter("audio", "video"))
    return len(told.split()) > unsaid or holds(element, "img")


def outermost(elements: Iterable[Element]) -> list[Element]:
    """Return *elements* without those that stand in another one of them."""
    found = list(dict.fromkeys(elements))
    if len(found) < 2:
        return found
    known = set(found)
    return [element for element in found if known.isdisjoint(element.iterancestors())]


def are_one_list(elements: Sequence[Element]) -> bool:
    """Tell whether the first and the last of *elements* stand in one box, alone or in boxes of their own."""
    if not elements:
        return True
    box = next(itertools.islice(elements[0].iterancestors(), 1, None), None)
    return box in elements[-1].iterancestors()


def _has_headline(frame: Element) -> bool:
    """The header of the site has a logo at most, that of an article its headline; so has a menu without an end."""
    return any(_is_headline(h1) for h1 in itertools.islice(frame.iter("h1"), _MOST_HEADLINES))


def _is_headline(h1: Element) -> bool:
    """Tell whether *h1* is no logo: it is long, as one of fewer signs is in Chinese, or that of an article."""
    told = clean(whole_text(h1))
    if len(told) > _LONGEST_LOGO or (len(told) * 3 > _LONGEST_LOGO and IDEOGRAPHS.search(told)):
        return True
    named = h1.get("class") or ""
    is_named = ("title" in named and "site" not in named) or is_inside(h1, "article")
    return bool(told) and is_named and not is_site_name(told) and not any(map(leads_home, h1.iter("a")))


def leads_home(a: Element) -> bool:
    """Tell whether the link *a* leads to the front page, as a logo does."""
    return bool(_FRONT_PAGE.fullmatch((a.get("href") or "#").strip()))


def is_foot(frame: Element) -> bool:
    """Tell whether *frame* is the footer of the article: by its name, or as it stands in its ``<article>``."""
    named = frame.get("class") or ""
    if frame.tag != "footer" and "footer" not in named:
        return False
    holder = frame.getparent()
    if holder is not None and holder.tag != "body" and "Article" in (holder.get("itemtype") or ""):
        return _has_headline(holder)
    if frame.tag != "footer" and not _FOOT_OF.search(named):
        return False
    if frame.tag == "footer" and _FOOT.search(named):
        return True
    is_inside = holder is not None and holder.tag == "article" and _has_headline(holder)
    return is_inside and (frame.tag != "footer" or not _is_frame(frame))


def _is_frame(element: Element) -> bool:
    return _is_frame_name(f"{element.get('class') or ''} {element.get('id') or ''}")


@lru_cache(maxsize=4096)
def _is_frame_name(named: str) -> bool:
    return bool(_FRAME.search(_FOOT.sub("", named)))

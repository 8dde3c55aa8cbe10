"""Pictures of an article: which they are, where the file is, what stands under them."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from vovcrawler import urls
from vovcrawler.items import Image
from vovcrawler.pages.blocks import SHORTEST_PROSE, Block, Link, is_prose
from vovcrawler.pages.captions import (
    is_centred_caption,
    is_credit_line,
    is_lone_caption,
    is_marked_caption,
    part_credit,
)
from vovcrawler.pages.document import Element, holds, is_inside, short_text, whole_text
from vovcrawler.pages.furniture import Links, quotation
from vovcrawler.text import clean, split_credit

_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-image", "data-large-src")
_SETS = ("srcset", "data-srcset")
_DESCRIPTIONS = ("data-desc", "cms-photo-caption", "data-caption", "data-description")
_EMBED_DESCRIPTIONS = ("data-title", "data-alt", "data-caption", "data-overlay-title")
# What is no address of a picture, as those of files that a browser keeps beside a page it saves.
_PLACEHOLDER = re.compile(
    r"^(?:data|blob|about|javascript):|^(?:\./)?[^/]+_files/|(?:^|[/_.-])(?:blank|placeholder|loading|lazy(?:load)?|spacer|pixel|transparent|1x1|no-?image|default-image)[\w-]*\.\w+",
    re.IGNORECASE,
)
_DECORATION = re.compile(
    r"(?:^|[/_\s.-])(?:logo\w*|icons?|ico|avatar\w*|emoji\w*|sprite\w*|btn|button|share|facebook|zalo|twitter|youtube|tiktok|play|arrow|banner|ads|print(?:er)?|e?mail|(?:print|e?mail|pdf)_?button)(?:[/_\s.-]|\d|$)",
    re.IGNORECASE,
)
# By its class, or that of its figure, it shows who wrote the article; "article-avatar" is a picture of that.
_PORTRAIT = re.compile(r"(?:^|[\s_-])author(?:$|[\s_-])", re.IGNORECASE)
# What editors upload has any name ("facebook_1.jpg"), what comes with the theme is never a picture of the article.
_UPLOADS = re.compile(r"/(?:sites/default/files|uploaded|uploadfolder)/", re.IGNORECASE)
_THEME = re.compile(r"/(?:themes|app_themes)/", re.IGNORECASE)
_STAYS = re.compile(
    r"^(?:#|javascript:|$)|\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?#])|/(?:uploaded|files)/", re.IGNORECASE
)
_PICTURE_FILE = re.compile(r"^(?:https?:)?//.*\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_SIZE = re.compile(r"/(?:styles/[^/]+/public|[wh]\d{2,4}|\d{2,4}x\d{2,4})/")
# What makes pictures smaller is asked for all of them at one address.
_RESIZED = re.compile(r"(?:^|[&;])(?:url|src|image|img|file|path|u)=([^&;]*(?:/|%2F)[^&;]*)", re.IGNORECASE)
# Between two boxes in one line stood no space: "Toàn cảnh Hà NộiẢnh: TTXVN".
_GLUED = re.compile(r"(?<=[^\s_A-ZĐ(/\[:–-])(?=(?:Ảnh|Photo)\s?:)")
_LONGEST_CAPTION = 450
_LONGEST_LINE = 200
_FIGURE_DEPTH = 8
_SHOWN = frozenset(["tr", "td", "th"])
_FLOATS = re.compile(r"float\s*:\s*(?:left|right)", re.IGNORECASE)


class Pictures:
    """The pictures of one article in page order, each file once."""

    def __init__(self, base: str, links: Links) -> None:
        self.base = base
        self.links = links
        self.images: list[Image] = []
        self._places: dict[str | Element, int] = {}
        # What was printed under the pictures, whole: such a line is no paragraph of the body.
        self.captions: set[str] = set()
        # What stands in each figure.
        self._told: dict[Element, list[str]] = {}
        self._boxes: dict[tuple[Element, re.Pattern[str]], bool] = {}

    def take(self, blocks: Sequence[Block], gone: set[int]) -> set[int]:
        """Read the pictures among *blocks*; return the places of pictures and their captions."""
        taken: set[int] = set()
        # Beside a line that is no text, as "Mời quý độc giả theo dõi VOV.VN trên", stand icons.
        dropped = {blocks[place].element for place in gone if blocks[place].text}
        self._told = defaultdict(list)
        _leave_figures(blocks)
        for block in blocks:
            if block.figure is not None and block.text:
                self._told[block.figure].append(block.text)
        for place, block in enumerate(blocks):
            if block.picture is None:
                if block.figure is not None:
                    taken.add(place)
                continue
            taken.add(place)
            url = _source(block.picture, self.base)
            if place in gone or block.element in dropped or not self._is_article_picture(block, url or ""):
                continue
            caption, places = self._caption(blocks, place, gone)
            taken |= places
            self.add(url, caption, block.picture)
        return taken | {place for place, block in enumerate(blocks) if block.text in self.captions}

    def add(self, url: str | None, printed: str | None, picture: Element | None = None) -> None:
        """Keep a picture once: by its file, or where it has no address by its element."""
        caption, credit = split_credit(printed) if printed else (None, None)
        if printed and not credit and _GLUED.search(printed):
            caption, credit = split_credit(_GLUED.sub(" ", printed))
        if printed:
            self.captions.add(printed)
        if caption and not credit and picture is not None:
            boxes = filter(_is_figure, itertools.islice(picture.iterancestors(), _FIGURE_DEPTH))
            parted = (part_credit(caption, box) for box in boxes)
            caption, credit = next((told for told in parted if told[1]), (caption, None))
        if not url and not caption:
            return
        known = _file(url) if url else picture
        place = len(self.images) if known is None else self._places.setdefault(known, len(self.images))
        if place == len(self.images):
            self.images.append(Image(url=url, caption=caption, credit=credit))
        elif self.images[place].caption is None and self.images[place].credit is None:
            self.images[place] = Image(url=self.images[place].url, caption=caption, credit=credit)

    def _is_article_picture(self, block: Block, url: str) -> bool:
        picture = block.picture
        assert picture is not None
        if any(
            self.links.other(link.href) or (block.figure is None and (_leads_away(link.href) or _is_button(link)))
            for link in block.links
        ):
            return False
        shown = (picture,) if block.figure is None else (picture, block.figure)
        if any(_PORTRAIT.search(held.get("class") or "") for held in shown):
            return False
        name = "" if _UPLOADS.search(url) else url.rpartition("/")[2]
        if _THEME.search(url) or (
            block.figure is None and _DECORATION.search(f"{picture.get('class') or ''} {name}")
        ):
            return False
        return not any(
            (size := picture.get(side) or "").isdigit() and int(size) <= 60 for side in ("width", "height")
        )

    def _caption(self, blocks: Sequence[Block], place: int, gone: set[int]) -> tuple[str | None, set[int]]:
        """Return what stands under the picture and where: in its figure, its attributes, the next block."""
        block = blocks[place]
        if block.figure is not None and block.figure in self._told:
            return clean(" ".join(self._told[block.figure])), set()
        described = _described(block)
        beside = {
            other
            for other in _beside(blocks, place)
            if other not in gone and self._is_caption(blocks[other], block, described)
        }
        beside -= {other for other in beside if other - 1 in beside and not self._goes_on(blocks[other], block)}
        # Behind a paragraph of the text stands no caption, unless a credit makes it one.
        near = {place, *beside, *gone}
        beside = {other for other in beside if other - 1 in near or is_credit_line(blocks[other].text)}
        told = [blocks[other].text for other in sorted(beside)]
        return (" ".join(told) or described), beside

    def _is_caption(self, block: Block, picture: Block, described: str | None) -> bool:
        if len(block.text) > _LONGEST_CAPTION:
            return False
        if block.heading:  # in one of the sixth order the letters are small
            return block.text.endswith(")") and is_lone_caption(block.text)
        if described and (block.text == described or block.text.startswith(described)):
            return True
        return (
            self._same_holder(block, picture)
            or is_marked_caption(block)
            or is_centred_caption(block, picture)
            or self._are_beside(block, picture, _GALLERY)
        )

    def _goes_on(self, block: Block, picture: Block) -> bool:
        """A second line belongs to a caption when it stands in the same box, or is the credit."""
        return self._same_holder(block, picture) or split_credit(block.text)[0] is None

    def _same_holder(self, block: Block, picture: Block) -> bool:
        """In the paragraph or the table of the picture: ``p.Image``, ``table.contentimg``, ``div.story-photo``."""
        holder = picture.element
        if picture.size and block.element is holder:
            return False  # a picture in the middle of a sentence
        if holder.tag in ("p", "center", "td") and block.element is holder:
            return len(block.text) <= 300 and not (_floats(picture.picture) and _is_prose(block))
        return self._are_beside(block, picture, _PICTURE_BOX)

    def _are_beside(self, block: Block, picture: Block, named: re.Pattern[str]) -> bool:
        """Tell whether the two stand in one box for pictures, by its name."""
        around = {block.element, *block.element.iterancestors()}
        boxes = [picture.element, *itertools.islice(picture.element.iterancestors(), 5)]
        return any(outer in around and self._is_box(outer, named) for outer in boxes)

    def _is_box(self, element: Element, named: re.Pattern[str]) -> bool:
        """Ask once for each box: it may hold hundreds of pictures."""
        if (element, named) not in self._boxes:
            self._boxes[element, named] = _is_picture_box(element, named)
        return self._boxes[element, named]


def _is_figure(box: Element) -> bool:
    """Tell whether *box* is a figure or, by its name, one for a picture and its fields, as Drupal has them."""
    return box.tag == "figure" or bool(_PICTURE_BOX.search(box.get("class") or ""))


def beside_pictures(blocks: Sequence[Block], base: str, links: Links) -> list[Block]:
    """Return what *blocks* say beside pictures; what could be a caption is none when nothing else is said."""
    shown = Pictures(base, links).take(blocks, set())
    beside = [block for place, block in enumerate(blocks) if block.text and place not in shown]
    return beside or [block for block in blocks if block.text and block.figure is None]


def _leave_figures(blocks: Sequence[Block]) -> None:
    """Take out of its figure what is text: a table in the place of a picture, all behind one without an end."""
    unclosed: set[Element] = set()
    for block in blocks:
        if (figure := block.figure) is None:
            continue
        is_text = block.heading or (block.tag == "p" and len(block.text) >= SHORTEST_PROSE)
        if is_text and holds(figure, "figcaption") and not is_inside(block.element, "figcaption"):
            unclosed.add(figure)
        if figure in unclosed or _is_shown(block):
            block.figure = None


def _floats(picture: Element | None) -> bool:
    """Tell whether the words of its paragraph run beside *picture*."""
    if picture is None:
        return False
    return picture.get("align") in ("left", "right") or bool(_FLOATS.search(picture.get("style") or ""))


def _is_prose(block: Block) -> bool:
    return is_prose(block.text) and not block.slanted and not is_credit_line(block.text)


def _is_shown(block: Block) -> bool:
    """Tell whether *block* is what its figure shows: a figure may hold a table or a quotation for a picture."""
    if block.figure is None or is_inside(block.element, "figcaption") or holds(block.figure, "img"):
        return False
    return block.tag in _SHOWN or quotation(block.element) is not None


def _beside(blocks: Sequence[Block], place: int) -> Iterable[int]:
    """The next block that says something, unless another picture comes first; a caption in two lines has two."""
    for other in range(place + 1, min(place + 3, len(blocks))):
        figure = blocks[other].figure
        if blocks[other].picture is not None:
            return
        if figure is not None and figure is not blocks[place].figure and holds(figure, "img"):
            return  # it is told of the picture below it
        yield other


def _is_picture_box(element: Element, named: re.Pattern[str]) -> bool:
    if element.tag == "table":
        if short_text(element, _LONGEST_CAPTION) is None:
            return False
        cells = [cell for cell in element.iter("td", "th") if whole_text(cell).strip()]
        above = itertools.takewhile(lambda inner: inner.tag != "img", element.iter())
        if any((inner.text or "").strip() for inner in above):
            return False  # a text may stand in a table
        return len(cells) <= 1 or "contentimg" in (element.get("class") or "")
    if element.tag not in ("p", "div", "span"):
        return False
    if not named.search(element.get("class") or ""):
        return element.tag == "div" and _is_picture_and_line(element)
    # A box that was not closed holds the rest of the text, too.
    pictures = sum(1 for _ in element.iter("img"))
    return short_text(element, _LONGEST_CAPTION * max(1, pictures)) is not None


def _is_picture_and_line(box: Element) -> bool:
    """Tell whether *box* holds one picture, a line that is no sentence, and nothing else: whatever its name."""
    if sum(1 for _ in itertools.islice(box.iter("img"), 2)) != 1:
        return False
    told = short_text(box, _LONGEST_LINE)
    if not told or told.rstrip("\u200b\u00a0 \n").endswith((".", "!", "?", "…", ":")):
        return False
    held = [
        element for element in box.iterdescendants("*") if element.tag == "img" or (element.text or "").strip()
    ]
    return len(held) == 2 and held[0].tag == "img" and told.strip() == whole_text(held[1]).strip()


_PICTURE_BOX = re.compile(
    r"(?:^|[\s_-])(?:story-photo|photo|image|img|picture|wp-caption|pic)(?:$|[\s_-])", re.IGNORECASE
)
# In a gallery the line below each picture is its caption.
_GALLERY = re.compile(r"(?:^|\s)(?:gallery-embed|(?:slick|swiper)-slide|carousel-item)(?:$|\s)", re.IGNORECASE)


def _described(block: Block) -> str | None:
    picture = block.picture
    assert picture is not None
    for name in _DESCRIPTIONS:
        if told := clean(picture.get(name) or ""):
            return told
    for outer in _near(picture):
        for name in _EMBED_DESCRIPTIONS:
            if told := clean(outer.get(name) or ""):
                return told
    return None


def _near(picture: Element) -> Iterable[Element]:
    """Drupal writes the caption on the box of the embedded entity, too."""
    for depth, outer in enumerate(picture.iterancestors()):
        if depth > 5 or outer.tag in ("body", "p"):
            return
        if outer.get("data-entity-type") or outer.get("data-entity-uuid") or outer.tag == "a":
            yield outer


def _file(url: str) -> str:
    """Return what is the same in the addresses of all sizes of a picture.

    >>> _file("https://media.vov.vn/sites/default/files/styles/large/public/2025-12/a.jpg?itok=x")
    'https://media.vov.vn/sites/default/files/2025-12/a.jpg'
    >>> _file("https://vov.vn/_next/image?url=%2Ffiles%2Fa.jpg&w=640&q=75")
    '/files/a.jpg'
    """
    path, _, query = url.partition("?")
    resized = _RESIZED.search(query) if query else None
    return _SIZE.sub("/", unquote(resized[1]) if resized else path)


def _leads_away(href: str) -> bool:
    """A picture that is a link to a page is a button or an advertisement, one that links to a file is enlarged."""
    return not _STAYS.search(href)


def is_decoration(picture: Element) -> bool:
    """Tell whether *picture* is one of the theme, or a button that leads to another page."""
    shown = next((told for told in _sources(picture) if told and not _PLACEHOLDER.search(told)), "")
    if _THEME.search(shown):
        return True
    leads_away = any(_leads_away(a.get("href") or "") for a in picture.iterancestors("a"))
    return leads_away and not is_inside(picture, "figure")


def _is_button(link: Link) -> bool:
    """A picture beside words, both linked to nowhere, is that of a button: "Bản in"."""
    return link.href.startswith(("#", "javascript:")) and any(map(str.isalnum, whole_text(link.element)))


def _source(picture: Element, base: str) -> str | None:
    for told in _sources(picture):
        if told and not _PLACEHOLDER.search(told):
            return urls.join(base, told)
    linked = (a.get("href") or "" for a in picture.iterancestors("a"))
    if file := next((urls.join(base, told) for told in linked if _PICTURE_FILE.search(told)), None):
        return file
    plain = picture.getnext()  # what a script would put there
    shown = next(plain.iter("img"), None) if plain is not None and plain.tag == "noscript" else None
    return _source(shown, base) if shown is not None else None


def _sources(picture: Element) -> Iterable[str]:
    for name in (*_LAZY, "src"):
        yield (picture.get(name) or "").strip()
    around = [picture]
    for outer in itertools.islice(picture.iterancestors("picture"), 1):
        around += outer.iter("source")
    for element in around:
        for name in _SETS:
            yield _largest(element.get(name) or "")


def _largest(srcset: str) -> str:
    """Return the file with the highest width or density of a ``srcset``.

    >>> _largest("/a.jpg 480w, /b.jpg 960w")
    '/b.jpg'
    """
    candidates = [part.split() for part in re.split(r",\s+", srcset.strip()) if part.strip()]
    sized = [
        (float(parts[1][:-1]) if len(parts) > 1 and re.fullmatch(r"[\d.]+[wx]", parts[1]) else 1.0, parts[0])
        for parts in candidates
    ]
    return max(sized, key=lambda pair: pair[0])[1].rstrip(",") if sized else ""

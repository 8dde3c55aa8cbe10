"""Audio and video of an article: players, sources, embeds; the live radio in the frame of the page is none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from urllib.parse import parse_qs

from vovcrawler import urls
from vovcrawler.items import Media
from vovcrawler.pages.blocks import HEADINGS
from vovcrawler.pages.document import Document, Element, holds, short_text
from vovcrawler.pages.furniture import LONGEST_CARD, Links, is_advertisement
from vovcrawler.pages.place import leads_home
from vovcrawler.pages.structured import AUDIO

_VIDEO = re.compile(r"\.(?:mp4|m4v|webm|mov|flv|m3u8|mpd|ogv|avi|wmv)(?:$|[?#])", re.IGNORECASE)
_PLAYER = re.compile(r"video|audio|player|podcast|media|mp3|sound", re.IGNORECASE)
_AUDIO_PLAYER = re.compile(r"audio|podcast|mp3|sound", re.IGNORECASE)
_EMBEDS = re.compile(
    r"^(?:https?:)?//(?:www\.)?(?:youtube(?:-nocookie)?\.com/(?:embed|v)/|player\.vimeo\.com/video/"
    r"|(?:geo\.)?dailymotion\.com/(?:embed|player)|player\.vovmedia\.vn/"
    r"|facebook\.com/plugins/video\.php\?|tiktok\.com/(?:embed|player)/)",
    re.IGNORECASE,
)
# Where a recording is watched: Drupal and CKEditor hand that to a frame, or a box, of their own.
_WATCHED = re.compile(
    r"^(?:https?:)?//(?:(?:www\.|m\.)?youtube\.com/(?:watch\?|shorts/|live/)|youtu\.be/|(?:www\.)?vimeo\.com/\d"
    r"|(?:www\.)?dailymotion\.com/video/|dai\.ly/)",
    re.IGNORECASE,
)
# Under these names Drupal links to the file of a recording in a field.
_DRUPAL_FILES = ("file--audio", "file--video")
# What a script makes a player of, and the attribute that names the recording.
_POSTS = {"fb-video": "data-href", "tiktok-embed": "cite"}
_FILE = re.compile(r"(?:^|[&?])(?:file|url|mp3|src)=([^&]+)", re.IGNORECASE)
_BOXES = 3
# So many links has a trail of sections.
_MOST_LINKS = 5
_FILES = (".mp3", ".m4a", ".wma", ".flv", ".wmv", ".mp4")
_SLOTS = ("data-url", "data-video-src", "data-audio-src", "data-file", "data-video", "data-audio", "data-mp3")
_NAMES = ("data-url", "data-src", *_SLOTS[1:])


def media_in(
    document: Document,
    links: Links,
    is_outside: Callable[[Element], bool],
    texts: Iterable[Element],
    article: Sequence[Element | None],
) -> list[Media]:
    """Return the recordings of the article in page order, each address once; links in *texts* count, too.

    What is known of the *article* is its headline and where its text stands.
    """
    found: dict[str, Media] = {}
    players = list(_players(document, texts))
    near = _stretch(document, [part for part in article if part is not None]) if players else range(0)
    for element in players:
        for kind, told in _addresses(element):
            url = urls.join(links.base, told)
            if not url or url in found or is_outside(element) or _is_sold(element) or _is_listed(element, links):
                continue
            if document.order[element] in near:
                found[url] = Media(kind=kind, url=url)
    return list(found.values())


def _is_sold(player: Element) -> bool:
    """Tell whether *player* is, or stands right in, a box for an advertisement."""
    return any(map(is_advertisement, (player, *itertools.islice(player.iterancestors(), _BOXES))))


def _is_listed(player: Element, links: Links) -> bool:
    """Tell whether *player* is a short item of a list, or stands in one, that leads to another article."""
    for item in [player, *itertools.islice(player.iterancestors("li"), 1)]:
        if any(links.other(a.get("href") or "") for a in item.iter("a")):
            return short_text(item, LONGEST_CARD) is not None
    return False


def _stretch(document: Document, article: Sequence[Element]) -> range:
    """Return the places of elements that are not beyond the header of the site, or a heading behind the text."""
    elements = document.elements
    if not article:
        return range(len(elements))
    around = set.intersection(*({part, *part.iterancestors()} for part in article))
    start, end = document.span(
        next(outer for outer in [article[0], *article[0].iterancestors()] if outer in around)
    )
    behind = _as_far(elements[end:], HEADINGS) if len(article) > 1 else len(elements) - end
    return range(start - _as_far(reversed(elements[:start])), end + behind + 1)


def _as_far(elements: Iterable[Element], ends: Collection[str] = ()) -> int:
    """Return how many of *elements* come before a logo, a menu (many links, or none left) or one of *ends*."""
    links = number = 0
    for held in elements:
        links += held.tag == "a"
        is_menu = held.tag == "header" or (held.tag in ("nav", "ul") and not len(held)) or links > _MOST_LINKS
        if is_menu or held.tag in ends or (held.tag == "a" and leads_home(held) and holds(held, "img")):
            break
        number += 1
    return number


def holds_player(box: Element) -> bool:
    """Tell whether *box* holds a recording: then it is no place where a text is missing."""
    return any(held.tag in ("audio", "video") or _may_play(held) for held in box.iter("*"))


def _may_play(element: Element) -> bool:
    """Tell whether *element* is a frame or a slot for a recording: advertisements stand in frames, too."""
    is_slot = element.tag == "iframe" or element.get("data-url") is not None
    return is_slot and next(_addresses(element), None) is not None


def _players(document: Document, texts: Iterable[Element]) -> list[Element]:
    """Elements that may play something, in page order."""
    held = list(document.root.iter("video", "audio", "source", "iframe", "embed", "oembed", "lite-youtube"))
    posts = [post for word in _POSTS for post in document.with_word(word)]
    files = [a for word in _DRUPAL_FILES for file in document.with_word(word) for a in file.iter("a")]
    slots = [*document.having(*_SLOTS), *posts, *files]
    if slots:
        return sorted({*held, *slots}, key=document.order.__getitem__)
    return held or _linked(texts)


def _linked(texts: Iterable[Element]) -> list[Element]:
    """Links to the file of a recording, which the oldest pages have in the place of a player."""
    return [a for text in texts for a in text.iter("a") if a.get("href", "").endswith(_FILES)]


def _addresses(element: Element) -> Iterator[tuple[str, str]]:
    """Kind and address of what *element* plays."""
    if element.tag in ("iframe", "oembed", "lite-youtube"):
        yield from (
            ("video", source) for source in _framed(element) if _EMBEDS.match(source) or _WATCHED.match(source)
        )
        return
    if element.tag == "a":
        yield _kind(element.get("href") or "", "video"), element.get("href") or ""
        return
    if element.tag == "embed":
        yield from _embedded(element)
        return
    if element.tag == "source":
        player = next(element.iterancestors("audio", "video"), None)
        if player is not None and (told := element.get("src") or element.get("data-src")):
            yield _kind(told, element.get("type") or player.tag), told
        return
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    for word, name in _POSTS.items():
        if word in named and (told := element.get(name)):
            yield "video", told
    is_tag = element.tag in ("audio", "video")
    for name in ("src", *_NAMES) if is_tag else _NAMES:
        told = (element.get(name) or "").strip()
        if (
            told
            and not told.startswith(("data:", "blob:"))
            and (
                is_tag
                or AUDIO.search(told)
                or _VIDEO.search(told)
                or (name == "data-url" and _PLAYER.search(named))
            )
        ):
            yield _kind(told, element.tag if is_tag else named), told


def _framed(element: Element) -> Iterator[str]:
    """What *element* shows in a frame: the address itself, or the one that a page of Drupal is asked to embed."""
    if element.tag == "lite-youtube":
        yield f"https://www.youtube.com/embed/{element.get('videoid') or ''}"
    for name in ("url",) if element.tag == "oembed" else ("src", "data-src"):
        told = element.get(name) or ""
        _, is_asked, query = told.partition("/media/oembed?")
        yield from parse_qs(query).get("url", []) if is_asked else [told]


def _embedded(element: Element) -> Iterator[tuple[str, str]]:
    """What a plug-in plays: the file itself, or one that the player is told."""
    told = [element.get("src") or "", *_FILE.findall(element.get("flashvars") or "")]
    for address in told:
        if AUDIO.search(address) or _VIDEO.search(address) or _EMBEDS.match(address):
            yield _kind(address, "video"), address


def _kind(address: str, hint: str) -> str:
    if AUDIO.search(address):
        return "audio"
    if _VIDEO.search(address):
        return "video"
    return "audio" if _AUDIO_PLAYER.search(hint) and "video" not in hint else "video"

"""What a page says of itself for machines: JSON-LD of any shape, Open Graph and other meta tags.

The second layer of reading: the fields of a layout under the same names, each ``None`` or empty when absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

from vovcrawler import dates, text, urls
from vovcrawler.items import Image, Media
from vovcrawler.pages.document import Document, whole_text

Json: TypeAlias = Any  # whatever json.loads gives

_WRAPPING = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
# Control characters in strings are a common fault.
_JSON = json.JSONDecoder(strict=False)
_MOST_NODES = 5_000
_ARTICLE = re.compile(
    r"(?:^|[/#:])(?:\w*Article|\w*NewsArticle|BlogPosting|Report|LiveBlogPosting|PodcastEpisode)$"
)
# Below these keys stand other things than the page's own article.
_OTHER = frozenset(
    {"itemListElement", "relatedLink", "related", "isRelatedTo", "mentions", "citation"}
    | {"hasPart", "publisher", "isPartOf", "comment", "review", "about"}
)
_SITE_NAMES = re.compile(
    r"(?:bao (?:dien tu )?)?(?:vov|vov ?\.? ?vn|vov online|vovworld|dai tieng noi viet nam|voice of vietnam)"
    r"(?: *(?:-(?P<more>.*)|\|.*))?",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3
# Under whose name a system publishes what has no other.
_ACCOUNTS = frozenset(["admin", "administrator", "editor", "root", "webmaster"])
# "Báo điện tử VOV", "Trang thông tin điện tử", and behind it what every news site says of itself.
_SLOGAN = re.compile(
    r"(?:vov(?:\.vn)?\W+)?(?:bao dien tu|trang (?:tin|thong tin)|kenh thong tin|doc bao|tin tuc\W)"
    r".*\b(?:cap nhat|tin tuc|nhanh nhat|moi nhat|24h|24/7|trong nuoc va (?:quoc te|the gioi))\b"
)
HOME = frozenset(("trang chu", "home", "vov", "vov.vn", "vov online", "trang nhat", "homepage", "»", ">", "/"))
_TITLE_END = re.compile(
    r"\s*[|–—-]\s*(?:Báo điện tử\s+)?(?:VOV(?:\.VN)?|Báo điện tử VOV|VOV Online|VOVWORLD|VOV World)"
    r"(?:\s*[|–—-].*)?\s*$",
    re.IGNORECASE,
)
_SITE_PICTURE = re.compile(
    r"logo|default[-_]?(?:image|img|thumb\w*|og|share)|/default\.|/themes/|no-?image|placeholder|favicon|avatar",
    re.IGNORECASE,
)
AUDIO = re.compile(r"\.(?:mp3|m4a|aac|wav|ogg|oga|opus|flac|wma)(?:$|[?#])", re.IGNORECASE)


def is_site_name(told: str, *, is_headline: bool = False) -> bool:
    """Tell whether *told* names the site or the radio, where a page should name itself or a person.

    What the layout says *is_headline* may say something of it behind the name.

    >>> is_site_name("VOV.VN"), is_site_name("Báo điện tử VOV - Tin nhanh"), is_site_name("VOV tròn 80 tuổi")
    (True, True, False)
    >>> is_site_name("VOV - 80 năm lên sóng", is_headline=True), is_site_name("VOV - Tin nhanh", is_headline=True)
    (False, True)
    """
    named = _SITE_NAMES.fullmatch(text.fold(told))
    if named is None or not is_headline or len((named["more"] or "").split()) < _FEWEST_WORDS:
        return named is not None
    return is_site_slogan(told)


def is_site_slogan(told: str) -> bool:
    """Tell whether the description *told* speaks of the site: pages have it that have none of their own.

    >>> is_site_slogan("Báo điện tử VOV - Tiếng nói Việt Nam, cập nhật tin tức nhanh nhất trong ngày")
    True
    >>> is_site_slogan("VOV.VN - Báo điện tử VOV vừa giành hai giải báo chí toàn quốc.")
    False
    """
    return _SLOGAN.match(text.fold(text.split_outlet(told)[1])) is not None


class StructuredData:
    """The JSON-LD and meta tags of one page."""

    def __init__(self, document: Document, base: str) -> None:
        self.document = document
        self.base = base

    @cached_property
    def nodes(self) -> list[dict[str, Json]]:
        """Every object of the JSON-LD that may describe this page, outermost first."""
        found: list[dict[str, Json]] = []
        for script in self.document.tags("script"):
            if "ld+json" in (script.get("type") or "").lower():
                found += _objects(_load(whole_text(script)))
        return found

    @cached_property
    def article(self) -> dict[str, Json]:
        """The object that is an article; of several the one with most to say."""
        articles = [node for node in self.nodes if any(map(_ARTICLE.search, _types(node)))]
        return max(articles, key=len, default={})

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """The contents of meta tags by lower-case name, property or itemprop."""
        found: dict[str, list[str]] = {}
        for tag in self.document.tags("meta"):
            content = text.clean(tag.get("content") or "")
            name = tag.get("property") or tag.get("name") or tag.get("itemprop")
            if name and content:
                found.setdefault(name.strip().lower().removeprefix("schema:"), []).append(content)
        return found

    @property
    def is_article(self) -> bool:
        """Tell whether the page calls itself an article."""
        return self.is_dated or "article" in self._meta("og:type")

    @property
    def is_dated(self) -> bool:
        """Tell whether it says so of this very page: some sites call all their pages ``og:type`` article."""
        return bool(self.article) or bool(self._meta("article:published_time"))

    @property
    def headline(self) -> str | None:
        told = _string(self.article.get("headline")) or self._meta(
            "og:title", "title", "twitter:title", "dc.title"
        )
        if not told:
            told = next((text.clean(whole_text(title)) for title in self.document.tags("title")), "")
        told = _TITLE_END.sub("", told).strip()
        return None if is_site_name(told) else told or None

    @property
    def lead(self) -> str | None:
        told = _string(self.article.get("description"))
        told = told or self._meta("description", "og:description", "twitter:description", "dc.description")
        return None if not told or is_site_slogan(told) else told

    @property
    def body(self) -> list[str]:
        told = self.article.get("articleBody")
        if not isinstance(told, str):
            return []
        return [line for line in map(text.clean, re.split(r"<br\s*/?>|</p>|[\r\n]+", told)) if line]

    @property
    def byline(self) -> str | None:
        told = ([*self._authors()], self._all("author", "article:author", "dc.creator"))
        for names in told:
            persons = [
                name
                for name in names
                if "://" not in name and not (is_site_name(name) or name.lower() in _ACCOUNTS)
            ]
            if persons:
                return ", ".join(dict.fromkeys(persons))
        return None

    def _authors(self) -> Iterator[str]:
        for author in _listed(self.article.get("author")):
            if isinstance(author, dict) and "Organization" in "".join(_types(author)):
                continue
            if name := _string(author.get("name") if isinstance(author, dict) else author):
                yield name

    @property
    def published_at(self) -> str | None:
        return self._date(
            [self.article.get("datePublished"), self.article.get("dateCreated")],
            [
                "article:published_time",
                "og:article:published_time",
                "datepublished",
                "pubdate",
                "publishdate",
                "publish-date",
                "date",
                "dc.date",
                "dc.date.issued",
                "dcterms.created",
                "dcterms.date",
                "og:published_time",
            ],
        )

    @property
    def modified_at(self) -> str | None:
        return self._date(
            [self.article.get("dateModified")],
            ["article:modified_time", "og:updated_time", "datemodified", "last-modified", "dc.date.modified"],
        )

    def _date(self, values: Iterable[Json], names: Iterable[str]) -> str | None:
        told = [_string(value) for value in values] + [
            content for name in names for content in self.meta.get(name, ())
        ]
        return next((dates.iso(moment) for line in told if line and (moment := dates.parse(line))), None)

    def section_of(self, headline: str | None) -> list[str]:
        """The trail of sections, without the article itself, whichever of its headlines it ends with."""
        crumbs = next((node for node in self.nodes if "BreadcrumbList" in "".join(_types(node))), {})
        found = [name for item in _in_order(crumbs.get("itemListElement")) if (name := _crumb(item))]
        found = [name for name in found if text.fold(name) not in HOME and name not in (headline, self.headline)]
        if not found:
            found = [name for value in _listed(self.article.get("articleSection")) if (name := _string(value))]
        return list(dict.fromkeys(found or self._all("article:section", "articlesection")))

    @property
    def tags(self) -> list[str]:
        told = [name for value in _listed(self.article.get("keywords")) if (name := _string(value))]
        told = told or self.meta.get("article:tag") or self._all("keywords", "news_keywords")
        return list(dict.fromkeys(tag for line in told for tag in map(text.clean, re.split(r"[,;]", line)) if tag))

    @property
    def images(self) -> list[Image]:
        found: dict[str, Image] = {}
        for value in _listed(self.article.get("image")) or [
            self._meta("og:image", "og:image:url", "twitter:image")
        ]:
            url = _string(
                value.get("url") or value.get("contentUrl") or value.get("@id")
                if isinstance(value, dict)
                else value
            )
            address = urls.join(self.base, url) if url else None
            if not address or _SITE_PICTURE.search(address):
                continue
            told = _string(value.get("caption") or value.get("description")) if isinstance(value, dict) else None
            caption, credit = text.split_credit(told) if told else (None, None)
            found.setdefault(address, Image(url=address, caption=caption, credit=credit))
        return list(found.values())

    @property
    def media(self) -> list[Media]:
        found: dict[str, Media] = {}
        for node in self.nodes:
            kind = next((kind for kind in ("Video", "Audio") if f"{kind}Object" in "".join(_types(node))), None)
            told = _string(node.get("contentUrl") or node.get("embedUrl")) if kind else None
            if kind and told and (url := urls.join(self.base, told)):
                found.setdefault(url, Media(kind=kind.lower(), url=url))
        for kind in ("video", "audio"):
            for told in self._all(f"og:{kind}", f"og:{kind}:url", f"og:{kind}:secure_url"):
                if url := urls.join(self.base, told):
                    found.setdefault(url, Media(kind="audio" if AUDIO.search(url) else kind, url=url))
        return list(found.values())

    @property
    def language(self) -> str | None:
        return (
            _string(self.article.get("inLanguage"))
            or self._meta("og:locale", "content-language", "language")
            or None
        )

    def _meta(self, *names: str) -> str:
        return next((self.meta[name][0] for name in names if name in self.meta), "")

    def _all(self, *names: str) -> list[str]:
        return next((self.meta[name] for name in names if name in self.meta), [])


def _load(script: str) -> Json:
    """Return what a JSON-LD script holds, or nothing when it is broken beyond comments and trailing commas."""
    for attempt in _attempts(script.strip().lstrip("\ufeff")):
        try:
            return _JSON.decode(attempt)
        except (ValueError, RecursionError):
            continue
    return None


def _attempts(script: str) -> Iterator[str]:
    yield script
    bare = _WRAPPING.sub("", script)
    yield (bare := _WRAPPING.sub("", bare).strip().rstrip(";"))
    yield _TRAILING_COMMA.sub("", bare)


def _objects(value: Json) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = []
    waiting = [value]
    while waiting and len(found) < _MOST_NODES:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node[:_MOST_NODES]
        elif isinstance(node, dict):
            found.append(node)
            waiting += [held for key, held in node.items() if key not in _OTHER and isinstance(held, (dict, list))]
    return found


def _types(node: dict[str, Json]) -> list[str]:
    return [name for name in _listed(node.get("@type")) if isinstance(name, str)]


def _listed(value: Json) -> list[Json]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _string(value: Json) -> str | None:
    if isinstance(value, list):
        value = next((held for held in value if isinstance(held, (str, dict))), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("url")
    return text.clean(value) or None if isinstance(value, str) else None


def _in_order(items: Json) -> list[Json]:
    def position(item: Json) -> float:
        told = item.get("position") if isinstance(item, dict) else None
        return float(told) if isinstance(told, (int, float)) or (isinstance(told, str) and told.isdigit()) else 0.0

    return sorted(_listed(items), key=position)


def _crumb(item: Json) -> str | None:
    if not isinstance(item, dict):
        return _string(item)
    held = item.get("item")
    return _string(item.get("name")) or _string(held.get("name") if isinstance(held, dict) else None)

"""Addresses of VOV: what stands behind a URL, and the one way in which it is written.

Everything is told from the URL alone; what an article of before 2022 is laid out like only its HTML tells.
Nothing here raises on a string: what cannot be read is an address of the kind ``other``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast
from urllib.parse import urljoin, urlsplit

Kind = Literal[
    "article",
    "tag",
    "author",
    "section",
    "latest",
    "feed",
    "sitemap",
    "media",
    "search",
    "api",
    "service",
    "outlet",
    "other",
]
Era = Literal["drupal", "legacy", "webforms"]

ALLOWED_HOSTS = frozenset({"vov.vn", "www.vov.vn", "m.vov.vn", "baoxuan.vov.vn"})

# Every other host of the broadcaster; those whose addresses are known look like one of these.
_VOV = re.compile(
    r"(?:.+\.)?(?:vov\.vn|vov\.gov\.vn|vovworld\.vn|vovnews\.vn|vovgiaothong\.vn|vovlive\.vn|vovtv\.vn)"
)
_KNOWN = re.compile(r"english\.vov\.vn|vov[1-6]\.vov\.vn|(?:www\.|m\.)?(?:vovworld|vovnews)\.vn")
_MEDIA_HOSTS = frozenset({"media.vov.vn", "images.vov.vn"})
_API_HOSTS = frozenset({"vov-api.vov.vn"})

_LISTS = frozenset({"tag", "author", "section", "latest"})
_ARTICLE = re.compile(
    r".*/(?:(?:[^/]*-)?post(?P<drupal>\d+)|[^/]+-(?P<legacy>\d{5,8}))\.vov[24]?"
    r"|/[^/]+(?:/[^/]+)+?(?:/\d{5,6})?/(?P<webforms>\d{5,8})\.vov",
    re.IGNORECASE,
)
# An article of a channel: "vov1.vov.gov.vn/thoi-su-18h/…-c14-126305.aspx", where a list ends "-c14-p2.aspx".
_OF_CHANNEL = re.compile(r"vov[1-6]\.vov\.gov\.vn/.+-c\d+-\d{5,8}\.aspx", re.IGNORECASE)
# One of VOV Giao thông: "vovgiaothong.vn/newsaudio/…-d40101.html".
_OF_TRAFFIC = re.compile(r"(?:www\.)?vovgiaothong\.vn/[^/]+/(?:[^/]+/)*[^/]+-d\d{3,8}\.html")
_LANGUAGE = r"(?:/[a-z]{2}(?:-[a-z]{2})?)?"
_FORMS: dict[Kind, str] = {
    "sitemap": r"/sitemaps?(?:/.*|[^/]*)\.xml(?:\.gz)?",
    "feed": r".*\.rss|/(?:rss|feed)/.+|/Rss/RssCategoryExport|/rss\.xml",
    "media": r"/sites/default/files/.+"
    r"|.*\.(?:jpe?g|png|gif|webp|avif|svg|bmp|mp3|m4a|aac|wav|ogg|mp4|m4v|webm|mov|flv|m3u8|pdf)",
    "api": r"/(?:json)?api/.*",
    "search": rf"{_LANGUAGE}/(?:search|tim-kiem)(?:/.*)?(?:\.vov)?",
    "service": r"/(?:ads|services|user|admin|node|core|cdn-cgi|batch|comment|form|print)(?:/.*)?"
    r"|/robots\.txt|/rss|.*\.(?:aspx|ashx|php)",
    "tag": rf"{_LANGUAGE}/(?:tu-khoa|tags?)/[^/]+|(?:/[^/]++)+/tags-.+\.vov",
    "author": rf"{_LANGUAGE}/(?:tac-gia|authors?)/[^/]+",
    "latest": r"/tin-moi-cap-nhat",
    "section": r"/|(?:/[\w%-]++){1,3}|/[a-z]{2}-[a-z]{2}(?:/[^/]+(?:/\d{1,4})?)?\.vov",
}
_FORM = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _FORMS.items()), re.IGNORECASE)
_NO_LIST = re.compile(r"-post\d+$|-\d{6,8}$", re.IGNORECASE)
# What a paste or a careless template leaves behind ".vov": parameters, punctuation, a slash.
_TRAILER = re.compile(r"(?:(?<=\.vov)|(?<=\.vov[24]))(?:/+|(?:[;&,.!)'\"*:]|%[0-9A-F]{2}).*)$", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|zarsrc|mc_[ce]id|_ga|ref_src)(?:=|$)", re.IGNORECASE
)

_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*|\[[0-9a-f:.]+\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]")
_SPECIAL = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/?-]")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# What nearly all addresses look like; unless "/." stands in them they are the one form of themselves.
_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_ROOTED = re.compile(r"(/(?!/)[\w.~!$&'()*+,=:@/-]*)(?:\?([\w.~!$&'()*+,=:@/?-]+))?", re.ASCII)
_PLAIN = re.compile(rf"(https?)://({_LABEL}(?:\.{_LABEL})+){_ROOTED.pattern}", re.ASCII)
_SLASHES = re.compile(r"/{2,}")
_USUAL_PORTS = frozenset({"", "80", "443"})
_LONGEST_REMEMBERED = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A URL that has been read: ``url`` is its canonical form, ``id`` is given for articles only."""

    url: str
    kind: Kind
    era: Era | None = None
    id: str | None = None
    host: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    scheme: str
    host: str
    port: str
    path: str
    query: str


def classify(url: str) -> Address:
    """Return what *url* is: its canonical form, kind, era and record id.

    >>> address = classify("http://m.vov.vn/xa-hoi/don-tet-post1076232.vov?utm_source=zalo")
    >>> address.url, address.kind, address.era, address.id
    ('https://vov.vn/xa-hoi/don-tet-post1076232.vov', 'article', 'drupal', 'vov.vn/post1076232')
    >>> classify("javascript:void(0)").kind
    'other'
    """
    return _remembered(url) if len(url) <= _LONGEST_REMEMBERED else _classify(url)


def _classify(url: str) -> Address:
    parts = _split(url)
    if parts is None:
        return Address(url=url.strip().encode("utf-8", "replace").decode(), kind="other")
    if not _VOV.fullmatch(parts.host):
        return Address(url=_join(parts), kind="other", host=parts.host)
    outlet = parts.host not in ALLOWED_HOSTS
    host = parts.host if outlet else "vov.vn"
    port = "" if parts.port in _USUAL_PORTS else parts.port
    path = _tidy(parts.path).rstrip("/") or "/"
    kind, era, post = _kind(host, path, outlet)
    place, query = f"{host}{port and f':{port}'}", _query(kind, parts.query)
    whole = f"https://{place}{path}{query and f'?{query}'}"
    record = f"{place}{f'/post{post}' if post else path}" if kind == "article" else None
    return Address(url=whole, kind=kind, era=era, id=record, host=host)


_remembered = lru_cache(maxsize=4096)(_classify)


def _tidy(path: str) -> str:
    """Return *path* without doubled slashes, and without what a paste has left behind its end."""
    if "//" in path:
        path = _SLASHES.sub("/", path)
    # As nearly all are: nothing stands behind the only dot but the name of a kind.
    return path if path.find(".") in (-1, len(path) - len(".vov")) else _TRAILER.sub("", path)


def canonical(url: str) -> str:
    """Return the one form of *url*: https, vov.vn for its mirrors, no fragment, no query but one that matters.

    >>> canonical("http://baoxuan.vov.vn./tu-khoa/syria-tag18251?page=160&utm_medium=x#top")
    'https://vov.vn/tu-khoa/syria-tag18251?page=160'
    """
    return classify(url).url


def record_id(url: str) -> str:
    """Return the identity of what is at *url*: by its post number, else host and path of the canonical form.

    >>> record_id("https://vov.vn/the-gioi/slug-post1018244.vov")
    'vov.vn/post1018244'
    >>> record_id("http://www.vov.vn/the-gioi/slug-882872.vov")
    'vov.vn/the-gioi/slug-882872.vov'
    """
    address = classify(url)
    return address.id or address.url.partition("://")[2].partition("?")[0] or address.url


def is_allowed(url: str) -> bool:
    """Tell whether *url* may be requested: http(s), vov.vn or a mirror of it, the usual port.

    >>> [is_allowed(f"https://{host}/") for host in ("vov.vn", "m.vov.vn.", "vov.vn.example", "english.vov.vn")]
    [True, True, False, False]
    """
    parts = _split(url)
    return parts is not None and parts.host in ALLOWED_HOSTS and parts.port in _USUAL_PORTS


def is_article(url: str) -> bool:
    """Tell whether *url* is an article of any outlet of VOV.

    >>> is_article("https://vov.vn/the-gioi/slug-882872.vov"), is_article("https://vov.vn/the-gioi")
    (True, False)
    """
    return classify(url).kind == "article"


def join(base: str | None, href: str) -> str | None:
    """Return the absolute http(s) URL that *href* means on the page *base*, ``None`` when it means none.

    >>> join("https://vov.vn/the-gioi", "/xa-hoi/đón tết-post1.vov#binh-luan")
    'https://vov.vn/xa-hoi/%C4%91%C3%B3n%20t%E1%BA%BFt-post1.vov'
    >>> join("https://vov.vn/", "javascript:void(0)"), join("https://vov.vn/", "http://[::1")
    (None, None)
    """
    if "/." not in href:
        if _PLAIN.fullmatch(href):
            return href
        if _ROOTED.fullmatch(href) and base and (root := _root(base[: base.find("/", 8) + 1] or base)):
            return root + href
    target = _CONTROL.sub("", href).strip()
    if not target or target.startswith("#"):
        return None
    try:
        absolute = urljoin(_CONTROL.sub("", base or "").strip(), _slashes(target))
    except ValueError:
        return None
    parts = _split(absolute)
    return _join(parts) if parts else None


@lru_cache(maxsize=16)
def _root(base: str) -> str | None:
    parts = _split(base)
    return _origin(parts) if parts else None


def _slashes(url: str) -> str:
    """Read backslashes as browsers do: "https://evil.example\\@vov.vn" is not vov.vn."""
    head, mark, rest = url.partition("?")
    return head.replace("\\", "/") + mark + rest


def _split(url: str) -> _Parts | None:
    """The parts of an http(s) URL with a usable host, or ``None``."""
    if (plain := _PLAIN.fullmatch(url)) and "/." not in url:
        return _Parts(scheme=plain[1], host=plain[2], port="", path=plain[3], query=plain[4] or "")
    text = _slashes(_CONTROL.sub("", url).strip())
    try:
        split = urlsplit(f"https:{text}" if text.startswith("//") else text)
        port = split.port
        host = (split.hostname or "").removesuffix(".")
        if not host.isascii():
            host = host.encode("idna").decode("ascii").lower()
    except ValueError:
        return None
    if ":" in host:
        host = f"[{host}]"
    if split.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    return _Parts(
        scheme=split.scheme,
        host=host,
        port="" if port in {None, 80 if split.scheme == "http" else 443} else str(port),
        path=_dots(_quote(split.path)) or "/",
        query=_quote(split.query),
    )


def _join(parts: _Parts) -> str:
    return f"{_origin(parts)}{parts.path}{parts.query and f'?{parts.query}'}"


def _origin(parts: _Parts) -> str:
    return f"{parts.scheme}://{parts.host}{parts.port and f':{parts.port}'}"


def _quote(text: str) -> str:
    """Escape what a URL cannot hold, and nothing that it can: raw and escaped Vietnamese become one form."""

    if not _SPECIAL.search(text):
        return text

    def tidy(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if _UNRESERVED.fullmatch(char) else match[0].upper()

    def escape(match: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))

    return _ESCAPE.sub(tidy, _UNSAFE.sub(escape, text))


def _dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _kind(host: str, path: str, outlet: bool) -> tuple[Kind, Era | None, str | None]:
    """Kind, era and post number of what is at *path*, a path of VOV."""
    if host in _MEDIA_HOSTS:
        return "media", None, None
    if host in _API_HOSTS:
        return "api", None, None
    match = _FORM.fullmatch(path)
    form = cast(Kind, match.lastgroup) if match else None
    if outlet and not _KNOWN.fullmatch(host):
        if form == "service" and _OF_CHANNEL.fullmatch(host + path):
            return "article", None, None
        if form is None and _OF_TRAFFIC.fullmatch(host + path):
            return "article", None, None
        return (form if form in {"feed", "sitemap", "media", "api", "tag"} else "outlet"), None, None
    if form in {None, "section"} and (article := _ARTICLE.fullmatch(path)):
        return "article", cast(Era, article.lastgroup), article["drupal"]
    if form == "section" and _NO_LIST.search(path):
        form = None
    return form or ("outlet" if outlet else "other"), None, None


def _query(kind: Kind, query: str) -> str:
    """Nothing for an article, the page number of a list (they count from 0), else all but the tracking."""
    if kind == "article":
        return ""
    fields = [field for field in query.split("&") if field and not _TRACKING.match(field)]
    if kind in _LISTS:
        fields = [field for field in fields if re.fullmatch(r"page=0*[1-9]\d*|trang=\d+", field)][:1]
    return "&".join(sorted(fields, key=lambda field: field.partition("=")[0]))

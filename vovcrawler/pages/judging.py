"""Whether a page is an article at all: lists, error pages, challenges and empty pages give no record."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from lxml import etree

from vovcrawler import text, urls
from vovcrawler.pages.article import ArticlePage
from vovcrawler.pages.blocks import is_prose
from vovcrawler.pages.challenge import is_challenge
from vovcrawler.pages.document import Document, whole_text
from vovcrawler.pages.parsing import NotAnArticle, Source
from vovcrawler.pages.place import is_outside
from vovcrawler.pages.structured import StructuredData

_LISTS = ("tag", "author", "section", "latest", "search", "feed", "sitemap")
_LIST_ITEMS = (
    ".taxonomy-content",
    "a.vovvn-title",
    "article.story",
    ".story__heading",
    "h5.media-title",
    "h3.card-title",
)
_NOT_FOUND = re.compile(
    r"\W*(?:(?:loi|error|ma loi)?\W*(?:404|410)\b|(?:loi|error)(?: code)?\W*[45]\d\d\b|error$"
    r"|(?:page|content|article|file)?\s*not found|oops"
    r"|khong tim thay (?:trang|noi dung|bai viet|ket qua|duong dan|du lieu)"
    r"|(?:trang|bai viet|noi dung|duong dan|tin bai|tin)\b[^.]{0,40}"
    r"(?:khong (?:ton tai|con ton tai|tim thay|duoc tim thay)|da (?:bi |duoc )?(?:go|xoa)|khong (?:con )?kha dung)"
    r"|connection (?:timed out|refused|reset)|request (?:rejected|blocked)|web server is down"
    r"|(?:(?:rat tiec\W+)?(?:da )?(?:xay ra |co )loi(?: xay ra)?"
    r"|loi (?:may chu|he thong|ket noi)(?: co so du lieu)?)(?: \|.*)?$"
    r"|phien (?:lam viec|dang nhap)\b.{0,20}het han|ten mien\b.{0,40}het han|(?:this )?domain\b.{0,60}for sale"
    r"|the (?:requested )?page (?:you|could)|access denied|truy cap bi tu choi"
    r"|(?:[345]\d\d\W+)?(?:internal server error|server error in|bad gateway|service (?:temporarily )?unavailable"
    r"|gateway time-?out|forbidden$|bad request|too many requests|(?:object )?moved(?: permanently)?$"
    r"|runtime error|the resource cannot be found)"
    r"|(?:(?:web ?)?site )?(?:is )?(?:currently )?(?:under|down for) maintenance(?: \|.*)?$"
    r"|(?:(?:trang|website|he thong)\b[^.]{0,20} )?(?:dang )?bao tri(?: he thong)?$"
    r"|(?:trang(?: web)?|website|he thong|may chu) (?:hien )?(?:dang|tam)(?: duoc)? (?:nang cap|qua tai|ngung)\b"
    r"[^,:;?!|]{0,25}(?: \|.*)?$"
    r"|fatal error|(?:error\W+)?the requested url (?:could|was) not|error establishing a database"
    r"|(?:this )?account (?:has been )?suspended|under construction$"
    r"|welcome to nginx|apache\d?\b.{0,30} default page|iis windows server$)"
)
_GONE = re.compile(
    r"(?:trang|bai viet|noi dung|duong dan)\b[^.]{0,40}"
    r"(?:khong (?:con )?ton tai|khong (?:duoc )?tim thay|da (?:bi |duoc )?(?:go|xoa)\b)"
    r"|khong tim thay (?:trang|noi dung|bai viet|ket qua)|page not found|could not be found|domain is for sale"
    r"|vui long (?:thu|truy cap|quay) lai sau|please (?:try again|check back|come back) (?:later|soon)"
)
# What stands where an article was, or will be, is not what it says.
_HELD = re.compile(
    r"\W*(?:noi dung|bai viet|bai|tin|trang|chuyen muc|thong tin)(?: nay)?(?: hien)?(?: van)? dang (?:duoc )?"
    r"(?:tiep tuc )?(?:cap nhat|bien tap|kiem tra|xu ly|xem xet|hoan thien|xay dung)(?: lai)?\W*"
)
_LOGIN = re.compile(r"(?:(?:yeu cau|vui long|hay) )?(?:dang nhap|log ?in|sign ?in)(?: [^|]{1,20})?(?: \| .*)?")
_BINARY = (
    b"%PDF",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"ID3",
    b"OggS",
    b"\x00\x00\x00",
)
_DATA = re.compile(
    r"\s*(?:[\[{]|<\?xml[^>]*>\s*(?:<!--.*?-->\s*|<\?.*?\?>\s*)*<(?!html|!doctype)|<(?:rss|urlset|sitemapindex|feed|svg)\b)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|h1|meta|title|article|main|span|table|section)\b", re.IGNORECASE
)
# As nearly every page begins.
_PAGE = re.compile(rb"\s*<(?:!doctype\s+)?html\b", re.IGNORECASE)
_SHOWN = etree.XPath(
    "descendant::text()[not(parent::script or parent::style or parent::noscript or parent::template)]"
)
_SHORT_PAGE = 1_500


def check_bytes(body: bytes) -> None:
    """Raise for what is no text of a page: pictures, PDFs, archives."""
    start = body[:2048].lstrip()
    if not start:
        if not body.strip():
            raise NotAnArticle("empty", "the page is empty")
        return
    if start.startswith(_BINARY) or start[:256].count(0) > len(start[:256]) * 0.6:
        raise NotAnArticle("not_html", "the response is a binary file")


def check_markup(source: Source) -> None:
    """Raise for what is text but no HTML: JSON, feeds, scripts."""
    if isinstance(source.body, bytes) and _PAGE.match(source.body):
        return
    html = source.text
    if not html.strip("\ufeff \t\r\n\0"):
        raise NotAnArticle("empty", "the page is empty")
    if _DATA.match(html) or not _MARKUP.search(html):
        raise NotAnArticle("not_html", f"the response is no HTML page ({source.content_type or 'unknown type'})")


def judge(document: Document, page: ArticlePage, data: StructuredData, *, guessed: bool) -> None:
    """Raise :class:`NotAnArticle` with the reason when the page is none; *guessed*: no selector gave the text."""
    titles = dict.fromkeys([page.headline or "", *_titles(document)])
    lost = any(map(says_not_found, titles))
    kind = urls.classify(page.url).kind if page.url else "other"
    known = page.layout != "generic" and not guessed and bool(page.headline and page.body)
    if known and not lost and kind not in _LISTS and (page.lead or page.times.lines or data.is_article):
        return
    if (page.layout == "generic" or guessed or not page.containers) and is_challenge(document.source.text):
        raise NotAnArticle("challenge", "the site answered with a challenge in the place of the page")
    told = _visible(document)
    if not told and not document.tags("img") and not data.is_article:
        raise NotAnArticle("empty", "the page shows no text")
    lost = lost or (len(told) < _SHORT_PAGE and not data.is_article and bool(_GONE.search(text.fold(told))))
    lost = lost or (not page.lead and _is_held(document, page))
    if lost and not (known and (page.lead or page.times.lines)):
        raise NotAnArticle("not_found", "the page says that there is no such page")
    is_article = data.is_article if kind == "article" else data.is_dated
    if _is_no_place(kind, data) or (not is_article and _is_list(document, page, kind, guessed=guessed)):
        raise NotAnArticle("section", "the page is a list of articles")
    is_any = known or kind == "article" or data.is_article or page.lead or page.times.lines
    # A table of rates or a forecast has a date, too.
    is_told = known or data.is_article or page.lead
    if kind == "service" and not (is_told or (is_any and _holds_prose(document, page))):
        raise NotAnArticle("section", "no article stands at such an address")
    if (not is_any or any(_LOGIN.fullmatch(text.fold(title)) for title in titles)) and _asks_password(document):
        raise NotAnArticle("no_text", "the page asks who reads it")


def says_not_found(title: str) -> bool:
    """Tell whether a page with this *title* is the answer to an address where nothing stands, or an error."""
    return bool(_NOT_FOUND.match(text.fold(title)))


def _is_held(document: Document, page: ArticlePage) -> bool:
    """Tell whether one line in the place of the text says that there will be one."""
    told = list(itertools.islice(filter(None, _lines(document, page)), 2))
    return bool(told) and len(set(told)) == 1 and _HELD.fullmatch(text.fold(told[0])) is not None


def _holds_prose(document: Document, page: ArticlePage) -> bool:
    return any(map(is_prose, _lines(document, page)))


def _lines(document: Document, page: ArticlePage) -> Iterator[str]:
    paragraphs = (text.clean(whole_text(p)) for p in document.tags("p") if not is_outside(p))
    return itertools.chain(page.body, paragraphs)


def _is_no_place(kind: str, data: StructuredData) -> bool:
    """Tell whether no article stands at such an address, even where every page of the site calls itself one."""
    return kind in _LISTS and (kind != "section" or not data.is_dated)


def _asks_password(document: Document) -> bool:
    return any(field.get("type") == "password" for field in document.tags("input"))


def _titles(document: Document) -> list[str]:
    elements = [element for tag in ("title", "h1") for element in document.tags(tag)[:2]]
    return [text.clean(whole_text(element)) for element in elements]


def _visible(document: Document) -> str:
    body = next(iter(document.tags("body")), document.root)
    return " ".join("".join(_SHOWN(body)).split())


def _is_list(document: Document, page: ArticlePage, kind: str, *, guessed: bool) -> bool:
    items = max(len(document.all(selector)) for selector in _LIST_ITEMS)
    if page.layout == "generic":
        return kind != "article" and not page.times.lines and (items >= 3 or _is_mostly_links(document, page))
    return (
        items >= 3
        and not page.times.lines
        and not (page.containers and not guessed and (page.lead or (kind == "article" and page.body)))
    )


def _is_mostly_links(document: Document, page: ArticlePage) -> bool:
    targets = {address.id for a in document.tags("a") if (address := page.links.article(a.get("href") or ""))}
    return len(targets) >= 5 and sum(len(paragraph) for paragraph in page.body) < 150 * len(targets)

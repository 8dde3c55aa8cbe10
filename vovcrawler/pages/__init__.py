"""Reading pages: from the bytes of a page, or a text dump, to the record of an article.

The layers and their order live in :mod:`vovcrawler.pages.reading`, selectors in :mod:`vovcrawler.pages.layouts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vovcrawler import urls
from vovcrawler.items import Article
from vovcrawler.pages.judging import check_bytes, check_markup
from vovcrawler.pages.parsing import MAX_BYTES, NotAnArticle, Source, decode
from vovcrawler.pages.reading import Reading, read_dump

__all__ = ["NotAnArticle", "decode", "read_article", "read_dump"]


def read_article(
    body: bytes | str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    hops: int = 0,
    captured_at: str | None = None,
    capture: Mapping[str, Any] | None = None,
) -> Article:
    """Return the article that the page *body* holds; raises :class:`NotAnArticle` when it holds none.

    The record's address is *url*; without one the page is asked for its canonical link. Plain text is a dump.
    """
    if len(body) > MAX_BYTES:
        raise NotAnArticle("too_large", f"the page has more than {MAX_BYTES:,} bytes")
    if isinstance(body, bytes):
        check_bytes(body)
    source = Source(body, content_type)
    rest = {"hops": hops, "captured_at": captured_at, "capture": dict(capture or {})}
    if (content_type or "").lower().startswith("text/plain") and url is None:
        return read_dump(source.text, **rest)
    check_markup(source)
    address = urls.canonical(url) if url and url.lower().startswith(("http://", "https://")) else None
    return Reading(source, address).article(**rest)

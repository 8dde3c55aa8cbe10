"""The record: what is known of one article, field by field, in the order in which it is printed.

Times are ISO 8601 strings with an offset, text is NFC, URLs are canonical. What is absent is ``None``
or an empty list, never a missing key. Reading pages lives in :mod:`vovcrawler.pages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["new", "revised", "unchanged", "gone"]
Layout = Literal["drupal", "epi", "webforms", "dump", "generic"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture of an article: each part is ``None`` where the page does not give it."""

    url: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """An embedded recording; *kind* is ``audio`` or ``video``."""

    kind: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """An article that stands under "Tin liên quan"; ``url`` is ``None`` in a dump."""

    headline: str
    url: str | None = None
    teaser: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NearDuplicate:
    """The nearest earlier article, and the Jaccard similarity of the two texts (0 to 1)."""

    id: str
    similarity: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One article as it was at one capture: the record of the feeds."""

    id: str
    url: str | None = None
    headline: str | None = None
    lead: str | None = None
    body: list[str] = field(default_factory=list)
    subheadings: list[int] = field(default_factory=list)
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    published_at: str | None = None
    modified_at: str | None = None
    section: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    outlet: str | None = None
    language: str = "vi"
    layout: Layout = "generic"
    fallback_fields: list[str] = field(default_factory=list)
    content_digest: str
    duplicate_of: str | None = None
    near_duplicate_of: NearDuplicate | None = None
    status: Status = "new"
    revision: int = 1
    hops: int = 0
    captured_at: str | None = None
    capture: dict[str, Any] = field(default_factory=dict)
    seq: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is neither text nor picture in it."""
        return not (self.headline or self.lead or self.body or self.images)


def to_record(article: Article) -> dict[str, Any]:
    """Return *article* as plain JSON values, keys in the order of the contract."""
    # Not asdict(), which copies every paragraph and takes ten times as long.
    record = _values(article)
    for name in ("images", "media", "related"):
        record[name] = [_values(part) for part in record[name]]
    if article.near_duplicate_of:
        record["near_duplicate_of"] = _values(article.near_duplicate_of)
    return record


def _values(part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def from_record(record: Mapping[str, Any]) -> Article:
    """Return the article that :func:`to_record` wrote down.

    >>> article = Article(id="text/0", content_digest="0", related=[Related(headline="Tin")])
    >>> from_record(to_record(article)) == article
    True
    """
    near = record["near_duplicate_of"]
    return Article(
        **{
            **record,
            "images": [Image(**image) for image in record["images"]],
            "media": [Media(**media) for media in record["media"]],
            "related": [Related(**related) for related in record["related"]],
            "near_duplicate_of": NearDuplicate(**near) if near else None,
        }
    )

"""What a page of the replica is made from, and what a careful reader would write down from it.

Nothing here comes from the program under test: the truth is made apart from the reader it judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

_CREDIT_FORMS = (
    "{caption} (Ảnh: {credit})",
    "{caption} (Nguồn: {credit})",
    "{caption} (ảnh: {credit})",
    "{caption} Ảnh: {credit}",  # after a full stop only
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture with its printed caption; *form* picks the way in which the credit is printed."""

    url: str
    caption: str | None = None
    credit: str | None = None
    form: int = 0

    @property
    def printed(self) -> str | None:
        """Return the caption and credit as they stand under the picture."""
        if self.credit is None:
            return self.caption
        if self.caption is None:
            return f"Ảnh: {self.credit}"
        forms = _CREDIT_FORMS if self.caption.endswith(".") else _CREDIT_FORMS[:-1]
        template = forms[self.form % len(forms)]
        return template.format(caption=self.caption, credit=self.credit)

    def expected(self) -> dict[str, str | None]:
        return {"url": self.url, "caption": self.caption, "credit": self.credit}


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A sound or film inside the text; *kind* is ``audio`` or ``video``."""

    kind: str
    url: str

    def expected(self) -> dict[str, str]:
        return {"kind": self.kind, "url": self.url}


@dataclass(frozen=True, kw_only=True)
class Card:
    """One link of a list: *href* as the page writes it, *target* the canonical address of the article
    of VOV it leads to, ``None`` when it leads to anything else."""

    headline: str
    href: str
    target: str | None = None
    teaser: str | None = None
    mark: str = "VOV.VN - "


@dataclass(frozen=True)
class Heading:
    """A heading inside the text."""

    text: str


@dataclass(frozen=True)
class Quote:
    """Quoted paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list inside the text."""

    texts: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table inside the text, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Inset:
    """A box without heading inside the text that recommends other articles: no part of the body."""

    cards: tuple[Card, ...]


Block = str | Heading | Quote | Items | Table | Inset | Picture | Recording


@dataclass(frozen=True, kw_only=True)
class Story:
    """An article of the replica."""

    url: str  # canonical: https, vov.vn, no query
    headline: str
    lead: str | None = None
    mark: str = "VOV.VN - "  # what opens the lead on the page
    outlet: str | None = "VOV.VN"
    body: tuple[Block, ...] = ()
    end_mark: bool = True  # the last paragraph ends "./." on the page
    byline: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: tuple[tuple[str, str], ...] = ()  # (name, path), outermost first
    tags: tuple[str, ...] = ()
    related: tuple[Card, ...] = ()
    more: tuple[Card, ...] = ()  # "Tin cùng chuyên mục"
    layout: str = "drupal"
    hidden: frozenset[str] = frozenset()  # date, lead, section: told to machines only
    seed: int = 0  # picks markup variant and noise

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def id(self) -> str:
        """Return the id of the record: by the post number where the address has one."""
        if post := re.search(r"-post(\d+)\.vov$", self.path):
            return f"vov.vn/post{post[1]}"
        return f"{urlsplit(self.url).hostname}{self.path}"

    @property
    def pictures(self) -> list[Picture]:
        return [block for block in self.body if isinstance(block, Picture)]

    @property
    def recordings(self) -> list[Recording]:
        return [block for block in self.body if isinstance(block, Recording)]

    def targets(self) -> list[str]:
        """Return the addresses under "Tin liên quan" that are articles of VOV, each once, not itself."""
        wanted = (card.target for card in self.related if card.target and card.target != self.url)
        return list(dict.fromkeys(wanted))

    def followed(self) -> list[str]:
        """Return those targets that a crawl may ask for: on vov.vn itself, other outlets left out."""
        return [url for url in self.targets() if urlsplit(url).hostname == "vov.vn"]

    def paragraphs(self) -> list[tuple[str, bool]]:
        """Return the text of the body, and for each paragraph whether it is a heading."""
        return [pair for block in self.body for pair in _paragraphs(block)]

    def expected(self) -> dict[str, Any]:
        """Return the fields of the record that follow from the page alone."""
        paragraphs = self.paragraphs()
        cards = {card.target: card for card in reversed(self.related)}
        return {
            "id": self.id,
            "url": self.url,
            "headline": self.headline,
            "lead": self.lead,
            "body": [text for text, _ in paragraphs],
            "subheadings": [at for at, (_, heading) in enumerate(paragraphs) if heading],
            "byline": self.byline,
            "authors": list(self.authors),
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "modified_at": self.modified_at.isoformat() if self.modified_at else None,
            "section": [name for name, _ in self.section],
            "tags": list(self.tags),
            "images": [picture.expected() for picture in self.pictures],
            "media": [recording.expected() for recording in self.recordings],
            "related": [
                {"headline": cards[url].headline, "url": url, "teaser": cards[url].teaser}
                for url in self.targets()
            ],
            "outlet": self.outlet if self.lead else None,
            "language": "vi",
            "layout": self.layout,
        }


def _paragraphs(block: Block) -> Iterator[tuple[str, bool]]:
    match block:
        case str():
            yield block, False
        case Heading(text):
            yield text, True
        case Quote(texts) | Items(texts):
            yield from ((text, False) for text in texts)
        case Table(rows):
            yield from ((" | ".join(row), False) for row in rows)
        case _:
            return

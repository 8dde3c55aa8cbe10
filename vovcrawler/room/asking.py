"""What a reader asks a page for, and what the page is: data that becomes HTML, JSON or a feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

_LONGEST = 500
_MOST_PAGES = 1_000_000


class NotHere(LookupError):
    """The archive does not hold what was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A request as far as a page is concerned."""

    found: Mapping[str, str]
    args: Mapping[str, str]
    format: str
    language: Literal["vi", "en"]
    now: datetime
    today: date
    folder: Path
    path: str
    base: str

    def text(self, name: str) -> str:
        """Return what was typed into the field *name*, cut to a sane length."""
        return self.args.get(name, "").replace("\x00", " ").strip()[:_LONGEST]

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 1 to *most*; what is none is the *default*."""
        typed = self.args.get(name, "")[:9]
        return min(int(typed), most) if typed.isascii() and typed.isdecimal() and int(typed) else default

    @property
    def page(self) -> int:
        """Which page of a list."""
        return self.number("page", 1, _MOST_PAGES)

    @property
    def plain_path(self) -> str:
        """The address without its format, percent-encoded as it came."""
        return self.path.removesuffix(self.format) if self.format else self.path


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """The entries of an Atom feed: title, address, moment and text of each."""

    title: str
    entries: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the template that shows it and the data in it, or a file to download."""

    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    feed: Feed | None = None
    content: str | bytes | None = None
    filename: str = ""
    kind: str = ""

"""What an article can be chosen by, beside its words: section, author, tag, outlet, days, status.

The same filters serve search, export and the reading room. Names are compared folded, so that "Thế giới",
"the gioi" and "the-gioi" are one section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from vovcrawler import dates
from vovcrawler.errors import UsageTrouble
from vovcrawler.letters import fold

#: What an article's status can be asked to be; all but ``live`` are those of the record.
STATUSES = ("new", "revised", "live", "gone")

# No word has such letters: a facet is never taken for a word of the text.
_SIGNS = {"section": "§", "tag": "¤", "author": "¶", "outlet": "°"}
# What no article has: a section is asked for whose name has neither letter nor digit.
_NO_SECTION = "§§"
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What is asked for: of ``None`` nothing; days are those of publication in Vietnam, inclusive."""

    section: str | None = None
    author: str | None = None
    tag: str | None = None
    outlet: str | None = None
    status: str | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, given: Mapping[str, str | None], today: date, option: str = "--{}") -> Filters:
        """Read filters as they are typed; raises :class:`UsageTrouble` for what is none.

        *option* is how what is given is called where it was typed.

        >>> Filters.read({"section": "the-gioi", "since": "3 days"}, date(2026, 11, 21)).since
        datetime.date(2026, 11, 18)
        """
        typed: dict[str, Any] = {spec.name: given.get(spec.name) for spec in fields(cls)}
        typed["since"], typed["until"] = days(given, today, option)
        if empty := [name for name, value in typed.items() if value == ""]:
            raise UsageTrouble(f"{option.format(empty[0])} '' chooses nothing; leave it out.")
        if typed["status"] and typed["status"] not in STATUSES:
            raise UsageTrouble(f"{typed['status']!r} is no status; there are {', '.join(STATUSES)}.")
        return cls(**typed)

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filters()

    def tokens(self) -> list[str]:
        """Return the facets that an article has to have.

        >>> Filters(section="Thế giới", outlet="vov.vn").tokens()
        ['§the·gioi', '°vov·vn']
        """
        asked = [facet(kind, name) for kind in _SIGNS if (name := getattr(self, kind)) is not None]
        # The sign of sections alone is what every document has.
        return [_NO_SECTION if token == _SIGNS["section"] else token for token in asked]

    def span(self) -> tuple[int | None, int | None]:
        """Return the first second of ``since`` and the first one after ``until``."""
        after = None if self.until is None or self.until == date.max else self.until + timedelta(days=1)
        return _midnight(self.since), _midnight(after)

    def match(self, record: Mapping[str, Any]) -> bool:
        """Tell whether *record* passes; ``live`` is every record that is not ``gone``."""
        status = record["status"]
        if self.status and not (status == self.status or (self.status == "live" and status != "gone")):
            return False
        since, until = self.span()
        if since is not None or until is not None:
            published = seconds(record["published_at"])
            if published is None or (since or published) > published or (until or published + 1) <= published:
                return False
        return set(self.tokens()) <= set(facets(record))


def days(given: Mapping[str, str | None], today: date, option: str = "--{}") -> tuple[date | None, date | None]:
    """Return the days typed as ``since`` and ``until``; raises :class:`UsageTrouble` for what are none.

    >>> days({"since": "yesterday", "until": None}, date(2026, 11, 21))
    (datetime.date(2026, 11, 20), None)
    """
    names = option.format("since"), option.format("until")
    since, until = (_day(name, given.get(key), today) for name, key in zip(names, ("since", "until"), strict=True))
    if since and until and since > until:
        raise UsageTrouble(f"{names[0]} {since} is after {names[1]} {until}; swap them.")
    return since, until


def facets(record: Mapping[str, Any]) -> list[str]:
    """Return the facets of *record*, each once; its sections are those of the breadcrumb and of the address.

    >>> facets({"url": "https://vov.vn/the-gioi/x-post1.vov", "section": ["Thế giới", "Quan sát"], "tags": ["Nga"],
    ...         "authors": [], "outlet": None})
    ['§the·gioi', '§quan·sat', '¤nga']
    """
    return list(dict.fromkeys(_facets(record)))


def _facets(record: Mapping[str, Any]) -> Iterator[str]:
    yield from (facet("section", name) for name in [*record["section"], *_parts(record["url"])])
    yield from (facet("tag", name) for name in record["tags"])
    yield from (facet("author", name) for name in record["authors"])
    if record["outlet"]:
        yield facet("outlet", record["outlet"])


def facet(kind: str, name: str) -> str:
    """Return the token by which *name* is found."""
    return (_SIGNS[kind] + "·".join(_WORD.findall(fold(name))))[:_LONGEST]


def slug(name: str) -> str:
    """Return *name* as it stands in an address.

    >>> slug("Thế giới - Đường phố")
    'the-gioi-duong-pho'
    """
    return "-".join(_WORD.findall(fold(name)))


def seconds(moment: str | None) -> int | None:
    """Return a time of the record in seconds since 1970."""
    return int(datetime.fromisoformat(moment).timestamp()) if moment else None


def _parts(url: str | None) -> list[str]:
    if not url:
        return []
    return [unquote(part) for part in urlsplit(url).path.split("/")[1:-1] if part]


def _day(name: str, typed: str | None, today: date) -> date | None:
    try:
        return None if typed is None else dates.parse_day(typed, today)
    except ValueError:
        raise UsageTrouble(f"{name} {typed!r} is no day; say 2026-11-01, 01/11/2026 or '3 days'.") from None


def _midnight(day: date | None) -> int | None:
    """The first second of a *day* in Vietnam; the calendar's ends stay inside what a time can be."""
    if day is None:
        return None
    return int((datetime.combine(day, time(), UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) - 7 * 3600

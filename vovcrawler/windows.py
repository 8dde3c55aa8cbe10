"""Windows: from which day to which day of publication articles are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

# Why a page gave no record.
OUTSIDE = "outside_window"
_OPEN = ".."


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days in Vietnam, both included; ``None`` where an end is open.

    >>> str(Window(date(2026, 11, 1))), str(Window())
    ('2026-11-01/..', '')
    """

    since: date | None = None
    until: date | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the window that is written so, as an interval of ISO 8601-2; one of all days where it is none.

        >>> Window.parse("../2026-11-01").until, Window.parse("2026-11-01")
        (datetime.date(2026, 11, 1), Window(since=None, until=None))
        """
        since, slash, until = text.partition("/")
        try:
            return cls(_day(since), _day(until)) if slash else cls()
        except ValueError:
            return cls()

    def __contains__(self, day: date) -> bool:
        return not ((self.since and day < self.since) or (self.until and day > self.until))

    def __str__(self) -> str:
        return f"{self.since or _OPEN}/{self.until or _OPEN}" if self.since or self.until else ""


def _day(text: str) -> date | None:
    return None if text == _OPEN else date.fromisoformat(text)

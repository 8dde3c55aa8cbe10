"""Months in minutes: a site that lives by a clock that is set."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.replica import Story
from tests.wireless import World
from vovcrawler import sections
from vovcrawler.dates import VIETNAM

_PLACES = list(sections.table())


# ---- what happens to the site


@dataclass
class Life:
    """What becomes of one article."""

    number: int
    born: datetime
    edited: datetime | None
    removed: datetime | None
    back: datetime | None
    renamed: datetime | None

    @property
    def place(self) -> str:
        return _PLACES[self.number % len(_PLACES)]

    @property
    def id(self) -> str:
        return f"vov.vn/post{10_000 + self.number}"

    @property
    def url(self) -> str:
        return f"https://vov.vn/{self.place}/bai-so-{self.number}-post{10_000 + self.number}.vov"

    @property
    def new_url(self) -> str:
        """Where it stands once it is renamed; the old address redirects there for good."""
        return self.url.replace("bai-so", "tit-moi")

    def url_at(self, at: datetime) -> str:
        return self.new_url if self.renamed and at >= self.renamed else self.url

    def story(self, edition: int, url: str) -> Story:
        body = tuple(
            f"Đoạn {n} của bài {self.number}, {_words(self.number * 10 + n)}, lần {edition}." for n in range(3)
        )
        return Story(
            url=url,
            headline=f"Bài số {self.number}: {_words(self.number)}",
            lead=f"Mở đầu bài {self.number}, {_words(-self.number)}.",
            body=body,
            published_at=self.born.astimezone(VIETNAM),
            section=(("Mục", f"/{self.place}"),),
        )

    def is_there(self, at: datetime) -> bool:
        """Whether the article stands on the site *at* that time."""
        if at < self.born:
            return False
        return not (self.removed and at >= self.removed and not (self.back and at >= self.back))


def _words(seed: int) -> str:
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("aeiouymnhtcgl", k=4)) for _ in range(12))


@dataclass
class Month:
    """A site that lives for some days, and the runs that follow it."""

    start: datetime
    days: float
    articles: int
    seed: int = 1
    lives: list[Life] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        span = self.days * 86400
        for number in range(self.articles):
            born = self.start + timedelta(seconds=span * number / self.articles)
            edited = removed = back = renamed = None
            what, hours = rng.random(), rng.uniform(1, 60)
            if what < 0.2:
                edited = born + timedelta(hours=hours)
            elif what < 0.25:
                removed = born + timedelta(hours=hours * 4)
                back = removed + timedelta(hours=rng.uniform(5, 50)) if rng.random() < 0.3 else None
            elif what < 0.27:
                renamed = born + timedelta(hours=hours)
            self.lives.append(Life(number, born, edited, removed, back, renamed))
        World.reset()
        World.go(to=self.start)
        self._events = sorted(self._all_events(), key=lambda event: event[0])

    def _all_events(self) -> list[tuple[datetime, Any]]:
        site, events = World.site, []
        for life in self.lives:
            events.append((life.born, lambda life=life: site.story(life.story(1, life.url))))
            if life.edited:
                body = life.story(2, life.url).body
                events.append((life.edited, lambda life=life, body=body: site.edit(life.url, body=body)))
            if life.removed:
                events.append((life.removed, lambda life=life: site.remove(life.url, 404 + 6 * (life.number % 2))))
            if life.back:
                events.append((life.back, lambda life=life: site.restore(life.url)))
            if life.renamed:
                events.append((life.renamed, lambda life=life: site.rename(life.url, life.new_url)))
        return events

    def advance(self, at: datetime) -> None:
        """Let happen what happens until *at*."""
        # Pages answer by when they were changed, so the clock stands at each event.
        while self._events and self._events[0][0] <= at:
            when, event = self._events.pop(0)
            World.go(to=when)
            event()
        World.go(to=at)

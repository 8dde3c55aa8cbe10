"""Articles that lists of the replica name, and what discovery made of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.replica import Story
from tests.wireless import World
from vovcrawler.dates import VIETNAM

NOW = datetime.now(UTC)
TODAY = NOW.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def publish(site, number: int, at: datetime, place: str = "the-gioi") -> str:
    url = f"https://vov.vn/{place}/bai-so-{number}-post{1000 + number}.vov"
    body = tuple(f"Đoạn thứ {n} của bài số {number}, đủ dài để là một đoạn văn." for n in range(3))
    section = (("Mục", f"/{place.partition('/')[0]}"),)
    return site.story(
        Story(
            url=url, headline=f"Bài số {number}", body=body, published_at=at.astimezone(VIETNAM), section=section
        )
    )


def numbers(outcome) -> list[int]:
    return sorted(int(record["id"].rpartition("post")[2]) - 1000 for record in outcome.feed())


def discover(wireless, *given: str, **settings):
    return wireless("discovery", settings, **dict(argument.split("=", 1) for argument in given))


def lists() -> list[str]:
    return [url.removeprefix("https://vov.vn") for url in World.asked() if ".vov" not in url]


def list_only(*pages: str) -> None:
    """Let a section's list alone list anything: so many pages with these cards."""
    for place in ("/rss/*", "/sitemap*", "/tin-moi-cap-nhat"):
        World.site.fault(f"https://vov.vn{place}", status=404)
    for number, cards in enumerate(pages):
        pager = f'<ul class="pagination"><a href="?page={number + 1}">Sau</a></ul>' if pages[number + 1 :] else ""
        World.site.add("/the-gioi" + (f"?page={number}" if number else ""), cards + pager)


def card(url: str, when: datetime | None = None) -> str:
    date = f"<span>{when:%H:%M, %d/%m/%Y}</span>" if when else ""
    return f'<div class="taxonomy-content"><a class="vovvn-title" href="{url}">Bài</a>{date}</div>'


def fill(site):
    """Twelve articles of the last hours."""
    for number in range(12):
        publish(site, number, NOW - timedelta(minutes=10 * number), ("the-gioi", "kinh-te")[number % 2])
    return site

"""What lists articles: sections and the latest with their pager, RSS, sitemaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta, timezone
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from .answer import Answer
from .story import Story

if TYPE_CHECKING:
    from .site import Site

HOME = "https://vov.vn"
VIETNAM = timezone(timedelta(hours=7))
_XML = "text/xml; charset=utf-8"
_LATEST = "/tin-moi-cap-nhat"


def answer(site: Site, where: str) -> Answer | None:
    """Return the list that stands at path and query *where*, ``None`` when there is none."""
    path, _, query = where.partition("?")
    stories = site.published()
    if path == "/sitemap.xml":
        return Answer(sitemap_index(site, stories).encode(), content_type=_XML)
    if month := re.fullmatch(r"/sitemaps/(\d{4})/(\d{1,2})/article\.xml", path):
        listed = [story for story in stories if _month(story) == (int(month[1]), int(month[2]))]
        return Answer(sitemap(listed).encode(), content_type=_XML) if listed else None
    if feed := re.fullmatch(r"/rss/([a-z0-9-]+)\.rss", path):
        fresh = stories if feed[1] in ("tin-moi-nhat", "home") else _of_section(stories, f"/{feed[1]}")
        known = feed[1] == "tin-moi-nhat" or fresh
        return Answer(rss(fresh[:30], feed[1], zone=site.feed_zone).encode(), content_type=_XML) if known else None
    listed = stories if path in ("/", _LATEST) else _of_section(stories, path)
    if not listed and path != _LATEST:
        return None
    page = int(found[1]) if (found := re.search(r"\bpage=(\d+)", query)) else 0
    return Answer(
        section(listed, path, page, site.page_size, dated=site.list_dates).encode(), encoding=site.encoding
    )


def _of_section(stories: Sequence[Story], path: str) -> list[Story]:
    return [story for story in stories if any(place == path for _, place in story.section)]


def _month(story: Story) -> tuple[int, int]:
    assert story.published_at is not None
    local = story.published_at.astimezone(VIETNAM)
    return local.year, local.month


def sitemap_index(site: Site, stories: Sequence[Story]) -> str:
    """Return the index of the monthly sitemaps: a month is in it only after it has ended."""
    now = site.clock().astimezone(VIETNAM)
    months = sorted({_month(story) for story in stories} - {(now.year, now.month)})
    entries = "".join(f"<sitemap><loc>{HOME}/sitemaps/{y}/{m}/article.xml</loc></sitemap>\n" for y, m in months)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>\n'
    )


def sitemap(stories: Sequence[Story]) -> str:
    """Return one month's sitemap."""
    entries = "".join(
        f"<url><loc>{escape(story.url)}</loc><lastmod>"
        f"{(story.modified_at or story.published_at).isoformat()}</lastmod></url>\n"  # type: ignore[union-attr]
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )


def rss(stories: Sequence[Story], name: str, *, zone: str = "+0700") -> str:
    """Return a feed; *zone* is written in place of the offset of each date, e.g. ``GMT+7``."""
    entries = "".join(_rss_item(story, zone) for story in stories)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>VOV.VN - {escape(name)}</title><link>{HOME}/{name}</link>"
        f"<description>{escape(name)}</description>\n{entries}</channel></rss>\n"
    )


def _rss_item(story: Story, zone: str) -> str:
    assert story.published_at is not None
    date = format_datetime(story.published_at.astimezone(VIETNAM)).replace("+0700", zone)
    teaser = escape(f"{story.mark}{story.lead or ''}")
    return (
        f"<item><title><![CDATA[{story.headline}]]></title><link>{escape(story.url)}</link>"
        f'<description><![CDATA[<a href="{story.url}"><img src="https://media.vov.vn/t.jpg"></a>{teaser}]]>'
        f'</description><pubDate>{date}</pubDate><guid isPermaLink="true">{escape(story.url)}</guid></item>\n'
    )


def section(stories: Sequence[Story], path: str, page: int, size: int, *, dated: bool = True) -> str:
    """Return one page of a list; its pager counts from 0 and the first page has no query."""
    shown = stories[page * size : (page + 1) * size]
    last = max(0, (len(stories) - 1) // size)
    items = "\n".join(_list_item(story, dated) for story in shown)
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{path} | VOV.VN</title></head>'
        "<body>"
        f'<h1 class="special-header-title">{path.strip("/")}</h1><div class="row">{items}</div>'
        f"{_pager(path, page, last)}<footer>© VOV.VN</footer></body></html>"
    )


def _list_item(story: Story, dated: bool) -> str:
    day = story.published_at.astimezone(VIETNAM) if story.published_at and dated else None
    date = f'<span class="date">{day:%H:%M, %d/%m/%Y}</span>' if day else ""
    return (
        '<div class="taxonomy-content"><div class="media">'
        f'<a class="vovvn-title" href="{story.path}"><img src="https://media.vov.vn/t.jpg" alt=""></a>'
        f'<div class="media-body"><a class="vovvn-title ml-1" href="{story.path}">'
        f'<h5 class="media-title">{escape(story.headline)}</h5></a>{date}'
        f'<p class="mt-2">{escape(story.mark + (story.lead or ""))}</p></div></div></div>'
    )


def _pager(path: str, page: int, last: int) -> str:
    def link(number: int, text: str) -> str:
        return f'<li class="page-item"><a class="page-link" href="{path}?page={number}">{text}</a></li>'

    near = range(max(0, page - 2), min(last, page + 2) + 1)
    parts = [link(number, str(number + 1)) for number in near]
    if page < last:
        parts += [link(page + 1, "Sau"), link(last, "Cuối")]
    return f'<ul class="pagination justify-content-center">{"".join(parts)}</ul>'

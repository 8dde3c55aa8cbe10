"""A small site of numbered articles, and what a run of the program left of it."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.replica import Card, Site, Story

BORN = datetime.now(UTC) - timedelta(hours=30)
CATALOGUE = "catalogue.sqlite"


def url(number: int) -> str:
    """Return the address of article *number*."""
    return f"https://vov.vn/the-gioi/bai-so-{number}-post{1000 + number}.vov"


def number_of(address: str) -> int | None:
    """Return the number of the article at *address*, in whatever form it was asked for."""
    name = address.rpartition("-post")[2]
    return int(name.removesuffix(".vov")) - 1000 if name.endswith(".vov") else None


def publish(site: Site, number: int, *related: int, **more: Any) -> str:
    """Put article *number* on *site*, which calls those others *related*."""
    cards = tuple(Card(headline=f"Bài số {n}", href=url(n), target=url(n)) for n in related)
    body = tuple(f"Đoạn thứ {n} của bài số {number}, đủ dài để là một đoạn văn." for n in range(3))
    given = {"headline": f"Bài số {number}", "lead": f"Mở đầu bài số {number}.", "body": body, "related": cards}
    return site.story(Story(url=url(number), **{**given, "published_at": BORN, **more}))


def publish_web(site: Site, seed: int, size: int) -> None:
    """Put *size* articles on *site*, each calling three others related; with redirects, errors and slow pages."""
    random = Random(seed)
    for number in range(size):
        near = range(number + 1, min(number + 6, size))
        publish(site, number, *random.sample(near, min(2, len(near))), random.randrange(size))
    site.fault("https://vov.vn/*", delay=0.005)
    for number in random.sample(range(1, size), 4):
        site.fault(url(number), delay=0.06)
    for number in random.sample(range(1, size), 3):
        site.fault(url(number), times=1, status=503)
    moved = random.sample(range(1, size), 2)
    for number in moved:
        publish(site, size + number, *random.sample(range(size), 2))
        site.redirect(url(number), url(size + number))
    site.remove(url(next(n for n in random.sample(range(1, size), 5) if n not in moved)), 404)


# ---- what a run left


@contextmanager
def catalogue(data: Path) -> Iterator[sqlite3.Connection]:
    """Open the catalogue file itself, as a stranger would."""
    connection = sqlite3.connect(f"{(data / CATALOGUE).as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    """Return the answer of the catalogue to *query*."""
    with catalogue(data) as connection:
        return connection.execute(query).fetchall()


def feed_text(data: Path) -> bytes:
    """Return the whole archive feed, day by day."""
    text = b""
    for path in sorted((data / "feeds").glob("articles-*.jsonl*")):
        text += gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return text


def essence(data: Path) -> dict[str, Any]:
    """Return what a crawl is about, without times and places: equal for equal sites, however it went."""
    feed = [json.loads(line) for line in feed_text(data).splitlines()]
    return {
        "articles": set(rows(data, "SELECT id, state, revision, digest, url, headline FROM articles")),
        "revisions": set(
            rows(
                data,
                "SELECT id, revisions.revision, revisions.digest FROM revisions"
                " JOIN articles ON articles.number = article",
            )
        ),
        "links": set(
            rows(data, "SELECT id, target, links.headline FROM links JOIN articles ON source = articles.number")
        ),
        "feed": sorted((r["id"], r["revision"], r["status"], r["content_digest"], r["hops"]) for r in feed),
        "pages": set(rows(data, "SELECT url, state, moved_to FROM pages")),
    }


def troubles(data: Path) -> Sequence[str]:
    """Return what is wrong with the files in *data*; nothing should be."""
    said = [*rows(data, "PRAGMA integrity_check"), *rows(data, "PRAGMA foreign_key_check")]
    found = [] if said == [("ok",)] else [f"the catalogue is damaged: {said}"]
    numbers = [json.loads(line)["seq"] for line in feed_text(data).splitlines()]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"the feed counts {numbers}")
    if feed_text(data) != b"".join(line_of(row) for row in rows(data, _LINES)):
        found.append("the feed is not what the catalogue says")
    found += [f"left behind: {path.name}" for path in data.rglob("*.part")]
    return found


_LINES = "SELECT seq, status, record FROM feed JOIN revisions USING (article, revision) ORDER BY seq"


def line_of(row: tuple[int, str, str]) -> bytes:
    """Return the line of the feed that a row of the catalogue stands for."""
    seq, status, record = row
    if status != "gone":
        return record.encode() + b"\n"
    return json.dumps({**json.loads(record), "status": "gone", "seq": seq}, ensure_ascii=False).encode() + b"\n"

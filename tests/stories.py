"""Stories in a catalogue, for tests of what the catalogue makes of them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from benchmarks._stories import exchange, sentences
from vovcrawler import feeds
from vovcrawler.catalogue import Catalogue
from vovcrawler.items import Article
from vovcrawler.text import content_digest

STORY = " ".join(sentences()[:12])
OTHER = " ".join(sentences()[40:52])
AT = "2026-11-21T15:04:05.123456Z"


def article(id_: str | int, text: str, headline: str = "Tít", **more: Any) -> Article:
    digest = content_digest(headline, None, [text])
    return Article(id=str(id_), headline=headline, body=[text], content_digest=digest, **more)


def record(
    catalogue: Catalogue, id_: str | int, text: str, headline: str = "Tít", at: str = AT, **more: Any
) -> Article:
    return catalogue.record(article(id_, text, headline, **more), page=None, at=at, line=feeds.line)


def edited(text: str, seed: int = 0, share: float = 0.05) -> str:
    return exchange(text, share, Random(seed))


def plans(catalogue: Catalogue, ask: Callable[[], object]) -> list[list[str]]:
    """Return how SQLite goes about each statement of *ask*."""
    asked: list[str] = []
    catalogue.connection.set_trace_callback(asked.append)
    ask()
    catalogue.connection.set_trace_callback(None)
    steps = (catalogue.connection.execute(f"EXPLAIN QUERY PLAN {statement}") for statement in asked)
    return [[step[3] for step in plan] for plan in steps]

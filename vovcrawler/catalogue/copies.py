"""Copies: which articles are the same text, or nearly."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from vovcrawler.items import Article


def mark(connection: sqlite3.Connection, number: int, article: Article) -> Article:
    """Return *article*, which stands in the catalogue under *number*, marked as the copy that it is.

    ``duplicate_of`` is the first article with the same digest and another id. Called inside the open
    transaction, after the article's row was written and before its record is.
    """
    row = connection.execute(
        "SELECT id FROM articles WHERE digest = ? AND number < ? ORDER BY number LIMIT 1",
        (article.content_digest, number),
    ).fetchone()
    first = row[0] if row else None
    connection.execute("UPDATE articles SET duplicate_of = ? WHERE number = ?", (first, number))
    return replace(article, duplicate_of=first)

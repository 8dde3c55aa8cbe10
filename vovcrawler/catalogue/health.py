"""What the catalogue says of its own freshness."""

from __future__ import annotations

from datetime import datetime

from vovcrawler.catalogue.store import Part


class Health(Part):
    """The part of the catalogue that a check-up asks."""

    def newest(self, now: datetime) -> str | None:
        """Return when the newest article was published, ``None`` when there is none that says so.

        One that is dated later than *now* is not: a wrong year on a page would make the archive new for decades.
        """
        row = self.connection.execute(
            "SELECT published_at FROM articles WHERE datetime(published_at) <= datetime(?)"
            " ORDER BY datetime(published_at) DESC LIMIT 1",
            (now.isoformat(),),
        ).fetchone()
        return row[0] if row else None

    def last_capture(self) -> str | None:
        """Return when the last article was captured or confirmed."""
        value: str | None = self.connection.execute("SELECT max(seen_at) FROM articles").fetchone()[0]
        return value

    def samples(self) -> dict[str, str]:
        """Return the address of the newest live article of each layout."""
        rows = self.connection.execute(
            """
            SELECT layout, url, max(datetime(coalesce(published_at, first_seen))) FROM articles
            WHERE state = 'live' AND url IS NOT NULL AND page IS NOT NULL GROUP BY layout ORDER BY layout
            """
        )
        return {layout: url for layout, url, _ in rows}

"""Pages: every address that was ever asked for, its validators, and what came of the last visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vovcrawler import dates
from vovcrawler.catalogue.store import Part

State = Literal["pending", "done", "moved", "gone", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Page:
    """An address as the catalogue knows it. ``due_at`` is ``None`` for what is read whenever it is asked for."""

    number: int
    url: str
    variant: str
    state: State
    reason: str | None
    status: int | None
    failures: int
    etag: str | None
    last_modified: str | None
    article: int | None
    moved_to: str | None
    first_seen: str
    visited_at: str | None
    due_at: str | None


#: A row of these is a page.
PAGE = ", ".join(f"pages.{name}" for name in Page.__slots__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What came of asking for a page; an absent validator is forgotten, an absent article kept."""

    page: int
    at: str
    state: State
    status: int | None = None
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    article: int | None = None
    moved_to: str | None = None
    due_at: str | None = None


class Pages(Part):
    """The part of the catalogue that knows pages."""

    def page(self, number: int) -> Page:
        """Return the page with this *number*; raises :class:`LookupError`."""
        if page := self._page("number = ?", number):
            return page
        raise LookupError(f"There is no page {number}.")

    def page_of(self, url: str, variant: str = "") -> Page | None:
        """Return the page at the canonical *url*."""
        return self._page("url = ? AND variant = ?", url, variant)

    def is_back(self, page: Page) -> bool:
        """Whether *page*, which moved, may be there again: where it led, nothing is found now, or the way back."""
        target = self.page_of(page.moved_to) if page.moved_to else None
        if target is None or (target.visited_at or "") <= (page.visited_at or ""):
            return False
        return target.status in (404, 410) or target.moved_to == page.url

    def _page(self, where: str, *values: str | int) -> Page | None:
        row = self.connection.execute(f"SELECT {PAGE} FROM pages WHERE {where}", values).fetchone()
        return Page(*row) if row else None

    def know_page(self, url: str, at: str, variant: str = "") -> int:
        """Return the number of the page at the canonical *url*, new or known."""
        connection = self.write()
        row = connection.execute(
            "SELECT number FROM pages WHERE url = ? AND variant = ?", (url, variant)
        ).fetchone()
        if row is None:
            row = connection.execute(
                "INSERT INTO pages (url, variant, first_seen) VALUES (?, ?, ?) RETURNING number",
                (url, variant, at),
            ).fetchone()
        number: int = row[0]
        return number

    def visited(self, visit: Visit) -> None:
        """Remember what came of asking for a page."""
        self.write().execute(
            """
            UPDATE pages SET state = :state, status = :status, reason = :reason, visited_at = :at,
                etag = :etag, last_modified = :last_modified, moved_to = :moved_to, due_at = :due_at,
                article = coalesce(:article, article),
                failures = CASE WHEN :state IN ('failed', 'refused') THEN failures + 1 ELSE 0 END
            WHERE number = :page
            """,
            {name: getattr(visit, name) for name in Visit.__slots__},
        )

    def due(self, now: str) -> Iterator[Page]:
        """Yield the pages whose time to be visited has come by *now*, the longest due first.

        Articles by ``REVISIT_AFTER``, failed and refused pages by their back-off. What waits in the
        frontier of an unfinished job is not among them.
        """
        rows = self.connection.execute(
            f"""
            SELECT {PAGE} FROM pages
            WHERE due_at <= ? AND variant = '' AND NOT EXISTS (
                SELECT 1 FROM frontier WHERE frontier.page = pages.number AND NOT settled)
            ORDER BY due_at
            """,
            (now,),
        )
        for row in rows:
            yield Page(*row)

    # ---- hosts

    def hold(self, host: str, until: datetime) -> None:
        """Remember that *host* asked to be left alone *until* then."""
        self.write().execute(
            """
            INSERT INTO hosts VALUES (?, ?)
            ON CONFLICT DO UPDATE SET held_until = max(held_until, excluded.held_until)
            """,
            (host, dates.warc_date(until)),
        )

    def holds(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that are to be left alone at *now*, and until when."""
        rows = self.connection.execute("SELECT * FROM hosts WHERE held_until > ?", (dates.warc_date(now),))
        return {host: datetime.fromisoformat(until) for host, until in rows}

    # ---- a clock that went back

    def forget_future(self, now: datetime) -> bool:
        """Let pages be due that were visited after *now*, and all hosts be asked; return whether there were any.

        By which clock a host is held is not known: it says again how long it wants to be left alone.
        """
        at, execute = dates.warc_date(now), self.write().execute
        pages = execute("UPDATE pages SET due_at = :at WHERE visited_at > :at AND due_at > :at", {"at": at})
        hosts = execute("DELETE FROM hosts WHERE held_until > ?", (at,))
        return pages.rowcount + hosts.rowcount > 0

    # ---- a changed REVISIT_AFTER

    def recompute_due(self, due: Callable[[str, str], str]) -> int:
        """Set the due time of every captured page to ``due(born_at, visited_at)``; return how many that were."""
        connection = self.write()
        connection.create_function("due", 2, due, deterministic=True)
        return connection.execute(
            """
            UPDATE pages SET due_at = due(coalesce(published_at, articles.first_seen), visited_at)
            FROM articles WHERE articles.number = pages.article AND pages.state IN ('done', 'gone')
            """
        ).rowcount

"""Jobs and their frontier: the requests that are known and not yet settled, nearest to the seeds first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vovcrawler.catalogue.pages import PAGE, Page
from vovcrawler.catalogue.store import Part

# Rows of a finished job are removed in bites, so that no transaction grows with the job.
_BITE = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A spider with its arguments; *settled* and *pending* say how far earlier runs of it came."""

    number: int
    continued: bool
    settled: int = 0
    pending: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One request of the frontier; *request* is ``None`` when it could not be written down as JSON."""

    number: int
    level: int
    seed: bool
    request: str | None
    #: As it was known when the request left.
    page: Page

    @property
    def url(self) -> str:
        return self.page.url


# What is true of a request that asks for no more than what is due: also when another job has made the visit since.
_PASSED_BY = "(seed = 0 OR coalesce(visited_at > jobs.started_at, 0))"
# What is true of a page that need not be visited :at a time unless it is named.
_NOT_DUE = "(pages.article IS NOT NULL OR moved_to IS NOT NULL) AND coalesce(due_at > :at, 0)"


class Queue(Part):
    """The part of the catalogue that is the frontier."""

    # ---- jobs

    def open_job(self, spider: str, arguments: Mapping[str, Any], at: str) -> Job:
        """Return the unfinished job of *spider* with these *arguments*, or a new one."""
        text = json.dumps(arguments, ensure_ascii=False, sort_keys=True, default=str)
        found = self.connection.execute(
            "SELECT number FROM jobs WHERE spider = ? AND arguments = ? AND finished_at IS NULL", (spider, text)
        ).fetchone()
        if found:
            return self._take_up(found[0])
        query = "INSERT INTO jobs (spider, arguments, started_at) VALUES (?, ?, ?) RETURNING number"
        (number,) = self.write().execute(query, (spider, text, at)).fetchone()
        return Job(number=number, continued=False)

    def _take_up(self, job: int) -> Job:
        # What lived in memory only went with its process.
        self.write().execute(
            """
            DELETE FROM frontier INDEXED BY frontier_unwritten
            WHERE job = ? AND settled = 0 AND request IS NULL
            """,
            (job,),
        )
        # A site that refused may have come round: those pages are asked for again.
        self.write().execute(
            """
            UPDATE frontier SET settled = 0 WHERE job = ? AND settled AND request IS NOT NULL
                AND (SELECT state FROM pages WHERE pages.number = page) = 'refused'
            """,
            (job,),
        )
        settled, pending = self.job_counts(job)
        return Job(number=job, continued=True, settled=settled, pending=pending)

    def job_counts(self, job: int) -> tuple[int, int]:
        """Return how many requests of *job* are settled, and how many are not."""
        every, pending = self.connection.execute(
            """
            SELECT (SELECT count(*) FROM frontier WHERE job = :job),
                   (SELECT count(*) FROM frontier INDEXED BY frontier_next WHERE job = :job AND settled = 0)
            """,
            {"job": job},
        ).fetchone()
        return every - pending, pending

    def forget_waiting(self, job: int) -> None:
        """Remove the requests of *job* that are not settled: they wait elsewhere."""
        self.write().execute("DELETE FROM frontier WHERE job = ? AND settled = 0", (job,))

    def finish_job(self, job: int, at: str) -> None:
        """Close *job*: the next run with its arguments is a new visit."""
        self.write().execute("UPDATE jobs SET finished_at = ? WHERE number = ?", (at, job))

    def sweep_jobs(self) -> bool:
        """Remove some of the rows that finished jobs have left; return whether there may be more."""
        removed = self.write().execute(
            """
            DELETE FROM frontier WHERE number IN (
                SELECT frontier.number FROM frontier JOIN jobs ON jobs.number = frontier.job
                WHERE finished_at IS NOT NULL LIMIT ?)
            """,
            (_BITE,),
        )
        return removed.rowcount == _BITE

    # ---- what other jobs left

    def leftovers(self, job: int, at: str) -> Iterator[tuple[str, int]]:
        """Yield the plain pages that unfinished jobs but *job* have left, and their levels, the nearest first.

        Those that would only have been passed by *at* this time, being known and not due, are left out.
        """
        yield from self.connection.execute(
            f"""
            SELECT url, level FROM frontier
            JOIN jobs ON jobs.number = job JOIN pages ON pages.number = page
            WHERE settled = 0 AND job <> :job AND finished_at IS NULL AND variant = ''
                AND NOT ({_PASSED_BY} AND {_NOT_DUE})
            ORDER BY level, rank, frontier.number
            """,
            {"job": job, "at": at},
        )

    def adopt(self, job: int, at: str) -> int:
        """Take over from other jobs what *job* asks for, and what need not be; return how many pages that were.

        Enqueue what :meth:`leftovers` names first: both belong into one transaction. Jobs of which nothing is
        left are closed; what only its own spider can ask for (a POST, say) waits for the same command.
        """
        connection = self.write()
        left = connection.execute(
            f"""
            DELETE FROM frontier WHERE settled = 0
                AND job IN (SELECT number FROM jobs WHERE finished_at IS NULL AND number <> :job)
                AND (page IN (SELECT page FROM frontier WHERE job = :job)
                    OR EXISTS (
                        SELECT 1 FROM pages JOIN jobs ON jobs.number = job
                        WHERE pages.number = page AND variant = '' AND {_PASSED_BY} AND {_NOT_DUE}))
            """,
            {"job": job, "at": at},
        ).rowcount
        connection.execute(
            """
            UPDATE jobs SET finished_at = :at WHERE finished_at IS NULL AND number <> :job AND NOT EXISTS (
                SELECT 1 FROM frontier INDEXED BY frontier_next
                WHERE frontier.job = jobs.number AND settled = 0)
            """,
            {"job": job, "at": at},
        )
        return left

    # ---- the frontier of one job

    def knows(self, job: int, page: int, level: int) -> bool:
        """Whether :meth:`enqueue` has nothing to do for *page* at this *level*."""
        found = self.connection.execute(
            "SELECT settled OR level <= ? FROM frontier WHERE job = ? AND page = ? ORDER BY level LIMIT 1",
            (level, job, page),
        ).fetchone()
        return bool(found and found[0])

    def enqueue(
        self, job: int, page: int, *, level: int, priority: int, seed: bool, request: str | None, again: bool
    ) -> int | None:
        """Add a request for *page* and return its number; ``None`` when the job knows the page.

        A page that is known and still waits comes up to the smaller *level*. *again* adds it in any case.
        """
        connection = self.write()
        if not again:
            known = connection.execute(
                "SELECT number, level, settled FROM frontier WHERE job = ? AND page = ? ORDER BY level",
                (job, page),
            ).fetchone()
            if known:
                if level < known[1] and not known[2] and request is not None:
                    connection.execute(
                        "UPDATE frontier SET level = ?, seed = max(seed, ?), request = ? WHERE number = ?",
                        (level, seed, request, known[0]),
                    )
                return None
        number: int = connection.execute(
            """
            INSERT INTO frontier (job, page, level, rank, seed, request) VALUES (?, ?, ?, ?, ?, ?)
            RETURNING number
            """,
            (job, page, level, -priority, seed, request),
        ).fetchone()[0]
        return number

    def next_row(self, job: int, busy: Collection[int], held: Collection[str] = ()) -> Row | None:
        """Return the next request of *job* that is neither *busy* nor for a *held* host.

        Only requests of the lowest level that is not settled are considered: busy ones hold back the next level.
        """
        rows = self.connection.execute(
            f"""
            SELECT frontier.number, level, seed, request, {PAGE}
            FROM frontier INDEXED BY frontier_next CROSS JOIN pages ON pages.number = page
            WHERE job = :job AND settled = 0 AND level = (
                SELECT level FROM frontier INDEXED BY frontier_next
                WHERE job = :job AND settled = 0 ORDER BY level LIMIT 1)
            ORDER BY rank, frontier.number
            """,
            {"job": job},
        )
        for number, level, seed, request, *known in rows:
            page = Page(*known)
            if number not in busy and (not held or _host(page.url) not in held):
                return Row(number=number, level=level, seed=bool(seed), request=request, page=page)
        return None

    def is_waiting(self, job: int) -> bool:
        """Whether any request of *job* is not settled."""
        found = self.connection.execute(
            "SELECT 1 FROM frontier INDEXED BY frontier_next WHERE job = ? AND settled = 0 LIMIT 1", (job,)
        ).fetchone()
        return found is not None

    def postpone(self, number: int, *, priority: int, request: str | None) -> None:
        """Let a request wait again, as *request* (a retry, or a redirect to the same page).

        Where that could not be written down, the next process asks with the one that was.
        """
        self.write().execute(
            "UPDATE frontier SET rank = ?, request = coalesce(?, request) WHERE number = ?",
            (-priority, request, number),
        )

    def settle(self, number: int) -> None:
        """Mark a request as settled."""
        self.write().execute("UPDATE frontier SET settled = 1 WHERE number = ?", (number,))


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]

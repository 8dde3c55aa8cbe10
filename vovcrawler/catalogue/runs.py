"""Runs: what each process did, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vovcrawler.catalogue.store import Part

#: What the report of every run says, beside what it did.
REPORTED = ("run", "spider", "arguments", "version", "started_at", "finished_at", "exit_code", "reason")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRow:
    """A run; without ``finished_at`` it still runs, or it was killed."""

    run: str
    spider: str
    arguments: dict[str, Any]
    version: str
    started_at: str
    finished_at: str | None
    exit_code: int | None
    reason: str | None
    report: dict[str, Any] | None


_RUN = ", ".join(RunRow.__slots__)


class Runs(Part):
    """The part of the catalogue that knows runs."""

    def start_run(
        self, run: str, *, job: int | None, spider: str, arguments: Mapping[str, Any], version: str, at: str
    ) -> None:
        """Remember that *run* has begun."""
        self.write().execute(
            """
            INSERT INTO runs (run, job, spider, arguments, version, started_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET job = excluded.job
            """,
            (run, job, spider, json.dumps(arguments, ensure_ascii=False, default=str), version, at),
        )

    def last_start(self) -> str | None:
        """Return when the run began that began last, by its own clock."""
        value: str | None = self.connection.execute("SELECT max(started_at) FROM runs").fetchone()[0]
        return value

    def finish_run(self, report: Mapping[str, Any]) -> None:
        """Keep the *report* of a run that is over, at once."""
        self._keep(report)
        self.commit()

    def take_runs(self, reports: Iterable[Mapping[str, Any]]) -> None:
        """Know the runs of *reports*, which is what they wrote, and no others."""
        self.write().execute("DELETE FROM runs")
        for report in reports:
            self._keep(report)

    def _keep(self, report: Mapping[str, Any]) -> None:
        values = {
            **{name: report[name] for name in REPORTED},
            "arguments": json.dumps(report["arguments"], ensure_ascii=False, default=str),
            "report": json.dumps(report, ensure_ascii=False, default=str),
        }
        self.write().execute(
            """
            INSERT INTO runs (run, spider, arguments, version, started_at, finished_at, exit_code, reason, report)
            VALUES (:run, :spider, :arguments, :version, :started_at, :finished_at, :exit_code, :reason, :report)
            ON CONFLICT DO UPDATE SET finished_at = :finished_at, exit_code = :exit_code, reason = :reason,
                report = :report
            """,
            values,
        )

    def runs(self, limit: int = -1, offset: int = 0) -> Iterator[RunRow]:
        """Yield runs, the newest first."""
        rows = self.connection.execute(
            f"SELECT {_RUN} FROM runs ORDER BY started_at DESC, run DESC LIMIT ? OFFSET ?", (limit, offset)
        )
        yield from map(_run, rows)

    def run(self, name: str) -> RunRow | None:
        """Return the run with this *name*."""
        row = self.connection.execute(f"SELECT {_RUN} FROM runs WHERE run = ?", (name,)).fetchone()
        return _run(row) if row else None

    def reports(
        self, limit: int, *, spider: str | None = None, arguments: Mapping[str, Any] | None = None, hour: int = -1
    ) -> list[dict[str, Any]]:
        """Return the reports of runs that ended well, the latest first: of *spider*, begun in *hour* (Vietnam)."""
        given = None if arguments is None else json.dumps(arguments, ensure_ascii=False, default=str)
        alike = {"spider = ?": spider, "arguments = ?": given}
        alike = {condition: value for condition, value in alike.items() if value is not None}
        rows = self.connection.execute(
            f"""
            SELECT report FROM runs WHERE {" AND ".join(["exit_code IN (0, 4)", "report IS NOT NULL", *alike])}
                AND (? < 0 OR CAST(strftime('%H', started_at, '+7 hours') AS INTEGER) = ?)
            ORDER BY started_at DESC LIMIT ?
            """,
            (*alike.values(), hour, hour, limit),
        )
        return [json.loads(report) for (report,) in rows]


def _run(row: Sequence[Any]) -> RunRow:
    named = dict(zip(RunRow.__slots__, row, strict=True))
    named["arguments"] = json.loads(named["arguments"])
    named["report"] = json.loads(named["report"]) if named["report"] else None
    return RunRow(**named)

"""``scrapy catalogue runs``: what was run, and how it ended."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler.catalogue import Catalogue, RunRow
from vovcrawler.cli import say
from vovcrawler.errors import UsageTrouble

SHORT = "List the runs, the newest first"

_NUMBERS = ("pages", "new", "revised", "unchanged", "gone", "refused", "failed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most N runs (20); 0: all")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    if args.limit < 0:
        raise UsageTrouble(f"--limit {args.limit} is no number of runs, such as --limit 20; 0 lists all.")
    with Catalogue.read(Path(settings["DATA_DIR"])) as catalogue:
        rows = list(catalogue.runs(args.limit or -1))
    for row in rows:
        print(json.dumps(asdict(row), ensure_ascii=False) if args.json else "\n".join(_lines(row)))
    if not rows:
        say("No run is on record; scrapy crawl and scrapy update make one.")
    return 0


def _lines(row: RunRow) -> list[str]:
    arguments = " ".join(f"{name}={value}" for name, value in row.arguments.items())
    lines = [f"{row.run}  {row.spider} {arguments}".rstrip(), f"  {_end(row)}"]
    if row.report:
        lines.append("  " + ", ".join(f"{row.report.get(name, 0)} {name}" for name in _NUMBERS))
    return lines


def _end(row: RunRow) -> str:
    if row.finished_at is None:
        return f"since {row.started_at}: still running, or it was killed"
    started, finished = (datetime.fromisoformat(at) for at in (row.started_at, row.finished_at))
    seconds = max(0, round((finished - started).total_seconds()))
    return (
        f"{row.finished_at}, after {seconds // 60} min {seconds % 60} s: exit code {row.exit_code}, {row.reason}"
    )

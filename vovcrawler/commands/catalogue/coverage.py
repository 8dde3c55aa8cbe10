"""``scrapy catalogue coverage``: what the site listed per day and section, and what became of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from vovcrawler import context, dates
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.coverage import FATES, Balance, Entry, balances, percent
from vovcrawler.cli import say
from vovcrawler.facets import days

SHORT = "Show what the site listed per day and section, and what became of it"

_HEAD = ("day", "section", "listed", *(fate.replace("_", " ") for fate in FATES), "listed by, why not")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="DATE", help="first day, such as 2026-11-01 or '3 days'")
    parser.add_argument("--until", metavar="DATE", help="last day")
    parser.add_argument(
        "--missing", action="store_true", help="name every address that is not held; with --json, why"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    today = dates.vietnam_day(context.clock_of(settings)())
    since, until = days(vars(args), today)
    with Catalogue.read(Path(settings["DATA_DIR"])) as catalogue, catalogue.snapshot():
        entries, held = list(catalogue.entries(since, until)), catalogue.extent().articles
    if args.missing:
        lines = _missing(entries, as_json=args.json)
    else:
        lines = _as_json(entries) if args.json else _as_table(entries)
    for line in lines:
        print(line)
    if not entries:
        say(
            "no feed, list or sitemap has named an article for these days: coverage is of what the site lists, and"
            f" scrapy update or scrapy crawl discovery looks. Articles held, crawled by name or listed: {held}."
        )
    return 0


def _missing(entries: list[Entry], *, as_json: bool) -> Iterator[str]:
    for entry in entries:
        if entry.fate in {"captured", "unchanged", "gone"}:
            continue
        known = {"url": entry.url, "day": str(entry.day), "fate": entry.fate, "reason": entry.reason}
        yield json.dumps(known, ensure_ascii=False) if as_json else entry.url


def _as_json(entries: list[Entry]) -> Iterator[str]:
    for (day, section), balance in balances(entries).items():
        yield json.dumps({"day": str(day), "section": section, **_numbers(balance)}, ensure_ascii=False)


def _numbers(balance: Balance) -> dict[str, Any]:
    fates: dict[str, int] = {fate: balance.fates[fate] for fate in FATES}
    kinds, reasons = dict(sorted(balance.kinds.items())), dict(sorted(balance.reasons.items()))
    return {"listed": balance.listed, "listed_by": kinds, **fates, "reasons": reasons}


def _as_table(entries: list[Entry]) -> Iterator[str]:
    total = Balance()
    for entry in entries:
        total.add(entry)
    rows = [(str(day), section, balance) for (day, section), balance in balances(entries).items()]
    cells = [list(_HEAD), *(_cells(*row) for row in [*rows, ("all", "", total)])]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        texts = zip(line, widths, range(len(line)), strict=True)
        yield "  ".join(
            text.rjust(width) if 2 <= place < len(line) - 1 else text.ljust(width) for text, width, place in texts
        ).rstrip()
    yield f"{percent(total.share)} of what is still there is held"


def _cells(day: str, section: str, balance: Balance) -> list[str]:
    notes = [f"{name} {count}" for name, count in sorted(balance.kinds.items())]
    notes += [f"{reason}: {count}" for reason, count in balance.reasons.most_common(3)]
    numbers = [balance.listed, *(balance.fates[fate] for fate in FATES)]
    return [day, section, *map(str, numbers), ", ".join(notes)]

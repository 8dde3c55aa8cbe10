"""``scrapy catalogue stats``: what is in the archive, in numbers."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from stat import S_ISREG

from scrapy.settings import BaseSettings

from vovcrawler.catalogue import Catalogue, Counts

SHORT = "Count what is in the archive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    folder = Path(settings["DATA_DIR"])
    with Catalogue.read(folder) as catalogue, catalogue.snapshot():
        counts = catalogue.counts()
    sizes = {"catalogue": _size(folder, "catalogue.sqlite*"), "warc": _size(folder, "warc/*")}
    sizes |= {"feeds": _size(folder, "feeds/*")}
    if args.json:
        print(json.dumps({**asdict(counts), "bytes": sizes}, ensure_ascii=False))
        return 0
    width = max(len(name) for name, _ in lines(counts, sizes))
    for name, value in lines(counts, sizes):
        print(f"{name:{width}}  {value}")
    for job in counts.jobs:
        arguments = "".join(f" -a {shlex.quote(f'{name}={value}')}" for name, value in job.arguments.items())
        print(f"\nNot finished (pages waiting: {job.waiting}, done: {job.settled}). To go on:")
        # What a scheduled run has left is taken over by the next one, whatever its name.
        print("  scrapy update" if "run" in job.arguments else f"  scrapy crawl {job.spider}{arguments}")
    return 0


def lines(counts: Counts, sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each line of the table."""
    yield "articles", f"{sum(counts.articles.values()):,}{_parts(counts.articles)}"
    yield "revisions", f"{counts.revisions:,}"
    yield "layouts", _listed(counts.layouts)
    yield "related links", f"{counts.links:,}"
    yield "copies", f"{counts.copies:,} exact, {counts.near_copies:,} near"
    yield "pages", f"{sum(counts.pages.values()):,}{_parts(counts.pages)}"
    yield "feed lines", f"{sum(counts.feed_lines.values()):,}{_parts(counts.feed_lines)}"
    yield "captured", f"{_minute(counts.first_capture)} to {_minute(counts.last_capture)}"
    yield "on the disk", ", ".join(f"{name} {_bytes(size)}" for name, size in sizes.items())


def _parts(numbers: Mapping[str, int]) -> str:
    return f" ({_listed(numbers)})" if numbers else ""


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items()) or "none"


def _minute(moment: str | None) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC" if moment else "never"


def _size(folder: Path, pattern: str) -> int:
    size = 0
    for path in folder.glob(pattern):
        # A run may rename a file, or take it away, between two looks.
        with suppress(FileNotFoundError):
            told = path.stat()
            size += told.st_size if S_ISREG(told.st_mode) else 0
    return size


def _bytes(number: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"

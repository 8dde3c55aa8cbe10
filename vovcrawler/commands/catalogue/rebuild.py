"""``scrapy catalogue rebuild``: catalogue and feeds anew from the WARC files, or the feeds from the catalogue."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler.catalogue import Comparison
from vovcrawler.catalogue.store import sentences
from vovcrawler.rebuild import rebuild, write_feeds

SHORT = "Make catalogue and feeds anew from the WARC files, and say what changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument("--feeds", action="store_true", help="only the feeds, from the catalogue")
    parser.add_argument("--force", action="store_true", help="also when articles or revisions would be missing")
    parser.add_argument("--json", action="store_true", help="what changed as one JSON object")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    folder = Path(settings["DATA_DIR"])
    if args.feeds:
        write_feeds(folder, settings)
        return 0
    with sentences(folder):
        code, comparison = rebuild(folder, settings, force=args.force, dry_run=args.dry_run)
        if comparison and args.json:
            print(json.dumps(asdict(comparison), ensure_ascii=False))
        elif comparison:
            print(*lines(comparison), sep="\n")
    return code


def lines(comparison: Comparison) -> list[str]:
    """Return what changed as a table: a line for each field of which some articles have another value."""
    revisions = f"{comparison.revisions_before:,} revisions before, {comparison.revisions_after:,} now"
    told = [f"{comparison.articles:,} articles, {comparison.appeared:,} of them new; {revisions}"]
    if comparison.missing:
        told.append(f"{len(comparison.missing):,} articles are missing, such as {comparison.missing[0]}")
    if lost := comparison.missing_captures:
        told.append(f"captures missing: {len(lost):,}, such as that of {lost[0]}")
    counts = (comparison.gained, comparison.lost, comparison.changed)
    names = sorted(set().union(*counts), key=lambda name: -sum(count.get(name, 0) for count in counts))
    if not names:
        return [*told, "No field of any article has changed."]
    told.append(f"{'field':20}{'gained':>10}{'lost':>10}{'changed':>10}")
    return told + [f"{name:20}" + "".join(f"{count.get(name, 0):>10,}" for count in counts) for name in names]

"""``scrapy catalogue check``: whether the archive is sound, and putting aside what is damaged."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from vovcrawler import dates, quarantine
from vovcrawler.catalogue import Catalogue
from vovcrawler.cli import say
from vovcrawler.errors import StorageTrouble
from vovcrawler.shelf import mend
from vovcrawler.soundness import Inspection, Problem

SHORT = "Verify every digest, length and link of the archive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair", action="store_true", help="put damaged files into warc/quarantine and cover what they lost"
    )


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    folder = Path(settings["DATA_DIR"])
    date = dates.warc_date(load_object(settings["CLOCK"])())
    with Catalogue.open(folder) if args.repair else Catalogue.read(folder) as catalogue:
        if args.repair:
            _mend(folder / "warc")
        inspection = Inspection(folder / "warc")
        inspection.expect(catalogue)
        problems: defaultdict[str, list[Problem]] = defaultdict(list)
        for path in inspection.files():
            found = list(inspection.read(path))
            problems[path.name.removesuffix(".open")] += found
            if args.repair and any(problem.offset is not None for problem in found):
                _repair(path, catalogue, date)
                inspection.expect(catalogue)
                inspection.forget(path)
                if path.exists():
                    problems[path.name] += inspection.read(path)
        for problem in inspection.compare(catalogue):
            problems[problem.file].append(problem)
    return _report(inspection, problems)


def _mend(folder: Path) -> None:
    for mended in mend(folder):
        say(f"Closed {mended.name}, which a stopped run had left open; {mended.cut} bytes were cut off.")


def _repair(path: Path, catalogue: Catalogue, date: str) -> None:
    claims = {claim.offset: claim.record_id for claim in catalogue.claims() if claim.warc == path.name}
    for hole in quarantine.repair(path, claims, date):
        lost = f", {hole.record_id}" if hole.record_id else ""
        say(f"Quarantined bytes {hole.start} to {hole.stop} of {path.name}{lost}.")
        if hole.record_id:
            catalogue.forget_payloads(hole.record_id)


def _report(inspection: Inspection, problems: dict[str, list[Problem]]) -> int:
    count = 0
    for name, found in sorted(problems.items()):
        print(f"{name}: {f'{len(found)} problems' if found else 'sound'}")
        for problem in sorted(found, key=lambda problem: problem.offset or 0):
            print(f"  {problem}")
        count += len(found)
    files = len(inspection.files())
    say(f"{inspection.records} records in {files} files: {f'{count} problems' if count else 'sound'}.")
    return StorageTrouble.exit_code if count else 0

"""``scrapy catalogue check``: whether the archive is sound, and putting aside what is damaged."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler import context, dates, quarantine
from vovcrawler.catalogue import Catalogue
from vovcrawler.cli import say
from vovcrawler.errors import StorageTrouble
from vovcrawler.feeds import ArchiveFeed
from vovcrawler.shelf import mend
from vovcrawler.soundness import Inspection, Problem

SHORT = "Verify every digest, length and link of the archive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair", action="store_true", help="put damaged files into quarantine and cover what they lost"
    )


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    folder = Path(settings["DATA_DIR"])
    now = context.clock_of(settings)()
    with Catalogue.open(folder, make=False) if args.repair else Catalogue.read(folder) as catalogue:
        if args.repair:
            _mend(folder / "warc")
        looking = _Looking(catalogue, folder / "warc", now)
        for path in looking.inspection.files():
            looking.look(path, repair=args.repair)
        looking.compare(repair=args.repair)
        looking.prove_feed(repair=args.repair)
    return _report(looking.inspection, looking.problems)


class _Looking:
    """One look at the files of an archive, and at those again that are repaired meanwhile."""

    def __init__(self, catalogue: Catalogue, folder: Path, now: datetime) -> None:
        self.catalogue, self.now = catalogue, now
        self.inspection = Inspection(folder)
        self.inspection.expect(catalogue)
        self.problems: defaultdict[str, list[Problem]] = defaultdict(list)
        # Records that a repair has found to hold no body.
        self._bodiless: set[str] = set()

    def look(self, path: Path, *, repair: bool) -> None:
        """Read the file at *path*; with *repair* what is damaged there is put aside."""
        found = list(self.inspection.read(path))
        self.problems[path.name.removesuffix(".open")] += found
        # Where a file cannot be read to its end, nobody knows what is behind that.
        if repair and found and all(problem.offset is not None for problem in found):
            self.repair(path)

    def compare(self, *, repair: bool) -> None:
        """Follow the links between files and catalogue; with *repair* what belongs to nothing is put aside."""
        lone: defaultdict[str, set[int]] = defaultdict(set)
        if self._bodiless:
            self._forget_bodies()
            self.inspection.expect(self.catalogue)
        for problem in self.inspection.compare(self.catalogue):
            self.problems[problem.file].append(problem)
            if repair and problem.is_lone and problem.offset is not None:
                lone[problem.file].add(problem.offset)
            if repair and problem.bodiless:
                self._bodiless.add(problem.bodiless)
        for name, offsets in lone.items():
            self.repair(self.inspection.folder / name, offsets)
        if self._bodiless:
            self._forget_bodies()

    def _forget_bodies(self) -> None:
        """Let no later record refer to those without a body; in one go, since it takes a look at all bodies."""
        self.catalogue.forget_payloads(self._bodiless)
        self._bodiless.clear()

    def prove_feed(self, *, repair: bool) -> None:
        """Compare the feed with the catalogue; with *repair* a wrong file is put aside, and all are made whole."""
        feed = ArchiveFeed(self.catalogue)
        faults = list(feed.faults())
        for name, sentence in faults:
            self.problems[name].append(Problem(file=name, sentence=sentence))
            if repair and (path := feed.folder / name).exists():
                quarantine.put_aside(path)
                path.unlink()
                say(f"Put {name} aside.")
        if repair:
            feed.reconcile(dates.vietnam_day(self.now))

    def repair(self, path: Path, lone: Collection[int] = ()) -> None:
        """Put aside what is damaged in the file at *path*, and the records at *lone*; read it again."""
        expected = self.inspection.expected_in(path)
        for hole in quarantine.repair(path, expected, dates.warc_date(self.now), lone):
            lost = f", {hole.record_id}" if hole.record_id else ""
            say(f"Quarantined bytes {hole.start} to {hole.stop} of {path.name}{lost}.")
            if hole.record_id:
                self._bodiless.add(hole.record_id)
        self.inspection.forget(path)
        if path.exists():
            self.problems[path.name] += self.inspection.read(path)


def _mend(folder: Path) -> None:
    for mended in mend(folder):
        say(f"Closed {mended.name}, which a stopped run had left open; {mended.cut} bytes were cut off.")


def _report(inspection: Inspection, problems: dict[str, list[Problem]]) -> int:
    count = 0
    for name, found in sorted(problems.items()):
        print(f"{name}: {_problems(len(found))}")
        for problem in sorted(found, key=lambda problem: problem.offset or 0):
            print(f"  {problem}")
        count += len(found)
    files = len(inspection.files())
    say(f"{inspection.records} records in {files} files: {_problems(count)}.")
    return StorageTrouble.exit_code if count else 0


def _problems(count: int) -> str:
    return f"{count} problem{'s' if count > 1 else ''}" if count else "sound"

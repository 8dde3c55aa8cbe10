"""``scrapy catalogue export``: articles of the archive in a file of another format, now or as of a day."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar, get_args

from scrapy.settings import BaseSettings

from vovcrawler import context, dates, duplicates, exports
from vovcrawler.catalogue import Catalogue, Standing
from vovcrawler.catalogue.clusters import Preference
from vovcrawler.catalogue.store import sentences
from vovcrawler.cli import add_filters, output, say
from vovcrawler.errors import UsageTrouble
from vovcrawler.facets import Filters

SHORT = "Write articles to a file: JSON Lines, CSV or Parquet, as they are or as they were"

_PREFERENCES: tuple[Preference, ...] = get_args(Preference)
T = TypeVar("T", bound=str)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``scrapy catalogue export``."""
    option = parser.add_argument
    option("--format", metavar="|".join(exports.FORMATS), help="default: as the name of the output says, or jsonl")
    option("-o", "--output", metavar="PATH", help="the file to write; default, and -: standard output")
    option("--as-of", metavar="DATE", help="the archive as it stood at the end of that day, or at that ISO time")
    option("--unique", action="store_true", help="each text once: of copies, near ones too, only one")
    option("--prefer", metavar="|".join(_PREFERENCES), help="which copy: the first captured, or published last")
    option("--split", metavar="|".join(exports.SPLITS), help="a file for each of them")
    option("--bom", action="store_true", help="begin a CSV file with a byte order mark, as Excel likes it")
    add_filters(parser)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Choice:
    """What is to be exported, as it was understood."""

    filters: Filters
    before: datetime | None
    unique: Preference | None
    split: exports.Split | None

    @classmethod
    def read(cls, args: argparse.Namespace, now: datetime) -> Self:
        if args.prefer and not args.unique:
            raise UsageTrouble(f"--prefer {args.prefer} says which copy --unique keeps; give --unique too.")
        return cls(
            filters=Filters.read(vars(args), dates.vietnam_day(now)),
            before=None if args.as_of is None else _end(args.as_of, now),
            unique=_one_of("--prefer", args.prefer or "first", _PREFERENCES) if args.unique else None,
            split=_one_of("--split", args.split.lower(), exports.SPLITS) if args.split else None,
        )

    def rows(self, catalogue: Catalogue) -> Iterator[Standing]:
        return catalogue.standing(
            self.filters,
            before=dates.warc_date(self.before) if self.before else None,
            unique=self.unique,
            parting=exports.parting(self.split) if self.split else None,
        )

    def told(self) -> dict[str, Any]:
        """Return it for the data card."""
        asked = {name: str(value) for name, value in asdict(self.filters).items() if value is not None}
        last = dates.warc_date(self.before - timedelta(microseconds=1)) if self.before else None
        return {"as_of": last, "unique": self.unique, "split": self.split, **asked}


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    """Write the export, and say on standard error what was written."""
    now = context.clock_of(settings)()
    target = None if args.output in (None, "-") else output(args.output)
    choice, format_ = _Choice.read(args, now), _format(args)
    make = exports.writer(format_, bom=args.bom)
    if not target and (choice.split or format_ == "parquet"):
        asked = f"--split {choice.split}" if choice.split else "--format parquet"
        raise UsageTrouble(f"{asked} needs -o PATH: it cannot go to standard output.")
    if choice.before and choice.before > now:
        say(f"--as-of {args.as_of} is not over yet: asked again later, it may hold more.")
    similarity = duplicates.limit(settings.get("NEAR_DUPLICATE_SIMILARITY", duplicates.SIMILARITY))
    path = target or Path("standard output")
    with sentences(path), Catalogue.read(Path(settings["DATA_DIR"])) as catalogue, catalogue.snapshot():
        catalogue.similarity = similarity
        if not target:
            return _to_stdout(choice.rows(catalogue), make)
        card = exports.Card(format_, choice.told())
        files = exports.to_files(choice.rows(catalogue), target, make, card)
    more = f" and {len(files) - 2} files more" if len(files) > 2 else ""
    say(f"{card.articles} articles are in {str(files[0])!r}{more}; {str(files[-1])!r} tells about them.")
    return 0


def _to_stdout(rows: Iterator[Standing], make: exports.MakeWriter) -> int:
    exports.to_stream(rows, sys.stdout.buffer, make)
    return 0


def _format(args: argparse.Namespace) -> str:
    if args.format:
        return _one_of("--format", args.format.lower(), exports.FORMATS)
    named = Path(args.output or "").suffix.removeprefix(".").lower()
    return named if named in exports.FORMATS else "jsonl"


def _one_of(option: str, typed: str, allowed: tuple[T, ...]) -> T:
    for one in allowed:
        if typed == one:
            return one
    raise UsageTrouble(f"{option} {typed!r} is unknown; there are {', '.join(allowed)}.")


def _end(typed: str, now: datetime) -> datetime:
    """Return the first moment after what *typed* says: a time, or a day in Vietnam."""
    if "T" in typed.strip() or ":" in typed:
        try:
            moment = datetime.fromisoformat(typed.strip())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=dates.VIETNAM)
            return moment.astimezone(UTC) + timedelta(microseconds=1)
        except (ValueError, OverflowError):
            raise UsageTrouble(f"--as-of {typed!r} is no time; say 2026-11-21T15:04 or 2026-11-21.") from None
    try:
        day = dates.parse_day(typed, dates.vietnam_day(now))
        return datetime.combine(day + timedelta(days=1), time(), dates.VIETNAM)
    except (ValueError, OverflowError):
        raise UsageTrouble(f"--as-of {typed!r} is no day; say 2026-11-21, 21/11/2026 or '3 days'.") from None

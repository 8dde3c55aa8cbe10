"""``scrapy search``: articles of the archive by their words."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from vovcrawler import context, dates
from vovcrawler.catalogue import Catalogue, Hit
from vovcrawler.cli import QuietCommand, add_filters, say
from vovcrawler.errors import UsageTrouble
from vovcrawler.facets import Filters
from vovcrawler.queries import parse
from vovcrawler.snippets import marked

# What is typed without a stroke, and what may be an option, of ours or of Scrapy's.
_OPTION = re.compile(r"(?:[^-]|--).*|-[hsL]|-s.*=.*|-L[A-Z\d]+|", re.DOTALL)
_EPILOG = """
Words are found with or without their marks; what is spelt as you type it comes first, then what has the words in
its headline, then what is newer. "Words in quotes" stand side by side, -word is left out, begin* finds what begins
so, OR parts alternatives. Quote the whole search for your shell: scrapy search 'triều tiên -mỹ'.
"""


class Command(QuietCommand):
    """Search the archive, with or without diacritics."""

    def syntax(self) -> str:
        return "WORDS [options]"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.epilog = f"{_EPILOG} {parser.epilog}"
        parser.add_argument(
            "words", metavar="WORDS", nargs="*", help="what to look for; may be left out with a filter"
        )
        add_filters(parser)
        parser.add_argument("--limit", metavar="N", default="20", help="at most so many (default 20)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        read = parser.parse_known_args

        def with_words(args: Sequence[str], **more: Any) -> Any:
            # "-word" is no option, but a word to leave out: "-sắt", too.
            return read([arg if _OPTION.fullmatch(arg) else f" {arg}" for arg in args], **more)

        parser.parse_known_args = with_words  # type: ignore[assignment,method-assign]

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        today = dates.vietnam_day(context.clock_of(settings)())
        filters = Filters.read(vars(args), today)
        if not args.words and filters.is_empty:
            raise UsageTrouble("Say what to look for, such as: scrapy search 'đàm phán' --section the-gioi.")
        limit = _limit(args.limit.strip())
        with Catalogue.read(Path(settings["DATA_DIR"])) as catalogue, catalogue.snapshot():
            found = catalogue.search(parse(" ".join(args.words)), filters, limit=limit)
        for place, hit in enumerate(found.hits, start=1):
            print(_line(hit) if args.json else _paragraph(place, hit))
        if not found.hits:
            say("Nothing was found.")
        return 0


def _limit(typed: str) -> int:
    if typed.isdecimal() and typed.isascii() and int(typed[:9]) > 0:
        return int(typed[:9])
    raise UsageTrouble(f"--limit {typed!r} is no number of articles, such as 20.")


def _line(hit: Hit) -> str:
    told = {name: hit.record[name] for name in ("id", "url", "headline", "published_at", "section")}
    return json.dumps({**told, "snippet": marked(hit.snippet)}, ensure_ascii=False)


def _paragraph(place: int, hit: Hit) -> str:
    bright = "\x1b[1m{}\x1b[0m" if sys.stdout.isatty() else "{}"
    record = hit.record
    facts = [
        _minute(record["published_at"]),
        *record["section"][:1],
        "gone" if hit.state == "gone" else "",
        record["url"] or hit.id,
    ]
    lines = [
        f"{place}. {marked(hit.headline, bright.format) or hit.id}",
        " · ".join(fact for fact in facts if fact),
        marked(hit.snippet, bright.format),
    ]
    return "\n   ".join(line for line in lines if line) + "\n"


def _minute(published: str | None) -> str:
    return f"{datetime.fromisoformat(published).astimezone(dates.VIETNAM):%Y-%m-%d %H:%M}" if published else ""

"""``scrapy pack``: the WARC files of the archive as one file that viewers open."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler import context, dates
from vovcrawler.cli import QuietCommand, output, say
from vovcrawler.errors import StorageTrouble, UsageTrouble
from vovcrawler.facets import days
from vovcrawler.wacz import pack


class Command(QuietCommand):
    """Pack the archive, or what was captured on some days, as one WACZ file."""

    def syntax(self) -> str:
        return "OUT.wacz [--since DAY] [--until DAY]"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("out", metavar="OUT.wacz", help="the file to write; one that is there is replaced")
        parser.add_argument("--since", metavar="DAY", help="the first day (of Vietnam), such as 2026-11-01")
        parser.add_argument("--until", metavar="DAY", help="the last day")

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        folder = Path(settings["DATA_DIR"], "warc")
        if Path(args.out).suffix.lower() != ".wacz":
            raise UsageTrouble(f"{args.out!r} does not end in .wacz, by which viewers know the file.")
        out = output(args.out)
        now = context.clock_of(settings)()
        since, until = days(vars(args), dates.vietnam_day(now))
        try:
            packed = pack(folder, out, now=now, since=since, until=until)
        except OSError as error:
            why = error.strerror or str(error)
            raise StorageTrouble(f"{str(error.filename or out)!r} cannot be used: {why}.") from error
        for sentence in packed.damage:
            say(f"Left out: {sentence}")
        if not packed.captures:
            span = f" of {since or 'the beginning'} to {until or 'today'}" if since or until else ""
            if packed.damage:
                raise StorageTrouble(f"There are no whole captures{span} in {str(folder)!r} to pack.")
            raise UsageTrouble(f"There are no captures{span} in {str(folder)!r} to pack.")
        counts = f"{packed.captures} captures, {packed.pages} of them pages, from {packed.files} files"
        say(f"Packed {counts} into {out}.")
        return StorageTrouble.exit_code if packed.damage else 0

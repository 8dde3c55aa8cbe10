"""``scrapy crawl``: Scrapy's own command, with the exit codes of this project."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl

from vovcrawler import running
from vovcrawler.cli import begin, in_sentences
from vovcrawler.errors import UsageTrouble


class Command(crawl.Command):
    """Run a spider of the project."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        in_sentences(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        begin(opts)
        super().process_options(args, opts)
        assert self.settings is not None
        known = running.spider_names(self.settings)
        running.prepare(self, opts, lambda: _spider(args, known))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        self.exitcode = running.run(self, opts)


def _spider(args: list[str], known: list[str]) -> str:
    names = ", ".join(known)
    if not args:
        raise UsageTrouble(f"Name a spider, such as: scrapy crawl article. There are {names}.")
    running.refuse_options(args)
    if len(args) > 1:
        raise UsageTrouble(
            f"One spider at a time: {args[1]!r} is one name too many (arguments take -a NAME=VALUE)."
        )
    if args[0] not in known:
        raise UsageTrouble(f"There is no spider {args[0]!r}; there are {names}.")
    return args[0]

"""``scrapy crawl``: Scrapy's own command, with the exit codes of this project."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl

from vovcrawler import running
from vovcrawler.errors import UsageTrouble


class Command(crawl.Command):
    """Run a spider of the project."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        running.prepare(self, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        self.exitcode = running.run(self, lambda: _spider(args, self), opts)


def _spider(args: list[str], command: crawl.Command) -> str:
    assert command.crawler_process is not None
    known = ", ".join(sorted(command.crawler_process.spider_loader.list()))
    if not args:
        raise UsageTrouble(f"Name a spider, such as: scrapy crawl article. There are {known}.")
    running.refuse_options(args)
    if len(args) > 1:
        raise UsageTrouble(
            f"One spider at a time: {args[1]!r} is one name too many (arguments take -a NAME=VALUE)."
        )
    if args[0] not in command.crawler_process.spider_loader.list():
        raise UsageTrouble(f"There is no spider {args[0]!r}; there are {known}.")
    return args[0]

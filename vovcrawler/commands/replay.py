"""``scrapy replay``: the crawl path over saved pages instead of the network."""

from __future__ import annotations

import argparse

from scrapy.commands import BaseRunSpiderCommand

from vovcrawler import running
from vovcrawler.cli import begin, in_sentences
from vovcrawler.errors import UsageTrouble


class Command(BaseRunSpiderCommand):
    """Read saved pages (folders, .txt, .html, WARC, WACZ) along the path of a crawl, offline."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] SOURCE…"

    def short_desc(self) -> str:
        return "Read saved pages (folders, .txt, .html, WARC, WACZ) along the path of a crawl, offline"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        in_sentences(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        begin(opts)
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("REPLAY_SOURCE", list(args), priority="cmdline")
        running.prepare(self, opts, lambda: _spider(args))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        self.exitcode = running.run(self, opts)


def _spider(args: list[str]) -> str:
    running.refuse_options(args)
    if not args:
        raise UsageTrouble("Name what to read: scrapy replay SOURCE…, a folder, .txt, .html, .warc(.gz) or .wacz.")
    return "article"

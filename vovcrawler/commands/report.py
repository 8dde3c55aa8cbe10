"""``scrapy report``: a page of plots about the archive and its runs."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler import report
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.store import sentences
from vovcrawler.cli import QuietCommand, output, say


class Command(QuietCommand):
    """Write a page of plots about the archive and its runs."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="the page (default DATA_DIR/reports/report.html)"
        )
        parser.add_argument("--open", action="store_true", help="show it in the browser")

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        data = Path(settings["DATA_DIR"])
        path = output(str(data / "reports" / "report.html") if args.output is None else args.output)
        with sentences(path), Catalogue.read(data) as catalogue:
            report.write(catalogue, path)
        print(path)
        if args.open and not webbrowser.open(path.absolute().as_uri()):
            say(f"No browser could be opened; the page is {str(path)!r}.")
        return 0

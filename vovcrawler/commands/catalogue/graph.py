"""``scrapy catalogue graph``: which article stands under which as "Tin liên quan"."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler.catalogue import Catalogue
from vovcrawler.drawing import FORMATS

SHORT = 'Print the graph of "Tin liên quan"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="jsonl", help="graphml, dot or jsonl (jsonl)")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    with Catalogue.read(Path(settings["DATA_DIR"])) as catalogue, catalogue.snapshot():
        for line in FORMATS[args.format](catalogue.nodes(), catalogue.edges()):
            print(line)
    return 0

"""``scrapy catalogue``: looking after the archive. Each module of this folder is one of its verbs."""

from __future__ import annotations

import argparse
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from scrapy.settings import BaseSettings

from vovcrawler.cli import QuietCommand


def verbs() -> dict[str, ModuleType]:
    """Return the verbs by name; each has ``SHORT``, ``add_arguments(parser)`` and ``run(args, settings)``."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}") for name in names}


class Command(QuietCommand):
    """Look after the archive: statistics, revisions, coverage, checks, rebuilds, exports."""

    def syntax(self) -> str:
        return "VERB [options]"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        choices = parser.add_subparsers(metavar="VERB", dest="verb", required=True)
        for name, verb in verbs().items():
            child = choices.add_parser(name, help=verb.SHORT, description=verb.SHORT)
            verb.add_arguments(child)
            child.set_defaults(run=verb.run)

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        code: int = args.run(args, settings)
        return code

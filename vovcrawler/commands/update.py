"""``scrapy update``: one scheduled run, for cron, systemd and Scrapyd."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand
from scrapy.settings import BaseSettings

from vovcrawler import context, dates, running, sections
from vovcrawler.catalogue import Catalogue
from vovcrawler.cli import begin, guarded, in_sentences, say
from vovcrawler.errors import UsageTrouble
from vovcrawler.spiders.article import whole_number
from vovcrawler.spiders.update import Plan

# Options that limit a run: the setting of each, and how much of it one is.
_LIMITS = {"budget": ("REQUESTS_MAX", 1), "minutes": ("CLOSESPIDER_TIMEOUT", 60)}


class Command(BaseRunSpiderCommand):
    """Fetch what is new, what is due and what was left over."""

    requires_project = True

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Fetch what is new, what is due and what was left over; for schedulers"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        in_sentences(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be asked for, and ask nothing")
        parser.add_argument("--budget", metavar="N", help="end after N requests; the rest is for the next run")
        parser.add_argument("--minutes", metavar="N", help="end after N minutes; the rest is for the next run")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        begin(opts)
        super().process_options(args, opts)
        assert self.settings is not None
        settings = self.settings
        if opts.dry_run and not opts.loglevel:
            settings.set("LOG_LEVEL", "WARNING", priority="project")
        running.prepare(self, opts, lambda: _limited(args, opts, settings))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        settings = self.settings
        if opts.dry_run:
            self.exitcode = guarded(lambda: _print_plan(settings))
        else:
            self.exitcode = running.run(self, opts)


def _limited(args: list[str], opts: argparse.Namespace, settings: BaseSettings) -> str:
    running.refuse_options(args)
    if args:
        raise UsageTrouble(f"update takes no {args[0]!r}; what it fetches follows from the archive and the site.")
    for option, most in limits(opts).items():
        name, unit = _LIMITS[option]
        settings.set(name, most * unit, priority="cmdline")
    return "update"


def limits(opts: argparse.Namespace) -> dict[str, int]:
    """Return the limits of a run that were given, by option; raises :class:`UsageTrouble`."""
    given = {option: value for option in _LIMITS if (value := getattr(opts, option))}
    for option, value in given.items():
        if not whole_number(f"--{option}", value):
            raise UsageTrouble(f"--{option} {value} leaves nothing to do; say 1 or more.")
    return {option: int(value) for option, value in given.items()}


def _print_plan(settings: BaseSettings) -> int:
    now = context.clock_of(settings)()
    depth = dates.vietnam_day(now) - timedelta(days=settings.getint("UPDATE_DAYS"))
    known = sections.table(settings.getdict("SECTIONS"))
    folder = Path(settings["DATA_DIR"])
    if Catalogue.is_in(folder):
        with Catalogue.read(folder) as catalogue:
            plan = Plan.make(catalogue, known, now, depth)
    else:
        plan = Plan.make(None, known, now, depth)
    for line in _lines(plan):
        print(line)
    lists = len(plan.feeds) + len(plan.lists) + len(plan.sitemaps)
    say(f"{lists} lists, {len(plan.left)} left over, {len(plan.due)} due; and what the lists have new.")
    return 0


def _lines(plan: Plan) -> Iterator[str]:
    lists = [*plan.feeds, *plan.lists, *plan.sitemaps]
    for title, urls in (("list", lists), ("left", plan.left), ("due", plan.due)):
        yield from (f"{title}\t{url}" for url in dict.fromkeys(urls))

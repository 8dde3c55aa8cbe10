"""``scrapy schedule``: ``scrapy update`` again and again, where there is no cron."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from vovcrawler import revisit, running
from vovcrawler.cli import QuietCommand, say
from vovcrawler.commands.update import limits
from vovcrawler.errors import Trouble, UsageTrouble
from vovcrawler.rounds import Rounds


class Command(QuietCommand):
    """Run "scrapy update" every so often, where there is no cron."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--every", default="15m", metavar="TIME", help="from start to start, such as 15m or 1h (15m)"
        )
        parser.add_argument("--timeout", default="6h", metavar="TIME", help="end a run that takes longer (6h)")
        parser.add_argument("--rounds", type=int, default=0, metavar="N", help="end after N runs (0: never)")
        parser.add_argument("--budget", metavar="N", help="requests of each run, as for update")
        parser.add_argument("--minutes", metavar="N", help="minutes of each run, as for update")

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        if args.rounds < 0:
            raise UsageTrouble(f"--rounds {args.rounds} is no number of runs, such as 3, or 0 for no end.")
        running.check_settings(settings)
        every, timeout = (_span(name, getattr(args, name)) for name in ("every", "timeout"))
        given = [part for name, most in limits(args).items() for part in (f"--{name}", str(most))]
        line = [sys.executable, "-m", "scrapy", "update", *given, *_given(settings)]
        rounds = Rounds(line=line, every=every.total_seconds(), timeout=timeout.total_seconds(), say=say)
        code = rounds.run(args.rounds)
        # A run that was killed, or that we had to end, has failed.
        return code if code >= 0 else Trouble.exit_code


def _span(name: str, text: str) -> timedelta:
    span = revisit.span(text)
    if span is None:
        raise UsageTrouble(f"--{name} {text} is no time, such as 15m, 90s, 1h or 1d.")
    return span


def _given(settings: BaseSettings) -> list[str]:
    """Return the settings that were given to us, for the runs."""
    given = [name for name in settings if settings.getpriority(str(name)) == SETTINGS_PRIORITIES["cmdline"]]
    return [part for name in sorted(map(str, given)) for part in ("-s", f"{name}={settings[name]}")]

"""``scrapy doctor``: is the machine, the archive and the site as it should be?"""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import AsyncCrawlerProcess

from vovcrawler import checks, context, revisit, running
from vovcrawler.checks import Finding
from vovcrawler.cli import begin, guarded, in_sentences
from vovcrawler.errors import StorageTrouble, Trouble, UsageTrouble


class Command(BaseRunSpiderCommand):
    """Look whether all is well; the exit code says so."""

    requires_project = True

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Look at disk, clock, lock, robots.txt, layouts and the newest article"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        in_sentences(parser)
        parser.add_argument("--offline", action="store_true", help="ask the site nothing")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        begin(opts)
        super().process_options(args, opts)
        assert self.settings is not None
        if not opts.loglevel:
            self.settings.set("LOG_LEVEL", "ERROR", priority="project")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        self.exitcode = guarded(lambda: self._look(args, offline=opts.offline))

    def _look(self, args: list[str], *, offline: bool) -> int:
        if args:
            raise UsageTrouble(
                f"doctor takes no {args[0]!r}; it looks at everything, or with --offline at what is here."
            )
        assert self.settings is not None
        settings = self.settings
        running.check_settings(settings)
        folder = Path(settings["DATA_DIR"])
        if (oldest := revisit.span(settings["NEWEST_MAX"])) is None:
            raise UsageTrouble(f"NEWEST_MAX={settings['NEWEST_MAX']!r} is no time, such as 1d or 12h.")
        findings = [_tell(found) for found in checks.local(folder, context.clock_of(settings)(), oldest)]
        if any(not found.is_well for found in findings if found.name in {"disk", "rights"}):
            return StorageTrouble.exit_code
        code = 0
        if held := checks.holder(folder):
            print(f"ok   lock      {held}; the site is not asked")
        elif not offline:
            code = self._ask(findings)
        return code or int(not all(found.is_well for found in findings))

    def _ask(self, findings: list[Finding]) -> int:
        process = self.crawler_process
        assert isinstance(process, AsyncCrawlerProcess)
        crawler = self._create_crawler("checkup")
        try:
            code = running.crawl(process, crawler, {})
        except Trouble as trouble:
            _tell(Finding("site", False, str(trouble)))
            return trouble.exit_code
        # Answers come in any order; what is printed does not.
        found = sorted(getattr(crawler.spider, "findings", []), key=_rank)
        findings += map(_tell, found)
        barred = getattr(crawler.spider, "barred", None) or (None if found else "nothing could be asked")
        _tell(Finding("robots", not barred, barred or "robots.txt lets us ask"))
        return code


def _rank(found: Finding) -> tuple[bool, bool, str]:
    return found.name != "list", found.name != "clock", found.name


def _tell(found: Finding) -> Finding:
    print(f"{'ok ' if found.is_well else 'BAD'}  {found.name:9} {found.seen}")
    return found

"""Running a spider from a command: its options looked at first, its end as an exit code."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import math
import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings
from w3lib.url import file_uri_to_path

from vovcrawler import context, duplicates, runs, sections
from vovcrawler.cli import guarded, say, signals_kept
from vovcrawler.errors import Trouble, UsageTrouble
from vovcrawler.items import Article, Layout
from vovcrawler.replay import source_paths
from vovcrawler.revisit import Revisits
from vovcrawler.sources import check_named

logger = logging.getLogger(__name__)

# Settings that count something; the other numbers may be broken ones.
_WHOLE = frozenset(
    {
        "ARCHIVE_MAX_BYTES",
        "CONCURRENT_ITEMS",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "DEPTH_LIMIT",
        "LIST_PAGES_MAX",
        "REDIRECT_MAX_TIMES",
        "REFUSALS_MAX",
        "REQUESTS_MAX",
        "RETRY_TIMES",
        "SITEMAPS_MAX",
        "UNANSWERED_MAX",
        "UPDATE_DAYS",
    }
)


# Settings with a form of their own, and what refuses another one.
_FORMS = {"NEAR_DUPLICATE_SIMILARITY": duplicates.limit, "REVISIT_AFTER": Revisits.parse}
_AT_LEAST_ONE = frozenset(
    {
        "ARCHIVE_MAX_BYTES",
        "CONCURRENT_ITEMS",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "MONITOR_MEDIAN_FACTOR",
    }
)
# The days before the first ones that a calendar knows are none.
_AT_MOST = {"MONITOR_COVERAGE_MIN": 1, "UPDATE_DAYS": 36_500}
# Settings whose value is a dotted name are loaded, but for those that name a module, or may be a word.
_LOADED = re.compile(r"[a-z_]\w*(?:\.\w+)+")
_LOADED_OR_NAMED = frozenset({"COMMANDS_MODULE", "NEWSPIDER_MODULE", "REFERRER_POLICY", "SETTINGS_MODULE"})
_SHARES = frozenset({"MONITOR_FALLBACK_MAX", "MONITOR_MISSING_MAX"})


def prepare(command: BaseRunSpiderCommand, opts: argparse.Namespace, choose: Callable[[], str]) -> None:
    """Look at all that was typed before anything is started or logged; wrong usage ends the process here.

    *choose* returns the name of the spider.
    """
    assert command.settings is not None
    settings = command.settings
    # On a terminal the progress line tells what the log would.
    if sys.stderr.isatty() and not (opts.loglevel or opts.logfile):
        settings.set("LOG_LEVEL", "WARNING", priority="project")

    def look() -> int:
        check_settings(settings)
        opts.spider = choose()
        check_outputs(settings)
        if source := settings["REPLAY_SOURCE"]:
            check_named(source_paths(source))
        if settings.getbool("HTTPPROXY_ENABLED") and not settings.get("REPLAY_SOURCE"):
            check_proxy(getproxies().get("https", ""))
        # A spider that cannot be made of these arguments says so; this one is never run.
        trial = Crawler(get_spider_loader(settings).load(opts.spider), settings)
        trial.spidercls.from_crawler(trial, **opts.spargs)
        return 0

    if code := guarded(look):
        sys.exit(code)


def run(command: BaseRunSpiderCommand, opts: argparse.Namespace) -> int:
    """Run the spider that :func:`prepare` found; return the exit code, what goes wrong is said in one sentence."""

    def crawled() -> int:
        process, settings = command.crawler_process, command.settings
        assert settings is not None
        if not isinstance(process, AsyncCrawlerProcess):
            forced = settings.getbool("FORCE_CRAWLER_PROCESS")
            name = "FORCE_CRAWLER_PROCESS" if forced else "TWISTED_REACTOR"
            raise UsageTrouble(f"{name}={settings[name]!s} is not for us, who need asyncio; leave it as it was.")
        return crawl(process, command._create_crawler(opts.spider), opts.spargs)

    return guarded(crawled)


def spider_names(settings: BaseSettings) -> list[str]:
    """Return the names of the spiders of this project."""
    return sorted(get_spider_loader(settings).list())


def crawl(process: AsyncCrawlerProcess, crawler: Crawler, arguments: Mapping[str, str]) -> int:
    """Run *crawler* to its end; return its exit code or raise the :class:`Trouble` that kept it from starting."""
    task = process.crawl(crawler, **arguments)
    # What is loaded by now stays, with hardly any garbage in it: the collector need not walk through it at all.
    gc.freeze()
    problems: list[BaseException | None] = []
    task.add_done_callback(lambda done: problems.append(None if done.cancelled() else done.exception()))
    with signals_kept():
        process.start()
    report = crawler.get_extension(runs.Report) if crawler._extensions else None
    if problem := next(filter(None, problems), None):
        context.close(crawler)
        if isinstance(problem, Trouble):
            raise problem
        logger.error("The run failed", exc_info=problem)
        return runs.FAILED
    if report is None:
        return runs.FAILED
    end = report.finish()
    if end.sentence:
        say(end.sentence)
    return end.exit_code


def check_settings(settings: BaseSettings) -> None:
    """Raise :class:`UsageTrouble` for a number, switch, table or class given with ``-s`` that is none."""
    defaults = get_project_settings()
    for name, value in settings.items():
        if settings.getpriority(name) != SETTINGS_PRIORITIES["cmdline"] or not isinstance(value, str):
            continue
        if check := _FORMS.get(name):
            check(value)
            continue
        default = defaults.get(name)
        kind, read = _kind(name, default)
        try:
            given = read(settings, name)
            _check_bounds(f"{name}={value}", name, default, given)
        except (ValueError, TypeError, ImportError, NameError):
            shown = json.dumps(default) if isinstance(default, dict) else default
            raise UsageTrouble(f"{name}={value} is not {kind}, such as {name}={shown}.") from None
        if name in _SHARES and isinstance(given, dict):
            _check_shares(name, given)
        if name == "SECTIONS" and isinstance(given, dict):
            _check_sections(given)


def check_proxy(address: str) -> None:
    """Raise :class:`UsageTrouble` for a proxy that Scrapy cannot use; its own errors would not tell.

    >>> check_proxy("http://user:secret@127.0.0.1:3128")
    >>> check_proxy("user:secret@127.0.0.1:3128")
    Traceback (most recent call last):
        ...
    vovcrawler.errors.UsageTrouble: HTTPS_PROXY=…@127.0.0.1:3128 is no proxy for us; say HTTPS_PROXY=http://HOST:PORT.
    """
    try:
        parts = urlsplit(address)
        is_right = parts.scheme == "http" and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        is_right = False
    if address and not is_right and not proxy_bypass("vov.vn"):
        # Nobody else is to read the password.
        shown = re.sub(r"(?:(?<=//)|^)[^/]*@", "…@", address)
        raise UsageTrouble(f"HTTPS_PROXY={shown} is no proxy for us; say HTTPS_PROXY=http://HOST:PORT.")


def _check_bounds(typed: str, name: str, default: object, value: object) -> None:
    """Refuse a number with which a run would never begin, never end, or never be well."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(default, (int, float)):
        return
    if not math.isfinite(value):
        raise ValueError(name)
    least = 1 if name in _AT_LEAST_ONE else 0
    # A priority may be anything, and some settings of Scrapy mean "not at all" by a negative number.
    if value < least and default >= 0 and "PRIORITY" not in name:
        raise UsageTrouble(f"{typed} is too little: say {least} or more, such as {name}={default}.")
    if (most := _AT_MOST.get(name)) and value > most:
        raise UsageTrouble(f"{typed} is too much: say {most} or less, such as {name}={default}.")


def _check_shares(name: str, shares: Mapping[str, Any]) -> None:
    """Refuse a limit for a field that no record has: nothing would ever be held against it."""
    for key, share in shares.items():
        layout, _, field = key.rpartition("/")
        if field not in Article.__slots__ or (layout and layout not in get_args(Layout)):
            raise UsageTrouble(f"{name} has {key!r}; say a field of the record, such as lead or drupal/lead.")
        try:
            is_share = 0 <= float(share) <= 1
        except (ValueError, TypeError):
            is_share = False
        if not is_share:
            raise UsageTrouble(f"{name} has {share!r} for {key!r}; say a share from 0 to 1, such as 0.05.")


def _check_sections(given: Mapping[str, object]) -> None:
    try:
        sections.check(given)
    except ValueError as problem:
        right = '"" where it has no feed, null to leave it out'
        raise UsageTrouble(f"SECTIONS has {problem}; say where on vov.vn its feed is, {right}.") from None


def _kind(name: str, default: object) -> tuple[str, Callable[[BaseSettings, str], object]]:
    """Return what the setting *name* holds, and how it is read."""
    if isinstance(default, bool):
        return "True or False", BaseSettings.getbool
    if name in _WHOLE:
        return "a whole number", BaseSettings.getint
    if isinstance(default, (int, float)):
        return "a number", BaseSettings.getfloat
    if isinstance(default, dict):
        return "a JSON object", BaseSettings.getdict
    if isinstance(default, str) and _LOADED.fullmatch(default) and name not in _LOADED_OR_NAMED:
        return "a class or function that can be loaded", lambda settings, name: load_object(settings[name])
    return "a text", BaseSettings.get


def refuse_options(args: list[str]) -> None:
    """Raise :class:`UsageTrouble` where *args* holds something that looks like a mistyped option."""
    for arg in args:
        if arg.startswith("-") and arg != "-":
            raise UsageTrouble(f"There is no option {arg!r}; --help lists them.")


def check_outputs(settings: BaseSettings) -> None:
    """Raise :class:`UsageTrouble` for an output file (``-o``, ``-O``) that cannot be written, or hold a record."""
    for uri, options in settings.getdict("FEEDS").items():
        uri = str(uri)
        _check_feed(uri, options, settings)
        if uri.startswith("stdout:") or ("://" in uri and not uri.startswith("file:")):
            continue
        path = Path(file_uri_to_path(uri) if uri.startswith("file:") else uri)
        if path.is_dir():
            raise UsageTrouble(f"The output {str(path)!r} is a folder; name a file in it.")
        if not _is_writable(path):
            raise UsageTrouble(f"The output {str(path)!r} cannot be written; name another file.")


def _check_feed(uri: str, options: Any, settings: BaseSettings) -> None:
    """Refuse what can hold no record: Scrapy would leave each out, and say so in the log alone."""
    formats = sorted(name for name, exporter in settings.getwithbase("FEED_EXPORTERS").items() if exporter)
    named = options.get("format") if isinstance(options, Mapping) else None
    if named not in formats:
        raise UsageTrouble(
            f'FEEDS names no format for {uri!r}; say {{"format": "jsonlines"}},'
            f" or another of {', '.join(formats)}."
        )
    encoding = str(options.get("encoding") or settings["FEED_EXPORT_ENCODING"] or "utf-8")
    try:
        "Việt".encode(encoding)
    except (LookupError, UnicodeEncodeError) as error:
        raise UsageTrouble(
            f"FEED_EXPORT_ENCODING={encoding} cannot hold Vietnamese; say FEED_EXPORT_ENCODING=utf-8."
        ) from error


def _is_writable(path: Path) -> bool:
    """Try it: rights alone do not tell, least of all to root."""
    if path.exists():
        return os.access(path, os.W_OK)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            return True
    except OSError:
        return False

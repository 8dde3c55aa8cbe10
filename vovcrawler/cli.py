"""What our commands share: their options, and saying what went wrong in one sentence."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings
from scrapy.utils.project import get_project_settings

from vovcrawler import streams
from vovcrawler.errors import StorageTrouble, Trouble, UsageTrouble
from vovcrawler.facets import STATUSES


def say(sentence: str) -> None:
    """Print *sentence* on standard error, where a terminal and a cron mail both show it."""
    # Where that is full nobody can be told; the exit code still tells.
    with suppress(OSError):
        print(f"scrapy: {sentence}", file=sys.stderr)


def guarded(act: Callable[[], int]) -> int:
    """Return the exit code of *act*, or that of the trouble it met, which is said in its sentence."""
    with _stoppable():
        try:
            code = act()
            sys.stdout.flush()
            return code
        except Trouble as trouble:
            say(str(trouble))
            return trouble.exit_code
        except KeyboardInterrupt:
            say("Stopped before the end.")
            return Trouble.exit_code
        except BrokenPipeError:
            return 0  # whoever read has enough
        except UnicodeEncodeError as error:
            # Only what was typed can hold it, in another coding than that of the terminal.
            say(f"{error.object!r} is not text in UTF-8.")
            return UsageTrouble.exit_code
        except OSError as error:
            what = repr(error.filename) if error.filename else "Standard output"
            say(f"{what} cannot be used: {error.strerror}.")
            return StorageTrouble.exit_code
        finally:
            streams.let_go(sys.stdout)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that what it was writing is taken away; SIGHUP, too."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # Who has them handled, or ignored as nohup does, wants it so.
    ours = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _interrupt if number == signal.SIGTERM else _terminate)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _terminate(*_: object) -> None:
    # A crawl handles this one by itself.
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def signals_kept() -> Iterator[None]:
    """Let signals be handled as before when a block that has its own way with them is over."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_plain_error = logging.Handler.handleError
_unwritten: set[str] = set()


def _log_failed(handler: logging.Handler, record: logging.LogRecord) -> None:
    """Say once that a log takes no more, in place of a traceback for each line; the run goes on without it."""
    error = sys.exc_info()[1]
    if not isinstance(error, OSError):
        _plain_error(handler, record)
        return
    name = "Standard error"
    if isinstance(handler, logging.FileHandler) and handler.stream:
        name = repr(handler.baseFilename)
        # What Python holds back for the file would fail again where nobody expects it: as the log is closed.
        streams.nowhere(handler.stream.fileno())
    # Scrapy opens the same file again for each crawl.
    if name not in _unwritten:
        _unwritten.add(name)
        say(f"The log {name} cannot be written: {error.strerror}.")


def begin(opts: argparse.Namespace) -> None:
    """Begin a command: with all standard streams, and with options of Scrapy's own that are right.

    Where one is wrong for which Scrapy has no sentence, the process ends with ours.
    """
    streams.complete()
    logging.Handler.handleError = _log_failed  # type: ignore[assignment,method-assign]

    def look() -> int:
        pairs = [("-s", typed) for typed in opts.set] + [("-a", typed) for typed in getattr(opts, "spargs", ())]
        for option, typed in pairs:
            if "=" not in typed:
                raise UsageTrouble(f"{option} {typed!r} gives no value; say {option} NAME=VALUE.")
            if option == "-a":
                typed.encode()
        _check_outputs(getattr(opts, "output", None) or (), getattr(opts, "overwrite_output", None) or ())
        given = dict(typed.split("=", 1) for typed in opts.set)
        _check_objects(given)
        if not given.get("DATA_DIR", "data").strip():
            raise UsageTrouble("DATA_DIR= names no folder; say DATA_DIR=data.")
        _check_level(opts.loglevel or given.get("LOG_LEVEL", "INFO"))
        for path in filter(None, (opts.logfile, given.get("LOG_FILE"), opts.pidfile)):
            _check_place(Path(path))
        return 0

    if code := guarded(look):
        sys.exit(code)


def _check_outputs(added: Sequence[str], replaced: Sequence[str]) -> None:
    if added and replaced:
        raise UsageTrouble(f"-o {added[0]!r} and -O {replaced[0]!r} do not go together; say one of them.")
    known = {name for name, exporter in get_project_settings().getwithbase("FEED_EXPORTERS").items() if exporter}
    for typed in (*added, *replaced):
        # As Scrapy takes it: FILE:FORMAT, else the ending of the file.
        if not {typed.rpartition(":")[2], Path(typed).suffix.replace(".", "")} & known:
            given, formats = f"{'-o' if added else '-O'} {typed!r}", ", ".join(sorted(known))
            raise UsageTrouble(f"{given} names no format; end it in .jsonl, or say FILE:FORMAT ({formats}).")


def _check_objects(given: Mapping[str, str]) -> None:
    """Raise :class:`UsageTrouble` for a setting that is an object, of which Scrapy would not say which one."""
    settings = get_project_settings()
    for name, value in given.items():
        try:
            settings.set(name, value)
        except (TypeError, ValueError) as error:
            raise UsageTrouble(f"{name}={value} is not a JSON object, such as {name}={{}}.") from error


def _check_level(name: str) -> None:
    levels = logging.getLevelNamesMapping()
    if name not in levels and not name.isdecimal():
        known = ", ".join(sorted(levels, key=levels.__getitem__))
        raise UsageTrouble(f"LOG_LEVEL={name} is no level; there are {known}.")


def _check_place(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir():
        why = "a folder is there" if path.is_dir() else f"there is no folder {str(path.parent)!r}"
        raise UsageTrouble(f"The file {str(path)!r} cannot be made: {why}.")


def output(typed: str) -> Path:
    """Return the path of a file that is to be replaced; raises :class:`UsageTrouble` where something else is."""
    path = Path(typed)
    if not typed:
        raise UsageTrouble("The output '' names no file.")
    if path.is_dir():
        raise UsageTrouble(f"The output {typed!r} is a folder; name a file in it.")
    # For root the new file would stand in the place of /dev/null.
    if path.exists() and not path.is_file():
        raise UsageTrouble(f"The output {typed!r} is a device or a pipe; name a file.")
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def in_sentences(parser: argparse.ArgumentParser) -> None:
    """Let *parser*, which Scrapy made, answer wrong usage in one sentence as ours do."""

    def error(message: str) -> NoReturn:
        say(f"{message[:1].upper()}{message[1:]}; --help tells what would be right.")
        sys.exit(UsageTrouble.exit_code)

    parser.error = error  # type: ignore[method-assign]


class SentenceParser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        # What looks like a negative number is a value, wrong though it may be: it is quoted then.
        self._negative_number_matcher = re.compile(r"-\.?\d")

    def error(self, message: str) -> NoReturn:
        raise UsageTrouble(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Declare what articles can be chosen by: :class:`~vovcrawler.facets.Filters`."""
    option = parser.add_argument
    option("--section", metavar="S", help="only of this section, such as the-gioi")
    option("--author", metavar="NAME", help="only by this author")
    option("--tag", metavar="T", help="only with this tag")
    option("--outlet", metavar="O", help="only of this outlet, such as VOV.VN")
    option("--status", metavar="|".join(STATUSES), help="only articles that stand so")
    option("--since", metavar="D", help="published on this day or later: 2026-11-01, '3 days'")
    option("--until", metavar="D", help="published on this day or earlier")


class QuietCommand(ScrapyCommand):
    """A command of ours that runs no spider in this process."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def short_desc(self) -> str:
        return (type(self).__doc__ or "").partition("\n")[0]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what this command takes on its command line."""

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        """Do the work and return the exit code."""
        raise NotImplementedError

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        in_sentences(parser)
        # Scrapy's parser takes its own options wherever they stand; ours gets the rest, --help with it.
        parser.add_argument("-h", "--help", action="store_true", dest="wants_help")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        begin(opts)
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        settings = self.settings
        parser = SentenceParser(
            prog=f"scrapy {type(self).__module__.rpartition('.')[2]}",
            description=self.short_desc(),
            epilog="Scrapy's options work here too, such as -s DATA_DIR=FOLDER and -L DEBUG.",
        )
        self.add_arguments(parser)
        given = [*args, "--help"] if opts.wants_help else args
        self.exitcode = guarded(lambda: self.act(parser.parse_args(given), settings))

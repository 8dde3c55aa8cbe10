"""``scrapy corpus build``: the records of a replay, read by many workers."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scrapy.settings import BaseSettings

from vovcrawler import duplicates
from vovcrawler.catalogue.store import sentences
from vovcrawler.cli import QuietCommand, say
from vovcrawler.errors import StorageTrouble, Trouble, UsageTrouble

if TYPE_CHECKING:
    from vovcrawler.corpus import Built

FORMATS = ("jsonl", "parquet")


class Command(QuietCommand):
    """Read archives of any size again, on many processors or machines, into one file of records."""

    def syntax(self) -> str:
        return "build SOURCE… --out DIR [--workers N | --ray ADDRESS | --slurm PARTITION]"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(metavar="build", dest="verb", required=True)
        verb = verbs.add_parser("build", help="write the records of SOURCE…", description=self.short_desc())
        option = verb.add_argument
        option("source", metavar="SOURCE", nargs="+", help="folder, .txt, .html, .warc(.gz) or .wacz, also s3://…")
        option(
            "--out", metavar="DIR", required=True, help="the folder to write to, on a disk that all workers share"
        )
        option("--workers", metavar="N", help="how many work at once (default: a worker for each processor here)")
        option("--ray", metavar="ADDRESS", help="work on this Ray cluster, such as auto or local")
        option("--slurm", metavar="PARTITION", help="work on this partition of Slurm")
        option("--format", metavar="|".join(FORMATS), default="jsonl", help="default: jsonl")

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        if args.format not in FORMATS:
            raise UsageTrouble(f"--format {args.format!r} is none of {', '.join(FORMATS)}.")
        if not args.out or "://" in args.out:
            raise UsageTrouble(f"--out {args.out!r} is no folder: records are written to a disk.")
        duplicates.limit(settings["NEAR_DUPLICATE_SIMILARITY"])
        kind, workers = _kind(args), _workers(args)
        _require("datatrove", *(["ray"] if kind == "ray" else []))
        if kind == "local" and workers > 1:
            _load_ahead()
        # Only whoever asks for it has to have datatrove, and waits until it is loaded.
        from vovcrawler.corpus import Engine, build

        engine = Engine(kind=kind, workers=workers, where=args.ray or args.slurm or "")
        out = Path(args.out)
        with sentences(out):
            built = build(args.source, out, args.format, engine, settings)
        return _tell(built)


def _kind(args: argparse.Namespace) -> Literal["local", "ray", "slurm"]:
    if args.ray is not None and args.slurm is not None:
        raise UsageTrouble(f"--ray {args.ray} and --slurm {args.slurm} exclude each other.")
    for name in ("ray", "slurm"):
        if vars(args)[name] == "":
            raise UsageTrouble(f"--{name} '' names nothing.")
    return "ray" if args.ray else "slurm" if args.slurm else "local"


def _workers(args: argparse.Namespace) -> int:
    """Return how many may work at once; 0 where the cluster may say."""
    if args.workers is None:
        return 0 if args.ray or args.slurm else _processors()
    if args.workers.isascii() and args.workers.isdecimal() and int(args.workers[:7]) > 0:
        return int(args.workers[:7])
    raise UsageTrouble(f"--workers {args.workers!r} is no number of workers, such as 2.")


def _processors() -> int:
    """Return how many processors this process may use, where the system tells; else how many there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _load_ahead() -> None:
    """Start what workers are forked from: it loads once, while this process does, what all of them need."""
    from multiprocess import forkserver

    forkserver.set_forkserver_preload(["vovcrawler.corpus.blocks", "scrapy.cmdline"])
    # Ctrl-C reaches all. It is this process that ends the workers, and says so: they do not hear what it did not
    # hear when it started the first of them.
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, usual)


def _require(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            raise UsageTrouble(f"A corpus needs {module}, which is not installed: pip install -e '.[corpus]'.")


def _tell(built: Built) -> int:
    say(f"{built.records} records of {built.captures} captures are in {str(built.files[0])!r}.")
    for sentence in built.damage:
        say(f"Damaged: {sentence}")
    for trouble in built.troubles:
        say(str(trouble))
    if built.troubles:
        return built.troubles[0].exit_code
    if built.damage:
        return StorageTrouble.exit_code
    if not built.records:
        raise Trouble(
            f"{_none_of(built.captures)} gave an article." if built.captures else "There was nothing to read."
        )
    return 0


def _none_of(captures: int) -> str:
    return f"None of the {captures} captures" if captures > 1 else "Not the one capture"

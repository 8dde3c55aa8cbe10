"""The program in processes that are forked from one that has imported it: in a fraction of the time of a start.

Each is a process of its own, with its own environment, output and exit code; only that its modules are there by
then. What looks at the start itself, at signals or at terminals starts ``python -m scrapy``.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests import faults

IS_POSSIBLE = hasattr(os, "fork")
_FORKS = multiprocessing.get_context("forkserver" if IS_POSSIBLE else "spawn")
if IS_POSSIBLE:
    _FORKS.set_forkserver_preload(["tests.preload"])


def start(
    argv: Sequence[str],
    environment: Mapping[str, str],
    out: Path,
    err: Path | None = None,
    *,
    fault: str | None = None,
    is_whole: bool = False,
) -> BaseProcess:
    """Start ``scrapy`` with these arguments, perhaps with a *fault* in it.

    What it prints goes to the file *out*, its errors to *err*, if that is another one. The *environment* comes on
    top of ours, unless it *is_whole*.
    """
    task = (list(argv), dict(environment), fault, str(out), str(err or out), is_whole)
    process = _FORKS.Process(target=faults.child, args=task)
    process.start()
    return process

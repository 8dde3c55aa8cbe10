"""The program in processes that are forked from one that has imported it: in a fraction of the time of a start.

Each is a process of its own, with its own environment, output and exit code; only that its modules are there by
then. What looks at the start itself, at signals or at terminals starts ``python -m scrapy``.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests import faults

IS_POSSIBLE = hasattr(os, "fork")
_FORKS = multiprocessing.get_context("forkserver" if IS_POSSIBLE else "spawn")
if IS_POSSIBLE:
    _FORKS.set_forkserver_preload(["tests.preload"])
# Who starts a process looks which others have ended, and an exit code can be read only once.
_TURN = threading.Lock()


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
    with _TURN:
        process.start()
    return process


def ended(process: BaseProcess, timeout: float) -> int | None:
    """Wait for *process* from any thread; return its exit code, ``None`` when it takes longer than *timeout*."""
    wait([process.sentinel], timeout)
    with _TURN:
        process.join(0)
        return process.exitcode

"""The standard streams: those that a process was started without, and an output that takes no more."""

from __future__ import annotations

import atexit
import os
import sys
from io import TextIOWrapper
from typing import TextIO


def complete() -> None:
    """Give the process the standard streams that it was started without; let text leave it as UTF-8.

    Of a closed one the number goes to the next file that is opened, and what is meant for a reader would go there.
    Whatever the locale, what we print is Vietnamese, and JSON.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(_null(number), "w" if number else "r", encoding="utf-8"))  # noqa: SIM115
        elif number and isinstance(stream := getattr(sys, name), TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    atexit.register(lambda: let_go(sys.stderr))


def let_go(stream: TextIO) -> None:
    """Give up what *stream* does not take: Python would try again as it ends, and make 120 of any exit code."""
    try:
        stream.flush()
    except OSError:
        nowhere(stream.fileno())


def _null(number: int) -> int:
    """Return a descriptor that leads nowhere: *number*, unless a file has it by now."""
    null = os.open(os.devnull, os.O_RDWR)
    if null == number:
        return null
    try:
        os.fstat(number)
    except OSError:
        os.dup2(null, number)
        os.close(null)
        return number
    return null


def nowhere(descriptor: int) -> None:
    """Let all that is still written to *descriptor* vanish, also what Python holds back until it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)

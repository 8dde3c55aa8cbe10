"""What becomes of an output that takes no more."""

from __future__ import annotations

import os


def nowhere(descriptor: int) -> None:
    """Let all that is still written to *descriptor* vanish, also what Python holds back until it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)

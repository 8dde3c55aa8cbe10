"""Time that nobody waits for: an event loop whose clock goes on to the next timer when nothing else is to do.

Delays, holds and back-offs are those of the real program; an hour of them takes as long as its work takes.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

# Whatever spaces requests reads the time under one of these names.
_CLOCKS = ("scrapy.core.downloader.monotonic", "vovcrawler.politeness.monotonic")
# What looks at something every so often need not do so for each quarter of a second that nobody waits for.
_GLANCES = {"vovcrawler.commits._TICK": 2.0, "vovcrawler.politeness.GLANCE": 0.5}


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop at whose clock nothing takes time but waiting."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Hasty(self))

    def time(self) -> float:
        return self.now


class _Hasty(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0 if timeout else timeout)
        if timeout and not ready:
            self.loop.now += timeout
        return ready


@contextmanager
def virtual_time(loop: VirtualLoop) -> Iterator[None]:
    """Let all that waits in the block wait by the clock of *loop*."""
    patches = [patch(name, loop.time) for name in _CLOCKS]
    patches += [patch(name, seconds) for name, seconds in _GLANCES.items()]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()

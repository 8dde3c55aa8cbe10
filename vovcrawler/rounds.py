"""Running a command again and again where there is no cron, in child processes: a crash or hang costs one run."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from vovcrawler.errors import Trouble

# How often to look whether the child has ended or we are asked to.
_GLANCE = 0.1


@dataclass(kw_only=True)
class Rounds:
    """The rounds of *line*: one *every* so many seconds, each ended after *timeout*.

    A round that lasts longer than *every* lets the next one wait; rounds that were missed so are not made up for.
    """

    line: Sequence[str]
    every: float
    timeout: float
    # How long a run may take to end when it is asked to, if it may take so long at all.
    grace: float = 60.0
    say: Callable[[str], None] = print
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, rounds: int = 0) -> int:
        """Run until SIGTERM or SIGINT, or so many *rounds*; return the exit code of the last run that failed."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        code, done = 0, 0
        try:
            while not self.stopping.is_set():
                began = monotonic()
                code = self._round() or code
                done += 1
                if done == rounds:
                    return code
                self.stopping.wait(self.every - (monotonic() - began) % self.every)
            return 0
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self.stopping.set()

    def _round(self) -> int:
        """Run once; return the exit code, 0 when we had to end it ourselves because we are to end."""
        began = monotonic()
        try:
            started = subprocess.Popen(self.line)
        except OSError as error:
            # No memory for it, or too many processes: there may be room for the next one.
            self.say(f"run could not be started: {error.strerror}")
            return Trouble.exit_code
        with started as child:
            while child.poll() is None and not self.stopping.is_set() and monotonic() - began < self.timeout:
                self.stopping.wait(_GLANCE)
            is_late = child.poll() is None and not self.stopping.is_set()
            code = self._end(child)
        if self.stopping.is_set():
            return 0
        how = f"did not end in {self.timeout:g} s and was ended" if is_late else f"ended with exit code {code}"
        self.say(f"run {how} after {monotonic() - began:.1f} s")
        return code

    def _end(self, child: subprocess.Popen[bytes]) -> int:
        """Ask *child* to end when it has not, then make it; return its exit code."""
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(min(self.grace, self.timeout))
            except subprocess.TimeoutExpired:
                child.kill()
        return child.wait()

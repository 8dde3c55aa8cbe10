"""The workers of a corpus: what becomes of them when the command is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytest.importorskip("datatrove")
pytestmark = pytest.mark.slow

SLEEPER = """
import sys
from pathlib import Path
from datatrove.pipeline.base import PipelineStep
from vovcrawler.corpus import engines

class Sleeper(PipelineStep):
    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def run(self, data, rank=0, world_size=1):
        import pathlib, time
        pathlib.Path(self.folder, str(rank)).touch()
        time.sleep(60)
        yield from ()

engines.run(engines.Engine(workers=2), [Sleeper(sys.argv[1])], 2, Path(sys.argv[1], "logs"), "files")
"""


def test_workers_leave_their_tasks_when_the_command_is_killed(tmp_path: Path) -> None:
    line = [sys.executable, "-c", SLEEPER, str(tmp_path)]
    with subprocess.Popen(line, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE) as process:
        try:
            while not ((tmp_path / "0").exists() and (tmp_path / "1").exists()):
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
            # Each of them holds the other end of the pipe.
            said = process.communicate(timeout=30)[1]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert b"Traceback" not in said

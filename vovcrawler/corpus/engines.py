"""Who does the tasks of a corpus: datatrove's executors for this machine, a Ray cluster or Slurm."""

from __future__ import annotations

import logging
import os
import shlex
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, Literal

import multiprocess
from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor
from datatrove.executor.base import PipelineExecutor
from datatrove.pipeline.base import PipelineStep
from loguru import logger
from multiprocess.managers import SyncManager

from vovcrawler.errors import Trouble, UsageTrouble

_TICK = 0.3
_KNOCK_SECONDS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """Where tasks run: on so many *workers* here, or at most so many on the cluster *where*; 0: no limit."""

    kind: Literal["local", "ray", "slurm"] = "local"
    workers: int = 1
    where: str = ""


class _Quiet(LocalPipelineExecutor):  # type: ignore[misc]
    """The local executor, whose workers end with the command and say nothing beside the progress that is shown."""

    def run(self) -> Any:
        usual, multiprocess.Manager = multiprocess.Manager, _manager
        try:
            return super().run()
        finally:
            multiprocess.Manager = usual

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> Any:
        _end_with_command()
        logger.remove()
        try:
            # What goes wrong is raised; its traceback is in the log file of the task.
            with redirect_stderr(StringIO()):
                return super()._run_for_rank(rank, local_rank + 1, node_rank)
        finally:
            # datatrove lets the terminal have the next lines.
            logger.remove()


@cache
def _end_with_command() -> None:
    """Let this process, where it is a worker, end as soon as the command does: it would read on for nobody."""
    if command := multiprocess.parent_process():

        def watch() -> None:
            command.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def _manager() -> SyncManager:
    """Start the process that the workers share their counts through: it would outlive a command that is killed."""
    manager = SyncManager(ctx=multiprocess.get_context())
    manager.start(_end_with, (os.getpid(),))
    return manager


def _end_with(parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_TICK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _Ray(RayPipelineExecutor):  # type: ignore[misc]
    """The executor for Ray, each of whose tasks has a scratch folder of its own.

    datatrove's writes its logs to one that all builds and all users of a machine would share.
    """

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> Any:
        scratch = tempfile.gettempdir()
        with tempfile.TemporaryDirectory(prefix="vovcrawler-ray-") as folder:
            tempfile.tempdir = folder  # of this process, which does one task at a time
            try:
                return super()._run_for_rank(rank, local_rank, node_rank)
            finally:
                tempfile.tempdir = scratch


def run(engine: Engine, pipeline: list[PipelineStep], tasks: int, logs: Path, title: str) -> None:
    """Run the *tasks* of a *pipeline*, but for those that an earlier run finished; all are over when it returns.

    Raises :class:`Trouble` when a task fails.
    """
    if not tasks:
        return
    executor = _executor(engine, pipeline, tasks, logs)
    with _silence(), watching(title, tasks, lambda: _finished(logs)):
        try:
            executor.run()
        except CalledProcessError as error:
            raise Trouble(f"Slurm gave the tasks back unfinished ({error}); their logs are in {logs}.") from error
        except FileNotFoundError as error:
            if error.filename != "sbatch":
                raise
            raise UsageTrouble("--slurm needs the program sbatch, which is not here.") from error
    if left := executor.get_incomplete_ranks():
        raise Trouble(f"{len(left)} of {tasks} tasks failed; the same command tries them again. Logs: {logs}.")


def _executor(engine: Engine, pipeline: list[PipelineStep], tasks: int, logs: Path) -> PipelineExecutor:
    common: dict[str, Any] = {"pipeline": pipeline, "tasks": tasks, "logging_dir": str(logs)}
    if engine.kind == "local":
        return _Quiet(**common, workers=min(engine.workers, tasks))
    if engine.kind == "ray":
        _join(engine.where)
        return _Ray(**common, workers=engine.workers or -1, mem_per_cpu_gb=1)
    from datatrove.executor import SlurmPipelineExecutor

    # sbatch waits for its tasks (--wait), so that what follows finds them done; SBATCH_TIMELIMIT, SBATCH_QOS and
    # the like win over what stands in the script.
    here, programs = (shlex.quote(str(path)) for path in (Path.cwd(), Path(sys.executable).parent))
    ready = f'cd {here}; export PATH={programs}:"$PATH" PYTHONPATH={here}'
    return SlurmPipelineExecutor(
        **common,
        workers=engine.workers or -1,
        partition=engine.where,
        time="1-00:00:00",
        job_name="vovcrawler-corpus",
        qos="",
        env_command=ready,
        sbatch_args={"wait": ""},
        slurm_logs_folder=str(logs / "slurm"),
        with_srun=False,
    )


def _join(address: str) -> None:
    import ray

    if ray.is_initialized():
        return
    _knock(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise _no_cluster(address, error) from error


def _knock(address: str) -> None:
    """Raise :class:`UsageTrouble` where nobody listens: Ray itself tries for ten minutes."""
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if colon and port.isdecimal():
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: Exception) -> UsageTrouble:
    return UsageTrouble(f"--ray {address!r} is no Ray cluster that answers, such as auto or local: {error}.")


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what datatrove would print in its log files."""
    logger.remove()
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        yield
    finally:
        logger.remove()


def _finished(logs: Path) -> int:
    folder = logs / "completions"
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


@contextmanager
def watching(title: str, total: int, done: Any) -> Iterator[None]:
    """Show on a terminal how far the block is: ``done()`` of *total*. In a pipe nothing is shown."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    over = threading.Event()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)

        def tick() -> None:
            while not over.wait(_TICK):
                bar.update(task, completed=done())

        thread = threading.Thread(target=tick, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

"""Workers on a real Redis, killed at random: ``python -m tests.crew --seeds 5 --kills 10`` is the whole proof.

Each trial has two like sites. One machine crawls the one undisturbed. Three workers crawl the other; they are
killed and started again, Redis is started again in the middle, and files are taken in while workers write them.
In the end the archive that took in the workers' files must say what the one of the single machine says.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from tests import chain, crash, forks
from tests.replica import Replica

SERVER = shutil.which("redis-server")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_SWITCHES = ("AUTOTHROTTLE_ENABLED=False", "RETRY_TIMES=5", "REVISIT_AFTER=", "LOG_LEVEL=INFO", "REDIS_LEASE=2")


def free_port() -> int:
    """Return a port that nobody listens on, and that no system gives to those who ask for any."""
    while True:
        port = random.randrange(10_000, 30_000)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Server:
    """A redis-server of our own that writes down everything at once."""

    folder: Path
    password: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The ``REDIS_URL``."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0" if self.password else self.plain_url

    @property
    def plain_url(self) -> str:
        """The address as it may be shown."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, with what it wrote down before."""
        assert SERVER
        line = [SERVER, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        line += ["--appendonly", "yes", "--appendfsync", "always", "--logfile", str(self.folder / "log")]
        line += ["--requirepass", self.password] if self.password else []
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
        with closing(redis.Redis.from_url(self.url)) as client:
            until = time.monotonic() + 120
            while True:
                try:
                    client.ping()
                    return
                except redis.exceptions.ConnectionError:
                    ended = self.process.poll() is not None or time.monotonic() > until
                    assert not ended, (self.folder / "log").read_text()
                    time.sleep(0.02)

    def empty(self) -> None:
        """Let it forget everything."""
        with closing(redis.Redis.from_url(self.url)) as client:
            client.flushall()

    def stop(self, how: int = signal.SIGKILL) -> None:
        """End it; by default as a power cut does."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None


@dataclass
class Worker:
    """One worker: its folder, and the process that is at work in it."""

    folder: Path
    replica: Replica
    url: str
    process: Any = None
    starts: int = 0

    @property
    def log(self) -> Path:
        """What its last run said."""
        return self.folder.with_suffix(f".{self.starts}.log")

    def start(self, *more: str) -> None:
        """Start a run."""
        self.starts += 1
        argv = ["crawl", "article", "-a", f"url={chain.url(0)}", "-a", "hops=9", "-s", f"DATA_DIR={self.folder}"]
        argv += [part for switch in (*_SWITCHES, *more) for part in ("-s", switch)]
        argv += ["-s", f"REDIS_URL={self.url}"]
        self.process = forks.start(argv, dict.fromkeys(_PROXIES, self.replica.url), self.log)

    def kill(self) -> bool:
        """Kill the run; return whether there was one."""
        if not self.process.is_alive():
            return False
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        return True

    def wait(self, seconds: float = 300) -> int | None:
        """Return the exit code of the run, ``None`` when it does not end."""
        self.process.join(seconds)
        code: int | None = self.process.exitcode
        return code


def ingest(data: Path, *sources: Path) -> int | None:
    """Take the WARC files in *sources* into the archive *data*."""
    argv = ["catalogue", "ingest", *map(str, sources), "-s", f"DATA_DIR={data}", "-s", "REVISIT_AFTER="]
    process = forks.start(argv, {}, data.with_suffix(".log"))
    process.join()
    code: int | None = process.exitcode
    return code


def trial(folder: Path, seed: int, kills: int, *, size: int = 40, crew: int = 3) -> list[str]:
    """Let a crew be killed so many times; return what is wrong in the end."""
    chance = random.Random(seed)
    with crash.Trial(folder, seed, size) as both, Server(folder / "redis") as server:
        both.plain.finish()
        workers = [Worker(folder / f"worker-{n}", both.hurt.replica, server.url) for n in range(crew)]
        paces = ("DOWNLOAD_DELAY=0.1", "CONCURRENT_REQUESTS_PER_DOMAIN=4")
        for worker in workers:
            worker.start(*paces)
        warcs = [worker.folder for worker in workers]
        usual = len(both.plain.replica.log)
        moments = sorted(chance.randrange(2, usual) for _ in range(kills))
        restart = moments[len(moments) // 2] if moments else usual // 2
        done = 0
        for moment in moments:
            _until(both.hurt.replica, moment, workers)
            worker = chance.choice(workers)
            time.sleep(chance.random() * 0.1)
            done += worker.kill()
            worker.start(*paces)
            if moment == restart:
                server.stop(chance.choice((signal.SIGKILL, signal.SIGTERM)))
                server.start()
                restart = -1
                if code := ingest(both.hurt.data, *(path for path in warcs if path.is_dir())):
                    return [f"ingest ended with {code}: {both.hurt.data.with_suffix('.log').read_text()}"]
        found = _finish(both, workers)
        # Each kill or lost lease may cost what was in flight once more.
        asked, least = len(both.hurt.replica.log), usual
        if asked > least + 16 * (done + crew + 2):
            found.append(f"{asked} requests where {least} do")
        return found


def _finish(both: crash.Trial, workers: list[Worker]) -> list[str]:
    """Let the crew end and take in what it wrote; return what is wrong in the archive then."""
    warcs = [worker.folder for worker in workers]
    codes = [worker.wait() for worker in workers]
    ended = zip(workers, codes, strict=True)
    found = [f"{worker.folder.name}: {code}: {worker.log.read_text()}" for worker, code in ended if code != 0]
    code = ingest(both.hurt.data, *reversed(warcs))
    found += [f"the last ingest ended with {code}"] if code else []
    before = chain.feed_text(both.hurt.data)
    ingest(both.hurt.data, *warcs)
    found += ["what was taken in came again"] if chain.feed_text(both.hurt.data) != before else []
    found += chain.troubles(both.hurt.data)
    expected, actual = chain.essence(both.plain.data), chain.essence(both.hurt.data)
    for name in ("articles", "revisions", "links", "feed"):
        if expected[name] != actual[name]:
            found.append(f"{name} differ: {set(expected[name]) ^ set(actual[name])}")
    return found


def _until(replica: Replica, requests: int, workers: list[Worker]) -> None:
    while len(replica.log) < requests and any(worker.process.is_alive() for worker in workers):
        time.sleep(0.005)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crew", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many sites (default 5)")
    parser.add_argument("--kills", type=int, default=10, help="how many kills for each (default 10)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    options = parser.parse_args()
    wrong = 0
    for seed in range(options.first, options.first + options.seeds):
        folder = Path(tempfile.mkdtemp(prefix="crew-"))
        found = trial(folder, seed, options.kills)
        wrong += bool(found)
        print(f"seed {seed}: {'; '.join(found) or 'nothing lost, nothing twice'}", flush=True)
        shutil.rmtree(folder, ignore_errors=True) if not found else print(f"  kept in {folder}")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()

"""Shared fixtures: the replica of vov.vn, the real command line against it, and crawls in this process."""

from __future__ import annotations

import asyncio
import errno
import gzip
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from tests import forks
from tests.replica import Replica
from vovcrawler.catalogue import Catalogue

# Read by libraries of Hugging Face when one of them is first imported, whichever test does that.
os.environ["HF_HUB_OFFLINE"] = "1"
# Programs are started by the hundred: what they are made of is compiled once, whatever images of containers set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Set by the same: what Python holds back is lost, or said, at the end only.
os.environ.pop("PYTHONUNBUFFERED", None)

ROOT = Path(__file__).parent.parent
_PROXY_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_IMPOLITE = {
    "AUTOTHROTTLE_ENABLED": "0",
    "BACKOFF_START": "0.05",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "DOWNLOAD_DELAY": "0",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: at any time some test waits for a clock, a disk or a site."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


# ---- nothing leaves this machine


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail every test that tries to reach another machine, even where the program swallows the error."""
    tried: list[object] = []

    def guard(name: str) -> None:
        plain = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
                tried.append(address)
                raise AssertionError(f"A test tried to reach {address}")
            return plain(self, address)

        monkeypatch.setattr(socket.socket, name, connect)

    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _is_loopback(host):
            tried.append(host)
            raise AssertionError(f"A test tried to look up {host!r}")
        return resolve(host, *args, **kwargs)

    guard("connect")
    guard("connect_ex")
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    assert not tried, f"Something tried to leave this machine: {tried}"


def _is_loopback(host: Any) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    return text in ("localhost", "::1", "") or text.startswith("127.")


# ---- the site


@pytest.fixture
def replica() -> Iterator[Replica]:
    """A running proxy with an empty site behind it: fill ``replica.site``, read ``replica.log``."""
    with Replica() as running:
        yield running


# ---- the real program


@dataclass(frozen=True)
class Outcome:
    """How a run of the command line ended."""

    code: int
    stdout: str
    stderr: str
    data: Path

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects on standard output."""
        return [json.loads(line) for line in self.stdout.splitlines() if line.startswith("{")]

    def feed(self) -> list[dict[str, Any]]:
        """Every record of the archive feed, day by day."""
        return read_feed(self.data)


def read_feed(data: Path) -> list[dict[str, Any]]:
    """Return every record of the archive feed in *data*, sealed days too."""
    lines: list[str] = []
    for path in sorted((data / "feeds").glob("articles-*.jsonl*"), key=lambda path: path.name):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines += raw.decode("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def started(line: list[str], environment: dict[str, str], timeout: float) -> tuple[int, str, str]:
    """Run a command line; return its exit code, what it prints, and what it says."""
    done = subprocess.run(
        line, cwd=ROOT, env=environment, timeout=timeout, capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout, done.stderr


def forked(line: list[str], environment: dict[str, str], timeout: float) -> tuple[int, str, str]:
    """Do as :func:`started` does in a fraction of the time."""
    with tempfile.TemporaryDirectory(prefix="vovcrawler-test-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = forks.start(line[line.index("scrapy") + 1 :], environment, out, err, is_whole=True)
        code = forks.ended(process, timeout)
        if code is None:
            process.kill()
            raise subprocess.TimeoutExpired(line, timeout, err.read_text("utf-8"))
        return code, out.read_text("utf-8"), err.read_text("utf-8")


@dataclass(frozen=True)
class Command:
    """``scrapy`` as a child process in the project's folder, its requests going through the replica."""

    proxy: str
    data: Path

    def __call__(
        self,
        *args: str | Path,
        data: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        polite: bool = False,
        timeout: float = 120,
    ) -> Outcome:
        """Run to the end; *polite* leaves the delays of the project on."""
        line = self.line(*args, data=data, settings=settings, polite=polite)
        run = forked if forks.IS_POSSIBLE else started
        return Outcome(*run(line, self.environment(env), timeout), data or self.data)

    def popen(
        self,
        *args: str | Path,
        data: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        polite: bool = False,
        **popen: Any,
    ) -> subprocess.Popen[str]:
        """Start only, to kill it: the caller waits. Output goes nowhere unless *popen* says so."""
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "text": True}
        line = self.line(*args, data=data, settings=settings, polite=polite)
        return subprocess.Popen(line, cwd=ROOT, env=self.environment(env), **{**streams, **popen})

    def line(
        self, *args: str | Path, data: Path | None, settings: Mapping[str, Any] | None, polite: bool
    ) -> list[str]:
        """Return the whole command line."""
        chosen = {"DATA_DIR": data or self.data, **({} if polite else _IMPOLITE), **(settings or {})}
        switches = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
        return [sys.executable, "-m", "scrapy", *map(str, args), *switches]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of the child: ours, with the replica as its proxy."""
        gone = {"NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "SCRAPY_SETTINGS_MODULE"}
        kept = {name: value for name, value in os.environ.items() if name not in gone}
        return {**kept, **dict.fromkeys(_PROXY_NAMES, self.proxy), "PYTHONUTF8": "1", **(more or {})}


@pytest.fixture
def scrapy(replica: Replica, tmp_path: Path) -> Command:
    """The real command line: ``scrapy("crawl", "article", "-a", "url=…")`` gives an :class:`Outcome`."""
    return Command(replica.url, tmp_path / "data")


# ---- a catalogue without a crawl


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue, open for writing."""
    with Catalogue.open(tmp_path / "catalogue", lasting=False) as opened:
        yield opened


# ---- crawls in this process


@dataclass(frozen=True)
class Crawled:
    """What a crawl in this process gave; unpacks into items and stats."""

    items: list[Any]
    stats: dict[str, Any]

    def __iter__(self) -> Iterator[Any]:
        return iter((self.items, self.stats))


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., Crawled]:
    """A whole crawl over saved captures, without network: ``items, stats = crawl(Spider, path)``."""

    def run(
        spider: type[Spider],
        source: str | Path | Sequence[str | Path],
        args: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Crawled:
        return asyncio.run(_crawl(spider, source, dict(args or {}), tmp_path, dict(settings or {})))

    return run


async def _crawl(
    spider: type[Spider], source: Any, args: dict[str, Any], folder: Path, more: dict[str, Any]
) -> Crawled:
    settings = Settings()
    settings.setmodule("vovcrawler.settings", priority="project")
    paths = [str(source)] if isinstance(source, (str, Path)) else [str(path) for path in source]
    ours = {
        "TWISTED_REACTOR_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "REPLAY_SOURCE": paths if len(paths) > 1 else paths[0],
        "DATA_DIR": str(folder / "data"),
        **more,
    }
    settings.setdict(ours, priority="cmdline")
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(spider)
    items: list[Any] = []
    crawler.signals.connect(lambda item: items.append(item), signals.item_scraped, weak=False)
    await runner.crawl(crawler, **args)
    assert crawler.stats is not None
    return Crawled(items, dict(crawler.stats.get_stats()))


@pytest.fixture
def wireless(tmp_path: Path) -> Callable[..., Any]:
    """A whole crawl without a wire: ``wireless("article", url=…)`` against ``tests.wireless.World.site``."""
    from tests.wireless import World, crawl

    World.reset()
    return partial(crawl, tmp_path / "data")


@pytest.fixture
def politely(wireless: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """The same with the manners of the project, in virtual time: an hour of waiting takes no time."""
    from tests.wireless import World, crawl_politely

    World.go(to=World.time())
    return partial(crawl_politely, tmp_path / "data")


@pytest.fixture
def locked(monkeypatch) -> str:
    """The name of folders of which nothing but the names of what is in them can be seen, whoever asks."""
    look = Path.stat

    def stat(path: Path, **options: Any) -> os.stat_result:
        if path.parent.name == "locked":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return look(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    return "locked"

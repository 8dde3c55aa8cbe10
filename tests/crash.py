"""Kills the program at random moments and shows that nothing is lost and nothing comes twice.

``python -m tests.crash --seeds 20 --kills 100`` is the whole proof; the test suite runs a short one.
Each trial crawls a small site to its end, changes it, and crawls it again; the runs of one archive are
undisturbed, those of the other are killed. In the end both must say the same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests import chain, forks
from tests.replica import Replica

_SIZE = 40
# Seconds that a run may take on a machine that has much else to do.
_LONGEST = 600
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_SWITCHES = (
    "BACKOFF_START=0.05",
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=False",
    "CONCURRENT_REQUESTS_PER_DOMAIN=4",
    "RETRY_TIMES=5",
    "REVISIT_AFTER=",
    "LOG_LEVEL=WARNING",
)


@dataclass(frozen=True)
class Kill:
    """When to kill: so many *seconds* after the site was asked for so many pages more."""

    requests: int
    seconds: float


@dataclass
class Archive:
    """One DATA_DIR, and the site that it is crawled from."""

    data: Path
    replica: Replica
    log: Path
    kills: int = 0
    # Runs that did not come to their end, killed ones included.
    broken: int = 0
    # Which pages are named: those are visited, whatever is known of them.
    seeds: str = f"url={chain.url(0)}"

    def run(self, *, fault: str | None = None, kill: Kill | None = None) -> int:
        """Run the crawl, perhaps with a *fault* in it or to *kill* it; return its exit code, -9 when killed."""
        argv = ["crawl", "article", "-a", self.seeds, "-a", "hops=9", "-s", f"DATA_DIR={self.data}"]
        argv += [part for switch in _SWITCHES for part in ("-s", switch)]
        process = forks.start(argv, dict.fromkeys(_PROXIES, self.replica.url), self.log, fault=fault)
        until = len(self.replica.log) + kill.requests if kill else None
        while until is not None and process.is_alive() and len(self.replica.log) < until:
            process.join(0.002)
        process.join(kill.seconds if kill else _LONGEST)
        if process.is_alive():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
        self.kills += process.exitcode == -signal.SIGKILL
        self.broken += process.exitcode != 0
        assert process.exitcode is not None
        return process.exitcode

    def finish(self) -> None:
        """Run the crawl until it ends by itself."""
        code = self.run()
        assert code == 0, f"exit code {code}\n{self.log.read_text()}"

    def fetched(self) -> Counter[int]:
        """Return how often each article was asked for."""
        numbers = (chain.number_of(entry.url) for entry in self.replica.log)
        return Counter(number for number in numbers if number is not None)


@dataclass
class Trial:
    """One site, crawled twice side by side."""

    folder: Path
    seed: int
    size: int = _SIZE

    def __enter__(self) -> Trial:
        self.sites = [Replica().__enter__() for _ in range(2)]
        self.plain, self.hurt = (
            Archive(self.folder / name, replica, self.folder / f"{name}.log")
            for name, replica in zip(("plain", "hurt"), self.sites, strict=True)
        )
        for replica in self.sites:
            chain.publish_web(replica.site, self.seed, self.size)
        return self

    def __exit__(self, *_: object) -> None:
        for replica in self.sites:
            replica.close()

    def change(self, turn: int) -> None:
        """Edit some articles of both sites, take some away, bring some back; the next runs visit every page."""
        named = self.folder / f"turn-{turn}.txt"
        named.write_text("\n".join(map(chain.url, range(self.size))), encoding="utf-8")
        for archive in (self.plain, self.hurt):
            archive.seeds = f"urls={named}"
        for replica in self.sites:
            random = Random(f"{self.seed}/{turn}")
            alive = [
                n
                for n in range(1, self.size)
                if chain.url(n).removeprefix("https://vov.vn") in replica.site.stories
            ]
            for number in random.sample(alive, 5):
                chain.publish(replica.site, number, 0, headline=f"Bài số {number}, sửa lần {turn}")
            for number in random.sample(alive, 3):
                replica.site.remove(chain.url(number), 410)
            for number in random.sample(alive, 6):
                replica.site.restore(chain.url(number))
            chain.publish(replica.site, 0, *range(1, self.size))

    def verdict(self) -> list[str]:
        """Return what is wrong in the end; nothing should be."""
        return compare(self.plain, self.hurt)


def compare(plain: Archive, hurt: Archive) -> list[str]:
    """Return where an archive whose runs were *hurt* is not as the *plain* one, or its files are not whole."""
    found = list(chain.troubles(hurt.data))
    expected, actual = chain.essence(plain.data), chain.essence(hurt.data)
    for name, value in expected.items():
        if value != actual[name]:
            found.append(f"{name} differ: {_difference(value, actual[name])}")
    usual, often = plain.fetched(), hurt.fetched()
    found += [
        f"article {number} was asked for {often[number]} times, usual {usual[number]}, broken runs {hurt.broken}"
        for number in often
        if often[number] > usual[number] + hurt.broken
    ]
    return found


def _difference(one: object, other: object) -> str:
    a, b = set(one), set(other)  # type: ignore[call-overload]
    return (
        f"lost {sorted(a - b, key=str)[:5]}, too many {sorted(b - a, key=str)[:5]}; {len(a)} and {len(b)} in all"
    )


def random_kills(folder: Path, seed: int, kills: int) -> tuple[list[str], int]:
    """Kill crawls *kills* times at random moments; return what is wrong in the end, and how many kills hit."""
    random = Random(seed)
    with Trial(folder, seed) as trial:
        turn = 0
        while not turn or trial.hurt.kills < kills:
            if turn:
                trial.change(turn)
            before = len(trial.plain.replica.log)
            trial.plain.finish()
            usual = len(trial.plain.replica.log) - before
            done = False
            for _ in range(random.randint(1, min(10, kills - trial.hurt.kills))):
                # Some before the first page, most in between, a few on the last commit and on closing.
                kill = Kill(random.randint(0, usual), random.choice((0, 0.01, 0.05, 0.3)) * random.random())
                if done := trial.hurt.run(kill=kill) == 0:
                    break
                usual = max(1, usual - kill.requests // 2)
            if not done:
                trial.hurt.finish()
            turn += 1
        return trial.verdict(), trial.hurt.kills


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20, help="how many sites (default 20)")
    parser.add_argument("--kills", type=int, default=100, help="how many kills in all (default 100)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    options = parser.parse_args()
    hits = wrong = 0
    for place in range(options.seeds):
        share = options.kills // options.seeds + (place < options.kills % options.seeds)
        folder = Path(tempfile.mkdtemp(prefix="crash-"))
        found, killed = random_kills(folder, options.first + place, share)
        hits += killed
        wrong += bool(found)
        print(
            f"seed {options.first + place}: {killed} kills, {'; '.join(found) or 'nothing lost, nothing twice'}",
            flush=True,
        )
        if not found:
            shutil.rmtree(folder)
        else:
            print(f"  kept in {folder}")
    print(f"{hits} kills over {options.seeds} sites: {wrong} archives differ from undisturbed ones")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()

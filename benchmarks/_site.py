"""The replica of the site with stories that differ as those of a newspaper do, alone in its process.

The replica's own stories are put together of a few hundred phrases: any two of them are a quarter the same.
``python -m benchmarks._site STORIES WEIGHT`` prints a proxy, then the addresses.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

from benchmarks._stories import variants
from tests.replica import Replica, Story, generate

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_POOL = 30_000


def stories(count: int, seed: int = 7) -> list[Story]:
    """Return *count* stories of today's layout, their text out of real sentences."""
    random = Random(seed)
    return [_reworded(story, random) for story in generate(seed, count, layouts=("drupal",))]


def _reworded(story: Story, random: Random) -> Story:
    def prose() -> str:
        return " ".join(random.choice(variants(_POOL)) for _ in range(random.randint(1, 3)))

    body = tuple(prose() if isinstance(block, str) else block for block in story.body)
    return replace(story, lead=story.lead and prose(), body=body)


@contextmanager
def running(count: int, weight: int) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Serve *count* stories filled up to *weight* bytes; give the environment and the addresses."""
    argv = [sys.executable, "-m", "benchmarks._site", str(count), str(weight)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        proxy, *urls = (site.stdout.readline().strip() for _ in range(count + 1))
        try:
            yield dict.fromkeys(_PROXIES, proxy), urls
        finally:
            site.terminate()


def main() -> None:
    """Serve until terminated."""
    count, weight = map(int, sys.argv[1:])
    with Replica() as replica:
        served = stories(count)
        replica.site.weight = weight
        replica.site.fill(served)
        print(replica.url, *(story.url for story in served), sep="\n", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()

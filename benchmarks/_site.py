"""The replica of the site as a process of its own, for crawls that are measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")


@contextmanager
def running(stories: int, weight: int) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Serve *stories* of today's layout, filled up to *weight* bytes; give the environment and the addresses."""
    argv = [
        "-m",
        "tests.replica",
        "--stories",
        str(stories),
        "--weight",
        str(weight),
        "--layout",
        "drupal",
        "--urls",
    ]
    with subprocess.Popen([sys.executable, *argv], stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        proxy, *urls = (site.stdout.readline().strip() for _ in range(stories + 1))
        try:
            yield dict.fromkeys(_PROXIES, proxy), urls
        finally:
            site.terminate()

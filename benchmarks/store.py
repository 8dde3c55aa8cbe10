"""What it costs to lose nothing: against stock Scrapy, and with a million known pages.

``python -m benchmarks.store``; all figures are ratios of things measured side by side.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import _site

_PAGES, _WEIGHT, _ROUNDS = 300, 65_000, 5
_FEW, _MANY = 1_000, 1_000_000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        cost(Path(name))
        growth(Path(name))


def cost(folder: Path) -> None:
    """Print how fast a crawl with catalogue, archive and feed is, as a share of Scrapy's own pace."""
    with _site.running(_PAGES, _WEIGHT) as (env, urls):
        (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        pairs = [(_crawl("stock", folder, env), _crawl("ours", folder, env)) for _ in range(_ROUNDS)]
    pace = [stock["seconds"] / ours["seconds"] for stock, ours in pairs]
    work = [stock["cpu"] / ours["cpu"] for stock, ours in pairs]
    plain = median(_PAGES / stock["seconds"] for stock, _ in pairs)
    print(
        f"{_PAGES} pages of {_WEIGHT // 1000} KB over the wire, stock Scrapy {plain:.0f} pages/s:"
        f" with catalogue, archive and feed {median(pace):.2f} of that"
        f" ({min(pace):.2f} to {max(pace):.2f}); processor time {median(work):.2f}"
    )


def _crawl(kind: str, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    figures = _child("_crawl", kind, data, folder / "urls.txt", env=env)
    assert figures["items"] == _PAGES, figures
    return figures


def growth(folder: Path) -> None:
    """Print what a million known pages cost, as multiples of what a thousand do."""
    few, many = (_pages(folder / str(number), number) for number in (_FEW, _MANY))
    print(
        f"{_MANY:,} known pages: opened in {many['open']:.2f} s ({many['open_work']:.2f} s of the processor),"
        f" {(many['memory'] - few['memory']) / 2**20:.0f} MB more than with {_FEW:,};"
        f" enqueue {many['enqueue'] / few['enqueue']:.2f} times, dequeue and settle"
        f" {many['dequeue'] / few['dequeue']:.2f} times what they cost there"
        f" ({many['enqueue'] * 1e6:.0f} and {many['dequeue'] * 1e6:.0f} µs of the processor)"
    )


def _pages(folder: Path, number: int) -> dict[str, float]:
    """Measure the same catalogue three times, from the same state."""
    _child("_pages", "fill", folder, number)
    tries = []
    for _ in range(3):
        copy = folder.with_name("copy")
        shutil.copytree(folder, copy)
        tries.append(_child("_pages", "measure", copy))
        shutil.rmtree(copy)
    return {name: median(figures[name] for figures in tries) for name in tries[0]}


def _child(module: str, *args: object, env: dict[str, str] | None = None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *map(str, args)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout or "{}")
    return figures


if __name__ == "__main__":
    main()

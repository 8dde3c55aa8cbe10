"""One ``scrapy replay`` for :mod:`benchmarks.archive`, on one core; prints what it took from start to end."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "records.jsonl")
        argv = [sys.executable, "-m", "scrapy", "replay", sys.argv[1], "-a", "hops=0", "-O", str(out)]
        began = time.perf_counter()
        subprocess.run([*argv, "-s", "LOG_LEVEL=ERROR"], check=True)
        seconds = time.perf_counter() - began
        with out.open(encoding="utf-8") as lines:
            items = sum(1 for _ in lines)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "items": items,
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

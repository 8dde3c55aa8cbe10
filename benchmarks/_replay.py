"""One replay for :mod:`benchmarks.archive`, alone in its process and on one core; prints its figures."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    settings = get_project_settings()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "records.jsonl")
        values = {"REPLAY_SOURCE": sys.argv[1], "LOG_LEVEL": "ERROR", "FEEDS": {out: {"format": "jsonlines"}}}
        settings.setdict(values, priority="cmdline")
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler("article")
        process.crawl(crawler, hops="0")
        process.start()
        items = len(out.read_text(encoding="utf-8").splitlines())
    usage = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "items": items,
        "seconds": crawler.stats.get_value("elapsed_time_seconds"),
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

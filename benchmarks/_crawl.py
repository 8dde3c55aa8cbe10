"""One crawl for :mod:`benchmarks.store`, alone in its process: ``ours`` or ``stock``; prints its figures."""

from __future__ import annotations

import json
import resource
import sys

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from vovcrawler import running

_FAST = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
# Scrapy as it comes, with the same spider: memory queue, nothing stored.
_STOCK = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "SPIDER_MIDDLEWARES": {},
    "DOWNLOADER_MIDDLEWARES": {},
    "DOWNLOAD_HANDLERS": {},
    "EXTENSIONS": {},
    "ITEM_PIPELINES": {},
    "ADDONS": {},
}


def main() -> None:
    kind, data, urls = sys.argv[1:4]
    settings = get_project_settings()
    settings.setdict({**_FAST, "DATA_DIR": data, "LOG_LEVEL": "ERROR"}, priority="cmdline")
    for pair in sys.argv[4:]:
        name, _, value = pair.partition("=")
        settings.set(name, value, priority="cmdline")
    if kind == "stock":
        settings.setdict(_STOCK, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("article")
    arguments = {"urls": urls, "hops": "0"}
    if kind == "stock":
        process.crawl(crawler, **arguments)
        process.start()
    else:
        running.crawl(process, crawler, arguments)
    stats = crawler.stats.get_stats()
    figures = {
        "seconds": stats["elapsed_time_seconds"],
        "items": stats.get("item_scraped_count", 0),
        "cpu": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

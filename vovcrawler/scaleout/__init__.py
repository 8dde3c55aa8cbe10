"""Many crawl workers: one queue, one duplicate filter and one set of manners in Redis for all of them.

A mode, not a second program: with ``REDIS_URL`` set, an add-on puts scrapy-redis behind the frontier and lets
the gates of all workers ask Redis for their turn. Spiders know nothing of it. Each worker keeps its own
``DATA_DIR``, and the archive takes their WARC files in.
"""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from vovcrawler.errors import UsageTrouble


class RedisMode:
    """The add-on that makes a crawl one of many workers on ``REDIS_URL``."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.get("REDIS_URL"):
            raise NotConfigured
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Reach Redis, and share what workers share.

        Raises :class:`UsageTrouble` or :class:`~vovcrawler.errors.StorageTrouble`.
        """
        spider = self.crawler.spidercls
        if getattr(spider, "needs_whole_archive", False):
            raise UsageTrouble(
                f"scrapy {spider.name} plans from the whole archive, and a worker on REDIS_URL has a part of it:"
                " run it without REDIS_URL where the workers' files are taken in, or crawl discovery instead."
            )
        try:
            from vovcrawler.scaleout import shared
        except ImportError as error:
            raise UsageTrouble(
                f"REDIS_URL needs what is not installed ({error.name}): pip install -e '.[redis]'."
            ) from error
        shared.Shared.of(self.crawler).check()
        # What other workers were handed of what this one saw listed is not missing.
        values: dict[str, object] = {"MONITOR_COVERAGE_MIN": 0}
        if getattr(spider, "goes_on", True):
            values["SCHEDULER"] = "vovcrawler.scaleout.frontier.WorkerFrontier"
        # Add-ons have a lower priority than a project, whose settings would win.
        for name, value in values.items():
            settings.set(name, value, priority="cmdline")
        settings["EXTENSIONS"].update(
            {"vovcrawler.politeness.Manners": None, "vovcrawler.scaleout.manners.SharedManners": 20},
            priority="cmdline",
        )

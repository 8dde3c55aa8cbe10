"""A redis-server of our own, and workers on it without a crawl around them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy.utils.test import get_crawler

from vovcrawler import context
from vovcrawler.spiders.article import ArticleSpider

PASSWORD = "s3cret-of-redis"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    pytest.importorskip("redis", reason="the extra redis is not installed")
    from tests import crew

    if not crew.SERVER:
        pytest.skip("redis-server is not on this machine: nothing shown here")
    with crew.Server(tmp_path_factory.mktemp("redis"), PASSWORD) as running:
        yield running


@pytest.fixture
def url(server):
    """The address of a Redis that holds nothing."""
    server.empty()
    return server.url


@pytest.fixture
def workers(url, tmp_path):
    """Any number of workers of one job, without a crawl around them."""
    crawlers = []

    def make(lease=30.0, **settings):
        values = {
            "REDIS_URL": url,
            "REDIS_LEASE": lease,
            "CLOCK": "vovcrawler.dates.utc_now",
            "DATA_DIR": str(tmp_path / str(len(crawlers))),
            "NEAR_DUPLICATE_SIMILARITY": 0,
            "DOWNLOAD_DELAY": 0,
            "BACKOFF_START": 0.05,
            "BACKOFF_MAX": 0.2,
            "HOLD_MAX": 10,
            "ROBOTSTXT_USER_AGENT": "vovcrawler",
            "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
            **settings,
        }
        crawler = get_crawler(ArticleSpider, values)
        crawler.spider = ArticleSpider()
        crawler.spider.crawler, crawler.spider.arguments = crawler, {}
        crawler.engine = SimpleNamespace(_slot=SimpleNamespace(closing=None), running=True)
        crawlers.append(crawler)
        return crawler

    yield make
    for crawler in crawlers:
        context.close(crawler)


@pytest.fixture
def bury(server):
    """Let the lease of a worker be over, as time does to one that says nothing more."""

    def end(shared):
        shared.client.zadd(shared.key("workers"), {shared.worker: 1})

    return end

"""Whatever a spider may ask for, the frontier treats as Scrapy's own scheduler does."""

from __future__ import annotations

from collections import Counter

import pytest
from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest

STOCK = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "SCHEDULER_START_MEMORY_QUEUE": None,
    "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
    "DEPTH_PRIORITY": 1,
}


def page(number: int) -> str:
    return f"https://vov.vn/the-gioi/bai-post{number}.vov"


@pytest.fixture
def pages(tmp_path):
    """Saved pages 1 to 6; whatever else is asked for answers 404."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(1, 7):
        (folder / f"{number}.html").write_text(
            f'<html><head><link rel="canonical" href="{page(number)}"></head><body><h1>{number}</h1></body></html>'
        )
    return folder


class _Asker(Spider):
    """Notes each callback with what it was given."""

    name = "asker"
    log: list

    def parse(self, response, **kwargs):
        self.note("parse", response, kwargs)

    def note(self, what, response, kwargs=None):
        self.crawler.stats.inc_value(f"note/{what} {response.url[-9:]} {response.status} {kwargs or ''}".strip())


class _Methods(_Asker):
    async def start(self):
        yield Request(page(1), method="POST", body="a", callback=self.parse)
        yield Request(page(1), method="POST", body="b", callback=self.parse)
        yield Request(page(1), method="POST", body="b", callback=self.parse)
        yield Request(page(1), method="HEAD")
        yield Request(page(1))


class _Filtered(_Asker):
    async def start(self):
        for _ in range(3):
            yield Request(page(1))
            yield Request(page(2), dont_filter=True)
        yield Request(page(1), dont_filter=True, cb_kwargs={"again": True})


class _Family(_Asker):
    async def start(self):
        yield Request(page(1), cb_kwargs={"n": 1}, meta={"mark": "x"})

    def parse(self, response, n=0):
        self.note(f"{n} {response.meta.get('mark')} {response.meta.get('depth')}", response)
        if n == 1:
            yield Request(page(2), cb_kwargs={"n": 2}, meta=response.meta)
            yield response.follow("/the-gioi/bai-post3.vov", self.other, meta=dict(response.meta))
            yield Request(page(4), lambda response: self.note("lambda", response))
            yield Request(page(1), cb_kwargs={"n": 9})
        if n == 2:
            yield Request(page(3), self.other)
            yield Request(page(4), self.other)
            yield response.request.replace(dont_filter=True, cb_kwargs={"n": 5})

    def other(self, response):
        self.note("other", response)


class _Failing(_Asker):
    async def start(self):
        yield Request(page(99), errback=self.failed)
        yield Request(page(98))
        yield Request(page(97), meta={"handle_httpstatus_list": [404]})
        yield Request(page(1), callback=self.breaks)
        yield Request(page(2), callback=self.breaks_later, errback=self.failed)

    def failed(self, failure):
        self.note(f"failed {failure.type.__name__}", failure.value.response)
        yield Request(page(3), meta=failure.request.meta)
        yield {"an": "item"}

    def breaks(self, response):
        self.note("breaks", response)
        raise RuntimeError

    def breaks_later(self, response):
        self.note("breaks later", response)
        yield Request(page(4))
        raise IgnoreRequest


class _Again(_Asker):
    async def start(self):
        yield Request(page(1))
        yield {"first": "item"}

    def parse(self, response):
        self.note(f"try {response.meta.get('retry_times', 0)}", response)
        if again := get_retry_request(response.request, spider=self, reason="empty", max_retry_times=2):
            yield again
        yield {"an": "item"}


class _Slow(_Asker):
    async def start(self):
        yield Request(page(1))
        yield Request(page(2))

    async def parse(self, response):
        self.note("slow", response)
        yield {"before": "asking"}
        inner = await self.crawler.engine.download_async(Request(page(5)))
        self.note("inner", inner)
        yield {"after": "asking"}
        yield Request(page(3), self.last)

    def last(self, response):
        self.note("last", response)


class _Outside(_Asker):
    async def start(self):
        yield Request(page(1))

    def parse(self, response):
        self.note("parse", response)
        if response.url == page(1):
            self.crawler.engine.crawl(Request(page(2), callback=self.parse))


@pytest.mark.parametrize("spider", [_Methods, _Filtered, _Family, _Failing, _Again, _Slow, _Outside])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_spider_meets_what_it_meets_under_scrapy(crawl, pages, spider):
    ours, stock = crawl(spider, pages), crawl(spider, pages, settings=STOCK)
    assert notes(ours.stats) == notes(stock.stats)
    assert notes(ours.stats)
    assert ours.items == stock.items


def notes(stats) -> Counter:
    return Counter({name: value for name, value in stats.items() if name.startswith("note/")})


class _Ranked(_Asker):
    async def start(self):
        for number, priority in ((1, 0), (2, 5), (3, -5), (4, 0)):
            yield Request(page(number), priority=priority)

    def parse(self, response):
        self.crawler.stats.set_value("order", [*self.crawler.stats.get_value("order", []), response.url[-5]])


def test_what_is_more_urgent_leaves_first_then_what_is_older(crawl, pages):
    # The first request leaves before the others are known.
    assert crawl(_Ranked, pages).stats["order"] == ["1", "2", "4", "3"]


class _Unwritten(_Asker):
    async def start(self):
        for number in (1, 2, 3):
            yield Request(page(number), callback=lambda response: self.note("lambda", response))


def test_what_cannot_be_written_down_is_asked_for_all_the_same(crawl, pages):
    stats = crawl(_Unwritten, pages).stats
    assert len(notes(stats)) == 3
    assert stats["frontier/unwritten"] == 3

"""A catalogue of many pages for :mod:`benchmarks.store`, alone in its process; prints its figures."""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from scrapy import Request, Spider

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue, Visit
from vovcrawler.request_json import dump, load, page_key

_TRIES = 4_000
_ARGUMENTS = {"url": "https://vov.vn/"}
_AT = dates.warc_date(datetime.now(UTC))
_FILL = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO {table} SELECT {columns} FROM n
"""
_URL = "'https://vov.vn/the-gioi/' || lower(hex(randomblob(20))) || '-post' || (1000000 + i) || '.vov'"
_REQUEST = '{"url": "https://vov.vn/the-gioi/mot-bai-post1.vov", "callback": "parse", "meta": {"depth": 1}}'


def fill(folder: Path, pages: int) -> None:
    """Make a catalogue in which so many pages are known and wait."""
    with Catalogue.open(folder) as catalogue:
        job = catalogue.open_job("article", _ARGUMENTS, _AT).number
        connection = catalogue.write()
        connection.execute(_FILL.format(table="pages (url, first_seen)", columns=f"{_URL}, '{_AT}'"), (pages,))
        connection.execute(
            _FILL.format(
                table="frontier (job, page, level, rank, request)", columns=f"{job}, i, 1, 0, '{_REQUEST}'"
            ),
            (pages,),
        )


def measure(folder: Path) -> dict[str, float]:
    """Open the catalogue; take in, hand out and settle some thousand requests: by the processor's time."""
    spider = Spider("article")
    spider.parse = spider._parse  # type: ignore[method-assign]
    base = _memory()
    began, started = perf_counter(), process_time()
    with Catalogue.open(folder) as catalogue:
        job = catalogue.open_job("article", _ARGUMENTS, _AT).number
        opened, worked = perf_counter() - began, process_time() - started
        entered, left = _enter(catalogue, job, spider), _leave(catalogue, job, spider)
    return {
        "open": opened,
        "open_work": worked,
        "enqueue": entered / _TRIES,
        "dequeue": left / _TRIES,
        "memory": _memory() - base,
    }


def _enter(catalogue: Catalogue, job: int, spider: Spider) -> float:
    """Take in new requests as the frontier does; return how long that took."""
    urls = [
        f"https://vov.vn/kinh-te/bai-thu-{hash(str(n)) % 10**9}-post{5_000_000 + n}.vov" for n in range(_TRIES)
    ]
    started = process_time()
    for number, url in enumerate(urls):
        request = Request(url, meta={"depth": 1})
        page = catalogue.know_page(page_key(request)[0], _AT)
        assert not catalogue.knows(job, page, 1)
        catalogue.enqueue(job, page, level=1, priority=0, seed=False, request=dump(request, spider), again=False)
        if number % 64 == 0:
            catalogue.commit()
    catalogue.commit()
    return process_time() - started


def _leave(catalogue: Catalogue, job: int, spider: Spider) -> float:
    """Hand out requests and settle them; return how long that took."""
    started = process_time()
    for number in range(_TRIES):
        row = catalogue.next_row(job, ())
        assert row is not None
        load(row.request.replace('"callback": "parse", ', "") if row.request else "", spider)
        page = catalogue.page(row.page.number)
        catalogue.visited(Visit(page=page.number, at=_AT, state="done", status=200))
        catalogue.settle(row.number)
        if number % 64 == 0:
            catalogue.commit()
    catalogue.commit()
    return process_time() - started


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    verb, data, *pages = sys.argv[1:]
    if verb == "fill":
        fill(Path(data), int(pages[0]))
    else:
        print(json.dumps(measure(Path(data))))

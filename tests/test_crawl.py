"""Whole crawls of generated sites by the real command line, through the proxy: pages, ways, ends.

What a page holds is known apart from the reader (``Story.expected``), so each field has its score.
"""

from __future__ import annotations

import gc
import json
import os
import weakref
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.conftest import Command, Outcome
from tests.replica import LAYOUTS, Asked, Card, Replica, Story, generate, reach, render
from vovcrawler.spiders.article import ArticleSpider

RIGHT_AT_LEAST = 0.995
FIELDS = tuple(Story(url="https://vov.vn/a-post1.vov", headline="").expected())


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def chain(count: int) -> list[Story]:
    """Return stories of which each calls the next one related."""
    urls = [f"https://vov.vn/the-gioi/mat-xich-post{number}.vov" for number in range(1, count + 1)]
    return [
        Story(
            url=url,
            headline=f"Mắt xích {at}",
            lead="Chuyện còn dài.",
            body=(f"Đây là đoạn văn thứ {at} của câu chuyện dài nhiều kỳ.", "Còn tiếp."),
            related=tuple(
                Card(headline=f"Mắt xích {at + 1}", href=other, target=other) for other in urls[at + 1 : at + 2]
            ),
        )
        for at, url in enumerate(urls)
    ]


# ---- which pages are asked for


@pytest.mark.parametrize(("seed", "hops"), [(11, 0), (12, 1), (13, 2)])
def test_a_crawl_asks_for_exactly_the_pages_that_hops_allows(replica, scrapy, tmp_path, seed, hops):
    stories = generate(seed, 50)
    replica.site.fill(stories)
    seeds = [
        stories[0].url,
        stories[20].url.replace("https://", "http://m."),
        f"{stories[21].url}?utm_source=zalo#a",
    ]
    ways = reach(stories, [stories[0].url, stories[20].url, stories[21].url], hops)

    outcome = scrapy(
        "crawl", "article", "-a", f"url={','.join(seeds)}", "-a", f"hops={hops}", "-O", tmp_path / "a.jsonl"
    )

    assert outcome.code == 0, outcome.stderr
    assert replica.counts() == dict.fromkeys(ways, 1)
    assert replica.hosts() == {"vov.vn"}
    known = {story.url for story in stories}
    records = lines(tmp_path / "a.jsonl")
    assert {record["url"]: record["hops"] for record in records} == {
        u: hop for u, hop in ways.items() if u in known
    }
    assert [record["url"] for record in outcome.feed()] == [record["url"] for record in records]
    assert [record["seq"] for record in outcome.feed()] == list(range(1, len(records) + 1))
    assert [record["hops"] for record in records] == sorted(record["hops"] for record in records)


def test_an_address_is_one_page_in_all_its_forms(replica, scrapy, tmp_path):
    story = chain(1)[0]
    replica.site.story(story)
    forms = [story.url, story.url.replace("https", "http"), f"https://vov.vn.{story.path}?a=1"]
    lines = ["\ufeff# các dạng", "", "  # thụt vào", *forms, ""]
    (tmp_path / "urls.txt").write_bytes("\r\n".join(lines).encode())
    outcome = scrapy("crawl", "article", "-a", f"urls={tmp_path / 'urls.txt'}", "-a", f"url={story.url}#binh-luan")
    assert outcome.code == 0, outcome.stderr
    assert replica.counts() == {story.url: 1}
    assert [record["url"] for record in outcome.feed()] == [story.url]


def test_a_list_of_addresses_may_come_through_a_pipe(replica, scrapy, tmp_path):
    story = chain(1)[0]
    replica.site.story(story)
    pipe = tmp_path / "urls"
    os.mkfifo(pipe)
    writing = Thread(target=pipe.write_text, args=(story.url,))
    writing.start()
    outcome = scrapy("crawl", "article", "-a", f"urls={pipe}", "-a", "hops=0", timeout=30)
    writing.join()
    assert outcome.code == 0, outcome.stderr
    assert [record["url"] for record in outcome.feed()] == [story.url]


# ---- what is read from them


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_records_are_what_a_careful_reader_would_write(replica, scrapy, tmp_path, seed):
    stories = [story for layout in LAYOUTS for story in generate(seed, 15, layouts=[layout])]
    stories = list({story.url: story for story in stories}.values())
    replica.site.fill(stories)
    (tmp_path / "urls.txt").write_text("\n".join(story.url for story in stories), "utf-8")

    outcome = scrapy("crawl", "article", "-a", f"urls={tmp_path / 'urls.txt'}", "-a", "hops=0")

    assert outcome.code == 0, outcome.stderr
    records = {record["url"]: record for record in outcome.feed()}
    wrong: dict[str, list[str]] = {field: [] for field in FIELDS}
    for story in stories:
        for field, wanted in story.expected().items():
            if (got := records[story.url][field]) != wanted:
                wrong[field].append(f"{field} of {story.url}\n  page {wanted}\n  read {got}")
    print({field: f"{1 - len(misses) / len(stories):.1%}" for field, misses in wrong.items()})
    misses = [miss for each in wrong.values() for miss in each]
    assert len(misses) <= (1 - RIGHT_AT_LEAST) * len(stories) * len(FIELDS), "\n".join(misses)


def test_a_replay_in_this_process_reads_the_same(crawl, tmp_path):
    stories = generate(24, 12, layouts=("drupal", "epi"))  # older pages do not say where they stand
    for at, story in enumerate(stories):
        (tmp_path / f"{at:02}.html").write_text(render(story), "utf-8")
    settings = {"FEEDS": {str(tmp_path / "out.jsonl"): {"format": "jsonlines"}}}
    items, stats = crawl(ArticleSpider, tmp_path, args={"hops": "0"}, settings=settings)
    assert [item.url for item in items] == [story.url for story in stories]
    assert stats["item_scraped_count"] == len(stories)


# ---- what the site does on the way


def test_redirects_lead_on_within_vov_and_never_out_of_it(replica, scrapy):
    first, second = chain(2)
    site = replica.site
    site.fill([first, second])
    old = {
        site.redirect("/the-gioi/cu-post901.vov", first.path),
        site.redirect("/the-gioi/cu-post907.vov", first.url, 308),
        site.redirect("/the-gioi/cu-post902.vov", f"http://m.vov.vn{second.path}?utm=1", 302),
    }
    bad = {
        site.redirect("/the-gioi/ra-ngoai-post903.vov", "https://evil.example/the-gioi/a-post1.vov"),
        site.redirect("/the-gioi/vong-post904.vov", "/the-gioi/vong-post905.vov"),
        site.redirect("/the-gioi/vong-post905.vov", "/the-gioi/vong-post904.vov"),
        site.redirect("/the-gioi/sang-anh-post906.vov", "https://english.vov.vn/en/politics/a-post1.vov"),
    }
    outcome = scrapy("crawl", "article", "-a", f"url={','.join(sorted(old | bad))}", "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    assert {record["url"] for record in outcome.feed()} == {first.url, second.url}
    assert replica.hosts() == {"vov.vn"}
    assert Counter(replica.asked()) == dict.fromkeys([*old, *bad, first.url, second.url], 1)


def test_a_page_that_a_mirror_alone_gives_is_read_there(replica, scrapy):
    (story,) = chain(1)
    replica.site.fill([story])
    replica.site.redirect(story.url, f"https://m.vov.vn{story.path}", 302, this_form=True)
    outcome = scrapy("crawl", "article", "-a", f"url={story.url}", "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    assert [record["url"] for record in outcome.feed()] == [story.url]
    assert replica.asked() == [story.url, f"https://m.vov.vn{story.path}"]


def test_a_redirect_that_names_a_user_is_asked_without(replica, scrapy):
    (story,) = chain(1)
    replica.site.fill([story])
    here = replica.site.redirect("/the-gioi/cu-post901.vov", f"https://user:word@vov.vn{story.path}", 302)
    outcome = scrapy("crawl", "article", "-a", f"url={here}", "-a", "hops=0", settings={"DOWNLOAD_TIMEOUT": 5})
    assert (outcome.code, "Traceback" in outcome.stderr) == (0, False), outcome.stderr
    assert [record["url"] for record in outcome.feed()] == [story.url]
    assert replica.asked() == [here, story.url]


def test_redirects_that_go_round_are_one_failed_page(replica, scrapy):
    here = replica.site.redirect("/the-gioi/vong-post904.vov", "/the-gioi/vong-post905.vov")
    replica.site.redirect("/the-gioi/vong-post905.vov", here)
    outcome = scrapy("crawl", "article", "-a", f"url={here}", "-a", "hops=0")
    assert outcome.code == 1
    assert "scrapy: Not the one page asked for gave an article (1 failed).\n" in outcome.stderr
    report = json.loads(next((outcome.data / "reports").glob("*.json")).read_text())
    assert report["stats"]["failed/redirect loop"] == 1


SENT = (
    {"encoding": None},
    {"encoding": "br"},
    {"encoding": "zstd", "chunked": True},
    {"encoding": "deflate"},
    {"encoding": "raw-deflate"},
    {"chunked": True, "trickle": (3000, 0.01)},
    {"content_type": "text/html; charset=iso-8859-1"},
    {"content_type": None},
    {"headers": [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], "encoding": None},
    {"times": 1, "cut": 500},
    {"times": 1, "length": 99_999},
    {"times": 1, "status": 503, "retry_after": 0},
)


def test_pages_are_read_however_they_are_sent(replica, scrapy):
    stories = generate(25, len(SENT), layouts=("drupal", "epi"))
    replica.site.fill(stories)
    for story, how in zip(stories, SENT, strict=True):
        replica.site.fault(story.url, **how)
    outcome = scrapy("crawl", "article", "-a", f"url={','.join(story.url for story in stories)}", "-a", "hops=0")
    assert outcome.code == 0, outcome.stderr
    bodies = {record["url"]: record["body"] for record in outcome.feed()}
    assert bodies == {story.url: story.expected()["body"] for story in stories}


def test_pages_that_fail_cost_only_themselves(replica, scrapy):
    stories = chain(1)
    site = replica.site
    site.fill(stories)
    site.add("/the-gioi/rong-post911.vov", "")
    site.add("/the-gioi/anh-post912.vov", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), content_type="image/png")
    site.add("/the-gioi/rach-post913.vov", "<p>đoạn</p>" * 999, encoding="gzip", garble="truncated")
    site.add("/the-gioi/doi-post914.vov", "<h1>Tít</h1>" * 99, garble="lying")
    site.add("/the-gioi/hong-post915.vov", "x", status=500)
    site.add("/the-gioi/to-post917.vov", b"<p>" + b"x" * 30_000_000)
    site.add("/the-gioi/sau-post918.vov", "<div>" * 10_000)
    bad = [f"https://vov.vn/the-gioi/{name}.vov" for name in _BAD]
    outcome = scrapy(
        "crawl", "article", "-a", f"url={','.join([*bad, stories[0].url])}", settings={"RETRY_TIMES": 1}
    )
    assert outcome.code == 0, outcome.stderr
    assert [record["url"] for record in outcome.feed()] == [stories[0].url]
    assert "Traceback" not in outcome.stderr


_BAD = (
    "rong-post911",
    "anh-post912",
    "rach-post913",
    "doi-post914",
    "hong-post915",
    "khong-co-post916",
    "to-post917",
    "sau-post918",
)


def test_what_robots_txt_disallows_is_not_asked_for(replica, scrapy):
    first, second, third = chain(3)
    replica.site.fill([first, second, third])
    replica.site.robots(f"User-agent: *\nDisallow: {second.path}\n")
    outcome = scrapy("crawl", "article", "-a", f"url={first.url},{third.url}", "-a", "hops=2")
    assert outcome.code == 0, outcome.stderr
    assert replica.counts() == {first.url: 1, third.url: 1}
    assert replica.asked(robots=True)[0] == "https://vov.vn/robots.txt"


def test_none_of_the_pages_that_wait_for_robots_txt_slips_past_it(replica, scrapy):
    stories = chain(8)
    replica.site.fill(stories)
    replica.site.robots("User-agent: *\nDisallow: /\n", delay=0.2)
    urls = ",".join(story.url for story in stories)
    outcome = scrapy("crawl", "article", "-a", f"url={urls}", settings={"CONCURRENT_REQUESTS": 8})
    assert replica.asked(robots=True) == ["https://vov.vn/robots.txt"]
    assert outcome.code == 1
    assert "failed: 8 (Forbidden by robots.txt 8)" in outcome.stderr


# ---- how a run ends


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda site, url: site.remove(url), "HTTP 404 1"),
        (lambda site, url: site.fault(url, status=500), "HTTP 500 1"),
        (lambda site, url: site.robots("User-agent: *\nDisallow: /\n"), "Forbidden by robots.txt 1"),
        (lambda site, url: site.add(url, "<html><body><h1>Chuyên mục</h1></body></html>"), "no article 1"),
    ],
    ids=["404", "500", "robots", "no article"],
)
def test_a_run_that_got_nothing_it_was_asked_for_fails_and_says_why(replica, scrapy, change, because):
    story = chain(1)[0]
    replica.site.story(story)
    change(replica.site, story.url)
    outcome = scrapy("crawl", "article", "-a", f"url={story.url}", settings={"RETRY_TIMES": 0})
    assert outcome.code == 1, outcome.stderr
    assert f"failed: 1 ({because})" in outcome.stderr
    assert outcome.feed() == []


WRONG = {
    "hops=-1": ["-a", "url=https://vov.vn/a-post1.vov", "-a", "hops=-1"],
    "https://vov.vn/aaa": ["-a", f"url=https://vov.vn/{'a' * 2083}-post1.vov"],
    "hops=999": ["-a", "url=https://vov.vn/a-post1.vov", "-a", f"hops={'9' * 5_000}"],
    "hops=x": ["-a", "url=https://vov.vn/a-post1.vov", "-a", "hops=x"],
    "example.com": ["-a", "url=https://example.com/a-post1.vov"],
    "khong-co.txt": ["-a", "urls=/nowhere/khong-co.txt"],
    "url": [],
    "hop": ["-a", "url=https://vov.vn/a-post1.vov", "-a", "hop=1"],
    "/proc/nowhere/a.jsonl": ["-a", "url=https://vov.vn/a-post1.vov", "-O", "/proc/nowhere/a.jsonl"],
}


@pytest.fixture(scope="module")
def wrong_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, list[Asked]]]:
    """How each wrong command line ended and what was asked for meanwhile; two run at a time."""

    def run(wrong: str) -> tuple[Outcome, list[Asked]]:
        with Replica() as replica:
            scrapy = Command(replica.url, tmp_path_factory.mktemp("wrong") / "data")
            return scrapy("crawl", "article", *WRONG[wrong]), replica.log

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(WRONG, pool.map(run, WRONG), strict=True))


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_usage_is_one_sentence_and_exit_code_2(wrong_runs, wrong):
    outcome, asked = wrong_runs[wrong]
    assert outcome.code == 2, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert wrong in outcome.stderr
    *logged, sentence = outcome.stderr.strip().splitlines()
    assert sentence.startswith("scrapy: ")
    assert not [line for line in logged if "WARNING" in line or "ERROR" in line]
    assert asked == []


def test_pages_out_of_a_cache_are_for_crawls_without_an_archive(replica, scrapy, tmp_path):
    (story,) = chain(1)
    replica.site.fill([story])
    crawl = "crawl", "article", "-a", f"url={story.url}"
    cache = {"HTTPCACHE_ENABLED": 1, "HTTPCACHE_DIR": tmp_path / "cache"}
    outcome = scrapy(*crawl, settings=cache)
    assert (outcome.code, replica.log) == (2, [])
    assert outcome.stderr.splitlines()[-1].startswith("scrapy: HTTPCACHE_ENABLED=1 gives pages that the archive")
    for _ in range(2):
        outcome = scrapy(*crawl, settings={**cache, "ARCHIVE_ENABLED": 0})
        assert outcome.code == 0, outcome.stderr
    assert [line.url for line in replica.log].count(story.url) == 1


def test_nothing_of_a_crawl_is_held_when_it_is_over(crawl):
    crawlers = []

    class Noted(ArticleSpider):
        @classmethod
        def from_crawler(cls, crawler, *args, **arguments):
            crawlers.append(weakref.ref(crawler))
            return super().from_crawler(crawler, *args, **arguments)

    crawl(Noted, "fixtures")
    gc.collect()
    assert [crawler() for crawler in crawlers] == [None]

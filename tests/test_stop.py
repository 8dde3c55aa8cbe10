"""Runs that are stopped, and runs that meet another: nothing is lost, and each says what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.chain import essence, publish, rows, troubles, url
from vovcrawler.catalogue import Catalogue

ARGS = ("crawl", "article", "-a", f"url={url(0)}", "-a", "hops=9")
PIPED = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def slow(replica):
    """A chain of articles, each of which takes its time."""
    for number in range(9):
        publish(replica.site, number, number + 1)
    publish(replica.site, 9)
    replica.site.fault("https://vov.vn/the-gioi/*", delay=0.25)
    return replica


def wait_for(replica, requests: int) -> None:
    deadline = time.monotonic() + 30
    while len(replica.log) < requests:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_finishes_what_is_in_flight_and_says_how_to_go_on(slow, scrapy, sign):
    process = scrapy.popen(*ARGS, **PIPED)
    wait_for(slow, 4)
    process.send_signal(sign)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1, said
    assert "Stopped before the end, pages waiting: 1; the same command goes on with them." in said
    assert "Traceback" not in said
    # Every answer that came was kept.
    assert len(slow.log) - 1 == len(rows(scrapy.data, "SELECT id FROM articles"))
    assert (troubles(scrapy.data), list((scrapy.data / "warc").glob("*.open"))) == ([], [])
    slow.site.heal()
    outcome = scrapy(*ARGS)
    assert (outcome.code, len(outcome.feed())) == (0, 10)
    assert max(slow.counts().values()) <= 2  # robots.txt; every article once
    assert sorted(slow.counts().values())[:10] == [1] * 10


def test_a_second_signal_is_a_crash_that_loses_nothing(slow, scrapy):
    slow.site.fault(url(2), delay=20)
    process = scrapy.popen(*ARGS, **PIPED)
    wait_for(slow, 4)
    deadline = time.monotonic() + 15
    # Two that come before the program looks are one; a third does no more than a second.
    while process.poll() is None:
        assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    process.communicate()
    slow.site.heal()
    outcome = scrapy(*ARGS)
    assert (outcome.code, len(outcome.feed()), troubles(scrapy.data)) == (0, 10, [])


def test_a_second_run_ends_at_once_and_readers_go_on(slow, scrapy):
    slow.site.fault(url(3), delay=20)
    process = scrapy.popen(*ARGS, **PIPED)
    wait_for(slow, 3)
    with Catalogue.read(scrapy.data) as catalogue:
        assert sum(catalogue.counts().articles.values()) < 10
    started = time.monotonic()
    second = scrapy(*ARGS)
    assert (second.code, time.monotonic() - started < 10) == (75, True)
    assert f"held by process {process.pid} (run 20" in second.stderr
    assert "Traceback" not in second.stderr
    assert process.poll() is None
    process.kill()
    process.communicate()
    # It may have been killed between a commit and the line of the feed.
    slow.site.heal()
    outcome = scrapy(*ARGS)
    assert (outcome.code, len(outcome.feed()), troubles(scrapy.data)) == (0, 10, [])


@pytest.mark.parametrize("what", ["foreign", "torn", "folder without rights"])
def test_a_storage_that_is_no_good_is_said_in_one_sentence(slow, scrapy, what):
    path = scrapy.data / "catalogue.sqlite"
    scrapy.data.mkdir()
    if what == "foreign":
        path.write_text("not ours" * 99)
    elif what == "torn":
        Catalogue.open(scrapy.data).close()
        os.truncate(path, 8192)
    else:
        path.mkdir()
    outcome = scrapy(*ARGS)
    assert outcome.code == 5
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.count("scrapy: ") == 1
    assert len(slow.log) == 0


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_closing_the_reading_room_is_no_failure(scrapy, sign):
    Catalogue.open(scrapy.data).close()
    process = scrapy.popen("serve", "--port", "0", **PIPED)
    address = process.stderr.readline().split()[-4]
    with build_opener(ProxyHandler({})).open(address, timeout=30) as answer:
        assert answer.status == 200
    process.send_signal(sign)
    assert (process.communicate(timeout=30)[1], process.returncode) == ("", 0)


def test_other_arguments_are_another_job_and_leave_the_first_as_it_is(slow, scrapy):
    process = scrapy.popen(*ARGS)
    wait_for(slow, 7)
    process.kill()
    process.wait()
    slow.site.heal()
    slow.forget()
    outcome = scrapy("crawl", "article", "-a", f"url={url(8)}", "-a", "hops=0")
    assert [entry.url for entry in slow.log if "post" in entry.url] == [url(8)]
    with Catalogue.read(scrapy.data) as catalogue:
        assert [job.arguments["url"] for job in catalogue.counts().jobs] == [url(0)]
    outcome = scrapy(*ARGS)
    assert (outcome.code, len(essence(scrapy.data)["articles"])) == (0, 10)

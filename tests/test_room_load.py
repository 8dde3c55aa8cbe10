"""The reading room as a process of its own: many readers at once while a crawl writes, and wrong usage."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from tests.conftest import ROOT, Command
from tests.replica import Replica
from tests.replica.graph import generate
from vovcrawler.catalogue import Catalogue

READERS, ROUNDS = 50, 4
PATHS = ("/", "/search?q=viet+nam", "/changes", "/coverage", "/runs", "/index.json", "/search.atom?q=nga")


@contextmanager
def served(command: Command) -> Iterator[int]:
    """Open the room on a free port."""
    line = [sys.executable, "-m", "scrapy", "serve", "--port", "0", "-s", f"DATA_DIR={command.data}"]
    server = subprocess.Popen(line, cwd=ROOT, env=command.environment(), stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        yield int(server.stderr.readline().split("127.0.0.1:")[1].split("/")[0])
    finally:
        server.terminate()
        server.communicate(timeout=20)


def read(port: int, reader: int) -> list[int]:
    """Read some pages over one connection; return the status of each."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    answers = []
    for place in range(ROUNDS):
        connection.request("GET", PATHS[(reader + place) % len(PATHS)])
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)
    connection.close()
    return answers


def test_fifty_readers_are_answered_while_a_crawl_writes(replica: Replica, scrapy: Command) -> None:
    stories = generate(7, 60, wild=False)
    replica.site.fill(stories)
    assert scrapy("crawl", "article", "-a", f"url={stories[0].url}", "-a", "hops=0").code == 0
    with served(scrapy) as port, ThreadPoolExecutor(READERS) as pool:
        urls = ",".join(story.url for story in stories)
        crawl = scrapy.popen("crawl", "article", "-a", f"url={urls}", "-a", "hops=0")
        answers = [
            status for told in pool.map(lambda reader: read(port, reader), range(READERS)) for status in told
        ]
        assert crawl.wait(timeout=120) == 0
    assert len(answers) == READERS * ROUNDS
    assert set(answers) == {200}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--port", "99999"], "'99999'"),
        (["--allow-sql", "maybe"], "'maybe'"),
        # Not every address of the machine, as for the sockets of Python.
        (["--host", ""], "--host ''"),
    ],
)
def test_wrong_usage_of_serve_is_one_sentence(scrapy: Command, args: list[str], said: str) -> None:
    told = scrapy("serve", *args)
    assert told.code == 2
    assert said in told.stderr


def test_without_an_archive_there_is_no_room(scrapy: Command) -> None:
    told = scrapy("serve")
    assert told.code == 5
    assert "There is no catalogue" in told.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_reader_who_takes_nothing_does_not_keep_the_room_open(scrapy: Command, number: int) -> None:
    Catalogue.open(scrapy.data).close()
    room = scrapy.popen("serve", "--port", "0", stderr=subprocess.PIPE, text=True)
    port = int(room.stderr.readline().split("127.0.0.1:")[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as reader:
        sql = "select+printf('%25.*c',30000000,'x')"
        reader.sendall(f"GET /catalogue.json?sql={sql} HTTP/1.1\r\nHost: room\r\n\r\n".encode())
        assert reader.recv(12) == b"HTTP/1.1 200"
        room.send_signal(number)
        _, said = room.communicate(timeout=20)
    assert (room.returncode, said) == (0, "")


def test_a_port_that_is_taken_is_said_so(scrapy: Command) -> None:
    Catalogue.open(scrapy.data).close()
    with served(scrapy) as port:
        told = scrapy("serve", "--port", str(port))
        assert told.code == 1
        assert f"127.0.0.1:{port}" in told.stderr


def test_the_room_opens_at_an_address_of_ipv6_too(scrapy: Command) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    Catalogue.open(scrapy.data).close()
    process = scrapy.popen("serve", "--host", "::1", "--port", "0", stderr=subprocess.PIPE, text=True)
    address = process.stderr.readline().split()[-4]
    process.terminate()
    process.communicate(timeout=30)
    assert address.startswith("http://[::1]:")


def test_an_address_that_is_not_ours_is_said_so(scrapy: Command) -> None:
    Catalogue.open(scrapy.data).close()
    told = scrapy("serve", "--host", "192.0.2.1")
    assert told.code == 1
    assert "192.0.2.1:8001" in told.stderr
    assert "--host" in told.stderr

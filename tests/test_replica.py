"""The replica itself: what it answers, what it logs, and how it fails when told to."""

from __future__ import annotations

import gzip
import http.client
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import brotli
import pytest
import zstandard

from tests.replica import Replica, Story

STORY = Story(
    url="https://vov.vn/the-gioi/hoi-dam-post100.vov",
    headline="Hội đàm tại Hà Nội",
    lead="Hai bên gặp nhau.",
    body=("Đoạn một.",),
    section=(("Thế giới", "/the-gioi"),),
    published_at=datetime.fromisoformat("2026-05-06T07:08:00+07:00"),
)


@dataclass(frozen=True)
class Got:
    """What came back for one request, the body still encoded."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        plain = gzip.decompress(self.body) if self.headers["Content-Encoding"] == "gzip" else self.body
        return plain.decode()


@pytest.fixture
def fetch(replica: Replica) -> Callable[..., Got]:
    """Ask for an address through the proxy, over TLS where the address says so."""

    def ask(url: str, method: str = "GET", **headers: str) -> Got:
        parts = urlsplit(url)
        with closing(_client(replica.port, parts.scheme == "https", parts.netloc)) as client:
            target = url.split(parts.netloc, 1)[1] or "/" if parts.scheme == "https" else url
            client.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
            with closing(client.getresponse()) as response:
                return Got(response.status, response.headers, response.read())

    return ask


def _client(port: int, tls: bool, netloc: str) -> http.client.HTTPConnection:
    if not tls:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    client = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=trusting)
    client.set_tunnel(netloc, 443)
    return client


@pytest.mark.parametrize("host", ["vov.vn", "www.vov.vn", "m.vov.vn", "baoxuan.vov.vn", "vov.vn."])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_form_of_an_address_is_answered(replica, fetch, scheme, host):
    replica.site.story(STORY)
    got = fetch(f"{scheme}://{host}{STORY.path}?utm_source=zalo")
    assert got.status == 200
    assert STORY.headline in got.text
    assert replica.asked() == [f"{scheme}://{host}{STORY.path}?utm_source=zalo"]


@pytest.mark.parametrize("url", ["https://evil.example/a", "http://media.vov.vn/x.jpg", "https://english.vov.vn/"])
def test_what_leaves_the_allowed_hosts_is_answered_and_seen(replica, fetch, url):
    assert fetch(url).status == 599
    assert replica.hosts() == {urlsplit(url).hostname}
    assert [line.status for line in replica.log] == [599]


def test_a_tunnel_without_a_request_is_seen_too(replica):
    with closing(http.client.HTTPConnection("127.0.0.1", replica.port)) as client:
        client.request("CONNECT", "evil.example:443")
        client.getresponse().close()
    assert replica.tunnels == ["evil.example:443"]
    assert replica.hosts() == {"evil.example"}


def test_a_connection_serves_more_than_one_request(replica):
    with closing(_client(replica.port, True, "vov.vn")) as client:
        for path in ("/robots.txt", "/nothing-here"):
            client.request("GET", path)
            with closing(client.getresponse()) as response:
                response.read()
    assert [line.status for line in replica.log] == [200, 404]
    assert replica.tunnels == ["vov.vn:443"]


@pytest.mark.parametrize(
    ("encoding", "decode"),
    [
        ("gzip", gzip.decompress),
        ("deflate", zlib.decompress),
        ("raw-deflate", lambda body: zlib.decompress(body, -15)),
        ("br", brotli.decompress),
        ("zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_come_in_every_encoding(replica, fetch, encoding, decode, chunked):
    body = b"<p>vov</p>" * 2000
    replica.site.add("/a", body, encoding=encoding, chunked=chunked)
    got = fetch("https://vov.vn/a")
    assert decode(got.body) == body
    assert got.headers["Content-Encoding"] == encoding.removeprefix("raw-")


def test_repeated_headers_stay_repeated(replica, fetch):
    replica.site.add("/a", "x", headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    assert fetch("http://vov.vn/a").headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_a_page_that_did_not_change_is_not_sent_again(replica, fetch):
    replica.site.story(STORY)
    first = fetch(STORY.url)
    assert fetch(STORY.url, If_None_Match=first.headers["ETag"]).status == 304
    assert fetch(STORY.url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    replica.site.edit(STORY, headline="Tít mới")
    again = fetch(STORY.url, If_None_Match=first.headers["ETag"])
    assert again.status == 200
    assert "Tít mới" in again.text


def test_pages_vanish_and_return(replica, fetch):
    replica.site.story(STORY)
    replica.site.remove(STORY, 410)
    assert fetch(STORY.url).status == 410
    assert STORY.path not in fetch("https://vov.vn/tin-moi-cap-nhat").text
    replica.site.restore(STORY)
    assert fetch(STORY.url).status == 200


def test_a_redirect_may_stand_at_one_form_of_an_address_only(replica, fetch):
    replica.site.story(STORY)
    replica.site.redirect(STORY.url, f"https://m.vov.vn{STORY.path}", 302, this_form=True)
    got = fetch(STORY.url)
    assert (got.status, got.headers["Location"]) == (302, f"https://m.vov.vn{STORY.path}")
    assert fetch(got.headers["Location"]).status == 200


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ({"times": 2}, [503, 503, 200]),
        ({"nth": [2]}, [200, 503, 200]),
        ({}, [503, 503, 503]),
    ],
)
def test_faults_strike_by_number(replica, fetch, fault, statuses):
    replica.site.add("/a", "x")
    replica.site.fault("/a", status=503, **fault)
    assert [fetch("https://vov.vn/a").status for _ in statuses] == statuses


@pytest.mark.parametrize("pattern", ["/the-gioi/*", "https://vov.vn/*", "*-post100.vov", STORY.url, STORY.path])
def test_faults_strike_by_address(replica, fetch, pattern):
    replica.site.story(STORY)
    replica.site.fault(pattern, status=500)
    assert fetch(f"http://m.vov.vn{STORY.path}").status == 500
    replica.site.heal()
    assert fetch(STORY.url).status == 200


def test_retry_after_is_seconds_or_a_date(replica, fetch):
    replica.site.fault("/a", status=429, retry_after=7)
    replica.site.fault("/b", status=429, retry_after=datetime(2026, 11, 21, 15, 4, 5, tzinfo=UTC))
    assert fetch("https://vov.vn/a").headers["Retry-After"] == "7"
    assert fetch("https://vov.vn/b").headers["Retry-After"] == "Sat, 21 Nov 2026 15:04:05 GMT"


@pytest.mark.parametrize("url", ["http://vov.vn/a", "https://vov.vn/a"])
@pytest.mark.parametrize("fault", [{"cut": 100}, {"cut": 100, "chunked": True}, {"length": 5000}])
def test_a_connection_drops_in_the_middle_of_a_body(replica, fetch, url, fault):
    replica.site.add("/a", b"x" * 1000)
    replica.site.fault("/a", times=1, **fault)
    with pytest.raises((http.client.IncompleteRead, ssl.SSLEOFError)):
        fetch(url)
    assert fetch(url).status == 200


def test_gzip_may_be_torn_or_a_lie(replica, fetch):
    replica.site.add("/torn", bytes(range(256)) * 9, encoding="gzip", garble="truncated")
    replica.site.add("/lie", b"plain", garble="lying")
    with pytest.raises(EOFError):
        gzip.decompress(fetch("https://vov.vn/torn").body)
    lie = fetch("https://vov.vn/lie")
    assert (lie.headers["Content-Encoding"], lie.body) == ("gzip", b"plain")


@pytest.mark.parametrize("slow", [{"delay": 0.1}, {"trickle": (500, 0.05)}])
def test_answers_may_be_slow(replica, fetch, slow):
    replica.site.add("/a", b"x" * 1000, **slow)
    start = time.monotonic()
    assert len(fetch("https://vov.vn/a").body) == 1000
    assert time.monotonic() - start > 0.04


@pytest.mark.parametrize("status", [200, 403])
def test_a_challenge_sends_on_by_script_five_times(replica, fetch, status):
    replica.site.story(STORY)
    replica.site.challenge(STORY.url, "location", status=status)
    url = STORY.url
    for _ in range(5):
        got = fetch(url)
        assert got.status == status
        assert "Attention Required" in got.text
        url = got.text.split('window.location.href="')[1].split('"')[0]
    assert STORY.headline in fetch(url).text


def test_a_cookie_challenge_lets_pass_who_sends_the_cookie(replica, fetch):
    replica.site.story(STORY)
    replica.site.challenge("*", "cookie")
    assert "document.cookie=" in fetch(STORY.url).text
    assert STORY.headline in fetch(STORY.url, Cookie="D1N=9f86d081884c7d65").text


def test_lists_and_feeds_show_what_is_published(replica, fetch):
    site = replica.site
    site.clock = lambda: datetime(2026, 6, 15, tzinfo=UTC)
    site.page_size = 2
    for number in range(5):
        date = datetime.fromisoformat(f"2026-0{4 + number % 3}-02T0{number}:00:00+07:00")
        url = f"https://vov.vn/the-gioi/tin-post{number}.vov"
        site.story(Story(url=url, headline=f"Tin {number}", section=STORY.section, published_at=date))
    assert fetch("https://vov.vn/the-gioi").text.count("taxonomy-content") == 2
    assert fetch("https://vov.vn/the-gioi?page=2").text.count("taxonomy-content") == 1
    assert fetch("https://vov.vn/the-gioi?page=9").text.count("taxonomy-content") == 0
    assert fetch("https://vov.vn/khong-co").status == 404
    site.feed_zone = "GMT+7"
    assert fetch("https://vov.vn/rss/the-gioi.rss").text.count(":00:00 GMT+7</pubDate>") == 5
    index = fetch("https://vov.vn/sitemap.xml").text
    assert "/sitemaps/2026/5/article.xml" in index
    assert "/sitemaps/2026/6/article.xml" not in index
    assert fetch("https://vov.vn/sitemaps/2026/6/article.xml").text.count("<loc>") == 1


def test_pages_may_be_as_heavy_as_the_real_ones(replica, fetch):
    replica.site.weight = 60_000
    replica.site.story(STORY)
    assert 59_000 < len(fetch(STORY.url).text.encode()) < 61_000


def test_the_log_counts_what_is_answered_at_once(replica, fetch):
    replica.site.add("/a", "x")
    fetch("https://vov.vn/a")
    fetch("https://vov.vn/a")
    assert replica.counts() == {"https://vov.vn/a": 2}
    assert replica.most_at_once() == 1
    replica.forget()
    assert replica.log == []


def test_what_is_added_stands_before_the_lists(replica, fetch):
    site = replica.site
    site.story(STORY)
    site.add("/rss/the-gioi.rss", "<rss><channel><item></rss>", content_type="text/xml")
    site.add("/sitemaps/2026/5/article.xml", gzip.compress(b"<urlset/>"), content_type="application/x-gzip")
    assert fetch("https://vov.vn/rss/the-gioi.rss").text == "<rss><channel><item></rss>"
    assert gzip.decompress(fetch("https://vov.vn/sitemaps/2026/5/article.xml").body) == b"<urlset/>"
    assert STORY.path in fetch("https://vov.vn/the-gioi").text

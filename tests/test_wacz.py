"""Packing the archive: valid by the reference, readable by a real viewer, the chosen days and what they need."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.replica import Replica, generate
from tests.warcs import Rec, http, members, one_member, page, plain, sha1
from vovcrawler.sources import open_source
from vovcrawler.spiders.article import ArticleSpider
from vovcrawler.wacz import Packed, pack
from vovcrawler.wacz.cdxj import sort_key

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"
INFO = Rec(type="warcinfo", id=99, url=None, block=b"software: test\r\n", content_type="application/warc-fields")


def article(id_: str, digest: str, headline: str) -> bytes:
    record = {"id": id_, "content_digest": digest, "headline": headline, "lead": None, "body": [f"{headline}."]}
    return json.dumps(record, ensure_ascii=False).encode()


def capture(number: int, url: str, date: str, headline: str) -> list[Rec]:
    """Return a response with its request and what was read from it."""
    response = Rec(
        id=number,
        url=url,
        date=date,
        block=http(page(headline)),
        more=[("WARC-Payload-Digest", sha1(page(headline)))],
    )
    about = [("WARC-Concurrent-To", f"<{response.urn}>")]
    request = Rec(type="request", id=number + 1, url=url, date=date, block=b"GET / HTTP/1.1\r\n\r\n", more=about)
    # Written when the page had been read, which may be the day after.
    metadata = Rec(
        type="metadata",
        id=number + 2,
        url=url,
        date="2026-12-31T00:00:00Z",
        block=article(url, headline, headline),
        content_type="application/json",
        more=about,
    )
    return [response, request, metadata]


FIRST = capture(10, ONE, "2026-11-01T16:59:59Z", "Một")  # 23:59:59 in Vietnam
SECOND = capture(20, TWO, "2026-11-01T17:00:00Z", "Hai")  # the day after
AGAIN = Rec(
    type="revisit",
    id=30,
    url=ONE,
    date="2026-11-03T00:00:00Z",
    block=http(status="304 Not Modified", fields=[]),
    more=[
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/server-not-modified"),
        ("WARC-Refers-To", f"<{FIRST[0].urn}>"),
    ],
)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "warc"
    folder.mkdir()
    (folder / "vov-a-00000.warc.gz").write_bytes(members([INFO, *FIRST, *SECOND[:2]]))
    (folder / "vov-a-00001.warc.gz").write_bytes(members([INFO, SECOND[2], AGAIN]))
    return folder


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def ids(path: Path) -> list[str]:
    found = inside(path)
    names = [name for name in found if name.startswith("archive/")]
    return [
        line.rpartition("-")[2].rstrip(">\r")
        for name in sorted(names)
        for line in gzip.decompress(found[name]).decode().split("\n")
        if line.startswith("WARC-Record-ID")
    ]


def numbers(*records: Rec) -> list[str]:
    return [f"{record.id:012x}" for record in records]


def test_the_whole_archive_is_packed_as_it_is(folder, tmp_path):
    packed = pack(folder, tmp_path / "out.wacz", now=NOW)
    assert packed == Packed(files=2, captures=3, pages=2)
    found = inside(tmp_path / "out.wacz")
    for path in folder.iterdir():
        assert found[f"archive/{path.name}"] == path.read_bytes()
    head, *pages = map(json.loads, found["pages/pages.jsonl"].splitlines())
    assert head["format"] == "json-pages-1.0"
    assert [(entry["url"], entry["ts"], entry["title"], entry["text"]) for entry in pages] == [
        (ONE, "2026-11-01T16:59:59Z", "Một", "Một."),
        (TWO, "2026-11-01T17:00:00Z", "Hai", "Hai."),
    ]


def test_the_index_leads_to_each_capture(folder, tmp_path):
    pack(folder, tmp_path / "out.wacz", now=NOW)
    found = inside(tmp_path / "out.wacz")
    lines = gzip.decompress(found["indexes/index.cdx.gz"]).decode().splitlines()
    assert lines == sorted(lines)
    for line in lines:
        key, stamp, fields = line.split(" ", 2)
        entry = json.loads(fields)
        start = int(entry["offset"])
        member = found[f"archive/{entry['filename']}"][start : start + int(entry["length"])]
        record = gzip.decompress(member).decode()
        assert f"WARC-Target-URI: {entry['url']}" in record
        assert key == sort_key(entry["url"])
        assert len(stamp) == 14
    assert [json.loads(line.split(" ", 2)[2])["mime"] for line in lines] == [
        "text/html",
        "text/html",
        "warc/revisit",
    ]


@pytest.mark.parametrize(
    ("since", "until", "chosen"),
    [
        (None, date(2026, 11, 1), [INFO, *FIRST]),
        (date(2026, 11, 2), date(2026, 11, 2), [INFO, *SECOND[:2], INFO, SECOND[2]]),
        # The capture that a revisit stands for comes along.
        (date(2026, 11, 3), None, [INFO, *FIRST, INFO, AGAIN]),
        (date(2026, 11, 3), date.max, [INFO, *FIRST, INFO, AGAIN]),
        (date(2026, 11, 1), date(2026, 11, 3), [INFO, *FIRST, *SECOND[:2], INFO, SECOND[2], AGAIN]),
    ],
)
def test_some_days_are_those_of_vietnam_and_bring_what_they_need(folder, tmp_path, since, until, chosen):
    pack(folder, tmp_path / "out.wacz", now=NOW, since=since, until=until)
    assert ids(tmp_path / "out.wacz") == numbers(*chosen)
    source = open_source([tmp_path / "out.wacz"])
    assert all(source.read(capture) for capture in source.seeds())
    assert not source.damage


def test_a_revisit_that_names_nothing_brings_what_has_its_digest(folder, tmp_path):
    """So older tools write them."""
    again = Rec(type="revisit", id=40, url=ONE, date="2026-11-04T00:00:00Z", block=http(), more=FIRST[0].more)
    (folder / "vov-b-00000.warc.gz").write_bytes(members([again]))
    pack(folder, tmp_path / "out.wacz", now=NOW, since=date(2026, 11, 4))
    assert ids(tmp_path / "out.wacz") == numbers(INFO, *FIRST, again)


def test_a_record_of_another_tool_is_no_text_of_ours(folder, tmp_path):
    about = [("WARC-Concurrent-To", f"<{SECOND[0].urn}>")]
    note = b'{"id": "1", "content_digest": "2", "headline": "3"}'
    other = Rec(type="metadata", id=90, url=TWO, block=note, content_type="application/json", more=about)
    (folder / "vov-a-00001.warc.gz").write_bytes(members([INFO, other]))
    assert pack(folder, tmp_path / "out.wacz", now=NOW).pages == 2
    last = json.loads(inside(tmp_path / "out.wacz")["pages/pages.jsonl"].splitlines()[-1])
    assert (last["title"], "text" in last) == (TWO, False)


def test_when_there_is_nothing_to_pack_nothing_is_written(folder, tmp_path):
    packed = pack(folder, tmp_path / "out.wacz", now=NOW, since=date(2027, 1, 1))
    assert packed.captures == 0
    assert pack(tmp_path / "none", tmp_path / "out.wacz", now=NOW).captures == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["warc"]


@pytest.mark.parametrize(("year", "written"), [(1970, 1980), (2200, 2107)])
def test_a_clock_that_is_wrong_by_decades_is_no_obstacle(folder, tmp_path, year, written):
    pack(folder, tmp_path / "out.wacz", now=NOW.replace(year=year))
    with zipfile.ZipFile(tmp_path / "out.wacz") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {written}
        assert json.loads(archive.read("datapackage.json"))["created"].startswith(str(year))


def test_a_key_is_one_word_whatever_the_address():
    assert sort_key("http://[vov.vn/Tin tức") == "http://[vov.vn/tin%20t%e1%bb%a9c"


def test_a_capture_without_a_date_is_packed_and_not_in_the_index(folder, tmp_path):
    (folder / "b.warc.gz").write_bytes(members([Rec(id=50, date="soon", block=http(page()))]))
    packed = pack(folder, tmp_path / "out.wacz", now=NOW)
    assert (packed.captures, packed.damage) == (3, [])
    assert numbers(Rec(id=50))[0] in ids(tmp_path / "out.wacz")
    lines = gzip.decompress(inside(tmp_path / "out.wacz")["indexes/index.cdx.gz"]).decode().splitlines()
    assert [len(line.split(" ")[1]) for line in lines] == [14] * 3


def test_a_pack_lies_on_the_disk_before_it_has_its_name(folder, tmp_path, monkeypatch):
    out, synced = tmp_path / "out.wacz", {}
    monkeypatch.setattr(os, "fsync", lambda file: synced.update({os.fstat(file).st_ino: out.exists()}))
    pack(folder, out, now=NOW)
    assert synced == {out.stat().st_ino: False}


def test_damaged_records_are_left_out_and_said(folder, tmp_path):
    path = folder / "vov-a-00000.warc.gz"
    start = len(members([INFO]))
    data = bytearray(path.read_bytes())
    data[start + 60] ^= 1
    path.write_bytes(data)
    (folder / "vov-b-00000.warc.gz.open").write_bytes(
        members([INFO, *capture(40, TWO, "2026-11-05T00:00:00Z", "B")])[:-9]
    )
    (folder / "plain.warc").write_bytes(plain(capture(50, TWO, "2026-11-06T00:00:00Z", "C")))
    packed = pack(folder, tmp_path / "out.wacz", now=NOW)
    assert packed.damage == [f"{path} at byte {start}: is not intact gzip."]
    assert "archive/vov-b-00000.warc.gz" in inside(tmp_path / "out.wacz")
    source = open_source([tmp_path / "out.wacz"])
    assert len([capture for capture in source.seeds() if source.read(capture)]) == 3


def test_an_archive_of_which_nothing_is_whole_is_not_empty(scrapy):
    (scrapy.data / "warc").mkdir(parents=True)
    (scrapy.data / "warc" / "a.warc.gz").write_bytes(one_member([*FIRST, *SECOND]))
    outcome = scrapy("pack", scrapy.data / "out.wacz")
    assert outcome.code == 5
    assert "a.warc.gz at byte 0: has several records in one gzip member" in outcome.stderr
    assert "There are no whole captures in" in outcome.stderr


def test_keys_are_those_that_viewers_make():
    surt = pytest.importorskip("surt", reason="comes with the package wacz")
    addresses = Path(__file__).parent.joinpath("data", "urls.txt")
    more = ["https://vov.vn:8080/a/", "http://vov.vn:80//a//b/?", "https://vov.vn/a%2520b%C4%91?x=%2B&x=a b"]
    known = [line.split()[-1] for line in addresses.read_text("utf-8").splitlines() if line.strip()]
    hostless = [
        "dns:VOV.vn",
        "urn:text:https://vov.vn/",
        "urn:pageinfo:https://vov.vn/A?x=2&a=1",
        "file:///tmp//A",
    ]
    for url in [*known, *more, *hostless]:
        assert sort_key(url) == surt.surt(url)


def test_what_a_name_server_has_answered_is_packed_like_the_rest(scrapy, tmp_path):
    """Heritrix keeps it beside the pages."""
    text = b"20260101000000\nvov.vn. 60 IN A 127.0.0.1\n"
    known = Rec(id=5, url="dns:vov.vn", content_type="text/dns", block=text)
    (tmp_path / "a.warc.gz").write_bytes(members([INFO, known, *FIRST]))
    for command in (("catalogue", "ingest", tmp_path / "a.warc.gz"), ("pack", tmp_path / "out.wacz")):
        outcome = scrapy(*command)
        assert outcome.code == 0, outcome.stderr
    found = inside(tmp_path / "out.wacz")
    first, *_ = gzip.decompress(found["indexes/index.cdx.gz"]).decode().splitlines()
    key, stamp, fields = first.split(" ", 2)
    entry = json.loads(fields)
    assert (key, stamp, entry["url"], entry["mime"]) == ("dns:vov.vn", "20260101000000", "dns:vov.vn", "text/dns")
    start, packed = int(entry["offset"]), found[f"archive/{entry['filename']}"]
    assert known.block in gzip.decompress(packed[start : start + int(entry["length"])])


# ---- by the tools that others use


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A crawl, once more without validators, packed by the command line."""
    home = tmp_path_factory.mktemp("packed")
    out = home / "out.wacz"
    with Replica() as replica:
        stories = generate(21, 15)
        replica.site.fill(stories)
        scrapy = Command(replica.url, home / "data")
        command = ("crawl", "article", "-a", "url=" + ",".join(story.url for story in stories), "-a", "hops=0")
        scrapy(*command)
        replica.site.validators = False
        scrapy(*command)
        outcome = scrapy("pack", out)
    assert outcome.code == 0, outcome.stderr
    assert "15 of them pages" in outcome.stderr
    return out, home / "data" / "warc", stories


def test_the_reference_validator_passes_it(packed):
    argv = [sys.executable, "-m", "wacz", "validate", "-f", str(packed[0])]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_replay_of_it_gives_the_same_records_as_one_of_the_archive(packed, crawl):
    out, folder, _ = packed
    from_warc, from_wacz = (crawl(ArticleSpider, path, args={"hops": "0"}).items for path in (folder, out))
    assert from_wacz == from_warc
    assert len(from_wacz) == 30


VIEWER = Path(os.environ.get("VOVCRAWLER_PYWB") or Path(__file__).parent.parent / ".pywb")


@pytest.mark.slow
@pytest.mark.filterwarnings("default:pywb is not in")
def test_a_viewer_serves_the_pages(packed, tmp_path):
    if not (VIEWER / "bin" / "wayback").exists():
        warnings.warn(
            pytest.PytestWarning(f"pywb is not in {VIEWER}: no viewer has opened a packed archive"), stacklevel=1
        )
        pytest.skip("pywb is not installed")
    out, _, stories = packed
    home = tmp_path / "viewer"
    home.mkdir()
    for command in (["init", "vov"], ["add", "--unpack-wacz", "vov", str(out)]):
        subprocess.run([VIEWER / "bin" / "wb-manager", *command], cwd=home, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [VIEWER / "bin" / "wayback", "-p", str(port), "-b", "127.0.0.1"],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for story in stories:
            assert story.headline in ask(f"http://127.0.0.1:{port}/vov/id_/{story.url}")
    finally:
        server.terminate()
        server.wait()


def ask(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(100):
        try:
            with opener.open(url, timeout=10) as answer:
                body = answer.read()
                packed = answer.headers.get("Content-Encoding") == "gzip"
                return (gzip.decompress(body) if packed else body).decode()
        except ConnectionError:
            time.sleep(0.2)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            time.sleep(0.2)
    raise AssertionError("The viewer does not answer")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["out.zip"], "'out.zip' does not end in .wacz"),
        (["out.wacz"], "There are no captures in"),
        (["out.wacz", "--since", "soon"], "--since 'soon' is no day"),
        (["out.wacz", "--until", ""], "--until '' is no day"),
        (
            ["out.wacz", "--since", "2026-11-02", "--until", "2026-11-01"],
            "--since 2026-11-02 is after --until 2026-11-01",
        ),
        ([], "required"),
    ],
)
def test_wrong_usage_is_one_sentence(scrapy, arguments, said):
    outcome = scrapy("pack", *arguments)
    assert outcome.code == 2
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr

"""The bytes behind the pages of the reading room: shown as text, taken away as WACZ, damaged or not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.conftest import Command
from tests.replica import Replica
from tests.replica.graph import generate
from tests.rooms import NOW, asking
from tests.warcs import ONE, Rec, http, members, page, sha1
from vovcrawler.catalogue import Catalogue
from vovcrawler.room import captures, open_room
from vovcrawler.sources import open_source
from vovcrawler.sources.captures import Reference


@pytest.fixture
def restored(replica: Replica, scrapy: Command) -> Path:
    """An archive of an article that was edited, and is again as it was first."""
    (story,) = generate(3, 1, wild=False)
    for headline in (story.headline, "Tít khác hẳn", story.headline):
        replica.site.fill([replace(story, headline=headline)])
        assert scrapy("crawl", "article", "-a", f"url={story.url}", "-a", "hops=0").code == 0
    return scrapy.data


def captured(folder: Path) -> tuple[str, list[dict[str, Any]]]:
    """Return the id of the one article, and where the bytes of its revisions are."""
    with Catalogue.read(folder) as catalogue:
        (node,) = (node for node in catalogue.nodes() if node.is_captured)
        number = catalogue.number_of(node.id)
        assert number
        return node.id, [revision.record["capture"] for revision in catalogue.revisions(number)]


def test_a_text_that_was_taken_back_has_its_bytes(restored: Path, tmp_path: Path) -> None:
    id_, _ = captured(restored)
    for ask in asking(open_room(restored, clock=lambda: NOW)):
        first, second, third = (ask(f"/raw/{id_}.json?revision={number}").json() for number in (1, 2, 3))
        assert first["source"] == third["source"] != second["source"]
        assert third["why"] is None
        taken = tmp_path / "page.wacz"
        taken.write_bytes(ask(f"/wacz/{id_}.wacz").content)
    source = open_source([taken])
    answers = [source.read(capture) for capture in source.seeds()]
    assert not source.damage
    source.close()
    sources = [gzip.decompress(answer.body).decode() for answer in answers if answer]
    assert sources == [first["source"]] * 2


def test_a_revisit_of_another_tool_that_names_no_record_has_its_bytes(scrapy: Command, tmp_path: Path) -> None:
    more = [("WARC-Payload-Digest", sha1(page("Một")))]
    held = [
        Rec(id=1, url=ONE, block=http(page("Một")), more=more),
        Rec(id=2, url=ONE, date="2026-01-02T00:00:00Z", block=http(page("Hai"))),
        Rec(id=3, url=ONE, type="revisit", date="2026-01-03T00:00:00Z", block=http(), more=more),
    ]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members(held))
    assert scrapy("catalogue", "ingest", path).code == 0
    id_, _ = captured(scrapy.data)
    for ask in asking(open_room(scrapy.data, clock=lambda: NOW)):
        assert ask(f"/raw/{id_}.json?revision=3").json()["source"] == page("Một").decode()
        path.with_suffix(".wacz").write_bytes(ask(f"/wacz/{id_}.wacz").content)
    assert [record["headline"] for record in scrapy("replay", path.with_suffix(".wacz")).records] == ["Một"] * 2


def _without_header(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", lambda body: gzip.compress(body[:1000]) + gzip.compress(body[1000:])),
        ("deflate", _without_header),
        ("deflate", zlib.compress),
        ("br, gzip", lambda body: gzip.compress(brotli.compress(body))),
        ("identity", bytes),
    ],
)
def test_a_long_page_is_shown_whole_however_it_is_packed(
    scrapy: Command, tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    long = page("Một").replace(b"</body>", b"<!-- " + b"dai " * 80_000 + b"--></body>")
    fields = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", encoding)]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([Rec(url=ONE, block=http(pack(long), fields=fields))]))
    assert scrapy("catalogue", "ingest", path).code == 0
    _, (place,) = captured(scrapy.data)
    shown = captures.read(scrapy.data, place, lambda _id: None)
    assert (shown.why, shown.source) == (None, long.decode())


def cut(whole: bytes, offset: int) -> bytes:
    return whole[:offset]


def torn(whole: bytes, offset: int) -> bytes:
    return whole[: offset + 99]


def wiped(whole: bytes, offset: int) -> bytes:
    return whole[:offset] + bytes(len(whole) - offset)


@pytest.mark.parametrize("damage", [cut, torn, wiped])
def test_bytes_that_are_lost_are_said_to_be(restored: Path, damage: Callable[[bytes, int], bytes]) -> None:
    id_, places = captured(restored)
    path = restored / "warc" / places[0]["warc"]
    path.write_bytes(damage(path.read_bytes(), places[0]["offset"]))
    known = {place["record_id"]: place for place in places}

    def found(to: Reference) -> dict[str, Any] | None:
        return known.get(to.record_id)

    for place in (places[0], places[2]):
        assert captures.read(restored, place, found).why
        assert captures.wacz(restored, place, found, NOW) is None
    for ask in asking(open_room(restored, clock=lambda: NOW)):
        assert ask(f"/wacz/{id_}.wacz").status_code == 404
        assert ask(f"/wacz/{id_}.wacz?revision=2").status_code == 200


def test_a_revisit_of_what_nobody_knows_is_said_to_be_one(restored: Path) -> None:
    _, places = captured(restored)
    assert "refers to" in (captures.read(restored, places[2], lambda _id: None).why or "")
    assert captures.wacz(restored, places[2], lambda _id: None, NOW) is None

"""Revisits in WARC files: what a record answers that only says which other one holds its body."""

from __future__ import annotations

import gzip
from functools import partial

import pytest

from tests.warcs import Fields, Rec, bodies, http, members, opened, page, sha1
from vovcrawler.sources import open_source

ONE = "https://vov.vn/the-gioi/mot-post1.vov"
TWO = "https://vov.vn/the-gioi/hai-post2.vov"
PROFILE = "http://netpreserve.org/warc/1.1/revisit/"


@pytest.fixture
def warc(tmp_path):
    return partial(opened, tmp_path)


def revisit(kind: str, *more: tuple[str, str], block: bytes = b"", **fields) -> Rec:
    own = "WARC-Block-Digest" not in dict(more)
    return Rec(type="revisit", block=block, digest=own, more=[("WARC-Profile", PROFILE + kind), *more], **fields)


ORIGINAL = Rec(id=1, url=ONE, block=http(page()), more=[("WARC-Payload-Digest", sha1(page()))])
SAME = "identical-payload-digest"
HEAD = http(fields=[("X-A", "later")])
REFERENCES: dict[str, Fields] = {
    "id": [("WARC-Refers-To", f"<{ORIGINAL.urn}>")],
    "address and date": [("WARC-Refers-To-Target-URI", ONE), ("WARC-Refers-To-Date", ORIGINAL.date)],
    "date in another precision": [
        ("WARC-Refers-To-Target-URI", ONE),
        ("WARC-Refers-To-Date", "2026-01-01T00:00:00.000Z"),
    ],
    "digest": [("WARC-Payload-Digest", sha1(page()))],
    "as wget says it": [
        ("WARC-Refers-To", f"<{ORIGINAL.urn}>"),
        ("WARC-Truncated", "length"),
        ("WARC-Block-Digest", sha1(b"")),
    ],
}


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
@pytest.mark.parametrize("first", [True, False], ids=["after", "before"])
def test_a_revisit_has_its_own_head_and_the_body_that_it_refers_to(tmp_path, reference, first):
    again = revisit(SAME, *reference, block=HEAD, id=2, url=TWO, date="2026-02-01T00:00:00Z")
    # The one that is referred to may lie in any file.
    (tmp_path / "a.warc.gz").write_bytes(members([ORIGINAL if first else again]))
    (tmp_path / "b.warc.gz").write_bytes(members([again if first else ORIGINAL]))
    source = open_source([tmp_path])
    earlier, later = source.seeds()
    assert (earlier.url, later.url) == (ONE, TWO)
    assert source.read(later).body == page()
    assert source.read(later).headers == [("X-A", "later")]
    assert later.ref["record_id"] == again.urn
    assert not source.damage


@pytest.mark.parametrize("more", [REFERENCES["address and date"], []], ids=["address and date", "digest"])
def test_a_revisit_has_no_other_body_than_that_of_its_digest_where_records_share_an_id(warc, more):
    other = Rec(id=1, url=TWO, block=http(page("Hai")), more=[("WARC-Payload-Digest", sha1(page("Hai")))])
    named = [*REFERENCES["id"], *more, *REFERENCES["digest"]]
    again = revisit(SAME, *named, id=2, url=ONE, date="2026-02-01T00:00:00Z", block=HEAD)
    assert bodies(warc(other, ORIGINAL, again)) == [page("Hai"), page(), page()]
    lost = warc(other, again)
    assert bodies(lost) == [page("Hai"), None]
    assert [damage.sentence for damage in lost.damage] == ["refers to a capture that the source does not hold."]


def test_another_block_digest_of_a_revisit_that_it_does_not_hold_is_damage(warc):
    digest = ("WARC-Block-Digest", sha1(b"another"))
    source = warc(ORIGINAL, revisit(SAME, digest, *REFERENCES["id"], id=2, block=HEAD))
    assert [capture.url for capture in source.seeds()] == [ONE]
    assert [damage.sentence for damage in source.damage] == ["does not hold its block digest."]


def test_a_revisit_without_a_head_has_that_of_the_original(warc):
    source = warc(ORIGINAL, revisit(SAME, *REFERENCES["id"], id=2, date="2026-02-01T00:00:00Z"))
    _, later = source.seeds()
    assert source.read(later) == source.read(source.find(ONE))


def test_how_a_body_is_packed_comes_from_the_record_that_holds_it(warc):
    packed = gzip.compress(page())
    original = Rec(id=1, url=ONE, block=http(packed, fields=[("content-encoding", "gzip")]))
    source = warc(original, revisit(SAME, *REFERENCES["id"], id=2, block=HEAD, date="2026-02-01T00:00:00Z"))
    _, later = source.seeds()
    assert source.read(later).headers == [("X-A", "later"), ("content-encoding", "gzip")]


def test_not_modified_stands_for_the_last_good_capture_before(warc):
    block = http(status="304 Not Modified", fields=[])
    source = warc(
        ORIGINAL,
        Rec(id=2, url=ONE, date="2026-01-02T00:00:00Z", block=http(b"2<p>")),
        revisit("server-not-modified", id=3, url=ONE, date="2026-01-03T00:00:00Z", block=block),
        Rec(id=4, url=ONE, date="2026-01-04T00:00:00Z", block=http(b"4<p>")),
    )
    assert bodies(source) == [page(), b"2<p>", b"2<p>", b"4<p>"]
    assert [capture.status for capture in source.seeds()] == [200, 200, 304, 200]


def test_revisits_in_a_ring_are_damage(warc):
    ring = [
        revisit(SAME, ("WARC-Refers-To", f"<{Rec(id=other).urn}>"), id=number)
        for number, other in ((1, 2), (2, 1))
    ]
    source = warc(*ring)
    assert bodies(source) == [None, None]
    assert len(source.damage) == 2

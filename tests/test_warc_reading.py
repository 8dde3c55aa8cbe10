"""Reading WARC records: every form that tools write, and no damage passed over in silence."""

from __future__ import annotations

import gzip
import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warcs import Rec, http, members, one_member, page, plain, sha1
from vovcrawler.warc.http import BadMessage, split, unchunk
from vovcrawler.warc.reading import BadRecord, ManyInOneMember, Record, read_at, records, unpack

MANY = [
    Rec(id=number, url=f"https://vov.vn/tin-post{number}.vov", block=http(f"<p>Tin {number}.</p>".encode() * 50))
    for number in range(1, 13)
]
PACKINGS = {"plain": plain, "members": members}


def read(data: bytes) -> tuple[list[str], list[BadRecord]]:
    """Return the ids of the whole records in *data*, and what is damaged."""
    whole: list[Record] = []
    bad = []
    for record in records(BytesIO(data)):
        if isinstance(record, BadRecord):
            bad.append(record)
        else:
            whole.append(record)
    return [(record.get("warc-record-id") or "").strip("<>") for record in whole if record.end], bad


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_every_record_is_read_and_found_again_at_its_offset(pack):
    file = BytesIO(pack(MANY))
    offsets = [record.offset for record in records(file)]
    assert len(offsets) == len(MANY)
    for offset, made in zip(offsets, MANY, strict=True):
        assert read_at(file, offset).rest() == made.block


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
def test_both_versions_are_read(version):
    assert read(bytes(Rec(version=version))) == ([Rec().urn], [])


def test_records_that_share_a_member_are_told_apart_from_damage():
    data = one_member(MANY)
    with pytest.raises(ManyInOneMember):
        list(records(BytesIO(data)))
    assert b"".join(unpack(BytesIO(data))) == plain(MANY)


def test_a_record_that_says_too_short_a_length_is_damage_and_hides_no_other():
    lying = bytes(Rec(block=b"a\r\n\r\nb", digest=False)).replace(b"Content-Length: 6", b"Content-Length: 1")
    assert b"Content-Length: 1\r\n" in lying
    ids, (bad,) = read(gzip.compress(lying) + members(MANY))
    assert ids == [made.urn for made in MANY]
    assert (str(bad), bad.offset) == ("has not the length that it says.", 0)


QUIRKS = {
    "line ends": lambda raw: raw.replace(b"WARC-Type", b"warc-type").replace(b"\r\n", b"\n", 7),
    "names in lower case": lambda raw: raw.replace(b"Content-Length", b"content-length"),
    "space before the colon": lambda raw: raw.replace(b"Content-Length:", b"Content-Length :"),
    "a field on two lines": lambda raw: raw.replace(b"WARC-Date: ", b"WARC-Date:\r\n  "),
    "more empty lines": lambda raw: raw + b"\r\n\r\n",
    "another digest": lambda raw: raw.replace(b"sha1:", b"crc32:"),
}


@pytest.mark.parametrize("quirk", QUIRKS.values(), ids=QUIRKS)
@pytest.mark.parametrize(
    "pack", [lambda parts: b"".join(parts), lambda parts: b"".join(map(gzip.compress, parts))]
)
def test_what_some_tools_write_is_no_damage(pack, quirk):
    ids, bad = read(pack([quirk(bytes(record)) for record in MANY[:3]]))
    assert (len(ids), bad) == (3, [])


@pytest.mark.parametrize(
    "blank",
    [b"\r\n", b"\n\n\n", gzip.compress(b"", mtime=0), gzip.compress(b"\r\n", mtime=0) * 3],
    ids=["line", "lines", "member", "members"],
)
@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_what_is_blank_is_no_damage(pack, blank):
    for data in (blank + pack(MANY), pack(MANY[:5]) + blank + pack(MANY[5:]), pack(MANY) + blank):
        ids, bad = read(data)
        assert (len(ids), bad) == (len(MANY), [])


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\n"])
def test_records_with_less_between_them_than_there_should_be_are_told_apart(between):
    records = [bytes(record).removesuffix(b"\r\n\r\n") for record in MANY]
    ids, bad = read(between.join(records) + b"\r\n\r\n")
    assert (len(ids), bad) == (len(MANY), [])


@pytest.mark.parametrize("digest", ["sha256:" + "0" * 64, "sha1:" + "A" * 32, "md5:" + "0" * 32])
def test_a_block_that_does_not_hold_its_digest_is_damage(digest):
    made = Rec(block=http(page()), digest=False, more=[("WARC-Block-Digest", digest)])
    ids, bad = read(plain([MANY[0], made, MANY[1]]))
    assert ids == [MANY[0].urn, MANY[1].urn]
    assert [(str(problem), problem.offset) for problem in bad] == [
        ("does not hold its block digest.", len(bytes(MANY[0])))
    ]


WAS = http(page()).replace(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 \r\nServer:nginx\r\n")
SAYS = "does not hold its block digest."


@pytest.mark.parametrize(
    ("pack", "block", "kind", "body", "said"),
    [
        (members, http(page()), "response", page(), []),
        (members, http(), "revisit", page(), []),
        (members, http(page("Khác")), "response", page(), [SAYS]),
        (members, page(), "resource", WAS, [SAYS]),
        (plain, http(page()), "response", page(), [SAYS]),
    ],
    ids=["copied", "copied revisit", "another body", "no message", "nothing vouches for the head"],
)
def test_a_message_whose_head_was_laid_out_anew_is_whole(pack, block, kind, body, said):
    """warcio does so where it copies a record."""
    more = [("WARC-Block-Digest", sha1(WAS)), ("WARC-Payload-Digest", sha1(body))]
    made = Rec(type=kind, block=block, digest=False, more=more)
    ids, bad = read(pack([MANY[0], made, MANY[1]]))
    assert (len(ids), [str(problem) for problem in bad]) == (3 - len(said), said)


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_a_file_torn_anywhere_loses_the_torn_record_only(pack):
    data = pack(MANY)
    ends = [len(pack(MANY[:number])) for number in range(len(MANY) + 1)]
    for cut in random.Random(1).sample(range(1, len(data)), 100):
        ids, bad = read(data[:cut])
        whole = max(number for number, end in enumerate(ends) if end <= cut)
        assert ids == [record.urn for record in MANY[:whole]]
        assert [problem.offset for problem in bad] == ([] if cut in ends else [ends[whole]])


@pytest.mark.parametrize("beyond", [0, 1, 100_000])
@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_nothing_is_read_beyond_the_end_of_a_file(pack, beyond):
    data = pack(MANY)
    with pytest.raises(BadRecord, match="breaks off"):
        read_at(BytesIO(data), len(data) + beyond)


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_a_hole_anywhere_loses_what_it_touches_only(pack):
    data = pack(MANY)
    ends = [len(pack(MANY[:number])) for number in range(len(MANY) + 1)]
    picked = random.Random(2)
    for start in picked.sample(range(1, len(data) - 50), 100):
        length = picked.randrange(1, 50)
        ids, bad = read(data[:start] + data[start + length :])
        kept = [
            record.urn
            for record, begin, end in zip(MANY, ends, ends[1:], strict=False)
            if end <= start or begin >= start + length
        ]
        assert set(kept) <= set(ids)
        # The header of a plain record has no checksum.
        assert bad or pack is plain
        # Neighbours may have in common what a hole takes.
        assert len(ids) <= len(kept) + 1


def test_a_changed_bit_anywhere_in_a_member_is_noticed():
    data = members(MANY)
    picked = random.Random(3)
    for place in picked.sample(range(len(data)), 200):
        changed = bytearray(data)
        changed[place] ^= 1 << picked.randrange(8)
        ids, bad = read(bytes(changed))
        # What no checksum of gzip covers says when, and by which program, the member was packed.
        assert len(bad) == len(MANY) - len(ids) <= 1 or len(ids) == len(MANY)


def test_a_changed_bit_anywhere_in_a_plain_block_is_noticed():
    data = plain(MANY)
    picked = random.Random(4)
    for made in MANY:
        changed = bytearray(data)
        changed[data.index(made.block) + picked.randrange(len(made.block))] ^= 1 << picked.randrange(8)
        ids, bad = read(bytes(changed))
        assert ids == [record.urn for record in MANY if record is not made]
        assert [str(problem) for problem in bad] == ["does not hold its block digest."]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=100))
def test_no_bytes_make_it_raise(before, after):
    for data in (before, before + bytes(MANY[0]) + after, before + members(MANY[:1]) + after):
        try:
            for record in records(BytesIO(data)):
                assert isinstance(record, (Record, BadRecord))
        except ManyInOneMember:
            assert data.startswith(b"\x1f\x8b")


@pytest.mark.parametrize("garbage", [b"\0" * 5000, b"WARC/1.0\r\n", b"<html>" * 100])
@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_what_follows_the_last_record_is_said(pack, garbage):
    ids, bad = read(pack(MANY) + garbage)
    assert (len(ids), len(bad)) == (len(MANY), 1)
    assert bad[0].offset == len(pack(MANY))


# ---- the messages inside


@pytest.mark.parametrize(
    ("message", "status", "fields", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nA: 3\r\n\r\nTin", 200, [("A", "1"), ("B", "2"), ("A", "3")], b"Tin"),
        (b"HTTP/1.0 404\nA : 1\n\nTin", 404, [("A", "1")], b"Tin"),
        (b"HTTP/2 301 \r\n\r\n", 301, [], b""),
        (b"http/1.1 200 ok\r\na:\r\n b\r\n\r\n\r\n", 200, [("a", "b")], b"\r\n"),
        ("HTTP/1.1 200 Được\r\nA: é\r\n\r\n".encode("latin-1", "replace"), 200, [("A", "é")], b""),
        (b"HTTP/1.1 200 OK", 200, [], b""),
    ],
)
def test_a_message_is_taken_apart_as_it_was_sent(message, status, fields, body):
    head, rest = split(message)
    assert (head.status, head.fields, rest) == (status, fields, body)


@pytest.mark.parametrize("message", [b"", b"<html>", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 20000\r\n\r\n"])
def test_what_is_no_message_is_said(message):
    with pytest.raises(BadMessage):
        split(message)


@pytest.mark.parametrize(
    ("body", "plain_body"),
    [
        (b"3\r\nTin\r\n2\r\nAB\r\n0\r\n\r\n", b"TinAB"),
        (b"3;x=y\r\nTin\r\n0\r\nTrailer: 1\r\n\r\n", b"Tin"),
        (b"<html>", b"<html>"),
        (b"", b""),
    ],
)
def test_chunking_is_undone_where_it_is_there(body, plain_body):
    assert unchunk(body) == plain_body


@pytest.mark.parametrize("body", [b"3\r\nTi", b"3\r\nTin\r\n", b"3\r\nTin\r\n5\r\nab"])
def test_a_chunked_body_that_breaks_off_is_said(body):
    with pytest.raises(BadMessage, match="breaks off"):
        unchunk(body)

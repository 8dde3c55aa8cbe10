"""Bodies in WARC files that are packed: said or in silence, whole, broken off or lying, in chunks."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from functools import partial

import brotli
import pytest
import zstandard

from tests.warcs import Rec, bodies, http, opened, page, sentences
from vovcrawler.warc.http import BadMessage, Head, unchunk


@pytest.fixture
def warc(tmp_path):
    return partial(opened, tmp_path)


CODINGS = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("pages", [50, 50_000])
def test_a_packed_body_stays_packed_and_is_whole(warc, coding, pages):
    packed = CODINGS[coding](page() * pages)
    source = warc(Rec(block=http(packed, fields=[("Content-Encoding", coding)])))
    assert bodies(source) == [packed]
    assert not source.damage


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_that_unpacks_to_far_more_than_it_is_takes_no_memory(warc, coding):
    packed = CODINGS[coding](bytes(64 * 1024 * 1024))
    source = warc(Rec(block=http(packed, fields=[("Content-Encoding", coding)])))
    tracemalloc.start()
    assert bodies(source) == [packed]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40 * 1024 * 1024


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda body: body[:-9], "breaks off"),
        (lambda body: bytes(range(255, -1, -1)) * 9, "is not the"),
    ],
)
def test_a_packed_body_that_breaks_off_or_lies_is_damage(warc, coding, spoil, sentence):
    packed = spoil(CODINGS[coding](page() * 50))
    good = Rec(id=2, block=http(page()))
    source = warc(Rec(block=http(packed, fields=[("Content-Encoding", coding)])), good)
    assert bodies(source) == [None, page()]
    (damage,) = source.damage
    assert (damage.file[-9:], damage.offset) == ("a.warc.gz", 0)
    assert sentence in damage.sentence or (coding == "br" and "breaks off" in damage.sentence)


@pytest.mark.parametrize("pages", [50, 50_000])
@pytest.mark.parametrize(("spoil", "is_whole"), [(b"", True), (b"\0" * 9, True), (None, False)])
def test_a_body_that_is_packed_in_parts_is_whole_when_all_of_them_are(warc, pages, spoil, is_whole):
    first, last = gzip.compress(page() * pages), gzip.compress(page() * pages)
    packed = first + gzip.compress(b"") + (last[:-9] if spoil is None else last + spoil)
    source = warc(Rec(block=http(packed, fields=[("Content-Encoding", "gzip")])))
    assert bodies(source) == [packed if is_whole else None]
    assert sentences(source) == ([] if is_whole else ["has a gzip body that breaks off."])


TEXTS = {
    "a page": page("Tít") * 50,
    "a page in another coding": "<p>Tít</p>".encode("cp1258") * 200,
    "a sitemap": b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<urlset></urlset>',
    "hardly any": b"User-agent: *",
    "that ends in the middle of a letter, for who looks at its beginning": b"1" + "ế".encode() * 500,
}


@pytest.mark.parametrize("coding", [*CODINGS, "x-gzip"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_body_that_was_unpacked_before_it_was_stored_is_what_it_is(warc, coding, text):
    """The header is that of the wire, with the length that the body had there."""
    fields = [("Content-Encoding", coding), ("Content-Length", str(len(text) // 4 + 40))]
    source = warc(Rec(block=http(text, fields=fields)))
    (capture,) = source.seeds()
    answer = source.read(capture)
    assert (answer.body, answer.plain, answer.encoding, source.damage) == (text, text, "", [])


@pytest.mark.parametrize("said", [["gzip", "gzip"], ["gzip, gzip"], ["deflate", "GZIP, gzip"]])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_body_is_packed_as_often_as_it_is_whatever_it_says(warc, said, times):
    body = page("Tít") * 50
    for _ in range(times):
        body = gzip.compress(body)
    source = warc(Rec(block=http(body, fields=[("Content-Encoding", value) for value in said])))
    (capture,) = source.seeds()
    answer = source.read(capture)
    assert (answer.plain, source.damage) == (page("Tít") * 50, [])


def test_a_body_that_breaks_off_under_several_encodings_is_damage(warc):
    packed = brotli.compress(gzip.compress(page() * 50)[:-9])
    source = warc(Rec(block=http(packed, fields=[("Content-Encoding", "gzip, br")])))
    assert bodies(source) == [None]
    assert sentences(source) == ["has a gzip body that breaks off."]


@pytest.mark.parametrize("more", [[], [("Vov-Broken", "not the gzip that it says")]], ids=["another tool", "ours"])
def test_a_body_that_was_never_packed_is_what_it_is_unless_the_crawl_took_it_for_a_lie(warc, more):
    """Servers say so by mistake, and tools that unpack may write the length anew, but not the encoding."""
    fields = [("Content-Encoding", "gzip"), ("Content-Length", str(len(page())))]
    source = warc(Rec(block=http(page(), fields=fields), more=more))
    (capture,) = source.seeds()
    answer = source.read(capture)
    trouble = "has a body that is not the gzip that it says." if more else None
    assert (answer.plain, answer.trouble, source.damage) == (None if more else page(), trouble, [])


def test_a_body_that_was_unpacked_may_break_off_all_the_same(warc):
    fields = [("Content-Encoding", "gzip"), ("Content-Length", "9999")]
    source = warc(Rec(block=http(page() * 50, fields=fields)))
    assert bodies(source) == [None]
    assert sentences(source) == [f"has a body that breaks off: {len(page() * 50)} of 9999 bytes."]


WHOLE = {
    "longer than it says": [("Content-Length", "5")],
    "no number": [("Content-Length", "x")],
    "a number without end": [("Content-Length", "9" * 5000)],
    "packed": [("Content-Length", "9999"), ("Content-Encoding", "gzip")],
    "packed twice": [("Content-Encoding", "gzip"), ("Content-Encoding", "br")],
    "all of it in one part": [("Content-Range", f"bytes 0-{len(page()) - 1}/{len(page())}")],
}


@pytest.mark.parametrize("fields", WHOLE.values(), ids=WHOLE)
def test_what_is_whole_is_read_whatever_it_says(warc, fields):
    body = page()
    for _, coding in (field for field in fields if field[0] == "Content-Encoding"):
        body = CODINGS[coding](body)
    status = "206 Partial Content" if fields[0][0] == "Content-Range" else "200 OK"
    source = warc(Rec(block=http(body, status, fields)))
    assert (bodies(source), sentences(source)) == ([body], [])


def test_chunking_is_undone(warc):
    body = b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"
    source = warc(Rec(block=http(body, fields=[("Transfer-Encoding", "chunked")])))
    (capture,) = source.seeds()
    assert source.read(capture).body == b"<html>"
    assert source.read(capture).headers == []


PACKED = gzip.compress(page(), mtime=0)
IN_CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED)
SILENT = {
    "says nothing": http(PACKED),
    "says that it is as it is": http(PACKED, fields=[("Content-Encoding", "identity")]),
    "packed twice": http(gzip.compress(PACKED), fields=[("Content-Encoding", "gzip")]),
    "packed for the way": http(IN_CHUNKS, fields=[("Transfer-Encoding", "gzip, chunked")]),
    "of which only the chunks are gone": http(PACKED, fields=[("Transfer-Encoding", "gzip, chunked")]),
    "in chunks, and says so": http(IN_CHUNKS, fields=[("Transfer-Encoding", "chunked")]),
    "in chunks, and does not say so": http(IN_CHUNKS, fields=[("Content-Encoding", "gzip")]),
}


@pytest.mark.parametrize("block", SILENT.values(), ids=SILENT)
def test_what_is_packed_in_silence_is_read(warc, block):
    source = warc(Rec(block=block), Rec(id=2, type="resource", block=PACKED, content_type="text/html"))
    assert [source.read(capture).plain for capture in source.seeds()] == [page()] * 2
    assert not source.damage


def test_a_text_that_begins_like_a_chunk_is_what_it_is(warc):
    body = b"12\r\n<p>Tin</p>\n0\r\n\r\n"
    assert bodies(warc(Rec(block=http(body)))) == [body]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_chunks_may_end_in_either_line_break_and_in_nothing_else(end):
    chunks = [b"3", b"Tin", b"2", b"00", b"0", b"", b""]
    assert unchunk(end.join(chunks)) == b"Tin00"
    with pytest.raises(BadMessage, match="breaks off"):
        unchunk(end.join(chunks).replace(b"Tin" + end, b"Tin?"))


def test_fields_are_told_by_their_names_and_not_by_what_is_as_long():
    fields = [("Content-Language", "vi"), ("content-encoding", "gzip"), ("Content-Encoding", "br")]
    head = Head(status=200, fields=fields)
    assert (head.all("Content-Encoding"), head.get("Content-Encoding")) == ("gzip, br", "gzip")


def test_a_response_of_nothing_is_damage(warc):
    source = warc(Rec(), Rec(id=2, block=http(page())))
    assert bodies(source) == [page()]
    assert sentences(source) == ["is not an HTTP response."]

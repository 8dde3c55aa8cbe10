"""WARC files as sources: which of their records are captures, and the answer that each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

from vovcrawler import urls
from vovcrawler.sources.captures import Answer
from vovcrawler.sources.files import MAX_PAGE_BYTES
from vovcrawler.warc.encodings import look_into
from vovcrawler.warc.fields import Fields, moment_of
from vovcrawler.warc.http import (
    BadMessage,
    Head,
    check_length,
    check_range,
    head_of,
    plain_body,
    read_start,
    split,
)
from vovcrawler.warc.payloads import verify_payload
from vovcrawler.warc.reading import CAPTURES, BadRecord, Record, look_through, read_at
from vovcrawler.warc.writing import ASKED_AGAIN, BROKEN, HOPS, READER, WINDOW

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.open", ".warc.gz.open")

Revisit = Literal["same", "not modified"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_EXACT_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d+)?Z", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What the table of contents keeps of one record."""

    url: str
    status: int
    is_seed: bool
    offset: int
    captured_at: str
    moment: str
    record_id: str | None
    payload_digest: str | None
    revisit: Revisit | None = None
    refers_to: str | None = None
    refers_to_url: str | None = None
    refers_to_moment: str | None = None
    # How far it was from a seed, where a crawl of ours has said so.
    hops: int = 0
    # Within which days it was wanted, so said.
    within: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """When a capture was read by the run that made it: what it gave stands in a record of its own."""

    record_id: str
    moment: str
    offset: int
    # Empty where it is not said.
    version: str


def entries(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Entry | Reading | BadRecord]:
    """Yield what each capture in *file* is, verified, when it was read, and every damage.

    Raises :class:`~vovcrawler.warc.reading.ManyInOneMember`.
    """
    for found in look_through(file, _look, start, end):
        if isinstance(found, BadRecord):
            yield found
        elif found[1]:
            yield found[1]


def _look(record: Record) -> Entry | Reading | None:
    try:
        return _reading(record) if record.type == "metadata" else _entry(record)
    except BadMessage as problem:
        raise BadRecord(str(problem), record.offset) from problem


def _reading(record: Record) -> Reading | None:
    about, moment = record.bare("WARC-Concurrent-To"), moment_of(record.get("WARC-Date") or "")
    if about and moment and (record.get("Content-Type") or "").startswith("application/json"):
        version = record.get(READER) or ""
        return Reading(record_id=about, moment=moment, offset=record.offset, version=version)
    return None


def _entry(record: Record) -> Entry | None:
    url = record.bare("WARC-Target-URI") or ""
    if record.type not in CAPTURES or not url.lower().startswith(("http:", "https:")):
        return None
    date = record.get("WARC-Date") or ""
    moment = moment_of(date)
    if moment is None:
        raise BadMessage(f"has no date: WARC-Date is {date!r}.")
    # wget says it of each revisit, whose body is left out by design.
    if (reason := record.get("WARC-Truncated")) and record.type != "revisit":
        raise BadMessage(f"was cut short when it was captured ({reason}).")
    if record.get("WARC-Segment-Number"):
        raise BadMessage("is one segment of several, which cannot be put together.")
    start = read_start(record)
    head = head_of(record, *start)
    if record.type != "revisit" and not record.has_digest:
        verify_payload(record, *start)
    revisit = _revisit(record)
    return Entry(
        url=url,
        status=304 if revisit == "not modified" else head.status,
        is_seed=_is_seed(url, record, head),
        offset=record.offset,
        captured_at=date if _EXACT_DATE.fullmatch(date) else moment,
        moment=moment,
        record_id=record.bare("WARC-Record-ID"),
        payload_digest=record.get("WARC-Payload-Digest"),
        revisit=revisit,
        refers_to=record.bare("WARC-Refers-To"),
        refers_to_url=record.bare("WARC-Refers-To-Target-URI"),
        refers_to_moment=moment_of(record.get("WARC-Refers-To-Date") or ""),
        hops=int(hops[:6]) if (hops := record.get(HOPS) or "").isdecimal() else 0,
        within=record.get(WINDOW),
        etag=head.get("ETag"),
        last_modified=head.get("Last-Modified"),
    )


def _revisit(record: Record) -> Revisit | None:
    if record.type != "revisit":
        return None
    return "not modified" if "not-modified" in (record.get("WARC-Profile") or "") else "same"


def _is_seed(url: str, record: Record, head: Head) -> bool:
    """Whether a capture is an article, or of a kind of which that cannot be told without reading it."""
    address = urls.classify(url)
    if address.kind != "article" and not (address.kind == "other" and urls.is_allowed(url)):
        return False
    kind = (head.get("Content-Type") or "text/html").lower()
    if head.status in REDIRECTS and _target(url, head) == address.url:
        # From one form of an address to another: the page itself is elsewhere in the archive.
        return False
    is_page = "html" in kind or kind.startswith("text/plain")
    # What stands at the address of an article is read whatever it says that it is, as in a crawl.
    return is_page or address.kind == "article" or head.status != 200 or record.type == "revisit"


def _target(url: str, head: Head) -> str | None:
    location = urls.join(url, head.get("Location") or "")
    return location and urls.canonical(location)


def answer(file: BinaryIO, offset: int, end: int | None, original: Answer | None = None) -> Answer:
    """Return the answer in the record at *offset*; raises :class:`BadRecord` or :class:`BadMessage`.

    A revisit keeps its own head, and has the body of the *original* that it refers to.
    """
    record = read_at(file, offset, end)
    if record.length > MAX_PAGE_BYTES:
        raise BadRecord(f"is bigger than {MAX_PAGE_BYTES // 1024**2} MB, too big for an article.", offset)
    message = record.rest()
    if record.type == "resource":
        fields = [("Content-Type", record.get("Content-Type") or "")]
        encoding, plain = look_into(message, None)
        return Answer(status=200, headers=fields, body=message, encoding=encoding, plain=plain)
    if original and (not message.strip() or _revisit(record) == "not modified"):
        return original
    head, body = split(message)
    if original:
        return _again(head, original)
    fields, body = _without(head.fields, "transfer-encoding"), plain_body(head, body)
    try:
        check_range(head.status, head.get("Content-Range") or "")
        # A crawl of ours has marked what lies about its packing; what another tool keeps as text is read as that.
        length = head.get("Content-Length") if record.get(BROKEN) else None
        encoding, plain = look_into(body, head.all("Content-Encoding"), length)
    except BadMessage as problem:
        if record.get(BROKEN):
            return Answer(status=head.status, headers=fields, body=body, trouble=str(problem))
        raise
    if not encoding:
        check_length(head, body, was_packed=plain is not None)
    trouble = ASKED_AGAIN if record.get(BROKEN) == ASKED_AGAIN else None
    return Answer(status=head.status, headers=fields, body=body, encoding=encoding, plain=plain, trouble=trouble)


def _again(head: Head, original: Answer) -> Answer:
    """Return the answer with *head* and the body of *original*, be that one a broken answer or not."""
    again = replace(original, status=head.status, headers=_joined(head.fields, original.headers), trouble=None)
    try:
        check_range(head.status, head.get("Content-Range") or "")
        if original.trouble is None:
            return again
        packing = Head(status=head.status, fields=original.headers).all("Content-Encoding")
        encoding, plain = look_into(original.body, packing, head.get("Content-Length"))
    except BadMessage as problem:
        # The crawl has met it; the archive is not damaged.
        return replace(again, trouble=str(problem))
    return replace(again, encoding=encoding, plain=plain)


def _joined(fields: Fields, original: Fields) -> Fields:
    """Return the head of a revisit; what says how the body is packed belongs to the body."""
    packing = [(name, value) for name, value in original if name.lower() == "content-encoding"]
    return _without(fields, "content-encoding", "transfer-encoding") + packing


def _without(fields: Fields, *names: str) -> Fields:
    return [(name, value) for name, value in fields if name.lower() not in names]

"""WARC records, made: WARC 1.1, one gzip member each, ready for a single write."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from vovcrawler.warc.digests import sha1
from vovcrawler.warc.fields import Fields
from vovcrawler.warc.gzips import pack

VERSION = "WARC/1.1"
_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
# Fields of our own: in records of answers that are not from a seed how far from one they are, and in those that
# were asked for because of the days in which they may have been published, which days these are.
HOPS, WINDOW = "Vov-Hops", "Vov-Window"
# One in records of answers that were broken when they came, which says how.
BROKEN = "Vov-Broken"
# So: nobody said where the body ends, and the next answer counts in place of this one.
ASKED_AGAIN = "ends in the middle, and was asked for again."
# And one in records of what was read, by which version.
READER = "Vov-Version"
_SAME_PAYLOAD = f"{_PROFILES}identical-payload-digest"
_NOT_MODIFIED = f"{_PROFILES}server-not-modified"
_HTTP = "application/http; msgtype="

RawFields = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A finished record: its id, without angle brackets, and its gzip member."""

    record_id: str
    member: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """The earlier record that a revisit stands for."""

    url: str
    date: str
    record_id: str


def http_head(first_line: str, fields: RawFields) -> bytes:
    r"""Return an HTTP message up to its body.

    >>> http_head("GET / HTTP/1.1", [(b"Host", b"vov.vn")])
    b'GET / HTTP/1.1\r\nHost: vov.vn\r\n\r\n'
    """
    lines = [first_line.encode("latin-1", "replace"), *(b"%s: %s" % field for field in fields), b"", b""]
    return b"\r\n".join(lines)


def status_line(status: int, version: str | None = None) -> str:
    """Return the first line of a response, with the phrase that belongs to its status.

    >>> status_line(404), status_line(299)
    ('HTTP/1.1 404 Not Found', 'HTTP/1.1 299 ')
    """
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    return f"{version or 'HTTP/1.1'} {status} {phrase}"


def response(
    url: str,
    date: str,
    head: bytes,
    body: bytes,
    *,
    digest: str,
    ip: str | None,
    why: Iterable[tuple[str, str]] = (),
    broken: str | None = None,
) -> Made:
    """Return the record of a response; *digest* is that of *body*, *why* are fields that say why it was asked for.

    *broken* says why the body is not the page: it came so, and the record is whole.
    """
    fields = [
        ("WARC-Target-URI", url),
        *_optional("WARC-IP-Address", ip),
        ("WARC-Payload-Digest", digest),
        *why,
        *_optional(BROKEN, broken),
    ]
    return _made("response", date, fields, f"{_HTTP}response", head + body, is_packed=_is_packed(head))


def same_payload(
    url: str,
    date: str,
    head: bytes,
    *,
    refers_to: Reference,
    digest: str,
    ip: str | None,
    why: Iterable[tuple[str, str]] = (),
) -> Made:
    """Return the record of a response whose body an earlier record holds."""
    more = [("WARC-Payload-Digest", digest), *why]
    return _revisit(url, date, head, _SAME_PAYLOAD, refers_to, more, ip)


def reasons(hops: int, window: str) -> Fields:
    """Return the fields that say how far from a seed an answer is, and within which days it was wanted."""
    return [*_optional(HOPS, str(hops or "")), *_optional(WINDOW, window)]


def not_modified(url: str, date: str, head: bytes, *, refers_to: Reference, ip: str | None) -> Made:
    """Return the record of an answer 304 to a request that named what an earlier record holds."""
    return _revisit(url, date, head, _NOT_MODIFIED, refers_to, [], ip)


def _revisit(
    url: str, date: str, head: bytes, profile: str, refers_to: Reference, more: Fields, ip: str | None
) -> Made:
    fields = [
        ("WARC-Target-URI", url),
        *_optional("WARC-IP-Address", ip),
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{refers_to.record_id}>"),
        ("WARC-Refers-To-Target-URI", refers_to.url),
        ("WARC-Refers-To-Date", refers_to.date),
        *more,
    ]
    return _made("revisit", date, fields, f"{_HTTP}response", head)


def request(url: str, date: str, head: bytes, body: bytes, *, concurrent_to: str) -> Made:
    """Return the record of the request that was answered by the record *concurrent_to*."""
    fields = [
        ("WARC-Target-URI", url),
        ("WARC-Concurrent-To", f"<{concurrent_to}>"),
        ("WARC-Payload-Digest", sha1(body)),
    ]
    return _made("request", date, fields, f"{_HTTP}request", head + body)


def metadata(url: str, date: str, block: bytes, *, concurrent_to: str, version: str = "") -> Made:
    """Return a record with what this *version* has read from the record *concurrent_to*, as JSON."""
    fields = [
        ("WARC-Target-URI", url),
        ("WARC-Concurrent-To", f"<{concurrent_to}>"),
        *_optional(READER, version),
        ("WARC-Payload-Digest", sha1(block)),
    ]
    return _made("metadata", date, fields, "application/json", block)


def warcinfo(name: str, date: str, facts: Mapping[str, str]) -> Made:
    """Return the record that opens the file *name* and says where it comes from."""
    block = "".join(f"{key}: {value}\r\n" for key, value in facts.items()).encode()
    return _made("warcinfo", date, [("WARC-Filename", name)], "application/warc-fields", block)


def _made(
    kind: str, date: str, fields: Fields, content_type: str, block: bytes, *, is_packed: bool = False
) -> Made:
    record_id = uuid.uuid4().urn
    named = [("WARC-Record-ID", f"<{record_id}>"), ("WARC-Date", date), *fields]
    data = record(kind, named, content_type, block)
    return Made(record_id=record_id, member=pack(data, is_packed=is_packed))


def record(kind: str, fields: Fields, content_type: str, block: bytes) -> bytes:
    """Return a record as it is before it is packed; *fields* are those that not all records have in common."""
    # Imported late: it brings a tenth of a second along, and who only reads does without.
    from warcio.statusandheaders import StatusAndHeaders

    header = StatusAndHeaders(
        "",
        [
            ("WARC-Type", kind),
            *fields,
            ("WARC-Block-Digest", sha1(block)),
            ("Content-Type", content_type),
            ("Content-Length", str(len(block))),
        ],
        protocol=VERSION,
    )
    return b"".join((header.to_bytes(encoding="utf-8"), block, b"\r\n\r\n"))


def _is_packed(head: bytes) -> bool:
    lower = head.lower()
    return b"\r\ncontent-encoding:" in lower or any(b"\r\ncontent-type: " + kind in lower for kind in _PACKED)


_PACKED = (b"image/", b"audio/", b"video/", b"application/gzip")


def _optional(name: str, value: str | None) -> Fields:
    return [(name, value)] if value else []

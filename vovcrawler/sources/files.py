"""Pages saved one to a file, as text dumps or HTML, and the walk through folders of them."""

from __future__ import annotations

import codecs
import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree, html

from vovcrawler import urls
from vovcrawler.pages.mending import unarchived
from vovcrawler.sources.captures import FOREIGN_SUFFIXES, Answer, Damaged
from vovcrawler.warc.gzips import Faulty, is_member, unpacker

DUMP_SUFFIXES = (".txt",)
HTML_SUFFIXES = (".html", ".htm", ".xhtml")

# No article page comes near this; what is bigger is not read into memory.
MAX_PAGE_BYTES = 20 * 1024 * 1024

_FOREIGN = tuple(suffix.encode() for suffix in FOREIGN_SUFFIXES)

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD_END = re.compile(rb"</head\s*>|<body\b", re.I)
# A link may have more than one relation, in any case of letters.
_CANONICAL = "contains(concat(' ', translate(normalize-space(@rel), 'CANOIL', 'canoil'), ' '), ' canonical ')"
_ADDRESS_XPATH = f"//link[{_CANONICAL}]/@href | //meta[@property='og:url' or @name='og:url']/@content"

OnError = Callable[[Path, OSError], None]


def walk(folder: Path, suffixes: tuple[str, ...], on_error: OnError) -> Iterator[Path]:
    """Yield the files below *folder* that end in one of *suffixes*, by path.

    Hidden files and folders are passed over; a folder that a link leads back to is entered once.
    """
    endings = tuple(suffix.encode() for suffix in suffixes)
    seen: set[tuple[int, int]] = set()
    # The next one stands last: folders may lie deeper in each other than calls.
    waiting = [(folder, b"", True)]
    while waiting:
        parent, name, is_folder = waiting.pop()
        path = parent / os.fsdecode(name)
        if is_folder:
            waiting += ((path, *entry) for entry in reversed(_entries(path, on_error, seen)))
        elif name.lower().endswith(endings):
            yield path
        elif name.lower().endswith(_FOREIGN):
            on_error(path, OSError(errno.ENOTSUP, "an archive in a form of its own; make a .warc.gz of it first"))


def _entries(folder: Path, on_error: OnError, seen: set[tuple[int, int]]) -> list[tuple[bytes, bool]]:
    """Return what is in *folder*, by name, and whether it is a folder; nothing where that was *seen* already."""
    try:
        status = folder.stat()
        names = sorted((os.fsencode(entry.name), _is_folder(entry)) for entry in os.scandir(folder))
    except OSError as error:
        on_error(folder, error)
        return []
    place = status.st_dev, status.st_ino
    if place in seen:
        return []
    seen.add(place)
    return [entry for entry in names if not entry[0].startswith(b".")]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads to itself.
        return False


def read_dump(path: Path) -> Answer:
    """Return the text dump at *path* as a page of plain text; raises :class:`Damaged`."""
    text = decode_dump(read_bytes(path))
    return Answer(status=200, headers=[("Content-Type", "text/plain; charset=utf-8")], body=text.encode())


def read_html(path: Path) -> Answer:
    """Return the HTML page at *path* as it was saved; raises :class:`Damaged`."""
    body = _unpacked(read_bytes(path))
    if b"<" not in body or (b"\0" in body and not body.startswith(tuple(_BOMS))):
        raise Damaged("is not an HTML page.")
    return Answer(status=200, headers=[("Content-Type", "text/html")], body=body)


def _unpacked(body: bytes) -> bytes:
    """Return *body*, which may be saved as it came over the wire; raises :class:`Damaged`."""
    if not is_member(body[:4]):
        return body
    parts, left = list[bytes](), MAX_PAGE_BYTES
    while is_member(body[:4]):
        inflate = unpacker()
        try:
            parts.append(inflate.decompress(body, max(left, 1)))
        except Faulty as error:
            raise Damaged("is not intact gzip.") from error
        body, left = inflate.unused_data, left - len(parts[-1])
        if not inflate.eof or left < 0:
            raise Damaged("has a gzip body that breaks off, or is too big for an article.")
    return b"".join(parts)


def check_plain(path: Path) -> None:
    """Raise :class:`Damaged` where *path* is no plain file: a pipe that is opened would wait for its writer."""
    try:
        is_file = path.is_file()
    except OSError as error:
        raise Damaged(f"cannot be read: {error.strerror}.") from error
    if not is_file:
        raise Damaged("is not a file that can be read.")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a page; raises :class:`Damaged` where there are none or too many."""
    check_plain(path)
    try:
        with path.open("rb") as file:
            body = file.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        raise Damaged(f"cannot be read: {error.strerror}.") from error
    if not body.strip():
        raise Damaged("is empty.")
    if len(body) > MAX_PAGE_BYTES:
        raise Damaged(f"is bigger than {MAX_PAGE_BYTES // 1024**2} MB, too big for an article.")
    return body


def decode_dump(body: bytes) -> str:
    """Return the text in *body*: UTF-8, or UTF-16 that says so; raises :class:`Damaged`.

    >>> decode_dump("Tiếng Việt".encode("utf-16"))
    'Tiếng Việt'
    """
    encoding = next((name for bom, name in _BOMS.items() if body.startswith(bom)), "utf-8")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Damaged("is not text in UTF-8 or UTF-16.", error.start) from error
    if control := _CONTROLS.search(text):
        raise Damaged("is not text: it holds control characters.", len(text[: control.start()].encode()))
    return text


def address(body: bytes) -> str | None:
    """Return the address that a saved page gives as its own, if that is one of VOV's.

    >>> address(b'<link rel=canonical href="https://vov.vn/the-gioi/tin-post1.vov">')
    'https://vov.vn/the-gioi/tin-post1.vov'
    """
    encoding = next((name for bom, name in _BOMS.items() if body.startswith(bom)), None)
    if encoding == "utf-16":
        body = body.decode(encoding, "replace").encode()
    body = unarchived(body)
    end = _HEAD_END.search(body)
    found = _addresses(body[: end.start()] if end else body) or (_addresses(body) if end else [])
    known = [url for url in found if urls.is_article(url)]
    return known[0] if known else next(filter(urls.is_allowed, found), None)


def _addresses(markup: bytes) -> list[str]:
    try:
        root = html.document_fromstring(markup, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    found = root.xpath(_ADDRESS_XPATH)
    assert isinstance(found, list)
    return [str(url).strip() for url in found]


def is_torn(body: bytes) -> bool:
    """Whether a saved page ends in the middle of something.

    >>> is_torn(b"<html><body><p>Tin</p></body></html>"), is_torn(b"<p>Tin</p>")
    (False, False)
    >>> is_torn(b"<html><body><p>Ti"), is_torn(b"<p>Tin <a href='/the-")
    (True, True)
    """
    text = body.lower()
    if text.rstrip().endswith(b"</html>"):
        return False  # a script may speak of anything before that
    if (start := text.rfind(b"<")) > text.rfind(b">") and text[start + 1 : start + 2].isalpha():
        return True
    if any(text.rfind(opened) > text.rfind(closed) for opened, closed in _PAIRS):
        return True
    opened = b"<html" in text or b"<body" in text
    return opened and b"</html" not in text and b"</body" not in text


_PAIRS = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<style", b"</style"))

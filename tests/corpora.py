"""Archives for the tests of corpora: several files in which nearly everything happens that can to a page."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

from tests.replica import generate, render
from tests.warcs import Rec, http, members, one_member, plain, sha1

_ADDRESS = "https://vov.vn/the-gioi/bai-post{}.vov"
_TEXT = [
    f"Chuyện thứ {number} của {name} kể về một ngày {word} trên sông, khi nước lên và thuyền về bến."
    for number, name in enumerate(
        ["Lan", "Minh", "Hòa", "Bình", "Tuấn", "Phương", "Dũng", "Hạnh", "Quang", "Thảo"]
    )
    for word in ("nắng", "mưa", "gió")
]


def url(number: int) -> str:
    return _ADDRESS.format(number)


def story(headline: str, *changes: str) -> bytes:
    """Return the page of a story long enough to have near copies; *changes* are told in the end."""
    told = "".join(f"<p>{line}</p>" for line in (*_TEXT, *changes))
    return f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1>{told}</body></html>".encode()


def page(headline: str) -> bytes:
    """Return a short page, too short for near copies."""
    told = f"<p>Ngày 26/5, người dân kể lại chuyện của {headline} cho phóng viên nghe ở bến sông.</p>"
    return f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1>{told}</body></html>".encode()


def _rec(number: int, at: int, address: str, block: bytes, **more: object) -> Rec:
    date = f"2026-01-01T{at // 60:02}:{at % 60:02}:00Z"
    return Rec(id=number, url=address, date=date, block=block, **more)  # type: ignore[arg-type]


def _revisit(number: int, at: int, address: str, of: Rec | None, body: bytes, *, unchanged: bool = False) -> Rec:
    profile = "server-not-modified" if unchanged else "identical-payload-digest"
    more = [("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}")]
    if of is not None:
        more += [("WARC-Refers-To", f"<{of.urn}>"), ("WARC-Payload-Digest", sha1(body))]
    status = "304 Not Modified" if unchanged else "200 OK"
    return _rec(number, at, address, http(b"", status), type="revisit", more=more)


def fill(folder: Path) -> Path:
    """Fill *folder* with a source of many kinds of files, none of them damaged; return it."""
    folder.mkdir(parents=True)
    first = _rec(10, 1, url(1), http(page("Một")), more=[("WARC-Payload-Digest", sha1(page("Một")))])
    for name, records in _captures(first).items():
        write = {"c.warc": plain, "d.warc.gz": one_member}.get(name, members)
        (folder / name).write_bytes(write(records))
    _fill_wacz(folder, first)
    # Pages of the replica, which call one another related.
    stories = enumerate(generate(5, 8))
    related = [_rec(70 + n, 20 + n, story.url, http(render(story).encode())) for n, story in stories]
    (folder / "r.warc.gz").write_bytes(members(related))
    # The body of the second one lies in a part that is packed.
    late = _rec(60, 49, url(60), http(page("Muộn")), more=[("WARC-Payload-Digest", sha1(page("Muộn")))])
    (folder / "g.warc.gz").write_bytes(one_member([_rec(61, 49, url(61), http(page("Bạn"))), late]))
    (folder / "h.warc.gz").write_bytes(members([_revisit(62, 55, url(60), late, page("Muộn"))]))
    (folder / "dump.txt").write_text("Một bản tin\n\nVOV.VN - Chuyện kể rằng.\n\nHết.\n", encoding="utf-8")
    saved = page("Trang lưu").replace(b"<title>", f'<link rel="canonical" href="{url(1)}"><title>'.encode())
    (folder / "saved.html").write_bytes(saved)
    return folder


def _captures(first: Rec) -> dict[str, list[Rec]]:
    """Return the captures of each WARC file; *first* is one that others refer to."""
    forbidden = http(b"User-agent: *\nDisallow: /kinh-te/\n", fields=[("Content-Type", "text/plain")])
    packed = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    moved = {"status": "301 Moved", "body": b""}
    challenge = b"<html><title>Attention Required</title><script>window.location.href='/x'</script></html>"
    return {
        # Later pages stand in the first file, so the order of files is not that of times.
        "a.warc.gz": [
            _rec(1, 30, "https://vov.vn/robots.txt", forbidden),
            _revisit(2, 40, url(1), first, page("Một")),
            _revisit(3, 41, url(1), None, b"", unchanged=True),
            _rec(4, 42, url(2), http(b"", "404 Not Found")),
            _rec(5, 43, "https://vov.vn/kinh-te/bai-post3.vov", http(page("Cấm"))),
            _rec(6, 44, url(5), http(story("Gốc", "Một câu cuối đã được viết lại."))),
            _rec(7, 45, url(2), http(story("Hai", "Hai trở lại."))),
            _rec(8, 46, url(8), http(gzip.compress(page("Tám"), mtime=0), fields=packed)),
            _rec(9, 47, url(9), http(b"", "403 Forbidden")),
        ],
        "b.warc.gz": [
            first,
            _rec(11, 2, url(2), http(story("Hai"))),
            _rec(12, 3, "https://vov.vn/kinh-te/bai-post3.vov", http(page("Chưa cấm"))),
            _rec(13, 4, url(4), http(**moved, fields=[("Location", url(1))])),
            _rec(14, 5, url(5), http(story("Gốc"))),
            _rec(15, 6, url(6), http(story("Hai"))),
            _rec(16, 7, url(7), http(challenge)),
            _rec(17, 8, url(14), http(**moved, fields=[("Location", "https://vov.vn/the-gioi")])),
            _rec(18, 9, "https://vov.vn/the-gioi", http(page("Mục"))),
            _rec(19, 10, url(15), http(b"", "304 Not Modified")),
        ],
        "c.warc": [
            # What is known by its record id is not read twice.
            first,
            _rec(20, 50, "http://m.vov.vn/the-gioi/bai-post1.vov", http(page("Một, sửa"))),
            _revisit(21, 51, url(1), first, page("Một")),
            _rec(22, 52, url(22), http(b"", "500 Internal Server Error")),
        ],
        "d.warc.gz": [_rec(30, 12, url(30), http(page("Ba mươi"))), _rec(31, 48, url(30), http(page("Ba mốt")))],
    }


def _fill_wacz(folder: Path, first: Rec) -> None:
    for name, method in (("e.wacz", zipfile.ZIP_STORED), ("f.wacz", zipfile.ZIP_DEFLATED)):
        number = 40 if name == "e.wacz" else 50
        inside = [
            _rec(number, number, url(number), http(page(name))),
            _revisit(number + 1, number + 60, url(2), first, page("Một")),
        ]
        with zipfile.ZipFile(folder / name, "w", method) as archive:
            archive.writestr("archive/data.warc.gz", members(inside))


def damage(folder: Path) -> None:
    """Tear one file of *folder*, spoil another, and let a revisit refer to nothing."""
    torn = folder / "b.warc.gz"
    torn.write_bytes(torn.read_bytes()[:-40])
    spoilt = bytearray((folder / "a.warc.gz").read_bytes())
    spoilt[len(spoilt) // 3] ^= 0xFF
    (folder / "a.warc.gz").write_bytes(spoilt)
    lost = _rec(99, 1, url(99), http(page("Mất")))
    (folder / "i.warc.gz").write_bytes(members([_revisit(98, 56, url(98), lost, page("Mất"))]))
    (folder / "empty.warc.gz").write_bytes(b"")

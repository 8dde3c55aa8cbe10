"""A small archive to be read in a room, and how a test asks that room."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

from vovcrawler.catalogue import Catalogue
from vovcrawler.items import Article, Image, Media, Related, to_record
from vovcrawler.room import ReadingRoom
from vovcrawler.text import content_digest

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>${{7*7}}"

Get = Callable[..., httpx.Response]


def line(article: Article) -> bytes:
    return json.dumps(to_record(article), ensure_ascii=False).encode() + b"\n"


def put(catalogue: Catalogue, id_: str, at: str = "2026-11-21T03:00:00.000000Z", **fields: Any) -> None:
    told = {"headline": "Tin", "lead": None, "body": ["Thân bài."], "url": f"https://{id_}", **fields}
    told.setdefault("captured_at", at)
    digest = content_digest(told["headline"], told["lead"], told["body"])
    catalogue.record(Article(id=id_, content_digest=digest, **told), page=None, at=at, line=line)


THERE, HERE = "https://vov.vn/the-gioi/b-post2.vov", "https://vov.vn/the-gioi/a-post1.vov"
_FIRST = {
    "url": HERE,
    "headline": "Nga và Trung Quốc thảo luận",
    "lead": "Ngày 26/5, tại Moscow.",
    "body": ["Hai bên đàm phán về Triều Tiên.", "Phần hai", "Kết thúc trong năm nay."],
    "subheadings": [1],
    "byline": "An Nhi/VOV",
    "authors": ["An Nhi"],
    "published_at": "2026-11-20T10:00:00+07:00",
    "section": ["Thế giới"],
    "tags": ["Triều Tiên"],
    "images": [Image(url="https://media.vov.vn/a.jpg", caption="Tại cuộc gặp", credit="Sputnik")],
    "media": [Media(kind="audio", url="https://media.vov.vn/a.mp3")],
    "outlet": "VOV.VN",
    "related": [
        Related(headline="Đã lưu", url=THERE, teaser="Tóm tắt"),
        Related(headline="Chưa lưu", url="https://vov.vn/the-gioi/c-post3.vov"),
    ],
    "capture": {"warc": "vov-1-00000.warc.gz", "offset": 0, "record_id": "urn:uuid:1"},
}


def fill(catalogue: Catalogue) -> None:
    """Two articles that point to each other, one of them revised, and one that is gone."""
    put(catalogue, "vov.vn/post1", at="2026-11-20T04:00:00.000000Z", **_FIRST)
    second = {
        **_FIRST,
        "headline": "Nga và Trung Quốc bàn",
        "body": [*_FIRST["body"][:2], "Kết thúc trong tháng này."],
    }
    put(catalogue, "vov.vn/post1", at="2026-11-20T05:00:00.000000Z", **second)
    back = [Related(headline="Trở lại", url=HERE)]
    put(
        catalogue,
        "vov.vn/post2",
        url=THERE,
        headline="Bài thứ hai",
        body=["Không còn."],
        published_at="2026-11-21T09:00:00+07:00",
        section=["Thế giới"],
        related=back,
    )
    known = catalogue.article("vov.vn/post2")
    assert known
    catalogue.observe(known.number, "2026-11-21T04:00:00.000000Z", 404, None)
    catalogue.write().execute("UPDATE articles SET state = 'gone' WHERE number = ?", (known.number,))


def asking(room: ReadingRoom) -> Iterator[Get]:
    with asyncio.Runner() as runner:
        runner.run(room.invoke_startup())

        def ask(path: str, **headers: str | bytes) -> httpx.Response:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return runner.run(room.client.get(path, headers=names))

        yield ask
    for database in room.databases.values():
        database.close()

"""What it costs to read an article into a record, against the bare parse of the same bytes and trafilatura.

The page has 60 KB, like a real one: menus, scripts, boxes of other news, 25 paragraphs. The three are measured in
turn, in processor time, and the best of many rounds counts: the ratios hold on a busy machine, too. Menus that are
known for what they are need not be parsed, so the page is read with each kind of them; and once more as a long
text with nothing around it, of which the parse alone has little to do.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from itertools import cycle, islice

import lxml.html
import trafilatura

from benchmarks._stories import sentences
from vovcrawler.pages import read_article

URL = "https://vov.vn/the-gioi/bai-do-toc-do-post1000.vov"
PARAGRAPHS = 25
WANTED_BYTES = 60_000
ROUNDS, INNER = 30, 5
# What a menu is made of, from the outside to the box round each of its links.
MENUS = {"a <nav>": ("nav", "ul", "li"), "a list": ("div", "ul", "li"), "boxes": ("div", "div", "div")}
LINKS = 120
# So many paragraphs fill the page without menu and scripts.
LONG = 80


def page(menu: str = "a <nav>", *, links: int = LINKS, paragraphs: int = PARAGRAPHS) -> bytes:
    """Return an article of today's layout with everything that stands around one, filled up to 60 KB."""
    told = cycle(sentences())
    text = "\n".join(
        f'<p style="text-align:justify">{" ".join(islice(told, 3))} <a href="/tu-khoa/nga-tag1">Nga</a></p>'
        for _ in range(paragraphs)
    )
    figure = (
        '<figure role="group" class="gallery-embed align-center">'
        '<img data-src="/sites/default/files/{0}.jpg" alt="">'
        "<figcaption>Quang cảnh cuộc họp. Ảnh: TTXVN</figcaption></figure>"
    )
    data = {"@type": "NewsArticle", "headline": "Tít của bài", "dateModified": "2025-12-29T18:00:00+07:00"}
    html = "\n".join(
        [
            '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Tít của bài | VOV.VN</title>',
            '<link rel="stylesheet" href="/themes/custom/vovvn/css/style.css"><!-- filling --></head><body>',
            f"<header>{_menu(links, *MENUS[menu])}</header>",
            '<ol class="breadcrumb"><li class="breadcrumb-item"><a href="/the-gioi">Thế giới</a></li></ol>',
            '<h1 class="article-title">Tít của bài để đo tốc độ</h1>',
            '<div class="col-md-4 mb-2">Thứ Hai, 16:54, 29/12/2025 |</div>',
            f'<div class="row article-summary"><h2>VOV.VN - {next(told)}</h2></div>',
            '<div class="row article-content"><div class="text-long">'
            f"{figure.format(1)}{text}{figure.format(2)}</div></div>",
            '<div class="row article-author"><a href="/tac-gia/phi-long-author1">Phi Long/VOV.VN</a></div>',
            '<div class="tags"><a href="/tu-khoa/nga-tag1">Nga</a> <a href="/tu-khoa/my-tag2">Mỹ</a></div>',
            f'<div class="field-related-article"><h3>Tin liên quan</h3>{_cards(8, told, 1)}</div>',
            f"<h3>Tin cùng chuyên mục</h3>{_cards(12, told, 100)}",
            f'<aside class="sidebar"><h3>Đọc nhiều</h3>{_cards(10, told, 200)}</aside><footer>VOV</footer>',
            f'<script type="application/ld+json">{json.dumps(data)}</script></body></html>',
        ]
    )
    line = "window.vov = window.vov || []; vov.push({position: 64, width: 800, display: 'block'});\n"
    filling = line * (max(0, WANTED_BYTES - len(html.encode())) // len(line))
    return html.replace("<!-- filling -->", f"<script>{filling}</script>").encode()


def _menu(count: int, outer: str, inner: str, box: str) -> str:
    links = "".join(
        f'<{box} class="nav-item"><a class="nav-link" href="/muc-{n}">Chuyên mục {n}</a></{box}>'
        for n in range(count)
    )
    return f"<{outer}><{inner}>{links}</{inner}></{outer}>"


def _cards(count: int, told: cycle[str], first: int) -> str:
    return "".join(
        f'<div class="card"><a href="/the-gioi/bai-post{n}.vov"><img src="/t.jpg" alt=""></a>'
        f'<a href="/the-gioi/bai-post{n}.vov"><h5 class="media-title">Bài số {n}</h5></a>'
        f"<p>VOV.VN - {next(told)}</p></div>"
        for n in range(first, first + count)
    )


def measure(body: bytes) -> dict[str, float]:
    """Return seconds of processor time for the page *body*, by what was done with it."""
    html = body.decode()
    done: dict[str, Callable[[], object]] = {
        "lxml.html.document_fromstring": lambda: lxml.html.document_fromstring(body),
        "read_article": lambda: read_article(body, url=URL),
        "trafilatura.extract": lambda: trafilatura.extract(html),
    }
    gc.freeze()  # as every run of the program does
    best = dict.fromkeys(done, float("inf"))
    for _ in range(ROUNDS):
        for name, call in done.items():
            start = time.process_time()
            for _ in range(INNER):
                call()
            best[name] = min(best[name], (time.process_time() - start) / INNER)
    return best


def main() -> None:
    """Print the ratios, and how far they are from what is wanted."""
    pages = {f"its menu in {menu}": page(menu) for menu in MENUS}
    pages["hardly more than its text"] = page(links=0, paragraphs=LONG)
    for kind, body in pages.items():
        seconds = measure(body)
        record = seconds["read_article"]
        parse, text = seconds["lxml.html.document_fromstring"], seconds["trafilatura.extract"]
        print(f"A page of {len(body):,} bytes with {kind} into a record: {record * 1000:.2f} ms")
        print(f"  against the bare parse        {record / parse:6.1f} times as long   (wanted: at most 5)")
        print(f"  against trafilatura's text    {text / record:6.1f} times as fast   (wanted: at least 5)")


if __name__ == "__main__":
    main()

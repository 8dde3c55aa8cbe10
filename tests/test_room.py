"""The reading room, asked in this process: its pages, their formats, and how it takes hostile input."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from parsel import Selector

from tests.rooms import EVIL, HERE, NOW, Get, asking, fill, put
from vovcrawler.catalogue import Catalogue
from vovcrawler.items import Image, Media, Related
from vovcrawler.room import open_room


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    with Catalogue.open(data) as catalogue:
        fill(catalogue)
    return data


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    """Ask the room over a small archive."""
    yield from asking(open_room(folder, clock=lambda: NOW))


_ABOUT = ("revisions", "related", "cite", "raw")
PAGES = [
    "/",
    "/search?q=dam+phan",
    "/search?q=",
    "/section/the-gioi",
    "/day/2026-11-20",
    "/day/9999-12-31",
    "/day/0001-01-01",
    "/changes",
    "/gone",
    "/coverage",
    "/runs",
    "/article/vov.vn/post1",
    "/article/vov.vn/post1?revision=1",
    "/article/vov.vn/post2",
    "/revisions/vov.vn/post1",
    "/revisions/vov.vn/post2",
    "/related/vov.vn/post1",
    "/cite/vov.vn/post1",
    "/raw/vov.vn/post1",
]


# ---- what is on the pages


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_there_in_both_languages(get: Get, path: str, language: str) -> None:
    page = get(path, accept_language=language)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1") == 1
    assert "<main" in page.text


@pytest.mark.parametrize(
    "path", ["/", "/search?q=nga", "/section/the-gioi", *(f"/{page}/vov.vn/post1" for page in _ABOUT)]
)
def test_a_headline_is_read_out_in_its_own_language(get: Get, path: str) -> None:
    for language, spoken in (("en", "vi"), ("vi", None)):
        shown = Selector(get(path, accept_language=language).text)
        (headline, *_) = shown.css(".card-headline a") or shown.css("h1.page-title")
        assert headline.attrib.get("lang") == spoken
        assert {one.attrib.get("lang") for one in shown.css(".card-lead, .difference")} <= {spoken}
        assert {one.attrib["lang"] for one in shown.css("ins span:first-child, del span:first-child")} <= {
            language
        }


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_data_too(get: Get, path: str) -> None:
    html = get(path).text
    found = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)"', html)
    assert found
    data = get(found[1].replace("&amp;", "&"))
    assert data.headers["content-type"].startswith("application/json")
    assert data.json()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_for_anything_from_elsewhere(get: Get, path: str) -> None:
    page = get(path)
    loads = re.findall(
        r"<(?:link|script|img|iframe|source|image|use)\b[^>]*?\b(?:src|href)=\"([^\"]*)\"", page.text
    )
    assert loads
    assert all(target.startswith("/") and not target.startswith("//") for target in loads)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", page.text)


def test_an_article_is_shown_with_what_is_known_of_it(get: Get) -> None:
    page = get("/article/vov.vn/post1", accept_language="vi").text
    for told in (
        *("Nga và Trung Quốc bàn", "Ngày 26/5, tại Moscow.", "Kết thúc trong tháng này.", "<h2>Phần hai</h2>"),
        *("An Nhi/VOV", "10:00, 20/11/2026", "Tại cuộc gặp", "Sputnik", "Thế giới", "/search?tag=Tri"),
        *('href="/article/vov.vn/post2">Đã lưu', "chưa lưu", "không còn trả lời", "Bài thứ hai"),
    ):
        assert told in page


def test_revisions_show_the_words_that_changed(get: Get) -> None:
    pages = (get(f"/revisions/vov.vn/post1{query}", accept_language="en").text for query in ("", "?from=2&to=1"))
    text, back = (re.sub(r'<span class="unseen"[^>]*>[^<]*</span>', "", page) for page in pages)
    assert "Nga và Trung Quốc <del>thảo luận</del><ins>bàn</ins>" in text
    assert "Kết thúc trong <del>năm nay</del><ins>tháng này</ins>." in text
    assert "Nga và Trung Quốc <del>bàn</del><ins>thảo luận</ins>" in back


def test_what_changed_and_what_is_gone_is_told_as_it_was_observed(get: Get) -> None:
    assert "<ins>" in get("/changes").text
    gone = get("/gone", accept_language="en").text
    assert "Bài thứ hai" in gone
    assert "answered 404 at 21 November 2026, 11:00:00" in gone


def test_search_marks_finds_in_their_own_spelling(get: Get) -> None:
    page = get("/search?q=dam+phan").text
    assert "Hai bên <mark>đàm phán</mark> về Triều Tiên." in page
    assert get("/search.json?q=dam+phan").json()["articles"][0]["snippet"] == (
        "Hai bên **đàm phán** về Triều Tiên."
    )


@pytest.mark.parametrize(
    ("suffix", "beginning"),
    [
        (".bib", "@article{vov2026ngavatrung1,"),
        (".ris", "TY  - NEWS"),
        (".csl", "[\n  {"),
        (".txt", "An Nhi. “Nga"),
    ],
)
def test_citations_can_be_taken_away(get: Get, suffix: str, beginning: str) -> None:
    answer = get(f"/cite/vov.vn/post1{suffix}")
    assert answer.text.startswith(beginning)
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


def test_a_screen_reader_meets_no_two_regions_of_one_name(get: Get) -> None:
    names = (
        Selector(text=get("/cite/vov.vn/post1").text)
        .xpath("//*[self::section or @role = 'region']/@aria-labelledby")
        .getall()
    )
    assert names
    assert len(set(names)) == len(names)


def test_the_language_can_be_chosen_for_good(get: Get) -> None:
    answer = get("/changes?lang=en", accept_language="vi")
    assert '<html lang="en">' in answer.text
    assert "vov-language=en" in answer.headers["set-cookie"]
    assert '<html lang="en">' in get("/changes", accept_language="vi", cookie="vov-language=en").text


@pytest.mark.parametrize("others", [b"a/b=1; ", b"x@y=\xff; ", b"; =;", b"ds_actor=x; "])
def test_cookies_of_others_on_this_host_do_no_harm(get: Get, others: bytes) -> None:
    answer = get("/", cookie=others + b"vov-language=en")
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert get("/catalogue", cookie=others).status_code == 200


def test_tables_sql_and_csv_stay_reachable(get: Get) -> None:
    assert get("/catalogue/articles.json?_shape=array").json()[0]["id"] == "vov.vn/post1"
    assert "vov.vn/post1" in get("/catalogue/articles.csv").text
    assert get("/catalogue.json?sql=select+1+as+one&_shape=array").json() == [{"one": 1}]


def test_a_public_room_takes_no_sql(folder: Path) -> None:
    for ask in asking(open_room(folder, allow_sql=False, clock=lambda: NOW)):
        assert ask("/catalogue.json?sql=select+1").status_code == 403
        assert ask("/catalogue/articles.json?_where=1=1").status_code == 403
        assert ask("/").status_code == 200


# ---- hostile input


@pytest.mark.parametrize(
    "path",
    [
        "/article/nope",
        "/article/%2e%2e/%2e%2e/etc/passwd",
        "/article/%00",
        "/article/vov.vn/post1?revision=99",
        "/revisions/vov.vn/post1?from=7",
        "/cite/nope.bib",
        "/raw/%2fetc%2fpasswd",
        "/wacz/nope.wacz",
        "/wacz/vov.vn/post2.wacz",
        "/section/nope",
        "/section/-",
        "/day/2026-99-99",
        "/room/..%2f..%2fplugin.py",
    ],
)
def test_what_is_not_there_is_said_so(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "import " not in answer.text


@pytest.mark.parametrize(
    "typed", [EVIL, '"', "' OR 1=1 --", "NEAR(", "a" * 10_000, "\x00", "*" * 100, "-" * 99, "%", "\\"]
)
@pytest.mark.parametrize("name", ["q", "section", "author", "tag", "outlet", "page", "month", "lang"])
def test_whatever_is_asked_is_a_page(get: Get, name: str, typed: str) -> None:
    answer = get(f"/search?{name}={quote(typed)}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "$49" not in answer.text


@pytest.mark.parametrize(
    "query", ["since=x", "until=31/02/2026", "status=dead", "until=2026-11-01&since=2026-11-02"]
)
def test_a_filter_that_makes_no_sense_is_a_sentence(get: Get, query: str) -> None:
    answer = get(f"/search?{query}")
    assert answer.status_code == 400
    assert query.rpartition("=")[2].replace("'", "&#39;") in answer.text
    # In a browser there are no options.
    assert not re.search(r"\s--\w", re.sub("<[^>]*>", " ", answer.text))


@pytest.mark.parametrize("ending", ["json", "txt", "bib", "html", "json/x.csl", "wacz"])
def test_an_article_whose_address_ends_as_a_format_does_has_its_pages(tmp_path: Path, ending: str) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        put(catalogue, f"vov.vn/tin.{ending}", headline="Tin lạ")
    for get in asking(open_room(tmp_path, clock=lambda: NOW)):
        todo, seen = [str(Selector(get("/").text).css(".card a::attr(href)").get())], set()
        while todo:
            seen.add(path := todo.pop())
            answer = get(path)
            assert answer.status_code == 200, path
            assert "Tin lạ" in answer.text
            todo += {*Selector(answer.text).css(".tabs a::attr(href)").getall()} - seen
        assert len(seen) == 5


@pytest.mark.parametrize("path", ["/search?q=nga", "/section/the-gioi", "/changes", "/gone", "/runs"])
def test_a_page_behind_the_last_one_says_nothing_of_the_others(get: Get, path: str) -> None:
    answer = get(path + ("&" if "?" in path else "?") + "page=9", accept_language="en")
    assert answer.status_code == 200
    shown = Selector(answer.text).css("main")
    assert "There are no more pages." in shown.get("")
    assert shown.css("a[rel=prev]")


def test_every_page_of_a_long_list_is_another_one(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        runs = ((f"20261101T{number:06}Z", f"2026-11-01T00:00:00.{number:06}Z") for number in range(1_001))
        add = "INSERT INTO runs (run, spider, arguments, version, started_at) VALUES (?, 'article', '{}', '1', ?)"
        catalogue.write().executemany(add, runs)
    ((last, behind),) = (
        [ask(f"/runs.json?page={page}").json() for page in (50, 51)]
        for ask in asking(open_room(tmp_path, clock=lambda: NOW))
    )
    assert [(len(one["runs"]), one["page"], one["has_next"]) for one in (last, behind)] == [
        (20, 50, True),
        (1, 51, False),
    ]


def test_a_search_ends_where_its_finds_are_counted_no_further(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vovcrawler.room.pages.COUNTED", 20)
    first, behind = (get(f"/search.json?page={page}").json() for page in (1, 2))
    assert (len(first["articles"]), behind["articles"], behind["page"]) == (2, [], 2)
    assert "<entry>" not in get("/search.atom?page=2").text
    far = get("/search.json?page=51").json()
    assert (far["articles"], far["page"]) == ([], 51)


def test_the_calendar_is_of_this_month_whatever_an_article_is_dated(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        put(catalogue, "vov.vn/post1", published_at="2062-01-01T08:00:00+07:00")
    for get in asking(open_room(tmp_path, clock=lambda: NOW)):
        assert get("/index.json").json()["calendar"]["month"] == "2026-11-01"


@pytest.mark.parametrize("count", [100, 103])
def test_a_page_does_not_grow_with_those_that_point_to_it(tmp_path: Path, count: int) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        put(catalogue, "vov.vn/post1", headline="Tin", url=HERE)
        for number in range(1001, 1001 + count):
            link = Related(headline="Tin", url=HERE)
            put(catalogue, f"vov.vn/post{number}", headline=f"Tin {number}", body=[str(number)], related=[link])
    for get in asking(open_room(tmp_path, clock=lambda: NOW)):
        for path, key in (("/article/vov.vn/post1", "pointing"), ("/related/vov.vn/post1", "neighbours")):
            shown = Selector(get(path, accept_language="en").text)
            listed = [one for one in shown.css(".links a::text").getall() if one.startswith("Tin 1")]
            assert (len(listed), listed[-1]) == (100, f"Tin {1000 + count}")
            more = shown.xpath("//a[contains(., 'more in the JSON')]")
            assert [one.xpath("string()").get() for one in more] == ["and 3 more in the JSON"] * (count > 100)
            assert len(get(f"{path}.json").json()[key]) == count
            assert not more or get(more.attrib["href"]).json()[key]


def test_nothing_can_be_sent_to_the_room(get: Get, folder: Path) -> None:
    room = open_room(folder, clock=lambda: NOW)
    answer = asyncio.run(room.client.post("/"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def dangers(markup: str) -> Iterator[str]:
    """Yield what in a page would run, or load, something that is not the room's."""
    for element in Selector(text=markup).xpath("//*"):
        name, attributes = element.root.tag, dict(element.attrib)
        if name in ("img", "iframe", "object", "embed", "style", "base"):
            yield name
        if name == "script" and not attributes.get("src", "").startswith("/room/"):
            yield "script"
        yield from (key for key in attributes if key.startswith("on") or key == "style")
        yield from (
            value for value in attributes.values() if value.lower().lstrip().startswith(("javascript:", "data:"))
        )


def test_nothing_in_an_article_runs(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        put(
            catalogue,
            f"vov.vn/{EVIL}",
            url="javascript:alert(1)",
            headline=EVIL,
            lead=EVIL,
            body=[EVIL, EVIL],
            subheadings=[1],
            byline=EVIL,
            authors=[EVIL],
            section=[EVIL],
            tags=[EVIL],
            images=[Image(url="javascript:alert(1)", caption=EVIL, credit=EVIL)],
            media=[Media(kind="audio", url="javascript:alert(1)")],
            related=[Related(headline=EVIL, url="javascript:alert(3)", teaser=EVIL), Related(headline=EVIL)],
            outlet=EVIL,
            language='vi" onload="alert(1)',
            capture={"warc": "../../../../etc/passwd", "offset": 0, "record_id": EVIL},
        )
        put(catalogue, f"vov.vn/{EVIL}", at="2026-11-21T04:00:00.000000Z", headline=f"{EVIL}!", body=[f"{EVIL}?"])
        known = catalogue.article(f"vov.vn/{EVIL}")
        assert known
        catalogue.observe(known.number, "2026-11-21T04:00:00.000000Z", 404, None)
    id_ = "/".join(quote(part, safe="") for part in f"vov.vn/{EVIL}".split("/"))
    pages = ["/", "/changes", "/gone", "/search?q=alert", "/changes.atom", "/gone.atom", "/search.atom?q=script"]
    pages += [f"/{page}/{id_}" for page in ("article", "revisions", "related", "cite", "raw")]
    pages += [f"/{page}/{id_}?revision=1" for page in ("article", "cite", "raw")]
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        for path in pages:
            answer = ask(path)
            assert answer.status_code == 200, path
            assert not list(dangers(answer.text)), path
            assert "root:" not in answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_bytes_are_read_from_the_archive_only(tmp_path: Path) -> None:
    from vovcrawler.room.captures import is_kept

    (tmp_path / "data" / "warc").mkdir(parents=True)
    (tmp_path / "secret.warc.gz").write_bytes(b"x")
    (tmp_path / "data" / "warc" / "link.warc.gz").symlink_to(tmp_path / "secret.warc.gz")
    for name in ("../../secret.warc.gz", "link.warc.gz", str(tmp_path / "secret.warc.gz"), "", ".", None, 7):
        assert not is_kept(tmp_path / "data", {"warc": name, "offset": 0})


def test_an_archive_without_articles_has_all_its_pages(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path):
        pass
    for ask in asking(open_room(tmp_path, clock=lambda: NOW)):
        for path in (
            "/",
            "/search?q=nga",
            "/changes",
            "/gone",
            "/coverage",
            "/runs",
            "/day/2026-11-20",
            "/?month=2026-13",
        ):
            assert ask(path).status_code == 200, path

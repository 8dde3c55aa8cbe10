"""Searching an archive: what is found, in which order, and how the index follows the articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Command
from tests.replica import Replica
from tests.replica.graph import generate
from vovcrawler.catalogue import Catalogue
from vovcrawler.facets import Filters
from vovcrawler.items import Article, Image, to_record
from vovcrawler.queries import parse
from vovcrawler.snippets import marked

AT = "2026-11-21T00:00:00.000000Z"


def line(article: Article) -> bytes:
    return json.dumps(to_record(article), ensure_ascii=False).encode() + b"\n"


def put(catalogue: Catalogue, name: str, **fields: Any) -> None:
    """Record an article; what is not said of it is the same for all."""
    told = {"headline": "Tin", "body": ["Thân bài."], "published_at": "2026-01-05T10:00:00+07:00", **fields}
    article = Article(id=name, url=f"https://vov.vn/xa-hoi/{name}.vov", content_digest=repr(told), **told)
    catalogue.record(article, page=None, at=AT, line=line)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "data") as opened:
        yield opened


def found(catalogue: Catalogue, typed: str, **filters: Any) -> list[str]:
    catalogue.commit()
    return [hit.id for hit in catalogue.search(parse(typed), Filters(**filters)).hits]


# ---- what is found


@pytest.mark.parametrize(
    "typed",
    ["triều tiên", "trieu tien", "TRIEU TIEN", "Triều Tiên", "triêu tiên", '"triều tiên"', "trieu* tie*", "trIỀU"],
)
def test_words_are_found_with_and_without_marks(catalogue: Catalogue, typed: str) -> None:
    put(catalogue, "a", body=["Bán đảo Triều Tiên."])
    put(catalogue, "b", body=["Bán đảo Ả Rập."])
    assert found(catalogue, typed) == ["a"]


@pytest.mark.parametrize(
    "typed", ["Đàm phán", "dam phan", "đam phán", "ĐAM PHAN", "đàm OR xyz", "phán -mới", '"đàm phán']
)
def test_half_typed_marks_find_too(catalogue: Catalogue, typed: str) -> None:
    put(catalogue, "a", body=["Vòng đàm phán."])
    assert found(catalogue, typed) == ["a"]


def test_captions_and_words_of_several_parts_are_found(catalogue: Catalogue) -> None:
    put(catalogue, "a", headline="Hội đàm", lead="Tại Moscow", images=[Image(caption="Ông Lavrov")])
    assert found(catalogue, "lavrov hội moscow") == ["a"]
    assert found(catalogue, '"đàm tại"') == []


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("nga mỹ", ["c"]),
        ("nga OR mỹ", ["c", "b", "a"]),
        ("nga -mỹ", ["a"]),
        ("-mỹ", ["a"]),
        ('"mỹ nga"', []),
        ("-nga -mỹ", []),
    ],
)
def test_operators_choose(catalogue: Catalogue, typed: str, ids: list[str]) -> None:
    put(catalogue, "a", body=["Nga"], published_at="2026-01-01T00:00:00+07:00")
    put(catalogue, "b", body=["Mỹ"], published_at="2026-01-02T00:00:00+07:00")
    put(catalogue, "c", body=["Nga và Mỹ"], published_at="2026-01-03T00:00:00+07:00")
    assert found(catalogue, typed) == ids


def test_a_word_to_leave_out_counts_wherever_it_stands(catalogue: Catalogue) -> None:
    put(catalogue, "a", headline="Nga", body=["có Mỹ"])
    put(catalogue, "b", headline="Nga", body=["có Đức"])
    assert found(catalogue, "nga -mỹ") == ["b"]
    assert found(catalogue, "nga -my") == ["b"]
    assert found(catalogue, "nga -mý") == ["b", "a"] or found(catalogue, "nga -mý") == ["a", "b"]


# ---- in which order


def test_marks_come_before_places_and_places_before_time(catalogue: Catalogue) -> None:
    new, old = "2026-02-01T00:00:00+07:00", "2020-02-01T00:00:00+07:00"
    put(catalogue, "folded headline", headline="Dâm phận", published_at=new)
    put(catalogue, "exact body", body=["đàm phán"], published_at=old)
    put(catalogue, "exact body, new", body=["đàm phán"], published_at=new)
    put(catalogue, "exact lead", lead="đàm phán", published_at=old)
    put(catalogue, "exact headline", headline="Đàm phán", published_at=old)
    put(catalogue, "half exact body", body=["đảm phán"], published_at=old)
    assert found(catalogue, "đàm phán") == [
        *("exact headline", "exact lead", "exact body, new", "exact body"),
        *("half exact body", "folded headline"),
    ]


def test_neighbours_come_before_scattered_words(catalogue: Catalogue) -> None:
    put(catalogue, "scattered", body=["Triều đình đi tiên phong"], published_at="2026-02-01T00:00:00+07:00")
    put(catalogue, "side by side", body=["Ở Triều Tiên"], published_at="2020-02-01T00:00:00+07:00")
    put(catalogue, "undated", body=["Ở Triều Tiên"], published_at=None)
    assert found(catalogue, "trieu tien") == ["side by side", "undated", "scattered"]


def test_many_articles_of_one_minute_keep_their_days(catalogue: Catalogue) -> None:
    for number in range(300):
        put(catalogue, f"midnight {number}", body=[f"nga {number}"], published_at="2026-01-04T00:00:00+07:00")
    put(catalogue, "day after", body=["nga"], published_at="2026-01-05T00:00:00+07:00")
    put(catalogue, "day before", body=["nga"], published_at="2026-01-03T23:59:59+07:00")
    catalogue.commit()
    assert catalogue.search(parse("nga"), Filters(until=date(2026, 1, 4))).total == 301
    assert catalogue.search(parse("nga"), Filters(since=date(2026, 1, 4))).total == 301
    assert found(catalogue, "nga")[0] == "day after"


def test_pages_of_results_follow_each_other(catalogue: Catalogue) -> None:
    for number in range(30):
        put(
            catalogue,
            str(number),
            headline=f"Nga {number}",
            published_at=f"2026-01-{number + 1:02d}T00:00:00+07:00",
        )
    catalogue.commit()
    pages = [catalogue.search(parse("nga"), limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [hit.id for page in pages for hit in page.hits] == [str(number) for number in range(29, -1, -1)]
    assert {page.total for page in pages} == {30}


@pytest.mark.parametrize("typed", ["nga", "nga đàm", ""])
def test_pages_follow_each_other_whatever_was_recorded_first(catalogue: Catalogue, typed: str) -> None:
    # A list names the newest first, so within some minutes the oldest is recorded last.
    for minute in reversed(range(60)):
        time = f"2026-01-05T10:{minute:02}:00+07:00"
        put(catalogue, str(minute), body=["Nga đàm phán, đàm và Nga."], published_at=time)
        catalogue.commit()
    pages = [catalogue.search(parse(typed), limit=7, offset=offset).hits for offset in range(0, 60, 7)]
    assert [int(hit.id) for page in pages for hit in page] == list(reversed(range(60)))


@pytest.mark.parametrize(
    ("typed", "total", "most"), [("đàm phán", 0, 1), ("đàm phán mới", 1, 3), ("phán đàm", 0, 1)]
)
def test_a_search_ends_when_all_is_found(catalogue: Catalogue, typed: str, total: int, most: int) -> None:
    for number in range(9):
        put(catalogue, str(number), headline="Đàm phán mới" if number == 4 else "Đàm phán")
    catalogue.write().execute("UPDATE articles SET state = 'gone' WHERE id = '4' AND ?", (total,))
    catalogue.commit()
    asked: list[str] = []
    catalogue.connection.set_trace_callback(asked.append)
    assert catalogue.search(parse(typed), Filters(status="gone")).total == total
    catalogue.connection.set_trace_callback(None)
    # Each of them goes through all that there is.
    assert len([sql for sql in asked if " MATCH " in sql]) <= most


# ---- filters


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"section": "the-gioi"}, ["a"]),
        ({"section": "Thế Giới"}, ["a"]),
        ({"section": "★"}, []),
        ({"section": "xa-hoi"}, ["b", "a"]),  # part of both addresses
        ({"author": "an nhi"}, ["b"]),
        ({"tag": "Triều Tiên"}, ["a"]),
        ({"tag": "Triều"}, []),
        ({"outlet": "vov1"}, ["b"]),
        ({"since": date(2026, 1, 2)}, ["b"]),
        ({"until": date(2026, 1, 1)}, ["a"]),
        ({"since": date(2026, 1, 1), "until": date(2026, 1, 2)}, ["b", "a"]),
        ({"status": "gone"}, ["b"]),
        ({"status": "live"}, ["a"]),
        ({"status": "revised"}, []),
        ({"status": "gone", "tag": "Triều Tiên"}, []),
    ],
)
def test_filters_choose(catalogue: Catalogue, filters: dict[str, Any], ids: list[str]) -> None:
    put(catalogue, "a", section=["Thế giới"], tags=["Triều Tiên"], published_at="2026-01-01T23:59:59+07:00")
    put(catalogue, "b", authors=["An Nhi"], outlet="VOV1", published_at="2026-01-02T00:00:00+07:00")
    gone = catalogue.connection.execute("SELECT number FROM articles WHERE id = 'b'").fetchone()
    catalogue.write().execute("UPDATE articles SET state = 'gone' WHERE number = ?", gone)
    assert found(catalogue, "", **filters) == ids
    assert found(catalogue, "thân bài", **filters) == ids


def test_filters_judge_a_record_as_the_search_does() -> None:
    record = to_record(
        Article(id="a", content_digest="", section=["Thế giới"], published_at="2026-01-01T23:59:59+07:00")
    )
    assert Filters(section="the gioi", until=date(2026, 1, 1), status="live").match(record)
    assert not Filters(since=date(2026, 1, 2)).match(record)
    assert not Filters(until=date(2025, 12, 31)).match(record)
    assert not Filters(status="gone").match(record)
    assert Filters(until=date.max, since=date.min).match(record)
    assert not Filters(since=date.min).match({**record, "published_at": None})


# ---- the index follows the articles


def test_only_the_last_revision_is_found(catalogue: Catalogue) -> None:
    put(catalogue, "a", headline="Tít cũ", body=["Giữ lại."])
    catalogue.commit()
    put(catalogue, "a", headline="Tít mới", body=["Giữ lại."])
    assert found(catalogue, "cũ") == []
    assert found(catalogue, "mới") == found(catalogue, "giữ lại") == ["a"]
    for table in ("search_fronts", "search_texts"):
        catalogue.write().execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        vocabulary = catalogue.write().execute(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, {table}, row)")
        assert vocabulary.execute("SELECT count(*) FROM temp.v WHERE term = 'cu'").fetchone() == (0,)
        catalogue.write().execute("DROP TABLE temp.v")


def test_what_is_rolled_back_is_not_in_the_index(catalogue: Catalogue) -> None:
    put(catalogue, "a", headline="Một")
    catalogue.commit()
    put(catalogue, "b", headline="Hai")
    catalogue.rollback()
    assert found(catalogue, "một") == ["a"]
    assert found(catalogue, "hai") == []


def test_an_index_of_another_scheme_is_made_anew(catalogue: Catalogue) -> None:
    put(catalogue, "a", headline="Một")
    catalogue.commit()
    catalogue.set_note("search_scheme", "0-older")
    put(catalogue, "b", headline="Hai một")
    assert sorted(found(catalogue, "một")) == ["a", "b"]
    assert catalogue.connection.execute("SELECT count(*) FROM search_documents").fetchone() == (2,)


def test_snippets_mark_the_find_in_its_own_spelling(catalogue: Catalogue) -> None:
    put(
        catalogue,
        "a",
        lead="Tin vắn.",
        body=["Mở đầu. " * 40 + "Sau đó là vòng Đàm phán thứ hai. " + "Kết. " * 80],
    )
    catalogue.commit()
    [hit] = catalogue.search(parse("dam phan")).hits
    snippet = marked(hit.snippet)
    assert "vòng **Đàm phán** thứ hai" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < 260


# ---- whatever is typed


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path_factory.mktemp("archive")) as opened:
        put(opened, "a", body=["Vòng đàm phán thứ hai"])
        opened.commit()
        yield opened


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text()
    | st.lists(st.sampled_from(['"', "-", "*", " OR ", "đàm", "phán", "NEAR(", "\x00", "\ud800"])).map("".join)
)
def test_whatever_is_typed_is_a_search(archive: Catalogue, typed: str) -> None:
    archive.search(parse(typed))
    archive.search(parse("đàm"), Filters(section=typed, author=typed, tag=typed, outlet=typed))


# ---- the command


def test_the_command_searches(scrapy: Command, tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "data") as catalogue:
        put(catalogue, "a", headline="Đàm phán mới", section=["Thế giới"])
        told = ["vẫn đàm phán, Mỹ nói", "Ở Lào, sắt về Hà Nội"]
        put(catalogue, "b", headline="Tin khác", body=told, published_at="2026-01-05T17:30:00+00:00")
    told = scrapy("search", "dam", "phan", "--json")
    assert told.code == 0, told.stderr
    assert [record["id"] for record in told.records] == ["a", "b"]
    assert list(told.records[0]) == ["id", "url", "headline", "published_at", "section", "snippet"]
    assert told.records[1]["snippet"] == "vẫn **đàm phán**, Mỹ nói"
    told = scrapy("search", "đàm", "-mỹ", "--section", "the-gioi", "--limit", "1")
    assert told.code == 0
    assert told.stdout.startswith(
        "1. Đàm phán mới\n   2026-01-05 10:00 · Thế giới · https://vov.vn/xa-hoi/a.vov\n"
    )
    for left_out in ("-Lào", "-sắt", "-hà", "-vẫn"):
        told = scrapy("search", "tin", left_out)
        assert (told.code, told.stdout) == (0, ""), told.stderr
    told = scrapy("search", "khác")
    assert told.stdout.splitlines()[1] == "   2026-01-06 00:30 · https://vov.vn/xa-hoi/b.vov"
    told = scrapy("search", 'NEAR("')
    assert (told.code, told.stdout) == (0, "")
    assert "Nothing was found" in told.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "Say what to look for"),
        (["x", "--limit", "0"], "'0'"),
        (["x", "--limit", "-1"], "'-1'"),
        (["x", "--since", "someday"], "'someday'"),
        (["x", "--until", ""], "--until '' is no day"),
        (["x", "--section", ""], "--section '' chooses nothing"),
        (["x", "--since", "2026-11-02", "--until", "1/11/2026"], "--since 2026-11-02 is after --until 2026-11-01"),
        (["x", "--status", "dead"], "'dead'"),
        (["x", "--colour"], "--colour"),
    ],
)
def test_wrong_usage_of_the_command_is_one_sentence(scrapy: Command, args: list[str], said: str) -> None:
    told = scrapy("search", *args)
    assert told.code == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_a_rebuilt_catalogue_finds_the_same(replica: Replica, scrapy: Command) -> None:
    stories = generate(3, 12, wild=False)
    replica.site.fill(stories)
    urls = ",".join(story.url for story in stories)
    assert scrapy("crawl", "article", "-a", f"url={urls}", "-a", "hops=0").code == 0
    typed = stories[0].headline
    before = scrapy("search", typed, "--json").records
    assert before[0]["headline"] == typed
    assert scrapy("catalogue", "rebuild").code == 0
    assert scrapy("search", typed, "--json").records == before


@pytest.mark.parametrize("published_at", [None, "2011-04-26T00:00:00+07:00"])
def test_any_number_of_articles_may_bear_the_same_time(catalogue: Catalogue, published_at: str | None) -> None:
    for number in range(2000):
        put(catalogue, f"a{number}", headline=f"Tin số {number}", published_at=published_at)
    catalogue.commit()
    assert found(catalogue, '"tin số 1999"') == ["a1999"]

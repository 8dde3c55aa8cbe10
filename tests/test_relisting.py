"""The ledger out of the archive: what captured lists listed is known again without the catalogue."""

from __future__ import annotations

import gzip
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests import chain
from tests.chain import rows
from tests.conftest import Command
from tests.listed import TODAY, publish
from tests.replica import Replica
from tests.warcs import Rec, http, members

ENTRIES = """
SELECT pages.url, sources.url, kind, section, published_at FROM listings
JOIN pages ON pages.number = page JOIN sources ON sources.number = source ORDER BY 1, 2
"""
LIST = "https://vov.vn/the-gioi"
LINK = '<div class="taxonomy-content"><a class="vovvn-title" href="/the-gioi/a-post%d.vov">Tít</a></div>'
ONE, TWO = ((LINK % number).encode() for number in (1, 2))
CHALLENGE = b"<title>Attention Required</title><script>window.location.href='/x'</script>"
ELSEWHERE = b'<div class="taxonomy-content"><a href="https://tuoitre.vn/a.htm">A</a></div>'


@pytest.fixture(scope="module")
def discovered(tmp_path_factory):
    """Two runs over a site that goes on: an article failed, one is gone, a list refused, a feed was broken."""
    data = tmp_path_factory.mktemp("discovered") / "data"
    with Replica() as replica:
        site, scrapy = replica.site, Command(replica.url, data)
        for number in range(24):
            publish(site, number, TODAY - timedelta(hours=number), ("the-gioi", "kinh-te", "xa-hoi")[number % 3])
        site.fault("https://vov.vn/xa-hoi", status=403)
        site.fault("https://vov.vn/rss/the-gioi.rss", body=b"<html><p>Closed</p></html>")
        site.fault(publish(site, 30, TODAY), status=500)
        for number in (40, 41):
            scrapy("crawl", "discovery", settings={"RETRY_TIMES": 0})
            publish(site, number, TODAY, "van-hoa")
        site.remove(publish(site, 50, TODAY), 410)
        outcome = scrapy("update", settings={"RETRY_TIMES": 0})
    assert len(rows(data, ENTRIES)) > 60, outcome.stderr
    return data


def coverage(scrapy: Command, data: Path) -> str:
    return scrapy("catalogue", "coverage", data=data).stdout


def test_a_lost_ledger_is_read_again_from_the_lists_in_the_archive(discovered, scrapy):
    shutil.copytree(discovered, scrapy.data)
    (scrapy.data / chain.CATALOGUE).unlink()
    outcome = scrapy("catalogue", "rebuild")
    assert outcome.code == 0, outcome.stderr
    assert rows(scrapy.data, ENTRIES) == rows(discovered, ENTRIES)
    assert coverage(scrapy, scrapy.data) == coverage(scrapy, discovered)


def test_a_ledger_that_is_there_stays_as_it_is(discovered, scrapy):
    shutil.copytree(discovered, scrapy.data)
    assert scrapy("catalogue", "rebuild").code == 0
    exact = ENTRIES.replace("published_at FROM", "published_at, first_listed, last_listed, read_to FROM")
    assert rows(scrapy.data, exact) == rows(discovered, exact)
    assert coverage(scrapy, scrapy.data) == coverage(scrapy, discovered)


def test_what_other_machines_saw_listed_comes_with_their_files(discovered, scrapy):
    files = sorted((discovered / "warc").iterdir())
    # In whatever order, and one of them twice.
    for path in (files[-1], *files):
        outcome = scrapy("catalogue", "ingest", path)
        assert outcome.code == 0, outcome.stderr
    assert rows(scrapy.data, ENTRIES) == rows(discovered, ENTRIES)
    (moments,) = rows(scrapy.data, "SELECT min(last_listed >= first_listed), min(first_listed) FROM listings")
    (before,) = rows(discovered, "SELECT min(first_listed) FROM listings")
    assert moments[0] == 1
    assert moments[1] <= before[0]


CAPTURES = {
    "a section": (LIST, http(ONE), "list"),
    "a later page of a part of it": (f"{LIST}/quan-sat?page=2", http(ONE), "list"),
    "a mirror": ("http://www.vov.vn/the-gioi", http(ONE), "list"),
    "the latest news": ("https://vov.vn/tin-moi-cap-nhat", http(ONE), "latest"),
    "packed": (LIST, http(gzip.compress(ONE)), "list"),
    "another page": ("https://vov.vn/lien-he", http(ONE), None),
    "the front page": ("https://vov.vn/", http(ONE), None),
    "refused": (LIST, http(ONE, status="403 Forbidden"), None),
    "a challenge": (LIST, http(CHALLENGE), None),
    "of another site": (LIST, http(ELSEWHERE), None),
    "no feed": ("https://vov.vn/rss/kinh-te.rss", http(b"<html>A"), None),
    "a torn sitemap": ("https://vov.vn/sitemap.xml", http(gzip.compress(b"<urlset>")[:-9]), None),
}


@pytest.mark.parametrize(("url", "block", "kind"), CAPTURES.values(), ids=CAPTURES)
def test_only_a_good_capture_of_a_list_of_the_site_counts(scrapy, tmp_path, url, block, kind):
    (tmp_path / "w.warc").write_bytes(bytes(Rec(url=url, block=block)))
    outcome = scrapy("catalogue", "ingest", tmp_path / "w.warc")
    assert "Traceback" not in outcome.stderr
    found = [(row[0], row[2]) for row in rows(scrapy.data, ENTRIES)]
    assert found == ([("https://vov.vn/the-gioi/a-post1.vov", kind)] if kind else [])


def test_a_list_that_was_captured_often_costs_two_looks(scrapy, tmp_path):
    same = http(ONE)
    days = [(day, same) for day in range(1, 8)] + [(8, http(TWO)), (9, same)]
    records = [Rec(id=day, url=LIST, date=f"2026-01-0{day}T00:00:00Z", block=block) for day, block in days]
    (tmp_path / "w.warc.gz").write_bytes(members(records))
    assert scrapy("catalogue", "ingest", tmp_path / "w.warc.gz").code == 0
    seen = rows(scrapy.data, "SELECT first_listed, last_listed FROM listings ORDER BY page")
    assert seen == [("2026-01-01T00:00:00Z", "2026-01-09T00:00:00Z"), ("2026-01-08T00:00:00Z",) * 2]

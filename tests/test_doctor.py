"""The doctor says what is well and what is not, and its exit code says whether all is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.listed import publish
from tests.wireless import World
from vovcrawler import checks
from vovcrawler.catalogue import Catalogue

_DAY = timedelta(days=1)


def _bad(findings) -> list[str]:
    return [found.name for found in findings if not found.is_well]


@pytest.fixture
def archive(wireless):
    """An archive with two articles of today."""
    urls = [publish(World.site, number, datetime.now(UTC) - timedelta(hours=1)) for number in range(2)]
    assert wireless("article", url=",".join(urls), hops=0).code == 0
    World.log.clear()
    return urls


def test_a_site_that_is_well_is_found_well_with_three_requests(archive, wireless):
    ended = wireless("checkup")
    assert {found.name for found in ended.spider.findings} == {"list", "drupal"}
    assert _bad(ended.spider.findings) == []
    assert len(World.log) == 3


def test_a_layout_that_lost_a_field_is_named(archive, wireless):
    publish(World.site, 9, datetime.now(UTC))
    for url in archive:
        World.site.edit(url, published_at=None)
    findings = wireless("checkup").spider.findings
    assert _bad(findings) == ["drupal"]
    assert "without published_at" in findings[-1].seen


def test_a_broken_list_and_a_wrong_clock_are_named(archive, wireless):
    server = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    World.site.fault("/tin-moi-cap-nhat", body=b"<h1>Xin ch\xc3\xa0o</h1>", headers=[("Date", server)])
    assert _bad(wireless("checkup").spider.findings) == ["list", "clock"]
    World.site.fault("/tin-moi-cap-nhat", headers=[("Date", "Sat, 21 Nov 99999999999999999999 15:04:05 GMT")])
    ended = wireless("checkup")
    assert not [name for name in ended.stats if name.startswith("spider_exceptions/")]


def test_a_page_that_does_not_come_is_named(archive, wireless):
    World.site.fault("https://vov.vn/the-gioi/*", status=404)
    assert _bad(wireless("checkup").spider.findings) == ["drupal"]


def test_an_old_archive_and_a_clock_behind_are_named(archive, wireless, tmp_path):
    folder, now = tmp_path / "data", datetime.now(UTC)
    assert _bad(checks.local(folder, now, _DAY)) == []
    assert _bad(checks.local(folder, now + 2 * _DAY, _DAY)) == ["newest"]
    assert _bad(checks.local(folder, now - _DAY, _DAY)) == ["clock"]
    assert _bad(checks.local(tmp_path / "none", now, _DAY)) == []


def test_an_article_dated_in_the_future_does_not_make_an_old_archive_new(archive, tmp_path):
    now = datetime.now(UTC)
    with Catalogue.open(tmp_path / "data") as catalogue, catalogue.connection as connection:
        (number,) = connection.execute("SELECT number FROM articles LIMIT 1").fetchone()
        connection.execute(
            "UPDATE articles SET published_at = '2062-01-01T08:00:00+07:00' WHERE number = ?", [number]
        )
    assert _bad(checks.local(tmp_path / "data", now + 2 * _DAY, _DAY)) == ["newest"]
    assert not [
        found for found in checks.local(tmp_path / "data", now - 99 * _DAY, _DAY) if found.name == "newest"
    ]


@pytest.mark.parametrize("command", [["doctor", "--offline"], ["update", "--dry-run"]], ids=" ".join)
def test_a_catalogue_that_is_missing_is_not_one_that_was_never_made(scrapy, command):
    assert scrapy(*command).code == 0
    feed = scrapy.data / "feeds" / "articles-2026-11-22.jsonl"
    feed.parent.mkdir(parents=True)
    feed.write_text("{}\n", encoding="utf-8")
    outcome = scrapy(*command)
    assert outcome.code == 5
    assert "is missing although" in outcome.stderr


def test_the_command_prints_it_all_and_its_exit_code_says_it(replica, scrapy):
    publish(replica.site, 1, datetime.now(UTC) - timedelta(hours=1))
    assert scrapy("update").code == 0
    replica.site.fault("https://vov.vn/tin-moi-cap-nhat", delay=1.5)  # it comes last, and stands first
    outcome = scrapy("doctor")
    assert outcome.code == 0, outcome.stdout + outcome.stderr
    assert outcome.stderr == ""
    lines = outcome.stdout.splitlines()
    assert [line.split()[1] for line in lines] == ["disk", "rights", "newest", "list", "drupal", "robots"]
    assert all(line.startswith("ok ") for line in lines)
    asked = len(replica.log)
    assert scrapy("doctor", "--offline", settings={"NEWEST_MAX": "30m"}).code == 1
    assert len(replica.log) == asked
    replica.site.fault("https://vov.vn/*", status=403)
    assert scrapy("doctor").code == 3


@pytest.mark.parametrize(
    ("robots", "said"),
    [
        ("User-agent: *\nDisallow: /tin-moi-cap-nhat\n", "Forbidden by robots.txt"),
        (None, "robots.txt could not be read"),
    ],
)
def test_a_robots_txt_that_lets_nothing_be_asked_is_not_called_well(replica, scrapy, robots, said):
    if robots:
        replica.site.robots(robots)
    else:
        replica.site.fault("https://vov.vn/robots.txt", status=500)
    outcome = scrapy("doctor")
    assert outcome.code == 1
    assert outcome.stdout.splitlines()[-1] == f"BAD  robots    {said}"


@pytest.mark.parametrize("args", [("now",), ("-s", "NEWEST_MAX=soon")])
def test_wrong_usage_is_one_sentence(scrapy, args):
    outcome = scrapy("doctor", *args)
    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr

"""The doctor says what is well and what is not, and its exit code says whether all is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.test_discovery import publish


@pytest.fixture
def archive(replica, scrapy):
    """An archive with two articles of today."""
    urls = [publish(replica.site, number, datetime.now(UTC) - timedelta(hours=1)) for number in range(2)]
    assert scrapy("crawl", "article", "-a", f"url={','.join(urls)}", "-a", "hops=0").code == 0
    replica.forget()
    return urls


def bad(outcome) -> list[str]:
    return [line.split()[1] for line in outcome.stdout.splitlines() if line.startswith("BAD")]


def test_all_is_well(archive, scrapy, replica):
    outcome = scrapy("doctor")
    assert outcome.code == 0, outcome.stdout + outcome.stderr
    assert {line.split()[1] for line in outcome.stdout.splitlines()} >= {
        "disk",
        "newest",
        "list",
        "drupal",
        "robots",
    }
    assert len(replica.asked(robots=True)) == 3


def test_offline_asks_nothing(archive, scrapy, replica):
    assert scrapy("doctor", "--offline").code == 0
    assert replica.log == []


def test_a_layout_that_lost_a_field_is_named(archive, scrapy, replica):
    publish(replica.site, 9, datetime.now(UTC))
    for url in archive:
        replica.site.edit(url, published_at=None)
    outcome = scrapy("doctor")
    assert outcome.code == 1
    assert bad(outcome) == ["drupal"]
    assert "without published_at" in outcome.stdout


def test_an_old_archive_a_broken_list_and_a_wrong_clock_are_named(archive, scrapy, replica):
    server = datetime.now(UTC) + timedelta(minutes=10)
    replica.site.fault(
        "/tin-moi-cap-nhat",
        body=b"<h1>Xin ch\xc3\xa0o</h1>",
        headers=[("Date", format_datetime(server, usegmt=True))],
    )
    outcome = scrapy("doctor", settings={"NEWEST_MAX": "30m"})
    assert outcome.code == 1
    assert bad(outcome) == ["newest", "list", "clock"]


def test_a_site_that_refuses_is_3(archive, scrapy, replica):
    replica.site.fault("https://vov.vn/*", status=403)
    outcome = scrapy("doctor")
    assert outcome.code == 3
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("args", [("now",), ("-s", "NEWEST_MAX=soon")])
def test_wrong_usage_is_one_sentence(scrapy, args):
    outcome = scrapy("doctor", *args)
    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr

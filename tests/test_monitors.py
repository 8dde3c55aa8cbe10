"""Each monitor passes, fails with its number, and really runs; one that cannot run has failed; notices arrive."""

from __future__ import annotations

import json
import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.spider import DefaultSpider
from scrapy.utils.test import get_crawler
from spidermon.runners import MonitorRunner

from tests.listed import publish
from tests.wireless import World
from vovcrawler import context, notices
from vovcrawler import settings as project
from vovcrawler.catalogue import Visit
from vovcrawler.errors import UsageTrouble
from vovcrawler.monitors import Monitors, RunSuite, verdict

LIMITS = {name: value for name, value in vars(project).items() if name.startswith(("MONITOR_", "NEAR_"))}
_NOW = datetime(2026, 11, 21, 15, 4, 5, tzinfo=UTC)


def now():
    return _NOW


@pytest.fixture
def judged(tmp_path):
    """Run all monitors over these statistics, in an archive with these earlier runs; return what each says."""
    crawlers = []

    def judge(stats=None, earlier=(), listed=(), days=1, **settings):
        crawler = get_crawler(
            DefaultSpider, {**LIMITS, "CLOCK": f"{__name__}.now", "DATA_DIR": str(tmp_path), **settings}
        )
        crawlers.append(crawler)
        for name, value in (stats or {}).items():
            crawler.stats.set_value(name, value)
        catalogue = context.catalogue(crawler)
        for number, more in enumerate(earlier):
            catalogue.finish_run(_report(number, **more))
        for number, state in enumerate(listed):
            page = catalogue.know_page(f"https://vov.vn/a/b-post{number}.vov", "2026-11-20T00:00:00.000000Z")
            catalogue.listed("https://vov.vn/a", "list", "a", [(page, _NOW - timedelta(days=days))], "2026-11-20")
            catalogue.visited(Visit(page=page, at="2026-11-20T00:00:00.000000Z", state=state))
        suite = RunSuite(crawler=crawler)
        result = MonitorRunner().run(
            suite, stats=dict(crawler.stats.get_stats()), crawler=crawler, reason="finished"
        )
        return {name.removesuffix("Monitor"): said for name, said in verdict(result).items()}

    yield judge
    for crawler in crawlers:
        context.close(crawler)


def _report(number, *, stats=None, days=None, **numbers):
    started = _NOW - timedelta(days=number + 1 if days is None else days)
    stamp = started.isoformat().replace("+00:00", "Z")
    return {
        "run": f"run{number}",
        "spider": "default",
        "arguments": {},
        "version": "1",
        "started_at": stamp,
        "finished_at": stamp,
        "exit_code": 0,
        "reason": "finished",
        "stats": stats or {},
        **dict.fromkeys(("new", "revised", "failed", "refused"), 0),
        **numbers,
    }


def _layout(articles, *, missing=0, fallback=0, field="lead", layout="drupal"):
    return {
        f"extract/layout/{layout}": articles,
        f"extract/missing/{layout}/{field}": missing,
        f"extract/fallback/{layout}/{field}": fallback,
    }


CASES = {
    "Articles": [
        ({"revisions/new": 3, "revisions/unchanged": 2}, {"MONITOR_ITEMS_MIN": 5}, None),
        ({"revisions/new": 3}, {"MONITOR_ITEMS_MIN": 5}, "3 articles were read, 5 at least"),
    ],
    "Errors": [
        ({"pages/failed": 60, "log_count/ERROR": 40}, {}, None),
        ({"pages/failed": 60, "log_count/ERROR": 41}, {}, "101 errors (60 pages, 41 in the log), 100 at most"),
    ],
    "Refusals": [
        ({"pages/refused": 20}, {}, None),
        ({"pages/refused": 21}, {}, "21 pages were refused, 20 at most"),
    ],
    "Layout": [
        (_layout(100, missing=5, field="headline"), {}, None),
        (_layout(19, missing=19, field="headline"), {}, None),
        (_layout(100, missing=6, field="headline"), {}, "6% of the last drupal pages lack headline, 5% at most"),
        (
            _layout(100, missing=40),
            {"MONITOR_MISSING_MAX": '{"drupal/lead": 0.3}'},
            "40% of the last drupal pages",
        ),
        (_layout(100, missing=40), {"MONITOR_MISSING_MAX": '{"epi/lead": 0.3}'}, None),
        (
            _layout(50, fallback=30),
            {"MONITOR_FALLBACK_MAX": {"lead": 0.5}},
            "60% of the last drupal pages have lead",
        ),
        (_layout(50, fallback=20), {"MONITOR_FALLBACK_MAX": {"lead": 0.5}}, None),
    ],
}


@pytest.mark.parametrize(
    ("monitor", "stats", "settings", "said"), [(name, *case) for name, cases in CASES.items() for case in cases]
)
def test_a_monitor_passes_and_fails_at_its_limit(judged, monitor, stats, settings, said):
    verdicts = judged(stats, **settings)
    assert (said in verdicts[monitor]) if said else (verdicts[monitor] == "OK")
    assert {name for name, word in verdicts.items() if word != "OK"} <= {monitor}


def test_a_page_that_fails_is_one_error(replica, scrapy):
    seeds = [publish(replica.site, number, datetime.now(UTC)) for number in (1, 2)]
    replica.site.fault(seeds[1], cut=10)
    line = ("crawl", "article", "-a", f"url={','.join(seeds)}", "-a", "hops=0", "-s", "RETRY_ENABLED=False")
    outcome = scrapy(*line, settings={"MONITOR_ERRORS_MAX": 1})
    assert outcome.code == 0, outcome.stderr
    assert "failed: 1" in outcome.stderr


def test_every_monitor_really_runs(judged):
    assert judged() == dict.fromkeys(
        ["Articles", "Errors", "Refusals", "Duration", "Coverage", "Lists", "Layout", "Usual"], "OK"
    )


def test_a_run_that_takes_too_long_fails(judged, monkeypatch):
    assert judged(MONITOR_DURATION_MAX=0)["Duration"] == "OK"
    assert "the run took 0 s, -1 at most" in judged(MONITOR_DURATION_MAX=-1)["Duration"]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["failed"] * 19, "OK"),
        (["gone"] * 30, "OK"),
        (["pending"] * 30, "OK"),
        (["failed"] * 30, "0.0% of 30 articles of the last week are held, 90.0% at least"),
        (["gone"] * 20 + ["refused"] * 3, "0.0% of 23 articles"),
    ],
)
def test_too_little_held_of_what_was_listed_fails(judged, states, said):
    assert judged(listed=states)["Coverage"].startswith(said)


@pytest.mark.parametrize(("days", "counts"), [(0, False), (1, True), (7, True), (8, False)])
def test_the_last_week_is_the_seven_days_before_today(judged, days, counts):
    assert (judged(listed=["failed"] * 30, days=days)["Coverage"] != "OK") is counts


def test_a_layout_that_loses_a_field_is_noticed_over_small_runs(judged):
    before = [{"stats": _layout(10, missing=1)}] * 6
    assert judged(_layout(4, missing=4), before)["Layout"] == "OK"
    worse = [{"stats": _layout(9, missing=9)}] * 2
    said = judged(_layout(4, missing=4), [*worse, *before])["Layout"]
    assert said == "100% of the last drupal pages lack lead, before it were 10%"


def test_a_layout_that_never_had_a_field_is_as_it_was(judged):
    assert judged(_layout(30, missing=30), [{"stats": _layout(30, missing=30)}] * 3)["Layout"] == "OK"


USUAL = [
    ({"revisions/new": 1}, {"new": 40}, "1 articles are new or revised, 40 usually"),
    ({"revisions/new": 12}, {"new": 40}, "OK"),
    ({}, {"new": 3}, "OK"),
    ({"pages/failed": 70}, {"failed": 10}, "70 failed, 10 usually"),
    ({"pages/refused": 15}, {"refused": 0}, "15 refused, 0 usually"),
]


@pytest.mark.parametrize(("stats", "usually", "said"), USUAL)
def test_a_run_unlike_the_last_ten_of_its_hour_fails(judged, stats, usually, said):
    assert judged(stats, [usually] * 10)["Usual"] == said


def test_runs_of_other_hours_and_too_few_runs_say_nothing(judged):
    assert judged({}, [{"new": 40, "days": 1.5}] * 10)["Usual"] == "OK"
    assert judged({}, [{"new": 40, "days": 2.5}, {"new": 40, "days": 1}])["Usual"] == "OK"


@pytest.mark.parametrize(
    ("name", "value", "monitor"),
    [("MONITOR_ITEMS_MIN", "many", "Articles"), ("MONITOR_MISSING_MAX", '{"lead": "x"}', "Layout")],
)
def test_a_monitor_that_cannot_run_has_failed(judged, name, value, monitor):
    said = judged(_layout(30, missing=1), **{name: value})
    assert said[monitor].startswith("it could not run (ValueError")


# ---- the whole, and notices


class _Hooks(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Content-Type"], body.decode()))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"ok": true, "members": []}')

    def log_message(self, *args):
        pass


class _Mails(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 here")
        lines, in_data = [], False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if in_data:
                in_data = line != "."
                lines.append(line)
                if not in_data:
                    self._say("250 taken")
            elif line.upper() == "DATA":
                in_data = True
                self._say("354 go on")
            elif line.upper() == "QUIT":
                self._say("221 bye")
                break
            else:
                lines.append(line)
                self._say("250 well")
        self.server.got.append("\n".join(lines))

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def _listening(server):
    server.got = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _notices(base: str, mails: int) -> dict[str, str]:
    """What lets everybody be told: at the address *base*, and by mail at that port."""
    return {
        "NO_PROXY": "127.0.0.1",
        "SPIDERMON_WEBHOOK_URL": f"{base}/hook",
        "SPIDERMON_TELEGRAM_SENDER_TOKEN": "12:ab",
        "SPIDERMON_TELEGRAM_RECIPIENTS": "77",
        "SPIDERMON_TELEGRAM_BASE_URL": base,
        "SPIDERMON_SLACK_SENDER_TOKEN": "xoxb",
        "SPIDERMON_SLACK_RECIPIENTS": "#vov",
        "SPIDERMON_SLACK_BASE_URL": f"{base}/slack/",
        "SPIDERMON_EMAIL_TO": "someone@example.com, other@example.com",
        "SPIDERMON_SMTP_HOST": "127.0.0.1",
        "SPIDERMON_SMTP_PORT": str(mails),
    }


def test_a_failed_monitor_makes_exit_code_4_and_everybody_is_told(replica, scrapy):
    url = publish(replica.site, 1, datetime.now(UTC))
    with (
        _listening(HTTPServer(("127.0.0.1", 0), _Hooks)) as hooks,
        _listening(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mails)) as mails,
    ):
        base = f"http://127.0.0.1:{hooks.server_address[1]}"
        env = _notices(base, mails.server_address[1])
        settings = {"MONITOR_ITEMS_MIN": 2}
        outcome = scrapy("crawl", "article", "-a", f"url={url}", "-a", "hops=0", settings=settings, env=env)
    assert outcome.code == 4, outcome.stderr
    said = "ArticlesMonitor: 1 articles were read, 2 at least were to be"
    assert f"Monitors failed: {said}" in outcome.stderr
    (path,) = (outcome.data / "reports").glob("*.json")
    report = json.loads(path.read_text())
    assert (report["exit_code"], report["stats"]["monitors/failed"], report["stats"]["monitors/ran"]) == (
        4,
        said,
        8,
    )
    told = {path: body for path, _, body in hooks.got}
    hook = json.loads(told["/hook"])
    assert (hook["run"], list(hook["failed"])) == (report["run"], ["ArticlesMonitor"])
    assert len(hook["passed"]) == 7
    assert json.loads(told["/bot12:ab/sendMessage"])["text"].endswith(said)
    assert "Articles" in told["/slack/chat.postMessage"]
    (mail,) = mails.got
    # Python 3.13 writes the commands in small letters.
    assert "to:<someone@example.com>" in mail.lower()
    assert "to:<other@example.com>" in mail.lower()
    assert "1 monitor failed" in mail


def test_a_notice_that_cannot_be_sent_breaks_nothing(wireless, monkeypatch):
    url = publish(World.site, 1, datetime.now(UTC))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("SPIDERMON_WEBHOOK_URL", "http://127.0.0.1:9/")
    ended = wireless("article", {"MONITOR_ITEMS_MIN": 2}, url=url, hops=0)
    assert ended.code == 4
    assert ended.stats["monitors/notices/SendWebhook"] == "ERROR"


def test_no_secret_stands_in_what_is_said_of_a_notice(wireless, monkeypatch, caplog):
    monkeypatch.setenv("SPIDERMON_TELEGRAM_SENDER_TOKEN", "12:secret ")  # no address holds a space
    monkeypatch.setenv("SPIDERMON_TELEGRAM_RECIPIENTS", "1")
    monkeypatch.setenv("SPIDERMON_WEBHOOK_URL", "http://127.0.0.1:9/a secret")
    ended = wireless("article", {"MONITOR_ITEMS_MIN": 2}, url=publish(World.site, 1, datetime.now(UTC)), hops=0)
    assert ended.code == 4
    assert "Notice not sent by" in caplog.text
    assert "secret" not in caplog.text + json.dumps(ended.stats, default=str)


@pytest.mark.parametrize(
    "environment",
    [
        {"SPIDERMON_EMAIL_TO": "a@example.com"},
        {"SPIDERMON_SLACK_SENDER_TOKEN": "x"},
        {"SPIDERMON_TELEGRAM_SENDER_TOKEN": "x"},
        {"SPIDERMON_WEBHOOK_URL": "example.com"},
    ],
)
def test_half_of_what_a_notice_needs_is_a_sentence(environment):
    with pytest.raises(UsageTrouble, match=next(iter(environment))):
        notices.actions(_crawler(), environment)


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "smtp"), ("ENFORCE_TLS", "maybe"), ("ENFORCE_SSL", "yes")], ids=str
)
def test_a_server_of_mails_that_cannot_be_asked_is_said_before_the_run(name, value):
    environment = {"SPIDERMON_EMAIL_TO": "a@example.com", "SPIDERMON_SMTP_HOST": "localhost"}
    notices.actions(_crawler(), environment)
    with pytest.raises(UsageTrouble, match=f"SPIDERMON_SMTP_{name}={value} is not "):
        notices.actions(_crawler(), {**environment, f"SPIDERMON_SMTP_{name}": value})


@pytest.mark.parametrize("url", ["hooks.example.com/s3cret", "ftp://example.com/s3cret"])
def test_an_address_for_notices_that_is_none_is_not_shown(url):
    with pytest.raises(UsageTrouble, match="SPIDERMON_WEBHOOK_URL") as said:
        notices.actions(_crawler(), {"SPIDERMON_WEBHOOK_URL": url})
    assert "s3cret" not in str(said.value)


def test_notices_are_set_by_the_environment_only():
    assert notices.actions(_crawler(SPIDERMON_WEBHOOK_URL="http://127.0.0.1/"), {}) == []


def _crawler(**settings):
    crawler = get_crawler(DefaultSpider, settings)
    crawler.settings.frozen = False
    return crawler


def test_a_replay_is_not_judged():
    with pytest.raises(NotConfigured):
        Monitors.from_crawler(_crawler(REPLAY_SOURCE="x", MONITORS_ENABLED=True))

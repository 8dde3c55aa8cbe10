"""Rounds: each in a process of its own, none lost to a crash or a hang, and a clean end when asked to end."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.listed import NOW, numbers, publish
from vovcrawler.revisit import span
from vovcrawler.rounds import Rounds


def _python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def _rounds(line, **more):
    said: list[str] = []
    return Rounds(**{"line": line, "every": 0.2, "timeout": 5, "say": said.append, **more}), said


def test_rounds_begin_at_their_times(tmp_path):
    log = tmp_path / "log"
    rounds, said = _rounds(
        _python(f"import time; open({str(log)!r}, 'a').write(f'{{time.time()}}\\n')"), every=0.5
    )
    assert rounds.run(4) == 0
    times = [float(line) for line in log.read_text().splitlines()]
    assert len(times) == len(said) == 4
    for earlier, later in pairwise(times):
        assert later - earlier > 0.3


def test_a_crash_costs_one_run(tmp_path):
    mark = tmp_path / "mark"
    code = f"import os, pathlib; p = pathlib.Path({str(mark)!r}); p.exists() or (p.touch(), os.abort())"
    rounds, said = _rounds(_python(code))
    assert rounds.run(3) == -signal.SIGABRT
    assert ["0" in line.partition("after")[0] for line in said] == [False, True, True]


def test_a_run_that_cannot_be_started_costs_one_run(monkeypatch):
    begin, failures = subprocess.Popen, [OSError(errno.ENOMEM, "Cannot allocate memory")]

    def popen(line):
        if failures:
            raise failures.pop()
        return begin(line)

    rounds, said = _rounds(_python("pass"))
    monkeypatch.setattr(subprocess, "Popen", popen)
    assert rounds.run(2) == 1
    assert said[0] == "run could not be started: Cannot allocate memory"
    assert said[1].startswith("run ended with exit code 0")


def test_a_hang_costs_one_run_even_when_it_does_not_listen(tmp_path):
    mark = tmp_path / "mark"
    code = (
        f"import pathlib, signal, time; p = pathlib.Path({str(mark)!r})\n"
        "if not p.exists(): signal.signal(signal.SIGTERM, signal.SIG_IGN); p.touch(); time.sleep(60)"
    )
    rounds, said = _rounds(_python(code), timeout=1)
    began = time.monotonic()
    assert rounds.run(2) == -signal.SIGKILL
    assert time.monotonic() - began < 30
    assert "did not end in 1 s" in said[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_rounds_and_the_run_with_them(tmp_path, number):
    log = tmp_path / "log"
    code = (
        f"import os, signal, time; log = os.open({str(log)!r}, os.O_CREAT | os.O_WRONLY)\n"
        "signal.signal(signal.SIGTERM, lambda *_: (os.write(log, b'asked to end'), os._exit(0)))\n"
        "os.write(log, b'running '); time.sleep(60)"
    )
    rounds, said = _rounds(_python(code), timeout=60)

    def ask() -> None:
        while not (log.exists() and log.read_text()):
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    threading.Thread(target=ask).start()
    assert rounds.run() == 0
    assert log.read_text() == "running asked to end"
    assert said == []


def test_a_round_in_a_hundred_years_is_waited_for():
    rounds, said = _rounds(_python("pass"), every=span("999999w").total_seconds())
    threading.Timer(0.5, rounds.stopping.set).start()
    assert rounds.run() == 0
    assert len(said) <= 1


def test_three_rounds_against_the_site(replica, scrapy):
    for number in range(3):
        publish(replica.site, number, NOW - timedelta(minutes=number))
    outcome = scrapy("schedule", "--every", "1s", "--rounds", "3", timeout=120)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stderr.count("ended with exit code 0") == 3
    assert numbers(outcome) == [0, 1, 2]
    assert len(list((outcome.data / "reports").glob("*.json"))) == 3
    assert all(count == 1 for url, count in replica.counts().items() if url.endswith(".vov"))


def test_sigterm_ends_schedule_and_its_run_cleanly(replica, scrapy):
    for number in range(3):
        publish(replica.site, number, NOW - timedelta(minutes=number))
    replica.site.fault("https://vov.vn/the-gioi/*", delay=1.5)
    child = scrapy.popen("schedule", "--every", "1h", stderr=subprocess.PIPE)
    while not [url for url in replica.asked() if url.endswith(".vov")]:
        time.sleep(0.05)
    child.terminate()
    _, stderr = child.communicate(timeout=60)
    assert child.returncode == 0, stderr
    (report,) = (scrapy.data / "reports").glob("*.json")
    assert '"exit_code": 1' in report.read_text()
    assert scrapy("update").code == 0
    assert numbers(scrapy("update")) == [0, 1, 2]


def test_a_run_that_had_to_be_ended_makes_an_exit_code_that_there_is(replica, scrapy):
    replica.site.robots("", delay=5)
    outcome = scrapy("schedule", "--every", "1s", "--rounds", "1", "--timeout", "1s", timeout=60)
    assert outcome.code == 1
    assert "run did not end in 1 s" in outcome.stderr


@pytest.mark.parametrize(
    "args",
    [
        *[("--every", "soon"), ("--timeout", "0m"), ("--rounds", "-1"), ("--every", "")],
        *[("--budget", "x", "--rounds", "1"), ("--minutes", "0", "--rounds", "1")],
    ],
)
def test_wrong_usage_is_one_sentence(scrapy, args):
    outcome = scrapy("schedule", *args)
    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1, "no run is started that would refuse it anew"
    assert "Traceback" not in outcome.stderr

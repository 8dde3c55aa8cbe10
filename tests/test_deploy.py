"""What ``deploy/`` and the operators' page say fits the program."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import signal
import subprocess
from contextlib import ExitStack, suppress
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT
from vovcrawler import settings

SCALE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_setting_named_to_operators_exists_with_its_default():
    rows = re.findall(r"^\| `(MONITOR_\w+)` \| ([\d.]+) \|", OPERATIONS, re.MULTILINE)
    assert len(rows) >= 7
    for name, default in rows:
        assert float(default) == getattr(settings, name)
    for name, default in re.findall(r"`([A-Z]+_MAX)` \((\d+)\)", OPERATIONS):
        assert float(default) == getattr(settings, name)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"deploy/[\w.@-]+\w", OPERATIONS + SCALE))))
def test_every_file_named_to_operators_exists(path):
    assert (ROOT / path).exists()


def test_the_windows_task_is_well_formed_and_runs_an_update():
    task = ElementTree.parse(ROOT / "deploy" / "vovcrawler-task.xml")
    arguments = task.find(".//{*}Arguments")
    assert arguments is not None
    assert (arguments.text or "").startswith("update ")


def test_scrapyd_finds_the_settings_of_the_project():
    config = configparser.ConfigParser()
    config.read(ROOT / "deploy" / "scrapyd.conf")
    assert config["settings"]["vovcrawler"] == "vovcrawler.settings"
    assert config["scrapyd"]["bind_address"] == "127.0.0.1"
    # Where Scrapyd lists the spiders it goes by this file alone.
    project = configparser.ConfigParser()
    project.read(ROOT / "scrapy.cfg")
    assert project["settings"]["vovcrawler"] == "vovcrawler.settings"


def test_the_timer_catches_up_and_the_service_is_no_root():
    assert "Persistent=true" in (ROOT / "deploy" / "vovcrawler.timer").read_text()
    assert re.search(r"^User=vovcrawler$", (ROOT / "deploy" / "vovcrawler.service").read_text(), re.MULTILINE)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("started", ["vovcrawler.timer", "vovcrawler-ingest.timer", "vovcrawler-worker@1.service"])
def test_systemd_understands_the_units(tmp_path, started):
    for path in (ROOT / "deploy").glob("vovcrawler*.[st]*"):
        unit = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", path.read_text())
        (tmp_path / path.name.replace("@.", "@1.")).write_text(unit)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / started], capture_output=True, text=True
    )
    assert "Unknown" not in checked.stderr
    assert checked.returncode == 0, checked.stderr


def test_a_worker_takes_the_first_folder_that_nobody_holds(tmp_path):
    scrapy = tmp_path / "scrapy"
    scrapy.write_text('#!/bin/sh\necho "$@"\ncase "$*" in *workers/2) exit 5;; *) exit 75;; esac\n')
    scrapy.chmod(0o755)
    workers = tmp_path / "workers"
    line = ["sh", ROOT / "deploy" / "worker.sh", workers, "crawl", "discovery", "-a", "since=3 days"]
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(line, capture_output=True, text=True, env=env)
    assert done.returncode == 5
    assert done.stdout.splitlines()[-1] == f"crawl discovery -a since=3 days -s DATA_DIR={workers}/2"


@pytest.fixture
def worker(tmp_path):
    """Start a worker, whose crawl is a script."""
    with ExitStack() as cleaning:

        def start(script: str) -> subprocess.Popen[str]:
            scrapy = tmp_path / "scrapy"
            scrapy.write_text(f"#!/bin/sh\n{script}\n")
            scrapy.chmod(0o755)
            line = ["sh", ROOT / "deploy" / "worker.sh", tmp_path / "workers", "crawl", "discovery"]
            env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "EVERY": "3600"}
            started = subprocess.Popen(
                line, stdout=subprocess.PIPE, text=True, env=env, start_new_session=True, bufsize=0
            )
            cleaning.callback(started.communicate)
            cleaning.callback(_kill_all, started.pid)
            return started

        yield start


def _kill_all(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def test_a_worker_that_is_stopped_finishes_what_is_in_flight(worker):
    process = worker("trap 'echo finished; exit 7' TERM; echo began; while :; do sleep 0.05; done")
    assert process.stdout.readline() == "began\n"
    process.terminate()
    # Nobody writes there any more when it ends.
    assert process.communicate(timeout=30)[0] == "finished\n"
    assert process.returncode == 7


def test_a_worker_whose_job_is_done_can_be_stopped_while_it_waits(worker):
    process = worker("echo done")
    assert process.stdout.readline() == "done\n"
    process.terminate()
    assert process.communicate(timeout=30)[0] == ""

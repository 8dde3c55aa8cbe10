"""What a person sees of a run, on a terminal and in a pipe."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from tests.conftest import ROOT
from tests.warcs import Rec, http, members, page


def _on_a_terminal(*args: str) -> str:
    """Return what a person at a terminal sees of ``scrapy`` with *args* on standard error."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scrapy", *args]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs) as child:
        os.close(theirs)
        seen = b""
        while True:
            try:
                block = os.read(ours, 4096)
            except OSError:  # how Linux says that the other side is closed
                break
            if not block:
                break
            seen += block
        assert child.wait(timeout=60) == 0
    os.close(ours)
    return seen.decode()


def test_a_terminal_shows_a_progress_line_and_a_closing_table_but_no_log():
    seen = _on_a_terminal("replay", "fixtures")
    assert "pages/s" in seen
    assert "2 new, 0 revised, 0 unchanged" in seen
    assert "missing fields" in seen
    assert "INFO" not in seen


def test_what_is_taken_in_is_shown_so_too(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(members([Rec(block=http(page()))]))
    seen = _on_a_terminal(
        "catalogue", "ingest", str(tmp_path / "a.warc.gz"), "-s", f"DATA_DIR={tmp_path / 'data'}"
    )
    assert "Copied 1 records" in seen
    assert "1 new, 0 revised, 0 unchanged" in seen
    assert "INFO" not in seen


def test_a_pipe_gets_plain_log_lines(scrapy):
    run = scrapy("replay", "fixtures")
    assert "Done: articles: 2 (2 new, 0 revised, 0 unchanged)" in run.stderr
    assert "\x1b" not in run.stderr


def test_only_records_are_on_standard_output(scrapy):
    run = scrapy("replay", "fixtures")
    assert len(run.records) == len(run.stdout.splitlines()) == 2

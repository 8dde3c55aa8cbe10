"""Nothing lost, nothing twice: whatever ends the process, wherever it stands.

``python -m tests.crash`` does the same with more sites and more kills.
"""

from __future__ import annotations

import os

import pytest

from tests import crash
from vovcrawler.errors import StorageTrouble

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children that were forked")

KILLED, STORAGE = -9, StorageTrouble.exit_code

# The first numbers hit the making of the catalogue, the next ones pages, the last ones the end of a run.
FAULTS = [
    *((f"statement:{number}", KILLED) for number in (1, 3, 30, 60, 101, 140, 180)),
    *((f"{point}:{number}", KILLED) for point in ("commit", "committed") for number in (1, 2, 3, 4)),
    *((f"{point}:{number}", KILLED) for point in ("feed", "torn", "fed") for number in (1, 2)),
    ("rename:1", KILLED),
    ("renamed:1", KILLED),
    # Of the archive: the lock is written first, then what opens a file, then responses and their requests.
    *((f"torn-write:{number}", KILLED) for number in (2, 3, 8)),
    *((f"step:{number}", KILLED) for number in (6, 20)),
    ("stepped:12", KILLED),
    ("full-catalogue:41", STORAGE),
    ("full-statement:40", STORAGE),
    ("full-statement:100", STORAGE),
    ("full-feed:2", STORAGE),
    ("broken-disk:2", STORAGE),
    ("broken-disk:3", STORAGE),
    ("busy:2", STORAGE),
    ("busy:3", STORAGE),
]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    with crash.Trial(tmp_path_factory.mktemp("undisturbed"), seed=7, size=12) as trial:
        trial.plain.finish()
        yield trial.plain


@pytest.mark.parametrize(("fault", "code"), FAULTS, ids=[fault for fault, _ in FAULTS])
def test_a_run_goes_on_where_a_fault_has_ended_another(undisturbed, tmp_path, fault, code):
    with crash.Trial(tmp_path, seed=7, size=12) as trial:
        assert trial.hurt.run(fault=fault) == code, trial.hurt.log.read_text()
        assert "Traceback" not in trial.hurt.log.read_text()
        trial.hurt.finish()
        assert crash.compare(undisturbed, trial.hurt) == []


def test_a_run_killed_many_times_loses_nothing(tmp_path):
    found, kills = crash.random_kills(tmp_path, seed=3, kills=5)
    assert (found, kills) == ([], 5)

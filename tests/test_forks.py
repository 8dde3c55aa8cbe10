"""A forked program is no other than a started one."""

from __future__ import annotations

import pytest

from tests import forks
from tests.conftest import started

pytestmark = pytest.mark.skipif(not forks.IS_POSSIBLE, reason="there is nothing to compare")

LINES = {
    "records": ("replay", "fixtures", "-a", "hops=0"),
    "a sentence": ("replay", "không-có"),
    "an unknown command": ("reply", "fixtures"),
    "help": ("search", "--help"),
}


@pytest.mark.parametrize("words", LINES.values(), ids=LINES)
def test_a_forked_program_says_what_a_started_one_says(scrapy, words):
    line = scrapy.line(*words, data=None, settings={"LOG_LEVEL": "ERROR"}, polite=False)
    forked = scrapy(*words, settings={"LOG_LEVEL": "ERROR"})
    assert started(line, scrapy.environment(), timeout=120) == (forked.code, forked.stdout, forked.stderr)

"""A month of hourly runs in small: what was listed and stands is held, politely, with hardly a request too many.

``python -m benchmarks.month`` runs the whole month.
"""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks._trouble import TROUBLES
from benchmarks.month import run


def test_a_day_over_the_end_of_a_year_with_every_trouble(tmp_path):
    # By this seed one article goes and another is renamed while the runs go on.
    outcome = run(tmp_path, start=datetime(2026, 12, 31, 5, tzinfo=UTC), days=1, articles=40, seed=1025)
    assert outcome.problems == []
    assert outcome.requests <= 1.1 * outcome.least
    assert outcome.rate <= 1
    assert outcome.closest >= 0.5
    assert outcome.most_at_once <= 2
    told = "\n".join(outcome.troubles)
    assert [trouble.name for trouble in TROUBLES if not trouble.is_off and f"({trouble.name})" not in told] == []

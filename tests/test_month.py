"""A month of hourly runs in small: what was listed and stands is held, with hardly a request too many.

``python -m benchmarks.month`` runs the whole month.
"""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.month import run


def test_two_days_over_the_end_of_a_year(tmp_path):
    outcome = run(tmp_path, start=datetime(2026, 12, 31, 5, tzinfo=UTC), days=1.5, articles=45)
    assert outcome.problems == []
    assert outcome.requests <= 1.1 * outcome.least
    assert {trouble.exit_code for trouble in outcome.troubles} == {3}

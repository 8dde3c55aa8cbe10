"""A clock for child processes: it starts at the time in ``VOV_TEST_NOW`` and then runs as time does."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from time import monotonic

_BEGAN = monotonic()


def now() -> datetime:
    """Return the time it is by this clock."""
    return datetime.fromisoformat(os.environ["VOV_TEST_NOW"]) + timedelta(seconds=monotonic() - _BEGAN)

"""What can be checked of an archive and its machine without asking the site."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.lock import Lock
from vovcrawler.errors import Locked

_FREE = 1 << 30
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what was seen."""

    name: str
    is_well: bool
    seen: str


def local(folder: Path, now: datetime, oldest: timedelta) -> Iterator[Finding]:
    """Look at the disk, the clock and the archive in *folder*; the newest article is younger than *oldest*."""
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    yield Finding(
        "disk", free >= _FREE, f"{free / 1e9:.1f} GB free for {str(folder)!r}, {_FREE / 1e9:.1f} at least"
    )
    is_writable = os.access(place, os.W_OK | os.X_OK)
    yield Finding("rights", is_writable, f"{str(place)!r} {'can' if is_writable else 'cannot'} be written")
    if not Catalogue.is_in(folder):
        yield Finding("archive", True, f"none yet in {str(folder)!r}")
        return
    with Catalogue.read(folder) as catalogue:
        newest, last = catalogue.newest(now), catalogue.last_capture()
    if last and (ahead := datetime.fromisoformat(last) - now) > SKEW:
        yield Finding("clock", False, f"{ahead} behind the last capture, {last}")
    if newest and (published := dates.parse(newest)):
        age = now - published
        yield Finding("newest", age <= oldest, f"the newest article is {_said(age)} old, {_said(oldest)} at most")


def holder(folder: Path) -> str | None:
    """Return a sentence about the run that holds *folder*, ``None`` when it is free."""
    if not folder.is_dir():
        return None
    try:
        Lock.take(folder, "doctor").release()
    except Locked as locked:
        return str(locked)
    return None


def _said(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"

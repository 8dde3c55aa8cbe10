"""The ways in which a run can end badly, each with one sentence for its user and an exit code."""

from __future__ import annotations

from typing import ClassVar


class Trouble(Exception):
    """The run failed; the message is one whole sentence that a user understands."""

    exit_code: ClassVar[int] = 1
    reason: ClassVar[str] = "failed"


class UsageTrouble(Trouble):
    """Wrong usage; the sentence quotes the wrong value and says what would be right."""

    exit_code = 2
    reason = "usage"


class Refused(Trouble):
    """The site refused us."""

    exit_code = 3
    reason = "refused"


class StorageTrouble(Trouble):
    """A full disk, missing rights, a damaged archive or source."""

    exit_code = 5
    reason = "storage"


class Unavailable(StorageTrouble):
    """A file that may be as good as it was, only not for us or not now: nothing may take its place."""


class Locked(Trouble):
    """Another run holds this ``DATA_DIR``."""

    exit_code = 75
    reason = "locked"

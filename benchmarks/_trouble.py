"""What a month has in store for a crawler: one trouble after the other, and what its run must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.replica import Site

_CHALLENGE = b"<title>Attention Required</title><script>window.location.href='/'</script>"
_PAGE = "<!DOCTYPE html><title>VOV.VN</title><p>Hệ thống đang bảo trì, mời bạn quay lại sau."
# All but robots.txt.
_ALL = "https://vov.vn/*[!t]"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that goes wrong for some *hours*, from a *share* of the month on."""

    name: str
    share: float
    hours: int = 1
    # Address or glob: what is wrong with the answers.
    faults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    # How the runs must end, and what their reports must name.
    exit_code: int = 0
    named: str = ""
    # Whether it keeps a run from its work, another one has the folder, or the machine is off.
    stops: bool = True
    locked: bool = False
    is_off: bool = False

    def begin(self, site: Site) -> None:
        """Let *site* be in trouble until it is healed."""
        for pattern, changes in self.faults.items():
            site.fault(pattern, **changes)


TROUBLES = [
    Trouble(
        name="a feed is a page",
        share=0.10,
        hours=3,
        faults={"/rss/the-gioi.rss": {"status": 200, "body": _PAGE, "content_type": "text/html"}},
        named="/rss/the-gioi.rss",
        stops=False,
    ),
    Trouble(
        name="some pages fail",
        share=0.18,
        hours=2,
        faults={"https://vov.vn/*7.vov": {"status": 500}},
        named="HTTP 500",
        stops=False,
    ),
    Trouble(name="all is forbidden", share=0.26, faults={_ALL: {"status": 403}}, exit_code=3, named="http-403"),
    Trouble(
        name="a challenge in the place of sitemaps",
        share=0.34,
        hours=2,
        faults={"https://vov.vn/sitemap*": {"status": 200, "body": _CHALLENGE, "content_type": "text/html"}},
        named="challenge",
        stops=False,
    ),
    Trouble(
        name="a challenge in the place of everything",
        share=0.42,
        faults={_ALL: {"status": 200, "body": _CHALLENGE}},
        exit_code=3,
        named="challenge",
    ),
    Trouble(
        name="robots.txt fails",
        share=0.48,
        faults={"/robots.txt": {"status": 503}},
        exit_code=1,
        named="robots.txt",
    ),
    Trouble(
        name="come back in fifty minutes",
        share=0.54,
        hours=2,
        faults={_ALL: {"status": 429, "retry_after": 3000}},
        exit_code=3,
        named="asks not to be asked again before",
    ),
    Trouble(name="too many requests", share=0.62, faults={_ALL: {"status": 429}}, exit_code=3, named="http-429"),
    Trouble(
        name="nothing answers",
        share=0.68,
        faults={_ALL: {"delay": 90}},
        exit_code=1,
        named="has not answered since",
    ),
    Trouble(name="another run is at work", share=0.76, exit_code=75, locked=True, named="one run at a time"),
    Trouble(name="a small budget", share=0.82, settings={"REQUESTS_MAX": 12}, named="budget"),
    Trouble(name="the machine is off", share=0.90, hours=3, is_off=True),
]

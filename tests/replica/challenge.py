"""How the site refuses: the challenge pages that stand before a page.

A program that followed them would reach the page; one that plays fair never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .answer import Answer, Asked

_LOCATION = """<!DOCTYPE html><html><head><title>Attention Required!</title></head>
<body><h1>Attention Required</h1><noscript>Please turn JavaScript on and reload the page.</noscript>
<script>window.location.href="{next}";</script></body></html>"""

_COOKIE = """<html><body><script>document.cookie="D1N=9f86d081884c7d65;path=/";
window.location.reload(true);</script></body></html>"""


@dataclass(frozen=True)
class Challenge:
    """A barrier: *steps* pages that send the browser on by script, or one that sets a cookie by script."""

    kind: str = "location"
    status: int = 200
    steps: int = 5

    def answer(self, asked: Asked) -> Answer | None:
        """Return the challenge page, ``None`` for who has passed."""
        if self.kind == "cookie":
            passed = "D1N=" in (asked.header("Cookie") or "")
            return None if passed else Answer(_COOKIE.encode(), status=self.status)
        parts = urlsplit(asked.url)
        step = int(parse_qs(parts.query).get("d", ["0"])[0])
        if step >= self.steps:
            return None
        page = _LOCATION.format(next=f"{parts.scheme}://{parts.netloc}{parts.path}?d={step + 1}")
        return Answer(page.encode(), status=self.status)

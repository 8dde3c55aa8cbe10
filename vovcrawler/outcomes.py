"""What came of a request: done, moved, gone, refused or failed, and why."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from vovcrawler import urls
from vovcrawler.catalogue import Page, State, Visit
from vovcrawler.flights import GONE, Flight, is_absent
from vovcrawler.windows import OUTSIDE

_LONGEST_REASON = 200


def judge(flight: Flight, page: Page, at: str) -> Visit:
    """Return what came of *flight*, which asked for *page*; its answer came *at* that time."""
    response = flight.response
    status = response.status if response is not None else flight.wire_status
    state, reason = _state(flight, page)
    validators = (page.etag, page.last_modified)
    lasting = flight.article or flight.request.meta.get("unless_changed")
    if response is not None and state == "done" and lasting:
        got = (_header(flight, "ETag"), _header(flight, "Last-Modified"))
        validators = got if status != 304 or any(got) else validators
    return Visit(
        page=page.number,
        at=at,
        state=state,
        status=status,
        reason=reason,
        etag=validators[0],
        last_modified=validators[1],
        article=flight.article,
        moved_to=urls.canonical(flight.moved.url) if flight.moved and state == "moved" else None,
    )


def _state(flight: Flight, page: Page) -> tuple[State, str | None]:
    response = flight.response
    if flight.moved is not None:
        return ("failed", "redirect loop") if _comes_back(flight.moved) else ("moved", None)
    if refused := flight.request.meta.get("refused") or (response is not None and response.meta.get("refused")):
        return "refused", str(refused) if refused is not True else _status_of(flight)
    if response is None:
        return "failed", _why(flight)
    if is_absent(response):
        return "failed", "absent"
    if response.status in GONE and page.article is not None:
        return "gone", None
    if not 200 <= response.status < 300 and not (
        response.status == 304 and (flight.article or flight.request.meta.get("unless_changed"))
    ):
        return "failed", _status_of(flight)
    if flight.error:
        return "failed", flight.error
    # An address of an article that holds none is tried again, less and less often; other pages are just read.
    known = flight.article or page.article
    reason = response.meta.get("no_article")
    if not known and urls.is_article(page.url) and not page.variant and reason != OUTSIDE:
        return "failed", f"no article: {reason}" if reason else "no article"
    return "done", None


def _comes_back(moved: Request) -> bool:
    """Whether a redirect leads to an address that it came by."""
    return urls.canonical(moved.url) in map(urls.canonical, moved.meta.get("redirect_urls", ()))


def _status_of(flight: Flight) -> str:
    return f"HTTP {flight.response.status if flight.response is not None else flight.wire_status}"


def _why(flight: Flight) -> str:
    problem = flight.exception
    if problem is None:
        if flight.wire_status is None:
            return "no answer"
        return f"HTTP {flight.wire_status}, not {'followed' if 300 <= flight.wire_status < 400 else 'read'}"
    text = str(problem) if isinstance(problem, IgnoreRequest) else f"{type(problem).__name__}: {problem}"
    return (text.strip(": ") or type(problem).__name__)[:_LONGEST_REASON]


def _header(flight: Flight, name: str) -> str | None:
    assert flight.response is not None
    value = flight.response.headers.get(name)
    return value.decode("latin-1") if value else None

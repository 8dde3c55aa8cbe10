"""How a request finds its page: routes, languages, formats and the headers that keep stored pages harmless."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue
from vovcrawler.catalogue.store import NAME, sentences
from vovcrawler.errors import StorageTrouble, UsageTrouble
from vovcrawler.room import DATABASE, ReadingRoom, Room, articles, pages, wording
from vovcrawler.room.asking import Asking, NotHere, Page
from vovcrawler.room.rendering import Sent, render

# Nothing is loaded from elsewhere, and no script that is written into a page runs.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]

_COOKIE = "vov-language"
# Our cookie, and those of Datasette.
_OURS = re.compile(rb"\s*(?:vov-language|ds_\w+)=[\x20-\x7e]*")
_ID = r"(?P<id>.+?)"
_ROUTES: list[tuple[str, Callable[[Catalogue, Asking], Page]]] = [
    (r"/(?:index(?P<format>\.json))?", pages.home),
    (r"/search(?P<format>\.json|\.atom)?", pages.results),
    (r"/day/(?P<day>\d{4}-\d\d-\d\d)(?P<format>\.json)?", pages.day),
    (r"/section/(?P<section>[^/]+?)(?P<format>\.json|\.atom)?", pages.section),
    (r"/changes(?P<format>\.json|\.atom)?", pages.changes),
    (r"/gone(?P<format>\.json|\.atom)?", pages.gone),
    (r"/coverage(?P<format>\.json)?", pages.coverage),
    (r"/runs(?P<format>\.json)?", pages.runs),
    (r"/runs/(?P<run>[\w.-]+?)(?P<format>\.json)?", pages.run),
    (rf"/article/{_ID}(?P<format>\.json)?", articles.article),
    (rf"/revisions/{_ID}(?P<format>\.json)?", articles.revisions),
    (rf"/related/{_ID}(?P<format>\.json)?", articles.related),
    (rf"/cite/{_ID}(?P<format>\.json|\.bib|\.ris|\.csl|\.txt)?", articles.cite),
    (rf"/raw/{_ID}(?P<format>\.json)?", articles.raw),
    (rf"/wacz/{_ID}\.wacz", articles.wacz),
]


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    if not isinstance(datasette, ReadingRoom):
        return []
    return [(f"{pattern}$", _view(page)) for pattern, page in _ROUTES]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    def wrap(app: Any) -> Any:
        async def harmless(scope: Any, receive: Any, send: Any) -> None:
            async def send_harmless(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    event = {**event, "headers": [*event.get("headers", ()), *_harmless(scope["path"])]}
                await send(event)

            if scope["type"] == "http":
                scope = {**scope, "headers": list(_without_others(scope["headers"]))}
            await app(scope, receive, send_harmless if scope["type"] == "http" else send)

        return harmless

    return wrap if isinstance(datasette, ReadingRoom) else lambda app: app


def _without_others(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Yield *headers* without the cookies of other programs on this host, at whose names Datasette may fail."""
    for name, value in headers:
        if name == b"cookie":
            value = b";".join(filter(_OURS.fullmatch, value.split(b";")))
        yield name, value


def _harmless(path: str) -> list[tuple[bytes, bytes]]:
    # Datasette's own pages write some styles into their markup.
    is_datasettes = path.startswith(("/-/", f"/{DATABASE}"))
    policy = _POLICY.format(styles=" 'unsafe-inline'" if is_datasettes else "")
    return [*_HEADERS, (b"content-security-policy", policy.encode())]


def _view(page: Callable[[Catalogue, Asking], Page]) -> Callable[..., Awaitable[Response]]:
    async def view(request: Request, datasette: ReadingRoom) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response.text("Only GET", status=405, headers={"allow": "GET, HEAD"})
        asking = _asking(request, datasette.room)
        key = (request.full_path, asking.base, asking.language, asking.today, datasette.room.stamp())
        sent = await datasette.recent.get(key, lambda: _make(page, asking, datasette))
        response = Response(
            sent.body, status=sent.status, headers=dict(sent.headers), content_type=sent.content_type
        )
        if "lang" in asking.args:
            response.set_cookie(_COOKIE, asking.language, max_age=365 * 86_400, samesite="lax")
        return response

    return view


async def _make(page: Callable[[Catalogue, Asking], Page], asking: Asking, datasette: ReadingRoom) -> Sent:
    def make(connection: Any) -> Sent:
        catalogue = Catalogue(connection, datasette.room.folder / NAME, None)
        try:
            with sentences(catalogue.path), catalogue.snapshot():
                told = page(catalogue, asking)
        except NotHere as trouble:
            told = _message(404, trouble)
        except UsageTrouble as trouble:
            told = _message(400, trouble)
        except StorageTrouble as trouble:
            told = _message(503, trouble)
        return render(told, asking)

    # In its thread, so that other readers are answered meanwhile.
    sent: Sent = await datasette.get_database(DATABASE).execute_fn(make)
    return sent


def _message(status: int, trouble: Exception) -> Page:
    return Page("room_message.html", {"title": str(status), "message": str(trouble)}, status=status)


def _asking(request: Request, room: Room) -> Asking:
    found = {name: unquote(value) for name, value in request.url_vars.items() if value is not None}
    asked = request.args.get("lang") or request.cookies.get(_COOKIE)
    language = wording.language(asked, request.headers.get("accept-language"))
    now = room.clock()
    return Asking(
        found=found,
        args={name: request.args[name] for name in request.args},
        format=found.get("format", ""),
        language=language,
        now=now,
        today=dates.vietnam_day(now),
        folder=room.folder,
        path=request.path,
        base=f"{request.scheme}://{request.host}",
    )

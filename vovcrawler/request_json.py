"""Requests written down as JSON, so that they outlive their process, and what makes two of them the same."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from math import isfinite
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Headers
from scrapy.utils.request import request_from_dict

from vovcrawler import urls

# What Scrapy and we leave in meta while a request is on its way; a request that waits has none of it.
_PASSING = frozenset(
    {"page", "parent", "capture", "captured_at", "conditional", "refused", "no_article"}
    | {"download_slot", "download_latency", "proxy", "_scheme_proxy", "_auth_proxy"}
)
_PLAIN = (str, int, bool, type(None))


def page_key(request: Request) -> tuple[str, str]:
    """Return the canonical address of *request*, and what sets it apart from a plain GET of it.

    >>> page_key(Request("http://m.vov.vn/the-gioi/a-post1.vov"))
    ('https://vov.vn/the-gioi/a-post1.vov', '')
    >>> page_key(Request("https://vov.vn/tim-kiem", method="POST", body=b"q=1"))[1]
    'POST 02f5e6e36c0369d5'
    """
    url = urls.canonical(request.url)
    if request.method == "GET" and not request.body:
        return url, ""
    return url, f"{request.method} {hashlib.sha256(request.body).hexdigest()[:16]}"


def dump(request: Request, spider: Spider) -> str | None:
    """Return *request* as JSON, or ``None`` when :func:`load` would not give the same one back."""
    meta = {name: value for name, value in request.meta.items() if name not in _PASSING}
    values: dict[str, Any] = {"url": request.url}
    if type(request) is not Request:
        values["_class"] = f"{type(request).__module__}.{type(request).__qualname__}"
    for name in type(request).attributes:
        value = getattr(request, name)
        if name in ("url", "headers", "body", "meta"):
            continue
        if name in ("callback", "errback"):
            value = _name(value, spider) if value else None
            if value == "":
                return None
        if value != _DEFAULTS.get(name):
            values[name] = value
    if meta:
        values["meta"] = meta
    if not _is_plain(values):
        return None
    if headers := _headers(request.headers):
        values["headers"] = headers
    if request.body:
        values["body"] = b64encode(request.body).decode("ascii")
    return json.dumps(values)


def load(text: str, spider: Spider) -> Request:
    """Return the request that :func:`dump` wrote; raises ``ValueError`` when *spider* lacks its callback."""
    values = json.loads(text)
    if "headers" in values:
        values["headers"] = Headers(
            {name: [value.encode("latin-1") for value in several] for name, several in values["headers"]}
        )
    if "body" in values:
        values["body"] = b64decode(values["body"])
    return request_from_dict(values, spider=spider)


def readdress(text: str, url: str, depth: int, referer: str) -> str:
    """Return the JSON of a request like the one in *text*, to *url*, which stands *depth* links from a seed."""
    values = json.loads(text)
    meta = {name: value for name, value in values.get("meta", {}).items() if name != "is_start_request"}
    values |= {"url": url, "meta": {**meta, "depth": depth}}
    if "headers" in values:
        values["headers"] = [
            [name, [referer] if name == "Referer" else value] for name, value in values["headers"]
        ]
    values.pop("dont_filter", None)
    return json.dumps(values)


_DEFAULTS: dict[str, Any] = {
    "callback": None,
    "errback": None,
    "method": "GET",
    "cookies": {},
    "encoding": "utf-8",
    "priority": 0,
    "dont_filter": False,
    "flags": [],
    "cb_kwargs": {},
}


def _name(callback: Any, spider: Spider) -> str:
    """Return the name of a method of *spider*, empty when *callback* is none."""
    name = getattr(callback, "__name__", "")
    return (
        name if getattr(callback, "__self__", None) is spider and getattr(spider, name, None) == callback else ""
    )


def _headers(headers: Headers) -> list[list[Any]]:
    return [
        [name.decode("latin-1"), [value.decode("latin-1") for value in values]]
        for name, values in headers.items()
        if name != b"Proxy-Authorization"
    ]


def _is_plain(value: Any) -> bool:
    """Whether *value* comes back from JSON as it is: no tuples, no numbers as keys, nothing of another kind."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is float:
        return isfinite(value)
    if kind is list:
        return all(map(_is_plain, value))
    if kind is dict:
        return all(type(name) is str for name in value) and all(map(_is_plain, value.values()))
    return False

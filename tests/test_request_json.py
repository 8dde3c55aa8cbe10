"""Requests written down as JSON come back as they were, or are not written down at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import FormRequest, Request, Spider
from scrapy.http import JsonRequest
from scrapy.http.request import NO_CALLBACK

from vovcrawler.request_json import dump, load, page_key, readdress

URL = "https://vov.vn/the-gioi/mot-bai-post1018244.vov"


class _Spider(Spider):
    name = "some"

    def parse_item(self, response):
        """Nothing is parsed here."""

    def failed(self, failure):
        """Nothing fails here."""


SPIDER = _Spider()
_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def same(one: Request, other: Request) -> bool:
    names = [name for name in one.attributes if name != "headers"]
    return (
        type(one) is type(other)
        and all(getattr(one, name) == getattr(other, name) for name in names)
        and sorted(one.headers.items()) == sorted(other.headers.items())
    )


REQUESTS = [
    Request(URL),
    Request(URL, callback=SPIDER.parse_item, errback=SPIDER.failed, priority=-3, dont_filter=True),
    Request(URL, method="POST", body=b"\x00\xff q=1", encoding="latin-1", flags=["a"]),
    Request(URL, headers={"X-Many": ["một", "hai"], "Accept": "*/*"}, cookies={"a": "b"}),
    Request(URL, cookies=[{"name": "a", "value": "b", "domain": "vov.vn"}]),
    FormRequest(URL, formdata={"q": "đàm phán"}),
    JsonRequest(URL, data={"q": [1, 2.5, None]}),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=repr)
def test_a_request_comes_back_as_it_was(request_):
    text = dump(request_, SPIDER)
    assert same(load(text, SPIDER), request_)
    assert text.isascii()


@settings(max_examples=40, deadline=None)
@given(meta=st.dictionaries(st.text(), _plain), cb_kwargs=st.dictionaries(st.text(), _plain))
def test_whatever_is_plain_comes_back(meta, cb_kwargs):
    request = Request(URL, meta={**meta, "page": 7}, cb_kwargs=cb_kwargs)
    meta.pop("page", None)
    back = load(dump(request, SPIDER), SPIDER)
    kept = {name: value for name, value in meta.items() if name in back.meta}
    assert (back.meta, back.cb_kwargs) == (kept, cb_kwargs)


@pytest.mark.parametrize(
    "more",
    [
        {"callback": lambda response: None},
        {"callback": NO_CALLBACK},
        {"callback": _Spider().parse_item},
        {"meta": {"a": (1, 2)}},
        {"meta": {1: "a"}},
        {"meta": {"a": float("nan")}},
        {"meta": {"a": b"bytes"}},
        {"cb_kwargs": {"a": object()}},
        {"cb_kwargs": {"a": [{"b": {1, 2}}]}},
    ],
)
def test_what_would_come_back_as_something_else_is_not_written_down(more):
    assert dump(Request(URL, **more), SPIDER) is None


def test_what_scrapy_notes_on_the_way_is_left_behind():
    request = Request(URL, headers={"Proxy-Authorization": "Basic c2VjcmV0"})
    request.meta.update(
        {"download_slot": "vov.vn", "download_latency": 0.3, "capture": {}, "proxy": "x", "depth": 2}
    )
    back = load(dump(request, SPIDER), SPIDER)
    assert (back.meta, list(back.headers)) == ({"depth": 2}, [])


def test_a_callback_that_is_no_more_is_said():
    text = json.dumps({"url": URL, "callback": "parse_no_more"})
    with pytest.raises(ValueError, match="parse_no_more"):
        load(text, SPIDER)


def test_a_link_of_a_page_that_was_passed_by_is_asked_for_as_the_page_was():
    request = Request(
        URL, callback=SPIDER.parse_item, meta={"depth": 1, "is_start_request": True}, dont_filter=True
    )
    request.headers["Referer"] = "https://vov.vn/"
    back = load(readdress(dump(request, SPIDER), "https://vov.vn/x-post2.vov", 2, URL), SPIDER)
    assert back.url == "https://vov.vn/x-post2.vov"
    assert back.callback == SPIDER.parse_item
    assert (back.meta, back.dont_filter, back.headers["Referer"]) == ({"depth": 2}, False, URL.encode())


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (Request(URL), Request("http://m.vov.vn/the-gioi/mot-bai-post1018244.vov?utm=1#top"), True),
        (Request(URL), Request(URL, headers={"A": "b"}, meta={"a": 1}), True),
        (Request(URL), Request(URL, method="HEAD"), False),
        (Request(URL, method="POST", body="a"), Request(URL, method="POST", body="b"), False),
        (Request(URL, method="POST", body="a"), Request(URL, method="POST", body="a"), True),
    ],
)
def test_a_page_is_known_by_its_canonical_address_and_what_is_sent_there(one, other, is_same):
    assert (page_key(one) == page_key(other)) == is_same

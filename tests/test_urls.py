"""Every address that was seen in the wild, and what may happen to one on the way."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vovcrawler import urls

SEEN = [
    line.split() for line in Path(__file__).with_name("data").joinpath("urls.txt").read_text("utf-8").splitlines()
]
POST = "https://vov.vn/the-gioi/tong-thong-post1018244.vov"


@pytest.mark.parametrize(("expected", "url"), SEEN)
def test_every_seen_address_is_classified(expected: str, url: str) -> None:
    address = urls.classify(url)
    assert "/".join(filter(None, [address.kind, address.era])) == expected
    assert (address.id is not None) == (address.kind == "article")
    assert urls.classify(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://vov.vn/the-gioi/tong-thong-post1018244.vov",
        "https://www.vov.vn/the-gioi/tong-thong-post1018244.vov",
        "https://M.VOV.VN/the-gioi/tong-thong-post1018244.vov",
        "http://baoxuan.vov.vn./the-gioi/tong-thong-post1018244.vov",
        "https://vov.vn:443/the-gioi/tong-thong-post1018244.vov",
        "http://vov.vn:80/the-gioi/tong-thong-post1018244.vov",
        "https://user:word@vov.vn/the-gioi/tong-thong-post1018244.vov",
        "//vov.vn/the-gioi/tong-thong-post1018244.vov",
        "  https://vov.vn/the-gioi/tong-thong-post1018244.vov\n",
        "https://vov.vn//the-gioi//tong-thong-post1018244.vov",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov/",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov#binh-luan",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov?utm_source=zalo&page=2",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov;jsessionid=1",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov&utm_source=zalo",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov%3Futm_source=zalo",
        "https://vov.vn/the-gioi/tong-thong-post1018244.vov.",
        "https://vov.vn/xa-hoi/../the-gioi/./tong-thong-post1018244.vov",
        "https://vov.vn/the-gioi/tong%2Dthong%2dpost1018244.vov",
        "https:\\\\vov.vn\\the-gioi\\tong-thong-post1018244.vov",
    ],
)
def test_all_forms_of_an_address_are_one(url: str) -> None:
    assert urls.canonical(url) == POST
    assert urls.record_id(url) == "vov.vn/post1018244"
    assert urls.is_allowed(url)
    assert urls.is_article(url)


@given(st.text())
@example("http://[::1")
@example("https://vov.vn:99999/")
@example("https://vov\u2100.vn/")
@example("https://vov.vn/\ud800")
def test_no_string_breaks_an_address(url: str) -> None:
    for form in (url, f"https://vov.vn/{url}", f"https://{url}"):
        address = urls.classify(form)
        assert urls.classify(address.url).url == address.url
        urls.record_id(form)
        urls.is_allowed(form)
        urls.join(form, url)

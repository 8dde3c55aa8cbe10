"""Sliders as a browser saves them: slides that have not come yet are hidden, and there are copies of the ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.markup import P1, P2, page, read


def slick(first: str, second: str, third: str) -> str:
    later = "".join(f'<div class="slick-slide" aria-hidden="true">{slide}</div>' for slide in (second, third))
    return (
        f'<div class="slick-track"><div class="slick-slide slick-cloned" aria-hidden="true">{third}</div>'
        f'<div class="slick-slide slick-active" aria-hidden="false">{first}</div>{later}</div>'
    )


def swiper(first: str, second: str, third: str) -> str:
    slides = "".join(f'<div class="swiper-slide">{slide}</div>' for slide in (first, second, third))
    return f'<div><div class="swiper-slide swiper-slide-duplicate">{third}</div>{slides}</div>'


def owl(first: str, second: str, third: str) -> str:
    slides = "".join(f'<div class="owl-item">{slide}</div>' for slide in (first, second, third))
    return f'<div><div class="owl-item cloned">{third}</div>{slides}</div>'


def flex(first: str, second: str, third: str) -> str:
    later = "".join(f'<li style="display: none;">{slide}</li>' for slide in (second, third))
    return f'<ul class="slides"><li class="clone" aria-hidden="true">{third}</li><li>{first}</li>{later}</ul>'


SLIDERS = [slick, swiper, owl, flex]


@pytest.mark.parametrize("slider", SLIDERS)
def test_every_picture_of_a_slider_is_listed_once_in_order(slider: Callable[..., str]) -> None:
    shown = [f'<figure><img src="/{n}.jpg"><figcaption>Ảnh số {n}</figcaption></figure>' for n in (1, 2, 3)]
    article = read(page(P1 + slider(*shown) + P2))
    assert [image.caption for image in article.images] == ["Ảnh số 1", "Ảnh số 2", "Ảnh số 3"]


@pytest.mark.parametrize("slider", SLIDERS)
def test_every_card_of_a_slider_is_related_once_in_order(slider: Callable[..., str]) -> None:
    linked = '<a href="/a/b-post{0}.vov"><img src="/t.jpg"></a><h3><a href="/a/b-post{0}.vov">Bài {0}</a></h3>'
    cards = [f"<div>{linked.format(n)}</div>" for n in (1, 2, 3)]
    article = read(page(after=f'<div class="field-related-article"><h2>Tin liên quan</h2>{slider(*cards)}</div>'))
    assert [news.headline for news in article.related] == ["Bài 1", "Bài 2", "Bài 3"]

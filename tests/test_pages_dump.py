"""Text dumps: the two real ones, and what a dump may lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from vovcrawler.pages import NotAnArticle, read_dump

FIXTURES = Path(__file__).parent.parent / "fixtures"


def test_a_caption_between_paragraphs_is_a_picture() -> None:
    article = read_dump((FIXTURES / "000_c46561d7ef6368b1.txt").read_text(encoding="utf-8"))
    assert [(image.caption, image.credit) for image in article.images] == [
        ("Ngoại trưởng Nga và Trung Quốc tại cuộc gặp tại Moscow", "Sputnik")
    ]
    assert len(article.body) == 11


def test_an_empty_dump_is_no_article() -> None:
    with pytest.raises(NotAnArticle) as caught:
        read_dump("\ufeff\r\n \n")
    assert caught.value.reason == "empty"

"""What widely used systems print round an article: the site may be rebuilt on any of them."""

from __future__ import annotations

import pytest

from tests.markup import HEADLINE, P1, P2, read

TEXT = f'<div class="entry-content">{P1}{P2}</div>'
NEXT = '<a href="https://vov.vn/the-gioi/bai-khac-post2000.vov">Nga nói về quan hệ với châu Âu</a>'


def page(above: str = "", text: str = TEXT, below: str = "") -> str:
    return f'<html lang="vi"><body><main><h1>{HEADLINE}</h1>{above}{text}{below}</main></body></html>'


@pytest.mark.parametrize(
    ("printed", "published"),
    [
        (
            "Thứ 3, 12/09/2025 - 16:54",
            "2025-12-09T16:54:00+07:00",
        ),  # as Drupal prints it where nobody told it not to
        ("12/09/2025", "2025-12-09T16:54:00+07:00"),
        ("09/12/2025 - 16:54", "2025-12-09T16:54:00+07:00"),
        ("13/12/2025 - 16:54", "2025-12-13T16:54:00+07:00"),  # another day: it is not the order
    ],
)
def test_a_date_with_the_month_first_is_as_its_stamp_says(printed: str, published: str) -> None:
    article = read(page(f'<p><time datetime="2025-12-09T16:54:00+07:00">{printed}</time></p>'))
    assert article.published_at == published

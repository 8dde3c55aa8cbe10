"""What other programs make of a page: marks, mails, widths."""

from __future__ import annotations

import textwrap
import time

import pytest

from vovcrawler.items import Image, Related
from vovcrawler.pages import read_dump

HEADLINE = "Nga và Trung Quốc thảo luận vấn đề Triều Tiên"
LEAD = "Ngày 26/5, tại Moscow diễn ra hội đàm giữa hai bên."
TEXT = "Ban tổ chức cho biết vé đã bán hết từ sáng sớm hôm qua."
ARTICLE = f"{HEADLINE}\n\nVOV.VN - {LEAD}\n\n{TEXT}"
ADDRESS = "https://vov.vn/the-gioi/nga-va-trung-quoc-thao-luan-van-de-trieu-tien-post1018244.vov"
LONG = (
    "Phát biểu tại cuộc gặp, nhà lãnh đạo Ấn Độ nhấn mạnh năng lượng là trụ cột trong quan hệ đối tác chiến lược "
    "giữa hai quốc gia, và cho biết hai bên sẽ ký thêm nhiều thỏa thuận mới trong năm nay."
)


def told(dump: str) -> tuple[str, str | None, list[str]]:
    article = read_dump(dump)
    return article.headline, article.lead, article.body


def test_markdown_is_read_as_what_it_marks() -> None:
    article = read_dump(
        f"# {HEADLINE}\n\n**VOV.VN - {LEAD}**\n\n### Thách thức phía trước\n\n"
        f"Ban _tổ chức_ cho **biết** vé đã [bán hết](https://vov.vn/tu-khoa/ve-tag1) từ sáng sớm hôm qua\\.\n\n"
        f"![](https://media.vov.vn/a.jpg)\n\n_Hai ngoại trưởng (Ảnh: Sputnik)_\n\n* * *\n\n{TEXT}\n\n"
        "## Tin liên quan\n\n[ ![Hé lộ](https://media.vov.vn/x.jpg) ](/x-post1.vov)\n\n"
        "##### [Hé lộ 3 nhân vật](/x-post1.vov)\n\nVOV.VN - Sau thành công, người ta thấy.\n"
    )
    assert (article.headline, article.lead, article.outlet) == (HEADLINE, LEAD, "VOV.VN")
    assert (article.body, article.subheadings) == (["Thách thức phía trước", TEXT, TEXT], [0])
    assert article.images == [Image(caption="Hai ngoại trưởng", credit="Sputnik")]
    assert article.related == [Related(headline="Hé lộ 3 nhân vật", teaser="Sau thành công, người ta thấy.")]


@pytest.mark.parametrize(
    "line",
    [
        "Khách sạn 5* và 4* đã kín phòng * dịp này * theo ông A.",
        "Theo nghiên cứu [1] và báo cáo [2] của WHO, số ca tăng.",
        "Liên hệ ban_to_chuc@vov.vn để biết thêm _chi tiết_.",
        "#MeToo lan rộng khắp châu Âu trong tuần qua, theo các báo.",
        "> 90% dân số đã tiêm chủng, theo các báo.",
    ],
)
def test_signs_in_a_text_without_markdown_stay(line: str) -> None:
    assert read_dump(f"{ARTICLE}\n\n{line}").body == [TEXT, line]


@pytest.mark.parametrize(
    "dump",
    [
        f"---------- Forwarded message ---------\nTừ: Nam <nam@example.com>\nChủ đề: Fwd: {HEADLINE}\n\n{ARTICLE}"
        "\n\nĐã gửi từ iPhone của tôi",
        "From: Nam\nSent: Monday\nTo: Lan\n\n" + "\n".join(f"> {line}".rstrip() for line in ARTICLE.split("\n")),
        f"Title: {HEADLINE}\nURL: {ADDRESS}\n\nVOV.VN - {LEAD}\n\n{TEXT}",
        f"29/12/25, 17:20 {HEADLINE} | VOV.VN\n\n{ARTICLE}\n\n{ADDRESS}  1/1\n\x0c",
        f"{ARTICLE.replace(TEXT, '[IMG]' + chr(10) * 2 + TEXT)}\n\n[anh-1.jpg]",
        f"{ARTICLE.replace('Moscow', '[1]Moscow')}\n\nReferences\n\n   1. https://vov.vn/\n",
    ],
)
def test_what_other_programs_add_is_no_text(dump: str) -> None:
    assert told(dump) == (HEADLINE, LEAD, [TEXT])


def test_fields_above_the_text_say_who_wrote_it_and_when() -> None:
    article = read_dump(
        f"Tiêu đề: {HEADLINE}\nNgày đăng: 16:54, 29/12/2025\nTác giả: Phi Long/VOV.VN\n\n{LEAD}\n\n{TEXT}"
    )
    assert (article.headline, article.lead, article.body) == (HEADLINE, LEAD, [TEXT])
    assert (article.byline, article.published_at) == ("Phi Long/VOV.VN", "2025-12-29T16:54:00+07:00")


def test_fields_in_the_text_are_text() -> None:
    lines = ["Thời gian: 20h ngày 12/5", "Nguồn: Ban tổ chức"]
    assert read_dump("\n\n".join([ARTICLE, *lines, TEXT])).body == [TEXT, *lines, TEXT]


@pytest.mark.parametrize("width", [60, 72, 80])
@pytest.mark.parametrize("indent", ["", "   "])
def test_a_wide_headline_hides_no_width(width: int, indent: str) -> None:
    headline = f"{HEADLINE} tại Moscow"[: width + 1]
    text = [f"VOV.VN - {LONG}", LONG, f"{LONG[:-1]}./."]
    wrapped = ("\n".join(indent + line for line in textwrap.wrap(part, width - len(indent))) for part in text)
    assert told("\n\n".join([headline, *wrapped])) == (headline.strip(), LONG, [LONG, LONG])


def test_a_dash_may_begin_a_line_and_a_bullet_is_an_item() -> None:
    part = (
        "Giá vàng miếng được niêm yết ở mức 118,2 - 120,7 triệu đồng (mua vào\n- bán ra), giảm mạnh so với trước."
    )
    item = "* Hạn chế ra đường khi trời mưa to, giông lốc và sạt lở đất đá rồi;\n* Không đi qua khu vực ngầm tràn"
    body = read_dump("\n\n".join([HEADLINE, LEAD, part, part, item])).body
    assert body == [" ".join(part.split()), " ".join(part.split()), *item.split("\n")]


@pytest.mark.parametrize(
    "line",
    [
        "**a " * 20_000,
        "[" * 50_000,
        "-" * 50_000 + "x",
        "A " * 50_000,
        "](" * 30_000,
        "> " * 30_000,
        "_a" * 30_000,
    ],
)
def test_no_line_takes_long(line: str) -> None:
    began = time.perf_counter()
    read_dump(f"# {HEADLINE}\n\nVOV.VN - {LEAD}\n\n{TEXT}\n\n{line}\n\n{TEXT}")
    assert time.perf_counter() - began < 2

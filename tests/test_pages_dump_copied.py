"""Dumps of whole pages, and what other programs make of a page: menus above the headline, marks, mails, widths."""

from __future__ import annotations

import textwrap
import time

import pytest

from vovcrawler.items import Image, Related
from vovcrawler.pages import NotAnArticle, read_dump

HEADLINE = "Nga và Trung Quốc thảo luận vấn đề Triều Tiên"
LEAD = "Ngày 26/5, tại Moscow diễn ra hội đàm giữa hai bên."
TEXT = "Ban tổ chức cho biết vé đã bán hết từ sáng sớm hôm qua."
ARTICLE = f"{HEADLINE}\n\nVOV.VN - {LEAD}\n\n{TEXT}"
MENU = (
    "Trang chủ\nChính trị\nXã hội\nĐại hội Đảng toàn quốc lần thứ XIV\nThế giới\n"
    "Kinh tế\nPháp luật\nThể thao\nNgười Việt\nĐăng nhập"
)
ADDRESS = "https://vov.vn/the-gioi/nga-va-trung-quoc-thao-luan-van-de-trieu-tien-post1018244.vov"
LONG = (
    "Phát biểu tại cuộc gặp, nhà lãnh đạo Ấn Độ nhấn mạnh năng lượng là trụ cột trong quan hệ đối tác chiến lược "
    "giữa hai quốc gia, và cho biết hai bên sẽ ký thêm nhiều thỏa thuận mới trong năm nay."
)


def told(dump: str) -> tuple[str, str | None, list[str]]:
    article = read_dump(dump)
    return article.headline, article.lead, article.body


@pytest.mark.parametrize(
    ("above", "section"),
    [
        ("Trang chủ » Thế giới", ["Thế giới"]),
        ("Thế giới / Quan sát", ["Thế giới", "Quan sát"]),
        ("Trang chủ\nKinh tế\nThị trường", ["Kinh tế", "Thị trường"]),
        ("• Quân sự - Quốc phòng", ["Quân sự - Quốc phòng"]),
        ("Trang chủ > Kinh tế > Thị trường > Giá vàng", ["Kinh tế", "Thị trường", "Giá vàng"]),
        ("Trang chủ\nKinh tế\nThị trường\nGiá vàng", ["Kinh tế", "Thị trường", "Giá vàng"]),
        ("Chính trị\nXã hội\nThế giới\nKinh tế", []),
        ("vov.vn", []),
        ("Tìm kiếm\nĐăng nhập\n3-4 phút", []),
        (MENU, []),
        (f"{MENU}\nThứ Hai, 16:54, 29/12/2025", []),
        ("Trang chủ | Chính trị | Xã hội | Thế giới | Kinh tế", []),
        ("Trang chủ | Chính trị | Xã hội | Thế giới | Kinh tế\nNgười Việt", []),
        ("Trang chủ > Kinh tế\nThị trường", ["Kinh tế", "Thị trường"]),
        (f"{MENU}\n\nTrang chủ > Đời sống", ["Đời sống"]),
        (f"{MENU}\n\nTrang chủ\nThế giới", ["Thế giới"]),
        ("\n".join(f"     * {name}" for name in MENU.split("\n")), []),
        ("Trang chủ </>\nChính trị </chinh-tri>\nXã hội </xa-hoi>\nThế giới </the-gioi>\nKinh tế </kinh-te>", []),
        ("Trang chủ | Chính trị | Xã hội | Thế giới | Kinh tế | Người Việt", []),
    ],
)
def test_a_trail_or_a_menu_stands_above_the_headline(above: str, section: list[str]) -> None:
    assert told(f"{above}\n\n{ARTICLE}") == (HEADLINE, LEAD, [TEXT])
    assert read_dump(f"{above}\n\n{ARTICLE}").section == section


def test_a_section_may_stand_above_a_headline_that_is_a_sentence() -> None:
    article = read_dump(f"Thế giới\n\n{HEADLINE} tại Moscow.\n\nVOV.VN - {LEAD}\n\n{TEXT}")
    assert (article.headline, article.section) == (f"{HEADLINE} tại Moscow.", ["Thế giới"])


def test_below_a_menu_the_headline_may_be_short_and_the_day_of_the_menu_is_none_of_the_article() -> None:
    article = read_dump(
        f"Thứ Ba, 30/12/2025\n{MENU}\n\nĐón Tết ở Trường Sa\n\nThứ Hai, 16:54, 29/12/2025\n\n"
        f"VOV.VN - {LEAD}\n\n{TEXT}"
    )
    assert (article.headline, article.lead, article.body) == ("Đón Tết ở Trường Sa", LEAD, [TEXT])
    assert article.published_at == "2025-12-29T16:54:00+07:00"


@pytest.mark.parametrize(
    "headline",
    [
        "Kinh tế Việt Nam: Điểm sáng",
        "Chính trị > kinh tế?",
        "Thể thao / Giải trí: hai mặt",
        "Kinh tế > Hội nghị thượng đỉnh các nền kinh tế mới nổi khu vực",
        "Ảnh: Khởi tố 82 đối tượng đánh bạc qua mạng",
    ],
)
@pytest.mark.parametrize("mark", ["VOV.VN - ", ""])
def test_what_only_looks_like_a_section_is_a_headline(headline: str, mark: str) -> None:
    article = read_dump(f"{headline}\n\n12:30 19/12/2019\n\n{mark}{LEAD}\n\n{TEXT}")
    assert (article.headline, article.lead, article.body, article.section) == (headline, LEAD, [TEXT], [])


@pytest.mark.parametrize("headline", ["Du lịch", "Kinh tế / Xã hội"])
def test_the_name_of_a_section_right_above_a_marked_lead_is_the_headline(headline: str) -> None:
    article = read_dump(f"{headline}\n\n12:30 19/12/2019\n\nVOV.VN - {LEAD}\n\n{TEXT}")
    assert (article.headline, article.lead, article.body, article.section) == (headline, LEAD, [TEXT], [])


def test_names_of_sections_in_a_list_below_the_headline_are_no_menu() -> None:
    names = "Các hạng mục giải thưởng\nDanh sách\nBan giám khảo\nKinh tế\nVăn hóa\nGiáo dục\nDu lịch\nThể thao"
    assert read_dump(f"{HEADLINE}\n\n{names}\n\n{TEXT}\n\n{TEXT}").headline == HEADLINE


@pytest.mark.parametrize(
    ("below", "byline", "authors"),
    [
        ("Phi Long/VOV.VN", "Phi Long/VOV.VN", ["Phi Long"]),
        ("Phi Long\n\n3-4 phút", "Phi Long", ["Phi Long"]),
        ("Thứ Hai, 16:54, 29/12/2025\n\nVOV-Tokyo", "VOV-Tokyo", []),
        ("A- A A+\n\nTheo TTXVN", "Theo TTXVN", []),
        ("Bút danh: Phi Long", "Bút danh: Phi Long", ["Phi Long"]),
        ("Chia Sẻ\n\nPhi Long", "Phi Long", ["Phi Long"]),
    ],
)
@pytest.mark.parametrize("mark", ["VOV.VN - ", ""])
def test_who_wrote_it_may_stand_above_the_lead(below: str, byline: str, authors: list[str], mark: str) -> None:
    article = read_dump(f"{HEADLINE}\n\n{below}\n\n{mark}{LEAD}\n\n{TEXT}")
    assert (article.lead, article.body) == (LEAD, [TEXT])
    assert (article.byline, article.authors) == (byline, authors)


def test_names_in_lines_of_their_own_above_a_sentence_are_text() -> None:
    article = read_dump(f"{HEADLINE}\n\nPhi Long\n\nAn Nhi\n\n{LEAD}\n\n{TEXT}")
    assert (article.lead, article.body, article.byline) == ("Phi Long", ["An Nhi", LEAD, TEXT], None)


def test_a_caption_above_the_lead_is_no_byline() -> None:
    article = read_dump(f"{HEADLINE}\n\nẢnh: TTXVN\n\nVOV.VN - {LEAD}\n\n{TEXT}")
    assert (article.byline, article.images) == (None, [Image(caption=None, credit="TTXVN")])


def test_the_imprint_ends_a_page() -> None:
    foot = "BÁO ĐIỆN TỬ VOV\nCơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM\nTrụ sở: 58 Quán Sứ, Hà Nội"
    article = read_dump(f"{ARTICLE}\n\nPhi Long/VOV.VN\n\nTừ khóa:\nNga\n\n{foot}")
    assert (article.body, article.byline, article.tags) == ([TEXT], "Phi Long/VOV.VN", ["Nga"])
    assert TEXT in read_dump(f"{HEADLINE}\n\n® VOV.VN\n\n{LEAD}\n\n{TEXT}").body
    law = "Giấy phép hoạt động của cơ sở này đã hết hạn từ năm 2023."
    assert read_dump(f"{ARTICLE}\n\n{law}").body == [TEXT, law]


@pytest.mark.parametrize(
    ("dump", "reason"),
    [
        ("Kinh tế\n\n" + "\n\n".join(f"Giá vàng lần {n}\n\nVOV.VN - {TEXT}" for n in range(4)), "section"),
        ("BÁO ĐIỆN TỬ VOV\nCơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM", "no_text"),
        ("Trang chủ\nThế giới\nKinh tế", "no_text"),
        ("Xin chào bạn\n\nXin chào.\n\nTạm biệt.\n\nHẹn gặp lại.\n\nMột hai.\n\nBa bốn.", "no_text"),
        (f"{MENU}\n\nKhông tìm thấy trang\n\nXin lỗi, trang bạn tìm không tồn tại.", "not_found"),
    ],
)
def test_a_page_copied_whole_may_be_no_article(dump: str, reason: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read_dump(dump)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("dump", "url"),
    [
        (f"Link: {ADDRESS}\n\n{ARTICLE}", ADDRESS),
        (f"https://vov.vn/the-gioi\n\n{ARTICLE}", None),
        (f"{ARTICLE}\n\nNguồn: {ADDRESS}", ADDRESS),
        (f"{HEADLINE}\n{ADDRESS}\n\nVOV.VN - {LEAD}\n\n{TEXT}", ADDRESS),
        (f"{ARTICLE}\n\nhttps://vov.vn/kinh-te/gia-vang-hom-nay-giam-post1018245.vov", None),
    ],
)
def test_its_own_address_has_the_words_of_the_headline(dump: str, url: str | None) -> None:
    article = read_dump(dump)
    assert (article.url, article.body, article.byline) == (url, [TEXT], None)


def test_markdown_is_read_as_what_it_marks() -> None:
    article = read_dump(
        f"  * [Thế giới](/the-gioi)\n\n# {HEADLINE}\n\n**VOV.VN - {LEAD}**\n\n### Thách thức phía trước\n\n"
        f"Ban _tổ chức_ cho **biết** vé đã [bán hết](https://vov.vn/tu-khoa/ve-tag1) từ sáng sớm hôm qua\\.\n\n"
        f"![](https://media.vov.vn/a.jpg)\n\n_Hai ngoại trưởng (Ảnh: Sputnik)_\n\n* * *\n\n{TEXT}\n\n"
        "## Tin liên quan\n\n[ ![Hé lộ](https://media.vov.vn/x.jpg) ](/x-post1.vov)\n\n"
        "##### [Hé lộ 3 nhân vật](/x-post1.vov)\n\nVOV.VN - Sau thành công, người ta thấy.\n"
    )
    assert (article.headline, article.lead, article.outlet) == (HEADLINE, LEAD, "VOV.VN")
    assert (article.body, article.subheadings) == (["Thách thức phía trước", TEXT, TEXT], [0])
    assert article.images == [Image(caption="Hai ngoại trưởng", credit="Sputnik")]
    assert article.related == [Related(headline="Hé lộ 3 nhân vật", teaser="Sau thành công, người ta thấy.")]


def test_a_line_in_bold_is_a_subheading_and_a_rule_is_nothing() -> None:
    article = read_dump(
        f"# {HEADLINE}\n\n---\n\nVOV.VN - {LEAD}\n\n**Thách thức**\n\n{TEXT}\n\n| --- | --- |\n\n{TEXT}"
    )
    assert (article.lead, article.body, article.subheadings) == (LEAD, ["Thách thức", TEXT, TEXT], [0])


@pytest.mark.parametrize(
    "line",
    [
        "Khách sạn 5* và 4* đã kín phòng * dịp này * theo ông A.",
        "Theo nghiên cứu [1] và báo cáo [2] của WHO, số ca tăng.",
        "Liên hệ ban_to_chuc@vov.vn để biết thêm _chi tiết_.",
        "#MeToo lan rộng khắp châu Âu trong tuần qua, theo các báo.",
        "> 90% dân số đã tiêm chủng, theo các báo.",
        "Theo điều [1]luật này, mọi người đều có quyền.",
        "References\n\nTheo điều [1]luật này, mọi người đều có quyền.",
        "1. https://vov.vn/\n\nTheo điều [1]luật này, mọi người đều có quyền.",
    ],
)
def test_signs_in_a_text_without_markdown_stay(line: str) -> None:
    assert read_dump(f"{ARTICLE}\n\n{line}").body == [TEXT, *line.split("\n\n")]


@pytest.mark.parametrize(
    "dump",
    [
        f"---------- Forwarded message ---------\nTừ: Nam <nam@example.com>\nChủ đề: Fwd: {HEADLINE}\n\n{ARTICLE}"
        "\n\nĐã gửi từ iPhone của tôi",
        "From: Nam\nSent: Monday\nTo: Lan\n\n" + "\n".join(f"> {line}".rstrip() for line in ARTICLE.split("\n")),
        f"Title: {HEADLINE}\nURL: {ADDRESS}\n\nVOV.VN - {LEAD}\n\n{TEXT}",
        f"29/12/25, 17:20 {HEADLINE} | VOV.VN\n\n{ARTICLE}\n\n{ADDRESS}  1/1\n\x0c",
        f"{ARTICLE.replace(TEXT, '[IMG]' + chr(10) * 2 + TEXT)}\n\n[anh-1.jpg]",
        f"   [1]Trang chủ\n\n{ARTICLE.replace('Moscow', '[12]Moscow')}\n\nReferences\n\n   1. https://vov.vn/\n",
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


@pytest.mark.parametrize("field", ["Tác giả: Phi Long", "Author: Phi Long", f"URL: {ADDRESS}"])
def test_fields_may_stand_below_the_headline(field: str) -> None:
    article = read_dump(f"{HEADLINE}\nNgày: 16:54, 29/12/2025\n{field}\n\n{LEAD}\n\n{TEXT}")
    assert (article.lead, article.body, article.published_at) == (LEAD, [TEXT], "2025-12-29T16:54:00+07:00")


def test_the_day_of_a_mail_is_none_of_the_article() -> None:
    article = read_dump(f"Từ: Nam\nNgày: 10:00, 30/12/2025\nTiêu đề: {HEADLINE}\n\nVOV.VN - {LEAD}\n\n{TEXT}")
    assert (article.headline, article.lead, article.published_at) == (HEADLINE, LEAD, None)


def test_fields_in_the_text_are_text() -> None:
    lines = ["Thời gian: 20h ngày 12/5", "Nguồn: Ban tổ chức"]
    assert read_dump("\n\n".join([ARTICLE, *lines, TEXT])).body == [TEXT, *lines, TEXT]
    assert read_dump("\n".join([HEADLINE, *lines[:1], "Ngày: 12/5", "", TEXT, "", TEXT])).lead == lines[0]


@pytest.mark.parametrize("width", [60, 72, 80])
@pytest.mark.parametrize("indent", ["", "   "])
def test_a_menu_or_a_wide_headline_hides_no_width(width: int, indent: str) -> None:
    headline = f"{HEADLINE} tại Moscow"[: width + 1]
    text = [f"VOV.VN - {LONG}", LONG, f"{LONG[:-1]}./."]
    wrapped = ("\n".join(indent + line for line in textwrap.wrap(part, width - len(indent))) for part in text)
    menu = "\n".join(f"{indent}* {name}" for name in MENU.split("\n"))
    assert told("\n\n".join([menu, headline, *wrapped])) == (headline.strip(), LONG, [LONG, LONG])


def test_a_dash_may_begin_a_line_and_a_bullet_is_an_item() -> None:
    part = (
        "Giá vàng miếng được niêm yết ở mức 118,2 - 120,7 triệu đồng (mua vào\n- bán ra), giảm mạnh so với trước."
    )
    item = "* Hạn chế ra đường khi trời mưa to, giông lốc và sạt lở đất đá rồi;\n* Không đi qua khu vực ngầm tràn"
    items = [item, item.replace("*", "-"), item.replace("*", "–")]
    body = read_dump("\n\n".join([HEADLINE, LEAD, part, part, *items])).body
    assert body == [" ".join(part.split()), " ".join(part.split()), *"\n".join(items).split("\n")]


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

"""Text dumps: the two real ones stand in ``tests/golden``; here is what a dump may hold or lack."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from vovcrawler.items import Image, Related
from vovcrawler.pages import NotAnArticle, read_dump

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*.txt"))
HEADLINE = "Nga và Trung Quốc thảo luận"
CARD = "Hé lộ 3 nhân vật\nHé lộ 3 nhân vật\n\nVOV.VN - Sau thành công, người ta thấy.\n\nHé lộ 3 nhân vật\n\n" * 2
TEXT = "Ban tổ chức cho biết vé đã bán hết."
END = "Hội nghị bế mạc vào chiều nay./."
PROMOTION = "Mời quý độc giả theo dõi VOV.VN trên"
TWICE = "Hé lộ 3 nhân vật đằng sau\n{}Hé lộ 3 nhân vật đằng sau\n\nVOV.VN - Sau thành công, người ta thấy.\n\n"
IN_TEXT = TWICE.format("") + TWICE.format("\n")
OTHER = "Bán đảo dậy sóng\nBán đảo dậy sóng\n\nVOV.VN - Mỹ phản ứng.\n"


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n",
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace(" - ", "\u00a0-\u00a0"),
    ],
)
def test_line_ends_marks_and_spaces_change_nothing(path: Path, change) -> None:
    plain = path.read_text(encoding="utf-8")
    assert read_dump(change(plain)) == read_dump(plain)


@pytest.mark.parametrize(
    ("dump", "lead", "outlet", "body"),
    [
        (HEADLINE, None, None, []),
        (f"{HEADLINE}\n\nVOV.VN - Sapo.", "Sapo.", "VOV.VN", []),
        (f"{HEADLINE}\n\nMột đoạn.", None, None, ["Một đoạn."]),
        (f"{HEADLINE}\n\nSapo không dấu.\n\nMột đoạn./.", "Sapo không dấu.", None, ["Một đoạn."]),
        (f"{HEADLINE}\n{HEADLINE}\n\n(VOV) - Sapo.\n\nMột đoạn.", "Sapo.", "VOV", ["Một đoạn."]),
        (
            f"{HEADLINE}\n\nVOV1 - Sapo.\n\nMột.\n\nMời quý độc giả theo dõi VOV.VN trên\n\nĐọc nhiều\n\nKhác",
            "Sapo.",
            "VOV1",
            ["Một."],
        ),
    ],
)
def test_a_dump_may_be_short(dump: str, lead: str | None, outlet: str | None, body: list[str]) -> None:
    article = read_dump(dump)
    assert (article.headline, article.lead, article.outlet, article.body) == (HEADLINE, lead, outlet, body)
    assert (article.url, article.layout, article.language, article.published_at) == (None, "dump", "vi", None)
    assert article.id == f"text/{article.content_digest[:16]}"


def test_labels_of_buttons_stand_above_the_text_and_a_name_behind_its_end_mark() -> None:
    article = read_dump(f"{HEADLINE}\n\nChia sẻ\n\nVOV.VN - Sapo.\n\nMột đoạn./.\n\nPhi Long\n\nĐọc nhiều\n\nKhác")
    assert (article.lead, article.body, article.byline) == ("Sapo.", ["Một đoạn."], "Phi Long")


def test_captions_byline_tags_and_date_are_no_body() -> None:
    article = read_dump(
        f"{HEADLINE}\n\nThứ Hai, 16:54, 29/12/2025\n\nVOV.VN - "
        "Sapo.\n\nMột đoạn.\n\nMột cảnh (Ảnh: Sputnik)\n\n"
        "Hai đoạn (Nguồn: Bộ Y tế).\n\nCảnh khác (Nguồn: AP)\n\n"
        "Phi Long/VOV.VN\n\nTừ khóa: Nga, Trung Quốc\n"
    )
    assert article.body == ["Một đoạn.", "Hai đoạn (Nguồn: Bộ Y tế)."]
    assert article.images == [Image(caption="Một cảnh", credit="Sputnik"), Image(caption="Cảnh khác", credit="AP")]
    assert (article.byline, article.authors) == ("Phi Long/VOV.VN", ["Phi Long"])
    assert (article.tags, article.published_at) == (["Nga", "Trung Quốc"], "2025-12-29T16:54:00+07:00")


@pytest.mark.parametrize("printed", ["Cảnh. Ảnh Reuters.", "Cảnh. Đồ họa: Reuters", "Cảnh. Ảnh; Reuters"])
def test_a_credit_without_brackets_marks_a_caption(printed: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\nMột đoạn.\n\n{printed}\n\nHai đoạn.")
    assert article.body == ["Một đoạn.", "Hai đoạn."]
    assert article.images == [Image(caption="Cảnh.", credit="Reuters")]


@pytest.mark.parametrize(
    "related",
    [
        f"Tin liên quan\n\n{CARD}{OTHER}",
        f"TIN LIÊN QUAN:\n{CARD}{OTHER}\nTin cùng chuyên mục\n\nMột tin khác\n",
        f"Tin lien quan\n\n{(CARD + OTHER).replace('VOV.VN - ', '')}",
        "Tin liên quan\n\nHé lộ 3 nhân vật\n\nVOV.VN - Sau thành công, "
        "người ta thấy.\n\nBán đảo dậy sóng\n\nVOV.VN - Mỹ phản ứng.",
    ],
)
def test_each_related_article_stands_once_with_its_teaser(related: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\nMột đoạn.\n\n{related}")
    assert article.related == [
        Related(headline="Hé lộ 3 nhân vật", teaser="Sau thành công, người ta thấy."),
        Related(headline="Bán đảo dậy sóng", teaser="Mỹ phản ứng."),
    ]


def test_a_dump_is_not_related_to_itself() -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\nMột đoạn.\n\nTin liên quan\n\n{HEADLINE}\n\n{CARD}")
    assert [related.headline for related in article.related] == ["Hé lộ 3 nhân vật"]


@pytest.mark.parametrize(
    ("dump", "reason"),
    [
        ("", "empty"),
        ("\ufeff\r\n \n", "empty"),
        ("\x00\x01\x02" * 50, "not_text"),
        (
            "Attention Required! | Cloudflare\n\nSorry, you have been blocked\n\nYou are unable to access.",
            "challenge",
        ),
        ("404\n\nKhông tìm thấy trang\n\nTrang bạn yêu cầu không tồn tại hoặc đã bị xóa.", "not_found"),
        ('{\n "headline": "Nga và Trung Quốc",\n "body": ["Hai bên đã thảo luận nhiều vấn đề."]\n}', "not_text"),
        ("<!DOCTYPE html>\n<h1>Nga và Trung Quốc</h1>\n<p>Một đoạn.</p>", "not_text"),
        ("id,headline\n1,Nga và Trung Quốc\n2,Bán đảo dậy sóng", "no_text"),
        (
            "https://vov.vn/the-gioi/mot-tin-post1018244.vov\nhttps://vov.vn/the-gioi/hai-tin-post1018245.vov",
            "no_text",
        ),
        ("\n".join(f"Nga và Trung Quốc thảo luận lần thứ {count}" for count in range(8)), "no_text"),
        ("Mời quý độc giả theo dõi VOV.VN trên\n\nFacebook", "no_text"),
        (f"Tin liên quan\n\n{CARD}", "no_text"),
    ],
)
def test_what_is_no_article_gives_no_record(dump: str, reason: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read_dump(dump)
    assert caught.value.reason == reason


def test_a_dump_wrapped_at_a_width_reads_as_one_that_is_not() -> None:
    for path in FIXTURES:
        plain = path.read_text(encoding="utf-8")
        wrapped = "\n".join("\n".join(textwrap.wrap(line, 72)) for line in plain.split("\n"))
        assert read_dump(wrapped) == read_dump(plain)


def test_one_line_that_ends_at_the_width_is_not_broken_there() -> None:
    lines = [TEXT, "Người hâm mộ đã xếp hàng từ đêm trước.", "Trậnđấukhôngngừng sẽ bắt đầu."]
    assert read_dump(f"{HEADLINE[:30]}\n\n{TEXT}\n\n" + "\n".join(lines[1:])).body == lines[1:]


def test_short_lines_below_each_other_are_no_wrapped_ones() -> None:
    cells = "Đội\nTrận\nĐiểm\nHà Nội\n12\n30"
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\nMột đoạn.\n\n{cells}\n\nHai đoạn.")
    assert article.body == ["Một đoạn.", *cells.split("\n"), "Hai đoạn."]


@pytest.mark.parametrize(
    ("above", "below", "published"),
    [
        ("Thứ 5, 19:21, 21/05/2020\n\n", "", "2020-05-21T19:21:00+07:00"),
        ("21/5/2020\n\n", "", "2020-05-21T00:00:00+07:00"),
        ("", "\n\n21/5/2020", "2020-05-21T00:00:00+07:00"),
        ("", "\n\nPhi Long - 19:21, 21/05/2020\n\nTwitter\n\nChia sẻ\n\nEmail", "2020-05-21T19:21:00+07:00"),
    ],
)
def test_day_and_labels_stand_beside_the_headline(above: str, below: str, published: str) -> None:
    article = read_dump(f"{above}{HEADLINE}{below}\n\nVOV.VN - Sapo.\n\n{TEXT}")
    assert (article.headline, article.lead, article.body) == (HEADLINE, "Sapo.", [TEXT])
    assert article.published_at == published


def test_one_day_in_or_below_the_text_is_its_own() -> None:
    day, next_day = "Thứ Hai, 16:54, 29/12/2025", "Thứ Ba, 10:00, 30/12/2025"
    for lines in ((TEXT, day, TEXT), (TEXT, TEXT, day)):
        article = read_dump("\n\n".join((HEADLINE, "VOV.VN - Sapo.", *lines)))
        assert (article.published_at, article.body) == ("2025-12-29T16:54:00+07:00", [TEXT, TEXT])
    several = read_dump("\n\n".join((HEADLINE, "VOV.VN - Sapo.", TEXT, day, TEXT, next_day, TEXT)))
    assert (several.published_at, len(several.body)) == (None, 5)


def test_a_time_in_the_headline_is_no_date() -> None:
    headline = "Trực tiếp 19h00 ngày 29/5/2024: Việt Nam - Thái Lan"
    article = read_dump(f"{headline}\n\nVOV.VN - Sapo.\n\n{TEXT}")
    assert (article.headline, article.published_at) == (headline, None)


def test_a_dump_may_open_with_its_address() -> None:
    article = read_dump(f"https://www.vov.vn/the-gioi/tin-post1018244.vov\n{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}")
    assert (article.id, article.url) == ("vov.vn/post1018244", "https://vov.vn/the-gioi/tin-post1018244.vov")
    assert (article.headline, article.layout) == (HEADLINE, "dump")


def test_an_article_may_be_headed_as_an_error_page_is() -> None:
    assert read_dump("\n\n".join(["Không tìm thấy trang", *[TEXT] * 50])).headline == "Không tìm thấy trang"
    article = read_dump("404 ngày không có điện\n\nVOV.VN - Sapo.\n\nMột đoạn.")
    assert (article.headline, article.body) == ("404 ngày không có điện", ["Một đoạn."])


@pytest.mark.parametrize(
    "other",
    [
        IN_TEXT,
        IN_TEXT.replace("VOV.VN - ", ""),
        ">> Nga và Trung Quốc thảo luận",
        "» Nga và Trung Quốc thảo luận",
        ">> Xem thêm: Nga và Trung Quốc thảo luận",
        "Đọc thêm: Nga và Trung Quốc thảo luận?",
        "Xem thêm\n\nNga và Trung Quốc thảo luận\n\nVì sao bán đảo dậy sóng?",
        "Tin khác",
        f"{PROMOTION}\n\nFacebook\n\nLotus",
    ],
)
@pytest.mark.parametrize("end", [END, f"{END[:-2]}\n\n{PROMOTION}", f"{END}\n\n{PROMOTION}"])
def test_other_news_in_the_text_is_no_body(other: str, end: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\n{other}\n\n{end}\n")
    assert article.body == [TEXT, "Hội nghị bế mạc vào chiều nay."]
    assert (article.lead, article.related) == ("Sapo.", [])


@pytest.mark.parametrize(
    "line",
    [
        "Ơi Hà Nội mến yêu của tôi\n\nƠi Hà Nội mến yêu của tôi",
        "3\n\n3\n\n3\n\n3",
        "«Chúng tôi sẽ thắng», ông nói.",
        "Xem thêm: theo ông A, đây là trận đấu hay nhất của mùa giải.",
        "\n\n".join(["Ông nghĩ sao về trận đấu này?", "Tôi nghĩ là rất hay."] * 4),
        "Xem thêm những thước phim tư liệu, nhiều người khóc.",
        "19h00 ngày 29/5/2024: Việt Nam - Thái Lan",
        "19:00 29/05/2024\n\nViệt Nam - Thái Lan\n\n21:00 29/05/2024\n\nLào - Malaysia",
    ],
)
def test_what_only_looks_like_other_news_or_a_date_is_body(line: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\n{line}\n\n{END}")
    assert article.body == [TEXT, *line.split("\n\n"), "Hội nghị bế mạc vào chiều nay."]
    assert article.published_at is None


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        ("Quang cảnh phiên họp sáng 3/9. Nguồn: TTXVN", "Quang cảnh phiên họp sáng 3/9.", "TTXVN"),
        ("Tang vật vụ án. (Nguồn: Reuters)", "Tang vật vụ án.", "Reuters"),
        ("Ông A (thứ hai từ trái sang) tại buổi lễ", "Ông A (thứ hai từ trái sang) tại buổi lễ", None),
        ("Tiền vệ B (áo trắng) tranh bóng", "Tiền vệ B (áo trắng) tranh bóng", None),
    ],
)
def test_a_caption_is_told_by_its_source_or_by_who_poses(printed: str, caption: str, credit: str | None) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\n{printed}\n\n{END}")
    assert article.images == [Image(caption=caption, credit=credit)]
    assert len(article.body) == 2


def test_the_caption_of_a_recording_is_neither_text_nor_a_picture() -> None:
    article = read_dump(
        f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\nVideo: Khoảnh khắc rời bệ phóng (Nguồn: RT)\n\n{END}"
    )
    assert (article.images, len(article.body)) == ([], 2)


@pytest.mark.parametrize(
    "line",
    [
        "Cả nước có thêm 15 ca mắc mới. (Nguồn: Bộ Y tế)",
        "Ông A (trái) và ông B (phải) đã gặp nhau sáng nay.",
        "Đội hình: Văn A (áo đỏ); Văn B (áo vàng);",
    ],
)
def test_a_sentence_with_a_source_or_a_side_is_body(line: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\n{line}\n\n{END}")
    assert (article.images, article.body[1]) == ([], line)


@pytest.mark.parametrize(
    ("signed", "byline", "authors"),
    [
        ("Bài, ảnh: Thanh Hương/VOV.VN", "Bài, ảnh: Thanh Hương/VOV.VN", ["Thanh Hương"]),
        ("Thanh Hương", "Thanh Hương", ["Thanh Hương"]),
        ("Hoàng Lê/VOV.VN\n\nTheo CNN", "Hoàng Lê/VOV.VN, Theo CNN", ["Hoàng Lê"]),
        (
            "An Nhi/VOV.VN, Phi Long/VOV Giao thông",
            "An Nhi/VOV.VN, Phi Long/VOV Giao thông",
            ["An Nhi", "Phi Long"],
        ),
        ("PV: Thu Thùy", "PV: Thu Thùy", ["Thu Thùy"]),
        ("VOV-Miền Trung", "VOV-Miền Trung", []),
    ],
)
def test_the_last_lines_may_be_a_byline(signed: str, byline: str, authors: list[str]) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\n{signed}\n\n{PROMOTION}")
    assert (article.body, article.images) == ([TEXT], [])
    assert (article.byline, article.authors) == (byline, authors)


@pytest.mark.parametrize(
    "last", ["PV: Xin cảm ơn ông", "Chiều buông lối cũ\n\nHeo May", "VIỆT NAM", "Ông Kim Jong Un"]
)
def test_the_end_of_an_interview_or_a_poem_is_no_byline(last: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\n{last}")
    assert (article.byline, article.body) == (None, [TEXT, *last.split("\n\n")])


def test_a_lead_may_be_all_and_may_stand_above_pictures() -> None:
    assert read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo./.").lead == "Sapo."
    article = read_dump(f"{HEADLINE}\n\nSapo.\n\nCảnh một (Ảnh: AP)\n\nCảnh hai (Ảnh: AP)")
    assert (article.lead, article.body, len(article.images)) == ("Sapo.", [], 2)


@pytest.mark.parametrize(
    ("lines", "subheadings"),
    [
        (["1. Thủ đoạn tinh vi", TEXT, TEXT, "2. Bản án nghiêm khắc", TEXT], [0, 3]),
        ([TEXT, "I. Thủ đoạn tinh vi", TEXT, "II. Lãi suất về đâu?", TEXT], [1, 3]),
        ([TEXT, "THỦ ĐOẠN TINH VI", TEXT], [1]),
        ([TEXT, "1. Một", "2. Hai", "3. Ba", TEXT], []),
        ([TEXT, "1. Thủ đoạn là giả danh.", TEXT, "2. Bản án là 9 năm.", TEXT], []),
        ([TEXT, "2. Thủ đoạn tinh vi", TEXT, "2. Bản án nghiêm khắc", TEXT], []),
        ([TEXT, f"1. {'Dài ' * 40}lắm", TEXT, "2. Bản án nghiêm khắc", TEXT], []),
        ([TEXT, "VTV5 HD", TEXT, "Hiện trường vụ tai nạn", TEXT], []),
    ],
)
def test_headings_are_numbered_or_in_capitals(lines: list[str], subheadings: list[int]) -> None:
    article = read_dump("\n\n".join([HEADLINE, "VOV.VN - Sapo.", *lines]))
    assert (article.body, article.subheadings) == (lines, subheadings)


@pytest.mark.parametrize(
    "printed",
    [
        "Từ khóa:\n\nNga\n\nBiển Đông",
        "TAG:\nNga\nBiển Đông\nNga",
        "Tags: Nga; Biển Đông",
        "Từ khoá\n\nNga\n\nBiển Đông",
    ],
)
@pytest.mark.parametrize(
    "following", [f"\n\n{PROMOTION}\n\nTin liên quan\n\n{CARD}", "\n\nĐọc nhiều\n\nMột tin khác", ""]
)
def test_tags_stand_in_a_line_or_a_line_each(printed: str, following: str) -> None:
    article = read_dump(f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\nPhi Long/VOV.VN\n\n{printed}{following}")
    assert (article.body, article.byline, article.tags) == ([TEXT], "Phi Long/VOV.VN", ["Nga", "Biển Đông"])


def test_tags_below_the_last_card_are_not_its_teaser() -> None:
    article = read_dump(
        f"{HEADLINE}\n\nVOV.VN - Sapo.\n\n{TEXT}\n\nTin liên quan\n\nMột\nMột\n\nMột\n\nMột\n\nTags: Nga, Lào"
    )
    assert article.related == [Related(headline="Một", teaser=None)]
    assert article.tags == ["Nga", "Lào"]


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("The minister said that the project is to be completed by the end of the year in Hanoi.", "en"),
        ("“It is one of the best,” said Phạm Minh Chính on the first day of the visit to the south.", "en"),
        ("Bộ trưởng cho biết The Voice of Vietnam is on the air.", "vi"),
        ("Tong thong Nga co the den tham Viet Nam vao thang toi, theo the gioi to chuc.", "vi"),
    ],
)
def test_the_language_is_told_by_letters_and_words(told: str, language: str) -> None:
    assert read_dump(f"{told[:40]}\n\nVOV.VN - {told}\n\n{told}").language == language

"""The words of the site, in tables: what is printed, and what a careful reader would write down."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawler import text

ANY = st.text(st.characters(), max_size=60)
# Text made of the stuff that the rules look for, so that they meet each other.
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["VOV", "VOV.VN", "VOV1", "VOV4.VN", "(", ")", "-", " – ", ".", "/", "./.", "”", "“", ":", ","]
        ),
        st.sampled_from(
            [" ", "\n", "\u00a0", "\u200b", "\u0301", "a", "e", "\ud83d", "\ude00", "&", "&amp;", "#38;"]
        ),
        st.sampled_from(
            ["amp;", "&nbsp;", "Tags", "Chia sẻ", "Facebook", "Mời quý độc giả", "theo dõi", "Tây Bắc"]
        ),
    ),
    max_size=14,
).map("".join)
TEXT = ANY | PIECES


@pytest.mark.parametrize(
    ("lead", "outlet", "rest"),
    [
        ("VOV.VN - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN -Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN- Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN-Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN – Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN — Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN\u00a0-\u00a0Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        (" \u200bVOV.VN\u200b - \nNgày 26/5", "VOV.VN", "Ngày 26/5"),
        ("vov.vn - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("Vov.vn: Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV. VN - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN - - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN -- Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN - VOV.VN - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN - “Chiến tranh Lạnh”", "VOV.VN", "“Chiến tranh Lạnh”"),
        ("VOV.VN - VOV vừa tổ chức", "VOV.VN", "VOV vừa tổ chức"),
        ("VOV.VN - Đài Tiếng nói Việt Nam tổ chức", "VOV.VN", "Đài Tiếng nói Việt Nam tổ chức"),
        ("VOV.VN - -5 độ C", "VOV.VN", "-5 độ C"),
        ("(VOV) - Ngày 26/5", "VOV", "Ngày 26/5"),
        ("(VOV) – Ngày 26/5", "VOV", "Ngày 26/5"),
        ("(VOV)- Ngày 26/5", "VOV", "Ngày 26/5"),
        ("(VOV)-Ngày 26/5", "VOV", "Ngày 26/5"),
        ("(VOV) Ngày 26/5", "VOV", "Ngày 26/5"),
        ("( VOV ) - Ngày 26/5", "VOV", "Ngày 26/5"),
        ("(VOV)_ Ngày 26/5", "VOV", "Ngày 26/5"),
        ("[VOV.VN] - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("VOV.VN_ Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("（VOVWORLD）－今年", "VOVWORLD", "今年"),
        ("(VOV.VN) - Ngày 26/5", "VOV.VN", "Ngày 26/5"),
        ("(VOVWORLD) – Ngày 26/5", "VOVWORLD", "Ngày 26/5"),
        ("(VOVworld) - Ngày 26/5", "VOVWORLD", "Ngày 26/5"),
        ("(VOV5) - Ngày 26/5", "VOV5", "Ngày 26/5"),
        ("(VOV/TTXVN) - Ngày 26/5", "VOV", "Ngày 26/5"),
        ("(VOV - Cairo) - Ngày 26/5", "VOV", "Ngày 26/5"),
        ("VOV4.VN - Ngày 26/5", "VOV4.VN", "Ngày 26/5"),
        ("VOV4.VOV.VN - Ngày 26/5", "VOV4.VOV.VN", "Ngày 26/5"),
        ("VOV1 - Ngày 26/5", "VOV1", "Ngày 26/5"),
        ("VOV1-Ngày 26/5", "VOV1", "Ngày 26/5"),
        ("VOV 1 - Ngày 26/5", "VOV1", "Ngày 26/5"),
        ("VOV2 – Ngày 26/5", "VOV2", "Ngày 26/5"),
        ("VOVTV - Ngày 26/5", "VOVTV", "Ngày 26/5"),
        ("(VOV-tv) - Ngày 26/5", "VOV-TV", "Ngày 26/5"),
        ("VOV Giao thông - Ngày 26/5", "VOV GIAO THÔNG", "Ngày 26/5"),
        ("VOV - Ngày 26/5", "VOV", "Ngày 26/5"),
        ("VOV- Ngày 26/5", "VOV", "Ngày 26/5"),
        ("VOV.VN -", "VOV.VN", ""),
        ("VOV.VN", "VOV.VN", ""),
    ],
)
def test_the_outlet_mark_comes_off_the_lead(lead: str, outlet: str, rest: str) -> None:
    assert text.split_outlet(lead) == (outlet, rest)


@pytest.mark.parametrize(
    "lead",
    [
        "VOV.VN trân trọng giới thiệu cùng quý vị",
        "VOV vừa tổ chức hội nghị",
        "VOV - Đài Tiếng nói Việt Nam vừa tổ chức hội nghị",
        "VOV – Đài TNVN vừa tổ chức hội nghị",
        "VOV1 - Kênh Thời sự của Đài",
        "VOV-Miền Trung vừa khánh thành trụ sở",
        "VOV1 phát sóng lúc 6h",
        "VOVN - tên một loài cây",
        "VOVA - tên thân mật của Vladimir",
        "Phóng viên VOV.VN - Nguyễn Văn A",
        "Ngày 26/5, VOV.VN - báo điện tử",
        "(VOV đã đưa tin) Ngày 26/5",
        "(Dân trí) - Ngày 26/5",
        "[Video] VOV.VN - báo điện tử",
        "",
    ],
)
def test_a_lead_that_speaks_of_vov_keeps_its_words(lead: str) -> None:
    assert text.split_outlet(lead) == (None, lead)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("cuối năm nay./.", "cuối năm nay."),
        ("cuối năm nay ./.", "cuối năm nay."),
        ("cuối năm nay. /.", "cuối năm nay."),
        ("cuối năm nay. / .", "cuối năm nay."),
        ("cuối năm nay /.", "cuối năm nay."),
        ("cuối năm nay/.", "cuối năm nay."),
        ("cuối năm nay./", "cuối năm nay."),
        ("cuối năm nay../.", "cuối năm nay."),
        ("cuối năm nay./..", "cuối năm nay."),
        ("cuối năm nay./. ", "cuối năm nay."),
        ("cuối năm nay./.\u00a0", "cuối năm nay."),
        ("cuối năm nay./. ./.", "cuối năm nay."),
        ("“bằng vũ lực”./.", "“bằng vũ lực”."),
        ("“bằng vũ lực” ./.", "“bằng vũ lực”."),
        ("“bằng vũ lực./.”", "“bằng vũ lực.”"),
        ("(theo TTXVN)./.", "(theo TTXVN)."),
        ("thật không?./.", "thật không?"),
        ("cố lên!/.", "cố lên!"),
        ("và rồi…/.", "và rồi…"),
        ("và rồi.../.", "và rồi..."),
        ("trực 24/24./.", "trực 24/24."),
        ("cá, tôm, v.v./.", "cá, tôm, v.v."),
        ("xem tại vov.vn./.", "xem tại vov.vn."),
        ("./.", ""),
    ],
)
def test_the_end_mark_becomes_a_full_stop(printed: str, read: str) -> None:
    assert text.strip_end_mark(printed) == read


@pytest.mark.parametrize(
    "paragraph",
    [
        "một câu.",
        "một câu",
        "trực 24/24",
        "trực 24/24.",
        "một./. hai",
        "https://vov.vn/",
        "https://vov.vn/.",
        "và/hoặc",
        "...",
        "",
    ],
)
def test_text_without_an_end_mark_stays(paragraph: str) -> None:
    assert text.strip_end_mark(paragraph) == paragraph


@pytest.mark.parametrize(
    "line",
    [
        "Mời quý độc giả theo dõi VOV.VN trên",
        "Mời quý độc giả theo dõi VOV.VN trên:",
        "Mời quý độc giả theo dõi VOV.VN trên Facebook, Zalo, Youtube, TikTok và Google News",
        "MỜI QUÝ ĐỘC GIẢ THEO DÕI VOV.VN TRÊN",
        "Moi quy doc gia theo doi VOV.VN tren",
        "Mời quý vị và các bạn theo dõi VOV.VN trên Fanpage Facebook",
        "Mời bạn đọc đón đọc tin tức mới nhất của VOV.VN trên Google News",
        "Quý độc giả có thể theo dõi VOV.VN trên Zalo tại đây",
        "Hãy theo dõi Báo điện tử VOV trên Google News để cập nhật những tin tức nóng nhất",
        "Theo dõi VOV trên Google News",
        "Theo dõi VOV.VN trên Zalo",
        "Follow VOV on Facebook",
        "Chia sẻ",
        "Chia sẻ:",
        "Chia sẻ Facebook Zalo Twitter",
        "A+ A-",
        "A- | A+",
        "Chia sẻ bài viết qua email",
        "Facebook",
        "Facebook | Twitter | Zalo | Copy link",
        "Google+",
        "Copy link",
        "Sao chép liên kết",
        "In bài",
        "In trang này",
        "In bài viết",
        "Email",
        "Lưu bài viết",
        "Tags",
        "Tags:",
        "Tag: Nga, Ukraine, U.S. Navy",
        "TAGS: #Nga #Ukraine",
        "Từ khóa:",
        "Từ khoá: Nga, Trung Quốc",
        "Bình luận",
        "Bình luận (12)",
        "0 bình luận",
        "Ý kiến của bạn",
        "Ý kiến bạn đọc",
        "Gửi bình luận",
        "Quảng cáo",
        "Next",
        "Xem tất cả",
        "Nghe đọc bài",
        "® Ghi rõ nguồn “VOV.VN” khi phát hành lại thông tin từ website này.",
        "1.204 lượt xem",
        "In từ website: https://vov.vn/xa-hoi/mot-bai-post1.vov",
        "https://vov.vn/xa-hoi/mot-bai-post1.vov",
    ],
)
def test_promotion_and_labels_are_boilerplate(line: str) -> None:
    assert text.is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        ".",
        "...",
        "2026",
        "Facebook vừa thông báo sẽ gỡ bỏ tính năng này.",
        "Facebook, Zalo và Google phải nộp thuế tại Việt Nam.",
        "Chia sẻ với phóng viên VOV.VN, ông Nam cho biết giá vẫn tăng.",
        "Chia sẻ khó khăn với đồng bào vùng lũ",
        "Bình luận về sự việc, ông Lavrov nói:",
        "Mời quý độc giả theo dõi cuộc trò chuyện của phóng viên VOV với ông Nguyễn Văn A.",
        "Mời quý độc giả theo dõi VOV.VN trên hành trình đến Trường Sa cùng các chiến sĩ.",
        "Mời quý vị nghe chương trình của VOV về biển đảo quê hương.",
        "Theo dõi VOV từ nhỏ, bà Lan nhớ từng giọng đọc.",
        "Theo dõi diễn biến bão số 3, lãnh đạo tỉnh yêu cầu trực 24/24.",
        "Từ khóa: chưa có. Nhưng ai cũng hiểu câu chuyện này.",
        "Từ khóa của năm là “hòa bình”",
        "Ý kiến của bạn tôi cũng vậy.",
        "In bài lên vải là nghề cũ của làng.",
        "In từ website của tỉnh: https://hanoi.gov.vn/a",
        "VOV.VN",
        "Tin liên quan",
        "Theo dõi nhiều kênh thông tin",
    ],
)
def test_sentences_are_no_boilerplate(line: str) -> None:
    assert not text.is_boilerplate(line)


@pytest.mark.parametrize(
    "heading",
    [
        "Tin liên quan",
        "TIN LIÊN QUAN",
        "Tin lien quan",
        "tin liên quan:",
        ">> Tin liên quan",
        "Tin liên quan (5)",
        " Tin\u00a0liên\nquan ",
        "Tin bài liên quan",
        "Bài viết liên quan",
        "Related News",
        unicodedata.normalize("NFD", "Tin liên quan"),
    ],
)
def test_the_related_heading_is_known_in_every_print(heading: str) -> None:
    assert text.is_related_heading(heading)
    assert not text.is_furniture_heading(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Tin cùng chuyên mục",
        "TIN CÙNG CHUYÊN MỤC:",
        "Tin cung chuyen muc",
        "Cùng chuyên mục",
        "Đọc nhiều",
        "ĐỌC NHIỀU NHẤT",
        "Tin mới",
        "Tin mới nhất",
        "Tin khác",
        "Bình luận",
        "Bình luận (3)",
        "Tags",
        "Tags:",
        "Từ khóa",
        "Từ khoá:",
        "Ý kiến của bạn",
        "Có thể bạn quan tâm",
        "Xem nhiều",
        "Most read",
    ],
)
def test_furniture_headings_are_known(heading: str) -> None:
    assert text.is_furniture_heading(heading)
    assert not text.is_related_heading(heading)


@pytest.mark.parametrize(
    "heading", ["", "Tin liên quan đến bão số 3", "Đọc nhiều sách", "Bình luận viên nói gì?", "Ukraine", "Tin vui"]
)
def test_other_headings_are_neither(heading: str) -> None:
    assert not text.is_related_heading(heading)
    assert not text.is_furniture_heading(heading)


def test_the_digest_is_the_same_for_ever() -> None:
    assert text.content_digest("Tít", "Sapo", ["Một.", "Hai."]) == (
        "5b0db6c9448f189413ae8cbf9ee44b3ed34ee7e8cb868ee56f86ef7f4a5eecd1"
    )


@pytest.mark.parametrize(
    ("headline", "lead", "body"),
    [
        ("Tít", "Sapo", ["“Một”", "hai - ba…"]),
        ("Tít ", "\nSapo", ['"Một"', "", "hai – ba..."]),
        (unicodedata.normalize("NFD", "Tít"), "Sapo\u200b", ["“Một”", "hai\u00a0-\u00a0ba…"]),
        ("T&iacute;t", "Sapo", ["&quot;Một&quot;", "hai — ba&hellip;"]),
    ],
)
def test_the_digest_minds_no_printing(headline: str, lead: str, body: list[str]) -> None:
    assert text.content_digest(headline, lead, body) == text.content_digest(
        "Tít", "Sapo", ['"Một"', "hai - ba..."]
    )


@pytest.mark.parametrize(
    ("headline", "lead", "body"),
    [
        ("Tít", "Sapo", ["Một", "Hai"]),
        ("Tít", None, ["Một", "Hai"]),
        ("Tít", None, ["Sapo", "Một", "Hai"]),
        (None, "Tít", ["Sapo", "Một", "Hai"]),
        ("Tít", "Sapo", ["Một Hai"]),
        ("Tít", "Sapo", ["Hai", "Một"]),
        ("Tít", "Sapo", ["một", "Hai"]),
        ("Tít", "Sapo", ["Mốt", "Hai"]),
    ],
)
def test_the_digest_minds_every_word_and_its_place(
    headline: str | None, lead: str | None, body: list[str]
) -> None:
    others = [("Tít", "Sapo", ["Một.", "Hai"]), ("Tít", "Sapo Một", ["Hai"]), ("Tít Sapo", None, ["Một", "Hai"])]
    assert text.content_digest(headline, lead, body) not in {text.content_digest(*other) for other in others}


@given(TEXT)
def test_no_text_breaks_the_words(value: str) -> None:
    outlet, rest = text.split_outlet(value)
    assert text.split_outlet(rest) == (None, rest)
    assert unicodedata.is_normalized("NFC", rest)
    assert outlet is None or outlet == outlet.upper().strip("()")
    end = text.strip_end_mark(text.clean(value))
    assert text.strip_end_mark(end) == end
    assert unicodedata.is_normalized("NFC", end)
    text.is_boilerplate(value)
    text.is_related_heading(value)
    text.is_furniture_heading(value)
    assert len(text.content_digest(value, None, [value])) == 64

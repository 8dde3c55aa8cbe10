"""Bylines and captions as newspapers print them, and what a careful reader takes from them."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vovcrawler.bylines import authors, split_credit

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["(", ")", "[", "]", ":", ".", ",", ";", " - ", "-", "–", "/", " ", "\n", "\u00a0", "|", "&", "”"]
        ),
        st.sampled_from(
            ["Ảnh", "ảnh", "Nguồn", "Ảnh:", " minh họa", "Photo", "by ", "Hình", "tư liệu", "courtesy of "]
        ),
        st.sampled_from(
            ["Reuters", "AP/AFP", "Theo ", "CTV ", "PV", " và ", "Hà Nội", "Phi Long", "N.T", "VOV.VN", "VOV"]
        ),
    ),
    max_size=14,
).map("".join)
TEXT = st.text(st.characters(), max_size=60) | PIECES


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        # in brackets
        ("Nga và Trung Quốc tại Moscow (Ảnh: Sputnik)", "Nga và Trung Quốc tại Moscow", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow. (Ảnh: Sputnik)", "Nga và Trung Quốc tại Moscow.", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow (Ảnh: Sputnik).", "Nga và Trung Quốc tại Moscow.", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow. (Ảnh: Sputnik).", "Nga và Trung Quốc tại Moscow.", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow(Ảnh: Sputnik)", "Nga và Trung Quốc tại Moscow", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow ( ảnh : Sputnik )", "Nga và Trung Quốc tại Moscow", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow (ẢNH:SPUTNIK)", "Nga và Trung Quốc tại Moscow", "SPUTNIK"),
        ("Nga và Trung Quốc tại Moscow (Ảnh: Sputnik.)", "Nga và Trung Quốc tại Moscow", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow [Ảnh: Sputnik]", "Nga và Trung Quốc tại Moscow", "Sputnik"),
        ("Nga và Trung Quốc tại Moscow - (Ảnh: Sputnik)", "Nga và Trung Quốc tại Moscow", "Sputnik"),
        ("Nga và Trung Quốc\u00a0(Ảnh:\u00a0Sputnik)", "Nga và Trung Quốc", "Sputnik"),
        ("Hạ viện Mỹ (Nguồn: Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Nguồn ảnh: AP)", "Hạ viện Mỹ", "AP"),
        ("Hạ viện Mỹ (Ảnh nguồn: AP)", "Hạ viện Mỹ", "AP"),
        ("Hạ viện Mỹ (Photo: AFP)", "Hạ viện Mỹ", "AFP"),
        ("Hạ viện Mỹ (Source: AFP)", "Hạ viện Mỹ", "AFP"),
        ("Hạ viện Mỹ (Ảnh: AP/TTXVN)", "Hạ viện Mỹ", "AP/TTXVN"),
        ("Hạ viện Mỹ (Ảnh: AP (Mỹ))", "Hạ viện Mỹ", "AP (Mỹ)"),
        ("Hạ viện Mỹ (Ảnh: Getty Images", "Hạ viện Mỹ", "Getty Images"),
        ("Hạ viện Mỹ Ảnh: Getty Images)", "Hạ viện Mỹ", "Getty Images"),
        ("Hạ viện Mỹ (Ảnh Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Ảnh của Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Ảnh: Reuters, Nguồn: BBC)", "Hạ viện Mỹ", "Reuters, BBC"),
        ("Hạ viện (Ảnh: AP) và Thượng viện (Ảnh: AFP).", "Hạ viện và Thượng viện.", "AP, AFP"),
        ("Hạ viện (Ảnh: AP) và Thượng viện (Ảnh: AP)", "Hạ viện và Thượng viện", "AP"),
        ("Ông A (bên trái, ảnh: Reuters)", "Ông A (bên trái)", "Reuters"),
        ("Ông A (trái) và ông B (ảnh: Reuters)", "Ông A (trái) và ông B", "Reuters"),
        ("Ông A (trái, ảnh: Reuters) đến Paris", "Ông A (trái) đến Paris", "Reuters"),
        ("Ông A (trái; Ảnh: AP) và bà B (phải; Ảnh: AFP)", "Ông A (trái) và bà B (phải)", "AP, AFP"),
        ("Hạ viện Mỹ (nguồn Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Nguồn ảnh Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Ảnh; Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Ảnh/Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (Ảnh- Reuters)", "Hạ viện Mỹ", "Reuters"),
        ("Hạ viện Mỹ (ảnh tư liệu TTXVN)", "Hạ viện Mỹ", "TTXVN"),
        ("Hạ viện Mỹ (Ảnh do TTXVN phát)", "Hạ viện Mỹ", "TTXVN phát"),
        ("Hạ viện Mỹ (Photo credit: AFP)", "Hạ viện Mỹ", "AFP"),
        ("(Ảnh: Sputnik)", None, "Sputnik"),
        # behind a label
        ("Cầu Hòa Xuân. Ảnh: TTXVN", "Cầu Hòa Xuân.", "TTXVN"),
        ("Cầu Hòa Xuân. Ảnh: TTXVN.", "Cầu Hòa Xuân.", "TTXVN"),
        ("Cầu Hòa Xuân. ảnh: TTXVN", "Cầu Hòa Xuân.", "TTXVN"),
        ("Cầu Hòa Xuân.Ảnh: TTXVN", "Cầu Hòa Xuân.", "TTXVN"),
        ("Cầu Hòa Xuân Ảnh: TTXVN", "Cầu Hòa Xuân", "TTXVN"),
        ("Cầu Hòa Xuân, ảnh: Reuters.", "Cầu Hòa Xuân", "Reuters"),
        ("Cầu Hòa Xuân - Ảnh: A/B", "Cầu Hòa Xuân", "A/B"),
        ("Cầu Hòa Xuân – Ảnh: A/B", "Cầu Hòa Xuân", "A/B"),
        ("Cầu Hòa Xuân / Ảnh: A/B", "Cầu Hòa Xuân", "A/B"),
        ("Cầu Hòa Xuân | Ảnh: A/B", "Cầu Hòa Xuân", "A/B"),
        ("Cầu Hòa Xuân?\nẢnh: Lê Bình", "Cầu Hòa Xuân?", "Lê Bình"),
        ("“Cầu Hòa Xuân” Ảnh: N.T.", "“Cầu Hòa Xuân”", "N.T"),
        ("Cầu Hòa Xuân. Ảnh: T.T. Nguyễn", "Cầu Hòa Xuân.", "T.T. Nguyễn"),
        ("Cầu Hòa Xuân. Nguồn: Reuters", "Cầu Hòa Xuân.", "Reuters"),
        ("Cầu Hòa Xuân. Nguồn ảnh: AP", "Cầu Hòa Xuân.", "AP"),
        ("Cầu Hòa Xuân. Photo by AFP", "Cầu Hòa Xuân.", "AFP"),
        ("Cầu Hòa Xuân. Photo courtesy of AFP", "Cầu Hòa Xuân.", "AFP"),
        ("Cầu Hòa Xuân. Đồ họa: VOV", "Cầu Hòa Xuân.", "VOV"),
        ("Ảnh: TTXVN. Cầu Hòa Xuân hôm nay.", "Cầu Hòa Xuân hôm nay.", "TTXVN"),
        ("Cầu cũ. Ảnh: Reuters. Cầu mới. Ảnh: AP", "Cầu cũ. Cầu mới.", "Reuters, AP"),
        ("Cầu. Ảnh: Cơ quan báo chí Bộ Quốc phòng Nga/TASS.", "Cầu.", "Cơ quan báo chí Bộ Quốc phòng Nga/TASS"),
        ("Cầu Hòa Xuân. Ảnh Reuters.", "Cầu Hòa Xuân.", "Reuters"),
        ("Cầu Hòa Xuân. Ảnh - Reuters", "Cầu Hòa Xuân.", "Reuters"),
        ("Cầu Hòa Xuân. Ảnh; Lê Bình", "Cầu Hòa Xuân.", "Lê Bình"),
        ("Cầu Hòa Xuân. Ảnh tư liệu TTXVN", "Cầu Hòa Xuân.", "TTXVN"),
        ("Cầu Hòa Xuân. Nguồn ảnh Reuters", "Cầu Hòa Xuân.", "Reuters"),
        ("Cầu Hòa Xuân. Nguồn Reuters.", "Cầu Hòa Xuân.", "Reuters"),
        ("Ảnh - Reuters", None, "Reuters"),
        ("Ảnh: A/B", None, "A/B"),
        ("Ảnh: U.S. Navy", None, "U.S. Navy"),
        ("Hình ảnh: Reuters", None, "Reuters"),
        ("Ảnh: NVCC", None, "NVCC"),
        # pictures that name no one
        ("Một ca mổ (Ảnh minh họa)", "Một ca mổ", "Ảnh minh họa"),
        ("Một ca mổ (ảnh minh hoạ).", "Một ca mổ.", "ảnh minh hoạ"),
        ("Một ca mổ. (Ảnh minh họa)", "Một ca mổ.", "Ảnh minh họa"),
        ("Một ca mổ. Ảnh minh họa.", "Một ca mổ.", "Ảnh minh họa"),
        ("Một ca mổ - Ảnh minh họa", "Một ca mổ", "Ảnh minh họa"),
        ("Một ca mổ, ảnh minh họa", "Một ca mổ", "ảnh minh họa"),
        ("Ảnh minh họa", None, "Ảnh minh họa"),
        ("ẢNH MINH HỌA.", None, "ẢNH MINH HỌA"),
        ("(Ảnh minh họa)", None, "Ảnh minh họa"),
        ("(Minh họa)", None, "Minh họa"),
        ("Ảnh có tính chất minh họa", None, "Ảnh có tính chất minh họa"),
        ("Ảnh minh họa: KT", None, "KT"),
        ("Một ca mổ (Ảnh minh họa: KT)", "Một ca mổ", "KT"),
        ("Một ca mổ. Ảnh minh họa: Reuters.", "Một ca mổ.", "Reuters"),
        ("Ảnh minh họa (Nguồn: Internet)", None, "Internet"),
        ("Ảnh minh họa. Nguồn: Internet", None, "Internet"),
        ("(Ảnh minh họa/ KT)", None, "KT"),
        ("Ảnh minh họa/Reuters", None, "Reuters"),
        ("(Ảnh minh họa - Nguồn: KT)", None, "KT"),
        ("Một ca mổ (Ảnh minh họa, nguồn: KT)", "Một ca mổ", "KT"),
        ("Ảnh sưu tầm", None, "Ảnh sưu tầm"),
        ("Ảnh Reuters", None, "Reuters"),
        ("Ảnh TTXVN.", None, "TTXVN"),
        ("Hình minh họa", None, "Hình minh họa"),
        ("Tin nhắn lừa đảo. Ảnh chụp màn hình", "Tin nhắn lừa đảo.", "Ảnh chụp màn hình"),
        ("Tin nhắn lừa đảo (Ảnh chụp màn hình)", "Tin nhắn lừa đảo", "Ảnh chụp màn hình"),
        ("Tin nhắn lừa đảo. Ảnh: Chụp màn hình", "Tin nhắn lừa đảo.", "Chụp màn hình"),
        (
            "Nguồn: số liệu được Bộ Y tế công bố hôm qua cho thấy dịch đã lùi.",
            "Nguồn: số liệu được Bộ Y tế công bố hôm qua cho thấy dịch đã lùi.",
            None,
        ),
        ("Hiện trường. (Ảnh cắt từ clip)", "Hiện trường.", "Ảnh cắt từ clip"),
        ("Ông A. Ảnh do nhân vật cung cấp", "Ông A.", "Ảnh do nhân vật cung cấp"),
        ("Ông A (Ảnh NVCC)", "Ông A", "NVCC"),
        ("Ông A. Ảnh từ Internet", "Ông A.", "Internet"),
        ("Ông A (Ảnh Internet).", "Ông A.", "Internet"),
        ("Tàu ngầm. Ảnh Bộ Quốc phòng Nga", "Tàu ngầm.", "Bộ Quốc phòng Nga"),
        ("Tàu ngầm. Ảnh Báo Giao thông.", "Tàu ngầm.", "Báo Giao thông"),
        ("Tàu ngầm. Ảnh Tân Hoa xã", "Tàu ngầm.", "Tân Hoa xã"),
        ("Rice in Can Tho (Illustrative photo: VNA)", "Rice in Can Tho", "VNA"),
        ("Ảnh trong bài: An Nhi", None, "An Nhi"),
        ("Lễ hội. Ảnh Ban Tổ chức.", "Lễ hội.", "Ban Tổ chức"),
        ("Lễ hội. Ảnh Cổng TTĐT Chính phủ", "Lễ hội.", "Cổng TTĐT Chính phủ"),
        ("Lễ hội. Ảnh UBND tỉnh Sơn La.", "Lễ hội.", "UBND tỉnh Sơn La"),
        ("Cô A. Ảnh Facebook nhân vật.", "Cô A.", "Facebook nhân vật"),
        ("Cố đô. Ảnh Cổng Ngọ Môn năm 1930", "Cố đô. Ảnh Cổng Ngọ Môn năm 1930", None),
        ("Lễ hội. Ảnh Bộ trưởng thăm làng nghề.", "Lễ hội. Ảnh Bộ trưởng thăm làng nghề.", None),
        ("Lễ hội. Ảnh Hội làng năm 1930", "Lễ hội. Ảnh Hội làng năm 1930", None),
        ("Ông A (Ảnh tư liệu: TTXVN)", "Ông A", "TTXVN"),
        ("Ông A (Ảnh - TTXVN)", "Ông A", "TTXVN"),
        ("Vietnam y Cuba (Foto: VNA)", "Vietnam y Cuba", "VNA"),
        ("Вьетнам и Россия (Фото: VNA)", "Вьетнам и Россия", "VNA"),
        ("Ông A. Ảnh tư liệu", "Ông A.", "Ảnh tư liệu"),
        # agencies without a label, at the end
        ("Ông A tại Paris (Reuters)", "Ông A tại Paris", "Reuters"),
        ("Ông A tại Paris (AFP/Getty Images).", "Ông A tại Paris.", "AFP/Getty Images"),
        ("Ông A tại Paris. (AP Photo/Evan Vucci)", "Ông A tại Paris.", "AP Photo/Evan Vucci"),
        ("Ông A tại Paris © AFP", "Ông A tại Paris", "AFP"),
        ("Ông A (Reuters) (Ảnh: AP)", "Ông A (Reuters)", "AP"),
        ("Trụ sở Thông tấn xã Việt Nam (TTXVN)", "Trụ sở Thông tấn xã Việt Nam (TTXVN)", None),
        ("Trụ sở AFP (Pháp)", "Trụ sở AFP (Pháp)", None),
        ("Cuộc thi (APEC 2017)", "Cuộc thi (APEC 2017)", None),
    ],
)
def test_a_caption_parts_from_its_credit(printed: str, caption: str | None, credit: str | None) -> None:
    assert split_credit(printed) == (caption, credit)


@pytest.mark.parametrize(
    "caption",
    [
        "Ảnh hưởng của bão số 3",
        "Bão số 3 ảnh hưởng đến Hà Nội.",
        "Bức ảnh: Tổng thống Nga bên dòng sông",
        "Trong bức ảnh này, ông A đứng bên trái.",
        "Những hình ảnh: vụ nổ ở Beirut",
        "Hình ảnh vụ nổ ở Beirut.",
        "Ảnh minh họa một vụ tai nạn trên cao tốc",
        "Ông A (ảnh trái) và ông B",
        "Ông A (ảnh phải).",
        "Ông A (ảnh) phát biểu",
        "Nguồn nước cạn kiệt",
        "Nguồn gốc: một câu chuyện dài",
        "Ảnh 1: Lễ khai mạc",
        "Nhiếp ảnh gia Nguyễn Á",
        "Hình phạt: 5 năm tù",
        "Ảnh: " + "Toàn cảnh cuộc họp báo sáng nay tại Bộ Ngoại giao với sự tham gia của hàng trăm phóng viên",
        "Photos of the day",
        "Ảnh Bác Hồ",
        "Dòng sông cạn. Nguồn Sông Hồng",
        "Ông A (nguồn nước)",
        "Số ca mắc tăng 20% (nguồn Bộ Y tế)",
        "Triển lãm (ảnh, tranh)",
        "Ảnh - tư liệu về chiến dịch",
        "Ông A (cầm ảnh: kỷ vật của gia đình) xúc động",
        "Ảnh minh họa - một vụ cháy chợ",
    ],
)
def test_a_caption_about_pictures_keeps_its_words(caption: str) -> None:
    assert split_credit(caption) == (caption, None)


def test_nothing_has_neither_caption_nor_credit() -> None:
    assert split_credit(" \u00a0 ") == (None, None)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("CTV An Nhi/VOV-Miền Trung", ["An Nhi"]),
        ("Phi Long/VOV.VN", ["Phi Long"]),
        ("Phi Long / VOV.VN", ["Phi Long"]),
        ("Phi\u00a0Long/VOV.VN", ["Phi Long"]),
        ("Phi Long - VOV.VN", ["Phi Long"]),
        ("Phi Long-VOV.VN", ["Phi Long"]),
        ("Phi Long (VOV.VN)", ["Phi Long"]),
        ("Phi Long, VOV.VN", ["Phi Long"]),
        ("Phi Long VOV.VN", ["Phi Long"]),
        ("VOV.VN - Phi Long", ["Phi Long"]),
        ("VOV.VN/Phi Long", ["Phi Long"]),
        ("Phi Long/VOV.VN - Đức Anh/VOV1", ["Phi Long", "Đức Anh"]),
        ("PHI LONG/VOV.VN", ["PHI LONG"]),
        (unicodedata.normalize("NFD", "Diệp Thảo/VOV.VN"), ["Diệp Thảo"]),
        ("Diệp Thảo/VOV.VN (biên dịch)", ["Diệp Thảo"]),
        ("Diệp Thảo (biên dịch)/VOV.VN", ["Diệp Thảo"]),
        ("Diệp Thảo/VOV.VN biên dịch", ["Diệp Thảo"]),
        ("Biên dịch: Diệp Thảo", ["Diệp Thảo"]),
        ("Diệp Thảo tổng hợp", ["Diệp Thảo"]),
        ("Tuấn Anh (T/h)", ["Tuấn Anh"]),
        ("Tuấn Anh (tổng hợp)/VOV.VN", ["Tuấn Anh"]),
        ("Tuấn Anh/VOV.VN (Theo Reuters)", ["Tuấn Anh"]),
        ("(Theo Reuters), Tuấn Anh/VOV.VN (tổng hợp)", ["Tuấn Anh"]),
        ("(Tuấn Anh (theo Reuters))", ["Tuấn Anh"]),
        ("Tuấn Anh/VOV.VN (theo CNN, AFP", ["Tuấn Anh"]),
        ("Tuấn Anh/VOV.VN - Theo Al Jazeera", ["Tuấn Anh"]),
        ("Minh Ngô/VOV-Cairo", ["Minh Ngô"]),
        ("Minh Ngô/VOV - Cairo", ["Minh Ngô"]),
        ("Minh Ngô/VOV Cairo", ["Minh Ngô"]),
        ("Minh Ngô/VOV/Cairo", ["Minh Ngô"]),
        ("Minh Ngô, PV VOV tại Cairo", ["Minh Ngô"]),
        ("Minh Ngô (PV thường trú VOV tại Ai Cập)", ["Minh Ngô"]),
        ("Vinh Quang/VOV-TP.HCM", ["Vinh Quang"]),
        ("Vinh Quang/VOV-TP HCM", ["Vinh Quang"]),
        ("Vinh Quang/VOV Đông Bắc", ["Vinh Quang"]),
        ("Vinh Quang/VOV -Tây Nguyên", ["Vinh Quang"]),
        ("Hương Giang/ VOV1", ["Hương Giang"]),
        ("PV Thu Thùy", ["Thu Thùy"]),
        ("Thu Thùy, Trường ĐH Luật Hà Nội", ["Thu Thùy"]),
        ("Thu Thùy - Trường THPT Chu Văn An", ["Thu Thùy"]),
        ("Trường Giang, Xuân Trường", ["Trường Giang", "Xuân Trường"]),
        ("PV: Thu Thùy", ["Thu Thùy"]),
        ("P.V", []),
        ("Phóng viên Thu Thùy/VOV2", ["Thu Thùy"]),
        ("Nhóm PV Thu Thùy, Lê Bình", ["Thu Thùy", "Lê Bình"]),
        ("Nguyễn Hằng, Trần Thị Hương/VOV.VN", ["Nguyễn Hằng", "Trần Thị Hương"]),
        ("Nguyễn Hằng/VOV.VN, Trần Thị Hương/VOV1", ["Nguyễn Hằng", "Trần Thị Hương"]),
        ("Nguyễn Hằng; Trần Thị Hương", ["Nguyễn Hằng", "Trần Thị Hương"]),
        ("Nguyễn Hằng/VOV.VN\nTrần Thị Hương/VOV.VN", ["Nguyễn Hằng", "Trần Thị Hương"]),
        ("Nguyễn Hằng/VOV.VN Trần Thị Hương/VOV.VN", ["Nguyễn Hằng", "Trần Thị Hương"]),
        ("\n  Nguyễn Hằng/\n  VOV.VN\n", ["Nguyễn Hằng"]),
        ("Nguyễn Hằng, Nguyễn Hằng/VOV.VN", ["Nguyễn Hằng"]),
        ("Thu Hiền - Văn Hải/VOV-Tây Bắc", ["Thu Hiền", "Văn Hải"]),
        ("Thu Hiền/VOV - Seoul", ["Thu Hiền"]),
        ("Thu Hiền-Văn Hải/VOV-Tây Bắc", ["Thu Hiền", "Văn Hải"]),
        ("Thu Hiền– Văn Hải/VOV", ["Thu Hiền", "Văn Hải"]),
        ("Thu Hiền - CTV Văn Hải/VOV-Tây Bắc", ["Thu Hiền", "Văn Hải"]),
        ("An Nhi – Thanh Thắng", ["An Nhi", "Thanh Thắng"]),
        ("An Nhi và Thanh Thắng/VOV-Miền Trung", ["An Nhi", "Thanh Thắng"]),
        ("Vũ Khuyên & Lê Hoàng", ["Vũ Khuyên", "Lê Hoàng"]),
        ("Vũ Khuyên + Lê Hoàng", ["Vũ Khuyên", "Lê Hoàng"]),
        ("Bài và ảnh: Lê Bình", ["Lê Bình"]),
        ("Bài, ảnh: Lê Bình/VOV.VN", ["Lê Bình"]),
        ("Tin, ảnh: Lê Bình", ["Lê Bình"]),
        ("Bài: Lê Bình - Ảnh: Trọng Phú", ["Lê Bình", "Trọng Phú"]),
        ("Hà Nam/VOV.VN; Ảnh: Trọng Phú", ["Hà Nam", "Trọng Phú"]),
        ("Hà Nam/VOV.VN. Ảnh: Trọng Phú", ["Hà Nam", "Trọng Phú"]),
        ("Hà Nam/VOV.VN (Ảnh: Trọng Phú)", ["Hà Nam", "Trọng Phú"]),
        ("Hà Nam (ảnh: Trọng Phú, CTV) (biên dịch)", ["Hà Nam", "Trọng Phú"]),
        ("Hà Nam (Ảnh: Reuters)", ["Hà Nam"]),
        ("Thực hiện: Hà Nam", ["Hà Nam"]),
        ("Người thực hiện: Hà Nam", ["Hà Nam"]),
        ("Chùm ảnh: Hà Nam", ["Hà Nam"]),
        ("Ghi chép: Hà Nam/VOV1", ["Hà Nam"]),
        ("Hà Nam lược thuật", ["Hà Nam"]),
        ("Hà Nam cùng Văn Hải/VOV1", ["Hà Nam", "Văn Hải"]),
        ("Hà Nam cùng nhóm PV", ["Hà Nam"]),
        ("Bạn đọc Hà Nam", ["Hà Nam"]),
        ("Hà Nam*", ["Hà Nam"]),
        ("* Hà Nam", ["Hà Nam"]),
        ("“Hà Nam”", ["Hà Nam"]),
        ("Hà Nam\\VOV.VN", ["Hà Nam"]),
        ("Hà Nam/Vietnam+", ["Hà Nam"]),
        ("Tác giả: Hà Nam", ["Hà Nam"]),
        ("TS. Nguyễn Văn A", ["Nguyễn Văn A"]),
        ("PGS.TS Nguyễn Văn A (VOV)", ["Nguyễn Văn A"]),
        ("Đại tá Lê Thế Mẫu", ["Lê Thế Mẫu"]),
        ("NSƯT Kim Tiến", ["Kim Tiến"]),
        ("Nhạc sĩ An Thuyên, NSND Trà Giang", ["An Thuyên", "Trà Giang"]),
        ("KTS Trần Huy Ánh", ["Trần Huy Ánh"]),
        ("Th.S.BSCKII Lê Anh", ["Lê Anh"]),
        ("ĐBQH Lê Thanh Vân", ["Lê Thanh Vân"]),
        ("Hải Yến TH", ["Hải Yến"]),
        ("Compiled by Hong Van", ["Hong Van"]),
        ("Translated by Anh Kiet/VOV5", ["Anh Kiet"]),
        ("Thiếu tướng, PGS.TS Lê Văn Cương", ["Lê Văn Cương"]),
        ("Nguyên Đại sứ Tôn Nữ Thị Ninh", ["Tôn Nữ Thị Ninh"]),
        ("Lê Hồng Nhung CTV VOV tại Anh", ["Lê Hồng Nhung"]),
        ("(Nguyễn Văn A)", ["Nguyễn Văn A"]),
        ("By Nguyen Van A", ["Nguyen Van A"]),
        ("N.T", ["N.T"]),
        ("N.T/VOV.VN", ["N.T"]),
        ("Hoàng/VOV.VN", ["Hoàng"]),
        ("Bảo Ngọc/VOV.VN", ["Bảo Ngọc"]),
        ("Đại Nghĩa, Hằng Nga, Công Minh/VOV", ["Đại Nghĩa", "Hằng Nga", "Công Minh"]),
        ("Từ Thị Loan/VOV.VN", ["Từ Thị Loan"]),
        ("Kim Jong-un", ["Kim Jong-un"]),
        ("Jean-Paul Sartre/VOV.VN", ["Jean-Paul Sartre"]),
        ("Vincent van Gogh, Sinéad O'Connor", ["Vincent van Gogh", "Sinéad O'Connor"]),
    ],
)
def test_the_names_in_a_byline(byline: str, names: list[str]) -> None:
    assert authors(byline) == names


@pytest.mark.parametrize(
    "byline",
    [
        "",
        "PV",
        "PV/VOV-Cairo",
        "PV/VOV.VN",
        "CTV/VOV-Tây Nguyên",
        "Nhóm PV",
        "Nhóm PV/VOV.VN",
        "Nhóm phóng viên VOV",
        "VOV",
        "VOV.VN",
        "VOV.VN (biên dịch)",
        "VOV Đông Bắc",
        "VOV-TP.HCM",
        "VOV - Tây Bắc",
        "Theo TTXVN",
        "Theo Reuters, Al Jazeera",
        "Nguồn: Sputnik",
        "(Theo Báo Tin tức)",
        "TTXVN",
        "TTXVN/VOV",
        "TTXVN/Vietnam+",
        "Kênh VOV Giao thông",
        "Báo Tin tức",
        "Đài PT-TH Hà Nội",
        "Ban Thời sự/VOV1",
        "Trung tâm Tin",
        "Tổng hợp",
        "T/h",
        "Ảnh: TTXVN",
        "theo dòng sự kiện",
        "16:54, 29/12/2025",
        "vov@vov.vn",
    ],
)
def test_bylines_without_a_person_give_no_name(byline: str) -> None:
    assert authors(byline) == []


@given(TEXT)
@example("(Ảnh:" * 50)
@example("Ảnh: A. " * 50)
@example("Ông A (Reuters) Ảnh: B")
def test_no_text_breaks_a_caption(value: str) -> None:
    caption, credit = split_credit(value)
    for part in (caption, credit):
        assert part is None or (part and unicodedata.is_normalized("NFC", part))
    if caption:
        # An agency in brackets is no credit where there is another.
        assert split_credit(caption, is_sure=credit is None) == (caption, None)


@given(TEXT)
def test_no_text_breaks_a_byline(value: str) -> None:
    names = authors(value)
    assert len(set(names)) == len(names)
    for name in names:
        assert name
        assert unicodedata.is_normalized("NFC", name)
        assert authors(name) == [name]

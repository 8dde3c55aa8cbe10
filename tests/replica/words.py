"""Vietnamese words from which headlines, paragraphs, captions and names are made, by a seed."""

from __future__ import annotations

import unicodedata
from random import Random

_WHO = (
    "Bộ Ngoại giao", "Thủ tướng Chính phủ", "Ngoại trưởng Nga Sergei Lavrov", "Chủ tịch UBND thành phố Hà Nội",
    "đại diện Ngân hàng Nhà nước", "Ủy ban Thường vụ Quốc hội", "lực lượng cứu hộ", "người dân xã Mường Lát",
    "các chuyên gia kinh tế", "Hiệp hội Lương thực Việt Nam", "Bộ Giáo dục và Đào tạo", "huấn luyện viên trưởng",
    "Tổng thống Mỹ", "đoàn công tác của Bộ Y tế", "Công an tỉnh Quảng Ngãi", "giới quan sát quốc tế",
    "Trung tâm Dự báo khí tượng thủy văn", "bà Nguyễn Thị Hường", "ông Vương Nghị", "nhóm nghiên cứu trẻ",
    "Liên đoàn Bóng đá Việt Nam", "Đồn Biên phòng Sơn Vĩ", "các nghệ sĩ xiếc", "hơn 2.000 đoàn viên thanh niên",
    "phía Trung Quốc", "Hội đồng Bảo an Liên Hợp Quốc", "chủ đầu tư dự án", "đội tuyển U23 Việt Nam",
)  # fmt: skip
_DID = (
    "khẳng định sẽ đẩy nhanh", "vừa công bố", "yêu cầu rà soát", "kêu gọi các bên tôn trọng", "đã thảo luận về",
    "bày tỏ lo ngại trước", "quyết định lùi thời hạn của", "đề xuất sửa đổi", "tổ chức lấy ý kiến về",
    "nhấn mạnh ý nghĩa của", "phủ nhận thông tin về", "tiếp tục theo dõi", "cam kết hỗ trợ", "lên kế hoạch cho",
    "chính thức khởi động", "cảnh báo nguy cơ từ", "đánh giá cao", "chia sẻ kinh nghiệm về", "hoàn thành",
)  # fmt: skip
_WHAT = (
    "dự án đường vành đai 4", "các thỏa thuận giảm căng thẳng", "kỳ thi tốt nghiệp trung học phổ thông",
    "tuyến đường sắt Bắc - Nam",
    "chương trình nghệ thuật “Đất nước trọn niềm vui”", "gói tín dụng 120.000 tỷ đồng",
    "tình trạng ngập úng kéo dài", "lệnh ngừng bắn mới", "giá vàng trong nước", "mô hình du lịch cộng đồng",
    "quy hoạch điện VIII", "nguồn nước sạch cho vùng cao", "hợp tác giữa hai nước", "vụ cháy chung cư mini",
    "bộ phim tài liệu về Trường Sa", "việc xử lý rác thải nhựa", "chính sách tiền lương", "trận chung kết lượt về",
    "cuộc khủng hoảng năng lượng", "hồ sơ di sản Đờn ca tài tử", "lúa gạo xuất khẩu", "nghị quyết của Quốc hội",
)  # fmt: skip
_WHERE = (
    "tại Hà Nội", "ở Đắk Lắk", "tại thủ đô Moscow", "trên bán đảo Triều Tiên", "ở đồng bằng sông Cửu Long",
    "tại Thành phố Hồ Chí Minh", "ở khu vực biên giới phía Bắc", "trên sân Mỹ Đình", "tại Geneva, Thụy Sĩ",
    "ở huyện đảo Lý Sơn", "tại nhiều địa phương", "trong phạm vi cả nước", "ở Đà Nẵng và Quảng Nam",
)  # fmt: skip
_WHEN = (
    "Sáng 26/5", "Chiều nay (11/4)", "Theo kế hoạch", "Trước đó", "Ngày 4/7 tới", "Trong quý III/2025",
    "Cùng ngày", "Tại buổi họp báo", "Liên quan đến vụ việc", "Trao đổi với phóng viên VOV.VN",
    "Từ đầu năm đến nay", "Tính đến 17h ngày 20/11", "Sau gần 10 năm", "Đáng chú ý", "Tuy nhiên",
)  # fmt: skip
_TAIL = (
    "nhằm bảo đảm quyền lợi của người dân", "trong bối cảnh giá nhiên liệu tăng 8,5%",
    "với sự tham gia của 40 nước",
    "dù còn nhiều khó khăn", "để kịp tiến độ trước Tết Nguyên đán", "qua đó mở ra cơ hội mới cho doanh nghiệp",
    "thay vì chờ đến cuối năm", "theo đúng tinh thần “không bỏ ai lại phía sau”", "trước khi trình Chính phủ",
    "bất chấp thời tiết xấu", "sau nhiều lần trì hoãn", "giúp tiết kiệm khoảng 1,2 tỷ USD",
)  # fmt: skip
_ADJECTIVE = ("bất ngờ", "quan trọng", "kéo dài", "đầy thử thách", "hiếm thấy", "đáng ghi nhận", "còn bỏ ngỏ")
_SAID = ("Chúng tôi cho rằng đây là bước đi khẩn cấp nhưng thận trọng", "Không thể chủ quan trong lúc này",
         "Người dân cần được thông tin đầy đủ và kịp thời", "Đường còn dài, nhưng hướng đi đã rõ")  # fmt: skip
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Đỗ", "Bùi", "Ngô", "Lò", "Giàng")
_GIVEN = ("An Nhi", "Phi Long", "Minh Ngọc", "Diệp Thảo", "Thu Hà", "Đình Hiếu", "Quốc Việt", "Lan Anh",
          "Khánh Phương", "Bảo Châu", "Hồng Đăng", "Tuấn Anh", "Kim Oanh", "Chung Thủy")  # fmt: skip
_PHOTO = ("Reuters", "Sputnik", "TTXVN", "AFP", "Getty", "Báo Nhân Dân", "Quang Trung", "Hải Đăng")
_TAGS = ("Triều Tiên", "xung đột Ukraine", "giá vàng", "U23 Việt Nam", "đường sắt tốc độ cao", "Đắk Lắk",
         "bão số 9", "VOV", "biển Đông", "học phí", "vaccine", "nhà ở xã hội", "đờn ca tài tử")  # fmt: skip

SECTIONS = (
    (("Thế giới", "/the-gioi"),),
    (("Thế giới", "/the-gioi"), ("Quan sát", "/the-gioi/quan-sat")),
    (("Chính trị", "/chinh-tri"),),
    (("Kinh tế", "/kinh-te"), ("Bất động sản", "/kinh-te/bat-dong-san")),
    (("Xã hội", "/xa-hoi"), ("Giáo dục", "/xa-hoi/giao-duc")),
    (("Văn hóa", "/van-hoa"),),
    (("Thể thao", "/the-thao"), ("Bóng đá", "/the-thao/bong-da")),
    (("Đời sống", "/doi-song"),),
)


def slug(text: str) -> str:
    """Return *text* as it stands in an address.

    >>> slug("Đường sắt “Bắc - Nam”: 26/5")
    'duong-sat-bac-nam-265'
    """
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).replace("/", "")
    kept = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in bare if ord(sign) not in _MARKS)
    return "-".join(kept.split())


_MARKS = range(0x300, 0x370)


def sentence(rng: Random) -> str:
    """Return one sentence."""
    who, did, what = rng.choice(_WHO), rng.choice(_DID), rng.choice(_WHAT)
    parts = [f"{rng.choice(_WHEN)}, {who}" if rng.random() < 0.6 else who[0].upper() + who[1:], did, what]
    if rng.random() < 0.7:
        parts.append(rng.choice(_WHERE))
    if rng.random() < 0.6:
        parts.append(rng.choice(_TAIL))
    return " ".join(parts) + "."


def paragraph(rng: Random) -> str:
    """Return a paragraph of one to four sentences, now and then with speech in it."""
    text = " ".join(sentence(rng) for _ in range(rng.choice((1, 2, 2, 3, 4))))
    match rng.randrange(12):
        case 0:
            return f"{text} Ông nói: “{rng.choice(_SAID)}”."
        case 1:
            return f"“{rng.choice(_SAID)}”, {rng.choice(_WHO)} cho biết."
        case 2:
            return f"- {text}"
        case _:
            return text


def headline(rng: Random) -> str:
    """Return a headline, without a full stop."""
    who = rng.choice(_WHO)
    head = f"{who[0].upper()}{who[1:]} {rng.choice(_DID)} {rng.choice(_WHAT)}"
    return rng.choice((head, f"{head} {rng.choice(_WHERE)}", f"{head}: {rng.choice(_ADJECTIVE)}", f"{head}?"))


def subheading(rng: Random) -> str:
    """Return a short heading."""
    what = rng.choice(_WHAT)
    return f"{what[0].upper()}{what[1:]} {rng.choice(_ADJECTIVE)}"


def caption(rng: Random) -> str:
    """Return a picture's caption."""
    return rng.choice((sentence(rng), sentence(rng).rstrip("."), f"{headline(rng).rstrip('?')}."))


def photographer(rng: Random) -> str:
    """Return who took a picture."""
    return rng.choice(_PHOTO)


def name(rng: Random) -> str:
    """Return a pen name, of two or three words.

    >>> len(name(Random(1)).split()) in (2, 3)
    True
    """
    given = rng.choice(_GIVEN)
    return f"{rng.choice(_FAMILY)} {given}" if rng.random() < 0.3 else given


def tags(rng: Random) -> tuple[str, ...]:
    """Return up to five keywords."""
    return tuple(rng.sample(_TAGS, rng.randrange(6)))

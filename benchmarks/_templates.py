"""Pieces that a news desk fills in anew every day: the same words with other numbers or names."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# Captions and pieces of one line, by kind; {name} and {day} differ.
SHORT = {
    "caption": "Thủ tướng tiếp {name}, chiều {day}/5 tại Trụ sở Chính phủ, Hà Nội (Ảnh: Nhật Bắc/VGP)",
    "one line": "Chiều {day}/5, tại Hà Nội, Chủ tịch nước tiếp Đại sứ {name} đến chào từ biệt nhân kết thúc"
    " nhiệm kỳ công tác tại Việt Nam.",
    "gold in one line": "Giá vàng {name} hôm nay {day}/5: mua vào 66,{day} triệu đồng/lượng, bán ra 67,{day} triệu"
    " đồng/lượng.",
}

_SHOPS = ("Công ty SJC tại Hà Nội", "Tập đoàn DOJI", "Tập đoàn Phú Quý", "Bảo Tín Minh Châu")
_REGIONS = (
    "Phía Tây Bắc Bộ",
    "Phía Đông Bắc Bộ",
    "Thanh Hóa đến Thừa Thiên Huế",
    "Đà Nẵng đến Bình Thuận",
    "Tây Nguyên",
    "Nam Bộ",
    "Hà Nội",
)
_PRIZES = {"đặc biệt": 1, "nhất": 1, "nhì": 2, "ba": 6, "tư": 4, "năm": 6, "sáu": 3, "bảy": 4}


def gold(random: Random, day: int) -> str:
    """Return the gold prices of a morning."""
    price = 66 + random.random()
    lines = [
        f"{shop} niêm yết giá vàng miếng SJC ở mức {_number(price + step)} - {_number(price + step + 0.6)}"
        " triệu đồng/lượng (mua vào - bán ra), so với cuối phiên hôm qua"
        for step, shop in enumerate(_SHOPS)
    ]
    return (
        f"Sáng {day}/5, giá vàng trong nước biến động. {'. '.join(lines)}. Trên thị trường thế giới, giá vàng giao"
        f" ngay ở mức {1900 + day * 3},5 USD/ounce, quy đổi tương đương {_number(price - 9)} triệu đồng/lượng."
    )


def weather(random: Random, day: int) -> str:
    """Return the forecast of a day in a slow week: temperatures as on the day before, or a degree off."""

    def degrees(lowest: int) -> str:
        return f"{lowest + random.choice((0, 0, 1))} đến {lowest + 2 + random.choice((0, 1))} độ C"

    lines = [
        f"{region}: nhiều mây, {random.choice(('có mưa vài nơi', 'đêm không mưa'))}, gió nhẹ, nhiệt độ thấp nhất"
        f" từ {degrees(20 + place)}, cao nhất từ {degrees(29 + place)}"
        for place, region in enumerate(_REGIONS)
    ]
    return (
        "Theo Trung tâm Dự báo khí tượng thủy văn quốc gia, thời tiết các khu vực trên cả nước"
        f" ngày và đêm {day}/5/2023: {'. '.join(lines)}."
    )


def lottery(random: Random, day: int) -> str:
    """Return the results of a draw."""
    lines = [
        f"Giải {name}: {', '.join(f'{random.randrange(10**5):05}' for _ in range(count))}"
        for name, count in _PRIZES.items()
    ]
    return (
        f"Kết quả xổ số miền Bắc mở thưởng ngày {day}/5 tại Cung văn hóa thể thao Thanh niên Hà Nội."
        f" {'. '.join(lines)}. Vé trúng thưởng được lĩnh trong vòng ba mươi ngày kể từ ngày mở thưởng"
        " tại các đại lý trên toàn quốc."
    )


def epidemic(random: Random, day: int) -> str:
    """Return the bulletin of the health ministry."""
    new, grave = random.randrange(1000, 9000), random.randrange(200)
    return (
        f"Bản tin dịch COVID-19 ngày {day}/5 của Bộ Y tế cho biết có {new} ca mắc mới, giảm {new // 9} ca so với"
        f" ngày trước đó. Trong ngày có {grave * 7} bệnh nhân khỏi, {grave} ca nặng đang thở oxy, trong đó thở oxy"
        f" qua mặt nạ {grave // 2} ca, thở máy xâm lấn {grave // 5} ca. Tính từ đầu dịch đến nay cả nước có"
        f" {11_500_000 + day * 2719} ca mắc, đứng thứ 13 trong số 231 quốc gia và vùng lãnh thổ. Bộ Y tế"
        " khuyến cáo người dân đeo khẩu trang nơi công cộng, khử khuẩn và tiêm đủ liều vaccine theo hướng dẫn"
        " của cơ quan y tế."
    )


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


LONG: tuple[Callable[[Random, int], str], ...] = (gold, weather, lottery, epidemic)

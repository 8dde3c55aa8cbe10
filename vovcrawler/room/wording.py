"""What the room says, in Vietnamese and in English."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from vovcrawler.dates import VIETNAM

Language = Literal["vi", "en"]

_WORDS = {
    "title": ("Kho báo VOV", "The VOV archive"),
    "motto": ("Bản lưu của vov.vn, giữ đúng như đã đăng", "vov.vn as it was published, kept"),
    "skip": ("Đến nội dung chính", "Skip to the content"),
    "menu": ("Các trang", "Pages"),
    "search": ("Tìm kiếm", "Search"),
    "search_label": ("Tìm trong kho báo", "Search the archive"),
    "search_hint": ("Có dấu hay không dấu đều được", "With or without diacritics"),
    "search_help": (
        "“Cụm từ trong ngoặc kép” đứng liền nhau · -từ để loại bỏ · đầu* tìm phần đầu của từ · OR: một trong hai",
        "“Words in quotes” stand side by side · -word leaves out · begin* finds beginnings · OR: either",
    ),
    "home": ("Trang nhất", "Front page"),
    "today": ("Hôm nay", "Today"),
    "latest": ("Mới nhất", "Latest"),
    "sections": ("Chuyên mục", "Sections"),
    "section": ("Chuyên mục", "Section"),
    "calendar": ("Lịch", "Calendar"),
    "previous_month": ("Tháng trước", "Previous month"),
    "next_month": ("Tháng sau", "Next month"),
    "articles": ("{n} bài", "{n} articles"),
    "articles_1": ("1 bài", "1 article"),
    "in_archive": (
        "{articles} bài, {revisions} phiên bản, {gone} bài không còn trả lời.",
        "{articles} articles in {revisions} revisions; {gone} no longer answer.",
    ),
    "results_for": ("Kết quả cho “{q}”", "Results for “{q}”"),
    "found": ("{n} kết quả", "{n} results"),
    "found_1": ("1 kết quả", "1 result"),
    "found_more": ("Hơn {n} kết quả", "More than {n} results"),
    "no_more": ("Không còn trang nào nữa.", "There are no more pages."),
    "nothing": ("Không tìm thấy bài nào.", "Nothing was found."),
    "newest": ("Bài mới nhất", "Newest articles"),
    "filters": ("Lọc", "Filters"),
    "author": ("Tác giả", "Author"),
    "tag": ("Từ khóa", "Tag"),
    "tags": ("Từ khóa", "Tags"),
    "outlet": ("Kênh", "Outlet"),
    "since": ("Từ ngày", "From"),
    "until": ("Đến ngày", "To"),
    "status": ("Tình trạng", "Status"),
    "any": ("Tất cả", "Any"),
    "status_new": ("Chưa sửa", "Never revised"),
    "status_revised": ("Đã sửa", "Revised"),
    "status_live": ("Còn trên trang", "Live"),
    "status_gone": ("Không còn trả lời", "Gone"),
    "apply": ("Áp dụng", "Apply"),
    "older": ("Trang sau", "Next page"),
    "newer": ("Trang trước", "Previous page"),
    "pager": ("Các trang kết quả", "Result pages"),
    "feed": ("Nguồn tin Atom", "Atom feed"),
    "changes": ("Vừa thay đổi", "Changed lately"),
    "changes_none": ("Chưa ghi nhận bài nào thay đổi.", "No change has been observed."),
    "changed_headline": ("Tiêu đề được sửa", "Headline changed"),
    "changed_text": ("Nội dung được sửa", "Text changed"),
    "gone": ("Không còn trả lời", "Gone lately"),
    "gone_none": ("Mọi bài đã lưu vẫn trả lời.", "Every captured article still answers."),
    "gone_note": (
        "Ghi lại đúng câu trả lời của máy chủ vào từng thời điểm, không suy đoán nguyên nhân.",
        "What the server answered, and when; nothing is claimed about why.",
    ),
    "answered": ("trả lời {status} lúc {when}", "answered {status} at {when}"),
    "returned": ("trả lời lại lúc {when}", "answered again at {when}"),
    "published": ("Đăng", "Published"),
    "modified": ("Cập nhật", "Updated"),
    "captured": ("Lưu", "Captured"),
    "by": ("Tác giả", "By"),
    "read_at": ("Bản gốc", "Original"),
    "pictures": ("Hình ảnh", "Pictures"),
    "picture": ("Ảnh", "Picture"),
    "recordings": ("Âm thanh và video", "Audio and video"),
    "audio": ("Âm thanh", "Audio"),
    "video": ("Video", "Video"),
    "related": ("Tin liên quan", "Related articles"),
    "related_none": ("Bài này không có tin liên quan.", "This article names no related ones."),
    "pointing": ("Các bài dẫn đến đây", "What points here"),
    "pointing_none": ("Chưa có bài nào trong kho dẫn đến đây.", "No article in the archive points here."),
    "copies": ("Bản sao", "Copies"),
    "same_text": ("Cùng một văn bản", "Same text"),
    "near_text": ("Gần giống {share}", "{share} alike"),
    "copy_of": ("Trùng với", "Copy of"),
    "state_live": ("đã lưu", "in the archive"),
    "state_gone": ("đã lưu, không còn trả lời", "in the archive, gone from the site"),
    "state_missing": ("chưa lưu", "not in the archive"),
    "about": ("Về bản lưu này", "About this copy"),
    "revision": ("Phiên bản {n}", "Revision {n}"),
    "revisions": ("Các phiên bản", "Revisions"),
    "revisions_n": ("{n} phiên bản", "{n} revisions"),
    "revisions_1": ("1 phiên bản", "1 revision"),
    "compare": ("So sánh", "Compare"),
    "compare_from": ("từ", "from"),
    "compare_to": ("đến", "to"),
    "compare_title": ("Thay đổi từ phiên bản {a} đến {b}", "What changed from revision {a} to {b}"),
    "only_one": ("Chỉ có một phiên bản: chưa thấy thay đổi.", "There is one revision only: no change was seen."),
    "no_difference": ("Hai phiên bản có cùng văn bản.", "The two revisions have the same text."),
    "removed": ("đã bỏ", "removed"),
    "added": ("đã thêm", "added"),
    "legend": ("Chữ bị gạch: đã bỏ. Chữ gạch chân: đã thêm.", "Struck out: removed. Underlined: added."),
    "seen": ("thấy từ {a} đến {b}", "seen from {a} to {b}"),
    "observations": ("Quan sát", "Observations"),
    "headline": ("Tiêu đề", "Headline"),
    "lead": ("Sapo", "Lead"),
    "body": ("Nội dung", "Text"),
    "cite": ("Trích dẫn", "Cite"),
    "cite_text": ("Câu trích dẫn", "As a sentence"),
    "copy": ("Sao chép", "Copy"),
    "copied": ("Đã sao chép", "Copied"),
    "download": ("Tải về", "Download"),
    "address": ("Địa chỉ", "Address"),
    "capture_time": ("Thời điểm lưu", "Captured at"),
    "digest": ("SHA-256 của văn bản", "SHA-256 of the text"),
    "warc_record": ("Bản ghi WARC", "WARC record"),
    "warc_file": ("Tệp WARC", "WARC file"),
    "one_page_wacz": ("Trang này trong một tệp WACZ", "This page as a WACZ"),
    "raw": ("Bản thô", "Raw capture"),
    "raw_note": (
        "Mã nguồn đúng như máy chủ đã gửi, chỉ hiển thị dưới dạng chữ; không có gì trong đó được chạy.",
        "The source as the server sent it, shown as text; nothing in it runs.",
    ),
    "raw_missing": ("Bản ghi này không đọc được: {why}", "This capture cannot be read: {why}"),
    "raw_cut": ("Chỉ hiện {n} ký tự đầu.", "Only the first {n} characters are shown."),
    "headers": ("Phần đầu HTTP", "HTTP headers"),
    "source": ("Mã nguồn", "Source"),
    "name": ("Tên", "Name"),
    "value": ("Giá trị", "Value"),
    "graph": ("Sơ đồ liên quan", "Related graph"),
    "graph_note": (
        "Bên trái: các bài dẫn đến bài này. Bên phải: tin liên quan của bài này. Chọn một bài để đi tiếp.",
        "On the left, what points here; on the right, what this article calls related. Choose one to walk on.",
    ),
    "graph_hidden": ("và {n} bài nữa trong danh sách", "and {n} more in the list"),
    "more_in_data": ("và {n} bài nữa trong dữ liệu JSON", "and {n} more in the JSON"),
    "coverage": ("Độ phủ", "Coverage"),
    "coverage_note": (
        "Mỗi ô: số bài đã lưu trên số bài trang đã liệt kê trong ngày.",
        "Each cell: articles captured of those that the site listed that day.",
    ),
    "coverage_none": ("Chưa có danh sách nào của trang được đọc.", "No list of the site has been read yet."),
    "fate_captured": ("đã lưu", "captured"),
    "fate_unchanged": ("không đổi", "unchanged"),
    "fate_gone": ("không còn trả lời", "gone"),
    "fate_refused": ("bị từ chối", "refused"),
    "fate_failed": ("lỗi", "failed"),
    "fate_not_tried": ("chưa thử", "not tried"),
    "fate_missing": ("còn thiếu", "missing"),
    "day": ("Ngày", "Day"),
    "total": ("Tổng", "Total"),
    "missing": ("Còn thiếu", "Missing"),
    "runs": ("Lượt chạy", "Runs"),
    "run": ("Lượt chạy {run}", "Run {run}"),
    "runs_none": ("Chưa có lượt chạy nào.", "There has been no run yet."),
    "started": ("Bắt đầu", "Started"),
    "lasted": ("Kéo dài", "Took"),
    "spider": ("Việc", "Spider"),
    "pages": ("Trang", "Pages"),
    "new": ("Mới", "New"),
    "revised": ("Sửa", "Revised"),
    "end": ("Kết thúc", "End"),
    "end_ok": ("xong", "done"),
    "end_open": ("đang chạy hoặc bị dừng", "running, or stopped"),
    "end_code": ("mã {code}", "code {code}"),
    "reason": ("Lý do", "Reason"),
    "data": ("Dữ liệu", "Data"),
    "data_note": ("Bảng, SQL, CSV", "Tables, SQL, CSV"),
    "json": ("JSON", "JSON"),
    "not_now": ("Hiện chưa đọc được kho báo.", "The archive cannot be read now."),
    "not_here": ("Kho báo không có mục này.", "The archive does not hold this."),
    "undated": ("không rõ ngày", "undated"),
    "untitled": ("(không có tiêu đề)", "(no headline)"),
    "language": ("English", "Tiếng Việt"),
    "offline": ("Mọi thứ trên trang này đến từ máy của bạn.", "Everything on this page comes from this machine."),
}
_WEEKDAYS = (
    ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
_SHORT = (("T2", "T3", "T4", "T5", "T6", "T7", "CN"), ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def language(asked: str | None, accepted: str | None) -> Language:
    """Return the language a reader wants: as asked for, else by the browser's list, else Vietnamese.

    >>> language(None, "de, en-GB;q=0.8, vi;q=0.5"), language("vi", "en"), language(None, None)
    ('en', 'vi', 'vi')
    """
    if asked in ("vi", "en"):
        return "vi" if asked == "vi" else "en"
    ranked = []
    for place, part in enumerate((accepted or "")[:500].split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, name[:2].lower()))
        except ValueError:
            continue
    known = [name for _, _, name in sorted(ranked) if name in ("vi", "en")]
    return "en" if known[:1] == ["en"] else "vi"


class Words:
    """The words of one language; ``words("found", n="3")`` fills the places in them."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = 0 if language == "vi" else 1

    def __call__(self, name: str, **places: object) -> str:
        return _WORDS[name][self._place].format(**places)

    def count(self, name: str, n: int) -> str:
        """Return how many there are, with the form for one."""
        return self(f"{name}_1") if n == 1 else self(name, n=self.number(n))

    def number(self, n: int) -> str:
        """Return *n* with its thousands apart.

        >>> Words("vi").number(12345), Words("en").number(12345)
        ('12.345', '12,345')
        """
        return f"{n:,}".replace(",", "." if self._place == 0 else ",")

    def when(self, moment: str | None, *, seconds: bool = False) -> str:
        """Return a time of the record as it reads in Vietnam.

        >>> Words("vi").when("2026-11-21T15:04:05.123456Z")
        '22:04, 21/11/2026'
        """
        if not moment:
            return self("undated")
        local = datetime.fromisoformat(moment).astimezone(VIETNAM)
        clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
        return (
            f"{clock}, {local:%d/%m/%Y}"
            if self._place == 0
            else f"{local.day} {self.month_name(local.date())}, {clock}"
        )

    def long_date(self, day: date) -> str:
        """Return a day with its weekday.

        >>> Words("vi").long_date(date(2026, 11, 21)), Words("en").long_date(date(2026, 11, 21))
        ('Thứ Bảy, 21/11/2026', 'Saturday, 21 November 2026')
        """
        weekday = _WEEKDAYS[self._place][day.weekday()]
        return f"{weekday}, {day:%d/%m/%Y}" if self._place == 0 else f"{weekday}, {day.day} {self.month_name(day)}"

    def month_name(self, day: date) -> str:
        """Return the month of *day* with its year."""
        return f"Tháng {day.month}, {day.year}" if self._place == 0 else f"{_MONTHS[day.month - 1]} {day.year}"

    @property
    def weekdays(self) -> tuple[tuple[str, str], ...]:
        """The days of a week, short and long, Monday first."""
        return tuple(zip(_SHORT[self._place], _WEEKDAYS[self._place], strict=True))

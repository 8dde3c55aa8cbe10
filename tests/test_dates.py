"""Dates in every form that was seen, their near relatives, and what is no date."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vovcrawler import dates

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["29/12/2025", "2025-12-29", "31/02/2025", "Dec", "29", "2025", "99999", "0000", "tháng", "năm", "T"]
        ),
        st.sampled_from(
            [
                "16:54",
                "25:61",
                "16h54",
                "12:21",
                " PM",
                " AM",
                ":",
                "/",
                "-",
                " ",
                ",",
                "+0700",
                "+99:99",
                "GMT+7",
                "Z",
            ]
        ),
        st.sampled_from(
            ["Thứ Hai", "Chủ nhật", "Mon", "ngày", "lúc", "\u0661", "٢٩/١٢/٢٠٢٥", "\n", "\u00a0", "|", "1e999"]
        ),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        # as vov.vn prints it
        ("Thứ Hai, 16:54, 29/12/2025", "2025-12-29T16:54:00+07:00"),
        ("Thứ Hai, 16:54, 29/12/2025 |", "2025-12-29T16:54:00+07:00"),
        ("Thứ Hai, 16:54, 29/12/2025|", "2025-12-29T16:54:00+07:00"),
        ("\n  Thứ Hai,\u00a016:54,\u202f29/12/2025\u200b \n", "2025-12-29T16:54:00+07:00"),
        ("Thứ 5, 19:21, 21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("Thứ năm, 00:00, 23/04/2020", "2020-04-23T00:00:00+07:00"),
        ("Chủ nhật, 08:24, 14/12/2025", "2025-12-14T08:24:00+07:00"),
        ("Chủ Nhật, 8:24, 4/1/2025", "2025-01-04T08:24:00+07:00"),
        ("CN, 08:24, 14/12/2025", "2025-12-14T08:24:00+07:00"),
        ("Thu Hai, 16:54, 29/12/2025", "2025-12-29T16:54:00+07:00"),
        ("12:21 PM, 26/04/2011", "2011-04-26T12:21:00+07:00"),
        ("12:21 AM, 26/04/2011", "2011-04-26T00:21:00+07:00"),
        ("1:05 PM, 26/04/2011", "2011-04-26T13:05:00+07:00"),
        ("1:05 p.m., 26/04/2011", "2011-04-26T13:05:00+07:00"),
        ("16:54 PM, 26/04/2011", "2011-04-26T16:54:00+07:00"),
        ("1:05 CH, 26/04/2011", "2011-04-26T13:05:00+07:00"),
        ("8:05 SA, 26/04/2011", "2011-04-26T08:05:00+07:00"),
        # relatives
        ("21/05/2020 19:21", "2020-05-21T19:21:00+07:00"),
        ("21/05/2020, 19:21", "2020-05-21T19:21:00+07:00"),
        ("21/05/2020 - 19:21", "2020-05-21T19:21:00+07:00"),
        ("21/05/2020 | 19:21:30", "2020-05-21T19:21:30+07:00"),
        ("19:21 21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("19:21 - 21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("19:21-21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("19:21 Thứ Năm, 21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("19:21 thứ năm ngày 21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("19:21:05 21/05/2020", "2020-05-21T19:21:05+07:00"),
        ("19h21 ngày 21/5/2020", "2020-05-21T19:21:00+07:00"),
        ("19 giờ 21 phút, ngày 21/5/2020", "2020-05-21T19:21:00+07:00"),
        ("19h21' ngày 21/5/2020", "2020-05-21T19:21:00+07:00"),
        ("19g21, 21/5/2020", "2020-05-21T19:21:00+07:00"),
        ("16h ngày 29/12/2025", "2025-12-29T16:00:00+07:00"),
        ("29/12/2025 lúc 16 giờ", "2025-12-29T16:00:00+07:00"),
        ("29/12/2025 4:54:00 CH", "2025-12-29T16:54:00+07:00"),
        ("4:54 chiều, 29/12/2025", "2025-12-29T16:54:00+07:00"),
        ("29/12/2025 8:30 tối", "2025-12-29T20:30:00+07:00"),
        ("8 giờ 30 sáng 29/12/2025", "2025-12-29T08:30:00+07:00"),
        ("16:54 chiều ngày 29/12/2025", "2025-12-29T16:54:00+07:00"),
        ("Cập nhật lúc 16:54 ngày 29/12/2025", "2025-12-29T16:54:00+07:00"),
        ("Cập nhật: 29/12/2025 lúc 16:54", "2025-12-29T16:54:00+07:00"),
        ("29-12-2025 16:54", "2025-12-29T16:54:00+07:00"),
        ("29.12.2025 16:54", "2025-12-29T16:54:00+07:00"),
        ("29 / 12 / 2025, 16:54", "2025-12-29T16:54:00+07:00"),
        ("ngày 26/4/2011", "2011-04-26T00:00:00+07:00"),
        ("26/04/2011", "2011-04-26T00:00:00+07:00"),
        ("03/04/2011", "2011-04-03T00:00:00+07:00"),
        ("Thứ Hai, ngày 29 tháng 12 năm 2025", "2025-12-29T00:00:00+07:00"),
        ("29 tháng 12, 2025 16:54", "2025-12-29T16:54:00+07:00"),
        ("16:54, 29 Tháng 12, 2025", "2025-12-29T16:54:00+07:00"),
        ("16:54, 29/12/2025 (GMT+7)", "2025-12-29T16:54:00+07:00"),
        ("16:54 GMT+7, 29/12/2025", "2025-12-29T16:54:00+07:00"),
        ("Đăng ngày 29/12/2025 tại Hà Nội, tỷ số 2:10", "2025-12-29T00:00:00+07:00"),
        # machines
        ("2025-12-29T16:54:00+07:00", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29T16:54:00+0700", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29T16:54:00+07", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29T16:54:00.123+07:00", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29T16:54+07:00", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29T16:54:00 +07:00", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29 16:54:00", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29 16:54", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29T16:54:00", "2025-12-29T16:54:00+07:00"),
        ("2025-12-29t09:54:00z", "2025-12-29T09:54:00+00:00"),
        ("2025-12-29T09:54:00Z", "2025-12-29T09:54:00+00:00"),
        ("2025-12-29T09:54:00.000Z", "2025-12-29T09:54:00+00:00"),
        ("2025-12-29T04:54:00-05:00", "2025-12-29T04:54:00-05:00"),
        ("2025-12-29T09:54:00 UTC", "2025-12-29T09:54:00+00:00"),
        ("2025-12-29", "2025-12-29T00:00:00+07:00"),
        ("2025/12/29 16:54", "2025-12-29T16:54:00+07:00"),
        ("20251229T165400+0700", "2025-12-29T16:54:00+07:00"),
        ("20251229T095400Z", "2025-12-29T09:54:00+00:00"),
        ("Mon, 29 Dec 2025 16:54:00 +0700", "2025-12-29T16:54:00+07:00"),
        ("29 Dec 2025 16:54:00 +0700", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 09:54:00 GMT", "2025-12-29T09:54:00+00:00"),
        ("Mon, 29 Dec 2025 09:54:00 UTC", "2025-12-29T09:54:00+00:00"),
        ("Mon, 29 Dec 2025 09:54:00 UT", "2025-12-29T09:54:00+00:00"),
        ("Mon, 29 Dec 2025 09:54:00 -0000", "2025-12-29T09:54:00+00:00"),
        ("Mon, 29 Dec 2025 16:54:00 GMT+7", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00 GMT +7", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00 GMT+07:00", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00 GMT+0700", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00 (GMT+7)", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00 UTC+7", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00 ICT", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54:00", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 2025 16:54 +0700", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29 Dec 25 16:54:00 +0700", "2025-12-29T16:54:00+07:00"),
        ("Mon, 29-Dec-2025 16:54:00 GMT", "2025-12-29T16:54:00+00:00"),
        ("Mon, 29 Dec 2025 04:54:00 EST", "2025-12-29T04:54:00-05:00"),
        ("Mon Dec 29 2025 16:54:00 GMT+0700 (Indochina Time)", "2025-12-29T16:54:00+07:00"),
        ("Mon Dec 29 16:54:00 2025", "2025-12-29T16:54:00+07:00"),
        ("Tuesday, January 03, 2017 - 14:24:45", "2017-01-03T14:24:45+07:00"),
        ("January 3, 2017", "2017-01-03T00:00:00+07:00"),
        ("Sept. 3rd, 2017 2:24 PM", "2017-09-03T14:24:00+07:00"),
        ("14:24, 3 January 2017", "2017-01-03T14:24:00+07:00"),
    ],
)
def test_every_printed_date_is_read(printed: str, read: str) -> None:
    moment = dates.parse(printed)
    assert moment is not None
    assert dates.iso(moment) == read


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "Tin mới",
        "16:54",
        "Thứ Hai",
        "31/02/2025",
        "32/01/2025",
        "12/13/2025",
        "00/12/2025",
        "29/12/0000",
        "29/12/99999",
        "29/12/9999",
        "Thứ Hai, 25:00, 29/12/2025",
        "Thứ Hai, 16:60, 29/12/2025",
        "29/12/2025 24:00",
        "2025-02-30T10:00:00+07:00",
        "2025-13-01",
        "2025-12-29T16:54:00+99:00",
        "2025-12-29T16:54:00+07:99",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "Mon, 31 Feb 2025 16:54:00 +0700",
        "1/2",
        "24/24",
        "2025",
        "12/2025",
        "1591595725167",
        "192.168.100.2025",
    ],
)
def test_what_is_no_date_is_none(printed: str) -> None:
    assert dates.parse(printed) is None


@given(st.text(max_size=60) | PIECES)
@example("9" * 5000 + "/12/2025")
@example("16:54," * 1000 + "29/12/2025")
@example("- " * 2000 + "29/12/2025")
def test_no_text_breaks_a_date(text: str) -> None:
    moment = dates.parse(text)
    if moment is not None:
        assert moment.tzinfo is not None
        assert dates.parse(dates.iso(moment)) == moment.replace(microsecond=0)
        assert dates.vietnam_day(moment) == dates.vietnam_day(dates.iso(moment))


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 12, 31)), st.integers(-14, 14))  # noqa: DTZ001
def test_what_we_write_we_can_read(naive: datetime, hours: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert dates.parse(dates.iso(moment)) == moment.replace(microsecond=0)
    if 1901 <= moment.year <= 2998:
        assert dates.parse(dates.warc_date(moment)) == moment
    shown = naive.replace(second=0, microsecond=0, tzinfo=dates.VIETNAM)
    assert dates.parse(shown.strftime("Thứ Hai, %H:%M, %d/%m/") + f"{shown.year:04} |") == shown


def test_the_clock_is_aware_and_in_utc() -> None:
    assert dates.utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("write", [dates.iso, dates.warc_date, dates.vietnam_day])
def test_a_time_without_zone_is_refused(write: object) -> None:
    with pytest.raises(ValueError, match="without its zone"):
        write(datetime(2025, 12, 29))  # type: ignore[operator]  # noqa: DTZ001


def test_a_warc_date_is_utc_with_microseconds() -> None:
    assert dates.warc_date(datetime(2025, 12, 29, 0, 0, tzinfo=dates.VIETNAM)) == "2025-12-28T17:00:00.000000Z"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 12, 28, 16, 59, 59, tzinfo=UTC), date(2025, 12, 28)),
        (datetime(2025, 12, 28, 17, 0, tzinfo=UTC), date(2025, 12, 29)),
        ("2025-12-28T17:00:00.000000Z", date(2025, 12, 29)),
        ("2025-12-29T23:59:00+07:00", date(2025, 12, 29)),
    ],
)
def test_a_day_begins_at_midnight_in_vietnam(moment: datetime | str, day: date) -> None:
    assert dates.vietnam_day(moment) == day


def test_a_day_of_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="not a time: 'tomorrow'"):
        dates.vietnam_day("tomorrow")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("2026-1-5", date(2026, 1, 5)),
        ("01/11/2026", date(2026, 11, 1)),
        ("1-11-2026", date(2026, 11, 1)),
        ("1.11.2026", date(2026, 11, 1)),
        (" 3 days ", date(2026, 11, 18)),
        ("3 days ago", date(2026, 11, 18)),
        ("3d", date(2026, 11, 18)),
        ("1 day", date(2026, 11, 20)),
        ("0 days", date(2026, 11, 21)),
        ("3 ngày", date(2026, 11, 18)),
        ("2 weeks", date(2026, 11, 7)),
        ("1 tuần trước", date(2026, 11, 14)),
        ("today", date(2026, 11, 21)),
        ("Yesterday", date(2026, 11, 20)),
        ("hôm qua", date(2026, 11, 20)),
    ],
)
def test_a_user_may_say_a_day_in_many_ways(said: str, day: date) -> None:
    assert dates.parse_day(said, date(2026, 11, 21)) == day


@pytest.mark.parametrize(
    "said", ["", "soon", "31/02/2026", "2026-13-01", "11/2026", "-3 days", "3", "99999 weeks", "2026-11-01T10:00"]
)
def test_a_wrong_day_is_quoted(said: str) -> None:
    with pytest.raises(ValueError) as caught:
        dates.parse_day(said, date(2026, 11, 21))
    assert repr(said) in str(caught.value)
    assert "2026-11-01" in str(caught.value)

"""Dates as the site prints them, and the forms in which we write them.

Day comes before month, a time without a zone is Vietnam time, and an impossible date is no date.
The clock is read by :func:`utc_now` only.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from vovcrawler.letters import clean

VIETNAM: tzinfo = timezone(timedelta(hours=7))

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = (
    r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:r?uary|ch|il|e|y|ust|t?(?:em|o)?ber|t)?\.?(?![a-z])"
)
# Earliest in the text wins; year first is the only form in which the day comes last.
_DAYS = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?<![\d/.-])(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)",
        # The time may touch the day, where both stand in boxes of their own.
        r"(?:(?<![\d/.-])|(?<=:\d\d-)|(?<=:\d\d))(?P<day>\d{1,2})\s?([-/.])\s?(?P<month>\d{1,2})"
        r"\s?\2\s?(?P<year>\d{4})(?!\d(?!\d?:\d\d))",
        r"(?<!\d)(?P<day>\d{1,2})[\s,]+th(?:[áa]n)?g\s+(?P<month>\d{1,2})[\s,]+(?:n[ăa]m\s+)?(?P<year>\d{4})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}|\d\d)(?![\d:])",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
    )
]
# The months in other languages of VOVWORLD: German, French, Spanish, Russian, Indonesian, Chinese, Korean …
_NAMES = """
januar janvier enero января январь januari 一月 1월 1月 tháng giêng|tháng một
februar février fevrier febrero февраля февраль februari pebruari 二月 2월 2月 tháng hai
märz mars marzo марта март maret 三月 3월 3月 tháng ba
april avril abril апреля апрель 四月 4월 4月 tháng tư
mai mayo мая май mei 五月 5월 5月 tháng năm
juni juin junio июня июнь 六月 6월 6月 tháng sáu
juli juillet julio июля июль 七月 7월 7月 tháng bảy
august août aout agosto августа август agustus 八月 8월 8月 tháng tám
september septembre septiembre setiembre сентября сентябрь 九月 9월 9月 tháng chín
oktober octobre octubre октября октябрь 十月 10월 10月 tháng mười
november novembre noviembre ноября ноябрь 十一月 11월 11月 tháng mười một
dezember décembre decembre diciembre декабря декабрь desember 十二月 12월 12月 tháng mười hai|tháng chạp
"""
_FOREIGN = {
    name: month
    for month, line in enumerate(_NAMES.split("\n")[1:-1], 1)
    for name in re.findall(r"tháng [^|]+|[^\s|]+", line)
}
_NAME = "|".join(sorted(_FOREIGN, key=len, reverse=True))
_NAMED = re.compile(
    rf"(?<!\w)(?:(?P<day>\d{{1,2}})\.?,?\s(?:de\s)?(?P<name>{_NAME}),?(?:\sde)?"
    rf"|(?P<first>{_NAME})\s(?P<second>\d{{1,2}}),?)\s(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_EASTERN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_DIGITS = re.compile(r"\d\d")
# What machines write needs no search.
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:[0-5]\d", re.ASCII)
# Two forms are turned round first: "20251229T165400" and "Mon Dec 29 16:54:00 2025".
_PACKED = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST = re.compile(rf"({_MONTH} \d{{1,2}}) (\d\d:\d\d:\d\d) (\d{{4}})", re.IGNORECASE | re.ASCII)
_ZONES = {"ict": 7, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "pdt": -7, "pst": -8}
_ZONE = (
    r"\s?\(?(?:(?P<named>utc|gmt|ut|z|ict|[ecp][sd]t)\b(?:\s?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?)?"
    r"|(?P<sign2>[+-])(?P<hours2>\d\d):?(?P<minutes2>\d\d)(?![\d/.-])"
    r"|(?P<sign3>[+-])(?P<hours3>\d\d)(?![\d/.:-]))\)?"
)
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:\s?(?:h|giờ)(?=\s?(?:,|$)|\sngày)|(?:\s?:\s?|\s?[hg]\s?|\s?giờ\s?)(?P<minute>\d\d)(?!\d)"
    r"(?:\s?:\s?(?P<second>\d\d)(?!\d)(?:[.,](?P<fraction>\d{1,9})\d*)?)?"
    r"(?:\s?(?:phút\b|p\b|['’′]))?(?:\s?(?P<half>[ap]\.?m\b\.?|sa\b|ch\b|sáng\b|chiều\b|tối\b))?)"
)
_BETWEEN = (
    r"(?:[\s,;|()–—•·-]|lúc\b|vào\b|ngày\b|at\b|thứ\s\w++|chủ\snhật|cn\b"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*+\b)*+"
)
_BEFORE = re.compile(rf"(?<![\d:/.-]){_CLOCK}(?:{_ZONE})?{_BETWEEN}$", re.IGNORECASE)
_AFTER = re.compile(rf"(?:T|{_BETWEEN}){_CLOCK}(?:{_ZONE})?", re.IGNORECASE)
_TRAILING_ZONE = re.compile(_ZONE, re.IGNORECASE)

_PLAIN_DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))", re.ASCII)
_AGO = re.compile(r"(\d{1,5}) ?(d|days?|ngày|w|weeks?|tuần)(?: ago| trước)?", re.ASCII)
_WORDS = {"today": 0, "hôm nay": 0, "yesterday": 1, "hôm qua": 1}


def parse(text: str) -> datetime | None:
    """Return the first date in *text*, aware; ``None`` when there is none or it is impossible.

    >>> parse("Thứ Hai, 16:54, 29/12/2025 |").isoformat()
    '2025-12-29T16:54:00+07:00'
    >>> parse("Mon, 29 Dec 2025 16:54:00 GMT+7").isoformat()
    '2025-12-29T16:54:00+07:00'
    >>> parse("2025-12-29T09:54:00Z").isoformat()
    '2025-12-29T09:54:00+00:00'
    >>> parse("31/02/2025")
    """
    if not _DIGITS.search(text):
        return None
    if _ISO.fullmatch(text):
        return _iso_moment(text)
    line = clean(text)
    line = _PACKED.sub(r"\1-\2-\3T\4:\5:\6", line)
    if line.count(":") > 1:
        line = _YEAR_LAST.sub(r"\1 \4 \3", line)
    if not (found := _days(line)) and (told := _in_figures(line)) != line:
        found = _days(line := told)
    if not found:
        return None
    day = min(found, key=lambda match: match.start())
    clock = _clock(line, day)
    zone = clock if clock and _has_zone(clock) else _TRAILING_ZONE.match(line, day.end())
    try:
        return _moment(day, clock, _zone(zone) if zone else VIETNAM)
    except ValueError:
        return None


def _days(line: str) -> list[re.Match[str]]:
    return [match for pattern in _DAYS if (match := pattern.search(line))]


def _in_figures(line: str) -> str:
    """Return *line* with a date in one of the other languages of VOVWORLD written as "2017-1-3".

    >>> _in_figures("Dienstag, Januar 03, 2017 - 14:24:45"), _in_figures("3 de enero de 2017")
    ('Dienstag, 2017-1-03 - 14:24:45', '2017-1-3')
    """
    return _NAMED.sub(_figures, _EASTERN.sub(r"\1-\2-\3", line))


def _figures(match: re.Match[str]) -> str:
    name = (match["name"] or match["first"]).lower()
    return f"{match['year']}-{_FOREIGN[name]}-{match['day'] or match['second']}"


def _iso_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if 1900 <= moment.year < 3000 else None


def _clock(line: str, day: re.Match[str]) -> re.Match[str] | None:
    """The time that stands beside the date; a time elsewhere in the text is not its time."""
    before = _BEFORE.search(line, max(0, day.start() - 60), day.start())
    return before or _AFTER.match(line, day.end())


def _has_zone(match: re.Match[str]) -> bool:
    return bool(match["named"] or match["sign2"] or match["sign3"])


def _zone(match: re.Match[str]) -> tzinfo:
    """The zone as it is written: "GMT+7" is seven hours east, whatever POSIX says."""
    sign = match["sign"] or match["sign2"] or match["sign3"]
    hours = int(match["hours"] or match["hours2"] or match["hours3"] or 0)
    minutes = int(match["minutes"] or match["minutes2"] or 0)
    if minutes > 59:
        raise ValueError(minutes)
    named = timedelta(hours=_ZONES.get(match["named"].lower(), 0)) if match["named"] else timedelta()
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(named - offset if sign == "-" else named + offset)


def _moment(day: re.Match[str], clock: re.Match[str] | None, zone: tzinfo) -> datetime:
    part = day.groupdict()
    month = _MONTHS[part["name"].lower()] if part.get("name") else int(part["month"])
    year = int(part["year"])
    if len(part["year"]) == 2:
        year += 2000 if year < 70 else 1900
    if not 1900 <= year < 3000:
        raise ValueError(year)
    if not clock:
        return datetime(year, month, int(part["day"]), tzinfo=zone)
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    half = (clock["half"] or "").lower()
    if half[:1] in {"p", "c", "t"} and hour < 12:
        hour += 12
    elif half[:1] in {"a", "s"} and hour == 12:
        hour = 0
    micro = int((clock["fraction"] or "0")[:6].ljust(6, "0"))
    return datetime(year, month, int(part["day"]), hour, minute, second, micro, tzinfo=zone)


def iso(moment: datetime) -> str:
    """Return *moment* as the record prints it, with the offset it has.

    >>> iso(datetime(2025, 12, 29, 16, 54, tzinfo=VIETNAM))
    '2025-12-29T16:54:00+07:00'
    """
    return _aware(moment).isoformat(timespec="seconds")


def utc_now() -> datetime:
    """Return the time of the machine's clock: the only place where it is read."""
    return datetime.now(UTC)


def warc_date(moment: datetime) -> str:
    """Return *moment* as a WARC-Date.

    >>> warc_date(datetime(2026, 11, 21, 22, 4, 5, 123456, tzinfo=VIETNAM))
    '2026-11-21T15:04:05.123456Z'
    """
    return _aware(moment).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def vietnam_day(moment: datetime | str) -> date:
    """Return the day it is in Vietnam at *moment*, a time or one of our ISO strings.

    >>> vietnam_day("2026-11-21T17:00:00.000000Z")
    datetime.date(2026, 11, 22)
    """
    when = parse(moment) if isinstance(moment, str) else moment
    if when is None:
        raise ValueError(f"not a time: {moment!r}")
    return _aware(when).astimezone(VIETNAM).date()


def parse_day(text: str, today: date) -> date:
    """Return the day a user means: "2026-11-01", "01/11/2026", "3 days", "yesterday".

    >>> parse_day("01/11/2026", date(2026, 11, 21)), parse_day("3 days", date(2026, 11, 21))
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 18))
    """
    said = clean(text).lower()
    try:
        day = _said_day(said, today)
    except (ValueError, OverflowError):
        day = None
    if day is None or day.year < 1900:
        raise ValueError(f"not a day: {text!r}; right would be 2026-11-01, 01/11/2026 or '3 days'")
    return day


def _said_day(said: str, today: date) -> date | None:
    if said in _WORDS:
        return today - timedelta(days=_WORDS[said])
    if match := _AGO.fullmatch(said):
        return today - timedelta(days=int(match[1]) * (7 if match[2][0] in "wt" else 1))
    if match := _PLAIN_DAY.fullmatch(said):
        year, month, day = match.groups()[:3] if match[1] else match.groups()[:2:-1]
        return date(int(year), int(month), int(day))
    return None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a time without its zone: {moment!r}")
    return moment

"""When an outlet says it published, read strictly: a date that could be two days is refused.

`alignment.dates` reads the dates inside sentences; here a whole field must be one date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from service.errors import BadInput

#: Newspapers on paper are older, but a date below this is a mistake of some software.
EARLIEST_YEAR = 1800

#: Clocks and zones differ; a date further ahead than this cannot be true.
AHEAD = timedelta(hours=24)

#: Beginnings of the names of the months, in the three languages' dictionary and genitive forms.
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("jan", "янв", "січ"),
    ("feb", "фев", "лют"),
    ("mar", "мар", "бер"),
    ("apr", "апр", "кві"),
    ("may", "май", "мая", "тра"),
    ("jun", "июн", "чер"),
    ("jul", "июл", "лип"),
    ("aug", "авг", "сер"),
    ("sep", "сен", "вер"),
    ("oct", "окт", "жов"),
    ("nov", "ноя", "лис"),
    ("dec", "дек", "гру"),
)
_MONTH = {start: number for number, starts in enumerate(_MONTHS, 1) for start in starts}

#: Hours east of Greenwich.
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3,
    "est": -5, "edt": -4, "pst": -8, "pdt": -7,
}  # fmt: skip

_TIME = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?![\d:])(?:\s*([ap])\.?m\.?(?!\w))?"
)
_OFFSET = re.compile(r"(?:\b(?:gmt|utc)\s*)?(?<![\d.])([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_ZONE = re.compile(r"(?<!\w)(" + "|".join(sorted(_ZONES, key=len, reverse=True)) + r")(?!\w)")
_FILLER = re.compile(
    r"[,()]|(?<!\w)(?:at|on|of|о|об|в|у|від|от|год[ау]?|року?|гг?|рр?)(?!\w)\.?"
    r"|(?<!\w)(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?(?!\w)"
    r"|(?<!\w)(?:понед|вторн|сред|четв|пятн|субб|воскр|вівт|серед[аи]|п.ятн|субот|неділ)\w*(?!\w)"
)
_YMD = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{4})(\d{2})(\d{2})")
_DMY_DOT = re.compile(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4})\.?")
_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([^\W\d]{3,12})\.?[\s-]+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s+(\d{4})")
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}")


def published(value: object, *, now: datetime) -> datetime:
    """The moment that `value` names, in UTC; a time without a zone counts as UTC.

    Reads ISO 8601, RFC 2822, `12.03.2024 14:05`, dates with the month in words in the three
    languages, and seconds or milliseconds since 1970.

    Raises:
        BadInput: it is no date, could be two different days, or lies in the future.
    """
    shown = str(value)[:60]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadInput(f"{shown!r} is no date; write it as 2026-01-27 or 2026-01-27T17:40:00Z")
    text = str(value).strip()
    try:
        moment = _iso(text) or _epoch(text) or _written(text)
        if moment is not None:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.year < EARLIEST_YEAR or moment == datetime(1970, 1, 1, tzinfo=UTC):
        raise BadInput(f"{shown!r} is no date; write it as 2026-01-27 or 2026-01-27T17:40:00Z")
    if moment > now + AHEAD:
        raise BadInput(f"the date {shown!r} lies in the future; correct it")
    return moment


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _epoch(text: str) -> datetime | None:
    whole = text.partition(".")[0]
    if not _EPOCH.fullmatch(whole):
        return None
    seconds = float(text) / (1000 if len(whole) > 10 else 1)
    return datetime.fromtimestamp(seconds, UTC)


def _written(text: str) -> datetime | None:
    rest = " ".join(text.casefold().split())
    # "2026-01-27 10:00": the hyphens of a date are no offsets, so a time must come first.
    hour = minute = second = 0
    zone: timezone = UTC
    clock = _TIME.search(rest)
    if clock is not None:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if clock[4]:
            hour = hour % 12 + (12 if clock[4] == "p" else 0)
        before, after = rest[: clock.start()], rest[clock.end() :]
        offset = _OFFSET.match(after.lstrip())
        if offset is not None:
            minutes = int(offset[2]) * 60 + int(offset[3] or 0)
            zone = timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
            after = after.lstrip()[offset.end() :]
        rest = f"{before} {after}"
        named = _ZONE.search(rest)
        if named is not None:
            if offset is None:
                zone = timezone(timedelta(hours=_ZONES[named[1]]))
            rest = rest[: named.start()] + rest[named.end() :]
    day = _day(" ".join(_FILLER.sub(" ", rest).split()))
    if day is None:
        return None
    return datetime(*day, hour, minute, second, tzinfo=zone)


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text that is a date and nothing else."""
    if found := _YMD.fullmatch(text):
        year, month, day = (int(group) for group in found.groups() if group is not None)
        return year, month, day
    if found := _DMY_DOT.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _SLASH.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first <= 12 and second <= 12 and first != second:
            raise BadInput(
                f"{text!r} could be two different days; write it as {year}-{first:02}-{second:02} "
                f"or {year}-{second:02}-{first:02}"
            )
        return (year, second, first) if first > 12 else (year, first, second)
    if found := _DAY_FIRST.fullmatch(text):
        name, day, year = found[2], int(found[1]), int(found[3])
    elif found := _MONTH_FIRST.fullmatch(text):
        name, day, year = found[1], int(found[2]), int(found[3])
    else:
        return None
    number = _MONTH.get(name[:3])
    return None if number is None else (year, number, day)

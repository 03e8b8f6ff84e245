"""Dates in a text, resolved against the publication date.

Own rules instead of a general parser: they are faster, they keep intervals, and they know the
families that parsers miss ("вчера вечером", "в ночь на 1 марта", "у ніч на 1 березня",
"в минувшую среду", "у середу"). The night to D runs from 18:00 of the day before to 06:00 of D.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from alignment.lexicon import Phrases, grammar
from alignment.tokens import Tokens, tokenise


@dataclass(frozen=True, slots=True)
class DateInterval:
    """A date as worded, and the half-open stretch of time it names (aware datetimes in UTC)."""

    start: int
    end: int
    text: str
    earliest: datetime
    latest: datetime


#: Hours of the day that a part of it covers; evening ends at midnight, night is told apart below.
_PARTS = {"morning": (5, 12), "day": (12, 18), "evening": (17, 24)}
_MIDNIGHT = time(0)


@cache
def _lists(language: str) -> dict[str, Phrases]:
    """The compiled lists that dates need, and "start": whatever can open a date."""
    data = grammar(language)
    names = (
        "months", "weekdays", "relative_days", "day_parts", "night_to", "last_night", "past_day",
        "last", "next", "this_words", "ago", "in_future", "period_words", "weekend",
        "date_prepositions", "ahead", "year_words", "seasons", "number_words",
    )  # fmt: skip
    lists = {name: data.compiled(name) for name in names}
    lists["start"] = data.compiled(
        *(n for n in names if n not in ("year_words", "ago", "day_parts", "ahead"))
    )
    return lists


@dataclass(slots=True)
class _Reader:
    """Reads dates from tokens; `now` is the publication time in the zone, None when unknown."""

    tokens: Tokens
    lists: dict[str, Phrases]
    zone: ZoneInfo
    now: datetime | None

    def label(self, name: str, i: int) -> tuple[int, str]:
        """The end and label of a phrase of the list at token `i`, or (i, "")."""
        forms = self.tokens.forms
        if i >= len(forms) or forms[i] not in self.lists[name].openers:
            return i, ""
        last, entries = self.lists[name].at(self.tokens, i)
        return (last, entries[0][1] or name) if entries else (i, "")

    def at(self, year: int, month: int, day: int, hour: int = 0) -> datetime | None:
        """A moment in the zone, or None where there is no such day."""
        try:
            return datetime(year, month, day, tzinfo=self.zone) + timedelta(hours=hour)
        except (ValueError, OverflowError):
            return None

    def midnight(self, days: int = 0) -> datetime | None:
        """Midnight that opens the publication day, moved by whole days."""
        if self.now is None:
            return None
        try:
            return datetime.combine(self.now.date() + timedelta(days=days), _MIDNIGHT, self.zone)
        except OverflowError:
            return None

    def integer(self, i: int) -> int | None:
        """The whole number written in digits at token `i`, with or without an ordinal ending."""
        if i >= len(self.tokens):
            return None
        text = self.tokens.texts[i]
        digits = text.split("-")[0] if self.tokens.kinds[i] == "other" else text
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None

    def year(self, i: int) -> tuple[int, int | None]:
        """The end and value of a year at a token ("2022", "2022 года", ", 2022"), or (i, None)."""
        j = i + 1 if i < len(self.tokens) and self.tokens.texts[i] == "," else i
        value = self.integer(j)
        if value is None or not 1900 <= value <= 2100:
            return i, None
        last, label = self.label("year_words", j + 1)
        if not label and j == i and self.tokens.kinds[j] != "number":
            return i, None
        if label and self.tokens.texts[last : last + 1] == ["."] and last < len(self.tokens) - 1:
            last += 1 if len(self.tokens.texts[last - 1]) == 1 else 0
        return (last if label else j + 1), value

    def nearest(self, month: int, day: int) -> datetime | None:
        """The day of that month nearest to the publication day (news speaks of near dates)."""
        if self.now is None:
            return None
        days = [self.at(self.now.year + k, month, day) for k in (-1, 0, 1)]
        now = self.now
        return min((d for d in days if d), key=lambda d: abs(d - now), default=None)

    def month_day(self, i: int) -> tuple[int, datetime] | None:
        """A day with its month: "24 февраля (2022 года)", "February 24(, 2022)", "24.02.2022"."""
        tokens = self.tokens
        if i >= len(tokens):
            return None
        if tokens.kinds[i] == "other" and tokens.texts[i].count("-") == 2:
            year, month, day = (int(p) for p in tokens.texts[i].split("-"))
            moment = self.at(year, month, day)
            return (i + 1, moment) if moment else None
        if tokens.kinds[i] == "number" and tokens.texts[i].count(".") in (1, 2):
            parts = tokens.texts[i].split(".")
            if not all(p.isdigit() for p in parts) or len(parts[0]) > 2 or len(parts[1]) != 2:
                return None
            day, month = int(parts[0]), int(parts[1])
            if len(parts) == 3 and len(parts[2]) in (2, 4):
                year = int(parts[2]) + (2000 if len(parts[2]) == 2 else 0)
                moment = self.at(year, month, day)
                return (i + 1, moment) if moment else None
            return None
        day_first = self.integer(i)
        if day_first is not None:
            last, month_name = self.label("months", i + 1)
            if tokens.forms[i + 1 : i + 2] == ["of"]:
                last, month_name = self.label("months", i + 2)
            if not month_name:
                return None
            month, day = int(month_name), day_first
        else:
            last, month_name = self.label("months", i)
            number = self.integer(last) if month_name else None
            if number is None or not 1 <= number <= 31:
                return None
            month, day, last = int(month_name), number, last + 1
        end, stated = self.year(last)
        moment = self.at(stated, month, day) if stated else self.nearest(month, day)
        return (end, moment) if moment else None

    def weekday(self, name: str, which: str) -> datetime | None:
        """The latest such weekday up to the publication day; the coming one when "next"."""
        if self.now is None:
            return None
        back = (self.now.weekday() - int(name)) % 7
        if which == "next":
            return self.midnight(7 - back if back else 7)
        if which == "last" and back == 0:
            back = 7
        return self.midnight(-back)

    def part(self, last: int, midnight: datetime) -> tuple[int, datetime, datetime]:
        """The day at `midnight`, narrowed by a part of it ("вечером") that follows token `last`."""
        end, label = self.label("day_parts", last)
        if label in _PARTS:
            first, final = _PARTS[label]
            return end, midnight + timedelta(hours=first), midnight + timedelta(hours=final)
        if label == "night":
            return end, midnight - timedelta(hours=6), midnight + timedelta(hours=6)
        return last, midnight, midnight + timedelta(days=1)

    def single_day(self, i: int) -> tuple[int, datetime] | None:
        """One day named at token `i`: a date, a weekday with "last" or "next", or "yesterday"."""
        found = self.month_day(i)
        if found is not None:
            return found
        j, which = i, ""
        for name in ("last", "next", "this_words"):
            end, label = self.label(name, i)
            if label:
                j, which = end, name
                break
        end, label = self.label("weekdays", j)
        if label and not which and i > 0 and self.label("ahead", i - 1)[1]:
            which = "next"
        if label:
            day = self.weekday(label, which)
            return (end, day) if day else None
        if j == i:
            end, label = self.label("relative_days", i)
            if label:
                day = self.midnight(int(label))
                return (end, day) if day else None
        return None

    def period(self, unit: str, which: int) -> tuple[datetime, datetime] | None:
        """The calendar week, month, year or day that lies `which` away from the present one."""
        today = self.midnight()
        if today is None:
            return None
        if unit == "week":
            opening = self.midnight(7 * which - today.weekday())
            closing = self.midnight(7 * (which + 1) - today.weekday())
        elif unit == "month":
            count = today.year * 12 + today.month - 1 + which
            opening = self.at(count // 12, count % 12 + 1, 1)
            closing = self.at((count + 1) // 12, (count + 1) % 12 + 1, 1)
        elif unit == "year":
            opening, closing = (
                self.at(today.year + which, 1, 1),
                self.at(today.year + which + 1, 1, 1),
            )
        else:
            opening, closing = self.midnight(which), self.midnight(which + 1)
        return (opening, closing) if opening and closing else None

    def ago(self, i: int) -> tuple[int, datetime, datetime] | None:
        """A count of periods from now: "три дня назад", "two weeks ago", "через месяц"."""
        j, sign = i, -1
        end, label = self.label("in_future", i)
        if label:
            j, sign = end, 1
        count = self.integer(j)
        last = j + 1
        if count is None:
            last, word = self.label("number_words", j)
            if word and float(word) >= 1:
                count = int(float(word))
            elif self.tokens.forms[j : j + 1] == ["a"]:
                count, last = 1, j + 1
            else:
                count, last = (1, j) if self.label("period_words", j)[1] else (0, j)
        if not count or count > 3000:
            return None
        last, unit = self.label("period_words", last)
        if not unit:
            return None
        if sign < 0:
            last, word = self.label("ago", last)
            if not word:
                return None
        if unit == "hour":
            if self.now is None:
                return None
            moment = self.now + timedelta(hours=sign * count)
            return last, moment, moment + timedelta(hours=1)
        if unit == "week":
            day = self.midnight(sign * 7 * count)
            return (last, day - timedelta(days=3), day + timedelta(days=4)) if day else None
        found = self.period(unit, sign * count)
        return (last, *found) if found else None

    def read(self, i: int) -> tuple[int, datetime, datetime] | None:
        """The date that starts at token `i`: its end and its interval, or None."""
        last, label = self.label("night_to", i)
        if label:
            j = last
            day = self.single_day(j)
            if day is not None:
                return day[0], day[1] - timedelta(hours=6), day[1] + timedelta(hours=6)
        last, label = self.label("past_day", i)
        if label and self.now is not None:
            return last, self.now - timedelta(days=1), self.now
        days = self.day_range(i)
        if days is not None:
            return days
        single = self.single_day(i)
        if single is not None:
            return self.part(*single)
        last, label = self.label("last_night", i)
        if label:
            today = self.midnight()
            if today is not None:
                return last, today - timedelta(hours=6), today + timedelta(hours=6)
        counted = self.ago(i)
        if counted is not None:
            return counted
        last, label = self.label("weekend", i)
        if label and self.now is not None:
            back = (self.now.weekday() - 5) % 7
            opening, closing = self.midnight(-back), self.midnight(2 - back)
            return (last, opening, closing) if opening and closing else None
        for name, which in (("last", -1), ("next", 1), ("this_words", 0)):
            last, label = self.label(name, i)
            if label:
                end, unit = self.label("period_words", last)
                if unit in ("week", "month", "year"):
                    found = self.period(unit, which)
                    return (end, *found) if found else None
                end, part = self.label("day_parts", last)
                if part in _PARTS and which <= 0:
                    opening = self.midnight(which)
                    if opening is not None:
                        first, final = (timedelta(hours=h) for h in _PARTS[part])
                        return end, opening + first, opening + final
        return self.month(i) or self.season(i) or self.bare_year(i)

    def day_range(self, i: int) -> tuple[int, datetime, datetime] | None:
        """Days from one to another of a month: "23–24 января", "with 5 to 7 March"."""
        opening = self.integer(i)
        joint = self.tokens.forms[i + 1 : i + 2]
        if opening is None or joint not in (["-"], ["–"], ["—"], ["по"], ["до"], ["to"]):
            return None
        closing = self.month_day(i + 2)
        if closing is None or not 1 <= opening < closing[1].day:
            return None
        return closing[0], closing[1].replace(day=opening), closing[1] + timedelta(days=1)

    def month(self, i: int) -> tuple[int, datetime, datetime] | None:
        """A month with or without its year: "в марте 2022 года", "in July"."""
        last, label = self.label("months", i)
        if not label:
            return None
        if self.tokens.forms[i] in ("may", "march", "mar") and not self.after_preposition(i):
            return None
        end, year = self.year(last)
        if year is None and self.now is not None:
            near = self.nearest(int(label), 15)
            year, end = (near.year if near else self.now.year), last
        if year is None:
            return None
        month = int(label)
        opening, closing = self.at(year, month, 1), self.at(year + month // 12, month % 12 + 1, 1)
        return (end, opening, closing) if opening and closing else None

    def season(self, i: int) -> tuple[int, datetime, datetime] | None:
        """A season with its year: "весной 2026 года"."""
        last, label = self.label("seasons", i)
        if not label:
            return None
        if self.tokens.forms[last : last + 1] == ["of"]:
            last += 1
        end, year = self.year(last)
        if year is None:
            return None
        month = int(label)
        opening = self.at(year, month, 1)
        closing = self.at(year + (month + 2) // 12, (month + 2) % 12 + 1, 1)
        return (end, opening, closing) if opening and closing else None

    def after_preposition(self, i: int) -> bool:
        """Whether a preposition that dates take stands before token `i`."""
        return i > 0 and bool(self.label("date_prepositions", i - 1)[1])

    def bare_year(self, i: int) -> tuple[int, datetime, datetime] | None:
        """A year that a preposition or a year word marks as one: "в 2014 году", "in 2014"."""
        end, year = self.year(i)
        if year is None or self.tokens.texts[i] == ",":
            return None
        if end == i + 1 and not (
            self.after_preposition(i) or self.tokens.forms[i - 1 : i] == ["of"]
        ):
            return None
        opening, closing = self.at(year, 1, 1), self.at(year + 1, 1, 1)
        return (end, opening, closing) if opening and closing else None


def find(
    tokens: Tokens, language: str, published_at: datetime | None, zone: str = "Europe/Kyiv"
) -> list[DateInterval]:
    """The dates of tokenised text, in order."""
    place = ZoneInfo(zone)
    now = None
    if published_at is not None:
        aware = published_at if published_at.tzinfo else published_at.replace(tzinfo=UTC)
        try:
            now = aware.astimezone(place)
        except OverflowError:
            now = None
    lists = _lists(language)
    start = lists["start"]
    reader = _Reader(tokens, lists, place, now)
    found: list[DateInterval] = []
    i = 0
    while i < len(tokens):
        kind = tokens.kinds[i]
        if kind == "mark" or (
            kind == "word" and tokens.forms[i] not in start.openers and tokens.forms[i] != "a"
        ):
            i += 1
            continue
        try:
            read = reader.read(i)
        except OverflowError:
            read = None
        if read is None:
            i += 1
            continue
        last, earliest, latest = read
        first_char, last_char = tokens.starts[i], tokens.ends[last - 1]
        try:
            interval = DateInterval(
                tokens.offset + first_char,
                tokens.offset + last_char,
                tokens.text[first_char:last_char],
                earliest.astimezone(UTC),
                latest.astimezone(UTC),
            )
        except OverflowError:  # the first or last day that can be written, in a zone off UTC
            i += 1
            continue
        found.append(interval)
        i = max(last, i + 1)
    return found


def dates(
    text: str,
    language: str,
    published_at: datetime | None,
    *,
    offset: int = 0,
    zone: str = "Europe/Kyiv",
) -> list[DateInterval]:
    """The dates of a text, in order; relative ones need `published_at` and are left out without it.

    `zone` is where the text's days begin and end: an IANA name such as "Europe/Kyiv" or
    "Europe/Moscow". A publication time without a zone is taken as UTC.
    """
    return find(tokenise(text, offset), language, published_at, zone)

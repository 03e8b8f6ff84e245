"""Measures worded without a number of their own: shares, multiples, ranks, times, adjectives.

"A third of", "каждый пятый" and "one in five" are shares in percent; "doubled" and "втричі" are
multiples; "the 19th package" and "в первом чтении" are ranks; "at 14:30" is a time of day in hours;
"30-day", "45-летний" and "двотижневе" hold a number and a unit in one word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from alignment.hours import openers, worded
from alignment.lexicon import Phrases, grammar
from alignment.tokens import Tokens, tokenise
from alignment.zones import named_zones

_LISTS = (
    "shares", "not_shares", "one_in", "ordinals", "ranked", "multiples", "adjective_units",
    "number_prefixes", "number_words", "units", "lasting", "old", "clock_words", "afternoon",
    "ordinal_suffixes",
)  # fmt: skip
#: How many tokens before a share the phrase may open that makes it none ("the second half").
_REACH = 3
#: Digits of a time without a mark between hours and minutes.
_MILITARY = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure up to token `last`, its value, unit and role as in a quantity."""

    last: int
    value: float
    unit: str
    role: str = ""


@cache
def _lists(language: str) -> dict[str, Phrases]:
    data = grammar(language)
    lists = {name: data.compiled(name) for name in _LISTS}
    lists["start"] = data.compiled("shares", "one_in", "multiples", "ordinals")
    return lists


@cache
def _prefixes(language: str) -> tuple[str, ...]:
    return tuple(_lists(language)["number_prefixes"].openers)


def _word(phrases: Phrases, word: str) -> str:
    """The label of a single word, or ""."""
    return phrases.label(tokenise(word), 0)[1] if word else ""


def measure(tokens: Tokens, i: int, language: str) -> Measure | None:
    """The measure that starts at token `i`, or None."""
    lists = _lists(language)
    kind, form = tokens.kinds[i], tokens.forms[i]
    if kind == "other":
        found = _clock(tokens, i, language) or _rank(tokens, i, lists)
        return found or _hyphenated(tokens, i, language)
    if kind == "number":
        return _clock(tokens, i, language) or _rank(tokens, i, lists) or _share(tokens, i, lists)
    if kind != "word":
        return None
    if form in openers(language):
        told = worded(tokens, i, language)
        if told is not None:
            return Measure(told[0], round(told[1], 4), "clock")
    if form in lists["start"].openers:
        found = _share(tokens, i, lists) or _multiple(tokens, i, lists) or _rank(tokens, i, lists)
        if found is not None:
            return found
    if "-" in form:
        return _hyphenated(tokens, i, language)
    if len(form) > 6 and form.startswith(_prefixes(language)):
        return _compound(tokens, i, language)
    return None


def _multiple(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> Measure | None:
    last, label = lists["multiples"].label(tokens, i)
    return Measure(last, float(label), "times") if label else None


def _share(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> Measure | None:
    last, label = lists["shares"].label(tokens, i)
    if label:
        for first in range(max(0, i - _REACH), i + 1):
            if lists["not_shares"].at(tokens, first)[0] > i:
                return None
        return Measure(last, float(label), "percent")
    last, _ = lists["one_in"].at(tokens, i)
    if last == i:
        return None
    end, label = lists["ordinals"].label(tokens, last)
    if not label and tokens.forms[last - 1] == "in":
        end, label = lists["number_words"].label(tokens, last)
        if not label and last < len(tokens) and tokens.kinds[last] == "number":
            end, label = last + 1, tokens.texts[last]
    if not label.isdigit() or int(label) < 2 or lists["units"].label(tokens, end)[1]:
        return None  # "every third day" is a rhythm, not a share
    return Measure(end, round(100 / int(label), 2), "percent")


def _rank(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> Measure | None:
    """A rank, "first reading" or "18-й пакет": only of what is counted off in the news."""
    last, label = lists["ordinals"].label(tokens, i)
    if not label:
        digits, _, ending = tokens.texts[i].partition("-")
        last = i + 1
        if not ending and last < len(tokens) and tokens.starts[last] == tokens.ends[i]:
            ending, last = tokens.forms[last], last + 1
        if not digits.isdigit() or lists["ordinal_suffixes"].at(tokenise(ending), 0)[0] == 0:
            return None
        label = digits
    for k in range(last, min(last + 2, len(tokens))):
        _, role = lists["ranked"].label(tokens, k)
        if role:
            return Measure(last, float(label), "rank", role)
    return None


def _clock(tokens: Tokens, i: int, language: str) -> Measure | None:
    """A time of day behind "at" or before its zone: "в 14:30", "at 6 pm", "0840 GMT", "о 3 ночі".

    The zone is part of the time; a final full stop, as in "p.m.", is not.
    """
    lists = _lists(language)
    hour, colon, minute = tokens.texts[i].partition(":")
    if not colon and len(hour) == _MILITARY and hour.isdigit():
        hour, minute = hour[:2], hour[2:]
    last = i + 1
    dotted, dot, minutes = hour.partition(".")
    if dot and len(minutes) == 2 and lists["afternoon"].label(tokens, last)[1]:
        hour, minute = dotted, minutes  # "3.40am"
    if not colon:  # "в 3 часа ночи"
        end, label = lists["units"].label(tokens, last)
        last = end if label == "hour" else last
    end, half = lists["afternoon"].label(tokens, last)
    zone = named_zones(language).at(tokens, end)[0]
    if not hour.isdigit() or (zone == end and not _behind_at(tokens, i, lists)):
        return None
    if not colon and not half and (zone == end or not minute):
        return None
    value = int(hour) + int(minute[:2] or 0) / 60
    if half:
        value = value % 12 + (12 if half == "pm" else 0)
    last = zone - 1 if zone == end and tokens.texts[end - 1] == "." else zone
    return Measure(last, round(value, 4), "clock") if 0 <= value < 24 else None


def _behind_at(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> bool:
    return i > 0 and lists["clock_words"].at(tokens, i - 1)[0] == i


def _hyphenated(tokens: Tokens, i: int, language: str) -> Measure | None:
    """An adjective in two or three parts: "30-day", "45-летний", "eight-year-old"."""
    lists = _lists(language)
    number, _, tail = tokens.forms[i].partition("-")
    unit, *more = tail.split("-")
    if number.isascii() and number.isdigit():
        value = number
    else:
        value = _word(lists["number_words"], number)
    label = _word(lists["adjective_units"], unit)
    if not value or not label:
        return None
    last = i + 1
    old = more == ["old"]
    if tokens.texts[last : last + 1] == ["-"] and lists["old"].at(tokens, last + 1)[0] > last + 1:
        last, old = last + 2, True
    return _measure(tokens, last, float(value), label, language, old=old)


def _compound(tokens: Tokens, i: int, language: str) -> Measure | None:
    """An adjective whose beginning is the number: "восьмилетний", "двотижневе"."""
    lists = _lists(language)
    form = tokens.forms[i]
    for prefix in _prefixes(language):
        if form.startswith(prefix):
            label = _word(lists["adjective_units"], form[len(prefix) :])
            value = _word(lists["number_prefixes"], prefix)
            if label:
                return _measure(tokens, i + 1, float(value), label, language)
    return None


def _measure(
    tokens: Tokens, last: int, value: float, label: str, language: str, *, old: bool = False
) -> Measure:
    """The measure of an adjective: an age where it says so, else a unit or what is counted."""
    if label in ("people",):
        return Measure(last, value, "", label)
    if label == "age":
        lasting = _lists(language)["lasting"]
        old = not any(lasting.at(tokens, k)[0] > k for k in range(last, min(last + 3, len(tokens))))
        label = "year"
    return Measure(last, value, label, "age" if old else "")

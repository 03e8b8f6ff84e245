"""Hours: times of day worded without digits, "two in the morning", "о пів на восьму", "шесть утра".

A number is an hour only where the part of the day follows and a word that times take, or the word
"hour", goes with it: "две ночи" may be two nights. Ukrainian counts its hours off: "о другій".
"""

from __future__ import annotations

from functools import cache

from alignment.lexicon import Phrases, grammar
from alignment.tokens import Tokens

_LISTS = (
    "number_words", "ordinals", "units", "afternoon", "clock_words", "half_past", "half_to",
    "bounds",
)  # fmt: skip


@cache
def _lists(language: str) -> dict[str, Phrases]:
    data = grammar(language)
    return {name: data.compiled(name) for name in _LISTS}


@cache
def openers(language: str) -> frozenset[str]:
    """The forms that can open a worded time."""
    lists = _lists(language)
    names = ("number_words", "ordinals", "half_past", "half_to")
    return frozenset().union(*(lists[name].openers for name in names))


def worded(tokens: Tokens, i: int, language: str) -> tuple[int, float] | None:
    """The end and the hours of a time of day in words at token `i`, or None."""
    lists = _lists(language)
    first, half = i, 0.0
    for name, part in (("half_past", 0.5), ("half_to", -0.5)):
        last = lists[name].at(tokens, i)[0] if i < len(tokens) else i
        if last > i:
            first, half = last, part
    ordinal = language == "uk" or half < 0
    last, label = lists["ordinals" if ordinal else "number_words"].label(tokens, first)
    if not label or float(label) != int(float(label)) or not 1 <= float(label) <= 12:
        return None
    hour = float(label) + half
    end, unit = lists["units"].label(tokens, last)
    named = unit == "hour"
    last = end if named else last
    end, part_of_day = lists["afternoon"].label(tokens, last)
    timed = half != 0 or named or _timed(tokens, i, lists)
    if not timed or not (part_of_day or half or (ordinal and named)):
        return None
    if part_of_day:
        last = end
        hour = hour % 12 + (12 if part_of_day == "pm" else 0)
    return last, hour


def _timed(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> bool:
    """Whether a word that times of day take stands before token `i`."""
    return i > 0 and any(
        lists[name].at(tokens, i - 1)[0] == i for name in ("clock_words", "bounds")
    )

"""Roughness: numbers told by words of quantity and by word order.

"Several hundred", "несколько сотен" and "a few dozen" are a few times the larger number; "сотни
полторы" and "метров пятьсот", with the number behind what it counts, are "about" it.
"""

from __future__ import annotations

from collections.abc import Mapping

from alignment.lexicon import Phrases
from alignment.tokens import Tokens

#: The lower bound that "several" has, and the most that it and a bare plural can stand for.
_SEVERAL, _MOST_SEVERAL, _MOST_PLURAL = 2.0, 9.0, 10.0
#: Prepositions that may stand between what is counted and its number: "дней на шесть".
_BETWEEN = frozenset({"на", "в", "у", "за", "по", "до", "через", "із", "с", "з"})
#: Behind these "over" is a bound of a span of time: "for over two years".
_LASTING = frozenset(
    {"for", "just", "well", "took", "takes", "lasted", "of", "by", "after", "waited", "spent"}
)


def vague(
    tokens: Tokens, i: int, lists: Mapping[str, Phrases]
) -> tuple[int, float, float | None] | None:
    """The end, the least and the most that a vague number at token `i` stands for, or None."""
    last, label = lists["vague"].label(tokens, i)
    if not label:
        return None
    low = float(label)
    if low == _SEVERAL:
        end, scale = lists["scales"].label(tokens, last)
        if not scale:
            return last, low, None
        by = float(scale)
        while True:
            more, scale = lists["scales"].label(tokens, end)
            if not scale:
                return end, low * by, _MOST_SEVERAL * by
            by, end = by * float(scale), more
    end, count = lists["number_words"].label(tokens, last)
    if count and not lists["scales"].label(tokens, end)[1] and low >= 20:
        value = float(count) * low / 2  # "сотни полторы"
        if 1 < float(count) < 10:
            return end, value * 0.9, value * 1.1
    return last, low, low * _MOST_PLURAL


def counted_before(tokens: Tokens, i: int, lists: Mapping[str, Phrases]) -> tuple[int, str, str]:
    """(first token, unit, role) of a noun that stands before its number: "метров пятьсот".

    Only of plurals in the genitive, which end in a consonant or in -ей; else (`i`, "", "").
    """
    k = i - 1
    if k > 0 and tokens.forms[k] in _BETWEEN:
        k -= 1
    if k < 0 or tokens.kinds[k] != "word":
        return i, "", ""
    form = tokens.forms[k]
    if len(form) < 3 or form[-1] in "аеиоуыэюяєії" or not ("а" <= form[0] <= "я"):
        return i, "", ""
    if k > 0 and lists["number_words"].label(tokens, k - 1)[1]:
        return i, "", ""  # "пять метров, десять"
    if k > 0 and tokens.kinds[k - 1] == "number":
        return i, "", ""
    for name in ("units", "counted"):
        last, label = lists[name].label(tokens, k)
        if label and last == k + 1:
            return k, label if name == "units" else "", label if name == "counted" else ""
    return i, "", ""


def lasts(tokens: Tokens, bound: int, last: int, lists: Mapping[str, Phrases]) -> bool:
    """Whether an "over" at token `bound` names a time and bounds nothing: "lend it over a year".

    `last` is where the words of the number end.
    """
    if tokens.forms[bound] != "over" or not bound or tokens.forms[bound - 1] in _LASTING:
        return False
    return lists["units"].label(tokens, last)[1] in ("day", "week", "month", "year")

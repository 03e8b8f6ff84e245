"""Figures: whether the numbers and dates of two claims can be the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import floor, inf, log10

from alignment.claims import Claim
from alignment.dates import DateInterval
from alignment.quantities import Quantity

#: Roles that any more exact role may fill: "14 people" can be the 14 killed.
_GENERIC_ROLES = frozenset({"", "people"})
#: Days meet when they are this close: an evening and the night after it are one occasion in news.
_DATE_SLACK = timedelta(hours=6)
#: Smaller values are counted, not rounded.
_ROUND_FROM = 100.0


def _bounds(q: Quantity) -> tuple[float, float]:
    return (-inf if q.low is None else q.low), (inf if q.high is None else q.high)


def _rounded(exact: float, round_value: float) -> bool:
    """Whether one value is the other one rounded to at most two digits ("3,500" for 3,480)."""
    if round_value < _ROUND_FROM or exact < _ROUND_FROM:
        return False
    step = 10.0 ** max(floor(log10(round_value)) - 1, 1)
    while round_value % (step * 10) == 0 and step < round_value:
        step *= 10
    return (
        round_value % step == 0
        and abs(exact - round_value) <= step / 2
        and step * 100 > round_value
    )


def _comparable(x: Quantity, y: Quantity) -> bool:
    """Whether two quantities can be one measure: the same unit, and roles that fit together."""
    if x.unit != y.unit:
        return False
    return x.role == y.role or (
        not x.unit and (x.role in _GENERIC_ROLES or y.role in _GENERIC_ROLES)
    )


def agree(x: Quantity, y: Quantity) -> bool:
    """Whether two quantities can be one value; two exact "at least" are compared as figures."""
    (a, b), (c, d) = _bounds(x), _bounds(y)
    rough = x.approximate or y.approximate
    if not rough and (b == d == inf or a == c == -inf):
        values = (a, c) if b == inf else (b, d)
    elif a <= d and c <= b:
        return True
    elif a == b and c == d:
        values = (a, c)
    else:
        return False
    return values[0] == values[1] or _rounded(*values) or _rounded(values[1], values[0])


def pair(
    a: Claim, b: Claim
) -> tuple[list[tuple[Quantity, Quantity]], list[Quantity], list[Quantity]]:
    """Quantities paired by role, agreeing ones first, and those left over on each side."""
    options = [
        (x.role != y.role, not agree(x, y), abs(i - j), i, j)
        for i, x in enumerate(a.quantities)
        for j, y in enumerate(b.quantities)
        if _comparable(x, y)
    ]
    left, right = set(range(len(a.quantities))), set(range(len(b.quantities)))
    pairs = []
    for _, _, _, i, j in sorted(options):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((a.quantities[i], b.quantities[j]))
    return pairs, [a.quantities[i] for i in sorted(left)], [b.quantities[j] for j in sorted(right)]


def elsewhere(x: Quantity, y: Quantity, a: Claim, b: Claim) -> bool:
    """Whether x of a and y of b only met because a bare number does not say what it counts.

    "18 drones, of which 14 were shot down" does not conflict with "14 drones were shot down".
    """
    return any(
        (_bare(one) or _bare(other)) and (one.low, one.high) == (other.low, other.high)
        for one, side in ((x, b), (y, a))
        for other in side.quantities
    )


def _bare(q: Quantity) -> bool:
    # What is "downed" is named elsewhere: drones or missiles.
    return not q.unit and q.role in ("", "downed")


def tighter(x: Quantity, y: Quantity) -> int:
    """1 when x bounds the value more tightly than y, -1 when less, 0 when rough or neither."""
    if x.approximate or y.approximate:
        return 0
    (a, b), (c, d) = _bounds(x), _bounds(y)
    if (a, b) == (c, d):
        return 0
    if c <= a and b <= d:
        return 1
    return -1 if a <= c and d <= b else 0


def _meet(x: DateInterval, y: DateInterval) -> bool:
    shifts = [timedelta(0)]
    if not any(map(str.isdigit, x.text + y.text)):
        # "Friday" may be the last one or the coming one: "tomorrow" tells which.
        shifts += [timedelta(days=7), timedelta(days=-7)]
    return any(
        x.earliest + shift < y.latest + _DATE_SLACK and y.earliest < x.latest + shift + _DATE_SLACK
        for shift in shifts
    )


def left_over(mine: Sequence[DateInterval], theirs: Sequence[DateInterval]) -> list[DateInterval]:
    """The dates of one side that meet no date of the other."""
    return [d for d in mine if not any(_meet(d, t) for t in theirs)]

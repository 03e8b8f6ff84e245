"""Figures: whether the numbers and dates of two claims can be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from math import floor, inf, log10

from alignment.claims import Claim
from alignment.clocks import meet
from alignment.dates import DateInterval
from alignment.quantities import Quantity

#: Roles that any more exact role may fill: "14 people" can be the 14 killed.
_GENERIC_ROLES = frozenset({"", "people"})
#: Roles that tell what befell those that another role names.
_FATES = frozenset({"killed", "wounded", "missing", "captured", "evacuated", "downed", "losses"})
#: Parts of days meet when they are this close: an evening and the night after it are one occasion.
_DATE_SLACK = timedelta(hours=6)
#: Two whole days are one where they share this much: the day after is another, whatever its zone.
_SHARED = timedelta(hours=3)
#: A date is finer than another of which it is less than this part, and which is no single day:
#: that something was in the morning says little more than the day, of news.
_FINER, _COARSE = 2.5, timedelta(days=3)
_DAY = timedelta(hours=23)
#: Smaller values are counted, not rounded.
_ROUND_FROM = 100.0
#: What is further than this part of it from a round number is not rounded to it: 7.5 and 8 billion.
_CLOSE = 0.05
#: Whole numbers up to this one are met anywhere.
_CHANCE = 12
#: Percentage points between a rough share and an exact one: "three quarters" are 74 %.
_POINTS = 2.5
#: How many times its least the most of a number is that a word of quantity stands for.
_VAGUE = 4
#: The least part of the most of a number that "nearly" leaves, and "about" does not.
_NEARLY = 0.85
#: What a unit measures, and how many of the measure's own unit it holds.
_MEASURES: dict[str, tuple[str, float]] = {
    "cm": ("length", 0.01), "m": ("length", 1.0), "km": ("length", 1000.0),
    "mile": ("length", 1609.344), "kg": ("mass", 1.0), "tonne": ("mass", 1000.0),
    "sq_m": ("area", 1.0), "ha": ("area", 10_000.0), "sq_km": ("area", 1_000_000.0),
    "mw": ("power", 1.0), "gw": ("power", 1000.0), "minute": ("time", 1.0),
    "hour": ("time", 60.0), "day": ("time", 1440.0), "week": ("time", 10_080.0),
    "month": ("time", 43_800.0), "year": ("time", 525_600.0),
}  # fmt: skip
#: The unit of a time of day.
CLOCK = "clock"
CURRENCIES = frozenset({"usd", "eur", "gbp", "rub", "uah", "kzt", "pln", "cny", "chf", "tl"})
#: Values of different units agree within this part: who converts, rounds.
_CONVERTED = 0.1


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
        and abs(exact - round_value) <= min(step / 2, _CLOSE * round_value)
        and step * 100 > round_value
    )


def _converted(x: Quantity, y: Quantity) -> bool:
    """Whether the quantities have different units of one measure: miles and kilometres."""
    one, other = _MEASURES.get(x.unit), _MEASURES.get(y.unit)
    return x.unit != y.unit and one is not None and other is not None and one[0] == other[0]


def _in_base(q: Quantity) -> Quantity:
    """The quantity in the own unit of its measure, with the margin that converting leaves."""
    by = _MEASURES[q.unit][1]
    low = None if q.low is None else q.low * by * (1 - _CONVERTED / 2)
    high = None if q.high is None else q.high * by * (1 + _CONVERTED / 2)
    return replace(q, low=low, high=high, unit="", approximate=True)


def other_currency(a: Claim, b: Claim) -> tuple[Quantity, Quantity] | None:
    """One figure in two currencies, where neither side names the currency of the other."""
    for x, y in product(a.quantities, b.quantities):
        units = (x.unit, y.unit)
        if x.unit == y.unit or not CURRENCIES.issuperset(units):
            continue
        if (x.low, x.high) != (y.low, y.high):
            continue  # who converts the sum changes the figure
        mine, theirs = {q.unit for q in a.quantities}, {q.unit for q in b.quantities}
        if x.unit not in theirs and y.unit not in mine:
            return x, y
    return None


def _comparable(x: Quantity, y: Quantity) -> bool:
    """Whether two quantities can be one measure: the same unit, and roles that fit together."""
    if _converted(x, y):
        return x.role == y.role
    told = (x.low, x.high) == (y.low, y.high)
    if x.unit != y.unit:  # "91 to the dollar" and "91 рубль за доллар"
        return told and _telling(x) and any(not (q.unit or q.role) for q in (x, y))
    roles = {x.role, y.role}
    if len(roles) == 1 or (not x.unit and roles & _GENERIC_ROLES):
        return True
    # "14 were shot down" tells what befell the "14 drones" of the other side, and "19 лет" can be
    # an age: told as one figure, these are one.
    lost = "losses" in roles and roles <= _FATES - {"downed", "evacuated"}
    return told and (roles == {"", "age"} or len(roles & _FATES) == 1 or lost)


def _telling(q: Quantity) -> bool:
    """Whether a number is too large or too fine to stand on both sides by chance."""
    value = q.low if q.low is not None else q.high
    return value is not None and (value > _CHANCE or value != int(value))


def agree(x: Quantity, y: Quantity, a: Claim, b: Claim) -> bool:
    """Whether x of claim a and y of claim b can be one value.

    Two exact "at least" are compared as figures; times of day as their zones allow.
    """
    if x.unit == y.unit == CLOCK:
        return meet(x, y, a, b) is not None
    if _converted(x, y):
        x, y = _in_base(x), _in_base(y)
    (low, high), (least, most) = _bounds(x), _bounds(y)
    rough = x.approximate or y.approximate
    if not rough and (high == most == inf or low == least == -inf):
        values = (low, least) if high == inf else (high, most)
    elif low <= most and least <= high:
        return True
    elif low == high and least == most:
        values = (low, least)
    else:
        return False
    if rough and x.unit == y.unit == "percent" and abs(values[0] - values[1]) <= _POINTS:
        return True
    return values[0] == values[1] or _rounded(*values) or _rounded(values[1], values[0])


def pair(
    a: Claim, b: Claim
) -> tuple[list[tuple[Quantity, Quantity]], list[Quantity], list[Quantity]]:
    """Quantities paired by role, agreeing ones first, and those left over on each side."""
    options = [
        (not agree(x, y, a, b), x.role != y.role, abs(i - j), i, j)
        for i, x in enumerate(a.quantities)
        for j, y in enumerate(b.quantities)
        if _comparable(x, y) and (not _converted(x, y) or agree(x, y, a, b) or _alone(x, a, b))
    ]
    left, right = set(range(len(a.quantities))), set(range(len(b.quantities)))
    pairs = []
    for _, _, _, i, j in sorted(options):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((a.quantities[i], b.quantities[j]))
    return pairs, [a.quantities[i] for i in sorted(left)], [b.quantities[j] for j in sorted(right)]


def _alone(x: Quantity, a: Claim, b: Claim) -> bool:
    """Whether each side measures one thing of this kind, so that two units are one quantity.

    Spans of time never are: an attack of three hours and a day without power stand in one story.
    """
    kind = _MEASURES[x.unit][0]
    sides = ([q for q in c.quantities if _MEASURES.get(q.unit, ("",))[0] == kind] for c in (a, b))
    return kind != "time" and all(len(side) == 1 for side in sides)


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
    """1 when x bounds the value more tightly than y, -1 when less, 0 when rough or neither.

    A share in words, "a fifth", is looser than one in figures that it stands for, and "several" or
    "dozens" than any figure.
    """
    if x.unit == y.unit == "percent" and (x.low, x.high) != (y.low, y.high):
        written = [any(map(str.isdigit, q.text)) for q in (x, y)]
        if written[0] != written[1]:
            apart = abs(sum(_bounds(x)) - sum(_bounds(y))) / 2
            return 0 if apart < 1 else written[0] - written[1]  # "two thirds" are 67 %
    if _vague(x) != _vague(y):
        return 1 if _vague(y) else -1
    if x.unit == y.unit and x.approximate != y.approximate:
        rough, exact = (x, y) if x.approximate else (y, x)
        return 0 if _centred(rough, exact) else 1 if y is rough else -1
    if x.approximate or y.approximate or x.unit != y.unit:
        return 0
    (a, b), (c, d) = _bounds(x), _bounds(y)
    if (a, b) == (c, d):
        return 0
    if c <= a and b <= d:
        return 1
    return -1 if a <= c and d <= b else 0


def _centred(rough: Quantity, exact: Quantity) -> bool:
    """Whether a rough number names the exact one: "about 20", "nearly 20" and "20"."""
    if exact.low is None or exact.low != exact.high or rough.low is None or rough.high is None:
        return True
    if rough.low > _NEARLY * rough.high:  # "nearly 20" goes up to 20 only
        return exact.low == rough.high
    middle = (rough.low + rough.high) / 2
    return exact.low == rough.high or abs(exact.low - middle) < (rough.high - rough.low) / 20


def _vague(q: Quantity) -> bool:
    """Whether a word of quantity stands for the number: "several", "десятки"."""
    return q.approximate and (q.high is None or q.low is None or q.high > _VAGUE * q.low)


def _meet(x: DateInterval, y: DateInterval) -> bool:
    shifts = [timedelta(0)]
    worded = [not any(map(str.isdigit, d.text)) for d in (x, y)]
    if any(worded):
        # "Friday" may be the last one or the coming one: "tomorrow" and "25 March" tell which.
        shifts += [timedelta(days=7)] if worded[0] else []
        shifts += [timedelta(days=-7)] if worded[1] else []
    return any(_overlap(x, y, shift) for shift in shifts)


def finer(mine: Sequence[DateInterval], theirs: Sequence[DateInterval]) -> int:
    """1 where the only date of one side lies well within the other's, -1 the other way, 0 else."""
    if len(mine) != 1 or len(theirs) != 1 or not _meet(mine[0], theirs[0]):
        return 0
    lengths = [d.latest - d.earliest for d in (mine[0], theirs[0])]
    if max(lengths) < _FINER * min(lengths) or max(lengths) < _COARSE:
        return 0
    return 1 if lengths[0] < lengths[1] else -1


def _overlap(x: DateInterval, y: DateInterval, shift: timedelta) -> bool:
    opening, closing = max(x.earliest + shift, y.earliest), min(x.latest + shift, y.latest)
    if min(x.latest - x.earliest, y.latest - y.earliest) < _DAY:
        return opening < closing + _DATE_SLACK
    return closing - opening >= _SHARED


def left_over(mine: Sequence[DateInterval], theirs: Sequence[DateInterval]) -> list[DateInterval]:
    """The dates of one side that meet no date of the other."""
    return [d for d in mine if not any(_meet(d, t) for t in theirs)]

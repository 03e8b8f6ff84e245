"""Clocks: times of day as worded, and whether two can be one moment told in two zones.

Outlets tell the time in their own zone and seldom name it. So two times that lie whole hours apart
are one moment only where zones account for exactly that difference: zones that the sides name,
else those of the languages (Moscow, Kyiv, UTC) and of the places that the claims name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from alignment.claims import Claim
from alignment.quantities import Quantity
from alignment.tokens import tokenise
from alignment.zones import Zone, named_zones, zones

#: Hours between two readings of one clock, exact ones and rough ones ("around 14:00").
_NEAR, _ROUGH = 0.2, 0.5
_DAY = 24.0
#: Moments of both halves of the year, for claims that name no date: clocks are put forward.
_SEASONS = (datetime(2025, 1, 15, tzinfo=UTC), datetime(2025, 7, 15, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two times of one moment; `zones` are the two that account for the hours between, or None."""

    zones: tuple[str, str] | None


def _named(q: Quantity, language: str) -> Zone | None:
    """The zone that a time names, "11:40 мск"; None where it names none."""
    found = named_zones(language).scan(tokenise(q.text))
    return zones()[found[0].entry] if found else None


def _possible(claim: Claim, places: frozenset[str]) -> list[Zone]:
    """The zones a claim's times may be told in where they name none."""
    return [z for z in zones().values() if z.language == claim.language or z.places & places]


def _hours(q: Quantity) -> float:
    value = q.low if q.low is not None else q.high
    return value if value is not None else 0.0


def _apart(x: float, y: float) -> float:
    """Hours between two readings of a clock, the shorter way round."""
    apart = abs(x - y) % _DAY
    return min(apart, _DAY - apart)


def meet(x: Quantity, y: Quantity, a: Claim, b: Claim) -> Meeting | None:
    """How the time x of claim a and the time y of claim b are one moment, None where they are not.

    One reading of the clock is one moment unless both sides name zones that say otherwise.
    """
    near = _ROUGH if x.approximate or y.approximate else _NEAR
    first, second = _hours(x), _hours(y)
    told_x, told_y = _named(x, a.language), _named(y, b.language)
    if _apart(first, second) < near and (told_x is None or told_y is None or told_x == told_y):
        return Meeting(None)
    places = frozenset((*a.places, *b.places))
    moments = [d.earliest for d in (*a.dates, *b.dates)] or list(_SEASONS)
    for one, other in product(
        [told_x] if told_x else _possible(a, places), [told_y] if told_y else _possible(b, places)
    ):
        if one == other:
            continue
        for moment in moments:
            if _apart(first - one.ahead(moment), second - other.ahead(moment)) < near:
                return Meeting((one.name, other.name))
    return None

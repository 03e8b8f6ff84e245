"""Compounds: one quantity told in two units, "2 метра 1 сантиметр", "two years and six months"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from alignment.tokens import Tokens

if TYPE_CHECKING:
    from alignment.quantities import Quantity

#: How many of the smaller unit make one of the larger.
_PARTS = {
    ("m", "cm"): 100.0, ("km", "m"): 1000.0, ("tonne", "kg"): 1000.0, ("year", "month"): 12.0,
    ("week", "day"): 7.0, ("day", "hour"): 24.0, ("hour", "minute"): 60.0,
}  # fmt: skip
_AND = frozenset({"", "and", "и", "і", "й", "та"})


def joined(found: Sequence[Quantity], tokens: Tokens) -> list[Quantity]:
    """The quantities, each two that make one put together in the larger unit."""
    out: list[Quantity] = []
    for q in found:
        whole = _together(out[-1], q, tokens) if out else None
        if whole is None:
            out.append(q)
        else:
            out[-1] = whole
    return out


def _together(x: Quantity, y: Quantity, tokens: Tokens) -> Quantity | None:
    parts = _PARTS.get((x.unit, y.unit))
    between = tokens.text[x.end - tokens.offset : y.start - tokens.offset].strip().lower()
    if parts is None or between not in _AND or x.low is None or x.low != x.high:
        return None
    if y.low is None or y.low != y.high or y.low >= parts:
        return None
    value = x.low + y.low / parts
    text = tokens.text[x.start - tokens.offset : y.end - tokens.offset]
    return replace(x, end=y.end, text=text, low=round(value, 6), high=round(value, 6))

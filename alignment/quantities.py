"""Quantities in a text: values with bounds, unit and what is counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as worded: `low`/`high` bound its value, None where the text leaves it open.

    `unit` is a language-neutral measure ("km", "usd", "percent") or "" for a count; `role` says
    what is counted or measured ("killed", "wounded", "drones", …) or "" where no noun tells.
    """

    start: int
    end: int
    text: str
    low: float | None
    high: float | None
    unit: str = ""
    role: str = ""
    approximate: bool = False


def quantities(text: str, language: str, offset: int = 0) -> list[Quantity]:
    """The quantities of a text, in order; offsets are shifted by `offset`."""
    return []

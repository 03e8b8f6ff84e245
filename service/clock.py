"""Times of day as they are stored, in the form in which people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alignment.figures import CLOCK


def of(quantity: Mapping[str, Any]) -> str | None:
    """The time of day that a stored quantity is, as HH:MM; None where it is something else."""
    hours = quantity.get("low")
    if quantity.get("unit") != CLOCK or hours is None:
        return None
    hour, minute = divmod(round(hours * 60), 60)
    return f"{hour:02d}:{minute:02d}"

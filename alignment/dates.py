"""Dates in a text, resolved against the publication date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DateInterval:
    """A date as worded, and the half-open stretch of time it names (aware datetimes in UTC)."""

    start: int
    end: int
    text: str
    earliest: datetime
    latest: datetime


def dates(
    text: str,
    language: str,
    published_at: datetime | None,
    *,
    offset: int = 0,
    zone: str = "Europe/Kyiv",
) -> list[DateInterval]:
    """The dates of a text, in order; relative ones need `published_at` and are left out without it."""
    return []

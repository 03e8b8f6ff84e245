"""Zones: the clocks that times of day are told by, and the words that name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from alignment.lexicon import LANGUAGES, Phrases, grammar, read


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the lexicon: its name for readers, its clock, who goes by it."""

    name: str
    clock: ZoneInfo
    language: str
    places: frozenset[str]

    def ahead(self, moment: datetime) -> float:
        """Hours by which the zone's clocks are ahead of UTC."""
        offset = self.clock.utcoffset(moment.astimezone(self.clock))
        return offset.total_seconds() / 3600 if offset is not None else 0.0


@cache
def zones() -> dict[str, Zone]:
    """The zones of the lexicon by name."""
    return {
        name: Zone(
            name,
            ZoneInfo(entry["iana"]),
            entry["language"],
            frozenset(f"place:{place}" for place in entry["places"].split()),
        )
        for name, entry in read("zones").items()
    }


@cache
def named_zones(language: str) -> Phrases:
    """The words by which a time of day names its zone; the entry is the zone's name."""
    phrases = grammar(language).phrases()
    for name, entry in read("zones").items():
        phrases.add_all(entry["words"][LANGUAGES.index(language)], name)
    return phrases

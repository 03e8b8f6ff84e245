"""A wording as one claim, for tests of relations between wordings that people judged as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alignment.claims import Claim, Sentence, extract

_LISTS = ("hedges", "negations", "quantities", "dates", "entities", "quotes", "terms")


def whole(text: str, language: str, published_at: datetime) -> Claim:
    """The claim that most of a wording makes, with what its other claims hold as well."""
    found = extract([Sentence(text, language, 0, 0)], published_at=published_at)
    most = max(found, key=lambda claim: len(claim.text))
    start, end = found[0].start, max(claim.end for claim in found)
    return replace(
        most,
        start=start,
        end=end,
        text=text[start:end],
        places=tuple(dict.fromkeys(place for claim in found for place in claim.places)),
        **{name: tuple(one for claim in found for one in getattr(claim, name)) for name in _LISTS},
    )

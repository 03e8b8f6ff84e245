"""The stretch of a translation that says what a stretch of its source says."""

from __future__ import annotations

from models.room import Claim, Room
from models.wordlinks import Span, WordLinks


def stretch(source: str, start: int, end: int, target: str, probe: str = "") -> Span:
    """Offsets in `target`, the translation of `source`, of what `source[start:end]` became.

    `probe` are the words of the stretch translated alone, if anything translates them: what they
    share with the target tells most. Without, words that are alike in both languages and the place
    in the sentence decide, so that the answer is an estimate.
    """
    room = Room(WordLinks(source, target))
    found = room.within(0, len(target)).take(Claim(start, end, probe=probe))
    return found if found is not None else (0, len(target))

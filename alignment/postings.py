"""Postings: which open events hold a term, newest last, and how rare the term is among them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

POSTINGS = 64  # newest events kept for one term: bounds the work for common terms
LOOKED_UP = 640  # events met in postings, rarest term first, from which no other term is looked up
PRIOR = 100  # events imagined without any shared term, so that a stream's first ones can be told


class Postings:
    """An inverted index of terms whose work for one article has a bound.

    `spread` counts the open events of a term, exactly. Of a common term only the `POSTINGS` newest
    events are kept, closed ones among them until newer push them out: whoever looks up checks.
    """

    def __init__(self) -> None:
        self._spread: dict[str, int] = {}
        self._events: dict[str, list[str]] = {}

    def add(self, term: str, event: str) -> None:
        """An event holds the term from now on."""
        self._spread[term] = self._spread.get(term, 0) + 1
        self._post(term, event)

    def drop(self, terms: Iterable[str]) -> None:
        """An event that held these terms is closed or holds them no longer."""
        for term in terms:
            left = self._spread.get(term, 0) - 1
            if left > 0:
                self._spread[term] = left
            else:
                self._spread.pop(term, None)
                self._events.pop(term, None)

    def move(self, terms: Iterable[str], into: str) -> None:
        """What held these terms is another event from now on; how many hold them stays."""
        for term in terms:
            self._post(term, into)

    def _post(self, term: str, event: str) -> None:
        held = self._events.get(term)
        if held is None:
            self._events[term] = [event]
            return
        held.append(event)
        if len(held) > POSTINGS:
            del held[0]

    def rarities(self, terms: Iterable[str], events: int) -> dict[str, float]:
        """Inverse event frequency of each term among `events` open ones and `PRIOR`, 0…1."""
        total = events + PRIOR
        top, scale = math.log(total), 1.0 / math.log(2 * total)
        spread, log = self._spread.get, math.log
        return {term: (top - log(spread(term, 0) + 0.5)) * scale for term in terms}

    def votes(
        self, terms: frozenset[str], keys: frozenset[str], rarity: Mapping[str, float], most: int
    ) -> tuple[dict[str, float], float]:
        """The summed rarity of shared terms by event, and what an event with all would have.

        Only the `most` rarest keys and as many of the rarest other terms are looked up, and fewer
        where that has met `LOOKED_UP` events: what is left then is the most common.
        """
        spread = self._spread
        known = [term for term in terms if term in spread]
        ordered = sorted((spread[term], term) for term in known)
        rarest = [pair for pair in ordered if pair[1] in keys][:most]
        rarest += [pair for pair in ordered if pair[1] not in keys][: 2 * most - len(rarest)]
        votes: dict[str, float] = {}
        whole, met = 0.0, 0
        for _, term in sorted(rarest):
            weight = rarity[term]
            whole += weight
            if met >= LOOKED_UP:
                continue
            held = self._events.get(term, ())
            met += len(held)
            for event in held:
                votes[event] = votes.get(event, 0.0) + weight
        return votes, whole

    def __len__(self) -> int:
        """How many terms are held."""
        return len(self._spread)

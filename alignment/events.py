"""Events: an online grouping of articles in three languages; the cost of one does not grow."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import nsmallest
from typing import TYPE_CHECKING

import numpy as np

from alignment.article import LEAD, Article, Reading, read_article
from alignment.copies import CopyIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where an article went.

    `event` is a stable id (the key of its first article, prefixed); `created` says the article
    opened it. `copy_of` is the article this one repeats (syndication). `merged` lists event ids
    that now redirect to `event`. `parts` says what spoke for it. `runner_up` is the next best
    event.
    """

    article: str
    event: str
    probability: float
    created: bool
    copy_of: str | None = None
    merged: tuple[str, ...] = ()
    parts: dict[str, float] | None = None
    runner_up: str | None = None
    runner_up_probability: float = 0.0


TOLD = 64  # rarest terms of an article that are looked for in an event
__all__ = ["Article", "Assignment", "EventStream", "StreamOptions"]

POSTINGS = 64  # newest events kept for one index term: bounds the work for common terms
TERMS = 16  # rarest terms of an article that look up candidates
CANDIDATES = 16  # events from each index that are scored in full for one article
PRIOR = 100  # events imagined without any shared term, so that a stream's first ones can be told
COARSE = 64  # columns of the random projection that finds candidates by vector

# Chosen on the sample coverage and the judged pairs of the open sets, in the middle of a plateau.
# "tongue" answers for what articles of one language share anyway; "size" tightens as a group grows.
WEIGHTS: dict[str, float] = {
    "bias": -2.95, "vector": 6.0, "terms": 7.5, "keys": 0.9, "tongue": -4.66,
    "age": -0.03, "size": -0.25,
}  # fmt: skip
WITHOUT_VECTORS: dict[str, float] = {
    "bias": -3.4, "terms": 8.0, "keys": 2.2, "tongue": -3.0, "age": -0.03, "size": -0.25,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How an `EventStream` decides.

    `window` is how long an event stays open after its last article; `active` the most events held
    at once (the longest silent close first). `join` is the probability from which an article joins
    and `merge` that from which two events become one. `bare` weights serve articles without a
    vector.
    """

    window: timedelta = timedelta(days=14)
    active: int = 20_000
    join: float = 0.5
    merge: float = 0.5
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    bare: Mapping[str, float] = field(default_factory=lambda: WITHOUT_VECTORS)


@dataclass(slots=True)
class _Event:
    """An open event: sums over its original articles, and the rows it holds in the stream."""

    key: str
    slot: int
    size: int
    first: float
    last: float
    terms: Counter[str]
    keys: Counter[str]
    languages: Counter[str]
    originals: list[str]


class EventStream:
    """Groups articles as they come; only the active window is in memory.

    Articles may come in any order of time, best in order of publication. Candidates come from an
    inverted index of terms with bounded postings and from the vectors of open events, so that the
    cost of one article depends on the window, never on the archive. `rebuild` restores the state
    from stored articles and their event ids without changing any id.
    """

    def __init__(self, options: StreamOptions | None = None) -> None:
        self.options = options or StreamOptions()
        self._events: dict[str, _Event] = {}
        self._redirects: dict[str, str] = {}
        self._copies = CopyIndex()
        self._home: dict[str, str] = {}
        self._postings: dict[str, deque[str]] = {}
        self._spread: Counter[str] = Counter()
        self._vectors: NDArray[np.float32] | None = None
        self._vector_norms = np.ones(0, dtype=np.float32)
        self._projection = np.zeros((0, COARSE), dtype=np.float32)
        self._coarse = np.zeros((0, COARSE), dtype=np.float32)
        self._owner: list[str] = []
        self._free: list[int] = []
        self._now = -math.inf
        self._swept = -math.inf

    # -- what callers use ---------------------------------------------------------------------

    def assign(self, article: Article) -> Assignment:
        """The event of one article; opens a new one when nothing fits.

        Raises ValueError for a date without a time zone or vectors of another length.
        """
        reading = self._read(article)
        self._advance(reading.hours)
        original = self._copies.add(article.key, f"{article.title}\n{article.lead}"[:LEAD])
        if original is not None and original in self._home:
            event = self.resolve(self._home[original])
            self._touch(event, reading.hours)
            return Assignment(article.key, event, 1.0, created=False, copy_of=original)
        ranked = self._ranked(reading)
        if ranked and ranked[0][0] >= self.options.join:
            probability, key, parts = ranked[0]
            self._add(self._events[key], article.key, reading)
            key, merged = self._merge_twins(
                key, [row[1] for row in ranked[1:4] if row[0] >= self.options.join / 2]
            )
            runner = next(
                (row for row in ranked[1:] if row[1] in self._events and row[1] != key), None
            )
            return Assignment(
                article.key, key, probability, created=False, merged=tuple(merged), parts=parts,
                runner_up=runner[1] if runner else None,
                runner_up_probability=runner[0] if runner else 0.0,
            )  # fmt: skip
        key = self._open(f"event:{article.key}", article.key, reading)
        best = ranked[0] if ranked else None
        return Assignment(
            article.key, key, 1.0 - (best[0] if best else 0.0), created=True, parts={},
            runner_up=best[1] if best else None, runner_up_probability=best[0] if best else 0.0,
        )  # fmt: skip

    def resolve(self, event: str) -> str:
        """The event id that `event` redirects to after merges (itself when none)."""
        seen = set()
        while event in self._redirects and event not in seen:
            seen.add(event)
            event = self._redirects[event]
        return event

    @property
    def redirects(self) -> dict[str, str]:
        """Every id that was merged away and the id that stands for it now."""
        return {old: self.resolve(old) for old in self._redirects}

    def merge(self, event: str, into: str) -> None:
        """Merges two events, an analyst's word included: `event` redirects to `into`."""
        event, into = self.resolve(event), self.resolve(into)
        if event == into:
            return
        self._redirects[event] = into
        if event in self._events and into in self._events:
            gone, kept = self._events.pop(event), self._events[into]
            if self._vectors is not None:
                self._vectors[kept.slot] += self._vectors[gone.slot]
            self._measure(kept.slot)
            kept.size += gone.size
            kept.first, kept.last = min(kept.first, gone.first), max(kept.last, gone.last)
            for term in gone.terms:
                if term in kept.terms:
                    self._forget_term(term)
                else:
                    self._post(term, into)
            kept.terms.update(gone.terms)
            kept.keys.update(gone.keys)
            kept.languages.update(gone.languages)
            kept.originals += gone.originals
            self._release(gone.slot)
        elif event in self._events:
            # The event that stays is closed: it takes over the open one's state under its own id.
            self._events[into] = self._events.pop(event)
            self._events[into].key = into
            self._owner[self._events[into].slot] = into
            for term in self._events[into].terms:
                self._post(term, into)

    @classmethod
    def rebuild(
        cls,
        stored: Iterable[tuple[Article, str]],
        redirects: Mapping[str, str] | None = None,
        options: StreamOptions | None = None,
    ) -> EventStream:
        """The stream as it was, from stored articles with their event ids, oldest first."""
        stream = cls(options)
        stream._redirects.update(redirects or {})
        for article, stated in stored:
            reading = stream._read(article)
            stream._advance(reading.hours)
            event = stream.resolve(stated)
            text = f"{article.title}\n{article.lead}"[:LEAD]
            if stream._copies.add(article.key, text) is not None:
                stream._touch(event, reading.hours)
            elif event in stream._events:
                stream._add(stream._events[event], article.key, reading)
            else:
                stream._open(event, article.key, reading)
        return stream

    def __len__(self) -> int:
        """How many events are open."""
        return len(self._events)

    # -- reading an article -------------------------------------------------------------------

    def _read(self, article: Article) -> Reading:
        reading, held = read_article(article), self._vectors
        vector = reading.vector
        if vector is not None and held is not None and vector.shape != held.shape[1:]:
            message = (
                f"Article {article.key!r} has a vector of {len(vector)} numbers, the stream "
                f"holds {held.shape[1]}; encode all with one encoder."
            )
            raise ValueError(message)
        return reading

    # -- candidates and their probability -----------------------------------------------------

    def _ranked(self, reading: Reading) -> list[tuple[float, str, dict[str, float]]]:
        """Candidate events, likeliest first (ties: by name)."""
        found = self._candidates(reading)
        if not found:
            return []
        scored = self._scored(reading, found)
        scored.sort(key=lambda row: (-row[0], row[1]))
        return scored

    def _candidates(self, reading: Reading) -> list[str]:
        votes: dict[str, float] = defaultdict(float)
        known = reading.terms & self._postings.keys()
        rarest = nsmallest(
            TERMS, known, key=lambda term: (term not in reading.keys, self._spread[term], term)
        ) + nsmallest(TERMS, known - reading.keys, key=lambda term: (self._spread[term], term))
        for term in rarest:
            weight = self._rarity(term)
            for key in self._postings.get(term, ()):
                if key in self._events:
                    votes[key] += weight
        best = nsmallest(CANDIDATES, votes, key=lambda key: (-votes[key], key))
        if reading.vector is not None and self._vectors is not None and self._events:
            alike = self._coarse @ (reading.vector @ self._projection)
            count = min(CANDIDATES, len(alike))
            held = set(best)
            for slot in np.sort(np.argpartition(-alike, count - 1)[:count]):
                owner = self._owner[slot]
                if owner and owner not in held:
                    best.append(owner)
        return best

    def _rarity(self, term: str) -> float:
        """Inverse event frequency of a term among open events and `PRIOR` unseen ones, 0…1."""
        total = len(self._events) + PRIOR
        return math.log(total / (self._spread[term] + 0.5)) / math.log(2 * total)

    def _scored(
        self, reading: Reading, found: list[str]
    ) -> list[tuple[float, str, dict[str, float]]]:
        """The probability of each event for an article, with its parts."""
        events = [self._events[key] for key in found]
        slots = np.array([event.slot for event in events])
        vector = None
        if reading.vector is not None and self._vectors is not None:
            vector = (self._vectors[slots] @ reading.vector) / self._vector_norms[slots]
        weights = self.options.bare if vector is None else self.options.weights
        rarity = {term: self._rarity(term) for term in reading.terms}
        told = sorted(rarity, key=lambda term: (-rarity[term], term))[:TOLD]
        squares = {term: rarity[term] ** 2 for term in told}
        whole = sum(squares.values()) or 1.0
        scored = []
        for place, event in enumerate(events):
            shared = 0.0
            for key in reading.keys & event.keys.keys():
                shared += rarity[key] * (0.5 + 0.5 * min(1.0, event.keys[key] / event.size))
            found_again = sum(
                squares[term] * min(1.0, 1.5 * event.terms[term] / event.size)
                for term in squares.keys() & event.terms.keys()
            )
            parts = {
                "bias": weights["bias"],
                "terms": weights["terms"] * math.sqrt(found_again / whole),
                "tongue": weights["tongue"] * event.languages[reading.language] / event.size,
                "keys": weights["keys"] * math.log1p(shared),
                "age": weights["age"] * self._apart(reading.hours, event),
                "size": weights["size"] * math.log(event.size),
            }
            if vector is not None:
                parts["vector"] = weights["vector"] * float(vector[place])
            total = sum(parts.values())
            probability = 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))
            scored.append((probability, event.key, parts))
        return scored

    @staticmethod
    def _apart(hours: float, event: _Event) -> float:
        """Hours between an article and the span of an event (0 inside it)."""
        return max(0.0, event.first - hours, hours - event.last)

    # -- state --------------------------------------------------------------------------------

    def _add(self, event: _Event, article: str, reading: Reading) -> None:
        if reading.vector is not None and self._vectors is None:
            width = len(reading.vector)
            self._vectors = np.zeros((len(self._owner), width), dtype=np.float32)
            self._coarse = np.zeros((len(self._owner), COARSE), dtype=np.float32)
            random = np.random.default_rng(width).standard_normal((width, COARSE))
            self._projection = random.astype(np.float32)
        if self._vectors is not None and reading.vector is not None:
            self._vectors[event.slot] += reading.vector
        self._measure(event.slot)
        event.size += 1
        event.first, event.last = min(event.first, reading.hours), max(event.last, reading.hours)
        event.keys.update(reading.keys)
        event.languages[reading.language] += 1
        for term in reading.terms:
            if term not in event.terms:
                self._spread[term] += 1
                self._post(term, event.key)
            event.terms[term] += 1
        event.originals.append(article)
        self._home[article] = event.key

    def _open(self, key: str, article: str, reading: Reading) -> str:
        if len(self._events) >= self.options.active:
            self._close(min(self._events.values(), key=lambda event: event.last))
        event = _Event(
            key,
            self._take_slot(key),
            0,
            reading.hours,
            reading.hours,
            Counter(),
            Counter(),
            Counter(),
            [],
        )
        self._events[key] = event
        self._add(event, article, reading)
        return key

    def _touch(self, key: str, hours: float) -> None:
        event = self._events.get(key)
        if event:
            event.last = max(event.last, hours)

    def _take_slot(self, key: str) -> int:
        if not self._free:
            old = len(self._owner)
            more = max(64, old)
            ones = np.ones(more, dtype=np.float32)
            self._vector_norms = np.concatenate([self._vector_norms, ones])
            if self._vectors is not None:
                extra = np.zeros((more, self._vectors.shape[1]), dtype=np.float32)
                self._vectors = np.concatenate([self._vectors, extra])
                coarse = np.zeros((more, COARSE), dtype=np.float32)
                self._coarse = np.concatenate([self._coarse, coarse])
            self._owner += [""] * more
            self._free = list(range(old + more - 1, old - 1, -1))
        slot = self._free.pop()
        self._owner[slot] = key
        return slot

    def _release(self, slot: int) -> None:
        if self._vectors is not None:
            self._vectors[slot] = 0.0
        self._measure(slot)
        self._owner[slot] = ""
        self._free.append(slot)

    def _measure(self, slot: int) -> None:
        """Refreshes the norms of one slot (1 for an empty one)."""
        if self._vectors is not None:
            self._vector_norms[slot] = float(np.linalg.norm(self._vectors[slot])) or 1.0
            self._coarse[slot] = (self._vectors[slot] / self._vector_norms[slot]) @ self._projection

    def _post(self, term: str, key: str) -> None:
        self._postings.setdefault(term, deque(maxlen=POSTINGS)).append(key)

    def _forget_term(self, term: str) -> None:
        self._spread[term] -= 1
        if self._spread[term] <= 0:
            del self._spread[term]
            self._postings.pop(term, None)

    def _close(self, event: _Event) -> None:
        """Lets an event leave memory; its id stays valid for the caller's store."""
        del self._events[event.key]
        for term in event.terms:
            self._forget_term(term)
        for article in event.originals:
            self._copies.forget(article)
            self._home.pop(article, None)
        self._release(event.slot)

    def _advance(self, hours: float) -> None:
        """Moves the clock on and, once an hour of it, closes what fell out of the window."""
        self._now = max(self._now, hours)
        if self._now - self._swept < 1.0:
            return
        self._swept = self._now
        oldest = self._now - self.options.window.total_seconds() / 3600.0
        for event in [event for event in self._events.values() if event.last < oldest]:
            self._close(event)

    def _merge_twins(self, key: str, others: list[str]) -> tuple[str, list[str]]:
        """Merges candidates that are the same event as `key`.

        The larger event keeps its id (of two alike the older). Returns the id that stays and those
        that now redirect.
        """
        merged: list[str] = []
        for other in others:
            if other not in self._events:
                continue
            one, two = self._events[key], self._events[other]
            if self._same(one, two) < self.options.merge:
                continue
            stays, goes = sorted(
                (one, two), key=lambda event: (-event.size, event.first, event.key)
            )
            key = stays.key
            merged.append(goes.key)
            self.merge(goes.key, stays.key)
        return key, [gone for gone in merged if gone != key]

    def _same(self, a: _Event, b: _Event) -> float:
        """The probability that two events are one: the smaller read as an article of the larger."""
        small, large = sorted((a, b), key=lambda event: (event.size, event.key))
        vector = None
        if self._vectors is not None and self._vectors[small.slot].any():
            vector = self._vectors[small.slot] / self._vector_norms[small.slot]
        reading = Reading(
            small.languages.most_common(1)[0][0] if small.languages else "",
            vector,
            frozenset(small.terms),
            frozenset(small.keys),
            min(max((small.first + small.last) / 2, large.first), large.last)
            if small.first <= large.last and large.first <= small.last
            else (small.first if small.first > large.last else small.last),
        )
        return self._scored(reading, [large.key])[0][0]

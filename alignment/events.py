"""Events: an online grouping of articles in three languages; the cost of one does not grow."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING

from alignment.article import LEAD, Article, Reading, read_article
from alignment.centroids import Centroids
from alignment.copies import CopyIndex
from alignment.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
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


__all__ = ["Article", "Assignment", "EventStream", "StreamOptions"]

TERMS = 16  # rarest keys of an article that look up candidates, and as many other terms
CANDIDATES = 16  # events from each index that are looked at for one article
SCORED = 8  # of these, those that are scored in full
TOLD = 64  # rarest terms of an article that are looked for in an event
GROWN = 8  # articles of an event that is no longer merged into a larger one, unless by hand
CLOCK = 15  # articles whose median date is "now": one with a wrong date closes nothing

# Chosen on the sample coverage and the judged pairs of the open sets, in the middle of a plateau.
# "tongue" answers for what articles of one language share anyway; "size" tightens as a group grows.
WEIGHTS: dict[str, float] = {
    "bias": -3.15, "vector": 6.2, "terms": 7.5, "keys": 0.9, "tongue": -4.66,
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
    """An open event: sums over its original articles, which are there with their hours."""

    key: str
    size: int
    first: float
    last: float
    terms: Counter[str]
    keys: Counter[str]
    languages: Counter[str]
    originals: dict[str, float]


class EventStream:
    """Groups articles as they come; only the active window is in memory.

    Articles may come in any order of time, best in order of publication. Candidates come from an
    inverted index with bounded postings and from the vectors of the events told last, a few of them
    are scored in full, and what fell out of the window leaves memory: the cost of one article has
    a bound that depends neither on the archive nor on how many events are open. `rebuild` restores
    the state from stored articles and their event ids without changing any id.
    """

    def __init__(self, options: StreamOptions | None = None) -> None:
        self.options = options or StreamOptions()
        self._window = self.options.window.total_seconds() / 3600.0
        self._events: OrderedDict[str, _Event] = OrderedDict()  # the one told last is last
        self._redirects: dict[str, str] = {}
        self._copies = CopyIndex()
        self._home: dict[str, str] = {}
        self._postings = Postings()
        self._centroids = Centroids()
        self._times: deque[float] = deque(maxlen=CLOCK)
        self._swept = -math.inf
        self._held = (-math.inf, math.inf)

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
        key = self._open(self._name(article.key), article.key, reading)
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
            self._centroids.merge(event, into)
            kept.size += gone.size
            kept.first, kept.last = min(kept.first, gone.first), max(kept.last, gone.last)
            self._postings.drop(term for term in gone.terms if term in kept.terms)
            self._postings.move((term for term in gone.terms if term not in kept.terms), into)
            kept.terms.update(gone.terms)
            kept.keys.update(gone.keys)
            kept.languages.update(gone.languages)
            kept.originals.update(gone.originals)
            self._events.move_to_end(into)
        elif event in self._events:
            # The event that stays is closed: it takes over the open one's state under its own id.
            held = self._events[into] = self._events.pop(event)
            held.key = into
            self._centroids.merge(event, into)
            self._postings.move(held.terms, into)

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
            stream.keep(article, stated)
        stream._sweep()  # only now: what is stored may have arrived in any order of time
        return stream

    def keep(self, article: Article, event: str, merged: Iterable[str] = ()) -> None:
        """Puts an article where it is known to be; `merged` are events that this made one with it.

        Nothing closes, and no id changes.
        """
        for gone in merged:
            self.merge(gone, event)
        reading = self._read(article)
        self._times.append(reading.hours)
        event = self.resolve(event)
        text = f"{article.title}\n{article.lead}"[:LEAD]
        if self._copies.add(article.key, text) is not None:
            self._touch(event, reading.hours)
        elif event in self._events:
            self._add(self._events[event], article.key, reading)
        else:
            self._open(event, article.key, reading)

    @property
    def held(self) -> tuple[float, float]:
        """The hours (since 1970) between which no event was closed for its time."""
        return self._held

    def withdraw(self, article: Article) -> bool:
        """Takes an original article out of its event again, which closes when it was alone there.

        It must be the article as it was assigned. False where it is not in memory as an original: a
        copy, or one of a closed event.
        """
        event = self._events.get(self.resolve(self._home.get(article.key, "")))
        if event is None or article.key not in event.originals:
            return False
        if len(event.originals) == 1:
            self._close(event)
            return True
        reading = self._read(article)
        del self._home[article.key], event.originals[article.key]
        self._copies.forget(article.key)
        event.size -= 1
        for held, said in ((event.terms, reading.terms), (event.keys, reading.keys)):
            held.subtract(term for term in said if held[term] > 0)
        self._postings.drop(term for term, count in event.terms.items() if count <= 0)
        event.terms, event.keys = +event.terms, +event.keys
        event.languages[reading.language] -= 1
        if reading.vector is not None:
            self._centroids.subtract(event.key, reading.vector)
        event.first, event.last = min(event.originals.values()), max(event.originals.values())
        return True

    def __len__(self) -> int:
        """How many events are open."""
        return len(self._events)

    # -- candidates and their probability -----------------------------------------------------

    def _read(self, article: Article) -> Reading:
        reading, width = read_article(article), self._centroids.width
        vector = reading.vector
        if vector is not None and width is not None and vector.shape != (width,):
            message = (
                f"Article {article.key!r} has a vector of {len(vector)} numbers, the stream "
                f"holds {width}; encode all with one encoder."
            )
            raise ValueError(message)
        return reading

    def _ranked(self, reading: Reading) -> list[tuple[float, str, dict[str, float]]]:
        """Candidate events, likeliest first (ties: by name)."""
        rarity = self._postings.rarities(reading.terms, len(self._events))
        found = self._candidates(reading, rarity)
        scored = self._scored(reading, found, rarity) if found else []
        scored.sort(key=lambda row: (-row[0], row[1]))
        return scored

    def _candidates(self, reading: Reading, rarity: dict[str, float]) -> list[str]:
        """The few open events inside the window that share the most rare terms or are most alike.

        They are chosen by what their probability would be if their other terms were shared as
        often as those that were looked up.
        """
        votes, whole = self._postings.votes(reading.terms, reading.keys, rarity, TERMS)
        held = self._events
        shared = nlargest(CANDIDATES, [(vote, key) for key, vote in votes.items() if key in held])
        names = [key for _, key in shared]
        if reading.vector is not None:
            alike = self._centroids.nearest(reading.vector, CANDIDATES)
            names += [key for key in alike if key not in votes or key not in names]
        apart = {key: self._apart(reading.hours, self._events[key]) for key in names}
        names = [key for key in names if apart[key] <= self._window]
        if len(names) <= SCORED:
            return names
        weights, cosines = self._weights(reading, names)
        rough = []
        for place, key in enumerate(names):
            event = self._events[key]
            total = weights["terms"] * math.sqrt(votes.get(key, 0.0) / (whole or 1.0))
            total += weights["tongue"] * event.languages.get(reading.language, 0) / event.size
            total += weights["age"] * apart[key]
            if cosines is not None:
                total += weights["vector"] * float(cosines[place])
            rough.append((total, key))
        return [key for _, key in nlargest(SCORED, rough)]

    def _weights(
        self, reading: Reading, found: list[str]
    ) -> tuple[Mapping[str, float], NDArray[np.float32] | None]:
        """The weights that hold for an article, and its cosine with each event."""
        cosines = None
        if reading.vector is not None:
            cosines = self._centroids.similarities(found, reading.vector)
        return (self.options.bare if cosines is None else self.options.weights), cosines

    def _scored(
        self, reading: Reading, found: list[str], rarity: dict[str, float]
    ) -> list[tuple[float, str, dict[str, float]]]:
        """The probability of each event for an article, with its parts."""
        weights, cosines = self._weights(reading, found)
        told = nsmallest(TOLD, ((-value, term) for term, value in rarity.items()))
        squares = [(term, value * value) for value, term in told]
        whole = sum(square for _, square in squares) or 1.0
        scored = []
        for place, key in enumerate(found):
            event = self._events[key]
            size, held = event.size, event.terms
            shared = 0.0
            for name in reading.keys:
                count = event.keys.get(name, 0)
                if count:
                    shared += rarity[name] * (0.5 + 0.5 * min(1.0, count / size))
            found_again = 0.0
            for term, square in squares:
                count = held.get(term, 0)
                if count:
                    found_again += square * min(1.0, 1.5 * count / size)
            parts = {
                "bias": weights["bias"],
                "terms": weights["terms"] * math.sqrt(found_again / whole),
                "tongue": weights["tongue"] * event.languages.get(reading.language, 0) / size,
                "keys": weights["keys"] * math.log1p(shared),
                "age": weights["age"] * self._apart(reading.hours, event),
                "size": weights["size"] * math.log(size),
            }
            if cosines is not None:
                parts["vector"] = weights["vector"] * float(cosines[place])
            total = sum(parts.values())
            probability = 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))
            scored.append((probability, key, parts))
        return scored

    @staticmethod
    def _apart(hours: float, event: _Event) -> float:
        """Hours between an article and the span of an event (0 inside it)."""
        return max(0.0, event.first - hours, hours - event.last)

    # -- state --------------------------------------------------------------------------------

    def _add(self, event: _Event, article: str, reading: Reading) -> None:
        if reading.vector is not None:
            self._centroids.add(event.key, reading.vector)
        event.size += 1
        event.first, event.last = min(event.first, reading.hours), max(event.last, reading.hours)
        event.keys.update(reading.keys)
        event.languages[reading.language] += 1
        terms = event.terms
        for term in reading.terms:
            held = terms.get(term, 0)
            if not held:
                self._postings.add(term, event.key)
            terms[term] = held + 1
        event.originals[article] = reading.hours
        self._home[article] = event.key
        self._events.move_to_end(event.key)

    def _name(self, article: str) -> str:
        """A new event's id, after the article that opens it; one that moved may find it taken."""
        name, number = f"event:{article}", 1
        while name in self._events or name in self._redirects:
            number += 1
            name = f"event:{article}:{number}"
        return name

    def _open(self, key: str, article: str, reading: Reading) -> str:
        if len(self._events) >= self.options.active:
            self._close(next(iter(self._events.values())))
        hours = reading.hours
        event = _Event(key, 0, hours, hours, Counter(), Counter(), Counter(), {})
        self._events[key] = event
        self._add(event, article, reading)
        return key

    def _touch(self, key: str, hours: float) -> None:
        """A copy was told: the event's span takes it in, unless its date is far off."""
        event = self._events.get(key)
        if event:
            self._events.move_to_end(key)
            if self._apart(hours, event) <= self._window:
                event.first, event.last = min(event.first, hours), max(event.last, hours)

    def _close(self, event: _Event) -> None:
        """Lets an event leave memory; its id stays valid for the caller's store."""
        del self._events[event.key]
        self._postings.drop(event.terms)
        self._centroids.drop(event.key)
        for article in event.originals:
            self._copies.forget(article)
            self._home.pop(article, None)

    def _advance(self, hours: float) -> None:
        """Moves the clock on."""
        self._times.append(hours)
        self._sweep()

    def _sweep(self) -> None:
        """Once an hour of the clock, closes what fell out of the window, on either side of it."""
        if len(self._times) < CLOCK:
            return  # too few to tell a wrong date from the others
        now = sorted(self._times)[CLOCK // 2]
        if abs(now - self._swept) < 1.0:
            return
        self._swept = now
        oldest, newest = self._held
        for event in list(self._events.values()):
            if now - event.last > self._window:
                oldest = max(oldest, event.last)
            elif event.first - now > self._window:
                newest = min(newest, event.first)
            else:
                continue
            self._close(event)
        self._held = (oldest, newest)

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
            if min(one.size, two.size) > GROWN or self._same(one, two) < self.options.merge:
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
        reading = Reading(
            small.languages.most_common(1)[0][0] if small.languages else "",
            self._centroids.direction(small.key),
            frozenset(small.terms),
            frozenset(small.keys),
            min(max((small.first + small.last) / 2, large.first), large.last)
            if small.first <= large.last and large.first <= small.last
            else (small.first if small.first > large.last else small.last),
        )
        rarity = self._postings.rarities(reading.terms | reading.keys, len(self._events))
        return self._scored(reading, [large.key], rarity)[0][0]

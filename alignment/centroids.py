"""Centroids: the summed vector of each open event, and which of the latest are like a vector."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

COARSE = 64  # columns of the random projection that finds candidates
RECENT = 4_096  # events told last among which candidates are looked for: bounds the work


class Centroids:
    """Sums of unit vectors by event, in rows that are reused, `(capacity, d)` float32.

    Sums are exact under adding and taking away, up to rounding. The search goes over a random
    projection (Johnson and Lindenstrauss 1984) of the `RECENT` events told last, so that its cost
    does not depend on how many are open.
    """

    def __init__(self) -> None:
        self.width: int | None = None
        self._sums: Rows = np.zeros((0, 0), dtype=np.float32)
        self._norms: Rows = np.ones(0, dtype=np.float32)
        self._slots: dict[str, int] = {}
        self._free: list[int] = []
        self._projection: Rows = np.zeros((0, COARSE), dtype=np.float32)
        self._coarse: Rows = np.zeros((RECENT, COARSE), dtype=np.float32)
        self._places: OrderedDict[str, int] = OrderedDict()
        self._owners: list[str] = []
        self._empty: list[int] = []

    def add(self, event: str, vector: Rows) -> None:
        """Adds a vector to an event's sum; the first one sets the width of all."""
        if self.width is None:
            self.width = len(vector)
            random = np.random.default_rng(self.width).standard_normal((self.width, COARSE))
            self._projection = random.astype(np.float32)
        slot = self._slot(event)
        self._sums[slot] += vector
        self._told(event)

    def subtract(self, event: str, vector: Rows) -> None:
        """Takes a vector out of an event's sum again."""
        if event in self._slots:
            self._sums[self._slots[event]] -= vector
            self._told(event)

    def merge(self, gone: str, kept: str) -> None:
        """Adds the sum of one event to another's and drops the first."""
        if gone in self._slots:
            row = self._sums[self._slots[gone]].copy()
            self.drop(gone)
            self.add(kept, row)

    def drop(self, event: str) -> None:
        """Forgets an event; unknown ones are ignored."""
        slot = self._slots.pop(event, None)
        if slot is not None:
            self._sums[slot] = 0.0
            self._norms[slot] = 1.0
            self._free.append(slot)
        place = self._places.pop(event, None)
        if place is not None:
            self._coarse[place] = 0.0
            self._owners[place] = ""
            self._empty.append(place)

    def similarities(self, events: Sequence[str], vector: Rows) -> Rows | None:
        """The cosine of each event with a unit vector, 0 for one without; None before any."""
        if self.width is None:
            return None
        found = np.zeros(len(events), dtype=np.float32)
        held = [place for place, event in enumerate(events) if event in self._slots]
        if held:
            slots = [self._slots[events[place]] for place in held]
            found[held] = (self._sums[slots] @ vector) / self._norms[slots]
        return found

    def direction(self, event: str) -> Rows | None:
        """The unit vector of an event, or None where it has none."""
        slot = self._slots.get(event)
        if slot is None or not self._sums[slot].any():
            return None
        unit: Rows = self._sums[slot] / self._norms[slot]
        return unit

    def nearest(self, vector: Rows, count: int) -> list[str]:
        """About the `count` events, of those told last, that are most like a vector."""
        used = len(self._owners)
        if used == 0:
            return []
        alike = self._coarse[:used] @ (vector @ self._projection)
        count = min(count, used)
        best = np.sort(np.argpartition(-alike, count - 1)[:count]) if count < used else range(used)
        return [self._owners[place] for place in best if self._owners[place]]

    def _slot(self, event: str) -> int:
        slot = self._slots.get(event)
        if slot is None:
            if not self._free:
                old = len(self._sums)
                more = max(64, old)
                extra = np.zeros((more, self.width or 0), dtype=np.float32)
                self._sums = np.concatenate([self._sums.reshape(old, -1), extra]) if old else extra
                self._norms = np.concatenate([self._norms, np.ones(more, dtype=np.float32)])
                self._free = list(range(old + more - 1, old - 1, -1))
            slot = self._slots[event] = self._free.pop()
        return slot

    def _told(self, event: str) -> None:
        """Refreshes the norm and the projection of an event that was told now."""
        slot = self._slots[event]
        row = self._sums[slot]
        norm = float(np.sqrt(row @ row)) or 1.0
        self._norms[slot] = norm
        place = self._places.get(event)
        if place is not None:
            self._places.move_to_end(event)
        else:
            if self._empty:
                place = self._empty.pop()
            elif len(self._owners) < RECENT:
                place = len(self._owners)
                self._owners.append("")
            else:
                _, place = self._places.popitem(last=False)
            self._owners[place] = event
            self._places[event] = place
        self._coarse[place] = (row @ self._projection) / norm

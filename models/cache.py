"""What was translated before, by package, options and segment; bounded, oldest out first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")

#: Package digest, decode options in canonical form with what else shapes the result, segment.
Key = tuple[str, str, str]


class Cache(Generic[Value]):
    """At most `characters` characters of segments and their values; safe between threads."""

    def __init__(self, characters: int) -> None:
        self._limit = characters
        self._size = 0
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value kept under a key, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Key, value: Value, characters: int) -> None:
        """Keep a value; `characters` is its size beside the segment."""
        size = len(key[2]) + characters
        if size * 10 > self._limit:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            self._size += size - (old[1] if old else 0)
            self._entries[key] = value, size
            while self._size > self._limit:
                _, (_, freed) = self._entries.popitem(last=False)
                self._size -= freed

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._size = 0

    def __len__(self) -> int:
        """How many segments are kept."""
        return len(self._entries)

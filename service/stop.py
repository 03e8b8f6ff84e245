"""A sign for blocking work that nobody waits for it any more."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from models.errors import Cancelled

T = TypeVar("T")


class Stop:
    """Set by whoever asked for the work when it is no longer wanted; looked at by the work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._awaited: set[Future[object]] = set()

    def set(self) -> None:
        """Say that the work is not wanted; what the engine has not decoded for it is dropped."""
        with self._lock:
            self._set = True
            awaited = list(self._awaited)
        for future in awaited:
            future.cancel()

    def check(self) -> None:
        """Nothing, as long as the work is wanted.

        Raises:
            Cancelled: it is not.
        """
        if self._set:
            raise Cancelled("The caller left or its time was up.")

    def result(self, future: Future[T]) -> T:
        """What a future gives, cancelled as soon as the work is not wanted.

        Raises:
            Cancelled: it is not wanted.
        """
        with self._lock:
            self._awaited.add(future)  # type: ignore[arg-type]  # only cancelled, whatever it gives
            gone = self._set
        try:
            if gone:
                future.cancel()
            return future.result()
        except CancelledError:
            raise Cancelled("The caller left or its time was up.") from None
        finally:
            with self._lock:
                self._awaited.discard(future)

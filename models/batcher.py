"""Micro-batching: segments of all callers share decoding calls, interactive ones first.

A caller hands in works: generators that yield what they want decoded and are sent the results.
Workers gather wanted decodings with equal keys, from any callers, until a token budget is full
or a few milliseconds have passed, and run them in one call. Among the callers of a lane the one
served least goes next (start-time fair queueing: Goyal, Vin and Cheng 1996), so a long document
does not hold up a short question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Generic, TypeVar

from models.errors import Busy, Cancelled

Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")

#: Interactive batches in a row after which waiting bulk work gets one.
_TURNS = 8
#: Seconds after interactive work during which bulk work leaves a worker free and takes batches
#: of a quarter the size, so that the next question waits less.
_QUIET = 2.0


class Lane(IntEnum):
    """Which queue a request waits in; a lower number goes first."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class Wanted(Generic[Key]):
    """One thing to decode: what it may share a batch with, its cost in tokens, and itself."""

    key: Key
    tokens: int
    payload: Any


#: A work yields lists of things to decode and is sent the list of their results.
Work = Generator[Sequence[Wanted[Any]], list[Any], T]


@dataclass(slots=True)
class _Step:
    """One list of wanted decodings of a work, with the results so far."""

    request: _Request
    index: int
    work: Work[Any]
    results: list[Any]
    missing: int
    failure: BaseException | None = None


@dataclass(slots=True)
class _Entry:
    step: _Step
    position: int
    wanted: Wanted[Any]
    since: float


@dataclass(slots=True, eq=False)
class _Request:
    """What one caller asked for."""

    lane: Lane
    future: Future[list[Any]]
    results: list[Any]
    missing: int
    served: float = 0.0
    pending: dict[Hashable, list[_Entry]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def waiting(self) -> int:
        """How many of its segments wait."""
        return sum(map(len, self.pending.values()))


class Batcher:
    """Runs `decode(key, payloads)` on shared batches, in threads of its own.

    `budget` is the tokens of a batch with its padding, `wait` the seconds a batch that is not
    full waits for company, `limit` the segments waiting in a lane and in those before it beyond
    which new callers are refused.
    What has a key that is `alone` gains nothing from company (`decode` keeps each to itself): it
    does not wait for any, and goes one by one, or bulk work a few at a time.
    """

    def __init__(
        self,
        decode: Callable[[Any, list[Any]], list[Any]],
        *,
        budget: int = 1024,
        wait: float = 0.004,
        limit: int = 20_000,
        workers: int = 2,
        alone: Callable[[Any], bool] = lambda _: False,
    ) -> None:
        self._decode = decode
        self._alone = alone
        self._budget = budget
        self._wait = wait
        self._limit = limit
        self._ready = threading.Condition()
        self._requests: dict[Lane, list[_Request]] = {lane: [] for lane in Lane}
        self._clock = 0.0
        self._turns = 0
        self._bulk_running = 0
        self._last_interactive = -_QUIET
        self._rate = 0.0
        self._closed = False
        self._workers = [
            threading.Thread(target=self._run, name=f"decode-{number}", daemon=True)
            for number in range(workers)
        ]
        for worker in self._workers:
            worker.start()

    def submit(self, works: Sequence[Work[T]], lane: Lane) -> Future[list[T]]:
        """The results of the works, in their order; cancelling it drops what has not begun.

        Raises:
            Busy: too many segments wait already.
            Cancelled: the batcher is closed.
        """
        with self._ready:
            self._purge()
            # Bulk work, however much of it waits, keeps nobody from asking a question.
            ahead = [each for other in Lane if other <= lane for each in self._requests[other]]
            waiting = sum(each.waiting() for each in ahead)
        if waiting >= self._limit:
            raise Busy(retry_after=min(30.0, max(1.0, waiting / self._rate if self._rate else 5.0)))
        future: Future[list[T]] = Future()
        request = _Request(lane, future, [None] * len(works), len(works))
        begun = [self._begin(request, index, work) for index, work in enumerate(works)]
        with self._ready:
            if self._closed:
                raise Cancelled("The engine is closed; start another.")
            # A newcomer starts level with whoever has been served least.
            request.served = self._clock
            for entries in begun:
                self._queue(request, entries)
            if request.missing:
                self._requests[lane].append(request)
                self._ready.notify_all()
        if not request.missing:
            _settle(request)
        return future

    def waiting(self) -> int:
        """How many segments wait for a batch."""
        with self._ready:
            return sum(each.waiting() for lane in self._requests.values() for each in lane)

    def close(self) -> None:
        """Stop the workers after their batches; what waits fails with `Cancelled`."""
        with self._ready:
            self._closed = True
            left = [each for lane in self._requests.values() for each in lane]
            for lane in self._requests.values():
                lane.clear()
            self._ready.notify_all()
        for request in left:
            _fail(request, Cancelled("The engine was closed before this was translated."))
        for worker in self._workers:
            worker.join()

    def _begin(self, request: _Request, index: int, work: Work[Any]) -> list[_Entry]:
        step = _Step(request, index, work, [], 0)
        return self._advance(step, first=True)

    def _advance(self, step: _Step, *, first: bool = False) -> list[_Entry]:
        """Run a work to its next wish, and give the entries of that wish."""
        request = step.request
        results, failure = step.results, step.failure
        while True:
            try:
                if first:
                    wishes = next(step.work)
                elif failure:
                    wishes = step.work.throw(failure)
                else:
                    wishes = step.work.send(results)
            except StopIteration as done:
                request.results[step.index] = done.value
                with self._ready:
                    request.missing -= 1
                return []
            except Exception as error:
                _fail(request, error)
                return []
            first, failure, results = False, None, []
            if wishes:
                break
        now = time.monotonic()
        new = _Step(request, step.index, step.work, [None] * len(wishes), len(wishes))
        return [_Entry(new, place, wanted, now) for place, wanted in enumerate(wishes)]

    def _queue(self, request: _Request, entries: list[_Entry]) -> None:
        for entry in entries:
            request.pending.setdefault(entry.wanted.key, []).append(entry)

    def _run(self) -> None:
        """The life of one worker."""
        while True:
            with self._ready:
                batch = self._next()
                if batch is None:
                    return
                bulk = all(entry.step.request.lane is Lane.BULK for entry in batch)
                self._bulk_running += bulk
            begin = time.monotonic()
            try:
                outcomes = self._outcomes(batch)
            finally:
                with self._ready:
                    self._bulk_running -= bulk
                    self._ready.notify_all()
            self._scatter(batch, outcomes)
            spent = max(1e-6, time.monotonic() - begin)
            self._rate = 0.8 * self._rate + 0.2 * len(batch) / spent
            if not bulk:
                self._last_interactive = time.monotonic()

    def _outcomes(self, batch: list[_Entry]) -> list[Any]:
        """The result of each entry, or the exception it met alone."""
        key = batch[0].wanted.key
        try:
            return list(self._decode(key, [entry.wanted.payload for entry in batch]))
        except Exception as error:
            if len(batch) == 1:
                return [error]
        # One segment no network can take must not fail its neighbours.
        half = len(batch) // 2
        return self._outcomes(batch[:half]) + self._outcomes(batch[half:])

    def _scatter(self, batch: list[_Entry], outcomes: list[Any]) -> None:
        """Give results to their works, run those that are complete, queue what they want next."""
        finished = []
        touched = {id(entry.step.request): entry.step.request for entry in batch}
        for entry, outcome in zip(batch, outcomes, strict=True):
            step = entry.step
            with self._ready:
                if isinstance(outcome, Exception):
                    step.failure = outcome
                else:
                    step.results[entry.position] = outcome
                step.missing -= 1
                complete = step.missing == 0
            if complete and not step.request.future.done():
                finished.append((step.request, self._advance(step)))
        with self._ready:
            for request, entries in finished:
                self._queue(request, entries)
            if finished:
                self._ready.notify_all()
            over = [each for each in touched.values() if not each.missing]
            for request in over:
                self._forget(request)
        for request in over:
            _settle(request)

    def _next(self) -> list[_Entry] | None:
        """The next batch, once there is one; None when closed. Holds the lock but for waiting."""
        while not self._closed:
            self._purge()
            chosen = self._choose()
            if chosen is None:
                self._ready.wait()
                continue
            lane, key, since = chosen
            left = 0.0 if self._alone(key) else since + self._wait - time.monotonic()
            if left > 0 and self._tokens(lane, key) < self._budget:
                self._ready.wait(left)
                continue
            return self._take(lane, key)
        return None

    def _choose(self) -> tuple[Lane, Hashable, float] | None:
        """The lane, key and time of arrival of what goes next."""
        ready = {
            lane: [each for each in requests if each.pending]
            for lane, requests in self._requests.items()
        }
        lane = Lane.INTERACTIVE if ready[Lane.INTERACTIVE] else Lane.BULK
        if ready[Lane.BULK] and self._turns >= _TURNS:
            lane = Lane.BULK
        # One worker only prepares, and of those that compute one is left to questions.
        crowded = self._bulk_running >= max(1, len(self._workers) - 2)
        if lane is Lane.BULK and crowded and self._recent():
            return None
        if not ready[lane]:
            return None
        request = min(ready[lane], key=lambda each: each.served)
        key = max(request.pending, key=lambda each: len(request.pending[each]))
        return lane, key, min(entry.since for entry in request.pending[key][:1])

    def _tokens(self, lane: Lane, key: Hashable) -> int:
        """Tokens waiting under a key in a lane, as far as the budget."""
        total = 0
        for request in self._requests[lane]:
            for entry in request.pending.get(key, ()):
                total += entry.wanted.tokens
                if total >= self._budget:
                    return total
        return total

    def _take(self, lane: Lane, key: Hashable) -> list[_Entry]:
        """Entries of one key up to the budget, least served callers first, then the other lane."""
        batch: list[_Entry] = []
        longest = 0
        budget = self._budget // 4 if lane is Lane.BULK and self._recent() else self._budget
        if self._alone(key):
            budget = 0 if lane is Lane.INTERACTIVE or self._recent() else self._budget // 4
        for each in (lane, *(other for other in Lane if other is not lane)):
            for request in sorted(self._requests[each], key=lambda one: one.served):
                waiting = request.pending.get(key, [])
                taken = 0
                for entry in reversed(waiting):
                    longer = max(longest, entry.wanted.tokens)
                    if batch and longer * (len(batch) + 1) > budget:
                        break
                    longest = longer
                    batch.append(entry)
                    taken += 1
                    request.served += entry.wanted.tokens
                if taken:
                    del waiting[-taken:]
                    if not waiting:
                        request.pending.pop(key, None)
        busy = [each.served for each in self._requests[lane] if each.pending]
        self._clock = max(self._clock, min(busy, default=self._clock))
        self._turns = 0 if lane is Lane.BULK else self._turns + 1
        return batch

    def _recent(self) -> bool:
        """Whether interactive work was done a moment ago."""
        return time.monotonic() - self._last_interactive < _QUIET

    def _purge(self) -> None:
        """Drop the requests whose callers have gone."""
        for requests in self._requests.values():
            for request in [each for each in requests if each.future.done()]:
                requests.remove(request)

    def _forget(self, request: _Request) -> None:
        if request in self._requests[request.lane]:
            self._requests[request.lane].remove(request)


def _settle(request: _Request) -> None:
    with request.lock:
        if not request.future.done() and request.future.set_running_or_notify_cancel():
            request.future.set_result(request.results)


def _fail(request: _Request, error: BaseException) -> None:
    with request.lock:
        if not request.future.done() and request.future.set_running_or_notify_cancel():
            request.future.set_exception(error)

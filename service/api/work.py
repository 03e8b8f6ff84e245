"""How long work is done for a caller: admitted or refused, in its lane, dropped when unwanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from models.errors import Busy, Cancelled
from models.translate import Lane
from service.errors import TimedOut
from service.stop import Stop

if TYPE_CHECKING:
    from starlette.requests import Request

    from service.observe import Metrics

T = TypeVar("T")
#: Threads of each lane; most of their time they wait for the database or the engine.
THREADS = {Lane.INTERACTIVE: 16, Lane.BULK: 2}
#: Seconds after which a refused caller of each lane may try again.
PATIENCE = {Lane.INTERACTIVE: 2.0, Lane.BULK: 15.0}


class Workroom:
    """Admits work up to a limit in each lane and runs it off the event loop.

    The two lanes have threads of their own, so a bulk job can never hold the threads that short
    requests need.

    Args:
        waiting: pieces of work that may wait or run at once.
        seconds: longest time one piece may take.
        metrics: where the numbers of work in progress are shown.
    """

    def __init__(self, *, waiting: int, seconds: float, metrics: Metrics) -> None:
        self.seconds = seconds
        self.metrics = metrics
        self._limits = {Lane.INTERACTIVE: waiting, Lane.BULK: max(4, waiting // 8)}
        self._present = dict.fromkeys(Lane, 0)
        self._threads = {
            lane: ThreadPoolExecutor(THREADS[lane], f"parallax-{lane.name.lower()}")
            for lane in Lane
        }
        self._writer = ThreadPoolExecutor(1, "parallax-writer")

    async def run(
        self,
        request: Request,
        lane: Lane,
        work: Callable[[], Coroutine[Any, Any, T]],
        *,
        seconds: float | None = None,
    ) -> T:
        """The result of `work()`, which is dropped when the caller leaves or time is up.

        The body of the request has been read before. `seconds` is the time for this one piece.

        Raises:
            Busy: the lane is full.
            Cancelled: the caller left.
            TimedOut: it took longer than a call may take.
        """
        with self._place(lane):
            working = asyncio.ensure_future(work())
            leaving = asyncio.ensure_future(_client_left(request))
            try:
                await asyncio.wait(
                    {working, leaving},
                    timeout=seconds or self.seconds,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                leaving.cancel()
                if not working.done():
                    working.cancel()
            if working.done():
                return working.result()
            if leaving.done() and not leaving.cancelled():
                raise Cancelled("The caller left before the answer was ready.")
            raise TimedOut(seconds or self.seconds)

    async def in_thread(self, lane: Lane, function: Callable[[], T]) -> T:
        """The result of a blocking function, run in a thread of its lane.

        A function whose caller has gone is not begun; one that has begun keeps its thread until
        it ends.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads[lane], function)

    async def stoppable(self, lane: Lane, function: Callable[[Stop], T]) -> T:
        """The same for a long function, which is told when its caller has gone."""
        return await _told(self._threads[lane], function)

    async def in_writer(self, function: Callable[[Stop], T]) -> T:
        """The result of a function that changes the store by the path; one runs at a time.

        It is told when its caller has gone, to end where the store is whole.
        """
        return await _told(self._writer, function)

    def in_background(self, function: Callable[[], object]) -> Future[object]:
        """The result to come of a function that goes before what the writer is asked next."""
        return self._writer.submit(function)

    def close(self) -> None:
        """Begin nothing more."""
        for threads in (*self._threads.values(), self._writer):
            threads.shutdown(wait=False, cancel_futures=True)

    @property
    def present(self) -> dict[Lane, int]:
        """Pieces of work waiting or running, by lane."""
        return dict(self._present)

    @contextmanager
    def _place(self, lane: Lane) -> Iterator[None]:
        if self._present[lane] >= self._limits[lane]:
            self.metrics.refused.labels("queue full").inc()
            raise Busy(PATIENCE[lane])
        self._present[lane] += 1
        gauge = self.metrics.waiting.labels(lane.name.lower())
        gauge.inc()
        try:
            yield
        finally:
            self._present[lane] -= 1
            gauge.dec()


async def _client_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _told(threads: ThreadPoolExecutor, function: Callable[[Stop], T]) -> T:
    """The result of a function in one of the threads, which is told when its caller has gone."""
    stop = Stop()
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: function(stop))
    except asyncio.CancelledError:
        stop.set()
        raise

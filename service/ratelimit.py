"""How much one key or address may ask for in a minute."""

from __future__ import annotations

import ipaddress
import threading
import time
from typing import TYPE_CHECKING

from service.errors import TooManyRequests

if TYPE_CHECKING:
    from limits.strategies import MovingWindowRateLimiter

    from service.observe import Metrics


class RateLimit:
    """Counts what each caller spent in the last minute, in a moving window kept in memory.

    A list of n texts costs n, any other call 1.

    Args:
        per_minute: what a caller may spend; 0 is no limit.
        metrics: where refusals are counted.
    """

    def __init__(self, per_minute: int, metrics: Metrics) -> None:
        self.per_minute = per_minute
        self._metrics = metrics
        self._limiter: MovingWindowRateLimiter | None = None
        self._lock = threading.Lock()

    def spend(self, caller: str, cost: int = 1, *, per_minute: int | None = None) -> None:
        """Count a call; `per_minute` is the caller's own limit where its key has one.

        Raises:
            TooManyRequests: the caller's minute is used up, and this call was not counted.
        """
        allowed = self.per_minute if per_minute is None else per_minute
        if allowed <= 0:
            return
        from limits import RateLimitItemPerMinute

        limiter = self._opened()
        item = RateLimitItemPerMinute(allowed)
        # More than a whole minute's worth passes when nothing else was asked for in that minute.
        cost = min(max(cost, 1), allowed)
        if limiter.hit(item, caller, cost=cost):
            return
        self._metrics.refused.labels("rate limit").inc()
        reset = limiter.get_window_stats(item, caller).reset_time
        raise TooManyRequests(max(1.0, reset - time.time()), allowed)

    def _opened(self) -> MovingWindowRateLimiter:
        """The counter, made when somebody has a limit: a server without limits starts sooner."""
        with self._lock:
            if self._limiter is None:
                from limits.storage import MemoryStorage
                from limits.strategies import MovingWindowRateLimiter

                self._limiter = MovingWindowRateLimiter(MemoryStorage())
            return self._limiter


def address_group(address: str | None) -> str:
    """The name under which an address is counted: itself, or its /64 network for IPv6.

    One subscriber usually holds a whole /64, so counting single IPv6 addresses limits nobody.
    """
    if not address:
        return "address:unknown"
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "address:unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return f"address:{parsed.ipv4_mapped}"
        return f"address:{ipaddress.ip_network((parsed, 64), strict=False)}"
    return f"address:{parsed}"

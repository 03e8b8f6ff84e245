"""The translation engine: texts in one language to texts in another, with every doubt flagged."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from models.decode import ARGOS, DecodeOptions
from models.languages import Direction

if TYPE_CHECKING:
    from models.registry import Registry

__all__ = ["ARGOS", "DecodeOptions", "Engine", "EngineOptions", "Lane", "Translation"]


class Lane(IntEnum):
    """Which queue a request waits in; a lower number goes first."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the engine uses the machine.

    Attributes:
        threads: processor threads for one batch; None takes the cores of the machine.
        workers: batches computed at once; None chooses from the cores.
        batch_tokens: source tokens in one batch.
        wait: seconds a batch that is not full waits for company.
        queue_segments: segments waiting beyond which a new request is refused (`Busy`).
        segment_tokens: a segment with more tokens is split at clause marks.
        memory_bytes: weights kept loaded; beyond it the network used longest ago is dropped.
        cache_characters: source and target characters kept in the translation cache.
    """

    threads: int | None = None
    workers: int | None = None
    batch_tokens: int = 1024
    wait: float = 0.004
    queue_segments: int = 20_000
    segment_tokens: int = 200
    memory_bytes: int = 2 << 30
    cache_characters: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text with where it came from and what is doubtful about it.

    Attributes:
        text: the translation; whitespace between segments is that of the source, to the byte.
        log_prob: mean natural-log probability per target token (≤ 0), None where no network ran.
        flags: doubts, sorted, among number, name, negation, length_ratio, repetition, script,
            cut, protected_lost.
        route: the directions chained, `ru→en` or `ru→en→uk`.
        packages: sha256 of each package used, in the order of the route.
        options: the decode options in canonical form.
        alternatives: other translations, best first, none equal to `text`.
    """

    text: str
    log_prob: float | None
    flags: tuple[str, ...]
    route: str
    packages: tuple[str, ...]
    options: str
    alternatives: tuple[str, ...] = ()


class Engine:
    """Translates with the packages of a registry; safe to call from any thread."""

    def __init__(self, registry: Registry, options: EngineOptions | None = None) -> None:
        self.registry = registry
        self.options = options or EngineOptions()

    def translate(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
    ) -> list[Translation]:
        """One translation per text; each text may hold many sentences and lines.

        Raises:
            NoRoute: nothing installed serves the direction.
            Busy: the queue is full.
        """
        return self.submit(texts, direction, options=options, lane=lane).result()

    def translate_segments(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
    ) -> list[Translation]:
        """One translation per text, each taken as one ready segment; the same length out.

        Raises:
            NoRoute: nothing installed serves the direction.
            Busy: the queue is full.
        """
        return self.submit(texts, direction, options=options, lane=lane, split=False).result()

    def submit(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
        split: bool = True,
    ) -> Future[list[Translation]]:
        """The translations to come; cancelling the future drops what has not been decoded.

        An async server awaits it with `asyncio.wrap_future`. `split=False` takes each text as
        one ready segment.

        Raises:
            NoRoute: nothing installed serves the direction.
            Busy: the queue is full.
        """
        raise NotImplementedError

    def directions(self) -> tuple[Direction, ...]:
        """Every direction that can be translated now, directly or through English."""
        raise NotImplementedError

    def score(
        self, sources: Sequence[str], targets: Sequence[str], direction: Direction
    ) -> list[float]:
        """Mean natural-log probability per token of each target given its source.

        Raises:
            NoRoute: no package translates the direction itself (a route through English has no
                such probability).
        """
        raise NotImplementedError

    def close(self) -> None:
        """Stop the workers and free the networks; waiting requests fail with `Cancelled`."""
        raise NotImplementedError

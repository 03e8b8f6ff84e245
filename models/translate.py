"""The translation engine: texts in one language to texts in another, with every doubt flagged."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from models.attention import ENOUGH, accuracy
from models.batcher import Batcher, Lane, Work
from models.cache import Cache
from models.decode import ARGOS, DecodeOptions
from models.encode import SentenceEncoder, shipped
from models.errors import NoRoute
from models.hop import Hop, Passage, clean
from models.languages import Direction
from models.networks import Networks
from models.rare_words import FILE as RARE_WORDS
from models.rare_words import RareWords
from models.segment import spans
from models.tokens import Tokenizer
from models.tokens import load as load_tokenizer
from models.translation import SegmentTranslation, Translation, assembled

if TYPE_CHECKING:
    from models.network import Hypothesis, Search
    from models.package import Package
    from models.registry import Registry, Route

#: Of the encoder's digest, enough to tell encoders apart.
_DIGITS = 12

__all__ = [
    "ARGOS",
    "DecodeOptions",
    "Engine",
    "EngineOptions",
    "Lane",
    "SegmentTranslation",
    "Translation",
]


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the engine uses the machine.

    Attributes:
        threads: processor threads in all; None takes one for each core of the machine.
        workers: batches computed at once; None chooses from the threads.
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

    def shape(self) -> tuple[int, int]:
        """Batches computed at once, and processor threads for each.

        Two batches on a thread each take 30 % less processor time than one after the other on two
        threads, which wait for each other; and with two, a question need not wait for bulk work.
        """
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        threads = max(1, self.threads or cores)
        # Four threads a batch is where small networks stop gaining.
        workers = self.workers or max(1, threads // max(1, min(4, threads // 2)))
        return workers, max(1, threads // workers)


class Memory(Protocol):
    """What an analyst has said a segment means; used before any network."""

    def exact(self, source: str, direction: Direction) -> str | None:
        """The stored translation of a segment, or None."""


class Terms(Protocol):
    """A glossary."""

    digest: str

    def missed(self, source: str, target: str, direction: Direction) -> Sequence[str]:
        """The terms of the source whose translation the target does not hold."""


class Engine:
    """Translates with the packages of a registry; safe to call from any thread."""

    def __init__(
        self,
        registry: Registry,
        options: EngineOptions | None = None,
        encoder: Callable[[], SentenceEncoder | None] = shipped,
    ) -> None:
        """`encoder` gives the judge of likeness; it is asked once a package wants one."""
        self.registry = registry
        self._encoder = encoder
        self.options = options or EngineOptions()
        self._workers, self._threads = self.options.shape()
        self._cache: Cache[Passage] = Cache(self.options.cache_characters)
        self._lock = threading.Lock()
        self._networks = Networks(
            self.options.memory_bytes, threads=self._threads, workers=self._workers
        )
        self._tokenizers: dict[str, Tokenizer] = {}
        self._rare_words: dict[str, RareWords | None] = {}
        self._places: dict[str, Package] = {}
        self._usable: dict[str, bool] = {}
        self._batcher = Batcher(
            self._decode,
            budget=self.options.batch_tokens,
            wait=self.options.wait,
            limit=self.options.queue_segments,
            # One more than compute at once: it prepares while they compute.
            workers=self._workers + 1,
            alone=self._alone,
        )

    def translate(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
        memory: Memory | None = None,
        terms: Terms | None = None,
    ) -> list[Translation]:
        """One translation per text; each text may hold many sentences and lines.

        Raises:
            NoRoute: nothing installed serves the direction.
            Busy: the queue is full.
        """
        future = self.submit(
            texts, direction, options=options, lane=lane, memory=memory, terms=terms
        )
        return future.result()

    def translate_segments(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
        memory: Memory | None = None,
        terms: Terms | None = None,
    ) -> list[Translation]:
        """One translation per text, each taken as one ready segment; the same length out.

        Raises:
            NoRoute: nothing installed serves the direction.
            Busy: the queue is full.
        """
        future = self.submit(
            texts, direction, options=options, lane=lane, split=False, memory=memory, terms=terms
        )
        return future.result()

    def submit(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
        split: bool = True,
        memory: Memory | None = None,
        terms: Terms | None = None,
    ) -> Future[list[Translation]]:
        """The translations to come; cancelling the future drops what has not been decoded.

        An async server awaits it with `asyncio.wrap_future`; splitting and tokenizing happen
        here, so a long text is best submitted from a thread. `split=False` takes each text as
        one ready segment. `memory` is asked before the network; `terms` are looked for in the
        target, by other hypotheses where the first lacks them, and flagged where all do.

        Raises:
            NoRoute: nothing installed serves the direction.
            Busy: the queue is full.
        """
        route = self._route(direction)
        chosen = self._settled(options or DecodeOptions(), route)
        cuts = [spans(text) if split else _whole(text) for text in texts]
        wanted = dict.fromkeys(
            text[start:end] for text, cut in zip(texts, cuts, strict=True) for start, end in cut
        )
        # Neighbours in length share batches with little padding.
        segments = sorted(wanted, key=len)
        hops = [self._hop(package, chosen, terms) for package in route.packages]
        works = [self._work(segment, direction, hops, memory) for segment in segments]
        inner = self._batcher.submit(works, lane)
        outer: Future[list[Translation]] = Future()

        def finish(done: Future[list[Passage]]) -> None:
            if done.cancelled() or not outer.set_running_or_notify_cancel():
                return
            error = done.exception()
            if error:
                outer.set_exception(error)
                return
            passages = dict(zip(segments, done.result(), strict=True))
            try:
                outer.set_result(
                    [
                        assembled(text, cut, passages, route, chosen)
                        for text, cut in zip(texts, cuts, strict=True)
                    ]
                )
            except Exception as problem:
                outer.set_exception(problem)

        outer.add_done_callback(lambda gone: inner.cancel() if gone.cancelled() else None)
        inner.add_done_callback(finish)
        return outer

    def settled(self, options: DecodeOptions, direction: Direction) -> DecodeOptions:
        """The options as translations of the direction will name them.

        Where a package asks for likeness the encoder is named, or that there is none.
        """
        route = self.registry.route(direction)
        return options if route is None else self._settled(options, route)

    def directions(self) -> tuple[Direction, ...]:
        """Every direction that can be translated now, directly or through English."""
        return self.registry.directions()

    def score(
        self, sources: Sequence[str], targets: Sequence[str], direction: Direction
    ) -> list[float]:
        """Mean natural-log probability per token of each target given its source.

        Raises:
            NoRoute: no package translates the direction itself (a route through English has no
                such probability).
            ValueError: the two lists differ in length.
        """
        if len(sources) != len(targets):
            raise ValueError("score() takes as many targets as sources.")
        route = self._route(direction)
        if len(route.packages) > 1:
            raise NoRoute(direction)
        (package,) = route.packages
        hop = self._hop(package, DecodeOptions(), None).hop
        prefix = [package.target_prefix] if package.target_prefix else []
        encoded = [hop.tokens(hop.prepared(text)) for text in sources]
        expected = [prefix + self._target_tokens(package, clean(text)) for text in targets]
        scorable = [n for n in range(len(sources)) if encoded[n]]
        scores = [0.0] * len(sources)
        if scorable:
            results = self._networks.get(package).score(
                [encoded[n] for n in scorable],
                [expected[n] for n in scorable],
                self.options.batch_tokens,
            )
            for n, probabilities in zip(scorable, results, strict=True):
                own = probabilities[len(prefix) :]
                scores[n] = sum(own) / max(1, len(own))
        return scores

    def warm_up(self) -> None:
        """Load the networks of every direction that fit in memory, and translate one segment."""
        from models.package import PROBES

        sizes: dict[str, int] = {}
        for package in self.registry.packages():
            sizes[package.network] = package.weights_bytes
            if len(sizes) > 1 and sum(sizes.values()) > self.options.memory_bytes:
                return
            self.translate_segments([PROBES[package.direction.source]], package.direction)

    def loaded(self) -> int:
        """How many networks are in memory."""
        return len(self._networks)

    def waiting(self) -> int:
        """How many segments wait for a batch."""
        return self._batcher.waiting()

    def close(self) -> None:
        """Stop the workers and free the networks; waiting requests fail with `Cancelled`."""
        self._batcher.close()
        self._networks.clear()

    def _route(self, direction: Direction) -> Route:
        route = self.registry.route(direction)
        if route is None:
            raise NoRoute(direction)
        return route

    def _settled(self, options: DecodeOptions, route: Route) -> DecodeOptions:
        if not any(options.following(package.search).likeness for package in route.packages):
            return options
        encoder = self._encoder()
        if encoder is None:
            return replace(options, likeness=0.0)
        return replace(options, encoder=encoder.digest[:_DIGITS])

    def _hop(self, package: Package, options: DecodeOptions, terms: Terms | None) -> _Step:
        """A package made ready to translate, and what its results are kept under."""
        direction = package.direction
        check = None
        if terms is not None:
            glossary = terms

            def check(source: str, target: str) -> set[str]:
                return {"term"} if glossary.missed(source, target, direction) else set()

        self._places[package.network] = package
        kept = options.canonical + (f" terms={terms.digest}" if terms else "")
        options = options.following(package.search)
        if options.links and not self._links_are_usable(package):
            options = replace(options, links=False)
        hop = Hop(
            package.network,
            direction,
            self._tokenizer(package),
            package.target_prefix,
            options,
            min(self.options.segment_tokens, package.segment_tokens or self.options.segment_tokens),
            check,
            self._encoder() if options.likeness else None,
            self._rare_words_of(package) if options.repair else None,
        )
        return _Step(hop, package.digest, kept)

    def _work(
        self, segment: str, direction: Direction, hops: Sequence[_Step], memory: Memory | None
    ) -> Work[Passage]:
        """The work on one segment along its route."""
        if memory:
            known = memory.exact(segment, direction)
            if known is not None:
                return Passage(known, origin="memory")
        whole = Passage(segment)
        text = segment
        for step in hops:
            key = (step.digest, step.kept, text)
            passage = self._cache.get(key)
            if passage is None:
                passage = yield from step.hop.translate(text)
                self._cache.put(key, passage, len(passage.text))
            text = passage.text
            whole = replace(
                passage,
                log_prob=whole.log_prob + passage.log_prob,
                length=whole.length + passage.length,
                flags=whole.flags | passage.flags,
                links=passage.links if len(hops) == 1 else (),
            )
        return whole

    def _decode(
        self, key: tuple[str, Search], payloads: list[tuple[list[str], str]]
    ) -> list[list[Hypothesis]]:
        """One batch through a network."""
        name, search = key
        sources = [tokens for tokens, _ in payloads]
        prefixes = [prefix for _, prefix in payloads]
        return self._networks.get(self._places[name]).decode(
            sources, prefixes, search, self.options.batch_tokens
        )

    def _alone(self, key: tuple[str, Search]) -> bool:
        """Whether a segment would be worded by its company, and gains nothing from it."""
        name, search = key
        return search.shortlist and self._places[name].shortlist

    def _tokenizer(self, package: Package) -> Tokenizer:
        with self._lock:
            if package.digest not in self._tokenizers:
                self._tokenizers[package.digest] = load_tokenizer(package.folder, package.direction)
            return self._tokenizers[package.digest]

    def _rare_words_of(self, package: Package) -> RareWords | None:
        """The package's list of rare words, if it brings one."""
        tokenizer = self._tokenizer(package)
        with self._lock:
            if package.digest not in self._rare_words:
                path = package.folder / RARE_WORDS
                self._rare_words[package.digest] = (
                    RareWords.load(path, package.direction, tokenizer) if path.is_file() else None
                )
            return self._rare_words[package.digest]

    def _links_are_usable(self, package: Package) -> bool:
        """Whether a package's attention links words well enough, asked once."""
        if package.digest not in self._usable:
            network = self._networks.get(package)
            found = accuracy(
                network, self._tokenizer(package), package.target_prefix, package.direction
            )
            self._usable[package.digest] = found >= ENOUGH
        return self._usable[package.digest]

    def _target_tokens(self, package: Package, text: str) -> list[str]:
        """Tokens of a target, by the same merges with the other language's rules."""
        return load_tokenizer(package.folder, package.direction.reverse).encode(text)


@dataclass(frozen=True, slots=True)
class _Step:
    """A hop of a route with what its results are kept under."""

    hop: Hop
    digest: str
    kept: str


def _whole(text: str) -> list[tuple[int, int]]:
    """The one segment of a text: all but the whitespace at its ends."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return [(start, end)] if start < end else []

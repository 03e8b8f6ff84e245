"""What people laid down for translation: wordings of their own, and terms of glossaries.

Whoever has segments translated asks here first, so that a correction and a term count alike in
`translate`, in `align` and on the server: a person's words go before everything, and the engine
makes the rest under the terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from models.errors import NoRoute
from models.languages import Direction
from models.translate import DecodeOptions, Lane, Translation

if TYPE_CHECKING:
    from concurrent.futures import Future

    from models.glossary import Glossary
    from models.translate import Terms
    from service.glossaries import Glossaries
    from service.stop import Stop


class Memory(Protocol):
    """What people translated before."""

    def exact(self, direction: Direction, texts: Sequence[str]) -> list[str | None]:
        """The translation a person gave for each text, None where nobody did."""
        ...


class SupportsSubmit(Protocol):
    """The part of `models.translate.Engine` that is used here."""

    def submit(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
        split: bool = True,
        terms: Terms | None = None,
    ) -> Future[list[Translation]]:
        """The translations to come."""
        ...

    def directions(self) -> tuple[Direction, ...]:
        """Every direction there is a route for."""
        ...


@dataclass(frozen=True, slots=True)
class Worded:
    """A segment's translation and whose words it is: `memory`, `glossary`, `engine` or `kept`."""

    translation: Translation
    origin: str


class Guidance:
    """The wordings and terms that count now.

    Args:
        memory: what people translated; None where there is no store.
        glossaries: terms whose translation is laid down, if any.
    """

    def __init__(self, memory: Memory | None = None, glossaries: Glossaries | None = None) -> None:
        self._memory = memory
        self._glossaries = glossaries

    def known(self, direction: Direction, texts: Sequence[str]) -> list[Worded | None]:
        """What a person gave for each segment, None where nobody did."""
        if self._memory is None or not texts:
            return [None] * len(texts)
        return [
            None if words is None else Worded(given(words, str(direction)), "memory")
            for words in self._memory.exact(direction, texts)
        ]

    def terms(self) -> Glossary | None:
        """The terms of all directions, None where there are none."""
        return self._glossaries.current() if self._glossaries else None

    def translated(
        self,
        engine: SupportsSubmit | None,
        texts: Sequence[str],
        direction: Direction,
        stop: Stop,
        *,
        options: DecodeOptions | None = None,
    ) -> list[Worded | None]:
        """The segments as bulk work, None for what nobody gave and nothing translates; blocks.

        Raises:
            Busy: the engine's queue is full.
            Cancelled: `stop` was set.
        """
        found = self.known(direction, texts)
        left = [i for i, worded in enumerate(found) if worded is None]
        if not left or engine is None or direction not in engine.directions():
            return found
        terms = self.terms()
        wanted = [texts[i] for i in left]
        try:
            made = stop.result(
                engine.submit(
                    wanted, direction, options=options, lane=Lane.BULK, split=False, terms=terms
                )
            )
        except NoRoute:  # the package was removed since it was looked up
            return found
        for i, translation in zip(left, made, strict=True):
            found[i] = Worded(translation, origin(translation, texts[i], direction, terms))
        return found


def given(words: str, route: str = "") -> Translation:
    """Words that no network made, as a translation."""
    return Translation(words, log_prob=None, flags=(), route=route, packages=(), options="")


def origin(
    translation: Translation, text: str, direction: Direction, terms: Glossary | None
) -> str:
    """Whose words the engine's answer is: its own, its own under terms, or kept as they were."""
    if translation.segments and all(each.origin == "copy" for each in translation.segments):
        return "kept"
    return "glossary" if terms is not None and terms.find(text, direction) else "engine"

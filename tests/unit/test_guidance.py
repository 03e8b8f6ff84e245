"""What is translated for a comparison: a person's words first, and nothing that is no word."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import pytest

from models.languages import Direction, Language
from models.translate import Translation
from service.guidance import LONGEST_WORD, Guidance, given
from service.stop import Stop

DIRECTION = Direction(Language.RU, Language.EN)


class Engine:
    """Remembers what it was asked to translate."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def directions(self) -> tuple[Direction, ...]:
        return (DIRECTION,)

    def submit(self, texts: Sequence[str], direction: Direction, **_: Any) -> Future[Any]:
        self.asked += texts
        future: Future[list[Translation]] = Future()
        future.set_result([given(f"[{text}]", str(direction)) for text in texts])
        return future


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("а" * (LONGEST_WORD + 1), False),
        (f"Он сказал: «{'ы' * 100_000}».", False),
        ("а" * LONGEST_WORD, True),
        ("Слово за словом, " * 1_000, True),
        ("https://example.org/" + "путь/" * 100, True),
    ],
)
def test_what_is_no_word_is_kept_and_costs_nothing(text: str, translated: bool) -> None:
    engine = Engine()
    (found,) = Guidance().translated(engine, [text], DIRECTION, Stop())
    assert found is not None
    assert (found.origin, found.translation.text) == (
        ("engine", f"[{text}]") if translated else ("kept", text)
    )
    assert engine.asked == ([text] if translated else [])


def test_a_persons_words_for_it_go_before() -> None:
    class Memory:
        def exact(self, direction: Direction, texts: Sequence[str]) -> list[str | None]:
            return ["a hash"] * len(texts)

    (found,) = Guidance(Memory()).translated(Engine(), ["ы" * 1_000], DIRECTION, Stop())
    assert found is not None
    assert (found.origin, found.translation.text) == ("memory", "a hash")

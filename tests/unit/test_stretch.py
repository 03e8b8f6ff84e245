"""Which part of a translation says what a part of its source says."""

from __future__ import annotations

import pytest

from models.stretch import stretch

SOURCE = "Стороны обменяли 100 пленных, и переговоры продолжатся 4 февраля."
TARGET = "Both sides freed 100 prisoners, and the talks will go on until 4 February."


@pytest.mark.parametrize(
    ("words", "probe", "expected"),
    [
        ("Стороны обменяли 100 пленных", "The sides freed 100 prisoners", "freed 100 prisoners"),
        (
            "переговоры продолжатся 4 февраля",
            "talks will last 4 February",
            "go on until 4 February",
        ),
        ("100 пленных", "", "100"),
    ],
)
def test_a_part_is_found_by_the_words_both_share(words: str, probe: str, expected: str) -> None:
    start = SOURCE.index(words)
    a, b = stretch(SOURCE, start, start + len(words), TARGET, probe)
    assert expected in TARGET[a:b]
    assert len(TARGET[a:b]) < 0.7 * len(TARGET)


@pytest.mark.parametrize("target", ["", "…", "Yes", "100 100 100"])
@pytest.mark.parametrize("probe", ["", "talks", "…"])
def test_an_odd_translation_gives_a_span_of_it(target: str, probe: str) -> None:
    a, b = stretch(SOURCE, 0, 28, target, probe)
    assert 0 <= a <= b <= len(target)

"""How alike two units of text are: `PairScorer` gives a calibrated probability with its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing to align: a sentence or a claim.

    `language` is ru, uk or en. `english` is a translation where there is one (None for an English
    text: the text itself is used). `vector` is a (d,) float32 unit row of `matching_text(text)`
    from any sentence encoder; all units of one call carry vectors of the same encoder or none.
    `keys` are language-neutral entity keys (`alignment.entities`), `key` is the caller's own name.
    """

    text: str
    language: str
    english: str | None = None
    vector: NDArray[np.float32] | None = None
    keys: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Units of two sides that say the same thing: indices, probability, what made it.

    `parts` maps a view's name to its share of the log-odds (they sum to the logit before
    calibration). A conflict of numbers or a negation never lowers `probability`.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    probability: float
    parts: dict[str, float] = field(default_factory=dict)


def as_units(texts: list[str], language: str, **views: list[Any]) -> list[Unit]:
    """Units from plain lists: `as_units(texts, "ru", vector=rows, english=translations)`."""
    names = list(views)
    return [
        Unit(text, language, **{name: views[name][i] for name in names})
        for i, text in enumerate(texts)
    ]

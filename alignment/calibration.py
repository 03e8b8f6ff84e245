"""Fitted parameters, read from a data file, and the measure of how honest probabilities are."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PAIRS = ("en-ru", "en-uk", "ru-uk")
# A pair as it is, groups from even odds on: what parameters without a fit of it mean.
TOLD = {"own": 1.0, "others": 0.0, "bias": 0.0, "cut": 0.5}


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one decoder for one language pair and one set of views.

    `slope` and `offset` calibrate: logit p' = slope · logit p + offset (Platt 1999). `least` is the
    raw probability from which the comparable decoder keeps a bead.
    """

    views: tuple[str, ...]
    values: dict[str, float]
    slope: float = 1.0
    offset: float = 0.0
    least: float = 0.4

    def calibrated(self, probability: float) -> float:
        """The calibrated probability, never quite 0 or 1."""
        return sigmoid(self.slope * logit(probability) + self.offset)


@dataclass(frozen=True, slots=True)
class Parameters:
    """All fitted parameters: `version` and, by language pair, ratio and decoders' weights.

    `told` weighs a pair of retold claims with what the other claims of their event say of it.
    """

    version: str
    pairs: dict[str, Any]
    events: dict[str, Any]
    told: dict[str, float] = field(default_factory=lambda: dict(TOLD))

    @classmethod
    def load(cls, path: Path | None = None) -> Parameters:
        """Parameters from a JSON file; without a path, the ones that ship."""
        return shipped() if path is None else parse(path.read_text("utf-8"), path.name)

    def ratio(self, a: str, b: str) -> float:
        """The mean of log(characters in a / characters in b) between translations."""
        if a == b:
            return 0.0
        if f"{b}-{a}" in self.pairs:
            return -float(self.pairs[f"{b}-{a}"]["ratio"])
        return float(self.pairs.get(f"{a}-{b}", {}).get("ratio", 0.0))

    def weights(self, a: str, b: str, decoder: str, views: Sequence[str]) -> Weights:
        """The weights for the largest fitted set of views that `views` covers.

        Two texts of one language use those of ru-uk, the pair of closest wording.
        """
        pair = "-".join(sorted((a, b)))
        fitted = self.pairs.get(pair) or self.pairs["ru-uk" if a == b else "en-ru"]
        best: tuple[int, str] | None = None
        for name in fitted.get(decoder, {}):
            held = name.split("+")
            if set(held) <= set(views) and (best is None or len(held) > best[0]):
                best = (len(held), name)
        if best is None:
            message = f"No fitted weights for {pair} with views {', '.join(views) or 'none'}."
            raise LexiconError(message)
        found = fitted[decoder][best[1]]
        return Weights(
            tuple(best[1].split("+")),
            dict(found["weights"]),
            float(found.get("slope", 1.0)),
            float(found.get("offset", 0.0)),
            float(found.get("least", 0.4)),
        )


@lru_cache(maxsize=1)
def shipped() -> Parameters:
    """The parameters that ship with the package."""
    file = resources.files("alignment") / "parameters" / "pairs.json"
    return parse(file.read_text("utf-8"), "pairs.json")


def parse(text: str, name: str) -> Parameters:
    """Parameters from JSON text. Raises LexiconError naming the file when it is malformed."""
    try:
        data = json.loads(text)
        return Parameters(
            str(data["version"]),
            dict(data["pairs"]),
            dict(data.get("events", {})),
            {**TOLD, **data.get("told", {})},
        )
    except (ValueError, KeyError, TypeError) as error:
        message = f"The parameters in {name} cannot be read ({error}); restore the file."
        raise LexiconError(message) from error


def logit(probability: float) -> float:
    """The log-odds of a probability, bounded to ±20."""
    held = min(1 - 1e-9, max(1e-9, probability))
    return math.log(held / (1 - held))


def sigmoid(value: float) -> float:
    """The probability of log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, value))))


def calibrate(
    probabilities: Sequence[float], right: Sequence[bool], *, strength: float = 1.0
) -> tuple[float, float]:
    """Slope and offset of Platt scaling in log-odds, held near (1, 0) by `strength`."""
    from scipy.optimize import minimize

    x = np.array([logit(probability) for probability in probabilities])
    y = np.array(right, dtype=np.float64)

    def loss(point: NDArray[np.float64]) -> float:
        z = point[0] * x + point[1]
        away = (point[0] - 1) ** 2 + point[1] ** 2
        return float((np.logaddexp(0, z) - y * z).sum() + strength * away)

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return round(float(found[0]), 4), round(float(found[1]), 4)


def calibration_error(
    probabilities: Sequence[float], right: Sequence[bool], *, bins: int = 15
) -> float:
    """Expected calibration error over bins of equal mass (Nguyen and O'Connor 2015)."""
    if not probabilities:
        return 0.0
    order = np.argsort(np.array(probabilities), kind="stable")
    p, y = np.array(probabilities)[order], np.array(right, dtype=np.float64)[order]
    return float(
        sum(
            abs(part_p.mean() - part_y.mean()) * len(part_p)
            for part_p, part_y in zip(np.array_split(p, bins), np.array_split(y, bins), strict=True)
            if len(part_p)
        )
        / len(p)
    )

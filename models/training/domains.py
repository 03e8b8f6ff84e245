"""How often a corpus is drawn in the first and in the last part of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from models.training.packing import Packed

DEFAULT = Path(__file__).parent / "domains.yaml"


@dataclass(frozen=True, slots=True)
class Domains:
    """Weights by corpus or folder (`ui/`), shares of the directions; `*` is for the rest.

    `dense`: the shares of the first and of the last part of a run on a GPU.
    """

    first: Mapping[str, float]
    last: Mapping[str, float]
    directions: Mapping[str, float]
    dense: tuple[Mapping[str, float], Mapping[str, float]]

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Domains:
        """Read the YAML file."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        directions = data.get("directions", {"*": 1.0})
        dense = data.get("dense", {"first": directions, "last": directions})
        return cls(data["first"], data["last"], directions, (dense["first"], dense["last"]))


def weight(name: str, weights: Mapping[str, float]) -> float:
    """The weight of a corpus: the first key that names it or its folder."""
    for key, value in weights.items():
        if key in (name, "*") or (key.endswith("/") and name.startswith(key)):
            return float(value)
    return 0.0


def weigh(pack: Packed, weights: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """(pairs,) float32: the weight of each pair's corpus."""
    by_name = np.array([weight(name, weights) for name in pack.names], dtype=np.float32)
    chosen: npt.NDArray[np.float32] = by_name[pack.corpus]
    return chosen

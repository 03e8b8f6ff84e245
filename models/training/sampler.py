"""Which pieces a batch's output is scored against: its own, its source's, and a sample of the rest.

The sample makes the output cheap. Each candidate's score is lowered by the logarithm of its chance
of being one, so that the loss estimates that over all pieces (Jean 2015). The pieces of the source
are always there: a network whose input and output share a table begins by copying, and has to
be told every time that this is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

# Share of the sample that is drawn from the text of the target language; the rest comes from all
# languages, so that the network learns not to answer in another one.
OWN = 2 / 3


@dataclass(frozen=True, slots=True)
class Sampler:
    """Of each piece (pieces,): its share of the text, and its chance to be drawn though absent."""

    frequency: Tensor
    chance: Tensor

    @classmethod
    def of(
        cls,
        share: npt.NDArray[np.float64],
        everywhere: Mapping[int, npt.NDArray[np.float64]],
        candidates: int,
    ) -> Sampler:
        """The sampler of one target language among all."""
        own = torch.from_numpy(share).float()
        mean = torch.from_numpy(np.mean(list(everywhere.values()), axis=0)).float()
        if candidates <= 0:
            return cls(own, torch.ones_like(own))
        chance = torch.maximum(
            sampling(own, candidates * OWN), sampling(mean, candidates * (1 - OWN))
        )
        return cls(own, chance)

    def draw(self, goal: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
        """Candidates (n,) in rising order, and the log chance (n,) each had to be one.

        `goal` are a batch's right answers, `source` the pieces it translates.
        """
        certain = torch.zeros_like(self.chance, dtype=torch.bool)
        certain[source] = True
        chosen = certain | (torch.rand_like(self.chance) < self.chance)
        chosen[goal] = True
        candidates = torch.nonzero(chosen).squeeze(1)
        missing = (1 - self.chance) * (1 - self.frequency) ** goal.numel() * ~certain
        return candidates, torch.log1p(-missing)[candidates]


def sampling(frequency: Tensor, candidates: float) -> Tensor:
    """Chance of each piece to be scored though absent: ∝ √frequency, `candidates` in all."""
    root = frequency.sqrt() + 1e-6
    low, high = 0.0, float(candidates) / float(root.min())
    for _ in range(60):
        middle = (low + high) / 2
        if float((root * middle).clamp(max=1.0).sum()) < candidates:
            low = middle
        else:
            high = middle
    return (root * high).clamp(1e-4, 0.999)

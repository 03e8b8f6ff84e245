"""Adam for a large table of which a batch touches few rows.

The rows a batch reads are copied out, trained as a small matrix, and written back, so that a
step costs what the batch touches and not what the table holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows copied out of a table: numbers (n,), values (n, d), and (table,) the way back."""

    numbers: Tensor
    values: Tensor
    where: Tensor

    def of(self, pieces: Tensor) -> Tensor:
        """Which of the copied rows each piece is."""
        return self.where[pieces]


class RowAdam:
    """Adam (Kingma 2015) with moments that only move when their row is touched."""

    def __init__(self, table: Tensor, *, betas: tuple[float, float]) -> None:
        """`table` (rows, d) is changed in place by `step`."""
        self.table = table
        self.betas = betas
        self.first = torch.zeros_like(table)
        self.second = torch.zeros_like(table)
        self.steps = 0

    def gather(self, used: Sequence[Tensor]) -> Rows:
        """A trainable copy of all rows that the given numbers name."""
        size = self.table.shape[0]
        touched = torch.zeros(size, dtype=torch.bool, device=self.table.device)
        for numbers in used:
            touched[numbers] = True
        numbers = torch.nonzero(touched).squeeze(1)
        where = torch.zeros(size, dtype=torch.long, device=self.table.device)
        where[numbers] = torch.arange(len(numbers), device=self.table.device)
        return Rows(numbers, self.table[numbers].requires_grad_(True), where)

    @torch.no_grad()
    def step(self, rows: Rows, rate: float) -> None:
        """Move the copied rows by their gradient and write them back."""
        gradient = rows.values.grad
        if gradient is None:
            return
        self.steps += 1
        a, b = self.betas
        first = self.first[rows.numbers].lerp_(gradient, 1 - a)
        second = self.second[rows.numbers].lerp_(gradient.square(), 1 - b)
        self.first[rows.numbers], self.second[rows.numbers] = first, second
        mean, spread = first / (1 - a**self.steps), second / (1 - b**self.steps)
        self.table[rows.numbers] -= rate * mean / (spread.sqrt() + 1e-8)

    def state_dict(self) -> dict[str, Any]:
        """The moments and the number of steps."""
        return {"first": self.first, "second": self.second, "steps": self.steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.first.copy_(state["first"])
        self.second.copy_(state["second"])
        self.steps = int(state["steps"])

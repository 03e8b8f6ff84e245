"""Muon: momentum with orthogonal updates (Jordan 2024), in 32-bit floats.

Torch's own version orthogonalises in bfloat16, which a CPU without bfloat16 arithmetic runs many
times slower. Matrices of one shape go through one batched product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

Spread = Callable[[Callable[[Tensor], Tensor], Iterable[Tensor]], Iterable[Tensor]]


def parts(network: nn.Module, width: int) -> tuple[list[tuple[Tensor, int]], list[Tensor]]:
    """The matrices of a network with the number of maps stacked in each, and what is none.

    The table of pieces is neither: its rows are words.
    """
    matrices: list[tuple[Tensor, int]] = []
    others: list[Tensor] = []
    for name, parameter in network.named_parameters():
        if name == "table.weight":
            continue
        if parameter.ndim == 2 and "places" not in name:
            stacked = parameter.shape[0] // width if ".q." in name or ".kv." in name else 1
            matrices.append((parameter, stacked))
        else:
            others.append(parameter)
    return matrices, others


def orthogonal(batch: Tensor, steps: int = 4) -> Tensor:
    """Nearly orthogonal matrices (n, rows, columns) by Newton-Schulz iteration of degree five."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = batch.shape[-2] > batch.shape[-1]
    x = batch.transpose(-1, -2) if tall else batch
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(steps):
        square = x @ x.transpose(-1, -2)
        x = a * x + (b * square + c * square @ square) @ x
    return x.transpose(-1, -2) if tall else x


class Muon(torch.optim.Optimizer):
    """Muon for matrices; a matrix that stacks several maps is split first.

    The step of each map has root-mean-square size 0.2 × `lr` × sqrt(larger side / …) as in Liu
    2025, so that one rate serves Muon and Adam.
    """

    def __init__(
        self,
        parameters: Iterable[tuple[Tensor, int]],
        lr: float,
        momentum: float = 0.95,
        spread: Spread = map,
    ) -> None:
        """`parameters` are (matrix, number of maps stacked in its rows).

        `spread` applies a function to several batches, `map` or that of an executor.
        """
        self.spread = spread
        pairs = list(parameters)
        self.stacked = {id(p): n for p, n in pairs}
        super().__init__([p for p, _ in pairs], {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Move every matrix once."""
        del closure
        for group in self.param_groups:
            by_shape: dict[tuple[int, int], list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "buffer" not in state:
                    state["buffer"] = torch.zeros_like(p)
                buffer = state["buffer"]
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])
                for view, part in zip(
                    p.chunk(self.stacked[id(p)]), update.chunk(self.stacked[id(p)]), strict=True
                ):
                    by_shape[(view.shape[0], view.shape[1])].append((view, part))
            batches = [torch.stack([part for _, part in items]) for items in by_shape.values()]
            every = self.spread(orthogonal, batches)
            for (shape, items), moves in zip(by_shape.items(), every, strict=True):
                size = 0.2 * max(shape) ** 0.5 * group["lr"]
                for (view, _), move in zip(items, moves, strict=True):
                    view.add_(move, alpha=-size)

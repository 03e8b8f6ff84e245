"""Label-smoothed cross-entropy over all pieces that never holds all scores of a batch.

Scores of 40,000 places and 32,000 pieces are gigabytes, and what takes time is to move them. Here
they are made a part at a time, in half the bits on a GPU, and give the gradient at once.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

#: Places whose scores exist at once.
PART = 16_384


class SmoothedCrossEntropy(torch.autograd.Function):
    """Mean over states (n, d) of the cross-entropy of their labels (n,), all of which count."""

    @staticmethod
    def forward(
        context: Any, states: Tensor, table: Tensor, bias: Tensor, labels: Tensor, smoothing: float
    ) -> Tensor:
        """The loss; its gradient is kept for `backward`.

        With q the smoothed target, the gradient of the scores is softmax − q. The softmax part
        goes through matrix products, what q adds is sums of rows.
        """
        n, pieces = len(states), len(table)
        low = torch.bfloat16 if states.is_cuda else torch.float32
        keep, each = 1 - smoothing, smoothing / pieces
        with torch.autocast(states.device.type, enabled=False):
            real = states.float()
            narrow, columns, offset = real.to(low), table.to(low), bias.to(low)
            of_states = torch.empty_like(real)
            of_table, of_bias = torch.zeros_like(table), torch.zeros_like(bias)
            total = torch.zeros((), device=states.device)
            for begin in range(0, n, PART):
                part = slice(begin, begin + PART)
                scores = functional.linear(narrow[part], columns, offset)
                chances = scores.softmax(-1)
                top, at = scores.max(-1, keepdim=True)
                normaliser = top.float() - chances.gather(1, at).float().log()
                said = scores.gather(1, labels[part, None]).float()
                total += (normaliser - keep * said).sum()
                total -= each * scores.sum(-1, dtype=torch.float32).sum()
                of_states[part] = chances @ columns
                of_table += chances.T @ narrow[part]
                of_bias += chances.sum(0, dtype=torch.float32)
            of_states -= keep * table[labels] + each * table.sum(0)
            of_table.index_add_(0, labels, real, alpha=-keep)
            of_table -= each * real.sum(0)
            of_bias.index_add_(0, labels, torch.ones_like(real[:, 0]), alpha=-keep)
            of_bias -= smoothing * n / pieces
        context.save_for_backward(of_states / n, of_table / n, of_bias / n)
        context.kind = states.dtype
        return total / n

    @staticmethod
    def backward(context: Any, *upper: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        """The kept gradient, by what is behind the loss."""
        of_states, of_table, of_bias = context.saved_tensors
        (grad,) = upper
        return (grad * of_states).to(context.kind), grad * of_table, grad * of_bias, None, None

"""The mean of several checkpoints' weights, which translates better than any of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from models.training.network import Network, Shape


def newest(folder: Path, count: int) -> list[Path]:
    """The last `count` weight files of a run."""
    return sorted(folder.glob("weights-*.pt"))[-count:]


def average(paths: Sequence[Path]) -> Network:
    """A network with the mean of the weights in the files, ready to convert.

    Raises:
        ValueError: no files, or networks of different shapes.
    """
    if not paths:
        raise ValueError("There is no weight file yet; train for longer.")
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in paths]
    if any(state["shape"] != states[0]["shape"] for state in states):
        raise ValueError("The weight files are of different networks; average one run at a time.")
    mean: dict[str, Any] = {}
    for name, last in states[-1]["network"].items():
        if last.is_floating_point():
            mean[name] = torch.stack([state["network"][name] for state in states]).mean(dim=0)
        else:
            mean[name] = last
    network = build(states[-1]["shape"])
    network.load_state_dict(mean)
    network.eval()
    return network


def build(shape: dict[str, Any]) -> Network:
    """A fresh network of the shape stored in a checkpoint."""
    return Network(Shape(**shape))

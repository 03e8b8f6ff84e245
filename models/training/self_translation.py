"""Translations by the network that is being trained, on its device: back-translation in seconds.

Greedy, thousands of sentences at once, with the keys and values of what was said kept. A sentence
of one language becomes the target of its own translation (Sennrich 2016), whose beginning says that
it was made (Caswell 2019).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from models.training.align_words import NONE
from models.training.examples import Examples
from models.training.network import Attention, Layer, Network, barrier
from models.training.packing import Ragged
from models.training.vocabulary import BEGIN, END, PADDING, UNKNOWN

Ints = npt.NDArray[np.int64]
#: Target pieces a sentence may have for each of its source's, and beyond.
RATIO, MORE = 1.6, 8
#: What a made source may be longer or shorter than its target.
LIKE = 2.2


@torch.inference_mode()
def translate(network: Network, sources: Ragged, prefix: int, *, places: int = 98_304) -> Ragged:
    """Greedy translations into the language of `prefix`; empty where no end was reached.

    `places`: padded source places of a batch.
    """
    network.eval()
    device = network.table.weight.device
    lengths = sources.lengths
    order = np.argsort(-lengths, kind="stable")
    flats: list[npt.NDArray[np.uint16]] = []
    counts: list[Ints] = []
    start = 0
    while start < len(order):
        wide = -(-(int(lengths[order[start]]) + 1) // 8) * 8
        rows = order[start : start + max(1, places // wide)]
        start += len(rows)
        said = _batch(network, _padded(sources, rows, wide).to(device), prefix).cpu().numpy()
        ended = (said == END).any(axis=1)
        count = np.where(ended, np.argmax(said == END, axis=1), 0)
        counts.append(count)
        flats.append(said[np.arange(said.shape[1]) < count[:, None]].astype(np.uint16))
    found = Ragged(
        np.concatenate([np.zeros(0, dtype=np.uint16), *flats]),
        np.concatenate([[0], np.cumsum(np.concatenate([[0], *counts])[1:])]).astype(np.int64),
    )
    return found.take(np.argsort(order))


def _padded(sources: Ragged, rows: Ints, wide: int) -> Tensor:
    flat, begins = sources.gather(rows)
    lengths = sources.lengths_of(rows)
    padded = np.full((len(rows), wide), PADDING, dtype=np.int64)
    lines = np.repeat(np.arange(len(rows)), lengths)
    columns = np.arange(len(flat)) - np.repeat(begins, lengths)
    padded[lines, columns] = flat
    padded[np.arange(len(rows)), lengths] = END
    return torch.from_numpy(padded)


def _batch(network: Network, source: Tensor, prefix: int) -> Tensor:
    """Pieces said (b, t), by greedy search, for padded sources."""
    size, wide = source.shape
    longest = min(int(RATIO * wide) + MORE, network.shape.positions - 2)
    kind = source.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
        absent = source == PADDING
        memory = network.encode(source, absent)
        mask = barrier(absent)
        steps = [_Step(layer, memory, mask, longest + 2) for layer in network.decoder]
        bias = network.bias.clone()
        bias[[UNKNOWN, BEGIN, PADDING]] = -1e4
        table = network.table.weight
        before = torch.full((size,), BEGIN, device=source.device)
        said = torch.full((size, longest), PADDING, device=source.device)
        done = torch.zeros(size, dtype=torch.bool, device=source.device)
        for place in range(longest + 1):
            states = functional.embedding(before, table) * network.entry
            states = states + network.target_places[place]
            for step in steps:
                states = step(states, place)
            if place == 0:
                before = torch.full_like(before, prefix)
                continue
            scores = functional.linear(network.decoder_norm(states), table, bias)
            best = scores.argmax(-1).masked_fill(done, PADDING)
            said[:, place - 1] = best
            done |= best == END
            before = best
            if place % 8 == 0 and bool(done.all()):
                break
    return said


class _Step:
    """A decoder layer one place at a time, with what it has seen."""

    def __init__(self, layer: Layer, memory: Tensor, mask: Tensor, longest: int) -> None:
        assert layer.cross is not None
        assert layer.cross.kv is not None
        self.layer, self.mask = layer, mask
        size, _, width = memory.shape
        heads = layer.own.heads
        keys, values = (
            x.view(size, -1, heads, width // heads).transpose(1, 2)
            for x in layer.cross.kv(memory).chunk(2, dim=-1)
        )
        self.keys, self.values = keys, values
        shape = (size, heads, longest, width // heads)
        self.seen_keys = torch.zeros(shape, device=memory.device, dtype=keys.dtype)
        self.seen_values = torch.zeros_like(self.seen_keys)

    def __call__(self, states: Tensor, place: int) -> Tensor:
        """New states (b, d) of the next place."""
        layer = self.layer
        own = layer.own
        q, k, v = (self._heads(x, own) for x in own.q(own.norm(states)).chunk(3, dim=-1))
        self.seen_keys[:, :, place], self.seen_values[:, :, place] = k, v
        keys, values = self.seen_keys[:, :, : place + 1], self.seen_values[:, :, : place + 1]
        states = states + own.out(_mixed(q, keys, values, None))
        cross = layer.cross
        assert cross is not None
        q = self._heads(cross.q(cross.norm(states)), cross)
        states = states + cross.out(_mixed(q, self.keys, self.values, self.mask[:, :, 0]))
        fed: Tensor = states + layer.feed(states)
        return fed

    @staticmethod
    def _heads(x: Tensor, attention: Attention) -> Tensor:
        return x.view(len(x), attention.heads, -1)


def _mixed(q: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> Tensor:
    """Attention of one place: (b, heads, d) and (b, heads, s, d) to (b, heads · d)."""
    scores = (keys @ q[..., None]).squeeze(-1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores + mask
    weights = scores.softmax(-1).to(values.dtype)
    return (weights[:, :, None] @ values).squeeze(2).flatten(1)


def back_translated(
    network: Network,
    hinted: Ragged,
    plain: Ragged,
    prefixes: tuple[int, int],
) -> Examples:
    """Examples into a language: what the network makes of its sentences, beside the sentences.

    `hinted` are the sentences as the network reads them, `plain` as they are to be said; `prefixes`
    those of the language it translates them into and of their own.
    """
    made = translate(network, hinted, prefixes[0])
    m, n = made.lengths, plain.lengths
    kept = np.flatnonzero((m > 0) & (m <= LIKE * n + 3) & (n <= LIKE * m + 3))
    made, target = made.take(kept), plain.take(kept)
    source = Ragged(
        np.insert(made.flat, made.offsets[:-1], prefixes[1]),
        made.offsets + np.arange(len(kept) + 1),
    )
    ones = np.ones(len(kept), dtype=np.float32)
    links = np.full(len(target.flat), NONE, dtype=np.uint8)
    return Examples(source, target, links, ones, ones, prefixes[1])

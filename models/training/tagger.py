"""The tagging network: a Transformer whose decoder looks at source piece t when it says unit t.

In CTranslate2 it is an ordinary encoder and decoder. The attention to the source is not learned:
positions have columns of their own that no layer writes to, and every head asks for the place
before its own. In training that attention is an index shift, so a step costs little more than
the encoder.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.network import Attention, FeedForward, Shape, look_at_offset, sinusoids


@dataclass(frozen=True, slots=True)
class TagShape:
    """Sizes of a tagging network; `units` are the output units, each a string of pieces."""

    pieces: int
    units: tuple[str, ...]
    width: int = 256
    heads: int = 4
    inner: int = 512
    encoder_layers: int = 2
    positions: int = 512
    room: int = 48

    @property
    def words(self) -> int:
        """Columns that carry words rather than positions."""
        return self.width - self.room

    @property
    def transformer(self) -> Shape:
        """The same sizes for the parts shared with the full network."""
        return Shape(
            self.pieces, (), width=self.width, heads=self.heads, inner=self.inner, room=self.room
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a checkpoint."""
        return asdict(self)


class Tagger(nn.Module):
    """Encoder layers and one decoder layer over a table of pieces and a table of units."""

    def __init__(self, shape: TagShape) -> None:
        """Random weights but for the heads that look at neighbours; see `start_from_lexicon`."""
        super().__init__()
        self.shape = shape
        base = shape.transformer
        self.table = nn.Embedding(shape.pieces, shape.words)
        self.units = nn.Embedding(len(shape.units), shape.words)
        for table in (self.table, self.units):
            nn.init.normal_(table.weight, std=shape.words**-0.5)
        self.bias = nn.Parameter(torch.zeros(len(shape.units)))
        self.entry = nn.Parameter(torch.tensor(0.25 * math.sqrt(shape.width)))
        places = torch.from_numpy(sinusoids(shape.positions, shape.width, shape.room))
        self.register_buffer("places", places)
        keep = torch.ones(shape.width)
        keep[shape.words :] = 0
        self.register_buffer("keep", keep)
        self.own = nn.ModuleList(
            Attention(base, crossed=False) for _ in range(shape.encoder_layers)
        )
        self.feed = nn.ModuleList(FeedForward(base) for _ in range(shape.encoder_layers))
        self.back = Attention(base, crossed=False)
        self.hand = nn.Linear(shape.width, shape.width)
        self.think = FeedForward(base)
        self.last_norm = nn.LayerNorm(shape.width)
        with torch.no_grad():
            self.hand.weight.copy_(torch.eye(shape.width))
            self.hand.bias.zero_()
            size = shape.width // shape.heads
            offsets = [(a, (-1, 1)) for a in self.own] + [(self.back, (-1, -2))]
            for attention, pair in offsets:
                for head, offset in enumerate(pair):
                    rows = slice(head * size, (head + 1) * size)
                    q = attention.q.weight[: shape.width]
                    k = attention.q.weight[shape.width : 2 * shape.width]
                    look_at_offset(q[rows], k[rows], offset, base, sharpness=2.0)

    def widen(self, vectors: Tensor, scale: Tensor | float) -> Tensor:
        """Word vectors times a scale with empty position columns."""
        return functional.pad(vectors * scale, (0, self.shape.room))

    def encode(self, source: Tensor, absent: Tensor) -> Tensor:
        """Memory (b, s, d)."""
        mask = torch.zeros_like(absent, dtype=torch.float32).masked_fill(absent, -1e9)[
            :, None, None
        ]
        states = self.widen(self.table(source), math.sqrt(self.shape.width))
        states = states + self.places[: source.shape[1]]
        for own, feed in zip(self.own, self.feed, strict=True):
            states = states + self.keep * own(states, None, mask)[0]
            states = states + self.keep * feed(states)
        return functional.layer_norm(states, (self.shape.width,))

    def decode(self, memory: Tensor, before: Tensor) -> Tensor:
        """Last states (b, t, words) given the units before; state t reads memory t - 1."""
        length = before.shape[1]
        future = torch.full((length, length), -1e9, device=before.device).triu(1)
        states = self.widen(self.units(before), self.entry) + self.places[:length]
        states = states + self.keep * self.back(states, None, future)[0]
        seen = torch.cat([memory[:, :1], memory], dim=1)[:, :length]
        states = states + self.keep * self.hand(seen)
        states = states + self.keep * self.think(states)
        result: Tensor = self.last_norm(states)[..., : self.shape.words]
        return result

    def logits(self, states: Tensor, candidates: Tensor | None = None) -> Tensor:
        """Scores (…, n) of all units or of the candidates."""
        if candidates is None:
            return functional.linear(states, self.units.weight, self.bias)
        return functional.linear(states, self.units(candidates), self.bias[candidates])


def start_from_lexicon(
    network: Tagger,
    table: np.ndarray[Any, np.dtype[np.float32]],
    units: np.ndarray[Any, np.dtype[np.float32]],
    log_frequency: np.ndarray[Any, np.dtype[np.float32]],
) -> None:
    """Begin as a word-for-word translator: piece vectors lie where their usual units lie."""
    with torch.no_grad():
        network.table.weight.copy_(torch.from_numpy(table))
        network.units.weight.copy_(torch.from_numpy(units))
        network.bias.copy_(torch.from_numpy(log_frequency))

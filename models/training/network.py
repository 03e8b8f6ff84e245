"""The translation network: a pre-norm Transformer with one table of pieces.

The table serves the encoder, the decoder and the output, and is stored once. Every layer exists in
CTranslate2's Transformer, so the trained network converts exactly. Parts of the network take the
table as an argument, so that training can hand in only the rows a batch needs.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

# How large words enter, beside the usual √width: small enough that a layer can change them.
ENTRY = 0.4
#: Log frequency that a piece is taken to have at least, so that none is impossible.
RAREST = -14.0


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network."""

    pieces: int
    width: int = 256
    heads: int = 4
    inner: int = 768
    encoder_layers: int = 2
    decoder_layers: int = 1
    positions: int = 256
    room: int = 48
    dropout: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a checkpoint."""
        return asdict(self)


class Attention(nn.Module):
    """Multi-head attention; without `kv`, one matrix makes queries, keys and values."""

    def __init__(self, shape: Shape, *, crossed: bool) -> None:
        """Random weights with a small output projection, so that a fresh layer changes little."""
        super().__init__()
        self.heads = shape.heads
        width = shape.width
        self.norm = nn.LayerNorm(width)
        self.q = nn.Linear(width, width if crossed else 3 * width)
        self.kv = nn.Linear(width, 2 * width) if crossed else None
        self.out = nn.Linear(width, width)
        for linear in (self.q, self.kv, self.out):
            if linear is not None:
                nn.init.normal_(linear.weight, std=width**-0.5)
                nn.init.zeros_(linear.bias)
        nn.init.normal_(self.out.weight, std=0.2 * width**-0.5)

    def forward(
        self, states: Tensor, memory: Tensor | None, mask: Tensor, *, weights: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """What to add to the states (b, t, d), and if asked log attention (b, heads, t, s)."""
        batch, length, width = states.shape
        if self.kv is None:
            q, k, v = self.q(self.norm(states)).chunk(3, dim=-1)
        else:
            assert memory is not None
            q = self.q(self.norm(states))
            k, v = self.kv(memory).chunk(2, dim=-1)
        q, k, v = (
            x.view(batch, -1, self.heads, width // self.heads).transpose(1, 2) for x in (q, k, v)
        )
        if not weights:
            mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
            logs = None
        else:
            scores = q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + mask
            logs = functional.log_softmax(scores, dim=-1)
            mixed = logs.exp() @ v
        return self.out(mixed.transpose(1, 2).reshape(batch, length, width)), logs


class FeedForward(nn.Module):
    """Two linear maps with a rectifier between."""

    def __init__(self, shape: Shape) -> None:
        """Random weights with a small second map."""
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        nn.init.normal_(self.up.weight, std=shape.width**-0.5)
        nn.init.normal_(self.down.weight, std=0.2 * shape.inner**-0.5)
        nn.init.zeros_(self.up.bias)
        nn.init.zeros_(self.down.bias)

    def forward(self, states: Tensor) -> Tensor:
        """New states (b, t, d) without the residual."""
        result: Tensor = self.down(functional.relu(self.up(self.norm(states))))
        return result


class Layer(nn.Module):
    """One encoder or decoder layer."""

    def __init__(self, shape: Shape, *, crossed: bool) -> None:
        """A layer with attention to a memory when `crossed`."""
        super().__init__()
        self.own = Attention(shape, crossed=False)
        self.cross = Attention(shape, crossed=True) if crossed else None
        self.feed = FeedForward(shape)
        self.drop = nn.Dropout(shape.dropout)

    def forward(
        self,
        states: Tensor,
        mask: Tensor,
        memory: Tensor | None = None,
        memory_mask: Tensor | None = None,
        *,
        weights: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """New states and, if asked, the log attention to the memory."""
        states = states + self.drop(self.own(states, None, mask)[0])
        logs = None
        if self.cross is not None:
            assert memory_mask is not None
            mixed, logs = self.cross(states, memory, memory_mask, weights=weights)
            states = states + self.drop(mixed)
        return states + self.drop(self.feed(states)), logs


class Network(nn.Module):
    """Encoder, decoder, and the table of pieces they share."""

    def __init__(self, shape: Shape) -> None:
        """Random weights; see `start_from_lexicon` for a better beginning."""
        super().__init__()
        self.shape = shape
        width = shape.width
        self.table = nn.Embedding(shape.pieces, width)
        nn.init.normal_(self.table.weight, std=width**-0.5)
        self.bias = nn.Parameter(torch.zeros(shape.pieces))
        places = torch.from_numpy(sinusoids(shape.positions, width, shape.room))
        self.source_places = nn.Parameter(ENTRY * places)
        self.target_places = nn.Parameter(places.clone())
        self.entry = nn.Parameter(torch.tensor(ENTRY * math.sqrt(width)))
        self.encoder = nn.ModuleList(
            Layer(shape, crossed=False) for _ in range(shape.encoder_layers)
        )
        self.decoder = nn.ModuleList(
            Layer(shape, crossed=True) for _ in range(shape.decoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder_norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(shape.dropout)

    def encode(self, source: Tensor, absent: Tensor, table: Tensor | None = None) -> Tensor:
        """Memory (b, s, d) of padded rows of pieces (b, s); `absent` is True at padding.

        `table` stands for the whole table when `source` numbers its rows instead of pieces.
        """
        mask = barrier(absent)
        states = functional.embedding(source, self.table.weight if table is None else table)
        states = self.drop(states * self.entry + self.source_places[: source.shape[1]])
        for layer in self.encoder:
            states, _ = layer(states, mask)
        memory: Tensor = self.encoder_norm(states)
        return memory

    def decode(
        self, memory: Tensor, absent: Tensor, before: Tensor, table: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Last states (b, t, d) and log attention (b, heads, t, s), given pieces (b, t)."""
        length = before.shape[1]
        future = torch.full((length, length), -1e9, device=before.device).triu(1)
        mask = barrier(absent)
        states = functional.embedding(before, self.table.weight if table is None else table)
        states = self.drop(states * self.entry + self.target_places[:length])
        logs: Tensor | None = None
        for number, layer in enumerate(self.decoder):
            last = number == self.shape.decoder_layers - 1
            states, logs = layer(states, future, memory, mask, weights=last)
        assert logs is not None
        return self.decoder_norm(states), logs

    def logits(self, states: Tensor) -> Tensor:
        """Scores (…, pieces) of every piece."""
        return functional.linear(states, self.table.weight, self.bias)


def barrier(absent: Tensor) -> Tensor:
    """Additive attention mask (b, 1, 1, s)."""
    return torch.zeros_like(absent, dtype=torch.float32).masked_fill(absent, -1e9)[:, None, None, :]


def sinusoids(positions: int, width: int, room: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Position vectors (positions, width) in the last `room` columns, nothing elsewhere.

    Positions have columns of their own, so that heads can find a neighbour by place from the
    first step.
    """
    rates = np.exp(np.linspace(math.log(2.0), math.log(1 / 60), room // 2))
    angles = np.arange(positions)[:, None] * rates[None, :]
    places = np.zeros((positions, width), dtype=np.float32)
    places[:, width - room :: 2] = math.sqrt(2) * np.sin(angles)
    places[:, width - room + 1 :: 2] = math.sqrt(2) * np.cos(angles)
    return places


def look_at_offset(
    query: Tensor, key: Tensor, offset: float, shape: Shape, *, sharpness: float
) -> None:
    """Set one head's query and key rows so that it looks `offset` places away."""
    room, width = shape.room, shape.width
    rates = torch.exp(torch.linspace(math.log(2.0), math.log(1 / 60), room // 2))
    for pair in range(room // 2):
        column, row = width - room + 2 * pair, 2 * pair
        c, s = math.cos(float(rates[pair]) * offset), math.sin(float(rates[pair]) * offset)
        query[row : row + 2].zero_()
        key[row : row + 2].zero_()
        # sin(a + r) = sin a cos r + cos a sin r: the query asks for the place `offset` further on.
        query[row, column], query[row, column + 1] = sharpness * c, sharpness * s
        query[row + 1, column], query[row + 1, column + 1] = -sharpness * s, sharpness * c
        key[row, column] = key[row + 1, column + 1] = sharpness


def start_from_lexicon(network: Network, table: Tensor, log_frequency: Tensor) -> None:
    """Begin as a word-for-word translator.

    `table` (pieces, width - room) has translations near each other, `log_frequency` (pieces,)
    is the output's unigram. Two heads of each self-attention look at the neighbours; every head
    of the last attention to the memory looks at the same place and hands on what it sees, so
    that the output scores the translations of the piece there. Training only has to improve on
    that.
    """
    shape = network.shape
    width, size = shape.width, shape.width // shape.heads
    words = width - shape.room
    with torch.no_grad():
        network.table.weight.zero_()
        network.table.weight[:, :words].copy_(functional.normalize(table, dim=-1))
        network.bias.copy_(log_frequency)
        for layers, offsets in ((network.encoder, (-1, 1)), (network.decoder, (-1, -2))):
            for layer in layers:
                for head, offset in enumerate(offsets):
                    rows = slice(head * size, (head + 1) * size)
                    q, k = layer.own.q.weight[:width], layer.own.q.weight[width : 2 * width]
                    look_at_offset(q[rows], k[rows], offset, shape, sharpness=1.6)
        cross = network.decoder[-1].cross
        for head in range(shape.heads):
            rows = slice(head * size, (head + 1) * size)
            look_at_offset(
                cross.q.weight[rows], cross.kv.weight[:width][rows], 0, shape, sharpness=0.9
            )
        cross.kv.weight[width:].copy_(torch.eye(width))
        cross.out.weight.copy_(torch.eye(width))
        cross.out.weight[words:].zero_()

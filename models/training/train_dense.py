"""Trains the network on a GPU: whole tables, all pieces as rivals, a clock instead of a budget.

What a processor must spare (`train.py`: rows of the table, a sample of the output, one direction a
batch) a GPU does faster whole. The schedule follows the time that was given, because the time is
what is lent; examples may come in while it runs, and the network translates the text of one
language itself when it has learnt to (`self_translation.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.training.examples import IGNORED
from models.training.muon import Muon, parts
from models.training.network import Network
from models.training.resident import Gathered, Rows, Store
from models.training.smoothed import SmoothedCrossEntropy
from models.training.train import Progress, leave_weights, write_checkpoint
from models.training.vocabulary import PADDING

Tell = Callable[[str], None]
#: Files of weights that stay.
KEPT = 4


@dataclass(frozen=True, slots=True)
class DenseOptions:
    """Sizes and rates.

    Attributes:
        tokens: padded places a side in a batch.
        pool: batches drawn at once.
        rate: of the matrices, and of everything but the table.
        table_rate: of the table of pieces.
        warmup: steps until the rates are reached.
        level: share of the schedule until which they stay, before they sink to nothing.
        last: share from which the weights of the last part count.
        guide: what the attention to the linked piece counts beside the cross-entropy.
        smoothing: share of the probability that the loss wants spread over all pieces.
    """

    tokens: int = 49_152
    pool: int = 64
    rate: float = 2.5e-3
    table_rate: float = 1e-3
    warmup: int = 200
    level: float = 0.2
    last: float = 0.7
    guide: float = 0.6
    smoothing: float = 0.05
    seed: int = 1
    device: str = "cuda"


class DenseTrainer:
    """A network in training on a device, and where in the schedule it stands."""

    def __init__(self, network: Network, options: DenseOptions) -> None:
        """Optimizers for all of the network, which is moved to the device."""
        torch.manual_seed(options.seed)
        torch.set_float32_matmul_precision("high")
        # cuDNN plans its attention for each shape of a batch, and nearly every batch has a new one.
        torch.backends.cuda.enable_cudnn_sdp(False)
        self.network = network.to(options.device)
        self.options = options
        self.chance = np.random.default_rng(options.seed)
        self.progress = Progress()
        #: What the rates are multiplied by.
        self.rate = 1.0
        matrices, others = parts(network, network.shape.width)
        table = network.table.weight.requires_grad_(True)
        self.muon = Muon(matrices, lr=options.rate)
        fused = options.device.startswith("cuda")
        self._good = self._weights()
        self.adam = torch.optim.Adam(
            [
                {"params": others, "base": options.rate},
                {"params": [table], "base": options.table_rate},
            ],
            lr=options.rate,
            betas=(0.9, 0.98),
            fused=fused,
        )

    def loss(self, batch: Gathered) -> tuple[Tensor, Tensor, Tensor]:
        """What is minimised, and for the log cross-entropy and guide of a batch."""
        network, options = self.network, self.options
        absent = batch.source == PADDING
        memory = network.encode(batch.source, absent)
        states, attention = network.decode(memory, absent, batch.before)
        labels = batch.labels.flatten()
        # How many count is known without asking the device, which would wait for it.
        counting = (labels != IGNORED).to(torch.uint8)
        kept = counting.argsort(descending=True, stable=True)[: batch.count]
        cross = SmoothedCrossEntropy.apply(
            states.flatten(0, 1)[kept],
            network.table.weight,
            network.bias,
            labels[kept],
            options.smoothing,
        )
        linked = batch.links >= 0
        near = attention[:, 0].gather(2, batch.links.clamp(min=0)[:, :, None]).squeeze(2)
        guide = -(near * linked).sum() / linked.sum().clamp(min=1)
        return cross + options.guide * guide, cross.detach(), guide.detach()

    def step(self, batch: Gathered, share: float) -> tuple[Tensor, Tensor]:
        """Take one step at a share of the schedule; cross-entropy and guide, on the device."""
        options = self.options
        rise = min(1.0, (self.progress.step + 1) / options.warmup)
        fall = min(1.0, (1.0 - share) / (1.0 - options.level))
        for group in self.muon.param_groups:
            group["lr"] = self.rate * options.rate * rise * max(0.01, fall)
        for group in self.adam.param_groups:
            group["lr"] = self.rate * group["base"] * rise * max(0.01, fall)
        self.muon.zero_grad()
        self.adam.zero_grad()
        kind = options.device.partition(":")[0]
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            loss, cross, guide = self.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.muon.step()
        self.adam.step()
        self.progress.step += 1
        return cross, guide

    def run(
        self,
        store: Store,
        shares: Callable[[float], Mapping[str, float]],
        *,
        share: Callable[[], float],
        tell: Tell,
        between: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Train until `share` says 1; `between` pools others may add examples or save.

        `shares` says what part of the tokens each set has at a share of the schedule.
        """
        options = self.options

        def drawn(now: float) -> list[Rows]:
            return store.pool(
                shares(now),
                tokens=options.tokens,
                batches=options.pool,
                last=now >= options.last,
                chance=self.chance,
            )

        begun = time.monotonic() - self.progress.seconds
        with ThreadPoolExecutor(1) as drawing:
            ahead = drawing.submit(drawn, share())
            while (now := share()) < 1.0:
                batches = ahead.result()
                ahead = drawing.submit(drawn, now)
                self.network.train()
                since = time.monotonic()
                crosses, guides, before = [], [], self.progress.tokens
                for batch in batches:
                    now = share()
                    if now >= 1.0:
                        break
                    cross, guide = self.step(store.gather(batch), now)
                    crosses.append(cross)
                    guides.append(guide)
                    self.progress.tokens += store.count(batch)
                if not crosses:
                    break
                loss = float(torch.stack(crosses).mean())
                seconds = time.monotonic() - since
                self.progress.seconds = time.monotonic() - begun
                tell(
                    f"step {self.progress.step} tokens {self.progress.tokens} ({now:.1%}) "
                    f"loss {loss:.3f} guide {float(torch.stack(guides).mean()):.3f} "
                    f"{(self.progress.tokens - before) / seconds:.0f} tok/s"
                )
                if not self.kept():
                    tell("the weights are no numbers any more: back to the last, at half the rate")
                between(now)

    def kept(self) -> bool:
        """Keep the weights as good ones; go back to the last good ones where they are no numbers.

        What the optimizers know is then lost, and the rates are halved.
        """
        if all(bool(torch.isfinite(each).all()) for each in self.network.parameters()):
            self._good = self._weights()
            return True
        self.network.load_state_dict(self._good)
        self.muon.state.clear()
        self.adam.state.clear()
        self.rate /= 2
        return False

    def _weights(self) -> dict[str, Tensor]:
        return {name: each.detach().clone() for name, each in self.network.state_dict().items()}

    def save(self, folder: Path) -> None:
        """Write a checkpoint, replacing the last one, and the weights alone, in half precision."""
        state = {
            "shape": self.network.shape.as_dict(),
            "network": self.network.state_dict(),
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "rate": self.rate,
            "progress": asdict(self.progress),
            "chance": self.chance.bit_generator.state,
            "options": asdict(self.options),
        }
        write_checkpoint(folder, state)
        save_half(self.network, folder / f"weights-{self.progress.step:06d}.pt")
        leave_weights(folder, KEPT)

    def take(self, state: Mapping[str, Any]) -> None:
        """Go on from what a checkpoint holds."""
        self.network.load_state_dict(state["network"])
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.rate = state["rate"]
        self.progress = Progress(**state["progress"])
        self.chance.bit_generator.state = state["chance"]
        self._good = self._weights()


def save_half(network: Network, path: Path) -> None:
    """The weights in half precision, to be carried away."""
    weights = {name: value.detach().half().cpu() for name, value in network.state_dict().items()}
    part = path.with_suffix(".part")
    torch.save({"shape": network.shape.as_dict(), "network": weights}, part)
    part.replace(path)

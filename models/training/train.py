"""Trains the network on a processor: guided attention, sampled output, checkpoints that resume.

The schedule follows the share of the token budget seen, so a run may be resumed with a larger
budget. A run that begins with trained weights begins late in the schedule.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from models.training.examples import IGNORED, Batch, Examples, Plan, make_batch, pool
from models.training.muon import Muon, parts
from models.training.network import Network
from models.training.row_adam import RowAdam, Rows
from models.training.sampler import Sampler

# (share of the budget until which it holds, longest target in pieces)
CURRICULUM = ((0.05, 22), (0.18, 32), (0.4, 46), (1.01, 64))
LAST_PHASE = 0.7


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """Budget and rates; `candidates` pieces are scored beside a batch's own, 0 for all.

    `start`: the share of the schedule that the budget is not spent on. `workers`: batches of a
    step, each computed by a thread of its own; small matrices leave several threads idle.
    """

    budget: int = 10_000_000
    start: float = 0.0
    tokens: int = 3_000
    pool: int = 24
    rate: float = 3e-3
    table_rate: float = 8e-4
    warmup: int = 80
    guide: float = 0.6
    candidates: int = 1_000
    save_seconds: float = 240.0
    check_seconds: float = 600.0
    seed: int = 1
    workers: int = 1


@dataclass(slots=True)
class Progress:
    """Where a run stands; `earlier` tokens were seen by the network it began with."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    earlier: int = 0


class Trainer:
    """A network in training, with its optimizers and its place in the data."""

    def __init__(
        self,
        network: Network,
        frequency: Mapping[int, npt.NDArray[np.float64]],
        options: TrainOptions,
    ) -> None:
        """`frequency`: by target prefix, the share (pieces,) of each piece in the text."""
        self.network = network
        self.options = options
        self.progress = Progress()
        self.chance = np.random.default_rng(options.seed)
        torch.manual_seed(options.seed)
        matrices, others = parts(network, network.shape.width)
        network.table.weight.requires_grad_(False)
        self.rows = RowAdam(network.table.weight.detach(), betas=(0.9, 0.98))
        # What a dead unit once moved by decays to numbers so small that processors take many times
        # as long for them: they count as nothing, in this thread and in the workers.
        torch.set_flush_denormal(True)
        self.spread: Callable[..., Iterable[Any]] = map
        if options.workers > 1:
            self.spread = ThreadPoolExecutor(
                options.workers, initializer=torch.set_flush_denormal, initargs=(True,)
            ).map
        self.muon = Muon(matrices, lr=options.rate, spread=self.spread)
        self.adam = torch.optim.Adam(others, lr=options.rate, betas=(0.9, 0.98), fused=True)
        self.samplers = {
            prefix: Sampler.of(share, frequency, options.candidates)
            for prefix, share in frequency.items()
        }

    def share(self) -> float:
        """Where in the schedule the run stands, from 0 to 1."""
        start = self.options.start
        return start + (1 - start) * self.progress.tokens / self.options.budget

    def plan(self) -> Plan:
        """What the next pool may hold."""
        share = self.share()
        longest = next(longest for until, longest in CURRICULUM if share < until or until > 1)
        return Plan(longest, last=share >= LAST_PHASE)

    def drawn(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The pieces a batch is scored against, and the log chance each had to be drawn."""
        goal = batch.labels[batch.labels != IGNORED]
        return self.samplers[batch.prefix].draw(goal, batch.source)

    def loss(self, batch: Batch, drawn: tuple[Tensor, Tensor]) -> tuple[Tensor, Rows, float, float]:
        """Loss, the rows of the table it depends on; for the log, cross-entropy and guide.

        The guide is the mean log-attention to the linked words, of the first head.
        """
        network, options = self.network, self.options
        here = batch.labels != IGNORED
        goal = batch.labels[here]
        candidates, log_chance = drawn
        rows = self.rows.gather((batch.source, batch.before, candidates))
        memory = network.encode(rows.of(batch.source), batch.absent, rows.values)
        states, attention = network.decode(memory, batch.absent, rows.of(batch.before), rows.values)
        output = functional.embedding(rows.of(candidates), rows.values)
        scores = functional.linear(states[here], output, network.bias[candidates])
        place = torch.zeros_like(rows.where)
        place[candidates] = torch.arange(len(candidates), device=place.device)
        cross = functional.cross_entropy(scores - log_chance, place[goal])

        linked = batch.links >= 0
        lines, columns = torch.nonzero(linked, as_tuple=True)
        logs = attention.permute(0, 2, 1, 3)[lines, columns]  # (links, heads, s)
        near = logs.gather(
            2, batch.links[linked][:, None, None].expand(-1, logs.shape[1], 1)
        ).squeeze(2)
        first, rest = -near[:, 0].mean(), -near[:, 1:].mean()
        loose = max(0.0, 1 - self.share() / 0.25)
        loss = cross + options.guide * (first + loose * rest)
        return loss, rows, cross.item(), first.item()

    def gradients(
        self, batch: Batch, drawn: tuple[Tensor, Tensor], share: float
    ) -> tuple[Rows, float, float]:
        """Add a batch's part of a step to the gradients; its rows, cross-entropy and guide."""
        loss, rows, cross, guide = self.loss(batch, drawn)
        (share * loss).backward()
        return rows, share * cross, share * guide

    def step(self, batches: Sequence[Batch]) -> tuple[float, float]:
        """Take one step on all the batches; cross-entropy and guide for the log."""
        options, progress = self.options, self.progress
        factor = min(1.0, (progress.step + 1) / options.warmup) * max(0.03, 1.0 - self.share())
        for group in (*self.muon.param_groups, *self.adam.param_groups):
            group["lr"] = options.rate * factor
        self.muon.zero_grad()
        self.adam.zero_grad()
        tokens = sum(batch.tokens for batch in batches)
        # Drawn here and not by the workers, so that the same seed gives the same run.
        jobs = [(batch, self.drawn(batch), batch.tokens / tokens) for batch in batches]
        parts = list(self.spread(lambda job: self.gradients(*job), jobs))
        dense = [p for p in self.network.parameters() if p.grad is not None]
        torch.nn.utils.clip_grad_norm_(dense, 5.0)
        self.muon.step()
        self.adam.step()
        for rows, _, _ in parts:
            self.rows.step(rows, options.table_rate * factor)
        progress.step += 1
        progress.tokens += tokens
        return sum(cross for _, cross, _ in parts), sum(guide for _, _, guide in parts)

    def jobs(self, sets: list[Examples], plan: Plan) -> list[tuple[int, npt.NDArray[np.int64]]]:
        """(set, rows) of the next batches, at most what the budget has left.

        Raises:
            ValueError: no example fits the plan.
        """
        options = self.options
        left = -(-(options.budget - self.progress.tokens) // options.tokens)
        # So few batches may be too small a share of every set.
        for count in (min(left, options.pool), options.pool):
            found = list(pool(sets, plan, batches=count, tokens=options.tokens, chance=self.chance))
            if found:
                return found
        raise ValueError(
            f"No example of at most {plan.longest} pieces has a weight in this part of the run; "
            "give the corpora weights with --domains."
        )

    def run(
        self,
        sets: list[Examples],
        folder: Path,
        *,
        tell: Callable[[str], None],
        check: Callable[[Network], str] | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Train until the budget is spent or `stop` says so; checkpoints lie between pools."""
        folder.mkdir(parents=True, exist_ok=True)
        options, progress = self.options, self.progress
        started = time.monotonic() - progress.seconds
        saved = checked = time.monotonic()
        while progress.tokens < options.budget and not stop():
            plan = self.plan()
            self.network.train()
            total = guide_total = 0.0
            steps = 0
            before, since = progress.tokens, time.monotonic()
            jobs = iter(self.jobs(sets, plan))
            while chosen := list(islice(jobs, options.workers)):
                cross, guide = self.step([make_batch(sets[n], rows) for n, rows in chosen])
                total, guide_total, steps = total + cross, guide_total + guide, steps + 1
            now = time.monotonic()
            progress.seconds = now - started
            tell(
                f"step {progress.step} tokens {progress.tokens} ({self.share():.1%}) "
                f"loss {total / steps:.3f} guide {guide_total / steps:.3f} "
                f"{(progress.tokens - before) / (now - since):.0f} tok/s"
            )
            if check is not None and now - checked >= options.check_seconds:
                checked = now
                tell(check(self.network))
            if now - saved >= options.save_seconds:
                saved = now
                self.save(folder)
        self.save(folder)
        if check is not None:
            tell(check(self.network))

    def save(self, folder: Path) -> None:
        """Write a checkpoint, replacing the last one, and the weights alone for averaging."""
        state = {
            "shape": self.network.shape.as_dict(),
            "network": self.network.state_dict(),
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "rows": self.rows.state_dict(),
            "progress": asdict(self.progress),
            "chance": self.chance.bit_generator.state,
            "torch": torch.get_rng_state(),
            "options": asdict(self.options),
        }
        write_checkpoint(folder, state)
        torch.save(
            {"shape": state["shape"], "network": state["network"]},
            folder / f"weights-{self.progress.step:06d}.pt",
        )
        leave_weights(folder, 8)

    def load(self, folder: Path) -> bool:
        """Take up the checkpoint in the folder; False when there is none."""
        path = folder / "checkpoint.pt"
        if not path.exists():
            return False
        self.take(torch.load(path, weights_only=False))
        return True

    def take(self, state: Mapping[str, Any]) -> None:
        """Go on from what a checkpoint holds."""
        self.network.load_state_dict(state["network"])
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.rows.load_state_dict(state["rows"])
        self.progress = Progress(**state["progress"])
        self.chance.bit_generator.state = state["chance"]
        torch.set_rng_state(state["torch"])


def write_checkpoint(folder: Path, state: Mapping[str, Any]) -> None:
    """Replace the checkpoint of a run, whole or not at all."""
    part = folder / "checkpoint.part"
    torch.save(state, part)
    part.replace(folder / "checkpoint.pt")


def leave_weights(folder: Path, count: int) -> None:
    """Delete the files of weights of a run but for the last `count`."""
    for old in sorted(folder.glob("weights-*.pt"))[:-count]:
        old.unlink()


@torch.no_grad()
def translate(
    network: Network, sources: list[list[int]], prefix: int, *, longest: int = 60, batch: int = 64
) -> list[list[int]]:
    """Greedy translations (piece identifiers, without prefix and end) of piece identifiers."""
    from models.training.vocabulary import BEGIN, END, PADDING

    network.eval()
    results: list[list[int]] = [[] for _ in sources]
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        wide = max(len(sources[i]) for i in rows) + 1
        source = torch.full((len(rows), wide), PADDING)
        for line, i in enumerate(rows):
            source[line, : len(sources[i]) + 1] = torch.tensor([*sources[i], END])
        absent = source == PADDING
        memory = network.encode(source, absent)
        seen = torch.tensor([[BEGIN, prefix]] * len(rows))
        done = torch.zeros(len(rows), dtype=torch.bool)
        for _ in range(min(longest, 2 * wide + 10)):
            states, _ = network.decode(memory, absent, seen)
            best = network.logits(states[:, -1]).argmax(-1)
            best = torch.where(done, torch.tensor(PADDING), best)
            done |= best == END
            seen = torch.cat([seen, best[:, None]], dim=1)
            if bool(done.all()):
                break
        for line, i in enumerate(rows):
            pieces = seen[line, 2:].tolist()
            results[i] = (
                [p for p in pieces[: pieces.index(END)] if p != PADDING]
                if END in pieces
                else pieces
            )
    return results

"""Builds a network with its trainer for a GPU from the prepared data, and trains it.

Data may come in while it trains: what lies in the folder between two pools is taken up.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from models.languages import Language
from models.training import adopt, average, fit_network, growth, restore, vocabulary
from models.training.domains import Domains, weight
from models.training.examples import Examples
from models.training.monolingual import Monolingual
from models.training.network import Network
from models.training.recipe import Recipe, Tell
from models.training.resident import Store
from models.training.self_translation import back_translated
from models.training.train_dense import DenseOptions, DenseTrainer

#: Shares of the schedule at which the network translates, and how many of the sentences.
ROUNDS = ((0.27, 0.4), (0.58, 1.0))
#: Seconds between checkpoints.
SAVE = 90.0
DROPOUT = 0.1
#: Pools that a budget is spent in at least.
POOLS = 20


@dataclass(slots=True)
class Data:
    """What the folder of the data held when last looked at."""

    recipe: Recipe
    store: Store
    tell: Tell
    seen: set[Path] = field(default_factory=set)
    text: dict[Language, Monolingual] = field(default_factory=dict)

    def look(self) -> None:
        """Take up what is new."""
        for name, path in self.recipe.examples():
            hinted = self.recipe.hinted(path)
            found = hinted if hinted.exists() else path
            if found.exists() and path not in self.seen:
                self.seen.add(path)
                self.store.add(name, Examples.load(found).readable())
                self.tell(f"{name} from {found.name}")
        for language in {direction.target for direction in self.recipe.directions}:
            path = self.recipe.monolingual(language)
            if path.exists() and path not in self.seen:
                self.seen.add(path)
                self.text[language] = Monolingual.load(path)
                self.tell(f"{len(self.text[language].plain)} sentences from {path.name}")

    def back_translate(self, network: Network, part: float, chance: np.random.Generator) -> None:
        """Replace the network's own translations by new ones, of a part of the sentences."""
        processor = vocabulary.load(self.recipe.tokenizer)
        prefix = {
            language: processor.piece_to_id(vocabulary.TARGETS[language]) for language in Language
        }
        for own, text in self.text.items():
            rows = np.sort(chance.permutation(len(text.plain))[: round(part * len(text.plain))])
            plain = text.plain.take(rows)
            for other, hinted in text.hinted.items():
                made = back_translated(
                    network, hinted.take(rows), plain, (prefix[other], prefix[own])
                )
                self.store.add(f"back-{other}-{own}", made)
                self.tell(f"back-{other}-{own}: {len(made.source)} of {len(rows)} sentences")


def train(recipe: Recipe, options: argparse.Namespace, folder: Path, tell: Tell) -> None:
    """Train a run to the end of its minutes, or of its budget of tokens where it has none.

    Raises:
        ValueError: what the run should begin with is not there, or cannot be read.
    """
    data = Data(recipe, Store(options.device), tell)
    trainer = build(recipe, options, folder, tell)
    data.look()
    domains = Domains.load(recipe.domains)
    # A checkpoint has no translations: a run that goes on makes the last ones due again.
    rounds = list(ROUNDS)
    saved = time.monotonic()

    def between(share: float) -> None:
        nonlocal saved
        data.look()
        due = [part for at, part in rounds if share >= at]
        if due and data.text:
            del rounds[: len(due)]
            # The trainer draws from its own chance in another thread.
            chance = np.random.default_rng((recipe.seed, len(rounds)))
            data.back_translate(trainer.network, due[-1], chance)
        if time.monotonic() - saved >= SAVE:
            saved = time.monotonic()
            trainer.save(folder)

    def shares(share: float) -> Mapping[str, float]:
        table = domains.dense[share >= trainer.options.last]
        # A list, since this is asked in another thread than the one that adds sets.
        return {name: weight(name, table) for name in list(data.store.sets)}

    schedule = clock(options, trainer) if options.minutes else budget(options, trainer)
    tell(f"at step {trainer.progress.step}, {trainer.progress.tokens} tokens seen")
    trainer.run(data.store, shares, share=schedule, tell=tell, between=between)
    trainer.save(folder)


def clock(options: argparse.Namespace, trainer: DenseTrainer) -> Callable[[], float]:
    """The share of the minutes that are spent, those before a checkpoint among them."""
    begun = time.monotonic() - trainer.progress.seconds
    return lambda: min(1.0, (time.monotonic() - begun) / (60 * options.minutes))


def budget(options: argparse.Namespace, trainer: DenseTrainer) -> Callable[[], float]:
    """The share of the budget of target tokens that is spent."""
    return lambda: min(1.0, trainer.progress.tokens / options.budget)


def build(recipe: Recipe, options: argparse.Namespace, folder: Path, tell: Tell) -> DenseTrainer:
    """A trainer at the run's last checkpoint, or at its start."""
    defaults = DenseOptions()
    tokens = options.batch or defaults.tokens
    settings = replace(
        defaults,
        tokens=tokens,
        pool=defaults.pool
        if options.minutes
        else min(defaults.pool, max(1, options.budget // (POOLS * tokens))),
        rate=options.rate or defaults.rate,
        seed=recipe.seed,
        device=options.device,
    )
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=False)
        trainer = DenseTrainer(average.build(state["shape"]), settings)
        trainer.take(state)
        return trainer
    if options.package:
        adopt.adopt(recipe, options.package, tell)
        network = restore.network(options.package / "model")
    else:
        network = fit_network.fresh(recipe, options, *fit_network.prepared(recipe))
    network = growth.enlarged(network, options.layers, options.width, options.inner)
    trainer = DenseTrainer(with_dropout(network, DROPOUT), settings)
    if options.package:
        trainer.progress.earlier = adopt.tokens_seen(options.package)
    return trainer


def with_dropout(network: Network, dropout: float) -> Network:
    """The same network, of whose activations a share is left out in training."""
    found = Network(replace(network.shape, dropout=dropout))
    found.load_state_dict(network.state_dict())
    return found

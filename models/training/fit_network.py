"""Builds a network with its trainer from the prepared data, and ships a trained one."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from models.languages import Language
from models.training import (
    adopt,
    average,
    convert,
    growth,
    lexicon,
    package,
    restore,
    shortlist,
    vocabulary,
)
from models.training.domains import Domains, weight
from models.training.examples import Examples
from models.training.network import RAREST, Network, Shape, start_from_lexicon
from models.training.recipe import Recipe, teller
from models.training.train import Progress, Trainer, TrainOptions
from models.training.vocabulary import END

#: Where in the schedule a run begins that goes on from a package: small steps, all lengths.
LATE = 0.75
#: Batches drawn at once for each worker: of fewer, a set with a small share gets none.
POOL = 48
README = (
    "Trained by Parallax (models/training). What it can and cannot do stands in CARD.md beside it."
)


def build(
    recipe: Recipe, options: argparse.Namespace, folder: Path
) -> tuple[Trainer, list[Examples]]:
    """A trainer at the run's last checkpoint, or at its start, and the examples to train on.

    Raises:
        ValueError: what the run should begin with is not there, or cannot be read.
    """
    torch.set_num_threads(max(1, recipe.threads // options.workers))
    torch.manual_seed(recipe.seed)
    plain = TrainOptions()
    settings = replace(
        plain,
        budget=options.budget,
        tokens=options.batch or plain.tokens,
        pool=POOL * options.workers,
        rate=options.rate or plain.rate,
        start=begins(options),
        seed=recipe.seed,
        workers=options.workers,
    )
    sets, frequency = prepared(recipe)
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        trainer = resumed(checkpoint, frequency, settings, options.start)
    elif options.grow:
        trainer = grown(folder.parent / options.grow, options.layers, frequency, settings)
    elif options.package:
        trainer = continued(options.package, recipe, options.layers, frequency, settings)
    else:
        trainer = Trainer(fresh(recipe, options, sets, frequency), frequency, settings)
    return trainer, sets


def fresh(
    recipe: Recipe,
    options: argparse.Namespace,
    sets: list[Examples],
    frequency: dict[int, npt.NDArray[np.float64]],
) -> Network:
    """A network that begins as a word-for-word translator."""
    shape = Shape(
        len(next(iter(frequency.values()))),
        width=recipe.columns + 48,
        inner=options.inner,
        encoder_layers=options.layers[0],
        decoder_layers=options.layers[1],
    )
    network = Network(shape)
    begin(network, recipe, sets, frequency)
    return network


def begins(options: argparse.Namespace) -> float:
    """Where in the schedule a run begins."""
    if options.start is not None:
        return float(options.start)
    return LATE if options.package else 0.0


def resumed(
    checkpoint: Path,
    frequency: dict[int, npt.NDArray[np.float64]],
    settings: TrainOptions,
    start: float | None = None,
) -> Trainer:
    """A trainer where the run stopped; it keeps its shape.

    It keeps where in the schedule it began as well, unless `start` says otherwise.
    """
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    settings = replace(
        settings, start=state["options"].get("start", 0.0) if start is None else start
    )
    trainer = Trainer(average.build(state["shape"]), frequency, settings)
    trainer.take(state)
    return trainer


def continued(
    folder: Path,
    recipe: Recipe,
    layers: tuple[int, int],
    frequency: dict[int, npt.NDArray[np.float64]],
    settings: TrainOptions,
) -> Trainer:
    """A trainer of the network of a package, deepened to `layers` where it has fewer."""
    adopt.adopt(recipe, folder, teller())
    network = restore.network(folder / "model")
    network = growth.enlarged(network, layers, network.shape.width, network.shape.inner)
    trainer = Trainer(network, frequency, settings)
    trainer.progress.earlier = adopt.tokens_seen(folder)
    return trainer


def grown(
    folder: Path,
    layers: tuple[int, int],
    frequency: dict[int, npt.NDArray[np.float64]],
    settings: TrainOptions,
) -> Trainer:
    """A trainer of a deeper network that goes on where the run in the folder stopped."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        raise ValueError(f"There is no run {folder.name} to grow; name a run that was trained.")
    state = torch.load(path, map_location="cpu", weights_only=False)
    smaller = average.build(state["shape"])
    smaller.load_state_dict(state["network"])
    trainer = Trainer(growth.grow(smaller, *layers), frequency, settings)
    trainer.rows.load_state_dict(state["rows"])
    trainer.progress = Progress(**state["progress"])
    return trainer


def begin(
    network: Network,
    recipe: Recipe,
    sets: list[Examples],
    frequency: dict[int, npt.NDArray[np.float64]],
) -> None:
    """Make a fresh network a word-for-word translator, from the counts of the examples."""
    pivot = vocabulary.load(recipe.tokenizer).piece_to_id(vocabulary.TARGETS[Language.EN])
    everywhere = np.mean(list(frequency.values()), axis=0)
    pieces = network.shape.pieces
    start_from_lexicon(
        network,
        torch.from_numpy(lexicon.table(sets, pieces, recipe.columns, recipe.seed, pivot)),
        torch.from_numpy(np.log(everywhere)).float().clamp(min=RAREST),
    )


def prepared(recipe: Recipe) -> tuple[list[Examples], dict[int, npt.NDArray[np.float64]]]:
    """The examples of every direction at its share, and how frequent each language's pieces are."""
    pieces = vocabulary.load(recipe.tokenizer).get_piece_size()
    shares = Domains.load(recipe.domains).directions
    sets: list[Examples] = []
    frequency: dict[int, npt.NDArray[np.float64]] = {}
    for name, path in recipe.examples():
        hinted = recipe.hinted(path)
        examples = Examples.load(hinted if hinted.exists() else path).readable()
        examples = examples.scaled(weight(name, shares))
        sets.append(examples)
        counts = frequency.setdefault(examples.prefix, np.zeros(pieces))
        repeated = np.repeat(examples.weight, examples.target.lengths)
        counts += np.bincount(examples.target.flat, weights=repeated, minlength=pieces)
        counts[END] += float(examples.weight.sum())
    for counts in frequency.values():
        counts += 1e-9 * counts.sum()
        counts /= counts.sum()
    return sets, frequency


def ship(recipe: Recipe, options: argparse.Namespace) -> list[Path]:
    """Package folders of the averaged network, 8-bit, under the target folder."""
    folder = recipe.work / "runs" / options.run
    network = average.average(average.newest(folder, options.average))
    processor = vocabulary.load(recipe.tokenizer)
    pieces = vocabulary.all_pieces(processor)
    target = options.target or recipe.work / "packages"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        convert.convert(network, pieces, model)
        shortlists: dict[str, Path] = {}
        for language in {d.target for d in recipe.directions} if options.shortlist else ():
            # Not the teacher's text: it links words to what the last network said.
            into = [each for each in recipe.directions if each.target == language]
            files = [recipe.of_direction("examples", each) for each in into]
            files += [path for path in map(recipe.translated, into) if path.exists()]
            files += [recipe.hinted(path) for path in files if recipe.hinted(path).exists()]
            shortlists[language] = Path(scratch) / language
            shortlist.write(
                shortlists[language],
                [Examples.load(p) for p in files],
                pieces,
                language,
                known=recipe.brought_shortlist(language),
            )
        return package.write_folders(
            model,
            recipe.tokenizer,
            target,
            recipe.directions,
            version=options.version,
            prefixes=vocabulary.TARGETS,
            readme=README,
            shortlists=shortlists,
            rare_words=recipe.rare_words,
        )


def facts(recipe: Recipe, options: argparse.Namespace) -> dict[str, Any]:
    """What a model card says of a run."""
    folder = recipe.work / "runs" / options.run
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
    shape = state["shape"]
    network = average.build(shape)
    earlier = state["progress"].get("earlier", 0)
    return {
        "network": "Transformer, one for all directions",
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "pieces": shape["pieces"],
        "width": shape["width"],
        "encoder layers": shape["encoder_layers"],
        "decoder layers": shape["decoder_layers"],
        "tokens seen": state["progress"]["tokens"] + earlier,
        "of these in the last run": state["progress"]["tokens"],
        "steps of the last run": state["progress"]["step"],
        "seed": recipe.seed,
        "checkpoints averaged": options.average,
        "stored as": "8-bit integers (CTranslate2)",
    }

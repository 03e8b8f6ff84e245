"""Builds a network with its trainer from the prepared data, and ships a trained one."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.training import average, convert, lexicon, package, shortlist, tagger, vocabulary
from models.training.examples import Examples
from models.training.network import Network, Shape
from models.training.recipe import Recipe
from models.training.tag_examples import UNIT_EMPTY, TagExamples
from models.training.tag_train import TagTrainer
from models.training.train import Trainer, TrainOptions
from models.training.vocabulary import BEGIN, END, PADDING, UNKNOWN

README = (
    "Trained by Parallax (models/training). What it can and cannot do stands in CARD.md beside it."
)


def build(recipe: Recipe, options: argparse.Namespace, folder: Path) -> tuple[Trainer, list[Any]]:
    """A trainer at the run's last checkpoint, or at its start, and the examples to train on."""
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    settings = TrainOptions(
        budget=options.budget,
        tokens=options.batch,
        rate=options.rate,
        seed=recipe.seed,
        device=options.device,
    )
    trainer, sets = (
        for_tagger(recipe, options, settings)
        if options.kind == "tagger"
        else for_transformer(recipe, options, settings)
    )
    trainer.load(folder)
    if options.compile:
        trainer.network.compile()
    return trainer, sets


def for_tagger(
    recipe: Recipe, options: argparse.Namespace, settings: TrainOptions
) -> tuple[Trainer, list[TagExamples]]:
    """A tagging network that starts as a word-for-word translator."""
    begin = lexicon.Start.load(recipe.data / "start.npz")
    shape = tagger.TagShape(
        len(begin.table),
        begin.units,
        width=recipe.columns + 48,
        inner=options.inner,
        encoder_layers=options.layers[0],
    )
    network = tagger.Tagger(shape)
    tagger.start_from_lexicon(
        network, begin.table, begin.vectors, np.log(begin.frequency).astype(np.float32)
    )
    sets = [TagExamples.load(recipe.of_direction("tags", d)) for d in recipe.directions]
    return TagTrainer(network, begin.frequency, settings), sets


def for_transformer(
    recipe: Recipe, options: argparse.Namespace, settings: TrainOptions
) -> tuple[Trainer, list[Examples]]:
    """A full network with guided attention, for when there is compute to learn word order."""
    processor = vocabulary.load(recipe.tokenizer)
    pieces = processor.get_piece_size()
    paths = [recipe.of_direction("examples", d) for d in recipe.directions]
    # Denoising examples, where the `denoise` step has made them.
    paths += sorted(
        recipe.data / f"examples.{code}-{code}.npz"
        for code in {d.target.value for d in recipe.directions}
        if (recipe.data / f"examples.{code}-{code}.npz").exists()
    )
    sets = [Examples.load(path) for path in paths]
    counts = np.zeros(pieces)
    for each in sets:
        weights = np.repeat(each.weight, each.target.lengths)
        counts += np.bincount(each.target.flat, weights=weights, minlength=pieces)
        counts[END] += float(each.weight.sum())
    special = [UNKNOWN, BEGIN, END, PADDING, *sorted({each.prefix for each in sets})]
    often = [int(i) for i in np.flatnonzero(counts >= 2) if i not in special]
    targets = tuple(sorted([*special, *often]))
    frequency = (counts[list(targets)] + 0.3) / (counts[list(targets)] + 0.3).sum()
    shape = Shape(
        pieces,
        targets,
        width=recipe.columns + 48,
        inner=options.inner,
        encoder_layers=options.layers[0],
        decoder_layers=options.layers[1],
    )
    network = Network(shape)
    return Trainer(network, frequency, settings), sets


def ship(recipe: Recipe, options: argparse.Namespace) -> list[Path]:
    """Package folders of the averaged network, 8-bit, under the target folder.

    `options.empty` lowers the bias of the empty unit: labels with several spellings share their
    probability, the empty one does not, so the plain maximum says too little.
    """
    folder = recipe.work / "runs" / options.run
    network = average.average(average.newest(folder, options.average))
    if isinstance(network, tagger.Tagger):
        with torch.no_grad():
            network.bias[UNIT_EMPTY] -= options.empty
    processor = vocabulary.load(recipe.tokenizer)
    pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    target = options.target or recipe.work / "packages"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        convert.convert(network, pieces, model)
        if isinstance(network, tagger.Tagger):
            paths = [recipe.of_direction("tags", d) for d in recipe.directions]
            sets = [TagExamples.load(path) for path in paths if path.exists()]
            if sets:
                shortlist.write(model / shortlist.NAME, sets, network.shape.units, pieces)
        return package.write_folders(
            model,
            recipe.tokenizer,
            target,
            recipe.directions,
            version=options.version,
            prefixes=vocabulary.TARGETS,
            readme=README,
        )


def facts(recipe: Recipe, options: argparse.Namespace) -> dict[str, Any]:
    """What a model card says of a run."""
    folder = recipe.work / "runs" / options.run
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
    shape = state["shape"]
    network = average.build(shape)
    return {
        "network": "tagger (monotone)" if "units" in shape else "Transformer",
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "source pieces": shape["pieces"],
        "target units": len(shape.get("units") or shape["targets"]),
        "width": shape["width"],
        "encoder layers": shape["encoder_layers"],
        "tokens seen": state["progress"]["tokens"],
        "steps": state["progress"]["step"],
        "seed": recipe.seed,
        "checkpoints averaged": options.average,
        "taken from the empty unit (nats)": options.empty,
        "stored as": "8-bit integers (CTranslate2)",
    }

"""Denoising: rebuild a sentence from a copy with words lost, moved or blanked (Lewis 2020).

It teaches the decoder what sentences of the target language look like, from monolingual text alone.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from models.training.align_words import NONE
from models.training.corpus import read_exclusion, read_mono
from models.training.examples import Examples
from models.training.packing import encode, ragged
from models.training.recipe import LONGEST, Recipe
from models.training.vocabulary import TARGETS, UNKNOWN, load

DROP, BLANK, SHIFT = 0.1, 0.1, 3.0
# The text is news, so it belongs to the last part of a run as much as to the first.
WEIGHT = 0.3


def spoil(row: list[int], chance: np.random.Generator) -> tuple[list[int], list[int]]:
    """A spoilt copy, and for each piece of the row its place in the copy or `NONE`."""
    kept = [i for i in range(len(row)) if chance.random() >= DROP] or [0]
    order = sorted(kept, key=lambda i: i + chance.random() * SHIFT)
    copy = [UNKNOWN if chance.random() < BLANK else row[i] for i in order]
    places = [NONE] * len(row)
    for place, i in enumerate(order):
        places[i] = place
    return copy, places


def write(recipe: Recipe, language: str, limit: int | None) -> Path:
    """Path of denoising examples of a language, which `train` picks up."""
    if recipe.mono is None:
        raise ValueError("Denoising needs monolingual text; name its folder with --mono.")
    processor = load(recipe.tokenizer)
    texts = read_mono(recipe.mono, language, excluded=read_exclusion(recipe.exclusion))
    sentences = [sentence for _, sentence in islice(texts, limit)]
    chance = np.random.default_rng(recipe.seed)
    packed = encode(processor, sentences, threads=recipe.threads)
    fits = np.flatnonzero((packed.lengths > 2) & (packed.lengths <= LONGEST))
    rows = [packed[int(i)].tolist() for i in fits]
    if not rows:
        raise ValueError(
            f"There is no sentence of {language} in {recipe.mono}; add NAME.{language}.txt."
        )
    spoilt = [spoil(row, chance) for row in rows]
    examples = Examples(
        ragged([copy for copy, _ in spoilt]),
        ragged(rows),
        np.concatenate([np.array(places, dtype=np.uint8) for _, places in spoilt]),
        np.full(len(rows), WEIGHT, dtype=np.float32),
        np.full(len(rows), WEIGHT, dtype=np.float32),
        processor.piece_to_id(TARGETS[language]),
    )
    path = recipe.data / f"examples.{language}-{language}.npz"
    examples.save(path)
    return path

"""Sentences of one language for the network to translate itself (`self_translation.py`).

`data/mono.LANG.npz` has them as they are said, and for each other language as examples have their
sources, with most rare words replaced by that language's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.languages import Direction, Language
from models.training import packing, vocabulary
from models.training.back_translate import WORDS
from models.training.corpus import read_exclusion, read_mono
from models.training.examples import Examples
from models.training.packing import Ragged
from models.training.rare_words import Hinter
from models.training.recipe import LONGEST, Recipe, Tell


@dataclass(frozen=True, slots=True)
class Monolingual:
    """Sentences as they are said, and as each language's translation reads them."""

    plain: Ragged
    hinted: Mapping[Language, Ragged]

    def save(self, path: Path) -> None:
        """Write everything to one npz file, which is there whole or not at all."""
        partial = path.with_name(f"partial.{path.name}")
        arrays = {"plain": self.plain, **{str(key): rows for key, rows in self.hinted.items()}}
        found: dict[str, Any] = {}
        for name, rows in arrays.items():
            found |= {name: rows.flat, f"{name}_offsets": rows.offsets}
        np.savez(partial, **found)
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Monolingual:
        """Read what `save` wrote."""
        with np.load(path) as data:
            rows = {
                name: Ragged(data[name], data[f"{name}_offsets"])
                for name in data.files
                if not name.endswith("_offsets")
            }
        return cls(rows.pop("plain"), {Language(name): each for name, each in rows.items()})


def write(recipe: Recipe, language: Language, limit: int | None, tell: Tell) -> Path:
    """Path of a language's sentences, `limit` at most, in random order; what exists stays.

    Needs the lists of `hint`.

    Raises:
        ValueError: there is no monolingual text of that language.
    """
    path = recipe.monolingual(language)
    if path.exists():
        return path
    if recipe.mono is None:
        raise ValueError("This step needs monolingual text; name its folder with --mono.")
    texts = read_mono(recipe.mono, language, excluded=read_exclusion(recipe.exclusion))
    fitting = sorted({text for _, text in texts if text.count(" ") + 1 in WORDS})
    rows = packing.encode(vocabulary.load(recipe.tokenizer), fitting, threads=recipe.threads)
    if not len(rows):
        raise ValueError(f"There is no {language} text in {recipe.mono}; put some there.")
    whole = (rows.lengths <= LONGEST) & rows.without(vocabulary.UNKNOWN)
    chance = np.random.default_rng(recipe.seed)
    plain = rows.take(chance.permutation(np.flatnonzero(whole))[:limit])
    hinted = {
        direction.target: as_read(recipe, direction, plain)
        for direction in recipe.directions
        if direction.source == language
    }
    Monolingual(plain, hinted).save(path)
    tell(f"{path.name}: {len(plain)} sentences")
    return path


def as_read(recipe: Recipe, direction: Direction, plain: Ragged) -> Ragged:
    """The sentences with their rare words replaced."""
    nothing = packing.ragged([[]] * len(plain))
    ones = np.ones(len(plain), dtype=np.float32)
    examples = Examples(plain, nothing, np.zeros(0, dtype=np.uint8), ones, ones, 0)
    return Hinter(recipe, direction).apply(examples, f"mono-{direction}").source

"""Back-translation: genuine target sentences beside machine translations as their source.

Any packages can serve as translator: this project's own from the last round, or official Argos
ones. A made source begins with a tag, the target's prefix, so that the network can tell it from a
genuine one (Caswell 2019).
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.languages import Direction
from models.training import align_words, packing
from models.training.corpus import Pair, fault, read_exclusion, read_mono, read_tsv
from models.training.examples import Examples
from models.training.recipe import Recipe, linked, names
from models.translate import Engine

CHUNK = 512
# Words of a sentence: shorter ones teach little, longer ones do not fit an example.
WORDS = range(3, 46)


def draw(
    recipe: Recipe,
    language: str,
    direction: Direction,
    limit: int | None,
    excluded: frozenset[str],
) -> list[str]:
    """Monolingual sentences of a language for a direction, `limit` at most, drawn at random."""
    if recipe.mono is None:
        raise ValueError("This step needs monolingual text; name its folder with --mono.")
    texts = read_mono(recipe.mono, language, excluded=excluded)
    fitting = sorted({text for _, text in texts if text.count(" ") + 1 in WORDS})
    # Each direction draws its own, so that two directions of a language share few sentences.
    chance = random.Random(f"{recipe.seed} {direction}")
    return chance.sample(fitting, min(len(fitting), limit or len(fitting)))


def tagged(examples: Examples) -> Examples:
    """The same examples, a tag before each source, which no word is linked to."""
    rows = range(len(examples.source))
    source = [np.concatenate([[examples.prefix], examples.source[row]]) for row in rows]
    none = examples.links == align_words.NONE
    moved = np.where(none, align_words.NONE, examples.links.astype(np.int64) + 1)
    return replace(examples, source=packing.ragged(source), links=moved.astype(np.uint8))


def write(recipe: Recipe, direction: Direction, engine: Engine, limit: int | None) -> Path:
    """Path of a TSV of back-translated pairs for a direction, `limit` at most, drawn at random.

    The engine must translate from the target language to the source language. Sentences whose
    translation carries a flag stay out.

    Raises:
        ValueError: no translation is without one.
    """
    excluded = read_exclusion(recipe.exclusion)
    wanted = draw(recipe, direction.target.value, direction, limit, excluded)
    first, second = names(direction)
    folder = recipe.work / "back"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"back-{direction.source}-{direction.target}.{first}-{second}.tsv"
    kept = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            for genuine, made in zip(
                chunk, engine.translate_segments(chunk, direction.reverse), strict=True
            ):
                ordered = (
                    (made.text, genuine)
                    if first == direction.source.value
                    else (genuine, made.text)
                )
                pair = Pair("back", *(" ".join(side.split()) for side in ordered))
                if not made.flags and fault(pair, excluded) is None:
                    stream.write(f"{pair.first}\t{pair.second}\n")
                    kept += 1
    if wanted and not kept:
        raise ValueError(
            f"None of {len(wanted)} translations {direction.reverse} was free of doubts; train the "
            "packages for longer first, or raise --limit."
        )
    return path


def align(recipe: Recipe, direction: Direction, path: Path) -> Path:
    """Path of the word-aligned, tagged examples of a TSV of `write`, which `train` picks up.

    Words are linked by the counts of the genuine pairs' links: `align` must have been run.
    """
    first, second = names(direction)
    pairs = list(read_tsv(path, first, second, "back"))
    if first == direction.source.value:
        sides = [pair.first for pair in pairs], [pair.second for pair in pairs]
    else:
        sides = [pair.second for pair in pairs], [pair.first for pair in pairs]
    found = recipe.data / f"examples.back-{direction.source}-{direction.target}.npz"
    tagged(linked(recipe, direction, *sides)).save(found)
    return found

"""Back-translation: genuine target sentences beside machine translations as their source.

Any packages can serve as translator: this project's own from the last round, or official Argos
ones.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from models.languages import Direction
from models.training.corpus import Pair, fault, read_exclusion, read_mono
from models.training.recipe import LANGUAGE_PAIRS, Recipe
from models.translate import Engine

CHUNK = 512


def write(recipe: Recipe, direction: Direction, engine: Engine, limit: int | None) -> Path:
    """Path of a TSV of back-translated pairs for a direction; give it to the recipe as a corpus.

    The engine must translate from the target language to the source language. Sentences whose
    translation carries a flag stay out.
    """
    if recipe.mono is None:
        raise ValueError("Back-translation needs monolingual text; name its folder with --mono.")
    excluded = read_exclusion(recipe.exclusion)
    texts = read_mono(recipe.mono, direction.target.value, excluded=excluded)
    names = {direction.source.value, direction.target.value}
    first, second = next(pair for pair in LANGUAGE_PAIRS if set(pair) == names)
    folder = recipe.work / "back"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"back-{direction.source}-{direction.target}.{first}-{second}.tsv"
    wanted = islice((sentence for _, sentence in texts), limit)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        while chunk := list(islice(wanted, CHUNK)):
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
    return path

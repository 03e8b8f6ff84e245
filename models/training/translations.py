"""Translations made for this project, of sentences that stand in the monolingual text.

`translations/NAME.xx-yy[-zz].tsv.xz` has a line a sentence: the key of a sentence of language xx,
and what that sentence is in the other languages. The sentences themselves are not kept: they are
looked up in the folder of `--mono`, and what is not there is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from models.languages import Direction
from models.training import vocabulary
from models.training.corpus import (
    NAME,
    Pair,
    exclusion_key,
    fault,
    lines,
    read_exclusion,
    read_mono,
    tidy,
)
from models.training.domains import Domains, weight
from models.training.recipe import ALIGNED_TOGETHER, Recipe, Tell, linked

FOLDER = Path(__file__).parent / "translations"
#: Their name among the corpora, by which they are weighed.
CORPUS = "translated"


def write(recipe: Recipe, tell: Tell, folder: Path = FOLDER) -> list[Path]:
    """Paths of the examples of all directions, which `train` picks up; those that exist stay.

    Needs the examples of `align`.

    Raises:
        ValueError: there is no monolingual text, or none of its sentences is translated here.
    """
    if recipe.mono is None:
        raise ValueError("This step needs monolingual text; name its folder with --mono.")
    sentences = cache(partial(keyed, recipe.mono))
    excluded = read_exclusion(recipe.exclusion)
    processor = vocabulary.load(recipe.tokenizer)
    domains = Domains.load(recipe.domains)
    made = []
    for direction in recipe.directions:
        path = recipe.translated(direction)
        made.append(path)
        if path.exists():
            continue
        aligned = any(direction in group for group in ALIGNED_TOGETHER)
        turned = not aligned and direction.reverse in recipe.directions
        way = direction.reverse if turned else direction
        found = pairs(folder, way, sentences)
        kept = [pair for pair in found if fault(pair, excluded) is None]
        if not kept:
            raise ValueError(
                f"No sentence of {recipe.mono} is translated {way} in {folder}; "
                "leave this step out."
            )
        examples = linked(recipe, way, [p.first for p in kept], [p.second for p in kept])
        if turned:
            prefix = processor.piece_to_id(vocabulary.TARGETS[direction.target])
            examples = examples.reversed(prefix)
        replace(
            examples,
            weight=examples.weight * np.float32(weight(CORPUS, domains.first)),
            last_weight=examples.last_weight * np.float32(weight(CORPUS, domains.last)),
        ).save(path)
        tell(f"{path.name}: {len(examples.source)} examples")
    return made


def pairs(
    folder: Path, direction: Direction, sentences: Callable[[str], Mapping[str, str]]
) -> Iterator[Pair]:
    """Sentences and their translations; `sentences` gives those of a language by their keys."""
    for path in sorted(folder.iterdir()):
        match = NAME.match(path.name)
        languages = match["languages"].split("-") if match else []
        if direction.source not in languages or direction.target not in languages:
            continue
        known = sentences(languages[0])
        for line in lines(path):
            cells = line.split("\t")
            if len(cells) == len(languages) and cells[0] in known:
                said = dict(zip(languages, [known[cells[0]], *map(tidy, cells[1:])], strict=True))
                yield Pair(CORPUS, said[direction.source], said[direction.target])


def keyed(mono: Path, language: str) -> Mapping[str, str]:
    """The sentences of a language by their keys."""
    return {exclusion_key(text): text for _, text in read_mono(mono, language)}

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
    mono_lines,
    read_exclusion,
    tidy,
    written_out,
)
from models.training.domains import Domains, weight
from models.training.examples import Examples
from models.training.recipe import Recipe, Tell, linked, linked_way

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
    excluded = read_exclusion(recipe.exclusion)
    sentences = cache(partial(keyed, recipe.mono, excluded=excluded))
    examples_of = cache(partial(examples, recipe, folder, sentences, excluded))
    processor = vocabulary.load(recipe.tokenizer)
    made = []
    for direction in recipe.directions:
        path = recipe.translated(direction)
        made.append(path)
        if path.exists():
            continue
        way = linked_way(recipe, direction)
        found = examples_of(way)
        if way != direction:
            prefix = processor.piece_to_id(vocabulary.TARGETS[direction.target])
            found = found.reversed(prefix)
        found.save(path)
        tell(f"{path.name}: {len(found.source)} examples")
    return made


def examples(
    recipe: Recipe,
    folder: Path,
    sentences: Callable[[str], Mapping[str, str]],
    excluded: frozenset[str],
    direction: Direction,
) -> Examples:
    """The translations of a direction with their words linked, weighed as a corpus of that name."""
    kept = [pair for pair in pairs(folder, direction, sentences) if fault(pair, excluded) is None]
    if not kept:
        raise ValueError(
            f"No sentence of {recipe.mono} is translated {direction} in {folder}; "
            "leave this step out."
        )
    domains = Domains.load(recipe.domains)
    found = linked(recipe, direction, [p.first for p in kept], [p.second for p in kept])
    return replace(
        found,
        weight=found.weight * np.float32(weight(CORPUS, domains.first)),
        last_weight=found.last_weight * np.float32(weight(CORPUS, domains.last)),
    )


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


def keyed(
    mono: Path, language: str, *, excluded: frozenset[str] = frozenset()
) -> Mapping[str, str]:
    """The sentences of a language by the keys they have as they are written, test sentences not."""
    keys = ((exclusion_key(text), text) for _, text in mono_lines(mono, language))
    return {key: written_out(text) for key, text in keys if key not in excluded}

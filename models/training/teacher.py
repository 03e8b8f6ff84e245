"""The teacher: what a phrase-based translator makes of monolingual text, as examples to learn from.

A network with little to learn from does better on the translations of a simpler translator, which
says the same thing the same way, than on people's alone (distillation of sequences: Kim and Rush
2016). The translator is built in minutes from the linked pairs. Turned round and tagged, its
translations are also back-translations for the other direction. Sentences in which it left words
of the source as they were, other than names, stay out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import islice
from pathlib import Path

import numpy as np

from models.languages import LANGUAGES, Direction, Language
from models.training import language_model, packing, phrases, triangulation
from models.training.back_translate import draw, tagged
from models.training.copied_names import Speller, native_latin
from models.training.corpus import Pair, fault, read_exclusion, read_mono
from models.training.examples import Examples
from models.training.phrase_options import Weights
from models.training.recipe import LONGEST, Recipe, Tell, linked_way, parallel
from models.training.stack_decoder import Decoder, Translation
from models.training.vocabulary import TARGETS, all_pieces, load

#: Pieces of a sentence: phrases do worse on longer ones, which do not fit an example either.
PIECES = range(6, 41)
#: Sentences of monolingual text that the language model reads.
READ = 1_000_000
#: Found by a random search for BLEU and chrF2 on sentences 201 to 340 of FLORES-200 dev.
WEIGHTS: Mapping[str, Weights] = {
    "ru-en": Weights(0.189, 0.205, 0.129, 0.203, 0.325, 0.214, -0.269, 0.064),
    "uk-en": Weights(0.065, 0.314, 0.044, 0.07, 0.188, 0.047, -0.553, 0.042),
    "en-ru": Weights(0.168, 0.224, 0.079, 0.115, 0.244, 0.694, -0.096, 0.056),
    "en-uk": Weights(0.082, 0.189, 0.063, 0.221, 0.292, 0.348, -0.566, 0.032),
    "ru-uk": Weights(0.294, 0.424, 0.107, 0.098, 0.265, 0.498, 0.405, 0.152),
    "uk-ru": Weights(0.064, 0.375, 0.059, 0.139, 0.351, 0.296, -0.107, 0.097),
}


def teach(recipe: Recipe, limit: int | None, tell: Tell) -> list[Path]:
    """Paths of the examples of all directions, which `train` picks up; those that exist stay.

    `limit` sentences of each direction's source language are translated at most. Needs the examples
    of `align`.
    """
    tables = cache(partial(table, recipe))
    for language in LANGUAGES:
        into = [d for d in recipe.directions if d.target == language]
        wanted = [d for d in into if not all(path.exists() for path in outputs(recipe, d))]
        if wanted:
            model = read(recipe, language)
            tell(f"{language}: {np.count_nonzero(model.keys)} n-grams and contexts")
        for direction in wanted:
            write(recipe, direction, teacher(recipe, direction, model, tables), limit, tell)
    return [path for direction in recipe.directions for path in outputs(recipe, direction)]


def outputs(recipe: Recipe, direction: Direction) -> tuple[Path, Path]:
    """Where a direction's taught examples go, and the back-translated ones of the other round."""
    source, target = direction.source, direction.target
    return (
        recipe.data / f"examples.taught-{source}-{target}.npz",
        recipe.data / f"examples.backtaught-{target}-{source}.npz",
    )


def read(recipe: Recipe, language: Language) -> language_model.LanguageModel:
    """A language model of all text of a language."""
    size = load(recipe.tokenizer).get_piece_size()
    return language_model.estimate(text(recipe, language), size)


def text(recipe: Recipe, language: Language) -> packing.Ragged:
    """What stands on the target side of a language's examples, and other text."""
    processor = load(recipe.tokenizer)
    texts = [parallel(recipe, d).target for d in recipe.directions if d.target == language]
    if recipe.mono is not None:
        found = read_mono(recipe.mono, language, excluded=read_exclusion(recipe.exclusion))
        sentences = [sentence for _, sentence in islice(found, READ)]
        texts.append(packing.encode(processor, sentences, threads=recipe.threads))
    return packing.joined(texts)


def table(recipe: Recipe, direction: Direction) -> phrases.PhraseTable:
    """The phrases of a direction, from the examples in which its words were linked."""
    processor = load(recipe.tokenizer)
    marks = phrases.marks_of(all_pieces(processor))
    way = linked_way(recipe, direction)
    return phrases.build(parallel(recipe, way), marks, swap=way != direction)


def teacher(
    recipe: Recipe,
    direction: Direction,
    model: language_model.LanguageModel,
    tables: Callable[[Direction], phrases.PhraseTable],
) -> Decoder:
    """The translator of a direction."""
    weights = WEIGHTS[f"{direction.source}-{direction.target}"]
    return Decoder.of(extended(recipe, direction, tables), model, weights)


def extended(
    recipe: Recipe, direction: Direction, tables: Callable[[Direction], phrases.PhraseTable]
) -> phrases.PhraseTable:
    """The phrases of a direction; those it lacks come by way of the third language."""
    source, target = direction.source, direction.target
    found = tables(direction)
    (third,) = set(LANGUAGES) - {source, target}
    steps = Direction(source, third), Direction(third, target)
    if all(step in recipe.directions for step in steps):
        found = triangulation.extended(found, *map(tables, steps))
    return found


def write(
    recipe: Recipe, direction: Direction, decoder: Decoder, limit: int | None, tell: Tell
) -> None:
    """Translate text of the source language; write both sets of examples."""
    processor = load(recipe.tokenizer)
    excluded = read_exclusion(recipe.exclusion)
    texts = draw(recipe, direction.source, direction, limit, excluded)
    packed = packing.encode(processor, texts, threads=recipe.threads)
    rows = [i for i, length in enumerate(packed.lengths.tolist()) if length in PIECES]
    start = time.monotonic()
    # Compiled code holds no lock, so threads share the work; the order stays.
    with ThreadPoolExecutor(recipe.threads) as pool:
        made = list(pool.map(lambda row: decoder.translate(packed[row]), rows))
    speller = Speller(processor, direction, latin(recipe, direction.target))
    amended = [
        (row, each)
        for row, each in zip(rows, map(speller.amend, made), strict=True)
        if each is not None and len(each.pieces) < LONGEST
    ]
    said = processor.decode([each.pieces.tolist() for _, each in amended])
    kept = [
        (row, each)
        for (row, each), text in zip(amended, said, strict=True)
        if fault(Pair("", texts[row], text), excluded) is None
    ]
    if not kept:
        raise ValueError(
            f"There is no sentence of {direction.source} in {recipe.mono} to translate; "
            f"add NAME.{direction.source}.txt."
        )
    prefixes = [
        processor.piece_to_id(TARGETS[each]) for each in (direction.target, direction.source)
    ]
    taught = examples_of(packed, kept, prefixes[0])
    forward, back = outputs(recipe, direction)
    taught.save(forward)
    tagged(taught.reversed(prefixes[1])).save(back)
    tell(
        f"{direction}: {len(kept)} of {len(rows)} sentences taught, "
        f"{len(rows) / (time.monotonic() - start):.0f} a second"
    )


def latin(recipe: Recipe, target: Language) -> frozenset[str]:
    """Names that the target language's own text writes in Latin; English keeps none apart."""
    if target == Language.EN or recipe.mono is None:
        return frozenset()
    return native_latin(sentence for _, sentence in read_mono(recipe.mono, target))


def examples_of(
    packed: packing.Ragged, kept: list[tuple[int, Translation]], prefix: int
) -> Examples:
    """Rows of a text beside their translations."""
    ones = np.ones(len(kept), dtype=np.float32)
    return Examples(
        packed.take(np.array([row for row, _ in kept])),
        packing.ragged([each.pieces for _, each in kept]),
        np.concatenate([each.places for _, each in kept]),
        ones,
        ones,
        prefix,
    )

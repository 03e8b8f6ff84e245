"""Trains the sentence encoder on the packed pairs of all three languages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.encode import bags
from models.ngrams import BUCKETS
from models.training import encoder_table
from models.training.domains import Domains, weigh
from models.training.packing import Packed
from models.training.recipe import LANGUAGE_PAIRS, Recipe, packed_as
from models.training.vocabulary import load

Floats = npt.NDArray[np.float32]

LONGEST = 600  # pieces and n-grams of a sentence
# Retrieval must tell apart sentences of any domain, so the rest counts more than in translation.
LEAST, MOST = 0.3, 5.0


def fit(recipe: Recipe, tell: Callable[[str], None], *, epochs: int, columns: int) -> Floats:
    """Vectors, (pieces + buckets, columns) float32; kept in the work folder, only trained once.

    A first stage of 256 columns learns from hard negatives; a second one widens the vectors and
    takes negatives at random, so that near translations are not driven apart for good.
    """
    weights = Domains.load(recipe.domains).first

    def draw(pack: Packed, chance: np.random.Generator) -> npt.NDArray[np.int64]:
        share = np.clip(2 * weigh(pack, weights), LEAST, MOST)
        copies = np.floor(share + chance.random(len(share))).astype(np.int64)
        for side in (pack.first, pack.second):
            copies *= (side.lengths > 0) & (side.lengths < LONGEST)
        return np.repeat(np.arange(len(copies)), copies)

    processor = load(recipe.tokenizer)
    rows = processor.get_piece_size() + BUCKETS
    if rows > np.iinfo(np.uint16).max:
        raise ValueError("Pieces and n-grams do not fit 16 bits; train with fewer --pieces.")
    packs = [
        packed_as(
            recipe,
            recipe.data / f"bags.{first}-{second}.npz",
            lambda texts: bags(processor, texts, threads=recipe.threads),
            tell,
        )
        for first, second in LANGUAGE_PAIRS
    ]
    first = encoder_table.TableOptions(epochs=epochs, seed=recipe.seed)
    second = encoder_table.TableOptions(
        dimensions=columns,
        epochs=max(1, epochs // 2),
        rate=3e-3,
        scale=30.0,
        drop=0.25,  # with less, another epoch fits the pairs and finds no more
        neighbours=False,
        seed=recipe.seed + 1,
    )
    vectors: Floats | None = None
    for number, options in enumerate((first, second), 1):
        path = recipe.work / f"encoder-{number}.npy"
        if path.exists():
            vectors = np.load(path)
            continue
        vectors = encoder_table.train(packs, rows, options, weigh=draw, tell=tell, begin=vectors)
        np.save(path, vectors)
    assert vectors is not None
    return vectors

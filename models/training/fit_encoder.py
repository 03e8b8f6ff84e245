"""Trains the sentence encoder on the packed pairs of all three languages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.training import encoder_table
from models.training.domains import Domains, weigh
from models.training.packing import Packed
from models.training.recipe import LANGUAGE_PAIRS, Recipe
from models.training.vocabulary import load

LONGEST = 120
# Retrieval must tell apart sentences of any domain, so the rest counts more than in translation.
LEAST, MOST = 0.3, 5.0


def fit(recipe: Recipe, tell: Callable[[str], None], *, epochs: int) -> npt.NDArray[np.float32]:
    """Piece vectors, (pieces, 256) float32; kept in the work folder and only trained once."""
    path = recipe.work / "encoder.npy"
    if path.exists():
        vectors: npt.NDArray[np.float32] = np.load(path)
        return vectors
    weights = Domains.load(recipe.domains).first

    def draw(pack: Packed, chance: np.random.Generator) -> npt.NDArray[np.int64]:
        share = np.clip(2 * weigh(pack, weights), LEAST, MOST)
        copies = np.floor(share + chance.random(len(share))).astype(np.int64)
        for side in (pack.first, pack.second):
            copies *= (side.lengths > 0) & (side.lengths < LONGEST)
        return np.repeat(np.arange(len(copies)), copies)

    packs = [Packed.load(recipe.packed(a, b)) for a, b in LANGUAGE_PAIRS]
    options = encoder_table.TableOptions(epochs=epochs, seed=recipe.seed)
    vectors = encoder_table.train(
        packs, load(recipe.tokenizer).get_piece_size(), options, weigh=draw, tell=tell
    )
    np.save(path, vectors)
    return vectors

"""The shortlist of a tagging network: which units each source piece may become (`vmap.txt`).

CTranslate2 then computes the output layer for those units only, several times faster; what a
piece never became in training was seldom right. Argos Translate does not look at the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models.training.lexicon import romanise
from models.training.tag_examples import (
    SPECIAL_UNITS,
    UNIT_EMPTY,
    UNIT_END,
    UNIT_PREFIX,
    TagExamples,
)

#: The name CTranslate2 looks for in a model folder.
NAME = "vmap.txt"
#: Units kept for each piece, and units that any piece may become.
PER_PIECE = 20
ALWAYS = 100


def lines(
    texts: Sequence[TagExamples], units: Sequence[str], pieces: Sequence[str]
) -> Iterator[str]:
    """The lines of `vmap.txt`: a piece, a tab, its units; the first line is for every piece."""
    count = len(units)
    keys = []
    for text in texts:
        known = text.labels >= 0
        keys.append(text.source.flat[known].astype(np.int64) * count + text.labels[known])
    pairs, often = np.unique(np.concatenate(keys), return_counts=True)
    source, unit = pairs // count, pairs % count
    order = np.lexsort((-often, source))
    source, unit, often = source[order], unit[order], often[order]

    common = np.argsort(-np.bincount(unit, weights=often, minlength=count))[:ALWAYS]
    special = [units[UNIT_END], units[UNIT_PREFIX], units[UNIT_EMPTY]]
    every = dict.fromkeys([*special, *(units[number] for number in common)])
    yield "\t" + " ".join(every)

    named = {name for name in units if name and name not in SPECIAL_UNITS and " " not in name}
    starts = np.searchsorted(source, np.arange(len(pieces) + 1))
    for number, piece in enumerate(pieces):
        begin, end = starts[number], starts[number + 1]
        end = min(end, begin + PER_PIECE)
        # Seen once may be a wrong link; the three most frequent are kept even so.
        chosen = [units[unit[at]] for at in range(begin, end) if often[at] >= 2 or at < begin + 3]
        own = [piece, romanise(piece)]
        kept = dict.fromkeys(name for name in (*chosen, *own) if name in named)
        if kept and " " not in piece and "\t" not in piece:
            yield f"{piece}\t{' '.join(kept)}"


def write(
    path: Path, texts: Sequence[TagExamples], units: Sequence[str], pieces: Sequence[str]
) -> None:
    """Write the shortlist to `path`."""
    text = "\n".join(lines(texts, units, pieces))
    path.write_text(f"{text}\n", encoding="utf-8")

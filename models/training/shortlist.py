"""The shortlist of a network: which pieces each source piece may become (`vmap.txt`).

CTranslate2 then computes the output layer for those pieces only, several times faster; what a
piece never became in the training text was seldom right. Each target language has its own list,
which also keeps words of the other languages out. Argos Translate does not look at the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models.training.examples import Examples
from models.training.lexicon import linked, romanise
from models.training.vocabulary import END

#: The name CTranslate2 looks for in a model folder.
NAME = "vmap.txt"
#: Pieces kept for each source piece.
PER_PIECE = 16
#: Pieces that any source piece may become.
ALWAYS = 250


def lines(sets: Sequence[Examples], pieces: Sequence[str]) -> Iterator[str]:
    """The lines of `vmap.txt`: a piece, a tab, its translations; the first is for every piece.

    `sets` are the examples into one language, from any.
    """
    size = len(pieces)
    target = np.zeros(size)
    for examples in sets:
        target += np.bincount(examples.target.flat, minlength=size)
    often = [number for number in np.argsort(-target)[:ALWAYS] if target[number]]
    prefixes = sorted({examples.prefix for examples in sets})
    yield "\t" + " ".join(dict.fromkeys(pieces[n] for n in (END, *prefixes, *often)))

    links = [linked(examples) for examples in sets]
    pairs, times = np.unique(np.concatenate([x * size + y for x, y in links]), return_counts=True)
    source, unit = pairs // size, pairs % size
    order = np.lexsort((-times, source))
    source, unit, times = source[order], unit[order], times[order]
    starts = np.searchsorted(source, np.arange(size + 1))
    named = {name for name in pieces if not name.startswith("<")}
    for number, piece in enumerate(pieces):
        begin, end = starts[number], min(starts[number + 1], starts[number] + PER_PIECE)
        # Seen once may be a wrong link; the three most frequent are kept even so.
        found = [pieces[unit[at]] for at in range(begin, end) if times[at] >= 2 or at < begin + 3]
        # What was seldom linked stays as it is or changes its script, as names do.
        own = () if len(found) > 3 else (piece, romanise(piece))
        kept = [name for name in (*found, *own) if name in named]
        if kept and piece in named:
            yield f"{piece}\t{' '.join(dict.fromkeys(kept))}"


def write(path: Path, sets: Sequence[Examples], pieces: Sequence[str]) -> None:
    """Write the shortlist to `path`."""
    text = "\n".join(lines(sets, pieces))
    path.write_text(f"{text}\n", encoding="utf-8")

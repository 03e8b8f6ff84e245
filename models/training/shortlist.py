"""The shortlist of a network: which pieces each source piece may become.

CTranslate2 then computes the output layer for those pieces only, several times faster; what a
piece never became in the training text was seldom right. Each target language has its own list,
which also keeps words of the other languages out. Packages hold it xz-compressed (`vmap.txt.xz`);
Argos Translate does not look at the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.languages import Language
from models.training.examples import Examples
from models.training.lexicon import CYRILLIC, linked, romanise
from models.training.vocabulary import END

#: Pieces kept for each source piece.
PER_PIECE = 20
#: The same where a list that a package brought is joined: every run adds a few by chance.
JOINED = 24
#: How often a link was seen, at least.
SEEN = 3
#: A piece this many times more frequent in the sources than in the target language is foreign.
FOREIGN = 20
#: Letters that a language does not have.
ALIEN = {
    Language.EN: CYRILLIC,
    Language.RU: re.compile("[іїєґІЇЄҐ]"),
    Language.UK: re.compile("[ыэёъЫЭЁЪ]"),
}
#: Pieces that any source piece may become.
ALWAYS = 600


def lines(sets: Sequence[Examples], pieces: Sequence[str], language: Language) -> Iterator[str]:
    """The lines of a shortlist: a piece, a tab, its translations; the first is for every piece.

    `sets` are the examples into the language, from any.
    """
    size = len(pieces)
    target = np.zeros(size)
    for examples in sets:
        target += np.bincount(examples.target.flat, minlength=size)
    own = native(sets, target, pieces, language)
    often = [n for n in np.argsort(-target)[:ALWAYS] if target[n] and own[n]]
    prefixes = sorted({examples.prefix for examples in sets})
    yield "\t" + " ".join(dict.fromkeys(pieces[n] for n in (END, *prefixes, *often)))

    links = [linked(examples) for examples in sets]
    pairs, times = np.unique(np.concatenate([x * size + y for x, y in links]), return_counts=True)
    source, unit = pairs // size, pairs % size
    source, unit, times = source[own[unit]], unit[own[unit]], times[own[unit]]
    order = np.lexsort((-times, source))
    source, unit, times = source[order], unit[order], times[order]
    starts = np.searchsorted(source, np.arange(size + 1))
    known = {name for name, is_own in zip(pieces, own, strict=True) if is_own}
    for number, piece in enumerate(pieces):
        begin, end = starts[number], min(starts[number + 1], starts[number] + PER_PIECE)
        # Seen but once or twice may be a wrong link; the three most frequent are kept even so.
        chosen = (at for at in range(begin, end) if times[at] >= SEEN or at < begin + 3)
        found = [pieces[unit[at]] for at in chosen]
        # What was seldom linked stays as it is or changes its script, as names do.
        rest = () if len(found) > 3 else (piece, romanise(piece))
        kept = dict.fromkeys(name for name in (*found, *rest) if name in known)
        if kept and not piece.startswith("<"):
            yield f"{piece}\t{' '.join(kept)}"


def native(
    sets: Sequence[Examples],
    target: npt.NDArray[np.float64],
    pieces: Sequence[str],
    language: Language,
) -> npt.NDArray[np.bool_]:
    """(pieces,) whether a text in the language may hold the piece; `target` counts them there."""
    share = (target + 0.5) / max(target.sum(), 1)
    own = np.array(
        [not piece.startswith("<") and not ALIEN[language].search(piece) for piece in pieces]
    )
    for examples in sets:
        source = np.bincount(examples.source.flat, minlength=len(share)).astype(float)
        own &= source / max(source.sum(), 1) <= FOREIGN * share
    return own


def joined(first: Iterable[str], second: Iterable[str]) -> Iterator[str]:
    """The lines of two shortlists as one: of each piece the first one's, then the other's.

    Beside its own a piece gets no more than `JOINED` in all; what any piece may become stays whole.
    """
    more = dict(line.split("\t", 1) for line in second)
    for line in first:
        piece, own = line.split("\t", 1)
        both = list(dict.fromkeys([*own.split(), *more.pop(piece, "").split()]))
        most = max(JOINED, len(own.split())) if piece else None
        yield f"{piece}\t{' '.join(both[:most])}"
    for piece, new in more.items():
        yield f"{piece}\t{' '.join(new.split()[:JOINED])}"


def write(
    path: Path,
    sets: Sequence[Examples],
    pieces: Sequence[str],
    language: Language,
    known: Path | None = None,
) -> None:
    """Write the shortlist to `path`, with what the list at `known` has, if there is one."""
    found: Iterable[str] = lines(sets, pieces, language)
    if known is not None and known.exists():
        found = joined(found, known.read_text(encoding="utf-8").splitlines())
    path.write_text("".join(f"{line}\n" for line in found), encoding="utf-8")

"""Fits `models/spellings.npz`, which tells Russian from Ukrainian words, in minutes on a CPU.

What ships was made with `--skip unclear/ lowquality/ ui/`, `--mono` and `--exclude`.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.spellings import BUCKETS, PATH, groups
from models.training.corpus import clean, read_exclusion, read_mono

#: Sentences taken at most from one corpus, so that no kind of text outweighs the others.
PARALLEL, MONOLINGUAL = 1_500, 20_000
#: Corpora that stay out, since the result is measured on them beside FLORES-200 dev.
HELD_OUT = ("written/headlines", "written/lexicon")
STRENGTH = 1.0  # of the square penalty
ROUNDS = 60

_WORD = re.compile(r"[Ѐ-ӿ]+(?:['’ʼ-][Ѐ-ӿ]+)*")
#: Words with these tell their language by themselves.
_TELLING = re.compile(r"[іїєґыэёъ'’ʼ]")


def sentences(
    corpora: Sequence[Path],
    mono: Path | None,
    excluded: frozenset[str],
    skip: Sequence[str],
    dice: random.Random,
) -> tuple[list[str], list[str]]:
    """Russian and Ukrainian sentences, so many from each corpus."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    pairs, _ = clean(corpora, "ru", "uk", excluded=excluded, skip=(*HELD_OUT, *skip))
    for pair in pairs:
        found["ru", pair.corpus].append(pair.first)
        found["uk", pair.corpus].append(pair.second)
    made: dict[str, list[str]] = {"ru": [], "uk": []}
    for (language, corpus), texts in sorted(found.items()):
        most = MONOLINGUAL if corpus.startswith("written/") else PARALLEL
        made[language] += dice.sample(texts, min(most, len(texts)))
    for language in made if mono else ():
        assert mono is not None
        alone = defaultdict(list)
        for corpus, text in read_mono(mono, language, excluded=excluded):
            alone[corpus].append(text)
        for _, texts in sorted(alone.items()):
            made[language] += dice.sample(texts, min(MONOLINGUAL, len(texts)))
    return made["ru"], made["uk"]


def windows(texts: Sequence[str], dice: random.Random) -> Iterator[list[str]]:
    """From each text one word, and two to four in a row, of those that do not tell by a letter."""
    for text in texts:
        words = [w for w in (m.casefold() for m in _WORD.findall(text)) if not _TELLING.search(w)]
        if words:
            at = dice.randrange(len(words))
            yield words[at : at + 1]
            yield words[at : at + dice.choice((2, 3, 4))]


def fit(russian: Sequence[list[str]], ukrainian: Sequence[list[str]]) -> NDArray[np.float64]:
    """`(BUCKETS,)` float64: the log-odds of Ukrainian that each letter group adds.

    Both languages count alike, however many windows each has.
    """
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix
    from scipy.special import expit

    known: dict[str, list[int]] = {}
    columns: list[int] = []
    ends = [0]
    for words in (*russian, *ukrainian):
        for word in words:
            columns += known.setdefault(word, groups(word))
        ends.append(len(columns))
    rows = csr_matrix(
        (np.ones(len(columns), np.float32), np.array(columns), np.array(ends)),
        shape=(len(ends) - 1, BUCKETS),
    )
    across = rows.T.tocsr()
    is_ukrainian = np.repeat([0.0, 1.0], [len(russian), len(ukrainian)])
    half = (len(russian) + len(ukrainian)) / 2
    share = np.where(is_ukrainian > 0, half / len(ukrainian), half / len(russian))

    def loss(weights: NDArray[np.float64]) -> tuple[float, Any]:
        odds = rows @ weights
        missed = share * (np.logaddexp(0, odds) - is_ukrainian * odds)
        slope = across @ (share * (expit(odds) - is_ukrainian)) + STRENGTH * weights
        return float(missed.sum() + STRENGTH / 2 * weights @ weights), slope

    found = minimize(
        loss, np.zeros(BUCKETS), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}
    )
    weights: NDArray[np.float64] = found.x
    return weights


def main() -> None:
    """Read the corpora, fit, and write the weights as 8-bit integers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpora", type=Path, nargs="+", required=True)
    options.add_argument("--mono", type=Path)
    options.add_argument("--exclude", type=Path)
    options.add_argument("--skip", nargs="*", default=[], help="corpora or folders left out")
    options.add_argument("--output", type=Path, default=PATH)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    dice = random.Random(chosen.seed)
    both = sentences(chosen.corpora, chosen.mono, read_exclusion(chosen.exclude), chosen.skip, dice)
    weights = fit(*(list(windows(texts, dice)) for texts in both))
    scale = float(np.abs(weights).max()) / 127
    np.savez_compressed(
        chosen.output, weights=np.round(weights / scale).astype(np.int8), scale=np.float32(scale)
    )
    print(f"{len(both[0]):,} Russian and {len(both[1]):,} Ukrainian sentences")


if __name__ == "__main__":
    main()

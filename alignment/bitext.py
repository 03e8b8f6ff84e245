"""Pairs of sentences mined from two collections, judged by all the views that texts carry.

Vectors name each sentence's nearest ones of the other collection (`alignment.mining`). Those few
are compared as in the comparable decoder: words, names, figures, length and marks speak too, and
every sentence chooses among its candidates and having no partner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from alignment.beads import DEVIATION, SHORT
from alignment.calibration import Parameters, logit
from alignment.comparable import choices, decode
from alignment.mining import near
from alignment.options import Options
from alignment.romanise import folded
from alignment.similarity import Unit
from alignment.views import (
    SKETCH,
    figure_rows,
    key_rows,
    mark_counts,
    matching_text,
    ngram_rows,
    pieces,
)
from alignment.words import mass_share, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from alignment.similarity import SentenceEncoder

    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]
    Rows = NDArray[np.float32]

VIEWS = ("vector", "words", "cognate", "keys")
WORTH = 0.9  # margin below which a candidate is not looked at again
BY_LENGTH = ("vector", "words", "words linked", "words lost", "cognate")
USUAL = 80.0  # characters of a sentence neither short nor long
NEAR = 0.3  # cosine from which a word has a counterpart
CHUNK = 4_096


@dataclass(frozen=True, slots=True)
class Found:
    """A mined pair: places in both collections, probability, and what made it (as in `Pair`)."""

    a: int
    b: int
    probability: float
    parts: dict[str, float] = field(default_factory=dict)


def mine_texts(
    a: Sequence[str],
    b: Sequence[str],
    languages: tuple[str, str],
    encoder: SentenceEncoder,
    *,
    parameters: Parameters | None = None,
    least: float | None = None,
) -> list[Found]:
    """Sentences of two collections that translate each other, likeliest first, each in one pair.

    `languages` are those of `a` and `b`. `least` is the raw probability from which a pair is kept
    (None: the fitted one). Meant for hundreds of sentences and more: hubs and margins need
    neighbours. Raises TooLarge beyond `alignment.mining.LARGEST`.
    """
    parameters = parameters or Parameters.load()
    if not len(a) or not len(b):
        return []
    found = candidates(a, b, languages, encoder, parameters.ratio(*languages))
    weights = parameters.weights(*languages, "mining", VIEWS)
    marginals = choices(found, weights.values)
    rows = decode(found, marginals.bead, weights.least if least is None else least)
    out = []
    for row in rows.tolist():
        parts = {
            name: weights.values.get(name, 0.0) * float(column[row])
            for name, column in found.features.items()
        }
        own = [int(found.a[row, 0]), found.n + int(found.b[row, 0])]
        parts["no partner"] = -sum(
            weights.values.get(f"skip {name}", 0.0) * float(column[own].mean())
            for name, column in found.skip.items()
        )
        raw = float(marginals.bead[row])
        parts["rivals"] = logit(raw) - sum(parts.values())
        out.append(
            Found(
                own[0],
                own[1] - found.n,
                weights.calibrated(raw),
                {name: round(value, 4) for name, value in parts.items()},
            )
        )
    return sorted(out, key=lambda one: (-one.probability, one.a))


def candidates(
    a: Sequence[str],
    b: Sequence[str],
    languages: tuple[str, str],
    encoder: SentenceEncoder,
    ratio: float,
) -> Options:
    """The candidate pairs of two collections with their features, 1:1 only."""
    n, m = len(a), len(b)
    i, j, cosine, hub_a, hub_b = near(
        _encoded(a, languages[0], encoder), _encoded(b, languages[1], encoder)
    )
    margin = cosine / np.maximum(1e-6, (hub_a[i] + hub_b[j]) / 2)
    order = np.lexsort((j, i))
    order = order[margin[order] >= WORTH]
    i, j, cosine, margin = i[order], j[order], cosine[order], margin[order]
    left, right = _read(a, i, languages[0], encoder), _read(b, j, languages[1], encoder)
    at_a, at_b = left.place[i], right.place[j]
    features: dict[str, Floats] = {"vector": cosine.astype(np.float64), "margin": margin - 1.0}
    covered, mass = _covered(left, right, at_a, at_b)
    features.update(covered)
    features["words mass"] = mass_share(features["words"], mass)
    for view in ("cognate", "keys"):
        features[view] = _cosines(left.rows[view], right.rows[view], at_a, at_b)
    agreed = _cosines(left.rows["figures"], right.rows["figures"], at_a, at_b)
    features["figures same"] = agreed
    features["figures other"] = -(
        (np.minimum(left.counts["counted"][at_a], right.counts["counted"][at_b]) > 0) * (1 - agreed)
    )
    best_a, best_b = np.zeros(len(left.used)), np.zeros(len(right.used))
    np.maximum.at(best_a, at_a, agreed)
    np.maximum.at(best_b, at_b, agreed)
    features["figures"] = np.minimum(0.0, agreed - np.maximum(best_a[at_a], best_b[at_b]))
    for name, most in (("counted", 3.0), ("pieces", 2.0), ("marks", 3.0)):
        apart = np.abs(left.counts[name][at_a] - right.counts[name][at_b])
        features[name] = -np.minimum(most, apart)
    long_a, long_b = left.counts["characters"][at_a], right.counts["characters"][at_b]
    variance = DEVIATION**2 + SHORT / np.minimum(long_a, long_b)
    deviation = (np.log(long_a / long_b) - ratio) ** 2 / variance
    features["length"] = -np.log1p(deviation / 2)
    features["hub"] = (hub_a[i] + hub_b[j]).astype(np.float64) / 2
    features.update(by_length(features, np.minimum(long_a, long_b)))
    characters = np.array([max(1, len(text.strip())) for text in [*a, *b]], dtype=np.float64)
    skip = {
        "bias": np.ones(n + m),
        "short": np.exp(-characters / 20.0),
        "hub": np.concatenate([hub_a, hub_b]).astype(np.float64),
    }
    none = np.full(len(i), -1)
    return Options(
        n,
        m,
        np.stack([i, none], axis=1),
        np.stack([j, none], axis=1),
        features,
        skip,
        features["vector"],
    )


def by_length(features: dict[str, Floats], characters: Floats) -> dict[str, Floats]:
    """How much more the wording says of a long pair: views times the log of its shorter length.

    A short sentence is near many others by chance, a long one is near few; what both have in common
    must weigh by that.
    """
    long = np.minimum(1.0, np.log(characters / USUAL))
    return {"long": long, **{f"{view} long": features[view] * long for view in BY_LENGTH}}


def _encoded(texts: Sequence[str], language: str, encoder: SentenceEncoder) -> Rows:
    parts = [
        encoder.encode([matching_text(text, language) for text in texts[start : start + CHUNK]])
        for start in range(0, len(texts), CHUNK)
    ]
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class _Collection:
    """The sentences that are candidates: `used` places, `place` back from them, what they hold.

    `word` are rows of `table` `(words, d)` of unit rows, `weight` theirs, `start` where each
    sentence's words begin and the last end.
    """

    used: Index
    place: Index
    rows: dict[str, csr_array]
    counts: dict[str, Floats]
    table: Rows
    word: Index
    weight: Floats
    start: Index


def _read(
    texts: Sequence[str], chosen: Index, language: str, encoder: SentenceEncoder
) -> _Collection:
    from scipy.sparse import csr_array, vstack

    used = np.unique(chosen)
    place = np.zeros(len(texts), dtype=np.int64)
    place[used] = np.arange(len(used))
    held = [texts[one] for one in used.tolist()]
    sparse: dict[str, list[csr_array]] = {"cognate": [], "keys": [], "figures": []}
    counted = []
    for start in range(0, len(held), CHUNK):
        part = held[start : start + CHUNK]
        figures, count = figure_rows(part, SKETCH // 2)
        counted.append(count)
        sparse["figures"].append(_unit(figures))
        sparse["cognate"].append(_unit(ngram_rows(folded(part), SKETCH)))
        sparse["keys"].append(_unit(key_rows([Unit(text, language) for text in part], SKETCH // 2)))
    split = [words_of(matching_text(text, language)) for text in held]
    places: dict[str, int] = {}
    word = np.array([places.setdefault(one, len(places)) for words in split for one in words], int)
    table, weight = _words(list(places), encoder)
    return _Collection(
        used,
        place,
        {view: csr_array(vstack(parts, format="csr")) for view, parts in sparse.items()},
        {
            "characters": np.array([max(1, len(text.strip())) for text in held], dtype=np.float64),
            "counted": np.concatenate(counted) if counted else np.zeros(0),
            "pieces": np.array([pieces(text) for text in held], dtype=np.float64),
            "marks": mark_counts(held),
        },
        table,
        word,
        weight[word],
        np.concatenate(([0], np.cumsum([len(words) for words in split]))).astype(np.int64),
    )


def _words(vocabulary: list[str], encoder: SentenceEncoder) -> tuple[Rows, Floats]:
    from alignment.words import word_table

    if not vocabulary:
        return np.zeros((0, 1), dtype=np.float32), np.zeros(0)
    table = word_table(vocabulary, encoder)
    weight = np.maximum(1e-6, np.linalg.norm(table, axis=1))
    return np.asarray(table / weight[:, None], dtype=np.float32), weight.astype(np.float64)


def _unit(rows: Rows) -> csr_array:
    from scipy.sparse import csr_array

    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return csr_array(rows / np.maximum(norms, 1e-9))


def _cosines(left: csr_array, right: csr_array, i: Index, j: Index) -> Floats:
    """Cosines of rows i of left and rows j of right, whose rows are of length 1 or 0."""
    out = np.zeros(len(i))
    for start in range(0, len(i), 4 * CHUNK):
        part = slice(start, start + 4 * CHUNK)
        out[part] = left[i[part]].multiply(right[j[part]]).sum(axis=1)
    return out


def _covered(
    left: _Collection, right: _Collection, i: Index, j: Index
) -> tuple[dict[str, Floats], Floats]:
    """The words' views of every candidate (`i` ascending) and the weight of both sides' words.

    `words`: each word with its nearest of the other side. `words linked`: only words that are each
    other's nearest, so that one word covers one. `words lost`: weight of words near none, negative.
    """
    whole, linked, lost, mass = (np.zeros(len(i)) for _ in range(4))
    first = np.concatenate(([0], np.nonzero(np.diff(i))[0] + 1, [len(i)]))
    for begin, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        own = slice(left.start[i[begin]], left.start[i[begin] + 1])
        others = [slice(right.start[k], right.start[k + 1]) for k in j[begin:end].tolist()]
        lengths = np.array([other.stop - other.start for other in others])
        if own.start == own.stop or not lengths.all():
            continue
        word = np.concatenate([right.word[other] for other in others])
        weight = np.concatenate([right.weight[other] for other in others])
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        alike = left.table[left.word[own]] @ right.table[word].T
        mine = left.weight[own]
        total, theirs = mine.sum(), np.add.reduceat(weight, starts)
        best_mine = np.maximum.reduceat(alike, starts, axis=1)
        best_theirs = alike.max(axis=0)
        one = alike >= np.maximum(best_theirs, np.repeat(best_mine, lengths, axis=1))
        both = np.where(one, alike, 0.0)
        place = slice(begin, end)
        whole[place] = mine @ best_mine / total
        whole[place] += np.add.reduceat(best_theirs * weight, starts) / theirs
        linked[place] = np.add.reduceat(mine @ both, starts) / total
        linked[place] += np.add.reduceat(both.sum(axis=0) * weight, starts) / theirs
        lost[place] = -(mine @ (best_mine < NEAR)) / total
        lost[place] -= np.add.reduceat((best_theirs < NEAR) * weight, starts) / theirs
        mass[place] = total + theirs
    return {"words": whole / 2, "words linked": linked / 2, "words lost": lost / 2}, mass

"""What counting gives a network before it trains: units, and where each piece lies.

A unit has a random part, which keeps thousands of units apart in a few hundred columns, and a
part from a singular value decomposition of the aligned pieces, which puts units of like meaning
near each other. A source piece lies at the mean of the units linked to it, each weighed by how
much more often than elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from models.training.monotone import Labels, Unit
from models.training.packing import Ragged
from models.training.tag_examples import SPECIAL_UNITS, UNIT_EMPTY, UNIT_END
from models.training.vocabulary import END

Floats = npt.NDArray[np.float32]
CYRILLIC = re.compile("[\u0400-\u04ff]")

# Romanisation close to BGN/PCGN, for names and words never seen with a translation.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ъ": "", "ы": "y", "ь": "", "э": "e", "і": "i",
    "ґ": "g", "є": "ye", "ї": "yi", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu",
    "я": "ya", "ё": "e",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """Text of one direction: source pieces, unit labels and the weight of each sentence."""

    source: Ragged
    labels: Labels
    weight: Floats


@dataclass(frozen=True, slots=True)
class Start:
    """Everything a tagging network starts from; rows of `table` are pieces, of `vectors` units."""

    units: tuple[str, ...]
    table: Floats
    vectors: Floats
    frequency: npt.NDArray[np.float64]

    def save(self, path: Path) -> None:
        """Write everything to one npz file."""
        np.savez(
            path,
            names=np.array(self.units),
            table=self.table,
            units=self.vectors,
            freq=self.frequency,
        )

    @classmethod
    def load(cls, path: Path) -> Start:
        """Read what `save` wrote."""
        with np.load(path) as data:
            names = tuple(str(name) for name in data["names"])
            return cls(names, data["table"], data["units"], data["freq"])


def romanise(text: str) -> str:
    """Cyrillic letters in Latin script; everything else stays."""
    parts = []
    for character in text:
        latin = LATIN.get(character.lower())
        if latin is None:
            parts.append("" if CYRILLIC.match(character) else character)
        else:
            parts.append(latin[:1].upper() + latin[1:] if character.isupper() else latin)
    return "".join(parts)


def spell(unit: Unit, pieces: Sequence[str]) -> str:
    """A unit as the string the network emits."""
    return "".join(pieces[piece] for piece in unit)


def choose_units(
    counted: Sequence[Counted], pieces: Sequence[str], size: int, *, least: int = 3
) -> dict[str, Unit]:
    """The most frequent units in target script, most frequent first."""
    weight: dict[str, float] = {}
    number: dict[str, int] = {}
    parts: dict[str, Unit] = {}
    for text in counted:
        labels = text.labels
        per_label = np.bincount(
            labels.numbers,
            weights=np.repeat(text.weight, text.source.lengths),
            minlength=len(labels.units),
        )
        seen = np.bincount(labels.numbers, minlength=len(labels.units))
        for index in np.flatnonzero(seen >= 2):
            unit = labels.units[index]
            name = spell(unit, pieces)
            if not name or len(unit) > 6 or CYRILLIC.search(name) or "<unk>" in name:
                continue
            weight[name] = weight.get(name, 0.0) + float(per_label[index])
            number[name] = number.get(name, 0) + int(seen[index])
            parts.setdefault(name, unit)
    often = sorted((n for n in weight if number[n] >= least), key=lambda n: -weight[n])
    return {name: parts[name] for name in often[:size]}


def number_labels(
    labels: Labels, pieces: Sequence[str], rank: dict[str, int]
) -> npt.NDArray[np.int32]:
    """Unit number of every source piece, -1 where the vocabulary has none.

    A unit that is too rare loses its first words, which are mostly articles and prepositions.
    """
    mapped = np.full(len(labels.units), -1, dtype=np.int32)
    for index, unit in enumerate(labels.units):
        rest = list(unit)
        found = UNIT_EMPTY if not rest else rank.get(spell(unit, pieces), -1)
        while found < 0 and len(rest) > 1:
            cut = next((i for i in range(1, len(rest)) if pieces[rest[i]].startswith("▁")), None)
            if cut is None:
                break
            rest = rest[cut:]
            found = rank.get(spell(tuple(rest), pieces), -1)
        mapped[index] = found
    return mapped[labels.numbers]


def meaning(
    source: npt.NDArray[np.int64],
    target: npt.NDArray[np.int64],
    pieces: int,
    columns: int,
    seed: int,
) -> Floats:
    """Unit rows for target pieces: SVD of the positive mutual information of linked pairs."""
    keys, n = np.unique(source * pieces + target, return_counts=True)
    x, y = keys // pieces, keys % pieces
    of_x = np.bincount(x, weights=n, minlength=pieces)
    of_y = np.bincount(y, weights=n, minlength=pieces)
    information = np.log(n * n.sum() / (of_x[x] * of_y[y])) * n / (n + 1.0)
    keep = (information > 0.5) & (n >= 2)
    values = csr_array((information[keep], (x[keep], y[keep])), shape=(pieces, pieces))
    first = np.random.default_rng(seed).standard_normal(pieces)
    _, _, right = svds(values.astype(np.float32), k=min(columns, pieces - 2), v0=first)
    return unit_rows(right.T)


def unit_rows(rows: npt.NDArray[Any]) -> Floats:
    """Rows scaled to length one; empty rows stay empty."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
    return scaled


def start(
    counted: Sequence[Counted],
    pieces: Sequence[str],
    piece_meaning: Floats,
    *,
    size: int,
    seed: int,
    prefix: str = "__en__",
) -> tuple[Start, list[npt.NDArray[np.int32]]]:
    """What a tagging network starts from, and the numbered labels of each text."""
    chance = np.random.default_rng(seed)
    chosen = choose_units(counted, pieces, size)
    names = [*SPECIAL_UNITS[:3], prefix, *SPECIAL_UNITS[4:], *chosen]
    rank = {name: number for number, name in enumerate(names)}
    labels = [number_labels(text.labels, pieces, rank) for text in counted]

    xs, us, ws = [], [], []
    for text, numbers in zip(counted, labels, strict=True):
        known = numbers >= 0
        xs.append(text.source.flat[known].astype(np.int64))
        us.append(numbers[known].astype(np.int64))
        ws.append(np.repeat(text.weight, text.source.lengths)[known])
    x, u, w = np.concatenate(xs), np.concatenate(us), np.concatenate(ws)
    seen = np.bincount(x, minlength=len(pieces))

    fallback = np.full(len(pieces), -1)
    for piece, name in enumerate(pieces):
        if name.startswith("__") or (name.startswith("<") and name.endswith(">")):
            continue
        latin = romanise(name)
        if latin in rank:
            fallback[piece] = rank[latin]
        elif seen[piece] < (4 if name.startswith("▁") else 12):
            fallback[piece] = rank[latin] = len(names)
            names.append(latin)
    counts = np.bincount(u, weights=w, minlength=len(names))
    counts[UNIT_END] = sum(float(text.weight.sum()) for text in counted)
    frequency = (counts + 0.3) / (counts + 0.3).sum()

    table = place_pieces(x, u, w, fallback, seen, frequency, (len(pieces), len(names)))
    known_meaning = np.zeros((len(names), piece_meaning.shape[1]), dtype=np.float32)
    number_of = {name: number for number, name in enumerate(pieces)}
    for number, name in enumerate(names):
        unit = chosen.get(name) or ((number_of[name],) if name in number_of else ())
        for age, piece in enumerate(reversed(unit)):
            known_meaning[number] += piece_meaning[piece] / np.sqrt(1 + age)
    noise = unit_rows(chance.standard_normal(known_meaning.shape))
    vectors = unit_rows(0.8 * noise + 0.6 * unit_rows(known_meaning))
    rows = unit_rows(table @ vectors)
    rows[END] = vectors[UNIT_END]
    lost = np.flatnonzero(np.abs(rows).sum(axis=1) == 0)
    rows[lost] = 0.5 * unit_rows(chance.standard_normal((len(lost), rows.shape[1])))
    return Start(tuple(names), rows, vectors, frequency), labels


def place_pieces(
    x: npt.NDArray[np.int64],
    u: npt.NDArray[np.int64],
    w: Floats,
    fallback: npt.NDArray[np.int64],
    seen: npt.NDArray[np.int64],
    frequency: npt.NDArray[np.float64],
    shape: tuple[int, int],
) -> csr_array:
    """(pieces, units) weights: probability times how much it exceeds the unit's own frequency."""
    keys, inverse = np.unique(x * shape[1] + u, return_inverse=True)
    mass = np.bincount(inverse, weights=w)
    has = np.flatnonzero(fallback >= 0)
    rows = np.concatenate([keys // shape[1], has])
    columns = np.concatenate([keys % shape[1], fallback[has]])
    mass = np.concatenate([mass, np.where(seen[has] < 12, 1.5, 0.3)])
    share = mass / np.bincount(rows, weights=mass, minlength=shape[0])[rows]
    value = share * np.clip(np.log(share / frequency[columns]), 0, None)
    value[share < 0.03] = 0
    return csr_array((value, (rows, columns)), shape=shape)

"""How alike two units of text are: `PairScorer` gives a calibrated probability with its parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from alignment.calibration import Parameters, logit
from alignment.comparable import choices
from alignment.options import options
from alignment.views import ENCODED, NAMES, Side, centred, matching_text, read_side
from alignment.words import WordRows, compared, word_table, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alignment.claims import Claim


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing to align: a sentence or a claim.

    `language` is ru, uk or en. `english` is a translation where there is one (None for an English
    text: the text itself is used). `vector` is a (d,) float32 unit row of `matching_text(text)`
    from any sentence encoder, `pivot` one of its English; all units of one call carry vectors of
    one encoder or none.
    `words` are (k, d) rows of its words, whose lengths are their weights (`encoded` fills both).
    `keys` are language-neutral entity keys (`alignment.entities`), `kinds` what its figures count
    or measure ("killed", "percent"), `key` is the caller's own name.
    """

    text: str
    language: str
    english: str | None = None
    vector: NDArray[np.float32] | None = None
    words: NDArray[np.float32] | WordRows | None = None
    keys: tuple[str, ...] = ()
    key: str = ""
    pivot: NDArray[np.float32] | None = None
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, claim: Claim, **views: Any) -> Unit:
        """A claim as a unit: its text, names and kinds of figures; `views` are other fields."""
        keys = dict.fromkeys(entity.key for entity in claim.entities if entity.key)
        kinds = dict.fromkeys(each.role or each.unit for each in claim.quantities)
        return cls(
            claim.text,
            claim.language,
            keys=tuple(keys),
            kinds=tuple(kind for kind in kinds if kind),
            **views,
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Units of two sides that say the same thing: indices, probability, what made it.

    `parts` maps a view's name to its share of the log-odds (they sum to the logit before
    calibration). A conflict of numbers or a negation never lowers `probability`.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    probability: float
    parts: dict[str, float] = field(default_factory=dict)


class PairScorer:
    """Probabilities that units of two sides say the same thing, with any subset of the views.

    Every unit of both sides chooses among the candidates and having no partner, so a probability
    knows its rivals. `retold` takes the weights for news told again, where wording and length
    differ more than in a translation; they need vectors and words. `missing` names the views that
    the units do not carry; `views` those used.
    """

    def __init__(
        self,
        a: Sequence[Unit] | Side,
        b: Sequence[Unit] | Side,
        parameters: Parameters | None = None,
        *,
        retold: bool = False,
    ) -> None:
        self.parameters = parameters or Parameters.load()
        self.side_a = a if isinstance(a, Side) else read_side(a)
        self.side_b = b if isinstance(b, Side) else read_side(b)
        self.views = shared_views(self.side_a, self.side_b)
        self.missing = missing_views(self.views)
        languages = self.side_a.language, self.side_b.language
        self.ratio = self.parameters.ratio(*languages)
        self.weights = self.parameters.weights(
            *languages, "retold" if retold else "comparable", self.views
        )
        if retold:
            self.side_a, self.side_b = centred(self.side_a, self.side_b)
        self.found = options(self.side_a, self.side_b, self.weights.views, self.ratio, told=retold)
        marginals = choices(self.found, self.weights.values)
        self.none, self.strength = marginals.alone, marginals.bead
        self._alone = sum(
            (self._weight(f"skip {name}") * column for name, column in self.found.skip.items()),
            np.zeros(self.found.n + self.found.m),
        )
        self._rows: dict[tuple[int, int], int] | None = None
        self._shares: dict[str, NDArray[np.float64]] | None = None  # of the log-odds, by view

    def _weight(self, name: str) -> float:
        return self.weights.values.get(name, 0.0)

    def probability(self, i: int, j: int) -> Pair:
        """The pair of unit i of a and unit j of b; 0 when they were too far apart to compare."""
        if self._rows is None:
            single = np.nonzero((self.found.a[:, 1] < 0) & (self.found.b[:, 1] < 0))[0]
            places = zip(
                self.found.a[single, 0].tolist(), self.found.b[single, 0].tolist(), strict=True
            )
            self._rows = dict(zip(places, single.tolist(), strict=True))
        row = self._rows.get((i, j))
        return Pair((i,), (j,), 0.0) if row is None else self.pair(row)

    def candidates(self, least: float) -> tuple[Pair, ...]:
        """Every two units that a bead of a raw probability of at least `least` holds, 1:1.

        Each has the probability and the parts of the likeliest bead it is in.
        """
        best: dict[tuple[int, int], int] = {}
        rows = np.nonzero(self.strength >= least)[0]
        for row in rows[np.argsort(self.strength[rows], kind="stable")].tolist():
            for i, j in product(self.found.a[row].tolist(), self.found.b[row].tolist()):
                if i >= 0 and j >= 0:
                    best[i, j] = row
        return tuple(
            replace(self.pair(row), a=(i,), b=(j,)) for (i, j), row in sorted(best.items())
        )

    def pair(self, row: int) -> Pair:
        """The candidate bead in one row of `found`, with its probability and parts."""
        left = [int(i) for i in self.found.a[row] if i >= 0]
        right = [int(j) for j in self.found.b[row] if j >= 0]
        own = left + [self.found.n + j for j in right]
        if self._shares is None:
            self._shares = {}
            for name, column in self.found.features.items():
                view = name.split()[0]
                self._shares[view] = self._shares.get(view, 0.0) + self._weight(name) * column
        parts = {view: float(column[row]) for view, column in self._shares.items()}
        parts["no partner"] = -sum(self._alone[own].tolist()) / len(own)
        raw = float(self.strength[row])
        parts["rivals"] = logit(raw) - sum(parts.values())
        return Pair(
            tuple(left),
            tuple(right),
            self.weights.calibrated(raw),
            {name: round(value, 4) for name, value in parts.items()},
        )


def missing_views(views: Sequence[str]) -> tuple[str, ...]:
    """The views there are that these are not; `pivot` is never missed for itself."""
    return tuple(view for view in NAMES if view not in views and view != "pivot")


def shared_views(a: Side, b: Side) -> tuple[str, ...]:
    """The views both sides carry, in the order of `NAMES`; vectors must be of one length.

    Raises ValueError when they are not.
    """
    found = tuple(
        view
        for view in NAMES
        if (view in a.rows and view in b.rows) or (view == "words" and compared(a, b))
    )
    if any(a.rows[view].shape[1] != b.rows[view].shape[1] for view in ENCODED if view in found):
        message = "The two sides carry vectors of different lengths; encode both with one encoder."
        raise ValueError(message)
    return found


@runtime_checkable
class SentenceEncoder(Protocol):
    """Any sentence encoder: texts in, `(n, d)` float32 unit rows out.

    One that also has `sums(texts)`, rows whose lengths are weights, serves the words' view too.
    """

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows of the texts."""
        ...


def encoded(units: Sequence[Unit], encoder: SentenceEncoder) -> list[Unit]:
    """The units with what `encoder` makes of their matching texts, their English, their words."""
    texts = [matching_text(unit.text, unit.language) for unit in units]
    if not texts:
        return []
    pivots = pivot_rows(
        [unit.text if unit.language == "en" else unit.english for unit in units], encoder
    )
    return [
        replace(unit, vector=row, words=words, pivot=pivot)
        for unit, row, words, pivot in zip(
            units, encoder.encode(texts), word_rows(texts, encoder), pivots, strict=True
        )
    ]


def pivot_rows(
    english: Sequence[str | None], encoder: SentenceEncoder
) -> list[NDArray[np.float32] | None]:
    """The `pivot` of units from their English, None for one that has none."""
    here = [text for text in english if text is not None]
    rows = iter(encoder.encode([matching_text(text, "en") for text in here])) if here else iter(())
    return [None if text is None else next(rows) for text in english]


def word_rows(texts: Sequence[str], encoder: SentenceEncoder) -> list[WordRows]:
    """The `words` of units from their matching texts; each different word is encoded once."""
    split = [words_of(text) for text in texts]
    vocabulary = sorted({word for words in split for word in words})
    places = {word: place for place, word in enumerate(vocabulary)}
    table = word_table(vocabulary, encoder) if vocabulary else np.zeros((0, 1), dtype=np.float32)
    return [
        WordRows(table, np.array([places[word] for word in words], dtype=np.int64))
        for words in split
    ]


def as_units(texts: list[str], language: str, **views: list[Any]) -> list[Unit]:
    """Units from plain lists: `as_units(texts, "ru", vector=rows, english=translations)`."""
    names = list(views)
    return [
        Unit(text, language, **{name: views[name][i] for name in names})
        for i, text in enumerate(texts)
    ]

"""One document pair aligned: a gate picks the monotone or the comparable decoder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from alignment import monotone
from alignment.calibration import Parameters
from alignment.comparable import decode
from alignment.errors import TooLarge
from alignment.monotone import Bead
from alignment.options import nearest, unit_rows
from alignment.similarity import Pair, PairScorer, missing_views, shared_views
from alignment.views import SKETCH, main_language, read_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alignment.calibration import Weights
    from alignment.similarity import Unit
    from alignment.views import Side

Mode = Literal["auto", "monotone", "comparable"]

ORDERED = 0.8  # share of mutual-best matches in order from which a text counts as a copy
STRICT = 0.9  # the same where the matches are no closer than retold news: a story has an order too
FEW = 4  # of such matches, fewer say nothing by their order: three are in order by chance as well
MATCHED = 0.5  # their share of the shorter side that makes the share above mean something
CLOSE = 0.33  # median similarity of mutual-best matches: shuffled translations .41, retold news .24
CELLS = 100_000_000  # units a × units b that the comparable decoder searches at most
LONG = 3_000  # units from which hashed views are narrower, to bound the memory
SAMPLE = 400  # units of a long text that the gate looks at


#: What a comparison went without where a side holds nothing to compare.
NO_TEXT = "text"


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a decoder was picked, from mutual-best matches of the two texts.

    `ordered` is the share of them on the longest increasing run, `matched` their number over the
    shorter side's length, `closeness` their median similarity by vectors (0 without): below
    `CLOSE` the comparable decoder takes the texts as told again, not translated. `overruled` says
    the caller chose.
    """

    ordered: float
    matched: float
    mode: Literal["monotone", "comparable"]
    overruled: bool
    closeness: float = 0.0

    @property
    def apart(self) -> bool:
        """Whether the best matches are no closer than news told again."""
        return 0.0 < self.closeness < CLOSE


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A unit with no partner: its side ("a" or "b"), and the best candidate that was rejected."""

    side: Literal["a", "b"]
    index: int
    null_probability: float
    best: int | None
    best_probability: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """What was found between two documents.

    `pairs` have both sides filled, in the order of side a. `beads` cover both sides once in order
    when the monotone decoder ran, else empty. `unmatched` lists every unit in no pair. `missing`
    names the views that could not be used, or only "text" where a side holds no unit, so that
    nothing could be compared. `parameters` is the version of the fitted parameters.
    `retold` says that the weights for news told again were used; `candidates` are then, if asked
    for, all pairs of one unit with one, likely or not.
    """

    mode: Literal["monotone", "comparable"]
    gate: Gate
    pairs: tuple[Pair, ...]
    beads: tuple[Bead, ...]
    unmatched: tuple[Unmatched, ...]
    missing: tuple[str, ...]
    parameters: str
    candidates: tuple[Pair, ...] = ()
    retold: bool = False


def align_pair(
    side_a: Sequence[Unit],
    side_b: Sequence[Unit],
    mode: Mode = "auto",
    *,
    parameters: Parameters | None = None,
    least: float | None = None,
    consider: float | None = None,
) -> Alignment:
    """The alignment of two documents, each in one language.

    `mode` overrules the gate. `least` is the raw probability from which the comparable decoder
    keeps a pair (None: the fitted one), `consider` the one from which a pair of news told again is
    among the `candidates` (None: they are not wanted). Swapping the sides swaps the result. Of too
    many units that repeat, equal ones are compared once. Raises TooLarge beyond the bounded size.
    """
    parameters = parameters or Parameters.load()
    if _order(side_b) < _order(side_a):
        return _swapped(
            align_pair(side_b, side_a, mode, parameters=parameters, least=least, consider=consider)
        )
    if mode == "comparable" and len(side_a) * len(side_b) > CELLS:
        folded = _without_repeats(side_a, side_b, parameters, least)
        if folded:
            return folded
    sketch = SKETCH if max(len(side_a), len(side_b)) <= LONG else SKETCH // 4
    a, b = read_side(side_a, sketch=sketch), read_side(side_b, sketch=sketch)
    if not len(a) or not len(b):
        chosen: Literal["monotone", "comparable"] = (
            "comparable" if mode == "comparable" else "monotone"
        )
        return _one_sided(a, b, Gate(0.0, 0.0, chosen, mode != "auto"), parameters)
    views = shared_views(a, b)
    missing = missing_views(views)
    opened = gate(a, b, views)
    if mode != "auto":
        opened = replace(opened, mode=mode, overruled=True)
    if opened.mode == "monotone":
        if (len(a) + 1) * (len(b) + 1) > monotone.EXACT:
            views = tuple(view for view in views if view != "words")  # a long text is banded
        ratio = parameters.ratio(a.language, b.language)
        weights = parameters.weights(a.language, b.language, "monotone", views)
        fine = _finer(a, b, weights, parameters)
        if fine:
            missing = tuple(view for view in missing if view not in fine.views)
        beads = tuple(monotone.align(a, b, weights, ratio, fine))
        pairs = tuple(
            Pair(bead.a, bead.b, bead.probability, bead.parts)
            for bead in beads
            if bead.a and bead.b
        )
        return Alignment(
            "monotone", opened, pairs, beads, _unmatched(beads), missing, parameters.version
        )
    if len(a) * len(b) > CELLS:
        folded = _without_repeats(side_a, side_b, parameters, least)
        if folded:
            return replace(folded, gate=opened)
        message = (
            f"{len(a):,} × {len(b):,} units told in any order are too many to compare; "
            f"the limit is {CELLS:,} combinations. Compare parts, or choose the monotone decoder."
        )
        raise TooLarge(message)
    # Two texts of one language share words however freely they tell: closeness says nothing there.
    far = opened.apart or (opened.closeness > 0.0 and a.language == b.language)
    retold = far and {"vector", "words"} <= set(views)
    scorer = PairScorer(a, b, parameters, retold=retold)
    rows = decode(scorer.found, scorer.strength, scorer.weights.least if least is None else least)
    pairs = tuple(sorted((scorer.pair(int(row)) for row in rows), key=lambda pair: pair.a))
    return Alignment(
        "comparable",
        opened,
        pairs,
        (),
        _rejected(scorer, pairs),
        missing,
        parameters.version,
        scorer.candidates(consider) if retold and consider is not None else (),
        retold,
    )


def _finer(a: Side, b: Side, weights: Weights, parameters: Parameters) -> Weights | None:
    """The weights for the boundary pass, where it can read words that were too many before."""
    if "words" in weights.views or a.words is None or b.words is None:
        return None
    if a.words.rows.shape[1] != b.words.rows.shape[1]:
        return None
    views = (*weights.views, "words")
    fine = parameters.weights(a.language, b.language, "monotone", views)
    return fine if "words" in fine.views else None


def _without_repeats(
    side_a: Sequence[Unit],
    side_b: Sequence[Unit],
    parameters: Parameters,
    least: float | None,
) -> Alignment | None:
    """The alignment when equal texts are compared once, or None when that is too much as well.

    Equal texts pair in their order; those beyond the shorter side's number have no partner.
    """
    places_a, places_b = _occurrences(side_a), _occurrences(side_b)
    if len(places_a) * len(places_b) > CELLS:
        return None
    once = align_pair(
        [side_a[places[0]] for places in places_a],
        [side_b[places[0]] for places in places_b],
        "comparable",
        parameters=parameters,
        least=least,
    )
    pairs = []
    alone: set[tuple[str, int]] = {("a", i) for i in range(len(side_a))}
    alone |= {("b", j) for j in range(len(side_b))}
    for pair in once.pairs:
        rows = [places_a[i] for i in pair.a] + [places_b[j] for j in pair.b]
        for units in zip(*rows, strict=False):
            left, right = tuple(sorted(units[: len(pair.a)])), tuple(sorted(units[len(pair.a) :]))
            pairs.append(replace(pair, a=left, b=right))
            alone.difference_update({("a", i) for i in left}, {("b", j) for j in right})
    known = {(one.side, one.index): one for one in once.unmatched}
    sides: tuple[tuple[Literal["a", "b"], list[list[int]]], ...] = (
        ("a", places_a),
        ("b", places_b),
    )
    unmatched = []
    for side, places in sides:
        for number, group in enumerate(places):
            # A repeat may be alone only because the other side has fewer of its equals.
            told = known.get((side, number)) or Unmatched(side, 0, 1.0, None, 0.0)
            unmatched += [replace(told, index=i, best=None) for i in group if (side, i) in alone]
    return replace(
        once,
        pairs=tuple(sorted(pairs, key=lambda pair: pair.a)),
        unmatched=tuple(sorted(unmatched, key=lambda one: (one.side, one.index))),
    )


def _occurrences(units: Sequence[Unit]) -> list[list[int]]:
    """The places of every different text, in the order of their first."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, unit in enumerate(units):
        places.setdefault((unit.language, unit.text), []).append(place)
    return list(places.values())


def gate(a: Side, b: Side, views: tuple[str, ...]) -> Gate:
    """Which decoder fits two texts: the monotone one when their mutual-best matches keep order.

    Of a long text, evenly spaced units are looked at.
    """
    main: str = next(view for view in ("vector", "english", "cognate") if view in views)
    step = max(1, len(a) // SAMPLE)
    places = np.arange(0, len(a), step)
    rows_a = {main: unit_rows(a.rows[main][places])}
    rows_b = {main: unit_rows(b.rows[main])}
    there = nearest(rows_a, rows_b, {main: 1.0}, 1)[0][:, 0]
    back = nearest({main: rows_b[main][there]}, rows_a, {main: 1.0}, 1)[0][:, 0]
    best = np.nonzero(back == np.arange(len(places)))[0]
    mutual = there[best]
    matched = len(mutual) / max(1, min(len(places), len(b)))
    ordered = _longest_rise(mutual.tolist()) / max(1, len(mutual))
    closeness = 0.0
    if main == "vector" and len(mutual):
        alike = (rows_a[main][best] * rows_b[main][mutual]).sum(axis=1)
        closeness = round(float(np.median(alike)), 4)
    found = Gate(
        round(ordered, 4), round(min(1.0, matched), 4), "comparable", False, closeness=closeness
    )
    fits = ordered >= (STRICT if found.apart else ORDERED) and matched >= MATCHED
    if found.apart and len(mutual) < FEW:
        fits = False
    return replace(found, mode="monotone") if fits else found


def _longest_rise(values: list[int]) -> int:
    """The length of the longest increasing subsequence (Schensted 1961)."""
    from bisect import bisect_left

    ends: list[int] = []
    for value in values:
        place = bisect_left(ends, value)
        ends[place : place + 1] = [value]
    return len(ends)


def _order(units: Sequence[Unit]) -> tuple[str, list[str]]:
    return main_language(units), [unit.text for unit in units[:64]]


def _swapped(found: Alignment) -> Alignment:
    return Alignment(
        found.mode,
        found.gate,
        tuple(
            sorted(
                (Pair(pair.b, pair.a, pair.probability, pair.parts) for pair in found.pairs),
                key=lambda pair: pair.a,
            )
        ),
        tuple(
            Bead(bead.b, bead.a, bead.probability, bead.similarity, bead.parts)
            for bead in found.beads
        ),
        tuple(
            Unmatched(
                "b" if one.side == "a" else "a",
                one.index,
                one.null_probability,
                one.best,
                one.best_probability,
            )
            for one in sorted(found.unmatched, key=lambda one: (one.side == "a", one.index))
        ),
        found.missing,
        found.parameters,
        tuple(
            sorted(
                (replace(pair, a=pair.b, b=pair.a) for pair in found.candidates),
                key=lambda pair: (pair.a, pair.b),
            )
        ),
        found.retold,
    )


def _one_sided(a: Side, b: Side, opened: Gate, parameters: Parameters) -> Alignment:
    """The explicit answer when a side is empty: every unit is an insertion or a deletion."""
    beads = tuple([Bead((i,), (), 1.0, 0.0) for i in range(len(a))])
    beads += tuple([Bead((), (j,), 1.0, 0.0) for j in range(len(b))])
    return Alignment(
        opened.mode,
        opened,
        (),
        beads if opened.mode == "monotone" else (),
        _unmatched(beads),
        (NO_TEXT,),
        parameters.version,
    )


def _unmatched(beads: Sequence[Bead]) -> tuple[Unmatched, ...]:
    out = [Unmatched("a", bead.a[0], bead.probability, None, 0.0) for bead in beads if not bead.b]
    out += [Unmatched("b", bead.b[0], bead.probability, None, 0.0) for bead in beads if not bead.a]
    return tuple(out)


def _rejected(scorer: PairScorer, pairs: Sequence[Pair]) -> tuple[Unmatched, ...]:
    """Units in no pair, each with the best 1:1 candidate it was compared with."""
    found = scorer.found
    single = np.nonzero((found.a[:, 1] < 0) & (found.b[:, 1] < 0))[0]
    order = single[np.argsort(-scorer.strength[single], kind="stable")]
    best_a = dict(zip(found.a[order[::-1], 0].tolist(), order[::-1].tolist(), strict=True))
    best_b = dict(zip(found.b[order[::-1], 0].tolist(), order[::-1].tolist(), strict=True))
    in_a = {i for pair in pairs for i in pair.a}
    in_b = {j for pair in pairs for j in pair.b}
    out = []
    for side, count, held, best in (("a", found.n, in_a, best_a), ("b", found.m, in_b, best_b)):
        for index in range(count):
            if index in held:
                continue
            row = best.get(index)
            unit = index if side == "a" else found.n + index
            other = None if row is None else int((found.b if side == "a" else found.a)[row, 0])
            chance = 0.0 if row is None else scorer.weights.calibrated(float(scorer.strength[row]))
            out.append(
                Unmatched(
                    "a" if side == "a" else "b", index, float(scorer.none[unit]), other, chance
                )
            )
    return tuple(out)

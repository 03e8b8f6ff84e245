"""Augmentation: sentences as texts and the engine give them, not as corpora do.

The engine parts long sentences at their marks, headlines have no full stop, and now and then two
sentences stand in one segment. So examples are made of others: cut at a mark where the word links
allow it, without the last mark, and two in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.languages import Direction
from models.training.align_words import NONE
from models.training.examples import Examples
from models.training.packing import ragged
from models.training.recipe import LONGEST, Recipe
from models.training.vocabulary import all_pieces, load

Links = npt.NDArray[np.uint8]
Pieces = npt.NDArray[np.uint16]
Made = tuple[Pieces, Pieces, Links]

MARKS = ",;:—–-"
STOPS = ".!?"
#: Pieces of each part: shorter ones are no clauses.
SHORTEST = 5
#: Share of a part's target pieces that must be linked, or the cut is a guess.
LINKED = 0.5
#: Shares of what is drawn that lose the last mark, and that are joined with the next.
BARE, JOINED = 0.25, 0.2
DRAWN = 60_000


def cut(
    source: Pieces, target: Pieces, links: Links, marks: npt.NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Where to part a pair so that no link crosses, as (source, target) places; None for nowhere.

    `marks` says of every piece whether it is a mark at which clauses end. Both sides must have
    one there; of several such places the nearest to the middle is taken.
    """
    known = links != NONE
    last = np.maximum.accumulate(np.where(known, links, 0).astype(np.int64))
    first = np.minimum.accumulate(np.where(known, links, NONE)[::-1].astype(np.int64))[::-1]
    best = None
    for i in np.flatnonzero(marks[source]) + 1:
        for j in np.flatnonzero(marks[target]) + 1:
            whole = min(i, len(source) - i, j, len(target) - j) >= SHORTEST
            if not whole or last[j - 1] >= i or first[j] < i:
                continue
            if min(known[:j].mean(), known[j:].mean()) < LINKED:
                continue
            off = abs(int(j) - len(target) // 2)
            if best is None or off < best[0]:
                best = off, (int(i), int(j))
    return best and best[1]


def varied(
    rows: list[Made],
    marks: npt.NDArray[np.bool_],
    stops: npt.NDArray[np.bool_],
    chance: np.random.Generator,
) -> Iterator[Made]:
    """The parts of those that can be parted, some without their last mark, some two in one."""
    before: Made | None = None
    for source, target, links in rows:
        found = cut(source, target, links, marks)
        if found is not None:
            i, j = found
            yield source[:i], target[:j], links[:j]
            yield source[i:], target[j:], _moved(links[j:], -i)
        draw = chance.random()
        if draw < BARE:
            if len(source) > 1 and len(target) > 1 and stops[source[-1]] and stops[target[-1]]:
                left = np.where(links[:-1] == len(source) - 1, NONE, links[:-1])
                yield source[:-1], target[:-1], left.astype(np.uint8)
        elif draw < BARE + JOINED:
            if before is not None:
                yield (
                    np.concatenate([before[0], source]),
                    np.concatenate([before[1], target]),
                    np.concatenate([before[2], _moved(links, len(before[0]))]),
                )
            before = source, target, links


def _moved(links: Links, by: int) -> Links:
    return np.where(links == NONE, NONE, links.astype(np.int64) + by).astype(np.uint8)


def write(recipe: Recipe, direction: Direction, limit: int | None) -> Path:
    """Path of examples made of a direction's genuine ones, which `train` picks up.

    `limit` examples are drawn, by their weight in the last part of a run, where the text is news.
    """
    examples = Examples.load(recipe.of_direction("examples", direction))
    processor = load(recipe.tokenizer)
    pieces = all_pieces(processor)
    chance = np.random.default_rng(recipe.seed)
    edges = np.cumsum(examples.last_weight, dtype=np.float64)
    drawn = chance.random(limit or DRAWN) * edges[-1]
    chosen = np.unique(np.searchsorted(edges, drawn, side="right"))
    offsets = examples.target.offsets
    made = [
        each
        for each in varied(
            [
                (
                    examples.source[int(row)],
                    examples.target[int(row)],
                    examples.links[offsets[row] : offsets[row + 1]],
                )
                for row in chance.permutation(chosen)
            ],
            np.array([piece.lstrip("▁") in [*MARKS] for piece in pieces]),
            np.array([piece in [*STOPS] for piece in pieces]),
            chance,
        )
        if max(len(each[0]), len(each[1])) <= LONGEST
    ]
    if not made:
        raise ValueError(
            f"Nothing of {direction} can be varied: no pair of its examples has a mark to cut at."
        )
    path = recipe.data / f"examples.varied-{direction.source}-{direction.target}.npz"
    ones = np.ones(len(made), dtype=np.float32)
    Examples(
        ragged([source for source, _, _ in made]),
        ragged([target for _, target, _ in made]),
        np.concatenate([links for _, _, links in made]).astype(np.uint8),
        ones,
        ones,
        examples.prefix,
    ).save(path)
    return path

"""Examples on a device: what is gathered, and what a pool draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from models.training import packing
from models.training.align_words import NONE
from models.training.examples import IGNORED, Examples, make_batch
from models.training.vocabulary import PADDING
from tests.unit.test_training_network import PREFIX

if TYPE_CHECKING:
    from models.training.resident import Rows, Store

torch = pytest.importorskip("torch", reason="torch is a training extra: pip install '.[training]'")

Ints = npt.NDArray[np.int64]
OTHER = 44


def pairs(seed: int, prefix: int = PREFIX, count: int = 300, longest: int = 30) -> Examples:
    """Pairs of random pieces, lengths, links and weights."""
    chance = np.random.default_rng(seed)
    source, target = (
        packing.ragged([chance.integers(5, 40, n).tolist() for n in lengths])
        for lengths in chance.integers(1, longest + 1, (2, count))
    )
    links = chance.integers(0, np.repeat(source.lengths, target.lengths)).astype(np.uint8)
    links[chance.random(len(links)) < 0.3] = NONE
    weight, last_weight = chance.random((2, count)).astype(np.float32)
    return Examples(source, target, links, weight, last_weight, prefix)


def stored(**sets: Examples) -> Store:
    """A store of these sets."""
    from models.training.resident import Store

    store = Store("cpu")
    for name, examples in sets.items():
        store.add(name, examples)
    return store


def pool(store: Store, shares: dict[str, float], *, last: bool = False, **sizes: int) -> list[Rows]:
    """A pool of a store."""
    sizes = {"tokens": 2000, "batches": 30} | sizes
    chance = np.random.default_rng(7)
    return store.pool(shares, last=last, chance=chance, **sizes)


def drawn(batches: Sequence[Rows]) -> Ints:
    """The rows of all batches."""
    return np.concatenate([batch.rows for batch in batches])


def assert_gathered(store: Store, sets: Sequence[Examples], batch: Rows) -> None:
    """A gathered batch is what `make_batch` makes of each set's rows, but for wider padding."""
    found = store.gather(batch)
    starts = np.cumsum([0, *(len(examples.source) for examples in sets)])
    of = np.searchsorted(starts, batch.rows, side="right") - 1
    for number in set(of.tolist()):
        lines = np.flatnonzero(of == number)
        made = make_batch(sets[number], batch.rows[lines] - starts[number])
        for name, padding, width in (
            ("source", PADDING, batch.wide),
            ("before", PADDING, batch.long),
            ("labels", IGNORED, batch.long),
            ("links", -1, batch.long),
        ):
            expected = getattr(made, name)
            more = (0, width - expected.shape[1])
            expected = torch.nn.functional.pad(expected, more, value=padding)
            assert torch.equal(getattr(found, name)[torch.from_numpy(lines)], expected), name
    assert found.count == int((found.labels != IGNORED).sum()) == store.count(batch)


def test_a_gathered_batch_is_the_one_made_of_the_examples() -> None:
    from models.training.resident import Rows

    sets = [pairs(1), pairs(2, OTHER, longest=20)]
    store = stored(one=sets[0])
    chance = np.random.default_rng(3)
    for size in (1, 9, 300):
        assert_gathered(store, sets, Rows(chance.integers(0, 300, size), 32, 40))
    store.add("other", sets[1])
    mixed = 0
    for batch in pool(store, {"one": 1.0, "other": 1.0}):
        assert_gathered(store, sets, batch)
        mixed += len(set(store.gather(batch).before[:, 1].tolist())) == 2
    assert mixed > 10
    for edge in ([0], [299], [300], [599], [0, 299, 300, 599]):
        assert_gathered(store, sets, Rows(np.array(edge), 32, 32))


def test_a_set_that_comes_again_takes_the_place_of_the_old_one() -> None:
    sets = [pairs(1), pairs(2, OTHER), pairs(3, count=200)]
    store = stored(one=sets[0], other=sets[1])
    store.add("one", sets[2])
    batches = pool(store, {"one": 1.0, "other": 1.0})
    rows = drawn(batches)
    assert {*(rows // 300).tolist()} == {1, 2}
    for batch in batches:
        assert_gathered(store, sets, batch)


@pytest.mark.parametrize("last", [False, True])
def test_a_pool_keeps_the_shares_of_the_tokens(last: bool) -> None:
    sets = [pairs(1), pairs(2, OTHER, longest=9), pairs(3, longest=20)]
    # Of like weights the longer half of a set is drawn: its mean is not that of all its rows.
    for number, examples in enumerate(sets):
        lengths = examples.target.lengths
        long = (lengths > np.median(lengths)).astype(np.float32)
        sets[number] = replace(examples, weight=long, last_weight=long)
    store = stored(a=sets[0], b=sets[1], c=sets[2])
    shares = {"a": 1.0, "b": 0.5, "c": 0.5}
    rows = drawn(pool(store, shares, batches=60, last=last))
    tokens = store.target_lengths[rows] + 1
    of = rows // 300
    assert [tokens[of == number].sum() / tokens.sum() for number in range(3)] == pytest.approx(
        [0.5, 0.25, 0.25], abs=0.02
    )
    assert tokens.sum() == pytest.approx(60 * 2000, rel=0.03)


def test_a_pool_keeps_the_shares_when_the_last_weights_are_those_of_longer_rows() -> None:
    sets = [pairs(1), pairs(2, OTHER)]
    long = (sets[0].target.lengths > 20).astype(np.float32)
    store = stored(a=replace(sets[0], weight=1 - long, last_weight=long), b=sets[1])
    rows = drawn(pool(store, {"a": 0.5, "b": 0.5}, batches=60, last=True))
    tokens = store.target_lengths[rows] + 1
    assert tokens[rows < 300].sum() / tokens.sum() == pytest.approx(0.5, abs=0.03)


def test_a_set_may_count_in_the_last_part_only() -> None:
    one = pairs(1)
    store = stored(one=replace(one, weight=0 * one.weight), other=pairs(2))
    rows = drawn(pool(store, {"one": 1.0, "other": 1.0}, last=True))
    assert {*(rows // 300).tolist()} == {0, 1}
    assert rows[rows < 300].size > 100
    assert drawn(pool(store, {"one": 1.0, "other": 1.0})).min() >= 300


def test_batches_hold_what_fits_and_no_more() -> None:
    store = stored(one=pairs(1), other=pairs(2, OTHER, longest=50))
    for tokens in (200, 1000, 5000):
        batches = pool(store, {"one": 0.7, "other": 0.3}, tokens=tokens)
        for batch in batches:
            assert len(batch.rows) * max(batch.wide, batch.long) <= tokens
            sides = store.source_lengths[batch.rows] + 1, store.target_lengths[batch.rows] + 2
            assert [int(-(-side.max() // 8) * 8) for side in sides] == [batch.wide, batch.long]
        assert 30 <= len(batches) < 60
        widths = [max(batch.wide, batch.long) for batch in batches]
        assert widths != sorted(widths)
        assert len(set(widths)) > 3
    alone = pool(stored(one=pairs(3, longest=9)), {"one": 1.0}, tokens=16)
    assert {len(batch.rows) for batch in alone} == {1, 2}
    assert all(max(batch.wide, batch.long) == 8 for batch in alone if len(batch.rows) == 2)


def test_in_the_last_part_its_weights_count() -> None:
    one, other = pairs(1), pairs(2, OTHER)
    half = (np.arange(300) < 150).astype(np.float32)
    one = replace(one, weight=half, last_weight=1 - half)
    other = replace(other, weight=half, last_weight=0 * half)
    store = stored(one=one, other=other)
    shares = {"one": 1.0, "other": 1.0}
    first = drawn(pool(store, shares))
    assert {*(first // 150).tolist()} == {0, 2}
    # A set that has none for the last part keeps those it has.
    last = drawn(pool(store, shares, last=True))
    assert {*(last // 150).tolist()} == {1, 2}


def test_a_set_without_a_share_is_not_drawn() -> None:
    store = stored(one=pairs(1), other=pairs(2, OTHER), more=pairs(3))
    rows = drawn(pool(store, {"one": 0.5, "other": 0.0, "elsewhere": 3.0}))
    assert rows.max() < 300
    assert (store.target_lengths[rows] + 1).sum() == pytest.approx(30 * 2000, rel=0.05)


def test_nothing_translated_is_a_set_of_no_rows() -> None:
    nothing = np.zeros(0, dtype=np.float32)
    rows = packing.ragged([])
    links = np.zeros(0, dtype=np.uint8)
    store = stored(one=pairs(1))
    store.add("back", Examples(rows, rows, links, nothing, nothing, OTHER))
    assert drawn(pool(store, {"one": 0.5, "back": 0.5})).max() < 300

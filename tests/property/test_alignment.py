from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.align import align_pair
from alignment.similarity import as_units

WORDS = ["president", "ministry", "missiles", "Kharkiv", "river", "school", "bridge", "talks"]

sentences = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join), max_size=9
)


@settings(max_examples=40, deadline=None)
@given(sentences, sentences)
def test_beads_cover_both_sides_once_and_in_order(left: list[str], right: list[str]) -> None:
    found = align_pair(as_units(left, "en"), as_units(right, "ru"), "monotone")
    assert [i for bead in found.beads for i in bead.a] == list(range(len(left)))
    assert [j for bead in found.beads for j in bead.b] == list(range(len(right)))
    assert all(0.0 <= bead.probability <= 1.0 for bead in found.beads)


@settings(max_examples=40, deadline=None)
@given(sentences, sentences, st.sampled_from(["auto", "monotone", "comparable"]))
def test_swapping_the_sides_swaps_the_result(left: list[str], right: list[str], mode: str) -> None:
    there = align_pair(as_units(left, "uk"), as_units(right, "ru"), mode)  # type: ignore[arg-type]
    back = align_pair(as_units(right, "ru"), as_units(left, "uk"), mode)  # type: ignore[arg-type]
    assert there.mode == back.mode
    assert {(pair.a, pair.b, pair.probability) for pair in there.pairs} == {
        (pair.b, pair.a, pair.probability) for pair in back.pairs
    }
    assert [(bead.a, bead.b) for bead in there.beads] == [(bead.b, bead.a) for bead in back.beads]


@settings(max_examples=40, deadline=None)
@given(sentences, sentences)
def test_every_unit_is_in_one_pair_or_among_the_unmatched(
    left: list[str], right: list[str]
) -> None:
    found = align_pair(as_units(left, "en"), as_units(right, "uk"), "comparable")
    in_a = [i for pair in found.pairs for i in pair.a]
    in_b = [j for pair in found.pairs for j in pair.b]
    alone_a = [one.index for one in found.unmatched if one.side == "a"]
    alone_b = [one.index for one in found.unmatched if one.side == "b"]
    assert sorted(in_a + alone_a) == list(range(len(left)))
    assert sorted(in_b + alone_b) == list(range(len(right)))

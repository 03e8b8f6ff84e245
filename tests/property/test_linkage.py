"""Claim groups: every claim in one of them, whatever the order; strangers change nothing."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.groups import Edge, Member, group

KEYS = [f"{language}{number}" for language in ("en", "ru", "uk") for number in range(4)]
MEMBERS = [Member(key, key[:2], f"document {key[:2]} {int(key[2:]) // 2}") for key in KEYS]
pairs = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda one: one[0] != one[1])
edges = st.dictionaries(pairs, st.floats(0.03, 0.99), max_size=30).map(
    lambda found: [Edge(a, b, chance) for (a, b), chance in found.items()]
)


def keys(found: object) -> list[list[str]]:
    return [[member.key for member in one.members] for one in found.groups]  # type: ignore[attr-defined]


@settings(max_examples=50, deadline=None)
@given(edges)
def test_every_claim_is_in_exactly_one_group(found: list[Edge]) -> None:
    inside = [key for one in keys(group(MEMBERS, found)) for key in one]
    assert sorted(inside) == KEYS


@settings(max_examples=50, deadline=None)
@given(edges, st.randoms(use_true_random=False))
def test_the_order_of_members_and_edges_does_not_matter(
    found: list[Edge], chance: random.Random
) -> None:
    turned = [Edge(one.b, one.a, one.probability) for one in found]
    other = MEMBERS.copy()
    chance.shuffle(turned)
    chance.shuffle(other)
    assert keys(group(MEMBERS, found)) == keys(group(other, turned))


@settings(max_examples=50, deadline=None)
@given(edges)
def test_strangers_change_no_group(found: list[Edge]) -> None:
    strangers = [Member("aa1", "en", "elsewhere"), Member("zz1", "uk", "elsewhere too")]
    more = group([*MEMBERS, *strangers], [*found, Edge("aa1", "zz1", 0.9)])
    assert [one for one in keys(more) if one != ["aa1", "zz1"]] == keys(group(MEMBERS, found))


@settings(max_examples=50, deadline=None)
@given(edges, st.sets(pairs.map(frozenset), max_size=4))
def test_what_a_person_parted_is_never_in_one_group(
    found: list[Edge], apart: set[frozenset[str]]
) -> None:
    for one in keys(group(MEMBERS, found, apart=apart, cut=0.05)):
        assert not any(pair <= set(one) for pair in apart)


@settings(max_examples=50, deadline=None)
@given(edges)
def test_claims_that_share_a_group_come_together_at_its_cut_or_above(found: list[Edge]) -> None:
    made = group(MEMBERS, found, cut=0.2)
    home = {key: n for n, one in enumerate(keys(made)) for key in one}
    for a in KEYS:
        for b in KEYS:
            if a < b:
                assert (made.linkage.together(a, b) >= 0.2) == (home[a] == home[b])

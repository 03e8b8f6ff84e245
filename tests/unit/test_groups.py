from __future__ import annotations

import pytest

from alignment.groups import ClaimGroup, Edge, Grouping, Member, corroborated, group


def members(*keys: str) -> list[Member]:
    return [Member(key, key[:2], f"document of {key}") for key in keys]


def keys(found: Grouping) -> list[list[str]]:
    return [[member.key for member in one.members] for one in found.groups]


def test_claims_of_three_languages_come_together_and_a_lone_one_stays_alone() -> None:
    found = group(
        members("en1", "ru1", "uk1", "uk2"), [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.7)]
    )
    assert keys(found) == [["en1", "ru1", "uk1"], ["uk2"]]


def test_a_claim_near_one_member_and_far_from_the_rest_stays_out() -> None:
    inside = members("en1", "en2", "ru1", "ru2")
    edges = [Edge(a.key, b.key, 0.9) for n, a in enumerate(inside) for b in inside[n + 1 :]]
    found = group([*inside, *members("uk1")], [*edges, Edge("ru1", "uk1", 0.6)], cut=0.3)
    assert keys(found) == [["en1", "en2", "ru1", "ru2"], ["uk1"]]


def test_a_group_is_as_consistent_as_its_weakest_edge() -> None:
    edges = [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.8), Edge("en1", "uk1", 0.3)]
    grouping = group(members("en1", "ru1", "uk1"), edges)
    weakest = corroborated(0.3, grouping.linkage.together("en1", "uk1"))
    assert grouping.groups == (ClaimGroup(tuple(members("en1", "ru1", "uk1")), weakest),)


def test_claims_of_one_document_count_neither_for_nor_against_each_other() -> None:
    one, two = Member("a", "ru", "d1"), Member("b", "ru", "d1")
    whole = Member("w", "en", "d2")
    halves = group([one, two, whole], [Edge("a", "w", 0.9), Edge("b", "w", 0.8)], cut=0.75)
    assert keys(halves) == [["a", "b", "w"]]
    assert keys(group([one, two], [Edge("a", "b", 1.0)])) == [["a"], ["b"]]


def test_documents_that_were_not_compared_count_neither_for_nor_against() -> None:
    three = members("en1", "ru1", "uk1")
    edges = [Edge("en1", "ru1", 0.8), Edge("ru1", "uk1", 0.8)]
    apart = {frozenset({"document of en1", "document of ru1"})}
    met = apart | {frozenset({"document of ru1", "document of uk1"})}
    assert keys(group(three, edges, cut=0.6)) != [["en1", "ru1", "uk1"]]
    assert keys(group(three, edges, cut=0.6, compared=met)) == [["en1", "ru1", "uk1"]]


def test_what_a_person_said_of_two_claims_holds() -> None:
    three = members("en1", "ru1", "uk1")
    edges = [Edge("en1", "ru1", 0.95), Edge("ru1", "uk1", 0.9), Edge("en1", "uk1", 0.9)]
    apart = keys(group(three, edges, apart={frozenset({"en1", "uk1"})}))
    assert not any({"en1", "uk1"} <= set(one) for one in apart)
    same = keys(group(members("aa", "bb", "cc", "dd"), [Edge("aa", "bb", 1.0)]))
    assert same == [["aa", "bb"], ["cc"], ["dd"]]
    chain = [Edge("aa", "bb", 1.0), Edge("bb", "cc", 1.0), Edge("cc", "dd", 1.0)]
    assert keys(group(members("aa", "bb", "cc", "dd"), chain)) == [["aa", "bb", "cc", "dd"]]


def test_an_unrelated_claim_changes_no_group() -> None:
    edges = [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.7)]
    before = keys(group(members("en1", "ru1", "uk1"), edges))
    more = [*members("en1", "ru1", "uk1"), Member("zz", "en", "elsewhere")]
    after = keys(group(more, edges))
    assert [one for one in after if one != ["zz"]] == before


def test_the_linkage_says_how_near_two_claims_come() -> None:
    found = group(
        members("en1", "ru1", "uk1", "uk2"), [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.7)]
    ).linkage
    assert found.together("en1", "ru1") == pytest.approx(0.9)
    assert found.together("en1", "uk1") == pytest.approx(0.35)  # (0.7 + 0) / 2
    assert found.together("en1", "uk2") == 0.0


def test_a_pair_is_likelier_the_more_the_others_agree() -> None:
    assert corroborated(0.4, 0.1) < corroborated(0.4, 0.4) < corroborated(0.4, 0.8)
    assert corroborated(0.2, 0.4) < corroborated(0.7, 0.4)

from __future__ import annotations

from alignment.groups import ClaimGroup, Edge, Member, group


def members(*keys: str) -> list[Member]:
    return [Member(key, key[:2], f"document of {key}") for key in keys]


def keys(found: list[ClaimGroup]) -> list[list[str]]:
    return [[member.key for member in one.members] for one in found]


def test_claims_of_three_languages_come_together_and_a_lone_one_stays_alone() -> None:
    found = group(
        members("en1", "ru1", "uk1", "uk2"), [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.7)]
    )
    assert keys(found) == [["en1", "ru1", "uk1"], ["uk2"]]


def test_a_chain_that_contradicts_itself_is_cut_at_its_weakest_edge() -> None:
    edges = [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.6), Edge("en1", "uk1", 0.05)]
    assert keys(group(members("en1", "ru1", "uk1"), edges)) == [["en1", "ru1"], ["uk1"]]


def test_every_edge_inside_is_kept_as_evidence() -> None:
    edges = [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.8), Edge("en1", "uk1", 0.3)]
    found = group(members("en1", "ru1", "uk1"), edges)[0]
    assert found.edges == (
        Edge("en1", "ru1", 0.9, kept=True),
        Edge("en1", "uk1", 0.3, kept=False),
        Edge("ru1", "uk1", 0.8, kept=True),
    )
    assert found.consistency == 0.3


def test_two_claims_of_one_document_join_only_as_halves_of_one_counterpart() -> None:
    one = Member("a", "ru", "d1")
    two = Member("b", "ru", "d1")
    whole = Member("w", "en", "d2")
    halves = group([one, two, whole], [Edge("a", "w", 0.9), Edge("b", "w", 0.8)])
    assert keys(halves) == [["a", "b", "w"]]


def test_an_unrelated_claim_changes_no_group() -> None:
    edges = [Edge("en1", "ru1", 0.9), Edge("ru1", "uk1", 0.7)]
    before = keys(group(members("en1", "ru1", "uk1"), edges))
    more = [*members("en1", "ru1", "uk1"), Member("zz", "en", "elsewhere")]
    after = keys(group(more, [*edges, Edge("zz", "en1", 0.02)]))
    assert [one for one in after if one != ["zz"]] == before

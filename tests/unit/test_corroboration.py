from __future__ import annotations

from alignment.corroboration import corroborate
from alignment.groups import Edge

DOCUMENT = {"en": "d1", "ru": "d2", "uk": "d3", "uk2": "d3"}


def chance(edges: list[Edge], a: str, b: str) -> float:
    return next((edge.probability for edge in edges if {edge.a, edge.b} == {a, b}), 0.0)


def test_two_claims_that_match_a_third_support_each_other() -> None:
    found = corroborate(
        [Edge("en", "ru", 0.9), Edge("ru", "uk", 0.8), Edge("en", "uk", 0.2)], DOCUMENT
    )
    assert 0.55 < chance(found, "en", "uk") < 0.65
    assert chance(found, "en", "ru") >= 0.9


def test_a_pair_never_compared_gets_a_probability_through_a_third() -> None:
    found = corroborate([Edge("en", "ru", 0.9), Edge("ru", "uk", 0.8)], DOCUMENT)
    assert 0.45 < chance(found, "en", "uk") < 0.55


def test_claims_of_one_document_are_never_joined_by_it() -> None:
    found = corroborate([Edge("uk", "ru", 0.9), Edge("uk2", "ru", 0.8)], DOCUMENT)
    assert chance(found, "uk", "uk2") == 0.0


def test_what_a_person_told_apart_stays_apart() -> None:
    edges = [Edge("en", "ru", 0.9), Edge("ru", "uk", 0.8), Edge("en", "uk", 0.9)]
    found = corroborate(edges, DOCUMENT, [frozenset(("en", "uk"))])
    assert chance(found, "en", "uk") == 0.0
    assert chance(found, "en", "ru") == 0.9

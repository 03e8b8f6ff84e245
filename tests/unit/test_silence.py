from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alignment.silence import Candidate, Searched, judge, reopen

NOW = datetime(2026, 1, 30, 12, tzinfo=UTC)


def searched(*names: str, copy_of: str | None = None, hours: float = -5.0) -> list[Searched]:
    return [
        Searched(name, f"outlet of {name}", "uk", NOW + timedelta(hours=hours), copy_of)
        for name in names
    ]


def test_enough_coverage_without_a_candidate_is_no_counterpart_with_denominators() -> None:
    found = judge("claim", "uk", searched("a", "b", "c"), [Candidate("x", "b", 0.21)], as_of=NOW)
    assert found is not None
    assert found.kind == "no counterpart"
    assert (found.articles, found.outlets, found.copies) == (3, 3, 0)
    assert found.best == Candidate("x", "b", 0.21)
    assert abs(found.null_probability - 0.79) < 1e-9
    assert found.as_of == NOW


def test_copies_count_as_one_article() -> None:
    documents = searched("a", "b") + searched("c", "d", copy_of="a")
    found = judge("claim", "uk", documents, [], as_of=NOW)
    assert found is not None
    assert found.kind == "insufficient coverage"
    assert (found.articles, found.copies) == (2, 2)


def test_a_likely_candidate_is_not_silence() -> None:
    assert (
        judge("claim", "uk", searched("a", "b", "c"), [Candidate("x", "a", 0.8)], as_of=NOW) is None
    )


def test_only_the_language_asked_and_the_time_until_then_count() -> None:
    late = searched("late", hours=3)
    english = [Searched("e", "outlet", "en", NOW - timedelta(hours=1))]
    found = judge("claim", "uk", searched("a") + late + english, [], as_of=NOW)
    assert found is not None
    assert found.documents == ("a",)


def test_late_coverage_reopens_and_a_late_copy_does_not() -> None:
    found = judge("claim", "uk", searched("a", "b", "c"), [], as_of=NOW)
    assert found is not None
    later = NOW + timedelta(hours=6)
    assert reopen(found, searched("a", "b", "c"), as_of=later) is None
    assert reopen(found, searched("copy", copy_of="a", hours=3), as_of=later) is None
    closed = reopen(found, searched("new", hours=3), as_of=later)
    assert closed is not None
    assert closed.valid_to == later
    assert reopen(found, searched("new", hours=9), as_of=later) is None

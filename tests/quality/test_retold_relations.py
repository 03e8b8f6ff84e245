"""Relations of the true pairs of the sixteen events in samples/retold, marked by their writers.

The rules were written on other material and reached 0.500 of the pairs of the first eight events
and 0.532 of the other eight when they met them. They were then mended on errors of the first
eight; nobody looked at the pairs of the other eight, which were used as a figure only, to keep or
drop a change. What is missed mostly needs knowledge of the world: that a dust explosion is not one
of methane, that one wording says more than the other without a figure or a date.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from alignment.contrasts import relation
from bench.marked import read
from tests.wordings import whole

UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
RETOLD = Path(__file__).parents[2] / "samples" / "retold"
SEEN = (
    "karaganda-mine", "balakovo-refinery", "bureau-law", "latgale-drones", "asset-loan",
    "zhmerynka-draft-office", "monastery-eviction", "altai-dam",
)  # fmt: skip
UNSEEN = (
    "amber-kestrel-blast", "berdiansk-water", "delta-verdict", "dniester-referendum",
    "druzhba-tariff", "registries-hack", "stokhid-bridge", "zaporizhzhia-line",
)  # fmt: skip
#: The share of true pairs with the right label, by events and language pair: as reached, less 0.01.
FLOORS = {
    ("seen", ("en", "ru")): 0.60,
    ("seen", ("en", "uk")): 0.60,
    ("seen", ("ru", "uk")): 0.58,
    ("unseen", ("en", "ru")): 0.53,
    ("unseen", ("en", "uk")): 0.61,
    ("unseen", ("ru", "uk")): 0.56,
}
#: The share of what is called a denial or a conflict that is one, over all events, as reached.
PRECISION = {"denies": 0.45, "conflicting": 0.88}


def judged(event: str) -> Iterator[tuple[tuple[str, str], str, str]]:
    """(languages, the writer's label, ours) of each true pair of an event."""
    marked = read(RETOLD / f"{event}.txt")
    published = {str(a.url): a.published_at or UNDATED for a in marked.articles}
    for row in marked.gold:
        if row["kind"] != "claim":
            continue
        claims = [
            whole(member["quote"], member["language"], published[member["url"]])
            for member in row["members"]
        ]
        languages = [member["language"] for member in row["members"]]
        for pair in row["relations"]:
            a, b = pair["a"], pair["b"]
            one, other = sorted((languages[a], languages[b]))
            yield (one, other), pair["relation"], relation(claims[a], claims[b]).label


@cache
def outcomes(part: str) -> list[tuple[tuple[str, str], str, str]]:
    events = SEEN if part == "seen" else UNSEEN
    return [one for event in events for one in judged(event)]


@pytest.mark.parametrize(("part", "languages"), list(FLOORS))
def test_labels_of_true_pairs_stay_at_their_floor(part: str, languages: tuple[str, str]) -> None:
    of = [label == ours for pair, label, ours in outcomes(part) if pair == languages]
    assert len(of) >= 150
    assert sum(of) / len(of) >= FLOORS[part, languages]


def test_what_is_called_a_denial_or_a_conflict_is_one_as_often_as_before() -> None:
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for part in ("seen", "unseen"):
        for _, label, ours in outcomes(part):
            found[ours][label == ours] += 1
    for name, floor in PRECISION.items():
        assert found[name][True] / found[name].total() >= floor, (name, found[name])


def test_every_event_is_in_one_half() -> None:
    assert sorted((*SEEN, *UNSEEN)) == sorted(file.stem for file in RETOLD.glob("*.txt"))

"""How what is stored compares with a hand-made gold file: events, claim pairs, relations.

The format is described in `samples/README.md`. Articles are found by their url, claims by the words
that the gold quotes from them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.languages import LANGUAGES
from models.segment import normalise
from service.errors import BadInput
from service.store import claims, documents, pairs
from service.store.tables import ClaimRow, PairRow

#: A claim is the quoted one when they share this much of the shorter of the two.
OVERLAP = 0.5

_TURNED = {"broader": "narrower", "narrower": "broader"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and F1 of one question, with how many items each rests on."""

    precision: float
    recall: float
    found: int
    wanted: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The store against the gold.

    `events`: BCubed over articles (Bagga and Baldwin 1998). `pairs`: cross-language pairs of marked
    sentences. `nil_aware`: for each marked sentence and other language, a right partner, or rightly
    none. `by_languages`: the pairs of two languages. `relations` is the share of right labels among
    the `related` gold pairs that were found.
    """

    articles: int
    missing_articles: tuple[str, ...]
    events: Agreement
    pairs: Agreement
    nil_aware: Agreement
    by_languages: dict[str, Agreement]
    relations: float
    related: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A sentence that the gold marks: its claim (None where nobody else says it) and where."""

    claim: str | None
    language: str
    url: str
    ids: frozenset[str]


def compare(session: Session, path: Path) -> Comparison:
    """The stored documents, events and pairs compared with the gold file at `path`.

    Raises:
        BadInput: the file cannot be read as gold.
    """
    rows = _read(path)
    by_url = _documents(session)
    wanted = {
        url: str(row["event"]) for row in rows if row["kind"] == "event" for url in row["articles"]
    }
    events = {url: str(by_url[url].event_id) for url in wanted if url in by_url}
    marks, index = _marks(session, rows, by_url)
    found = _pairs(session, set(events.values()))
    linked = _linked(marks, found)
    gold = _gold_pairs(marks)
    return Comparison(
        len(events),
        tuple(sorted(set(wanted) - set(by_url))),
        _bcubed({url: wanted[url] for url in events}, events),
        _pair_agreement(gold, set(linked)),
        _nil_agreement(marks, gold, set(linked)),
        {
            f"{one}–{other}": _pair_agreement(
                _between(gold, marks, one, other), _between(set(linked), marks, one, other)
            )
            for one, other in (("ru", "uk"), ("ru", "en"), ("uk", "en"))
        },
        *_relations(rows, index, marks, linked),
    )


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as gold ({error}); check the file.") from error


def _documents(session: Session) -> dict[str, documents.DocumentSummary]:
    found: dict[str, documents.DocumentSummary] = {}
    cursor = None
    while True:
        page = documents.page(session, cursor=cursor, limit=1_000)
        found |= {item.url: item for item in page.items if item.url}
        cursor = page.next
        if cursor is None:
            return found


def _marks(
    session: Session,
    rows: Iterable[Mapping[str, Any]],
    by_url: Mapping[str, documents.DocumentSummary],
) -> tuple[list[_Mark], dict[str, list[int | None]]]:
    """Every marked sentence whose article is stored, and by claim the mark of each member."""
    texts: dict[str, str] = {}
    held: dict[str, list[ClaimRow]] = {}

    def mark(claim: str | None, member: Mapping[str, Any]) -> _Mark | None:
        url = str(member["url"])
        if url not in by_url:
            return None
        if url not in texts:
            texts[url] = documents.get(session, by_url[url].id).text
            held[url] = claims.of_document(session, by_url[url].id)
        start = texts[url].find(normalise(member["quote"]))
        if start < 0:
            return None
        span = (start, start + len(normalise(member["quote"])))
        ids = frozenset(row.id for row in held[url] if _overlap((row.start, row.end), span))
        return _Mark(claim, str(member["language"]), url, ids)

    marks: list[_Mark] = []
    index: dict[str, list[int | None]] = {}
    for row in rows:
        if row["kind"] == "nil":
            made = [mark(None, row)]
        elif row["kind"] == "claim":
            made = [mark(str(row["id"]), member) for member in row["members"]]
            places: list[int | None] = []
            for number, one in enumerate(made):
                before = sum(other is not None for other in made[:number])
                places.append(None if one is None else len(marks) + before)
            index[str(row["id"])] = places
        else:
            continue
        marks += [one for one in made if one is not None]
    return marks, index


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    shorter = min(one[1] - one[0], other[1] - other[0])
    return shared > 0 and shared >= OVERLAP * shorter


def _pairs(session: Session, event_ids: Iterable[str]) -> list[PairRow]:
    found: list[PairRow] = []
    for event_id in sorted(event_ids):
        cursor = None
        while True:
            page = pairs.page(session, event=event_id, cursor=cursor, limit=1_000)
            found += page.items
            cursor = page.next
            if cursor is None:
                break
    return found


def _linked(marks: Sequence[_Mark], found: Iterable[PairRow]) -> dict[tuple[int, int], PairRow]:
    """The marks that a stored pair connects, likeliest pair first; a < b."""
    of_claim: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(marks):
        for key in one.ids:
            of_claim[key].append(number)
    linked: dict[tuple[int, int], PairRow] = {}
    for pair in sorted(found, key=lambda pair: -pair.probability):
        for a, b in product(pair.a_claims, pair.b_claims):
            for i, j in product(of_claim.get(a, ()), of_claim.get(b, ())):
                if marks[i].language != marks[j].language:
                    linked.setdefault((min(i, j), max(i, j)), pair)
    return linked


def _gold_pairs(marks: Sequence[_Mark]) -> set[tuple[int, int]]:
    by_claim: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(marks):
        if one.claim is not None:
            by_claim[one.claim].append(number)
    return {
        (i, j)
        for inside in by_claim.values()
        for i, j in product(inside, inside)
        if i < j and marks[i].language != marks[j].language
    }


def _between(
    found: set[tuple[int, int]], marks: Sequence[_Mark], one: str, other: str
) -> set[tuple[int, int]]:
    return {(i, j) for i, j in found if {marks[i].language, marks[j].language} == {one, other}}


def _pair_agreement(gold: set[tuple[int, int]], found: set[tuple[int, int]]) -> Agreement:
    right = len(gold & found)
    return Agreement(
        right / len(found) if found else 1.0,
        right / len(gold) if gold else 1.0,
        len(found),
        len(gold),
    )


def _nil_agreement(
    marks: Sequence[_Mark], gold: set[tuple[int, int]], found: set[tuple[int, int]]
) -> Agreement:
    """Of all answers (a partner in a language, or none), how many are right."""

    def partners(pairs: set[tuple[int, int]]) -> dict[tuple[int, str], set[int]]:
        by: dict[tuple[int, str], set[int]] = defaultdict(set)
        for i, j in pairs:
            by[i, marks[j].language].add(j)
            by[j, marks[i].language].add(i)
        return by

    wanted, given = partners(gold), partners(found)
    right = total = 0
    for number, one in enumerate(marks):
        for language in LANGUAGES:
            if language == one.language:
                continue
            want, give = wanted.get((number, language), set()), given.get((number, language), set())
            total += 1
            right += bool(want & give) if want else not give
    share = right / total if total else 1.0
    return Agreement(share, share, total, total)


def _bcubed(gold: Mapping[str, str], found: Mapping[str, str]) -> Agreement:
    def share(one: Mapping[str, str], other: Mapping[str, str]) -> float:
        total = 0.0
        for item in one:
            same = [each for each in one if one[each] == one[item]]
            total += sum(other[each] == other[item] for each in same) / len(same)
        return total / len(one) if one else 1.0

    return Agreement(
        share(found, gold), share(gold, found), len(set(found.values())), len(set(gold.values()))
    )


def _relations(
    rows: Iterable[Mapping[str, Any]],
    index: Mapping[str, Sequence[int | None]],
    marks: Sequence[_Mark],
    linked: Mapping[tuple[int, int], PairRow],
) -> tuple[float, int]:
    right = total = 0
    for row in rows:
        if row["kind"] != "claim":
            continue
        for entry in row.get("relations", ()):
            a, b = (index[str(row["id"])][entry[side]] for side in ("a", "b"))
            pair = None if a is None or b is None else linked.get((min(a, b), max(a, b)))
            if a is None or pair is None:
                continue
            label = pair.relation
            if not marks[a].ids & set(pair.a_claims):  # the stored pair has the sides turned
                label = _TURNED.get(label, label)
            total += 1
            right += label == entry["relation"]
    return (right / total if total else 0.0), total

"""Relations under perturbation: a number, a name, a negation, an agent swap or a hedge is changed.

Each of the 75 claims stands in all three languages, with slots: `{n}` a number, `{in}` a place,
`{A}`/`{B}` two parties, `[words|words]` the positive and the negative wording. One side of a pair
keeps the claim, the other gets one change, and the label has to say which. The rules were tuned
on the first 60 claims; the 15 marked "held-out" came afterwards and nothing was changed for them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from alignment.claims import Claim
from alignment.contrasts import relation
from tests.wordings import whole

PUBLISHED = datetime(2025, 3, 5, 10, tzinfo=UTC)
PLACES = {
    "kharkiv": {"ru": "в Харькове", "uk": "у Харкові", "en": "in Kharkiv"},
    "odesa": {"ru": "в Одессе", "uk": "в Одесі", "en": "in Odesa"},
    "kherson": {"ru": "в Херсоне", "uk": "у Херсоні", "en": "in Kherson"},
    "belgorod": {"ru": "в Белгороде", "uk": "у Бєлгороді", "en": "in Belgorod"},
    "pokrovsk": {"ru": "под Покровском", "uk": "під Покровськом", "en": "near Pokrovsk"},
    "poltava": {"ru": "в Полтаве", "uk": "у Полтаві", "en": "in Poltava"},
}
PARTIES = (
    {
        "ru": {"nom": "Трамп", "acc": "Трампа"},
        "uk": {"nom": "Трамп", "acc": "Трампа"},
        "en": {"nom": "Trump", "acc": "Trump"},
    },
    {
        "ru": {"nom": "Израиль", "acc": "Израиль"},
        "uk": {"nom": "Ізраїль", "acc": "Ізраїль"},
        "en": {"nom": "Israel", "acc": "Israel"},
    },
    {
        "ru": {"nom": "Иран", "acc": "Иран"},
        "uk": {"nom": "Іран", "acc": "Іран"},
        "en": {"nom": "Iran", "acc": "Iran"},
    },
    {
        "ru": {"nom": "Орбан", "acc": "Орбана"},
        "uk": {"nom": "Орбан", "acc": "Орбана"},
        "en": {"nom": "Orban", "acc": "Orban"},
    },
    {
        "ru": {"nom": "Макрон", "acc": "Макрона"},
        "uk": {"nom": "Макрон", "acc": "Макрона"},
        "en": {"nom": "Macron", "acc": "Macron"},
    },
)
HEDGES = {
    "ru": ("Вероятно, ", "По предварительным данным, ", "Возможно, "),
    "uk": ("Імовірно, ", "За попередніми даними, ", "Можливо, "),
    "en": ("Apparently, ", "According to preliminary data, ", "Perhaps "),
}
EXPECTED = {
    "none": "same",
    "number": "conflicting",
    "entity": "related",
    "negation": "denies",
    "swap": "related",
    "hedge": "same",
}
#: What the rules reach, rounded down; the aim is .90 for every change.
FLOORS = {
    "tuning": dict.fromkeys(EXPECTED, 0.98),
    "held-out": {
        "none": 0.98,
        "number": 0.98,
        "entity": 0.94,
        "negation": 0.91,
        "swap": 0.98,
        "hedge": 0.98,
    },
}


def items() -> list[dict[str, str]]:
    path = Path(__file__).with_name("relations.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def word(item: dict[str, str], language: str, k: int, change: str) -> str:
    """The claim in one language, with its slots filled and at most one change made."""
    text = item[language]
    places = list(PLACES)
    place = places[(k + (change == "entity")) % len(places)]
    number = 5 + k * 7 % 90
    # Beyond the tenth by which "about" may be off: within it two figures are one by design.
    number += 3 + number // 2 if change == "number" else 0
    first, second = PARTIES[k % len(PARTIES)], PARTIES[(k + 1) % len(PARTIES)]
    if change == "swap":
        first, second = second, first
    text = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", r"\2" if change == "negation" else r"\1", text)
    text = text.replace("{n}", str(number)).replace("{in}", PLACES[place][language])
    for slot, party in (("A", first), ("B", second)):
        default = "nom" if slot == "A" else "acc"
        text = text.replace(f"{{{slot}:nom}}", party[language]["nom"])
        text = text.replace(f"{{{slot}:acc}}", party[language]["acc"])
        text = text.replace(f"{{{slot}}}", party[language][default])
    text = text[0].upper() + text[1:]
    if change == "hedge":
        hedge = HEDGES[language][k % len(HEDGES[language])]
        name = text.startswith(tuple(p[language]["nom"] for p in PARTIES))
        text = hedge + (text if name or text[0] in "«“" else text[0].lower() + text[1:])
    return text


def claim(text: str, language: str) -> Claim:
    return whole(text, language, PUBLISHED)


def applies(item: dict[str, str], change: str) -> bool:
    needs = {"number": "{n}", "entity": "{in}", "swap": "{B", "negation": "["}
    if change == "hedge":
        # A hedge before a reporting verb hedges the report, not the claim inside it.
        return item["id"].startswith("r") and not re.search("said|According|denied", item["en"])
    return needs.get(change, "") in item["en"]


def outcomes(change: str, part: str) -> Counter[tuple[bool, str]]:
    counts: Counter[tuple[bool, str]] = Counter()
    for k, item in enumerate(items()):
        if not applies(item, change) or item.get("part", "tuning") != part:
            continue
        for a, b in permutations(("ru", "uk", "en"), 2):
            one = claim(word(item, a, k, "none"), a)
            other = claim(word(item, b, k, change), b)
            label = relation(one, other).label
            counts[label == EXPECTED[change], label] += 1
    return counts


@pytest.mark.parametrize("part", list(FLOORS))
@pytest.mark.parametrize("change", list(EXPECTED))
def test_labels_name_the_change(change: str, part: str) -> None:
    counts = outcomes(change, part)
    total = sum(counts.values())
    right = sum(n for (ok, _), n in counts.items() if ok)
    assert total >= 18
    assert right / total >= FLOORS[part][change], f"{change}: {right}/{total}, {dict(counts)}"


def test_swapping_the_sides_swaps_the_label() -> None:
    mirror = {"broader": "narrower", "narrower": "broader"}
    for k, item in list(enumerate(items()))[::4]:
        for change in EXPECTED:
            one = claim(word(item, "ru", k, "none"), "ru")
            other = claim(word(item, "en", k, change), "en")
            there, back = relation(one, other).label, relation(other, one).label
            assert back == mirror.get(there, there)


def test_labels_on_the_sample_coverage() -> None:
    """Pairs marked in samples/gold.jsonl by someone else: the wording alone tells three quarters.

    What is missed needs knowledge of the world: "the plant was empty" denies "a workshop was hit".
    """
    gold = Path(__file__).parents[2] / "samples" / "gold.jsonl"
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    right = total = 0
    for row in rows:
        if row["kind"] != "claim" or not row.get("relations"):
            continue
        members = [claim(m["quote"], m["language"]) for m in row["members"]]
        for pair in row["relations"]:
            label = relation(members[pair["a"]], members[pair["b"]]).label
            right += label == pair["relation"]
            total += 1
    assert total > 500
    assert right / total >= 0.75

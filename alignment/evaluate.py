"""Measures of alignment and events, and one command that prints them in a table.

`python -m alignment.evaluate` reads the open evaluation sets, aligns, and exits with 1 when a
figure is under its floor. The encoder is named, not imported: `--encoder module:factory`, where
the factory returns an object whose `encode(texts)` gives unit rows; `--encoder none` goes without.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from alignment.align import Mode, align_pair
from alignment.calibration import calibration_error
from alignment.similarity import as_units, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alignment.similarity import SentenceEncoder, Unit

Link = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True)
class Beads:
    """Counts of links found and right, over documents (Thompson and Koehn 2019).

    Strict: the very same link. Lax: one that overlaps a gold link on both sides. Links with an
    empty side are not counted.
    """

    found: int = 0
    gold: int = 0
    strict: int = 0
    lax_found: int = 0
    lax_gold: int = 0

    def add(self, found: Iterable[Link], gold: Iterable[Link]) -> None:
        """Counts one document."""
        ours = {link for link in found if link[0] and link[1]}
        theirs = {(tuple(sorted(a)), tuple(sorted(b))) for a, b in gold if a and b}
        self.found += len(ours)
        self.gold += len(theirs)
        self.strict += len(ours & theirs)
        self.lax_found += sum(any(_overlap(link, other) for other in theirs) for link in ours)
        self.lax_gold += sum(any(_overlap(link, other) for other in ours) for link in theirs)

    def strict_scores(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of the very same links."""
        return _scores(self.strict / max(1, self.found), self.strict / max(1, self.gold))

    def lax_scores(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of overlapping links."""
        return _scores(self.lax_found / max(1, self.found), self.lax_gold / max(1, self.gold))


def _overlap(one: Link, other: Link) -> bool:
    return bool(set(one[0]) & set(other[0])) and bool(set(one[1]) & set(other[1]))


def _scores(precision: float, recall: float) -> tuple[float, float, float]:
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def bcubed(found: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """BCubed precision, recall and F1 of a grouping of items (Bagga and Baldwin 1998)."""
    ours: dict[str, set[str]] = defaultdict(set)
    theirs: dict[str, set[str]] = defaultdict(set)
    for item, label in gold.items():
        theirs[label].add(item)
        ours[found[item]].add(item)
    precision = recall = 0.0
    for item, label in gold.items():
        shared = len(ours[found[item]] & theirs[label])
        precision += shared / len(ours[found[item]])
        recall += shared / len(theirs[label])
    count = max(1, len(gold))
    return _scores(precision / count, recall / count)


def nil_aware(
    found: Mapping[str, frozenset[str]], gold: Mapping[str, frozenset[str]]
) -> tuple[float, float, float]:
    """Precision, recall and F1 over claims where "no counterpart" is an answer of its own.

    Both map a claim (with the language asked) to its counterparts; an empty set is the answer
    none, right when gold is empty too.
    """
    right = asked = wanted = 0
    for claim, truth in gold.items():
        answer = found.get(claim, frozenset())
        asked += max(1, len(answer))
        wanted += max(1, len(truth))
        right += 1 if not answer and not truth else len(answer & truth)
    return _scores(right / max(1, asked), right / max(1, wanted))


# -- the table -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what, where, value, floor (None: reported only)."""

    name: str
    subject: str
    value: float
    floor: float | None = None
    ceiling: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the value is on the right side of its floor and ceiling."""
        return (self.floor is None or self.value >= self.floor) and (
            self.ceiling is None or self.value <= self.ceiling
        )


def units_of(texts: list[str], language: str, encoder: SentenceEncoder | None) -> list[Unit]:
    """Units of plain sentences, with vectors of `matching_text` when there is an encoder."""
    if encoder is None:
        return as_units(texts, language)
    return encoded(as_units(texts, language), encoder)


def beads_figures(
    rows: Iterable[dict[str, object]],
    encoder: SentenceEncoder | None,
    mode: Mode = "auto",
) -> list[Figure]:
    """Bead scores and calibration error on gold documents, by variant and language pair.

    A row holds variant, lang_a, lang_b, sents_a, sents_b and gold links.
    """
    beads: dict[tuple[str, str], Beads] = defaultdict(Beads)
    chances: dict[tuple[str, str], tuple[list[float], list[bool]]] = defaultdict(lambda: ([], []))
    for row in rows:
        language_a, language_b = str(row["lang_a"]), str(row["lang_b"])
        subject = (str(row["variant"]), f"{language_a}-{language_b}")
        found = align_pair(
            units_of(list(row["sents_a"]), language_a, encoder),  # type: ignore[call-overload]
            units_of(list(row["sents_b"]), language_b, encoder),  # type: ignore[call-overload]
            mode,
        )
        gold = [(tuple(sorted(a)), tuple(sorted(b))) for a, b in row["gold"]]  # type: ignore[attr-defined]
        beads[subject].add([(pair.a, pair.b) for pair in found.pairs], gold)
        for pair in found.pairs:
            chances[subject][0].append(pair.probability)
            chances[subject][1].append((pair.a, pair.b) in gold)
    out = []
    for subject in sorted(beads):
        variant, pair_name = subject
        out.append(Figure(f"{variant} strict F1", pair_name, beads[subject].strict_scores()[2]))
        out.append(Figure(f"{variant} lax F1", pair_name, beads[subject].lax_scores()[2]))
        out.append(
            Figure(f"{variant} calibration error", pair_name, calibration_error(*chances[subject]))
        )
    return out


def load_encoder(name: str) -> SentenceEncoder | None:
    """The encoder that `module:factory` names ("none": no encoder)."""
    if name == "none":
        return None
    module, _, path = name.partition(":")
    factory: object = import_module(module)
    for part in path.split("."):
        factory = getattr(factory, part)
    return factory()  # type: ignore[operator, no-any-return]

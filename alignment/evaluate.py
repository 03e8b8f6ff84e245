"""Measures of alignment and events, and one command that prints them in a table.

`python -m alignment.evaluate` reads the open evaluation sets, aligns, and exits with 1 when a
figure is under its floor. The encoder is named, not imported: `--encoder module:factory`, where
the factory returns an object whose `encode(texts)` gives unit rows; `--encoder none` goes without.

The shipped weights were fitted on all of these documents, so this table guards against loss; what
they reach on documents they were not fitted on is printed by `bench/fit.py` (two-fold by document).
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from alignment.align import Mode, align_pair
from alignment.calibration import calibration_error
from alignment.events import EventStream
from alignment.mining import mine
from alignment.similarity import as_units, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alignment.events import Article
    from alignment.similarity import SentenceEncoder, Unit

# Strict and lax F1 that must not be lost, for every language pair, with the shipped encoder.
FLOORS = {"parallel": (0.95, 0.975), "comparable": (0.93, 0.95)}
CALIBRATION = 0.05
MINING = 0.80
EVENTS = 0.92

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
        strict, lax = FLOORS.get(variant, (None, None)) if encoder else (None, None)
        scores = beads[subject]
        out.append(Figure(f"{variant} strict P", pair_name, scores.strict_scores()[0]))
        out.append(Figure(f"{variant} strict R", pair_name, scores.strict_scores()[1]))
        out.append(Figure(f"{variant} strict F1", pair_name, scores.strict_scores()[2], strict))
        out.append(Figure(f"{variant} lax F1", pair_name, scores.lax_scores()[2], lax))
        error = calibration_error(*chances[subject])
        out.append(Figure(f"{variant} calibration error", pair_name, error, ceiling=CALIBRATION))
    return out


def mining_figures(
    pairs: Sequence[tuple[str, str]],
    distractors: tuple[Sequence[str], Sequence[str]],
    encoder: SentenceEncoder,
    subject: str,
) -> list[Figure]:
    """Precision, recall and F1 of finding true pairs among distractors, by margin.

    The threshold is not tuned: what is mined at the default margin is counted.
    """
    left = [one for one, _ in pairs] + list(distractors[0])
    right = [other for _, other in pairs] + list(distractors[1])
    found = mine(encoder.encode(left), encoder.encode(right))
    good = sum(one.a == one.b and one.a < len(pairs) for one in found)
    precision, recall, f1 = _scores(good / max(1, len(found)), good / max(1, len(pairs)))
    return [
        Figure("mining precision", subject, precision),
        Figure("mining recall", subject, recall),
        Figure("mining F1", subject, f1, MINING),
    ]


def events_figures(articles: Iterable[Article], gold: Mapping[str, str]) -> list[Figure]:
    """BCubed of the event stream over articles in order of publication."""
    stream = EventStream()
    first = {
        one.key: stream.assign(one).event
        for one in sorted(articles, key=lambda one: (one.published_at, one.key))
    }
    found = {key: stream.resolve(event) for key, event in first.items()}
    precision, recall, f1 = bcubed(found, gold)
    return [
        Figure("events BCubed P", "all", precision),
        Figure("events BCubed R", "all", recall),
        Figure("events BCubed F1", "all", f1, EVENTS),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 when a figure is under its floor, 2 when there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m alignment.evaluate", description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--mode", choices=("auto", "decoder"), default="decoder")
    asked = parser.parse_args(arguments)
    gold = asked.sets / "alignment_gold_wmt22.jsonl.xz"
    if not gold.is_file():
        sys.stderr.write(f"There is no {gold}; name the folder of the sets with --sets.\n")
        return 2
    encoder = load_encoder(asked.encoder)
    with lzma.open(gold, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    figures: list[Figure] = []
    for variant, decoder in (("parallel", "monotone"), ("comparable", "comparable")):
        chosen = [row for row in rows if row["variant"] == variant]
        mode = cast("Mode", "auto" if asked.mode == "auto" else decoder)
        figures += beads_figures(chosen, encoder, mode)
    sys.stdout.write(table(figures))
    return 0 if all(figure.holds for figure in figures) else 1


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text, one a line, with floors and what fell under them."""
    lines = []
    for figure in figures:
        bound = (
            f"≥ {figure.floor:.2f}"
            if figure.floor is not None
            else f"≤ {figure.ceiling:.2f}"
            if figure.ceiling is not None
            else ""
        )
        mark = "" if figure.holds else "  UNDER THE FLOOR"
        lines.append(f"{figure.name:32} {figure.subject:8} {figure.value:.4f}  {bound:7}{mark}")
    return "\n".join(lines) + "\n"


def load_encoder(name: str) -> SentenceEncoder | None:
    """The encoder that `module:factory` names ("none": no encoder)."""
    if name == "none":
        return None
    module, _, path = name.partition(":")
    factory: object = import_module(module)
    for part in path.split("."):
        factory = getattr(factory, part)
    return factory()  # type: ignore[operator, no-any-return]


if __name__ == "__main__":
    sys.exit(main())

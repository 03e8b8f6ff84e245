"""Measures of alignment and events, and one command that prints them in a table.

`python -m alignment.evaluate` prints every figure with its aim and whether it is reached, and
exits with 1 when one is under its floor. `--only events claims` chooses parts, `--json` writes
them for programs. Mining takes minutes and runs with `--long` or when named. A part whose data is
absent is listed as not run. Samples and marked sentences stand beside the code in a checkout: their
part is loaded by name from `bench`. The encoder is named too, not imported: `--encoder
module:factory`, where the factory returns an object whose `encode(texts)` gives unit rows;
`--encoder none` goes without.

The shipped weights were fitted on all of these documents, so this table guards against loss; what
they reach on documents they were not fitted on is printed by `bench/fit.py` (two-fold by document).
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.align import Mode, align_pair
from alignment.bitext import mine_texts
from alignment.calibration import calibration_error
from alignment.errors import NotRun
from alignment.events import EventStream
from alignment.similarity import as_units, encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from alignment.events import Article
    from alignment.similarity import SentenceEncoder, Unit

    Measure = Callable[[Path, SentenceEncoder | None], list["Figure"]]

# Strict and lax F1 that must not be lost, for every language pair, with the shipped encoder.
FLOORS = {"parallel": (0.95, 0.975), "comparable": (0.93, 0.95)}
# The aims; the floors above are what must not be lost.
AIMS = {"parallel": (0.96, 0.99), "comparable": (0.93, 0.98)}
CALIBRATION = 0.05
MINED = 0.90
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
    """One line of the table: what, where, value; what must hold and what is aimed at.

    `floor` and `ceiling` fail the command; `aim` is reported (`most`: it is reached from below).
    """

    name: str
    subject: str
    value: float
    floor: float | None = None
    ceiling: float | None = None
    aim: float | None = None
    most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the value is on the right side of its floor and ceiling."""
        return (self.floor is None or self.value >= self.floor) and (
            self.ceiling is None or self.value <= self.ceiling
        )

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None without one."""
        if self.aim is None:
            return None
        return self.value <= self.aim if self.most else self.value >= self.aim


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
        aims = AIMS.get(variant, (None, None))
        for name, scores, floor, aim in (
            ("strict", beads[subject].strict_scores(), strict, aims[0]),
            ("lax", beads[subject].lax_scores(), lax, aims[1]),
        ):
            out.append(Figure(f"{variant} {name} P", pair_name, scores[0]))
            out.append(Figure(f"{variant} {name} R", pair_name, scores[1]))
            out.append(Figure(f"{variant} {name} F1", pair_name, scores[2], floor, aim=aim))
        error = calibration_error(*chances[subject])
        out.append(
            Figure(
                f"{variant} calibration error", pair_name, error,
                ceiling=CALIBRATION, aim=CALIBRATION, most=True,
            )
        )  # fmt: skip
    return out


def mining_figures(
    pairs: Sequence[tuple[str, str]],
    distractors: tuple[Sequence[str], Sequence[str]],
    languages: tuple[str, str],
    encoder: SentenceEncoder,
) -> list[Figure]:
    """Precision, recall and F1 of finding true pairs among distractors, by the shipped weights."""
    left = [one for one, _ in pairs] + list(distractors[0])
    right = [other for _, other in pairs] + list(distractors[1])
    found = mine_texts(left, right, languages, encoder)
    good = sum(one.a == one.b and one.a < len(pairs) for one in found)
    precision, recall, f1 = _scores(good / max(1, len(found)), good / max(1, len(pairs)))
    subject = "-".join(languages)
    return [
        Figure("mining precision", subject, precision),
        Figure("mining recall", subject, recall),
        Figure("mining F1", subject, f1, MINING, aim=MINED),
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
        Figure("events BCubed P", "samples", precision),
        Figure("events BCubed R", "samples", recall),
        Figure("events BCubed F1", "samples", f1, EVENTS, aim=EVENTS),
    ]


def beads(sets: Path, encoder: SentenceEncoder | None) -> list[Figure]:
    """The figures of the bead gold, each variant with the decoder made for it."""
    gold = sets / "alignment_gold_wmt22.jsonl.xz"
    if not gold.is_file():
        raise NotRun(f"there is no {gold}")
    with lzma.open(gold, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    decoders: tuple[tuple[str, Mode], ...] = (
        ("parallel", "monotone"),
        ("comparable", "comparable"),
    )
    return [
        figure
        for variant, decoder in decoders
        for figure in beads_figures(
            [row for row in rows if row["variant"] == variant], encoder, decoder
        )
    ]


PARTS = ("beads", "events", "claims", "relations", "attribution", "mining")
LONG = ("mining",)  # minutes of processor time: only with --long, or when named


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 when a figure is under its floor."""
    parser = argparse.ArgumentParser(prog="python -m alignment.evaluate", description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=None, metavar="PART")
    parser.add_argument("--long", action="store_true", help="also what takes minutes: mining")
    parser.add_argument("--json", action="store_true", help="write JSON instead of a table")
    asked = parser.parse_args(arguments)
    encoder = load_encoder(asked.encoder)
    figures: list[Figure] = []
    absent: dict[str, str] = {}
    for part in asked.only or PARTS:
        if part in LONG and not (asked.long or asked.only):
            absent[part] = "takes minutes; add --long"
            continue
        for name, measure in _measures(part).items():
            try:
                figures += measure(asked.sets, encoder)
            except NotRun as error:
                absent[name] = str(error)
    if asked.json:
        rows = [{**asdict(one), "holds": one.holds, "reached": one.reached} for one in figures]
        sys.stdout.write(json.dumps({"figures": rows, "not_run": absent}, indent=1) + "\n")
    else:
        sys.stdout.write(table(figures))
        for part, why in absent.items():
            sys.stdout.write(f"{part}: not run: {why}.\n")
    return 0 if all(figure.holds for figure in figures) else 1


def _measures(part: str) -> dict[str, Measure]:
    if part == "beads":
        return {part: beads}
    try:
        beside = import_module("bench.figures")
    except ModuleNotFoundError as error:
        missing = f"{error.name} is only in a checkout of Parallax"

        def not_run(_: Path, __: object) -> list[Figure]:
            raise NotRun(missing)

        return {part: not_run}
    found: dict[str, Measure] = beside.PARTS[part]
    return found


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text, one a line, with aims and what fell under its floor."""
    lines = []
    for figure in figures:
        aim = "" if figure.aim is None else f"{'≤' if figure.most else '≥'} {figure.aim:.2f}"
        mark = {None: "", True: "reached", False: "short"}[figure.reached]
        under = "" if figure.holds else "  UNDER ITS FLOOR"
        lines.append(
            f"{figure.name:32} {figure.subject:24} {figure.value:.3f}  {aim:7} {mark}{under}"
        )
    return "\n".join(line.rstrip() for line in lines) + "\n"


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

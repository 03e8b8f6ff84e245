"""Fits how news told again is matched, on all marked events, and prints what it reaches.

    python -m bench.fit_retold [--write]

First each set of views: the weights of article pairs. Then how a pair is weighed with what the
event's other claims say of it (`alignment.groups.corroborated`), and the mean probability that
holds a group together. Everything printed is measured on events that it was not fitted on: in turn
a third of the events is held out, with the second step and the cut from the other two thirds.
What ships is fitted on all. English comes from the packages (`--packages`), and without an encoder
(`--encoder none`) the views that need none are fitted. Run it after `bench.fit`, and again after
packages or encoder changed.

Tried by the same folds on eighteen events (packages 1.4), and left out because it did not pay, with
mean average precision of pairs alone: weights for each language pair (.522, .559, .531 to .512,
.560, .525), a diagonal metric learned on the vectors (.516 to .517), squares and products of the
views (.425 to .422), boosted trees instead of a weighted sum (.525 to .533, and no parts to show),
rarity over the whole event instead of the two texts (.422 to .424), words of the English as well as
those of the original (.517 to .518), stems of the English (.515 to .518), other ways of centring
(.518 to .519), titles marked as such (.520 to .518). The neighbours' and the sentence's vectors
beside a claim's raise the precision of all pairs together from .485 to .493 and leave nil-aware F1
where it is (.588 to .583 or .589). What paid: rare words (.420 to .450), places
in the course of the texts (to .484), kinds of what figures count (.509 to .518), and claims cut
at clauses that begin with a figure or a contrast and at parts of a count (the three language pairs
.434, .485, .456 to .477, .515, .483; nil-aware F1 .551, .585, .570 to .576, .595, .589; were every
pair judged rightly, it would be .83 to .84 before and .86 to .89 after).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alignment import fitting
from alignment.calibration import Parameters, logit, sigmoid
from alignment.comparable import choices
from alignment.evaluate import load_encoder, nil_aware
from alignment.groups import BOUND
from alignment.linkage import link
from alignment.options import Options, options
from alignment.views import centred, read_side
from bench import coverage
from bench.coverage import Mention
from bench.english import SHIPPED, Englisher
from bench.figures import LIKELIHOODS, likelihoods, partners
from service.steps.pairing import CONSIDERED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from alignment.fitting import Gold
    from alignment.linkage import Linkage
    from alignment.views import Side

    Compared = tuple[str, str, Options, Gold]
    Chances = dict[frozenset[str], float]
    Evidence = dict[tuple[Mention, Mention], tuple[float, float]]

FILE = Path(__file__).parents[1] / "alignment" / "parameters" / "pairs.json"
SETS = (
    ("vector", "pivot", "words", "english", "cognate", "keys"),
    ("vector", "words", "cognate", "keys"),
    ("cognate", "keys"),
)
STRENGTH = 1.0  # holds weights near 0; .3 and 3 come to the same within .002
LEAST = 0.2
FOLDS = 3
# Mean probability that holds a group together: the one with the best answers.
CUTS = (0.15, 0.2, 0.25, 0.3)
PAIRS = (("en", "ru"), ("en", "uk"), ("ru", "uk"))


def main() -> int:
    """Fit, measure, and with --write put the weights into the parameters."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--packages", type=Path, default=SHIPPED)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    english = Englisher(asked.packages).of
    data = coverage.read(load_encoder(asked.encoder), english=english, retold=True)
    sides = {url: read_side(data.told[url].units) for url in data.annotated()}
    told: dict[str, float] | None = None
    made: dict[str, dict[str, float]] = {}
    for views in SETS:
        if not all(_carries(side, view) for side in sides.values() for view in views):
            continue
        name = "+".join(views)
        print(f"== {name}")
        pairs = _pairs(data, sides, views)
        held = {
            event: one for fold in _folds(data) for event, one in _held(data, pairs, views, fold)
        }
        _report(data, held)
        if told is None:  # from the richest set of views
            both = _weigh(data, held.values()).round(3).tolist()
            told = dict(zip(("own", "others", "bias"), both, strict=True))
            told["cut"] = _cut(held.values())
        made[name] = _fit(data, pairs, views, ())
    print(told)
    if asked.write and told:
        stored = json.loads(FILE.read_text("utf-8"))
        for pair in stored["pairs"].values():
            pair["retold"] = {
                # Uncalibrated: the event's other claims are weighed in first, and that is fitted.
                name: {"weights": weights, "slope": 1.0, "offset": 0.0, "least": LEAST}
                for name, weights in made.items()
            }
        stored["told"] = told
        stored["version"] = time.strftime("%Y-%m-%d.%H%M")
        FILE.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class _Held:
    """One event by weights that were fitted on others.

    `evidence` has for every two marked mentions across languages the bounded log-odds of the pair
    and of the linkage; `answers` by cut the nil-aware F1 of the groups in each pair of languages.
    """

    event: str
    evidence: Evidence
    answers: dict[float, list[float]]


def _events(data: coverage.Coverage) -> list[str]:
    return sorted({data.events[url] for url in data.annotated()})


def _folds(data: coverage.Coverage) -> list[list[str]]:
    events = _events(data)
    return [events[start::FOLDS] for start in range(FOLDS)]


def _carries(side: Side, view: str) -> bool:
    return side.words is not None if view == "words" else view in side.rows


def _pairs(
    data: coverage.Coverage, sides: dict[str, Side], views: tuple[str, ...]
) -> list[Compared]:
    """Every two annotated articles of one event, with candidates and gold."""
    parameters = Parameters.load()
    pairs = []
    for a, b in combinations(sorted(sides, key=lambda url: (data.told[url].language, url)), 2):
        if data.events[a] == data.events[b]:
            ratio = parameters.ratio(data.told[a].language, data.told[b].language)
            found = options(*centred(sides[a], sides[b]), views, ratio, told=True)
            pairs.append((a, b, found, _gold(data, a, b, found)))
    return pairs


def _fit(
    data: coverage.Coverage,
    pairs: list[Compared],
    views: tuple[str, ...],
    held: Collection[str],
) -> dict[str, float]:
    """Weights fitted on the pairs across languages of all events but those held out."""
    documents = [
        (found, gold)
        for a, b, found, gold in pairs
        if data.events[a] not in held and data.told[a].language != data.told[b].language
    ]
    names = fitting.retold_names(views)
    return fitting.fit_comparable(documents, names, strength=STRENGTH, steps=40)


def _held(
    data: coverage.Coverage, pairs: list[Compared], views: tuple[str, ...], fold: list[str]
) -> Iterator[tuple[str, _Held]]:
    """The events of a fold by weights that were fitted on those of the others."""
    weights = _fit(data, pairs, views, fold)
    for event in fold:
        chances: Chances = {}
        for a, b, found, _ in pairs:
            if data.events[a] == event:
                strengths = choices(found, weights).bead
                for row in np.nonzero(strengths >= CONSIDERED)[0]:
                    for i, j in product(*_link(found, int(row))):
                        key = frozenset((f"{a}#{i}", f"{b}#{j}"))
                        chances[key] = max(chances.get(key, 0.0), float(strengths[row]))
        document = {
            f"{url}#{i}": url
            for url in data.annotated()
            if data.events[url] == event
            for i in range(len(data.told[url].claims))
        }
        evidence = _evidence(data, event, chances, link(document, chances))
        gold = {pair for pair in data.same() if data.events[pair[0][0]] == event}
        answers = {cut: _answers(data, event, evidence, gold, cut) for cut in CUTS}
        yield event, _Held(event, evidence, answers)


def _weigh(
    data: coverage.Coverage, held: Iterable[_Held]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weights of a pair's own log-odds, of the linkage's, and a bias (logistic regression)."""
    from scipy.optimize import minimize

    rows, right = [], []
    for one in held:
        for (x, y), both in one.evidence.items():
            if both[0] == -BOUND:  # no candidate, so there will be no pair to weigh
                continue
            rows.append((*both, 1.0))
            right.append(bool(data.marks[x][1] & data.marks[y][1]))
    features, truth = np.array(rows), np.array(right, dtype=np.float64)

    def loss(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        z = features @ point
        return float((np.logaddexp(0, z) - truth * z).sum() + 0.05 * (point @ point))

    return np.asarray(minimize(loss, np.zeros(3), method="BFGS").x)


def _cut(held: Collection[_Held]) -> float:
    """The cut with the best mean nil-aware F1 over events and pairs of languages."""
    return max(CUTS, key=lambda cut: float(np.mean([one.answers[cut] for one in held])))


def _evidence(data: coverage.Coverage, event: str, chances: Chances, linkage: Linkage) -> Evidence:
    """Every two marked mentions across languages: bounded log-odds of the pair, of the linkage."""
    places = [
        (mention, f"{url}#{i}")
        for url in data.annotated()
        if data.events[url] == event
        for i, mentions in enumerate(data.told[url].mentions)
        for mention in mentions
    ]
    found: Evidence = {}
    for (x, one), (y, other) in combinations(places, 2):
        if data.marks[x][0] == data.marks[y][0]:
            continue
        key = (min(x, y), max(x, y))
        own = max(-BOUND, logit(chances.get(frozenset((one, other)), 0.0)))
        others = max(-BOUND, logit(linkage.together(one, other)))
        found[key] = max(found.get(key, (-BOUND, -BOUND)), (own, others), key=sum)
    return found


def _link(found: Options, row: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (
        tuple(int(i) for i in found.a[row] if i >= 0),
        tuple(int(j) for j in found.b[row] if j >= 0),
    )


def _gold(data: coverage.Coverage, a: str, b: str, found: Options) -> Gold:
    """Gold beads of two articles: claims that share a marked claim, at most 1:2, nearest first."""

    def ids(url: str) -> list[set[str]]:
        told = data.told[url]
        return [
            set(data.headlines[url])
            if claim.sentence < told.titles
            else {name for mention in mentions for name in data.marks[mention][1]}
            for claim, mentions in zip(told.claims, told.mentions, strict=True)
        ]

    left, right = ids(a), ids(b)
    beads: Gold = []
    used: set[tuple[str, int]] = set()
    order = sorted(range(len(found.a)), key=lambda row: -found.cosine[row])
    for wide in (True, False):
        for row in order:
            one, other = _link(found, row)
            if (len(one) + len(other) == 3) != wide:
                continue
            if wide:
                many, single = (one, other) if len(one) == 2 else (other, one)
                of_many, of_single = (left, right) if len(one) == 2 else (right, left)
                matched = [k for k, names in enumerate(of_many) if names & of_single[single[0]]]
                backs = {j for k in many for j, names in enumerate(of_single) if names & of_many[k]}
                if matched != sorted(many) or backs != set(single):
                    continue
            elif not left[one[0]] & right[other[0]]:
                continue
            keys = {("a", i) for i in one} | {("b", j) for j in other}
            if not keys & used:
                used |= keys
                beads.append((one, other))
    return beads


def _report(data: coverage.Coverage, held: dict[str, _Held]) -> None:
    """A line for each event, with the second step and the cut of the others; then the means."""
    gold = data.same()
    lines: list[list[float]] = []
    together: dict[tuple[Mention, Mention], float] = {}
    print(f"{'':24}  nil-aware F1 {'  '.join('-'.join(one) for one in PAIRS)}  {LIKELIHOODS}")
    for fold in _folds(data):
        rest = [one for event, one in held.items() if event not in fold]
        weights, cut = _weigh(data, rest), _cut(rest)
        for event in fold:
            final = {
                pair: sigmoid(float(weights @ (*both, 1.0)))
                for pair, both in held[event].evidence.items()
                if both[0] > -BOUND
            }
            together |= final
            own = {pair for pair in gold if data.events[pair[0][0]] == event}
            line = [*held[event].answers[cut], *likelihoods(final, own)]
            lines.append(line)
            print(_line(event, line), flush=True)
    print(_line("mean", list(np.mean(lines, axis=0))))
    for languages in PAIRS:
        here = {mark for mark, (language, _) in data.marks.items() if language in languages}
        wanted = {pair for pair in gold if here.issuperset(pair)}
        found = {pair: chance for pair, chance in together.items() if here.issuperset(pair)}
        print(_line(f"all {'-'.join(languages)}", [*[np.nan] * 3, *likelihoods(found, wanted)]))


def _line(name: str, figures: list[float]) -> str:
    return f"{name:24} " + " ".join(f"{one:7.3f}" for one in figures)


def _answers(
    data: coverage.Coverage,
    event: str,
    evidence: Evidence,
    gold: set[tuple[Mention, Mention]],
    cut: float,
) -> list[float]:
    """Nil-aware F1 of an event's groups in each pair of languages."""
    found = {pair for pair, (_, others) in evidence.items() if others >= logit(cut)}
    answers = []
    for languages in PAIRS:
        marks = [
            mark
            for mark, (language, _) in data.marks.items()
            if data.events[mark[0]] == event and language in languages
        ]
        answers.append(nil_aware(partners(marks, found), partners(marks, gold))[2])
    return answers


if __name__ == "__main__":
    sys.exit(main())

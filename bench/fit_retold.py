"""Fits how news told again is matched, on the sample coverage, and prints what it reaches.

    python -m bench.fit_retold [--write]

First each set of views: the weights of article pairs, held near those of the comparable decoder
because the sample is small. Then how a pair is weighed with what the event's other claims say of it
(`alignment.groups.corroborated`), and the mean probability that holds a group together. Everything
printed is measured across events: fitted on one, tried on the other. English comes from the
packages (`--packages`), and without an encoder (`--encoder none`) the views that need none are
fitted. Run it after `bench.fit`, and again after packages or encoder changed.
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
from alignment.calibration import Parameters, calibration_error, logit, sigmoid
from alignment.comparable import choices
from alignment.evaluate import load_encoder, nil_aware
from alignment.groups import BOUND
from alignment.linkage import link
from alignment.options import Options, options
from alignment.views import centred, read_side
from bench import coverage
from bench.coverage import Mention
from bench.english import SHIPPED, Englisher
from bench.figures import partners, precision_at
from service.steps.pairing import CONSIDERED

if TYPE_CHECKING:
    from alignment.fitting import Gold
    from alignment.linkage import Linkage
    from alignment.views import Side

    Compared = tuple[str, str, Options, Gold]
    Chances = dict[frozenset[str], float]

FILE = Path(__file__).parents[1] / "alignment" / "parameters" / "pairs.json"
# With English the weights may go further from those of the comparable decoder, which know none.
SETS = {
    ("vector", "pivot", "words", "english", "cognate", "keys"): 0.3,
    ("vector", "words", "cognate", "keys"): 1.0,
    ("cognate", "keys"): 1.0,
}
LEAST = 0.2

CUT = 0.2  # mean probability that holds a group together: the best of those printed, on both events
CUTS = (0.1, 0.15, 0.2, 0.25, 0.3)


def main() -> int:
    """Fit, measure, and with --write put the weights into the parameters."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--packages", type=Path, default=SHIPPED)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    data = coverage.read(load_encoder(asked.encoder), english=Englisher(asked.packages).of)
    sides = {url: read_side(data.told[url].units) for url in data.annotated()}
    told: dict[str, float] | None = None
    made: dict[str, dict[str, float]] = {}
    for views, strength in SETS.items():
        if not all(_carries(side, view) for side in sides.values() for view in views):
            continue
        name = "+".join(views)
        print(f"== {name}")
        pairs = _pairs(data, sides, views)
        prior = _prior(views)
        found = {
            event: _held(data, pairs, views, prior, strength, event) for event in _events(data)
        }
        fits = {event: _weigh(data, one) for event, one in found.items()}
        for event, one in found.items():
            others = [fit for other, fit in fits.items() if other != event]
            _report(data, one, np.mean(others, axis=0))
        if told is None:  # from the richest set of views
            both = np.mean(list(fits.values()), axis=0)
            told = dict(zip(("own", "others", "bias"), both.round(3).tolist(), strict=True))
        crossing = [p for p in pairs if data.told[p[0]].language != data.told[p[1]].language]
        made[name] = _fit(crossing, views, prior, strength)
    if asked.write and told:
        stored = json.loads(FILE.read_text("utf-8"))
        for pair in stored["pairs"].values():
            pair["retold"] = {
                # Uncalibrated: the event's other claims are weighed in first, and that is fitted.
                name: {"weights": weights, "slope": 1.0, "offset": 0.0, "least": LEAST}
                for name, weights in made.items()
            }
        stored["told"] = {**told, "cut": CUT}
        stored["version"] = time.strftime("%Y-%m-%d.%H%M")
        FILE.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class _Held:
    """One event by weights of the other: chances of claim pairs (`url#number`), their linkage."""

    event: str
    chances: Chances
    linkage: Linkage


def _events(data: coverage.Coverage) -> list[str]:
    return sorted({data.events[url] for url in data.annotated()})


def _carries(side: Side, view: str) -> bool:
    return side.words is not None if view == "words" else view in side.rows


def _prior(views: tuple[str, ...]) -> dict[str, float]:
    """The mean weights of the comparable decoder over language pairs, for the views it knows."""
    pairs = Parameters.load().pairs
    known = [
        name
        for name in next(iter(pairs.values()))["comparable"]
        if set(name.split("+")) <= set(views)
    ]
    name = max(known, key=lambda name: name.count("+"))
    fitted = [pair["comparable"][name]["weights"] for pair in pairs.values()]
    return {key: float(np.mean([one[key] for one in fitted])) for key in fitted[0]}


def _pairs(
    data: coverage.Coverage, sides: dict[str, Side], views: tuple[str, ...]
) -> list[Compared]:
    """Every two annotated articles of one event, with candidates and gold."""
    parameters = Parameters.load()
    pairs = []
    for a, b in combinations(sorted(sides, key=lambda url: (data.told[url].language, url)), 2):
        if data.events[a] == data.events[b]:
            ratio = parameters.ratio(data.told[a].language, data.told[b].language)
            found = options(*centred(sides[a], sides[b]), views, ratio)
            pairs.append((a, b, found, _gold(data, a, b, found)))
    return pairs


def _fit(
    pairs: list[Compared], views: tuple[str, ...], prior: dict[str, float], strength: float
) -> dict[str, float]:
    documents = [(found, gold) for _, _, found, gold in pairs]
    return fitting.fit_comparable(
        documents, fitting.retold_names(views), prior=prior, strength=strength, steps=40
    )


def _held(
    data: coverage.Coverage,
    pairs: list[Compared],
    views: tuple[str, ...],
    prior: dict[str, float],
    strength: float,
    event: str,
) -> _Held:
    """An event's pairs by weights that were fitted on the other events' pairs across languages."""
    crossing = [
        one
        for one in pairs
        if data.events[one[0]] != event and data.told[one[0]].language != data.told[one[1]].language
    ]
    weights = _fit(crossing, views, prior, strength)
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
    return _Held(event, chances, link(document, chances))


def _weigh(data: coverage.Coverage, held: _Held) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weights of a pair's own log-odds, of the linkage's, and a bias (logistic regression)."""
    from scipy.optimize import minimize

    rows, right = [], []
    for (x, y), (own, others) in _evidence(data, held).items():
        rows.append((own, others, 1.0))
        right.append(bool(data.marks[x][1] & data.marks[y][1]))
    features, truth = np.array(rows), np.array(right, dtype=np.float64)

    def loss(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        z = features @ point
        return float((np.logaddexp(0, z) - truth * z).sum() + 0.05 * (point @ point))

    return np.asarray(minimize(loss, np.zeros(3), method="BFGS").x)


def _evidence(
    data: coverage.Coverage, held: _Held
) -> dict[tuple[Mention, Mention], tuple[float, float]]:
    """Every two marked mentions across languages: bounded log-odds of the pair, of the linkage."""
    places = [
        (mention, f"{url}#{i}")
        for url in data.annotated()
        if data.events[url] == held.event
        for i, mentions in enumerate(data.told[url].mentions)
        for mention in mentions
    ]
    found: dict[tuple[Mention, Mention], tuple[float, float]] = {}
    for (x, one), (y, other) in combinations(places, 2):
        if data.marks[x][0] == data.marks[y][0]:
            continue
        key = (min(x, y), max(x, y))
        own = max(-BOUND, logit(held.chances.get(frozenset((one, other)), 0.0)))
        others = max(-BOUND, logit(held.linkage.together(one, other)))
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
        return [
            {name for mention in mentions for name in data.marks[mention][1]}
            for mentions in data.told[url].mentions
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


def _report(
    data: coverage.Coverage, held: _Held, weights: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    """Pairs and right answers (all partners or none) over thresholds, calibration, and groups."""
    evidence = _evidence(data, held)
    gold = {pair for pair in data.same() if data.events[pair[0][0]] == held.event}
    own = {pair: sigmoid(one) for pair, (one, _) in evidence.items()}
    final = {pair: sigmoid(float(weights @ (*both, 1.0))) for pair, both in evidence.items()}
    for title, chance in (("alone", own), ("with the others", final)):
        for least in (0.2, 0.3, 0.4, 0.5, 0.6):
            found = {pair for pair, value in chance.items() if value >= least}
            print(
                f"{held.event} {title} from {least:.1f}: {_scores(data, held.event, found, gold)}"
            )
        precision = precision_at(chance, gold)
        likely = [pair for pair in chance if chance[pair] >= CONSIDERED]
        error = calibration_error([chance[p] for p in likely], [p in gold for p in likely])
        print(
            f"{held.event} {title}: precision at recall .6 {precision:.3f}, "
            f"calibration error {error:.3f} ({len(likely)} pairs)"
        )
    for cut in CUTS:
        inside = {pair for pair, (_, others) in evidence.items() if others >= logit(cut)}
        print(f"{held.event} groups cut at {cut}: {_scores(data, held.event, inside, gold)}")


def _scores(
    data: coverage.Coverage,
    event: str,
    found: set[tuple[Mention, Mention]],
    gold: set[tuple[Mention, Mention]],
) -> str:
    good = len(found & gold)
    precision, recall = good / max(1, len(found)), good / max(1, len(gold))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    answers = []
    for languages in (("en", "ru"), ("en", "uk"), ("ru", "uk")):
        marks = [
            m for m in data.marks if data.events[m[0]] == event and data.marks[m][0] in languages
        ]
        ours, theirs = (partners(marks, pairs) for pairs in (found, gold))
        answers.append(f"{'-'.join(languages)} {nil_aware(ours, theirs)[2]:.3f}")
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}; nil-aware {', '.join(answers)}"


if __name__ == "__main__":
    sys.exit(main())

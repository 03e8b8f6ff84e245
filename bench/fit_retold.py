"""Fits how news told again is matched, on the sample coverage, and prints what it reaches.

    python -m bench.fit_retold [--write]

Measured across events: fitted on one event's article pairs, tried on the other's. The weights are
held near those of the comparable decoder, because the sample is small. Without an encoder
(`--encoder none`) the views that need none are fitted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alignment import fitting
from alignment.calibration import Parameters, Weights, calibrate, calibration_error
from alignment.comparable import choices, decode
from alignment.corroboration import corroborate
from alignment.evaluate import load_encoder
from alignment.groups import Edge
from alignment.options import Options, options
from alignment.views import read_side
from bench import coverage
from bench.coverage import Mention

if TYPE_CHECKING:
    from alignment.fitting import Gold
    from alignment.views import Side

    Compared = tuple[str, str, Options, Gold]

FILE = Path(__file__).parents[1] / "alignment" / "parameters" / "pairs.json"
VIEWS = ("vector", "words", "cognate", "keys")
STRENGTH = 1.0
LEAST = 0.2


def main() -> int:
    """Fit, measure, and with --write put the weights into the parameters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    data = coverage.read(load_encoder(asked.encoder))
    parameters = Parameters.load()
    sides = {url: read_side(data.told[url].units) for url in data.annotated()}
    views = tuple(view for view in VIEWS if all(_carries(one, view) for one in sides.values()))
    name = "+".join(views)
    fitted = [parameters.pairs[pair]["comparable"][name]["weights"] for pair in parameters.pairs]
    prior = {key: float(np.mean([one[key] for one in fitted])) for key in fitted[0]}
    pairs: list[Compared] = []
    for a, b in combinations(sorted(sides, key=lambda url: (data.told[url].language, url)), 2):
        if data.events[a] == data.events[b]:
            ratio = parameters.ratio(data.told[a].language, data.told[b].language)
            found = options(sides[a], sides[b], views, ratio)
            pairs.append((a, b, found, _gold(data, a, b, found)))
    crossing = [one for one in pairs if data.told[one[0]].language != data.told[one[1]].language]
    events = sorted({data.events[a] for a, _, _, _ in pairs})
    chances, right = [], []
    for held in events:
        weights = _fit([one for one in crossing if data.events[one[0]] != held], views, prior)
        edges = []
        for a, b, found, gold in pairs:
            if data.events[a] != held:
                continue
            strength = choices(found, weights).bead
            if data.told[a].language != data.told[b].language:
                for row in decode(found, strength, LEAST):
                    link = _link(found, int(row))
                    chances.append(float(strength[row]))
                    right.append(
                        any(set(link[0]) & set(x) and set(link[1]) & set(y) for x, y in gold)
                    )
            for row in np.nonzero(strength >= 0.03)[0]:
                left, other = _link(found, int(row))
                edges += [
                    Edge(f"{a}#{i}", f"{b}#{j}", float(strength[row])) for i in left for j in other
                ]
        document = {key: key.split("#")[0] for edge in edges for key in (edge.a, edge.b)}
        for title, used in (("direct", edges), ("corroborated", corroborate(edges, document))):
            _report(f"{held} {title}", data, held, used)
    slope, offset = calibrate(chances, right)
    after = [Weights((), {}, slope, offset).calibrated(chance) for chance in chances]
    print(
        f"decoded pairs: calibration error {calibration_error(chances, right):.3f} -> "
        f"{calibration_error(after, right):.3f} ({len(chances)} pairs)"
    )
    if asked.write:
        stored = json.loads(FILE.read_text("utf-8"))
        weights = _fit(crossing, views, prior)
        for pair in stored["pairs"].values():
            # Uncalibrated: Platt scaling on this little made the error larger, not smaller.
            pair.setdefault("retold", {})[name] = {
                "weights": weights,
                "slope": 1.0,
                "offset": 0.0,
                "least": LEAST,
            }
        FILE.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def _carries(side: Side, view: str) -> bool:
    return side.words is not None if view == "words" else view in side.rows


def _fit(
    pairs: list[Compared], views: tuple[str, ...], prior: dict[str, float]
) -> dict[str, float]:
    documents = [(found, gold) for _, _, found, gold in pairs]
    return fitting.fit_comparable(
        documents, fitting.comparable_names(views), prior=prior, strength=STRENGTH, steps=40
    )


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
                partners = [k for k, names in enumerate(of_many) if names & of_single[single[0]]]
                backs = {j for k in many for j, names in enumerate(of_single) if names & of_many[k]}
                if partners != sorted(many) or backs != set(single):
                    continue
            elif not left[one[0]] & right[other[0]]:
                continue
            keys = {("a", i) for i in one} | {("b", j) for j in other}
            if not keys & used:
                used |= keys
                beads.append((one, other))
    return beads


def _report(title: str, data: coverage.Coverage, event: str, edges: list[Edge]) -> None:
    """Pair precision and recall, and right answers (a partner or none), over thresholds."""
    chance: dict[tuple[Mention, Mention], float] = {}
    for edge in edges:
        (one, i), (other, j) = edge.a.split("#"), edge.b.split("#")
        for x in data.told[one].mentions[int(i)]:
            for y in data.told[other].mentions[int(j)]:
                if data.marks[x][0] != data.marks[y][0]:
                    key = (min(x, y), max(x, y))
                    chance[key] = max(chance.get(key, 0.0), edge.probability)
    gold = {pair for pair in data.same() if data.events[pair[0][0]] == event}
    wanted = _partners(data, gold)
    marks = [mark for mark in data.marks if data.events[mark[0]] == event]
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        found = {pair for pair, value in chance.items() if value >= least}
        given = _partners(data, found)
        good = total = 0
        for mark in marks:
            for language in {"en", "ru", "uk"} - {data.marks[mark][0]}:
                want, give = wanted[mark, language], given[mark, language]
                total += 1
                good += bool(want & give) if want else not give
        share = len(found & gold)
        print(
            f"{title} from {least:.1f}: P {share / max(1, len(found)):.3f} "
            f"R {share / max(1, len(gold)):.3f} nil-aware {good / total:.3f}"
        )
    answers = [pair in gold for pair in chance]
    print(f"{title}: calibration error {calibration_error(list(chance.values()), answers):.3f}")


def _partners(
    data: coverage.Coverage, pairs: set[tuple[Mention, Mention]]
) -> defaultdict[tuple[Mention, str], set[Mention]]:
    out: defaultdict[tuple[Mention, str], set[Mention]] = defaultdict(set)
    for one, other in pairs:
        out[one, data.marks[other][0]].add(other)
        out[other, data.marks[one][0]].add(one)
    return out


if __name__ == "__main__":
    sys.exit(main())

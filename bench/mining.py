"""How well pairs are mined: 2,000 true pairs among 40,000 distractors a side; fits the weights.

    python -m bench.mining [--shared ../shared] [--encoder module:factory] [--pairs en-ru] [--write]

True pairs are WMT sentences with their references (FLORES-200 dev, 997 pairs, for ru-uk); the
distractors are lines of the monolingual corpora, without those collected on the same events in two
languages, whose translations of each other would count as wrong. Neither is in the encoder's
training pairs. Two-fold: fitted on one half of the true pairs and distractors, measured on the
other half of side a, which still chooses among all of side b. With --write the weights fitted on
everything go into the parameters.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alignment import fitting
from alignment.bitext import VIEWS, candidates
from alignment.calibration import Parameters, Weights, calibrate, calibration_error
from alignment.comparable import choices, decode
from alignment.evaluate import load_encoder
from alignment.options import Options

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alignment.fitting import Gold

FILE = Path(__file__).parents[1] / "alignment" / "parameters" / "pairs.json"
SETS = {
    "en-ru": (("newstest2020.en-ru.tsv.xz",), (0, 1)),
    "en-uk": (("wmt22.en-uk.tsv.xz",), (2, 3)),
    "ru-uk": (("flores200_dev_en_ru_uk.tsv.xz",), (4, 5)),
}
COMPARABLE = ("slavicner",)  # corpora told on the same events in Russian and Ukrainian
PRIOR = {
    "vector": 16.0, "margin": 12.0, "words": 20.0, "cognate": 4.0, "length": 2.0, "figures": 4.0,
    "counted": 1.0, "hub": -6.0, "skip bias": 2.0, "skip short": -3.0, "skip hub": 12.0,
}  # fmt: skip
LEAST = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)


def main() -> int:
    """Print precision, recall and F1 for every language pair, by margin alone and by all views."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--distractors", type=int, default=40_000)
    parser.add_argument("--pairs", nargs="*", default=list(SETS))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    encoder = load_encoder(asked.encoder)
    assert encoder is not None
    for name in asked.pairs:
        languages = (name.split("-")[0], name.split("-")[1])
        planted, others = corpora(asked.shared, name, asked.distractors)
        began = time.process_time()
        ratio = Parameters.load().ratio(*languages)
        left = [one for one, _ in planted] + others[0]
        right = [other for _, other in planted] + others[1]
        found = candidates(left, right, languages, encoder, ratio)
        print(
            f"{name}: {len(planted):,} pairs among {asked.distractors:,} distractors a side, "
            f"{len(found.a):,} candidates in {time.process_time() - began:.0f} s CPU",
            flush=True,
        )
        _by_margin(found, len(planted))
        fitted = _fitted(found, len(planted))
        if asked.write:
            data = json.loads(FILE.read_text("utf-8"))
            data["pairs"][name]["mining"] = {"+".join(VIEWS): fitted}
            data["version"] = time.strftime("%Y-%m-%d.%H%M")
            FILE.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def corpora(
    shared: Path, name: str, distractors: int
) -> tuple[list[tuple[str, str]], tuple[list[str], list[str]]]:
    """The true pairs of a language pair, and as many other sentences a side as asked for."""
    planted = _planted(shared, *SETS[name])
    sides = []
    for side, language in enumerate(name.split("-")):
        true = {pair[side] for pair in planted}
        sides.append(_lines(shared, language, distractors, true))
    return planted, (sides[0], sides[1])


def _planted(
    shared: Path, files: tuple[str, ...], columns: tuple[int, int]
) -> list[tuple[str, str]]:
    one, other = columns
    pairs: list[tuple[str, str]] = []
    for file in files:
        with lzma.open(shared / "eval" / file, "rt", encoding="utf-8") as lines:
            for line in list(lines)[1:]:
                cells = line.rstrip("\n").split("\t")
                if len(cells) > max(columns) and cells[one] and cells[other]:
                    pairs.append((cells[one], cells[other]))
    return list(dict.fromkeys(pairs))[:2_000]


def _by_margin(found: Options, planted: int) -> None:
    """The best F1 that a threshold on the ratio margin alone reaches."""
    rows = np.argsort(-found.features["margin"], kind="stable")
    used_a, used_b = np.zeros(found.n, dtype=bool), np.zeros(found.m, dtype=bool)
    good, best = 0, (0.0, 0.0)
    taken = 0
    for row in rows:
        i, j = found.a[row, 0], found.b[row, 0]
        if used_a[i] or used_b[j]:
            continue
        used_a[i] = used_b[j] = True
        taken += 1
        good += bool(i == j and i < planted)
        best = max(best, (2 * good / (taken + planted), 1.0 + found.features["margin"][row]))
    print(f"    margin alone: best F1 {best[0]:.3f} from {best[1]:.2f}", flush=True)


def _fitted(found: Options, planted: int) -> dict[str, dict[str, float] | float]:
    """Weights fitted on everything; prints what those of one half reach on the other."""
    names = fitting.mining_names()
    half_a, half_b = _halves(found.n, planted), _halves(found.m, planted)
    i, j = found.a[:, 0], found.b[:, 0]
    kept: dict[float, tuple[list[float], list[bool]]] = {least: ([], []) for least in LEAST}
    touching = dict.fromkeys(LEAST, 0)
    for fold in (0, 1):
        part, gold = _part(found, half_a == fold, half_b == fold, planted)
        values = fitting.fit_comparable([(part, gold)], names, prior=PRIOR, strength=0.02, steps=40)
        strength = choices(found, values).bead
        for least in LEAST:
            rows = decode(found, strength, least)
            rows = rows[half_a[i[rows]] != fold]
            kept[least][0].extend(strength[rows].tolist())
            kept[least][1].extend(((i[rows] == j[rows]) & (i[rows] < planted)).tolist())
            touching[least] += int(((i[rows] < planted) | (j[rows] < planted)).sum())
    scores = {}
    for least in LEAST:
        right, count = sum(kept[least][1]), len(kept[least][1])
        precision, recall = right / max(1, count), right / planted
        scores[least] = 2 * right / (count + planted)
        print(
            f"    probability {least:.2f}: P {precision:.3f} R {recall:.3f} "
            f"F1 {scores[least]:.3f}; of pairs with a planted sentence "
            f"P {right / max(1, touching[least]):.3f}",
            flush=True,
        )
    best = max(LEAST, key=lambda least: scores[least])
    slope, offset = calibrate(*kept[best])
    after = [Weights((), {}, slope, offset).calibrated(chance) for chance in kept[best][0]]
    print(
        f"    best F1 {scores[best]:.3f} from {best}; calibration error "
        f"{calibration_error(*kept[best]):.3f} -> {calibration_error(after, kept[best][1]):.3f}",
        flush=True,
    )
    whole: Gold = [((k,), (k,)) for k in range(planted)]
    weights = fitting.fit_comparable([(found, whole)], names, prior=PRIOR, strength=0.02, steps=40)
    return {"weights": weights, "slope": slope, "offset": offset, "least": best}


def _halves(count: int, planted: int) -> NDArray[np.int64]:
    """Which half each sentence is in: planted ones in two runs, so that no document is split."""
    half = np.arange(count) % 2
    half[:planted] = np.arange(planted) >= planted // 2
    return half


def _part(
    found: Options, of_a: NDArray[np.bool_], of_b: NDArray[np.bool_], planted: int
) -> tuple[Options, Gold]:
    i, j = found.a[:, 0], found.b[:, 0]
    rows = of_a[i] & of_b[j]
    place_a, place_b = np.cumsum(of_a) - 1, np.cumsum(of_b) - 1
    none = np.full(rows.sum(), -1)
    part = Options(
        int(of_a.sum()),
        int(of_b.sum()),
        np.stack([place_a[i[rows]], none], axis=1),
        np.stack([place_b[j[rows]], none], axis=1),
        {name: column[rows] for name, column in found.features.items()},
        {
            name: np.concatenate([column[: found.n][of_a], column[found.n :][of_b]])
            for name, column in found.skip.items()
        },
        found.cosine[rows],
    )
    gold: Gold = [
        ((int(place_a[k]),), (int(place_b[k]),)) for k in range(planted) if of_a[k] and of_b[k]
    ]
    return part, gold


def _lines(shared: Path, language: str, count: int, known: set[str]) -> list[str]:
    out: list[str] = []
    for file in sorted((shared / "corpora" / "mono").glob(f"*.{language}.txt.xz")):
        if file.name.startswith(COMPARABLE):
            continue
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            stripped = (line.strip() for line in lines)
            out += [line for line in stripped if 30 < len(line) < 400 and line not in known][
                : 1 + count // 3
            ]
    out = list(dict.fromkeys(out))
    return [out[place] for place in np.random.default_rng(0).permutation(len(out))[:count]]


if __name__ == "__main__":
    sys.exit(main())

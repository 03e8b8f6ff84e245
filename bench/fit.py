"""Fits alignment/parameters/pairs.json on the open evaluation set and prints what it reaches.

    python -m bench.fit [--english] [--write]

Scores are two-fold cross-validated by document (fitted on one half, measured on the other), the
calibration is fitted on those held-out probabilities, and the weights written are fitted on all.
Every set of views is fitted that texts may come with. `--english` adds the sets with the English
of the installed packages (`--packages` names another folder): run it again after packages changed;
translations are kept under the packages' digest in the temporary folder. After the encoder changed,
run it without, then `python -m bench.fit_retold --write` and `python -m bench.mining --write`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment import fitting
from alignment.calibration import PAIRS, Weights, calibrate, calibration_error
from alignment.comparable import choices, decode
from alignment.evaluate import Beads, load_encoder, units_of
from alignment.monotone import align
from alignment.options import options
from alignment.views import read_side
from bench.english import SHIPPED, Englisher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alignment.fitting import Gold
    from alignment.similarity import SentenceEncoder
    from alignment.views import Side

    Translate = Callable[[list[str], str], Mapping[str, str]]
    Sides = Sequence[tuple[Side, Side]]
    Fitted = dict[str, dict[str, float] | float]  # what the parameters hold of one set of views

FILE = Path(__file__).parents[1] / "alignment" / "parameters" / "pairs.json"
# Where the search for weights starts, near what earlier fits reached.
PRIOR = {
    "vector": 20.0, "words": 10.0, "english": 10.0, "cognate": 4.0, "keys": 1.0, "length": 2.0,
    "pieces": 2.5, "figures": 3.5, "counted": 1.0, "skip bias": 2.5, "skip short": -2.0,
}  # fmt: skip
LEAST = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
SETS = ("vector+words+cognate+keys", "vector+cognate+keys", "cognate+keys")
ENGLISH = ("vector+words+english+cognate+keys", "english+cognate+keys")


def main() -> int:
    """Fit, measure, and with --write put the weights into the parameters."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", default="../shared/eval/alignment_gold_wmt22.jsonl.xz")
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--packages", type=Path, default=SHIPPED)
    parser.add_argument("--pairs", nargs="*", default=list(PAIRS))
    parser.add_argument("--decoders", nargs="*", default=["monotone", "comparable"])
    parser.add_argument("--views", nargs="*", default=list(SETS), help="sets of views, with +")
    parser.add_argument("--english", action="store_true")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    sets = [*asked.views, *(ENGLISH if asked.english else ())]
    encoder = load_encoder(asked.encoder)
    with lzma.open(asked.gold, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    translate = Englisher(asked.packages).of if asked.english else None
    for pair in asked.pairs:
        for decoder in asked.decoders:
            variant = "parallel" if decoder == "monotone" else "comparable"
            chosen = [
                row
                for row in rows
                if row["variant"] == variant and f"{row['lang_a']}-{row['lang_b']}" == pair
            ]
            left, right = (_sides(chosen, side, encoder, translate) for side in "ab")
            sides = list(zip(left, right, strict=True))
            gold: list[Gold] = [[(tuple(a), tuple(b)) for a, b in row["gold"]] for row in chosen]
            ratio = _ratio(sides, gold)
            for name in sets:
                began = time.process_time()
                fit = _monotone if decoder == "monotone" else _comparable
                found = fit(sides, gold, tuple(name.split("+")), ratio, asked.steps, pair)
                print(f"    {name}: {time.process_time() - began:.0f} s CPU", flush=True)
                if asked.write:  # at once, and beside what other fits wrote meanwhile
                    data = json.loads(FILE.read_text("utf-8"))
                    held = data["pairs"].setdefault(pair, {"ratio": ratio})
                    held.setdefault(decoder, {})[name] = found
                    data["version"] = time.strftime("%Y-%m-%d.%H%M")
                    FILE.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def _sides(
    rows: list[dict[str, Any]],
    side: str,
    encoder: SentenceEncoder | None,
    translate: Translate | None,
) -> list[Side]:
    """The sides of all documents; with `translate`, their units carry English."""
    texts = [row[f"sents_{side}"] for row in rows]
    language = rows[0][f"lang_{side}"]
    english = (
        translate([text for each in texts for text in each], language)
        if translate and language != "en"
        else None
    )
    out = []
    for each in texts:
        units = units_of(each, language, encoder)
        if english is not None:
            units = [replace(unit, english=english.get(unit.text, "")) for unit in units]
        out.append(read_side(units))
    return out


def _ratio(sides: Sides, gold: Sequence[Gold]) -> float:
    logs = [
        np.log(a.characters[list(left)].sum() / b.characters[list(right)].sum())
        for (a, b), links in zip(sides, gold, strict=True)
        for left, right in links
    ]
    return round(float(np.median(logs)), 4)


def _monotone(
    sides: Sides,
    gold: Sequence[Gold],
    views: tuple[str, ...],
    ratio: float,
    steps: int,
    pair: str,
) -> Fitted:
    examples = [
        fitting.example(a, b, links, views, ratio)
        for (a, b), links in zip(sides, gold, strict=True)
    ]
    beads = Beads()
    chances: list[float] = []
    right: list[bool] = []
    for fold in (0, 1):
        values = fitting.fit(
            examples[1 - fold :: 2], views, prior=PRIOR, strength=0.02, steps=steps
        )
        weights = Weights(views, values)
        for (a, b), links in list(zip(sides, gold, strict=True))[fold::2]:
            found = [bead for bead in align(a, b, weights, ratio) if bead.a and bead.b]
            beads.add([(bead.a, bead.b) for bead in found], links)
            chances += [bead.probability for bead in found]
            right += [(bead.a, bead.b) in links for bead in found]
    return _report(
        pair,
        "monotone",
        beads,
        chances,
        right,
        fitting.fit(examples, views, prior=values, strength=0.02, steps=steps // 2),
        {},
    )


def _comparable(
    sides: Sides,
    gold: Sequence[Gold],
    views: tuple[str, ...],
    ratio: float,
    steps: int,
    pair: str,
) -> Fitted:
    found = [options(a, b, views, ratio) for a, b in sides]
    names = fitting.comparable_names(views)
    sorted_gold: list[Gold] = [
        [(tuple(sorted(a)), tuple(sorted(b))) for a, b in links] for links in gold
    ]
    documents = list(zip(found, sorted_gold, strict=True))
    scores: dict[float, Beads] = {least: Beads() for least in LEAST}
    kept_at: dict[float, tuple[list[float], list[bool]]] = {least: ([], []) for least in LEAST}
    for fold in (0, 1):
        values = fitting.fit_comparable(
            documents[1 - fold :: 2], names, prior=PRIOR, strength=0.02, steps=steps
        )
        for one, links in documents[fold::2]:
            strength = choices(one, values).bead
            for least in LEAST:
                rows = decode(one, strength, least)
                pairs = [
                    (
                        tuple(int(i) for i in one.a[row] if i >= 0),
                        tuple(int(j) for j in one.b[row] if j >= 0),
                    )
                    for row in rows
                ]
                scores[least].add(pairs, links)
                kept_at[least][0].extend(float(strength[row]) for row in rows)
                kept_at[least][1].extend(link in links for link in pairs)
    best = max(
        LEAST, key=lambda least: scores[least].strict_scores()[2] + scores[least].lax_scores()[2]
    )
    return _report(
        pair,
        "comparable",
        scores[best],
        *kept_at[best],
        fitting.fit_comparable(documents, names, prior=values, strength=0.02, steps=steps // 2),
        {"least": best},
    )


def _report(
    pair: str,
    decoder: str,
    beads: Beads,
    chances: list[float],
    right: list[bool],
    weights: dict[str, float],
    more: dict[str, float],
) -> Fitted:
    slope, offset = calibrate(chances, right)
    after = [Weights((), {}, slope, offset).calibrated(chance) for chance in chances]
    strict, lax = beads.strict_scores(), beads.lax_scores()
    print(
        f"{pair} {decoder:10} strict P {strict[0]:.4f} R {strict[1]:.4f} F1 {strict[2]:.4f}  "
        f"lax F1 {lax[2]:.4f}  calibration error {calibration_error(chances, right):.4f} -> "
        f"{calibration_error(after, right):.4f} {more or ''}",
        flush=True,
    )
    return {"weights": weights, "slope": slope, "offset": offset, **more}


if __name__ == "__main__":
    sys.exit(main())

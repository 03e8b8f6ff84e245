"""How well pairs are mined: 2,000 true pairs among 40,000 distractors a side.

    python -m bench.mining [--shared ../shared] [--encoder module:factory]

True pairs are WMT sentences with their references (FLORES-200 dev, 997 pairs, for ru-uk); the
distractors are lines of the monolingual corpora. Neither is in the encoder's training pairs.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from pathlib import Path

import numpy as np

from alignment.evaluate import load_encoder
from alignment.mining import mine

SETS = {
    "en-ru": (("newstest2020.en-ru.tsv.xz",), (0, 1)),
    "en-uk": (("wmt22.en-uk.tsv.xz",), (2, 3)),
    "ru-uk": (("flores200_dev_en_ru_uk.tsv.xz",), (4, 5)),
}


def main() -> int:
    """Print precision, recall and F1 over margins for every language pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--distractors", type=int, default=40_000)
    asked = parser.parse_args()
    encoder = load_encoder(asked.encoder)
    assert encoder is not None
    for name, (files, columns) in SETS.items():
        pairs = []
        for file in files:
            with lzma.open(asked.shared / "eval" / file, "rt", encoding="utf-8") as lines:
                for line in list(lines)[1:]:
                    cells = line.rstrip("\n").split("\t")
                    if len(cells) > max(columns) and all(cells[column] for column in columns):
                        pairs.append(tuple(cells[column] for column in columns))
        pairs = list(dict.fromkeys(pairs))[:2_000]
        rows = []
        for side, language in enumerate(name.split("-")):
            true = [pair[side] for pair in pairs]
            rows.append(
                encoder.encode(true + _lines(asked.shared, language, asked.distractors, set(true)))
            )
        found = mine(rows[0], rows[1], least=1.0)
        good = np.array([one.a == one.b and one.a < len(pairs) for one in found])
        margins = np.array([one.margin for one in found])
        for least in (1.1, 1.2, 1.25, 1.3, 1.35, 1.4, 1.5):
            kept = margins >= least
            precision = good[kept].mean() if kept.any() else 1.0
            recall = good[kept].sum() / len(pairs)
            print(
                f"{name} {len(pairs):,} pairs, margin {least:.2f}: P {precision:.3f} "
                f"R {recall:.3f} F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}",
                flush=True,
            )
    return 0


def _lines(shared: Path, language: str, count: int, known: set[str]) -> list[str]:
    out: list[str] = []
    files = sorted((shared / "corpora" / "mono").glob(f"*.{language}.txt.xz"))
    for file in files:
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            stripped = (line.strip() for line in lines)
            out += [line for line in stripped if 30 < len(line) < 400 and line not in known][
                : 1 + count // 3
            ]
    return [out[place] for place in np.random.default_rng(0).permutation(len(out))[:count]]


if __name__ == "__main__":
    sys.exit(main())

"""Another aligner on the same gold documents as ours: strict and lax F1 by language pair.

    python -m bench.peers --hunalign /path/to/hunalign [--every 1]

hunalign (Varga et al. 2005) is not installed with Parallax: build it from its source
(`make` in src/hunalign) and name the program. Without it only our own figures are printed.
It gets words in lower case, one sentence a line, an empty dictionary and `-realign`, which makes a
dictionary from the texts: all documents of a language pair as one text, as it works best, with a
bead that crosses two documents cut at the border.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from alignment.align import align_pair
from alignment.evaluate import Beads, Link, load_encoder, units_of

WORD = re.compile(r"\w+|[^\w\s]")
SECONDS = 300


def main() -> int:
    """Print the scores of both for every variant and language pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--hunalign", type=Path, help="the built program; skipped when not given")
    parser.add_argument("--encoder", default="models.encode:Encoder.load")
    parser.add_argument("--every", type=int, default=1, help="take every n-th document")
    asked = parser.parse_args()
    gold = asked.sets / "alignment_gold_wmt22.jsonl.xz"
    if not gold.is_file():
        print(f"Not run: there is no {gold}.")
        return 0
    with lzma.open(gold, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["variant"], f"{row['lang_a']}-{row['lang_b']}"].append(row)
    encoder = load_encoder(asked.encoder)
    if asked.hunalign is None:
        print("hunalign: not run, no --hunalign given.")
    for (variant, pair), documents in sorted(groups.items(), reverse=True):
        chosen = documents[:: asked.every]
        ours, theirs = Beads(), Beads()
        links = hunalign(asked.hunalign, chosen) if asked.hunalign else [[] for _ in chosen]
        for row, other in zip(chosen, links, strict=True):
            found = align_pair(
                units_of(row["sents_a"], row["lang_a"], encoder),
                units_of(row["sents_b"], row["lang_b"], encoder),
                "monotone" if variant == "parallel" else "comparable",
            )
            ours.add([(bead.a, bead.b) for bead in found.pairs], row["gold"])
            theirs.add(other, row["gold"])
        report(f"{variant} {pair}", "Parallax", ours)
        if asked.hunalign:
            report(f"{variant} {pair}", "hunalign", theirs)
    return 0


def report(subject: str, name: str, beads: Beads) -> None:
    """Print one line."""
    strict, lax = beads.strict_scores()[2], beads.lax_scores()[2]
    print(f"{subject:18} {name:9} strict F1 {strict:.3f}  lax F1 {lax:.3f}", flush=True)


def hunalign(program: Path, documents: list[dict[str, Any]]) -> list[list[Link]]:
    """The links hunalign finds in each document, from its ladder of rungs."""
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for side in ("sents_a", "sents_b"):
            path = Path(folder) / f"{side}.txt"
            texts = [text for row in documents for text in row[side]]
            path.write_text("".join(_words(text) + "\n" for text in texts), "utf-8")
            sides.append(str(path))
        dictionary = Path(folder) / "empty.dic"
        dictionary.touch()
        command = [str(program), "-utf", "-realign", str(dictionary), *sides]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=SECONDS, cwd=folder
        )
    rungs = [tuple(map(int, line.split("\t")[:2])) for line in done.stdout.splitlines() if line]
    owner_a = _owners(documents, "sents_a")
    owner_b = _owners(documents, "sents_b")
    out: list[list[Link]] = [[] for _ in documents]
    for (i, j), (k, m) in pairwise(rungs):
        left: dict[int, list[int]] = defaultdict(list)
        right: dict[int, list[int]] = defaultdict(list)
        for document, place in owner_a[i:k]:
            left[document].append(place)
        for document, place in owner_b[j:m]:
            right[document].append(place)
        for document in left.keys() & right.keys():
            out[document].append((tuple(left[document]), tuple(right[document])))
    return out


def _owners(documents: list[dict[str, Any]], side: str) -> list[tuple[int, int]]:
    return [(n, place) for n, row in enumerate(documents) for place in range(len(row[side]))]


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


if __name__ == "__main__":
    sys.exit(main())

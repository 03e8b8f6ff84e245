"""Sentences a second of the shipped encoder, and how often it finds a translation first.

Run from the checkout: `nice python -m bench.encode [--sentences 20000]`. Retrieval is told where
the open test sets lie beside the checkout. Processor time is told because wall-clock time means
little on a machine with other work.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import permutations
from pathlib import Path

from models.encode import Encoder
from models.languages import LANGUAGES
from models.training.score import FLORES, flores, retrieval

ROOT = Path(__file__).resolve().parent.parent
EVALUATION = ROOT.parent / "shared" / "eval"
SENTENCE = "Парламент принял бюджет на 2024 год после трёх часов спора, сообщает агентство №{}."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=20_000)
    count = parser.parse_args().sentences
    started = time.perf_counter()
    encoder = Encoder.load()
    sys.stdout.write(f"loaded in {time.perf_counter() - started:.2f} s\n")
    known = (EVALUATION / FLORES).is_file()
    sentences = flores(EVALUATION) if known else {}
    pool = [s for side in sentences.values() for s in side] or [SENTENCE.format(0)]
    texts = [pool[n % len(pool)] for n in range(count)]
    wall, cpu = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sys.stdout.write(
        f"{count} sentences: {count / wall:.0f} a second, {count / cpu:.0f} a processor second\n"
    )
    for source, target in permutations(LANGUAGES, 2) if known else ():
        share = retrieval(encoder, sentences[source], sentences[target])
        sys.stdout.write(f"FLORES-200 dev {source}→{target}: {share:.1%} found first\n")


if __name__ == "__main__":
    main()

"""How fast alignment is: article pairs, long texts, mining, a stream of articles; peak memory.

    python -m bench.align [pair] [long] [mining] [stream] [--scale 1.0]

Every figure is the best of a few runs on this machine, wall clock, with the CPU seconds beside it:
on a shared machine the CPU seconds are the ones to compare. Texts are synthetic sentences of
random words; vectors are random rows with a little noise between partners. Translation and
encoding are not included unless a line says so.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from alignment.align import Mode, align_pair
from alignment.mining import mine
from alignment.similarity import Unit
from bench import events

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SYLLABLES = ["ka", "ro", "mi", "du", "le", "ta", "vo", "si", "ne", "ga", "pu", "ri"]


def main() -> int:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["pair", "long", "mining", "stream"])
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()
    for part in asked.parts:
        globals()[part](asked.scale)
    return 0


def pair(scale: float) -> None:
    """A 60-sentence article pair, both decoders, with and without the words' view."""
    del scale
    left, right = _texts(60, words=True)
    given = {"vectors and words": (left, right), "vectors": (_plain(left), _plain(right))}
    modes: tuple[Mode, ...] = ("monotone", "comparable")
    for mode in modes:
        for name, (a, b) in given.items():
            work = partial(align_pair, a, b, mode)
            wall, cpu = min(_timed(work) for _ in range(7))
            print(f"60 sentences, {mode}, {name}: {wall * 1e3:.0f} ms, {cpu * 1e3:.0f} ms CPU")


def _plain(units: list[Unit]) -> list[Unit]:
    return [Unit(one.text, one.language, vector=one.vector) for one in units]


def long(scale: float) -> None:
    """Two long translated texts: the curve of time by length."""
    for count in (2_500, 5_000, 10_000, 20_000):
        left, right = _texts(int(count * scale))
        wall, cpu = _timed(partial(align_pair, left, right, "monotone"))
        print(f"2 x {len(left):,} sentences: {wall:.1f} s, {cpu:.1f} s CPU, peak {_peak():.0f} MiB")


def mining(scale: float) -> None:
    """Mining 10,000 sentences against 100,000."""
    random = np.random.default_rng(0)
    a = _unit(random.standard_normal((int(10_000 * scale), 256)).astype(np.float32))
    b = _unit(random.standard_normal((int(100_000 * scale), 256)).astype(np.float32))
    b[: len(a)] = _unit(a + 0.05 * random.standard_normal(a.shape).astype(np.float32))
    wall, cpu = _timed(lambda: mine(a, b))
    print(f"mining {len(a):,} x {len(b):,}: {wall:.1f} s, {cpu:.1f} s CPU, peak {_peak():.0f} MiB")


def stream(scale: float) -> None:
    """A stream of synthetic articles: the curve of speed by article (`python -m bench.events`)."""
    events.curve(int(100_000 * scale), 2_000)


def _word(random: np.random.Generator) -> str:
    return "".join(random.choice(SYLLABLES, random.integers(2, 5)))


def _texts(count: int, *, words: bool = False) -> tuple[list[Unit], list[Unit]]:
    random = np.random.default_rng(count)
    vocabulary = [_word(random) for _ in range(5_000)]
    rows = _unit(random.standard_normal((len(vocabulary), 256)).astype(np.float32))
    noise = 0.04 * random.standard_normal((2, len(vocabulary), 256)).astype(np.float32)
    left, right = [], []
    for number in range(count):
        chosen = (len(vocabulary) * random.random(random.integers(8, 30)) ** 3).astype(int)
        text = " ".join(vocabulary[place] for place in chosen) + f" {number}."
        sides = []
        for side, language in enumerate(("ru", "en")):
            noisy = rows[chosen] + noise[side][chosen]
            total = noisy.sum(axis=0)
            sides.append(
                Unit(
                    text,
                    language,
                    vector=total / np.linalg.norm(total),
                    words=noisy if words else None,
                )
            )
        if random.random() > 0.07:
            left.append(sides[0])
        if random.random() > 0.07:
            right.append(sides[1])
    return left, right


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())

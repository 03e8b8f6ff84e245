"""BLEU and chrF2 of packages on FLORES-200 dev and the WMT sets; retrieval by the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.encode import SentenceEncoder
from models.languages import LANGUAGES, Direction, Language
from models.training.corpus import lines
from models.translate import Engine

FLORES = "flores200_dev_en_ru_uk.tsv.xz"
COLUMNS = {Language.EN: 3, Language.RU: 4, Language.UK: 5}


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Sentences and their reference translations in one direction."""

    name: str
    direction: Direction
    sources: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What one test set says of one direction, with sacrebleu's signatures."""

    test: str
    direction: Direction
    sentences: int
    bleu: float
    chrf: float
    signatures: tuple[str, str]

    def __str__(self) -> str:
        """One line for a table."""
        return (
            f"{self.test:22} {self.direction!s:6} {self.sentences:5} sentences  "
            f"BLEU {self.bleu:5.2f}  chrF2 {self.chrf:5.2f}"
        )


def rows(path: Path) -> Iterator[list[str]]:
    """The cells of each line below the heading."""
    content = lines(path)
    next(content)
    for line in content:
        yield line.split("\t")


def flores(folder: Path) -> dict[Language, list[str]]:
    """The sentences of FLORES-200 dev, the same in every language."""
    cells = list(rows(folder / FLORES))
    return {language: [row[COLUMNS[language]] for row in cells] for language in LANGUAGES}


def wmt(folder: Path) -> Iterator[OpenSet]:
    """Every WMT set in the folder, named `wmt22.ru-en.tsv.xz` and the like."""
    for path in sorted(folder.glob("*.??-??.tsv.xz")):
        name, pair, *_ = path.name.split(".")
        if not name.startswith(("wmt", "newstest")):
            continue
        cells = list(rows(path))
        # Older sets have two columns, newer ones begin with the document and the domain.
        source = 0 if cells and len(cells[0]) == 2 else 2
        kept = [row for row in cells if len(row) > source + 1 and row[source + 1]]
        yield OpenSet(
            name,
            Direction.parse(pair),
            tuple(row[source] for row in kept),
            tuple(row[source + 1] for row in kept),
        )


def open_sets(folder: Path, directions: Sequence[Direction]) -> Iterator[OpenSet]:
    """FLORES-200 dev in each direction, then the WMT sets of those directions."""
    sentences = flores(folder)
    for direction in directions:
        yield OpenSet(
            "flores200-dev",
            direction,
            tuple(sentences[direction.source]),
            tuple(sentences[direction.target]),
        )
    for test in wmt(folder):
        if test.direction in directions:
            yield test


def first(test: OpenSet, limit: int | None) -> OpenSet:
    """The test set, or its first sentences."""
    return replace(test, sources=test.sources[:limit], references=test.references[:limit])


def score(engine: Engine, test: OpenSet) -> Score:
    """Translate a test set as ready segments and compare."""
    results = engine.translate_segments(list(test.sources), test.direction)
    return compare(test, [result.text for result in results])


def compare(test: OpenSet, hypotheses: Sequence[str]) -> Score:
    """BLEU (13a) and chrF2 of given translations of a test set."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    bleu, chrf = BLEU(), CHRF()
    references = [list(test.references)]
    first = bleu.corpus_score(list(hypotheses), references).score
    second = chrf.corpus_score(list(hypotheses), references).score
    signatures = (str(bleu.get_signature()), str(chrf.get_signature()))
    return Score(test.name, test.direction, len(hypotheses), first, second, signatures)


def retrieval(encoder: SentenceEncoder, first: Sequence[str], second: Sequence[str]) -> float:
    """Share of the first sentences whose nearest second sentence is their own translation."""
    a, b = encoder.encode(first), encoder.encode(second)
    return float(np.mean((a @ b.T).argmax(axis=1) == np.arange(len(a))))

"""The recipe's steps; each writes files under the work folder and is skipped once they exist."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.languages import LANGUAGES, Direction
from models.training import align_words, corpus, lexicon, monotone, packing, vocabulary
from models.training.domains import DEFAULT, Domains, weigh, weight
from models.training.examples import Examples
from models.training.tag_examples import TagExamples

Tell = Callable[[str], None]
Weights = npt.NDArray[np.float32]
LANGUAGE_PAIRS = corpus.PAIRS
LONGEST_SOURCE, LONGEST_TARGET = 66, 45
LIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to train on and where to work.

    Attributes:
        work: everything is written below this folder.
        sources: folders or files of parallel text; TSV named NAME.xx-yy.tsv[.xz], or TMX.
        mono: folder of NAME.LANG.txt[.xz], used for the vocabulary and for back-translation.
        exclusion: digests of sentences that must stay out of training.
        skip: corpora, or folders ending in `/`, that stay out.
        directions: what the network translates; the tagging network needs one target language.
        pieces: size of the vocabulary of pieces.
        units: size of the vocabulary of units.
    """

    work: Path
    sources: tuple[Path, ...] = ()
    mono: Path | None = None
    exclusion: Path | None = None
    domains: Path = DEFAULT
    skip: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = (Direction.parse("ru-en"), Direction.parse("uk-en"))
    pieces: int = 32_000
    units: int = 22_000
    columns: int = 208
    threads: int = 2
    seed: int = 1
    align: align_words.AlignOptions = field(default_factory=align_words.AlignOptions)

    @property
    def data(self) -> Path:
        """Folder of the prepared data."""
        return self.work / "data"

    @property
    def tokenizer(self) -> Path:
        """The SentencePiece model."""
        return self.work / "vocabulary" / "sentencepiece.model"

    def pairs(self, first: str, second: str) -> Path:
        """Cleaned pairs of two languages."""
        return self.data / f"pairs.{first}-{second}.tsv"

    def packed(self, first: str, second: str) -> Path:
        """The same as piece identifiers."""
        return self.data / f"packed.{first}-{second}.npz"

    def of_direction(self, kind: str, direction: Direction) -> Path:
        """Examples (`examples`, `tags`) of a direction."""
        return self.data / f"{kind}.{direction.source}-{direction.target}.npz"


def collect(recipe: Recipe, tell: Tell) -> None:
    """Read, clean and check all pairs; count what was kept and why the rest was not."""
    if all(recipe.pairs(a, b).exists() for a, b in LANGUAGE_PAIRS):
        return
    recipe.data.mkdir(parents=True, exist_ok=True)
    excluded = corpus.read_exclusion(recipe.exclusion)
    counts = {}
    for first, second in LANGUAGE_PAIRS:
        pairs, report = corpus.clean(
            recipe.sources, first, second, excluded=excluded, skip=recipe.skip
        )
        counts[f"{first}-{second}"] = {
            "read": dict(report.read),
            "kept": dict(report.kept),
            "dropped": dict(report.dropped),
        }
        corpus.write_pairs(recipe.pairs(first, second), pairs)
        tell(f"{first}-{second}: {len(pairs)} pairs; left out: {dict(report.dropped)}")
    (recipe.data / "counts.json").write_text(json.dumps(counts, indent=1, ensure_ascii=False))


def make_vocabulary(recipe: Recipe, tell: Tell) -> None:
    """Train the SentencePiece model on a weighted sample of all three languages."""
    if recipe.tokenizer.exists():
        return
    weights = Domains.load(recipe.domains).first
    excluded = corpus.read_exclusion(recipe.exclusion)
    texts: dict[str, list[tuple[str, float]]] = {language.value: [] for language in LANGUAGES}
    seen: set[tuple[str, str]] = set()
    for first, second in LANGUAGE_PAIRS:
        for pair in corpus.read_pairs(recipe.pairs(first, second)):
            share = weight(pair.corpus, weights)
            for language, text in ((first, pair.first), (second, pair.second)):
                if share > 0 and (language, text) not in seen:
                    seen.add((language, text))
                    texts[language].append((text, share))
    if recipe.mono is not None:
        for language in texts:
            for _, text in corpus.read_mono(recipe.mono, language, excluded=excluded):
                texts[language].append((text, 1.0))
    sample = vocabulary.sample(texts, 240_000, seed=recipe.seed)
    tell(f"vocabulary: {len(sample)} sentences")
    vocabulary.train(sample, recipe.tokenizer.parent, size=recipe.pieces, threads=recipe.threads)


def pack(recipe: Recipe, tell: Tell) -> None:
    """Turn the pairs into piece identifiers."""
    processor = vocabulary.load(recipe.tokenizer)
    for first, second in LANGUAGE_PAIRS:
        path = recipe.packed(first, second)
        if path.exists():
            continue
        rows = [
            (p.corpus, p.first, p.second) for p in corpus.read_pairs(recipe.pairs(first, second))
        ]
        packed = packing.pack(processor, rows, threads=recipe.threads)
        packed.save(path)
        tell(f"{path.name}: {len(packed)} pairs, {len(packed.first.flat)} pieces")


def sides(
    recipe: Recipe, direction: Direction
) -> tuple[packing.Packed, packing.Ragged, packing.Ragged]:
    """The packed pairs of a direction, its source side and its target side."""
    names = {direction.source.value, direction.target.value}
    first, second = next(pair for pair in LANGUAGE_PAIRS if set(pair) == names)
    packed = packing.Packed.load(recipe.packed(first, second))
    if direction.source.value == first:
        return packed, packed.first, packed.second
    return packed, packed.second, packed.first


def joined(parts: Iterable[packing.Ragged]) -> packing.Ragged:
    """Ragged rows of several arrays one after another."""
    rows = list(parts)
    lengths = np.concatenate([part.lengths for part in rows])
    return packing.Ragged(
        np.concatenate([part.flat for part in rows]), np.concatenate([[0], np.cumsum(lengths)])
    )


def make_examples(recipe: Recipe, tell: Tell) -> None:
    """Choose, weigh and word-align the examples of every direction."""
    paths = [recipe.of_direction("examples", d) for d in recipe.directions]
    if all(path.exists() for path in paths):
        return
    domains = Domains.load(recipe.domains)
    processor = vocabulary.load(recipe.tokenizer)
    chance = np.random.default_rng(recipe.seed)
    chosen: list[tuple[packing.Ragged, packing.Ragged, Weights, Weights]] = []
    for direction in recipe.directions:
        packed, source, target = sides(recipe, direction)
        first, last = weigh(packed, domains.first), weigh(packed, domains.last)
        fits = (source.lengths > 0) & (source.lengths <= LONGEST_SOURCE)
        fits &= (target.lengths > 0) & (target.lengths <= LONGEST_TARGET)
        # A light corpus is thinned here instead of being read whole to be drawn rarely.
        rows = np.flatnonzero(fits & (chance.random(len(first)) < first / LIGHT))
        first = np.maximum(first, LIGHT)
        chosen.append((source.take(rows), target.take(rows), first[rows], last[rows]))
        tell(f"{direction}: {len(rows)} examples, {len(chosen[-1][1].flat)} target pieces")
    source = joined(part[0] for part in chosen)
    target = joined(part[1] for part in chosen)
    table, totals = align_words.estimate(
        source, target, processor.get_piece_size(), recipe.align, tell
    )
    rough = align_words.align(source, target, table, totals, recipe.align)
    counts = align_words.counts_of_links(
        source, target, rough, processor.get_piece_size(), recipe.align
    )
    for direction, path, (x, y, first, last) in zip(recipe.directions, paths, chosen, strict=True):
        links = align_words.align(x, y, *counts, recipe.align)
        prefix = processor.piece_to_id(vocabulary.TARGETS[direction.target.value])
        Examples(x, y, links.positions, first, last, prefix).save(path)


def make_tags(recipe: Recipe, tell: Tell) -> None:
    """Label every source piece with its unit and compute what the tagging network starts from."""
    start_path = recipe.data / "start.npz"
    if start_path.exists():
        return
    processor = vocabulary.load(recipe.tokenizer)
    pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    begins = np.array([p.startswith("▁") or not any(map(str.isalpha, p)) for p in pieces])
    digits = frozenset(i for i, p in enumerate(pieces) if p in set("0123456789"))
    marks = frozenset(i for i, p in enumerate(pieces) if p in (",", "."))
    examples = [Examples.load(recipe.of_direction("examples", d)) for d in recipe.directions]
    counted, linked = [], []
    for direction, each in zip(recipe.directions, examples, strict=True):
        labels = monotone.label(
            each.source,
            each.target,
            each.links,
            begins,
            digits=digits,
            space=pieces.index("▁"),
            marks=marks,
        )
        counted.append(lexicon.Counted(each.source, labels, each.weight))
        links = align_words.Links(each.links)
        linked.append(align_words.linked_pieces(each.source, each.target, links))
        tell(f"{direction}: {len(labels.units)} units")
    meaning = lexicon.meaning(
        np.concatenate([x for x, _ in linked]),
        np.concatenate([y for _, y in linked]),
        len(pieces),
        recipe.columns,
        recipe.seed,
    )
    if meaning.shape[1] < recipe.columns:
        meaning = np.pad(meaning, ((0, 0), (0, recipe.columns - meaning.shape[1])))
    prefix = vocabulary.TARGETS[recipe.directions[0].target.value]
    begin, numbers = lexicon.start(
        counted, pieces, meaning, size=recipe.units, seed=recipe.seed, prefix=prefix
    )
    for direction, each, labels_of in zip(recipe.directions, examples, numbers, strict=True):
        TagExamples(each.source, labels_of, each.weight, each.last_weight).save(
            recipe.of_direction("tags", direction)
        )
    begin.save(start_path)
    tell(f"{len(begin.units)} units in the network")


def teller(path: Path | None = None) -> Tell:
    """Writes timed lines to standard error and to a log file."""
    import sys

    def tell(line: str) -> None:
        stamped = f"{time.strftime('%H:%M:%S')} {line}\n"
        sys.stderr.write(stamped)
        if path is not None:
            with path.open("a", encoding="utf-8") as log:
                log.write(stamped)

    return tell

"""The recipe's steps; each writes files under the work folder and is skipped once they exist."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.languages import DIRECTIONS, LANGUAGES, Direction, Language
from models.training import align_words, corpus, packing, vocabulary
from models.training.domains import DEFAULT, Domains, weigh, weight
from models.training.examples import Examples

Tell = Callable[[str], None]
Weights = npt.NDArray[np.float32]
LANGUAGE_PAIRS = corpus.PAIRS
# Russian and Ukrainian share words, so what is known of one helps to align the other with English.
ALIGNED_TOGETHER = (
    (Direction.parse("ru-en"), Direction.parse("uk-en")),
    (Direction.parse("ru-uk"),),
)
LONGEST = 66
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
        directions: what the network translates.
        pieces: size of the vocabulary of pieces.
        columns: columns of the network that carry words; positions have 48 of their own.
    """

    work: Path
    sources: tuple[Path, ...] = ()
    mono: Path | None = None
    exclusion: Path | None = None
    domains: Path = DEFAULT
    skip: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = DIRECTIONS
    pieces: int = 32_000
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

    @property
    def encoder(self) -> Path:
        """Folder of the sentence encoder."""
        return self.work / "encoder"

    def pairs(self, first: str, second: str) -> Path:
        """Cleaned pairs of two languages."""
        return self.data / f"pairs.{first}-{second}.tsv"

    def packed(self, first: str, second: str) -> Path:
        """The same as piece identifiers."""
        return self.data / f"packed.{first}-{second}.npz"

    def of_direction(self, kind: str, direction: Direction) -> Path:
        """The file of this kind of data of a direction."""
        return self.data / f"{kind}.{direction.source}-{direction.target}.npz"

    def examples(self) -> list[tuple[str, Path]]:
        """Names and files of the examples: the directions, what was made of them and other text."""
        names = [f"{each.source}-{each.target}" for each in self.directions]
        made = [
            f"{kind}-{name}"
            for kind in ("translated", "back", "varied", "taught", "backtaught")
            for name in names
        ]
        made += sorted({f"{each.target}-{each.target}" for each in self.directions})
        found = [(name, self.data / f"examples.{name}.npz") for name in (*names, *made)]
        return [(name, path) for name, path in found if name in names or path.exists()]

    def translated(self, direction: Direction) -> Path:
        """The examples of a direction that `translations` makes."""
        return self.data / f"examples.translated-{direction.source}-{direction.target}.npz"

    def hinted(self, examples: Path) -> Path:
        """Where the same examples go with the rare words of their sources replaced."""
        return self.data / examples.name.replace("examples.", "hinted.", 1)

    def monolingual(self, language: Language) -> Path:
        """Sentences of a language that the network translates itself."""
        return self.data / f"mono.{language}.npz"

    def rare_words(self, direction: Direction) -> Path:
        """A direction's list of rare words."""
        return self.data / f"rare_words.{direction.source}-{direction.target}.tsv.xz"

    def brought_words(self, direction: Direction) -> Path:
        """The list that came with the package a run goes on from; the run's own is added to it."""
        return self.data / f"brought.{self.rare_words(direction).name}"

    def brought_shortlist(self, language: str) -> Path:
        """A language's shortlist from that package; the run's own is added to it."""
        return self.data / f"brought.shortlist.{language}.txt"


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
        packed_as(
            recipe,
            recipe.packed(first, second),
            lambda texts: processor.encode(list(texts), num_threads=recipe.threads),
            tell,
        )


def packed_as(recipe: Recipe, path: Path, turn: packing.Turn, tell: Tell) -> packing.Packed:
    """The pairs of the languages that the path ends in, as `turn` makes them, written once."""
    if path.exists():
        return packing.Packed.load(path)
    first, second = path.stem.split(".")[-1].split("-")
    pairs = corpus.read_pairs(recipe.pairs(first, second))
    packed = packing.pack([(p.corpus, p.first, p.second) for p in pairs], turn)
    packed.save(path)
    tell(f"{path.name}: {len(packed)} pairs, {len(packed.first.flat)} identifiers")
    return packed


def names(direction: Direction) -> tuple[str, str]:
    """The two languages of a direction in the order corpora have them."""
    pair = {direction.source.value, direction.target.value}
    return next(names for names in LANGUAGE_PAIRS if set(names) == pair)


def sides(
    recipe: Recipe, direction: Direction
) -> tuple[packing.Packed, packing.Ragged, packing.Ragged]:
    """The packed pairs of a direction, its source side and its target side."""
    first, second = names(direction)
    packed = packing.Packed.load(recipe.packed(first, second))
    if direction.source.value == first:
        return packed, packed.first, packed.second
    return packed, packed.second, packed.first


def make_examples(recipe: Recipe, tell: Tell) -> None:
    """Choose, weigh and word-align the examples of every direction.

    Words are aligned once for each language pair; the other direction turns the links round.
    """
    if all(recipe.of_direction("examples", d).exists() for d in recipe.directions):
        return
    processor = vocabulary.load(recipe.tokenizer)
    chance = np.random.default_rng(recipe.seed)
    prefixes = {
        language: processor.piece_to_id(vocabulary.TARGETS[language.value])
        for language in LANGUAGES
    }
    for group in ALIGNED_TOGETHER:
        wanted = [d for d in group if {d, d.reverse} & set(recipe.directions)]
        if not wanted:
            continue
        chosen = [choose(recipe, direction, chance) for direction in wanted]
        for direction, part in zip(wanted, chosen, strict=True):
            tell(f"{direction}: {len(part[0])} examples, {len(part[1].flat)} target pieces")
        source = packing.joined(part[0] for part in chosen)
        target = packing.joined(part[1] for part in chosen)
        size = processor.get_piece_size()
        table, totals = align_words.estimate(source, target, size, recipe.align, tell)
        rough = align_words.align(source, target, table, totals, recipe.align)
        counts = align_words.counts_of_links(source, target, rough, size, recipe.align)
        for direction, (x, y, first, last) in zip(wanted, chosen, strict=True):
            links = align_words.align(x, y, *counts, recipe.align)
            examples = Examples(x, y, links.positions, first, last, prefixes[direction.target])
            if direction in recipe.directions:
                examples.save(recipe.of_direction("examples", direction))
            if direction.reverse in recipe.directions:
                back = examples.reversed(prefixes[direction.source])
                back.save(recipe.of_direction("examples", direction.reverse))


def choose(
    recipe: Recipe, direction: Direction, chance: np.random.Generator
) -> tuple[packing.Ragged, packing.Ragged, Weights, Weights]:
    """Both sides of the pairs to train on, with their weights in the first and the last part."""
    domains = Domains.load(recipe.domains)
    packed, source, target = sides(recipe, direction)
    first, last = weigh(packed, domains.first), weigh(packed, domains.last)
    fits = (source.lengths > 0) & (source.lengths <= LONGEST)
    fits &= (target.lengths > 0) & (target.lengths <= LONGEST)
    # A light corpus is thinned here instead of being read whole to be drawn rarely, unless there
    # is none beside it.
    light = LIGHT * min(1.0, float(first.max(initial=0.0)))
    rows = np.flatnonzero(fits & (chance.random(len(first)) * light < first))
    first = np.maximum(first, light)
    return source.take(rows), target.take(rows), first[rows], last[rows]


def linked_way(recipe: Recipe, direction: Direction) -> Direction:
    """The way in which a direction's words were linked: its own, or the one turned round."""
    turned = recipe.of_direction("examples", direction.reverse).exists()
    turned &= not any(direction in group for group in ALIGNED_TOGETHER)
    return direction.reverse if turned else direction


def parallel(recipe: Recipe, direction: Direction) -> Examples:
    """The pairs of the corpora in a direction, and the translations where there are any."""
    parts = [Examples.load(recipe.of_direction("examples", direction))]
    translated = recipe.translated(direction)
    if translated.exists():
        parts.append(Examples.load(translated))
    return Examples.joined(parts)


def linked(
    recipe: Recipe, direction: Direction, sources: Sequence[str], targets: Sequence[str]
) -> Examples:
    """Examples of weight 1 of sentences and their translations; too long ones stay out.

    Words are linked by the counts of the genuine pairs' links: `align` must have been run.
    """
    processor = vocabulary.load(recipe.tokenizer)
    genuine = Examples.load(recipe.of_direction("examples", direction))
    counts = align_words.counts_of_links(
        genuine.source,
        genuine.target,
        align_words.Links(genuine.links),
        processor.get_piece_size(),
        recipe.align,
    )
    source, target = (
        packing.encode(processor, texts, threads=recipe.threads) for texts in (sources, targets)
    )
    fits = (source.lengths > 0) & (source.lengths < LONGEST)
    fits &= (target.lengths > 0) & (target.lengths <= LONGEST)
    rows = np.flatnonzero(fits)
    source, target = source.take(rows), target.take(rows)
    links = align_words.align(source, target, *counts, recipe.align).positions
    ones = np.ones(len(rows), dtype=np.float32)
    return Examples(source, target, links, ones, ones, genuine.prefix)


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

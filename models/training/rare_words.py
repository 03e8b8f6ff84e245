"""The packages' lists of rare words, and examples whose sources have them replaced.

A list holds the words of a language's text that the vocabulary cuts in pieces: with what the phrase
table makes of them, or with nothing where they are frequent and the network is better left alone.
Of translations that are as frequent the one most like the word is taken (`likeness.py`). What a
table lacks is found by way of the word's Russian or Ukrainian cognate, as an English name that is
spelled so (`named.py`), or as the word nearest to it. Of English, which has few endings and so more
words of one piece, the seldom ones of these are listed as well. The examples teach the network to
take the words over.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numba
import numpy as np
import numpy.typing as npt

from models.languages import Direction, Language
from models.packed import packed, unpacked
from models.rare_words import APOSTROPHES, SPACE, Hinted, RareWords
from models.tokens import SentencePieceTokenizer
from models.training import packing, teacher
from models.training.align_words import NONE
from models.training.cognates import cognates, turned
from models.training.examples import Examples
from models.training.hashing import find
from models.training.likeness import LONG, LOOKED_UP, Likeness
from models.training.named import named
from models.training.phrases import LONGEST_SOURCE, WORD, Marks, PhraseTable, marks_of, phrase_hash
from models.training.recipe import Recipe, Tell
from models.training.sifting import sifted
from models.training.vocabulary import all_pieces, load

if TYPE_CHECKING:
    import sentencepiece

#: Times from which on a word is frequent enough for the network to know it.
FREQUENT = 1_000
#: Share of a text's words up to which an English word is rare even if it has a piece of its own (a
#: thousand times in sixteen million), and its letters.
SELDOM, LETTERS = 6e-5, 4
#: Probability that a word's translation has at least.
LEAST = 0.2
#: What the log probabilities of a phrase, and its cosine, count when the best one is chosen.
FORWARD, BACKWARD, LEXICAL, LIKE = 1.0, 0.5, 0.25, 4.0
#: What is known better, a file a direction: lines of a word, a tab and its translation.
DICTIONARY = Path(__file__).parent / "dictionary"
#: Translations of a word among which is chosen.
MOST = 12
#: Shares of examples and of words left as they are, so that the network can do without.
PLAIN, LEFT = 0.15, 0.08
#: Pieces on either side of where a linked piece should be in which the same piece is looked for.
NEAR = 6

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language, by their spelling.

    `seen`: how often; `pieces`: the pieces that each is mostly written with.
    """

    seen: Mapping[str, int]
    pieces: Mapping[str, tuple[int, ...]]


def teach(recipe: Recipe, limit: int | None, tell: Tell) -> list[Path]:
    """Paths of the hinted examples of all directions, which `train` picks up; lists come first.

    `limit` examples of a file are drawn at most. Files that exist stay.
    """
    if not all(recipe.rare_words(direction).exists() for direction in recipe.directions):
        write(recipe, tell)
    hinters = cache(partial(Hinter, recipe))
    made = []
    for name, path in recipe.examples():
        source, target = name.split("-")[-2:]
        if source == target or not path.exists():
            continue
        hinted = recipe.hinted(path)
        if not hinted.exists():
            examples = Examples.load(path)
            if limit:
                examples = drawn(examples, limit, recipe.seed)
            direction = Direction.parse(f"{source}-{target}")
            hinters(direction).apply(examples, name).save(hinted)
            tell(f"{hinted.name}: {len(examples.source)} examples")
        made.append(hinted)
    return made


def write(recipe: Recipe, tell: Tell) -> None:
    """Write the lists of all directions."""
    processor = load(recipe.tokenizer)
    pieces = all_pieces(processor)
    marks = marks_of(pieces)
    languages = {d.source for d in recipe.directions} | {d.target for d in recipe.directions}
    words = {each: count(teacher.text(recipe, each), pieces, marks) for each in languages}
    tables, likeness = cache(partial(teacher.table, recipe)), Likeness.of(recipe)
    known = {
        direction: translations(
            teacher.extended(recipe, direction, tables), words[direction.source], pieces, likeness
        )
        for direction in recipe.directions
    }
    near = both_ways(words)
    for direction in recipe.directions:
        spelled, english = words[direction.source], direction.source == Language.EN
        sure = {word: said for word, said in known[direction].items() if said}
        found = known[direction] | {**by_cognates(direction, known, *near)} | sure
        if english:
            found = {name: name for name in teacher.latin(recipe, direction.target)} | found
        elif direction.target == Language.EN:
            names = named(words[Language.EN].seen, spelled.seen, direction.source)
            found |= {word: name for word, name in names.items() if not found.get(word)}
        seldom = round(SELDOM * sum(spelled.seen.values())) if english else 0
        before = likeness.preferred(brought(recipe, direction), found)
        entries = listed(found, spelled, processor, seldom=seldom, known=before)
        entries |= likeness.nearest(lacking(entries, spelled), words[direction.target].seen)
        entries |= likeness.nearest(likeness.by_chance(entries), words[direction.target].seen)
        by_hand = corrections(direction, entries, processor)
        entries = sifted(entries | by_hand, direction, by_hand)
        lines = "".join(f"{word}\t{entries[word]}\n" for word in sorted(entries))
        content = packed(lines.encode())
        recipe.rare_words(direction).write_bytes(content)
        tell(f"{direction}: {len(entries)} rare words, {len(content)} bytes")


def brought(recipe: Recipe, direction: Direction) -> dict[str, str]:
    """The list that came with the package the run goes on from; empty without."""
    path = recipe.brought_words(direction)
    return _entries(unpacked(path.parent, path.name).decode()) if path.exists() else {}


def _entries(listed: str) -> dict[str, str]:
    """Translations by word, from lines of a word, a tab and its translation."""
    return {word: said for word, _, said in (line.partition("\t") for line in listed.splitlines())}


def corrections(
    direction: Direction,
    entries: Mapping[str, str],
    processor: sentencepiece.SentencePieceProcessor,
) -> dict[str, str]:
    """Entries by hand (`dictionary/`); empty where a word is better left to the network."""
    path = DICTIONARY / f"{direction.source}-{direction.target}.tsv"
    by_hand = _entries(path.read_text(encoding="utf-8")) if path.exists() else {}
    # Words are looked for as the tokenizer spells them.
    spelled = {processor.normalize(word).lstrip(SPACE): said for word, said in by_hand.items()}
    spelled |= {word: said for word, said in by_hand.items() if word in spelled}
    return {
        word: said
        for word, said in spelled.items()
        if entries.get(word) or (word not in entries and len(processor.encode(word)) > 1)
    }


def count(text: packing.Ragged, pieces: Sequence[str], marks: Marks) -> Words:
    """The words of a text of at most `LONGEST_SOURCE` pieces, none of which is a number."""
    flat = text.flat.astype(np.int64)
    joined = marks.joined(flat)
    joined[text.offsets] = False
    starts = np.flatnonzero(~joined[:-1])
    lengths = np.diff(np.append(starts, len(flat)))
    seen: Counter[str] = Counter()
    most: dict[str, tuple[int, tuple[int, ...]]] = {}
    for length in range(1, LONGEST_SOURCE + 1):
        at = starts[lengths == length]
        rows = np.stack([flat[at + k] for k in range(length)], axis=1)
        found, times = np.unique(rows, axis=0, return_counts=True)
        for row, often in zip(found.tolist(), times.tolist(), strict=True):
            word = "".join(pieces[i] for i in row).lstrip(SPACE)
            if word[:1].isalpha() and all(c.isalpha() or c in APOSTROPHES for c in word):
                seen[word] += often
                most[word] = max(most.get(word, (0, ())), (often, tuple(row)))
    return Words(seen, {word: row for word, (_, row) in most.items()})


def translations(
    table: PhraseTable, words: Words, pieces: Sequence[str], likeness: Likeness
) -> dict[str, str]:
    """The best translation of every word that the table has; empty where none is good enough."""
    spelled = list(words.pieces)
    text = packing.ragged([words.pieces[word] for word in spelled])
    weights = np.array([FORWARD, BACKWARD, LEXICAL])
    options: list[tuple[str, str, float, float]] = []
    for word, phrase in zip(spelled, _places(table, text).tolist(), strict=True):
        if phrase < 0:
            continue
        first = int(table.starts[phrase])
        features = table.features[first : table.starts[phrase + 1]]
        worth = features[:, : len(weights)] @ weights
        for best in np.argsort(-worth)[:MOST].tolist():
            said = "".join(pieces[i] for i in table.targets[first + best]).replace(SPACE, " ")
            options.append((word, said.strip(), float(features[best, 0]), float(worth[best])))
    cosines = likeness.cosines([each[0] for each in options], [each[1] for each in options])
    found: dict[str, str] = {}
    highest: dict[str, float] = {}
    for (word, said, log_prob, worth), cosine in zip(options, cosines.tolist(), strict=True):
        total = worth + LIKE * cosine
        if total > highest.get(word, -np.inf):
            highest[word] = total
            found[word] = said if np.exp(log_prob) >= LEAST and _sayable(said) else ""
    return found


def lacking(entries: Mapping[str, str], words: Words) -> list[str]:
    """Words in pieces of a text that no list has, other than names and what was seen but once."""
    return [
        word
        for word, row in words.pieces.items()
        if len(row) > 1
        and word.islower()
        and word not in entries
        and len(word) >= LONG
        and words.seen[word] >= LOOKED_UP
    ]


def both_ways(words: Mapping[Language, Words]) -> tuple[dict[str, str], dict[str, str]]:
    """Russian cognates of Ukrainian words, and Ukrainian ones of Russian words."""
    if not {Language.RU, Language.UK} <= words.keys():
        return {}, {}
    ukrainian = words[Language.UK].seen
    into_russian = cognates(ukrainian, words[Language.RU].seen)
    return into_russian, turned(into_russian, ukrainian)


def by_cognates(
    direction: Direction,
    known: Mapping[Direction, Mapping[str, str]],
    into_russian: Mapping[str, str],
    into_ukrainian: Mapping[str, str],
) -> Mapping[str, str]:
    """Translations of a direction by way of Russian and Ukrainian cognates (`both_ways`)."""
    source, target = direction.source, direction.target
    if source == Language.EN:
        near = Language.UK if target == Language.RU else Language.RU
        others = into_russian if target == Language.RU else into_ukrainian
        there = known.get(Direction(source, near), {})
        return {word: others[said] for word, said in there.items() if said in others}
    others = into_russian if source == Language.UK else into_ukrainian
    if target != Language.EN:
        return others
    near = Language.RU if source == Language.UK else Language.UK
    there = known.get(Direction(near, target), {})
    return {word: there[other] for word, other in others.items() if there.get(other)}


def listed(
    found: Mapping[str, str],
    words: Words,
    processor: sentencepiece.SentencePieceProcessor,
    *,
    seldom: int = 0,
    known: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The entries of a list: words in pieces, empty where they are frequent.

    Those of a list that is `known` stay, since they come from more text.

    Words of one piece that were seen less than `seldom` times are among them. A word with capitals
    is not listed beside the small one where it becomes the same, or where it is the less frequent:
    what begins a sentence now and then is known by a few chance links.
    """
    entries = {}
    for word, said in found.items():
        row, seen = words.pieces.get(word), words.seen.get(word, 0)
        if len(row if row is not None else processor.encode(word)) > 1:
            if seen >= FREQUENT:
                entries[word] = ""
            elif said:
                entries[word] = said
        elif said and seen < seldom and len(word) >= LETTERS:
            entries[word] = said
    entries |= known or {}
    return {word: said for word, said in entries.items() if _own(word, said, entries, words.seen)}


def _own(word: str, said: str, entries: Mapping[str, str], seen: Mapping[str, int]) -> bool:
    small = word.lower()
    if word == small or small not in entries:
        return True
    if said and entries[small].lower() == said.lower():
        return False
    return seen.get(word, 0) >= seen.get(small, 0)


def _sayable(said: str) -> bool:
    letters = said.replace("-", "").replace(" ", "")
    return bool(letters) and all(c.isalpha() or c in APOSTROPHES or c == "." for c in letters)


def _places(table: PhraseTable, words: packing.Ragged) -> Ints:
    """The number of the phrase that each word is, or -1."""
    found = np.empty(len(words), dtype=np.int64)
    _find_all(table.keys, words.flat, words.offsets, found)
    return found


@numba.njit
def _find_all(keys, flat, offsets, found):  # type: ignore[no-untyped-def]  # numba finds the types
    for i in range(len(found)):
        found[i] = find(keys, phrase_hash(flat, offsets[i], offsets[i + 1], WORD))


def drawn(examples: Examples, limit: int, seed: int) -> Examples:
    """`limit` examples drawn by weight, each then of weight one; all of them if there are fewer."""
    if np.count_nonzero(examples.weight) <= limit:
        return examples
    weight = examples.weight.astype(np.float64)
    chance = np.random.default_rng(seed)
    rows = np.sort(chance.choice(len(weight), limit, p=weight / weight.sum()))
    first = examples.target.offsets
    links = [examples.links[first[row] : first[row + 1]] for row in rows]
    return replace(
        examples,
        source=examples.source.take(rows),
        target=examples.target.take(rows),
        links=np.concatenate(links),
        weight=np.ones(limit, dtype=np.float32),
        last_weight=(examples.last_weight[rows] / examples.weight[rows]).astype(np.float32),
    )


class Hinter:
    """Replaces the rare words in the sources of a direction's examples, as the engine will."""

    def __init__(self, recipe: Recipe, direction: Direction) -> None:
        """Raises `PackageError` where the direction has no list yet."""
        tokenizer = SentencePieceTokenizer(recipe.tokenizer)
        self._rare = RareWords.load(recipe.rare_words(direction), direction, tokenizer)
        self._processor = load(recipe.tokenizer)
        self._pieces = all_pieces(self._processor)
        self._seed = recipe.seed

    def apply(self, examples: Examples, name: str) -> Examples:
        """The examples, most of them with hints; `name` and the seed decide which."""
        chance = np.random.default_rng([self._seed, zlib.crc32(name.encode())])
        sources, links = [], []
        for row in range(len(examples.source)):
            source, target = examples.source[row], examples.target[row]
            start = int(examples.target.offsets[row])
            near = examples.links[start : start + len(target)]
            if chance.random() >= PLAIN:
                plain = [self._pieces[i] for i in source]
                hinted = self._rare.read(plain, lambda _: chance.random() >= LEFT)
                new = np.array([self._processor.piece_to_id(each) for each in hinted.pieces])
                if len(new) < NONE:
                    near = relinked(near, hinted, new, target)
                    source = new.astype(np.uint16)
            sources.append(source)
            links.append(near)
        return replace(examples, source=packing.ragged(sources), links=np.concatenate(links))


def relinked(
    links: npt.NDArray[np.uint8],
    hinted: Hinted,
    source: npt.NDArray[np.integer],
    target: npt.NDArray[np.integer],
) -> npt.NDArray[np.uint8]:
    """The links of a target to its source with hints; what was taken over is linked to itself."""
    places = np.array(hinted.places)
    found = links.copy()
    for at in np.flatnonzero(links != NONE):
        place = max(0, int(np.searchsorted(places, links[at], side="right")) - 1)
        begin = max(0, place - NEAR)
        same = begin + np.flatnonzero(source[begin : place + NEAR + 1] == target[at])
        if len(same):
            place = int(same[np.argmin(np.abs(same - place))])
        found[at] = place
    return found

"""Views of a text as additive rows: the row of two joined texts is the sum of their rows.

Every view is an array `(n, d)` of raw (not unit) float32 rows, so that the cosine of any group of
units needs only sums. Views that need no model: `cognate` (character 4-grams of one coarse
romanisation shared by the three languages), `keys` (names, the caller's entity keys) and, where
English is there, `english` (character 4-grams of English). `vector` is any encoder's, `pivot` the
same encoder's of the English: what two languages word differently a translator often words alike.
Figures have rows of their own: they choose between rivals and never speak against a pair that has
none.

Forced decoding is no view, because it did not pay. Its mean log-probability of each text given the
other, raw and less that given another sentence of the document, was tried with the shipped packages
on what the other views leave in doubt (en-uk, two-fold): of 184 beads of translated news with a
probability of .1 to .9 it ranked no more rightly (area under the curve .81 without, .80 with it),
of 200 mined pairs of .03 to .97 neither (.888 and .891), at about 80 ms of processor time for a
pair and a direction. The loss against the network's own translation was not tried: that costs more.

Translating both ways did not pay either: with the mean of a claim's vectors in all three languages
for `pivot`, instead of its English alone, held out by event (packages 1.2, two events) mean average
precision went from .590 to .598, nil-aware F1 of groups from .652 to .655 and calibration error
from .074 to .076, within what two events can tell, for three times the translation.

Nor did lemmas: a view of the lemmas of the English (simplemma, hashed, weighted by rarity), held
out by the same two events (packages 1.3), left average precision at .594 of .597 and groups at .652
of .661; weighted by how rare they are in that very coverage .607 and .650; in place of `english`
.593 to .604 and .657 to .659. The n-grams of four letters see the same roots.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from alignment.errors import TooLarge
from alignment.romanise import NOT_LETTER, fold, folded
from alignment.words import Bag, rarity, read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alignment.similarity import Unit

    Rows = NDArray[np.float32]

NAMES = ("vector", "pivot", "words", "english", "cognate", "keys")
ENCODED = ("vector", "pivot")  # views made by the sentence encoder
STORY = 8.0  # units of nothing in common that the mean of two texts is held down by
SKETCH = 1024  # columns of a hashed view; a cosine is off by about 1/sqrt(SKETCH)
BLOCK = 2_048  # texts whose n-grams are counted at a time
LONGEST = 200_000  # characters of one unit that are read; more is an error, not a slow answer

_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3}(?!\d)|[.,:]\d+)*")
_NAME = re.compile(r"(?<=[^\W\d_][\s,«“\"(-])[^\W\d_a-zа-яёіїєґ][^\W\d_]+")
_MARK = re.compile(r"[?!()\[\]:;%€$£#@*/_…]|\.\.\.")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'»”’)\]]*\s+[\"'«“‘(\[]*(?=[^\W_])(?![^\W\d_A-ZА-ЯЁІЇЄҐ])")
_NEGATION = {
    "ru": re.compile(r"\b(?:не|ни|нет)\b\s*", re.IGNORECASE),
    "uk": re.compile(r"\b(?:не|ні|ані|немає)\b\s*", re.IGNORECASE),
    "en": re.compile(r"\b(?:not|never|no)\b\s*|n['’]t\b", re.IGNORECASE),
}
_ABBREVIATION = re.compile(
    r"(?:\b(?:[^\W\d_]|mr|mrs|ms|dr|st|sgt|gen|col|lt|gov|sen|rep|prof|jr|sr|vs|no|etc|inc|corp|co"
    r"|им|ім|гг|рр|ген|тыс|тис|руб|ул|вул|обл|см|стр|напр|акад|проф|св|млн|млрд|грн|тов|гр)\.)$",
    re.IGNORECASE,
)


def matching_text(text: str, language: str) -> str:
    """The text to encode for matching: every number is "0" and negations are gone.

    So neither a conflicting figure nor a denial can lower a similarity; both are read from the
    original by the rules that name the relation.
    """
    text = _NUMBER.sub("0", text)
    pattern = _NEGATION.get(language)
    return pattern.sub("", text) if pattern else text


def pieces(text: str) -> int:
    """How many sentences a unit holds, by sentence ends inside it that are no abbreviation."""
    return 1 + sum(
        1
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start() + 1])
    )


def mark_counts(texts: Sequence[str]) -> NDArray[np.float64]:
    """How many marks each text has that a translation keeps: of questions, brackets, per cents."""
    return np.array([len(_MARK.findall(text)) for text in texts], dtype=np.float64)


def numbers(text: str) -> tuple[str, ...]:
    """The figures of a text, digits only with one decimal point: "1 200,5" gives "1200.5"."""
    return tuple(_figure(match.group()) for match in _NUMBER.finditer(text))


def _figure(raw: str) -> str:
    if raw.isdigit():
        return raw.lstrip("0") or "0"
    groups = re.split(r"[.,:]", re.sub(r"\s", "", raw))
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        return "".join(groups)  # thousands
    return ".".join(group.lstrip("0") or "0" for group in groups)


def names(text: str) -> tuple[str, ...]:
    """Skeletons of the capitalised words that do not open the text, at most six letters each."""
    found = (_skeleton(word) for word in _NAME.findall(text))
    return tuple(skeleton for skeleton in found if len(skeleton) > 1)


@lru_cache(maxsize=65_536)
def _skeleton(word: str) -> str:
    """The consonants of a name's beginning, "" for what is no name."""
    if not word[0].isupper() or len(word) < 3:
        return ""
    return fold(word).strip().replace("a", "")[:4]


@dataclass(frozen=True, slots=True)
class Side:
    """One text as arrays: `rows` by view (raw, additive), characters and pieces of each unit.

    `figures` are hashed rows of its numbers, `counted` how many each unit has, `marks` how many
    marks that a translation keeps; `kinds` of a whole text are hashed rows of what they count.
    """

    language: str
    rows: dict[str, Rows]
    figures: Rows
    counted: NDArray[np.float64]
    marks: NDArray[np.float64]
    characters: NDArray[np.float64]
    pieces: NDArray[np.float64]
    words: Bag | None = None
    kinds: Rows | None = None

    def __len__(self) -> int:
        """How many units the text has."""
        return len(self.characters)

    def part(self, start: int, stop: int) -> Side:
        """The units from `start` to before `stop`."""
        cut = slice(start, stop)
        return Side(
            self.language,
            {view: rows[cut] for view, rows in self.rows.items()},
            self.figures[cut],
            self.counted[cut],
            self.marks[cut],
            self.characters[cut],
            self.pieces[cut],
        )

    def without(self, keep: NDArray[np.bool_]) -> Side:
        """The units marked True."""
        return Side(
            self.language,
            {view: rows[keep] for view, rows in self.rows.items()},
            self.figures[keep],
            self.counted[keep],
            self.marks[keep],
            self.characters[keep],
            self.pieces[keep],
        )


def main_language(units: Sequence[Unit]) -> str:
    """The language of most units (of two alike the first by name), "" for no unit."""
    counts = Counter(unit.language for unit in units)
    return min(counts, key=lambda language: (-counts[language], language), default="")


def read_side(units: Sequence[Unit], *, sketch: int = SKETCH) -> Side:
    """The arrays of one text. Raises TooLarge when a unit is longer than `LONGEST` characters."""
    for place, unit in enumerate(units):
        if len(unit.text) > LONGEST:
            message = (
                f"Unit {place} has {len(unit.text):,} characters; the limit is {LONGEST:,}. "
                "Split it into sentences first."
            )
            raise TooLarge(message)
    texts = [unit.text for unit in units]
    characters = np.array([max(1, len(text.strip())) for text in texts], dtype=np.float64)
    rows = {
        "cognate": ngram_rows(folded(texts), sketch),
        "keys": key_rows(units, min(sketch, 512)),
    }
    figures, counted = figure_rows(texts, min(sketch, 512))
    if units and all(unit.vector is not None for unit in units):
        rows["vector"] = np.stack([np.asarray(unit.vector, dtype=np.float32) for unit in units])
        rows["vector"] *= np.sqrt(characters)[:, None].astype(np.float32)
    if units and all(unit.pivot is not None for unit in units):
        rows["pivot"] = np.stack([np.asarray(unit.pivot, dtype=np.float32) for unit in units])
        rows["pivot"] *= np.sqrt(characters)[:, None].astype(np.float32)
    english = [unit.text if unit.language == "en" else unit.english for unit in units]
    if units and all(text is not None for text in english):
        plain = [NOT_LETTER.sub(" ", (text or "").lower()) for text in english]
        rows["english"] = ngram_rows(plain, sketch)
    return Side(
        main_language(units),
        rows,
        figures,
        counted,
        mark_counts(texts),
        characters,
        np.array([pieces(text) for text in texts], dtype=np.float64),
        read_words([unit.words for unit in units]),
        kind_rows(units),
    )


def centred(a: Side, b: Side) -> tuple[Side, Side]:
    """Both sides with the mean of all their vectors taken away.

    Two articles on one event have its subject in every sentence; what is left after the mean is
    gone tells the sentences apart. `STORY` keeps some of it where there are few units.
    """
    rows_a, rows_b = dict(a.rows), dict(b.rows)
    weigh_a, weigh_b = (np.sqrt(side.characters)[:, None].astype(np.float32) for side in (a, b))
    for view in ENCODED:
        if view in rows_a and view in rows_b:
            total = (rows_a[view] / weigh_a).sum(axis=0) + (rows_b[view] / weigh_b).sum(axis=0)
            mean = (total / (len(a) + len(b) + STORY)).astype(np.float32)
            rows_a[view] = rows_a[view] - mean * weigh_a
            rows_b[view] = rows_b[view] - mean * weigh_b
    return replace(a, rows=rows_a), replace(b, rows=rows_b)


def ngram_rows(texts: Sequence[str], width: int) -> Rows:
    """Signed hashed counts of character 4-grams inside words, weighted by inverse frequency.

    `texts` hold only a–z and spaces. Returns `(n, width)`. Hashing: Weinberger et al. 2009.
    """
    rows = np.empty((len(texts), width), dtype=np.float32)
    for start in range(0, len(texts), BLOCK):  # the counts of a whole book would fill the memory
        some = texts[start : start + BLOCK]
        rows[start : start + len(some)] = _ngram_block(some, width)
    return rows


def _ngram_block(texts: Sequence[str], width: int) -> Rows:
    joined = "".join(f" {text.strip()}  " for text in texts)
    lengths = np.array([len(text.strip()) + 3 for text in texts], dtype=np.int64)
    raw = np.frombuffer(joined.encode("ascii", "replace"), dtype=np.uint8).astype(np.int32)
    letters = np.where(raw == 32, 0, np.clip(raw - 96, 1, 31))
    owner = np.repeat(np.arange(len(texts)), lengths)
    if len(letters) < 4:
        return np.zeros((len(texts), width), dtype=np.float32)
    first, second, third, fourth = letters[:-3], letters[1:-2], letters[2:-1], letters[3:]
    keep = (second > 0) & (third > 0) & ((first > 0) | (fourth > 0))
    keep &= owner[:-3] == owner[3:]
    codes = ((first << 15) | (second << 10) | (third << 5) | fourth)[keep]
    weights = rarity()[codes]
    hashed = (codes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    buckets = (hashed % np.uint64(width)).astype(np.int64)
    signs = np.where((hashed >> np.uint64(23)) & np.uint64(1), 1.0, -1.0)
    flat = owner[:-3][keep] * width + buckets
    counts = np.bincount(flat, weights=weights * signs, minlength=len(texts) * width)
    return counts.reshape(len(texts), width).astype(np.float32)


def key_rows(units: Sequence[Unit], width: int) -> Rows:
    """Signed hashed keys of each unit, `(n, width)`: names by their skeleton, entity keys."""
    rows = np.zeros((len(units), width), dtype=np.float32)
    for place, unit in enumerate(units):
        weights = {"@" + name: 0.5 + 0.25 * len(name) for name in names(unit.text)}
        weights.update(("=" + key, 1.5) for key in unit.keys)
        _hash_into(rows[place], weights)
    return rows


def kind_rows(units: Sequence[Unit], width: int = 128) -> Rows:
    """Signed hashed kinds of what each unit's figures count or measure, `(n, width)`."""
    rows = np.zeros((len(units), width), dtype=np.float32)
    for place, unit in enumerate(units):
        _hash_into(rows[place], dict.fromkeys(unit.kinds, 1.0))
    return rows


def figure_rows(texts: Sequence[str], width: int) -> tuple[Rows, NDArray[np.float64]]:
    """Signed hashed figures of each text, `(n, width)`, longer ones heavier, and their counts."""
    rows = np.zeros((len(texts), width), dtype=np.float32)
    counted = np.zeros(len(texts))
    for place, text in enumerate(texts):
        found = numbers(text)
        counted[place] = len(found)
        weights = {figure: 0.6 + 0.4 * min(len(figure), 4) for figure in found}
        _hash_into(rows[place], weights)
    return rows, counted


def _hash_into(row: Rows, weights: dict[str, float]) -> None:
    for key, weight in weights.items():
        code = _code(key)
        row[code % len(row)] += weight if code & (1 << 30) else -weight


@lru_cache(maxsize=65_536)
def _code(key: str) -> int:
    import zlib

    return zlib.crc32(key.encode())

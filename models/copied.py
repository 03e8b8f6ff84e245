"""Words in Latin letters that a network copied with errors, written as their source has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set
from difflib import SequenceMatcher

from models import protect
from models.languages import Language
from models.lookalikes import TO_CYRILLIC, TO_LATIN

#: Words of a source that are missing beyond which it is no sentence, and comparing takes long.
_MOST = 100
#: Letters from which a word is told from others by its spelling.
_SHORTEST = 3
#: How much alike two words are that were one: copied in Latin letters, or in part in Cyrillic ones.
_NEARLY, _NEARLY_MIXED = 0.75, 0.7
_LATIN_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_LATIN = re.compile(rf"[{_LATIN_LETTER}]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_WORD = re.compile(r"[^\W\d_]+")
#: An abbreviation with full stops among its letters.
_DOTTED = re.compile(r"\b[A-Za-z]{1,5}(?:\.[A-Za-z]{1,5}){1,6}\b")
_COMPOUND = re.compile(r"\w+(?:-\w+)+")

_SOUNDS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e",
        "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "y", "к": "k", "л": "l", "м": "m",
        "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
        "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e",
        "ю": "yu", "я": "ya",
    }
)  # fmt: skip


def mended(source: str, target: str, language: Language) -> str:
    """The target with words as the source writes them that are nearly, but not quite, its words.

    Each word of the source is put in once at most, and only where the target lacks it. What must
    come through as it is stays.
    """
    if not _LATIN.search(target) or (language is Language.EN and not _LATIN.search(source)):
        return target
    spans = protect.items(source)
    words = _latin_words("".join(" " if item else p for p, item in protect.around(source, spans)))
    if language is Language.EN and not words:
        return target
    there = Counter(_latin_words(target))
    missing = Counter(words) - there
    if (language is Language.EN and not missing) or len(missing) > _MOST:
        return target
    pieces = []
    for piece, item in protect.around(target, protect.items(target)):
        pieces.append(piece if item else _mended(piece, set(words), missing, there, language))
    return "".join(pieces)


def _mended(
    text: str, known: set[str], missing: Counter[str], there: Counter[str], language: Language
) -> str:
    def taken(word: str) -> str:
        missing[word] -= 1
        return word

    def without_dots(match: re.Match[str]) -> str:
        plain = match[0].replace(".", "")
        return taken(plain) if len(plain) >= _SHORTEST and missing[plain] > 0 else match[0]

    said = {word.casefold() for word in there}

    def whole(match: re.Match[str]) -> str:
        word = match[0]
        if not _LATIN.search(word):
            return word
        mixed = _CYRILLIC.search(word) is not None
        if not mixed and (len(word) < _SHORTEST or word in known or match.start() in kept):
            return word
        left = [each for each, count in missing.items() if count > 0]
        if mixed:
            found = None if language is Language.EN else _unmixed(word, left, language)
            return taken(found) if found in left else found or word
        near = _as_written(word, left, said, language)
        return taken(near) if near else word

    text = _DOTTED.sub(without_dots, text)
    # E-mail is no bad copy of email.
    joined = {word.casefold() for word in known}
    kept = {
        match.start() + part.start()
        for match in _COMPOUND.finditer(text)
        if match[0].replace("-", "").casefold() in joined
        for part in _WORD.finditer(match[0])
    }
    return _WORD.sub(whole, text)


def _as_written(
    word: str, missing: Iterable[str], said: Set[str], language: Language
) -> str | None:
    """The missing word that one in Latin letters stands for; none of those already `said`."""
    folded = word.casefold()
    options: list[tuple[float, str]] = []
    for other in missing:
        if folded == other.casefold():
            if not _differs_on_purpose(word, other):
                return other
        elif other.casefold() not in said and not _is_its_own(word, other, language):
            options.append((_alike(folded, other.casefold(), _NEARLY), other))
    return _best(options, _NEARLY)


def _is_its_own(word: str, other: str, language: Language) -> bool:
    """Whether a word is no bad copy: English in small letters, or the other's plural or singular.

    Leopards are shipped, but "танки Leopard".
    """
    if language is not Language.EN:
        return word.istitle() and other.casefold() in (
            f"{word}s".casefold(),
            f"{word}es".casefold(),
        )
    plurals = (f"{other}s".casefold(), f"{other}es".casefold())
    return word.islower() or word.casefold() in plurals


def _differs_on_purpose(word: str, other: str) -> bool:
    """Whether a word may have other capitals than the source's: Google, GOOGLE; The, the; Zoom."""
    if word.islower():
        return other.isupper() or len(word) <= _SHORTEST
    return word.istitle() and (other.isupper() or other.islower())


def _unmixed(word: str, missing: Iterable[str], language: Language) -> str | None:
    """A word of Latin and Cyrillic letters in one of them: the source's word, or all Cyrillic."""
    latin = word.translate(TO_LATIN)
    cyrillic = word.translate(TO_CYRILLIC[language])
    names = [other for other in missing if not other.islower()]
    if not _LATIN.search(cyrillic):
        same = (other for other in names if other.casefold() == latin.casefold())
        return next(same, cyrillic)
    spelled = word.casefold().translate(_SOUNDS)
    return _best(
        [
            (
                max(
                    _alike(each, other.casefold(), _NEARLY_MIXED)
                    for each in (latin.casefold(), spelled)
                ),
                other,
            )
            for other in names
        ],
        _NEARLY_MIXED,
    )


def _best(options: Iterable[tuple[float, str]], least: float) -> str | None:
    score, word = max(options, default=(0.0, ""))
    return word if score >= least else None


def _alike(one: str, other: str, least: float) -> float:
    """How much alike two words are; 0 where that is less than `least`."""
    from rapidfuzz.fuzz import ratio

    # Never less than the other, and quick.
    if not ratio(one, other, score_cutoff=100 * least - 0.01):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _latin_words(text: str) -> list[str]:
    """The words of a text that are all in Latin letters and not too short."""
    return [
        word
        for word in _WORD.findall(text)
        if len(word) >= _SHORTEST and _LATIN.match(word) and not _CYRILLIC.search(word)
    ]

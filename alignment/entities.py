"""People, places and organisations in a text, under keys that all three languages share."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from alignment.errors import LexiconError
from alignment.lexicon import LANGUAGES, Phrases, grammar, read, words
from alignment.tokens import Tokens, tokenise


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as spelled, and its language-neutral key ("place:kharkiv", "person:peskov").

    `kind` is "person", "place", "organisation" or "name" (a name of unknown kind).
    """

    start: int
    end: int
    text: str
    key: str
    kind: str


# Consonant classes that Russian, Ukrainian and the usual romanisations share. Vowels, signs and
# й are dropped: they are what the spellings of one name differ in.
_CYRILLIC = {
    "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ж": "j", "з": "z", "к": "k", "л": "l",
    "м": "m", "н": "n", "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "x", "ц": "q",
    "ч": "c", "ш": "w", "щ": "w",
}  # fmt: skip
_LATIN = {
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "g", "h": "g", "j": "j", "k": "k", "l": "l",
    "m": "m", "n": "n", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "v": "v", "w": "v",
    "x": "ks", "z": "z", "ł": "l",
}  # fmt: skip
_CLUSTERS = {
    "shch": "w",
    "sch": "w",
    "kh": "x",
    "zh": "j",
    "ts": "q",
    "tz": "q",
    "ch": "c",
    "sh": "w",
    "ph": "f",
    "ck": "k",
    "th": "t",
}
_VOWELS = set("аеєиіїоуыэюяaeiouy")
# Case endings that carry consonants; bare vowels go with all vowels. Longest first.
_CASE_ENDINGS = (
    "ского", "скому", "ским", "ском", "ской", "ського", "ському", "ським", "ській", "ської",
    "ами", "ями", "ого", "его", "ому", "ему", "ові", "еві", "єві", "ах", "ях", "ам", "ям", "ом",
    "ем", "єм", "ым", "им",
)  # fmt: skip
_ADJECTIVAL = "ск"


@cache
def _aliases(language: str) -> Phrases:
    """The alias table of a language; an entry is (key, kind)."""
    phrases = grammar(language).phrases()
    column = LANGUAGES.index(language)
    for kind, names in read("entities").items():
        for name, spellings in names.items():
            if len(spellings) != len(LANGUAGES):
                raise LexiconError(
                    f"lexicons/entities.yaml: {name} needs a spelling for ru, uk, en."
                )
            phrases.add_all(spellings[column], (f"{kind}:{name}", kind))
            # Names keep their Latin spelling inside Cyrillic text, foreign media most of all.
            if language != "en" and kind == "organisation" and spellings[2] != spellings[column]:
                phrases.add_all(spellings[2], (f"{kind}:{name}", kind))
    return phrases


@cache
def _common(language: str) -> Phrases:
    """Words that a capital letter does not make a name: months, weekdays, speaker roles."""
    return grammar(language).compiled(
        "not_names", "roles", "months", "weekdays", "relatives", "prepositions"
    )


def _stem(word: str) -> str:
    """A Cyrillic name without a case ending that carries consonants."""
    for ending in _CASE_ENDINGS:
        if word.endswith(ending):
            rest = word[: len(word) - len(ending)]
            if len(rest) >= 3 and any(c in _VOWELS for c in rest):
                return rest + (
                    _ADJECTIVAL if ending.startswith("ск") or ending.startswith("ськ") else ""
                )
    return word


@lru_cache(maxsize=65_536)
def skeleton(name: str) -> str:
    """The consonant skeleton of a name word, the same for its Russian, Ukrainian and English form.

    "Гладкова", "Гладковим" and "Hladkov" give "gldkv". A name without consonants is kept as it is.
    """
    word = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("й", "j"))
    word = unicodedata.normalize("NFC", "".join(c for c in word if not unicodedata.combining(c)))
    cyrillic = any("а" <= c <= "я" or c in "єії" for c in word)
    out: list[str] = []
    if cyrillic:
        word = _stem(name.casefold().replace("ё", "е"))
        i = 0
        while i < len(word):
            if word[i : i + 2] == "дж":
                out.append("j")
                i += 2
                continue
            if word[i : i + 2] == "кс":
                out.append("ks")
                i += 2
                continue
            out.append(_CYRILLIC.get(word[i], ""))
            i += 1
    else:
        i = 0
        while i < len(word):
            for size in (4, 3, 2):
                sound = _CLUSTERS.get(word[i : i + size])
                if sound and len(word[i : i + size]) == size:
                    out.append(sound)
                    i += size
                    break
            else:
                out.append(_LATIN.get(word[i], ""))
                i += 1
    letters = "".join(out)
    squeezed = "".join(c for i, c in enumerate(letters) if i == 0 or letters[i - 1] != c)
    return squeezed or name.casefold()


def key(name: str, language: str) -> str:
    """The language-neutral key of a name: Харків, Харьков, Kharkiv and Kharkov share one.

    A name in the alias table has its key there; any other is known by the consonant skeleton of
    its last word, so that a surname with or without a first name has one key.
    """
    tokens = tokenise(name)
    aliases = _aliases(language)
    for i in range(len(tokens)):
        last, entries = aliases.at(tokens, i)
        if last == len(tokens) and entries:
            return str(entries[0][0])
    parts = [
        t
        for t, kind in zip(tokens.texts, tokens.kinds, strict=True)
        if kind == "word" and t not in ("'s", "’s")
    ]
    return f"name:{skeleton(parts[-1])}" if parts else ""


def _is_capital(text: str) -> bool:
    return text[0].isupper() and (len(text) > 1 or text in ("Ъ",))


def _compound(text: str) -> bool:
    """Whether a word is an adjective made from a name: "Russia-controlled"."""
    _, hyphen, tail = text.partition("-")
    return bool(hyphen) and tail.isascii() and tail.islower() and len(tail) > 2


def find(tokens: Tokens, language: str) -> list[Entity]:
    """The names of tokenised text, in order."""
    aliases, common = _aliases(language), _common(language)
    found: list[Entity] = []
    i, size = 0, len(tokens)
    while i < size:
        if tokens.kinds[i] not in ("word", "other") or not tokens.texts[i][0].isupper():
            last, entries = aliases.at(tokens, i) if tokens.kinds[i] == "word" else (i, [])
            if last > i:
                found.append(_entity(tokens, i, last, entries[0][0], entries[0][1]))
                i = last
            else:
                i += 1
            continue
        last, entries = aliases.at(tokens, i)
        if last > i:
            found.append(_entity(tokens, i, last, entries[0][0], entries[0][1]))
            i = last
            continue
        run = i
        while (
            run < size
            and tokens.kinds[run] == "word"
            and _is_capital(tokens.texts[run])
            and (run == i or aliases.at(tokens, run)[0] == run)
            and (run == i or common.at(tokens, run)[0] == run)
            and not (language == "en" and tokens.forms[run] in words("en", "openers"))
            and not _compound(tokens.texts[run])
        ):
            run += 1
        opens = i == 0 or tokens.texts[i - 1] in '«“„".!?:—–'
        count = run - i
        if count == 0 or tokens.kinds[i] != "word":
            i += 1
            continue
        # One capitalised word that opens a sentence is a name only when an alias says so; then the
        # surname behind a known word ("Министр Белоусов") still counts.
        first = i
        while first < run and common.at(tokens, first)[0] > first:
            first = min(common.at(tokens, first)[0], run)
        if first == i and opens and count == 1:
            first = i + 1
        count = run - first
        # "Rustem Umerov": an alias behind a first name takes the first name with it.
        if run < size and count >= 1 and tokens.texts[run][0].isupper():
            end, entries = aliases.at(tokens, run)
            if end > run and entries[0][1] == "person":
                found.append(_entity(tokens, first, end, entries[0][0], "person"))
                i = end
                continue
        if count >= 1:
            name = tokens.texts[run - 1]
            kind = "person" if count >= 2 and not name.isupper() else "name"
            found.append(_entity(tokens, first, run, f"name:{skeleton(name)}", kind))
        i = max(run, i + 1)
    return found


def _entity(tokens: Tokens, first: int, last: int, name: str, kind: str) -> Entity:
    start, end = tokens.starts[first], tokens.ends[last - 1]
    return Entity(tokens.offset + start, tokens.offset + end, tokens.text[start:end], name, kind)


def entities(text: str, language: str, offset: int = 0) -> list[Entity]:
    """The names in a text, in order; offsets are shifted by `offset`."""
    return find(tokenise(text, offset), language)


__all__ = ["Entity", "entities", "find", "key", "skeleton"]

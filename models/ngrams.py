"""Character n-grams of words in one coarse romanisation, the same for three languages.

A name that no training text held still shares its n-grams with the same name in another script
(Заят and Zayat), and so do words of one root (артерія, artery). The sentence encoder sums a vector
for each n-gram beside those of the pieces. Its weights were trained on exactly these rules:
changing one means training the encoder again, so nothing else uses them.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

#: Rows of the encoder's table that n-grams are hashed into (Weinberger 2009).
BUCKETS = 32_000
SHORTEST = 4  # letters of a romanised word; shorter ones are whole pieces anyway
CACHED = 100_000  # words, a few MiB

# What sounds alike gets one letter: г, х, g, h and kh; ш, s and sh; ц, ч and ch; и, й, y and i.
_LETTERS = {
    **dict(zip("абвгґдеєэжзиіїйыклмнопрстуф", "abvhhdeeezziiiiiklmnoprstuf", strict=True)),
    **dict(zip("хцчшщюя", ("h", "c", "c", "s", "s", "iu", "ia"), strict=True)),
    **{letter: letter for letter in "abdefhijklmnoprstuvz"},
    **{"g": "h", "c": "k", "q": "k", "w": "v", "x": "ks", "y": "i"},
    **{"ł": "l", "ø": "o", "đ": "d", "ß": "s", "ı": "i", "æ": "e"},
}
_TOGETHER = {
    **{"дж": "j", "dzh": "j", "тх": "t", "th": "t", "kh": "h", "gh": "h", "ph": "f", "wh": "v"},
    **{"shch": "s", "sch": "s", "sh": "s", "tsch": "c", "tch": "c", "ch": "c", "ts": "c"},
    **{"tz": "c", "zh": "z", "ck": "k", "qu": "kv", "ou": "u", "oo": "u", "ee": "i", "ea": "i"},
    **{"ye": "e", "yo": "io", "yi": "i", "iy": "i", "yy": "i"},
}
_SOUND = re.compile("|".join([*sorted(_TOGETHER, key=len, reverse=True), "."]))
_MUTE_H = re.compile("h(?=[bcdfklmnprstvz])|(?<=[aeiou])h$")
_DOUBLE = re.compile(r"(.)\1+")
_WORD = re.compile(r"\w+")


def romanised(word: str) -> str:
    """The word in some twenty Latin letters, without accents, mute h and doubled letters."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", word.lower())
        if not unicodedata.combining(letter)
    )
    letters = _SOUND.sub(_sound, plain)
    return _DOUBLE.sub(r"\1", _MUTE_H.sub("", letters))


def _sound(found: re.Match[str]) -> str:
    """The letters that stand for a letter or a cluster, "" for what is neither."""
    spelt = found[0]
    if spelt == "c" and found.string[found.end() : found.end() + 1] in ("e", "i", "y"):
        return "s"
    return _TOGETHER.get(spelt) or _LETTERS.get(spelt, "")


@lru_cache(maxsize=CACHED)
def buckets(word: str) -> tuple[int, ...]:
    """The buckets of a word's n-grams, in rising order."""
    return tuple(sorted(zlib.crc32(gram.encode()) % BUCKETS for gram in ngrams(word)))


def ngrams(word: str) -> set[str]:
    """The trigrams of a word and, of a longer one, its 4-grams; a figure is one n-gram.

    The beginning of a word counts as a letter; its end, which inflects, does not.
    """
    if word.isdigit():
        return {f"#{word}"} if len(word) > 1 else set()
    letters = romanised(word)
    if len(letters) < SHORTEST:
        return set()
    marked = f"^{letters}"
    sizes = (3, 4) if len(letters) > SHORTEST else (3,)
    return {marked[i : i + n] for n in sizes for i in range(len(marked) - n + 1)}


def words(text: str) -> list[str]:
    """The words and figures of a text, stress marks left out."""
    return _WORD.findall(text.replace("\u0301", ""))

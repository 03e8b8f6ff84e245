"""One coarse Latin for three languages, so that a name has one spelling in all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# One coarse Latin for three languages: vowels fall together (Харків, Харьков, Kharkiv), voiced and
# spelled pairs that transliteration mixes (г/h/g/х, с/z, в/w) share a letter.
_CYRILLIC = dict(
    zip(
        "абвгґдеёєжзиійїклмнопрстуфхцчшщъыьэюяў",
        "abvhhdaaajsaaaaklmnaprstafhccss_a_aaaa",
        strict=True,
    )
)
_LATIN = dict(zip("abcdefghijklmnopqrstuvwxyz", "abkdafhhajklmnapkrstavvkas", strict=True))
_FOLD = str.maketrans(
    {letter: value.strip("_") for letter, value in {**_CYRILLIC, **_LATIN}.items()}
    | dict.fromkeys("'’ʼ`\u0301-", "")
)
_DIGRAPH = re.compile(r"kh|zh|sh|ch|ph|th|ts|ck|ce|ci|cy")
_DIGRAPHS = {
    "kh": "h", "zh": "j", "sh": "s", "ch": "ц", "ph": "f", "th": "t",
    "ts": "ц", "ck": "k", "ce": "sa", "ci": "sa", "cy": "sa",
}  # fmt: skip
_DOUBLED = re.compile(r"([a-z])\1+")
NOT_LETTER = re.compile(r"[^a-z]+")
_NEITHER = re.compile(r"[^a-z\x00]+")


def fold(text: str) -> str:
    """The coarse romanisation of a text: letters a–z with single spaces, vowels all `a`."""
    folded = _DIGRAPH.sub(lambda match: _DIGRAPHS[match.group()], text.lower()).translate(_FOLD)
    return _DOUBLED.sub(r"\1", NOT_LETTER.sub(" ", folded))


def folded(texts: Sequence[str]) -> list[str]:
    """`fold` of every text, in one go."""
    joined = "\x00".join(text.replace("\x00", " ") for text in texts)
    coarse = _DIGRAPH.sub(lambda match: _DIGRAPHS[match.group()], joined.lower()).translate(_FOLD)
    return _DOUBLED.sub(r"\1", _NEITHER.sub(" ", coarse)).split("\x00")

"""Tokens: words, numbers and marks of a text, with their offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Alternatives start with disjoint characters or are tried longest first, and no quantifier is
# nested in another over the same characters: time is linear in the length of the text.
_TOKEN = re.compile(
    r"(?P<other>\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}(?::\d{2})?(?!\d)|\d+-[^\W\d_]+|[^\W\d_]{1,4}-\d+[^\W\d_]?)"
    r"|(?P<number>\d{1,3}(?:[   ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    r"|(?P<word>(?:[A-Z]\.){2,}|['’]s(?!\w)"
    r"|[^\W\d_]+(?:(?:['’ʼ`](?!s(?!\w))|-)[^\W\d_]+)*)"
    r"|(?P<mark>\S)"
)
_FOLD = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'", "‘": "'"})

_OPEN = {"«": "»", "“": "”", "„": "“”"}


def fold(word: str) -> str:
    """The form under which a word is looked up: lower case, ё as е, one kind of apostrophe."""
    return word.lower().translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text as parallel lists; `forms` are folded, offsets count from `offset`."""

    text: str
    offset: int
    texts: list[str]
    forms: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[str]

    def __len__(self) -> int:
        """The number of tokens."""
        return len(self.texts)

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` up to but without token `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]] if first < last else ""


def tokenise(text: str, offset: int = 0) -> Tokens:
    """The tokens of a text; a possessive 's is a token of its own, "47-й" and "F-16" are one."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kinds: list[str] = []
    for found in _TOKEN.finditer(text):
        texts.append(found.group())
        starts.append(found.start())
        ends.append(found.end())
        kinds.append(found.lastgroup or "mark")
    return Tokens(text, offset, texts, [fold(t) for t in texts], starts, ends, kinds)


def quotations(tokens: Tokens) -> list[tuple[int, int]]:
    """The quoted stretches as token ranges, marks included, in order and not nested.

    A quotation that is never closed runs to the end of the text, as in a quote that goes on in
    the next sentence; a closing mark without an opening one begins at the start.
    """
    found: list[tuple[int, int]] = []
    opened = -1
    closing = ""
    depth = 0
    for i, text in enumerate(tokens.texts):
        if tokens.kinds[i] != "mark":
            continue
        if opened < 0:
            if text in _OPEN:
                opened, closing, depth = i, _OPEN[text], 1
            elif text == '"':
                opened, closing, depth = i, '"', 1
            elif text in "»”" and not found:
                found.append((0, i + 1))
        elif text in closing:
            depth -= 1
            if depth == 0:
                found.append((opened, i + 1))
                opened = -1
        elif text == tokens.texts[opened]:
            depth += 1
    if opened >= 0:
        found.append((opened, len(tokens)))
    return found


def inside(ranges: Sequence[tuple[int, int]], size: int) -> list[int]:
    """For each of `size` tokens the index of the range that holds it, or -1."""
    holder = [-1] * size
    for k, (first, last) in enumerate(ranges):
        for i in range(first, min(last, size)):
            holder[i] = k
    return holder

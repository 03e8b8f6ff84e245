"""Opposites: words that tell contrary things of one matter, "acquitted" and "found guilty".

A side takes one of two contraries where it uses words of that one alone: who reports a rise after
a fall takes neither. With a negation on one side the contraries say the same ("did not acquit").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from alignment.lexicon import Phrases, grammar
from alignment.span import Span
from alignment.tokens import Tokens

#: Contraries, as the grammars label them.
_CONTRARIES = (
    ("convicted", "acquitted"), ("approved", "rejected"), ("allowed", "banned"), ("rose", "fell")
)  # fmt: skip
#: What rises against one currency falls against another.
_RELATIVE = frozenset({"usd", "eur", "gbp", "rub", "uah"})


@cache
def _words(language: str) -> tuple[Phrases, Phrases]:
    data = grammar(language)
    return data.compiled("opposites"), data.compiled("units")


def poles(tokens: Tokens, language: str) -> dict[str, Span]:
    """The contraries that a claim's words name, each with the words that name it."""
    opposites, units = _words(language)
    found: dict[str, Span] = {}
    for match in opposites.scan(tokens):
        start, end = tokens.starts[match.first], tokens.ends[match.last - 1]
        span = Span(tokens.offset + start, tokens.offset + end, tokens.text[start:end])
        found.setdefault(match.entry[1], span)
    if any(match.entry[1] in _RELATIVE for match in units.scan(tokens)):
        found.pop("rose", None)
        found.pop("fell", None)
    return found


def contrary(a: Mapping[str, Span], b: Mapping[str, Span]) -> tuple[Span, Span] | None:
    """The words of two sides that say contrary things, or None."""
    for one, other in _CONTRARIES:
        for first, second in ((one, other), (other, one)):
            if first in a and second in b and second not in a and first not in b:
                return a[first], b[second]
    return None

"""Contested terms: which variant of a concept a text uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alignment.errors import LexiconError
from alignment.lexicon import LANGUAGES, Phrases, grammar, read
from alignment.tokens import Tokens, inside, quotations, tokenise


@dataclass(frozen=True, slots=True)
class TermUse:
    """One use of a contested term: the concept, the variant chosen, and how it is held at distance.

    `concept` and `variant` are language-neutral ids ("pl.kyiv", "kiev"); `quoted` says the term
    stands in scare quotes, `so_called` that a "so-called" marks it.
    """

    start: int
    end: int
    text: str
    concept: str
    variant: str
    quoted: bool = False
    so_called: bool = False


#: A quotation up to this many words is a term held at a distance; a longer one is speech.
_SCARE_QUOTE_WORDS = 5
#: "so-called" may stand this many tokens before its term, with adjectives or a quote mark between.
_SO_CALLED_REACH = 4


class Lexicon:
    """The contested terms of all three languages, ready to search with."""

    def __init__(self, content: Mapping[str, Mapping[str, object]]) -> None:
        """A lexicon of `content`, laid out as in `lexicons/terms.yaml`.

        Raises:
            LexiconError: a variant lacks the patterns of a language, or a pattern is malformed.
        """
        self._terms: dict[str, Phrases] = {}
        self._so_called: dict[str, Phrases] = {}
        self.concepts: tuple[str, ...] = tuple(content.get("concepts", ()))
        for column, language in enumerate(LANGUAGES):
            terms = grammar(language).phrases()
            for concept, variants in content["concepts"].items():
                if not isinstance(variants, Mapping):
                    raise LexiconError(
                        f"lexicons/terms.yaml: {concept} must map variants to patterns."
                    )
                for variant, patterns in variants.items():
                    if len(patterns) != len(LANGUAGES):
                        raise LexiconError(
                            f"lexicons/terms.yaml: {concept}.{variant} needs ru, uk and en."
                        )
                    terms.add_all(patterns[column], (concept, str(variant)))
            self._terms[language] = terms
            marks = grammar(language).phrases()
            marks.add_all(str(content["so_called"][language]), "so_called")
            self._so_called[language] = marks

    @classmethod
    def load(cls) -> Lexicon:
        """The lexicon shipped in `lexicons/terms.yaml`.

        Raises:
            LexiconError: the file is missing or malformed; the message names the entry.
        """
        return cls(read("terms"))

    def find(self, text: str, language: str, offset: int = 0) -> list[TermUse]:
        """The contested terms of a text, in order; offsets are shifted by `offset`.

        Terms of different concepts may overlap ("Kyiv regime" is a regime and a spelling of Kyiv).
        """
        return self.search(tokenise(text, offset), language)

    def search(self, tokens: Tokens, language: str) -> list[TermUse]:
        """The contested terms of tokenised text, in order."""
        terms, marks = self._terms[language], self._so_called[language]
        found: list[tuple[int, int, str, str]] = []
        covered: dict[str, int] = {}
        for i, kind in enumerate(tokens.kinds):
            if kind == "mark" or tokens.forms[i] not in terms.openers:
                continue
            for last, entries in reversed(terms.every(tokens, i)):
                for concept, variant in entries:
                    if covered.get(concept, 0) < last:
                        covered[concept] = last
                        found.append((i, last, concept, variant))
        if not found:
            return []
        quotes = quotations(tokens)
        holder = inside(quotes, len(tokens))
        uses: list[TermUse] = []
        for first, last, concept, variant in found:
            quote = quotes[holder[first]] if holder[first] >= 0 else None
            quoted = (
                quote is not None
                and last <= quote[1]
                and sum(k != "mark" for k in tokens.kinds[quote[0] : quote[1]])
                <= _SCARE_QUOTE_WORDS
            )
            so_called = any(
                first - _SO_CALLED_REACH <= k and first - 2 <= end <= first and end > k
                for k in range(max(0, first - _SO_CALLED_REACH), first)
                for end, _ in (marks.at(tokens, k),)
            )
            begin, stop = tokens.starts[first], tokens.ends[last - 1]
            uses.append(
                TermUse(
                    tokens.offset + begin,
                    tokens.offset + stop,
                    tokens.text[begin:stop],
                    concept,
                    variant,
                    quoted,
                    so_called,
                )
            )
        return uses

"""A glossary: terms whose translation is laid down, found in any inflected form."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.languages import Direction, Language

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Term:
    """A term and the translations that are right for it.

    Attributes:
        direction: of the two.
        source: forms of the term; inflected forms of each are found as well.
        target: allowed translations, the preferred one first.
        note: what a person should know about it.
    """

    direction: Direction
    source: tuple[str, ...]
    target: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A term found in a text: `text[start:end]` is the form it has there."""

    term: Term
    start: int
    end: int


class Glossary:
    """Terms by direction; `digest` is the sha256 of what it says."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        lines = sorted(repr((str(t.direction), t.source, t.target)) for t in self.terms)
        self.digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        self._starts: dict[tuple[Language, str], list[tuple[list[str], Term]]] = defaultdict(list)
        for term in self.terms:
            for form in term.source:
                lemmas = _lemmas(form, term.direction.source)
                if lemmas:
                    self._starts[term.direction.source, lemmas[0]].append((lemmas, term))

    @classmethod
    def read(cls, text: str, direction: Direction) -> Glossary:
        """The glossary written as tab- or comma-separated lines: source, target, note.

        Several forms are separated by `|`; empty lines and those that begin with `#` are
        passed over.

        Raises:
            ValueError: a line has no target; its number is told.
        """
        delimiter = "\t" if "\t" in text else ","
        terms = []
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            cells = [cell.strip() for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            source = tuple(filter(None, map(str.strip, cells[0].split("|"))))
            target = tuple(filter(None, map(str.strip, cells[1].split("|")))) if cells[1:] else ()
            if not source or not target:
                raise ValueError(f"Line {number} of the glossary needs a term and a translation.")
            terms.append(Term(direction, source, target, cells[2] if cells[2:] else ""))
        return cls(terms)

    def find(self, text: str, direction: Direction) -> list[Use]:
        """The terms used in a text, in order; of two at one place the longer one."""
        words = list(_WORD.finditer(text))
        lemmas = [_lemma(word.group(), direction.source) for word in words]
        found = []
        at = 0
        while at < len(words):
            best: tuple[int, Term] | None = None
            for wanted, term in self._starts.get((direction.source, lemmas[at]), ()):
                same = term.direction == direction and lemmas[at : at + len(wanted)] == wanted
                if same and (best is None or len(wanted) > best[0]):
                    best = len(wanted), term
            if best is None:
                at += 1
                continue
            size, term = best
            found.append(Use(term, words[at].start(), words[at + size - 1].end()))
            at += size
        return found

    def applied(self, text: str, direction: Direction) -> str:
        """The digest of the terms that a text uses and of what they have to become, or nothing.

        A translation made under it is as the glossary has it until one of these terms changes.
        """
        used = {repr((use.term.source, use.term.target)) for use in self.find(text, direction)}
        return hashlib.sha256("\n".join(sorted(used)).encode()).hexdigest()[:16] if used else ""

    def missed(self, source: str, target: str, direction: Direction) -> list[str]:
        """The terms in `source` of which `target` holds no allowed translation, as written."""
        uses = self.find(source, direction)
        if not uses:
            return []
        said = _lemmas(target, direction.target)
        return [
            source[use.start : use.end]
            for use in uses
            if not any(_holds(said, _lemmas(form, direction.target)) for form in use.term.target)
        ]


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(words[at : at + size]) == list(wanted) for at in range(len(words) - size + 1))


def _lemmas(text: str, language: Language) -> list[str]:
    return [_lemma(word, language) for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def _lemma(word: str, language: Language) -> str:
    import simplemma

    lemma: str = simplemma.lemmatize(word.casefold().replace("’", "'"), lang=language.value)
    return lemma.casefold().replace("ё", "е")

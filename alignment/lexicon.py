"""Lexicons: the word lists under `lexicons/`, compiled for looking up in tokens.

A pattern is words with spaces between. Each word is one or more alternatives joined by `|`:
`word` stands for itself, `stem~` for the stem with any nominal ending of the language, and
`stem+class` for the stem with the endings of a named class (`endings:` in the language's file).
A word written with a capital must be capitalised in the text, one in capitals must be in capitals,
one behind `=` must be in small letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from alignment.errors import LexiconError
from alignment.tokens import Tokens, fold

#: The languages that have a grammar under `lexicons/`, in the order of columns in shared files.
LANGUAGES = ("ru", "uk", "en")

_ANY, _CAPITAL, _CAPITALS, _SMALL = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Match:
    """A lexicon entry found in tokens `first` up to but without `last`."""

    first: int
    last: int
    entry: Any


@dataclass(slots=True)
class _Node:
    """One step of the phrases: what may follow, and the entries that end here."""

    next: dict[int, _Node] = field(default_factory=dict)
    entries: list[Any] = field(default_factory=list)


def _demand(word: str) -> int:
    """What a pattern word demands of the case of its match."""
    if len(word) > 1 and word[0] == "=":
        return _SMALL
    letters = [c for c in word if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return _CAPITALS
    return _CAPITAL if letters and letters[0].isupper() else _ANY


class Phrases:
    """Phrases to be found in tokens; each token costs one dictionary look-up when nothing starts.

    Word patterns are numbered, forms point to the numbers they can be, and phrases are a trie of
    numbers: a phrase of two inflected words costs the sum of their forms, not the product.
    """

    def __init__(self, endings: Mapping[str, tuple[str, ...]]) -> None:
        """Phrases over the given ending classes; the class "" is that of `stem~`."""
        self._endings = endings
        self._numbers: dict[str, int] = {}
        self._demands: list[int] = []
        self._forms: dict[str, list[int]] = {}
        self._root = _Node()
        #: Folded forms that can start a phrase; a token outside needs no look-up.
        self.openers: set[str] = set()

    def _forms_of(self, word: str) -> list[str]:
        for mark in ("~", "+"):
            stem, found, name = word.partition(mark)
            if found and stem:
                if name not in self._endings:
                    raise LexiconError(f"The pattern {word!r} names no known class of endings.")
                return [stem + ending for ending in self._endings[name]]
        return [word]

    def _number(self, pattern: str) -> int:
        number = self._numbers.get(pattern)
        if number is None:
            number = self._numbers[pattern] = len(self._demands)
            words = pattern.split("|") if len(pattern) > 1 else [pattern]
            self._demands.append(_demand(words[0].rstrip("~").split("+")[0] or words[0]))
            for word in words:
                for form in self._forms_of(word.lstrip("=") or word):
                    numbers = self._forms.setdefault(fold(form), [])
                    if number not in numbers:
                        numbers.append(number)
        return number

    def add(self, pattern: str, entry: Any) -> None:
        """Adds a pattern whose match carries `entry`."""
        node = self._root
        words = pattern.replace("'s", " 's").split()
        for word in words[0].split("|") if words and len(words[0]) > 1 else words[:1]:
            self.openers.update(fold(form) for form in self._forms_of(word.lstrip("=") or word))
        for word in words:
            node = node.next.setdefault(self._number(word), _Node())
        if node is self._root:
            raise LexiconError(f"The pattern for {entry!r} is empty.")
        node.entries.append(entry)

    def add_all(self, patterns: str | Iterable[str], entry: Any) -> None:
        """Adds several patterns with the same entry; a string holds them apart by commas."""
        for pattern in patterns.split(",") if isinstance(patterns, str) else patterns:
            if pattern.strip():
                self.add(pattern.strip(), entry)

    def _fits(self, number: int, text: str) -> bool:
        demand = self._demands[number]
        if demand == _ANY:
            return True
        if demand == _SMALL:
            return text.islower()
        return text[0].isupper() if demand == _CAPITAL else text.isupper()

    def every(self, tokens: Tokens, first: int) -> list[tuple[int, list[Any]]]:
        """The ends and entries of all phrases that start at a token, shortest first."""
        found: list[tuple[int, list[Any]]] = []
        states = [self._root]
        i = first
        size = len(tokens.forms)
        while i < size and states:
            numbers = self._forms.get(tokens.forms[i])
            if not numbers:
                break
            text = tokens.texts[i]
            following: list[_Node] = []
            for state in states:
                for number in numbers:
                    node = state.next.get(number)
                    if node is not None and self._fits(number, text):
                        following.append(node)
            i += 1
            here = [e for node in following for e in node.entries]
            if here:
                found.append((i, here))
            states = following
        return found

    def at(self, tokens: Tokens, first: int) -> tuple[int, list[Any]]:
        """The end and entries of the longest phrase that starts at a token; (first, []) if none."""
        if first >= len(tokens.forms) or tokens.forms[first] not in self.openers:
            return first, []
        found = self.every(tokens, first)
        return found[-1] if found else (first, [])

    def label(self, tokens: Tokens, first: int) -> tuple[int, str]:
        """The end and the label of the longest phrase that starts at a token, or (first, "")."""
        last, entries = self.at(tokens, first) if first >= 0 else (first, [])
        return (last, entries[0][1]) if entries else (first, "")

    def scan(self, tokens: Tokens) -> list[Match]:
        """The longest phrases from left to right, without overlaps; one match for each entry."""
        found: list[Match] = []
        i = 0
        openers = self.openers
        texts = tokens.forms
        while i < len(texts):
            if texts[i] in openers:
                last, entries = self.at(tokens, i)
                if last > i:
                    found.extend(Match(i, last, entry) for entry in entries)
                    i = last
                    continue
            i += 1
        return found


def read(name: str) -> Any:
    """The content of the file `lexicons/<name>.yaml`.

    Raises:
        LexiconError: the file is missing or is not YAML.
    """
    path = resources.files("alignment") / "lexicons" / f"{name}.yaml"
    try:
        # The C loader is ten times faster; wheels of PyYAML have it, other builds may not.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (OSError, yaml.YAMLError) as error:
        raise LexiconError(
            f"lexicons/{name}.yaml cannot be read ({error}); restore the file as shipped."
        ) from error


@dataclass(frozen=True, slots=True)
class Grammar:
    """The data of one language: its endings, and each list of its file by name."""

    language: str
    endings: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, Any]

    def phrases(self) -> Phrases:
        """An empty set of phrases over this language's endings."""
        return Phrases(self.endings)

    def compiled(self, *names: str) -> Phrases:
        """The phrases of the named lists; the entry is (list, label), label "" in a plain list."""
        phrases = self.phrases()
        for name in names:
            content = self.lists.get(name, ())
            if isinstance(content, Mapping):
                for label, patterns in content.items():
                    phrases.add_all(patterns, (name, str(label)))
            else:
                phrases.add_all(content, (name, ""))
        return phrases


def _endings(raw: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Ending classes as written: separated by spaces, `-` for none, `@class` to take one in."""
    done: dict[str, tuple[str, ...]] = {}
    for name, text in raw.items():
        parts: list[str] = []
        for ending in str(text).split():
            if ending.startswith("@"):
                parts.extend(done[ending[1:]])
            elif "@" in ending:  # "ся@class": the class with something behind each ending
                tail, _, other = ending.partition("@")
                parts.extend(e + tail for e in done[other])
            else:
                parts.append("" if ending == "-" else ending)
        done["" if name == "nominal" else name] = tuple(dict.fromkeys(parts))
    return done


@cache
def grammar(language: str) -> Grammar:
    """The grammar data of a language.

    Raises:
        LexiconError: there is no such language, or its file is malformed.
    """
    if language not in LANGUAGES:
        raise LexiconError(f"There is no grammar for {language!r}; use ru, uk or en.")
    lists = read(language)
    try:
        return Grammar(language, _endings(lists["endings"]), lists)
    except (KeyError, TypeError, AttributeError) as error:
        raise LexiconError(
            f"lexicons/{language}.yaml has no usable `endings` ({error!r}); restore it as shipped."
        ) from error


@cache
def affixes(language: str, name: str) -> tuple[str, ...]:
    """The beginnings or endings of words that the language's `affixes` give under a name."""
    return tuple(str(grammar(language).lists["affixes"].get(name, "")).split())


@cache
def words(language: str, name: str) -> frozenset[str]:
    """The single words that the language's `words` give under a name; empty where it has none."""
    return frozenset(str(grammar(language).lists.get("words", {}).get(name, "")).split())

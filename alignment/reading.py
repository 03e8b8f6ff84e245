"""A reading of one sentence: its tokens with every lexicon list found in them, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from alignment import entities as names
from alignment.entities import Entity
from alignment.lexicon import Phrases, affixes, grammar, words
from alignment.tokens import Tokens, inside, quotations

_LISTS = (
    "reporting", "clausal", "according", "according_own", "citing", "complementizers",
    "distant_complementizers", "as_openers", "anaphoric", "no_report", "anonymous_marks", "skip",
    "clause_conjunctions", "relatives", "prepositions", "place_prepositions", "possessives",
    "own", "pronouns", "first_person", "about", "quoted_by", "recipients", "roles", "denial_cues",
    "distancing_cues", "hedges", "negations", "not_confirmed", "not_verbs", "finite", "months",
    "weekdays", "generic", "verdicts", "questions", "demonstratives", "rumours", "suppositions",
    "countering", "asked", "demonyms", "contrasts", "additions", "parts", "subordinators",
    "number_words",
)  # fmt: skip

#: Marks that part speech from an attribution inside it.
_PAUSES = frozenset({",", ".", "!", "?", "…"})
#: A quotation of this many words is speech even when nothing else says so.
_SPEECH_WORDS = 4
CLAUSE_MARKS = frozenset({",", ";", ":", "—", "–", "(", ")", "!", "?", "…", "-"})
DASHES = frozenset({"—", "–", "-", "―"})


@cache
def _phrases(language: str) -> Phrases:
    """All syntactic lists of a language in one set of phrases."""
    return grammar(language).compiled(*_LISTS)


@dataclass(slots=True)
class Reading:
    """What the lexicons find in a sentence; every position is a token index.

    `marks[list][first]` is (last, label) of the longest entry of a list that starts at `first`;
    `covered[list]` holds the tokens inside such entries.
    """

    tokens: Tokens
    language: str
    marks: dict[str, dict[int, tuple[int, str]]]
    covered: dict[str, set[int]]
    entities: list[Entity]
    entity_at: list[int]
    quotes: list[tuple[int, int]]
    speech: list[int] = field(default_factory=list)

    def has(self, name: str, i: int) -> bool:
        """Whether token `i` lies in an entry of the list."""
        return i in self.covered[name]

    def label(self, name: str, first: int) -> tuple[int, str] | None:
        """(last, label) of the list's entry that starts at the token, or None."""
        return self.marks[name].get(first)

    def mark(self, i: int) -> str:
        """The punctuation mark at token `i`, or "" for a word, a number or the outside."""
        kinds = self.tokens.kinds
        return self.tokens.texts[i] if 0 <= i < len(kinds) and kinds[i] == "mark" else ""

    def words(self, first: int, last: int) -> int:
        """How many words and numbers the tokens from `first` to before `last` hold."""
        return sum(kind != "mark" for kind in self.tokens.kinds[max(first, 0) : max(last, 0)])

    def entity(self, i: int) -> Entity | None:
        """The entity that holds token `i`."""
        k = self.entity_at[i] if 0 <= i < len(self.entity_at) else -1
        return self.entities[k] if k >= 0 else None

    def in_speech(self, i: int) -> bool:
        """Whether token `i` lies in a speech quotation."""
        return self.speech[i] >= 0

    def capital(self, i: int) -> bool:
        """Whether token `i` is a word with a capital letter."""
        return self.tokens.kinds[i] in ("word", "other") and self.tokens.texts[i][0].isupper()

    def finite(self, i: int) -> bool:
        """Whether token `i` looks like a finite verb: by the lists, else by its ending."""
        form = self.tokens.forms[i]
        if self.tokens.kinds[i] != "word" or (len(form) < 3 and self.language != "en"):
            return False
        if self.language == "en" and i and self.tokens.forms[i - 1] in words("en", "determiners"):
            return False
        if self.has("reporting", i) or self.has("finite", i):
            return True
        if self.has("number_words", i):  # "шестьдесят" ends like a verb
            return False
        if self.has("not_verbs", i) or self.has("roles", i) or self.entity_at[i] >= 0:
            return False
        if self.language == "en":
            return len(form) > 3 and form.endswith(affixes("en", "finite"))
        if self.capital(i) and i > 0:
            return False
        return len(form) > 3 and form.endswith(affixes(self.language, "finite"))


def _speech(tokens: Tokens, quotes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The quotations that are speech, not names or terms."""
    found = []
    for first, last in quotes:
        count = sum(kind != "mark" for kind in tokens.kinds[first:last])
        before = tokens.texts[first - 1] if first else ""
        final = tokens.texts[last - 2] if last - 2 > first else ""
        after = [t for t in tokens.texts[last : last + 2] if t != ","]
        dashed = bool(after) and after[0] in DASHES
        whole = count > 1 and first == 0 and all(k == "mark" for k in tokens.kinds[last:])
        paused = before == ":" or final in _PAUSES
        if whole or paused or dashed or count >= _SPEECH_WORDS:
            found.append((first, last))
    return found


def _open_speech(reading: Reading) -> None:
    """Takes out of speech the attribution inside it: «Мы ждём, — сказал Песков. — Время есть»."""
    tokens = reading.tokens
    size = len(tokens)
    for i in range(1, size - 2):
        if reading.speech[i] < 0 or tokens.texts[i] not in DASHES:
            continue
        verb = i + 1
        while verb < size - 1 and reading.has("skip", verb) and not reading.has("reporting", verb):
            verb += 1
        if reading.mark(i - 1) not in _PAUSES or not reading.label("reporting", verb):
            continue
        last = verb + 1
        while last < size and reading.mark(last) not in _PAUSES:
            last += 1
        reading.speech[i:last] = [-1] * (last - i)


def read(tokens: Tokens, language: str) -> Reading:
    """The reading of a tokenised sentence; time grows with its length and nothing else."""
    phrases = _phrases(language)
    marks: dict[str, dict[int, tuple[int, str]]] = {name: {} for name in _LISTS}
    covered: dict[str, set[int]] = {name: set() for name in _LISTS}
    openers = phrases.openers
    for i, form in enumerate(tokens.forms):
        if form not in openers:
            continue
        for last, entries in phrases.every(tokens, i):
            for name, label in entries:
                marks[name][i] = (last, label)
    tails = affixes(language, "adverb")
    for i, form in enumerate(tokens.forms):  # an adverb may stand wherever the listed ones may
        if len(form) > 5 and form.endswith(tails) and not tokens.texts[i][0].isupper():
            marks["skip"].setdefault(i, (i + 1, ""))
    for name, found in marks.items():
        for first, (last, _) in found.items():
            covered[name].update(range(first, last))
    entities = names.find(tokens, language)
    entity_at = [-1] * len(tokens)
    k = 0
    for i, start in enumerate(tokens.starts):
        while k < len(entities) and entities[k].end - tokens.offset <= start:
            k += 1
        if k < len(entities) and entities[k].start - tokens.offset <= start:
            entity_at[i] = k
    quotes = quotations(tokens)
    reading = Reading(tokens, language, marks, covered, entities, entity_at, quotes)
    reading.speech = inside(_speech(tokens, quotes), len(tokens))
    _open_speech(reading)
    return reading

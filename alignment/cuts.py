"""Where the words of a sentence are cut into clauses that are claims of their own."""

from __future__ import annotations

from alignment.clauses import Range
from alignment.reading import DASHES, Reading

#: What is left of a sentence beside its reported clauses is no proposition below this many words.
LEAST_WORDS = 3
#: Tokens within which a clause has its verb, one behind a subject too; is told to be of a part; has
#: the figure it gives.
_CLAUSE_REACH, _SUBJECT_REACH, _PART_REACH, _FIGURE_REACH = 14, 9, 4, 3
#: Lists of words that begin no main clause.
_SUBORDINATE = (
    "relatives", "complementizers", "clause_conjunctions", "subordinators", "as_openers", "citing",
    "according", "according_own", "suppositions", "questions",
)  # fmt: skip


def clauses(reading: Reading, first: int, last: int) -> list[Range]:
    """The range cut where a clause with a verb of its own begins, or what is told of a part."""
    cuts: list[Range] = []
    start = first
    said = False  # whether the clause so far has a finite verb
    i = first
    while i < last:
        if reading.finite(i) and not reading.has("clause_conjunctions", i):
            said = True
        body = _next_clause(reading, i, last) if said and not reading.in_speech(i) else None
        if body is not None and reading.words(start, i) > 1:
            cuts.append((start, i))
            start, said, i = body, False, body
            continue
        if reading.mark(i) == "," and not reading.label("clause_conjunctions", i + 1):
            said = False  # a list item without a verb of its own may follow
        i += 1
    cuts.append((start, last))
    return cuts


def _next_clause(reading: Reading, i: int, last: int) -> int | None:
    """Where the clause begins that token `i` parts from what stands before it, if it does."""
    conjunction = reading.label("clause_conjunctions", i)
    if conjunction and reading.has("additions", i) and reading.mark(i - 1) != ",":
        body = conjunction[0]  # "two died and 19 were wounded"
        return body if _number(reading, body, 1) and _own_clause(reading, body, last) else None
    if reading.mark(i) != "," or i + 1 >= last:
        return None
    conjunction = reading.label("clause_conjunctions", i + 1)
    if conjunction:
        body = conjunction[0]
        # "задержали, но через пять часов отпустили"; "нет со вторника, и о пожаре узнали"
        parted = reading.has("contrasts", i + 1) or (
            reading.has("additions", i + 1) and reading.has("prepositions", body)
        )
        verb = parted and _verb_before_mark(reading, body, last)
        return body if verb or _own_clause(reading, body, last) else None
    body = i + 1
    return body if _of_part(reading, body, last) or _counts(reading, body, last) else None


def _of_part(reading: Reading, first: int, last: int) -> bool:
    """Whether a part of what was named is told of: "27 of them over the region"."""
    end = next((k for k in range(first, last) if reading.mark(k)), last)
    for k in range(first, min(first + _PART_REACH, end)):
        found = reading.label("parts", k)
        if found:
            return reading.words(first, end) - (found[0] - k) > 1
    return False


def _counts(reading: Reading, first: int, last: int) -> bool:
    """Whether a main clause that begins with a figure follows: "госпитализированы 97".

    Russian and Ukrainian join such clauses by a comma alone.
    """
    if reading.language == "en" or not _number(reading, first, _FIGURE_REACH):
        return False
    if any(reading.has(name, first) for name in _SUBORDINATE):
        return False
    if reading.finite(first):  # the verb comes first, and the figure next
        return _number(reading, first + 1, 2) and not reading.has("reporting", first)
    return _verb_before_mark(reading, first, last)


def _number(reading: Reading, first: int, count: int) -> bool:
    """Whether a number stands among the next tokens."""
    return any(
        reading.tokens.kinds[i] == "number" or reading.has("number_words", i)
        for i in range(first, min(first + count, len(reading.tokens)))
    )


def _verb_before_mark(
    reading: Reading, first: int, last: int, *, begin: int | None = None, reach: int = _CLAUSE_REACH
) -> bool:
    """Whether a finite verb stands in a clause, from token `begin` on, before its next mark."""
    for i in range(first if begin is None else begin, min(first + reach, last)):
        if reading.mark(i) in {",", ";", ":", *DASHES}:
            return False
        if reading.finite(i):
            return reading.words(first, last) >= LEAST_WORDS
    return False


def _own_clause(reading: Reading, first: int, last: int) -> bool:
    """Whether a subject and, behind it, a finite verb start at the token before the next mark."""
    if first >= last or reading.finite(first) or reading.has("prepositions", first):
        return False
    return _verb_before_mark(reading, first, last, begin=first + 1, reach=_SUBJECT_REACH)

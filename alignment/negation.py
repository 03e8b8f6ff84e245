"""Negation: whether a claim says that something is not so, and where that can be told.

A denial is the gravest thing that two claims can be said to show, so it is named only where the
words leave no other reading. What turns a negation into something else is read here: a condition
("no peace until…", "без ухода… не будет"), a second negation, a word that denies by itself ("lost",
"лишились"), an assertion after a denial ("called it fiction: the plant stands empty").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from alignment.lexicon import Phrases, grammar
from alignment.opposites import contrary, poles
from alignment.span import Span

if TYPE_CHECKING:
    from alignment.claims import Claim
    from alignment.reading import Reading

#: A negation this many tokens behind "until", "пока", "поки" belongs to the condition.
_CONDITION_REACH = 6


@dataclass(frozen=True, slots=True)
class Negation:
    """What a claim's words deny.

    `negative` says whether its main clause is negative, `spans` holds the words that make it so.
    `elsewhere`: another clause, a condition or a double negation holds a negation, so that what is
    affirmed may be the same said by its opposite. `lacking`: a word says by itself that something
    is not there. `holds`: the holder of the claim holds its positive content. `poles`: the
    contraries it names, such as "rose", with the words that do.
    """

    negative: bool
    spans: tuple[Span, ...]
    elsewhere: bool
    lacking: bool
    holds: bool
    poles: dict[str, Span]


@cache
def _lists(language: str) -> dict[str, Phrases]:
    data = grammar(language)
    names = ("predicate_negations", "concord", "no_negation", "conditions", "privatives")
    more = ("only_if", "without", "prospects", "falsehoods", "opposed", "restrictions")
    return {name: data.compiled(name) for name in (*names, *more)}


def read_negation(reading: Reading, claim: Claim) -> Negation:
    """The negation of a claim.

    Negations inside a quantity ("не менее пяти") and in fixed phrases ("not only") do not count;
    Russian and Ukrainian doubled negation ("никто не пострадал") is one.
    """
    lists = _lists(claim.language)
    tokens = reading.tokens
    fixed: set[int] = set()
    for match in lists["no_negation"].scan(tokens):
        fixed.update(range(match.first, match.last))
    # "The report is false": what is false is the rest of the sentence.
    false = [(m.first, m.last) for m in lists["falsehoods"].scan(tokens)]
    opening = reading.label("reporting", 0)
    if opening and opening[1] == "denial" and claim.attribution is None:
        false.append((0, opening[0]))  # "Denied that …": who denies stands elsewhere
    for first, last in false:
        fixed.update(range(first, last))
    held = [(q.start, q.end) for q in claim.quantities]
    fixed |= set(reading.covered["not_confirmed"])
    # "пока не уйдут": a condition worded with a negation, not a denial.
    condition: set[int] = set()
    for match in lists["conditions"].scan(tokens):
        condition.update(range(match.first, match.first + _CONDITION_REACH))
    concord = {m.first for m in lists["concord"].scan(tokens)}
    limit = _main_clause(reading)
    plain: list[Span] = []
    doubled: list[Span] = []
    elsewhere = False
    for match in lists["predicate_negations"].scan(tokens):
        span = _span(reading, match.first, match.last)
        if match.first in fixed or any(s <= span.start and span.end <= e for s, e in held):
            continue
        if match.first in condition or match.first >= limit:
            elsewhere = True
            continue
        (doubled if match.first in concord else plain).append(span)
    opponent = _opponent(reading, claim, lists["opposed"])
    if opponent is not None:
        plain.append(_span(reading, opponent, opponent + 1))
    count = len(plain) if plain else min(len(doubled), 1)
    spans = (*plain, *doubled)
    if false and claim.polarity == "affirmed":  # a denied claim has its denial counted already
        count += 1
        spans += (_span(reading, *false[0]),)
    negative = count % 2 == 1
    found = {name: any(lists[name].scan(tokens)) for name in lists}
    conditional = found["only_if"] or (found["without"] and found["prospects"])
    if spans and (not negative or conditional):
        negative, elsewhere = False, True
    elsewhere = elsewhere or (not spans and found["restrictions"])
    denied = claim.polarity == "denied" and not _goes_on(claim)
    named = poles(tokens, claim.language)
    if claim.polarity == "denied":
        named.pop("rejected", None)  # the verb of denial is counted already
    return Negation(negative, spans, elsewhere, found["privatives"], denied == negative, named)


def _span(reading: Reading, first: int, last: int) -> Span:
    tokens = reading.tokens
    start, end = tokens.starts[first], tokens.ends[last - 1]
    return Span(tokens.offset + start, tokens.offset + end, tokens.text[start:end])


def _opponent(reading: Reading, claim: Claim, opposed: Phrases) -> int | None:
    """The "against" of a side that is against, without a verb.

    It stands behind a name, "Венгрия против вступления", or behind counted people, "три чверті
    українців проти обміну", or opens what is said of them, "Против обмена 74 %"; elsewhere
    it is a preposition, "санкции против России".
    """
    tokens, size = reading.tokens, len(reading.tokens)
    i = next((k for k in range(size) if reading.entity(k) is None), size)
    if 0 < i < size and opposed.at(tokens, i)[0] > i:
        return i
    counts = [q for q in claim.quantities if q.unit == "percent" or q.role == "people"]
    if counts and opposed.at(tokens, 0)[0] > 0:
        return 0
    for counted in counts:
        after = [k for k in range(size) if tokens.offset + tokens.starts[k] >= counted.end]
        for k in after[:2]:
            if opposed.at(tokens, k)[0] > k:
                return k
    return None


def _main_clause(reading: Reading) -> int:
    """The token that ends the first clause with a finite verb; later clauses add to it."""
    verb = False
    for i in range(len(reading.tokens)):
        parted = (
            reading.mark(i) in {",", ";", ":", "—", "–"}
            or reading.has("clause_conjunctions", i)
            or reading.has("relatives", i)
            or reading.tokens.forms[i] == "that"
        )
        if verb and parted and not reading.in_speech(i):
            return i
        verb = verb or reading.finite(i) or reading.tokens.forms[i] in ("нет", "немає", "нема")
    return len(reading.tokens)


def _goes_on(claim: Claim) -> bool:
    """Whether a denial stands inside the claim's words and what the speaker holds follows it."""
    verb = claim.attribution.verb if claim.attribution else None
    if verb is None or not claim.start <= verb.start < claim.end:
        return False
    return ":" in claim.text[verb.end - claim.start :]


def denies(a: Negation, b: Negation) -> bool:
    """Whether one side plainly holds false what the other holds true."""
    opposed = contrary(a.poles, b.poles) is not None
    if (a.holds == b.holds) != opposed:
        return False
    if opposed:  # "rose" and "fell", or "did not rise" and "did not fall"
        return not (a.elsewhere or b.elsewhere)
    for one, other in ((a, b), (b, a)):
        if one.negative and other.lacking and not one.lacking:
            return False  # "there is no power" and "they lost their power"
    # The same may be said by its opposite: "no breakthrough is near", "they do not expect one".
    return not (b.elsewhere if a.negative else a.elsewhere)

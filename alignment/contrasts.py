"""Contrasts: how two claims relate, and which terms each side of a claim group chooses.

Everything is judged on the original wording; machine translation has no say. The label says what
the words show and never how likely the two claims belong together: that probability is made
elsewhere, and no conflict lowers it.

The rules, first hit wins:

- denies: one side holds false what the other holds true (a denying verb, a negated predicate, or
  words of contrary meaning: "acquitted" and "found guilty"). A plain negation yields where figures
  conflict: "six were not found" and "the fate of two is unknown" answer one question.
- related: an agent and its object change places ("A attacked B", "B attacked A"), a name stands
  where the other side, about as long, has another of the same kind, or one side calls the matter
  unconfirmed.
  These are other propositions about the same matter, not the same one with another number.
- conflicting: a number of the same role, a time of day that no zone explains, or the date, cannot
  be the same.
- related, again: each side tells a figure of another kind ("3,000 tonnes", "40 million hryvnias")
  and no figure is common to both, so that nothing is contradicted and nothing confirmed.
- broader, narrower: only one side gives a number, or bounds it more tightly ("at least three",
  "four"), or its date lies well within the other's ("in 2023", "in October"). A name or date
  that only one side gives is a reason and no label: nearly every pair told
  by two outlets differs in such details (tried on the sample coverage).
- same: everything that can be compared agrees. A hedge on one side ("reportedly", "вероятно")
  leaves the label at "same" and is given as a reason: the proposition is the same, the commitment
  is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

from alignment.claims import Claim
from alignment.clocks import meet
from alignment.dates import DateInterval
from alignment.figures import (
    CLOCK,
    CURRENCIES,
    agree,
    elsewhere,
    finer,
    left_over,
    other_currency,
    pair,
    tighter,
)
from alignment.negation import Negation, denies, read_negation
from alignment.opposites import contrary
from alignment.parties import (
    COMMON,
    Cast,
    Party,
    introduce,
    read_cast,
    substituted,
    swapped,
    unmatched,
)
from alignment.quantities import Quantity
from alignment.reading import read
from alignment.span import Span
from alignment.tokens import tokenise

RelationLabel = Literal["same", "broader", "narrower", "conflicting", "denies", "related"]

#: The relation of several claims to several is the first of these that any two of them have.
STRONGEST: tuple[RelationLabel, ...] = (
    "denies", "conflicting", "narrower", "broader", "same", "related"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding behind a relation: the rule that made it and the spans on each side."""

    rule: str
    a: tuple[Span, ...]
    b: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How claim a stands to claim b. "broader": a says less than b; "narrower": a says more.

    Each reason is a sentence that names the spans; `evidence` holds the same findings as data.
    """

    label: RelationLabel
    reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TermContrast:
    """A concept that a claim group words: per language, each variant with the spans that use it.

    `differs` says that the sides choose different variants; a language's only name for a place
    ("neutral") differs from nothing.
    """

    concept: str
    variants: dict[str, dict[str, tuple[Span, ...]]]
    differs: bool = False


#: About how many pairs of claims are compared when one passage stands against another.
_MOST = 1000

#: How much longer, in parts or in letters, one wording of a proposition is than another.
_STRETCH, _LETTERS = 1.4, 20


#: Units of numbers that say nothing more where one side has none.
_TELLING_NOTHING = frozenset({CLOCK, "rank", "times"})


@dataclass(slots=True)
class _Findings:
    """What the rules found so far, by kind of finding."""

    evidence: list[Evidence] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add(self, rule: str, text: str, a: Iterable[Span], b: Iterable[Span]) -> None:
        """Files a finding; its reason quotes the spans of both sides."""
        first, second = tuple(a), tuple(b)
        quoted = [", ".join(f"“{s.text}”" for s in side) for side in (first, second)]
        self.evidence.append(Evidence(rule, first, second))
        self.reasons.append(f"{text}: {' against '.join(filter(None, quoted))}.")


@dataclass(frozen=True, slots=True)
class _Side:
    """A claim with what the rules need to know of its wording."""

    claim: Claim
    cast: Cast
    negation: Negation


@dataclass(slots=True)
class _Figures:
    """How figures compare: whether some conflict, how many agree, and which side tells more."""

    conflicting: bool = False
    agreeing: int = 0
    more_a: bool = False
    more_b: bool = False


def _span(x: Span | Quantity | DateInterval) -> Span:
    return Span(x.start, x.end, x.text)


def _side(claim: Claim) -> _Side:
    reading = read(tokenise(claim.text, claim.start), claim.language)
    return _Side(claim, read_cast(reading, claim), read_negation(reading, claim))


def _denial_spans(side: _Side) -> tuple[Span, ...]:
    verb = side.claim.attribution.verb if side.claim.attribution else None
    denied = (verb,) if side.claim.polarity == "denied" and verb is not None else ()
    return (*denied, *side.negation.spans)


def relation(a: Claim, b: Claim) -> Relation:
    """The relation of two claims about the same matter, by rules on the original wording.

    The labels and their order are in the docstring of this module; swapping a and b swaps
    "broader" and "narrower" and changes nothing else. Claims without anything to compare are
    "same": that they belong together is the caller's knowledge.
    """
    return _relation(_side(a), _side(b))


def _relation(first: _Side, second: _Side) -> Relation:
    a, b = first.claim, second.claim
    found = _Findings()
    cast_a, cast_b = introduce(first.cast, second.cast)
    extra_a, extra_b = unmatched(a, cast_a, cast_b), unmatched(b, cast_b, cast_a)
    swap = swapped(cast_a, cast_b)
    change = substituted(extra_a, extra_b) if _parallel(a, b) else None
    unconfirmed = (a.polarity == "unknown") != (b.polarity == "unknown")
    denied = denies(first.negation, second.negation) and not unconfirmed

    words = contrary(first.negation.poles, second.negation.poles)
    if denied and words is not None:
        found.add("opposite", "The sides say contrary things", (words[0],), (words[1],))
    elif denied:
        found.add(
            "denies",
            "One side denies what the other holds",
            _denial_spans(first),
            _denial_spans(second),
        )
    if swap and cast_a.agent and cast_b.agent:
        found.add(
            "agent-swap",
            "Who acts and who is acted on change places",
            (cast_a.agent.span,),
            (cast_b.agent.span,),
        )
    if change:
        found.add(
            "other-name", "Another name of the same kind", (change[0].span,), (change[1].span,)
        )
    if unconfirmed:
        found.add(
            "unconfirmed",
            "One side calls it unconfirmed",
            a.hedges or a.negations,
            b.hedges or b.negations,
        )

    figures = _compare_figures(a, b, found)
    _compare_names(extra_a, extra_b, found)
    if a.certainty != b.certainty and not unconfirmed:
        found.add(
            "hedge", f"One side is {a.certainty}, the other {b.certainty}", a.hedges, b.hedges
        )

    counted = figures.conflicting and "denied" not in (a.polarity, b.polarity)
    label: RelationLabel = "same"
    if denied and not change and not counted:
        label = "denies"
    elif swap or change or unconfirmed:
        label = "related"
    elif figures.conflicting:
        label = "conflicting"
    elif figures.more_a and figures.more_b:
        # Each side tells a figure of another kind, "3,000 tonnes" and "40 million hryvnias":
        # where no figure is common to both, nothing shows that they say the same.
        label = "same" if figures.agreeing else "related"
    elif figures.more_a or figures.more_b:
        label = "narrower" if figures.more_a else "broader"
    return Relation(label, tuple(found.reasons), tuple(found.evidence))


def relate(a: Sequence[Claim], b: Sequence[Claim]) -> Relation:
    """How some claims stand to others: the strongest relation that any two of them have.

    Each claim is read once. Of very many claims those are compared that stand at about the same
    part of their side, since one long sentence told twice keeps its order.
    """
    first, second = [_side(claim) for claim in a], [_side(claim) for claim in b]
    reach = _MOST / (len(first) * len(second))
    strongest: Relation | None = None
    for (i, one), (j, other) in product(enumerate(first), enumerate(second)):
        if abs((i + 0.5) / len(first) - (j + 0.5) / len(second)) > reach:
            continue
        how = _relation(one, other)
        if strongest is None or _rank(how) < _rank(strongest):
            strongest = how
    if strongest is None:
        raise ValueError("A relation needs a claim on each side; give at least one of each.")
    return strongest


def _parallel(a: Claim, b: Claim) -> bool:
    """Whether two claims are about as long, as wordings of one proposition are.

    Only then is a name that one side has in place of another's a substitute for it: of a longer
    claim and a shorter one each names what the other leaves out.
    """
    sizes = sorted(len(claim.text) for claim in (a, b))
    return sizes[1] <= max(_STRETCH * sizes[0], sizes[0] + _LETTERS)


def _rank(how: Relation) -> int:
    return STRONGEST.index(how.label)


def _compare_figures(a: Claim, b: Claim, found: _Findings) -> _Figures:
    """How the numbers and dates of two claims compare."""
    figures = _Figures()
    pairs, left, right = pair(a, b)
    left = [q for q in left if _told(q)]
    right = [q for q in right if _told(q)]
    for x, y in pairs:
        if not agree(x, y, a, b):
            if elsewhere(x, y, a, b):
                continue
            figures.conflicting = True
            role = x.role or y.role or x.unit or "count"
            found.add("number", f"Numbers differ ({role})", (_span(x),), (_span(y),))
            continue
        figures.agreeing += 1
        if x.unit == CLOCK:
            met = meet(x, y, a, b)
            if met is not None and met.zones:
                reason = "The hours differ as {} and {} time do".format(*met.zones)
                found.add("time-zone", reason, (_span(x),), (_span(y),))
            elif x.approximate != y.approximate and x.low != y.low:
                figures.more_a = figures.more_a or y.approximate
                figures.more_b = figures.more_b or x.approximate
                found.add("bound", "One side tells the hour exactly", (_span(x),), (_span(y),))
        elif side := tighter(x, y):
            figures.more_a, figures.more_b = figures.more_a or side > 0, figures.more_b or side < 0
            found.add("bound", "One side bounds the number more tightly", (_span(x),), (_span(y),))
        elif (x.low, x.high) != (y.low, y.high):
            found.add("rounding", "The numbers agree after rounding", (_span(x),), (_span(y),))
    exchanged = other_currency(a, b)
    if exchanged is not None:
        figures.conflicting = True
        found.add(
            "number",
            "The same figure in another currency",
            (_span(exchanged[0]),),
            (_span(exchanged[1]),),
        )
        left = [q for q in left if q != exchanged[0]]
        right = [q for q in right if q != exchanged[1]]
    if all(any(q.unit in CURRENCIES for q in side) for side in (left, right)):
        # Sums in two currencies may be one: what a euro was worth that day is not known here.
        left = [q for q in left if q.unit not in CURRENCIES]
        right = [q for q in right if q.unit not in CURRENCIES]
    if left:
        figures.more_a = True
        found.add("more-numbers", "Only one side gives this number", map(_span, left), ())
    if right:
        figures.more_b = True
        found.add("more-numbers", "Only one side gives this number", (), map(_span, right))
    lone_a, lone_b = left_over(a.dates, b.dates), left_over(b.dates, a.dates)
    if lone_a and lone_b:
        figures.conflicting = True
        found.add("date", "Dates differ", map(_span, lone_a), map(_span, lone_b))
    elif side := finer(a.dates, b.dates):
        figures.more_a, figures.more_b = figures.more_a or side > 0, figures.more_b or side < 0
        reason = "One side gives the date more exactly"
        found.add("finer-date", reason, map(_span, a.dates), map(_span, b.dates))
    elif lone_a or lone_b:
        found.add(
            "more-dates", "Only one side gives this date", map(_span, lone_a), map(_span, lone_b)
        )
    return figures


def _told(q: Quantity) -> bool:
    """Whether a number says more where one side has none.

    A bare "two", a single one, a time of day, a multiple and a rank say nothing more: the other
    side may tell the same in other words.
    """
    single = q.low == q.high == 1 and not q.unit
    return bool(q.unit or q.role) and not single and q.unit not in _TELLING_NOTHING


def _compare_names(extra_a: Sequence[Party], extra_b: Sequence[Party], found: _Findings) -> None:
    """Files the names that matter and that only one side gives."""
    mine = [p.span for p in extra_a if p.key not in COMMON and p.kind != "people"]
    theirs = [p.span for p in extra_b if p.key not in COMMON and p.kind != "people"]
    if bool(mine) != bool(theirs):
        found.add("more-names", "Only one side names", mine, theirs)


def term_contrasts(claims: Sequence[Claim]) -> list[TermContrast]:
    """The contested concepts of a claim group, with each language's variants and their spans.

    A concept is listed when at least two claims use it; `differs` tells the contrasts from the
    concepts on which all sides agree.
    """
    uses: dict[str, dict[str, dict[str, list[Span]]]] = {}
    holders: dict[str, set[int]] = {}
    for i, claim in enumerate(claims):
        for use in claim.terms:
            holders.setdefault(use.concept, set()).add(i)
            variants = uses.setdefault(use.concept, {}).setdefault(claim.language, {})
            variants.setdefault(use.variant, []).append(Span(use.start, use.end, use.text))
    contrasts = []
    for concept, by_language in sorted(uses.items()):
        if len(holders[concept]) < 2:
            continue
        chosen = {v for variants in by_language.values() for v in variants if v != "neutral"}
        contrasts.append(
            TermContrast(
                concept,
                {
                    language: {variant: tuple(spans) for variant, spans in variants.items()}
                    for language, variants in by_language.items()
                },
                len(chosen) > 1,
            )
        )
    return contrasts

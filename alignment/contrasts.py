"""Contrasts: how two claims relate, and which terms each side of a claim group chooses.

Everything is judged on the original wording; machine translation has no say. The label says what
the words show and never how likely the two claims belong together: that probability is made
elsewhere, and no conflict lowers it.

The rules, first hit wins:

- denies: one side holds false what the other holds true (a denying verb, or a negated predicate).
- related: an agent and its object change places ("A attacked B", "B attacked A"), a name stands
  where the other side has another of the same kind, or one side calls the matter unconfirmed.
  These are other propositions about the same matter, not the same one with another number.
- conflicting: a number of the same role, or the date, cannot be the same.
- broader, narrower: only one side gives a number, or bounds it more tightly ("at least three",
  "four"). A name or date that only one side gives is a reason and no label: nearly every pair told
  by two outlets differs in such details (tried on the sample coverage).
- same: everything that can be compared agrees. A hedge on one side ("reportedly", "вероятно")
  leaves the label at "same" and is given as a reason: the proposition is the same, the commitment
  is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Literal

from alignment.claims import Claim
from alignment.dates import DateInterval
from alignment.figures import CLOCK, agree, elsewhere, left_over, other_currency, pair, tighter
from alignment.lexicon import Phrases, affixes, grammar, words
from alignment.negation import Negation, denies, read_negation
from alignment.quantities import Quantity
from alignment.reading import Reading, read
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


#: Names that stand for one another in news: a capital or a seat of power for its state.
_METONYMS: tuple[frozenset[str], ...] = (
    frozenset(
        {"place:russia", "place:moscow", "organisation:kremlin", "organisation:armed_forces_russia"}
    ),
    frozenset({"place:ukraine", "place:kyiv", "organisation:armed_forces_ukraine"}),
    frozenset({"place:usa", "place:washington", "organisation:white_house"}),
    frozenset({"organisation:eu", "place:brussels", "organisation:european_commission"}),
    frozenset({"place:belarus", "place:minsk"}),
    frozenset({"place:dpr", "place:donetsk_region", "place:donetsk"}),
    frozenset({"place:lpr", "place:luhansk_region", "place:luhansk"}),
    frozenset({"place:poland", "place:warsaw"}),
    frozenset({"place:iran", "place:tehran"}),
    frozenset({"place:hungary", "place:budapest"}),
    frozenset({"organisation:russian_mod", "organisation:ministry_of_defence", "place:russia"}),
    frozenset({"organisation:ukrainian_mod", "organisation:ministry_of_defence", "place:ukraine"}),
)
#: About how many pairs of claims are compared when one passage stands against another.
_MOST = 1000
_STEM = 4  # first consonants by which two unknown names are taken for one
#: Parties so common in this coverage that naming them or not adds nothing to a claim.
_COMMON = frozenset(
    {"place:ukraine", "place:russia", "place:usa", "place:europe", "place:west"}
    | {
        "organisation:telegram",
        "organisation:eu",
        "organisation:white_house",
        "organisation:kremlin",
    }
    | {"place:moscow", "place:kyiv", "place:washington"}
)


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
class _Party:
    """Someone or somewhere named in a claim: its key and where it stands."""

    key: str
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Side:
    """A claim with what the rules need to know of its wording."""

    claim: Claim
    parties: tuple[_Party, ...]
    agent: _Party | None
    object: _Party | None
    symmetric: bool
    negation: Negation


@cache
def _demonyms(language: str) -> Phrases:
    return grammar(language).compiled("demonyms")


@cache
def _symmetric(language: str) -> Phrases:
    return grammar(language).compiled("symmetric")


def _span(x: Span | Quantity | DateInterval) -> Span:
    return Span(x.start, x.end, x.text)


def _parties(reading: Reading, claim: Claim) -> tuple[_Party, ...]:
    """The names and peoples of a claim in order; "Russian forces" counts as Russia."""
    tokens = reading.tokens
    found = [_Party(e.key, e.kind, Span(e.start, e.end, e.text)) for e in claim.entities]
    for match in _demonyms(claim.language).scan(tokens):
        start = tokens.offset + tokens.starts[match.first]
        end = tokens.offset + tokens.ends[match.last - 1]
        found = [p for p in found if p.kind != "name" or (p.span.start, p.span.end) != (start, end)]
        if not any(p.span.start < end and start < p.span.end for p in found):
            text = tokens.text[start - tokens.offset : end - tokens.offset]
            found.append(_Party(f"place:{match.entry[1]}", "people", Span(start, end, text)))
    return tuple(sorted(found, key=lambda p: p.span.start))


def _roles(
    reading: Reading, parties: Sequence[_Party], claim: Claim
) -> tuple[_Party | None, _Party | None]:
    """(agent, object) of the first finite verb, as far as order, case and "by" show them."""
    tokens = reading.tokens
    verb = next((i for i in range(1, len(tokens)) if reading.finite(i)), None)
    if len(parties) < 2:
        return None, None
    at = {
        id(p): next(
            (i for i, s in enumerate(tokens.starts) if s + tokens.offset >= p.span.start), 0
        )
        for p in parties
    }
    if verb is None:
        verb = at[id(parties[0])] + 1
    if claim.language == "en":
        front = [p for p in parties if at[id(p)] < verb]
        back = [p for p in parties if at[id(p)] > verb]
        by = [p for p in back if "by" in tokens.forms[max(0, at[id(p)] - 3) : at[id(p)]]]
        if by and any(f in words("en", "be") for f in tokens.forms[max(0, verb - 2) : verb + 1]):
            return by[0], front[0] if front else None
        return (front[0] if front else None), (back[0] if back else None)
    agents: list[_Party] = []
    objects: list[_Party] = []
    for party in parties:
        i = at[id(party)]
        word = tokens.forms[i]
        plural = party.kind == "people" and word.endswith(
            affixes(claim.language, "plural_nominative")
        )
        oblique = (
            not plural
            and not party.span.text.isupper()
            and word.endswith(affixes(claim.language, "oblique"))
        )
        governed = i > 0 and reading.has("prepositions", i - 1)
        passive = tokens.forms[verb].endswith(affixes(claim.language, "passive"))
        if passive and word.endswith(affixes(claim.language, "instrumental")) and not governed:
            agents.insert(0, party)
        elif oblique or governed or passive:
            objects.append(party)
        else:
            agents.append(party)
    fitting = [p for p in agents if _agrees(tokens.forms[at[id(p)]], tokens.forms[verb])]
    agents = [*fitting, *(p for p in agents if p not in fitting)]
    agent = next((p for p in fitting or agents if at[id(p)] < verb), agents[0] if agents else None)
    bare = [p for p in objects if not (at[id(p)] and reading.has("prepositions", at[id(p)] - 1))]
    rest = [p for p in (*bare, *agents, *objects) if p is not agent]
    return agent, rest[0] if rest else None


def _agrees(name: str, verb: str) -> bool:
    """Whether a name can be the subject of a past verb, by gender: "атаковала Россия", not Киев."""
    if verb.endswith(("ла", "лася", "лась")):
        return name.endswith(("а", "я", "ь"))
    if verb.endswith(("ло", "лося", "лось")):
        return name.endswith(("о", "е", "є"))
    if verb.endswith(("л", "в", "лся", "вся")):
        return not name.endswith(("а", "я", "ы", "и"))
    return True


def _side(claim: Claim) -> _Side:
    reading = read(tokenise(claim.text, claim.start), claim.language)
    parties = _parties(reading, claim)
    agent, target = _roles(reading, parties, claim)
    symmetric = any(_symmetric(claim.language).scan(reading.tokens))
    return _Side(claim, parties, agent, target, symmetric, read_negation(reading, claim))


def _alike(x: str, y: str) -> bool:
    """Whether two keys name the same party, or one that stands for it."""
    if x == y or any(x in group and y in group for group in _METONYMS):
        return True
    if x == f"{y}_region" or y == f"{x}_region":
        return True
    # Names that no list knows, in other cases or as adjectives: Салтовка, Салтівський, Saltivka.
    if x.startswith("name:") and y.startswith("name:"):
        return len(_stem(x)) >= _STEM and _stem(x) == _stem(y)
    return False


def _stem(key: str) -> str:
    return key.removeprefix("name:")[:_STEM]


def _unmatched(side: _Side, other: _Side) -> list[_Party]:
    """The parties of a side that the other does not name; each key once, without the speakers."""
    attribution = side.claim.attribution
    said_by = [(s.start, s.end) for s in attribution.speakers] if attribution else []
    seen: dict[str, _Party] = {}
    for party in side.parties:
        spoken = any(s <= party.span.start and party.span.end <= t for s, t in said_by)
        if spoken and party.kind != "place":
            continue
        if party.key not in seen and not any(_alike(party.key, p.key) for p in other.parties):
            seen[party.key] = party
    return list(seen.values())


def _denial_spans(side: _Side) -> tuple[Span, ...]:
    verb = side.claim.attribution.verb if side.claim.attribution else None
    denied = (verb,) if side.claim.polarity == "denied" and verb is not None else ()
    return (*denied, *side.negation.spans)


def _swapped(a: _Side, b: _Side) -> bool:
    if a.symmetric and b.symmetric:
        return False  # who meets someone is met by him
    if not (a.agent and a.object and b.agent and b.object):
        return False
    return (
        _alike(a.agent.key, b.object.key)
        and _alike(a.object.key, b.agent.key)
        and not _alike(a.agent.key, b.agent.key)
    )


def _substituted(
    extra_a: Sequence[_Party], extra_b: Sequence[_Party]
) -> tuple[_Party, _Party] | None:
    """A party on each side, of one kind, that the other side does not name."""
    for x in extra_a:
        for y in extra_b:
            # Two sides that mention another well-known party need not speak of another event;
            # "a Russian missile" and "a Ukrainian missile" do.
            if x.key in _COMMON and y.key in _COMMON and {x.kind, y.kind} != {"people"}:
                continue
            if (x.key in _COMMON) != (y.key in _COMMON):
                continue
            kinds = {"place" if p.kind == "people" else p.kind for p in (x, y)}
            if len(kinds) == 1 or kinds == {"name", "person"} or kinds == {"name", "organisation"}:
                return x, y
    return None


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
    extra_a, extra_b = _unmatched(first, second), _unmatched(second, first)
    swap = _swapped(first, second)
    change = _substituted(extra_a, extra_b)
    unconfirmed = (a.polarity == "unknown") != (b.polarity == "unknown")
    denied = denies(first.negation, second.negation) and not unconfirmed

    if denied:
        found.add(
            "denies",
            "One side denies what the other holds",
            _denial_spans(first),
            _denial_spans(second),
        )
    if swap and first.agent and second.agent:
        found.add(
            "agent-swap",
            "Who acts and who is acted on change places",
            (first.agent.span,),
            (second.agent.span,),
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

    conflicting, balance = _compare_figures(a, b, found)
    _compare_names(extra_a, extra_b, found)
    if a.certainty != b.certainty and not unconfirmed:
        found.add(
            "hedge", f"One side is {a.certainty}, the other {b.certainty}", a.hedges, b.hedges
        )

    label: RelationLabel = "same"
    if denied and not change:
        label = "denies"
    elif swap or change or unconfirmed:
        label = "related"
    elif conflicting:
        label = "conflicting"
    elif balance and all(x > 0 for x in balance):
        label = "narrower"
    elif balance and all(x < 0 for x in balance):
        label = "broader"
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


def _rank(how: Relation) -> int:
    return STRONGEST.index(how.label)


def _compare_figures(a: Claim, b: Claim, found: _Findings) -> tuple[bool, list[int]]:
    """(whether a figure conflicts, +1 where only a gives a number or bounds it, -1 for b)."""
    balance: list[int] = []
    conflicting = False
    pairs, left, right = pair(a, b)
    left = [q for q in left if _told(q)]
    right = [q for q in right if _told(q)]
    for x, y in pairs:
        if not agree(x, y):
            if elsewhere(x, y, a, b):
                continue
            conflicting = True
            role = x.role or y.role or x.unit or "count"
            found.add("number", f"Numbers differ ({role})", (_span(x),), (_span(y),))
        elif side := tighter(x, y):
            balance.append(side)
            found.add("bound", "One side bounds the number more tightly", (_span(x),), (_span(y),))
        elif (x.low, x.high) != (y.low, y.high):
            found.add("rounding", "The numbers agree after rounding", (_span(x),), (_span(y),))
    exchanged = other_currency(a, b)
    if exchanged is not None:
        conflicting = True
        found.add(
            "number",
            "The same figure in another currency",
            (_span(exchanged[0]),),
            (_span(exchanged[1]),),
        )
        left = [q for q in left if q != exchanged[0]]
        right = [q for q in right if q != exchanged[1]]
    if left:
        balance.append(1)
        found.add("more-numbers", "Only one side gives this number", map(_span, left), ())
    if right:
        balance.append(-1)
        found.add("more-numbers", "Only one side gives this number", (), map(_span, right))
    lone_a, lone_b = left_over(a.dates, b.dates), left_over(b.dates, a.dates)
    if lone_a and lone_b:
        conflicting = True
        found.add("date", "Dates differ", map(_span, lone_a), map(_span, lone_b))
    elif lone_a or lone_b:
        found.add(
            "more-dates", "Only one side gives this date", map(_span, lone_a), map(_span, lone_b)
        )
    return conflicting, balance


def _told(q: Quantity) -> bool:
    """Whether a number says more where one side has none: no bare "two", time of day or rank."""
    return bool(q.unit or q.role) and q.unit not in (CLOCK, "rank")


def _compare_names(extra_a: Sequence[_Party], extra_b: Sequence[_Party], found: _Findings) -> None:
    """Files the names that matter and that only one side gives."""
    mine = [p.span for p in extra_a if p.key not in _COMMON and p.kind != "people"]
    theirs = [p.span for p in extra_b if p.key not in _COMMON and p.kind != "people"]
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

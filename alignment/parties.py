"""Parties: who and where a claim names, who acts on whom, and which names are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product, takewhile

from alignment.claims import Claim
from alignment.entities import skeleton
from alignment.lexicon import Phrases, affixes, grammar, words
from alignment.reading import Reading
from alignment.romanise import fold
from alignment.span import Span

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
    *(
        frozenset({f"place:{state}", f"place:{capital}"})
        for state, capital in (
            ("poland", "warsaw"),
            ("iran", "tehran"),
            ("hungary", "budapest"),
            ("germany", "berlin"),
            ("france", "paris"),
            ("uk", "london"),
            ("turkey", "ankara"),
            ("china", "beijing"),
            ("uae", "abu_dhabi"),
            ("greece", "athens"),
            ("austria", "vienna"),
            ("czechia", "prague"),
            ("latvia", "riga"),
            ("lithuania", "vilnius"),
            ("estonia", "tallinn"),
            ("slovakia", "bratislava"),
            ("romania", "bucharest"),
            ("moldova", "chisinau"),
            ("finland", "helsinki"),
            ("sweden", "stockholm"),
            ("norway", "oslo"),
            ("denmark", "copenhagen"),
            ("spain", "madrid"),
            ("italy", "rome"),
            ("serbia", "belgrade"),
            ("japan", "tokyo"),
            ("kazakhstan", "astana"),
            ("azerbaijan", "baku"),
            ("armenia", "yerevan"),
            ("georgia", "tbilisi"),
        )
    ),
    frozenset({"organisation:russian_mod", "organisation:ministry_of_defence", "place:russia"}),
    frozenset({"organisation:ukrainian_mod", "organisation:ministry_of_defence", "place:ukraine"}),
)
_STEM = 4  # first consonants by which two unknown names are taken for one
#: Letters, and their share in the shorter word, by which two words begin alike in coarse Latin.
_BEGINNING, _SHARE = 5, 0.7
_TITLE = 3  # tokens of a quoted word with its marks
#: Parties so common in this coverage that naming them or not adds nothing to a claim.
COMMON = frozenset(
    {"place:ukraine", "place:russia", "place:usa", "place:europe", "place:west"}
    | {
        "organisation:telegram",
        "organisation:eu",
        "organisation:white_house",
        "organisation:kremlin",
    }
    | {"place:moscow", "place:kyiv", "place:washington"}
)


@dataclass(frozen=True, slots=True)
class Party:
    """Someone or somewhere named in a claim: its key and where it stands.

    `governed`: a preposition stands before it, as it does before places above all.
    """

    key: str
    kind: str
    span: Span
    governed: bool = False

    def is_named_by(self, other: Party) -> bool:
        """Whether the other names the same party, or one that stands for it."""
        if alike(self.key, other.key):
            return True
        # "Buenos Aires" has the key of its last word, "Буэнос-Айрес" that of the whole.
        x, y = self.whole(), other.whole()
        if min(len(x), len(y)) >= _STEM and (x.startswith(y) or y.startswith(x)):
            return True
        return "name:" in (self.key[:5], other.key[:5]) and _begin_alike(self, other)

    def whole(self) -> str:
        """The consonants of all words of a name that no list knows; "" for any other party."""
        if not self.key.startswith("name:"):
            return ""
        return skeleton("".join(filter(str.isalpha, self.span.text)))


def _begin_alike(x: Party, y: Party) -> bool:
    """Whether words of two names begin alike in one coarse Latin, so that their endings differ.

    "Балакова", "Балакові"; "Sherubai", "Шерубайская"; "Saryarka Coal", "Сариарці".
    """
    for one, other in product(_folded(x.span.text), _folded(y.span.text)):
        shared = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
        )
        if shared >= _BEGINNING and shared >= _SHARE * min(len(one), len(other)):
            return True
    return False


@lru_cache(maxsize=65_536)
def _folded(name: str) -> tuple[str, ...]:
    """The capitalised words of a name in coarse Latin."""
    return tuple(fold(word) for word in name.replace("-", " ").split() if word[:1].isupper())


@dataclass(frozen=True, slots=True)
class Cast:
    """The parties of a claim in order, and who of them acts on whom as far as words show it.

    `symmetric`: the verb puts both in one position, so that to meet is to be met. `opening` is the
    first word, a name perhaps: one that no list knows shows nothing but its capital there. `opened`
    is the cast if it is one.
    """

    parties: tuple[Party, ...]
    agent: Party | None
    object: Party | None
    symmetric: bool
    opening: Party | None = None
    opened: Cast | None = None


def read_cast(reading: Reading, claim: Claim) -> Cast:
    """The parties of a claim and their roles."""
    parties = _parties(reading, claim)
    symmetric = any(_symmetric(claim.language).scan(reading.tokens))
    opening = _opening(reading, parties)
    opened = None
    if opening is not None and parties:
        more = (opening, *parties)
        opened = Cast(more, *_roles(reading, more, claim), symmetric)
    return Cast(parties, *_roles(reading, parties, claim), symmetric, opening, opened)


def introduce(a: Cast, b: Cast) -> tuple[Cast, Cast]:
    """Both casts, with the word that opens a claim in it where the other claim has the name."""
    return _introduced(a, b), _introduced(b, a)


def _introduced(cast: Cast, other: Cast) -> Cast:
    if cast.opening is None or cast.opened is None:
        return cast
    named = (cast.opening.key == p.key or cast.opening.is_named_by(p) for p in other.parties)
    return cast.opened if any(named) else cast


def _opening(reading: Reading, parties: Sequence[Party]) -> Party | None:
    """The word that opens the claim as the name it may be, where no party opens it."""
    tokens = reading.tokens
    i = next((k for k, kind in enumerate(tokens.kinds) if kind != "mark"), len(tokens))
    if i == len(tokens) or tokens.kinds[i] != "word" or not reading.capital(i):
        return None
    start, end = tokens.offset + tokens.starts[i], tokens.offset + tokens.ends[i]
    word = tokens.texts[i]
    known = any(p.span.start <= start < p.span.end for p in parties)
    if known or len(word) < _STEM or reading.has("skip", i) or reading.has("roles", i):
        return None
    return Party(f"name:{skeleton(word)}", "name", Span(start, end, word))


@cache
def _demonyms(language: str) -> Phrases:
    return grammar(language).compiled("demonyms")


@cache
def _symmetric(language: str) -> Phrases:
    return grammar(language).compiled("symmetric")


def _parties(reading: Reading, claim: Claim) -> tuple[Party, ...]:
    """The names and peoples of a claim in order; "Russian forces" counts as Russia."""
    tokens = reading.tokens
    found = [Party(e.key, e.kind, Span(e.start, e.end, e.text)) for e in claim.entities]
    for match in _demonyms(claim.language).scan(tokens):
        start = tokens.offset + tokens.starts[match.first]
        end = tokens.offset + tokens.ends[match.last - 1]
        found = [p for p in found if p.kind != "name" or (p.span.start, p.span.end) != (start, end)]
        if not any(p.span.start < end and start < p.span.end for p in found):
            text = tokens.text[start - tokens.offset : end - tokens.offset]
            found.append(Party(f"place:{match.entry[1]}", "people", Span(start, end, text)))
    found.extend(_titles(reading, found))
    before = {
        tokens.offset + start: i > 0 and reading.has("prepositions", i - 1)
        for i, start in enumerate(tokens.starts)
    }
    return tuple(
        sorted(
            (replace(p, governed=before.get(p.span.start, False)) for p in found),
            key=lambda p: p.span.start,
        )
    )


def _titles(reading: Reading, found: Sequence[Party]) -> list[Party]:
    """Names in quotation marks that consist of one word: «Укренерго», «Спартаку»."""
    tokens = reading.tokens
    titles = []
    for first, last in reading.quotes:
        i = first + 1
        if last - first != _TITLE or tokens.kinds[i] != "word" or not reading.capital(i):
            continue
        start, end = tokens.offset + tokens.starts[i], tokens.offset + tokens.ends[i]
        if not any(p.span.start < end and start < p.span.end for p in found):
            word = tokens.texts[i]
            titles.append(Party(f"name:{skeleton(word)}", "name", Span(start, end, word)))
    return titles


def _roles(
    reading: Reading, parties: Sequence[Party], claim: Claim
) -> tuple[Party | None, Party | None]:
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
    agents: list[Party] = []
    objects: list[Party] = []
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


def alike(x: str, y: str) -> bool:
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
    # A Latin "c" may be к, ц or ч: Ferencvaros, Ференцварош.
    return key.removeprefix("name:")[:_STEM].replace("q", "k").replace("c", "k")


def unmatched(claim: Claim, cast: Cast, other: Cast) -> list[Party]:
    """The parties of a claim that the other does not name; each key once, without the speakers."""
    attribution = claim.attribution
    said_by = [(s.start, s.end) for s in attribution.speakers] if attribution else []
    seen: dict[str, Party] = {}
    keys = {party.key for party in other.parties}  # most names are found by key, however many
    for party in cast.parties:
        if party.key in keys or party.key in seen:
            continue
        spoken = any(s <= party.span.start and party.span.end <= t for s, t in said_by)
        if spoken and party.kind != "place":
            continue
        if not any(map(party.is_named_by, other.parties)):
            seen[party.key] = party
    return list(seen.values())


def swapped(a: Cast, b: Cast) -> bool:
    """Whether who acts and who is acted on change places."""
    if a.symmetric and b.symmetric:
        return False  # who meets someone is met by him
    if not (a.agent and a.object and b.agent and b.object):
        return False
    return (
        alike(a.agent.key, b.object.key)
        and alike(a.object.key, b.agent.key)
        and not alike(a.agent.key, b.agent.key)
    )


def substituted(extra_a: Sequence[Party], extra_b: Sequence[Party]) -> tuple[Party, Party] | None:
    """A party on each side, of one kind, that the other side does not name."""
    for x in extra_a:
        for y in extra_b:
            # Two sides that mention another well-known party need not speak of another event;
            # "a Russian missile" and "a Ukrainian missile" do.
            if x.key in COMMON and y.key in COMMON and {x.kind, y.kind} != {"people"}:
                continue
            if (x.key in COMMON) != (y.key in COMMON):
                continue
            kinds = {"place" if p.kind == "people" else p.kind for p in (x, y)}
            if "name" in kinds and x.governed != y.governed:
                continue
            if len(kinds) == 1 or kinds == {"name", "person"} or kinds == {"name", "organisation"}:
                return x, y
            if kinds == {"name", "place"} and x.governed:
                return x, y
    return None

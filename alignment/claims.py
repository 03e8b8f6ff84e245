"""Claims: the smallest attributed propositions of a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Literal, TypeVar

from alignment import dates as time
from alignment import frames as reporting
from alignment import quantities as numbers
from alignment.attribution import Attribution, Speaker
from alignment.clauses import Context, Frame, Range
from alignment.cuts import LEAST_WORDS, clauses
from alignment.dates import DateInterval
from alignment.entities import Entity
from alignment.lexicon import LANGUAGES
from alignment.quantities import Quantity
from alignment.reading import DASHES, Reading, read
from alignment.span import Sentence, Span
from alignment.terms import Lexicon, TermUse
from alignment.windows import windows

__all__ = ["Attribution", "Claim", "Sentence", "Span", "Speaker", "extract"]

Polarity = Literal["affirmed", "denied", "unknown"]
Certainty = Literal["certain", "probable", "possible", "unknown"]
_CERTAINTIES: tuple[Certainty, ...] = ("certain", "probable", "possible", "unknown")
_Positioned = TypeVar("_Positioned", Span, Quantity, DateInterval, Entity, TermUse)

#: A quotation without a speaker goes on with the last one across at most this many paragraphs.
_CARRIED_PARAGRAPHS = 1
_SPEECH_SHARE = 0.7
_THAT = frozenset({"that", "что", "що"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition with who says it, how surely, and what can be compared in it.

    `sentence` indexes the sentences given to `extract`; every offset counts characters of the
    document. `polarity` is the holder's: "denied" when the speaker says that the words of the claim
    are false, "unknown" when they are said not to be confirmed; a negation inside the words stands
    in `negations` and leaves the polarity "affirmed".
    """

    sentence: int
    start: int
    end: int
    text: str
    language: str
    attribution: Attribution | None = None
    polarity: Polarity = "affirmed"
    certainty: Certainty = "certain"
    hedges: tuple[Span, ...] = ()
    negations: tuple[Span, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateInterval, ...] = ()
    places: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    quotes: tuple[Span, ...] = ()
    terms: tuple[TermUse, ...] = ()


@dataclass(slots=True)
class _Piece:
    """A range of tokens that becomes a claim, under the frames that report it, outermost first."""

    first: int
    last: int
    frames: list[Frame]


@cache
def _terms() -> Lexicon:
    """The shipped lexicon of contested terms, read once."""
    return Lexicon.load()


def _span(reading: Reading, first: int, last: int) -> Span:
    tokens = reading.tokens
    start, end = tokens.starts[first], tokens.ends[last - 1]
    return Span(tokens.offset + start, tokens.offset + end, tokens.text[start:end])


def _tidy(reading: Reading, first: int, last: int) -> Range:
    """The range without marks and conjunctions at its edges; quote marks that pair up stay."""
    tokens = reading.tokens
    while first < last and (
        tokens.texts[first] in (",", ";", ":", ".", *DASHES)
        or (reading.has("clause_conjunctions", first) and first > 0)
        or (
            tokens.forms[first] in _THAT
            and first > 0
            and reading.has("clause_conjunctions", first - 1)
        )
    ):
        first += 1
    while first < last and (
        tokens.texts[last - 1] in (",", ";", ":", ".", *DASHES)
        or (
            last < len(tokens)
            and not reading.mark(last)
            and (
                reading.has("prepositions", last - 1)
                or reading.has("clause_conjunctions", last - 1)
            )
        )
    ):
        last -= 1
    if last - first > 2:
        inner = tokens.texts[first + 1 : last - 1]
        for opening, closing in (("«", "»"), ("“", "”"), ('"', '"'), ("„", "“")):
            if (
                tokens.texts[first] == opening
                and tokens.texts[last - 1] == closing
                and not {opening, closing} & set(inner)
            ):
                first, last = first + 1, last - 1
                break
        while first < last and tokens.texts[last - 1] in (",", "."):
            last -= 1
    for opening, closing in (("«", "»"), ("“", "”"), ("„", "“")):
        inner = tokens.texts[first:last]
        if inner[:1] == [opening] and closing not in inner:
            first += 1  # speech that an attribution cuts in two
        elif inner[-1:] == [closing] and opening not in inner:
            last -= 1
    return first, last


def _within(inner: Frame, outer: Frame) -> bool:
    """Whether the inner frame is part of what the outer one reports."""
    return inner is not outer and any(a <= inner.first and inner.last <= b for a, b in outer.scopes)


def _pieces(reading: Reading, found: list[Frame]) -> list[_Piece]:
    """What each frame reports and what no frame reports, as ranges that do not overlap."""
    pieces: list[_Piece] = []
    chains = {
        id(f): [g for g in sorted(found, key=lambda g: -_size(g)) if _within(f, g) and not f.gerund]
        + [f]
        for f in found
    }
    for low, high in reporting.segments(reading):
        here = [f for f in found if low <= f.first < high]
        owner: list[int] = [-1] * (high - low)
        for k, frame in sorted(
            enumerate(here), key=lambda e: (len(chains[id(e[1])]), -_size(e[1]))
        ):
            for a, b in frame.scopes:
                for i in range(max(a, low), min(b, high)):
                    owner[i - low] = k
        for k, frame in enumerate(here):
            inner = any(_within(other, frame) for other in here)
            if frame.manner != "object" or inner:
                for i in range(max(frame.first, low), min(frame.last, high)):
                    # The words of a frame inside a wider object claim stay part of that claim.
                    if not (inner and frame.manner == "object"):
                        owner[i - low] = (
                            -2
                            if owner[i - low] in (-1, k) or frame.manner != "object"
                            else owner[i - low]
                        )
        i = low
        while i < high:
            k = owner[i - low]
            j = i
            while j < high and owner[j - low] == k:
                j += 1
            if k != -2:
                first, last = _tidy(reading, i, j)
                frames = chains[id(here[k])] if k >= 0 else []
                least = 1 if k >= 0 or (i, j) == (low, high) else LEAST_WORDS
                asked = k < 0 and here and reading.label("questions", first)
                if (
                    not asked
                    and reading.words(first, last) >= least
                    and (k >= 0 or not here or _has_verb(reading, first, last))
                ):
                    for a, b in clauses(reading, first, last):
                        a, b = _tidy(reading, a, b)
                        if a < b:
                            pieces.append(_Piece(a, b, frames))
            i = j
        for frame in here:
            if not any(p.frames and p.frames[-1] is frame for p in pieces) and not any(
                frame in p.frames for p in pieces
            ):
                a, b = _tidy(reading, low, high)
                if a < b:
                    pieces.append(_Piece(a, b, chains[id(frame)]))
    return sorted(pieces, key=lambda p: (p.first, p.last))


def _size(frame: Frame) -> int:
    return sum(b - a for a, b in frame.scopes)


def _has_verb(reading: Reading, first: int, last: int) -> bool:
    return any(reading.finite(i) for i in range(first, last))


def _listed(reading: Reading, name: str, first: int, last: int) -> list[tuple[Span, str]]:
    """The entries of a list inside the range, as spans with their labels."""
    out: list[tuple[Span, str]] = []
    reach = first
    for i in range(first, last):
        found = reading.label(name, i)
        if found and i >= reach and found[0] <= last:
            out.append((_span(reading, i, found[0]), found[1]))
            reach = found[0]
    return out


def _inside(items: Iterable[_Positioned], start: int, end: int) -> tuple[_Positioned, ...]:
    return tuple(x for x in items if start <= x.start and x.end <= end)


def _attribution(reading: Reading, frames: list[Frame]) -> Attribution | None:
    """The chain of the frames: all speakers outermost first, stance and verb of the innermost."""
    if not frames:
        return None
    chain: list[Speaker] = []
    for frame in frames:
        for speaker in frame.speakers:
            if not chain or chain[-1].start != speaker.start:
                chain.append(speaker)
    inner = frames[-1]
    verb = _span(reading, *inner.verb) if inner.verb else None
    return Attribution(tuple(chain), inner.stance, verb, chain[-1].kind)


def _polarity(piece: _Piece, unconfirmed: bool) -> Polarity:
    inner = piece.frames[-1] if piece.frames else None
    if unconfirmed or (inner is not None and inner.negated):
        return "unknown"
    if inner is not None and inner.stance == "denial":
        return "denied"
    return "affirmed"


def _after_colon(reading: Reading, first: int) -> bool:
    """Whether a colon, with nothing but quotation marks after it, stands before a token."""
    before = first - 1
    while reading.mark(before) in set("\"«“„'"):
        before -= 1
    return reading.mark(before) == ":"


def _is_speech(reading: Reading) -> bool:
    """Whether a sentence is a quotation and nothing more."""
    held = sum(k >= 0 for k in reading.speech)
    return bool(reading.quotes) and held >= _SPEECH_SHARE * len(reading.tokens)


def _mention(reading: Reading) -> Speaker | None:
    """The first person a sentence names, with the words of the role before the name."""
    for k, entity in enumerate(reading.entities):
        if entity.kind != "person" and not (entity.kind == "name" and not entity.text.isupper()):
            continue
        tokens = reading.tokens
        at = reading.entity_at.index(k) if k in reading.entity_at else 0
        first = at
        while (
            first > 0
            and tokens.kinds[first - 1] == "word"
            and not reading.has("prepositions", first - 1)
        ):
            if reading.finite(first - 1) or reading.has("skip", first - 1):
                break
            first -= 1
        if not any(reading.label("roles", i) for i in range(first, at)):
            first = at
        start = tokens.offset + tokens.starts[first]
        text = tokens.text[tokens.starts[first] : entity.end - tokens.offset]
        return Speaker(text, start, entity.end, entity.key, "named")
    if (
        reading.tokens.texts
        and reading.capital(0)
        and len(reading.tokens) > 1
        and reading.finite(1)
    ):
        word = reading.tokens.texts[0]
        span = _span(reading, 0, 1)
        from alignment.entities import key

        if not reading.has("pronouns", 0) and not reading.has("skip", 0) and len(word) > 2:
            return Speaker(word, span.start, span.end, key(word, reading.language), "named")
    return None


class _Features:
    """All that a sentence holds for comparing, found once and cut to each claim."""

    def __init__(self, reading: Reading, published_at: datetime | None, zone: str) -> None:
        tokens, language = reading.tokens, reading.language
        self.reading = reading
        self.dates = time.find(tokens, language, published_at, zone)
        dated = [(d.start, d.end) for d in self.dates]
        self.quantities = [
            q
            for q in numbers.find(tokens, language)
            if not any(s < q.end and q.start < e for s, e in dated)
        ]
        self.entities = reading.entities
        self.terms = _terms().search(tokens, language)
        self.quotes = [_span(reading, a, b) for a, b in reading.quotes]

    def claim(self, sentence: int, piece: _Piece) -> Claim:
        """The claim of a piece with everything that lies inside it."""
        reading = self.reading
        span = _span(reading, piece.first, piece.last)
        start, end = span.start, span.end
        unconfirmed = _listed(reading, "not_confirmed", piece.first, piece.last)
        hedged = _listed(reading, "hedges", piece.first, piece.last)
        for frame in piece.frames[-1:]:
            low, high = sorted((frame.first, frame.last))
            hedged += [h for h in _listed(reading, "hedges", low, high) if h not in hedged]
        certainty: Certainty = max(
            ("certain", *(_CERTAINTIES[_CERTAINTIES.index(label)] for _, label in hedged)),
            key=_CERTAINTIES.index,
        )
        polarity = _polarity(piece, bool(unconfirmed))
        if polarity == "denied" and _after_colon(reading, piece.first):
            polarity = "affirmed"  # "called it fiction: the plant stands empty" holds the latter
        if polarity == "unknown":
            certainty = "unknown"
        spent = [s for s, _ in unconfirmed]
        negations = [
            s
            for s, _ in _listed(reading, "negations", piece.first, piece.last)
            if not any(u.start <= s.start < u.end for u in spent)
        ]
        verb = piece.frames[-1].verb if piece.frames else None
        if verb and piece.frames[-1].negated:
            reported = _span(reading, *verb)
            negations = [
                s for s in negations if not reported.start - 20 <= s.start < reported.start
            ]
        own = _inside(self.entities, start, end)
        return Claim(
            sentence,
            start,
            end,
            span.text,
            reading.language,
            _attribution(reading, piece.frames),
            polarity,
            certainty,
            tuple(s for s, _ in hedged),
            tuple(negations),
            _inside(self.quantities, start, end),
            _inside(self.dates, start, end),
            tuple(dict.fromkeys(e.key for e in own if e.kind == "place")),
            own,
            tuple(
                Span(
                    max(q.start, start),
                    min(q.end, end),
                    q.text[max(0, start - q.start) : min(q.end, end) - q.start],
                )
                for q in self.quotes
                if q.start < end and start < q.end
            ),
            _inside(self.terms, start, end),
        )


def _remember(
    context: Context, reading: Reading, found: list[Frame], sentence: Sentence, *, carried: bool
) -> None:
    """Keeps what the next sentence may lean on."""
    if found:
        last = found[-1]
        context.speakers, context.stance = last.speakers, last.stance
        named = next(
            (s for f in reversed(found) for s in reversed(f.speakers) if s.kind == "named"), None
        )
        anyone = last.speakers[-1]
        context.mention = (
            named
            or _mention(reading)
            or (anyone if anyone.kind == "anonymous" else context.mention)
        )
    elif not carried:
        mention = _mention(reading)
        context.speakers = ()
        if mention is not None:
            context.mention = mention
    context.paragraph = sentence.paragraph


def extract(
    sentences: Sequence[Sentence],
    *,
    published_at: datetime | None = None,
    zone: str = "Europe/Kyiv",
) -> list[Claim]:
    """The claims of a document, in order of their start; one sentence gives one or more.

    A sentence in a language without a grammar is one claim with nothing found in it.
    `zone` is the IANA name of the zone that relative dates count in. A quotation without a speaker
    goes on with the speaker before it; "Об этом сообщает X" also gives its speaker to the claims of
    the sentence before that have none.
    """
    claims: list[Claim] = []
    context = Context()
    for index, sentence, tokens in windows(sentences):
        if sentence.language not in LANGUAGES:
            first, last = tokens.starts[0], tokens.ends[-1]
            start, text = tokens.offset + first, tokens.text[first:last]
            claims.append(Claim(index, start, start + len(text), text, sentence.language))
            continue
        reading = read(tokens, sentence.language)
        if sentence.paragraph - context.paragraph > _CARRIED_PARAGRAPHS:
            context.speakers = ()
        found = reporting.find(reading, context)
        features = _Features(reading, published_at, zone)
        carried = not found and _is_speech(reading) and bool(context.speakers)
        if carried:
            found_pieces = _pieces(reading, [])
            kind = context.speakers[-1].kind
            attribution = Attribution(context.speakers, context.stance, None, kind)
            claims.extend(
                replace(features.claim(index, p), attribution=attribution) for p in found_pieces
            )
        else:
            claims.extend(features.claim(index, p) for p in _pieces(reading, found))
            if any(f.anaphoric for f in found):
                _hand_back(claims, index, found, reading)
        _remember(context, reading, found, sentence, carried=carried)
    return claims


def _hand_back(claims: list[Claim], index: int, found: list[Frame], reading: Reading) -> None:
    """Gives the speaker of "Об этом сообщает X" to the claims of the sentence before."""
    frame = next(f for f in found if f.anaphoric)
    attribution = _attribution(reading, [frame])
    for k in range(len(claims) - 1, -1, -1):
        if claims[k].sentence < index - 1:
            break
        if claims[k].sentence == index - 1 and claims[k].attribution is None:
            claims[k] = replace(claims[k], attribution=attribution)

"""Clauses: the words of one segment, who speaks in them, and where a reported clause starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from alignment.attribution import Speaker, Stance
from alignment.lexicon import Phrases, affixes, grammar, words
from alignment.reading import DASHES, Reading
from alignment.speakers import speaker as named

Manner = Literal["complement", "around", "object", "layout"]
Range = tuple[int, int]

CLOSING = frozenset('»”"')
OPENING = frozenset('«“„"')
_PLAIN_WORDS = 5
#: A colon this many tokens behind the verb opens what is said; a later one explains an object.
_COLON_REACH = 4
#: Units of amounts, which say nothing: "a tonne of wheat added 4 %".
_AMOUNTS = frozenset(
    {
        "percent",
        "usd",
        "eur",
        "gbp",
        "rub",
        "uah",
        "tonne",
        "kg",
        "litre",
        "barrel",
        "ha",
        "km",
        "mw",
    }
)


@cache
def _units(language: str) -> Phrases:
    return grammar(language).compiled("units")


@dataclass(slots=True)
class Frame:
    """One attribution: tokens `first`–`last` hold speaker and verb, `scopes` what is reported."""

    first: int
    last: int
    speakers: tuple[Speaker, ...]
    stance: Stance
    verb: Range | None
    scopes: list[Range]
    manner: Manner
    negated: bool = False
    anaphoric: bool = False
    gerund: bool = False


@dataclass(slots=True)
class Context:
    """What earlier sentences leave behind: the last frame's speakers and the last person named."""

    speakers: tuple[Speaker, ...] = ()
    stance: Stance = "neutral"
    mention: Speaker | None = None
    paragraph: int = -1


class Clause:
    """The tokens `low` to `high` of a sentence, with the frames found in them so far."""

    def __init__(self, reading: Reading, low: int, high: int, context: Context) -> None:
        self.r = reading
        self.tokens = reading.tokens
        self.low = low
        self.high = high
        self.context = context
        self.frames: list[Frame] = []
        self.english = reading.language == "en"
        self.noun_verbs = words(reading.language, "noun_verbs")
        self.determiners = words("en", "determiners")
        self.plural = False  # whether the verb being read is in the plural
        self.lenient = False  # whether a noun without a known role may be the speaker

    def words(self, first: int, last: int) -> int:
        """How many words and numbers the tokens hold."""
        return self.r.words(first, last)

    def mark(self, i: int) -> str:
        """The mark at token `i` inside the segment, or ""."""
        return self.r.mark(i) if self.low <= i < self.high else ""

    def outside_end(self) -> int:
        """The end of the segment without its final marks."""
        end = self.high
        while end > self.low and self.tokens.texts[end - 1] in (".", "!", "?", "…"):
            end -= 1
        return end

    def speaker(self, found: Range | None) -> Speaker | None:
        """The speaker of a phrase; a pronoun is resolved to the last person named."""
        if found is None:
            return None
        first, last = found
        pronoun = self.r.label("pronouns", first) or self.r.label("pronouns", last - 1)
        if pronoun and last - first <= 2:
            if pronoun[1] == "n":
                body = self.context.speakers[-1] if self.context.speakers else None
                return (
                    body
                    if body is not None and body.kind in ("institutional", "document")
                    else None
                )
            return self.resolve()
        if self.no_one(first, last):
            return None
        forms = self.tokens.forms[first:last]
        if self.english and len(forms) == 2 and forms[0] == "the" and self.context.mention:
            role = self.r.label("roles", first + 1)
            if role and role[1] == "named" and self.context.mention.kind == "named":
                return self.context.mention
        if self.r.has("first_person", first) and last - first == 1:
            return None
        if self.plural and last - first == 1 and forms[0].endswith(("ам", "ям")):
            return None  # "Пассажирам рекомендуют": no one is named
        found_speaker = named(self.r, first, last)
        if (
            found_speaker
            and found_speaker.kind == "named"
            and found_speaker.key.startswith("name:")
            and first == self.low
            and last - first == 1
            and (self.plural or (self.english and self.tokens.forms[first].endswith("s")))
            and not self.english
        ):
            return replace(found_speaker, kind="anonymous", key="")  # "Энергетики говорят"
        if (
            found_speaker
            and found_speaker.kind == "named"
            and not self.english
            and found_speaker.key.startswith("name:")
        ):
            place = self.tokens.forms[first - 1] if first > self.low else ""
            if place in ("в", "во", "у"):  # "заявили в Госпогранслужбе": one speaks for a body
                return replace(found_speaker, kind="institutional")
        if found_speaker is None:
            return self.plain(first, last)
        if found_speaker.kind == "institutional" and not found_speaker.key and last - first <= 2:
            # "в ведомстве", "the ministry": the body named last
            body = next(
                (s for s in reversed(self.context.speakers) if s.kind == "institutional"), None
            )
            if body is not None:
                return replace(found_speaker, key=body.key)
        return found_speaker

    def no_one(self, first: int, last: int) -> bool:
        """Whether a subject speaks for no one: "this", an amount, or one in an if-clause."""
        if last - first == 1 and self.r.has("demonstratives", first):
            return True
        if any(self.r.has("suppositions", i) for i in (first - 1, first) if i >= self.low):
            return True
        amount = any(
            entry[1] in _AMOUNTS
            for i in range(first, last)
            for entry in _units(self.r.language).at(self.tokens, i)[1]
        )
        return amount and not any(self.r.label("roles", i) for i in range(first, last))

    def behind_rumours(self, first: int, last: int) -> Range:
        """The subject behind what it denies: "Слухи об отставке тренера | клуб", "… | в клубе"."""
        roles = [
            (i, found[1]) for i in range(first + 1, last) if (found := self.r.label("roles", i))
        ]
        if not roles:
            return last - 1, last
        at = roles[-1][0]
        if len(roles) > 1 and roles[-2][1] == "named":
            at = roles[-2][0]
        return at, last

    def plain(self, first: int, last: int) -> Speaker | None:
        """A speaker that only the verb makes one: "спортсменка", "в комплексе хозяйства"."""
        tokens = self.tokens
        if (
            not self.lenient
            or not 0 < last - first <= _PLAIN_WORDS
            or self.r.has("negations", first)
        ):
            return None
        if not all(self.tokens.kinds[i] == "word" for i in range(first, last)) or self.r.finite(
            first
        ):
            return None
        if any(
            self.r.has(n, first)
            for n in ("relatives", "complementizers", "own", "skip", "clause_conjunctions")
        ):
            return None
        place = tokens.forms[first - 1] if first > self.low else ""
        body = not self.english and place in ("в", "во", "у")
        if body and not self.plural:
            return None
        text = tokens.slice(first, last)
        start = tokens.offset + tokens.starts[first]
        return Speaker(text, start, start + len(text), "", "institutional" if body else "anonymous")

    def resolve(self) -> Speaker | None:
        """Whom a pronoun means: the last person named before."""
        if self.context.mention is not None:
            return self.context.mention
        return self.context.speakers[-1] if self.context.speakers else None

    def add(self, frame: Frame) -> None:
        """Keeps a frame whose scopes hold words."""
        frame.scopes = [(a, b) for a, b in frame.scopes if a < b and self.words(a, b)]
        if frame.scopes:
            self.frames.append(frame)

    def separated(self, begin: int) -> bool:
        """Whether a comma, dash or closing quote stands before token `begin`."""
        return begin > self.low and self.mark(begin - 1) in {",", *DASHES, *CLOSING}

    def light(self, end: int) -> bool:
        """Whether only adjuncts follow: recipients, a place, a time."""
        return self.light_end(end) >= self.outside_end() or self.mark(self.light_end(end)) == ","

    def light_end(self, end: int) -> int:
        """The end of recipients and adjuncts that start at token `end`."""
        i = end
        while i < self.high:
            recipient = self.r.label("recipients", i)
            if recipient:
                i = recipient[0]
            elif self.r.has("prepositions", i) or self.r.has("skip", i):
                i += 1
                while i < self.high and not self.mark(i) and not self.r.has("complementizers", i):
                    if self.r.finite(i):
                        return end
                    i += 1
            elif (
                self.r.entity_at[i] >= 0
                or self.tokens.kinds[i] in ("number", "other")
                or (
                    self.english
                    and i == end
                    and self.tokens.forms[i] == "the"
                    and self.r.capital(i + 1)
                )
            ):
                i += 1
            else:
                break
        return i

    def unproven(self, i: int) -> bool:
        """Whether a remark on missing proof starts at token `i`: "without providing evidence"."""
        marked = self.r.label("distancing_cues", i)
        return marked is not None and marked[0] - i > 1

    def past_parenthesis(self, comma: int) -> int:
        """Behind the comma that closes what the comma at `comma` opens."""
        closing = (k for k in range(comma + 1, self.high) if self.mark(k) == ",")
        return next(closing, self.high - 1) + 1

    def complement(self, last: int) -> int | None:
        """Where the reported clause starts behind the verb, or None when there is no clause."""
        return self.complement_en(last) if self.english else self.complement_slavic(last)

    def complement_slavic(self, last: int) -> int | None:
        """Behind ", что", ":", or at a speech quotation."""
        skipped = 0
        for i in range(last, self.high):
            if self.r.in_speech(i):
                return i
            mark = self.mark(i)
            if mark == ":":
                return i + 1 if i - last <= _COLON_REACH else None
            distant = self.r.label("distant_complementizers", i)
            if distant and i == last:
                return i
            if mark == "," and i < skipped:
                continue
            if mark == "," and (self.r.label("citing", i + 1) or self.unproven(i + 1)):
                skipped = self.past_parenthesis(i) - 1
                continue
            if mark == ",":
                marked = self.r.label("complementizers", i + 1)
                if marked is None and self.tokens.forms[i + 1 : i + 2] in (["мол"], ["мовляв"]):
                    return i + 2
                if marked is None:
                    return None
                kept = self.r.label("distant_complementizers", i + 1)
                return i + 1 if kept else marked[0]
            if mark and mark not in '«»"“”„()':
                return None
        return None

    def complement_en(self, last: int) -> int | None:
        """Behind "that", at a quotation, or at a clause without "that"."""
        for k in range(last, min(last + 4, self.high)):
            if self.tokens.forms[k] == "that" and k > last:
                return k + 1  # "rejected the claim that …"
            if self.mark(k) or self.r.in_speech(k) or self.r.has("prepositions", k):
                break
            if self.r.finite(k) and self.tokens.forms[k] not in words(
                self.r.language, "noun_verbs"
            ):
                break
        i = last
        told = self.tokens.forms[last - 1] in words("en", "told")
        while i < self.high:
            if self.r.in_speech(i):
                return i
            mark = self.mark(i)
            if mark == ":":
                return i + 1
            if mark == "," and i + 1 < self.high and self.r.in_speech(i + 1):
                return i + 1
            if self.tokens.forms[i] == "that" and self.r.has("complementizers", i):
                return i + 1
            if mark == "," and (self.r.label("citing", i + 1) or self.unproven(i + 1)):
                i = self.past_parenthesis(i)
                continue
            if mark:
                return None
            recipient = self.r.label("recipients", i)
            entity = self.r.entity(i)
            if recipient:
                i = recipient[0]
            elif told and i == last and (entity is not None or self.r.capital(i)):
                while i < self.high and (
                    (self.r.entity(i) is entity and entity is not None) or self.r.capital(i)
                ):
                    i += 1
            elif self.r.has("months", i) or self.r.has("weekdays", i) or self.r.has("skip", i):
                i += 1
            elif self.r.has("prepositions", i):
                if not self.adjunct(i):
                    return None
                i += 1
                while i < self.high and not self.mark(i) and self.adjunct_word(i):
                    i += 1
            else:
                break
        if self.tokens.forms[last - 1].startswith(affixes("en", "object_verbs")):
            return None
        if self.tokens.forms[last - 1].startswith("den") and not self.r.has("pronouns", i):
            return None
        return i if i < self.high and self.clause(i) else None

    def adjunct(self, i: int) -> bool:
        """Whether the preposition at `i` starts a short adjunct before the clause."""
        return (
            self.tokens.forms[i] in ("in", "on", "at", "to", "during", "after", "late", "by")
            and any(
                self.tokens.forms[k] == "that" or self.r.in_speech(k)
                for k in range(i, min(i + 8, self.high))
            )
        ) or (
            self.tokens.forms[i] in ("on", "in")
            and i + 1 < self.high
            and (self.r.has("weekdays", i + 1) or self.r.has("months", i + 1))
        )

    def adjunct_word(self, i: int) -> bool:
        """Whether token `i` still belongs to the adjunct."""
        return self.tokens.forms[i] != "that" and not self.r.in_speech(i) and not self.r.finite(i)

    def clause(self, i: int) -> bool:
        """Whether a clause with its own subject and finite verb starts at token `i`."""
        if self.r.has("prepositions", i) or self.tokens.forms[i] in ("to", "as", "not"):
            return False
        if self.tokens.forms[i] == "there":
            return True
        for k in range(i + 1, min(i + 16, self.high)):
            if self.mark(k) in {";", ":"} or self.tokens.forms[k] in ("if", "when", "because"):
                return False
            if self.mark(k) == ",":
                if self.tokens.forms[k + 1 : k + 2] and self.tokens.forms[k + 1].endswith("ing"):
                    return False
                continue
            if self.r.finite(k) and not self.r.in_speech(k):
                return not self.r.has("relatives", k - 1)
            if self.r.in_speech(k) and self.r.finite(k):
                return True
        return False

    def describes(self, i: int) -> bool:
        """Whether what follows tells of the speaker: "54, who lives here", "живущая в Киеве"."""
        if i + 1 < self.high and self.tokens.kinds[i] == "number" and self.mark(i + 1) == ",":
            i += 2
        if i >= self.high or any(self.r.in_speech(k) for k in range(i, self.high)):
            return False
        subject = self.r.has("relatives", i) and self.tokens.forms[i] != "that"
        return subject or self.tokens.forms[i].endswith(affixes(self.r.language, "attending"))

    def around(
        self,
        first: int,
        last: int,
        found: Speaker,
        stance: Stance,
        verb: Range | None,
        *,
        negated: bool = False,
        anaphoric: bool = False,
    ) -> None:
        """Adds a frame whose claim lies before it, behind it, or on both sides."""
        left = (self.low, first)
        right = (last, self.high)
        while right[0] < right[1] and self.tokens.texts[right[0]] in (",", ".", *DASHES, ")"):
            right = (right[0] + 1, right[1])
        if self.describes(right[0]):
            right = (self.high, self.high)
        while left[1] > left[0] and self.tokens.texts[left[1] - 1] in (",", *DASHES, "("):
            left = (left[0], left[1] - 1)
        scopes = []
        if all(
            self.r.has("skip", i) or self.r.mark(i) or self.r.has("clause_conjunctions", i)
            for i in range(*left)
        ):
            left = (first, first)
        both = self.words(*left) >= 1 and self.words(*right) >= 2
        if (
            both
            and self.mark(last) == ","
            and self.mark(first - 1) == ","
            and not self.r.in_speech(left[1] - 1)
            and not self.r.has("clause_conjunctions", right[0])
        ):
            # A parenthesis inside the claim: the claim is the whole, not two halves.
            frame = Frame(
                first,
                last,
                (found,),
                stance,
                verb,
                [(self.low, self.high)],
                "object",
                negated,
                anaphoric,
            )
            self.add(frame)
            return
        if self.words(*left) >= 2 or (left[0] < left[1] and self.r.in_speech(left[1] - 1)):
            scopes.append(left)
        if self.words(*right) >= 2 and (
            not scopes or self.r.mark(last) in {",", *DASHES, "."} or left[1] == first
        ):
            scopes.append(right)
        if not scopes:
            scopes = (
                [(self.low, self.high)] if anaphoric else [left if self.words(*left) else right]
            )
        self.add(Frame(first, last, (found,), stance, verb, scopes, "around", negated, anaphoric))

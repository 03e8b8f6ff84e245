"""Reporting frames: who reports in a sentence, with which verb, and which words are reported.

A frame is found by rules on tokens, in the order layout ("Name: claim"), phrase ("according to"),
verb, trailing dash. Nothing is parsed: phrases and clauses are bounded by marks, function words and
verb endings, in one pass over the sentence per rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from alignment import speakers as phrases
from alignment.attribution import Speaker, Stance
from alignment.reading import DASHES, DETERMINERS, Reading

Manner = Literal["complement", "around", "object", "layout"]
Range = tuple[int, int]

_CLOSING = frozenset('»”"')
_OPENING = frozenset('«“„"')
_HEADLINE_WORDS = 8
_PLAIN_WORDS = 5
#: A colon this many tokens behind the verb opens what is said; a later one explains an object.
_COLON_REACH = 4
_PLURALS = {"ru": ("ли", "ют", "ят", "ут", "ат"), "uk": ("ли", "ть"), "en": ()}
# Clausal verbs that a document can take without a clause: "images show fortifications".
_SHOWING = ("show", "indicat", "suggest", "показ", "свидетельств", "свідч", "вказ", "указ")
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_NOUN_VERBS = frozenset(
    "report reports claim claims note notes demand demands post posts comment comments estimate estimates state states "
    "hint hints signal signals blame pledge pledges vow vows charge charges hope hopes fear fears show shows call calls "
    "stress reply replies quote quotes find finds answer answers threat warning argument counter ask remark remarks "
    "promise promises request dispute disputes read sees see means hold holds learn rail rage guess suspect suspects "
    "express repeat rubbish slam".split()
)
# English verbs that never take a clause without "that": what follows is an object.
_OBJECT_VERBS = (
    "describ", "express", "call", "demand", "urg", "accus", "blam", "reject", "refut", "dismiss", "rebut", "disput",
    "condemn", "denounc", "outlin", "quot", "ask", "propos", "slam", "brush", "aside", "reiterat",
)  # fmt: skip
_CITING_VERBS = ("цитир", "процитир", "цит", "процит", "quot")
_GERUNDS = {
    "ru": ("в", "вши", "я", "вшись", "ясь"),
    "uk": ("вши", "чи", "вшись", "чись"),
    "en": ("ing",),
}
_PARTICIPLES = {
    "ru": (
        "вший",
        "вшая",
        "вшие",
        "вшее",
        "вшего",
        "ющий",
        "ющая",
        "ющие",
        "ющего",
        "ящий",
        "енный",
        "вшим",
    ),
    "uk": ("вший", "юч", "ений"),
    "en": (),
}
_INFINITIVES = {"ru": ("ть", "ти", "чь"), "uk": ("ти",), "en": ()}


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
    quoted: bool = False
    recent: list[Speaker] = field(default_factory=list)


def segments(reading: Reading) -> list[Range]:
    """The sentence cut at semicolons outside speech."""
    cuts = [i for i, t in enumerate(reading.tokens.texts) if t == ";" and not reading.in_speech(i)]
    starts = [0, *(c + 1 for c in cuts)]
    ends = [*cuts, len(reading.tokens)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a < b]


class _Finder:
    """Finds the frames of one segment, tokens `low` up to but without `high`."""

    def __init__(self, reading: Reading, low: int, high: int, context: Context) -> None:
        self.r = reading
        self.tokens = reading.tokens
        self.low = low
        self.high = high
        self.context = context
        self.frames: list[Frame] = []
        self.english = reading.language == "en"
        self.plural = False  # whether the verb being read is in the plural
        self.lenient = False  # whether a noun without a known role may be the speaker

    # Words and places

    def words(self, first: int, last: int) -> int:
        """How many words and numbers the tokens hold."""
        return sum(kind != "mark" for kind in self.tokens.kinds[max(first, 0) : max(last, 0)])

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
        forms = self.tokens.forms[first:last]
        if self.english and len(forms) == 2 and forms[0] == "the" and self.context.mention:
            role = self.r.label("roles", first + 1)
            if role and role[1] == "named" and self.context.mention.kind == "named":
                return self.context.mention
        found_speaker = phrases.speaker(self.r, first, last)
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

    def plain(self, first: int, last: int) -> Speaker | None:
        """A speaker that only the verb makes one: "в комплексе городского хозяйства", "спортсменка"."""
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

    # Layout: "Name: claim" and "claim — Name"

    def headline(self) -> None:
        """ "Name: claim" at the start of the segment."""
        limit = min(self.high, self.low + _HEADLINE_WORDS + 2)
        colon = next((i for i in range(self.low, limit) if self.mark(i) == ":"), None)
        if colon is None or colon == self.low or colon + 1 >= self.outside_end():
            return
        if any(self.r.finite(i) or self.r.in_speech(i) for i in range(self.low, colon)):
            return
        if any(self.r.has("prepositions", i) for i in range(self.low, self.low + 1)):
            return
        found = phrases.speaker(self.r, self.low, colon)
        if found is None:
            return
        word = found.text
        known = (
            any(self.r.entity_at[i] >= 0 for i in range(self.low, colon))
            or any(self.r.label("roles", i) for i in range(self.low, colon))
            or (word.isupper() and len(word) > 1)
            or self.tokens.texts[colon + 1] in _OPENING
        )
        if known:
            self.add(
                Frame(
                    self.low,
                    colon + 1,
                    (found,),
                    "neutral",
                    None,
                    [(colon + 1, self.high)],
                    "layout",
                )
            )

    def trailing_name(self) -> None:
        """ "claim — Name" at the end of the segment."""
        end = self.outside_end()
        dash = next(
            (
                i
                for i in range(end - 1, max(self.low, end - _HEADLINE_WORDS) - 1, -1)
                if self.mark(i) in DASHES and not self.r.in_speech(i)
            ),
            None,
        )
        if dash is None or dash + 1 >= end or self.words(self.low, dash) < 3:
            return
        if any(self.r.finite(i) or self.mark(i) for i in range(dash + 1, end)):
            return
        quoted = self.tokens.texts[dash - 1] in _CLOSING or self.tokens.texts[self.low] in _OPENING
        if not quoted or not self.r.capital(dash + 1):
            return
        found = phrases.speaker(self.r, dash + 1, end)
        if found is not None and found.kind in ("named", "institutional"):
            self.add(Frame(dash, end, (found,), "neutral", None, [(self.low, dash)], "layout"))

    # Phrases: "according to", "по словам"

    def according(self) -> None:
        """ "According to X, claim", before, behind or inside the claim."""
        for own in (False, True):
            name = "according_own" if own else "according"
            for first, (last, label) in sorted(self.r.marks[name].items()):
                if not self.low <= first < self.high or self.r.in_speech(first):
                    continue
                if not own and first in self.r.covered["according_own"]:
                    continue
                begin = first
                if begin > self.low and self.r.label("as_openers", begin - 1):
                    begin -= 1
                if own:
                    found: Speaker | None = self.subject_before(first) or self.resolve()
                    end = last
                else:
                    where = phrases.after(self.r, last)
                    if where is None:
                        continue
                    self.lenient = label != "written"
                    found, end = self.speaker(where), where[1]
                    if self.r.has("relatives", end) or (
                        self.mark(end) == "," and self.r.has("relatives", end + 1)
                    ):
                        end = next(
                            (k for k in range(end + 1, self.high) if self.mark(k)),
                            self.outside_end(),
                        )
                if found is None:
                    continue
                stance: Stance = label if label in ("distancing", "endorsing") else "neutral"  # type: ignore[assignment]
                self.around(begin, end, found, stance, None)

    def subject_before(self, i: int) -> Speaker | None:
        """The person named before token `i` in the segment ("Буданов, за його словами, …")."""
        for k in range(i - 1, self.low - 1, -1):
            entity = self.r.entity(k)
            if entity is not None and entity.kind == "person":
                offset = self.tokens.offset
                return (
                    Speaker(entity.text, entity.start, entity.end, entity.key, "named")
                    if offset >= 0
                    else None
                )
        return None

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
        while right[0] < right[1] and self.tokens.texts[right[0]] in (",", *DASHES, ")"):
            right = (right[0] + 1, right[1])
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
        if self.words(*left) >= 2:
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

    # Verbs

    def verbs(self) -> None:
        """Frames made by reporting verbs, from left to right."""
        entries: list[tuple[int, int, str, bool]] = []
        for name in ("reporting", "clausal"):
            for first, (last, label) in self.r.marks[name].items():
                if self.low <= first < self.high:
                    entries.append((first, last, label, name == "clausal"))
        entries.sort(key=lambda e: (e[0], -e[1], e[3]))
        reach = self.low
        for first, last, label, clausal in entries:
            entity = self.r.entity(first)
            if entity is not None and entity.kind != "person":
                continue  # "United States"
            if first < reach or not self.reports(first, last):
                continue
            if self.verb(first, last, label, clausal):
                reach = last

    def reports(self, first: int, last: int) -> bool:
        """Whether the words are a finite reporting verb here, and not a noun or a participle."""
        form = self.tokens.forms[first]
        if (
            self.r.in_speech(first)
            or self.r.has("no_report", first)
            or self.r.has("according", first)
        ):
            return False
        if form.endswith(_PARTICIPLES[self.r.language]) and _PARTICIPLES[self.r.language]:
            return False
        if _INFINITIVES[self.r.language] and form.endswith(_INFINITIVES[self.r.language]):
            return False
        if not self.english:
            return True
        before = self.tokens.forms[first - 1] if first > self.low else ""
        if form in _NOUN_VERBS and self.r.has("reporting", first - 1) and before not in _NOUN_VERBS:
            return False  # "rejected reports"
        if before in _CLOSING and first - 2 > self.low and not self.r.in_speech(first - 1):
            before = "the"  # a quoted word stands before a noun: "a “constructive” call"
        if self.tokens.forms[last : last + 1] == ["by"]:
            return False
        if form.endswith("ing") and not self.is_gerund(first) and not self.named_at(first - 1):
            return False
        if self.r.has("relatives", first - 1) and before in ("who", "which", "that"):
            return False
        if before in _BE and not form.endswith("ing"):
            return False
        if before == "to" or (
            form.endswith("ing")
            and before in _BE | {"of", "for", "by", "in", "from", "after", "before"}
        ):
            return False
        if form in _NOUN_VERBS or (form.endswith("ed") and before in DETERMINERS):
            if form == "report" and self.tokens.forms[last : last + 1] == ["to"]:
                return False
            if before in DETERMINERS or (first == self.low and self.words(first, last) == 1):
                return False
            if first + 1 < self.high and self.tokens.forms[last : last + 1] in (
                ["of"],
                ["about"],
                ["from"],
                ["by"],
            ):
                return False
            # "reports state": the noun before another verb is a subject, not a verb.
            if self.r.label("reporting", last) and self.tokens.forms[last] not in DETERMINERS:
                return False
            if self.r.has("roles", first) and self.r.has("skip", last):
                return False
        return True

    def named_at(self, i: int) -> bool:
        """Whether a person's name stands at token `i` ("despite Zelensky declaring …")."""
        entity = self.r.entity(i)
        return entity is not None and entity.kind in ("person", "name")

    def is_gerund(self, first: int) -> bool:
        """Whether the verb is a gerund that shares the subject of the frame before it."""
        form = self.tokens.forms[first]
        endings = _GERUNDS[self.r.language]
        if not form.endswith(endings) or form.endswith("тся"):
            return False
        if self.r.language == "ru" and form.endswith("в") and self.mark(first - 1) != ",":
            return False
        if self.english and self.tokens.forms[first - 1] == "while":
            return True
        return self.mark(first - 1) in {",", "”", "»", '"'} or self.tokens.forms[first - 1] in (
            "and",
            "и",
            "та",
            "і",
            "но",
            "але",
        )

    def verb(self, first: int, last: int, label: str, clausal: bool) -> bool:
        """Adds the frame of the verb at `first`; False where it makes none."""
        stance: Stance = label  # type: ignore[assignment]
        self.plural = self.tokens.forms[first].endswith(_PLURALS[self.r.language] or "-")
        self.lenient = not clausal
        negated = self.negated(first)
        if negated:
            if stance not in ("endorsing", "denial"):
                return False  # "did not accuse": nothing is reported
            stance = "neutral"
        if any(self.is_gerund(i) for i in (first,)):
            return self.gerund(first, last, stance, negated)
        opener = self.opener(first)
        inverted = self.inverted(first, last, opener)
        if inverted is not None:
            return self.behind(
                first, last, inverted, stance, opener, negated=negated, clausal=clausal
            )
        return self.front(first, last, stance, clausal=clausal, negated=negated)

    def negated(self, first: int) -> bool:
        """Whether a negation stands directly before the verb."""
        for i in range(max(self.low, first - 2), first):
            if self.r.has("negations", i):
                between = self.tokens.texts[i + 1 : first]
                if not any(self.r.mark(k) for k in range(i, first)) and len(between) < 2:
                    return not (self.r.has("reporting", i) and self.r.has("hedges", i))
        return False

    def opener(self, first: int) -> tuple[int, str] | None:
        """(start, kind) of "как"/"as" or "об этом" that opens the clause of the verb."""
        i = first
        while i > self.low and i > first - 8:
            i -= 1
            if self.mark(i) and self.tokens.texts[i] not in '«»"“”':
                return None
            marked = self.r.label("anaphoric", i)
            if marked and not self.english and self.opens(i):
                return i, "anaphoric"
            marked = self.r.label("as_openers", i)
            if marked and self.opens(i):
                return i, "as"
        return None

    def opens(self, i: int) -> bool:
        """Whether token `i` opens a clause."""
        return (
            i == self.low
            or self.mark(i - 1) in {",", "(", *DASHES, "»", '"', "”"}
            or self.r.has("skip", i - 1)
        )

    def inverted(self, first: int, last: int, opener: tuple[int, str] | None) -> Range | None:
        """The subject behind the verb ("сказал Песков", "said Mr Smith"), or None."""
        i = first
        while (
            i > self.low
            and (self.r.has("skip", i - 1) or self.r.has("negations", i - 1))
            and not self.r.capital(i - 1)
        ):
            i -= 1
        mark = self.mark(i - 1)
        separated = (
            i == self.low
            or mark in {",", *DASHES, ":"}
            or (mark in _CLOSING and self.r.in_speech(i - 1))
        )
        if self.english and (i == self.low or self.tokens.forms[first].startswith("quot")):
            return None
        if not separated and opener is None:
            return None
        if last >= self.high:
            return None
        nxt = last
        while (
            nxt < self.high
            and self.r.has("skip", nxt)
            and not self.r.capital(nxt)
            and not self.r.has("roles", nxt)
        ):
            nxt += 1
        while (
            not self.english
            and nxt < self.high
            and self.r.has("recipients", nxt)
            and opener is not None
        ):
            nxt = self.r.label("recipients", nxt)[0] if self.r.label("recipients", nxt) else nxt + 1  # type: ignore[index]
        nxt = self.past_recipient_body(nxt, opener)
        if nxt >= self.high or self.mark(nxt) in {",", ":", ".", *DASHES} or self.r.in_speech(nxt):
            return None
        if self.r.has("complementizers", nxt) and not self.r.has("pronouns", nxt):
            return None
        if self.r.has("prepositions", nxt) and not (
            not self.english
            and (
                self.tokens.forms[nxt] in ("в", "у", "во")
                or (self.tokens.forms[nxt] == "на" and self.document_at(nxt + 1))
            )
        ):
            return None
        if self.r.has("recipients", nxt) and not self.r.has("roles", nxt) and opener is None:
            return None
        where = phrases.after(self.r, nxt)
        if where is None:
            return None
        if self.english:
            if where[1] < self.high and (
                self.r.finite(where[1]) or self.r.has("complementizers", where[1])
            ):
                return None
            if (
                opener is None
                and self.tokens.texts[first - 1] == ","
                and not (
                    self.tokens.texts[first - 2] in _CLOSING or self.words(self.low, first) >= 4
                )
            ):
                return None
            if any(self.r.finite(k) for k in range(where[0] + 1, where[1])):
                return None
            if (
                self.mark(where[1]) not in {"", ".", ",", *DASHES, "!", "?"}
                and where[1] < self.high
            ):
                return None
            if (
                where[1] < self.high
                and not self.mark(where[1])
                and not (
                    self.r.has("prepositions", where[1])
                    or self.r.has("relatives", where[1])
                    or self.r.has("skip", where[1])
                )
            ):
                return None
        elif (
            opener is None
            and i > self.low
            and self.mark(i - 1) == ","
            and self.apposed(i - 1, first)
        ):
            return None
        if self.speaker(where) is None:
            return None
        if phrases.classify(self.r, *where) is None and not self.r.has("pronouns", where[0]):
            # A noun of no known role speaks only when the clause ends with it.
            if where[1] < self.outside_end() and not self.mark(where[1]):
                return None
        return where

    def document_at(self, i: int) -> bool:
        """Whether a document is named within two tokens: "на сайте", "на странице"."""
        return any(
            (m := self.r.label("roles", k)) is not None and m[1] == "document" for k in (i, i + 1)
        )

    def past_recipient_body(self, i: int, opener: tuple[int, str] | None) -> int:
        """Past a news agency in the dative: "Как сообщил РИА Новости собеседник"."""
        if self.english or opener is None:
            return i
        entity = self.r.entity(i)
        if entity is None or entity.kind != "organisation":
            return i
        k = i
        while k < self.high and self.r.entity(k) is entity:
            k += 1
        return k if k < self.high and self.r.has("roles", k) and not self.mark(k) else i

    def apposed(self, comma: int, verb: int) -> bool:
        """Whether the comma before the verb closes an apposition to a subject further left."""
        subject = phrases.before(self.r, verb)
        if subject is None or subject[0] < self.low or subject[1] > comma:
            return False
        found = phrases.classify(self.r, *subject)
        between = self.tokens.forms[subject[1] + 1 : comma]
        if found is None or not between:
            return False
        opens = subject[1] + 1
        relative = (
            self.r.has("relatives", opens)
            or between[0].endswith(("вший", "вшая", "вшие", "щий", "щая", "ючи", "вши", "я"))
            or between[0] in ("не", "близкий", "близький", "представитель", "речник")
        )
        return relative

    def behind(
        self,
        first: int,
        last: int,
        where: Range,
        stance: Stance,
        opener: tuple[int, str] | None,
        *,
        negated: bool,
        clausal: bool,
    ) -> bool:
        """Adds the frame of a verb with its subject behind it."""
        del clausal
        found = self.speaker(where)
        if found is None:
            return False
        begin = opener[0] if opener else first
        end = where[1]
        while begin > self.low and opener is None and self.r.has("skip", begin - 1):
            begin -= 1
        anaphoric = opener is not None and opener[1] == "anaphoric"
        if opener is None and begin == self.low:
            start = self.complement(end)
            if start is None:
                self.add(
                    Frame(
                        begin,
                        end,
                        (found,),
                        stance,
                        (first, last),
                        [(self.low, self.high)],
                        "object",
                        negated,
                    )
                )
            else:
                self.add(
                    Frame(
                        begin,
                        start,
                        (found,),
                        stance,
                        (first, last),
                        [(start, self.high)],
                        "complement",
                        negated,
                    )
                )
            return True
        if opener is None:
            end = self.apposition_end(end)
        if end > where[1] and found.start == self.tokens.offset + self.tokens.starts[where[0]]:
            text = self.tokens.slice(where[0], end)
            found = replace(found, text=text, end=found.start + len(text))
        left_words = self.words(self.low, begin)
        start = self.complement(end) if anaphoric and left_words == 0 else None
        if start is not None:
            self.add(
                Frame(
                    begin,
                    start,
                    (found,),
                    stance,
                    (first, last),
                    [(start, self.high)],
                    "complement",
                    negated,
                )
            )
            return True
        self.around(
            begin,
            self.adjunct_end(end),
            found,
            stance,
            (first, last),
            negated=negated,
            anaphoric=anaphoric,
        )
        return True

    def apposition_end(self, end: int) -> int:
        """Past ", представитель …" behind a speaker at the end of the segment."""
        if self.mark(end) == "," and end + 1 < self.high and self.r.label("roles", end + 1):
            stop = next(
                (k for k in range(end + 1, self.high) if self.mark(k) in {",", *DASHES}),
                self.outside_end(),
            )
            if not any(self.r.finite(k) for k in range(end + 1, stop)):
                return stop
        return end

    def adjunct_end(self, end: int) -> int:
        """Past recipients and adjuncts behind the speaker, up to a mark ("журналистам в Киеве")."""
        i = end
        while i < self.high and not self.mark(i) and i - end < 14:
            if self.r.in_speech(i) or self.r.has("complementizers", i):
                return end if self.r.has("complementizers", i) else i
            i += 1
        return i if i == self.high or self.mark(i) in {",", ".", "!", "?", "…", *DASHES} else end

    def front(self, first: int, last: int, stance: Stance, *, clausal: bool, negated: bool) -> bool:
        """Adds the frame of a verb with its subject before it."""
        where = phrases.before(self.r, first)
        if where is not None and self.english and self.tokens.forms[first].endswith("ing"):
            where = self.name_before(first)
        if where is None or where[0] < self.low:
            return self.headless(first, last, stance, clausal=clausal)
        found = self.speaker(where)
        if found is None:
            return False
        known = phrases.classify(self.r, *where) or self.r.label("pronouns", where[0])
        begin = where[0]
        cites = self.tokens.forms[first].startswith(_CITING_VERBS) and not self.is_gerund(first)
        speakers: tuple[Speaker, ...] = (found,)
        end = last
        if cites:
            inner_where = phrases.after(self.r, last)
            inner = self.speaker(inner_where)
            if inner is not None and inner_where is not None:
                speakers, end = (found, inner), inner_where[1]
                while end < self.high and self.tokens.forms[end] in ("as", "saying"):
                    end += 1
        start = self.complement(end)
        separated = self.separated(begin)
        content = self.words(self.low, begin)
        quote_before = begin > self.low + 1 and any(
            self.tokens.texts[k] in _CLOSING and self.r.in_speech(k)
            for k in (begin - 1, begin - 2)
            if k >= self.low
        )
        rest = self.words(end, self.high)
        if negated and rest == 0:
            return False
        trailing = (
            separated
            and content >= 2
            and (quote_before or (start is None and (rest == 0 or self.light(end))))
        )
        if trailing and not (start is not None and not quote_before):
            self.around(begin, self.light_end(end), found, stance, (first, last), negated=negated)
            if len(speakers) > 1:
                self.frames[-1].speakers = speakers
            return True
        if start is not None:
            frame = Frame(
                begin,
                start,
                speakers,
                stance,
                (first, last),
                [(start, self.high)],
                "complement",
                negated,
            )
            self.add(frame)
            return True
        shows = found.kind == "document" and self.tokens.forms[first].startswith(_SHOWING)
        if (clausal and not shows) or (known is None and found.kind == "anonymous"):
            return False
        if rest == 0 and content == 0:
            return False
        base = max(
            (
                a
                for f in self.frames
                if f.manner == "complement"
                for a, b in f.scopes
                if a <= begin < b
            ),
            default=self.low,
        )
        parted = separated or self.r.has("clause_conjunctions", begin - 1)
        scope_start = begin if content and parted else base
        self.add(
            Frame(
                begin,
                last,
                speakers,
                stance,
                (first, last),
                [(scope_start, self.high)],
                "object",
                negated,
            )
        )
        return True

    def name_before(self, verb: int) -> Range | None:
        """The tokens of the name that ends directly before the verb."""
        entity = self.r.entity(verb - 1)
        first = verb
        while entity is not None and first > self.low and self.r.entity(first - 1) is entity:
            first -= 1
        return (first, verb) if first < verb else None

    def headless(self, first: int, last: int, stance: Stance, *, clausal: bool) -> bool:
        """A verb that shares its subject with a verb before it: ", но добавил, что", "but said that"."""
        if clausal or not self.r.has("clause_conjunctions", self.skipped(first) - 1):
            return False
        start = self.complement(last)
        speakers = self.leading(first)
        if start is None or not speakers:
            return False
        self.add(
            Frame(
                first,
                start,
                speakers,
                stance,
                (first, last),
                [(start, self.high)],
                "complement",
                gerund=True,
            )
        )
        return True

    def skipped(self, first: int) -> int:
        """The first of the adverbs that stand before a verb."""
        while first > self.low and self.r.has("skip", first - 1):
            first -= 1
        return first

    def leading(self, verb: int) -> tuple[Speaker, ...]:
        """The speakers of the frame before the verb, else the subject of the first verb of the segment."""
        earlier = [f for f in self.frames if f.first < verb]
        if earlier:
            return earlier[-1].speakers
        opening = next(
            (
                i
                for i in range(self.low + 1, verb)
                if self.r.finite(i)
                and not self.r.has("relatives", i - 1)
                and not self.r.in_speech(i)
            ),
            None,
        )
        where = phrases.before(self.r, opening) if opening is not None else None
        if where is not None and where[0] >= self.low:
            found = self.speaker(where)
            return (found,) if found is not None else ()
        return ()

    def gerund(self, first: int, last: int, stance: Stance, negated: bool) -> bool:
        """A gerund goes on with the speaker before it: ", добавив, что …", ", adding that …"."""
        speakers = self.leading(first)
        if not speakers:
            return False
        start = self.complement(last)
        cut = first - 1 if self.mark(first - 1) == "," else first
        for frame in self.frames:
            frame.scopes = [(a, min(b, cut)) if a < first <= b else (a, b) for a, b in frame.scopes]
        opening = start if start is not None else last
        scope = (opening, self.high)
        self.add(
            Frame(
                first,
                opening,
                speakers,
                stance,
                (first, last),
                [scope],
                "complement",
                negated,
                gerund=True,
            )
        )
        return True

    def separated(self, begin: int) -> bool:
        """Whether a comma, dash or closing quote stands before token `begin`."""
        return begin > self.low and self.mark(begin - 1) in {",", *DASHES, *_CLOSING}

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
            elif self.r.entity_at[i] >= 0 or self.tokens.kinds[i] in ("number", "other"):
                i += 1
            else:
                break
        return i

    # Complements

    def complement(self, last: int) -> int | None:
        """Where the reported clause starts behind the verb, or None when there is no clause."""
        return self.complement_en(last) if self.english else self.complement_slavic(last)

    def past_parenthesis(self, comma: int) -> int:
        """Behind the comma that closes what the comma at `comma` opens."""
        closing = (k for k in range(comma + 1, self.high) if self.mark(k) == ",")
        return next(closing, self.high - 1) + 1

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
            if mark == "," and self.r.label("citing", i + 1):
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
            if self.r.finite(k) and self.tokens.forms[k] not in _NOUN_VERBS:
                break
        i = last
        told = self.tokens.forms[last - 1] in (
            "told",
            "tell",
            "tells",
            "telling",
            "informed",
            "assured",
            "warned",
            "reminded",
        )
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
            if mark == "," and self.r.label("citing", i + 1):
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
                    self.r.entity(i) is entity and entity is not None or self.r.capital(i)
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
        if self.tokens.forms[last - 1].startswith(_OBJECT_VERBS):
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
            or self.tokens.forms[i] in ("on", "in")
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

    # Second sources

    def citing(self) -> None:
        """Adds the second source of "citing X", "со ссылкой на X" to the frame it belongs to."""
        for first, (last, _) in sorted(self.r.marks["citing"].items()):
            if not self.low <= first < self.high or self.r.in_speech(first) or not self.frames:
                continue
            if self.r.has("negations", first - 1) or (
                self.english
                and self.r.has("reporting", first)
                and not self.r.label("relatives", first)
                and self.tokens.forms[first] in ("quoted", "quotes")
            ):
                continue
            where = phrases.after(self.r, last)
            inner = self.speaker(where)
            if where is None or inner is None:
                continue
            before = [f for f in self.frames if f.first < first and not f.gerund]
            frame = max(before, key=lambda f: f.first) if before else self.frames[0]
            if frame.verb is not None and frame.first < first < frame.verb[0]:
                pass
            elif first in range(frame.first, frame.last) and frame.manner == "layout":
                continue
            if inner.start == frame.speakers[-1].start:
                continue
            frame.speakers = (*frame.speakers, inner)
            if frame.first < first:
                frame.last = max(frame.last, where[1])
            frame.scopes = [self.without(scope, first, where[1]) for scope in frame.scopes]
            frame.scopes = [s for s in frame.scopes if s[0] < s[1]]

    def without(self, scope: Range, first: int, last: int) -> Range:
        """The scope without the citing phrase at its edge or the smaller side of it."""
        a, b = scope
        if not (a <= first < b):
            return scope
        while first > a and self.tokens.texts[first - 1] in (",",):
            first -= 1
        if self.words(a, first) >= self.words(last, b):
            return a, first
        while last < b and self.tokens.texts[last] == ",":
            last += 1
        if last < b and self.r.label("complementizers", last):
            last = self.r.label("complementizers", last)[0]  # type: ignore[index]
        return last, b

    # Everything

    def run(self) -> list[Frame]:
        """The frames of the segment, by position."""
        self.headline()
        if not self.frames:
            self.according()
        self.verbs()
        if not self.frames:
            self.trailing_name()
        self.citing()
        self.settle()
        self.shade()
        return sorted(self.frames, key=lambda f: f.first)

    def settle(self) -> None:
        """Ends inner scopes where an outer frame, or a clause with its own frame, takes over."""
        for outer in self.frames:
            if outer.manner != "around":
                continue
            for frame in self.frames:
                if frame is outer or frame.first > outer.first:
                    continue
                frame.scopes = [
                    (a, outer.first) if a < outer.first <= b else (a, b) for a, b in frame.scopes
                ]
                frame.scopes = [(a, self.unmarked(a, b)) for a, b in frame.scopes]
        for later in self.frames:
            i = later.first
            if (
                self.mark(i - 1) == ","
                and not later.gerund
                and later.manner in ("object", "complement")
            ):
                for frame in self.frames:
                    if frame.first < i and frame.manner == "object":
                        frame.scopes = [
                            (a, i - 1) if a < i - 1 < b else (a, b) for a, b in frame.scopes
                        ]
            if later.gerund or i <= self.low or not self.r.has("clause_conjunctions", i - 1):
                continue
            cut = i - 1
            if self.mark(cut - 1) == ",":
                cut -= 1
            for frame in self.frames:
                if frame.first < later.first:
                    frame.scopes = [
                        (a, min(b, cut)) if a < cut else (a, b) for a, b in frame.scopes
                    ]

    def unmarked(self, a: int, b: int) -> int:
        """The end of a scope without trailing commas and dashes."""
        while b > a and self.tokens.texts[b - 1] in (",", *DASHES):
            b -= 1
        return b

    def shade(self) -> None:
        """A neutral verb takes the stance that words around it give: "якобы", "so-called", "a lie"."""
        for frame in self.frames:
            if frame.stance != "neutral":
                continue
            lo = min([frame.first, *(a for a, _ in frame.scopes)])
            hi = max([frame.last, *(b for _, b in frame.scopes)])
            if any(
                self.r.has("distancing_cues", i) and not self.r.in_speech(i)
                for i in range(lo, min(hi, len(self.tokens)))
            ):
                frame.stance = "distancing"
            elif (
                any(self.r.has("denial_cues", i) for i in range(lo, min(hi, len(self.tokens))))
                and len(frame.speakers) == 1
            ):
                frame.stance = "denial"


def find(reading: Reading, context: Context) -> list[Frame]:
    """The frames of a sentence, by position."""
    found: list[Frame] = []
    for low, high in segments(reading):
        found.extend(_Finder(reading, low, high, context).run())
    return found

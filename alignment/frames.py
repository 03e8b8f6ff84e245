"""Reporting frames: who reports in a sentence, with which verb, and which words are reported.

A frame is found by rules on tokens, in the order layout ("Name: claim"), phrase ("according to"),
verb, trailing dash. Nothing is parsed: phrases and clauses are bounded by marks, function words and
verb endings, in one pass over the sentence per rule.
"""

from __future__ import annotations

from alignment import phrases
from alignment.attribution import Speaker, Stance
from alignment.clauses import CLOSING, OPENING, Context, Frame, Range
from alignment.reading import DASHES, Reading
from alignment.speakers import speaker as named
from alignment.subjects import SubjectClause

__all__ = ["Context", "Frame", "find", "segments"]

#: "Name: claim" and "claim — Name" give the name at most this many words.
_HEADLINE_WORDS = 8


def segments(reading: Reading) -> list[Range]:
    """The sentence cut at semicolons outside speech."""
    cuts = [i for i, t in enumerate(reading.tokens.texts) if t == ";" and not reading.in_speech(i)]
    starts = [0, *(c + 1 for c in cuts)]
    ends = [*cuts, len(reading.tokens)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a < b]


class _Finder(SubjectClause):
    """Finds all frames of one segment."""

    def headline(self) -> None:
        """The layout "Name: claim" at the start of the segment."""
        limit = min(self.high, self.low + _HEADLINE_WORDS + 2)
        colon = next((i for i in range(self.low, limit) if self.mark(i) == ":"), None)
        if colon is None or colon == self.low or colon + 1 >= self.outside_end():
            return
        if any(self.r.finite(i) or self.r.in_speech(i) for i in range(self.low, colon)):
            return
        if any(self.r.has("prepositions", i) for i in range(self.low, self.low + 1)):
            return
        about = next((i for i in range(self.low + 1, colon) if self.r.has("about", i)), colon)
        found = named(self.r, self.low, about)
        if found is None:
            return
        listed = found.key.startswith(("person:", "organisation:"))
        if not listed and (
            self.r.has("asked", colon + 1)
            or any(self.mark(i) == "," for i in range(self.low, colon))
        ):
            return  # "Coffee, maps and no agreement: what the talks brought"
        if (
            about == colon
            and any(self.r.has("prepositions", i) for i in range(self.low, colon))
            and not any(self.r.label("roles", i) for i in range(self.low, colon))
        ):
            return  # "Ночь в Харькове: …" is a title
        word = found.text
        known = (
            any(self.r.entity_at[i] >= 0 for i in range(self.low, colon))
            or any(self.r.label("roles", i) for i in range(self.low, colon))
            or (word.isupper() and len(word) > 1)
            or self.tokens.texts[colon + 1] in OPENING
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
        """The layout "claim — Name" at the end of the segment."""
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
        quoted = self.tokens.texts[dash - 1] in CLOSING or self.tokens.texts[self.low] in OPENING
        # "claim — Name" without quotation marks: only in a headline, and of someone known.
        headline = end == self.high and not self.mark(end - 1)
        if not (quoted or headline) or not self.r.capital(dash + 1):
            return
        found = named(self.r, dash + 1, end)
        if found is None or (not quoted and not self.known_name(found)):
            return
        if found.kind in ("named", "institutional"):
            self.add(Frame(dash, end, (found,), "neutral", None, [(self.low, dash)], "layout"))

    def known_name(self, found: Speaker) -> bool:
        """Whether a listed person or body is named; a place may only be where it happened."""
        return found.key.startswith(("person:", "organisation:"))

    def according(self) -> None:
        """The phrase "according to X", before, behind or inside the claim."""
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
                return Speaker(entity.text, entity.start, entity.end, entity.key, "named")
        return None

    def citing(self) -> None:
        """Adds the second source of "citing X", "со ссылкой на X" to the frame it belongs to."""
        for first, (last, _) in sorted(self.r.marks["citing"].items()):
            if not self.low <= first < self.high or self.r.in_speech(first) or not self.frames:
                continue
            if self.r.has("quoted_by", first):
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

    def quoting(self) -> None:
        """Puts who quotes before who is quoted: "Jones, quoted by AFP", "которого цитирует AFP"."""
        for first, (last, _) in sorted(self.r.marks["quoted_by"].items()):
            if not self.low <= first < self.high or self.r.in_speech(first):
                continue
            where = phrases.after(self.r, last)
            outer = self.speaker(where)
            comma = self.tokens.offset + self.tokens.starts[max(first - 1, 0)]
            frame = next((f for f in self.frames if f.speakers[-1].end == comma), None)
            if where is None or outer is None or frame is None:
                continue
            frame.speakers = (outer, *frame.speakers)
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

    def run(self) -> list[Frame]:
        """The frames of the segment, by position."""
        self.headline()
        if not self.frames:
            self.according()
        self.verbs()
        if not self.frames:
            self.trailing_name()
        self.citing()
        self.quoting()
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
                    if frame.first < i and not self.conditional(frame.first, i):
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

    def conditional(self, first: int, last: int) -> bool:
        """Whether an if-clause or a relative stands between: then a comma parts nothing."""
        forms = ("если", "когда", "якщо", "коли", "if", "when", "хотя", "хоча")
        return any(
            self.tokens.forms[i] in forms or self.r.has("relatives", i) for i in range(first, last)
        )

    def unmarked(self, a: int, b: int) -> int:
        """The end of a scope without trailing commas and dashes."""
        while b > a and self.tokens.texts[b - 1] in (",", *DASHES):
            b -= 1
        return b

    def shade(self) -> None:
        """A neutral verb takes the stance of words around it: "якобы", "so-called", "a lie"."""
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
                any(
                    self.r.has("denial_cues", i)
                    and not any(self.r.has("countering", k) for k in range(max(0, i - 2), i))
                    for i in range(lo, min(hi, len(self.tokens)))
                )
                and len(frame.speakers) == 1
            ):
                frame.stance = "denial"


def find(reading: Reading, context: Context) -> list[Frame]:
    """The frames of a sentence, by position."""
    found: list[Frame] = []
    for low, high in segments(reading):
        found.extend(_Finder(reading, low, high, context).run())
    return found

"""Subjects: the frames that reporting verbs make with a subject before, behind or shared."""

from __future__ import annotations

from dataclasses import replace

from alignment import phrases
from alignment.attribution import Speaker, Stance
from alignment.clauses import CLOSING, Frame, Range
from alignment.lexicon import affixes
from alignment.reading import DASHES
from alignment.speakers import classify
from alignment.verbs import VerbClause


class SubjectClause(VerbClause):
    """A clause that finds the frames of its reporting verbs."""

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

    def verb(self, first: int, last: int, label: str, clausal: bool) -> bool:
        """Adds the frame of the verb at `first`; False where it makes none."""
        stance: Stance = label  # type: ignore[assignment]
        self.plural = self.tokens.forms[first].endswith(affixes(self.r.language, "plural"))
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
        if self.r.has("rumours", where[0]) and where[1] - where[0] > 1:
            where = self.behind_rumours(*where)
        found = self.speaker(where)
        if found is None:
            return False
        known = classify(self.r, *where) or self.r.label("pronouns", where[0])
        begin = where[0]
        cites = self.tokens.forms[first].startswith(
            affixes(self.r.language, "citing_verbs")
        ) and not self.is_gerund(first)
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
            self.tokens.texts[k] in CLOSING and self.r.in_speech(k)
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
        shows = found.kind == "document" and self.tokens.forms[first].startswith(
            affixes(self.r.language, "showing_verbs")
        )
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
        """A verb that shares its subject with one before it: ", но добавил, что", "but said"."""
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
        """The speakers of the frame before the verb, else the subject of the first verb."""
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

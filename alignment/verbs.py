"""Verbs: which words report in a clause, and whether their subject stands behind them."""

from __future__ import annotations

from alignment import phrases
from alignment.clauses import CLOSING, OPENING, Clause, Range
from alignment.lexicon import affixes, words
from alignment.reading import DASHES
from alignment.speakers import classify

#: How far behind its verb a verdict may stand.
_VERDICT_REACH = 6
#: Who is told to do something says nothing: none of these has an infinitive of its own.
_TOLD = frozenset(["told", "urged", "ordered", "warned", "instructed", "reminded"])


class VerbClause(Clause):
    """A clause that knows its reporting verbs."""

    def reports(self, first: int, last: int) -> bool:
        """Whether the words are a finite reporting verb here, and not a noun or a participle."""
        form = self.tokens.forms[first]
        if (
            self.r.in_speech(first)
            or self.r.has("no_report", first)
            or self.r.has("according", first)
            or self.r.has("quoted_by", first)
            or self.r.label("anonymous_marks", first)  # "people briefed on the talks"
        ):
            return False
        if form.endswith(affixes(self.r.language, "participle")):
            return False
        if affixes(self.r.language, "infinitive") and form.endswith(
            affixes(self.r.language, "infinitive")
        ):
            return False
        if not self.english:
            return not self.finds(first, last)
        if form.startswith("call") and self.phones(last):
            return False
        before = self.tokens.forms[first - 1] if first > self.low else ""
        if (
            form in self.noun_verbs
            and self.r.has("reporting", first - 1)
            and before not in self.noun_verbs
        ):
            return False  # "rejected reports"
        if before in CLOSING and first - 2 > self.low and not self.r.in_speech(first - 1):
            before = "the"  # a quoted word stands before a noun: "a “constructive” call"
        if form in self.noun_verbs and self.of_a_people(first - 1):
            before = "the"  # "the Russian state assets"
        if self.tokens.forms[last : last + 1] == ["by"]:
            return False
        if form in _TOLD and self.tokens.forms[last : last + 1] == ["to"]:
            return False  # "Kyiv told to leave": a headline's passive without its verb
        if form.endswith("ing") and not self.is_gerund(first) and not self.named_at(first - 1):
            return False
        if self.r.has("relatives", first - 1) and before in ("who", "which", "that"):
            return False
        if before in words("en", "be") and not form.endswith("ing"):
            return False
        if before == "to" or (
            form.endswith("ing")
            and before in words("en", "be") | {"of", "for", "by", "in", "from", "after", "before"}
        ):
            return False
        if form in self.noun_verbs or (form.endswith("ed") and before in self.determiners):
            if form == "report" and self.tokens.forms[last : last + 1] == ["to"]:
                return False
            if before in self.determiners or (first == self.low and self.words(first, last) == 1):
                return False
            if first + 1 < self.high and self.tokens.forms[last : last + 1] in (
                ["of"],
                ["about"],
                ["from"],
                ["by"],
            ):
                return False
            # "reports state": the noun before another verb is a subject, not a verb.
            if self.r.label("reporting", last) and self.tokens.forms[last] not in words(
                "en", "determiners"
            ):
                return False
            if self.r.has("roles", first) and self.r.has("skip", last):
                return False
        return True

    def finds(self, first: int, last: int) -> bool:
        """Whether the verb gives a verdict, "признал его виновным", and reports no clause."""
        if not self.tokens.forms[first].startswith(affixes(self.r.language, "verdict_verbs")):
            return False
        for i in range(last, min(last + _VERDICT_REACH, self.high)):
            if self.mark(i):
                return False
            if self.r.label("verdicts", i):
                return True
        return False

    def phones(self, i: int) -> bool:
        """Whether "called" only names who was called: "called Zelensky on Sunday"."""
        entity = self.r.entity(i)
        if entity is None or entity.kind != "person":
            return False
        while i < self.high and self.r.entity(i) is entity:
            i += 1
        return i >= self.high or bool(self.mark(i)) or self.r.has("prepositions", i)

    def of_a_people(self, i: int) -> bool:
        """Whether an adjective from the name of a country stands at token `i`."""
        if i < self.low or not self.r.capital(i):
            return False
        form = self.tokens.forms[i]
        listed = self.r.has("demonyms", i) and not form.endswith("s")
        return listed or (len(form) > 5 and form.endswith(("ish", "ian", "ese")))

    def named_at(self, i: int) -> bool:
        """Whether a person's name stands at token `i` ("despite Zelensky declaring …")."""
        entity = self.r.entity(i)
        return entity is not None and entity.kind in ("person", "name")

    def is_gerund(self, first: int) -> bool:
        """Whether the verb is a gerund that shares the subject of the frame before it."""
        form = self.tokens.forms[first]
        endings = affixes(self.r.language, "gerund")
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
            or (mark in CLOSING and self.r.in_speech(i - 1))
        )
        form = self.tokens.forms[first]
        if self.english and (
            i == self.low or form.startswith("quot") or form in words("en", "told")
        ):
            return None  # behind "told" stands who is told
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
            and (opener is not None or self.posted(nxt))
        ):
            nxt = self.r.label("recipients", nxt)[0] if self.r.label("recipients", nxt) else nxt + 1  # type: ignore[index]
        nxt = self.past_recipient_body(nxt, opener)
        known = self.tokens.forms[first] in words(self.r.language, "known")
        if not known and self.mark(nxt) in OPENING and phrases.dative_title(self.r, nxt):
            nxt = next(last for begin, last in self.r.quotes if begin == nxt)
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
        where = phrases.after(self.r, nxt, dative=known)
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
                    self.tokens.texts[first - 2] in CLOSING or self.words(self.low, first) >= 4
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
        clear = classify(self.r, *where) or self.r.has("pronouns", where[0])
        if not clear and where[1] < self.outside_end() and not self.mark(where[1]):
            return None  # a noun of no known role speaks only when the clause ends with it
        return where

    def document_at(self, i: int) -> bool:
        """Whether a document is named within two tokens: "на сайте", "на странице"."""
        return any(
            (m := self.r.label("roles", k)) is not None and m[1] == "document" for k in (i, i + 1)
        )

    def posted(self, i: int) -> bool:
        """Whether a medium and, behind it, the speaker start here: "в соцсетях вратарь Трубин"."""
        marked = self.r.label("recipients", i)
        if marked is None or marked[0] - i < 2 or marked[0] >= self.high:
            return False
        after = marked[0]
        parts = ("prepositions", "complementizers", "skip", "relatives", "recipients")
        return self.tokens.kinds[after] == "word" and not any(self.r.has(p, after) for p in parts)

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
        found = classify(self.r, *subject)
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

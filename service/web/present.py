"""Stored rows in the words and marks that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from alignment.silence import LEAST
from models.languages import LANGUAGES, NAMES, Language
from service import clock
from service.store import groups
from service.store.claim_english import ClaimEnglish
from service.store.documents import DocumentSummary
from service.store.groups import GroupView
from service.store.pairs import PairView as StoredPair
from service.store.pairs import Side
from service.store.tables import ClaimRow, EventRow, PairRow, SilenceRow, TranslationRow
from service.web.contexts import (
    Cell,
    DocumentLine,
    Earlier,
    Gap,
    Gloss,
    Member,
    PairView,
    Part,
    Row,
)
from service.web.highlight import Mark, marked

#: What each relation says of side b, seen from side a; the order is that of importance.
RELATIONS: dict[str, str] = {
    "denies": "one denies the other",
    "conflicting": "numbers or dates conflict",
    "narrower": "one says more",
    "broader": "one says less",
    "same": "say the same",
    "related": "related, not the same",
}
POLARITY = {"denied": "denied", "unknown": "not confirmed"}
#: What each doubt about a translation means.
FLAGS: dict[str, str] = {
    "number": "a number may be lost",
    "name": "a name may be lost",
    "negation": "a negation may be lost or added",
    "length_ratio": "unusually long or short",
    "repetition": "repeats itself",
    "script": "has letters of another alphabet",
    "cut": "may be cut short",
    "protected_lost": "an address or code may be lost",
    "unlike": "hardly says what the original says",
    "untranslated": "it came out as it went in",
    "term": "a term of the glossary is missing",
}
#: What each part of a pair's probability looks at.
PARTS: dict[str, str] = {
    "vector": "meaning (sentence vectors)",
    "pivot": "meaning of the English translation",
    "words": "meaning (word by word)",
    "english": "letters of the English translation",
    "cognate": "letters shared across alphabets",
    "keys": "names",
    "figures": "figures",
    "kinds": "what the figures count",
    "place": "place in the course of the texts",
    "length": "lengths",
    "pieces": "number of sentences",
    "counted": "how many figures",
    "marks": "marks such as brackets and question marks",
    "merge": "sentences joined",
    "hub": "likeness to everything",
    "no partner": "chance of no partner",
    "rivals": "rivals for the same partner",
    "context": "neighbouring sentences",
    "others": "what the event's other claims say of it",
}
#: Shares of the log-odds that would be printed as zero are left out.
SMALLEST_PART = 0.005
Sentences = Mapping[tuple[str, int], tuple[int, str]]


def likely(probability: float) -> str:
    """A probability in words, after the scales that intelligence analysts use."""
    for floor, words in ((0.95, "almost certain"), (0.8, "very likely"), (0.6, "likely")):
        if probability >= floor:
            return words
    return "as likely as not" if probability >= 0.4 else "unlikely"


def chance(probability: float) -> str:
    """A probability to two digits; nothing is printed as certain or as impossible."""
    if probability > 0.99:
        return ">0.99"
    return f"{probability:.2f}" if probability >= 0.01 else "<0.01"


def marks_of(claim: ClaimRow) -> list[Mark]:
    """The spans of a claim that a reader should see, each with its label."""
    data = claim.data
    marks = [
        Mark(term["start"], term["end"], "term", _term_label(term))
        for term in data.get("terms", ())
    ]
    for field, kind, label in (
        ("negations", "negation", "denial"),
        ("hedges", "hedge", "hedge"),
        ("dates", "date", "date"),
    ):
        marks += [Mark(s["start"], s["end"], kind, label) for s in data.get(field, ())]
    marks += [
        Mark(q["start"], q["end"], "number", _quantity_label(q)) for q in data.get("quantities", ())
    ]
    attribution = data.get("attribution")
    if attribution:
        speakers = attribution["speakers"]
        marks += [
            Mark(s["start"], s["end"], "attribution", f"{s['kind']} speaker") for s in speakers
        ]
        verb = attribution["verb"]
        if verb:
            marks.append(
                Mark(verb["start"], verb["end"], "attribution", f"{attribution['stance']} verb")
            )
    return marks


def said(claim: ClaimRow) -> str:
    """Who says a claim and how surely, in one line; empty when the outlet says it plainly."""
    parts = []
    attribution = claim.data.get("attribution")
    if attribution:
        chain = " → ".join(
            speaker["text"] + (" (unnamed)" if speaker["kind"] == "anonymous" else "")
            for speaker in attribution["speakers"]
        )
        stance = attribution["stance"]
        parts.append(f"According to {chain}" + (f", {stance} verb" if stance != "neutral" else ""))
    if claim.polarity in POLARITY:
        parts.append(POLARITY[claim.polarity])
    if claim.certainty not in ("certain", "unknown"):
        parts.append(f"hedged: {claim.certainty}")
    return "; ".join(parts)


def gloss(translation: TranslationRow | None) -> Gloss | None:
    """A stored translation as it stands below its original."""
    if translation is None:
        return None
    route = translation.route
    package = ", ".join(digest[:12] for digest in translation.packages)
    made = {
        "memory": "A person's own translation, from the memory",
        "glossary": f"Machine translation {route} under terms of a glossary, package {package}",
    }.get(translation.origin, f"Machine translation {route}, package {package}")
    return Gloss(
        translation.text,
        translation.target,
        _mark(translation.origin, route),
        made,
        tuple(FLAGS.get(flag, flag.replace("_", " ")) for flag in translation.flags),
    )


def headline(translations: Sequence[TranslationRow]) -> Gloss | None:
    """The English of a title as it stands below it, from that of its sentences."""
    parts = [made for row in translations if (made := gloss(row))]
    if not parts:
        return None
    flags = dict.fromkeys(flag for one in parts for flag in one.flags)
    return replace(parts[0], text=" ".join(one.text for one in parts), flags=tuple(flags))


def part(own: ClaimEnglish | None) -> Gloss | None:
    """What a claim that is only a part of its sentence is compared in, below the sentence's."""
    if own is None:
        return None
    package = ", ".join(digest[:12] for digest in own.packages)
    made = f"Machine translation {own.route} of the claim alone, package {package}"
    if own.part:
        made = "The part of the corrected sentence that the claim's words stand for, an estimate"
    elif own.origin == "memory":
        made = "A person's own translation of the claim, from the memory"
    elif own.origin == "glossary":
        made += ", under terms of a glossary"
    return Gloss(
        own.text,
        own.target,
        "Claim, from the correction" if own.part else f"Claim, {_mark(own.origin, own.route)}",
        made,
        () if own.part else tuple(FLAGS.get(f, f.replace("_", " ")) for f in own.flags),
    )


def _mark(origin: str, route: str) -> str:
    marks = {"memory": f"Corrected {route}", "glossary": f"MT {route}, glossary"}
    return marks.get(origin, f"MT {route}")


def member(
    claims: Sequence[ClaimRow],
    document: DocumentSummary,
    translations: Sequence[TranslationRow],
    own: Sequence[ClaimEnglish | None],
    sentences: Sentences,
    copies: int = 0,
) -> Member:
    """One or several neighbouring claims of a document, inside the sentences they stand in."""
    first, last = claims[0], claims[-1]
    places = [sentences[c.document_id, c.segment] for c in claims]
    offset = places[0][0]
    text = places[0][1]
    for (at, words), earlier in zip(places[1:], places, strict=False):
        if at != earlier[0]:  # the gap between two sentences is whitespace
            text += " " * max(0, at - offset - len(text)) + words
    marks = [mark for claim in claims for mark in marks_of(claim)]
    return Member(
        claim=first.id,
        document=document.id,
        outlet=document.outlet or "outlet not given",
        published=document.published_at,
        language=first.language,
        original=marked(text, offset, marks, (first.start, last.end)),
        start=first.start,
        end=last.end,
        said=said(first),
        gloss=gloss(translations[0]) if translations else None,
        own=tuple(filter(None, map(part, own))),
        copies=copies,
    )


def gap(
    silence: SilenceRow | None,
    rejected: ClaimRow | None,
    outlets: Mapping[str, str],
    elsewhere: Mapping[str, EventRow],
) -> Gap:
    """Why a language has no member, as of when, with the denominators of the search.

    `outlets` names the outlet of each document that was searched, `elsewhere` the event of those
    that stand in another.
    """
    if silence is None:  # the search came near, so it is neither a counterpart nor silence
        return Gap("Undecided", "A likely counterpart stands in another claim group of this event.")
    kind, reason = _searched(silence)
    if rejected is None:
        return Gap(kind, reason, silence.as_of)
    event = elsewhere.get(rejected.document_id)
    return Gap(
        kind,
        reason,
        silence.as_of,
        possible=silence.undecided,
        event=event.id if event else "",
        event_title=(event.title or "Untitled event") if event else "",
        event_language=(event.title_language or "") if event else "",
        rejected=rejected.text,
        rejected_language=rejected.language,
        rejected_outlet=outlets.get(rejected.document_id) or "outlet not given",
        rejected_document=rejected.document_id,
        rejected_start=rejected.start,
        rejected_probability=silence.best_probability,
    )


def earlier(silences: Iterable[SilenceRow]) -> tuple[Earlier, ...]:
    """The answers that no longer stand, in the order in which they were given."""
    return tuple(
        Earlier(NAMES[Language(one.language)], *_searched(one), one.as_of, one.valid_to)
        for one in silences
        if one.valid_to is not None
    )


def _searched(silence: SilenceRow) -> tuple[str, str]:
    """The kind of a silence and what was searched, in words."""
    searched = f"{_count(silence.articles, 'independent article')} searched"
    if silence.outlets > 1:
        searched += f", from {silence.outlets} outlets"
    if silence.copies:
        copies = _count(silence.copies, "syndicated copy", "syndicated copies")
        searched += f"; {copies} not counted"
    few = silence.kind == "insufficient coverage"
    if silence.undecided:
        searched += "; an article that stands in another event may say it"
        return "Undecided", f"{searched}."
    if few:
        searched += f"; it takes {LEAST} to call it silence"
    named = NAMES[Language(silence.language)]
    return (
        "Too little coverage" if few else "No counterpart",
        f"{searched}." if silence.articles else f"No {named} article reports this event.",
    )


def group_relation(pairs: Sequence[PairRow], claims: int) -> tuple[str, str, bool]:
    """The relation that speaks for a group, its words, and whether it is a doubtful one."""
    relation, likely_one = groups.telling(pairs)
    if relation is None:
        return "alone", "one outlet only" if claims == 1 else "one language only", False
    words = "differ in detail" if relation in ("narrower", "broader") else RELATIONS[relation]
    return relation, words, not likely_one


def row(
    view: GroupView,
    sentences: Sentences,
    rejected: Mapping[str, ClaimRow],
    copies: Mapping[str, int],
    outlets: Mapping[str, str],
    elsewhere: Mapping[str, EventRow],
    judged: str = "",
) -> Row:
    """One claim group as a row of three columns."""
    cells = []
    count = 0
    for language in LANGUAGES:
        members = tuple(
            member(
                [m.claim],
                m.document,
                [m.translation] if m.translation else [],
                [m.own],
                sentences,
                copies.get(m.document.id, 0),
            )
            for m in view.members.get(language, ())
        )
        count += len(members)
        silence = view.silences.get(language)
        best = rejected.get(silence.best_claim) if silence and silence.best_claim else None
        cells.append(
            Cell(
                language,
                NAMES[language],
                members,
                None if members else gap(silence, best, outlets, elsewhere),
            )
        )
    relation, words, doubtful = group_relation(view.pairs, count)
    crossing = [p for p in view.pairs if p.a_language != p.b_language]
    return Row(
        id=view.group.id,
        number=view.group.position + 1,
        relation=relation,
        relation_words=words,
        doubtful=doubtful,
        probability=view.group.consistency if crossing else None,
        likely=likely(view.group.consistency),
        reasons=_reasons(crossing, relation),
        cells=tuple(cells),
        judged=judged,
    )


def pair(view: StoredPair, sentences: Sentences) -> PairView:
    """One aligned pair with everything that made it."""
    stored = view.pair
    versions = [("algorithm", stored.algorithm), ("decoder", stored.mode)]
    versions += [("translation package", digest) for digest in stored.packages]
    if stored.encoder:
        versions.append(("sentence encoder", stored.encoder))
    if stored.missing:
        versions.append(("went without", ", ".join(stored.missing)))
    against = view.disagreements[0] if view.disagreements else None
    return PairView(
        id=stored.id,
        left=_side(view.a, sentences),
        right=_side(view.b, sentences),
        relation=stored.relation,
        relation_words=RELATIONS[stored.relation],
        probability=stored.probability,
        likely=likely(stored.probability),
        doubtful=stored.doubtful,
        parts=tuple(
            Part(PARTS.get(name, name), share)
            for name, share in sorted(stored.parts.items(), key=lambda part: -abs(part[1]))
            if abs(share) >= SMALLEST_PART
        ),
        reasons=tuple(stored.reasons),
        versions=tuple(versions),
        judgements=tuple((j.judgement, j.who, j.at, j.note) for j in view.judgements),
        disagreement=(
            f"A later run of {against.algorithm} says otherwise ({against.machine}); what people "
            f"decided stands."
            if against
            else ""
        ),
    )


def _side(side: Side, sentences: Sentences) -> Member:
    return member(side.claims, side.document, side.translations, side.own, sentences)


def line(item: DocumentSummary, english: Sequence[TranslationRow] = ()) -> DocumentLine:
    """An article as a row of a table, with the English of its title."""
    return DocumentLine(
        id=item.id,
        language=item.language or "",
        outlet=item.outlet or "",
        title=item.headline,
        published=item.published_at,
        copy=item.copy_of is not None,
        opener=item.event_id is not None and item.event_id[4:] == item.id[4:],
        placed=item.placed_by == "analyst",
        belonging=item.belonging,
        gloss=headline(english),
    )


def _reasons(pairs: Iterable[PairRow], relation: str) -> tuple[str, ...]:
    """The reasons of the likeliest pairs with this relation, each with the languages it is of.

    What a doubtful pair rests on is told only where all pairs with the relation are doubtful.
    """
    told = [stored for stored in pairs if stored.relation == relation]
    told = [stored for stored in told if not stored.doubtful] or told
    seen: dict[str, str] = {}
    for stored in sorted(told, key=lambda pair: -pair.probability):
        for reason in stored.reasons:
            seen.setdefault(reason, f"{stored.a_language}–{stored.b_language}: {reason}")
    return tuple(seen.values())[:3]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _term_label(term: dict[str, Any]) -> str:
    distance = " in quotation marks" if term.get("quoted") else ""
    distance += ", so-called" if term.get("so_called") else ""
    return f"contested term: {term['concept']}, variant {term['variant']}{distance}"


def _quantity_label(quantity: dict[str, Any]) -> str:
    low, high = quantity.get("low"), quantity.get("high")
    if time := clock.of(quantity):
        return f"time: {time}"
    if low is not None and low == high:
        value = f"{low:g}"
    else:
        value = f"{'' if low is None else f'from {low:g} '}{'' if high is None else f'to {high:g}'}"
    named = " ".join(word for word in (quantity.get("unit"), quantity.get("role")) if word)
    about = "about " if quantity.get("approximate") else ""
    return f"number: {about}{value.strip()} {named}".strip()

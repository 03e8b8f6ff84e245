"""The sample coverage and its gold as plain data, for fitting and measuring alignment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from alignment.article import Article as EventArticle
from alignment.claims import Claim, Sentence, extract
from alignment.similarity import SentenceEncoder, Unit, encoded
from models.segment import normalise, segment
from service.ingest.article import Article
from service.ingest.fields import Fields
from service.ingest.files import Reading

SAMPLES = Path(__file__).parents[1] / "samples"
LEAD = 5  # sentences that tell an event, as in the pipeline
OVERLAP = 0.5  # a claim is a marked quote when they share this much of the shorter

Mention = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """One article: its claims as units, and which marked mentions each claim is."""

    url: str
    language: str
    title: str
    lead: str
    outlet: str
    published_at: datetime
    claims: tuple[Claim, ...]
    units: tuple[Unit, ...]
    mentions: tuple[tuple[Mention, ...], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All articles by url, gold events by url, and marked mentions: language and claim ids."""

    told: dict[str, Told]
    events: dict[str, str]
    marks: dict[Mention, tuple[str, frozenset[str]]]

    def annotated(self) -> list[str]:
        """The urls of articles in the two events whose claims are marked, in order."""
        urls = {url for url, _, _ in self.marks}
        return sorted(url for url in self.told if url in urls)

    def same(self) -> set[tuple[Mention, Mention]]:
        """Marked mentions in different languages that make one claim, each pair once."""
        return {
            (one, other)
            for one, (language, ids) in self.marks.items()
            for other, (elsewhere, more) in self.marks.items()
            if one < other and language != elsewhere and ids & more
        }


def read(
    encoder: SentenceEncoder | None,
    samples: Path = SAMPLES,
    english: Callable[[list[str], str], Mapping[str, str]] | None = None,
) -> Coverage:
    """The coverage as Parallax reads it; `english` translates the claims of one language."""
    lines = (samples / "gold.jsonl").read_text("utf-8").splitlines()
    gold = [json.loads(line) for line in lines]
    events = {
        url: row["event"] for row in gold if row["kind"] == "event" for url in row["articles"]
    }
    reading = Reading([str(samples / "coverage")], Fields())
    articles = [one for one in reading if isinstance(one, Article)]
    texts = {one.url: normalise(one.text) for one in articles}
    found: dict[Mention, tuple[str, set[str]]] = {}
    for row in gold:
        members = (
            row["members"] if row["kind"] == "claim" else [row] if row["kind"] == "nil" else []
        )
        for member in members:
            quote = normalise(member["quote"])
            start = texts[member["url"]].find(quote)
            if start >= 0:
                place = (member["url"], start, start + len(quote))
                ids = found.setdefault(place, (member["language"], set()))[1]
                if row["kind"] == "claim":
                    ids.add(row["id"])
    told: dict[str, Told] = {}
    for one in articles:
        assert one.url is not None  # the sample articles all have an address and a date
        assert one.published_at is not None
        sentences = [
            Sentence(
                part.text, str(part.language or one.language or "en"), part.start, part.paragraph
            )
            for part in segment(texts[one.url], one.language)
        ]
        claims = extract(sentences, published_at=one.published_at)
        units = [
            Unit(
                claim.text,
                claim.language,
                keys=tuple(dict.fromkeys(each.key for each in claim.entities if each.key)),
            )
            for claim in claims
        ]
        if english is not None:
            units = _with_english(units, english)
        own = [mention for mention in found if mention[0] == one.url]
        told[one.url] = Told(
            one.url,
            str(one.language or sentences[0].language),
            one.title or "",
            " ".join(part.text for part in sentences[:LEAD] if part.text != one.title),
            one.outlet or "",
            one.published_at,
            tuple(claims),
            tuple(encoded(units, encoder) if encoder else units),
            tuple(
                tuple(mention for mention in own if _is(claim.start, claim.end, mention))
                for claim in claims
            ),
        )
    marks = {place: (language, frozenset(ids)) for place, (language, ids) in found.items()}
    return Coverage(told, events, marks)


def _with_english(
    units: list[Unit], english: Callable[[list[str], str], Mapping[str, str]]
) -> list[Unit]:
    made: dict[tuple[str, str], str] = {}
    for language in sorted({unit.language for unit in units} - {"en"}):
        texts = [unit.text for unit in units if unit.language == language]
        made |= {(language, text): words for text, words in english(texts, language).items()}
    return [replace(unit, english=made.get((unit.language, unit.text))) for unit in units]


def as_articles(told: Iterable[Told], encoder: SentenceEncoder | None) -> list[EventArticle]:
    """The articles as the event stream sees them, keys from the claims of their lead."""
    return [
        EventArticle(
            one.url,
            one.language,
            one.title,
            one.lead,
            one.published_at,
            one.outlet,
            vector=encoder.encode([f"{one.title} {one.lead}"])[0] if encoder else None,
            keys=tuple(
                sorted(
                    {
                        key
                        for unit, claim in zip(one.units, one.claims, strict=True)
                        if claim.sentence < LEAD
                        for key in unit.keys
                    }
                )
            ),
        )
        for one in told
    ]


def _is(start: int, end: int, mention: Mention) -> bool:
    shared = min(end, mention[2]) - max(start, mention[1])
    return shared > 0 and shared >= OVERLAP * min(end - start, mention[2] - mention[1])

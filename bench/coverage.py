"""The sample coverage and its gold as plain data, for fitting and measuring alignment.

The articles of `samples/coverage` with `samples/gold.jsonl`, and if asked for the events whose
claims are marked in the text itself (`samples/retold`, see `bench.marked`). As in the service, the
text of an article is its title, an empty line and what stands below it: a headline makes claims.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from alignment.article import Article as EventArticle
from alignment.claims import Claim, Sentence, extract
from alignment.similarity import SentenceEncoder, Unit, encoded
from bench import marked
from models.segment import normalise, segment
from service.ingest.article import Article
from service.ingest.fields import Fields
from service.ingest.files import Reading
from service.settings import Settings
from service.steps import reading

SAMPLES = Path(__file__).parents[1] / "samples"
LEAD = 5  # sentences that tell an event, as in the pipeline
OVERLAP = 0.5  # a claim is a marked quote when they share this much of the shorter

Mention = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """One article: its claims as units, and which marked mentions each claim is.

    `titles` says how many sentences the title is; they come first.
    """

    url: str
    language: str
    title: str
    lead: str
    outlet: str
    published_at: datetime
    claims: tuple[Claim, ...]
    units: tuple[Unit, ...]
    mentions: tuple[tuple[Mention, ...], ...]
    titles: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """All articles by url, gold events by url, and marked mentions: language and claim ids.

    `headlines` has the claims that the title of an article makes, which is no mention: what pairs
    with a title is neither right nor wrong.
    """

    told: dict[str, Told]
    events: dict[str, str]
    marks: dict[Mention, tuple[str, frozenset[str]]]
    headlines: dict[str, frozenset[str]]

    def annotated(self) -> list[str]:
        """The urls of articles in the events whose claims are marked, in order."""
        urls = {url for url, _, _ in self.marks}
        return sorted(url for url in self.told if url in urls)

    def same(self) -> set[tuple[Mention, Mention]]:
        """Marked mentions in different languages that make one claim, each pair once."""
        by_claim: dict[str, list[Mention]] = {}
        for mention, (_, ids) in sorted(self.marks.items()):
            for one in ids:
                by_claim.setdefault(one, []).append(mention)
        return {
            (one, other)
            for mentions in by_claim.values()
            for one, other in combinations(mentions, 2)
            if self.marks[one][0] != self.marks[other][0]
        }


def read(
    encoder: SentenceEncoder | None,
    samples: Path = SAMPLES,
    english: Callable[[list[str], str], Mapping[str, str]] | None = None,
    *,
    retold: bool = False,
) -> Coverage:
    """The coverage as Parallax reads it; `english` translates the claims of one language.

    `retold` adds the events with marks in the text.
    """
    lines = (samples / "gold.jsonl").read_text("utf-8").splitlines()
    gold = [json.loads(line) for line in lines]
    found_articles = Reading([str(samples / "coverage")], Fields())
    articles = [one for one in found_articles if isinstance(one, Article)]
    for file in sorted((samples / "retold").glob("*.txt")) if retold else ():
        one = marked.read(file)
        articles += one.articles
        gold += one.gold
    texts = {one.url: _text(one) for one in articles}
    found: dict[Mention, tuple[str, set[str]]] = {}
    for row in gold:
        members = (
            row["members"] if row["kind"] == "claim" else [row] if row["kind"] == "nil" else []
        )
        for member in members:
            quote = normalise(member["quote"])
            body, text = texts[member["url"]]
            start = text.find(quote, body)
            if start >= 0:
                place = (member["url"], start, start + len(quote))
                ids = found.setdefault(place, (member["language"], set()))[1]
                if row["kind"] == "claim":
                    ids.add(row["id"])
    told = {one.url: one for one in (_told(one, *texts[one.url], list(found)) for one in articles)}
    if english is not None:
        told = _with_english(told, english)
    if encoder is not None:
        told = {
            url: replace(one, units=tuple(encoded(one.units, encoder))) for url, one in told.items()
        }
    return Coverage(
        told,
        {url: row["event"] for row in gold if row["kind"] == "event" for url in row["articles"]},
        {place: (language, frozenset(ids)) for place, (language, ids) in found.items()},
        {row["url"]: frozenset(row["claims"]) for row in gold if row["kind"] == "headline"},
    )


def _text(one: Article) -> tuple[int, str]:
    """Where the text below the title begins, and the whole, as they are stored."""
    stored = reading.read(one, Settings(), datetime.now(UTC))
    return stored.body_start, stored.text


def _told(one: Article, body: int, text: str, found: list[Mention]) -> Told:
    assert one.url is not None  # the sample articles all have an address and a date
    assert one.published_at is not None
    sentences = [
        Sentence(part.text, str(part.language or one.language or "en"), part.start, part.paragraph)
        for part in segment(text, one.language)
    ]
    claims = extract(sentences, published_at=one.published_at)
    units = [Unit.of(claim) for claim in claims]
    own = [mention for mention in found if mention[0] == one.url]
    below = [part for part in sentences if part.start >= body]
    return Told(
        one.url,
        str(one.language or sentences[0].language),
        one.title or "",
        " ".join(part.text for part in below[:LEAD]),
        one.outlet or "",
        one.published_at,
        tuple(claims),
        tuple(units),
        tuple(
            tuple(mention for mention in own if _is(claim.start, claim.end, mention))
            for claim in claims
        ),
        len(sentences) - len(below),
    )


def _with_english(
    told: dict[str, Told], english: Callable[[list[str], str], Mapping[str, str]]
) -> dict[str, Told]:
    """The articles with the English of their claims; a language's texts are translated at once."""
    texts: dict[str, list[str]] = {}
    for unit in (unit for one in told.values() for unit in one.units if unit.language != "en"):
        texts.setdefault(unit.language, []).append(unit.text)
    made = {
        (language, text): words
        for language, wanted in sorted(texts.items())
        for text, words in english(list(dict.fromkeys(wanted)), language).items()
    }
    return {
        url: replace(
            one,
            units=tuple(
                replace(unit, english=made.get((unit.language, unit.text))) for unit in one.units
            ),
        )
        for url, one in told.items()
    }


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
                        if claim.sentence < one.titles + LEAD
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

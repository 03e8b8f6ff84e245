"""Align: one event read from the store, compared, and stored again with everything it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from alignment.calibration import Parameters
from alignment.claims import Claim
from alignment.similarity import pivot_rows, word_rows
from alignment.views import matching_text
from models.languages import Direction, Language
from service.steps import comparison, elsewhere
from service.steps.told import Made, Told
from service.steps.translation import PIVOT, English, Translator, Wording, spoken
from service.stop import Stop
from service.store import (
    alignments,
    claim_english,
    claims,
    documents,
    events,
    groups,
    judgements,
    pairs,
    translations,
)
from service.store.database import Store
from service.store.tables import AlignmentRow, ClaimRow, JudgementRow, PairRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.encode import SentenceEncoder

#: What an event that was compared without sentence vectors is said to lack.
ENCODER = "encoder"


@dataclass(frozen=True, slots=True)
class Aligned:
    """What the comparison of one event gave.

    `relations` counts the pairs across languages, without those whose relation is in doubt.
    """

    event_id: str
    documents: int
    groups: int
    pairs: int
    silences: int
    relations: dict[str, int]
    doubtful: int
    disagreements: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """Documents as they are stored, with their claims, and what of them has to be in English."""

    summaries: list[documents.DocumentSummary]
    claim_ids: dict[str, tuple[str, ...]]
    claims: dict[str, list[Claim]]
    sentences: dict[str, list[documents.SegmentView]]
    wordings: dict[str, list[Wording]]
    claim_wordings: dict[str, list[Wording]]

    def words(self) -> Iterator[Wording]:
        """All that has to be in English."""
        for words in self.wordings.values():
            yield from words


@dataclass(frozen=True, slots=True)
class _Read:
    """An event as it is stored: what the comparison starts from."""

    event_id: str
    texts: _Texts
    judged: dict[str, JudgementRow]
    earlier: dict[tuple[str, str], tuple[AlignmentRow, list[PairRow]]]


class Aligner:
    """Compares the claims of one event at a time."""

    def __init__(
        self, store: Store, translator: Translator, encoder: SentenceEncoder | None
    ) -> None:
        self.store = store
        self.translator = translator
        self.encoder = encoder

    def align(self, event_id: str, stop: Stop) -> Aligned:
        """Compare the claims of an event and store what comes out.

        Raises:
            NotFound: there is no such event.
            StoreError: the store failed; the event is as it was.
            Cancelled: `stop` was set; the event is as it was.
        """
        while True:
            done = self._align(event_id, stop)
            if done is not None:
                return done

    def stale(self) -> list[str]:
        """The events that were compared without something that is here now, by id."""
        with self.store.session() as session:
            lacking = events.lacking(session)
        here: dict[str, bool] = {ENCODER: self.encoder is not None}
        for direction in (Direction(Language.RU, PIVOT), Direction(Language.UK, PIVOT)):
            here[str(direction)] = self.translator.packages(direction) is not None
        return [
            event_id
            for event_id, missing in lacking.items()
            if any(here.get(name, False) for name in missing)
        ]

    def _align(self, event_id: str, stop: Stop) -> Aligned | None:
        now = datetime.now(UTC)
        read = self._read(event_id)
        english = self.translator.english(read.texts.words(), stop)
        stop.check()
        made = Made(
            self._packages(),
            self.encoder.digest if self.encoder else None,
            f"parallax {version('parallax')}, comparison {comparison.VERSION}",
            Parameters.load().version,
        )
        told = self._told(read.texts, english)
        found = comparison.compare(
            read.event_id,
            told,
            judged=read.judged,
            earlier=read.earlier,
            made=made,
            now=now,
        )
        stop.check()
        if silent := elsewhere.languages(found):
            neighbours, chances = self._neighbours(read.event_id, silent)
            words = self.translator.english(neighbours.words(), stop)
            elsewhere.ask(told, self._told(neighbours, words), chances, found)
            stop.check()
        missing = sorted(english.missing | (set() if self.encoder else {ENCODER}))
        with self.store.session(write=True) as session:
            event = events.get(session, event_id)
            if {one.id for one in documents.of_event(session, event.id)} != {
                one.id for one in read.texts.summaries
            }:
                return None  # documents came or went meanwhile: compare again
            translations.add(session, list(english.rows.values()))
            documents.lack(
                session,
                {key: english.lacking(words) for key, words in read.texts.wordings.items()},
            )
            alignments.keep(session, found.alignments)
            groups.replace(session, event.id, found.groups, found.members)
            pairs.replace(session, event.id, found.pairs)
            groups.answer(session, event.id, found.silences, now)
            filed = judgements.file_disagreements(
                session, read.judged, {pair.id: pair for pair in found.pairs}, made.version
            )
            events.aligned(session, event.id, now, found.algorithm or made.version, missing)
            relations = pairs.relations(session, event.id, doubtful=False)
            doubtful = sum(pairs.relations(session, event.id, doubtful=True).values())
        return Aligned(
            event.id,
            len(read.texts.summaries),
            len(found.groups),
            sum(relations.values()) + doubtful,
            len(found.silences),
            relations,
            doubtful,
            len(filed),
            tuple(missing),
        )

    def _read(self, event_id: str) -> _Read:
        with self.store.session() as session:
            event = events.get(session, event_id)
            summaries = documents.of_event(session, event.id)
            texts = _texts(session, summaries, claims.of_event(session, event.id))
            judged = judgements.of_event(session, event.id)
            stored = alignments.among(session, (one.id for one in summaries))
            before = pairs.of_event(session, event.id)
        by_sides: dict[tuple[str, str], list[PairRow]] = {}
        for pair in before:
            if not pair.withdrawn:
                by_sides.setdefault((pair.a_document, pair.b_document), []).append(pair)
        return _Read(
            event.id,
            texts,
            judged,
            {sides: (row, by_sides.get(sides, [])) for sides, row in stored.items()},
        )

    def _neighbours(self, event_id: str, languages: set[str]) -> tuple[_Texts, dict[str, float]]:
        """Documents of other events that may report this one in these languages, and how likely."""
        with self.store.session() as session:
            found = events.neighbours(session, event_id, languages, most=elsewhere.NEIGHBOURS)
            summaries = documents.summaries(session, found)
            rows = [row for key in found for row in claims.of_document(session, key)]
            return _texts(session, [summaries[key] for key in found], rows), found

    def _told(self, read: _Texts, english: English) -> list[Told]:
        told = []
        for one in read.summaries:
            found = read.claims.get(one.id, [])
            made = [
                _compared(claim, words, read.sentences[one.id][claim.sentence], english)
                for claim, words in zip(found, read.claim_wordings.get(one.id, ()), strict=True)
            ]
            vectors = words = pivots = None
            if self.encoder is not None and found:
                texts = [matching_text(claim.text, claim.language) for claim in found]
                vectors, words = self.encoder.encode(texts), word_rows(texts, self.encoder)
                in_english = [
                    claim.text if claim.language == PIVOT else text
                    for claim, text in zip(found, made, strict=True)
                ]
                pivots = pivot_rows(in_english, self.encoder)
            told.append(
                Told(
                    one,
                    read.claim_ids.get(one.id, ()),
                    tuple(found),
                    tuple(made),
                    vectors,
                    words,
                    pivots,
                )
            )
        return told

    def _packages(self) -> tuple[str, ...]:
        found: list[str] = []
        for language in (Language.RU, Language.UK):
            found.extend(self.translator.packages(Direction(language, PIVOT)) or ())
        return tuple(dict.fromkeys(found))


def _texts(
    session: Session, summaries: list[documents.DocumentSummary], rows: Sequence[ClaimRow]
) -> _Texts:
    """These documents, whose claims are `rows`."""
    parts = {
        one.id: documents.segments(session, documents.get(session, one.id)) for one in summaries
    }
    by_document: dict[str, list[ClaimRow]] = {}
    for row in rows:
        by_document.setdefault(row.document_id, []).append(row)
    found = {key: [claims.from_row(row) for row in inside] for key, inside in by_document.items()}
    spoken_claims = {
        key: [wording_of(claim, parts[key][claim.sentence].text) for claim in inside]
        for key, inside in found.items()
    }
    wordings = {
        one.id: [
            Wording(part.text, language)
            for part in parts[one.id]
            if (language := spoken(part.language, part.ambiguous, one.language))
        ]
        + spoken_claims.get(one.id, [])
        for one in summaries
    }
    return _Texts(
        summaries,
        {key: tuple(row.id for row in inside) for key, inside in by_document.items()},
        found,
        parts,
        wordings,
        spoken_claims,
    )


def _compared(
    claim: Claim, words: Wording, sentence: documents.SegmentView, english: English
) -> str | None:
    """The English that a claim is compared in, None where nothing translates it."""
    own = english.rows.get(words.key)
    if words.text == sentence.text:
        return own.text if own else None
    translated = english.rows.get(Wording(sentence.text, words.language).key)
    at = sentence.start
    made = claim_english.of_part(
        sentence.text, claim.start - at, claim.end - at, translated=translated, own=own
    )
    return made.text if made else None


def wording_of(claim: Claim, sentence: str) -> Wording:
    """What of a claim is translated: its words, or its sentence where it is all of that.

    A claim leaves out the full stop and quotation marks around it, and the sentence is translated
    for readers anyway.
    """
    words = sentence if claim_english.whole(claim.text, sentence) else claim.text
    return Wording(words, Language(claim.language))

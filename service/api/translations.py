"""`/v1/translate`: translation with its evidence; `/v1/memory`: what people translated."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator

from models.decode import DecodeOptions
from models.languages import Direction, Language
from service.access import Role
from service.api import contracts, schemas, shaping
from service.api.admission import Reader, Worker, admit, resources_of
from service.api.reading import Cursor, Limit, reading, rows
from service.errors import BadInput, TooMuch
from service.translations import Order, Piece, Translated, lane_for

router = APIRouter(prefix="/v1", tags=["Translation"])


@router.post("/translate", responses=contracts.problems(408, 413, 504))
async def translate(request: Request, asked: schemas.TranslateRequest) -> schemas.TranslateAnswer:
    """Translate texts, segment by segment, each with offsets, doubts and what made it."""
    resources = resources_of(request)
    caller = await admit(request, Role.WORK, cost=len(asked.texts))
    settings = resources.settings
    if len(asked.texts) > settings.request_texts:
        raise TooMuch(f"A call takes {settings.request_texts:,} texts; send the rest in another.")
    limit = settings.request_characters
    if caller.key and caller.key.characters_per_request:
        limit = caller.key.characters_per_request
    if sum(map(len, asked.texts)) > limit:
        raise TooMuch(f"A call takes {limit:,} characters; send the rest in another.")
    if asked.alternatives > settings.alternatives:
        raise BadInput(f"This server gives at most {settings.alternatives} alternatives.")
    given = asked.options or schemas.TranslateOptions()
    order = Order(
        texts=asked.texts,
        source=None if asked.source == "auto" else asked.source,
        target=asked.target,
        options=DecodeOptions(alternatives=asked.alternatives, **given.model_dump()),
        lane=lane_for(asked.texts, settings.bulk_characters),
        html=asked.format == "html",
    )
    found = await resources.workroom.run(
        request, order.lane, lambda: resources.translator.translate(order)
    )
    return schemas.TranslateAnswer(
        target=asked.target, translations=[text_of(each) for each in found]
    )


@router.get("/memory", responses=contracts.problems())
def list_memory(
    request: Request,
    _: Reader,
    source: Annotated[Language | None, Query(description="Language of the originals.")] = None,
    target: Annotated[Language | None, Query(description="Language of the translations.")] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> schemas.Page[schemas.Unit]:
    """List the translation memory, the newest first."""
    from service.store import memory

    with reading(request) as session:
        found = memory.page(
            session,
            source_language=source,
            target_language=target,
            cursor=cursor,
            limit=rows(request, limit),
        )
        return shaping.page(found, schemas.Unit.model_validate)


@router.get("/memory/matches", responses=contracts.problems())
def find_matches(
    request: Request,
    _: Reader,
    text: Annotated[str, Query(min_length=1, max_length=5_000), BeforeValidator(schemas.sound)],
    source: Language,
    target: Language,
    similarity_from: Annotated[float, Query(ge=0.3, le=1, allow_inf_nan=False)] = 0.7,
    limit: Annotated[int, Query(ge=1, le=20)] = 3,
) -> list[schemas.Match]:
    """Offer what people translated that is like a text, the most similar first."""
    found = resources_of(request).memory.fuzzy(
        Direction(source, target), text, threshold=similarity_from, limit=limit
    )
    return [
        schemas.Match(
            similarity=each.similarity,
            source=each.unit.source,
            target=each.unit.target,
            who=each.unit.author,
            unit_id=each.unit.reference,
        )
        for each in found
    ]


@router.post("/memory", status_code=201, responses=contracts.problems(413))
def add_to_memory(request: Request, caller: Worker, unit: schemas.NewUnit) -> schemas.Added:
    """Keep a translation; every later request for the same words gets it."""
    if unit.source_language is unit.target_language:
        raise BadInput("A translation has two languages; name the one it was made into.")
    direction = Direction(unit.source_language, unit.target_language)
    resources_of(request).memory.add(direction, unit.source, unit.target, caller.who)
    return schemas.Added()


def text_of(found: Translated) -> schemas.TranslatedText:
    """One translated text with its segments."""
    flags = {flag for piece in found.pieces for flag in piece.translation.flags}
    return schemas.TranslatedText(
        text=found.text,
        detected=schemas.Found.model_validate(found.detected) if found.detected else None,
        flags=sorted(flags),
        alternatives=list(found.alternatives),
        segments=[segment_of(piece) for piece in found.pieces],
    )


def segment_of(piece: Piece) -> schemas.TranslatedSegment:
    """One segment with its translation's evidence."""
    made = piece.translation
    return schemas.TranslatedSegment.model_validate(
        {
            "start": piece.start,
            "end": piece.end,
            "text": piece.text,
            "language": piece.language,
            "ambiguous": piece.ambiguous,
            "translation": made.text,
            "origin": piece.origin,
            "log_prob": made.log_prob,
            "flags": made.flags,
            "route": made.route,
            "packages": made.packages,
            "options": made.options,
            "alternatives": made.alternatives,
            "links": made.segments[0].links if made.segments else (),
        }
    )

"""Pairs of aligned claims, and what analysts decide about them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from models.languages import Language
from service.api import contracts, schemas, shaping
from service.api.admission import Reader, Worker
from service.api.reading import Cursor, Id, Limit, Word, reading, rows, writing
from service.errors import BadInput

router = APIRouter(prefix="/v1", tags=["Pairs"])
Probability = Annotated[float | None, Query(ge=0, le=1, allow_inf_nan=False)]


@router.get("/pairs", responses=contracts.problems())
def list_pairs(
    request: Request,
    _: Reader,
    event: Word = None,
    group: Word = None,
    language: Annotated[
        list[Language] | None,
        Query(description="One language on either side, or two: those on the two sides."),
    ] = None,
    outlet: Word = None,
    document: Word = None,
    relation: schemas.Relation | None = None,
    probability_from: Probability = None,
    probability_to: Probability = None,
    judgement: Literal["same", "different", "unsure", "none"] | None = None,
    withdrawn: bool = False,
    cursor: Cursor = None,
    limit: Limit = None,
) -> schemas.Page[schemas.PairRow]:
    """List pairs, the most probable first; `outlet` is an id or a name, on either side."""
    from service.store import pairs

    languages = language or []
    if len(languages) > 2:
        raise BadInput("A pair has two sides; name one or two languages.")
    with reading(request) as session:
        found = pairs.page(
            session,
            event=event,
            group=group,
            language=languages[0] if len(languages) == 1 else None,
            languages=(languages[0], languages[1]) if len(languages) == 2 else None,
            outlet=outlet,
            document=document,
            relation=relation,
            probability_from=probability_from,
            probability_to=probability_to,
            judgement=judgement,
            withdrawn=withdrawn,
            cursor=cursor,
            limit=rows(request, limit),
        )
        return shaping.page(found, shaping.pair_row)


@router.get("/pairs/{pair_id}", responses=contracts.problems(404))
def get_pair(request: Request, _: Reader, pair_id: Id) -> schemas.Pair:
    """Get a pair with both sides, the judgements that count and the disagreements that stand."""
    from service.store import pairs

    with reading(request) as session:
        return shaping.pair(pairs.view(session, pair_id))


@router.post("/pairs/{pair_id}/judgements", status_code=201, responses=contracts.problems(404, 413))
def add_judgement(
    request: Request, caller: Worker, pair_id: Id, decision: schemas.NewJudgement
) -> schemas.Judgement:
    """File a judgement; earlier ones stay. With a key, its name is who decides."""
    from service.store import judgements

    with writing(request) as session:
        row = judgements.add(
            session,
            pair_id,
            decision.judgement,
            who=caller.who or decision.who.strip() or "anonymous",
            relation=decision.relation,
            note=decision.note,
        )
        return schemas.Judgement.model_validate(row)


@router.get("/judgements", responses=contracts.problems())
def list_judgements(
    request: Request,
    _: Reader,
    pair: Word = None,
    event: Word = None,
    who: Word = None,
    judgement: schemas.Decision | None = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> schemas.Page[schemas.Judgement]:
    """List judgements, the newest first."""
    from service.store import judgements

    with reading(request) as session:
        found = judgements.page(
            session,
            pair=pair,
            event=event,
            who=who,
            judgement=judgement,
            cursor=cursor,
            limit=rows(request, limit),
        )
        return shaping.page(found, schemas.Judgement.model_validate)

"""From what the store gives to what `/v1` answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from service.api import schemas

if TYPE_CHECKING:
    from service.store.documents import DocumentView
    from service.store.events import EventSummary
    from service.store.groups import GroupView
    from service.store.page import Page
    from service.store.pairs import PairView
    from service.store.pairs import Side as StoredSide
    from service.store.tables import PairRow

T = TypeVar("T")
S = TypeVar("S", bound=BaseModel)


def page(found: Page[T], shape: Callable[[T], S]) -> schemas.Page[S]:
    """A page of the store as a page of the API."""
    return schemas.Page[Any](items=[shape(item) for item in found.items], next=found.next)


def document(summary: Any) -> schemas.Document:
    """A document without its text."""
    return schemas.Document.model_validate(summary)


def whole_document(view: DocumentView) -> schemas.DocumentWhole:
    """A document with everything on it."""
    return schemas.DocumentWhole(
        **document(view.summary).model_dump(),
        text=view.document.text,
        body_start=view.document.body_start,
        segments=[schemas.Segment.model_validate(each) for each in view.segments],
        claims=[schemas.Claim.model_validate(each) for each in view.claims],
        versions=[each.id for each in view.versions],
    )


def event(summary: EventSummary) -> schemas.Event:
    """An event with its counts."""
    return schemas.Event.model_validate(
        {**summary.event.model_dump(), "groups": summary.groups, "pairs": summary.pairs}
    )


def group(view: GroupView) -> schemas.Group:
    """A claim group, ready to be read."""
    return schemas.Group.model_validate(
        {
            **view.group.model_dump(),
            "doubtful": view.doubtful,
            "members": {language: list(inside) for language, inside in view.members.items()},
            "silences": view.silences,
            "pairs": [pair.id for pair in view.pairs],
        }
    )


def pair_row(row: PairRow) -> schemas.PairRow:
    """A pair as a list shows it."""
    return schemas.PairRow.model_validate(row)


def pair(view: PairView) -> schemas.Pair:
    """A pair with both sides and what people said about it."""
    return schemas.Pair.model_validate(
        {
            **view.pair.model_dump(),
            "doubtful": view.pair.doubtful,
            "a": side(view.a),
            "b": side(view.b),
            "judgements": [schemas.Judgement.model_validate(each) for each in view.judgements],
            "disagreements": [
                schemas.Disagreement.model_validate(each) for each in view.disagreements
            ],
        }
    )


def side(found: StoredSide) -> schemas.Side:
    """One side of a pair."""
    return schemas.Side.model_validate(found)

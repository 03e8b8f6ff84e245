"""What the shapes of `/v1` have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from service.api.parameters import fault_in_text

T = TypeVar("T")


def shown(example: dict[str, Any]) -> ConfigDict:
    """The settings of a request body that /docs shows with this example."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


def sound(value: Any) -> Any:
    """The value, unless it is a text that cannot be stored.

    Raises:
        ValueError: it holds a NUL or half of a surrogate pair.
    """
    fault = fault_in_text(value) if isinstance(value, str) else None
    if fault:
        raise ValueError(f"the text {fault}")
    return value


def said(text: str) -> str:
    """The text, unless there is nothing in it.

    Raises:
        ValueError: it holds whitespace alone.
    """
    if not text.strip():
        raise ValueError("the text is blank")
    return text


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a time zone is taken as UTC.

    Raises:
        ValueError: it lies outside the calendar once it is in UTC.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("this moment lies outside the calendar") from None


Text = Annotated[str, BeforeValidator(sound)]
Said = AfterValidator(said)
Moment = Annotated[datetime, AfterValidator(in_utc)]
Relation = Literal["same", "broader", "narrower", "conflicting", "denies", "related"]
Decision = Literal["same", "different", "unsure"]
#: What `doubtful` says wherever a relation is given.
DOUBTFUL = (
    "The relation is in doubt: it is read in the wording, and the sides are less likely than not "
    "to speak of one fact."
)


class Shape(BaseModel):
    """What every answer shares: it is read from rows and views by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Request(BaseModel):
    """What every request body shares: a field that is not known is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class Page(Shape, Generic[T]):
    """Some of a list; pass `next` as `cursor` for what follows, until it is null."""

    items: list[T]
    next: str | None = None

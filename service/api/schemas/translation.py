"""Translation with its evidence, the translation memory, and what is installed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from models.languages import Language
from service.api.schemas.shape import Request, Said, Shape, Text, shown, sound


class TranslateOptions(Request):
    """How to search for a translation."""

    beam_size: Annotated[int, Field(ge=1, le=16)] | None = Field(
        default=None, description="Beams of the search; without it as many as the package asks for."
    )
    length_penalty: Annotated[float, Field(ge=0, le=10)] | None = None
    likeness: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None,
        description="Weight of the sentence encoder's say in choosing among the beams; 0 for none.",
    )
    max_length: Annotated[int, Field(ge=1, le=1024)] | None = None
    repair: bool = True
    links: bool = Field(default=False, description="Link words, where the network can tell.")


class TranslateRequest(Request):
    """Texts to translate; each is split into segments and each segment keeps its evidence."""

    model_config = shown(
        {
            "texts": ["Он сказал: «Усе буде добре». Больше он ничего не добавил."],
            "target": "en",
        }
    )

    texts: Annotated[list[Text], Field(min_length=1)]
    target: Language
    source: Language | Literal["auto"] = "auto"
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=16)] = 0
    options: TranslateOptions | None = None


class Found(Shape):
    """The language a text was found to be in."""

    language: str | None
    probability: float
    ambiguous: bool


class TranslatedSegment(Shape):
    """One segment: where it stands in what was sent, and what became of it."""

    start: int
    end: int
    text: str
    language: str | None
    ambiguous: bool
    translation: str
    origin: Literal["engine", "glossary", "memory", "same", "kept"] = Field(
        description="Who translated it: the engine, alone or under terms of a glossary, or a "
        "person before (memory); or it is in the "
        "target language (same), or there is nothing to translate or no route (kept)."
    )
    log_prob: float | None
    flags: list[str]
    route: str
    packages: list[str]
    options: str
    alternatives: list[str]
    links: list[tuple[int, int, int, int]] = Field(
        description="Linked words: start and end in the segment, start and end in its translation."
    )


class TranslatedText(Shape):
    """One text, translated."""

    text: str
    detected: Found | None
    flags: list[str] = Field(description="Every doubt raised in any of its segments.")
    alternatives: list[str]
    segments: list[TranslatedSegment]


class TranslateAnswer(Shape):
    """One translation per text, in the same order."""

    target: str
    translations: list[TranslatedText]


class Unit(Shape):
    """A translation that a person made or corrected."""

    id: str
    source_language: str
    target_language: str
    source: str
    target: str
    origin: str
    who: str
    created_at: datetime


class NewUnit(Request):
    """A translation made or corrected by a person."""

    model_config = shown(
        {
            "source": "Стороны обменялись пленными.",
            "target": "The two sides exchanged prisoners of war.",
            "source_language": "ru",
            "target_language": "en",
        }
    )

    source: Annotated[str, BeforeValidator(sound), Said, Field(min_length=1, max_length=20_000)]
    target: Annotated[str, BeforeValidator(sound), Said, Field(min_length=1, max_length=20_000)]
    source_language: Language
    target_language: Language


class Match(Shape):
    """A translation whose original is like a text; 1 is equal but for whitespace."""

    similarity: float
    source: str
    target: str
    who: str
    unit_id: str


class Package(Shape):
    """An installed Argos package."""

    code: str
    version: str
    direction: str
    digest: str = Field(description="sha256, as translations made with it name it.")
    bytes: int


class Packages(Shape):
    """What translates here."""

    packages: list[Package]
    directions: list[str] = Field(description="Directions served, directly or through English.")
    problems: list[str] = Field(description="Packages that cannot be used, and why.")
    encoder: str | None = Field(description="Digest of the sentence encoder, if there is one.")


class Added(Shape):
    """It is kept."""

    added: Literal[True] = True


class Health(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"

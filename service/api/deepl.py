"""`/v2/translate` in the shape of DeepL, for programs that already speak it.

Point the official client at this server (`deepl.Translator(key, server_url=…)`). Texts are plain,
HTML, or XML whose elements the caller may describe (`ignore_tags`, `splitting_tags`,
`non_splitting_tags`, `outline_detection`). Options that steer DeepL's own networks (formality,
context, glossary, model) are taken and change nothing.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from models.errors import DocumentError
from models.languages import NAMES, Language
from models.outline import Outline
from models.translate import Lane
from service.access import Role
from service.api import contracts, parameters
from service.api.admission import admit, resources_of
from service.api.parameters import Parameters, fault_in_text
from service.api.problems import Refusal
from service.api.translate import within_limits
from service.translations import Order, lane_for

router = APIRouter(prefix="/v2", tags=["DeepL"])

#: Texts of one call, as DeepL allows.
MOST_TEXTS = 50
_TAGS = ("ignore_tags", "splitting_tags", "non_splitting_tags")
_REPEATED = frozenset({"text", "text[]", *_TAGS, *(f"{name}[]" for name in _TAGS)})


@router.post(
    "/translate", openapi_extra=contracts.DEEPL_TRANSLATE, responses=contracts.DEEPL_TRANSLATED
)
async def translate(request: Request) -> JSONResponse:
    """Translate up to 50 texts, each on its own."""
    given = await parameters.read(request, repeated=_REPEATED)
    texts = texts_of(given)
    caller = await admit(request, Role.WORK, token=key_of(given), cost=len(texts))
    within_limits(request, caller, texts)
    resources = resources_of(request)
    source = None
    if given.get("source_lang") not in (None, ""):
        source = language_of(given, "source_lang")
    handling = given.get("tag_handling")
    if handling == "" and given.form:
        handling = None
    if handling not in (None, "html", "xml"):
        raise Refusal(400, "Value for 'tag_handling' not supported; use html or xml.")
    outline = outline_of(given)
    yes_or_no(given, "show_billed_characters", default=True)  # they are always shown
    order = Order(
        texts=texts,
        source=source,
        target=language_of(given, "target_lang"),
        lane=lane_for(texts, resources.settings.bulk_characters),
        html=handling == "html",
        xml=outline if handling == "xml" else None,
    )
    try:
        answers = await resources.workroom.run(
            request, order.lane, lambda: resources.translator.translate(order)
        )
    except DocumentError as error:
        raise Refusal(400, f"Tag handling parsing failed, please check input. {error}") from None
    translations: list[dict[str, Any]] = []
    for text, each in zip(texts, answers, strict=True):
        found = source or (each.detected.language if each.detected else None) or order.target
        translations.append(
            {
                "detected_source_language": found.upper(),
                "text": each.text,
                "billed_characters": len(text),
            }
        )
    return JSONResponse({"translations": translations})


@router.get("/languages", responses=contracts.DEEPL_LANGUAGES)
async def languages(request: Request) -> JSONResponse:
    """List source or target languages (`type=source`, the default, or `type=target`)."""
    given = await parameters.read(request)
    await admit(request, Role.READ, token=key_of(given))
    resources = resources_of(request)
    kind = given.get("type", "source")
    if kind not in ("source", "target"):
        raise Refusal(400, "Value for 'type' not supported; use source or target.")
    directions = await resources.workroom.in_thread(Lane.INTERACTIVE, resources.directions)
    if kind == "source":
        codes = [(each.upper(), NAMES[each]) for each in sorted({d.source for d in directions})]
        return JSONResponse([{"language": code, "name": name} for code, name in codes])
    codes = []
    for each in sorted({d.target for d in directions}):
        if each is Language.EN:  # DeepL's client refuses a bare EN as a target
            codes += [("EN-GB", "English (British)"), ("EN-US", "English (American)")]
        else:
            codes.append((each.upper(), NAMES[each]))
    return JSONResponse(
        [{"language": code, "name": name, "supports_formality": False} for code, name in codes]
    )


def outline_of(given: Parameters) -> Outline:
    """What a call says of the elements of its XML.

    Raises:
        Refusal: a list of tags holds something else, or `outline_detection` is no yes or no.
    """
    ignored, splitting, inside = (names_of(given, name) for name in _TAGS)
    return Outline(ignored, splitting, inside, yes_or_no(given, "outline_detection", default=True))


def yes_or_no(given: Parameters, name: str, *, default: bool) -> bool:
    """A truth value, in JSON or as a form has it.

    Raises:
        Refusal: it is neither.
    """
    value = given.get(name, default)
    if isinstance(value, bool):
        return value
    if value not in ("0", "1", "true", "false"):
        raise Refusal(400, f"Value for '{name}' not supported; use 0 or 1.")
    return value in ("1", "true")


def names_of(given: Parameters, name: str) -> frozenset[str]:
    """The names of elements in a parameter, as a list or separated by commas."""
    found: set[str] = set()
    for value in given.lists(name):
        if not isinstance(value, str):
            raise Refusal(400, f"Parameter '{name}' must be a list of tag names.")
        found.update(filter(None, map(str.strip, value.split(","))))
    return frozenset(found)


def key_of(given: Parameters) -> str | None:
    """The key in DeepL's old parameter, if any."""
    value = given.get("auth_key")
    return value if isinstance(value, str) else None


def texts_of(given: Parameters) -> list[str]:
    """The texts of a call.

    Raises:
        Refusal: there are none or too many, or one is no text.
    """
    texts = given.lists("text")
    if not texts:
        raise Refusal(400, "Parameter 'text' not specified.")
    if len(texts) > MOST_TEXTS:
        raise Refusal(400, f"Too many texts; send at most {MOST_TEXTS} in one call.")
    for text in texts:
        if not isinstance(text, str):
            raise Refusal(400, "Parameter 'text' must be a list of strings.")
        fault = fault_in_text(text)
        if fault:
            raise Refusal(400, f"Parameter 'text' {fault}.")
    return texts


def language_of(given: Parameters, name: str) -> Language:
    """The language in a parameter, whatever its region (`EN-GB` is `en`).

    Raises:
        Refusal: it is missing or unknown.
    """
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(400, f"Parameter '{name}' not specified.")
    try:
        return Language(value.lower().partition("-")[0])
    except ValueError:
        raise Refusal(400, f"Value for '{name}' not supported; use RU, UK or EN.") from None

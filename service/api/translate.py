"""The routes of LibreTranslate 1.9.6, so that its clients work unchanged.

Kept to the byte: how a request may be written, the shapes of answers, status codes and the words
of errors. Where LibreTranslate goes wrong these routes do not follow it: every item of a list gets
its own language, a bad type is a 400 and not a 500, entities in a text stay as they are, HTML
comes back escaped, and whitespace is that of the source.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from models.decode import DecodeOptions
from models.documents import FORMATS
from models.languages import NAMES, Direction, Language
from models.translate import Lane
from service.access import Caller, Role
from service.api import contracts, parameters
from service.api.admission import admit, resources_of
from service.api.parameters import Parameters, fault_in_text
from service.api.problems import Refusal
from service.translations import Detected, Order, lane_for

router = APIRouter(tags=["LibreTranslate"])


@router.post("/translate", openapi_extra=contracts.TRANSLATE, responses=contracts.TRANSLATED)
async def translate(request: Request) -> JSONResponse:
    """Translate a text, or every text of a list, each on its own."""
    given = await parameters.read(request)
    resources = resources_of(request)
    texts = texts_of(given)
    caller = await admit(request, Role.WORK, token=key_of(given), cost=len(texts) if texts else 1)
    several = isinstance(given.get("q"), list)
    source, target = source_of(given), language_of(given, "target")
    within_limits(request, caller, texts)
    alternatives = alternatives_of(given, resources.settings.alternatives)
    markup = format_of(given)
    order = Order(
        texts=texts,
        source=source,
        target=target,
        options=DecodeOptions(alternatives=alternatives) if alternatives else None,
        lane=lane_for(texts, resources.settings.bulk_characters),
        html=markup == "html",
    )
    answers = await resources.workroom.run(
        request, order.lane, lambda: resources.translator.translate(order)
    )
    body: dict[str, Any] = {"translatedText": [each.text for each in answers]}
    if source is None:
        body["detectedLanguage"] = [detected_json(each.detected) for each in answers]
    if alternatives:
        body["alternatives"] = [list(each.alternatives[:alternatives]) for each in answers]
    if not several:
        body = {name: value[0] for name, value in body.items()}
    return JSONResponse(body)


@router.post("/detect", openapi_extra=contracts.DETECT, responses=contracts.DETECTED)
async def detect_language(request: Request) -> JSONResponse:
    """Say which languages a text may be in, the most probable first."""
    given = await parameters.read(request)
    texts = texts_of(given)
    caller = await admit(request, Role.WORK, token=key_of(given))
    within_limits(request, caller, texts)
    resources = resources_of(request)
    found = await resources.workroom.in_thread(
        Lane.INTERACTIVE, lambda: candidates("\n".join(texts))
    )
    return JSONResponse(found)


@router.get("/languages", responses=contracts.LANGUAGES)
async def languages(request: Request) -> JSONResponse:
    """List the languages there are packages for, each with what it can be translated into."""
    resources = resources_of(request)
    directions = await resources.workroom.in_thread(Lane.INTERACTIVE, resources.directions)
    known = {each for direction in directions for each in (direction.source, direction.target)}
    first = Language.EN
    listed = sorted(known, key=lambda each: (each is not first, NAMES[each]))
    return JSONResponse(
        [
            {
                "code": str(each),
                "name": NAMES[each],
                "targets": sorted(
                    {str(each), *(str(d.target) for d in directions if d.source is each)}
                ),
            }
            for each in listed
        ]
    )


@router.get("/frontend/settings", responses=contracts.SETTINGS)
async def frontend_settings(request: Request) -> JSONResponse:
    """Say what this server allows, as LibreTranslate's own page asks for it."""
    settings = resources_of(request).settings
    return JSONResponse(
        {
            "apiKeys": settings.require_keys,
            "charLimit": settings.request_characters,
            "filesTranslation": settings.translate_files,
            "frontendTimeout": 500,
            "keyRequired": settings.require_keys,
            "language": {
                "source": {"code": "auto", "name": "Auto Detect"},
                "target": {"code": "en", "name": "English"},
            },
            "suggestions": settings.suggestions,
            "supportedFilesFormat": list(FORMATS) if settings.translate_files else [],
        }
    )


@router.post("/suggest", openapi_extra=contracts.SUGGEST, responses=contracts.SUGGESTED)
async def suggest(request: Request) -> JSONResponse:
    """Take a better translation into the translation memory, where it is used from then on."""
    given = await parameters.read(request)
    resources = resources_of(request)
    caller = await admit(request, Role.WORK, token=key_of(given))
    if not resources.settings.suggestions:
        raise Refusal(403, "Suggestions are disabled on this server.")
    original, better = text_of(given, "q"), text_of(given, "s")
    for name, text in (("q", original), ("s", better)):
        if not text.strip():
            raise missing(name)
    source, target = language_of(given, "source"), language_of(given, "target")
    if source is target:
        raise Refusal(400, "Invalid request: source and target are the same language")
    within_limits(request, caller, [original, better])
    await resources.workroom.in_thread(
        Lane.INTERACTIVE,
        lambda: resources.memory.add(Direction(source, target), original, better, caller.who),
    )
    return JSONResponse({"success": True})


def key_of(given: Parameters) -> str | None:
    """The key sent as a parameter, if any; some clients send null for none.

    Raises:
        Refusal: it is no text.
    """
    value = given.get("api_key")
    if value is not None and not isinstance(value, str):
        raise wrong_type("api_key", "a string")
    return value


def missing(name: str) -> Refusal:
    """The refusal of a request without a parameter it needs."""
    return Refusal(400, f"Invalid request: missing {name} parameter")


def wrong_type(name: str, wanted: str) -> Refusal:
    """The refusal of a parameter of the wrong type."""
    return Refusal(400, f"Invalid request: {name} parameter must be {wanted}")


def texts_of(given: Parameters) -> list[str]:
    """The texts in `q`, one or several.

    Raises:
        Refusal: there is none, or one is no text.
    """
    value = given.get("q")
    if value is None or value in ("", []):
        raise missing("q")
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if not isinstance(text, str):
            raise wrong_type("q", "a string or a list of strings")
        fault = fault_in_text(text)
        if fault:
            raise Refusal(400, f"Invalid request: q {fault}")
    if given.form:
        texts = [re.sub(r"\r\n?", "\n", text) for text in texts]
    return texts


def text_of(given: Parameters, name: str) -> str:
    """One text by its name.

    Raises:
        Refusal: it is missing, or no text.
    """
    value = given.get(name)
    if value is None or value == "":
        raise missing(name)
    if not isinstance(value, str):
        raise wrong_type(name, "a string")
    fault = fault_in_text(value)
    if fault:
        raise Refusal(400, f"Invalid request: {name} {fault}")
    return value


def source_of(given: Parameters) -> Language | None:
    """The language to translate from; None for `auto`.

    Raises:
        Refusal: it is missing or unknown.
    """
    automatic = text_of(given, "source").lower() == "auto"
    return None if automatic else language_of(given, "source")


def language_of(given: Parameters, name: str) -> Language:
    """The language in a parameter.

    Raises:
        Refusal: it is missing or unknown.
    """
    code = text_of(given, name).lower()
    try:
        return Language(code)
    except ValueError:
        raise Refusal(400, f"{code[:40]} is not supported") from None


def format_of(given: Parameters) -> str:
    """`text` or `html`.

    Raises:
        Refusal: another format was asked for.
    """
    value = given.get("format", "text") or "text"
    if value not in ("text", "html"):
        shown = value[:40] if isinstance(value, str) else type(value).__name__
        raise Refusal(400, f"{shown} format is not supported")
    return str(value)


def alternatives_of(given: Parameters, most: int) -> int:
    """How many alternatives are wanted.

    Raises:
        Refusal: it is not a number, or not one that is allowed.
    """
    value = given.get("alternatives", 0)
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(400, "Invalid request: alternatives parameter is not a number")
    if value < 0:
        raise Refusal(400, "Invalid request: alternatives parameter must be >= 0")
    if value > most:
        raise Refusal(400, f"Invalid request: alternatives parameter must be <= {most}")
    return value


def within_limits(request: Request, caller: Caller, texts: list[str]) -> None:
    """Return if the texts are few and short enough for the caller.

    Raises:
        Refusal: there are too many, or too much.
    """
    settings = resources_of(request).settings
    if len(texts) > settings.request_texts:
        raise too_much(len(texts), settings.request_texts)
    limit = settings.request_characters
    if caller.key and caller.key.characters_per_request:
        limit = caller.key.characters_per_request
    whole = sum(map(len, texts))
    if whole > limit:
        raise too_much(whole, limit)


def too_much(size: int, limit: int) -> Refusal:
    """The refusal of a request beyond a limit."""
    return Refusal(400, f"Invalid request: request ({size}) exceeds text limit ({limit})")


def candidates(text: str) -> list[dict[str, Any]]:
    """Languages a text may be in, best first, as /detect answers."""
    from models.identify import identify

    found = identify(text)
    if found.language is None and not found.ambiguous:
        return [detected_json(None)]
    ranked = sorted(found.probabilities.items(), key=lambda each: -each[1])
    likely = [each for each in ranked if each[1] >= 0.01] or ranked[:1]
    return [detected_json(Detected(each, p, found.ambiguous)) for each, p in likely]


def detected_json(found: Detected | None) -> dict[str, Any]:
    """A detected language in LibreTranslate's shape; English with no confidence when unknown."""
    if found is None or found.language is None:
        return {"confidence": 0.0, "language": "en"}
    return {"confidence": round(100.0 * found.probability, 1), "language": str(found.language)}

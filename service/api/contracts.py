"""How /openapi.json and /docs describe the routes of LibreTranslate, DeepL and the operator."""

from __future__ import annotations

from typing import Any

Responses = dict[int | str, dict[str, Any]]

LANGUAGE = {"type": "string", "enum": ["ru", "uk", "en"]}
SOURCE = {"type": "string", "enum": ["auto", "ru", "uk", "en"]}
TEXT = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000\ud800-\udfff]+$"}
TEXTS = {
    "oneOf": [TEXT, {"type": "array", "items": {**TEXT, "minLength": 0}, "minItems": 1}],
    "description": "The text, or a list of texts of which each is answered on its own.",
}
API_KEY = {"type": ["string", "null"], "description": "A key, where the server asks for one."}
ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
    "description": "One sentence that says what is wrong and what to do.",
}
MESSAGE = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
}
CONFIDENCE = {
    "type": "object",
    "properties": {
        "confidence": {"type": "number", "minimum": 0, "maximum": 100},
        "language": {"type": "string"},
    },
    "required": ["confidence", "language"],
}


def body(
    properties: dict[str, Any], required: list[str], example: dict[str, Any]
) -> dict[str, Any]:
    """The description of a body that may be JSON or a form."""
    schema = {"type": "object", "properties": properties, "required": required}
    plain = {
        name: TEXT if value is TEXTS else value for name, value in properties.items()
    }  # a form has no lists
    form = {"type": "object", "properties": plain, "required": required}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schema, "example": example},
                "application/x-www-form-urlencoded": {"schema": form},
            },
        }
    }


def answers(
    description: str, schema: dict[str, Any], *refusals: int, error: Any = None
) -> Responses:
    """The description of a good answer and of the refusals that may come instead."""
    told: Responses = {
        200: {"description": description, "content": {"application/json": {"schema": schema}}}
    }
    for status in refusals:
        told[status] = {
            "description": REFUSALS[status],
            "content": {"application/json": {"schema": error or ERROR}},
        }
    return told


REFUSALS = {
    400: "The request is not right; the sentence says what to change.",
    401: "A key is needed.",
    403: "The key is wrong, or does not allow this.",
    404: "There is no such thing.",
    405: "The path does not take this method.",
    408: "The request did not arrive in time.",
    409: "The change contradicts what is stored.",
    413: "The request is too large.",
    415: "The content type is not one that is read here.",
    421: "The host name is not known.",
    429: "Too many calls; Retry-After says when to come again.",
    500: "Parallax itself failed.",
    503: "Busy or not ready; Retry-After says when to come again.",
    504: "It took too long.",
    507: "The disk is full.",
}
COMMON = (400, 403, 408, 413, 429, 503, 504)

TRANSLATE = body(
    {
        "q": TEXTS,
        "source": SOURCE,
        "target": LANGUAGE,
        "format": {"type": "string", "enum": ["text", "html"], "default": "text"},
        "alternatives": {"type": "integer", "minimum": 0, "maximum": 10, "default": 0},
        "api_key": API_KEY,
    },
    ["q", "source", "target"],
    {"q": "Сторони домовилися про припинення вогню.", "source": "auto", "target": "en"},
)
_STRINGS = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
TRANSLATED = answers(
    "The translation, or the list of them.",
    {
        "type": "object",
        "properties": {
            "translatedText": _STRINGS,
            "detectedLanguage": {
                "oneOf": [CONFIDENCE, {"type": "array", "items": CONFIDENCE}],
                "description": "Only when the source is auto.",
            },
            "alternatives": {"type": "array", "items": _STRINGS},
        },
        "required": ["translatedText"],
    },
    *COMMON,
)
DETECT = body({"q": TEXTS, "api_key": API_KEY}, ["q"], {"q": "Президент підписав закон."})
DETECTED = answers(
    "Languages, the most probable first.",
    {"type": "array", "items": CONFIDENCE, "minItems": 1, "maxItems": 3},
    *COMMON,
)
LANGUAGES = answers(
    "Languages there are packages for.",
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "name": {"type": "string"},
                "targets": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["code", "name", "targets"],
        },
    },
)
SETTINGS = answers("What this server allows.", {"type": "object"})
SUGGEST = body(
    {"q": TEXT, "s": TEXT, "source": LANGUAGE, "target": LANGUAGE, "api_key": API_KEY},
    ["q", "s", "source", "target"],
    {
        "q": "Стороны обменялись пленными.",
        "s": "The two sides exchanged prisoners of war.",
        "source": "ru",
        "target": "en",
    },
)
SUGGESTED = answers(
    "It is in the translation memory.",
    {"type": "object", "properties": {"success": {"const": True}}, "required": ["success"]},
    *COMMON,
)
TRANSLATE_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "source": SOURCE,
                        "target": LANGUAGE,
                        "api_key": API_KEY,
                    },
                    "required": ["file", "source", "target"],
                }
            }
        },
    }
}
TRANSLATED_FILE = answers(
    "Where the translated file can be fetched.",
    {
        "type": "object",
        "properties": {"translatedFileUrl": {"type": "string"}},
        "required": ["translatedFileUrl"],
    },
    *COMMON,
)

DOWNLOADED_FILE: Responses = {
    200: {
        "description": "The translated file.",
        "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    },
    404: {
        "description": REFUSALS[404],
        "content": {"application/json": {"schema": ERROR}},
    },
}

_DEEPL_SOURCE = {"type": "string", "enum": ["RU", "UK", "EN"]}
_DEEPL_TARGET = {"type": "string", "enum": ["RU", "UK", "EN", "EN-GB", "EN-US"]}
_TAGS = {"type": "array", "items": {"type": "string"}}
DEEPL_TRANSLATE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "text": {
                            "type": "array",
                            "items": {**TEXT, "minLength": 0},
                            "minItems": 1,
                            "maxItems": 50,
                        },
                        "source_lang": _DEEPL_SOURCE,
                        "target_lang": _DEEPL_TARGET,
                        "tag_handling": {"type": "string", "enum": ["html", "xml"]},
                        "ignore_tags": {
                            **_TAGS,
                            "description": "XML elements whose words come out as they are.",
                        },
                        "splitting_tags": {
                            **_TAGS,
                            "description": "XML elements that begin and end sentences.",
                        },
                        "non_splitting_tags": {
                            **_TAGS,
                            "description": "XML elements that never do.",
                        },
                        "outline_detection": {
                            "type": "boolean",
                            "default": True,
                            "description": "Find out from the text which other elements do.",
                        },
                        "show_billed_characters": {"type": "boolean"},
                    },
                    "required": ["text", "target_lang"],
                },
                "example": {"text": ["Доброе утро."], "target_lang": "EN-GB"},
            }
        },
    }
}
DEEPL_TRANSLATED = answers(
    "One translation per text.",
    {
        "type": "object",
        "properties": {
            "translations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "detected_source_language": {"type": "string"},
                        "text": {"type": "string"},
                        "billed_characters": {"type": "integer"},
                    },
                    "required": ["detected_source_language", "text"],
                },
            }
        },
        "required": ["translations"],
    },
    *COMMON,
    error=MESSAGE,
)
DEEPL_LANGUAGES = answers(
    "Languages in DeepL's codes.",
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"language": {"type": "string"}, "name": {"type": "string"}},
            "required": ["language", "name"],
        },
    },
    400,
    403,
    429,
    error=MESSAGE,
)


READY = answers(
    "The server can work.",
    {
        "type": "object",
        "properties": {"ready": {"type": "boolean"}},
        "required": ["ready"],
    },
)
READY[503] = {**READY[200], "description": "It cannot work yet; the details say why."}
METRICS: Responses = {
    200: {"description": "Figures.", "content": {"text/plain": {"schema": {"type": "string"}}}},
    401: {"description": REFUSALS[401], "content": {"application/json": {"schema": ERROR}}},
    403: {"description": REFUSALS[403], "content": {"application/json": {"schema": ERROR}}},
}

PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "Stable name of the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence that says what to do next."},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"at": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


def problems(*statuses: int) -> Responses:
    """The refusals of a route of `/v1`: those named, and those that any route may give."""
    return {
        status: {
            "description": REFUSALS[status],
            "content": {"application/problem+json": {"schema": PROBLEM}},
        }
        for status in sorted({*statuses, 400, 401, 403, 429, 503, 507})
    }
